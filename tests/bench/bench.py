#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""bench.py: what one inference takes on the virtual boards, beside TensorFlow Lite Micro with CMSIS-NN.

    bench.py FETTLE_CLI [--json] [--report FILE.md] [MODEL...]

Without MODEL: the project's sample, tuned, and what is found of the public models in FETTLE_SHARED, by
default the checkout's neighbour. --report writes the page of docs/. Instructions are exact; cycles are an
estimate for a Cortex-M4 whose memory never waits; flash is the runtime with the kernels that the model uses,
compiled with -O2 for the Cortex-M4; ratios are Fettle's figure over that of peers.json. Of the desktop's own
kernels: seconds of the processor for 500 samples on one thread, and how many times as fast as the portable ones.
"""
import argparse
import datetime
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PEERS = ROOT / "tests" / "bench" / "peers.json"
SKIPPED = 77
# Public models that are measured once more without the channels that make no difference.
WITH_DEAD_CHANNELS = ("vww_mbv1_tfint8",)
# What the desktop's own kernels are measured on, of pictures of CIFAR-10's size; else the sample.
DESKTOP_MODELS = ("ic_resnet8_float", "ic_resnet8_tfint8")
DESKTOP_BAR = 8


def first_line(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[0]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cli", metavar="FETTLE_CLI")
    parser.add_argument("models", metavar="MODEL", nargs="*", type=pathlib.Path)
    parser.add_argument("--json", action="store_true", help="print JSON for programs")
    parser.add_argument("--report", metavar="FILE.md", type=pathlib.Path,
                        help="write the tables as a page")
    return parser.parse_args()


def ratio(value, peer):
    return round(value / peer, 3) if value and peer else None


def compare(result, peer, board):
    """Adds ratios to what measure () found."""
    result["ratio"] = ratio(result["instructions"], peer.get("instructions", {}).get(board))
    result["cycle_ratio"] = ratio(result.get("cycles"), peer.get("cycles"))
    layers = peer.get("layers", {}).get(board, [])
    if len(layers) == len(result["layers"]):
        for layer, instructions in zip(result["layers"], layers):
            layer["ratio"] = ratio(layer["instructions"], instructions)
    return result


def measure_model(path, peers, flash_objects):
    """One model on all boards."""
    import flash
    import measure
    found = {"model": path.stem, "boards": {}}
    peer = peers.get(path.stem.removesuffix(measure.LOSSLESS), {})
    for board in measure.BOARDS:
        with tempfile.TemporaryDirectory() as folder:
            work = pathlib.Path(folder)
            try:
                result = measure.measure(path, board, work)
            except measure.CannotMeasure as reason:
                found["boards"][board] = {"error": str(reason)}
                continue
            if board == measure.WITH_CYCLES:
                found["macs"] = sum(layer["macs"] for layer in result["layers"])
                found["flash_bytes"] = flash.total_size(flash.link(work, flash_objects, "-O2"))
            found["boards"][board] = compare(result, peer, board)
    return found


def measure_desktop(models):
    """Seconds of 500 samples here, on one thread, with the portable kernels and with the desktop's own."""
    import measure
    found = []
    for path in models:
        done = subprocess.run([measure.BUILD / "desktop-speed", path], capture_output=True, text=True,
                              check=True)
        portable, desktop = map(float, done.stdout.split())
        found.append({"model": path.stem, "portable_seconds": portable, "seconds": desktop,
                      "ratio": round(portable / desktop, 2)})
    return found


def measure_all(models):
    import flash
    import measure
    import shapes
    from support import SHARED
    peers = json.loads(PEERS.read_text())["models"]
    with tempfile.TemporaryDirectory(prefix="fettle-bench-") as folder:
        work = pathlib.Path(folder)
        if not models:
            known = [SHARED / "models" / (name + ".tflite") for name in peers]
            models = [measure.tuned_sample(work), *(path for path in known if path.is_file())]
            models += [measure.without_dead_channels(path, work) for path in models
                       if path.stem in WITH_DEAD_CHANNELS]
        images = [path for path in (SHARED / "models" / (name + ".tflite") for name in DESKTOP_MODELS)
                  if path.is_file()]
        desktop = measure_desktop(images or [ROOT / "data" / "sample" / "bearing.tflite", models[0]])
        random_shapes = shapes.compare_random(measure, 1)
        objects = flash.compile_runtime(work, "-O2")
        found = [measure_model(path.resolve(), peers, objects) for path in models]
    return {
        "date": datetime.date.today().isoformat(),
        "compiler": first_line("arm-none-eabi-gcc", "--version"),
        "qemu": first_line("qemu-system-arm", "--version"),
        "desktop": desktop,
        "shapes": shapes.summarize(random_shapes),
        "models": found,
    }


def main():
    options = arguments()
    os.environ["FETTLE_CLI"] = str(pathlib.Path(options.cli).resolve())
    os.environ.setdefault("FETTLE_SOURCE", str(ROOT))
    sys.path.insert(0, str(ROOT / "tests" / "golden"))
    import measure
    import tables
    missing = measure.why_not()
    if missing:
        print(f"Nothing is measured: {missing}.", file=sys.stderr)
        return SKIPPED
    found = measure_all(options.models)
    if options.json:
        json.dump(found, sys.stdout, indent=2)
        print()
    else:
        print(tables.as_text(found))
    if options.report:
        options.report.write_text(tables.as_page(found))
    slow = [result["model"] for result in found["desktop"]
            if result["model"] in DESKTOP_MODELS and result["ratio"] < DESKTOP_BAR]
    if slow:
        print(f"The desktop's kernels are not {DESKTOP_BAR} times as fast as the portable ones: "
              + ", ".join(slow), file=sys.stderr)
    return 1 if slow or any("error" in result for model in found["models"]
                            for result in model["boards"].values()) else 0


if __name__ == "__main__":
    sys.exit(main())
