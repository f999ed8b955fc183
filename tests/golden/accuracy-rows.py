# SPDX-License-Identifier: GPL-3.0-or-later
"""accuracy-rows.py [ROW...]

The default recipes on the public models: each ROW (all, if none is named) reaches its number of correct
predictions on data that tuning did not see. Prints the table of docs/accuracy.md: beside the float model and
ours what calibration and rounding to nearest alone give."""
import json
import pathlib
import sys
import tempfile

from support import cli, cli_json, fail, shared

SCALE_255 = ["--scale", "0.00392156862745098"]
INT4 = ["--weights", "int4"]
PER_TENSOR = ["--granularity", "tensor"]

# Model, data, preprocessing, options of tune, correct predictions to reach.
ROWS = {
    "ic-int8": ("ic_resnet8_float", "cifar10", [], [], 441),
    "ic-int4": ("ic_resnet8_float", "cifar10", [], INT4, 436),
    "kws-int8": ("kws_dscnn_float", "kws", [], [], 364),
    "kws-int4": ("kws_dscnn_float", "kws", [], INT4, 361),
    "imbalanced-int8": ("kws_dscnn_float_imbalanced", "kws", [], [], 363),
    "imbalanced-int8-per-tensor": ("kws_dscnn_float_imbalanced", "kws", [], PER_TENSOR, 361),
    "imbalanced-int4": ("kws_dscnn_float_imbalanced", "kws", [], INT4, 359),
    "depthwise-int8": ("mnist_dw_float", "mnist", SCALE_255, [], 1812),
    "depthwise-int4": ("mnist_dw_float", "mnist", SCALE_255, INT4, 1800),
    "valid-int8": ("mnist_valid_float", "mnist", SCALE_255, [], 1903),
    "valid-int4": ("mnist_valid_float", "mnist", SCALE_255, INT4, 1890),
    "lstm-int8": ("mnist_lstm_float", "mnist", SCALE_255, [], 1945),
}


def write_naive_recipe(path, options):
    """Calibration and rounding to nearest, with the types that OPTIONS ask for."""
    quantize = {"step": "quantize"}
    if options == INT4:
        quantize["weights"] = "int4"
    if options == PER_TENSOR:
        quantize["granularity"] = "per-tensor"
    path.write_text(json.dumps({"fettle-recipe": 1,
                                "steps": [{"step": "calibrate"}, quantize]}))


def run_row(name, folder):
    model, data, scale, options, bar = ROWS[name]
    path = shared("models", model + ".tflite")
    calibration = shared("data", data + "_calib_x.npy")
    naive_recipe = folder / "naive.json"
    write_naive_recipe(naive_recipe, options)

    def evaluate(file):
        return cli_json("eval", file, "--data", shared("data", data + "_eval_x.npy"),
                        "--labels", shared("data", data + "_eval_y.npy"), *scale)

    found = [evaluate(path)]
    for choice in (["--recipe", naive_recipe], options):
        tuned = folder / "tuned.fettle"
        cli("tune", path, "--calibrate", calibration, "-o", tuned, *choice, *scale)
        found.append(evaluate(tuned))
    print(f"| {name} | {found[0]['n']} | {found[0]['correct']} | {found[1]['correct']} | "
          f"{found[2]['correct']} | {bar} |", flush=True)
    return f"{name}: {found[2]['correct']} right, fewer than {bar}" \
        if found[2]["correct"] < bar else None


def main():
    print("| row | samples | float | nearest | default recipe | at least |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        faults = [run_row(name, pathlib.Path(folder)) for name in sys.argv[1:] or ROWS]
    faults = [fault for fault in faults if fault]
    if faults:
        fail("; ".join(faults))


main()
