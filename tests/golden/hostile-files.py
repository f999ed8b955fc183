# SPDX-License-Identifier: GPL-3.0-or-later
"""hostile-files.py: bad files end fettle-cli with exit status 1 and exactly one sentence."""
import pathlib
import struct
import subprocess
import tempfile

from support import CLI, SAMPLE, SHARED, fail

MODEL = SAMPLE / "bearing.tflite"


def refuse(*arguments):
    """Runs fettle-cli, which must refuse with one line on stderr; returns that line."""
    command = [CLI, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    lines = done.stderr.decode().splitlines()
    if done.returncode != 1 or len(lines) != 1 or not lines[0].startswith("fettle-cli: "):
        fail(f"{' '.join(command)}: status {done.returncode}, stderr {lines}")
    return lines[0]


def npy(shape, byte_count):
    header = f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}".encode()
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + bytes(byte_count)


def truncations(work, model):
    """At every 64th byte. The tail of some files is dead weight, so that a cut near the end may go
    unnoticed: such a file must then be read whole, never crash."""
    whole = model.read_bytes()
    cut_file = work / "cut.tflite"
    refused = 0
    for cut in range(0, len(whole), 64):
        cut_file.write_bytes(whole[:cut])
        done = subprocess.run([CLI, "inspect", str(cut_file)], capture_output=True, timeout=60,
                              check=False)
        lines = done.stderr.decode().splitlines()
        if done.returncode not in (0, 1) or len(lines) != done.returncode:
            fail(f"{model.name} cut at {cut}: status {done.returncode}, stderr {lines}")
        refused += done.returncode
    if refused < 0.98 * len(range(0, len(whole), 64)):
        fail(f"{model.name}: only {refused} truncations were noticed")
    return refused


def with_unknown_operator(model):
    """MODEL with the number of its first kind of operator changed to one that no schema has."""
    data = bytearray(model.read_bytes())

    def word(at):
        return struct.unpack_from("<I", data, at)[0]

    def field(table, number):
        vtable = table - struct.unpack_from("<i", data, table)[0]
        return table + struct.unpack_from("<H", data, vtable + 4 + 2 * number)[0]

    codes = field(word(0), 1)  # Model.operator_codes
    first = codes + word(codes) + 4
    struct.pack_into("<i", data, field(first + word(first), 3), 999)  # OperatorCode.builtin_code
    return bytes(data)


def main():
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        n = truncations(work, MODEL)
        print(f"{n} truncated models refused")
        wrong = work / "wrong.npy"
        wrong.write_bytes(npy("(3, 5, 7)", 105))
        output = work / "out.npy"
        sentence = refuse("run", MODEL, "--input", wrong, "--output", output)
        if "3×5×7" not in sentence and "3x5x7" not in sentence and "(3, 5, 7)" not in sentence:
            fail(f"the data's shape is not named: {sentence}")
        old = work / "old.fettle"
        old.write_bytes(b"precious")
        refuse("tune", MODEL, "--calibrate", wrong, "-o", old)
        if old.read_bytes() != b"precious":
            fail("a failed tune damaged the file that was there")
        unknown = work / "unknown.tflite"
        unknown.write_bytes(with_unknown_operator(MODEL))
        sentence = refuse("inspect", unknown)
        if "layer 8 BUILTIN_999, layer 13 BUILTIN_999" not in sentence:  # the sample's ADDs
            fail(f"the unknown operator and its layers are not named: {sentence}")
        refuse("inspect", work / "absent.tflite")
        refuse("run", MODEL, "--input", work / "absent.npy", "--output", output)
        if output.exists():
            fail("a failed run left an output file")


main()
