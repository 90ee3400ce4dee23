"""mapillary_tools, unmodified, against a running server that CAIRN_URL names: logs in with the token CAIRN_TOKEN, then processes
and uploads copies of the pictures in CAIRN_LUND and the video CAIRN_GOPRO."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request

import lund

URL, TOKEN = os.environ["CAIRN_URL"], os.environ["CAIRN_TOKEN"]
COUNT = 6


def get(path):
    with urllib.request.urlopen(urllib.request.Request(URL + path, headers={"Authorization": f"Bearer {TOKEN}"})) as answer:
        return json.load(answer)


def finished_sets():
    """Upload sets with all their pictures inspected and fused, the newest first."""
    sets = get("/api/users/me/upload_sets?filter=completed=TRUE")["upload_sets"]
    return [one for one in sets if one["ready"]]


class MapillaryTools(unittest.TestCase):
    def setUp(self):
        home = self.enterContext(tempfile.TemporaryDirectory())
        self.folder = pathlib.Path(home)
        self.environment = {**os.environ, "HOME": home, "MAPILLARY_CONFIG_PATH": home + "/config", "MAPILLARY_UPLOAD_HISTORY_PATH": home + "/history", "MAPILLARY_TOOLS_UPLOAD_CACHE_DIR": home + "/cache",
                            "MAPILLARY_GRAPH_API_ENDPOINT": URL + "/mapillary", "MAPILLARY_UPLOAD_ENDPOINT": URL + "/mapillary/upload"}
        self.run_tool("authenticate", "--user_name", "me", "--jwt", TOKEN)
        self.before = len(finished_sets())

    def run_tool(self, *words):
        done = subprocess.run([pathlib.Path(sys.executable).parent / "mapillary_tools", *words], capture_output=True, text=True, timeout=240, env=self.environment)
        assert done.returncode == 0, done.stdout + done.stderr

    def newest_set(self):
        for _ in range(240):
            if len(finished_sets()) > self.before:
                return finished_sets()[0]
            time.sleep(0.5)
        self.fail("what was uploaded was not put on the map within two minutes")

    def test_pictures(self):
        pictures = lund.copies(os.environ["CAIRN_LUND"], self.folder / "lund", 10, COUNT)  # others than panoramax_cli sends: a picture is taken once
        self.run_tool("process_and_upload", "--user_name", "me", str(pictures))
        self.assertEqual(self.newest_set()["nb_items"], COUNT)

    def test_a_video_of_a_gopro(self):
        videos = self.folder / "videos"
        videos.mkdir()
        shutil.copy(os.environ["CAIRN_GOPRO"], videos)
        self.run_tool("process_and_upload", "--user_name", "me", "--filetypes", "gopro", str(videos))
        self.assertGreater(self.newest_set()["nb_items"], 0)


unittest.main()
