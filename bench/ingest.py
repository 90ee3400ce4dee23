#!/usr/bin/env python3
"""What a durable upload costs the server, against nginx storing the same bytes plus sha256sum of them.

    bench/ingest.py [--programs build/release/bin] [--rounds 5] [--megabytes 100] [--sizes 250,3000] [--connections 1,8,64]
    bench/ingest.py --tus               the same over tus instead of multipart
    bench/ingest.py --flat 60           memory of the gateway under 64 busy connections, every 5 s

Ours: cairn-gateway alone, multipart to one upload set over keep-alive connections; each answer means that bytes and row are on
the disk. Theirs: PUT to nginx's dav module, one worker process, no fsync; then `sha256sum` of what it stored. Rounds alternate
(ours, theirs, ours, theirs, …); CPU is user + system of the server's processes from /proc; medians. Pictures are one street
photo with fresh bytes in its scan data, so no two are the same. Needs Debian's nginx-light, or prints "skipped".
"""
import argparse
import base64
import http.client
import json
import os
import pathlib
import random
import resource
import shutil
import socket
import statistics
import subprocess
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
TICK = os.sysconf("SC_CLK_TCK")


def picture(size, rng):
    photo = (ROOT / "data-samples/main-street-east/000.jpg").read_bytes()
    filling = rng.randbytes(max(0, size - len(photo))).replace(b"\xff", b"\x7f")
    return photo[:-2] + filling + photo[-2:]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def cpu_of(pids):
    total = 0
    for pid in pids:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICK


def memory_of(pid, kind="VmRSS"):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(status.split(kind + ":")[1].split()[0]) / 1024


class Ours:
    def __init__(self, programs, scratch):
        self.data = scratch / "cairn"
        self.process = subprocess.Popen([programs / "cairn-gateway", "--data", self.data, "--port", "0", "--log-level", "warn"])
        address = self.data / "run/address"
        while not address.exists():
            time.sleep(0.02)
        self.port = int(address.read_text().strip().rsplit(":", 1)[1])
        self.new_set()

    def new_set(self):
        asked = http.client.HTTPConnection("127.0.0.1", self.port)
        asked.request("POST", "/api/upload_sets", json.dumps({"title": "bench"}), {"Content-Type": "application/json"})
        self.set = json.loads(asked.getresponse().read())["id"]

    def request(self, name, content):
        head = f'--cut\r\nContent-Disposition: form-data; name="file"; filename="{name}.jpg"\r\n\r\n'.encode()
        tail = b"\r\n--cut--\r\n"
        return (f"POST /api/upload_sets/{self.set}/files HTTP/1.1\r\nHost: bench\r\nContent-Type: multipart/form-data; boundary=cut\r\n"
                f"Content-Length: {len(head) + len(content) + len(tail)}\r\n\r\n").encode() + head, content, tail

    def pids(self):
        return [self.process.pid]

    def finish_round(self):
        self.new_set()
        return 0.0

    def stop(self):
        self.process.terminate()
        self.process.wait()


class OursByTus(Ours):
    """The same files with their bytes in the creation: one request each, as `cairn upload` sends pictures."""
    def request(self, name, content):
        coded = [base64.b64encode(word.encode()).decode() for word in (self.set, f"{name}.jpg")]
        return (f"POST /files HTTP/1.1\r\nHost: bench\r\nTus-Resumable: 1.0.0\r\nContent-Type: application/offset+octet-stream\r\n"
                f"Upload-Metadata: upload_set {coded[0]},filename {coded[1]}\r\nUpload-Length: {len(content)}\r\n"
                f"Content-Length: {len(content)}\r\n\r\n").encode(), content, b""


class Nginx:
    def __init__(self, program, scratch):
        self.port = free_port()
        self.folder = scratch / "nginx"
        (self.folder / "files").mkdir(parents=True)
        (self.folder / "temp").mkdir()
        user = "user root;" if os.getuid() == 0 else ""
        (self.folder / "nginx.conf").write_text(
            f"{user} worker_processes 1; daemon off; pid {self.folder}/pid; error_log stderr error; events {{ worker_connections 512; }}\n"
            f"http {{ access_log off; client_body_temp_path {self.folder}/temp; client_max_body_size 100m; keepalive_requests 1000000;\n"
            f"server {{ listen 127.0.0.1:{self.port}; root {self.folder}/files; location / {{ dav_methods PUT; }} }} }}\n")
        self.process = subprocess.Popen([program, "-p", self.folder, "-c", self.folder / "nginx.conf"])
        while not (self.folder / "pid").exists():
            time.sleep(0.02)
        time.sleep(0.2)

    def request(self, name, content):
        return f"PUT /{name}.jpg HTTP/1.1\r\nHost: bench\r\nContent-Length: {len(content)}\r\n\r\n".encode(), content, b""

    def pids(self):
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [self.process.pid, *map(int, children)]

    def finish_round(self):
        """sha256sum of what came; gives its CPU seconds."""
        files = sorted((self.folder / "files").iterdir())
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(["sha256sum", *files], check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        for file in files:
            file.unlink()
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def stop(self):
        self.process.terminate()
        self.process.wait()


def answered(stream):
    status = int(stream.readline().split()[1])
    length = 0
    while (line := stream.readline().strip()) != b"":
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    stream.read(length)
    return status


def send_all(server, pictures, connections):
    """Every picture once, over so many connections; gives wall seconds."""
    turns = iter(pictures)
    lock = threading.Lock()
    bad = []

    def sender():
        with socket.create_connection(("127.0.0.1", server.port)) as link:
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            stream = link.makefile("rb")
            while True:
                with lock:
                    turn = next(turns, None)
                if turn is None:
                    return
                for part in server.request(*turn):
                    if part:
                        link.sendall(part)
                status = answered(stream)
                if status not in (201, 202, 204):
                    bad.append(status)

    began = time.monotonic()
    threads = [threading.Thread(target=sender) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if bad:
        raise SystemExit(f"{len(bad)} uploads were refused, the first with {bad[0]}")
    return time.monotonic() - began


def one_round(server, pictures, connections):
    before = cpu_of(server.pids())
    wall = send_all(server, pictures, connections)
    cpu = cpu_of(server.pids()) - before
    return (cpu + server.finish_round()) / len(pictures) * 1000, wall


def compare(ours, theirs, arguments):
    rng = random.Random(1)
    print(f"{'kB':>5} {'conns':>5} {'ours ms':>8} {'theirs ms':>9} {'ratio':>6} {'ours/s':>7} {'theirs/s':>8}   (CPU per picture, medians; load {os.getloadavg()[0]:.1f})")
    for size in arguments.sizes:
        count = max(arguments.megabytes * 1000 // size, 8)
        for connections in arguments.connections:
            cpus, walls = ([], []), ([], [])
            for turn in range(arguments.rounds):
                pictures = [(f"{size}-{connections}-{turn}-{i}", picture(size * 1000, rng)) for i in range(count)]
                for side, server in enumerate((ours, theirs)):
                    cpu, wall = one_round(server, pictures, connections)
                    cpus[side].append(cpu)
                    walls[side].append(count / wall)
            a, b = map(statistics.median, cpus)
            print(f"{size:5} {connections:5} {a:8.2f} {b:9.2f} {a / b:6.2f} {statistics.median(walls[0]):7.0f} {statistics.median(walls[1]):8.0f}", flush=True)


def flat(ours, seconds):
    """Memory must not grow with time."""
    rng = random.Random(2)
    end = time.monotonic() + seconds
    sent, told = 0, 0.0
    while time.monotonic() < end:
        batch = [(f"flat-{sent + i}", picture(250_000, rng)) for i in range(256)]
        send_all(ours, batch, 64)
        sent += len(batch)
        if time.monotonic() - told > 5:
            told = time.monotonic()
            pid = ours.process.pid
            print(f"{sent:7} uploads  {memory_of(pid):7.1f} MiB, {memory_of(pid, 'RssAnon'):.1f} of them its own", flush=True)


def numbers(text):
    return [int(word) for word in text.split(",")]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=pathlib.Path, default=pathlib.Path("build/release/bin"))
    parser.add_argument("--scratch", help="folder on the disk to measure; default: the system's")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--megabytes", type=int, default=100, help="sent per round")
    parser.add_argument("--sizes", type=numbers, default=[250, 3000], help="of the pictures, in kB")
    parser.add_argument("--connections", type=numbers, default=[1, 8, 64])
    parser.add_argument("--tus", action="store_true", help="ours by tus instead of multipart")
    parser.add_argument("--flat", type=int, default=0, help="seconds; only watch the memory")
    arguments = parser.parse_args()
    nginx = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
    if not nginx and not arguments.flat:
        print("skipped: nginx isn't installed (Debian: nginx-light)")
        return
    with tempfile.TemporaryDirectory(dir=arguments.scratch) as scratch:
        ours = (OursByTus if arguments.tus else Ours)(arguments.programs.resolve(), pathlib.Path(scratch))
        try:
            if arguments.flat:
                flat(ours, arguments.flat)
                return
            theirs = Nginx(nginx, pathlib.Path(scratch))
            try:
                compare(ours, theirs, arguments)
            finally:
                theirs.stop()
        finally:
            ours.stop()


if __name__ == "__main__":
    main()
