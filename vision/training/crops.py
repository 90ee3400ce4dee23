"""Training samples: a square crop of a picture at a random scale, changed as cameras, weather and night change pictures."""
import os

import cv2
import numpy as np
import torch

from pictures import CLASSES, labelled

STRIDE = 8
SIDES = ((256, 32), (448, 10))  # crops of 256 px hold more objects per pixel computed; those of 448 px hold near plates
SHARES = {"sign": 0.22, "plate": 0.28, "head": 0.12, "person": 0.18, "vehicle": 0.06}  # of the crops, around such an object


class Crops(torch.utils.data.IterableDataset):
    """An endless stream of batches (pictures, heat, sides, weight of sides, weight of classes); shapes: targets()."""

    def __init__(self, data, boxes, seed):
        self.pictures = [(p, cv2.imread(os.path.join(data, p)), b) for p, b in sorted(boxes.items())]
        self.seed = seed
        # one entry per object, so that every object is looked at equally often
        self.objects = [[(i, b) for i, (_, _, bs) in enumerate(self.pictures) for b in bs if b[4] == c] for c in CLASSES]

    def __iter__(self):
        worker = torch.utils.data.get_worker_info()
        cv2.setNumThreads(0)
        rng = np.random.default_rng([self.seed, worker.id if worker else 0])
        while True:
            side, count = SIDES[int(rng.random() < 0.25)]
            yield [torch.stack(column) for column in zip(*(self.sample(rng, side) for _ in range(count)))]

    def sample(self, rng, side):
        kind = rng.choice(len(CLASSES) + 1, p=[*(SHARES[c] for c in CLASSES), 1 - sum(SHARES.values())])
        if kind < len(CLASSES) and self.objects[kind]:
            index, box = self.objects[kind][rng.integers(len(self.objects[kind]))]
        else:
            index, box = int(rng.integers(len(self.pictures))), None
        path, picture, boxes = self.pictures[index]
        crop, moved = cut(rng, picture, boxes, box, side)
        if rng.random() < 0.5:
            crop = crop[:, ::-1]
            moved = [[side - b[2], b[1], side - b[0], b[3], b[4]] for b in moved]
        known = labelled(path)
        if "person" in known and rng.random() < 0.45:
            crop, moved = self.paste(rng, np.ascontiguousarray(crop), moved, "person" if rng.random() < 0.7 else "head")
        crop = changed(rng, crop, "night" in path)
        return (torch.from_numpy(np.ascontiguousarray(crop.transpose(2, 0, 1))), *map(torch.from_numpy, targets(moved, known, side)))

    def paste(self, rng, crop, boxes, name):
        """A person or a head of another picture, with its surroundings, faded in: few pictures show people."""
        objects = self.objects[CLASSES.index(name)]
        side = crop.shape[0]
        index, box = objects[rng.integers(len(objects))]
        path, picture, others = self.pictures[index]
        width, height = box[2] - box[0], box[3] - box[1]
        wide, above, below = (0.25, 0.1, 0.06) if name == "person" else (0.5, 0.4, 1.2)
        x0, y0 = max(0, int(box[0] - wide * width)), max(0, int(box[1] - above * height))
        patch = picture[y0:int(box[3] + below * height), x0:int(box[2] + wide * width)]
        least, most = (24, 0.85 * side) if name == "person" else (8, 70)
        scale = float(np.clip(np.exp(rng.uniform(np.log(least), np.log(most))) / height, 0.3, 2.0))
        ph, pw = (int(round(n * scale)) for n in patch.shape[:2])
        if min(ph, pw) < 8 or max(ph, pw) >= side:
            return crop, boxes
        patch = cv2.resize(patch, (pw, ph), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
        if rng.random() < 0.5:
            patch = np.clip(patch * rng.uniform(0.6, 1.4), 0, 255)
        x, y = int(rng.integers(side - pw)), int(rng.integers(side - ph))
        if any(b[0] < x + pw and x < b[2] and b[1] < y + ph and y < b[3] for b in boxes):
            return crop, boxes
        ys, xs = np.abs(np.linspace(-1, 1, ph))[:, None], np.abs(np.linspace(-1, 1, pw))[None]
        mask = np.clip((1 - np.maximum(ys, xs)) * 8, 0, 1)[..., None].astype(np.float32)
        crop[y:y + ph, x:x + pw] = (crop[y:y + ph, x:x + pw] * (1 - mask) + patch * mask).astype(np.uint8)
        added = [[x, y, x + pw, y + ph, "ignore_" + c] for c in CLASSES if c not in labelled(path)]
        for left, top, right, bottom, what in others:
            full = [x + (left - x0) * scale, y + (top - y0) * scale, x + (right - x0) * scale, y + (bottom - y0) * scale]
            added += within(full, (x, y, x + pw, y + ph), what)
        return crop, [*boxes, *added]


def within(box, frame, name):
    """The part of a box within a frame, if there is any; to be ignored where less than half of it is."""
    inside = [*np.maximum(box[:2], frame[:2]), *np.minimum(box[2:], frame[2:])]
    if inside[2] <= inside[0] or inside[3] <= inside[1]:
        return []
    share = (inside[2] - inside[0]) * (inside[3] - inside[1]) / ((box[2] - box[0]) * (box[3] - box[1]))
    return [[*map(float, inside), name if share > 0.5 or name.startswith("ignore") else "ignore_" + name]]


def cut(rng, picture, boxes, around, side):
    """A crop of side px, by chance around one box, and the boxes within it. A box mostly outside is to be ignored."""
    height, width = picture.shape[:2]
    scale = float(np.exp(rng.uniform(np.log(0.5), np.log(1.7))))
    if around is not None:  # at least 9 px high, and no larger than the crop
        least, most = 9 / (around[3] - around[1]), 0.8 * side / max(around[2] - around[0], around[3] - around[1])
        scale = float(np.clip(scale, least, max(least, most)))
    span = side / scale
    if around is None:
        x, y = rng.uniform(0, max(1, width - span)), rng.uniform(0, max(1, height - span))
    else:
        x = (around[0] + around[2]) / 2 - rng.uniform(0.1, 0.9) * span
        y = (around[1] + around[3]) / 2 - rng.uniform(0.1, 0.9) * span
        x, y = np.clip(x, min(0, width - span), max(0, width - span)), np.clip(y, min(0, height - span), max(0, height - span))
    stretch = float(np.exp(rng.normal(0, 0.06)))
    matrix = np.array([[scale * stretch, 0, -x * scale * stretch], [0, scale, -y * scale]], np.float32)
    if scale < 0.75:  # smooth first: warping alone would alias
        x0, y0 = int(max(0, x)), int(max(0, y))
        part = picture[y0:int(min(height, y + span + 2)), x0:int(min(width, x + span / stretch + 2))]
        small = cv2.resize(part, None, fx=scale * stretch, fy=scale, interpolation=cv2.INTER_AREA)
        shift = np.array([[1, 0, (x0 - x) * scale * stretch], [0, 1, (y0 - y) * scale]], np.float32)
        crop = cv2.warpAffine(small, shift, (side, side), borderValue=(128, 128, 128))
    else:
        crop = cv2.warpAffine(picture, matrix, (side, side), borderValue=(128, 128, 128))
    moved = []
    for left, top, right, bottom, name in boxes:
        full = [(left - x) * scale * stretch, (top - y) * scale, (right - x) * scale * stretch, (bottom - y) * scale]
        moved += within(full, (0, 0, side, side), name)
    return crop, moved


def changed(rng, crop, is_night):
    """Light, colour, blur, noise and compression."""
    dusk = not is_night and rng.random() < 0.15  # dark, noisy, lamps that glare
    if dusk:
        crop = cv2.add(crop, lamps(rng, crop.shape[0]))
    crop = cv2.merge([cv2.LUT(plane, curve) for plane, curve in zip(cv2.split(crop), curves(rng, dusk))])
    if dusk:
        noise = np.empty(crop.shape[:2], np.int8)
        cv2.randn(noise, 0, float(rng.uniform(2, 12)))
        crop = cv2.add(crop, cv2.merge([noise] * 3), dtype=cv2.CV_8U)
    if rng.random() < 0.1:
        crop = cv2.merge([cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY)] * 3)
    if rng.random() < 0.12:
        crop = cv2.blur(crop, (int(rng.integers(2, 7)), 1))
    elif rng.random() < 0.15:
        crop = cv2.GaussianBlur(crop, (0, 0), float(rng.uniform(0.5, 1.3)))
    if rng.random() < 0.2:
        _, packed = cv2.imencode(".jpg", crop, (cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(35, 90))))
        crop = cv2.imdecode(packed, cv2.IMREAD_COLOR)
    return crop


def curves(rng, dusk):
    """Per channel a table of 256 values: gain, offset, gamma, tint."""
    ramp = np.linspace(0, 1, 256)
    if dusk:
        ramp = ramp ** rng.uniform(1.2, 2.0) * rng.uniform(0.3, 0.8)
    else:
        ramp = np.clip(ramp * rng.uniform(0.65, 1.35) + rng.uniform(-0.12, 0.12), 0, 1) ** np.exp(rng.normal(0, 0.2))
    return [np.clip(ramp * tint * 255, 0, 255).astype(np.uint8) for tint in np.exp(rng.normal(0, 0.06, 3))]


def lamps(rng, side):
    glow = np.zeros((64, 64, 3), np.uint8)
    for _ in range(rng.integers(0, 5)):
        x, y = (int(v) for v in rng.integers(0, 64, 2))
        cv2.circle(glow, (x, y), int(rng.integers(1, 5)), tuple(float(v) for v in (150, 200, 255)), -1)
    return cv2.resize(cv2.GaussianBlur(glow, (0, 0), 2.5), (side, side))


def targets(boxes, known, side):
    """heat [C, h, w]: 1 at an object's cell, falling off around it; sides [C, 4, h, w] and their weights [C, h, w]; weight [C, h, w]."""
    cells = side // STRIDE
    heat = np.zeros((len(CLASSES), cells, cells), np.float32)
    sides = np.ones((len(CLASSES), 4, cells, cells), np.float32)
    sides_weight, weight = np.zeros_like(heat), np.zeros_like(heat)
    for name in known:
        weight[CLASSES.index(name)] = 1
    centres = (np.arange(cells) + 0.5) * STRIDE
    by_area = sorted(boxes, key=lambda b: (b[2] - b[0]) * (b[3] - b[1]), reverse=True)
    for left, top, right, bottom, name in sorted(by_area, key=lambda b: not b[4].startswith("ignore_")):
        rows, columns = slice(int(top // 8), int(np.ceil(bottom / 8))), slice(int(left // 8), int(np.ceil(right / 8)))
        channel = CLASSES.index(name.removeprefix("ignore_"))
        if name.startswith("ignore_") or bottom - top < 6:
            weight[channel, rows, columns] = 0
            continue
        middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
        sigma_x, sigma_y = max(right - left, 12) / 6, max(bottom - top, 12) / 6
        bump = np.exp(-((centres[None] - middle_x) / sigma_x) ** 2 / 2 - ((centres[:, None] - middle_y) / sigma_y) ** 2 / 2)
        heat[channel] = np.maximum(heat[channel], np.minimum(bump, 0.99))
        x, y = min(int(middle_x // 8), cells - 1), min(int(middle_y // 8), cells - 1)
        heat[channel, y, x] = 1
        weight[channel, y, x] = 1
        near = (bump > 0.6) & (centres[None] > left) & (centres[None] < right) & (centres[:, None] > top) & (centres[:, None] < bottom)
        near[y, x] = True
        v, u = np.nonzero(near)
        wanted = (centres[u] - left, centres[v] - top, right - centres[u], bottom - centres[v])
        sides[channel, :, v, u] = np.maximum(wanted, 0.5).T
        sides_weight[channel][near] = bump[near]
        sides_weight[channel, y, x] = 1
    return heat, sides, sides_weight, weight
