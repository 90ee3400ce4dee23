"""panoramax_cli, unmodified, against a running server that CAIRN_URL names: uploads copies of the pictures in CAIRN_LUND with the
token CAIRN_TOKEN, asks how they are, uploads again, and downloads what became of them."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import urllib.request

import lund

URL, TOKEN = os.environ["CAIRN_URL"], os.environ["CAIRN_TOKEN"]
COUNT = 6


def cli(*words):
    done = subprocess.run([pathlib.Path(sys.executable).parent / "panoramax_cli", *words, "--api-url", URL, "--token", TOKEN],
                          capture_output=True, text=True, timeout=240, env={**os.environ, "COLUMNS": "200"})
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def get(path):
    with urllib.request.urlopen(urllib.request.Request(URL + path, headers={"Authorization": f"Bearer {TOKEN}"})) as answer:
        return json.load(answer)


class PanoramaxCli(unittest.TestCase):
    def test_uploads_asks_resumes_and_downloads(self):
        with tempfile.TemporaryDirectory() as folder:
            pictures = lund.copies(os.environ["CAIRN_LUND"], folder + "/lund", 0, COUNT)
            said = cli("upload", "--title", "Lund by panoramax_cli", "--wait", str(pictures))
            self.assertIn(f"{COUNT} pictures uploaded", said)
            self.assertIn("All uploaded pictures are published", said)

            sets = get("/api/users/me/upload_sets?filter=dispatched=TRUE")["upload_sets"]
            mine = [one for one in sets if one["title"] == "Lund by panoramax_cli"]
            self.assertEqual([one["nb_items"] for one in mine], [COUNT])
            self.assertTrue(mine[0]["ready"])
            self.assertIn("Lund by panoramax_cli", cli("upload-status", mine[0]["id"]))
            self.assertIn("already uploaded", cli("upload", "--title", "Lund by panoramax_cli", str(pictures)))

            collection = mine[0]["associated_collections"][0]["id"]
            self.assertEqual(get(f"/api/collections/{collection}")["geovisio:upload-software"], "cli")
            cli("download", "--collection", collection, "--path", folder + "/back")
            back = {path.name: path.read_bytes() for path in pathlib.Path(folder, "back").rglob("*.jpg")}
            self.assertEqual(sorted(back), sorted(path.name for path in pictures.glob("*.jpg")))
            self.assertTrue(all(bytes.startswith(b"\xff\xd8") for bytes in back.values()))


unittest.main()
