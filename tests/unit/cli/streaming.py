#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""streaming.py: models with state: resource variables, SVDF, LSTM; on the desktop and as exported headers.

    streaming.py FETTLE_CLI RUNTIME_FOLDER [RUNTIME_LIBRARY]
"""
import math
import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest

from tflite_writer import ACTIVATIONS, Model, byte, int32

PROGRAM, RUNTIME = (os.path.abspath(path) for path in sys.argv[1:3])
LIBRARY = os.path.abspath(sys.argv[3]) if len(sys.argv) > 3 else None
DEADLINE = 300

# Invokes the model on all samples that standard input holds; then resets it and does so again.
PROGRAM_OF_HEADER = """
#include "model.h"
#include <stdio.h>
#include <string.h>

MODEL_ARENA (arena);
static uint8_t samples[16][MODEL_INPUT_0_SIZE];

int main (void)
{
  frt_image model;
  size_t n = fread (samples, sizeof samples[0], 16, stdin);

  if (!MODEL_STATEFUL || model_open (&model) != FRT_OK)
    return 1;
  memset (arena, 0x5a, sizeof arena);
  for (int round = 0; round < 2; round++)
    {
      frt_image_reset (&model, arena);
      for (size_t i = 0; i < n; i++)
        {
          memcpy (frt_image_input (&model, arena, 0), samples[i], sizeof samples[i]);
          if (frt_image_run (&model, arena, sizeof arena, NULL) != FRT_OK)
            return 2;
          fwrite (frt_image_output (&model, arena, 0), 1, MODEL_OUTPUT_0_SIZE, stdout);
        }
    }
  return 0;
}
"""


def execute(*arguments):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, timeout=DEADLINE, check=False)


def handle(graph, name, container=""):
    """A VAR_HANDLE; the number of its output."""
    tensor = graph.tensor(name + "/handle", "resource", [])
    graph.operator("VAR_HANDLE", [], [tensor], {0: container, 1: name})
    return tensor


def delay_line(kind, length, initial=None, scale=None, zero_point=0, container=""):
    """The last LENGTH values of a stream of one; INITIAL values are assigned by CALL_ONCE."""
    model = Model()
    form = {"scale": scale, "zero_point": zero_point}
    if initial is not None:
        once = model.subgraph()
        value = once.tensor("initial", kind, [1, length], data=initial, **form)
        once.operator("ASSIGN_VARIABLE", [handle(once, "line"), value], [])
        model.operator("CALL_ONCE", [], [], {0: int32(1)})
    line = handle(model, "line", container)
    x = model.tensor("x", kind, [1, 1], **form)
    old = model.tensor("old", kind, [1, length], **form)
    longer = model.tensor("longer", kind, [1, length + 1], **form)
    new = model.tensor("new", kind, [1, length], **form)
    begin = model.tensor("begin", "int32", [2], data=[0, 1])
    size = model.tensor("size", "int32", [2], data=[1, length])
    model.operator("READ_VARIABLE", [line], [old])
    model.operator("CONCATENATION", [old, x], [longer], {0: int32(1)})
    model.operator("SLICE", [longer, begin, size], [new])
    model.operator("ASSIGN_VARIABLE", [line, new], [])
    return model, x, longer


class Streaming(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="fettle-streaming-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, model, x, y):
        model.write(self.path("model.tflite"), [x], [y])

    def run_model(self, samples):
        with open(self.path("x.bin"), "wb") as file:
            file.write(samples)
        done = execute("run", self.path("model.tflite"), "--input", self.path("x.bin"), "--output",
                       self.path("y.bin"))
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        with open(self.path("y.bin"), "rb") as file:
            return file.read()

    def assert_refused(self, *words):
        done = execute("inspect", self.path("model.tflite"))
        self.assertEqual(done.returncode, 1)
        for word in words:
            self.assertIn(word, done.stderr.decode())

    def check_header(self, samples, expected):
        """An application of the exported header gives the same, and after a reset again."""
        if LIBRARY is None or shutil.which("cc") is None:
            return
        done = execute("export", self.path("model.tflite"), "--header", self.path("model.h"))
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        with open(self.path("main.c"), "w", encoding="utf-8") as file:
            file.write(PROGRAM_OF_HEADER)
        with open(self.path("model.h"), encoding="utf-8") as file:
            self.assertIn("keeps state in the arena", file.read())
        subprocess.run(["cc", "-std=c11", "-Wall", "-Wextra", "-Werror", "-I", RUNTIME, "-I", self.folder,
                        self.path("main.c"), LIBRARY, "-lm", "-o", self.path("main")], check=True,
                       timeout=DEADLINE)
        done = subprocess.run([self.path("main")], input=samples, capture_output=True, check=True,
                              timeout=DEADLINE)
        self.assertEqual(done.stdout, expected + expected)

    def check(self, samples, expected):
        self.assertEqual(self.run_model(samples), expected)
        self.check_header(samples, expected)

    def test_zero_by_default(self):
        self.write(*delay_line("float32", 2))
        self.check(struct.pack("3f", 1, 2, 3), struct.pack("9f", 0, 0, 1, 0, 1, 2, 1, 2, 3))

    def test_zero_point_by_default(self):
        self.write(*delay_line("int8", 2, scale=0.5, zero_point=-5))
        self.check(struct.pack("3b", 1, 2, 3), struct.pack("9b", -5, -5, 1, -5, 1, 2, 1, 2, 3))

    def test_called_once(self):
        for kind, code, form in (("float32", "f", {}), ("int8", "b", {"scale": 0.5, "zero_point": -5}),
                                 ("int16", "h", {"scale": 0.5}), ("int32", "i", {})):
            with self.subTest(kind):
                self.write(*delay_line(kind, 2, initial=[7, 9], **form))
                self.check(struct.pack("3" + code, 1, 2, 3),
                           struct.pack("9" + code, 7, 9, 1, 9, 1, 2, 1, 2, 3))
        self.assertIn("CALL_ONCE", execute("inspect", self.path("model.tflite")).stdout.decode())

    def test_called_for_nothing(self):
        """Values that a reset gives anyway cost no layer."""
        self.write(*delay_line("int8", 2, initial=[-5, -5], scale=0.5, zero_point=-5))
        self.check(struct.pack("2b", 1, 2), struct.pack("6b", -5, -5, 1, -5, 1, 2))
        self.assertNotIn("CALL_ONCE", execute("inspect", self.path("model.tflite")).stdout.decode())

    def test_container_left_out(self):
        model, x, y = delay_line("float32", 1, initial=[4], container="")
        self.write(model, x, y)
        self.check(struct.pack("f", 1), struct.pack("2f", 4, 1))

    def test_read_after_assignment(self):
        """A counter: what is read behind an assignment is the new value, and both values are kept apart."""
        model = Model()
        counter = handle(model, "counter")
        x = model.tensor("x", "int32", [1])
        old, new, both = (model.tensor(name, "int32", [1]) for name in ("old", "new", "both"))
        again = model.tensor("again", "int32", [1])
        model.operator("READ_VARIABLE", [counter], [old])
        model.operator("ADD", [old, x], [new], {0: byte(0)})
        model.operator("ASSIGN_VARIABLE", [counter, new], [])
        model.operator("READ_VARIABLE", [counter], [again])
        model.operator("SUB", [again, old], [both], {0: byte(0)})
        model.write(self.path("model.tflite"), [x], [both])
        self.check(struct.pack("3i", 5, 6, 7), struct.pack("3i", 5, 6, 7))
        model.write(self.path("model.tflite"), [x], [again])
        self.check(struct.pack("3i", 5, 6, 7), struct.pack("3i", 5, 11, 18))

    def test_layers_are_dumped(self):
        self.write(*delay_line("int8", 2, initial=[7, 9]))
        done = execute("run", self.path("model.tflite"), "--input", self.sample(1), "--output",
                       self.path("y.bin"), "--dump-layers", self.path("layers"))
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.assertEqual(sorted(os.listdir(self.path("layers"))), [f"{i:03}.bin" for i in range(5)])

    def sample(self, size):
        with open(self.path("x.bin"), "wb") as file:
            file.write(bytes(size))
        return self.path("x.bin")

    def test_refused(self):
        model, x, y = delay_line("float32", 2)
        model.subgraph()
        self.write(model, x, y)
        self.assert_refused("2 subgraphs", "CALL_ONCE")
        model, x, y = delay_line("float32", 2, initial=[1, 2, 3][:2])
        model.others[0].operators.clear()
        value = model.others[0].tensor("value", "float32", [1, 2])
        model.others[0].operator("ASSIGN_VARIABLE", [handle(model.others[0], "line"), value], [])
        self.write(model, x, y)
        self.assert_refused("Subgraph 1: Layer 1 (ASSIGN_VARIABLE)", "constants only")
        model.others[0].operator("ABS", [value], [value])
        model.others[0].operators.reverse()
        self.write(model, x, y)
        self.assert_refused("Subgraph 1: Layer 0 (ABS)", "assignment of constants")
        model, x, y = delay_line("float32", 2)
        model.operator("ASSIGN_VARIABLE", [x, y], [])
        self.write(model, x, y)
        self.assert_refused("(ASSIGN_VARIABLE): its input 0 does not come from a VAR_HANDLE")
        model, x, y = delay_line("float32", 2)
        model.operator("ASSIGN_VARIABLE", [handle(model, "line"), y], [])
        self.write(model, x, y)
        self.assert_refused("ASSIGN_VARIABLE", "all layers that use a variable must agree")
        model, x, y = delay_line("float32", 2)
        model.operator("CALL_ONCE", [], [], {0: int32(3)})
        self.write(model, x, y)
        self.assert_refused("(CALL_ONCE): it calls subgraph 3")

    def test_tuning_keeps_state_float(self):
        self.write(*delay_line("float32", 2))
        header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }\n"
        with open(self.path("x.npy"), "wb") as file:
            file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode()
                       + struct.pack("2f", 1, 2))
        done = execute("tune", self.path("model.tflite"), "--calibrate", self.path("x.npy"), "-o",
                       self.path("out.fettle"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("keeps state between runs", done.stdout.decode())
        done = execute("inspect", self.path("out.fettle"), "--json")
        types = {layer["op"]: layer["type"] for layer in json.loads(done.stdout)["layers"]}
        self.assertEqual(types["READ_VARIABLE"], "float32")
        self.assertEqual(types["CONCATENATION"], "int8")
        self.assertEqual(types["ASSIGN_VARIABLE"], "float32")

    def test_svdf(self):
        """Two units of rank 1 with a memory of 3: y = sum over time of weight × (feature · x)."""
        feature, time, bias = [[1, 2], [-1, 0.5]], [[0.5, 1, 2], [1, -1, 3]], [10, 20]
        samples = [[1, 2], [3, -4], [0.5, 0], [-2, 8]]
        model = Model()
        x = model.tensor("x", "float32", [1, 2])
        y = model.tensor("y", "float32", [1, 2])
        inputs = [x, model.tensor("feature", "float32", [2, 2], data=sum(feature, [])),
                  model.tensor("time", "float32", [2, 3], data=sum(time, [])),
                  model.tensor("bias", "float32", [2], data=bias),
                  model.tensor("state", "float32", [1, 6], is_variable=True)]
        model.operator("SVDF", inputs, [y], {0: int32(1), 1: byte(ACTIVATIONS["NONE"])})
        self.write(model, x, y)
        state, expected = [[0, 0, 0], [0, 0, 0]], []
        for sample in samples:
            for unit in range(2):
                state[unit] = state[unit][1:] + [sum(a * b for a, b in zip(feature[unit], sample))]
                expected.append(bias[unit] + sum(a * b for a, b in zip(time[unit], state[unit])))
        self.check(struct.pack("8f", *sum(samples, [])), struct.pack("8f", *expected))

    def test_lstm(self):
        """One unit, one step per invocation."""
        weights, recurrent = [0.5, -0.25, 0.75, 1.0], [0.25, 0.5, -0.5, 0.125]
        bias = [0.0, 1.0, 0.0, -0.5]
        model = Model()
        x = model.tensor("x", "float32", [1, 1, 1])
        y = model.tensor("y", "float32", [1, 1, 1])
        inputs = [x] + [model.tensor(f"w{i}", "float32", [1, 1], data=[weights[i]]) for i in range(4)]
        inputs += [model.tensor(f"r{i}", "float32", [1, 1], data=[recurrent[i]]) for i in range(4)]
        inputs += [-1] * 3 + [model.tensor(f"b{i}", "float32", [1], data=[bias[i]]) for i in range(4)]
        inputs += [-1] * 2 + [model.tensor(name, "float32", [1, 1], is_variable=True)
                              for name in ("hidden", "cell")] + [-1] * 4
        model.operator("UNIDIRECTIONAL_SEQUENCE_LSTM", inputs, [y], {0: byte(ACTIVATIONS["TANH"])})
        self.write(model, x, y)
        hidden = cell = 0.0
        samples, expected = [1.0, -2.0, 0.5, 3.0], []
        for sample in samples:
            sums = [w * sample + r * hidden + b for w, r, b in zip(weights, recurrent, bias)]
            gates = [1 / (1 + math.exp(-value)) for value in sums]
            cell = gates[1] * cell + gates[0] * math.tanh(sums[2])
            hidden = gates[3] * math.tanh(cell)
            expected.append(hidden)
        samples = struct.pack("4f", *samples)
        outputs = self.run_model(samples)
        for got, want in zip(struct.unpack("4f", outputs), expected):
            self.assertAlmostEqual(got, want, 5)
        self.check_header(samples, outputs)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
