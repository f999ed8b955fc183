# SPDX-License-Identifier: GPL-3.0-or-later
"""operator-table.py [--write]: the operator × type table of runtime/README.md is what the source says.

An operator's lowering (the table in model/lower.c, and what those functions use) names the kernels that
can compute it; a kernel's identifier, or else the comment that heads its file, names its types, and that
comment the architecture that it is for. With --write the table is put into the page.
"""
import os
import pathlib
import re
import sys

ROOT = pathlib.Path(os.environ.get("FETTLE_SOURCE", pathlib.Path(__file__).parents[3]))
PAGE = ROOT / "runtime" / "README.md"
BEGIN = "<!-- Made by tests/unit/tree/operator-table.py --write. -->\n"
END = "<!-- The end of the table. -->\n"
COLUMNS = {"float32": "float", "int8": "int8", "int8, int4 weights": "int4", "int16": "int16",
           "int32": "int32", "int64": "int64", "uint8": "uint8", "bool": "bool"}
SUFFIXES = {"F32": "float", "S8": "int8", "S16": "int16", "S32": "int32", "S64": "int64"}
PORTABLE = "C"


def read_kernels():
    """FRT_KERNEL_... : (set of types, heading comment of its file, architecture)."""
    kernels = {}
    folders = [(ROOT / "runtime" / "kernels"), (ROOT / "runtime" / "arch"),
               ROOT / "runtime" / "arch" / "desktop"]
    for path in sorted(path for folder in folders for path in folder.glob("*.c")):
        text = path.read_text()
        comment = re.search(r"/\* " + re.escape(path.name) + r": (.*?)\*/", text, re.S)
        if not comment:
            raise SystemExit(f"{path.name} does not say in its second line what it computes.")
        for name in re.findall(r"\bFRT_KERNEL_\w+", text):
            packed = re.search(r"packed for ([\w-]+)|for (desktop) processors", comment.group(1))
            kernels[name] = (types_of(name, comment.group(1)), comment.group(1),
                             packed.group(1) or packed.group(2) if packed else PORTABLE)
            if not kernels[name][0]:
                raise SystemExit(f"The heading comment of {path.name} names no type.")
    return kernels


def types_of(name, comment):
    parts = name.split("_")
    if parts[-1] == "W4":
        return {"int4"}
    suffixes = {SUFFIXES[part] for part in parts if part in SUFFIXES}
    if suffixes and " from " not in comment:
        return suffixes
    if "any type" in comment:
        return set(COLUMNS.values()) - {"int4", "int64" if "or 4 bytes" in comment else ""}
    return set(re.findall(r"\b(float|u?int\d+|bool)\b", comment)) & set(COLUMNS.values())


def read_definitions():
    """Name of a function, or of a table of constants, in model/: its text."""
    found = {}
    for path in sorted((ROOT / "model").glob("*.c")):
        for match in re.finditer(r"^(?:static const [^\n]*?)?(\w+)(?: \(|(?:\[\w*\])? = \{)"
                                 r".*?^\}", path.read_text(), re.S | re.M):
            found.setdefault(match.group(1), []).append((path, match.group(0)))
    return found


def reachable_kernels(start, opcode, definitions):
    """The kernels that START, a lowering function, or what it uses names for OPCODE."""
    kernels, waiting, seen = set(), [(None, start)], set()
    while waiting:
        user, name = waiting.pop()
        for path, text in definitions.get(name, ()):
            if (path, name) in seen or not (user is None or path == user
                                            or name.startswith("fettle_lower_")):
                continue
            seen.add((path, name))
            for line in text.splitlines():
                place = re.match(r"\s*\[FETTLE_OPCODE_(\w+)\]", line)
                if not place or place.group(1) == opcode:
                    kernels.update(re.findall(r"\bFRT_KERNEL_\w+", line))
                    waiting += [(path, word) for word in re.findall(r"\b[a-z_]\w+", line)]
    return kernels


def serves(kernel, comment, opcode, opcodes):
    """Whether KERNEL, which OPCODE's lowering names, is not for another operator that shares the function."""
    subject = re.sub(r"(_(F32|S8|S16|S32|S64|W4|INTEGER|PACKED))+$", "", kernel.removeprefix("FRT_KERNEL_"))
    others = {other.replace("_", "") for other in opcodes} - {opcode.replace("_", "")}
    return subject.replace("_", "") not in others or re.search(rf"\b{opcode}\b", comment)


def make_table():
    kernels = read_kernels()
    definitions = read_definitions()
    lowering = re.findall(r"\[FETTLE_OPCODE_(\w+)\] = (fettle_lower_\w+)",
                          (ROOT / "model" / "lower.c").read_text())
    opcodes = [opcode for opcode, _ in lowering]
    lines = ["| operator | " + " | ".join(COLUMNS) + " |", "|---" * (len(COLUMNS) + 1) + "|"]
    for opcode, function in sorted(lowering):
        found = {}
        for kernel in reachable_kernels(function, opcode, definitions) & set(kernels):
            types, comment, architecture = kernels[kernel]
            if serves(kernel, comment, opcode, opcodes):
                for type_ in types:
                    found.setdefault(type_, set()).add(architecture)
        if not found:
            raise SystemExit(f"No kernel was found for {opcode}.")
        cells = [", ".join(sorted(found.get(column, ()), key=lambda name: (name != PORTABLE, name)))
                 for column in COLUMNS.values()]
        lines.append("| " + " | ".join([opcode, *cells]) + " |")
    return "\n".join(lines) + "\n"


def main():
    before, begin, rest = PAGE.read_text().partition(BEGIN)
    old, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"{PAGE} has lost the comments around its table.")
    table = make_table()
    if "--write" in sys.argv[1:]:
        PAGE.write_text(before + begin + table + end + after)
    elif old != table:
        raise SystemExit("The table of operators in runtime/README.md is not what the source says: "
                         "run tests/unit/tree/operator-table.py --write.")


main()
