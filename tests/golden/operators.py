# SPDX-License-Identifier: GPL-3.0-or-later
"""operators.py BOARD [EVERY]: single-operator cases of the shared folder give the reference's bytes.

EVERY = n runs each n-th case. Integers must be equal; floats within the bounds of golden/ops/README.md.
"""
import pathlib
import struct
import subprocess
import sys
import tempfile

from support import CLI, fail, first_difference, need_board, shared

LOOSE = ("EXP_", "RSQRT_", "LOG_", "SIN_", "COS_", "SOFTMAX_", "LOG_SOFTMAX_",
         "UNIDIRECTIONAL_SEQUENCE_LSTM_", "SVDF_")
EXACT = ("MINIMUM_", "MAXIMUM_", "ABS_", "NEG_", "DEQUANTIZE_", "RESHAPE_", "PAD_", "PADV2_", "SLICE_",
         "STRIDED_SLICE_", "SPLIT_", "SPLIT_V_", "PACK_", "UNPACK_", "SQUEEZE_", "EXPAND_DIMS_",
         "TRANSPOSE_float32", "GATHER_", "RESIZE_NEAREST_NEIGHBOR_", "CAST_", "CONCATENATION_",
         "MIRROR_PAD_", "SPACE_TO_DEPTH_", "DEPTH_TO_SPACE_")
# What the runtime computes today; the others are an issue of their own.
GROUPS = ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "AVERAGE_POOL_2D", "MAX_POOL_2D", "ADD",
          "MUL", "RELU", "RELU6", "SOFTMAX", "RESHAPE", "PAD", "MEAN")
FOLDERS = {f"{group}_{kind}" for group in GROUPS for kind in ("int8", "float32")}
FOLDERS |= {f"{group}_{kind}" for group in ("SUM", "REDUCE_MAX", "REDUCE_MIN", "ARG_MAX", "ARG_MIN")
            for kind in ("int8", "float32")} | {"MEAN_int16", "SUM_int16", "SVDF_int8",
                                                      "SVDF_int8_state8", "SVDF_float32"}
FOLDERS |= {f"UNIDIRECTIONAL_SEQUENCE_LSTM_{kind}" for kind in ("int8", "16x8", "float32")}
MOVED = ("CONCATENATION", "SPLIT", "SPLIT_V", "SLICE", "STRIDED_SLICE", "PACK", "UNPACK", "SQUEEZE",
         "EXPAND_DIMS", "RESHAPE", "TRANSPOSE", "PAD", "PADV2", "MIRROR_PAD", "GATHER",
         "SPACE_TO_DEPTH", "DEPTH_TO_SPACE", "RESIZE_BILINEAR", "RESIZE_NEAREST_NEIGHBOR",
         "DEQUANTIZE")
TYPES = ("int8", "int16", "int32", "uint8", "bool", "float32")
FOLDERS |= {f"{group}_{kind}" for group in MOVED for kind in TYPES}
FOLDERS |= {f"{group}_{a}_to_{b}" for group in ("CAST", "QUANTIZE") for a in TYPES for b in TYPES}


def has_float_output(folder):
    kind = folder.rsplit("_", 1)[1]
    if folder.startswith("ARG_"):
        return False
    return kind == "float32" and "_to_int" not in folder or folder.startswith("DEQUANTIZE_")


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
    where = [] if board == "desktop" else ["--board", board]
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
    cases = [case for case in sorted(root.glob("*/*.tflite")) if case.parent.name in FOLDERS]
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
