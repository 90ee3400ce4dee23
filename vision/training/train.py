"""Trains MapNet-S on a CPU and writes it as a TorchScript file.

    vision/training/train.py --data DIR --taught taught.json --out vision/models/mapnet-s.pt --minutes 25
"""
import argparse
import copy
import hashlib
import json
import math
import time

import torch
from torch.nn import functional

from crops import Crops
from measure import report
from net import MapNetS, fused
from pictures import CLASSES, boxes_of_all, is_held_out, is_in_gap


def focal(logits, heat, weight):
    """Focal loss with softened negatives around each centre (CornerNet, Law and Deng 2018), per object."""
    p = torch.sigmoid(logits).clamp(1e-4, 1 - 1e-4)
    centre = heat == 1
    positive = -torch.log(p) * (1 - p) ** 2 * centre
    negative = -torch.log(1 - p) * p ** 2 * (1 - heat) ** 4 * ~centre
    return ((positive + negative) * weight).sum() / centre.sum().clamp(min=1)


def giou_loss(sides, wanted, weight):
    """1 - generalised IoU (Rezatofighi et al. 2019) of boxes around a common centre."""
    chosen = weight > 0
    sides, wanted = (s.unflatten(1, (-1, 4)).movedim(2, 4)[chosen] for s in (sides, wanted.flatten(1, 2)))
    weight = weight[chosen]

    def area(s):
        return (s[:, 0] + s[:, 2]) * (s[:, 1] + s[:, 3])
    small, large = torch.minimum(sides, wanted), torch.maximum(sides, wanted)
    both = area(small)
    union = area(sides) + area(wanted) - both
    hull = area(large)
    giou = both / union - (hull - union) / hull
    return ((1 - giou) * weight).sum() / weight.sum().clamp(min=1)


def train(net, loader, minutes, rate, kept_at):
    optimizer = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=0.02)
    average = copy.deepcopy(net)
    start, step, seen = time.time(), 0, [0.0, 0.0]
    for batch, heat, sides, sides_weight, weight in loader:
        share = (time.time() - start) / (minutes * 60)
        if share >= 1:
            break
        for group in optimizer.param_groups:
            group["lr"] = rate * min(1, (step + 1) / 40) * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * share)))
        batch = batch.float().contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits, found = net(batch)
        classes, boxes = focal(logits, heat, weight), giou_loss(found, sides, sides_weight)
        optimizer.zero_grad(set_to_none=True)
        (classes + 2 * boxes).backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 10)
        optimizer.step()
        step += 1
        keep = min(0.998, step / (step + 20))
        for mean, now in zip(average.state_dict().values(), net.state_dict().values()):
            if mean.dtype.is_floating_point:
                mean.mul_(keep).add_(now, alpha=1 - keep)
            else:
                mean.copy_(now)
        seen = [seen[0] + classes.item(), seen[1] + boxes.item()]
        if step % 50 == 0:
            print(f"{time.time() - start:6.0f} s  step {step}  classes {seen[0] / 50:.3f}  boxes {seen[1] / 50:.3f}", flush=True)
            seen = [0.0, 0.0]
            torch.save(average.state_dict(), kept_at)
    return average


def start(net, state, classes):
    """Takes over a state of a net that knew other classes: a class it didn't know starts as rare, with the sides of the first."""
    for name in ("classes.1", "sides.1"):
        for part in (name + ".weight", name + ".bias"):
            old = state[part].unflatten(0, (-1, 1 if name == "classes.1" else 4))
            empty = torch.zeros_like(old[0]) if part.endswith("weight") else torch.full_like(old[0], -4.6)
            fallback = empty if name == "classes.1" else old[0]
            shared = len(old) == 1
            rows = [old[0 if shared else classes.index(c)] if c in classes else fallback for c in CLASSES]
            state[part] = torch.cat(rows)
    net.load_state_dict(state)


def save(net, path):
    """Writes the weights as float16, half the size; what runs them makes them float32 again. Gives what was written."""
    torch.jit.script(fused(net).half()).save(path)
    scripted = torch.jit.load(path).float().eval()
    with open(path, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    print(f"{path}: {sum(p.numel() for p in net.parameters())} parameters, SHA-256 {digest}")
    return scripted


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="folder with labels/ and drives/")
    parser.add_argument("--taught", required=True, help="boxes that teach.py proposed")
    parser.add_argument("--out", required=True, help="TorchScript file to write")
    parser.add_argument("--minutes", type=float, default=25, help="0: only writes and measures what --start-from names")
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--start-from", help="state to go on from (FILE.state of an earlier run)")
    parser.add_argument("--start-classes", default=",".join(CLASSES), help="the classes of that state")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(1)
    with open(args.taught) as file:
        boxes = boxes_of_all(args.data, json.load(file))
    learn = {p: b for p, b in boxes.items() if not is_held_out(p) and not is_in_gap(p)}
    crops = Crops(args.data, learn, seed=1)
    print(f"{len(learn)} pictures to learn from,", {c: len(o) for c, o in zip(CLASSES, crops.objects)})
    loader = torch.utils.data.DataLoader(crops, batch_size=None, num_workers=2)
    net = MapNetS(len(CLASSES))
    if args.start_from:
        start(net, torch.load(args.start_from), args.start_classes.split(","))
    if args.minutes > 0:
        net = train(net.to(memory_format=torch.channels_last).train(), loader, args.minutes, args.rate, args.out + ".state")
        torch.save(net.state_dict(), args.out + ".state")
    scripted = save(net, args.out)
    report(scripted, args.data, {p: b for p, b in boxes.items() if is_held_out(p)})


if __name__ == "__main__":
    main()
