// The map page in a real browser, on a running server with published pictures: CAIRN_URL says where. Screenshots of every step go to the folder
// CAIRN_SCREENSHOTS.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { hasBrowser, openBrowser, openPage, settled, shoot } from "./browser.mjs";

const url = process.env.CAIRN_URL?.replace(/\/?$/, "/");
const reason = !url ? "skipped: CAIRN_URL names no running server" : !hasBrowser() ? "skipped: there is no chromium" : null;
if (reason) console.log(reason);
const options = { skip: reason ?? false, timeout: 120_000 };
const api = async (path) => (await fetch(new URL(path, url))).json();

let browser;
before(async () => {
  if (!reason) browser = await openBrowser();
});
after(() => browser?.close());

/// The newest ready drive with at least two pictures, and its first items.
async function someDrive() {
  const { collections } = await api("api/collections?limit=1000");
  const drive = collections.find((one) => one["geovisio:status"] === "ready" && one["stats:items"].count > 1);
  assert.ok(drive, "the server has a ready drive of two pictures or more");
  const { features } = await api(`api/collections/${drive.id}/items?limit=10`);
  return { drive, items: features };
}

const drawn = (page, layer) => page.evaluate((id) => window.cairnMap.queryRenderedFeatures({ layers: [id] }).length, layer);

/// Waits until the page has shown the status and gone to the data by itself; before that it would go there after the test moved the map.
async function opened(page) {
  await page.waitForFunction(() => document.querySelector(".totals b") && window.cairnMap.getZoom() > 2, null, { timeout: 30_000 });
}

async function goTo(page, [lng, lat], zoom) {
  await page.evaluate(([center, to]) => window.cairnMap.jumpTo({ center, zoom: to }), [[lng, lat], zoom]);
  await settled(page);
}

/// Where a place of the map is on the screen.
const onScreen = (page, [lng, lat]) => page.evaluate((at) => ({ ...window.cairnMap.project(at) }), [lng, lat]);

const pictureIsShown = (page) =>
  page.waitForFunction(() => { const image = document.querySelector("#viewer img"); return image?.complete && image.naturalWidth > 0; }, null, { timeout: 30_000 });

test("the map shows drives, coverage and pictures, and a click on a picture opens it with its neighbours", options, async () => {
  const { items } = await someDrive();
  const { page, trouble, close } = await openPage(browser, url);
  await opened(page);
  await settled(page);
  await shoot(page, "1-overview");
  assert.ok(await page.evaluate(() => window.cairnMap.isSourceLoaded("cairn")), "the source is loaded");

  const at = items[0].geometry.coordinates;
  await goTo(page, at, 17);
  await shoot(page, "2-street");
  for (const layer of ["sequences", "coverage", "frames"]) assert.ok((await drawn(page, layer)) > 0, `something of ${layer} is drawn`);

  const { x, y } = await onScreen(page, at);
  await page.mouse.click(x, y);
  await pictureIsShown(page);
  const first = await page.getAttribute("#viewer img", "src");
  assert.match(first, /\/api\/pictures\/[0-9a-z-]+\/sd\.jpg$/);
  await shoot(page, "3-picture");

  const next = page.getByRole("button", { name: /^Next picture/ });
  const direction = (await next.isEnabled()) ? "ArrowRight" : "ArrowLeft";
  await page.keyboard.press(direction);
  await page.waitForFunction((before) => document.querySelector("#viewer img").getAttribute("src") !== before, first, { timeout: 30_000 });
  await pictureIsShown(page);
  await settled(page);
  await shoot(page, "4-neighbour");
  await page.keyboard.press("Escape");
  assert.ok(await page.locator("#viewer").isHidden(), "Esc closes the picture");
  assert.deepEqual(trouble, []);
  await close();
});

test("the panel says what is on the map, and each reason for which something was refused", options, async () => {
  const status = await api("api/status");
  const { page, trouble, close } = await openPage(browser, url);
  await opened(page);
  const shown = await page.locator("#panel").innerText();
  assert.match(shown, /pictures/);
  for (const refusal of status.refusals) {
    const entry = await page.locator(`#refusals [data-code="${refusal.code}"]`).innerText();
    assert.ok(entry.includes(refusal.sentence), `the sentence of ${refusal.code} is shown`);
    assert.ok(entry.includes(String(refusal.count)), `the number of ${refusal.code} is shown`);
  }
  assert.ok(shown.includes(status.attribution), "the attribution is shown");
  const { collections } = await api("api/collections?limit=1000");
  const ready = collections.filter((drive) => drive["geovisio:status"] === "ready").sort((a, b) => b.created.localeCompare(a.created));
  const drives = await page.locator(".drives button span").allInnerTexts();
  assert.deepEqual(drives, ready.slice(0, drives.length).map((drive) => drive.title), "the newest drives come first");
  assert.equal(drives.length, Math.min(5, ready.length));
  assert.deepEqual(trouble, []);
  await close();
});

test("a feature on the map tells its class, accuracy and evidence", options, async (t) => {
  const { features } = await api("api/features?limit=10");
  if (features.length === 0) return t.skip("the server has no feature");
  const { page, trouble, close } = await openPage(browser, url);
  await opened(page);
  const at = features[0].geometry.coordinates;
  await goTo(page, at, 18);
  assert.ok((await drawn(page, "features")) > 0, "something of features is drawn");
  const { x, y } = await onScreen(page, at);
  await page.mouse.click(x, y);
  const popup = page.locator(".maplibregl-popup");
  await popup.waitFor();
  await page.waitForTimeout(300);
  await shoot(page, "5-feature");
  assert.match(await popup.innerText(), /Place within/);
  assert.deepEqual(trouble, []);
  await close();
});

test("on a phone in the dark the page fits its screen", options, async () => {
  const { items } = await someDrive();
  const phone = { viewport: { width: 390, height: 780 }, colorScheme: "dark", hasTouch: true, isMobile: true, deviceScaleFactor: 2 };
  const { page, trouble, close } = await openPage(browser, `${url}#picture=${items[0].id}`, phone);
  await pictureIsShown(page);
  await settled(page);
  await shoot(page, "6-phone-picture");
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing is wider than the screen");
  await page.keyboard.press("Escape");
  await shoot(page, "7-phone");
  await page.locator(".panel-body > summary").click();
  await shoot(page, "8-phone-panel");
  assert.deepEqual(trouble, []);
  await close();
});

test("layers can be switched off, also across a change from light to dark", options, async () => {
  const { items } = await someDrive();
  const { page, trouble, close } = await openPage(browser, url);
  await opened(page);
  await goTo(page, items[0].geometry.coordinates, 17);
  await page.getByRole("checkbox", { name: "Road seen" }).uncheck();
  await settled(page);
  assert.equal(await drawn(page, "coverage"), 0);
  const ground = () => page.evaluate(() => window.cairnMap.getPaintProperty("ground", "background-color"));
  const before = await ground();
  await page.emulateMedia({ colorScheme: "dark" });
  await page.waitForFunction((light) => window.cairnMap.getPaintProperty("ground", "background-color") !== light, before, { timeout: 10_000 });
  await settled(page);
  assert.equal(await drawn(page, "coverage"), 0, "what was off stays off");
  assert.ok((await drawn(page, "sequences")) > 0);
  await shoot(page, "10-dark");
  assert.deepEqual(trouble, []);
  await close();
});

/// The colours of a picture's pixels, as "#rrggbb".
const coloursOf = (page, bytes) => page.evaluate(async (base64) => {
  const picture = await createImageBitmap(new Blob([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))]));
  const canvas = Object.assign(document.createElement("canvas"), { width: picture.width, height: picture.height });
  const context = canvas.getContext("2d");
  context.drawImage(picture, 0, 0);
  const { data } = context.getImageData(0, 0, picture.width, picture.height);
  const colours = new Set();
  for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 0) colours.add(`#${[...data.slice(i, i + 3)].map((part) => part.toString(16).padStart(2, "0")).join("")}`);
  return [...colours];
}, Buffer.from(bytes).toString("base64"));

test("when road was last seen shows on demand, with a legend that has the colours of the tiles", options, async () => {
  const { items } = await someDrive();
  const { page, trouble, close } = await openPage(browser, url);
  const asked = [];
  page.on("request", (request) => request.url().includes("/tiles/coverage") && asked.push(new URL(request.url()).pathname));
  await opened(page);
  await goTo(page, items[0].geometry.coordinates, 14);
  const box = page.getByRole("checkbox", { name: "When road was last seen" });
  assert.equal(await box.isChecked(), false);
  assert.deepEqual(asked, [], "what nobody looks at is not loaded");

  await box.check();
  const parts = page.locator(".legend .strip i");
  await parts.first().waitFor();
  await settled(page);
  await shoot(page, "11-freshness");
  assert.ok(asked.some((path) => /\/tiles\/coverage\/\d+\/\d+\/\d+\.png$/.test(path)), `it took the pictures: ${asked}`);
  const { cairn_legend: legend } = await api("tiles/coverage.json");
  assert.ok((await parts.count()) > 0 && (await parts.count()) <= legend.length);
  const told = new Set(legend.map((entry) => entry.colour));
  const colours = await coloursOf(page, await (await fetch(new URL("tiles/coverage/0/0/0.png", url))).arrayBuffer());
  assert.ok(colours.length > 0, "the world shows road");
  assert.deepEqual(colours.filter((colour) => !told.has(colour)), []);

  await page.emulateMedia({ colorScheme: "dark" });
  await settled(page);
  assert.equal(await box.isChecked(), true, "what was on stays on");
  assert.ok(await page.locator(".legend").isVisible());
  await box.uncheck();
  assert.ok(await page.locator(".legend").isHidden());
  assert.deepEqual(trouble, []);
  await close();
});

test("the operator's own archive shows on demand, below the drives and in its own colours", options, async (t) => {
  const { archives } = await api("tiles");
  const ground = archives.find((one) => one.name === "ground");
  if (!ground) return t.skip("the server has no archive 'ground'");
  const { items } = await someDrive();
  const { page, trouble, close } = await openPage(browser, url);
  const asked = [];
  page.on("request", (request) => request.url().includes("/tiles/ground") && asked.push(new URL(request.url()).pathname));
  await opened(page);
  await goTo(page, items[0].geometry.coordinates, 16);
  const box = page.getByRole("checkbox", { name: ground.title });
  await box.waitFor();
  assert.equal(await box.isChecked(), false);
  assert.deepEqual(asked, [], "what nobody looks at is not loaded");

  const isOnMap = () => page.evaluate(() => !!window.cairnMap.getLayer("archive:ground"));
  await box.check();
  await page.waitForFunction(() => window.cairnMap.getLayer("archive:ground"));
  await settled(page);
  await shoot(page, "12-ground");
  assert.ok(asked.some((path) => /\/tiles\/ground\/\d+\/\d+\/\d+\.png$/.test(path)), `it took the pictures: ${asked}`);
  const order = await page.evaluate(() => window.cairnMap.getStyle().layers.map(({ id }) => id));
  assert.ok(order.indexOf("ground") < order.indexOf("archive:ground") && order.indexOf("archive:ground") < order.indexOf("coverage"));
  assert.ok((await coloursOf(page, await page.screenshot())).includes("#c86432"), "the ground is on the screen, in its colour");
  assert.ok((await drawn(page, "sequences")) > 0, "the drives are still there");

  await page.emulateMedia({ colorScheme: "dark" });
  await settled(page);
  assert.ok((await box.isChecked()) && (await isOnMap()), "what was on stays on");
  await box.uncheck();
  await page.waitForFunction(() => !window.cairnMap.getLayer("archive:ground"));
  assert.deepEqual(trouble, []);
  await close();
});

test("the map draws the features and pictures that the API counts there, no more and no fewer", options, async () => {
  const { items } = await someDrive();
  const { page, trouble, close } = await openPage(browser, url);
  await opened(page);
  await goTo(page, items[0].geometry.coordinates, 17);
  const drawnIds = (layer) => page.evaluate((id) => [...new Set(window.cairnMap.queryRenderedFeatures({ layers: [id] }).map((one) => one.properties.id))], layer);
  /// Around the middle of the screen, so many screens wide and high.
  const around = (screens) => page.evaluate((size) => {
    const [west, south, east, north] = window.cairnMap.getBounds().toArray().flat();
    const [x, y, w, h] = [(west + east) / 2, (south + north) / 2, ((east - west) * size) / 2, ((north - south) * size) / 2];
    return [x - w, y - h, x + w, y + h].join();
  }, screens);
  for (const [layer, path] of [["features", "api/features"], ["frames", "api/search"]]) {
    const ids = async (screens) => (await api(`${path}?limit=1000&bbox=${await around(screens)}`)).features.map((one) => one.id);
    const shown = await drawnIds(layer), [inside, about] = [await ids(0.95), await ids(1.1)];
    assert.deepEqual(inside.filter((id) => !shown.includes(id)), [], `${layer} that are there are drawn`);
    assert.deepEqual(shown.filter((id) => !about.includes(id)), [], `${layer} that are drawn are there`);
    if (layer === "frames") assert.ok(inside.length > 0);
  }
  assert.deepEqual(trouble, []);
  await close();
});

test("a server without pictures says that there is nothing yet", options, async () => {
  const { page, close } = await openPage(browser, "about:blank");
  await page.route("**/api/status", (route) => route.fulfill({ json: { totals: { published: 0, sequences: 0 }, refusals: [] } }));
  await page.goto(url, { waitUntil: "domcontentloaded" });
  await page.getByText("Nothing on the map yet").waitFor({ timeout: 30_000 });
  await close();
});

test("when the API is down, the page says so in a sentence and stays", options, async () => {
  const { page, close } = await openPage(browser, "about:blank");
  await page.route("**/api/**", (route) => route.fulfill({ status: 503, body: "" }));
  await page.route("**/tiles/map.json", (route) => route.fulfill({ status: 404, body: "" }));
  await page.goto(url, { waitUntil: "domcontentloaded" });
  await page.waitForFunction(() => document.querySelector("#panel .trouble")?.textContent, null, { timeout: 30_000 });
  await shoot(page, "9-down");
  assert.match(await page.locator("#panel .trouble").first().innerText(), /busy/);
  assert.ok(await page.locator("#map canvas").isVisible());
  await close();
});
