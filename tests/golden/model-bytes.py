# SPDX-License-Identifier: GPL-3.0-or-later
"""model-bytes.py STEM BOARD: an int8 model gives the reference's bytes for all inputs and layers."""
import json
import pathlib
import sys
import tempfile

from support import cli, fail, first_difference, need_board, shared, where_options

N_INPUTS = 8
# Their inputs begin with fresh state each, so that they can't share one call of fettle-cli.
STATEFUL = ("mnist_lstm_tfint8",)


def check_outputs(model, golden, board, work):
    """All inputs in one file: one invocation each, in order."""
    numbers = [[i] for i in range(N_INPUTS)] if model.stem in STATEFUL else [list(range(N_INPUTS))]
    for group in numbers:
        inputs, outputs = work / "inputs.bin", work / "outputs.bin"
        inputs.write_bytes(b"".join((golden / f"input_{i}.bin").read_bytes() for i in group))
        want = b"".join((golden / f"output_{i}.bin").read_bytes() for i in group)
        cli("run", model, "--input", inputs, "--output", outputs, *board)
        difference = first_difference(outputs.read_bytes(), want)
        if difference:
            fail(f"{model.name}, outputs of inputs {group}: {difference}")


def check_layers(model, golden, board, work):
    dump = work / "layers"
    cli("run", model, "--input", golden / "input_0.bin", "--output", work / "output.bin",
        "--dump-layers", dump, *board)
    lines = (golden / "layers_input_0" / "index.jsonl").read_text().splitlines()
    layers = [json.loads(line) for line in lines]
    dumped = sorted(path.name for path in dump.iterdir())
    expected = [f"{layer['op']:03}.bin" for layer in layers]
    if dumped != expected:
        fail(f"{model.name}: the dump holds {dumped}, not {expected}")
    for layer in layers:
        want = (golden / "layers_input_0" / layer["file"]).read_bytes()
        difference = first_difference((dump / f"{layer['op']:03}.bin").read_bytes(), want)
        if difference:
            fail(f"{model.name}, layer {layer['op']} {layer['kind']}: {difference}")
    return len(layers)


def main():
    stem, board = sys.argv[1:]
    need_board(board)
    model = shared("models", stem + ".tflite")
    golden = shared("golden", stem)
    where = where_options(board)
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        check_outputs(model, golden, where, work)
        n_layers = check_layers(model, golden, where, work)
    print(f"{stem} on {board}: {N_INPUTS} outputs and {n_layers} layers are equal to the byte")


main()
