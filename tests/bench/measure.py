# SPDX-License-Identifier: GPL-3.0-or-later
"""measure.py: instructions of each layer of a model on a virtual board, one inference, exactly.

The firmware is what a user would link around the exported header; a plugin of QEMU counts.
"""
import os
import pathlib
import shutil
import subprocess

import m4_cycles
from support import CLI, DEADLINE_SECONDS, SHARED, SOURCE, cli, cli_json

# Where the build put the plugin and the runtime of each board.
BUILD = pathlib.Path(os.environ.get(
    "FETTLE_BENCH", pathlib.Path(CLI).resolve().parent.parent / "tests" / "bench"))
PLUGIN = BUILD / "libcount-instructions.so"
FIRMWARE = SOURCE / "tests" / "bench" / "firmware"
BOARDS_FOLDER = SOURCE / "target-agent" / "boards"

# Machine of QEMU, target of lowering, flags of the compiler as in target-agent/boards/mps/meson.build.
BOARDS = {
    "virtual-m4": ("mps2-an386", "cortex-m4", ["-mcpu=cortex-m4", "-mfpu=fpv4-sp-d16"]),
    "virtual-m7": ("mps2-an500", "cortex-m7", ["-mcpu=cortex-m7", "-mfpu=fpv5-d16"]),
    "virtual-m55": ("mps3-an547", "cortex-m55", ["-mcpu=cortex-m55"]),
}
WITH_CYCLES = "virtual-m4"
LOSSLESS = "-lossless"  # ends the names of models whose dead channels are removed


class CannotMeasure(Exception):
    pass


def why_not():
    """A sentence on what is missing here, or None."""
    for program in ("qemu-system-arm", "arm-none-eabi-gcc"):
        if shutil.which(program) is None:
            return f"{program} is not installed"
    return None if PLUGIN.exists() else f"{PLUGIN} was not built: QEMU's plugins need Linux"


def library(board):
    return BUILD / f"libfrt-{board}.a"


def run(*command):
    done = subprocess.run([str(part) for part in command], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                          timeout=DEADLINE_SECONDS)
    if done.returncode != 0:
        raise CannotMeasure(f"{command[0]}: {done.stdout.decode(errors='replace').strip()}")


def compile_firmware(source, board, work, *flags):
    """SOURCE with the runtime and the start-up code of BOARD; the ELF file."""
    core = BOARDS[board][2]
    elf = work / "firmware.elf"
    run("arm-none-eabi-gcc", *core, "-mthumb", "-mfloat-abi=hard", "-std=gnu11", "-O2",
        "-ffp-contract=off", "-ffunction-sections", "-fdata-sections", "-I", SOURCE, "-I",
        SOURCE / "runtime", "-I", work, *flags, source, library(board), "-nostartfiles",
        "--specs=nosys.specs", "-Wl,--gc-sections", "-Wl,--no-warn-rwx-segments",
        "-Wl,-u,startup_reset", "-L", BOARDS_FOLDER / "mps", "-T",
        BOARDS_FOLDER / board / "memory.ld", "-lm", "-o", elf)
    return elf


def run_in_qemu(elf, board, *arguments):
    """Until the firmware leaves; fails unless it does so with 0."""
    run("qemu-system-arm", "-M", BOARDS[board][0], "-display", "none", "-monitor", "none", "-serial",
        "none", "-semihosting-config", "enable=on,target=native", "-kernel", elf, *arguments)


def count(elf, board, work):
    """[(instructions, executions by address)] of each layer, then of what lies between them."""
    counts = work / "counts"
    run_in_qemu(elf, board, "-plugin", f"{PLUGIN},out={counts}")
    found = []
    for line in counts.read_text().splitlines():
        name, number = line.split()
        if name in ("layer", "region"):
            found.append((int(number), {}))
        else:
            found[-1][1][int(name, 16)] = int(number)
    return found


def write_sample(model, work):
    """Input 0 of the public vectors, else zero points."""
    vector = SHARED / "golden" / model.stem.removesuffix(LOSSLESS) / "input_0.bin"
    data = vector.read_bytes() if vector.is_file() else b"\0"
    (work / "sample.h").write_text("static const unsigned char sample[] = { %s };\n"
                                   % ", ".join(map(str, data)))


def measure(model, board, work, target=None):
    """What one inference of the file MODEL takes on BOARD, as plain data. TARGET is for what core it is lowered,
    by default for the board's."""
    target = target or BOARDS[board][1]
    layers = cli_json("inspect", model)["layers"]
    exported = cli_json("export", model, "--header", work / "model.h", "--target", target)
    write_sample(model, work)
    elf = compile_firmware(FIRMWARE / "main.c", board, work)
    *per_layer, between = count(elf, board, work)
    if len(per_layer) != len(layers):
        raise CannotMeasure(f"{model.name} on {board}: {len(per_layer)} layers were counted")
    result = {
        "instructions": sum(n for n, _ in per_layer) + between[0],
        "arena_bytes": exported["arena_bytes"],
        "image_bytes": exported["image_bytes"],
        "layers": [{"name": layer["name"], "op": layer["op"], "macs": layer["macs"],
                    "instructions": n} for layer, (n, _) in zip(layers, per_layer)],
    }
    if board == WITH_CYCLES:
        estimator = m4_cycles.Estimator(elf)
        cycles = [estimator.cycles(executed) for _, executed in (*per_layer, between)]
        result["cycles"] = sum(cycles)
        for layer, n in zip(result["layers"], cycles):
            layer["cycles"] = n
    return result


def without_dead_channels(model, work):
    """MODEL, of int8, tuned by the recipe that leaves its outputs as they are; its file."""
    path = work / (model.stem + LOSSLESS + ".fettle")
    cli("tune", model, "--recipe", "lossless", "-o", path)
    return path


def tuned_sample(work):
    """The project's own model, quantized; its file."""
    path = work / "sample.fettle"
    sample = SOURCE / "data" / "sample"
    cli("tune", sample / "bearing.tflite", "--calibrate", sample / "bearing_calib_x.npy", "-o", path)
    return path
