# SPDX-License-Identifier: GPL-3.0-or-later
"""support.py: what the golden tests share: where things are, how fettle-cli is run, how a test is skipped.

The environment names the programs under test: FETTLE_CLI, FETTLE_SOURCE (the checkout). FETTLE_SHARED
may name the folder with the public models and vectors; by default it is the checkout's neighbour.
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys

SOURCE = pathlib.Path(os.environ["FETTLE_SOURCE"])
CLI = os.environ["FETTLE_CLI"]
SHARED = pathlib.Path(os.environ.get("FETTLE_SHARED", SOURCE.parent / "shared"))
SAMPLE = SOURCE / "data" / "sample"

HERE = ("desktop", "portable")
VIRTUAL_BOARDS = ("virtual-m4", "virtual-m7", "virtual-m55")
# Far beyond anything seen; a test that reaches it hangs.
DEADLINE_SECONDS = 900


def skip(reason):
    print("SKIP: " + reason)
    sys.exit(77)


def fail(reason):
    print("FAIL: " + reason)
    sys.exit(1)


def shared(*parts):
    """A file of the shared folder; skips the test if the folder is absent."""
    if not (SHARED / "golden").is_dir():
        skip(f"{SHARED} is absent: the public models and vectors are not part of the project")
    path = SHARED.joinpath(*parts)
    if not path.exists():
        fail(f"{path} is missing")
    return path


def locate(name):
    """A file of the sample (data/sample/...), or else of the shared folder."""
    return SOURCE / name if name.startswith("data/sample") else shared(name)


def where_options(board):
    """What fettle-cli run needs to run on BOARD, or here: "desktop" with the desktop's own kernels,
    "portable" with those that define every result."""
    if board in HERE:
        return ["--target", board]
    return ["--board", board]


def need_board(board):
    """Skips the test if BOARD can't run on this machine."""
    if board in VIRTUAL_BOARDS and shutil.which("qemu-system-arm") is None:
        skip("qemu-system-arm is not installed")
    if board in VIRTUAL_BOARDS and shutil.which("arm-none-eabi-gcc") is None:
        skip("arm-none-eabi-gcc is not installed, so there is no firmware")


def cli(*arguments, expect=0):
    """Runs fettle-cli and returns the finished process; fails unless it ends with EXPECT."""
    command = [CLI, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, timeout=DEADLINE_SECONDS, check=False)
    if done.returncode != expect:
        fail(f"{' '.join(command)}\nended with {done.returncode}, not {expect}:\n"
             + done.stderr.decode(errors="replace"))
    return done


def cli_json(*arguments):
    return json.loads(cli(*arguments, "--json").stdout)


def first_difference(got, want):
    """A sentence on where two byte strings differ, or None."""
    if got == want:
        return None
    if len(got) != len(want):
        return f"{len(got)} bytes instead of {len(want)}"
    at = next(i for i, pair in enumerate(zip(got, want)) if pair[0] != pair[1])
    n = sum(a != b for a, b in zip(got, want))
    return f"{n} of {len(want)} bytes differ, first at {at}: {got[at]} instead of {want[at]}"
