// Draws sprites/*.svg into one picture per resolution, as map styles take them: node tools/sprites.mjs FOLDER
// Each icon comes twice: "sign", in white, for dark ground; "sign-dark", in near black, for light ground.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { createCanvas, loadImage } from "@napi-rs/canvas";

const folder = process.argv[2];
const source = join(import.meta.dirname, "../sprites");
const side = 16;

const icons = readdirSync(source).filter((name) => name.endsWith(".svg")).sort().flatMap((file) => {
  const name = basename(file, ".svg");
  const svg = readFileSync(join(source, file), "utf8");
  return [[name, svg], [`${name}-dark`, svg.replaceAll("#fff", "#14181d")]];
});

/// Twice as large for screens of twice the density.
async function draw(pixelRatio) {
  const step = side * pixelRatio;
  const canvas = createCanvas(step * icons.length, step);
  const index = {};
  for (const [i, [name, svg]] of icons.entries()) {
    const scaled = svg.replace(`width="${side}" height="${side}"`, `width="${step}" height="${step}"`);
    canvas.getContext("2d").drawImage(await loadImage(Buffer.from(scaled)), i * step, 0, step, step);
    index[name] = { x: i * step, y: 0, width: step, height: step, pixelRatio };
  }
  const stem = join(folder, pixelRatio === 1 ? "cairn" : `cairn@${pixelRatio}x`);
  writeFileSync(`${stem}.json`, JSON.stringify(index));
  writeFileSync(`${stem}.png`, canvas.toBuffer("image/png"));
}

mkdirSync(folder, { recursive: true });
await draw(1);
await draw(2);
