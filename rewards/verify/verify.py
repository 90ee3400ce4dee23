#!/usr/bin/env python3
"""Checks the bundle of an epoch, written from docs/rewards.md alone: it shares no code with the program that made it.

    verify.py FOLDER

Recomputes weights, shares, ledger, cumulative amounts, Merkle tree and proofs from the inputs. Prints the root and ends with 0
when everything fits, else prints what does not and ends with 1. Needs Python 3.9 or newer and nothing else.
"""
import csv
import gzip
import hashlib
import json
import struct
import sys
import zlib
from collections import defaultdict
from datetime import datetime, timedelta, timezone
from pathlib import Path

MILLION = 1_000_000
DAY = 86_400 * MILLION
START = datetime(1970, 1, 1, tzinfo=timezone.utc)
MASK = (1 << 64) - 1


def round_constants():
    """Iota's constants, from the linear feedback shift register of FIPS 202, algorithm 5."""
    register, constants = 1, []
    for _ in range(24):
        constant = 0
        for j in range(7):
            if register & 1:
                constant |= 1 << ((1 << j) - 1)
            register <<= 1
            if register & 0x100:
                register ^= 0x171
        constants.append(constant)
    return constants


def rho_pi():
    """Where each lane goes and how far it turns, along the walk of FIPS 202, algorithms 2 and 3."""
    steps, x, y, turn = [(0, 0, 0)], 1, 0, 0
    for t in range(24):
        turn = (t + 1) * (t + 2) // 2 % 64
        target = y + 5 * ((2 * x + 3 * y) % 5)
        steps.append((x + 5 * y, target, turn))
        x, y = y, (2 * x + 3 * y) % 5
    return steps


CONSTANTS, STEPS = round_constants(), rho_pi()


def permute(a):
    for constant in CONSTANTS:
        c = [a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20] for x in range(5)]
        d = [c[x - 1] ^ ((c[(x + 1) % 5] << 1 | c[(x + 1) % 5] >> 63) & MASK) for x in range(5)]
        b = [0] * 25
        for source, target, turn in STEPS:
            lane = a[source] ^ d[source % 5]
            b[target] = (lane << turn | lane >> (64 - turn)) & MASK
        a = [b[i] ^ (~b[i - i % 5 + (i + 1) % 5] & MASK & b[i - i % 5 + (i + 2) % 5]) for i in range(25)]
        a[0] ^= constant
    return a


def keccak256(data):
    rate = 136
    data += b"\x01" + b"\0" * (rate - 1 - len(data) % rate)
    data = data[:-1] + bytes([data[-1] | 0x80])
    state = [0] * 25
    for at in range(0, len(data), rate):
        for i, lane in enumerate(struct.unpack_from("<17Q", data, at)):
            state[i] ^= lane
        state = permute(state)
    return struct.pack("<4Q", *state[:4])


def hexa(data):
    return "0x" + data.hex()


def micros(text):
    return (datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc) - START) // timedelta(microseconds=1)


class Problem(Exception):
    pass


def expect(found, wanted, what):
    if found != wanted:
        raise Problem(f"{what}: found {str(found)[:200]}, the inputs give {str(wanted)[:200]}")


def read_records(data):
    frames, visits, payouts, totals, at, previous = [], {}, {}, {}, 0, b""
    while at < len(data):
        (size,) = struct.unpack_from(">I", data, at)
        record = data[at + 4:at + 4 + size]
        at += 4 + size
        if len(record) != size or record <= previous:
            raise Problem("inputs.bin.gz: records are cut off, repeated or out of order")
        kind, previous = record[:1], record
        if kind == b"F":
            cell, octant, taken_at, frame, account, quality, trust = struct.unpack(">QBQ16s20sII", record[1:])
            frames.append(((cell, octant), taken_at, frame, account, quality, trust))
        elif kind == b"V":
            cell, octant, seen_at = struct.unpack(">QBQ", record[1:])
            visits[cell, octant] = seen_at
        elif kind == b"A":
            payouts[record[1:21]] = record[21:]
        elif kind == b"T":
            totals[record[1:21]] = int.from_bytes(record[21:], "big")
        else:
            raise Problem(f"inputs.bin.gz: unknown record {kind!r}")
    if len({frame[2] for frame in frames}) != len(frames):
        raise Problem("inputs.bin.gz: a frame stands twice")
    return frames, visits, payouts, totals


def passes_of(frames, visits, policy):
    """One [first taken_at, first frame, cell, account, weight] for each pass."""
    horizon, together = policy["need_horizon_hours"] * 3600 * MILLION, policy["pass_minutes"] * 60 * MILLION
    cells = defaultdict(list)
    for frame in frames:
        cells[frame[0]].append(frame[1:])
    passes = []
    for cell, seen in cells.items():
        before, last, opened = visits.get(cell), None, {}
        for taken_at, frame, account, quality, trust in sorted(seen):
            if quality * trust == 0:
                continue
            ages = [abs(taken_at - visit) for visit in (before, last) if visit is not None]
            last = taken_at
            current = opened.get(account)
            if current is None or taken_at - current["at"] >= together:
                need = min([age * MILLION // horizon for age in ages] + [MILLION])
                current = opened[account] = {"at": taken_at, "frame": frame, "cell": cell, "account": account,
                                             "need": need, "best": (0, 0)}
                passes.append(current)
            if quality * trust > current["best"][0] * current["best"][1]:
                current["best"] = (quality, trust)
    for one in passes:
        one["weight"] = one["need"] * one["best"][0] * one["best"][1] // MILLION**2
    return passes


def cap(passes, group, units):
    left = defaultdict(lambda: units * MILLION)
    for one in sorted(passes, key=lambda p: (p["at"], p["frame"])):
        day = (one[group], one["at"] // DAY)
        one["weight"] = min(one["weight"], left[day])
        left[day] -= one["weight"]


def split(pool, weights, epoch):
    total = sum(weights.values())
    shares = {account: pool * weight // total for account, weight in weights.items()}
    lucky = sorted(weights, key=lambda a: (-(pool * weights[a] % total), keccak256(epoch.encode() + a)))
    for account in lucky[:pool - sum(shares.values())]:
        shares[account] += 1
    return shares


def ledger_of(epoch, issued, shares):
    """Rows as ledger.csv has them."""
    key, rows = f"epoch:{epoch['epoch']}:coverage:", []
    transfers = [(key + "issue", "issuance:coverage", "pool:coverage", issued)]
    transfers += [(key + hexa(a), "pool:coverage", "payable:" + hexa(a), shares[a]) for a in sorted(shares)]
    number, previous = int(epoch["ledger_rows"]), bytes.fromhex(epoch["ledger_hash"])
    for name, source, target, amount in transfers:
        if amount == 0:
            continue
        number += 1
        row = previous + struct.pack(">Q", number)
        for text in (name, source, target):
            row += struct.pack(">Q", len(text)) + text.encode()
        digest = hashlib.sha256(row + struct.pack(">QQ", amount, micros(epoch["end"]))).digest()
        rows.append([str(number), name, source, target, str(amount), epoch["end"], previous.hex(), digest.hex()])
        previous = digest
    return rows


def tree_of(totals):
    """The nodes, and the position of each address's leaf."""
    leaf = {a: keccak256(keccak256(b"\0" * 12 + a + n.to_bytes(32, "big"))) for a, n in totals.items()}
    order = sorted(leaf, key=leaf.get)
    nodes = [b""] * (2 * len(order) - 1)
    place = {address: len(nodes) - 1 - i for i, address in enumerate(order)}
    for address, node in place.items():
        nodes[node] = leaf[address]
    for node in range(len(order) - 2, -1, -1):
        nodes[node] = keccak256(b"".join(sorted(nodes[2 * node + 1:2 * node + 3])))
    return nodes, place


def check_tree(folder, totals, root):
    nodes, place = tree_of(totals) if totals else ([], {})
    expect(root, hexa(nodes[0]) if nodes else None, "manifest.json: root")
    dump = json.loads((folder / "tree.json").read_text())
    values = [{"value": [hexa(a), str(totals[a])], "treeIndex": place[a]} for a in sorted(totals)]
    expect(dump, {"format": "standard-v1", "leafEncoding": ["address", "uint256"], "tree": [hexa(n) for n in nodes],
                  "values": values}, "tree.json")
    lines = (folder / "proofs.jsonl").read_text().splitlines()
    expect(len(lines), len(totals), "proofs.jsonl: number of lines")
    for line, address in zip(lines, sorted(totals)):
        node, proof = place[address], []
        while node > 0:
            proof.append(hexa(nodes[node + 1 if node % 2 else node - 1]))
            node = (node - 1) // 2
        expect(json.loads(line), {"address": hexa(address), "amount": str(totals[address]), "proof": proof}, "proofs.jsonl")


def table(folder, name):
    with open(folder / name, newline="") as file:
        return list(csv.reader(file))


def check_manifest(folder):
    manifest = json.loads((folder / "manifest.json").read_text())
    names = {path.name for path in folder.iterdir()} - {"manifest.json"}
    expect(names, set(manifest["files"]), "names of the files")
    for name, entry in manifest["files"].items():
        data = (folder / name).read_bytes()
        expect((hashlib.sha256(data).hexdigest(), len(data)), (entry["sha256"], entry["size"]), f"{name}: hash and size")
    versions = json.loads((folder / "versions.json").read_text())
    expect((versions["format"], versions["formula"]), ("cairn-rewards-bundle-1", "coverage-1"), "versions.json")
    return manifest


def check(folder):
    manifest = check_manifest(folder)
    epoch, policy = (json.loads((folder / name).read_text()) for name in ("epoch.json", "policy.json"))
    expect(manifest["epoch"], epoch["epoch"], "manifest.json: epoch")
    frames, visits, payouts, totals = read_records(gzip.decompress((folder / "inputs.bin.gz").read_bytes()))
    expect([f for f in frames if f[1] >= micros(epoch["end"])], [], "frames after the epoch's end")

    passes = passes_of(frames, visits, policy)
    cap(passes, "account", policy["caps"]["contributor_day_units"])
    cap(passes, "cell", policy["caps"]["cell_day_units"])
    weights = defaultdict(int)
    for one in passes:
        if one["weight"]:
            weights[one["account"]] += one["weight"]
    issued = int(policy["pools"]["coverage"])
    shares = split(issued + int(epoch["pool_balance"]), weights, epoch["epoch"]) if weights else {}

    goes_to = {a: payouts.get(a, a) for a in shares}
    expect(table(folder, "shares.csv")[1:],
           [[hexa(a), str(weights[a]), str(shares[a]), hexa(goes_to[a])] for a in sorted(shares)], "shares.csv")
    expect(table(folder, "ledger.csv")[1:], ledger_of(epoch, issued, shares), "ledger.csv")
    paid = defaultdict(int)
    for account, amount in shares.items():
        if amount:
            paid[goes_to[account]] += amount
    expect(table(folder, "payouts.csv")[1:], [[hexa(a), str(paid[a])] for a in sorted(paid)], "payouts.csv")
    for address, amount in paid.items():
        totals[address] = totals.get(address, 0) + amount
    expect(table(folder, "totals.csv")[1:], [[hexa(a), str(totals[a])] for a in sorted(totals)], "totals.csv")
    check_tree(folder, totals, manifest["root"])
    print(f"epoch {epoch['epoch']}: {len(frames)} frames, {len(shares)} shares, paid {sum(shares.values())}")
    print(f"root {manifest['root']}")


def main():
    if sys.argv[1:] in (["-h"], ["--help"]):
        print(__doc__)
        return
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        check(Path(sys.argv[1]))
    except (Problem, OSError, ValueError, KeyError, TypeError, struct.error, EOFError, zlib.error) as problem:
        sys.exit(f"the bundle does not verify: {problem or type(problem).__name__}")


if __name__ == "__main__":
    main()
