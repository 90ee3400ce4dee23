// The Panoramax web viewer, unmodified, browses a running server that CAIRN_URL names: map, picture, next, previous. Its base
// map and presets come from other hosts and are answered here.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import test, { after, before } from "node:test";
import { hasBrowser, openBrowser } from "./browser.mjs";

const url = process.env.CAIRN_URL?.replace(/\/$/, "");
const options = { skip: !url ? "skipped: CAIRN_URL is not set" : !hasBrowser() ? "skipped: no chromium" : false, timeout: 180_000 };
const build = fileURLToPath(new URL("node_modules/@panoramax/web-viewer/build/", import.meta.url));
const types = { ".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml", ".webp": "image/webp", ".json": "application/json" };
const page_html = (endpoint) => `<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="/index.css"><style>html,body,pnx-viewer{margin:0;height:100%;width:100%;display:block;position:relative}</style>
<pnx-viewer id="viewer" endpoint="${endpoint}/api" url-parameters="false"></pnx-viewer><script src="/index.js"></script>`;

let browser, pages, site;
before(async () => {
  if (options.skip) return;
  pages = createServer(async (request, response) => {
    const path = new URL(request.url, "http://x").pathname;
    if (path === "/") return response.writeHead(200, { "content-type": "text/html" }).end(page_html(url));
    const body = await readFile(join(build, normalize(path))).catch(() => null);
    body ? response.writeHead(200, { "content-type": types[extname(path)] ?? "application/octet-stream" }).end(body) : response.writeHead(404).end();
  });
  await new Promise((resolve) => pages.listen(0, "127.0.0.1", resolve));
  site = `http://127.0.0.1:${pages.address().port}`;
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  pages?.close();
});

/// Everything from other hosts: an empty style, empty lists.
async function stubOthers(page) {
  const known = [new URL(url).host, new URL(site).host];
  await page.route((asked) => asked.protocol.startsWith("http") && !known.includes(asked.host), (route) => {
    const asked = route.request().url();
    if (asked.includes("style") || asked.endsWith(".json")) return route.fulfill({ json: { version: 8, sources: {}, layers: [], glyphs: "", sprite: undefined } });
    return route.fulfill({ status: 404, headers: { "access-control-allow-origin": "*" }, body: "" });
  });
}

/// A collection with three pictures at least, and its items in order.
async function someDrive() {
  const { collections } = await (await fetch(`${url}/api/collections`)).json();
  for (const collection of collections) {
    const { features } = await (await fetch(`${url}/api/collections/${collection.id}/items`)).json();
    if (features.length >= 3) return { sequence: collection.id, items: features };
  }
  assert.fail("the server has no drive of three pictures");
}

test("the viewer shows map and picture, and steps to the next and the previous one", options, async () => {
  const { sequence, items } = await someDrive();
  const page = await (await browser.newContext({ viewport: { width: 1200, height: 800 }, locale: "en-GB" })).newPage();
  const failed = [];
  const asked = [];
  page.on("response", (response) => {
    if (!response.url().startsWith(url)) return;
    asked.push(new URL(response.url()).pathname);
    if (response.status() >= 400) failed.push(`${response.status()} ${response.url()}`);
  });
  await stubOthers(page);
  await page.goto(site, { waitUntil: "load" });
  await page.waitForFunction(() => document.getElementById("viewer")?.onceReady, null, { timeout: 60_000 });
  await page.evaluate(() => document.getElementById("viewer").onceReady());

  const step = async (action, wanted) => {
    await page.evaluate(action.run, action.with);
    await page.waitForFunction((id) => document.getElementById("viewer").psv?.getPictureMetadata?.()?.id === id, wanted, { timeout: 60_000 });
  };
  await step({ run: ([collection, picture]) => document.getElementById("viewer").select(collection, picture), with: [sequence, items[1].id] }, items[1].id);
  await step({ run: () => document.getElementById("viewer").psv.goToNextPicture() }, items[2].id);
  await step({ run: () => document.getElementById("viewer").psv.goToPrevPicture() }, items[1].id);
  assert.ok(asked.includes("/api/map/style.json"), "it took our style");
  assert.ok(asked.some((path) => /^\/api\/map\/\d+\/\d+\/\d+\.mvt$/.test(path)), `it took our tiles: ${asked.filter((path) => path.includes("map"))}`);
  assert.ok(asked.some((path) => path.endsWith("/sd.jpg")), "it took our pictures");
  assert.deepEqual(failed, []);
});
