"""stac-validator on what a running server (CAIRN_URL) serves: catalogue, collections, items. The schemas are those within pystac;
no other host is asked, and schemas of extensions are taken as "anything"."""
import importlib.resources
import json
import os
import unittest
import urllib.parse
import urllib.request
from unittest import mock

from stac_validator import stac_validator

URL = os.environ["CAIRN_URL"]
SCHEMAS = importlib.resources.files("pystac") / "validation" / "jsonschemas"


def get(path):
    with urllib.request.urlopen(URL + path) as answer:
        return json.load(answer)


def local(address, *_, **__):
    """What requests.get gives, from the folder of schemas."""
    host, path = urllib.parse.urlsplit(address).netloc, urllib.parse.urlsplit(address).path.strip("/").split("/")
    if host == "schemas.stacspec.org":
        text = (SCHEMAS / "stac-spec" / path[0] / path[-1]).read_text()
    elif host == "geojson.org":
        text = (SCHEMAS / "geojson" / path[-1]).read_text()
    else:
        text = json.dumps({"$schema": "http://json-schema.org/draft-07/schema#", "$id": address, "type": "object"})
    return mock.Mock(text=text, status_code=200, json=lambda: json.loads(text))


class StacValidator(unittest.TestCase):
    def test_catalogue_collections_and_items_are_valid(self):
        collections = get("/api/collections")["collections"]
        self.assertTrue(collections)
        items = get(f"/api/collections/{collections[0]['id']}/items?limit=3")["features"]
        self.assertTrue(items)
        objects = [get("/api"), get(f"/api/pictures/{items[0]['id']}"), *collections[:3], *items]
        with mock.patch("requests.get", local):
            for one in objects:
                stac = stac_validator.StacValidate()
                self.assertTrue(stac.validate_dict(one), f"{one['type']} {one['id']}: {stac.message}")


unittest.main()
