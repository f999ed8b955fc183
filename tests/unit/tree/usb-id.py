#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""usb-id.py: the USB pair for private tests, 1209:0001, stays in the tests.

    usb-id.py
"""

import os
import re
import subprocess
import tempfile
import unittest

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
SHIPPED = ("app", "cli", "data", "model", "profiler", "runtime", "target-agent", "tuner", "widgets")
PAIR = re.compile(r"1209\W[^\n]{0,60}\b(0x)?0*1\b")


def setup(*options):
    """What meson says to OPTIONS; it stops before it looks for any library."""
    with tempfile.TemporaryDirectory() as directory:
        done = subprocess.run(["meson", "setup", *options, directory, ROOT],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              check=False)
        return done.returncode, done.stdout


class UsbId(unittest.TestCase):
    def test_pattern(self):
        for text in ("1209:0001", 'ATTR{idVendor}=="1209", ATTR{idProduct}=="0001"', "0x1209, 0x0001",
                     "0x1209, 1"):
            self.assertRegex(text, PAIR)
        self.assertNotRegex("1209:F317", PAIR)

    def test_nothing_that_is_shipped_names_the_pair(self):
        for room in SHIPPED:
            for folder, _, names in os.walk(os.path.join(ROOT, room)):
                for name in names:
                    path = os.path.join(folder, name)
                    with open(path, encoding="utf-8", errors="replace") as file:
                        self.assertNotRegex(file.read(), PAIR, path)

    def test_a_release_with_the_pair_is_refused(self):
        status, output = setup("--buildtype=release", "-Dusb_id=1209:0001")
        self.assertNotEqual(status, 0)
        self.assertIn("is for private tests", output)

    def test_what_is_no_pair_is_refused(self):
        for wrong in ("1209:001", "1209:00011", "12g9:0001"):
            status, output = setup("-Dusb_id=" + wrong)
            self.assertNotEqual(status, 0, wrong)
            self.assertIn("four hexadecimal digits", output)


if __name__ == "__main__":
    unittest.main(verbosity=2)
