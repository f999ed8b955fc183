# SPDX-License-Identifier: GPL-3.0-or-later
"""m4_cycles.py: from executed instructions to cycles of a Cortex-M4, as an estimate.

The timings are those of the Cortex-M4 Technical Reference Manual with memory that never waits. A conditional
branch is taken as often as the instruction behind it is not reached. A single load or store directly behind
another is pipelined. What silicon adds: wait states of flash, contention on the bus.
"""
import re
import subprocess

REFILL = 2  # of the pipeline, by a branch that is taken
CONDITIONS = "eq|ne|cs|cc|mi|pl|vs|vc|hi|ls|ge|lt|gt|le|hs|lo"
BRANCH = re.compile(rf"(b|bl|bx|blx|cbz|cbnz|tbb|tbh|b({CONDITIONS}))")
ALWAYS_TAKEN = ("b", "bl", "bx", "blx", "tbb", "tbh")

LOAD_MULTIPLE = ("ldm", "pop", "vldm", "vpop")
STORE_MULTIPLE = ("stm", "push", "vstm", "vpush")


def count_registers(operands):
    """Of a list in braces."""
    n = 0
    for item in re.search(r"\{([^}]*)\}", operands)[1].split(","):
        first, _, last = item.strip().partition("-")
        n += int(re.sub(r"\D", "", last)) - int(re.sub(r"\D", "", first)) + 1 if last else 1
    return n


def cost(operation, operands, is_behind_memory):
    """Cycles of an instruction that is no branch, and whether it is a single load or store."""
    if operation.startswith(LOAD_MULTIPLE):
        return 1 + count_registers(operands) + (REFILL if "pc" in operands else 0), False
    if operation.startswith(STORE_MULTIPLE):
        return 1 + count_registers(operands), False
    if operation.startswith(("ldrd", "strd")):
        return 3, False
    if operation.startswith(("ldr", "vldr")):
        return 1 if is_behind_memory else 2, True
    if operation.startswith(("str", "vstr")):
        return 1, True
    if operation.startswith(("sdiv", "udiv")):
        return 7, False
    if operation.startswith(("vdiv", "vsqrt")):
        return 14, False
    return 1, False


def disassemble(elf):
    """(address, operation without its width, operands) of each instruction, in order."""
    text = subprocess.run(["arm-none-eabi-objdump", "-d", "--no-show-raw-insn", str(elf)],
                          capture_output=True, text=True, check=True).stdout
    lines = re.finditer(r"^\s*([0-9a-f]+):\s+(\S+)[ \t]*(.*)$", text, re.MULTILINE)
    return [(int(line[1], 16), line[2].lower().split(".")[0], line[3]) for line in lines]


class Estimator:
    """For one program; COUNTS are executions by address."""

    def __init__(self, elf):
        self.listing = disassemble(elf)

    def cycles(self, counts):
        total = 0
        is_behind_memory = False
        following = [address for address, _, _ in self.listing[1:]] + [None]
        for (address, operation, operands), after in zip(self.listing, following):
            n = counts.get(address, 0)
            if n == 0:
                is_behind_memory = False
            elif BRANCH.fullmatch(operation):
                taken = n if operation in ALWAYS_TAKEN else max(0, n - counts.get(after, 0))
                total += n + taken * REFILL
                is_behind_memory = False
            else:
                each, is_behind_memory = cost(operation, operands, is_behind_memory)
                total += n * each
        return total
