#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""report.py: tests/report.py counts what Meson logged."""

import json
import os
import subprocess
import sys
import tempfile
import unittest

REPORT = os.path.join(os.path.dirname(__file__), "..", "..", "report.py")


class Summary(unittest.TestCase):
    def summarize(self, *records):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "build", "meson-logs", "testlog.json")
            os.makedirs(os.path.dirname(path))
            with open(path, "w", encoding="utf-8") as log:
                for name, result, output in records:
                    log.write(json.dumps({"name": name, "result": result,
                                          "stdout": output}) + "\n")
            done = subprocess.run([sys.executable, REPORT, "summary", path],
                                  capture_output=True, text=True, check=False)
        return done.returncode, done.stdout.splitlines()

    def test_counts_points_of_tap_and_others_once(self):
        status, lines = self.summarize(
            ("tap", "OK", "1..3\nok 1 /a\nok 2 /b\nok 3 - /c # SKIP no board\n"),
            ("plain", "OK", "fine\n"))
        self.assertEqual(status, 0)
        self.assertEqual(lines, ["skipped: tap (/c): no board", "3 passed, 0 failed, 1 skipped"])

    def test_failing_point_is_named(self):
        status, lines = self.summarize(("tap", "FAIL", "ok 1 /a\nnot ok 2 /b\n"))
        self.assertEqual(status, 1)
        self.assertEqual(lines, ["FAILED: tap: /b", "1 passed, 1 failed, 0 skipped"])

    def test_crash_after_good_points_fails(self):
        status, lines = self.summarize(("tap", "ERROR", "ok 1 /a\n"))
        self.assertEqual(status, 1)
        self.assertEqual(lines[-1], "1 passed, 1 failed, 0 skipped")

    def test_whole_skip_gives_its_reason(self):
        _, lines = self.summarize(
            ("plain", "SKIP", "looking\nno ../shared here\n"),
            ("tap", "SKIP", "TAP version 13\n1..0 # SKIP no QEMU\n"),
            ("good", "OK", ""))
        self.assertEqual(lines, ["skipped: plain (all): no ../shared here",
                                 "skipped: tap (all): no QEMU",
                                 "1 passed, 0 failed, 2 skipped"])

    def test_nothing_run_is_a_failure(self):
        self.assertEqual(self.summarize(), (1, ["0 passed, 0 failed, 0 skipped"]))


if __name__ == "__main__":
    unittest.main(verbosity=2)
