#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""rules.py: the rules of the tree that a machine can check.

Which room includes what (the table in DESIGN.md), licences, names and sizes of files, and that
bootstrap installs what the build asks for. The fix is named in each message.

    rules.py [ROOT]
"""

import os
import re
import subprocess
import sys
import unittest

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))

FREESTANDING = ("float.h", "iso646.h", "limits.h", "stdalign.h", "stdarg.h", "stdbool.h",
                "stddef.h", "stdint.h", "stdnoreturn.h", "string.h", "math.h")
DESKTOP = FREESTANDING + ("assert.h", "ctype.h", "errno.h", "fenv.h", "inttypes.h", "locale.h",
                         "setjmp.h", "signal.h", "stdatomic.h", "stdio.h", "stdlib.h", "time.h",
                          "fcntl.h", "poll.h", "pthread.h", "termios.h", "unistd.h", "sys/*")
GLIB = ("glib.h", "glib-object.h", "glib-unix.h", "glib/*", "gio/*", "gmodule.h")
JSON = ("json-glib/*",)
GTK = ("gtk/*", "gdk/*", "atk/*", "pango/*", "cairo*.h", "handy.h", "gdk-pixbuf/*")

GENERATED = ("config.h", "*-resources.h")

# Room: (files of the project, system headers), as in DESIGN.md. A name that ends with * stands
# for all that begin so; the first row whose room is a prefix of the file's path counts.
ROOMS = (
    ("runtime/arch/", ("runtime/*",), FREESTANDING + ("arm_acle.h", "arm_mve.h", "*mmintrin.h")),
    ("runtime/", ("runtime/*",), FREESTANDING),
    ("target-agent/boards/simulated/", ("runtime/*", "target-agent/*"), DESKTOP),
    ("target-agent/", ("runtime/*", "target-agent/*"), FREESTANDING),
    ("model/", ("model/*", "runtime/*"),
     DESKTOP + GLIB + JSON + ("protobuf-c/*", "onnx.pb-c.h")),
    ("tuner/", ("tuner/*", "model/*", "runtime/*"),
     DESKTOP + GLIB + JSON + ("gdk-pixbuf/*", "sndfile.h")),
    ("profiler/", ("profiler/*", "model/lower.h", "runtime/*", "target-agent/*"),
     DESKTOP + GLIB + JSON + ("libusb.h", "sqlite3.h", "asm/termbits.h")),
    ("widgets/", ("widgets/*",), DESKTOP + GLIB + GTK),
    ("app/", ("app/*", "widgets/*", "profiler/*", "tuner/*", "model/*", "runtime/*",
              "target-agent/*"), DESKTOP + GLIB + JSON + GTK),
    ("cli/", ("cli/*", "widgets/*-layout.h", "widgets/*-render.h", "profiler/*", "tuner/*",
              "model/*", "runtime/*", "target-agent/*"),
     DESKTOP + GLIB + JSON + ("cairo*.h",)),
)

# What a build file asks for, and the package of bootstrap's lists that brings it.
PACKAGES = {
    "glib-2.0": "libgtk-3-dev",
    "gio-2.0": "libgtk-3-dev",
    "gio-unix-2.0": "libgtk-3-dev",
    "gmodule-2.0": "libgtk-3-dev",
    "gmodule-export-2.0": "libgtk-3-dev",
    "gtk+-3.0": "libgtk-3-dev",
    "gdk-pixbuf-2.0": "libgtk-3-dev",
    "atk": "libgtk-3-dev",
    "pango": "libgtk-3-dev",
    "pangocairo": "libgtk-3-dev",
    "cairo": "libgtk-3-dev",
    "threads": "build-essential",
    "json-glib-1.0": "libjson-glib-dev",
    "libhandy-1": "libhandy-1-dev",
    "sndfile": "libsndfile1-dev",
    "sqlite3": "libsqlite3-dev",
    "libusb-1.0": "libusb-1.0-0-dev",
    "umockdev-1.0": "libumockdev-dev",
    "umockdev-wrapper": "umockdev",
    "glib-compile-resources": "libgtk-3-dev",
    "arm-none-eabi-gcc": "gcc-arm-none-eabi",
    "arm-none-eabi-objcopy": "gcc-arm-none-eabi",
    "qemu-system-arm": "qemu-system-arm",
    "python3": "python3",
    "/usr/bin/python3": "python3",
    "xvfb-run": "xvfb",
    "dbus-run-session": "dbus",
    "desktop-file-validate": "desktop-file-utils",
    "appstreamcli": "appstream",
    "bash": None,
    "sh": None,
    "timeout": None,
}

MAXIMUM_LINES = 800
MAXIMUM_BYTES = 300_000
LARGE = ("data/sample/bearing_eval_x.npy",)

LANGUAGES = (".c", ".h", ".S", ".ld", ".py", ".sh")


def files():
    """Paths of the project's files: what git would commit, or all but build directories."""
    try:
        listed = subprocess.check_output(
            ["git", "-C", ROOT, "ls-files", "-co", "--exclude-standard"],
            stderr=subprocess.DEVNULL, text=True)
        found = listed.splitlines()
    except (OSError, subprocess.CalledProcessError):
        found = []
        for folder, folders, names in os.walk(ROOT):
            folders[:] = [f for f in folders if not re.match(r"\.git$|build|__pycache__", f)]
            found += [os.path.relpath(os.path.join(folder, name), ROOT) for name in names]
    return sorted(path for path in found if os.path.isfile(os.path.join(ROOT, path)))


def text_of(path):
    with open(os.path.join(ROOT, path), "rb") as file:
        return file.read().decode("utf-8", errors="replace")


def is_script(path):
    return path.endswith(LANGUAGES) or text_of(path).startswith("#!")


def matches(name, patterns):
    """TRUE if one of PATTERNS, in which * stands for anything, fits NAME."""
    return any(re.fullmatch(re.escape(p).replace(r"\*", ".*"), name) for p in patterns)


def resolve(path, name):
    """The tree's path of the header that PATH includes as "NAME"."""
    for folder in (os.path.dirname(path), "", "runtime"):
        candidate = os.path.normpath(os.path.join(folder, name))
        if os.path.isfile(os.path.join(ROOT, candidate)):
            return candidate
    return name


def include_fault(path, line):
    """What is wrong with the include in LINE of PATH, or None."""
    found = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
    room = next((room for room in ROOMS if path.startswith(room[0])), None)
    if not found or not room:
        return None
    kind, name = found.groups()
    if kind == "<":
        return None if matches(name, room[2]) else "<%s>" % name
    name = resolve(path, name)
    allowed = room[1] + (GENERATED if "glib.h" in room[2] else ())
    return None if matches(name, allowed) else '"%s"' % name


class Rules(unittest.TestCase):
    maxDiff = None

    def check(self, faults, remedy):
        self.assertFalse(faults, "\n  " + "\n  ".join(faults) + "\n" + remedy)

    def test_rooms_include_only_what_the_design_allows(self):
        faults = []
        for path in files():
            if path.endswith((".c", ".h")):
                for number, line in enumerate(text_of(path).splitlines(), 1):
                    fault = include_fault(path, line)
                    if fault:
                        faults.append("%s:%d: %s" % (path, number, fault))
        self.check(faults, "These includes are not in their room's row in DESIGN.md.")

    def test_first_lines_give_licence_and_subject(self):
        faults = []
        for path in filter(is_script, files()):
            licence = ("Apache-2.0" if path.startswith(("runtime/", "target-agent/"))
                       else "GPL-3.0-or-later")
            lines = [line for line in text_of(path).splitlines()[:4] if not line.startswith("#!")]
            if not lines or "SPDX-License-Identifier: " + licence not in lines[0]:
                faults.append("%s: no SPDX line for %s" % (path, licence))
            elif len(lines) < 2 or os.path.basename(path) not in lines[1]:
                faults.append("%s: the second line does not name the file" % path)
        self.check(faults, "Each source begins with its licence, then its name and subject.")

    def test_sizes(self):
        faults = []
        for path in files():
            size = os.path.getsize(os.path.join(ROOT, path))
            if size > MAXIMUM_BYTES and path not in LARGE:
                faults.append("%s: %d bytes, the most is %d" % (path, size, MAXIMUM_BYTES))
            lines = text_of(path).count("\n")
            if is_script(path) and lines > MAXIMUM_LINES:
                faults.append("%s: %d lines, the most is %d" % (path, lines, MAXIMUM_LINES))
        self.check(faults, "Split the file by subject, or generate it.")

    def test_text_is_clean(self):
        faults = []
        patterns = ((r"\t", "a tab"), (r" +$", "a space at the end"),
                    (r"\b(TO" r"DO|FIX" r"ME)\b", "an unfinished note"))
        for path in files():
            if not is_script(path) and not path.endswith((".build", ".md", ".ui", ".css")):
                continue
            for number, line in enumerate(text_of(path).splitlines(), 1):
                faults += ["%s:%d: %s" % (path, number, what) for pattern, what in patterns
                           if re.search(pattern, line)]
        self.check(faults, "Clean these lines; plans belong into an issue.")

    def test_c_idioms(self):
        faults = []
        for path in files():
            text = text_of(path) if path.endswith((".c", ".h")) else ""
            if path.endswith(".h") and "runtime/frt_kernels.h" != path \
                    and "#pragma once" not in text:
                faults.append("%s: no #pragma once" % path)
            if re.search(r"^\s*goto\b", text, re.MULTILINE):
                faults.append("%s: goto" % path)
        self.check(faults, "See CONTRIBUTING.md.")

    def test_bootstrap_installs_what_the_build_asks_for(self):
        listed = set(re.findall(r"^([a-z0-9.+-]+) +\|", text_of("bootstrap"), re.MULTILINE))
        faults = []
        for path in files():
            if os.path.basename(path) != "meson.build":
                continue
            for name in re.findall(r"\b(?:dependency|find_program)\s*\(\s*'([^']+)'",
                                   text_of(path)):
                package = PACKAGES.get(name, "?")
                if package == "?":
                    faults.append("%s: %s is unknown to this test" % (path, name))
                elif package and package not in listed:
                    faults.append("%s: %s needs %s" % (path, name, package))
        self.check(faults, "Name the package in bootstrap and in PACKAGES of this test.")

    def test_sample_is_small(self):
        total = sum(os.path.getsize(os.path.join(ROOT, path)) for path in files()
                    if path.startswith("data/sample/"))
        self.assertLess(total, 1_000_000)


class Checks(unittest.TestCase):
    """The checks above find what they look for."""

    def test_includes(self):
        for path, line in (("runtime/x.c", "#include <stdio.h>"),
                           ("runtime/x.c", '#include "model/graph.h"'),
                           ("model/x.c", '#include "tuner/tune.h"'),
                           ("profiler/x.c", '#include "model/graph.h"'),
                           ("widgets/x.c", '#include "runtime/frt.h"'),
                           ("cli/x.c", "#include <gtk/gtk.h>"),
                           ("target-agent/agent.c", "#include <unistd.h>")):
            self.assertTrue(include_fault(path, line), path + line)
        for path, line in (("runtime/x.c", "#include <stdint.h>"),
                           ("runtime/x.c", '#include "frt.h"'),
                           ("tuner/x.c", '#include "model/graph.h"'),
                           ("target-agent/boards/simulated/main.c", "#include <unistd.h>"),
                           ("app/x.c", "#include <gtk/gtk.h>")):
            self.assertIsNone(include_fault(path, line), path + line)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        ROOT = os.path.abspath(sys.argv.pop())
    unittest.main(verbosity=2)
