#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""report.py: what bootstrap needs to know about Meson's tests.

    report.py sanitized BUILD     names of the tests worth running under sanitizers
    report.py summary LOG...      reasons of skips, names of failures, then one line that
                                  counts all results in the testlog.json files LOG;
                                  exit status 1 if a test failed or none ran

A test that speaks TAP counts once per test point, any other once.
"""

import json
import os
import re
import subprocess
import sys

# Programs that link no GTK, whose libraries leak at exit by design. Most scripts are left out: what they
# compile would have to be sanitized too.
PROGRAM = re.compile(r"tests/(unit/(runtime|target-agent|model|tuner|profiler)|fuzz|usb)/[^.]*$")
# Scripts that only run fettle-cli, and do so with bad input.
SCRIPTS = ("cli-commands", "hostile-files")

POINT = re.compile(r"^(not )?ok\b *\d*(?: *-)? *(.*)$")
SKIP = re.compile(r"# *SKIP *(.*)$", re.IGNORECASE | re.MULTILINE)
FAILED_RESULTS = ("FAIL", "ERROR", "TIMEOUT", "INTERRUPT", "UNEXPECTEDPASS")


def sanitized(build):
    tests = json.loads(subprocess.check_output(["meson", "introspect", "--tests", build]))
    return [test["name"] for test in tests
            if any(map(PROGRAM.search, test["cmd"][:2])) or test["name"] in SCRIPTS]


def last_line(text):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason given"


class Tally:
    def __init__(self):
        self.passed, self.failed, self.skipped = 0, [], []

    def add_point(self, test, line):
        bad, text = POINT.match(line).groups()
        skip = SKIP.search(text)
        if skip:
            what = text[: skip.start()].strip() or "all"
            self.skipped.append((test, what, skip.group(1) or "no reason given"))
        elif bad:
            self.failed.append("%s: %s" % (test, text))
        else:
            self.passed += 1

    def add(self, record, build):
        name = record["name"].removeprefix("fettle:") + build
        output = record.get("stdout", "")
        points = [line for line in output.splitlines() if POINT.match(line)]
        failures = len(self.failed)
        for line in points:
            self.add_point(name, line)
        result = record["result"]
        if result in FAILED_RESULTS:
            if len(self.failed) == failures:  # crashed, or ran out of time
                self.failed.append("%s: %s" % (name, result.lower()))
        elif result == "SKIP":
            if not points:
                reason = SKIP.search(output)
                text = output + record.get("stderr", "")
                self.skipped.append(
                    (name, "all", reason.group(1) if reason else last_line(text)))
        elif not points:
            self.passed += 1

    def print(self):
        reasons = {}
        for test, what, reason in self.skipped:
            reasons.setdefault((test, reason), []).append(what)
        for (test, reason), what in reasons.items():
            print("skipped: %s (%s): %s" % (test, ", ".join(what), reason))
        for failure in self.failed:
            print("FAILED: %s" % failure)
        print("%d passed, %d failed, %d skipped"
              % (self.passed, len(self.failed), len(self.skipped)))


def summary(paths):
    tally = Tally()
    for path in paths:
        build = os.path.basename(os.path.dirname(os.path.dirname(os.path.abspath(path))))
        try:
            with open(path, encoding="utf-8") as log:
                for line in log:
                    tally.add(json.loads(line), "" if build == "build" else " in " + build)
        except FileNotFoundError:
            tally.failed.append("%s: no test log, so nothing ran" % path)
    tally.print()
    return 1 if tally.failed or not tally.passed else 0


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "sanitized":
        for name in sanitized(sys.argv[2]):
            print(name)
        return 0
    if len(sys.argv) > 2 and sys.argv[1] == "summary":
        return summary(sys.argv[2:])
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
