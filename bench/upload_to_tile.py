#!/usr/bin/env python3
"""How long from the end of an upload until its frames are on the zoom-14 tile: p50 and p95 over small simulated sequences.

    bench/upload_to_tile.py [--programs build/release/bin] [--sequences 20] [--frames 12]
    bench/upload_to_tile.py --large-set 9000     CPU of gateway and coordinator for one set that is decoded as it comes, and no more

Starts an instance of its own on a free port, sends one sequence after another, and asks for the tile of its last frame every
20 ms until the id of a picture stands in it: that of the file that was sent last. The clock starts when `cairn upload --no-wait`
has ended: all is acknowledged by then.
"""
import argparse
import json
import math
import os
import pathlib
import sqlite3
import subprocess
import tempfile
import time
import urllib.request

from ingest import cpu_of


def get(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read()


def tile_of(lat, lon, zoom=14):
    n = 2**zoom
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return f"{zoom}/{int((lon + 180) / 360 * n)}/{int(y * n)}"


def wait_for(condition, limit_s=60):
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.02)
    raise SystemExit("waited in vain")


def drawn_drive(cairn, folder, seed, frames):
    # Each drive stands some kilometres from the last, so that tiles are built anew and not only changed.
    origin = f"{47.0 + seed * 0.05:.2f},21.08"
    subprocess.run([cairn, "simulate", "town", "--seed", str(seed), "--drives", "1", "--frames", str(frames), "--size", "640x360", "--fast",
                    "--origin", origin, "--out", folder], check=True, stdout=subprocess.DEVNULL)
    return next(path for path in pathlib.Path(folder).iterdir() if path.is_dir() and path.name != "imu")  # an IMU's table is no track


def sent(cairn, url, drive):
    """The id of its upload set."""
    answer = subprocess.run([cairn, "upload", str(drive), "--to", url, "--title", "bench", "--no-wait", "--json"], check=True, stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL)
    return json.loads(answer.stdout)["id"]


def one_sequence(cairn, url, folder, seed, frames):
    drive = drawn_drive(cairn, folder, seed, frames)
    upload_set = sent(cairn, url, drive)
    began = time.monotonic()
    truth = json.loads((pathlib.Path(folder) / "truth.json").read_text())
    last = truth["drives"][0]["frames"][-1]
    picture = json.loads(get(f"{url}/api/upload_sets/{upload_set}/files"))["files"][-1]["picture_id"]
    tile = f"{url}/tiles/map/{tile_of(last['lat'], last['lon'])}.mvt"
    wait_for(lambda: picture.encode() in get(tile))
    return time.monotonic() - began


def one_large_set(cairn, url, up, data, folder, frames):
    drive = drawn_drive(cairn, folder, 1, frames)
    pids = {pathlib.Path(f"/proc/{pid}/comm").read_text().strip(): pid for pid in pathlib.Path(f"/proc/{up}/task/{up}/children").read_text().split()}
    gateway, coordinator = pids["cairn-gateway"], pids["cairn-coordinat"]  # the system keeps 15 letters
    began = time.monotonic()
    sent(cairn, url, drive)
    uploaded = time.monotonic()
    catalogue = sqlite3.connect(f"file:{data / 'catalogue.db'}?mode=ro", uri=True)  # asking the gateway would cost what is measured
    wait_for(lambda: catalogue.execute("select count(*) from files where state = 'received'").fetchone()[0] == 0, 3600)
    print(f"{frames} pictures sent in {uploaded - began:.0f} s, all decoded {time.monotonic() - uploaded:.1f} s later: CPU of gateway "
          f"{cpu_of([gateway]):.1f} s, coordinator {cpu_of([coordinator]):.1f} s")


def many_sequences(cairn, url, scratch, sequences, frames):
    seconds = []
    for seed in range(1, sequences + 1):
        seconds.append(one_sequence(cairn, url, os.path.join(scratch, f"drive-{seed}"), seed, frames))
        print(f"  {seed}: {seconds[-1]:.2f} s", flush=True)
    seconds.sort()
    at = lambda share: seconds[min(len(seconds) - 1, math.ceil(share * len(seconds)) - 1)]
    print(f"{len(seconds)} sequences of {frames} frames: upload to tile p50 {at(0.5):.2f} s, p95 {at(0.95):.2f} s, most {seconds[-1]:.2f} s")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", default="build/release/bin")
    parser.add_argument("--sequences", type=int, default=20)
    parser.add_argument("--frames", type=int, default=12)
    parser.add_argument("--large-set", type=int, default=0, help="pictures of one set")
    arguments = parser.parse_args()
    cairn = str(pathlib.Path(arguments.programs) / "cairn")
    with tempfile.TemporaryDirectory() as scratch:
        data = pathlib.Path(scratch) / "data"
        stages = ["--worker-stages", "decode"] if arguments.large_set else []
        up = subprocess.Popen([cairn, "up", "--data", str(data), "--port", "0", "--log-level", "warn", "--rewards-epoch-h", "0", *stages],
                              stdout=subprocess.DEVNULL)
        try:
            ready = data / "run" / "ready"
            wait_for(lambda: ready.exists() and ready.read_text().strip())
            url = ready.read_text().strip()
            if arguments.large_set:
                one_large_set(cairn, url, up.pid, data, os.path.join(scratch, "drive"), arguments.large_set)
            else:
                many_sequences(cairn, url, scratch, arguments.sequences, arguments.frames)
        finally:
            up.terminate()
            up.wait()


if __name__ == "__main__":
    main()
