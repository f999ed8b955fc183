#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""accuracy.py: known models, as trained and tuned, on their labelled data.

    accuracy.py FETTLE_CLI
"""

import json
import os
import subprocess
import sys
import tempfile
import unittest

import shared

PROGRAM = os.path.abspath(sys.argv[1])
DEADLINE = 600
UNIT_RANGE = ["--scale", "0.00392156862745098"]

# Model, data, options, correct as trained (of TensorFlow Lite), least correct when tuned.
MODELS = (("ic_resnet8_float", "cifar10", [], 445, 439),
          ("kws_dscnn_float", "kws", [], 365, 363),
          ("mnist_dw_float", "mnist", UNIT_RANGE, 1817, 1806),
          ("mnist_valid_float", "mnist", UNIT_RANGE, 1909, 1900))


def execute(*arguments):
    done = subprocess.run([PROGRAM, *arguments, "--json"], capture_output=True, text=True,
                          timeout=DEADLINE)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


class Accuracy(unittest.TestCase):
    def check(self, model, data, options, trained, tuned_least):
        source = shared.path("models", model + ".tflite")
        labelled = ["--data", shared.path("data", data + "_eval_x.npy"),
                    "--labels", shared.path("data", data + "_eval_y.npy"), *options]
        with tempfile.TemporaryDirectory(prefix="fettle-accuracy-") as directory:
            tuned = os.path.join(directory, "tuned.fettle")
            execute("tune", source, "--calibrate",
                    shared.path("data", data + "_calib_x.npy"), "-o", tuned, *options)
            before, after = (execute("eval", path, *labelled) for path in (source, tuned))
        print("%s: %d as trained, %d tuned, of %d"
              % (model, before["correct"], after["correct"], after["n"]))
        self.assertEqual(before["correct"], trained)
        self.assertGreaterEqual(after["correct"], tuned_least)


def add_tests():
    for row in MODELS:
        setattr(Accuracy, "test_" + row[0], lambda self, row=row: self.check(*row))


if __name__ == "__main__":
    shared.require("models", "data")
    add_tests()
    unittest.main(argv=sys.argv[:1], verbosity=2)
