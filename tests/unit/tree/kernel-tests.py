# SPDX-License-Identifier: GPL-3.0-or-later
"""kernel-tests.py: every kernel of the runtime has a test against an independent definition.

A kernel of integers has a row in the table of a property test (tests/unit/runtime/property-*.c), which tries
it on random cases by way of the lowering and counts only those for which that kernel was chosen. One of floats
has a row too, or is named in another test of tests/unit/runtime.
"""
import os
import pathlib
import re

ROOT = pathlib.Path(os.environ.get("FETTLE_SOURCE", pathlib.Path(__file__).parents[3]))
TESTS = ROOT / "tests" / "unit" / "runtime"
# Copies constants once; tests/unit/cli/streaming.py runs it.
EXEMPT = {"FRT_KERNEL_CALL_ONCE"}
# Between floats and integers; the integers are what matters.
CONVERSIONS = {"FRT_KERNEL_QUANTIZE_F32", "FRT_KERNEL_DEQUANTIZE_F32"}
ROW = re.compile(r'\{ "[\w-]+",\s*(FRT_KERNEL_\w+),\s*try_\w+,\s*\d+ \}')


def kernels():
    text = (ROOT / "runtime" / "frt_format.h").read_text()
    return re.findall(r"^  (FRT_KERNEL_\w+) = \d+", text, re.MULTILINE)


def untested(names, rows, mentions):
    """The NAMES that neither ROWS nor, if they are of floats, MENTIONS have."""
    def is_float(name):
        return name.endswith("_F32") and name not in CONVERSIONS
    return [name for name in names
            if name not in (rows | mentions if is_float(name) else rows) and name not in EXEMPT]


def main():
    rows, mentions = set(), set()
    for path in TESTS.glob("property-*.c"):
        rows.update(ROW.findall(path.read_text()))
    for path in TESTS.glob("test-*.c"):
        mentions.update(re.findall(r"\bFRT_KERNEL_\w+", path.read_text()))
    assert len(kernels()) > 100, "frt_format.h no longer lists the kernels as this script expects."
    assert untested(["FRT_KERNEL_A_S8", "FRT_KERNEL_B_F32"], set(), {"FRT_KERNEL_A_S8"}) \
        == ["FRT_KERNEL_A_S8", "FRT_KERNEL_B_F32"]
    missing = untested(kernels(), rows, mentions)
    if missing:
        raise SystemExit("These kernels have no property test in tests/unit/runtime: " + ", ".join(missing))


main()
