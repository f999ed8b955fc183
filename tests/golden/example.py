# SPDX-License-Identifier: GPL-3.0-or-later
"""example.py RUNTIME_LIBRARY: docs/examples/bearing.c, compiled and run as its first lines say.

Its classes for all samples are those of `fettle-cli run`; where there is a cross compiler, it compiles
for the Cortex-M4 as well.
"""
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile

from support import SAMPLE, SOURCE, cli, fail

WARNINGS = ["-std=c11", "-Wall", "-Wextra", "-Wconversion", "-Werror"]
CORTEX_M4 = ["-mcpu=cortex-m4", "-mthumb", "-mfpu=fpv4-sp-d16", "-mfloat-abi=hard"]
PROGRAM = SOURCE / "docs" / "examples" / "bearing.c"
N_CLASSES = 4
LIMIT_LINES = 45


def run(*command, **options):
    done = subprocess.run([str(part) for part in command], capture_output=True, timeout=300,
                          check=False, **options)
    if done.returncode != 0:
        fail(" ".join(map(str, command)) + "\n" + done.stderr.decode())
    return done.stdout


def read_samples():
    """The values of the sample's evaluation data, as float32 bytes."""
    data = (SAMPLE / "bearing_eval_x.npy").read_bytes()
    start = 10 + int.from_bytes(data[8:10], "little")
    header = data[10:start].decode()
    if "'|i1'" in header:
        values = struct.unpack(f"{len(data) - start}b", data[start:])
        return struct.pack(f"<{len(values)}f", *values)
    if "'<f4'" in header:
        return data[start:]
    fail(f"bearing_eval_x.npy holds neither int8 nor float32: {header}")


def expected_classes(work, tuned, samples):
    """What fettle-cli run says of samples that it quantizes itself."""
    text = (work / "bearing.h").read_text()
    macros = dict(line.split(maxsplit=2)[1:] for line in text.splitlines()
                  if line.startswith("#define BEARING_INPUT_0_"))
    scale = float(macros["BEARING_INPUT_0_SCALE"].rstrip("f"))
    zero_point = int(macros["BEARING_INPUT_0_ZERO_POINT"].strip("()"))
    real = struct.unpack(f"<{len(samples) // 4}f", samples)
    (work / "inputs.bin").write_bytes(bytes(
        max(-128, min(127, int(abs(value) / scale + 0.5) * (1 if value > 0 else -1) + zero_point))
        & 0xFF for value in real))
    cli("run", tuned, "--input", work / "inputs.bin", "--output", work / "outputs.bin")
    scores = struct.iter_unpack(f"{N_CLASSES}b", (work / "outputs.bin").read_bytes())
    return [row.index(max(row)) for row in scores]


def main():
    library = sys.argv[1]
    if len(PROGRAM.read_text().splitlines()) > LIMIT_LINES:
        fail(f"{PROGRAM.name} is no longer short")
    samples = read_samples()
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        tuned = work / "bearing.fettle"
        cli("tune", SAMPLE / "bearing.tflite", "--calibrate", SAMPLE / "bearing_calib_x.npy", "-o",
            tuned)
        cli("export", tuned, "--header", work / "bearing.h", "--target", "portable")
        flags = [*WARNINGS, "-I", SOURCE / "runtime", "-I", work]
        run("cc", *flags, "-O2", PROGRAM, library, "-lm", "-o", work / "bearing")
        classes = [int(line) for line in run(work / "bearing", input=samples).split()]
        expected = expected_classes(work, tuned, samples)
        if shutil.which("arm-none-eabi-gcc"):
            run("arm-none-eabi-gcc", *CORTEX_M4, *flags, "-Os", "-c", PROGRAM, "-o", work / "arm.o")
    if not classes or classes != expected or len(set(classes)) != N_CLASSES:
        fail(f"the example says {classes}, fettle-cli run says {expected}")
    print(f"{len(classes)} samples have the classes of fettle-cli run")


main()
