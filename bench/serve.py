#!/usr/bin/env python3
"""What serving tiles costs, against nginx's sendfile on the same bytes.

    bench/serve.py [--programs build/release/bin] [--rounds 5] [--seconds 5] [--connections 32] [--tiles 20000] [--cache 64]
    bench/serve.py --tiles 1000000 --cache 256        a million addresses (20,000 distinct tiles)
    bench/serve.py --gateway            the tiles of a catalogue, each request with a key whose use is counted and limited

Both have one worker. Ours: `cairn tiles serve` of one PMTiles; theirs: one file per tile, sendfile, tcp_nopush, an open-file cache, no log.
Both send an ETag and Content-Encoding: gzip. `hot` asks for one tile again and again, `zipf` for tiles by Zipf's law (exponent 1), `known` for
one that the client has already (304). Servers have the first core and the load, from wrk, has the others, so that neither waits for the other. Rounds alternate (ours, theirs, …); CPU is user + system of the
serving process from /proc; medians. Memory is what is not a file's. Needs Debian's wrk and nginx-light, or prints "skipped".
"""
import argparse
import bisect
import gzip
import itertools
import hashlib
import json
import os
import pathlib
import random
import re
import resource
import shutil
import socket
import sqlite3
import statistics
import struct
import subprocess
import tempfile
import time

TICK = os.sysconf("SC_CLK_TCK")
DISTINCT = 20_000
ZOOM = 14
WANTED = 200_000  # requests drawn beforehand
CORES = [str(core) for core in sorted(os.sched_getaffinity(0))]
ON_SERVERS_CORE = ["taskset", "-c", CORES[0]]
# nginx keeps files open in its cache: as many as the system lets it.
resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
MOST_OPEN_FILES = min(30_000, resource.getrlimit(resource.RLIMIT_NOFILE)[1] - 1000)
ON_LOADS_CORES = ["taskset", "-c", ",".join(CORES[1:] or CORES)]


def varint(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def hilbert_id(zoom, x, y):
    """PMTiles v3: tiles of all zooms before, then the place on the Hilbert curve."""
    total, place = ((1 << 2 * zoom) - 1) // 3, 0
    side = 1 << zoom - 1
    while side > 0:
        rx, ry = int(x & side > 0), int(y & side > 0)
        place += side * side * (3 * rx ^ ry)
        if ry == 0:
            if rx == 1:
                x, y = (1 << zoom) - 1 - x, (1 << zoom) - 1 - y
            x, y = y, x
        side >>= 1
    return total + place


def directory(entries):
    """(id, run, length, offset) each, packed."""
    out = bytearray(varint(len(entries)))
    last = 0
    for entry in entries:
        out += varint(entry[0] - last)
        last = entry[0]
    for column in (1, 2):
        for entry in entries:
            out += varint(entry[column])
    for entry in entries:
        out += varint(entry[3] + 1)
    return gzip.compress(bytes(out), 6, mtime=0)


def write_pmtiles(path, tiles, contents):
    """tiles: (x, y) each; tile i has content i mod len(contents)."""
    offsets = list(itertools.accumulate((len(content) for content in contents), initial=0))
    entries = sorted((hilbert_id(ZOOM, x, y), 1, len(contents[i % len(contents)]), offsets[i % len(contents)]) for i, (x, y) in enumerate(tiles))
    leaves, root = bytearray(), []
    for first in range(0, len(entries), 4096):
        leaf = directory(entries[first:first + 4096])
        root.append((entries[first][0], 0, len(leaf), len(leaves)))
        leaves += leaf
    root, metadata = directory(root), gzip.compress(json.dumps({"name": "bench", "vector_layers": []}).encode(), mtime=0)
    at = list(itertools.accumulate((len(root), len(metadata), len(leaves), offsets[-1]), initial=127))
    sections = [value for start, end in zip(at, at[1:]) for value in (start, end - start)]
    header = b"PMTiles\x03" + struct.pack("<11Q", *sections, len(entries), len(entries), len(contents))
    header += bytes([0, 2, 2, 1, ZOOM, ZOOM]) + struct.pack("<4iB2i", -1_800_000_000, -850_000_000, 1_800_000_000, 850_000_000, ZOOM, 0, 0)
    with open(path, "wb") as out:
        for part in (header, root, metadata, leaves, *contents):
            out.write(part)


def cpu_of(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def memory_of(pid):
    """MiB that are not of a file."""
    return int(re.search(r"RssAnon:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())[1]) / 1024


class Ours:
    def __init__(self, programs, archive, cache_mb):
        self.process = subprocess.Popen([*ON_SERVERS_CORE, programs / "cairn", "tiles", "serve", archive, "--listen", "127.0.0.1:0", "--threads", "1", "--cache", str(cache_mb), "--log-level", "warn"],
                                        stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().split()[-1]
        self.pid = self.process.pid

    def path(self, x, y):
        return f"/tiles/{ARCHIVE}/{ZOOM}/{x}/{y}.mvt"


class Gateway:
    """A catalogue whose tiles are these, as the coordinator would have put them there."""
    def __init__(self, programs, folder, tiles, contents, cache_mb):
        data = folder / "cairn"
        token = subprocess.run([programs / "cairn", "token", "create", "--account", "bench", "--data", data], capture_output=True, text=True, check=True).stdout.split()[-1]
        self.key = token
        names = []
        for content in contents:
            name = hashlib.sha256(content).hexdigest()
            blob = data / "blobs" / "public" / name[:2] / name
            blob.parent.mkdir(parents=True, exist_ok=True)
            blob.write_bytes(content)
            names.append(name)
        with sqlite3.connect(data / "catalogue.db") as catalogue:
            catalogue.executemany("insert into tiles(tileset, zoom, x, y, hash, blob, size, rollup) values ('map', ?, ?, ?, ?, ?, 1, '')",
                                  ((ZOOM, x, y, names[i % len(names)], names[i % len(names)]) for i, (x, y) in enumerate(tiles)))
        catalogue.close()
        self.process = subprocess.Popen([*ON_SERVERS_CORE, programs / "cairn-gateway", "--data", data, "--port", "0", "--log-level", "warn", "--http-tile-cache-mb", str(cache_mb), "--http-token-tiles-per-day", "1000000000"])
        address = data / "run/address"
        while not address.exists():
            time.sleep(0.02)
        self.url = address.read_text().strip()
        self.pid = self.process.pid

    def path(self, x, y):
        return f"/tiles/map/{ZOOM}/{x}/{y}.mvt?key={self.key}"


class Nginx:
    def __init__(self, program, folder):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        user = "user root;" if os.getuid() == 0 else ""
        (folder / "nginx.conf").write_text(
            f"{user} worker_processes 1; daemon off; pid {folder}/pid; error_log stderr error; events {{ worker_connections 512; }}\n"
            f"http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; open_file_cache max={MOST_OPEN_FILES} inactive=10m; open_file_cache_valid 10m;\n"
            f"types {{ application/vnd.mapbox-vector-tile mvt; }} server {{ listen 127.0.0.1:{port}; root {folder}/files; etag on;\n"
            f"location / {{ add_header Content-Encoding gzip; add_header Cache-Control \"public, max-age=60\"; add_header X-Content-Type-Options nosniff; }} }} }}\n")
        self.process = subprocess.Popen([*ON_SERVERS_CORE, program, "-p", folder, "-c", folder / "nginx.conf"])
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        while not (folder / "pid").exists() or not children.read_text().split():
            time.sleep(0.05)
        self.pid = int(children.read_text().split()[0])
        self.url = f"http://127.0.0.1:{port}"

    def path(self, x, y):
        return f"/{ZOOM}/{x}/{y}.mvt"


def etag_of(server, path):
    answer = subprocess.run(["curl", "-sI", "-H", "Accept-Encoding: gzip", server.url + path], capture_output=True, text=True, check=True).stdout
    if " 200 " not in answer.splitlines()[0]:
        raise SystemExit(f"{server.url}{path} answers {answer.splitlines()[0]}")
    return re.search(r"(?i)^etag: (.*?)\r?$", answer, re.M)[1]


def script_of(folder, name, paths, headers):
    """A wrk script that asks for these one after the other, each thread from a place of its own."""
    (folder / f"{name}.paths").write_text("\n".join(paths))
    head = "".join(f'wrk.headers["{key}"] = [[{value}]]\n' for key, value in headers.items())
    lua = folder / f"{name}.lua"
    lua.write_text(head + f'''
local wanted, at = {{}}, 0
function init(args)
  for line in io.lines("{folder}/{name}.paths") do wanted[#wanted + 1] = wrk.format("GET", line) end
  math.randomseed(tonumber(tostring(wanted):match("0x(%x+)"), 16) % 2147483647)
  at = math.random(#wanted)
end
function request()
  at = at % #wanted + 1
  return wanted[at]
end
function done(summary, latency)
  io.write(string.format("told %d %d %d %d\\n", summary.requests, latency:percentile(50), latency:percentile(99), summary.errors.status + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
''')
    return lua


def one_round(wrk, server, script, arguments):
    before = cpu_of(server.pid)
    told = subprocess.run([*ON_LOADS_CORES, wrk, "-t", str(max(1, len(CORES) - 1)), "-c", str(arguments.connections), "-d", f"{arguments.seconds}s", "-s", script, server.url], capture_output=True, text=True, check=True).stdout
    cpu = cpu_of(server.pid) - before
    requests, p50, p99, errors = map(int, re.search(r"told (\d+) (\d+) (\d+) (\d+)", told).groups())
    if errors:
        raise SystemExit(f"{errors} of {requests} requests failed")
    return cpu / requests * 1e6, requests / arguments.seconds, p50 / 1000, p99 / 1000


def zipf(count, rng):
    """WANTED numbers below `count`, i as often as 1 / (i + 1)."""
    sums = list(itertools.accumulate(1 / (i + 1) for i in range(count)))
    return [min(bisect.bisect_left(sums, rng.random() * sums[-1]), count - 1) for _ in range(WANTED)]


def compare(servers, tiles, wrk, folder, arguments):
    rng = random.Random(3)
    wanted = [tiles[i] for i in zipf(len(tiles), rng)]
    hot = [tiles[0]]
    print(f"{'':6} {'server':>6} {'CPU us':>7} {'ratio':>6} {'req/s':>8} {'p50 ms':>7} {'p99 ms':>7} {'MiB':>6}   (CPU per request, medians; load {os.getloadavg()[0]:.1f})")
    for name, asked in (("hot", hot), ("zipf", wanted), ("known", hot)):
        scripts = []
        for server in servers:
            headers = {"Accept-Encoding": "gzip"}
            etag = etag_of(server, server.path(*hot[0]))
            if name == "known":
                headers["If-None-Match"] = etag
            scripts.append(script_of(folder, f"{name}-{type(server).__name__}", [server.path(*tile) for tile in asked], headers))
        figures = [[] for _ in servers]
        for turn in range(arguments.rounds + 1):  # the first warms caches
            for side, server in enumerate(servers):
                figure = one_round(wrk, server, scripts[side], arguments)
                if turn > 0:
                    figures[side].append(figure)
        medians = [[statistics.median(column) for column in zip(*of_side)] for of_side in figures]
        for server, median in zip(servers, medians):
            ratio = median[0] / medians[-1][0]
            print(f"{name:6} {type(server).__name__.lower():>6} {median[0]:7.2f} {ratio:6.2f} {median[1]:8.0f} {median[2]:7.2f} {median[3]:7.2f} {memory_of(server.pid):6.1f}", flush=True)


ARCHIVE = "bench"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=pathlib.Path, default=pathlib.Path("build/release/bin"))
    parser.add_argument("--scratch", help="folder for 1 GB; default: the system's")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--tiles", type=int, default=20_000, help="addresses")
    parser.add_argument("--bytes", type=int, default=24_000, help="of a tile")
    parser.add_argument("--cache", type=int, default=64, help="MB of ours for prepared answers")
    parser.add_argument("--gateway", action="store_true", help="the gateway's tiles instead of an archive's")
    arguments = parser.parse_args()
    wrk, nginx = shutil.which("wrk"), shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
    if not wrk or not nginx:
        print("skipped: " + " and ".join(name for name, found in (("wrk", wrk), ("nginx (Debian: nginx-light)", nginx)) if not found) + " isn't installed")
        return
    with tempfile.TemporaryDirectory(dir=arguments.scratch) as scratch:
        folder = pathlib.Path(scratch)
        rng = random.Random(1)
        contents = [gzip.compress(rng.randbytes(arguments.bytes - 30), 0, mtime=0) for _ in range(min(DISTINCT, arguments.tiles))]
        side = int(arguments.tiles ** 0.5) + 1
        tiles = [(6000 + i % side, 5000 + i // side) for i in range(arguments.tiles)]
        write_pmtiles(folder / f"{ARCHIVE}.pmtiles", tiles, contents)
        for i, content in enumerate(contents):
            (folder / f"{i}.content").write_bytes(content)
        for i, (x, y) in enumerate(tiles):
            file = folder / "files" / str(ZOOM) / str(x) / f"{y}.mvt"
            if i < side or not file.parent.exists():
                file.parent.mkdir(parents=True, exist_ok=True)
            os.link(folder / f"{i % len(contents)}.content", file)
        programs = arguments.programs.resolve()
        ours = Gateway(programs, folder, tiles, contents, arguments.cache) if arguments.gateway else Ours(programs, folder / f"{ARCHIVE}.pmtiles", arguments.cache)
        servers = [ours, Nginx(nginx, folder)]
        try:
            compare(servers, tiles, wrk, folder, arguments)
        finally:
            for server in servers:
                server.process.terminate()
                server.process.wait()


if __name__ == "__main__":
    main()
