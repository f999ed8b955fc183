# SPDX-License-Identifier: GPL-3.0-or-later
"""size.py: flash of the runtime and the kernels that a model uses, on Cortex-M4, without the model.

The sample, tuned, and those of the known models in the shared folder, if there is one. A program around the exported header is linked as a user would. What counts is .text, .rodata and .data of
all but that program and the model's bytes, both with portable kernels and with those for the Cortex-M4.
size.json holds for each model the limit, and the bytes recorded for each target; more than the limit, or
2 % more than recorded, is a fault. Prints the bytes of each function.
"""
import json
import pathlib
import tempfile

from flash import compile_runtime, link, symbols, total_size
from support import SAMPLE, SHARED, SOURCE, cli, fail, need_board, shared

GROWTH = 1.02


def find_model(name, work):
    if name != "sample":
        return shared("models", name + "_tfint8.tflite")
    tuned = work / "tuned.fettle"
    cli("tune", SAMPLE / "bearing.tflite", "--calibrate", SAMPLE / "bearing_calib_x.npy", "-o",
        tuned)
    return tuned


def check(what, recorded, limit, elf):
    """A sentence on what is wrong with the size of WHAT, or None."""
    total = total_size(elf)
    print(f"{total:6} bytes for {what}; recorded {recorded}, limit {limit}")
    for size, symbol, file in symbols(elf):
        print(f"{size:14} {symbol:36} {file}")
    if total > limit:
        return f"{what} takes {total} bytes of flash, more than its limit of {limit}"
    if total > recorded * GROWTH:
        return (f"{what} takes {total} bytes of flash, 2 % more than the {recorded} in "
                "tests/golden/size.json; make it smaller, or record it there and say why")
    return None


def main():
    need_board("virtual-m4")
    bounds = json.loads((SOURCE / "tests" / "golden" / "size.json").read_text())
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        runtime = compile_runtime(work, "-Os")
        for name, bound in bounds.items():
            if name != "sample" and not (SHARED / "models").is_dir():
                print(f"{name}: not measured, since {SHARED} is absent")
                continue
            model = find_model(name, work)
            for target, recorded in bound["recorded"].items():
                cli("export", model, "--header", work / "model.h", "--target", target)
                faults.append(check(f"{name}, {target}", recorded, bound["limit"],
                                    link(work, runtime, "-Os")))
    if any(faults):
        fail("\n".join(filter(None, faults)))


main()
