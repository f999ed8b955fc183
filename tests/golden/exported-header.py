# SPDX-License-Identifier: GPL-3.0-or-later
"""exported-header.py MODEL CALIBRATION EVAL_X: a user's program around an exported header.

The model is tuned and exported for each target. Every header compiles without a warning as C and C++,
for the desktop and for the Cortex-M4; the one for the Cortex-M4, run in QEMU, gives the bytes of
`fettle-cli run`, and on the desktop the golden run gives the checksum that the header promises.
"""
import ast
import pathlib
import struct
import subprocess
import sys
import tempfile

from support import SOURCE, cli, fail, first_difference, locate, need_board

WARNINGS = ["-Wall", "-Wextra", "-Wconversion", "-Werror"]
CORTEX_M4 = ["-mcpu=cortex-m4", "-mthumb", "-mfpu=fpv4-sp-d16", "-mfloat-abi=hard"]
TARGETS = ["portable", "cortex-m4", "cortex-m7", "cortex-m55"]
FIRMWARE = SOURCE / "tests" / "golden" / "firmware"
RUNTIME = sorted((SOURCE / "runtime").rglob("*.c"))
GOLDEN_PROGRAM = """
#include "model.h"
#include <stdio.h>
MODEL_ARENA (arena);
int main (void)
{
  frt_image image;
  uint32_t crc = 0;
  if (model_open (&image) != FRT_OK
      || model_golden_run (&image, arena, sizeof arena, &crc) != FRT_OK)
    return 1;
  printf ("%d\\n", crc == MODEL_GOLDEN_CRC32);
  return 0;
}
"""


def run(*command, **options):
    done = subprocess.run([str(part) for part in command], capture_output=True, timeout=300,
                          check=False, **options)
    if done.returncode != 0:
        fail(" ".join(map(str, command)) + "\n" + done.stderr.decode() + done.stdout.decode())
    return done.stdout.decode()


def compile_everywhere(work, program):
    for compiler, flags in (("cc", ["-std=c11"]), ("c++", ["-std=c++11", "-xc++"]),
                            ("arm-none-eabi-gcc", ["-std=c11", *CORTEX_M4]),
                            ("arm-none-eabi-g++", ["-std=c++11", "-xc++", *CORTEX_M4])):
        run(compiler, *flags, *WARNINGS, "-I", SOURCE / "runtime", "-I", work, "-c", program,
            "-o", work / "program.o")


def check_golden_run(work, program):
    executable = work / "golden"
    run("cc", "-std=c11", "-O2", "-ffp-contract=off", "-I", SOURCE / "runtime", "-I", work, program,
        *RUNTIME, "-lm", "-o", executable)
    if run(executable).strip() != "1":
        fail("the golden run does not give the checksum that the header promises")


def output_in_qemu(work):
    elf = work / "firmware.elf"
    run("arm-none-eabi-gcc", "-std=c11", *CORTEX_M4, "-Os", *WARNINGS, "-ffunction-sections",
        "-fdata-sections", "-ffp-contract=off", "-I", SOURCE / "runtime", "-I", work,
        FIRMWARE / "main.c", *RUNTIME, "-nostartfiles", "--specs=nosys.specs", "-Wl,--gc-sections",
        "-T", FIRMWARE / "mps2-an386.ld", "-lm", "-o", elf)
    return bytes.fromhex(qemu(elf))


def qemu(elf):
    """Semihosting writes to standard error or output, as QEMU sees fit."""
    done = subprocess.run(
        ["qemu-system-arm", "-M", "mps2-an386", "-display", "none", "-monitor", "none", "-serial",
         "none", "-semihosting-config", "enable=on,target=native", "-kernel", str(elf)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300, check=False)
    if done.returncode != 0:
        fail(f"the program in QEMU ended with {done.returncode}: {done.stdout.decode()}")
    return done.stdout.decode().strip()


def quantized_sample(eval_x, work):
    """The first sample of EVAL_X as the tuned model's input bytes, by the header's own macros."""
    text = (work / "model.h").read_text()
    macro = dict(line.split(maxsplit=2)[1:] for line in text.splitlines()
                 if line.startswith("#define MODEL_INPUT_0_"))
    scale = float(macro["MODEL_INPUT_0_SCALE"].rstrip("f"))
    zero_point = int(macro["MODEL_INPUT_0_ZERO_POINT"].strip("()"))
    return bytes(max(-128, min(127, round(value / scale) + zero_point)) & 0xFF for value in first_sample(eval_x))


def first_sample(path):
    """The values of the first sample of an int8, uint8 or float32 .npy file."""
    data = path.read_bytes()
    start = 10 + int.from_bytes(data[8:10], "little")
    header = ast.literal_eval(data[10:start].decode())
    code = {"|i1": "b", "|u1": "B", "<f4": "f"}[header["descr"]]
    size = 1
    for extent in header["shape"][1:]:
        size *= extent
    return struct.unpack_from(f"<{size}{code}", data, start)


def main():
    need_board("virtual-m4")
    model, calibration, eval_x = map(locate, sys.argv[1:4])
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        tuned = work / "tuned.fettle"
        cli("tune", model, "--calibrate", calibration, "-o", tuned)
        program = work / "golden.c"
        program.write_text(GOLDEN_PROGRAM)
        for target in TARGETS:
            cli("export", tuned, "--header", work / "model.h", "--target", target)
            includes = [line for line in (work / "model.h").read_text().splitlines()
                        if line.startswith("#include")]
            if includes != ['#include "frt.h"']:
                fail(f"the header includes {includes}")
            compile_everywhere(work, program)
        check_golden_run(work, program)
        cli("export", tuned, "--header", work / "model.h", "--target", "cortex-m4")
        sample = quantized_sample(eval_x, work)
        (work / "sample.h").write_text("static const uint8_t sample[] = {"
                                       + ",".join(map(str, sample)) + "};\n")
        (work / "sample.bin").write_bytes(sample)
        cli("run", tuned, "--input", work / "sample.bin", "--output", work / "output.bin")
        difference = first_difference(output_in_qemu(work), (work / "output.bin").read_bytes())
        if difference:
            fail(f"the exported model in QEMU: {difference}")
    print(f"{model.name}: tuned, exported, compiled, run in QEMU: equal to the byte")


main()
