// panoramax-js (the library of MapComplete), unmodified, against a running server that CAIRN_URL names: uploads with the token
// in CAIRN_TOKEN two pictures of the folder CAIRN_DRIVE, finds and tags them, reports one.
import assert from "node:assert/strict";
import { openAsBlob } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import test from "node:test";
import panoramaxJs from "panoramax-js";

const { Panoramax, AuthorizedPanoramax } = panoramaxJs;
const { CAIRN_URL: url, CAIRN_TOKEN: token, CAIRN_DRIVE: drive } = process.env;
const options = url && token && drive ? {} : { skip: "skipped: CAIRN_URL, CAIRN_TOKEN and CAIRN_DRIVE are not set" };

async function pictures(count) {
  const names = (await readdir(drive)).filter((name) => name.endsWith(".jpg")).sort().slice(0, count);
  return Promise.all(names.map(async (name) => new File([await openAsBlob(join(drive, name))], basename(name), { type: "image/jpeg" })));
}

async function until(what, condition) {
  for (const end = Date.now() + 120_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 500))) {
    const found = await condition();
    if (found) return found;
  }
  assert.fail(`waited in vain for ${what}`);
}

test("pictures are appended to a collection, found, tagged and reported", options, async () => {
  const reader = new Panoramax(url);
  const writer = new AuthorizedPanoramax(url, token);
  const collection = await writer.createCollection("sent by panoramax-js");
  assert.equal(collection.title, "sent by panoramax-js");

  const files = await pictures(2);
  const sent = [];
  for (const file of files) sent.push(await writer.appendImage(file, collection.id));
  assert.ok(sent.every((item) => Panoramax.isId(item.id)));
  assert.notEqual(sent[0].id, sent[1].id);

  const ready = await until("the second picture", async () => {
    const item = await reader.imageInfo(sent[1].id, collection.id).catch(() => null);
    return item?.properties["geovisio:status"] === "ready" && item;
  });
  const [lon, lat] = ready.geometry.coordinates;
  const found = await reader.search({ bbox: [lon - 1e-4, lat - 1e-4, lon + 1e-4, lat + 1e-4], limit: 100 });
  assert.ok(found.some((item) => item.id === ready.id), "a search around its place finds it");
  assert.deepEqual((await reader.search({ ids: [ready.id] })).map((item) => item.id), [ready.id]);
  assert.equal((await fetch(ready.assets.sd.href)).status, 200);

  const tagged = await writer.setPictureTags(ready, { "osm|amenity": "bench" });
  assert.deepEqual(tagged.properties.semantics, [{ key: "osm|amenity", value: "bench" }]);
  assert.ok((await writer.mySequences()).some((sequence) => sequence.id === collection.id));

  const all = [];
  for await (const sequence of reader.sequences()) all.push(sequence.id);
  assert.ok(all.includes(collection.id));

  const report = await reader.report({ issue: "blur_missing", picture_id: ready.id, reporter_comments: "a face" });
  assert.equal(report.status, "open_autofix");
  assert.deepEqual(await reader.search({ ids: [ready.id] }), [], "what was reported is hidden");
});
