# SPDX-License-Identifier: GPL-3.0-or-later
"""lossless.py STEM [MACS WEIGHT_BYTES IMAGE_BYTES]

The built-in recipe "lossless" leaves an int8 model's outputs as they are, to the byte. With figures: no
more than these are left of it. Without: the model has nothing to lose, and its image stays the same."""
import pathlib
import sys
import tempfile

from support import cli, cli_json, fail, first_difference, shared

N_INPUTS = 8


def check_outputs(tuned, golden, work):
    for i in range(N_INPUTS):
        output = work / "output.bin"
        cli("run", tuned, "--input", golden / f"input_{i}.bin", "--output", output)
        difference = first_difference(output.read_bytes(),
                                      (golden / f"output_{i}.bin").read_bytes())
        if difference:
            fail(f"{golden.name}, output of input {i}: {difference}")


def main():
    stem, bounds = sys.argv[1], [int(bound) for bound in sys.argv[2:]]
    model, golden = shared("models", stem + ".tflite"), shared("golden", stem)
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        tuned = work / "tuned.fettle"
        report = cli_json("tune", model, "--recipe", "lossless", "-o", tuned)["report"]
        check_outputs(tuned, golden, work)
        left, before = cli_json("inspect", tuned), cli_json("inspect", model)
    figures = [left[key] for key in ("macs", "weight_bytes", "image_bytes")]
    print(f"{stem}: outputs equal; MACs, bytes of weights and of image left: {figures}", *report[-2:])
    if any(figure > bound for figure, bound in zip(figures, bounds)):
        fail(f"{stem}: {figures} are left, more than {bounds}")
    if not bounds and left["image_bytes"] != before["image_bytes"]:
        fail(f"{stem}: the image has changed, though nothing can be taken out")


main()
