# SPDX-License-Identifier: GPL-3.0-or-later
"""packed-twins.py [CASES]: each packed kernel's assembly and its plain C twin agree on random layers.

Both run in one boot of the virtual Cortex-M4, by default on 100,000 layers of each kernel.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

from support import SOURCE, fail, skip

sys.path.append(str(SOURCE / "tests" / "bench"))
import measure

BOARD = "virtual-m4"
PREFIX = "twin_"


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def compile_twins(work):
    """Objects of runtime/arch without DSP instructions, all of whose own names have a prefix."""
    sources = sorted((SOURCE / "runtime" / "arch").glob("*.c"))
    subprocess.run(
        ["arm-none-eabi-gcc", *measure.BOARDS[BOARD][2], "-mthumb", "-mfloat-abi=hard", "-std=gnu11",
         "-O2", "-ffunction-sections", "-fdata-sections", "-U__ARM_FEATURE_DSP", "-I",
         SOURCE / "runtime", "-c", *sources], cwd=work, check=True)
    objects = [work / (source.stem + ".o") for source in sources]
    defined = re.findall(r"^\S+ [TRD] (\S+)$", output("arm-none-eabi-nm", *objects), re.M)
    names = work / "names"
    names.write_text("".join(f"{name} {PREFIX}{name}\n" for name in defined))
    for path in objects:
        subprocess.run(["arm-none-eabi-objcopy", f"--redefine-syms={names}", path], check=True)
        if re.search(r"\b(smlad|smmlar|sxta?b16)\b", output("arm-none-eabi-objdump", "-d", path)):
            fail(f"the twin {path.name} has DSP instructions: nothing would be compared")
    return objects


def main():
    cases = sys.argv[1] if len(sys.argv) > 1 else "100000"
    missing = measure.why_not()
    if missing:
        skip(missing)
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        elf = measure.compile_firmware(SOURCE / "tests" / "golden" / "firmware" / "packed-twins.c",
                                       BOARD, work, f"-DCASES={cases}u", *compile_twins(work))
        try:
            measure.run_in_qemu(elf, BOARD)
        except measure.CannotMeasure as reason:
            fail(str(reason))
    print(f"{cases} layers of each kernel agree")


main()
