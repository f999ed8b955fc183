#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""patterns.py: layers that converters write as several operators, and layers that are refused.

    patterns.py FETTLE_CLI
"""
import math
import sys
import unittest

from cli_case import CliCase, pack, unpack
from tflite_writer import ACTIVATIONS, Model, byte, int32

NONE = {0: byte(ACTIVATIONS["NONE"])}


def sigmoid(value):
    return 1 / (1 + math.exp(-value))


class Builder:
    """A model of float32, or of int8 whose scales fit the given ranges."""

    def __init__(self, kind):
        self.model, self.kind = Model(), kind

    def tensor(self, name, shape, low=-4.0, high=4.0, data=None):
        if self.kind == "float32":
            return self.model.tensor(name, "float32", shape, data=data)
        scale = (high - low) / 255
        zero_point = round(-128 - low / scale)
        if data is not None:
            data = [max(-128, min(127, round(value / scale) + zero_point)) for value in data]
        return self.model.tensor(name, "int8", shape, scale=scale, zero_point=zero_point, data=data)

    def add(self, name, inputs, shape, low=-4.0, high=4.0, options=None, outputs=1):
        made = [self.tensor(f"{name}{len(self.model.tensors)}_{i}", shape, low, high)
                for i in range(outputs)]
        self.model.operator(name, inputs, made, options)
        return made if outputs > 1 else made[0]

    def integers(self, values):
        return self.model.tensor("integers", "int32", [len(values)], data=values)

    def dense(self, x, weights, bias, x_scale):
        """WEIGHTS [units][depth]."""
        units, depth = len(weights), len(weights[0])
        flat = sum(weights, [])
        if self.kind == "float32":
            w = self.model.tensor("w", "float32", [units, depth], data=flat)
            b = self.model.tensor("b", "float32", [units], data=bias)
        else:
            scale = max(map(abs, flat)) / 127
            w = self.model.tensor("w", "int8", [units, depth], scale=scale,
                                  data=[round(value / scale) for value in flat])
            b = self.model.tensor("b", "int32", [units], scale=scale * x_scale,
                                  data=[round(value / scale / x_scale) for value in bias])
        return self.add("FULLY_CONNECTED", [x, w, b], [1, units], options={0: byte(0)})


class Patterns(CliCase):
    def compare(self, builder, x, y, samples, expected, x_range, y_range, tolerance):
        """SAMPLES one behind the other: as many invocations."""
        if builder.kind == "float32":
            got = unpack("float32", self.run_model(builder.model, [x], [pack("float32", samples)], [y]))
            tolerance = 1e-4
        else:
            scale, zero = self.parameters(*x_range)
            data = [max(-128, min(127, round(value / scale) + zero)) for value in samples]
            scale, zero = self.parameters(*y_range)
            got = unpack("int8", self.run_model(builder.model, [x], [pack("int8", data)], [y]))
            got = [scale * (value - zero) for value in got]
        self.assertEqual(len(got), len(expected))
        for a, b in zip(got, expected):
            self.assertLess(abs(a - b), tolerance, (builder.kind, got, expected))

    @staticmethod
    def parameters(low, high):
        scale = (high - low) / 255
        return scale, round(-128 - low / scale)

    def test_layer_normalization(self):
        depth = 6
        gamma, beta = [1.0, 0.5, -1.0, 2.0, 1.5, 0.25], [0.0, 1.0, -0.5, 0.25, 0.0, -1.0]
        samples = [self.random.uniform(-3, 3) for _ in range(2 * depth)]
        expected = []
        for row in (samples[:depth], samples[depth:]):
            mean = sum(row) / depth
            variance = sum((value - mean) ** 2 for value in row) / depth
            expected += [(value - mean) / math.sqrt(variance + 1e-3) * g + b
                         for value, g, b in zip(row, gamma, beta)]
        for kind in ("float32", "int8"):
            builder = Builder(kind)
            x = builder.tensor("x", [2, depth])
            axis = builder.integers([-1])
            mean = builder.add("MEAN", [x, axis], [2, 1], options={0: byte(1)})
            squares = builder.add("SQUARED_DIFFERENCE", [x, mean], [2, depth], 0, 25)
            variance = builder.add("MEAN", [squares, axis], [2, 1], 0, 10, {0: byte(1)})
            epsilon = builder.tensor("epsilon", [1], 0, 0.01, [1e-3])
            root = builder.add("RSQRT", [builder.add("ADD", [variance, epsilon], [2, 1], 0, 10, NONE)],
                               [2, 1], 0, 2)
            scale = builder.add("MUL", [root, builder.tensor("gamma", [depth], -2, 2, gamma)], [2, depth],
                                options=NONE)
            first = builder.add("MUL", [x, scale], [2, depth], -8, 8, NONE)
            second = builder.add("MUL", [mean, scale], [2, depth], options=NONE)
            offset = builder.add("SUB", [builder.tensor("beta", [depth], -2, 2, beta), second], [2, depth],
                                 options=NONE)
            y = builder.add("ADD", [first, offset], [2, depth], -8, 8, NONE)
            self.compare(builder, x, y, samples, expected, (-4, 4), (-8, 8), 0.5)

    def test_gru(self):
        """One step unrolled: z and r from input and state, h' = z * h + (1 - z) * candidate."""
        units, depth = 3, 2
        draw = lambda rows, columns: [[self.random.uniform(-1, 1) for _ in range(columns)]  # noqa: E731
                                      for _ in range(rows)]
        weights, recurrent = draw(3 * units, depth), draw(3 * units, units)
        bias = [self.random.uniform(-0.5, 0.5) for _ in range(3 * units)]
        for kind in ("float32", "int8"):
            builder = Builder(kind)
            x, h = builder.tensor("x", [1, depth]), builder.tensor("h", [1, units], -1, 1, [0.5, -0.25, 0])
            step = self.parameters(-4, 4)[0]
            given = builder.dense(x, weights, bias, step)
            kept = builder.dense(h, recurrent, [0.0] * 3 * units, self.parameters(-1, 1)[0])
            zero = builder.model.tensor("axis", "int32", [], data=[1])
            parts = [builder.add("SPLIT", [zero, part], [1, units], options={0: int32(3)}, outputs=3)
                     for part in (given, kept)]
            gates = []
            for k in (0, 1):
                sums = builder.add("ADD", [parts[0][k], parts[1][k]], [1, units], options=NONE)
                # The kernel of int8 wants the scale 1/256.
                gates.append(builder.add("LOGISTIC", [sums], [1, units], 0, 255 / 256))
            reset = builder.add("MUL", [gates[1], parts[1][2]], [1, units], options=NONE)
            sums = builder.add("ADD", [parts[0][2], reset], [1, units], options=NONE)
            candidate = builder.add("TANH", [sums], [1, units], -1, 127 / 128)
            kept = builder.add("MUL", [gates[0], h], [1, units], -1, 1, NONE)
            rest = builder.add("SUB", [builder.tensor("one", [1], 0, 1, [1.0]), gates[0]], [1, units], 0, 1,
                               NONE)
            new = builder.add("MUL", [rest, candidate], [1, units], -1, 1, NONE)
            y = builder.add("ADD", [kept, new], [1, units], -1, 1, NONE)
            samples = [0.5, -1.5]
            state = [0.5, -0.25, 0]
            sums = [sum(a * b for a, b in zip(row, samples)) + c for row, c in zip(weights, bias)]
            back = [sum(a * b for a, b in zip(row, state)) for row in recurrent]
            expected = []
            for unit in range(units):
                z, r = (sigmoid(sums[k * units + unit] + back[k * units + unit]) for k in (0, 1))
                at = 2 * units + unit
                expected.append(z * state[unit] + (1 - z) * math.tanh(sums[at] + r * back[at]))
            self.compare(builder, x, y, samples, expected, (-4, 4), (-1, 1), 0.1)

    def test_convolution_of_a_sequence(self):
        """CONV_1D is EXPAND_DIMS, CONV_2D of height 1, dilated and causal by a PAD, and a RESHAPE back."""
        model = Model()
        x, y = model.tensor("x", "float32", [1, 6, 2]), model.tensor("y", "float32", [1, 6, 1])
        wide, padded = model.tensor("wide", "float32", [1, 1, 6, 2]), \
            model.tensor("padded", "float32", [1, 1, 10, 2])
        sums = model.tensor("sums", "float32", [1, 1, 6, 1])
        weights = [1.0, 2.0, 3.0, -1.0, 0.5, 4.0]
        w = model.tensor("w", "float32", [1, 1, 3, 2], data=weights)
        model.operator("EXPAND_DIMS", [x, model.tensor("axis", "int32", [], data=[1])], [wide])
        model.operator("PAD", [wide, model.tensor("paddings", "int64", [4, 2],
                                                  data=[0, 0, 0, 0, 4, 0, 0, 0])], [padded])
        model.operator("CONV_2D", [padded, w], [sums],
                       {0: byte(1), 1: int32(1), 2: int32(1), 4: int32(2), 5: int32(1)})
        model.operator("SQUEEZE", [sums], [y], {})
        values = [float(value) for value in range(12)]
        expected = [sum(weights[2 * tap + c] * values[2 * (at + 2 * tap - 4) + c]
                        for tap in range(3) for c in range(2) if at + 2 * tap >= 4) for at in range(6)]
        got = self.run_model(model, [x], [pack("float32", values)], [y])
        self.assertEqual(unpack("float32", got), expected)

    def lstm(self, change, activation="TANH"):
        """An LSTM of one unit whose inputs CHANGE (model, inputs) changes."""
        model = Model()
        x, y = model.tensor("x", "float32", [1, 1, 1]), model.tensor("y", "float32", [1, 1, 1])
        inputs = [x] + [model.tensor(f"w{i}", "float32", [1, 1], data=[1]) for i in range(8)] + [-1] * 3
        inputs += [model.tensor(f"b{i}", "float32", [1], data=[1]) for i in range(4)] + [-1] * 2
        inputs += [model.tensor(name, "float32", [1, 1], is_variable=True) for name in "hc"] + [-1] * 4
        change(model, inputs)
        model.operator("UNIDIRECTIONAL_SEQUENCE_LSTM", inputs, [y], {0: byte(ACTIVATIONS[activation])})
        return model, [x], [y]

    def test_lstm_variants(self):
        def give(place):
            def change(model, inputs):
                inputs[place] = model.tensor("extra", "float32", [1], data=[1])
            return change

        def couple(_model, inputs):
            inputs[1] = -1
        for change, words in ((give(9), "peephole"), (give(16), "projection"),
                              (give(20), "layer normalization"), (couple, "gates are coupled")):
            self.assert_refused(*self.lstm(change), "Layer 0 (y, UNIDIRECTIONAL_SEQUENCE_LSTM): it is an "
                                "LSTM", words, "train and convert it with")
        self.assert_refused(*self.lstm(lambda *_: None, "RELU"), "cell gate is not a TANH")

    def test_refused(self):
        model = Model()
        x, y = model.tensor("x", "int8", [1, 2], scale=1), model.tensor("y", "int8", [1, 4], scale=1)
        model.operator("CONCATENATION", [x, x], [y], {0: int32(1), 1: byte(ACTIVATIONS["RELU"])})
        self.assert_refused(model, [x], [y], "Layer 0 (y, CONCATENATION): its fused activation",
                            "a layer of its own")
        model = Model()
        x, y = model.tensor("x", "float32", [1]), model.tensor("y", "float32", [1])
        model.operator("WHILE", [x], [y])
        self.assert_refused(model, [x], [y], "layer 0 WHILE", "unroll=True")
        for kind, name in (("uint8", "AVERAGE_POOL_2D"), ("int32", "AVERAGE_POOL_2D"),
                           ("int16", "HARD_SWISH"), ("int16", "PRELU")):
            model = Model()
            x, y = (model.tensor(name_, kind, [1, 2, 2, 1], scale=1) for name_ in "xy")
            model.operator(name, [x, x] if name == "PRELU" else [x], [y])
            self.assert_refused(model, [x], [y], f"Layer 0 (y, {name})", f"“x” is {kind}",
                                "supported")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
