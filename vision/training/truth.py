"""Prints boxes as lines for bench/vision_eval: path group known,known class left top right bottom.

First the held-out pictures of the training sets; then, if --test-sets is given, pictures of other sets, of which nothing is ever learned
and whose boxes are made by hand: the head of an upright person is the top of its box, as of the teachers' people.
"""
import argparse
import glob
import json
import os
import re
import xml.etree.ElementTree

from pictures import boxes_of_all, is_held_out, labelled
from teach import head_of, is_upright


def group_of(path):
    marks = {"plates_dashcam/day": "day", "plates_dashcam/night": "night", "signs_gtsdb": "gtsdb", "lund": "lund"}
    return next(group for mark, group in marks.items() if mark in path)


def pedestrians(data):
    for path in sorted(glob.glob(os.path.join(data, "labels/pedestrians/*.txt"))):
        with open(path) as file:
            boxes = re.findall(r"\(Xmax, Ymax\) : \((\d+), (\d+)\) - \((\d+), (\d+)\)", file.read())
        yield os.path.relpath(path, data)[:-3] + "jpg", [["person", *map(float, b)] for b in boxes]


def coco_street(data):
    """People that are no crowd; of those that sit, lie or are cut off at the top nobody knows where the head is."""
    with open(os.path.join(data, "labels/coco_street/instances.json")) as file:
        coco = json.load(file)
    person = next(c["id"] for c in coco["categories"] if c["name"] == "person")
    for image in sorted(coco["images"], key=lambda i: i["file_name"]):
        mine = [a for a in coco["annotations"] if a["image_id"] == image["id"] and a["category_id"] == person]
        boxes = [[("ignore_" if a["iscrowd"] else "") + "person", a["bbox"][0], a["bbox"][1], a["bbox"][0] + a["bbox"][2],
                  a["bbox"][1] + a["bbox"][3]] for a in mine]
        yield "labels/coco_street/" + image["file_name"], boxes


def faces_few(data):
    for image in xml.etree.ElementTree.parse(os.path.join(data, "labels/faces_few/training.xml")).iter("image"):
        boxes = [[float(b.get(k)) for k in ("left", "top", "width", "height")] for b in image.iter("box")]
        yield "labels/faces_few/" + image.get("file"), [["head", x, y, x + w, y + h] for x, y, w, h in boxes]


def with_heads(boxes):
    for name, *box in boxes:
        yield [name, *box]
        if name == "person":
            yield ["head" if is_upright(box) and box[1] > 2 else "ignore_head", *head_of(box)]


def print_lines(path, group, known, boxes):
    for box in boxes or [["-"]]:
        print(path, group, ",".join(known), box[0], *(f"{side:.1f}" for side in box[1:]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="folder with labels/ and drives/")
    parser.add_argument("--taught", required=True, help="boxes that teach.py proposed")
    parser.add_argument("--test-sets", action="store_true", help="also pedestrians, coco_street and faces_few")
    args = parser.parse_args()
    with open(args.taught) as file:
        boxes = boxes_of_all(args.data, json.load(file))
    for path in filter(is_held_out, boxes):
        print_lines(path, group_of(path), labelled(path), [[b[4], *b[:4]] for b in boxes[path]])
    if args.test_sets:
        for group, pictures, known in (("pedestrians", pedestrians, ("head", "person")), ("coco", coco_street, ("head", "person")),
                                       ("faces", faces_few, ("head",))):
            for path, found in pictures(args.data):
                print_lines(path, group, known, list(with_heads(found)))


if __name__ == "__main__":
    main()
