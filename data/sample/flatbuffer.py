# SPDX-License-Identifier: GPL-3.0-or-later
"""flatbuffer.py: writes FlatBuffers, as much of the format as a .tflite file needs.

A table is a Table of {field number: value}; values are scalars made by the functions below,
str, Table, Vector or None. Everything a table refers to is laid out behind it.
"""

import struct


class Scalar:
    def __init__(self, code, value):
        self.size = struct.calcsize("<" + code)
        self.bytes = struct.pack("<" + code, value)


def byte(value):
    return Scalar("b", value)


def ubyte(value):
    return Scalar("B", value)


def int32(value):
    return Scalar("i", value)


def uint32(value):
    return Scalar("I", value)


def float32(value):
    return Scalar("f", value)


class Table:
    def __init__(self, fields):
        self.fields = {k: v for k, v in fields.items() if v is not None}


class Vector:
    """Of tables and strings (LIST), or of packed scalars (BYTES, SIZE bytes each)."""

    def __init__(self, items, size=None, alignment=4):
        self.items = items
        self.size = size
        self.alignment = alignment


def int32_vector(values):
    return Vector(struct.pack("<%di" % len(values), *values), size=4)


class Writer:
    def __init__(self):
        self.bytes = bytearray()

    def align(self, alignment, behind=0):
        """Pads so that BEHIND bytes further on is a multiple of ALIGNMENT."""
        while (len(self.bytes) + behind) % alignment:
            self.bytes.append(0)

    def refer(self, position, target):
        struct.pack_into("<I", self.bytes, position, target - position)

    def place(self, value):
        """Lays VALUE out at the end and returns where it starts."""
        if isinstance(value, Table):
            return self.place_table(value)
        if isinstance(value, str):
            encoded = value.encode()
            return self.place_packed(encoded + b"\0", len(encoded), 4)
        if value.size is not None:
            return self.place_packed(
                value.items, len(value.items) // value.size, value.alignment
            )
        return self.place_references(value.items)

    def place_packed(self, packed, count, alignment):
        self.align(max(alignment, 4), behind=4)
        start = len(self.bytes)
        self.bytes += struct.pack("<I", count) + packed
        return start

    def place_references(self, items):
        self.align(4)
        start = len(self.bytes)
        self.bytes += struct.pack("<I", len(items)) + bytes(4 * len(items))
        for index, item in enumerate(items):
            self.refer(start + 4 + 4 * index, self.place(item))
        return start

    def place_table(self, table):
        # Largest fields first, behind the 4 bytes that point back to the vtable.
        sizes = {k: v.size if isinstance(v, Scalar) else 4 for k, v in table.fields.items()}
        order = sorted(sizes, key=lambda k: (-sizes[k], k))
        offsets, end = {}, 4
        for number in order:
            offsets[number] = end
            end += sizes[number]
        slots = [offsets.get(k, 0) for k in range(max(sizes, default=-1) + 1)]
        vtable = struct.pack("<%dH" % (2 + len(slots)), 4 + 2 * len(slots), end, *slots)
        self.align(4, behind=len(vtable))
        self.bytes += vtable
        start = len(self.bytes)
        self.bytes += struct.pack("<i", len(vtable)) + bytes(end - 4)
        for number in order:
            value = table.fields[number]
            if isinstance(value, Scalar):
                at = start + offsets[number]
                self.bytes[at : at + value.size] = value.bytes
        for number in order:
            value = table.fields[number]
            if not isinstance(value, Scalar):
                self.refer(start + offsets[number], self.place(value))
        return start


def write(root, identifier):
    """The bytes of a file with the table ROOT and the 4 letters IDENTIFIER."""
    writer = Writer()
    writer.bytes += bytes(4) + identifier
    writer.refer(0, writer.place(root))
    writer.align(4)
    return bytes(writer.bytes)
