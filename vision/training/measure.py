"""Figures on held-out pictures: redaction recall by height, precision-recall of signs, false boxes.

    python3 measure.py --data DIR --taught taught.json [MODEL]
"""
import argparse
import json
import os

import cv2
import numpy as np
import torch
from torch.nn import functional

from net import STRIDE
from pictures import CLASSES, boxes_of_all, is_held_out
from teachers import iou

HEIGHTS = ((0, 12), (12, 24), (24, 48), (48, 10000))


def padded(image):
    height, width = (-(-s // 32) * 32 for s in image.shape[:2])
    out = np.full((height, width, 3), 128, np.uint8)
    out[:image.shape[0], :image.shape[1]] = image
    return torch.from_numpy(out.transpose(2, 0, 1)[None].astype(np.float32))


def find(net, image, least=0.05, overlap=0.4):
    """[[left, top, right, bottom, class, score], ...], best first: the same rules as vision/net_detector.cpp."""
    with torch.no_grad():
        logits, sides = net(padded(image))
    score = torch.sigmoid(logits)
    peak = (functional.max_pool2d(score, 3, 1, 1) == score) & (score >= least)
    found = []
    for _, c, y, x in peak.nonzero().tolist():
        left, top, right, bottom = sides[0, 4 * c:4 * c + 4, y, x].tolist()
        cx, cy = (x + 0.5) * STRIDE, (y + 0.5) * STRIDE
        box = [max(0, cx - left), max(0, cy - top), min(image.shape[1], cx + right), min(image.shape[0], cy + bottom)]
        if box[2] > box[0] and box[3] > box[1]:
            found.append([*box, CLASSES[c], float(score[0, c, y, x])])
    kept = []
    for box in sorted(found, key=lambda b: -b[5]):
        if all(k[4] != box[4] or iou(k, box) <= overlap for k in kept):
            kept.append(box)
    return kept


def covered(truth, boxes):
    """The share of a box's area that the union of the others covers, on a grid of 32 x 32 points."""
    xs = truth[0] + (np.arange(32) + 0.5) / 32 * (truth[2] - truth[0])
    ys = truth[1] + (np.arange(32) + 0.5) / 32 * (truth[3] - truth[1])
    hit = np.zeros((32, 32), bool)
    for b in boxes:
        hit |= ((ys >= b[1]) & (ys <= b[3]))[:, None] & ((xs >= b[0]) & (xs <= b[2]))[None]
    return hit.mean()


def redaction(pictures, name, least):
    """{height class: (covered, all)} and false boxes per picture. pictures: [(truth, found)]."""
    counts = {h: [0, 0] for h in HEIGHTS}
    false = 0
    for truth, found in pictures:
        mine = [b for b in found if b[4] == name and b[5] >= least]
        objects = [t for t in truth if t[4] == name]
        for t in objects:
            row = counts[next(h for h in HEIGHTS if h[0] <= t[3] - t[1] < h[1])]
            row[0] += bool(covered(t, mine) >= 0.7)
            row[1] += 1
        known = [t for t in truth if t[4] in (name, "ignore_" + name)]
        false += sum(1 for b in mine if all(iou(b, t) < 0.1 for t in known))
    return counts, false / max(1, len(pictures))


def average_precision(pictures, name, least_overlap=0.5):
    """Area under the precision-recall curve, and recall at score 0.2."""
    rows, total = [], 0
    for truth, found in pictures:
        objects = [t for t in truth if t[4] == name]
        total += len(objects)
        taken = set()
        for b in found:
            if b[4] != name:
                continue
            overlap, best = max(((iou(b, t), i) for i, t in enumerate(objects) if i not in taken), default=(0, -1))
            hit = overlap >= least_overlap
            if hit:
                taken.add(best)
            rows.append((b[5], hit))
    if not rows or not total:
        return 0.0, 0.0
    rows.sort(key=lambda r: -r[0])
    hits = np.cumsum([r[1] for r in rows])
    precision = hits / np.arange(1, len(rows) + 1)
    precision = np.maximum.accumulate(precision[::-1])[::-1]
    recall = np.concatenate([[0], hits / total])
    at = sum(1 for s, h in rows if h and s >= 0.2) / total
    return float(np.sum(np.diff(recall) * precision)), at


def line_of(title, counts, false):
    parts = [f"{title:24}"]
    for (low, high), (hit, count) in counts.items():
        label = f"{low}-{high}" if high < 10000 else f">{low}"
        parts.append(f"{label} px {hit}/{count}" + (f" {hit / count:.3f}" if count else ""))
    hit, count = (sum(v[i] for v in counts.values()) for i in (0, 1))
    return "  ".join(parts) + f"  all {hit / max(1, count):.3f}  false/picture {false:.2f}"


def report(net, data, boxes):
    """Prints all figures for held-out pictures {path: boxes}."""
    sets = {"day": [], "night": [], "signs": [], "lund": []}
    for path, truth in sorted(boxes.items()):
        name = next(k for k, mark in (("day", "day0"), ("night", "night0"), ("signs", "signs_"), ("lund", "lund")) if mark in path)
        sets[name].append((truth, find(net, cv2.imread(os.path.join(data, path)))))
    for least in (0.2, 0.3):
        print(f"redaction at score {least}: share of boxes with 70 % of their area covered")
        print(line_of("  plates, day drive", *redaction(sets["day"], "plate", least)))
        print(line_of("  plates, night drive", *redaction(sets["night"], "plate", least)))
        everything = [p for s in sets.values() for p in s]
        print(line_of("  heads of the teachers", *redaction(everything, "head", least)))
        print(line_of("  people of the teachers", *redaction(everything, "person", least)))
        print(line_of("  signs", *redaction(sets["signs"], "sign", least)))
    ap, recall = average_precision(sets["signs"], "sign")
    print(f"signs: {len(sets['signs'])} pictures, AP50 {ap:.3f}, recall at 0.2 {recall:.3f}")
    ap, recall = average_precision(sets["day"], "plate")
    print(f"plates by day: {len(sets['day'])} pictures, AP50 {ap:.3f}, recall at 0.2 {recall:.3f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", nargs="?", default=os.path.join(os.path.dirname(__file__), "../models/mapnet-s.pt"), help="TorchScript file")
    parser.add_argument("--data", required=True, help="folder with labels/ and drives/")
    parser.add_argument("--taught", required=True, help="boxes that teach.py proposed")
    args = parser.parse_args()
    with open(args.taught) as file:
        boxes = boxes_of_all(args.data, json.load(file))
    report(torch.jit.load(args.model).float().eval(), args.data, {p: b for p, b in boxes.items() if is_held_out(p)})


if __name__ == "__main__":
    main()
