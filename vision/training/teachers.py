"""Four public nets that look for people, faces and vehicles: the teachers of the classes that no set has boxes for.

Every net gives [[left, top, right, bottom, score, kind], ...] in pixels of the tile that it is shown.
"""
import os

import cv2
import numpy as np

PERSON, VEHICLES = 0, (2, 5, 7)  # of COCO's classes: a person; a car, a bus, a truck


def grid_of(side, stride):
    count = -(-side // stride)
    ys, xs = np.mgrid[:count, :count]
    return np.stack([xs.ravel(), ys.ravel()], 1).astype(np.float32)


def corners(centre, half, score, kind):
    return np.concatenate([centre - half, centre + half, score[:, None], np.full((len(score), 1), kind, object)], 1)


class YuNet:
    """Faces; boxes are offsets in strides from the cell's corner and logarithms of sizes."""
    side = 640

    def __init__(self, folder):
        self.net = cv2.dnn.readNetFromONNX(os.path.join(folder, "yunet_n_640_640.onnx"))

    def find(self, tile, least=0.3):
        self.net.setInput(cv2.dnn.blobFromImage(tile))
        names = [f"{kind}_{stride}" for stride in (8, 16, 32) for kind in ("cls", "obj", "bbox")]
        out = dict(zip(names, self.net.forward(names)))
        boxes = []
        for stride in (8, 16, 32):
            score = np.sqrt(np.clip(out[f"cls_{stride}"][0, :, 0], 0, 1) * np.clip(out[f"obj_{stride}"][0, :, 0], 0, 1))
            keep = score > least
            raw = out[f"bbox_{stride}"][0][keep]
            centre = (grid_of(self.side, stride)[keep] + raw[:, :2]) * stride
            boxes.append(corners(centre, np.exp(raw[:, 2:]) * stride / 2, score[keep], "face"))
        return np.concatenate(boxes)


class UltraLight:
    """Faces, in a tile of 640 x 640 px squeezed to the 640 x 480 that it takes; boxes are shares of the tile."""
    side = 640

    def __init__(self, folder):
        self.net = cv2.dnn.readNetFromONNX(os.path.join(folder, "ultralight_rfb_640.onnx"))

    def find(self, tile, least=0.4):
        self.net.setInput(cv2.dnn.blobFromImage(tile, 1 / 128, (640, 480), (127, 127, 127), swapRB=True))
        boxes, scores = self.net.forward(["boxes", "scores"])
        keep = scores[0, :, 1] > least
        return np.concatenate([boxes[0][keep] * self.side, scores[0, keep, 1:], np.full((keep.sum(), 1), "face", object)], 1)


class YoloX:
    """People and vehicles."""
    side = 416

    def __init__(self, folder):
        self.net = cv2.dnn.readNetFromONNX(os.path.join(folder, "yolox_nano.onnx"))
        self.grid = np.concatenate([grid_of(self.side, s) for s in (8, 16, 32)])
        self.stride = np.concatenate([np.full(((self.side // s) ** 2, 1), s, np.float32) for s in (8, 16, 32)])

    def find(self, tile, least=0.15):
        self.net.setInput(cv2.dnn.blobFromImage(tile))
        raw = self.net.forward()[0]
        centre, half = (raw[:, :2] + self.grid) * self.stride, np.exp(raw[:, 2:4]) * self.stride / 2
        return people_and_vehicles(centre - half, centre + half, raw[:, 4:5] * raw[:, 5:], least)


class NanoDet:
    """People and vehicles; the distance to a side is the mean of a distribution over 0-7 strides."""
    side = 416

    def __init__(self, folder):
        self.net = cv2.dnn.readNetFromONNX(os.path.join(folder, "nanodet_m.onnx"))

    def find(self, tile, least=0.2):
        self.net.setInput(cv2.dnn.blobFromImage(((tile - (103.53, 116.28, 123.675)) / (57.375, 57.12, 58.395)).astype(np.float32)))
        out = self.net.forward(("792", "795", "814", "817", "836", "839"))
        boxes = []
        for stride, scores, bins in zip((8, 16, 32), out[::2], out[1::2]):
            share = np.exp(bins[0].reshape(-1, 4, 8))
            sides = (share / share.sum(2, keepdims=True)) @ np.arange(8) * stride
            centre = (grid_of(self.side, stride) + 0.5) * stride
            boxes.append(people_and_vehicles(centre - sides[:, :2], centre + sides[:, 2:], scores[0], least))
        return np.concatenate(boxes)


def people_and_vehicles(least_corner, most_corner, scores, least):
    best, top = scores.argmax(1), scores.max(1)
    keep = (top > least) & ((best == PERSON) | np.isin(best, VEHICLES))
    kinds = np.where(best == PERSON, "person", "vehicle").astype(object)[keep, None]
    return np.concatenate([least_corner[keep], most_corner[keep], top[keep, None], kinds], 1)


def iou(a, b):
    w, h = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if w <= 0 or h <= 0:
        return 0.0
    return w * h / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - w * h)


def best(boxes, overlap=0.4):
    """Non-maximum suppression within each kind."""
    kept = []
    for box in sorted(boxes, key=lambda b: -b[4]):
        if all(box[5] != other[5] or iou(box, other) < overlap for other in kept):
            kept.append(box)
    return kept


def tiles_of(image, side):
    """Corners of tiles of `side` px that cover the picture with at least a quarter of overlap."""
    height, width = image.shape[:2]
    def starts(size):
        if size <= side:
            return [0]
        count = int(np.ceil((size - side) / (side * 0.75))) + 1
        return sorted({int(v) for v in np.linspace(0, size - side, count)})
    return [(x, y) for y in starts(height) for x in starts(width)]


def look(net, image, scales):
    """Boxes of one net over all tiles at several scales; a box that touches an inner edge of a tile is cut, so dropped."""
    found = []
    for scale in scales:
        scaled = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
        height, width = scaled.shape[:2]
        for x, y in tiles_of(scaled, net.side):
            tile = np.full((net.side, net.side, 3), 114, np.uint8)
            part = scaled[y:y + net.side, x:x + net.side]
            tile[:part.shape[0], :part.shape[1]] = part
            for *box, score, kind in net.find(tile):
                left, top, right, bottom = map(float, box)
                cut = (x > 0 and left < 3) or (y > 0 and top < 3)
                cut |= (x + net.side < width and right > net.side - 3) or (y + net.side < height and bottom > net.side - 3)
                if not cut:
                    found.append([(left + x) / scale, (top + y) / scale, (right + x) / scale, (bottom + y) / scale, float(score), kind])
    return best(found)


def look_at(net, image, middle, scale):
    """Boxes of one net in one tile around a point, the picture scaled by `scale`."""
    span = net.side / scale
    x, y = middle[0] - span / 2, middle[1] - span / 2
    shift = np.array([[scale, 0, -x * scale], [0, scale, -y * scale]], np.float32)
    tile = cv2.warpAffine(image, shift, (net.side, net.side), flags=cv2.INTER_LINEAR, borderValue=(114, 114, 114))
    found = []
    for *box, score, kind in net.find(tile):
        left, top, right, bottom = map(float, box)
        found.append([left / scale + x, top / scale + y, right / scale + x, bottom / scale + y, float(score), kind])
    return best(found)
