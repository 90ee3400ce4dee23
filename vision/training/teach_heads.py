"""Proposes head boxes on pictures without any: the teachers of class "head".

Two public nets look at overlapping tiles: YuNet finds faces, YOLOX-nano finds people. A face that YuNet is sure of is a head.
So is the top of a person that YOLOX is sure of, as wide as a head is. What only a doubtful score proposes is written as
"ignore": the trainer neither rewards nor punishes there.

Writes heads.json: {file: [[left, top, right, bottom, "head" | "ignore"], ...]}.
"""
import argparse
import json
import os

import cv2
import numpy as np

from pictures import sources


def tiles_of(image, side):
    """Corners of tiles of `side` px that cover the picture with at least a quarter of overlap."""
    height, width = image.shape[:2]
    def starts(size):
        if size <= side:
            return [0]
        count = int(np.ceil((size - side) / (side * 0.75))) + 1
        return sorted({int(v) for v in np.linspace(0, size - side, count)})
    return [(x, y) for y in starts(height) for x in starts(width)]


def blob_of(image, x, y, side):
    tile = np.full((side, side, 3), 114, np.uint8)
    part = image[y:y + side, x:x + side]
    tile[:part.shape[0], :part.shape[1]] = part
    return cv2.dnn.blobFromImage(tile)


def grid_of(side, stride):
    count = side // stride
    ys, xs = np.mgrid[:count, :count]
    return np.stack([xs.ravel(), ys.ravel()], 1).astype(np.float32)


class YuNet:
    """Faces; boxes are offsets in strides from the cell's corner and logarithms of sizes."""
    side = 640

    def __init__(self, path):
        self.net = cv2.dnn.readNetFromONNX(path)

    def find(self, blob):
        self.net.setInput(blob)
        names = [f"{kind}_{stride}" for stride in (8, 16, 32) for kind in ("cls", "obj", "bbox")]
        out = dict(zip(names, self.net.forward(names)))
        boxes = []
        for stride in (8, 16, 32):
            score = np.sqrt(np.clip(out[f"cls_{stride}"][0, :, 0], 0, 1) * np.clip(out[f"obj_{stride}"][0, :, 0], 0, 1))
            raw = out[f"bbox_{stride}"][0]
            centre = (grid_of(self.side, stride) + raw[:, :2]) * stride
            half = np.exp(raw[:, 2:]) * stride / 2
            boxes.append(np.concatenate([centre - half, centre + half, score[:, None]], 1)[score > 0.3])
        return np.concatenate(boxes)


class YoloX:
    """People of COCO's class 0."""
    side = 416

    def __init__(self, path):
        self.net = cv2.dnn.readNetFromONNX(path)
        self.grid = np.concatenate([grid_of(self.side, s) for s in (8, 16, 32)])
        self.stride = np.concatenate([np.full(((self.side // s) ** 2, 1), s, np.float32) for s in (8, 16, 32)])

    def find(self, blob):
        self.net.setInput(blob)
        raw = self.net.forward()[0]
        score = raw[:, 4] * raw[:, 5]
        keep = (score > 0.3) & (raw[:, 5:].argmax(1) == 0)
        centre = (raw[keep, :2] + self.grid[keep]) * self.stride[keep]
        half = np.exp(raw[keep, 2:4]) * self.stride[keep] / 2
        return np.concatenate([centre - half, centre + half, score[keep, None]], 1)


def best(boxes, overlap=0.4):
    """Non-maximum suppression."""
    kept = []
    for box in sorted(boxes, key=lambda b: -b[4]):
        if all(iou(box, other) < overlap for other in kept):
            kept.append(box)
    return kept


def iou(a, b):
    w, h = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if w <= 0 or h <= 0:
        return 0.0
    return w * h / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - w * h)


def look(net, image, scales):
    """Boxes of one net over all tiles at several scales; a box that touches an inner edge of a tile is cut, so dropped."""
    found = []
    for scale in scales:
        scaled = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
        height, width = scaled.shape[:2]
        for x, y in tiles_of(scaled, net.side):
            for left, top, right, bottom, score in net.find(blob_of(scaled, x, y, net.side)):
                cut = (x > 0 and left < 3) or (y > 0 and top < 3)
                cut |= (x + net.side < width and right > net.side - 3) or (y + net.side < height and bottom > net.side - 3)
                if not cut:
                    found.append([(left + x) / scale, (top + y) / scale, (right + x) / scale, (bottom + y) / scale, float(score)])
    return best(found)


def head_of(person):
    """The top 15 % of a standing person, 1.0 times as wide as high (measured by eye on pedestrians)."""
    left, top, right, bottom, _ = person
    height = (bottom - top) * 0.15
    middle = (left + right) / 2
    return [middle - height * 0.5, top, middle + height * 0.5, top + height]


def propose(faces, people):
    heads = []
    for person in people:
        height, width = person[3] - person[1], person[2] - person[0]
        upright = height > 1.7 * width
        faces_of = [f for f in faces if f[4] > 0.45 and person[0] < (f[0] + f[2]) / 2 < person[2]
                    and person[1] - 5 < (f[1] + f[3]) / 2 < person[1] + 0.35 * height]
        if faces_of:
            continue
        sure = person[4] > 0.55 and upright and height > 50
        heads.append([*head_of(person), "head" if sure else "ignore"])
    for face in faces:
        w, h = face[2] - face[0], face[3] - face[1]  # a face is smaller than its head: hair above, ears beside
        box = [face[0] - 0.12 * w, face[1] - 0.2 * h, face[2] + 0.12 * w, face[3]]
        inside = any(p[0] < (face[0] + face[2]) / 2 < p[2] and p[1] - 5 < face[1] < p[1] + 0.5 * (p[3] - p[1]) for p in people)
        sure = face[4] > (0.5 if inside else 0.8)
        heads.append([*box, "head" if sure else "ignore"])
    return [[round(float(v), 1) for v in box[:4]] + [box[4]] for box in heads]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="folder with labels/, drives/ and weights/")
    parser.add_argument("--out", required=True, help="heads.json")
    args = parser.parse_args()
    cv2.setNumThreads(2)
    yunet = YuNet(os.path.join(args.data, "weights/yunet_n_640_640.onnx"))
    yolox = YoloX(os.path.join(args.data, "weights/yolox_nano.onnx"))
    result = {}
    for path in sources(args.data):
        image = cv2.imread(os.path.join(args.data, path))
        result[path] = propose(look(yunet, image, (1.0,)), look(yolox, image, (1.0, 0.5)))
        if len(result) % 20 == 0:
            print(len(result), sum(len(b) for b in result.values()), flush=True)
    with open(args.out, "w") as file:
        json.dump(result, file, indent=0, sort_keys=True)


if __name__ == "__main__":
    main()
