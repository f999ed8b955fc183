#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""movement.py: operators that move elements, on random shapes of all ranks and types, from file to output.

    movement.py FETTLE_CLI
"""
import itertools
import sys
import unittest

from cli_case import CliCase, pack
from tflite_writer import Model, byte, int32

KINDS = ["float32", "int8", "int16", "int32", "int64", "uint8", "bool"]
INTEGERS = ["int32", "int64"]


def product(values):
    result = 1
    for value in values:
        result *= value
    return result


def positions(shape):
    return itertools.product(*map(range, shape))


def place(position, shape):
    at = 0
    for index, extent in zip(position, shape):
        at = at * extent + index
    return at


def form(kind):
    return {"int8": {"scale": 0.5, "zero_point": 3}, "int16": {"scale": 0.5}}.get(kind, {})


class Movement(CliCase):
    def shape(self, rank, most=3):
        return [self.random.randint(1, most) for _ in range(rank)]

    def maybe_negative(self, axis, rank):
        return axis - rank if self.random.random() < 0.5 else axis

    def check(self, name, kind, shape, output, source, options=None, before=(), behind=(), empty=None):
        """BEFORE and BEHIND the data: (type, shape, values) of constants. SOURCE: the position in the input
        of a position of the output; None where the value is EMPTY."""
        model = Model()
        x = model.tensor("x", kind, shape, **form(kind))
        y = model.tensor("y", kind, output, **form(kind))
        lists = [[model.tensor(f"{name}{i}", of, size, data=data, **(form(kind) if of == kind else {}))
                  for i, (of, size, data) in enumerate(part)] for part in (before, behind)]
        model.operator(name, lists[0] + [x] + lists[1], [y], options)
        values = self.values(kind, product(shape))
        expected = [empty if source(at) is None else values[place(source(at), shape)]
                    for at in positions(output)]
        got = self.run_model(model, [x], [pack(kind, values)], [y])
        self.assertEqual(got, pack(kind, expected), (name, kind, shape, output, before, behind, options))

    def test_pad(self):
        for kind, rank in itertools.product(KINDS, range(1, 7)):
            if kind == "int64":
                continue
            shape = self.shape(rank)
            pads = [[self.random.randint(0, 2), self.random.randint(0, 2)] for _ in shape]
            output = [a + extent + b for (a, b), extent in zip(pads, shape)]

            def source(at):
                inner = [i - a for i, (a, _) in zip(at, pads)]
                return inner if all(0 <= i < extent for i, extent in zip(inner, shape)) else None
            paddings = (self.random.choice(INTEGERS), [rank, 2], sum(pads, []))
            self.check("PAD", kind, shape, output, source, behind=[paddings],
                       empty=form(kind).get("zero_point", 0))
            fill = self.values(kind, 1)
            self.check("PADV2", kind, shape, output, source, empty=fill[0],
                       behind=[paddings, (kind, self.random.choice([[], [1]]), fill)])

    def test_mirror_pad(self):
        for kind, rank in itertools.product(KINDS, range(1, 7)):
            mode = self.random.randint(0, 1)
            shape = [self.random.randint(2, 3) for _ in range(rank)]
            pads = [[self.random.randint(0, extent - 1 + mode) for _ in "ab"] for extent in shape]
            pads = [[min(a, 2), min(b, 2)] for a, b in pads]

            def source(at):
                inner = []
                for i, (before, _), extent in zip(at, pads, shape):
                    i -= before
                    i = -i - mode if i < 0 else i
                    inner.append(2 * extent - 2 + mode - i if i >= extent else i)
                return inner
            self.check("MIRROR_PAD", kind, shape, [a + n + b for (a, b), n in zip(pads, shape)], source,
                       {0: byte(mode)}, behind=[(self.random.choice(INTEGERS), [rank, 2], sum(pads, []))])

    def test_transpose(self):
        for kind, rank in itertools.product(KINDS, range(1, 7)):
            shape, order = self.shape(rank), self.random.sample(range(rank), rank)
            self.check("TRANSPOSE", kind, shape, [shape[axis] for axis in order],
                       lambda at: [at[order.index(axis)] for axis in range(rank)],
                       behind=[("int32", [rank], [self.maybe_negative(axis, rank) for axis in order])])

    def test_slice(self):
        for kind, rank in itertools.product(KINDS, range(1, 7)):
            shape, of = self.shape(rank, 4), self.random.choice(INTEGERS)
            begin = [self.random.randrange(extent) for extent in shape]
            size = [self.random.randint(1, extent - first) for extent, first in zip(shape, begin)]
            given = [-1 if first + n == extent and self.random.random() < 0.5 else n
                     for first, n, extent in zip(begin, size, shape)]
            self.check("SLICE", kind, shape, size, lambda at: [i + first for i, first in zip(at, begin)],
                       behind=[(of, [rank], begin), (of, [rank], given)])

    def strided_axis(self, extent):
        """(begin, end, stride, masks of begin, end and shrinking, the elements taken)"""
        while True:
            begin, end = (self.random.randint(-extent - 1, extent + 1) for _ in "ab")
            stride = self.random.choice([1, 2, 3, -1, -2])
            open_begin, open_end, shrinks = (self.random.random() < 0.25 for _ in "abc")
            if shrinks:
                begin = self.random.randint(-extent, extent - 1)
                return begin, begin + 1, 1, False, False, True, [begin % extent]
            taken = list(range(extent))[None if open_begin else begin:None if open_end else end:stride]
            if taken:
                return begin, end, stride, open_begin, open_end, False, taken

    def test_strided_slice(self):
        for _ in range(60):
            kind, rank = self.random.choice(KINDS), self.random.randint(1, 6)
            shape, of = self.shape(rank, 5), self.random.choice(INTEGERS)
            axes = [self.strided_axis(extent) for extent in shape]
            masks = [sum(axis[field] << k for k, axis in enumerate(axes)) for field in (3, 4, 5)]
            kept = [k for k, axis in enumerate(axes) if not axis[5]]
            self.check("STRIDED_SLICE", kind, shape, [len(axes[k][6]) for k in kept],
                       lambda at: [axis[6][at[kept.index(k)] if k in kept else 0]
                                   for k, axis in enumerate(axes)],
                       {0: int32(masks[0]), 1: int32(masks[1]), 4: int32(masks[2])},
                       behind=[(of, [rank], [axis[field] for axis in axes]) for field in (0, 1, 2)])

    def join(self, name, kind, shapes, output, axis, options, pick):
        model = Model()
        inputs = [model.tensor(f"x{i}", kind, shape, **form(kind)) for i, shape in enumerate(shapes)]
        y = model.tensor("y", kind, output, **form(kind))
        model.operator(name, inputs, [y], options)
        values = [self.values(kind, product(shape)) for shape in shapes]
        expected = []
        for at in positions(output):
            which, inner = pick(list(at))
            expected.append(values[which][place(inner, shapes[which])])
        got = self.run_model(model, inputs, [pack(kind, part) for part in values], [y])
        self.assertEqual(got, pack(kind, expected), (name, kind, shapes, axis))

    def test_concatenation(self):
        for kind, rank in itertools.product(KINDS, range(1, 7)):
            axis, base = self.random.randrange(rank), self.shape(rank)
            shapes = [base[:axis] + [self.random.randint(1, 3)] + base[axis + 1:]
                      for _ in range(self.random.randint(1, 5))]
            extents = [shape[axis] for shape in shapes]

            def pick(at):
                which = 0
                while at[axis] >= extents[which]:
                    at[axis] -= extents[which]
                    which += 1
                return which, at
            self.join("CONCATENATION", kind, shapes, base[:axis] + [sum(extents)] + base[axis + 1:], axis,
                      {0: int32(self.maybe_negative(axis, rank))}, pick)

    def test_pack(self):
        for kind, rank in itertools.product(KINDS, range(0, 6)):
            axis, n, shape = self.random.randint(0, rank), self.random.randint(1, 4), self.shape(rank)
            self.join("PACK", kind, [shape] * n, shape[:axis] + [n] + shape[axis:], axis,
                      {0: int32(n), 1: int32(self.maybe_negative(axis, rank + 1))},
                      lambda at: (at[axis], at[:axis] + at[axis + 1:]))

    def divide(self, name, kind, shape, sizes, axis, operands, options):
        """Into parts of SIZES along AXIS, which UNPACK drops. OPERANDS (model, x): all inputs."""
        model = Model()
        x = model.tensor("x", kind, shape, **form(kind))
        values, outputs, expected, first = self.values(kind, product(shape)), [], b"", 0
        for k, size in enumerate(sizes):
            part = shape[:axis] + [size] + shape[axis + 1:]
            expected += pack(kind, [values[place([i + (first if d == axis else 0) for d, i in enumerate(at)],
                                                 shape)] for at in positions(part)])
            first += size
            if name == "UNPACK":
                del part[axis]
            outputs.append(model.tensor(f"y{k}", kind, part, **form(kind)))
        model.operator(name, operands(model, x), outputs, options)
        got = self.run_model(model, [x], [pack(kind, values)], outputs)
        self.assertEqual(got, expected, (name, kind, shape, sizes, axis))

    def test_split(self):
        for kind, rank in itertools.product(KINDS, range(1, 7)):
            axis, n = self.random.randrange(rank), self.random.randint(1, 4)
            given = self.maybe_negative(axis, rank)
            shape, sizes = self.shape(rank), [self.random.randint(1, 3) for _ in range(n)]

            def axis_of(model):
                return model.tensor("axis", "int32", self.random.choice([[], [1]]), data=[given])
            shape[axis] = n * sizes[0]
            self.divide("SPLIT", kind, shape, sizes[:1] * n, axis, lambda m, x: [axis_of(m), x],
                        {0: int32(n)})
            shape[axis] = n
            self.divide("UNPACK", kind, shape, [1] * n, axis, lambda m, x: [x],
                        {0: int32(n), 1: int32(given)})
            shape[axis] = sum(sizes)
            open_sizes = [-1 if k == 0 else size for k, size in enumerate(sizes)]
            self.divide("SPLIT_V", kind, shape, sizes, axis, lambda m, x: [
                x, m.tensor("sizes", self.random.choice(INTEGERS), [n], data=open_sizes), axis_of(m)],
                {0: int32(n)})

    def test_gather(self):
        for kind in KINDS:
            for _ in range(6):
                rank = self.random.randint(1, 4)
                batches = self.random.randint(0, min(2, rank - 1))
                axis = self.random.randint(batches, rank - 1)
                shape, of = self.shape(rank), self.random.choice(INTEGERS)
                chosen = shape[:batches] + self.shape(self.random.randint(0, 2))
                output = shape[:axis] + chosen[batches:] + shape[axis + 1:]
                width = len(chosen) - batches
                indices = [self.random.randrange(shape[axis]) for _ in range(product(chosen))]
                self.check("GATHER", kind, shape, output,
                           lambda at: list(at[:axis])
                           + [indices[place(list(at[:batches]) + list(at[axis:axis + width]), chosen)]]
                           + list(at[axis + width:]),
                           {0: int32(self.maybe_negative(axis, rank)), 1: int32(batches)},
                           behind=[(of, chosen, indices)])

    def test_blocks_of_depth(self):
        for kind, size in itertools.product(KINDS, (1, 2, 3)):
            n, height, width, depth = self.shape(4)
            wide, deep = [n, height * size, width * size, depth], [n, height, width, depth * size * size]
            self.check("SPACE_TO_DEPTH", kind, wide, deep,
                       lambda at: [at[0], at[1] * size + at[3] // depth // size,
                                   at[2] * size + at[3] // depth % size, at[3] % depth], {0: int32(size)})
            self.check("DEPTH_TO_SPACE", kind, deep, wide,
                       lambda at: [at[0], at[1] // size, at[2] // size,
                                   (at[1] % size * size + at[2] % size) * depth + at[3]], {0: int32(size)})

    def test_blocks_of_batches(self):
        """With paddings and crops, of pictures and of sequences."""
        for kind, rank in itertools.product(KINDS, (3, 4)):
            if kind == "int64":
                continue
            space, (n, depth) = rank - 2, self.shape(2)
            size = [self.random.randint(1, 3) for _ in range(space)]
            blocks = self.shape(space)
            edges = [[self.random.randint(0, 1), self.random.randint(0, 1)] for _ in range(space)]
            inner = [count * of - sum(edge) for count, of, edge in zip(blocks, size, edges)]
            if min(inner) < 1:
                edges, inner = [[0, 0]] * space, [count * of for count, of in zip(blocks, size)]
            wide, grouped = [n, *inner, depth], [n * product(size), *blocks, depth]
            operands = [("int32", [space], size), ("int32", [space, 2], sum(edges, []))]

            def to_wide(at):
                corner, cells = at[0] // n, []
                for axis in reversed(range(space)):
                    cells.insert(0, at[1 + axis] * size[axis] + corner % size[axis] - edges[axis][0])
                    corner //= size[axis]
                inside = all(0 <= cell < extent for cell, extent in zip(cells, inner))
                return [at[0] % n, *cells, at[-1]] if inside else None

            def to_grouped(at):
                corner, cells = 0, []
                for axis in range(space):
                    cell = at[1 + axis] + edges[axis][0]
                    corner = corner * size[axis] + cell % size[axis]
                    cells.append(cell // size[axis])
                return [corner * n + at[0], *cells, at[-1]]
            self.check("SPACE_TO_BATCH_ND", kind, wide, grouped, to_wide, behind=operands,
                       empty=form(kind).get("zero_point", 0))
            self.check("BATCH_TO_SPACE_ND", kind, grouped, wide, to_grouped, behind=operands)

    def test_repetition(self):
        for kind, rank in itertools.product(KINDS, range(0, 7)):
            shape = self.shape(rank)
            times = [self.random.randint(1, 3) for _ in shape]
            if rank > 0:
                self.check("TILE", kind, shape, [a * b for a, b in zip(shape, times)],
                           lambda at: [i % extent for i, extent in zip(at, shape)],
                           behind=[(self.random.choice(INTEGERS), [rank], times)])
            output = self.shape(self.random.randint(0, 6 - rank)) \
                + [self.random.randint(1, 3) if extent == 1 else extent for extent in shape]
            self.check("BROADCAST_TO", kind, shape, output,
                       lambda at: [0 if extent == 1 else i for i, extent
                                   in zip(at[len(at) - rank:], shape)],
                       behind=[(self.random.choice(INTEGERS), [len(output)], output)])
            self.check("FILL", kind, [], shape, lambda at: [], before=[("int32", [rank], shape)])

    def test_reverse(self):
        for kind, rank in itertools.product(KINDS, range(1, 7)):
            shape = self.shape(rank)
            axes = self.random.sample(range(rank), self.random.randint(1, rank))
            self.check("REVERSE_V2", kind, shape, shape,
                       lambda at: [extent - 1 - i if k in axes else i
                                   for k, (i, extent) in enumerate(zip(at, shape))],
                       behind=[("int32", [len(axes)], [self.maybe_negative(axis, rank) for axis in axes])])

    def select(self, name, kind, shapes, output, sources):
        model = Model()
        kinds = ["bool", kind, kind]
        inputs = [model.tensor(f"x{i}", of, shape, **form(of))
                  for i, (of, shape) in enumerate(zip(kinds, shapes))]
        y = model.tensor("y", kind, output, **form(kind))
        model.operator(name, inputs, [y])
        values = [self.values(of, product(shape)) for of, shape in zip(kinds, shapes)]
        expected = []
        for at in positions(output):
            chosen = 1 if values[0][place(sources[0](at), shapes[0])] else 2
            expected.append(values[chosen][place(sources[chosen](at), shapes[chosen])])
        got = self.run_model(model, inputs, [pack(of, part) for of, part in zip(kinds, values)], [y])
        self.assertEqual(got, pack(kind, expected), (name, kind, shapes))

    def test_select(self):
        for kind, rank in itertools.product(KINDS, range(0, 7)):
            output = self.shape(rank)
            shapes = [[1 if self.random.random() < 0.4 else extent for extent in output]
                      [self.random.choice([0, 0, self.random.randint(0, rank)]):] for _ in "abc"]
            shapes[self.random.randrange(3)] = output

            def broadcast(shape):
                return lambda at: [0 if extent == 1 else i for i, extent in
                                   zip(at[len(at) - len(shape):], shape)]
            self.select("SELECT_V2", kind, shapes, output, [broadcast(shape) for shape in shapes])
            self.select("SELECT", kind, [output] * 3, output, [lambda at: at] * 3)
            if rank > 1:
                self.select("SELECT", kind, [output[:1], output, output], output,
                            [lambda at: at[:1], lambda at: at, lambda at: at])

    def test_reshape(self):
        for kind in KINDS:
            for _ in range(4):
                shape = self.shape(self.random.randint(1, 5))
                n = product(shape)
                axis = self.random.randint(0, len(shape))
                longer = shape[:axis] + [1] + shape[axis:]
                self.check("RESHAPE", kind, shape, [1, n], lambda at: self.unfold(at[1], shape),
                           behind=[("int32", [2], [1, -1])])
                self.check("EXPAND_DIMS", kind, shape, longer, lambda at: at[:axis] + at[axis + 1:],
                           behind=[(self.random.choice(INTEGERS), self.random.choice([[], [1]]),
                                    [self.maybe_negative(axis, len(longer))])])
                self.check("SQUEEZE", kind, longer, shape, lambda at: at[:axis] + (0,) + at[axis:], {})

    @staticmethod
    def unfold(at, shape):
        position = []
        for extent in reversed(shape):
            position.insert(0, at % extent)
            at //= extent
        return position

    def test_shape_of_a_batch(self):
        """What converters make of a flattening layer when the batch is open."""
        model = Model()
        x, y = model.tensor("x", "int8", [1, 2, 3], scale=1), model.tensor("y", "int8", [1, 6], scale=1)
        shape, size = model.tensor("shape", "int32", [3]), model.tensor("size", "int32", [])
        zero, one = (model.tensor(f"{i}", "int32", [1], data=[i]) for i in (0, 1))
        six = model.tensor("six", "int32", [], data=[6])
        new = model.tensor("new", "int32", [2])
        model.operator("SHAPE", [x], [shape], {0: byte(2)})
        model.operator("STRIDED_SLICE", [shape, zero, one, one], [size], {4: int32(1)})
        model.operator("PACK", [size, six], [new], {0: int32(2), 1: int32(0)})
        model.operator("RESHAPE", [x, new], [y])
        self.assertEqual(self.run_model(model, [x], [bytes(range(6))], [y]), bytes(range(6)))
        self.assertEqual(self.run_model(model, [x], [bytes(6)], [new]), pack("int32", [1, 6]))

    def test_constants(self):
        model = Model()
        x, y = model.tensor("x", "float32", [2, 3]), model.tensor("y", "float32", [2, 3])
        zeros, scalar = model.tensor("zeros", "float32", [2, 3]), model.tensor("scalar", "float32", [])
        sum_, none = model.tensor("sum", "float32", [1, 1]), model.tensor("none", "int32", [0])
        both = model.tensor("both", "int32", [2], data=[0, 1])
        model.operator("ZEROS_LIKE", [x], [zeros])
        model.operator("MAXIMUM", [x, zeros], [y])
        model.operator("SUM", [y, both], [sum_], {0: byte(1)})
        model.operator("RESHAPE", [sum_, none], [scalar])
        got = self.run_model(model, [x], [pack("float32", [1, -2, 3, -4, 5, -6])], [scalar])
        self.assertEqual(got, pack("float32", [9]))

    def test_empty(self):
        model = Model()
        x, y = model.tensor("x", "int8", [1, 0], scale=1), model.tensor("y", "int8", [1, 0], scale=1)
        model.operator("ABS", [x], [y])
        self.assert_refused(model, [x], [y], "“x” is 0; tensors without elements are not supported.")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
