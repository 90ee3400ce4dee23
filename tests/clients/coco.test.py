"""Reads a dataset as a trainer of models does: CAIRN_DATASET names its folder. With pycocotools where that is installed."""
import json
import os
import struct
import sys

folder = os.environ["CAIRN_DATASET"]


def size_of_jpeg(path):
    """Width and height, from the frame header."""
    with open(path, "rb") as file:
        data = file.read()
    assert data[:2] == b"\xff\xd8", path
    at = 2
    while data[at + 1] not in (0xC0, 0xC1, 0xC2):
        at += 2 + struct.unpack(">H", data[at + 2:at + 4])[0]
    height, width = struct.unpack(">HH", data[at + 5:at + 9])
    return width, height


with open(os.path.join(folder, "annotations.json"), encoding="utf-8") as file:
    coco = json.load(file)
images = {image["id"]: image for image in coco["images"]}
categories = {category["id"] for category in coco["categories"]}
licences = {licence["id"] for licence in coco["licenses"]}
assert images and len(images) == len(coco["images"]), "ids of images are unique"
for image in images.values():
    assert (image["width"], image["height"]) == size_of_jpeg(os.path.join(folder, image["file_name"])), image
    assert image["license"] in licences and image["contributor"], image
on_disk = {os.path.join(os.path.relpath(root, folder), name) for root, _, names in os.walk(os.path.join(folder, "images")) for name in names}
assert on_disk == {image["file_name"] for image in images.values()}, "every picture is named once"
assert len({box["id"] for box in coco["annotations"]}) == len(coco["annotations"])
for box in coco["annotations"]:
    image = images[box["image_id"]]
    left, top, width, height = box["bbox"]
    assert box["category_id"] in categories and 0 <= box["score"] <= 1, box
    assert left >= 0 and top >= 0 and width > 0 and height > 0, box
    assert left + width <= image["width"] + 0.01 and top + height <= image["height"] + 0.01, box
print(f"{len(images)} pictures, {len(coco['annotations'])} boxes")
try:
    from pycocotools.coco import COCO
except ImportError:
    print("skipped: pycocotools is not installed")
    sys.exit(0)
read = COCO(os.path.join(folder, "annotations.json"))
assert len(read.getAnnIds()) == len(coco["annotations"])
