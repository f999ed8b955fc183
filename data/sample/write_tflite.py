# SPDX-License-Identifier: GPL-3.0-or-later
"""write_tflite.py: a TensorFlow Lite file from a list of layers.

Field numbers and enumerations are those of the public TensorFlow Lite schema, version 3.
Activations are NHWC; weights are OHWI (CONV_2D), 1HWC (DEPTHWISE_CONV_2D), OI
(FULLY_CONNECTED); all float32.
"""

import numpy as np

from flatbuffer import (
    Table, Vector, byte, float32, int32, int32_vector, ubyte, uint32, write,
)

FLOAT32, INT32 = 0, 2
SAME, VALID = 0, 1
NONE, RELU = 0, 1

# Operator: (BuiltinOperator, BuiltinOptions)
OPERATORS = {
    "ADD": (0, 11),
    "AVERAGE_POOL_2D": (1, 5),
    "CONV_2D": (3, 1),
    "DEPTHWISE_CONV_2D": (4, 2),
    "FULLY_CONNECTED": (9, 8),
    "RESHAPE": (22, 17),
    "SOFTMAX": (25, 9),
    "PAD": (34, 22),
}


def options(layer):
    """The options table of LAYER; see train.py for the keys."""
    op = layer["op"]
    activation = byte(RELU if layer.get("relu") else NONE)
    padding = byte(SAME if layer.get("padding") == "same" else VALID)
    height, width = (int32(n) for n in layer.get("stride", (1, 1)))
    if op == "CONV_2D":
        return Table({0: padding, 1: width, 2: height, 3: activation,
                      4: int32(1), 5: int32(1)})
    if op == "DEPTHWISE_CONV_2D":
        return Table({0: padding, 1: width, 2: height, 3: int32(1), 4: activation,
                      5: int32(1), 6: int32(1)})
    if op == "AVERAGE_POOL_2D":
        filter_height, filter_width = (int32(n) for n in layer["filter"])
        return Table({0: padding, 1: width, 2: height, 3: filter_width,
                      4: filter_height, 5: activation})
    if op in ("ADD", "FULLY_CONNECTED"):
        return Table({0: activation})
    if op == "SOFTMAX":
        return Table({0: float32(1.0)})
    if op == "RESHAPE":
        return Table({0: int32_vector(layer["shape"])})
    return Table({})


class ModelWriter:
    def __init__(self):
        self.tensors = []
        self.numbers = {}
        self.buffers = [Table({})]  # buffer 0 is the empty one, by convention

    def tensor(self, name, shape, constant=None):
        if constant is None:
            buffer, kind = 0, FLOAT32
        else:
            buffer = len(self.buffers)
            kind = INT32 if constant.dtype == np.int32 else FLOAT32
            packed = Vector(constant.tobytes(), size=1, alignment=16)
            self.buffers.append(Table({0: packed}))
        self.numbers[name] = len(self.tensors)
        self.tensors.append(Table({0: int32_vector(shape), 1: byte(kind),
                                   2: uint32(buffer), 3: name}))
        return self.numbers[name]

    def operator(self, layer, codes):
        inputs = [self.numbers[name] for name in layer["inputs"]]
        for suffix, values in layer.get("constants", {}).items():
            values = np.ascontiguousarray(values)
            inputs.append(self.tensor(layer["name"] + "/" + suffix, values.shape, values))
        output = self.tensor(layer["name"], layer["shape"])
        return Table({0: uint32(codes.index(layer["op"])), 1: int32_vector(inputs),
                      2: int32_vector([output]), 3: ubyte(OPERATORS[layer["op"]][1]),
                      4: options(layer)})


def write_tflite(layers, input_name, input_shape, description):
    """The bytes of a model. LAYERS are in execution order; the last one's output is the model's.
    A layer's output tensor has the layer's name."""
    writer = ModelWriter()
    codes = sorted({layer["op"] for layer in layers}, key=lambda op: OPERATORS[op][0])
    first = writer.tensor(input_name, input_shape)
    operators = [writer.operator(layer, codes) for layer in layers]
    subgraph = Table({
        0: Vector(writer.tensors),
        1: int32_vector([first]),
        2: int32_vector([writer.numbers[layers[-1]["name"]]]),
        3: Vector(operators),
        4: "main",
    })
    model = Table({
        0: uint32(3),
        1: Vector([Table({0: byte(OPERATORS[op][0]), 2: int32(1), 3: int32(OPERATORS[op][0])})
                   for op in codes]),
        2: Vector([subgraph]),
        3: description,
        4: Vector(writer.buffers),
    })
    return write(model, b"TFL3")
