# SPDX-License-Identifier: GPL-3.0-or-later
"""flash.py: links the program of a user around an exported header, and measures what of it is the runtime.

What counts is .text, .rodata and .data of all but that program and the model's bytes.
"""
import subprocess

from support import SOURCE, fail

FIRMWARE = SOURCE / "tests" / "golden" / "firmware"
CORE = ["-mcpu=cortex-m4", "-mthumb", "-mfpu=fpv4-sp-d16", "-mfloat-abi=hard"]
FLAGS = [*CORE, "-std=c11", "-ffunction-sections", "-fdata-sections", "-ffp-contract=off"]
MEASURED = (".text", ".rodata", ".data")


def run(*command, **options):
    done = subprocess.run([str(part) for part in command], capture_output=True, timeout=300,
                          check=False, **options)
    if done.returncode != 0:
        fail(" ".join(map(str, command)) + "\n" + done.stderr.decode())
    return done.stdout.decode()


def compile_runtime(work, optimization):
    """The object files."""
    folder = work / ("runtime" + optimization)
    folder.mkdir()
    run("arm-none-eabi-gcc", *FLAGS, optimization, "-I", SOURCE / "runtime", "-c",
        *sorted((SOURCE / "runtime").rglob("*.c")), cwd=folder)
    return sorted(folder.iterdir())


def link(work, runtime, optimization):
    """The ELF file of a program around WORK/model.h; its input is as large as the model's, and zero."""
    (work / "sample.h").write_text(
        "static const unsigned char sample[MODEL_INPUT_0_SIZE] = { 0 };\n")
    run("arm-none-eabi-gcc", *FLAGS, optimization, "-I", SOURCE / "runtime", "-I", work, "-c",
        FIRMWARE / "main.c", "-o", work / "program.o")
    elf = work / "program.elf"
    run("arm-none-eabi-gcc", *FLAGS, work / "program.o", *runtime, "-nostartfiles",
        "--specs=nano.specs", "--specs=nosys.specs", "-Wl,--gc-sections", "-T",
        FIRMWARE / "size.ld", "-lm", "-o", elf)
    return elf


def section_sizes(elf):
    """(bytes, address) by name."""
    rows = (line.split() for line in run("arm-none-eabi-size", "-A", elf).splitlines())
    return {row[0]: (int(row[1]), int(row[2])) for row in rows
            if len(row) == 3 and row[0] in MEASURED}


def total_size(elf):
    return sum(size for size, _ in section_sizes(elf).values())


def symbols(elf):
    """(bytes, name, source file if known) of what is measured, the largest first."""
    sections = section_sizes(elf).values()
    found = []
    file = ""
    for line in run("arm-none-eabi-readelf", "-sW", elf).splitlines():
        fields = line.split()
        if len(fields) < 8 or fields[3] not in ("FILE", "FUNC", "OBJECT"):
            continue
        _, address, size, kind, binding, _, _, name = fields[:8]
        if kind == "FILE":
            file = name
        elif any(start <= int(address, 16) < start + length for length, start in sections):
            found.append((int(size, 0), name, file if binding == "LOCAL" else ""))
    return sorted(found, reverse=True)
