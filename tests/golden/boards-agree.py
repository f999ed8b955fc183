# SPDX-License-Identifier: GPL-3.0-or-later
"""boards-agree.py BOARD: the sample, float and tuned, gives on BOARD what it gives on the desktop.

Tuned: every layer's bytes, and outputs for several samples. Float: outputs to 1e-5, since another
compiler and mathematics library are at work.
"""
import pathlib
import struct
import sys
import tempfile

from support import SAMPLE, cli, fail, first_difference, need_board

N_SAMPLES = 5
SAMPLE_SIZE = 64 * 16
TOLERANCE = 1e-5


def compare_layers(board, model, data, work):
    folders = [work / "desktop", work / "board"]
    outputs = [work / "desktop.bin", work / "board.bin"]
    cli("run", model, "--input", data, "--output", outputs[0], "--dump-layers", folders[0])
    cli("run", model, "--input", data, "--output", outputs[1], "--dump-layers", folders[1],
        "--board", board)
    if not outputs[0].read_bytes() or len(outputs[0].read_bytes()) % N_SAMPLES != 0:
        fail(f"{len(outputs[0].read_bytes())} bytes of output for {N_SAMPLES} samples")
    difference = first_difference(outputs[1].read_bytes(), outputs[0].read_bytes())
    if difference:
        fail(f"outputs on {board}: {difference}")
    names = [sorted(path.name for path in folder.iterdir()) for folder in folders]
    if names[0] != names[1] or len(names[0]) < 10:
        fail(f"the dumps hold {names}")
    for name in names[0]:
        difference = first_difference((folders[1] / name).read_bytes(),
                                      (folders[0] / name).read_bytes())
        if difference:
            fail(f"layer {name} on {board}: {difference}")
    return len(names[0])


def compare_floats(board, data, work):
    model = SAMPLE / "bearing.tflite"
    outputs = [work / "desktop-float.bin", work / "board-float.bin"]
    cli("run", model, "--input", data, "--output", outputs[0])
    cli("run", model, "--input", data, "--output", outputs[1], "--board", board)
    values = [struct.unpack(f"<{len(b) // 4}f", b) for b in (p.read_bytes() for p in outputs)]
    worst = max(abs(a - b) for a, b in zip(*values))
    if len(values[0]) != len(values[1]) or not worst <= TOLERANCE:
        fail(f"float outputs on {board} differ by {worst}")


def main():
    board = sys.argv[1]
    need_board(board)
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        tuned = work / "tuned.fettle"
        cli("tune", SAMPLE / "bearing.tflite", "--calibrate", SAMPLE / "bearing_calib_x.npy",
            "-o", tuned)
        header_size = 128
        samples = (SAMPLE / "bearing_eval_x.npy").read_bytes()[header_size:]
        samples = samples[:N_SAMPLES * SAMPLE_SIZE]
        quantized = work / "quantized.bin"
        quantized.write_bytes(samples)
        n_layers = compare_layers(board, tuned, quantized, work)
        reals = work / "reals.bin"
        reals.write_bytes(struct.pack(f"<{len(samples)}f",
                                      *struct.unpack(f"<{len(samples)}b", samples)))
        compare_floats(board, reals, work)
    print(f"{board}: {N_SAMPLES} samples and {n_layers} layers as on the desktop")


main()
