#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""rounding.py: both rounding modes, against their definitions, and where they must differ.

    rounding.py FETTLE_CLI
"""
import json
import math
import struct
import sys
import unittest

from cli_case import CliCase, execute, pack, unpack
from tflite_writer import ACTIVATIONS, Model, byte, int32, real

N = 1024
NONE = {0: byte(ACTIVATIONS["NONE"])}


def float32(value):
    return struct.unpack("f", struct.pack("f", value))[0]


def quantize(factor):
    """Multiplier and shift; the sizes of these tests need no more."""
    fraction, shift = math.frexp(factor)
    multiplier = math.floor(fraction * 2 ** 31 + 0.5)
    return (multiplier // 2, shift + 1) if multiplier == 2 ** 31 else (multiplier, shift)


def once(value, factor):
    multiplier, shift = quantize(factor)
    return (value * multiplier + (1 << (30 - shift))) >> (31 - shift)


def twice(value, factor):
    multiplier, shift = quantize(factor)
    high = ((value << max(shift, 0)) * multiplier + (1 << 30)) >> 31
    right = max(-shift, 0)
    rest = high & ((1 << right) - 1)
    return (high >> right) + (rest > (((1 << right) - 1) >> 1) + (high < 0))


def narrow(value):
    return max(-128, min(127, value))


class Rounding(CliCase):
    def compare(self, model, x, y, data, expect):
        """EXPECT (scale by): the output, if values are multiplied by SCALE BY. The modes must differ."""
        model.write(self.path("model.tflite"), x, y)
        with open(self.path("x.bin"), "wb") as file:
            file.write(b"".join(data))
        expected = {name: [narrow(value) for value in expect(scale_by)]
                    for name, scale_by in (("double", twice), ("single", once))}
        for name, values in expected.items():
            done = execute("run", self.path("model.tflite"), "--input", self.path("x.bin"), "--output",
                           self.path("y.bin"), "--rounding", name)
            self.assertEqual(done.returncode, 0, done.stderr.decode())
            with open(self.path("y.bin"), "rb") as file:
                self.assertEqual(unpack("int8", file.read()), values, name)
        self.assertNotEqual(expected["double"], expected["single"])

    def model(self, shape, scale, output, output_scale, inputs=1):
        model = Model()
        x = [model.tensor(f"x{i}", "int8", shape, scale=scale) for i in range(inputs)]
        return model, x, model.tensor("y", "int8", output, scale=output_scale)

    def test_requantize(self):
        """A tie of negative numbers goes away from zero, or upwards."""
        model, x, y = self.model([1, N], 0.25, [1, N], 1.0)
        values = self.values("int8", N)
        model.operator("QUANTIZE", x, [y])
        self.compare(model, x, [y], [pack("int8", values)],
                     lambda scale_by: [scale_by(value, 0.25) for value in values])

    def test_pairs(self):
        a, b = self.values("int8", N), self.values("int8", N)
        for name, sign in (("ADD", 1), ("SUB", -1)):
            model, x, y = self.model([1, N], 0.25, [1, N], 0.5, 2)
            model.operator(name, x, [y], NONE)
            self.compare(model, x, [y], [pack("int8", a), pack("int8", b)], lambda scale_by: [
                scale_by(scale_by(u << 20, 0.5) + sign * scale_by(v << 20, 0.5), 2 ** -20)
                for u, v in zip(a, b)])
        model, x, y = self.model([1, N], 0.25, [1, N], 4.0, 2)
        model.operator("MUL", x, [y], NONE)
        self.compare(model, x, [y], [pack("int8", a), pack("int8", b)],
                     lambda scale_by: [scale_by(u * v, 2 ** -6) for u, v in zip(a, b)])

    def test_weights(self):
        """A convolution and a dense layer of one tap."""
        values = self.values("int8", N)
        for name, shape, options in (
                ("CONV_2D", [1, 1, 1, 1], {0: byte(1), 1: int32(1), 2: int32(1)}),
                ("DEPTHWISE_CONV_2D", [1, 1, 1, 1], {0: byte(1), 1: int32(1), 2: int32(1), 3: int32(1)}),
                ("FULLY_CONNECTED", [1, 1], {})):
            model, x, y = self.model([1, N, 1, 1], 0.25, [1, N, 1, 1], 0.5)
            weights = model.tensor("w", "int8", shape, scale=0.125, data=[3])
            bias = model.tensor("b", "int32", [1], scale=1 / 32, data=[-2])
            model.operator(name, [*x, weights, bias], [y], options)
            self.compare(model, x, [y], [pack("int8", values)],
                         lambda scale_by: [scale_by(3 * value - 2, 2 ** -4) for value in values])

    def test_mean(self):
        values = self.values("int8", 4 * N)
        model, x, y = self.model([N, 4], 0.25, [N], 0.25)
        model.operator("MEAN", [*x, model.tensor("axis", "int32", [1], data=[1])], [y], {0: byte(0)})
        self.compare(model, x, [y], [pack("int8", values)],
                     lambda scale_by: [scale_by(sum(values[4 * i:4 * i + 4]), 0.25) for i in range(N)])

    def test_table(self):
        """LEAKY_RELU of int8 is a table that lowering makes."""
        values = self.values("int8", N)
        model, x, y = self.model([1, N], 0.25, [1, N], 0.5)
        model.operator("LEAKY_RELU", x, [y], {0: real(0.5)})
        self.compare(model, x, [y], [pack("int8", values)], lambda scale_by: [
            scale_by(value, 0.5 if value >= 0 else 0.25) for value in values])

    def test_resize(self):
        """Twice as wide: each second cell lies halfway, so that odd sums are ties."""
        values = self.values("int8", N)
        model, x, y = self.model([1, 1, N, 1], 0.25, [1, 1, 2 * N, 1], 0.25)
        size = model.tensor("size", "int32", [2], data=[1, 2 * N])
        model.operator("RESIZE_BILINEAR", [*x, size], [y], {2: byte(0), 3: byte(0)})

        def expect(scale_by):
            result = []
            for i, value in enumerate(values):
                total = (value + values[min(i + 1, N - 1)]) << 19
                # This one divides: away from zero, or upwards.
                away = int(math.copysign((abs(total) + (1 << 19)) >> 20, total))
                result += [value, away if scale_by is twice else (total + (1 << 19)) >> 20]
            return result
        self.compare(model, x, [y], [pack("int8", values)], expect)

    def test_shown(self):
        model, x, y = self.model([1, N], 0.25, [1, N], 0.5)
        model.operator("QUANTIZE", x, [y])
        model.write(self.path("model.tflite"), x, [y])
        for name in ("double", "single"):
            shown = execute("inspect", self.path("model.tflite"), "--rounding", name).stdout.decode()
            self.assertIn(f"Rounding: {name}", shown)
            shown = execute("inspect", self.path("model.tflite"), "--rounding", name, "--json").stdout
            self.assertEqual(json.loads(shown)["rounding"], name)
            done = execute("export", self.path("model.tflite"), "--header", self.path("model.h"),
                           "--rounding", name, "--target", "cortex-m4")
            self.assertEqual(done.returncode, 0, done.stderr.decode())
            with open(self.path("model.h"), encoding="utf-8") as file:
                text = file.read()
            self.assertIn(f'MODEL_ROUNDING "{name}"', text)
            self.assertEqual("&frt_requantize_s8_single," in text, name == "single")
        done = execute("inspect", self.path("model.tflite"), "--rounding", "none")
        self.assertEqual(done.returncode, 1)
        self.assertIn("“none” is not a rounding mode", done.stderr.decode())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
