# SPDX-License-Identifier: GPL-3.0-or-later
"""operators.py BOARD [EVERY]: single-operator cases of the shared folder give the reference's bytes.

BOARD "desktop" and "portable" run here, the latter with the portable kernels.

EVERY = n runs each n-th case. Integers must be equal; floats within the bounds of golden/ops/README.md.
"""
import pathlib
import struct
import subprocess
import sys
import tempfile

from support import CLI, fail, first_difference, need_board, shared, where_options

LOOSE = ("EXP_", "RSQRT_", "LOG_", "SIN_", "COS_", "SOFTMAX_", "LOG_SOFTMAX_",
         "UNIDIRECTIONAL_SEQUENCE_LSTM_", "SVDF_")
EXACT = ("MINIMUM_", "MAXIMUM_", "ABS_", "NEG_", "DEQUANTIZE_", "RESHAPE_", "PAD_", "PADV2_", "SLICE_",
         "STRIDED_SLICE_", "SPLIT_", "SPLIT_V_", "PACK_", "UNPACK_", "SQUEEZE_", "EXPAND_DIMS_",
         "TRANSPOSE_float32", "GATHER_", "RESIZE_NEAREST_NEIGHBOR_", "CAST_", "CONCATENATION_",
         "MIRROR_PAD_", "SPACE_TO_DEPTH_", "DEPTH_TO_SPACE_")
# Floats go in, truths or places come out.
BOOLEAN = ("EQUAL_", "NOT_EQUAL_", "GREATER_", "LESS_", "ARG_MAX_", "ARG_MIN_")


def has_float_output(folder):
    kind = folder.rsplit("_", 1)[1]
    return (kind == "float32" and not folder.startswith(BOOLEAN)) or folder.startswith("DEQUANTIZE_")


def tolerance(folder):
    if folder.startswith(EXACT):
        return 0.0
    return 1e-4 if folder.startswith(LOOSE) else 1e-5


def difference(folder, got, want):
    """A sentence, or None if GOT is as it must be."""
    if not has_float_output(folder) or tolerance(folder) == 0 or len(got) != len(want):
        return first_difference(got, want)
    pairs = zip(*(struct.unpack(f"<{len(data) // 4}f", data) for data in (got, want)))
    for i, (a, b) in enumerate(pairs):
        if not (a == b or abs(a - b) <= tolerance(folder) * max(1.0, abs(b))):
            return f"value {i} is {a} instead of {b}"
    return None


def check(case, board, work):
    output = work / "output.bin"
    where = where_options(board)
    done = subprocess.run([CLI, "run", str(case), "--input", str(case.with_suffix(".in.bin")),
                           "--output", str(output), *where], capture_output=True, timeout=300,
                          check=False)
    if done.returncode != 0:
        return done.stderr.decode().strip()
    return difference(case.parent.name, output.read_bytes(),
                      case.with_suffix(".out.bin").read_bytes())


def main():
    board = sys.argv[1]
    every = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    need_board(board)
    root = shared("golden", "ops")
    cases = sorted(root.glob("*/*.tflite"))
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        for case in cases[::every]:
            fault = check(case, board, pathlib.Path(folder))
            if fault:
                faults.append(f"{case.parent.name}/{case.name}: {fault}")
    print(f"{len(cases[::every])} cases on {board}, {len(faults)} wrong")
    if faults:
        fail("\n".join(faults[:40]))


main()
