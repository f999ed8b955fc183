# SPDX-License-Identifier: GPL-3.0-or-later
"""packed-twins.py BOARD [CASES]: each packed kernel's assembly and its plain C twin agree on random layers.

Both run in one boot of the virtual BOARD, by default on 100,000 layers of each kernel.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

from support import SOURCE, fail, skip

sys.path.append(str(SOURCE / "tests" / "bench"))
import measure

FIRMWARE = SOURCE / "tests" / "golden" / "firmware"
PREFIX = "twin_"
# Of each board: the kernels' folder, the flags that make twins, instructions that no twin has, and the firmware.
TWINS = {
    "virtual-m4": (SOURCE / "runtime" / "arch",
                   [*measure.BOARDS["virtual-m4"][2], "-U__ARM_FEATURE_DSP"],
                   r"\b(smlad|smmlar|sxta?b16)\b", "packed-twins.c"),
    "virtual-m55": (SOURCE / "runtime" / "arch" / "helium", ["-mcpu=cortex-m55+nomve"],
                    r"\b(vmladav|vmull[bt]|vqrdmulh|vqdmlah|vld[rn][bhw]|letp)", "helium-twins.c"),
}


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def compile_twins(board, work):
    """Objects of the kernels without vector instructions, all of whose own names have a prefix."""
    folder, flags, forbidden, _ = TWINS[board]
    sources = sorted(folder.glob("*.c"))
    subprocess.run(
        ["arm-none-eabi-gcc", *flags, "-mthumb", "-mfloat-abi=hard", "-std=gnu11", "-O2",
         "-ffunction-sections", "-fdata-sections", "-I", SOURCE / "runtime", "-c", *sources],
        cwd=work, check=True)
    objects = [work / (source.stem + ".o") for source in sources]
    defined = re.findall(r"^\S+ [TRD] (\S+)$", output("arm-none-eabi-nm", *objects), re.M)
    names = work / "names"
    names.write_text("".join(f"{name} {PREFIX}{name}\n" for name in defined))
    for path in objects:
        subprocess.run(["arm-none-eabi-objcopy", f"--redefine-syms={names}", path], check=True)
        if re.search(forbidden, output("arm-none-eabi-objdump", "-d", path)):
            fail(f"the twin {path.name} has vector instructions: nothing would be compared")
    return objects


def main():
    board = sys.argv[1]
    cases = sys.argv[2] if len(sys.argv) > 2 else "100000"
    missing = measure.why_not()
    if missing:
        skip(missing)
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        elf = measure.compile_firmware(FIRMWARE / TWINS[board][3], board, work, FIRMWARE / "twins.c",
                                       f"-DCASES={cases}u", *compile_twins(board, work))
        try:
            measure.run_in_qemu(elf, board)
        except measure.CannotMeasure as reason:
            fail(str(reason))
    print(f"{cases} layers of each kernel agree")


main()
