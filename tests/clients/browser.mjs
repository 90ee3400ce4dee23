// Debian's chromium, driven without a screen, watched for whatever a page should not do.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

const executablePath = process.env.CAIRN_CHROMIUM ?? "/usr/bin/chromium";
const args = [
  "--headless", "--no-sandbox", "--disable-gpu", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
  "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

export const hasBrowser = () => existsSync(executablePath);
export const openBrowser = () => chromium.launch({ executablePath, args });

/// A page of the server, with what went wrong on it: console errors, exceptions, requests to other hosts, errors of MapLibre.
export async function openPage(browser, url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-GB", ...options });
  const page = await context.newPage();
  const trouble = [];
  page.on("console", (message) => message.type() === "error" && trouble.push(`console: ${message.text()} ${message.location().url}`));
  page.on("pageerror", (error) => trouble.push(`exception: ${error.message}`));
  page.on("request", (request) => {
    const asked = new URL(request.url());
    if (asked.protocol.startsWith("http") && asked.host !== new URL(page.url() === "about:blank" ? url : page.url()).host) trouble.push(`other host: ${request.url()}`);
  });
  await page.exposeFunction("tellTrouble", (text) => trouble.push(text));
  await page.addInitScript(listenToMap);
  await page.goto(url, { waitUntil: "domcontentloaded" });
  return { page, trouble, close: () => context.close() };
}

/// Runs in the page before its own scripts: listens to the map's errors from its first moment.
function listenToMap() {
  let map;
  Object.defineProperty(window, "cairnMap", {
    get: () => map,
    set: (made) => {
      map = made;
      map.on("error", (event) => window.tellTrouble(`map: ${event.error?.message ?? event.type}`));
    },
  });
}

/// Waits until the map stands still with all tiles drawn.
export async function settled(page) {
  await page.waitForFunction(() => window.cairnMap?.loaded() && window.cairnMap.areTilesLoaded() && !window.cairnMap.isMoving(), null, { timeout: 60_000 });
}

/// A screenshot into CAIRN_SCREENSHOTS, when that names a folder.
export async function shoot(page, name) {
  const folder = process.env.CAIRN_SCREENSHOTS;
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) });
}
