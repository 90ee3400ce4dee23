// Reads an archive of the set `map` with the packages that web maps read it with. CAIRN_PMTILES is a file that `cairn tiles export` wrote.
import assert from "node:assert/strict";
import { open } from "node:fs/promises";
import { test } from "node:test";
import { VectorTile } from "@mapbox/vector-tile";
import { PbfReader } from "pbf";
import { PMTiles, TileType, tileIdToZxy } from "pmtiles";

const file = process.env.CAIRN_PMTILES;
if (!file) console.log("skipped: CAIRN_PMTILES names no archive");
const options = { skip: file ? false : "skipped: CAIRN_PMTILES names no archive" };
const known = new Set(["features", "coverage", "sequences", "frames"]);

class HandleSource {
  constructor(handle) { this.handle = handle; }
  getKey() { return file; }
  async getBytes(offset, length) {
    const { buffer, bytesRead } = await this.handle.read(new Uint8Array(length), 0, length, offset);
    return { data: buffer.buffer.slice(0, bytesRead) };
  }
}

/// Every tile that the archive's directories name.
async function tilesOf(archive, header, offset = header.rootDirectoryOffset, length = header.rootDirectoryLength) {
  const tiles = [];
  for (const entry of await archive.cache.getDirectory(archive.source, offset, length, header)) {
    if (entry.runLength === 0) tiles.push(...(await tilesOf(archive, header, header.leafDirectoryOffset + entry.offset, entry.length)));
    for (let i = 0; i < entry.runLength; ++i) tiles.push(tileIdToZxy(entry.tileId + i));
  }
  return tiles;
}

test("header, bounds and every tile of the archive are read by the packages of web maps", options, async () => {
  const handle = await open(file);
  try {
    const archive = new PMTiles(new HandleSource(handle));
    const header = await archive.getHeader();
    assert.equal(header.tileType, TileType.Mvt);
    assert.deepEqual([header.minZoom >= 0, header.maxZoom <= 14], [true, true]);
    assert.ok(header.minLon < header.maxLon && header.minLat < header.maxLat, "the bounds hold an area");
    assert.ok(header.minLon >= -180 && header.maxLon <= 180 && header.minLat >= -90 && header.maxLat <= 90);

    const told = new Set((await archive.getMetadata()).vector_layers.map((layer) => layer.id));
    const tiles = await tilesOf(archive, header);
    assert.equal(tiles.length, header.numAddressedTiles);
    assert.ok(tiles.length > 0, "the archive has tiles");
    for (const [z, x, y] of tiles) await checkTile(await archive.getZxy(z, x, y), `${z}/${x}/${y}`, told);
  } finally {
    await handle.close();
  }
});

async function checkTile(answer, name, told) {
  assert.ok(answer, `${name} is there`);
  const { layers } = new VectorTile(new PbfReader(new Uint8Array(answer.data)));
  assert.ok(Object.keys(layers).length > 0, `${name} has a layer`);
  for (const layer of Object.values(layers)) {
    assert.ok(known.has(layer.name) && told.has(layer.name), `${name} has only layers that are known and told: ${layer.name}`);
    assert.ok(layer.length > 0, `${layer.name} of ${name} is not empty`);
    for (let i = 0; i < layer.length; ++i) {
      const feature = layer.feature(i);
      assert.equal(feature.type, layer.name === "sequences" ? 2 : 1, `${layer.name} of ${name} has the right geometry`);
      assert.ok(feature.loadGeometry().length > 0);
    }
  }
}
