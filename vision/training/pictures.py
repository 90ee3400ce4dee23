"""The training pictures, their boxes and the split.

Only sets whose terms allow any use. What is held out is a contiguous part of a drive, never single frames: neighbours of one
drive show the same cars.
"""
import functools
import glob
import json
import os
import xml.etree.ElementTree

CLASSES = ("sign", "plate", "head", "person", "vehicle")  # the order of the net's channels; so they stand in configs/models.yaml


def sources(data):
    """Paths of all pictures, relative to the data folder, in a fixed order."""
    patterns = ("labels/plates_dashcam/*.jpg", "labels/signs_gtsdb/*.jpg", "drives/lund/*.jpg", "labels/road_damage/*_RAW.jpg")
    paths = [p for pattern in patterns for p in glob.glob(os.path.join(data, pattern))]
    return sorted(os.path.relpath(p, data) for p in paths)


def is_held_out(path):
    """The last quarter of the day drive, the last third of the night drive, GTSDB pictures from 450 on, the end of the lund street."""
    name = os.path.splitext(os.path.basename(path))[0]
    if "plates_dashcam" in path:
        ride, second = name.split("_")
        return int(second) >= (1000 if ride.startswith("day") else 100)
    if "signs_gtsdb" in path:
        return int(name) >= 450
    if "road_damage" in path:
        return False
    return int(name) >= 24


def is_in_gap(path):
    """Used for nothing: the 30 seconds of the day drive before the held-out part, which show its cars and places."""
    name = os.path.splitext(os.path.basename(path))[0]
    return "day0" in name and 970 <= int(name.split("_")[1]) < 1000


def labelled(path):
    """Classes of which every visible object of this picture is boxed; of the others nothing is known."""
    taught = ("head", "person", "vehicle")
    if "plates_dashcam" in path:
        return ("plate", *taught)
    if "signs_gtsdb" in path:
        return ("sign", *taught)
    return taught


def plates_of(data, path):
    tree = xml.etree.ElementTree.parse(os.path.join(data, path[:-4] + ".xml"))
    sides = ("xmin", "ymin", "xmax", "ymax")
    return [[float(o.find("bndbox").find(s).text) for s in sides] + ["plate"] for o in tree.iter("object")]


@functools.lru_cache
def not_people():
    """{path: boxes} of what the teachers agree to be people, wrongly."""
    with open(os.path.join(os.path.dirname(__file__), "not_people.json")) as file:
        return json.load(file)


def taught_of(path, proposed, boxes):
    """What the teachers found, less heads and people on signs and plates, where pictograms and letters deceive them, and on what was
    looked at and is none: mostly red and white beacons, which both teachers take for people. Through the tinted
    screen of the plate drives heads are wrong more often than right (looked at): nothing is learned of them there."""
    def share_on(a, b):
        w, h = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
        return max(0, w) * max(0, h) / max(1, (a[2] - a[0]) * (a[3] - a[1]))
    def is_on_one(box):
        return any(share_on(box, b) > (0 if "head" in box[4] else 0.5) for b in boxes + not_people().get(path, []))
    names = {"head": "ignore_head"} if "plates_dashcam" in path else {}
    return [[*box[:4], names.get(box[4], box[4])] for box in proposed
            if "vehicle" in box[4] or not is_on_one(box)]


def boxes_of_all(data, taught):
    """{path: [[left, top, right, bottom, name], ...]}; taught are the proposals of teach.py, and say which pictures there are.

    A name is a class, or "ignore_" and a class: something that may be one, of which nothing is learned or counted.
    """
    with open(os.path.join(data, "labels/signs_gtsdb/boxes.json")) as file:
        signs = json.load(file)
    result = {}
    for path in filter(taught.__contains__, sources(data)):
        boxes = []
        if "plates_dashcam" in path:
            boxes += plates_of(data, path)
        if "signs_gtsdb" in path:
            boxes += [[s["left"], s["top"], s["right"], s["bottom"], "sign"] for s in signs.get(os.path.basename(path), [])]
        result[path] = boxes + taught_of(path, taught[path], boxes)
    return result
