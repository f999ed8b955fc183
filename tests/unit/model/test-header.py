#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-header.py: exported headers compile without a warning, as C and C++, and give the runner's bytes.

    test-header.py WRITE_HEADER SOURCE_FOLDER RUNTIME_FOLDER RUNTIME_LIBRARY
"""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

WRITE_HEADER, SOURCE, RUNTIME, LIBRARY = sys.argv[1:5]
WARNINGS = ["-Wall", "-Wextra", "-Wconversion", "-Werror"]
LANGUAGES = (("c", ["-x", "c", "-std=c11"]), ("c++", ["-x", "c++", "-std=c++11"]))


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError("%s: exit status %d\n%s" % (" ".join(command), done.returncode,
                                                         done.stderr + done.stdout))
    return done.stdout.strip()


class Header(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def write(self, model):
        return run(WRITE_HEADER, model, self.path("tiny_model.h"))

    def compile(self, compiler, flags, source, output):
        run(compiler, *flags, *WARNINGS, "-I", RUNTIME, "-I", self.folder.name, "-c", source,
            "-o", output)

    def test_desktop(self):
        for model in ("dense", "net"):
            expected = self.write(model)
            for language, flags in LANGUAGES:
                with self.subTest(model=model, language=language):
                    self.compile("cc", flags + ["-DHOSTED"], os.path.join(SOURCE, "use-header.c"),
                                 self.path("use.o"))
                    run("cc", self.path("use.o"), LIBRARY, "-lm", "-o", self.path("use"))
                    self.assertEqual(run(self.path("use")), expected)

    def test_unused(self):
        self.write("dense")
        with open(self.path("unused.c"), "w") as file:
            file.write('#include "tiny_model.h"\n#include "tiny_model.h"\n')
        for _, flags in LANGUAGES:
            self.compile("cc", flags, self.path("unused.c"), self.path("unused.o"))

    def test_small_arena(self):
        self.write("dense")
        with open(self.path("small.c"), "w") as file:
            file.write('#include "tiny_model.h"\nextern uint8_t arena[16];\n'
                       "TINY_MODEL_CHECK_ARENA (arena);\n")
        for _, flags in LANGUAGES:
            with self.assertRaisesRegex(AssertionError, "smaller than TINY_MODEL_ARENA_SIZE"):
                self.compile("cc", flags, self.path("small.c"), self.path("small.o"))

    def test_kernels(self):
        self.write("net")
        with open(self.path("tiny_model.h")) as file:
            text = file.read()
        self.assertEqual([line for line in text.splitlines() if line.startswith("  &frt_")],
                         ["  &frt_conv2d_f32,", "  &frt_average_pool2d_f32,", "  &frt_add_f32,",
                          "  &frt_softmax_f32,", "  &frt_copy,"])
        self.assertEqual([line for line in text.splitlines() if line.startswith("#include")],
                         ['#include "frt.h"'])

    @unittest.skipUnless(shutil.which("arm-none-eabi-gcc"), "arm-none-eabi-gcc is not installed")
    def test_board(self):
        self.write("dense")
        for language, flags in LANGUAGES:
            with self.subTest(language=language):
                self.compile("arm-none-eabi-gcc", flags + ["-mcpu=cortex-m4", "-mthumb"],
                             os.path.join(SOURCE, "use-header.c"), self.path("use.o"))


if __name__ == "__main__":
    if shutil.which("cc") is None:
        print("cc is not installed")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1])
