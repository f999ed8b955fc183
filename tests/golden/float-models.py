# SPDX-License-Identifier: GPL-3.0-or-later
"""float-models.py STEM: a float model gives the reference's outputs and layers, to 1e-4 relative."""
import json
import pathlib
import struct
import sys
import tempfile

from support import cli, fail, shared

TOLERANCE = 1e-4
N_INPUTS = 8


def compare(what, got, want):
    values = [struct.unpack(f"<{len(data) // 4}f", data) for data in (got, want)]
    if len(values[0]) != len(values[1]):
        fail(f"{what}: {len(values[0])} values instead of {len(values[1])}")
    largest = max(abs(value) for value in values[1])
    for i, (a, b) in enumerate(zip(*values)):
        if not abs(a - b) <= TOLERANCE * max(largest, abs(b)):
            fail(f"{what}: value {i} is {a} instead of {b}")


def main():
    stem = sys.argv[1]
    model, golden = shared("models", stem + ".tflite"), shared("golden", stem)
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        for i in range(N_INPUTS):
            cli("run", model, "--input", golden / f"input_{i}.bin", "--output", work / "y.bin",
                "--dump-layers", work / "layers")
            compare(f"output {i}", (work / "y.bin").read_bytes(),
                    (golden / f"output_{i}.bin").read_bytes())
            if i == 0:
                lines = (golden / "layers_input_0/index.jsonl").read_text().splitlines()
                for layer in map(json.loads, lines):
                    compare(f"layer {layer['op']} {layer['kind']}",
                            (work / "layers" / f"{layer['op']:03}.bin").read_bytes(),
                            (golden / "layers_input_0" / layer["file"]).read_bytes())
    print(f"{stem}: {N_INPUTS} outputs and all layers within {TOLERANCE}")


main()
