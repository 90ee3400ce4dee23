// stac-node-validator on what a running server (CAIRN_URL) serves: catalogue, collections, items. Schemas come from the folder
// CAIRN_STAC_SCHEMAS (pystac 1.10.1's); it asks no other host.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import validate from "stac-node-validator";

const url = process.env.CAIRN_URL?.replace(/\/$/, "");
const schemas = process.env.CAIRN_STAC_SCHEMAS;
const options = { skip: !url ? "skipped: CAIRN_URL is not set" : !schemas ? "skipped: CAIRN_STAC_SCHEMAS names no folder of schemas" : false };
const get = async (path) => (await fetch(url + path)).json();

/// Schemas of STAC itself and of GeoJSON are there; those of extensions are taken as "anything".
async function local(uri) {
  const path = new URL(uri).pathname;
  if (uri.includes("schemas.stacspec.org")) return JSON.parse(await readFile(join(schemas, "stac-spec", path.split("/")[1], path.split("/").pop())));
  if (uri.includes("geojson.org")) return JSON.parse(await readFile(join(schemas, "geojson", path.split("/").pop())));
  return { $schema: "http://json-schema.org/draft-07/schema#", $id: uri, type: "object" };
}

test("catalogue, collections and items are valid STAC 1.0.0", options, async () => {
  const { collections } = await get("/api/collections");
  assert.ok(collections.length > 0);
  const { features } = await get(`/api/collections/${collections[0].id}/items?limit=3`);
  const objects = [await get("/api"), ...collections.slice(0, 3), await get(`/api/collections/${collections[0].id}`), ...features, await get(`/api/pictures/${features[0].id}`)];
  for (const object of objects) {
    const report = await validate(object, { loader: local });
    assert.ok(report.valid, `${object.type} ${object.id}: ${JSON.stringify(report.results, null, 1)}`);
  }
});
