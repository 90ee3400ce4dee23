"""The archives that CAIRN_ARCHIVES names (a PMTiles and an MBTiles of the same points, roads and fields), read by the programs of others: Python's pmtiles,
tippecanoe-decode and the GDAL that pyogrio brings. CAIRN_EXPECTED says how many features each layer has."""
import json
import os
import pathlib
import subprocess
import sys
import unittest

import pmtiles.reader
import pmtiles.tile
import pyogrio

ARCHIVES = [pathlib.Path(path) for path in os.environ["CAIRN_ARCHIVES"].split(":")]
EXPECTED = json.loads(os.environ["CAIRN_EXPECTED"])
DEEPEST = 8


def decoded(archive, zoom):
    """tippecanoe's tiles of a zoom: z/x/y -> layer -> the ids in it."""
    program = pathlib.Path(sys.executable).parent / "tippecanoe-decode"
    done = subprocess.run([program, "-Z", str(zoom), "-z", str(zoom), archive], capture_output=True, text=True, check=True)
    return {f"{tile['properties']['zoom']}/{tile['properties']['x']}/{tile['properties']['y']}":
            {layer["properties"]["layer"]: sorted(feature["properties"]["number"] for feature in layer["features"]) for layer in tile["features"]}
            for tile in json.loads(done.stdout)["features"]}


class Archives(unittest.TestCase):
    def test_pmtiles_of_python_finds_every_tile_of_the_header(self):
        with ARCHIVES[0].open("rb") as file:
            source = pmtiles.reader.MmapSource(file)
            header = pmtiles.reader.Reader(source).header()
            tiles = [place for place, _ in pmtiles.reader.all_tiles(source)]
        self.assertEqual(header["addressed_tiles_count"], len(tiles))
        self.assertEqual((header["min_zoom"], header["max_zoom"]), (0, DEEPEST))
        self.assertEqual(header["tile_type"], pmtiles.tile.TileType.MVT)
        self.assertTrue(header["clustered"])

    def test_tippecanoe_decodes_the_same_of_both_and_everything_at_every_zoom(self):
        for zoom in range(DEEPEST + 1):
            tiles = [decoded(archive, zoom) for archive in ARCHIVES]
            self.assertEqual(tiles[0], tiles[1])
            points = sum(len(layers.get("points", [])) for layers in tiles[0].values())
            self.assertEqual(points, EXPECTED["points"])
        for layer, count in EXPECTED.items():
            shown = {number for layers in tiles[0].values() for number in layers.get(layer, [])}
            self.assertEqual(len(shown), count, layer)

    def test_gdal_reads_layers_fields_and_places(self):
        for archive in ARCHIVES:
            self.assertEqual({name for name, _ in pyogrio.list_layers(archive)}, set(EXPECTED))
            info = pyogrio.read_info(archive, layer="points")
            self.assertEqual(info["crs"], "EPSG:3857")
            self.assertLessEqual({"name", "number"}, set(info["fields"]))
        self.assertEqual(pyogrio.read_info(ARCHIVES[0], layer="points")["features"], EXPECTED["points"])


if __name__ == "__main__":
    unittest.main()
