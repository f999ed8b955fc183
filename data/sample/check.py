#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check.py: runs bearing.tflite on the evaluation data, independently of Fettle.

Reads the file with the flatbuffers library and computes in float64 with numpy loops that share
nothing with the runtime or with train.py. Needs python3-numpy and python3-flatbuffers.

    check.py [MODEL.tflite X.npy Y.npy]
"""

import os
import sys

import flatbuffers
import numpy as np
from flatbuffers.number_types import Float32Flags, Int8Flags, Int32Flags, UOffsetTFlags
from flatbuffers.table import Table

NAMES = {0: "ADD", 1: "AVERAGE_POOL_2D", 3: "CONV_2D", 4: "DEPTHWISE_CONV_2D",
         9: "FULLY_CONNECTED", 22: "RESHAPE", 25: "SOFTMAX", 34: "PAD"}


class Reader:
    """Fields of one FlatBuffers table by their number."""

    def __init__(self, data, position):
        self.table = Table(data, position)

    def slot(self, number):
        offset = self.table.Offset(4 + 2 * number)
        return offset + self.table.Pos if offset else None

    def scalar(self, number, flags=Int32Flags, default=0):
        at = self.slot(number)
        return default if at is None else self.table.Get(flags, at)

    def child(self, number):
        at = self.slot(number)
        return None if at is None else Reader(self.table.Bytes, self.table.Indirect(at))

    def text(self, number):
        return self.table.String(self.slot(number)).decode()

    def array(self, number, dtype):
        if self.slot(number) is None:
            return np.empty(0, dtype)
        relative = self.slot(number) - self.table.Pos
        start = self.table.Vector(relative)
        return np.frombuffer(self.table.Bytes, dtype, self.table.VectorLen(relative), start)

    def children(self, number):
        relative = self.slot(number) - self.table.Pos
        start = self.table.Vector(relative)
        return [Reader(self.table.Bytes, self.table.Indirect(start + 4 * i))
                for i in range(self.table.VectorLen(relative))]


def pad_same(x, kernel, stride):
    pairs = [(0, 0)]
    for size, k, s in zip(x.shape[1:3], kernel, stride):
        total = max((-(-size // s) - 1) * s + k - size, 0)
        pairs.append((total // 2, total - total // 2))
    return np.pad(x, pairs + [(0, 0)])


def patches(x, options, kernel):
    """Yields (row, column, view): what each tap of KERNEL sees of X."""
    stride = options.scalar(2), options.scalar(1)
    if options.scalar(0, Int8Flags) == 0:
        x = pad_same(x, kernel, stride)
    height = (x.shape[1] - kernel[0]) // stride[0] + 1
    width = (x.shape[2] - kernel[1]) // stride[1] + 1
    for row in range(kernel[0]):
        for column in range(kernel[1]):
            yield row, column, x[:, row : row + stride[0] * (height - 1) + 1 : stride[0],
                                 column : column + stride[1] * (width - 1) + 1 : stride[1]]


def compute(name, options, inputs, shape):
    x = inputs[0]
    if name == "PAD":
        return np.pad(x, inputs[1])
    if name == "ADD":
        y = x + inputs[1]
        return np.maximum(y, 0) if options.scalar(0, Int8Flags) == 1 else y
    if name == "RESHAPE":
        return x.reshape(len(x), *shape[1:])
    if name == "SOFTMAX":
        e = np.exp(options.scalar(0, Float32Flags) * (x - x.max(1, keepdims=True)))
        return e / e.sum(1, keepdims=True)
    if name == "FULLY_CONNECTED":
        return x @ inputs[1].T + inputs[2]
    if name == "AVERAGE_POOL_2D":
        kernel = options.scalar(4), options.scalar(3)
        return sum(view for _, _, view in patches(x, options, kernel)) / np.prod(kernel)
    kernel = inputs[1].shape[1:3]
    if name == "CONV_2D":
        y = sum(view @ inputs[1][:, r, c].T for r, c, view in patches(x, options, kernel))
        relu = options.scalar(3, Int8Flags)
    else:
        y = sum(view * inputs[1][0, r, c] for r, c, view in patches(x, options, kernel))
        relu = options.scalar(4, Int8Flags)
    return np.maximum(y + inputs[2], 0) if relu == 1 else y + inputs[2]


def forward(data, x):
    """All tensors of the model in DATA for the inputs X, and the number of its output."""
    assert flatbuffers.util.BufferHasIdentifier(data, 0, b"TFL3")
    model = Reader(data, flatbuffers.encode.Get(UOffsetTFlags.packer_type, data, 0))
    codes = [code.scalar(3) for code in model.children(1)]
    assert codes == [code.scalar(0, Int8Flags) for code in model.children(1)]
    buffers = [buffer.array(0, np.uint8) for buffer in model.children(4)]
    graph = model.children(2)[0]
    values, shapes = {}, []
    for number, tensor in enumerate(graph.children(0)):
        shapes.append(tensor.array(0, np.int32))
        raw = buffers[tensor.scalar(2)]
        if raw.size:
            dtype = np.int32 if tensor.scalar(1, Int8Flags) == 2 else np.float32
            values[number] = raw.view(dtype).reshape(shapes[-1])
            if dtype == np.float32:
                values[number] = values[number].astype(np.float64)
    values[graph.array(1, np.int32)[0]] = x.astype(np.float64)
    for operator in graph.children(3):
        inputs = [values[i] for i in operator.array(1, np.int32)]
        output = operator.array(2, np.int32)[0]
        name = NAMES[codes[operator.scalar(0)]]
        values[output] = compute(name, operator.child(4), inputs, shapes[output])
        assert list(values[output].shape[1:]) == list(shapes[output][1:]), name
    return values, graph.array(2, np.int32)[0]


def main():
    folder = os.path.dirname(os.path.abspath(__file__))
    names = sys.argv[1:] or [os.path.join(folder, name) for name in (
        "bearing.tflite", "bearing_eval_x.npy", "bearing_eval_y.npy")]
    with open(names[0], "rb") as file:
        data = bytearray(file.read())
    x, labels = np.load(names[1]), np.load(names[2])
    values, output = forward(data, x)
    correct = int((values[output].argmax(1) == labels).sum())
    print("%d of %d correct, %.2f %%" % (correct, len(labels), 100 * correct / len(labels)))


if __name__ == "__main__":
    main()
