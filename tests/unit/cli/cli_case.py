# SPDX-License-Identifier: GPL-3.0-or-later
"""cli_case.py: a test case that runs small models through fettle-cli.

The first argument of the test's command line is the program.
"""
import os
import random
import struct
import subprocess
import sys
import tempfile
import unittest

from tflite_writer import TYPES

PROGRAM = os.path.abspath(sys.argv[1])
DEADLINE = 300
LIMITS = {"int8": 7, "int16": 15, "int32": 31, "int64": 63}


def pack(kind, values):
    return struct.pack(f"<{len(values)}{TYPES[kind][1]}", *values)


def unpack(kind, data):
    code = TYPES[kind][1]
    return list(struct.unpack(f"<{len(data) // struct.calcsize(code)}{code}", data))


def execute(*arguments):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, timeout=DEADLINE, check=False)


class CliCase(unittest.TestCase):
    """With a folder of its own, and random numbers from a fixed sequence."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="fettle-models-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.random = random.Random(int(os.environ.get("FETTLE_SEED", "1")))

    def path(self, name):
        return os.path.join(self.folder, name)

    def values(self, kind, n):
        if kind == "float32":
            return [self.random.randint(-1000, 1000) / 8 for _ in range(n)]
        if kind == "bool":
            return [self.random.random() < 0.5 for _ in range(n)]
        if kind == "uint8":
            return [self.random.randint(0, 255) for _ in range(n)]
        limit = 1 << LIMITS[kind]
        return [self.random.randint(-limit, limit - 1) for _ in range(n)]

    def run_model(self, model, inputs, data, outputs):
        """The bytes of all outputs, for the bytes of the inputs."""
        model.write(self.path("model.tflite"), inputs, outputs)
        with open(self.path("x.bin"), "wb") as file:
            file.write(b"".join(data))
        done = execute("run", self.path("model.tflite"), "--input", self.path("x.bin"), "--output",
                       self.path("y.bin"))
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        with open(self.path("y.bin"), "rb") as file:
            return file.read()

    def assert_refused(self, model, inputs, outputs, *words):
        """By any command; the sentence holds WORDS."""
        model.write(self.path("model.tflite"), inputs, outputs)
        with open(self.path("x.bin"), "wb"):
            pass
        done = execute("run", self.path("model.tflite"), "--input", self.path("x.bin"), "--output",
                       self.path("y.bin"))
        self.assertEqual(done.returncode, 1)
        for word in words:
            self.assertIn(word, done.stderr.decode())
