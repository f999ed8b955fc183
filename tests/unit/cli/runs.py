#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""runs.py: drives fettle-cli runs on runs that fettle-cli profile kept.

    runs.py FETTLE_CLI SAMPLE_DIRECTORY
"""

import csv
import io
import json
import os
import subprocess
import sys
import tempfile
import unittest

PROGRAM, SAMPLE = sys.argv[1:3]
MODEL = os.path.join(SAMPLE, "bearing.tflite")
DEADLINE = 120
N_LAYERS = 18


class Runs(unittest.TestCase):
    def setUp(self):
        self.home = tempfile.TemporaryDirectory(prefix="fettle-runs-")
        self.addCleanup(self.home.cleanup)
        self.environment = dict(os.environ, XDG_DATA_HOME=self.home.name, LC_ALL="C.UTF-8")

    def execute(self, *arguments):
        return subprocess.run([PROGRAM, *arguments], env=self.environment, timeout=DEADLINE,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)

    def succeed(self, *arguments):
        done = self.execute(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def fail_with(self, status, words, *arguments):
        done = self.execute(*arguments)
        self.assertEqual(done.returncode, status, done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertIn(words, done.stderr)

    def profile(self, *options):
        self.succeed("profile", MODEL, "--board", "simulated", "--runs", "7", *options)

    def list(self, *options):
        return json.loads(self.succeed("runs", "list", "--json", *options))

    def test_nothing_is_kept_unasked(self):
        self.profile()
        self.assertEqual(self.list(), [])
        self.assertIn("Board", self.succeed("runs"))

    def test_kept_shown_changed_deleted(self):
        self.profile("--keep")
        self.profile("--tags", "slow first")
        newest, oldest = self.list()
        self.assertEqual((newest["tags"], oldest["tags"]), ("first slow", ""))
        self.assertEqual(newest["board"], "simulated")
        self.assertEqual(newest["unit"], "nanoseconds")
        self.assertEqual(newest["model"], "bearing.tflite")
        self.assertEqual(newest["total"]["n"], 7)
        self.assertEqual(len(newest["model_hash"]), 64)
        self.assertNotIn("layers", newest)
        self.assertEqual([run["id"] for run in self.list("--search", "slow")], [newest["id"]])

        shown = json.loads(self.succeed("runs", "show", str(newest["id"]), "--json"))
        self.assertEqual(len(shown["layers"]), N_LAYERS)
        self.assertLessEqual(shown["layers"][1]["min"], shown["layers"][1]["median"])
        self.assertIn("stem/conv", self.succeed("runs", "show", str(newest["id"])))

        self.succeed("runs", "tag", str(newest["id"]), "--tags", "fast", "--note", "after lunch")
        changed = self.list("--search", "fast lunch")
        self.assertEqual([run["note"] for run in changed], ["after lunch"])
        self.succeed("runs", "delete", str(newest["id"]))
        self.assertEqual([run["id"] for run in self.list()], [oldest["id"]])

    def test_export(self):
        self.profile("--keep")
        number = str(self.list()[0]["id"])
        rows = list(csv.DictReader(io.StringIO(self.succeed("runs", "export", number))))
        self.assertEqual(len(rows), N_LAYERS + 1)
        self.assertEqual((rows[1]["layer"], rows[1]["op"], rows[1]["n"]), ("stem/conv", "CONV_2D", "7"))
        self.assertEqual(rows[-1]["layer"], "total")
        path = os.path.join(self.home.name, "run.json")
        self.succeed("runs", "export", number, "--json", "-o", path)
        with open(path, encoding="utf-8") as file:
            self.assertEqual(json.load(file)["layers"][1]["median"], int(rows[1]["median"]))

    def test_mistakes(self):
        self.fail_with(1, "no run 7", "runs", "show", "7")
        self.fail_with(2, "not the number of a run", "runs", "delete", "all")
        self.fail_with(2, "ID is missing", "runs", "export")
        self.fail_with(2, "is not list", "runs", "burn")
        self.fail_with(2, "--tags", "runs", "tag", "7")
        path = os.path.join(self.home.name, "damaged.sqlite")
        with open(path, "w", encoding="utf-8") as file:
            file.write("no database at all" * 100)
        self.fail_with(1, "damaged.sqlite is damaged", "runs", "--store", path)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
