#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""models.py: whole models against golden vectors of TensorFlow Lite Micro's reference kernels.

    models.py FETTLE_CLI [BOARD]

int8 models must give the same bytes: all 8 outputs, and each layer for input 0. Float models are
compared within a tolerance. The inputs go in as one file of 8 invocations.
"""

import array
import json
import os
import subprocess
import sys
import tempfile
import unittest

import shared

PROGRAM = os.path.abspath(sys.argv[1])
BOARD = sys.argv[2:3]
INPUTS = 8
DEADLINE = 600
TOLERANCE = 1e-4

INT8 = ("ad_toycar_tfint8", "hello_world_tfint8", "ic_resnet8_tfint8", "kws_dscnn_tfint8",
        "micro_speech_tfint8", "simple_add_tfint8", "sww_tfint8", "vww_mbv1_tfint8")
FLOAT = ("hello_world_float", "ic_resnet8_float")


def read(*parts):
    with open(os.path.join(*parts), "rb") as file:
        return file.read()


class Models(unittest.TestCase):
    def run_model(self, stem, directory):
        """Outputs of all inputs, one after the other; layers are left in DIRECTORY."""
        golden = shared.path("golden", stem)
        inputs = os.path.join(directory, "x.bin")
        outputs = os.path.join(directory, "y.bin")
        with open(inputs, "wb") as file:
            for i in range(INPUTS):
                file.write(read(golden, "input_%d.bin" % i))
        command = [PROGRAM, "run", shared.path("models", stem + ".tflite"), "--input", inputs,
                   "--output", outputs, "--dump-layers", directory]
        if BOARD:
            command += ["--board", BOARD[0]]
        done = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE)
        self.assertEqual(done.returncode, 0, done.stderr)
        expected = b"".join(read(golden, "output_%d.bin" % i) for i in range(INPUTS))
        return read(outputs), expected

    def layers(self, stem, directory):
        """(name, what it should be, what it is) of each layer."""
        golden = shared.path("golden", stem, "layers_input_0")
        for line in read(golden, "index.jsonl").decode().splitlines():
            layer = json.loads(line)
            yield "layer %d, %s" % (layer["op"], layer["kind"]), read(golden, layer["file"]), \
                read(directory, "%03d.bin" % layer["op"])

    def assert_close(self, found, expected, what):
        self.assertEqual(len(found), len(expected), what)
        for a, b in zip(array.array("f", found), array.array("f", expected)):
            self.assertLessEqual(abs(a - b), TOLERANCE * max(1.0, abs(b)), what)

    def check(self, stem, compare):
        with tempfile.TemporaryDirectory(prefix="fettle-golden-") as directory:
            found, expected = self.run_model(stem, directory)
            for name, layer, computed in self.layers(stem, directory):
                compare(computed, layer, stem + ": " + name)
            compare(found, expected, stem + ": outputs")


def add_tests():
    for stem in INT8:
        setattr(Models, "test_" + stem, lambda self, stem=stem:
                self.check(stem, lambda a, b, what: self.assertTrue(a == b, what)))
    for stem in FLOAT if not BOARD else ():
        setattr(Models, "test_" + stem, lambda self, stem=stem:
                self.check(stem, self.assert_close))


def require_board():
    if not BOARD:
        return
    boards = json.loads(subprocess.check_output([PROGRAM, "boards", "--json"], text=True))
    problem = [board["problem"] for board in boards if board["id"] == BOARD[0]][0]
    if problem:
        print("SKIP: " + problem)
        sys.exit(shared.SKIPPED)


if __name__ == "__main__":
    shared.require("models", "golden")
    require_board()
    add_tests()
    unittest.main(argv=sys.argv[:1], verbosity=2)
