# SPDX-License-Identifier: GPL-3.0-or-later
"""size.py: flash of the runtime and the kernels that a model uses, on Cortex-M4, without the model.

The sample, tuned, and those of the known models in the shared folder, if there is one. A program around the exported header is linked as a user would. What counts is .text, .rodata and .data of
all but that program and the model's bytes, both with portable kernels and with those for the Cortex-M4.
size.json holds for each model the limit, and the bytes recorded for each target; more than the limit, or
2 % more than recorded, is a fault. Prints the bytes of each function.
"""
import json
import pathlib
import subprocess
import tempfile

from support import SAMPLE, SHARED, SOURCE, cli, fail, need_board, shared

FIRMWARE = SOURCE / "tests" / "golden" / "firmware"
RUNTIME = sorted((SOURCE / "runtime").rglob("*.c"))
FLAGS = ["-mcpu=cortex-m4", "-mthumb", "-mfpu=fpv4-sp-d16", "-mfloat-abi=hard", "-std=c11", "-Os",
         "-ffunction-sections", "-fdata-sections", "-ffp-contract=off"]
MEASURED = (".text", ".rodata", ".data")
GROWTH = 1.02


def run(*command, **options):
    done = subprocess.run([str(part) for part in command], capture_output=True, timeout=300,
                          check=False, **options)
    if done.returncode != 0:
        fail(" ".join(map(str, command)) + "\n" + done.stderr.decode())
    return done.stdout.decode()


def find_model(name, work):
    if name != "sample":
        return shared("models", name + "_tfint8.tflite")
    tuned = work / "tuned.fettle"
    cli("tune", SAMPLE / "bearing.tflite", "--calibrate", SAMPLE / "bearing_calib_x.npy", "-o",
        tuned)
    return tuned


def compile_runtime(work):
    folder = work / "runtime"
    folder.mkdir()
    run("arm-none-eabi-gcc", *FLAGS, "-I", SOURCE / "runtime", "-c", *RUNTIME, cwd=folder)
    return sorted(folder.iterdir())


def link(work, runtime):
    """The program's ELF file; its input is as large as the model's, and zero."""
    (work / "sample.h").write_text(
        "static const unsigned char sample[MODEL_INPUT_0_SIZE] = { 0 };\n")
    run("arm-none-eabi-gcc", *FLAGS, "-I", SOURCE / "runtime", "-I", work, "-c",
        FIRMWARE / "main.c", "-o", work / "program.o")
    elf = work / "program.elf"
    run("arm-none-eabi-gcc", *FLAGS, work / "program.o", *runtime, "-nostartfiles",
        "--specs=nano.specs", "--specs=nosys.specs", "-Wl,--gc-sections", "-T",
        FIRMWARE / "size.ld", "-lm", "-o", elf)
    return elf


def section_sizes(elf):
    rows = (line.split() for line in run("arm-none-eabi-size", "-A", elf).splitlines())
    return {row[0]: (int(row[1]), int(row[2])) for row in rows
            if len(row) == 3 and row[0] in MEASURED}


def symbols(elf, sections):
    """(bytes, name, source file if known) of what lies in SECTIONS, the largest first."""
    found = []
    file = ""
    for line in run("arm-none-eabi-readelf", "-sW", elf).splitlines():
        fields = line.split()
        if len(fields) < 8 or fields[3] not in ("FILE", "FUNC", "OBJECT"):
            continue
        _, address, size, kind, binding, _, _, name = fields[:8]
        if kind == "FILE":
            file = name
        elif any(start <= int(address, 16) < start + length
                 for length, start in sections.values()):
            found.append((int(size, 0), name, file if binding == "LOCAL" else ""))
    return sorted(found, reverse=True)


def check(what, recorded, limit, elf):
    """A sentence on what is wrong with the size of WHAT, or None."""
    sections = section_sizes(elf)
    total = sum(size for size, _ in sections.values())
    print(f"{total:6} bytes for {what}; recorded {recorded}, limit {limit}")
    for size, symbol, file in symbols(elf, sections):
        print(f"{size:14} {symbol:36} {file}")
    if total > limit:
        return f"{what} takes {total} bytes of flash, more than its limit of {limit}"
    if total > recorded * GROWTH:
        return (f"{what} takes {total} bytes of flash, 2 % more than the {recorded} in "
                "tests/golden/size.json; make it smaller, or record it there and say why")
    return None


def main():
    need_board("virtual-m4")
    bounds = json.loads((FIRMWARE.parent / "size.json").read_text())
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        runtime = compile_runtime(work)
        for name, bound in bounds.items():
            if name != "sample" and not (SHARED / "models").is_dir():
                print(f"{name}: not measured, since {SHARED} is absent")
                continue
            model = find_model(name, work)
            for target, recorded in bound["recorded"].items():
                cli("export", model, "--header", work / "model.h", "--target", target)
                faults.append(check(f"{name}, {target}", recorded, bound["limit"],
                                    link(work, runtime)))
    if any(faults):
        fail("\n".join(filter(None, faults)))


main()
