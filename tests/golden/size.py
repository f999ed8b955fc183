# SPDX-License-Identifier: GPL-3.0-or-later
"""size.py: flash of the runtime and the kernels that a model uses, on Cortex-M4, without the model.

The sample, tuned, and those of the known models in the shared folder, if there is one. A program around the
exported header is linked as a user would. What counts is .text, .rodata and .data of all but that program and
the model's bytes. size.json says what to measure, how it is compiled, its limit, and the bytes recorded; more
than the limit, or 2 % more than recorded, is a fault. Built for size, a model is exported with --optimize size
and compiled with -Os; built for speed, it has the kernels of its core, compiled with -O2. Several models are
measured with the kernels of all. Prints the bytes of each function.
"""
import json
import pathlib
import re
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


def kernel_table(header):
    """The lines that name kernels."""
    return re.search(r"model_kernels\[\] = \{\n(.*?)\};", header, re.S)[1]


def export_models(names, target, work):
    """WORK/model.h: the first model, with the kernels of all, in the order of their numbers."""
    path = work / "model.h"
    headers = []
    kind = ["cortex-m4", "--optimize", "size"] if target == "portable" else [target]
    for name in names:
        cli("export", find_model(name, work), "--header", path, "--target", *kind)
        headers.append(path.read_text())
    lines = {line for header in headers for line in kernel_table(header).splitlines()}
    known = re.findall(r"\((frt_\w+)\)", (SOURCE / "runtime" / "frt_kernels.h").read_text())
    table = [f"  &{kernel}," for kernel in known if f"  &{kernel}," in lines]
    path.write_text(headers[0].replace(kernel_table(headers[0]), "\n".join(table) + "\n"))


def main():
    need_board("virtual-m4")
    bounds = json.loads((SOURCE / "tests" / "golden" / "size.json").read_text())
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        runtime = {option: compile_runtime(work, option) for option in ("-Os", "-O2")}
        for bound in bounds:
            names, target, option = bound["models"], bound["target"], bound["option"]
            if names != ["sample"] and not (SHARED / "models").is_dir():
                print(f"{' + '.join(names)}: not measured, since {SHARED} is absent")
                continue
            export_models(names, target, work)
            faults.append(check(f"{' + '.join(names)}, {target}, {option}", bound["recorded"],
                                bound["limit"], link(work, runtime[option], option)))
    if any(faults):
        fail("\n".join(filter(None, faults)))


main()
