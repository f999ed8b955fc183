# SPDX-License-Identifier: GPL-3.0-or-later
"""tflite_writer.py: makes small TensorFlow Lite files for tests, without a schema compiler.

    model = Model()
    x = model.tensor("x", "int8", [1, 4], scale=0.5, zero_point=3)
    y = model.tensor("y", "int8", [1, 4], scale=0.5, zero_point=3)
    model.operator("ABS", [x], [y])
    model.write(path, inputs=[x], outputs=[y])

Parents come before their children in the file, as offsets point forward.
"""
import struct

TYPES = {"float32": (0, "f"), "int32": (2, "i"), "uint8": (3, "B"), "int64": (4, "q"), "bool": (6, "?"),
         "int16": (7, "h"), "int8": (9, "b"), "resource": (13, None), "int4": (17, "b")}

# Number of the operator, of its options table.
BUILTINS = {
    "ADD": (0, 11), "AVERAGE_POOL_2D": (1, 5), "CONCATENATION": (2, 10), "CONV_2D": (3, 1),
    "DEPTHWISE_CONV_2D": (4, 2), "DEPTH_TO_SPACE": (5, 94), "DEQUANTIZE": (6, 0), "FLOOR": (8, 0),
    "FULLY_CONNECTED": (9, 8), "L2_NORMALIZATION": (11, 12), "L2_POOL_2D": (12, 5), "LOGISTIC": (14, 0),
    "MAX_POOL_2D": (17, 5), "MUL": (18, 21), "RELU": (19, 0), "RELU_N1_TO_1": (20, 0), "RELU6": (21, 0),
    "RESHAPE": (22, 0), "RESIZE_BILINEAR": (23, 15), "SOFTMAX": (25, 9), "SPACE_TO_DEPTH": (26, 19),
    "SVDF": (27, 6), "TANH": (28, 0), "PAD": (34, 0), "GATHER": (36, 23), "BATCH_TO_SPACE_ND": (37, 0),
    "SPACE_TO_BATCH_ND": (38, 0), "TRANSPOSE": (39, 0), "MEAN": (40, 27), "SUB": (41, 28), "DIV": (42, 29),
    "SQUEEZE": (43, 30), "UNIDIRECTIONAL_SEQUENCE_LSTM": (44, 71), "STRIDED_SLICE": (45, 32),
    "EXP": (47, 0), "SPLIT": (49, 35), "LOG_SOFTMAX": (50, 0), "CAST": (53, 37), "PRELU": (54, 0),
    "MAXIMUM": (55, 0), "ARG_MAX": (56, 0), "MINIMUM": (57, 0), "LESS": (58, 0), "NEG": (59, 0),
    "PADV2": (60, 0), "GREATER": (61, 0), "GREATER_EQUAL": (62, 0), "LESS_EQUAL": (63, 0),
    "SELECT": (64, 0), "SLICE": (65, 0), "SIN": (66, 0), "TRANSPOSE_CONV": (67, 49), "TILE": (69, 0),
    "EXPAND_DIMS": (70, 0), "EQUAL": (71, 0), "NOT_EQUAL": (72, 0), "LOG": (73, 0), "SUM": (74, 27),
    "SQRT": (75, 0), "RSQRT": (76, 0), "SHAPE": (77, 0), "POW": (78, 0), "ARG_MIN": (79, 0),
    "REDUCE_MAX": (82, 27), "PACK": (83, 59), "LOGICAL_OR": (84, 0), "LOGICAL_AND": (86, 0),
    "LOGICAL_NOT": (87, 0), "UNPACK": (88, 64), "REDUCE_MIN": (89, 27), "FLOOR_DIV": (90, 0),
    "SQUARE": (92, 0), "ZEROS_LIKE": (93, 0), "FILL": (94, 0), "FLOOR_MOD": (95, 0),
    "RESIZE_NEAREST_NEIGHBOR": (97, 74), "LEAKY_RELU": (98, 75), "SQUARED_DIFFERENCE": (99, 0),
    "MIRROR_PAD": (100, 77), "ABS": (101, 0), "SPLIT_V": (102, 79), "CEIL": (104, 0),
    "REVERSE_V2": (105, 0), "ADD_N": (106, 0), "GATHER_ND": (107, 0), "COS": (108, 0), "ELU": (111, 0),
    "QUANTIZE": (114, 0), "ROUND": (116, 0), "HARD_SWISH": (117, 0), "WHILE": (119, 93),
    "SELECT_V2": (123, 0), "BATCH_MATMUL": (126, 101), "CUMSUM": (128, 102), "CALL_ONCE": (129, 103),
    "BROADCAST_TO": (130, 0), "VAR_HANDLE": (142, 111), "READ_VARIABLE": (143, 112),
    "ASSIGN_VARIABLE": (144, 113), "BROADCAST_ARGS": (145, 0), "GELU": (150, 116),
    "RELU_0_TO_1": (152, 0), "SIGN": (158, 0),
}

ACTIVATIONS = {"NONE": 0, "RELU": 1, "RELU_N1_TO_1": 2, "RELU6": 3, "TANH": 4}


class Scalar:
    """A field of a table: FORMAT as of struct."""

    def __init__(self, kind, value):
        self.bytes = struct.pack("<" + kind, value)


def byte(value):
    return Scalar("b", value)


def int32(value):
    return Scalar("i", value)


def real(value):
    return Scalar("f", value)


class Vector:
    def __init__(self, kind, values):
        self.size = struct.calcsize(kind)
        self.bytes = struct.pack(f"<{len(values)}{kind}", *values)
        self.length = len(values)


class Emitter:
    def __init__(self):
        self.bytes = bytearray(8)
        self.bytes[4:8] = b"TFL3"

    def align(self, size, ahead=0):
        while (len(self.bytes) + ahead) % size:
            self.bytes.append(0)

    def point(self, slot, target):
        struct.pack_into("<I", self.bytes, slot, target - slot)

    def emit(self, value):
        if isinstance(value, dict):
            return self.emit_table(value)
        if isinstance(value, list):
            return self.emit_list(value)
        if isinstance(value, str):
            return self.emit_string(value)
        self.align(max(value.size, 4), 4)
        at = len(self.bytes)
        self.bytes += struct.pack("<I", value.length) + value.bytes
        return at

    def emit_string(self, text):
        self.align(4)
        at = len(self.bytes)
        self.bytes += struct.pack("<I", len(text.encode())) + text.encode() + b"\0"
        return at

    def emit_list(self, children):
        self.align(4)
        at = len(self.bytes)
        self.bytes += struct.pack("<I", len(children)) + bytes(4 * len(children))
        for i, child in enumerate(children):
            self.point(at + 4 + 4 * i, self.emit(child))
        return at

    def emit_table(self, fields):
        """Each field has a slot of eight bytes behind the four of the table itself."""
        count = max(fields, default=-1) + 1
        vtable_size = 4 + 2 * count
        self.align(8, vtable_size + 4)
        table = len(self.bytes) + vtable_size
        self.bytes += struct.pack("<HH", vtable_size, 4 + 8 * count)
        self.bytes += struct.pack(f"<{count}H", *(4 + 8 * i if i in fields else 0
                                                  for i in range(count)))
        self.bytes += struct.pack("<i", vtable_size) + bytes(8 * count)
        for i, value in sorted(fields.items()):
            slot = table + 4 + 8 * i
            if isinstance(value, Scalar):
                self.bytes[slot:slot + len(value.bytes)] = value.bytes
            else:
                self.point(slot, self.emit(value))
        return table


class Subgraph:
    def __init__(self, model):
        self.model = model
        self.tensors, self.operators = [], []
        self.inputs, self.outputs = [], []

    def tensor(self, name, kind, shape, scale=None, zero_point=0, axis=0, data=None, is_variable=False):
        """DATA: numbers, or bytes. SCALE: a number, or one per channel along AXIS."""
        code, element = TYPES[kind]
        table = {0: Vector("i", shape), 1: byte(code), 3: name, 5: byte(is_variable)}
        if scale is not None:
            scales = scale if isinstance(scale, (list, tuple)) else [scale]
            zeros = zero_point if isinstance(zero_point, (list, tuple)) else [zero_point] * len(scales)
            table[4] = {2: Vector("f", scales), 3: Vector("q", zeros), 6: int32(axis)}
        if data is not None:
            if not isinstance(data, bytes):
                data = struct.pack(f"<{len(data)}{element}", *data)
            self.model.buffers.append({0: Vector("B", data)})
            table[2] = Scalar("I", len(self.model.buffers) - 1)
        self.tensors.append(table)
        return len(self.tensors) - 1

    def operator(self, name, inputs, outputs, options=None):
        builtin, options_type = BUILTINS[name]
        codes = self.model.codes
        if builtin not in codes:
            codes.append(builtin)
        table = {0: Scalar("I", codes.index(builtin)), 1: Vector("i", inputs), 2: Vector("i", outputs)}
        if options is not None:
            table[3] = Scalar("B", options_type)
            table[4] = options
        self.operators.append(table)


class Model(Subgraph):
    """The main subgraph; others by subgraph()."""

    def __init__(self):
        super().__init__(self)
        self.codes, self.buffers = [], [{}]
        self.others = []

    def subgraph(self):
        self.others.append(Subgraph(self))
        return self.others[-1]

    def write(self, path, inputs, outputs):
        self.inputs, self.outputs = inputs, outputs
        emitter = Emitter()
        subgraphs = [{0: part.tensors, 1: Vector("i", part.inputs), 2: Vector("i", part.outputs),
                      3: part.operators} for part in [self, *self.others]]
        codes = [{0: byte(min(code, 127)), 3: int32(code)} for code in self.codes]
        root = emitter.emit({0: int32(3), 1: codes, 2: subgraphs, 4: self.buffers})
        struct.pack_into("<I", emitter.bytes, 0, root)
        with open(path, "wb") as file:
            file.write(emitter.bytes)
