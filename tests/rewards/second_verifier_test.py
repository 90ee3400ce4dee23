#!/usr/bin/env python3
"""The second verifier accepts bundles of several seeds with the same root, and refuses each file with a changed byte.

    second_verifier_test.py MAKE_BUNDLE VERIFY
"""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

MAKE_BUNDLE, VERIFY = sys.argv[1:3]


def make(folder, seed, frames, accounts):
    command = [MAKE_BUNDLE, str(folder), str(seed), str(frames), str(accounts)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def verify(folder):
    return subprocess.run([sys.executable, VERIFY, str(folder)], capture_output=True, text=True)


class SecondVerifier(unittest.TestCase):
    def test_finds_the_same_root(self):
        for seed, frames, accounts in [(1, 400, 12), (2, 400, 3), (3, 60, 60), (4, 1, 1), (5, 900, 2)]:
            with self.subTest(seed=seed), tempfile.TemporaryDirectory() as folder:
                root = make(folder, seed, frames, accounts)
                outcome = verify(folder)
                self.assertEqual(outcome.returncode, 0, outcome.stderr)
                self.assertIn(f"root {root}\n", outcome.stdout)

    def test_accepts_an_epoch_without_work(self):
        with tempfile.TemporaryDirectory() as folder:
            make(folder, 1, 0, 0)
            self.assertEqual(verify(folder).returncode, 0)

    def test_notices_a_changed_byte_in_every_file(self):
        with tempfile.TemporaryDirectory() as folder:
            make(folder, 6, 30, 5)
            for path in sorted(Path(folder).iterdir()):
                whole = path.read_bytes()
                if path.name == "manifest.json":  # the words around the values are not what it reads
                    damaged = whole.replace(b'"root": "0x', b'"root": "1x')
                else:
                    middle = len(whole) // 2
                    damaged = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1:]
                path.write_bytes(damaged)
                outcome = verify(folder)
                self.assertEqual(outcome.returncode, 1, path.name)
                self.assertIn("the bundle does not verify", outcome.stderr)
                path.write_bytes(whole)
            self.assertEqual(verify(folder).returncode, 0)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
