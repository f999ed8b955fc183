# SPDX-License-Identifier: GPL-3.0-or-later
"""profiler-cost.py: what profiling adds to an inference on the virtual M4, counted exactly.

The agent's firmware, linked anew so that each inference also runs without the profiler, is profiled by fettle-cli
as ever; a plugin of QEMU counts both. What is left of the difference is the profiler's own, with the calls of it.
"""
import json
import os
import pathlib
import shutil
import sys
import tempfile

from support import SHARED, SOURCE, cli_json, fail, skip

sys.path.append(str(SOURCE / "tests" / "bench"))
import measure

BOARD = "virtual-m4"
MOST_INSTRUCTIONS = 60  # for each layer
MOST_SHARE = 0.001      # of an inference of KWS
KWS_LAYERS = 13
RUNS = 3

WRAPPER = """#!/usr/bin/python3
import os, sys
arguments = sys.argv[1:]
arguments[arguments.index("-kernel") + 1] = %r
os.execv(%r, ["qemu-system-arm", *arguments, "-plugin", %r])
"""


def install_wrapper(work, counts):
    """A qemu-system-arm in the folder WORK that runs the other firmware and counts."""
    elf = measure.compile_firmware(measure.FIRMWARE / "wrap-run.c", BOARD, work,
                                   "-Wl,--wrap=frt_image_run")
    wrapper = work / "qemu-system-arm"
    wrapper.write_text(WRAPPER % (str(elf), shutil.which("qemu-system-arm"),
                                  f"{measure.PLUGIN},out={counts}"))
    wrapper.chmod(0o755)
    os.environ["PATH"] = f"{work}:{os.environ['PATH']}"


def cost_per_layer(model, counts):
    """(instructions that profiling adds for each layer, instructions of an inference without it)."""
    profile = cli_json("profile", model, "--board", BOARD, "--runs", RUNS)
    regions = [int(line.split()[1]) for line in counts.read_text().splitlines()
               if line.startswith("region ")]
    regions = regions[-2 * RUNS:]  # those before are warm-ups, not measured
    if len(regions) != 2 * RUNS:
        fail(f"{model.name}: {len(regions)} regions instead of {2 * RUNS}")
    layers = len(profile["layers"])
    added = {profiled - plain for plain, profiled in zip(regions[::2], regions[1::2])}
    if min(added) <= 0:
        fail(f"{model.name}: profiling added {added} instructions, which cannot be")
    return max(added) / layers, regions[0]


def main():
    missing = measure.why_not()
    if missing:
        skip(missing)
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        counts = work / "counts"
        models = [measure.tuned_sample(work)]
        if (SHARED / "models").is_dir():
            models.append(SHARED / "models" / "kws_dscnn_tfint8.tflite")
        install_wrapper(work, counts)
        for model in models:
            cost, plain = cost_per_layer(model, counts)
            print(f"{model.name}: {cost:.1f} instructions for each layer, of {plain} in all")
            if cost > MOST_INSTRUCTIONS:
                fail(f"{model.name}: profiling a layer takes {cost:.1f} instructions, the most is "
                     f"{MOST_INSTRUCTIONS}")
    recorded = json.loads((SOURCE / "tests" / "golden" / "instructions.json").read_text())
    share = KWS_LAYERS * cost / recorded["kws_dscnn"][BOARD]
    print(f"{share:.4%} of an inference of KWS")
    if share > MOST_SHARE:
        fail(f"profiling takes {share:.4%} of an inference of KWS, the most is {MOST_SHARE:.1%}")


main()
