# SPDX-License-Identifier: GPL-3.0-or-later
"""profile-repeats.py BOARD: a virtual board counts the same instructions each time, to one tick a layer."""
import sys

from support import SAMPLE, SHARED, cli_json, cli, fail, need_board

# Instructions per SysTick tick at 25 and 32 MHz, rounded up.
TICK = {"virtual-m4": 40, "virtual-m7": 40, "virtual-m55": 32}


def main():
    board = sys.argv[1]
    need_board(board)
    model = SHARED / "models" / "kws_dscnn_tfint8.tflite"
    if not model.exists():
        model = SAMPLE / "bearing.tflite"
    first, second = (cli_json("profile", model, "--board", board, "--runs", 2)
                     for _ in range(2))
    if first["unit"] != "instructions" or first["board"] != board:
        fail(f"unit {first['unit']}, board {first['board']}")
    if "instructions" not in cli("profile", model, "--board", board).stdout.decode():
        fail("the printed profile does not name its unit")
    inspected = cli_json("inspect", model)["layers"]
    if [l["op"] for l in first["layers"]] != [l["op"] for l in inspected]:
        fail("the profile's layers are not the model's")
    for a, b in zip(first["layers"], second["layers"]):
        if not a["min"] <= a["median"] <= a["max"]:
            fail(f"layer {a['index']}: {a}")
        if abs(a["median"] - b["median"]) > TICK[board]:
            fail(f"layer {a['index']} took {a['median']}, then {b['median']} instructions")
    total = sum(layer["median"] for layer in first["layers"])
    if not total <= first["total"] <= total * 1.02 + 100000:
        fail(f"the layers sum up to {total}, the inference took {first['total']}")
    print(f"{model.name} on {board}: {first['total']} instructions, twice the same")


main()
