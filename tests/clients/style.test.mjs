// The styles that a running server gives out, its icons and its letters: CAIRN_URL says where. The validator is that of the style specification.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { validateStyleMin } from "@maplibre/maplibre-gl-style-spec";
import { PbfReader } from "pbf";
import { hasBrowser, openBrowser, openPage, settled, shoot } from "./browser.mjs";

const url = process.env.CAIRN_URL?.replace(/\/?$/, "/");
const reason = url ? null : "skipped: CAIRN_URL names no running server";
const inBrowser = reason ?? (hasBrowser() ? null : "skipped: there is no chromium");
if (inBrowser) console.log(inBrowser);
const options = { skip: reason ?? false, timeout: 120_000 };
const styles = ["style.json", "style-dark.json", "api/map/style.json"];
const get = async (path) => {
  const answer = await fetch(new URL(path, url));
  assert.equal(answer.status, 200, path);
  return answer;
};

let browser;
before(async () => {
  if (!inBrowser) browser = await openBrowser();
});
after(() => browser?.close());

test("every style is valid by the style specification", options, async () => {
  for (const path of styles) assert.deepEqual(validateStyleMin(await (await get(path)).json()).map((error) => error.message), [], path);
});

/// What ["match", input, label, value, …, otherwise] can give.
const valuesOf = (match) => match.slice(3).filter((_, i, rest) => i % 2 === 0 || i === rest.length - 1);

test("every icon that a style asks for is in the sprite, in both resolutions", options, async () => {
  for (const path of styles.slice(0, 2)) {
    const style = await (await get(path)).json();
    const wanted = style.layers.flatMap((layer) => (layer.layout?.["icon-image"] ? valuesOf(layer.layout["icon-image"]) : []));
    assert.ok(wanted.length > 0);
    for (const ratio of ["", "@2x"]) {
      const index = await (await get(`${style.sprite}${ratio}.json`)).json();
      for (const name of wanted) assert.ok(index[name], `${name} is in the sprite`);
      const png = new DataView(await (await get(`${style.sprite}${ratio}.png`)).arrayBuffer());
      for (const { x, y, width, height } of Object.values(index)) assert.ok(x + width <= png.getUint32(16) && y + height <= png.getUint32(20), "icons lie in the picture");
    }
  }
});

/// The glyphs of a range: id -> {bitmap, width, height, left, top, advance}.
function glyphsOf(bytes) {
  const glyphs = new Map();
  const readGlyph = (tag, glyph, pbf) => {
    if (tag === 2) glyph.bitmap = pbf.readBytes();
    else if (tag === 5 || tag === 6) glyph[tag === 5 ? "left" : "top"] = pbf.readSVarint();
    else glyph[{ 1: "id", 3: "width", 4: "height", 7: "advance" }[tag]] = pbf.readVarint();
  };
  const readStack = (tag, stack, pbf) => {
    if (tag === 3) {
      const glyph = pbf.readMessage(readGlyph, {});
      glyphs.set(glyph.id, glyph);
    }
  };
  new PbfReader(bytes).readFields((tag, _, pbf) => tag === 1 && pbf.readMessage(readStack, {}), {});
  return glyphs;
}

test("letters are distance fields of the size that they tell, standing on one line", options, async () => {
  const style = await (await get("style.json")).json();
  const range = async (name) => glyphsOf(new Uint8Array(await (await get(style.glyphs.replace("{fontstack}", "Noto Sans Regular").replace("{range}", name))).arrayBuffer()));
  const latin = await range("0-255");
  for (const letter of "AHxz09-éß") {
    const glyph = latin.get(letter.codePointAt(0));
    assert.ok(glyph, `${letter} is there`);
    assert.equal(glyph.bitmap.length, (glyph.width + 6) * (glyph.height + 6));
    assert.ok(Math.max(...glyph.bitmap) > 192 && glyph.bitmap[0] < 192, `${letter} has an inside and an outside`);
    assert.ok(glyph.advance > 4 && glyph.advance < 24);
  }
  const foot = (letter) => { const { top, height } = latin.get(letter.codePointAt(0)); return top - height; };
  assert.equal(foot("H"), foot("x"));
  assert.equal(latin.get(32).bitmap, undefined, "a space has nothing to draw");
  assert.ok((await range("1024-1279")).has("Ж".codePointAt(0)));
  assert.equal((await range("19968-20223")).size, 0);
});

test("a browser draws each style without an error", { ...options, skip: inBrowser ?? false }, async () => {
  const { features } = await (await get("api/features?limit=1")).json();
  const at = features[0]?.geometry.coordinates ?? (await (await get("tiles/map.json")).json()).center.slice(0, 2);
  const { page, trouble, close } = await openPage(browser, url);
  await page.waitForFunction(() => window.cairnMap?.loaded(), null, { timeout: 30_000 });
  for (const path of styles) {
    await page.evaluate(([style, center]) => {  // a map of its own: the page's has layers of its own to look after
      const container = Object.assign(document.createElement("div"), { style: "position: fixed; inset: 0; z-index: 99" });
      document.body.append(container);
      window.cairnMap = new window.cairnMap.constructor({ container, style, center, zoom: 18 });
    }, [new URL(path, url).href, at]);
    await settled(page);
    await shoot(page, path.replaceAll("/", "-"));
    const drawn = await page.evaluate(() => Object.fromEntries(Object.entries(Object.groupBy(window.cairnMap.queryRenderedFeatures(), (one) => one.layer.id)).map(([id, all]) => [id, all.length])));
    if (path.startsWith("api/")) continue;
    for (const layer of ["sequences", "sequence-dates", ...(features.length > 0 ? ["feature-icons", "feature-names"] : [])]) assert.ok(drawn[layer] > 0, `something of ${layer} is drawn in ${path}`);
  }
  assert.deepEqual(trouble, []);
  await close();
});
