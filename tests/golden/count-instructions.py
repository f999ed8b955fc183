# SPDX-License-Identifier: GPL-3.0-or-later
"""count-instructions.py: the counter and the estimate of cycles are right about code of known length."""
import pathlib
import sys
import tempfile

from support import SOURCE, fail, skip

sys.path.append(str(SOURCE / "tests" / "bench"))
import m4_cycles
import measure

# Of tests/bench/firmware/known.c: 100 NOPs; MOVW, 1000 times SUBS and BNE, NOP; 7 NOPs between the layers.
INSTRUCTIONS = [100, 2002, 7]
CYCLES = [100, 2002 + 999 * m4_cycles.REFILL, 7]
# (operation, operands, is behind a load or store): cycles, from the table in the TRM.
COSTS = {
    ("ldr", "r0, [r1]", False): 2, ("ldr", "r0, [r1]", True): 1, ("strb", "r0, [r1]", False): 1,
    ("ldmia", "r1!, {r2, r3, r4, r5}", False): 5, ("push", "{r4-r11, lr}", False): 10,
    ("pop", "{r4, pc}", False): 5, ("ldrd", "r0, r1, [r2]", False): 3, ("udiv", "r0, r0, r1", False): 7,
    ("smlad", "r0, r1, r2, r0", True): 1,
}


def check_board(board):
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        elf = measure.compile_firmware(measure.FIRMWARE / "known.c", board, work)
        counted = measure.count(elf, board, work)
        if [n for n, _ in counted] != INSTRUCTIONS:
            fail(f"{board}: counted {[n for n, _ in counted]} instead of {INSTRUCTIONS}")
        cycles = [m4_cycles.Estimator(elf).cycles(executed) for _, executed in counted]
        if cycles != CYCLES:
            fail(f"{board}: estimated {cycles} cycles instead of {CYCLES}")


def main():
    missing = measure.why_not()
    if missing:
        skip(missing)
    for arguments, expected in COSTS.items():
        cycles, _ = m4_cycles.cost(*arguments)
        if cycles != expected:
            fail(f"{arguments} takes {cycles} cycles instead of {expected}")
    for board in measure.BOARDS:
        check_board(board)
    print(f"{INSTRUCTIONS} instructions on {len(measure.BOARDS)} boards")


main()
