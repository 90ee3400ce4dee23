// Reads an archive by ranges over HTTP with npm's pmtiles. CAIRN_ARCHIVE_URL is where `cairn tiles serve` serves it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { VectorTile } from "@mapbox/vector-tile";
import { PbfReader } from "pbf";
import { PMTiles } from "pmtiles";

const url = process.env.CAIRN_ARCHIVE_URL;
if (!url) console.log("skipped: CAIRN_ARCHIVE_URL names no archive");

test("header, metadata and a tile come by ranges, with one ETag", { skip: url ? false : "skipped" }, async () => {
  const archive = new PMTiles(url);
  const header = await archive.getHeader();
  assert.equal(header.maxZoom, 10);
  assert.match(header.etag, /^"[0-9a-f]+"$/);
  assert.equal((await archive.getMetadata()).vector_layers.length, 1);
  const { layers } = new VectorTile(new PbfReader(new Uint8Array((await archive.getZxy(0, 0, 0)).data)));
  assert.equal(Object.values(layers)[0].length, 2, "both places; the road between them is too short to show at zoom 0");
  assert.equal(await archive.getZxy(10, 0, 0), undefined);
});
