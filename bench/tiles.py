#!/usr/bin/env python3
"""One changed feature: what it costs us to have its tiles right again, and what it costs PostGIS to render them.

    bench/tiles.py [--programs build/release/bin] [--rounds 20] [FEATURES...]

Ours is bench_tiles. PostGIS has the features of the first size in one table, with an index for the features of each zoom, and answers one
prepared ST_AsMVT query for each of the 15 tiles over the densest leaf after one row was changed; CPU is that of its process, without gzip. It is left
out with a word where Debian's postgresql-15-postgis-3 isn't installed.
"""
import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
TABLE = """create table features (id uuid primary key, class text, state text, existence float8, accuracy_m float8, first_seen timestamptz, last_seen timestamptz,
  views int, contributors int, min_zoom int, place geometry(Point, 3857))"""
TILE = """prepare tile_{z} as select length(ST_AsMVT(t, 'features', 4096, 'shape')) from (
  select id::text, class, state, existence, accuracy_m, first_seen::date::text, last_seen::date::text, views, contributors,
    ST_AsMVTGeom(place, ST_TileEnvelope({z}, {x}, {y}), 4096, 0, false) as shape
  from features where min_zoom <= {z} and place && ST_TileEnvelope({z}, {x}, {y})) t"""


class Server:
    """One session of psql, and the process that serves it."""

    def __init__(self, url):
        self.psql = subprocess.Popen(["psql", "-qAtX", "-v", "ON_ERROR_STOP=1", url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.pid = int(self.ask("select pg_backend_pid()"))

    def ask(self, sql):
        """The last line that a statement answers."""
        self.psql.stdin.write(f"{sql};\n\\echo done\n")
        self.psql.stdin.flush()
        last = ""
        for answer in self.psql.stdout:
            if answer.strip() == "done":
                return last
            last = answer.strip()
        raise SystemExit(f"PostgreSQL refused: {sql}")

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure_postgis(programs, count, rounds):
    server = Server(os.environ["CAIRN_TEST_POSTGRESQL"].replace("NAME", "postgres"))
    server.ask("create extension postgis")
    server.ask("set max_parallel_workers_per_gather = 0; set jit = off")
    server.ask(TABLE)
    with tempfile.TemporaryDirectory() as folder:
        csv = pathlib.Path(folder) / "features.csv"
        leaf = subprocess.run([programs / "bench_tiles", "--csv", csv, str(count)], capture_output=True, text=True, check=True).stdout.strip()
        server.ask(f"\\copy features from {csv} csv")
    zoom, x, y = map(int, leaf.split("/"))
    for z in range(zoom + 1):
        server.ask(f"create index on features using gist (place) where min_zoom <= {z}")
        server.ask(TILE.format(z=z, x=x >> (zoom - z), y=y >> (zoom - z)))
    server.ask("vacuum analyze features")
    changed = server.ask(f"select id from features where place && ST_TileEnvelope({zoom}, {x}, {y}) limit 1")
    all_of_them = "; ".join([f"update features set views = views + 1 where id = '{changed}'", *(f"execute tile_{z}" for z in range(zoom, -1, -1))])
    server.ask(all_of_them)
    before = server.cpu_seconds()
    for _ in range(rounds):
        server.ask(all_of_them)
    print(f"PostGIS, {count} features: all 15 tiles of zoom {zoom}-0 over {leaf}: {(server.cpu_seconds() - before) * 1000 / rounds:.1f} ms CPU, without gzip")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--programs", default="build/release/bin", type=pathlib.Path)
    options.add_argument("--rounds", default=20, type=int)
    options.add_argument("counts", metavar="FEATURES", nargs="*", type=int, default=[1_000_000, 10_000_000])
    options = options.parse_args()
    if "CAIRN_TEST_POSTGRESQL" in os.environ:
        return measure_postgis(options.programs, options.counts[0], options.rounds)
    subprocess.run([options.programs / "bench_tiles", *map(str, options.counts)], check=True)
    sys.stdout.flush()
    if not list(pathlib.Path("/usr/share/postgresql").glob("*/extension/postgis.control")):
        return print("PostGIS: skipped, it isn't installed (apt-get install postgresql-15-postgis-3)")
    subprocess.run([ROOT / "tests" / "with-postgresql", sys.executable, __file__, *sys.argv[1:]], check=True)
    return None


if __name__ == "__main__":
    main()
