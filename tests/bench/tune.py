#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""tune.py: how long the default recipes take, as multiples of one float evaluation of the calibration data.

    tune.py FETTLE_CLI

Of ResNet8 on 200 images if ../shared is there, else of the sample. What is measured is the wall clock of
the whole command; an evaluation and a tuning follow each other, so that both see the same machine.
"""

import ast
import os
import resource
import struct
import subprocess
import sys
import tempfile
import time

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
SHARED = os.environ.get("FETTLE_SHARED", os.path.join(ROOT, "..", "shared"))
N_SAMPLES = 200

# Options of tune, and how many float evaluations it may take.
KINDS = {"int8": ([], 12), "w4a8": (["--weights", "int4"], 60)}


def shorten(source, target, n):
    """The first N entries along the first axis of an .npy file."""
    with open(source, "rb") as file:
        magic = file.read(8)
        header = ast.literal_eval(file.read(struct.unpack("<H", file.read(2))[0]).decode())
        data = file.read()
    n = min(n, header["shape"][0])
    size = len(data) // header["shape"][0]
    header["shape"] = (n, *header["shape"][1:])
    text = repr(header).encode()
    text += b" " * (-(len(text) + 11) % 64) + b"\n"
    with open(target, "wb") as file:
        file.write(magic + struct.pack("<H", len(text)) + text + data[:n * size])


def find_data():
    """Model, calibration inputs and their labels."""
    model = os.path.join(SHARED, "models", "ic_resnet8_float.tflite")
    if os.path.isfile(model):
        return model, *(os.path.join(SHARED, "data", "cifar10_calib_%s.npy" % part)
                        for part in "xy")
    sample = os.path.join(ROOT, "data", "sample", "bearing")
    # The sample's calibration data have no labels; any will do to time an evaluation.
    return sample + ".tflite", sample + "_eval_x.npy", sample + "_eval_y.npy"


def seconds(*command):
    before = time.monotonic()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.monotonic() - before


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    cli, failed = os.path.abspath(sys.argv[1]), 0
    model, inputs, labels = find_data()
    with tempfile.TemporaryDirectory(prefix="fettle-bench-") as folder:
        x, y, tuned = (os.path.join(folder, name) for name in ("x.npy", "y.npy", "t.fettle"))
        shorten(inputs, x, N_SAMPLES)
        shorten(labels, y, N_SAMPLES)
        print("Tuning %s on %d samples:" % (os.path.basename(model), N_SAMPLES))
        for kind, (options, limit) in KINDS.items():
            evaluation = seconds(cli, "eval", model, "--data", x, "--labels", y)
            tuning = seconds(cli, "tune", model, "--calibrate", x, "-o", tuned, *options)
            ratio = tuning / evaluation
            failed |= ratio > limit
            print("%-5s %6.1f s, a float evaluation %5.2f s: %5.1f times (at most %d)"
                  % (kind, tuning, evaluation, ratio, limit))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print("Peak memory of any of these: %.0f MB (at most 500)" % peak)
    return 1 if failed or peak > 500 else 0


if __name__ == "__main__":
    sys.exit(main())
