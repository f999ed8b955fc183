#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""finish.py: makes a linked firmware one that the RP2040 starts.

    finish.py LINKED.elf FINISHED.elf FINISHED.uf2

Writes the checksum of the section .boot2 into its last four bytes (RP2040 Datasheet 2.8.1.3.1), and the flash's
content as UF2, which the boot ROM takes when it is a USB drive.
"""

import struct
import sys

BOOT2_SIZE = 256
PT_LOAD = 1
UF2_BLOCK = 256
UF2_BEGIN, UF2_SECOND, UF2_END = 0x0A324655, 0x9E5D5157, 0x0AB16F30
UF2_FAMILY_PRESENT, RP2040 = 0x2000, 0xE48BFF56
FLASH = range(0x10000000, 0x10200000)


def checksum(data):
    """CRC-32 with the polynomial 04C11DB7, the highest bit first, from FFFFFFFF, not inverted."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1 ^ (0x04C11DB7 if crc >> 31 else 0)) & 0xFFFFFFFF
    return crc


def loaded(elf):
    """(physical address, offset in the file, size) of what is loaded, by address."""
    table, = struct.unpack_from("<I", elf, 28)
    size, count = struct.unpack_from("<HH", elf, 42)
    found = []
    for i in range(count):
        kind, offset, _, address, length = struct.unpack_from("<5I", elf, table + i * size)
        if kind == PT_LOAD and length > 0:
            found.append((address, offset, length))
    return sorted(found)


def seal(elf):
    """The ELF file with its checksum."""
    address, offset, size = loaded(elf)[0]
    if address != FLASH.start or size < BOOT2_SIZE:
        sys.exit("finish.py: nothing lies where the boot ROM reads: see memory.ld")
    if any(elf[offset + BOOT2_SIZE - 4:offset + BOOT2_SIZE]):
        sys.exit("finish.py: boot2 is longer than 252 bytes")
    end = offset + BOOT2_SIZE - 4
    return elf[:end] + struct.pack("<I", checksum(elf[offset:end])) + elf[end + 4:]


def flash_content(elf):
    pieces = [piece for piece in loaded(elf) if piece[0] in FLASH]
    content = bytearray(max(address + size for address, _, size in pieces) - FLASH.start)
    for address, offset, size in pieces:
        start = address - FLASH.start
        content[start:start + size] = elf[offset:offset + size]
    return bytes(content)


def as_uf2(content):
    count = -(-len(content) // UF2_BLOCK)
    blocks = []
    for i in range(count):
        data = content[i * UF2_BLOCK:(i + 1) * UF2_BLOCK]
        blocks.append(struct.pack("<8I", UF2_BEGIN, UF2_SECOND, UF2_FAMILY_PRESENT,
                                  FLASH.start + i * UF2_BLOCK, UF2_BLOCK, i, count, RP2040)
                      + data.ljust(476, b"\0") + struct.pack("<I", UF2_END))
    return b"".join(blocks)


def main():
    with open(sys.argv[1], "rb") as file:
        elf = seal(file.read())
    with open(sys.argv[2], "wb") as file:
        file.write(elf)
    with open(sys.argv[3], "wb") as file:
        file.write(as_uf2(flash_content(elf)))


main()
