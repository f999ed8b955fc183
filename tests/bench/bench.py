#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""bench.py: instructions per inference on the virtual Cortex-M4, beside those of others.

    bench.py FETTLE_CLI [MODEL...]

Without MODEL: the sample, tuned, and what is found of the known models in ../shared/models.
"""

import json
import os
import subprocess
import sys
import tempfile

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
SAMPLE = os.path.join(ROOT, "data", "sample", "bearing")
SHARED = os.path.join(ROOT, "..", "shared", "models")

# Instructions of one inference on QEMU mps2-an386 (Cortex-M4), and arena bytes: TensorFlow Lite
# Micro 90b983c2 with CMSIS-NN 4ab83cc3, and with its reference kernels; everything -O3,
# arm-none-eabi-gcc 12.2.1, QEMU 7.2.22. Counted with a QEMU plugin for this project.
PEERS = {
    "vww_mbv1_tfint8": (24_720_365, 116_629_026, 100_708),
    "kws_dscnn_tfint8": (7_844_758, 48_639_767, 22_820),
    "ic_resnet8_tfint8": (29_874_161, 132_012_997, 54_996),
    "ad_toycar_tfint8": (582_338, 1_952_456, 2_580),
    "sww_tfint8": (2_225_878, 10_148_461, 16_596),
    "micro_speech_tfint8": (1_494_441, 9_580_184, 6_836),
    "hello_world_tfint8": (3_512, 5_233, 772),
    "simple_add_tfint8": (1_338_003, 1_483_506, 49_604),
}


def call(cli, *arguments):
    """What FETTLE_CLI ARGUMENTS --json answers; None, with its sentence printed, if it fails."""
    done = subprocess.run([cli, *arguments, "--json"], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, check=False)
    if done.returncode:
        print("%s: %s" % (arguments[1], done.stderr.strip()), file=sys.stderr)
        return None
    return json.loads(done.stdout)


def tuned_sample(cli, folder):
    path = os.path.join(folder, "bearing.fettle")
    subprocess.run([cli, "tune", SAMPLE + ".tflite", "--calibrate", SAMPLE + "_calib_x.npy",
                    "-o", path], stdout=subprocess.DEVNULL, check=True)
    return path


def number(value):
    return format(value, ",") if value else "-"


def row(name, macs, total, arena):
    cmsis, reference, cmsis_arena = PEERS.get(name, (0, 0, 0))
    ratio = "%.2f" % (total / cmsis) if cmsis else "-"
    per_mac = "%.2f" % (total / macs) if macs else "-"
    print("%-20s %11s %13s %8s %8s | %12s %8s %6s | %13s" % (
        name, number(macs), number(total), per_mac, number(arena),
        number(cmsis), number(cmsis_arena), ratio, number(reference)))


def bench(cli, models):
    print("%-20s %11s %13s %8s %8s | %12s %8s %6s | %13s" % (
        "model", "MACs", "instructions", "per MAC", "arena",
        "CMSIS-NN", "arena", "ratio", "TFLM ref."))
    failed = 0
    for path in models:
        facts = call(cli, "inspect", path)
        profile = facts and call(cli, "profile", path, "--board", "virtual-m4", "--runs", "1")
        if not profile:
            failed += 1
            continue
        if profile["unit"] != "instructions":
            raise SystemExit("virtual-m4 reports %s, not instructions" % profile["unit"])
        row(os.path.splitext(os.path.basename(path))[0], facts["macs"], profile["total"],
            profile["arena_bytes"])
    print("\nratio: Fettle's instructions over those of TensorFlow Lite Micro with CMSIS-NN.")
    return 1 if failed else 0


def main():
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    cli, models = os.path.abspath(sys.argv[1]), sys.argv[2:]
    with tempfile.TemporaryDirectory(prefix="fettle-bench-") as folder:
        if not models:
            known = [os.path.join(SHARED, name + ".tflite") for name in PEERS]
            models = [tuned_sample(cli, folder), *filter(os.path.isfile, known)]
        return bench(cli, models)


if __name__ == "__main__":
    sys.exit(main())
