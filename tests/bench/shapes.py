#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""shapes.py FETTLE_CLI [MODEL...]: packed kernels against portable ones, layer by layer, on the virtual Cortex-M4.

Without MODEL: the single-operator cases of int8 in FETTLE_SHARED, by default the checkout's neighbour, whose
shapes are drawn at random. Prints the layers for which packing is slower, and fails if there are any.
"""
import os
import pathlib
import statistics
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
OPERATORS = ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "ADD", "AVERAGE_POOL_2D")
BOARD = "virtual-m4"


def layers(measure, model, target):
    with tempfile.TemporaryDirectory() as folder:
        return measure.measure(model, BOARD, pathlib.Path(folder), target)["layers"]


def ratios(measure, model):
    """(operator, instructions packed over portable) of each layer."""
    for portable, packed in zip(layers(measure, model, "portable"), layers(measure, model, None)):
        yield packed["op"], packed["instructions"] / portable["instructions"]


def main():
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    os.environ["FETTLE_CLI"] = str(pathlib.Path(sys.argv[1]).resolve())
    os.environ.setdefault("FETTLE_SOURCE", str(ROOT))
    sys.path.insert(0, str(ROOT / "tests" / "golden"))
    import measure
    from support import SHARED
    models = [pathlib.Path(name).resolve() for name in sys.argv[2:]] or sorted(
        path for name in OPERATORS
        for path in (SHARED / "golden" / "ops" / (name + "_int8")).glob("*.tflite"))
    found = {}
    slower = []
    for model in models:
        for operator, ratio in ratios(measure, model):
            found.setdefault(operator, []).append(ratio)
            if ratio > 1:
                slower.append(f"{model.parent.name}/{model.name}: {operator} packed takes "
                              f"{ratio:.2f} of the portable instructions")
    for operator, values in sorted(found.items()):
        print(f"{operator:20} {len(values):4} layers, packed / portable: median "
              f"{statistics.median(values):.2f}, worst {max(values):.2f}")
    print("\n".join(slower))
    return 1 if slower else 0


if __name__ == "__main__":
    sys.exit(main())
