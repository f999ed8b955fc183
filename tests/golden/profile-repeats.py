# SPDX-License-Identifier: GPL-3.0-or-later
"""profile-repeats.py: a virtual board counts the same instructions each time, to one tick a layer."""
from support import SAMPLE, SHARED, cli_json, cli, fail, need_board

TICK = 40  # instructions per SysTick tick on the 25 MHz MPS2 machines


def main():
    need_board("virtual-m4")
    model = SHARED / "models" / "kws_dscnn_tfint8.tflite"
    if not model.exists():
        model = SAMPLE / "bearing.tflite"
    first, second = (cli_json("profile", model, "--board", "virtual-m4", "--runs", 2)
                     for _ in range(2))
    if first["unit"] != "instructions" or first["board"] != "virtual-m4":
        fail(f"unit {first['unit']}, board {first['board']}")
    if "instructions" not in cli("profile", model, "--board", "virtual-m4").stdout.decode():
        fail("the printed profile does not name its unit")
    inspected = cli_json("inspect", model)["layers"]
    if [l["op"] for l in first["layers"]] != [l["op"] for l in inspected]:
        fail("the profile's layers are not the model's")
    for a, b in zip(first["layers"], second["layers"]):
        if not a["min"] <= a["median"] <= a["max"]:
            fail(f"layer {a['index']}: {a}")
        if abs(a["median"] - b["median"]) > TICK:
            fail(f"layer {a['index']} took {a['median']}, then {b['median']} instructions")
    total = sum(layer["median"] for layer in first["layers"])
    if not total <= first["total"] <= total * 1.02 + 100000:
        fail(f"the layers sum up to {total}, the inference took {first['total']}")
    print(f"{model.name}: {first['total']} instructions, twice the same")


main()
