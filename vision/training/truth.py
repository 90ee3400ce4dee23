"""Prints the boxes of the held-out pictures as lines for bench/vision_eval: path group known,known class left top right bottom."""
import argparse
import json

from pictures import boxes_of_all, is_held_out, labelled


def group_of(path):
    marks = {"plates_dashcam/day": "day", "plates_dashcam/night": "night", "signs_gtsdb": "gtsdb", "lund": "lund"}
    return next(group for mark, group in marks.items() if mark in path)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="folder with labels/ and drives/")
    parser.add_argument("--heads", required=True, help="heads.json of teach_heads.py")
    args = parser.parse_args()
    with open(args.heads) as file:
        boxes = boxes_of_all(args.data, json.load(file))
    for path in filter(is_held_out, boxes):
        start = f"{path} {group_of(path)} {','.join(labelled(path))}"
        for box in boxes[path] or [["-"]]:
            print(start, box[-1], *(f"{side:.1f}" for side in box[:4] if side != "-"))


if __name__ == "__main__":
    main()
