#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""firmware.py: what can be known of the boards' firmware without a board: where everything lies.

    firmware.py FINISH.py FIRMWARE.elf...

The boards' facts are written here once more, from their datasheets, not read from the linker scripts.
"""

import os
import re
import struct
import subprocess
import sys
import tempfile
import unittest

FINISH, *FIRMWARE = map(os.path.abspath, sys.argv[1:])
KIB = 1024

STM32L4R5 = (range(0x08000000, 0x08000000 + 2048 * KIB), 0x08000000,
             range(0x20000000, 0x20000000 + 640 * KIB))
# (flash, where in it the vectors are, RAM), bytes
CHIPS = {
    "nucleo-l4r5zi": STM32L4R5,
    "nucleo-l4r5zi-usb-tests": STM32L4R5,
    "nrf52840-dk": (range(0x00000000, 1024 * KIB), 0x00000000,
                    range(0x20000000, 0x20000000 + 256 * KIB)),
    "pico": (range(0x10000000, 0x10000000 + 2048 * KIB), 0x10000100,
             range(0x20000000, 0x20000000 + 256 * KIB)),
}
PT_LOAD, SHT_SYMTAB, SHT_NOBITS, SHF_ALLOC = 1, 2, 8, 2
LEAST_ARENA, LEAST_IMAGE, LEAST_STACK = 80 * KIB, 128 * KIB, 8 * KIB
FLASH_BUDGET = 160 * KIB
# A heap, files, or a way out: nothing of this belongs into an agent.
UNWANTED = re.compile(r"_*(malloc|calloc|realloc|free|sbrk|printf|fprintf|snprintf|write|read|open|exit|abort)"
                      r"(_r)?$")


class Elf:
    def __init__(self, path):
        with open(path, "rb") as file:
            self.data = file.read()
        self.entry, segments, sections = struct.unpack_from("<3I", self.data, 24)
        segment_size, n_segments, section_size, n_sections = struct.unpack_from(
            "<4H", self.data, 42)
        # type, offset, virtual, physical, size in file, size in memory
        self.segments = [struct.unpack_from("<6I", self.data, segments + i * segment_size)
                         for i in range(n_segments)]
        # name, type, flags, address, offset, size, link
        self.sections = [struct.unpack_from("<7I", self.data, sections + i * section_size)
                         for i in range(n_sections)]
        self.symbols = dict(self.read_symbols())

    def text(self, table, at):
        begin = self.sections[table][4] + at
        return self.data[begin:self.data.index(b"\0", begin)].decode()

    def read_symbols(self):
        for _, kind, _, _, offset, size, link in self.sections:
            if kind != SHT_SYMTAB:
                continue
            for at in range(offset + 16, offset + size, 16):
                name, value, _, info, _, section = struct.unpack_from("<IIIBBH", self.data, at)
                yield self.text(link, name), (value, section, info >> 4)

    def word(self, address):
        for kind, offset, _, physical, size, _ in self.segments:
            if kind == PT_LOAD and physical <= address < physical + size:
                return struct.unpack_from("<I", self.data, offset + address - physical)[0]
        raise AssertionError("nothing is loaded at 0x%x" % address)

    def value(self, name):
        return self.symbols[name][0]


def board_of(path):
    return os.path.basename(path).removeprefix("fettle-agent-").removesuffix(".elf")


class Firmware(unittest.TestCase):
    def each(self):
        for path in FIRMWARE:
            board = board_of(path)
            with self.subTest(board=board):
                yield (path, Elf(path), *CHIPS[board])

    def test_every_board_is_here(self):
        self.assertEqual(sorted(map(board_of, FIRMWARE)), sorted(CHIPS))

    def test_vectors(self):
        for _, elf, flash, vectors, ram in self.each():
            stack = elf.word(vectors)
            self.assertEqual(stack, elf.value("stack_top"))
            self.assertEqual(stack % 8, 0)
            self.assertIn(stack - 1, ram)
            self.assertEqual(elf.word(vectors + 4), elf.value("startup_reset") | 1)
            self.assertEqual(elf.entry | 1, elf.word(vectors + 4))
            for number in range(1, 16 + 112):
                handler = elf.word(vectors + 4 * number)
                self.assertEqual(handler & 1, 1, "a handler is Thumb code")
                self.assertIn(handler & ~1, flash)
            self.assertEqual(elf.word(vectors + 4 * 15), elf.value("startup_systick") | 1)
            self.assertEqual(elf.word(vectors + 4 * 16), elf.value("board_interrupt") | 1)

    def test_everything_lies_in_memory(self):
        for _, elf, flash, _, ram in self.each():
            for kind, _, virtual, physical, in_file, in_memory in elf.segments:
                if kind != PT_LOAD:
                    continue
                if in_file > 0:
                    self.assertIn(physical, flash)
                    self.assertIn(physical + in_file - 1, flash)
                if in_memory > 0:
                    place = flash if virtual in flash else ram
                    self.assertIn(virtual, place)
                    self.assertIn(virtual + in_memory - 1, place)

    def test_initial_values_are_copied_from_flash(self):
        for _, elf, flash, _, ram in self.each():
            size = elf.value("data_end") - elf.value("data_start")
            self.assertGreaterEqual(size, 0)
            self.assertEqual(size % 4, 0)
            self.assertIn(elf.value("data_start"), ram)
            self.assertIn(elf.value("data_load") + max(size, 1) - 1, flash)

    def test_memory_of_the_agent(self):
        for _, elf, _, _, ram in self.each():
            blocks = []
            for name, least in (("arena", LEAST_ARENA), ("image", LEAST_IMAGE)):
                begin, end = elf.value(name + "_start"), elf.value(name + "_end")
                self.assertEqual(begin % 16, 0)
                self.assertGreaterEqual(end - begin, least)
                blocks.append((begin, end))
            blocks.append((elf.value("stack_bottom"), elf.value("stack_top")))
            self.assertGreaterEqual(blocks[2][1] - blocks[2][0], LEAST_STACK)
            blocks += [(elf.value(n + "_start"), elf.value(n + "_end")) for n in ("data", "bss")]
            blocks.sort()
            for (_, before), (begin, end) in zip(blocks, blocks[1:]):
                self.assertLessEqual(before, begin)
                self.assertIn(end - 1, ram)

    def test_symbols(self):
        for _, elf, *_ in self.each():
            undefined = [name for name, (_, section, binding) in elf.symbols.items()
                         if section == 0 and binding == 1 and name]
            self.assertEqual(undefined, [])
            self.assertEqual([name for name in elf.symbols if UNWANTED.match(name)], [])

    def test_only_firmware_for_usb_has_usb(self):
        """A name without -usb promises a board that carries no USB identity."""
        for path, elf, *_ in self.each():
            self.assertEqual(any(name.startswith("fta_usb_") for name in elf.symbols),
                             "-usb" in board_of(path))

    def test_size(self):
        for path, elf, *_ in self.each():
            loaded = sum(s[4] for s in elf.segments if s[0] == PT_LOAD)
            data = elf.value("data_end") - elf.value("data_start")
            print("%s: %d bytes of flash, %d of data and %d of zeroes, stack %d, arena %d, image %d"
                  % (board_of(path), loaded, data, elf.value("bss_end") - elf.value("bss_start"),
                     *(elf.value(e) - elf.value(b) for b, e in (
                         ("stack_bottom", "stack_top"), ("arena_start", "arena_end"),
                         ("image_start", "image_end")))))
            self.assertLess(loaded, FLASH_BUDGET)

    def test_instructions_are_the_cores(self):
        """The M0+ has no Thumb-2 divisions, and no floating point."""
        for path, _, *_ in self.each():
            if board_of(path) != "pico":
                continue
            listing = subprocess.check_output(["arm-none-eabi-objdump", "-d", path], text=True)
            self.assertNotRegex(listing, r"\t(udiv|sdiv|vmov|vldr|smlad|it|cbz)\b")


class Pico(unittest.TestCase):
    def setUp(self):
        self.path = [path for path in FIRMWARE if board_of(path) == "pico"][0]
        self.elf = Elf(self.path)
        self.boot2 = b"".join(struct.pack("<I", self.elf.word(0x10000000 + at))
                              for at in range(0, 256, 4))

    def test_checksum(self):
        """Bit by bit, as the datasheet defines it: independent of finish.py."""
        remainder = 0xFFFFFFFF
        for byte in self.boot2[:252]:
            for bit in range(7, -1, -1):
                top = (remainder >> 31) ^ (byte >> bit & 1)
                remainder = (remainder << 1 & 0xFFFFFFFF) ^ (0x04C11DB7 if top else 0)
        self.assertEqual(struct.unpack("<I", self.boot2[252:])[0], remainder)
        self.assertNotEqual(self.boot2[:16], bytes(16))

    def test_uf2(self):
        """Puts the same bytes to the same places."""
        with open(self.path.removesuffix(".elf") + ".uf2", "rb") as file:
            data = file.read()
        self.assertEqual(len(data) % 512, 0)
        for number in range(len(data) // 512):
            block = data[number * 512:number * 512 + 512]
            first, second, flags, address, size, index, count, family = struct.unpack_from(
                "<8I", block)
            self.assertEqual((first, second), (0x0A324655, 0x9E5D5157))
            self.assertEqual((flags, size, index, count, family),
                             (0x2000, 256, number, len(data) // 512, 0xE48BFF56))
            self.assertEqual(struct.unpack_from("<I", block, 508)[0], 0x0AB16F30)
            self.assertEqual(address, 0x10000000 + 256 * number)
            if number < 4:
                self.assertEqual(struct.unpack_from("<I", block, 32)[0], self.elf.word(address))

    def test_too_long_a_boot2_is_refused(self):
        """As a finished file is, whose last four bytes are taken."""
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run([sys.executable, FINISH, self.path,
                                   *(os.path.join(folder, name) for name in ("a.elf", "a.uf2"))],
                                  stderr=subprocess.PIPE, text=True, check=False)
            self.assertEqual(os.listdir(folder), [])
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("longer than 252 bytes", done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
