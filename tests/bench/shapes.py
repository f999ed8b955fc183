#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""shapes.py [SEED | MODEL...]: packed kernels against portable ones, layer by layer.

On the virtual Cortex-M4 and M55, by default on layers whose shapes are drawn at random (random-layers.c), from SEED or
1. Prints the layers for which packing takes more instructions, and fails if there are any.
"""
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BOARDS = ("virtual-m4", "virtual-m55")
PER_OPERATOR = 16
# Instructions more that finding the same kernel may take among more of them.
FINDING = 32


def layers(measure, model, board, target):
    with tempfile.TemporaryDirectory() as folder:
        return measure.measure(model, board, pathlib.Path(folder), target)["layers"]


def compare(measure, models, board):
    """([ratio] by operator, layers for which packing is slower) of packed over portable instructions."""
    found = {}
    slower = []
    for model in models:
        pairs = zip(layers(measure, model, board, "portable"), layers(measure, model, board, None))
        for portable, packed in pairs:
            ratio = packed["instructions"] / portable["instructions"]
            found.setdefault(packed["op"], []).append(ratio)
            if packed["instructions"] - portable["instructions"] > FINDING:
                slower.append(f"{packed['op']} {packed['name']} on {board}: packed takes {ratio:.2f} of the "
                              f"{portable['instructions']} instructions of the portable kernel")
    return found, slower


def compare_random(measure, seed):
    """{board: compare ()} of random layers."""
    with tempfile.TemporaryDirectory() as folder:
        model = pathlib.Path(folder) / "layers.fettle"
        subprocess.run([measure.BUILD / "random-layers", model, str(seed), str(PER_OPERATOR)], check=True)
        return {board: compare(measure, [model], board) for board in BOARDS}


def summarize(results):
    """A row per board and operator."""
    return [{"board": board, "op": operator, "layers": len(values),
             "median": round(statistics.median(values), 2), "worst": round(max(values), 2)}
            for board, (found, _) in results.items() for operator, values in sorted(found.items())]


def main():
    os.environ.setdefault("FETTLE_CLI", str(ROOT / "build" / "cli" / "fettle-cli"))
    os.environ.setdefault("FETTLE_SOURCE", str(ROOT))
    sys.path.insert(0, str(ROOT / "tests" / "golden"))
    import measure
    from support import skip
    missing = measure.why_not()
    if missing:
        skip(missing)
    names = sys.argv[1:]
    if not names or names[0].isdigit():
        results = compare_random(measure, names[0] if names else 1)
    else:
        models = [pathlib.Path(name).resolve() for name in names]
        results = {board: compare(measure, models, board) for board in BOARDS}
    for row in summarize(results):
        print("%-12s %-20s %4d layers, packed / portable: median %.2f, worst %.2f" % tuple(row.values()))
    slower = [line for _, lines in results.values() for line in lines]
    print("\n".join(slower))
    return 1 if slower else 0


if __name__ == "__main__":
    sys.exit(main())
