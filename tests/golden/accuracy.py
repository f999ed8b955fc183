# SPDX-License-Identifier: GPL-3.0-or-later
"""accuracy.py MODEL CALIBRATION EVAL_X EVAL_Y FLOAT_CORRECT TUNED_AT_LEAST
[--recipe R.json] [--scale S]

A float model evaluates to the known number of correct predictions, and after tuning with the recipe
(of this folder; else the default one) to at least the number given; tuning twice gives the same bytes."""
import argparse
import pathlib
import sys
import tempfile

from support import cli, cli_json, fail, locate


def main():
    model, calibration, data, labels = map(locate, sys.argv[1:5])
    float_correct, tuned_at_least = map(int, sys.argv[5:7])
    options = argparse.ArgumentParser()
    options.add_argument("--recipe")
    options, scale = options.parse_known_args(sys.argv[7:])
    recipe = []
    if options.recipe:
        recipe = ["--recipe", pathlib.Path(__file__).with_name(options.recipe)]
    before = cli_json("eval", model, "--data", data, "--labels", labels, *scale)
    print("float:", before)
    if before["correct"] != float_correct:
        fail(f"the float model got {before['correct']} right, not {float_correct}")
    with tempfile.TemporaryDirectory() as folder:
        tuned = pathlib.Path(folder) / "tuned.fettle"
        again = pathlib.Path(folder) / "again.fettle"
        cli("tune", model, "--calibrate", calibration, "-o", tuned, *recipe, *scale)
        cli("tune", model, "--calibrate", calibration, "-o", again, *recipe, *scale)
        if tuned.read_bytes() != again.read_bytes():
            fail("tuning twice gave two different files")
        after = cli_json("eval", tuned, "--data", data, "--labels", labels, *scale)
        sizes = {key: cli_json("inspect", path)["weight_bytes"]
                 for key, path in (("float", model), ("tuned", tuned))}
    print("tuned:", after, "weight bytes:", sizes)
    if after["n"] != before["n"] or after["correct"] < tuned_at_least:
        fail(f"the tuned model got {after['correct']} right, fewer than {tuned_at_least}")
    if sizes["tuned"] * 2 > sizes["float"]:
        fail("tuning did not make the weights smaller")


main()
