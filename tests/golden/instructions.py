# SPDX-License-Identifier: GPL-3.0-or-later
"""instructions.py MODEL | --record: no model takes more than 1 % more instructions than recorded.

MODEL is a key of instructions.json: "sample" the project's own, those that end with "-lossless" without
their dead channels. --record measures them all anew; say why in
the commit.
"""
import json
import pathlib
import sys
import tempfile

from support import SOURCE, fail, shared, skip

sys.path.append(str(SOURCE / "tests" / "bench"))
import measure

RECORDS = SOURCE / "tests" / "golden" / "instructions.json"
GROWTH = 1.01


def count(name):
    """Instructions of MODEL by board."""
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        if name == "sample":
            model = measure.tuned_sample(work)
        else:
            model = shared("models", name.removesuffix(measure.LOSSLESS) + "_tfint8.tflite")
            if name.endswith(measure.LOSSLESS):
                model = measure.without_dead_channels(model, work)
        return {board: measure.measure(model, board, work)["instructions"]
                for board in measure.BOARDS}


def check(name, recorded):
    counted = count(name)
    for board, n in counted.items():
        print(f"{name} on {board}: {n} instructions, recorded {recorded[board]}")
    worse = [f"{n} instructions on {board} are more than 1 % above the {recorded[board]}"
             for board, n in counted.items() if n > recorded[board] * GROWTH]
    if worse:
        fail(f"{name}: {' and '.join(worse)} of tests/golden/instructions.json; make it faster, or "
             "record it with instructions.py --record and say why")


def main():
    records = json.loads(RECORDS.read_text())
    missing = measure.why_not()
    if missing:
        skip(missing)
    if sys.argv[1] == "--record":
        RECORDS.write_text(json.dumps({name: count(name) for name in records}, indent=2) + "\n")
    else:
        check(sys.argv[1], records[sys.argv[1]])


main()
