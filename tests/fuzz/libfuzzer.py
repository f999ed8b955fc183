#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""libfuzzer.py PROGRAM SECONDS: runs a libFuzzer target on its own seeds, for so long or, if it is set, for
FUZZ_SECONDS.

What libFuzzer finds stays in the working directory; the last lines name it and say how to repeat it.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

SECONDS = os.environ.get("FUZZ_SECONDS", sys.argv[2])
LONGEST_RUN = 120  # seconds; validation of REARRANGE tables is known to take 30 under sanitizers
MOST_MEMORY = 2048  # MB


def main():
    program = pathlib.Path(sys.argv[1]).resolve()
    findings = pathlib.Path.cwd() / (program.name + "-")
    with tempfile.TemporaryDirectory() as corpus:
        done = subprocess.run(
            [program, corpus, f"-max_total_time={SECONDS}", f"-timeout={LONGEST_RUN}",
             f"-rss_limit_mb={MOST_MEMORY}", "-print_final_stats=1",
             f"-artifact_prefix={findings}"],
            env={**os.environ, "FUZZ_SEEDS": corpus}, stderr=subprocess.PIPE, check=False)
    lines = done.stderr.decode(errors="replace").splitlines()
    if done.returncode == 0:
        print("\n".join(line for line in lines if line.startswith(("INFO: seed corpus", "stat:"))
                        or "DONE" in line))
        return 0
    print("\n".join(lines[-60:]))
    for line in lines:
        if "Test unit written to" in line:
            print("To repeat it:", program, line.rpartition(" ")[2])
    return 1


sys.exit(main())
