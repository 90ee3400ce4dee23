// Draws a font's letters as signed distance fields, in files of 256 code points, as map styles take them: node tools/glyphs.mjs FOLDER
// They are drawn four times as large as they are kept, since a distance field is only as good as what it is measured in.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import TinySDF from "@mapbox/tiny-sdf";
import { createCanvas, GlobalFonts } from "@napi-rs/canvas";
import { PbfWriter } from "pbf";

const stack = "Noto Sans Regular";
const subsets = ["latin", "latin-ext", "greek", "cyrillic", "vietnamese"];
const ascender = 26; // of this font, at the 24 pixels that glyphs are kept in
const scale = 4;
const border = 3;

class Drawing extends TinySDF {
  _createCanvas(size) { return createCanvas(size, size); }
}

const fonts = dirname(createRequire(import.meta.url).resolve("@fontsource/noto-sans/package.json"));

/// [first, last] of each part of "U+0000-00FF,U+0131".
const ranges = (text) => text.split(",").map((part) => part.trim().slice(2).split("-").map((end) => parseInt(end, 16))).map(([first, last]) => [first, last ?? first]);

/// The glyph at a fourth of its size: pixels lie on the grid of whole pixels from the letter's origin, each the mean of the four around its middle.
function shrunk(large) {
  const buffer = (large.width - large.glyphWidth) / 2;
  const left = Math.floor(large.glyphLeft / scale), right = Math.ceil((large.glyphLeft + large.glyphWidth) / scale);
  const top = Math.ceil(large.glyphTop / scale), bottom = Math.floor((large.glyphTop - large.glyphHeight) / scale);
  const wide = right - left + 2 * border, high = top - bottom + 2 * border;
  const at = (x, y) => (x < 0 || y < 0 || x >= large.width || y >= large.height ? 0 : large.data[y * large.width + x]);
  const bitmap = new Uint8Array(wide * high);
  for (let j = 0; j < high; ++j) {
    for (let i = 0; i < wide; ++i) {
      const x = scale * (left + i - border) + scale / 2 - large.glyphLeft + buffer;
      const y = large.glyphTop - scale * (top - j + border) + scale / 2 + buffer;
      bitmap[j * wide + i] = Math.round((at(x - 1, y - 1) + at(x, y - 1) + at(x - 1, y) + at(x, y)) / 4);
    }
  }
  return { bitmap, left, top: top - ascender, width: right - left, height: top - bottom };
}

/// All glyphs of the font, by code point.
function drawAll() {
  const unicode = JSON.parse(readFileSync(join(fonts, "unicode.json"), "utf8"));
  const glyphs = new Map();
  for (const subset of subsets) {
    const family = `Glyphs ${subset}`;
    if (!GlobalFonts.registerFromPath(join(fonts, "files", `noto-sans-${subset}-400-normal.woff2`), family)) throw new Error(`the font has no ${subset}`);
    const drawing = new Drawing({ fontSize: 24 * scale, fontFamily: `"${family}"`, buffer: 16, radius: 8 * scale, cutoff: 0.25 });
    for (const [first, last] of ranges(unicode[subset])) {
      for (let code = Math.max(first, 32); code <= Math.min(last, 0xffff); ++code) {
        if (glyphs.has(code) || (code >= 0x7f && code < 0xa0)) continue;
        const large = drawing.draw(String.fromCodePoint(code));
        glyphs.set(code, { id: code, ...(large.glyphWidth > 0 ? shrunk(large) : { width: 0, height: 0, left: 0, top: 0 }), advance: Math.round(large.glyphAdvance / scale) });
      }
    }
  }
  return glyphs;
}

function writeGlyph(glyph, pbf) {
  pbf.writeVarintField(1, glyph.id);
  if (glyph.bitmap) pbf.writeBytesField(2, glyph.bitmap);
  pbf.writeVarintField(3, glyph.width);
  pbf.writeVarintField(4, glyph.height);
  pbf.writeSVarintField(5, glyph.left);
  pbf.writeSVarintField(6, glyph.top);
  pbf.writeVarintField(7, glyph.advance);
}

function writeStack({ name, glyphs }, pbf) {
  pbf.writeStringField(1, stack);
  pbf.writeStringField(2, name);
  for (const glyph of glyphs) pbf.writeMessage(3, writeGlyph, glyph);
}

const folder = join(process.argv[2], stack);
mkdirSync(folder, { recursive: true });
const files = new Map();
for (const glyph of [...drawAll().values()].sort((a, b) => a.id - b.id)) {
  const page = glyph.id >> 8;
  if (!files.has(page)) files.set(page, []);
  files.get(page).push(glyph);
}
for (const [page, glyphs] of files) {
  const name = `${page * 256}-${page * 256 + 255}`;
  const pbf = new PbfWriter();
  pbf.writeMessage(1, writeStack, { name, glyphs });
  writeFileSync(join(folder, `${name}.pbf`), pbf.finish());
}
