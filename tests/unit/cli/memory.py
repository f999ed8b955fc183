#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""memory.py: memory of both sides of a long session: fettle-cli and the simulated board.

    memory.py FETTLE_CLI MODEL

FETTLE_LONG_RUNS sets the number of profiled runs (default 6000). Fails if either side needs more memory at
the end than when a quarter of the runs was done.
"""

import json
import os
import subprocess
import sys
import time

PROGRAM, MODEL = (os.path.abspath(path) for path in sys.argv[1:3])
RUNS = int(os.environ.get("FETTLE_LONG_RUNS", "6000"))
DEADLINE = 3600
# Buckets of times that come late; 8 bytes for each layer and run would be more.
SLACK = 512  # KiB


def resident(pid):
    """KiB, or None if the process has ended."""
    try:
        with open("/proc/%d/status" % pid, encoding="ascii") as file:
            for line in file:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1])
    except OSError:
        pass
    return None


def child_of(pid):
    try:
        with open("/proc/%d/task/%d/children" % (pid, pid), encoding="ascii") as file:
            children = file.read().split()
    except OSError:
        return None
    return int(children[0]) if children else None


def sample(running):
    """[(seconds, KiB of fettle-cli, KiB of the board)]"""
    start, samples = time.monotonic(), []
    while running.poll() is None and time.monotonic() - start < DEADLINE:
        board = child_of(running.pid)
        pair = (resident(running.pid), resident(board) if board else None)
        if None not in pair:
            samples.append((time.monotonic() - start, *pair))
        time.sleep(0.02)
    return samples


def main():
    running = subprocess.Popen([PROGRAM, "profile", MODEL, "--board", "simulated",
                                "--runs", str(RUNS), "--json"], stdout=subprocess.PIPE)
    samples = sample(running)
    found = json.loads(running.communicate()[0])
    assert found["runs"] == RUNS and found["dropped"] == 0, found
    assert len(samples) > 20, "too few samples: more runs are needed"
    early, late = samples[len(samples) // 4], samples[-1]
    print("%d runs of %d layers in %.1f s" % (RUNS, len(found["layers"]), late[0]))
    for name, side in (("fettle-cli", 1), ("board", 2)):
        print("%s: %d KiB after a quarter, %d KiB at the end, %d KiB at most"
              % (name, early[side], late[side], max(sample[side] for sample in samples)))
        assert late[side] - early[side] <= SLACK, "memory of %s grows" % name


main()
