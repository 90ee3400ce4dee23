"""The training pictures, their boxes and the split.

Only sets whose terms allow any use. What is held out is a contiguous part of a drive, never single frames: neighbours of one
drive show the same cars.
"""
import glob
import json
import os
import xml.etree.ElementTree

CLASSES = ("sign", "plate", "head")  # the order of the net's channels, and of core/observation.hpp


def sources(data):
    """Paths of all pictures, relative to the data folder, in a fixed order."""
    patterns = ("labels/plates_dashcam/*.jpg", "labels/signs_gtsdb/*.jpg", "drives/lund/*.jpg")
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
    return int(name) >= 24


def is_in_gap(path):
    """Used for nothing: the 30 seconds of the day drive before the held-out part, which show its cars and places."""
    name = os.path.splitext(os.path.basename(path))[0]
    return "day0" in name and 970 <= int(name.split("_")[1]) < 1000


def labelled(path):
    """Classes of which every visible object of this picture is boxed; of the others nothing is known."""
    if "plates_dashcam" in path:
        return ("plate", "head")
    if "signs_gtsdb" in path:
        return ("sign", "head")
    return ("head",)


def plates_of(data, path):
    tree = xml.etree.ElementTree.parse(os.path.join(data, path[:-4] + ".xml"))
    sides = ("xmin", "ymin", "xmax", "ymax")
    return [[float(o.find("bndbox").find(s).text) for s in sides] + ["plate"] for o in tree.iter("object")]


def heads_of(path, proposed, boxes):
    """The teachers' heads, less those on a sign or plate, where pictograms and letters deceive them. Through the tinted screen of
    the plate drives they are wrong more often than right (looked at): nothing is learned there."""
    def touches(a, b):
        return min(a[2], b[2]) > max(a[0], b[0]) and min(a[3], b[3]) > max(a[1], b[1])
    doubtful = "plates_dashcam" in path
    return [[*head[:4], "head" if head[4] == "head" and not doubtful else "ignore_head"]
            for head in proposed if not any(touches(head, b) for b in boxes)]


def boxes_of_all(data, heads):
    """{path: [[left, top, right, bottom, name], ...]}; heads are the proposals of teach_heads.py.

    A name is a class, or "ignore_" and a class: something that may be one, of which nothing is learned or counted.
    """
    with open(os.path.join(data, "labels/signs_gtsdb/boxes.json")) as file:
        signs = json.load(file)
    result = {}
    for path in sources(data):
        boxes = []
        if "plates_dashcam" in path:
            boxes += plates_of(data, path)
        if "signs_gtsdb" in path:
            boxes += [[s["left"], s["top"], s["right"], s["bottom"], "sign"] for s in signs.get(os.path.basename(path), [])]
        result[path] = boxes + heads_of(path, heads.get(path, []), boxes)
    return result
