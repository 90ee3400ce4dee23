"""Proposes heads, people and vehicles on pictures that have no boxes of them.

YOLOX-nano looks for people and vehicles over overlapping tiles, YuNet for faces. What one of them finds is looked at again, enlarged:
a person must be found by NanoDet too, a face by Ultra-Light-Fast too. Where two agree, the box is learned; what only one proposes
is written as "ignore_…": the trainer neither rewards nor punishes there.

Writes {file: [[left, top, right, bottom, "head" | "person" | "vehicle" | "ignore_" and one of them], ...]}.
"""
import argparse
import json
import multiprocessing
import os

import cv2

from pictures import sources
from teachers import NanoDet, UltraLight, YoloX, YuNet, iou, look, look_at

teachers = {}


def middle_of(box):
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def agreed(net, image, box, height_px, least_overlap):
    """The score of the same thing in another net's eyes, shown `height_px` high; 0 if it sees nothing there."""
    scale = min(4.0, max(0.1, height_px / (box[3] - box[1])))
    return max((b[4] for b in look_at(net, image, middle_of(box), scale) if b[5] == box[5] and iou(b, box) > least_overlap), default=0)


def head_of(person):
    """The top 15 % of a standing person, as wide as high (measured by eye on pedestrians)."""
    height = (person[3] - person[1]) * 0.15
    middle = (person[0] + person[2]) / 2
    return [middle - height * 0.5, person[1], middle + height * 0.5, person[1] + height]


def is_upright(box):
    width, height = box[2] - box[0], box[3] - box[1]
    return 1.9 * width < height < 4.5 * width


def head_around(face):
    """A face is smaller than its head: hair above, ears beside."""
    w, h = face[2] - face[0], face[3] - face[1]
    return [face[0] - 0.12 * w, face[1] - 0.2 * h, face[2] + 0.12 * w, face[3]]


def is_at_top(face, person):
    x, y = middle_of(face)
    return person[0] < x < person[2] and person[1] - 5 < y < person[1] + 0.4 * (person[3] - person[1])


def people_in(image, found):
    """[(person, sure)]"""
    result = []
    for person in found:
        if person[5] != "person":
            continue
        other = agreed(teachers["nanodet"], image, person, 180, 0.45)
        result.append((person, person[4] > 0.35 and other > 0.35 and person[4] + other > 0.85))
    return result


def faces_in(image, people):
    """[(face, sure)]: faces of the whole picture, and of each person's upper part enlarged."""
    found = [f for f in look(teachers["yunet"], image, (1.0,)) if f[4] > 0.4]
    for person, _ in people:
        height = (person[3] - person[1]) * 0.15
        near = look_at(teachers["yunet"], image, ((person[0] + person[2]) / 2, person[1] + height), min(4.0, 60 / height))
        found += [f for f in near if f[4] > 0.4 and is_at_top(f, person) and all(iou(f, g) < 0.3 for g in found)]
    result = []
    for face in found:
        other = agreed(teachers["ultralight"], image, face, 60, 0.3)
        inside = any(sure and is_at_top(face, p) for p, sure in people)
        result.append((face, other > 0.5 and face[4] > (0.5 if inside else 0.65) or inside and face[4] > 0.7))
    return result


def heads_of(people, faces):
    heads = [(head_around(face), sure) for face, sure in faces]
    for person, sure in people:
        if any(is_at_top(face, person) for face, _ in faces):
            continue
        heads.append((head_of(person), sure and person[4] > 0.5 and is_upright(person) and person[3] - person[1] > 45))
    return heads


def propose(path):
    image = cv2.imread(path)
    found = look(teachers["yolox"], image, (1.0, 0.5, 0.3))
    people = people_in(image, found)
    boxes = [(box, sure, "head") for box, sure in heads_of(people, faces_in(image, people))]
    boxes += [(box, sure, "person") for box, sure in people]
    boxes += [(box, box[4] > 0.5, "vehicle") for box in found if box[5] == "vehicle"]
    return [[*(round(float(v), 1) for v in box[:4]), name if sure else "ignore_" + name] for box, sure, name in boxes]


def begin(weights):
    cv2.setNumThreads(1)
    teachers.update(yunet=YuNet(weights), ultralight=UltraLight(weights), yolox=YoloX(weights), nanodet=NanoDet(weights))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="folder with labels/, drives/ and weights/")
    parser.add_argument("--out", required=True, help="boxes.json to write")
    parser.add_argument("--only", default="", help="only pictures whose path holds this")
    args = parser.parse_args()
    paths = [p for p in sources(args.data) if args.only in p]
    result = {}
    with multiprocessing.Pool(2, begin, (os.path.join(args.data, "weights"),)) as pool:
        for path, boxes in zip(paths, pool.imap(propose, (os.path.join(args.data, p) for p in paths))):
            result[path] = boxes
            if len(result) % 20 == 0:
                print(len(result), sum(len(b) for b in result.values()), flush=True)
    with open(args.out, "w") as file:
        json.dump(result, file, indent=0, sort_keys=True)


if __name__ == "__main__":
    main()
