#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""commands.py: drives fettle-cli through all commands on the sample model, and through bad input.

    commands.py FETTLE_CLI SAMPLE_DIRECTORY
"""

import array
import hashlib
import json
import os
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM = os.path.abspath(sys.argv[1])
SAMPLE = os.path.join(os.path.abspath(sys.argv[2]), "bearing")
MODEL = SAMPLE + ".tflite"
CALIBRATION, DATA, LABELS = (SAMPLE + end for end in ("_calib_x.npy", "_eval_x.npy",
                                                      "_eval_y.npy"))
# Longer than any command takes, also under valgrind.
DEADLINE = 300


def execute(*arguments, **options):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True,
                          timeout=DEADLINE, stdin=subprocess.DEVNULL, **options)


def read_npy(path):
    """(shape, values) of a file of float32, int32, int8 or uint8."""
    with open(path, "rb") as file:
        content = file.read()
    length, = struct.unpack_from("<H", content, 8)
    header = content[10:10 + length].decode("latin-1")
    kind = {"<f4": "f", "<i4": "i", "|i1": "b", "|u1": "B"}[header.split("'descr': '")[1][:3]]
    shape = header.split("(")[1].split(")")[0]
    return [int(part) for part in shape.split(",") if part.strip()], \
        array.array(kind, content[10 + length:])


def write_npy(path, shape, values, kind="f"):
    header = "{'descr': '<%s4', 'fortran_order': False, 'shape': (%s,), }\n" \
        % (kind, ", ".join(map(str, shape)))
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode())
        file.write(array.array(kind, values).tobytes())


def read_bytes(path):
    with open(path, "rb") as file:
        return file.read()


class Case(unittest.TestCase):
    """A temporary directory, and a tuned model in it."""

    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory(prefix="fettle-cli-")
        cls.tuned = os.path.join(cls.directory.name, "tuned.fettle")
        done = execute("tune", MODEL, "--calibrate", CALIBRATION, "-o", cls.tuned)
        assert done.returncode == 0, done.stderr

    @classmethod
    def tearDownClass(cls):
        cls.directory.cleanup()

    def path(self, name):
        return os.path.join(self.directory.name, name)

    def succeed(self, *arguments):
        done = execute(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stderr, "")
        return done.stdout

    def succeed_json(self, *arguments):
        return json.loads(self.succeed(*arguments, "--json"))

    def fail_with(self, *arguments, status=1, says=()):
        """One sentence on standard error, nothing on standard output."""
        done = execute(*arguments)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertRegex(done.stderr, r"\Afettle-cli: [^\n]*[^\n.]\.\n\Z")
        for text in says:
            self.assertIn(text, done.stderr)

    def assert_keys(self, found, *keys):
        self.assertLessEqual(set(keys), set(found))


class Inspect(Case):
    def test_json(self):
        found = self.succeed_json("inspect", MODEL)
        self.assert_keys(found, "macs", "weight_bytes", "image_bytes", "arena_bytes",
                         "arena_lower_bound", "layers")
        self.assertEqual(found["macs"], 827072)
        self.assertEqual(found["macs"], sum(layer["macs"] for layer in found["layers"]))
        self.assertEqual(found["weight_bytes"],
                         sum(layer["weight_bytes"] for layer in found["layers"]))
        self.assertGreater(found["image_bytes"], found["weight_bytes"])
        self.assertGreaterEqual(found["arena_bytes"], found["arena_lower_bound"])
        self.assertEqual(len(found["layers"]), 18)
        for index, layer in enumerate(found["layers"]):
            self.assert_keys(layer, "index", "name", "op", "output_shape", "macs",
                             "weight_bytes")
            self.assertEqual(layer["index"], index)
        self.assertEqual(found["layers"][0]["op"], "PAD")
        self.assertEqual(found["layers"][-1]["op"], "SOFTMAX")
        self.assertEqual(found["layers"][-1]["output_shape"], [1, 4])

    def test_tuned_model_is_int8(self):
        source, tuned = self.succeed_json("inspect", MODEL), \
            self.succeed_json("inspect", self.tuned)
        self.assertEqual([tensor["type"] for tensor in tuned["inputs"] + tuned["outputs"]],
                         ["int8", "int8"])
        self.assertEqual(tuned["outputs"][0]["zero_point"], -128)
        self.assertEqual(tuned["outputs"][0]["scale"], 1 / 256)
        self.assertLess(tuned["weight_bytes"], source["weight_bytes"] / 2)
        self.assertLess(tuned["arena_bytes"], source["arena_bytes"] / 2)
        self.assertEqual(tuned["macs"], source["macs"])
        self.assertEqual(tuned["model_hash"], source["model_hash"])

    def test_text(self):
        text = self.succeed("inspect", MODEL)
        self.assertIn("DEPTHWISE_CONV_2D", text)
        self.assertIn("lower bound", text)
        self.assertIn("1×64×16×1", text)
        self.assertIn("KiB", text)


class Tune(Case):
    def test_json(self):
        out = self.path("again.fettle")
        found = self.succeed_json("tune", MODEL, "--calibrate", CALIBRATION, "-o", out)
        self.assertEqual(found["output"], out)
        self.assertEqual(found["samples"], 100)
        self.assertEqual(found["data_hash"],
                         hashlib.sha256(read_bytes(CALIBRATION)).hexdigest())
        self.assertEqual(found["model_hash"], hashlib.sha256(read_bytes(MODEL)).hexdigest())
        self.assertGreaterEqual(len(found["report"]), 2)

    def test_same_bytes_for_any_number_of_threads(self):
        for threads in ("1", "2", "7"):
            out = self.path("threads.fettle")
            done = execute("tune", MODEL, "--calibrate", CALIBRATION, "-o", out,
                           env=dict(os.environ, FETTLE_THREADS=threads))
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(read_bytes(out), read_bytes(self.tuned))

    def test_recipe(self):
        recipe, out = self.path("recipe.json"), self.path("per-tensor.fettle")
        with open(recipe, "w", encoding="utf-8") as file:
            json.dump({"fettle-recipe": 1, "steps": [
                {"step": "calibrate"},
                {"step": "quantize", "granularity": "per-tensor"}]}, file)
        self.succeed("tune", MODEL, "--calibrate", CALIBRATION, "--recipe", recipe, "-o", out)
        per_channel, per_tensor = (self.succeed_json("inspect", path)
                                   for path in (self.tuned, out))
        self.assertNotEqual(per_channel["recipe_hash"], per_tensor["recipe_hash"])
        self.assertLess(per_tensor["image_bytes"], per_channel["image_bytes"] + 1)

    def test_int4_weights(self):
        recipe, out = self.path("int4.json"), self.path("int4.fettle")
        with open(recipe, "w", encoding="utf-8") as file:
            json.dump({"fettle-recipe": 1, "steps": [
                {"step": "calibrate"}, {"step": "quantize", "weights": "int4"}]}, file)
        self.succeed("tune", MODEL, "--calibrate", CALIBRATION, "--recipe", recipe, "-o", out)
        int8, int4 = (self.succeed_json("inspect", path) for path in (self.tuned, out))
        weighted = [layer for layer in int4["layers"] if "weight_type" in layer]
        self.assertGreater(len(weighted), 5)
        self.assertEqual({layer["weight_type"] for layer in weighted}, {"int4"})
        self.assertEqual({layer["type"] for layer in int4["layers"]}, {"int8"})
        self.assertEqual({layer["weight_type"] for layer in int8["layers"]
                          if "weight_type" in layer}, {"int8"})
        self.assertLess(int4["weight_bytes"], 0.7 * int8["weight_bytes"])
        self.assertIn("int8 × int4", self.succeed("inspect", out))
        self.succeed("export", out, "--header", self.path("int4.h"))
        self.assertIn(b"_w4", read_bytes(self.path("int4.h")))

    def test_tuning_again_begins_at_the_source(self):
        out = self.path("twice.fettle")
        self.succeed("tune", self.tuned, "--calibrate", CALIBRATION, "-o", out)
        self.assertEqual(read_bytes(out), read_bytes(self.tuned))

    def test_lossless(self):
        """Needs no data, and takes nothing from a model in which everything counts."""
        out, y, z = self.path("lossless.fettle"), self.path("y.npy"), self.path("z.npy")
        found = self.succeed_json("tune", MODEL, "--recipe", "lossless", "-o", out)
        self.assertEqual(found["samples"], 0)
        self.assertEqual(len(found["report"]), len(found["report_lines"]))
        for line, text in zip(found["report_lines"], found["report"]):
            self.assertIn(line["step"], (0, 1, 2))
            self.assertTrue(text.endswith(line["text"]))
        self.succeed("run", MODEL, "--input", CALIBRATION, "--output", y)
        self.succeed("run", out, "--input", CALIBRATION, "--output", z)
        self.assertEqual(read_bytes(y), read_bytes(z))

    def test_unknown_recipe(self):
        self.fail_with("tune", MODEL, "--recipe", "lossles", "-o", self.path("x.fettle"),
                       says=["lossles", "built-in", "lossless"])

    def test_without_data_warns(self):
        text = self.succeed("tune", MODEL, "-o", self.path("blind.fettle"))
        self.assertIn("Warning: without calibration data", text)

    def test_bad_recipe(self):
        recipe = self.path("bad.json")
        for text, says in (("{", "JSON"),
                           ('{"fettle-recipe":1,"steps":[{"step":"prune"}]}', "“prune”"),
                           ('{"fettle-recipe":1,"steps":[{"step":"quantize","bits":4}]}',
                            "“bits”"),
                           ('{"fettle-recipe":1,"steps":[{"step":"quantize"}]}',
                            "before it calibrates")):
            with open(recipe, "w", encoding="utf-8") as file:
                file.write(text)
            self.fail_with("tune", MODEL, "--calibrate", CALIBRATION, "--recipe", recipe,
                           "-o", self.path("x.fettle"), says=[says])
        self.assertFalse(os.path.exists(self.path("x.fettle")))


class Run(Case):
    def test_npy_in_and_out(self):
        out = self.path("y.npy")
        for model in (MODEL, self.tuned):
            self.succeed("run", model, "--input", CALIBRATION, "--output", out)
            shape, values = read_npy(out)
            self.assertEqual(shape, [100, 4])
            for sample in range(100):
                total = sum(values[4 * sample:4 * sample + 4])
                self.assertAlmostEqual(total, 1.0, delta=0.02)

    def test_raw_bytes_pass_unchanged(self):
        raw, out, first = self.path("x.bin"), self.path("y.bin"), self.path("first.bin")
        size = 64 * 16
        content = bytes(range(256)) * (3 * size // 256)
        for part, name in ((content, raw), (content[:size], first)):
            with open(name, "wb") as file:
                file.write(part)
        self.succeed("run", self.tuned, "--input", raw, "--output", out)
        whole = read_bytes(out)
        self.assertEqual(len(whole), 3 * 4)
        self.succeed("run", self.tuned, "--input", first, "--output", out)
        self.assertEqual(read_bytes(out), whole[:4])

    def test_npy_is_quantized_as_the_tensor_says(self):
        """The same input, once as real numbers and once as the bytes that they become."""
        tensor = self.succeed_json("inspect", self.tuned)["inputs"][0]
        values = [(i % 256 - 128 - tensor["zero_point"]) * tensor["scale"]
                  for i in range(64 * 16)]
        write_npy(self.path("x.npy"), [64, 16], values)
        with open(self.path("x.bin"), "wb") as file:
            file.write(bytes((i % 256 - 128) & 255 for i in range(64 * 16)))
        for name in ("x.npy", "x.bin"):
            self.succeed("run", self.tuned, "--input", self.path(name),
                         "--output", self.path(name + ".y.bin"))
        self.assertEqual(read_bytes(self.path("x.npy.y.bin")),
                         read_bytes(self.path("x.bin.y.bin")))

    def test_scale_and_offset(self):
        _, values = read_npy(CALIBRATION)
        write_npy(self.path("a.npy"), [2, 64, 16], values[:2048])
        write_npy(self.path("b.npy"), [2, 64, 16], [4 * value - 8 for value in values[:2048]])
        self.succeed("run", MODEL, "--input", self.path("a.npy"), "--output",
                     self.path("a.bin"))
        self.succeed("run", MODEL, "--input", self.path("b.npy"), "--output",
                     self.path("b.bin"), "--scale", "0.25", "--offset", "2")
        self.assertEqual(read_bytes(self.path("a.bin")), read_bytes(self.path("b.bin")))

    def test_dump_layers(self):
        layers = self.path("deep/layers")
        self.succeed("run", self.tuned, "--input", DATA, "--output", self.path("y.bin"),
                     "--dump-layers", layers)
        found = sorted(os.listdir(layers))
        expected = self.succeed_json("inspect", self.tuned)["layers"]
        self.assertEqual(found, ["%03d.bin" % i for i in range(len(expected))])
        for layer, name in zip(expected, found):
            size = 1
            for dimension in layer["output_shape"]:
                size *= dimension
            self.assertEqual(os.path.getsize(os.path.join(layers, name)), size)
        self.assertEqual(read_bytes(os.path.join(layers, found[-1])),
                         read_bytes(self.path("y.bin"))[:4])

    def test_json(self):
        found = self.succeed_json("run", self.tuned, "--input", DATA, "--output",
                                  self.path("y.npy"))
        _, labels = read_npy(LABELS)
        correct = sum(a == b for a, b in zip(found["predictions"], labels))
        self.assertEqual(found["n"], 400)
        self.assertIsNone(found["board"])
        self.assertEqual(correct, self.succeed_json(
            "eval", self.tuned, "--data", DATA, "--labels", LABELS)["correct"])


class Boards(Case):
    def test_boards(self):
        found = {board["id"]: board for board in self.succeed_json("boards")}
        self.assert_keys(found, "simulated", "virtual-m4")
        for board in found.values():
            self.assert_keys(board, "id", "name", "link", "core")
        text = self.succeed("boards")
        for name in found:
            self.assertIn(name, text)

    def board_or_skip(self, name):
        problem = [board["problem"] for board in self.succeed_json("boards")
                   if board["id"] == name][0]
        if problem:
            self.skipTest(problem)
        return name

    def profile(self, name, unit):
        board = self.board_or_skip(name)
        found = self.succeed_json("profile", self.tuned, "--board", board, "--runs", "3")
        layers = self.succeed_json("inspect", self.tuned)["layers"]
        self.assert_keys(found, "board", "unit", "total", "arena_bytes", "layers")
        self.assertEqual(found["board"], board)
        self.assertEqual(found["unit"], unit)
        self.assertEqual(found["runs"], 3)
        self.assertEqual(len(found["layers"]), len(layers))
        for layer, expected in zip(found["layers"], layers):
            for key in ("index", "name", "op"):
                self.assertEqual(layer[key], expected[key])
            for key in ("min", "median", "max"):
                self.assertIsInstance(layer[key], int)
            self.assertLessEqual(layer["min"], layer["median"])
            self.assertLessEqual(layer["median"], layer["max"])
        self.assertIsInstance(found["total"], int)
        self.assertGreater(found["total"], 0)
        return found

    def test_profile_on_the_simulated_board(self):
        self.profile("simulated", "nanoseconds")

    def test_profile_on_the_virtual_board(self):
        found = self.profile("virtual-m4", "instructions")
        self.assertGreater(found["total"], 827072)
        text = self.succeed("profile", self.tuned, "--board", "virtual-m4", "--runs", "1")
        self.assertIn("instructions (virtual-m4: executed instructions, not cycles)", text)

    def test_two_profiles_on_the_virtual_board_agree(self):
        """To within a timer tick, 40 instructions."""
        first, second = (self.profile("virtual-m4", "instructions") for _ in range(2))
        for a, b in zip(first["layers"], second["layers"]):
            for key in ("min", "median", "max"):
                self.assertLessEqual(abs(a[key] - b[key]), 40)

    def vanish(self, name):
        """Ends the process behind a board in the middle of a run."""
        board = self.board_or_skip(name)
        running = subprocess.Popen(
            [PROGRAM, "profile", self.tuned, "--board", board, "--runs", "65535"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            os.kill(self.wait_for_busy_child(running), signal.SIGKILL)
            output, errors = running.communicate(timeout=DEADLINE)
        finally:
            running.kill()
        self.assertEqual(running.returncode, 1, errors)
        self.assertEqual(output, "")
        self.assertRegex(errors, r"\Afettle-cli: [^\n]*[^\n.]\.\n\Z")

    def wait_for_busy_child(self, parent):
        """The process behind the board, once it has computed for half a second."""
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end and parent.poll() is None:
            for child in self.children(parent.pid):
                with open("/proc/%d/stat" % child, encoding="ascii") as file:
                    ticks = int(file.read().rsplit(")", 1)[1].split()[11])
                if ticks >= os.sysconf("SC_CLK_TCK") / 2:
                    return child
            time.sleep(0.01)
        return self.fail("The board's process did not start to compute.")

    @staticmethod
    def children(parent):
        found = []
        for thread in os.listdir("/proc/%d/task" % parent):
            with open("/proc/%d/task/%s/children" % (parent, thread), encoding="ascii") as file:
                found += map(int, file.read().split())
        return found

    def test_simulated_board_vanishes(self):
        self.vanish("simulated")

    def test_virtual_board_vanishes(self):
        self.vanish("virtual-m4")

    def run_on(self, name):
        board = self.board_or_skip(name)
        self.succeed("run", self.tuned, "--input", CALIBRATION, "--output",
                     self.path("here.bin"), "--dump-layers", self.path("here"))
        _, values = read_npy(CALIBRATION)
        write_npy(self.path("few.npy"), [3, 64, 16], values[:3 * 1024])
        self.succeed("run", self.tuned, "--input", self.path("few.npy"), "--output",
                     self.path("there.bin"), "--dump-layers", self.path(name), "--board", board)
        self.assertEqual(read_bytes(self.path("there.bin")),
                         read_bytes(self.path("here.bin"))[:12])
        for layer in sorted(os.listdir(self.path("here"))):
            self.assertEqual(read_bytes(os.path.join(self.path("here"), layer)),
                             read_bytes(os.path.join(self.path(name), layer)), layer)

    def test_run_on_the_simulated_board(self):
        self.run_on("simulated")

    def test_run_on_the_virtual_board(self):
        self.run_on("virtual-m4")

    def test_unknown_board(self):
        self.fail_with("profile", MODEL, "--board", "toaster", says=["toaster", "virtual-m4"])


class Export(Case):
    def test_header(self):
        header = self.path("bearing-model.h")
        for target in ("portable", "cortex-m4"):
            found = self.succeed_json("export", self.tuned, "--header", header, "--target",
                                      target)
            self.assertEqual(found["symbol"], "bearing_model")
            self.assertEqual(found["target"], target)
            text = read_bytes(header).decode()
            self.assertEqual([line for line in text.splitlines()
                              if line.startswith("#include")], ['#include "frt.h"'])
            self.assertIn(found["model_hash"], text)
            self.assertIn(found["recipe_hash"], text)

    def test_unknown_target(self):
        self.fail_with("export", self.tuned, "--header", self.path("x.h"), "--target", "z80",
                       says=["z80", "cortex-m4"])
        self.assertFalse(os.path.exists(self.path("x.h")))


class Usage(Case):
    COMMANDS = ("inspect", "tune", "run", "eval", "error", "sensitivity", "profile", "export",
                "boards")

    def test_help(self):
        text = self.succeed("--help")
        for command in self.COMMANDS:
            self.assertIn(command, text)
            self.assertIn("--json", self.succeed(command, "--help"))
        self.assertIn("fettle-cli", self.succeed("--version"))

    def test_mistakes(self):
        for arguments, says in (
                ((), "command"),
                (("frobnicate",), "“frobnicate”"),
                (("inspect",), "MODEL"),
                (("inspect", MODEL, "another"), "“another”"),
                (("inspect", MODEL, "--frob"), "--frob"),
                (("tune", MODEL, "--calibrate", CALIBRATION), "-o"),
                (("run", MODEL, "--output", "y.npy"), "--input"),
                (("run", MODEL, "--input", DATA), "--output"),
                (("eval", MODEL, "--labels", LABELS), "--data"),
                (("eval", MODEL, "--data", DATA), "--labels"),
                (("eval", MODEL, "--data", DATA, "--labels", LABELS, "--scale", "0"), "--scale"),
                (("eval", MODEL, "--data", DATA, "--labels", LABELS, "--scale", "big"), "big"),
                (("error", MODEL), "--data"),
                (("error", MODEL, "--data", DATA, "--samples", "0"), "--samples"),
                (("sensitivity", MODEL), "--data"),
                (("profile", MODEL), "--board"),
                (("profile", MODEL, "--board", "simulated", "--runs", "0"), "--runs"),
                (("export", MODEL), "--header"),
                (("boards", MODEL), MODEL)):
            self.fail_with(*arguments, status=2, says=[says])

    def test_lost_output_is_an_error(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([PROGRAM, "inspect", MODEL], stdout=full,
                                  stderr=subprocess.PIPE, text=True, timeout=DEADLINE)
        self.assertEqual(done.returncode, 1)
        self.assertIn("output", done.stderr)


class BadInput(Case):
    def test_truncated_models(self):
        for model in (MODEL, self.tuned):
            content = read_bytes(model)
            part = self.path("part")
            for size in range(0, len(content), 64):
                with open(part, "wb") as file:
                    file.write(content[:size])
                # A cut inside the padding at the very end may leave a whole model.
                done = execute("inspect", part)
                self.assertIn(done.returncode, (0, 1), (model, size))
                if done.returncode == 1:
                    self.assertEqual(done.stdout, "")
                    self.assertRegex(done.stderr, r"\Afettle-cli: [^\n]+\.\n\Z")
                else:
                    self.assertGreater(size, len(content) - 128)

    def test_missing_files(self):
        missing = self.path("missing.npy")
        self.fail_with("inspect", missing, says=[missing])
        self.fail_with("inspect", self.directory.name)
        self.fail_with("eval", MODEL, "--data", missing, "--labels", LABELS, says=[missing])
        self.fail_with("eval", MODEL, "--data", DATA, "--labels", missing, says=[missing])
        self.fail_with("run", MODEL, "--input", missing, "--output", self.path("y.npy"),
                       says=[missing])
        self.fail_with("tune", MODEL, "--calibrate", CALIBRATION, "--recipe", missing,
                       "-o", self.path("x.fettle"), says=[missing])

    def test_not_a_model(self):
        self.fail_with("inspect", DATA)
        self.fail_with("inspect", os.path.abspath(__file__))

    def test_unknown_operator(self):
        """DEPTHWISE_CONV_2D (4) becomes SPLIT_V (102), in both fields that name it."""
        content = bytearray(read_bytes(MODEL))
        changed = self.path("unknown.tflite")
        for at in range(len(content) - 8):
            if self.is_operator_code(content, at, 4):
                content[at + self.field(content, at, 0)] = 102
                content[at + self.field(content, at, 3):][:4] = b"\x66\0\0\0"
                struct.pack_into("<i", content, at + self.field(content, at, 3), 102)
                break
        else:
            self.fail("The sample has no DEPTHWISE_CONV_2D.")
        with open(changed, "wb") as file:
            file.write(content)
        self.fail_with("inspect", changed, says=["SPLIT_V"])

    @staticmethod
    def field(content, table, index):
        """Offset of a table's field within the table; 0 if it is absent."""
        vtable = table - struct.unpack_from("<i", content, table)[0]
        size, = struct.unpack_from("<H", content, vtable)
        return struct.unpack_from("<H", content, vtable + 4 + 2 * index)[0] \
            if 4 + 2 * index < size else 0

    def is_operator_code(self, content, table, builtin):
        codes = self.operator_codes(content)
        return table in codes and self.field(content, table, 3) \
            and struct.unpack_from("<i", content, table + self.field(content, table, 3))[0] \
            == builtin

    def operator_codes(self, content):
        """Offsets of the OperatorCode tables: field 1 of the root table."""
        root, = struct.unpack_from("<I", content, 0)
        vector = root + self.field(content, root, 1)
        vector += struct.unpack_from("<I", content, vector)[0]
        n, = struct.unpack_from("<I", content, vector)
        return [at + struct.unpack_from("<I", content, at)[0]
                for at in range(vector + 4, vector + 4 + 4 * n, 4)]

    def test_wrong_shapes(self):
        wrong = self.path("wrong.npy")
        write_npy(wrong, [2, 16, 64], [0.0] * 2048)
        for arguments in (("tune", MODEL, "--calibrate", wrong, "-o", self.path("x.fettle")),
                          ("run", MODEL, "--input", wrong, "--output", self.path("y.npy")),
                          ("eval", MODEL, "--data", wrong, "--labels", LABELS)):
            self.fail_with(*arguments, says=["2×16×64", "1×64×16×1"])

    def test_ones_do_not_matter(self):
        _, values = read_npy(CALIBRATION)
        for shape in ([64, 16], [1, 64, 16, 1], [64, 1, 16]):
            write_npy(self.path("x.npy"), shape, values[:1024])
            self.succeed("run", MODEL, "--input", self.path("x.npy"), "--output",
                         self.path("%d.bin" % len(shape)))
        for rank in (3, 4):
            self.assertEqual(read_bytes(self.path("2.bin")), read_bytes(self.path("%d.bin" % rank)))

    def test_truncated_data(self):
        content = read_bytes(CALIBRATION)
        part = self.path("part.npy")
        for size in list(range(0, 256, 16)) + [len(content) - 1]:
            with open(part, "wb") as file:
                file.write(content[:size])
            self.fail_with("tune", MODEL, "--calibrate", part, "-o", self.path("x.fettle"))

    def test_not_a_number(self):
        write_npy(self.path("nan.npy"), [2, 64, 16], [0.0] * 1029 + [float("nan")] + [0.0] * 1018)
        self.fail_with("tune", MODEL, "--calibrate", self.path("nan.npy"), "-o",
                       self.path("x.fettle"), says=["Value 5 of sample 1"])

    def test_wrong_size_of_raw_bytes(self):
        with open(self.path("x.bin"), "wb") as file:
            file.write(b"\0" * 1025)
        self.fail_with("run", self.tuned, "--input", self.path("x.bin"), "--output",
                       self.path("y.bin"), says=["1025", "1024"])

    def test_unknown_suffix(self):
        self.fail_with("run", MODEL, "--input", LABELS[:-4] + ".txt", "--output",
                       self.path("y.npy"), status=2, says=[".npy"])
        self.fail_with("run", MODEL, "--input", DATA, "--output", self.path("y.txt"),
                       status=2, says=[".bin"])

    def test_unwritable_output(self):
        occupied = self.path("directory.fettle")
        os.makedirs(occupied, exist_ok=True)
        nowhere = os.path.join(self.path("no-such-directory"), "out")
        for arguments in (("tune", MODEL, "--calibrate", CALIBRATION, "-o"),
                          ("export", self.tuned, "--header")):
            for out in (occupied, nowhere + ".fettle"):
                self.fail_with(*arguments, out, says=[out])
        self.fail_with("run", MODEL, "--input", DATA, "--output", nowhere + ".npy",
                       says=[nowhere])
        self.fail_with("run", MODEL, "--input", DATA, "--output", "/dev/full/y.npy")

    def test_failure_leaves_the_old_file(self):
        old = self.path("old.fettle")
        with open(old, "wb") as file:
            file.write(b"old")
        wrong = self.path("wrong.npy")
        write_npy(wrong, [3], [0.0] * 3)
        self.fail_with("tune", MODEL, "--calibrate", wrong, "-o", old)
        self.fail_with("export", wrong, "--header", old)
        self.assertEqual(read_bytes(old), b"old")

    def test_device_is_not_replaced(self):
        os.symlink("/dev/null", self.path("null.h"))
        self.succeed("export", self.tuned, "--header", self.path("null.h"))
        self.assertTrue(os.path.islink(self.path("null.h")))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
