# SPDX-License-Identifier: GPL-3.0-or-later
"""stack.py: the most stack that each public function of the runtime can take on Cortex-M4.

Frames and calls of the runtime are the compiler's own (-fcallgraph-info=su); those of the C library, which
comes compiled, are read from its machine code. A function pointer is taken to call the worst of the functions
whose address is taken: of the kernel objects, of its own file for frt_image_open, else of any file. The observer's hooks belong to the application and are not counted. Fails where frt_image_run with
every kernel can take LIMIT bytes or more.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

from support import SOURCE, fail, need_board

LIMIT = 1024
RUNTIME = sorted((SOURCE / "runtime").rglob("*.c"))
CORE = ["-mcpu=cortex-m4", "-mthumb", "-mfpu=fpv4-sp-d16", "-mfloat-abi=hard"]
FLAGS = [*CORE, "-std=c11", "-ffunction-sections", "-fdata-sections", "-ffp-contract=off",
         "-fcallgraph-info=su", "-I", str(SOURCE / "runtime")]
INDIRECT = "__indirect_call"
KERNEL_FOLDERS = ("kernels", "arch")
# Of a struct frt_kernel, which ends with the pointers check and run: who calls which.
KERNEL_CALLS = {"frt_validate_operator": 0, "frt_image_run": 1}


def run(*command, **options):
    done = subprocess.run([str(part) for part in command], capture_output=True, timeout=600,
                          check=False, **options)
    if done.returncode != 0:
        fail(" ".join(map(str, command))[:300] + "\n" + done.stderr.decode())
    return done.stdout.decode()


def folder_of(source):
    return pathlib.Path(source).relative_to(SOURCE / "runtime").parts[0]


class CallGraph:
    """Bytes of each function's frame and whom it calls. Static functions are named FILE:NAME."""

    def __init__(self):
        self.frames = {}
        self.calls = {}
        self.kernel_functions = (set(), set())  # check, run
        self.pointed_to = {}  # source file: functions whose address it takes elsewhere
        self.known = {}  # the worst stack of what was asked for already

    def read_compiler(self, path):
        text = path.read_text()
        for title, label in re.findall(r'node: \{ title: "([^"]+)" label: "([^"]+)"', text):
            size = re.search(r"(\d+) bytes \((static|dynamic)", label)
            if size:
                if size.group(2) != "static":
                    fail(f"{title} has a frame of variable size")
                self.frames[title] = int(size.group(1))
        for caller, callee in re.findall(r'sourcename: "([^"]+)" targetname: "([^"]+)"', text):
            self.calls.setdefault(caller, set()).add(callee)

    def read_library_calls(self, object_file, source):
        """Adds what the compiler's graph leaves out: help for 64-bit and double arithmetic."""
        function = None
        for line in run("arm-none-eabi-objdump", "-dr", object_file).splitlines():
            start = re.match(r"[0-9a-f]+ <(.+)>:", line)
            call = re.search(r"R_ARM_THM_(?:CALL|JUMP24)\s+(\S+)", line)
            if start:
                function = next((name for name in (start.group(1), f"{source}:{start.group(1)}")
                                 if name in self.frames), None)
            elif call and function and not call.group(1).startswith((".text", "frt_")):
                if f"{source}:{call.group(1)}" not in self.frames:
                    self.calls.setdefault(function, set()).add(call.group(1))

    def read_machine_code(self, elf):
        """Functions that the compiler did not compile here, or that are assembly as a whole, for which it
        says 0: an upper bound of their frames."""
        function = None
        assembly = {title.rsplit(":", 1)[-1]: title for title, size in self.frames.items() if size == 0}
        for line in run("arm-none-eabi-objdump", "-d", "--no-show-raw-insn", elf).splitlines():
            start = re.match(r"[0-9a-f]+ <(.+)>:", line)
            if start:
                function = assembly.get(start.group(1), start.group(1))
                if self.frames.get(function, 0) > 0:
                    function = None
                else:
                    self.frames.setdefault(function, 0)
            elif function:
                instruction = line.partition("\t")[2]
                self.frames[function] += pushed_bytes(instruction)
                call = re.match(r"bl?(?:\.w|\.n|x)?\s.*<([^+>]+)>", instruction)
                if call and function not in assembly.values() and call.group(1) != function:
                    self.calls.setdefault(function, set()).add(call.group(1))

    def read_addresses(self, object_file, source):
        """Finds the functions whose address is taken: they are relocated, but not in a call."""
        section = ""
        fields_of_kernel = []
        taken = self.pointed_to.setdefault(source, set())
        for line in run("arm-none-eabi-readelf", "-rW", object_file).splitlines():
            start = re.match(r"Relocation section '\.rel(\S+)'", line)
            if start:
                section = start.group(1)
                fields_of_kernel = []
            found = re.search(r"R_ARM_(?:ABS32|THM_MOVW_ABS_NC)\s+\S+\s+(\S+)", line)
            if not found:
                continue
            name = found.group(1).removeprefix(".text.")
            local = f"{source}:{name}"
            name = local if local in self.frames else name
            if section.startswith(".rodata.frt_") and folder_of(source) in KERNEL_FOLDERS:
                self.kernel_functions[len(fields_of_kernel)].add(name)
                fields_of_kernel.append(name)
            elif name in self.frames or not name.startswith((".", "frt_")):
                taken.add(name)

    def resolve_pointers(self):
        opened = str(SOURCE / "runtime" / "open.c")
        others = set().union(*(names for file, names in self.pointed_to.items()
                               if file != opened))
        for caller, callees in self.calls.items():
            if INDIRECT not in callees:
                continue
            callees.remove(INDIRECT)
            if caller in KERNEL_CALLS:
                found = self.kernel_functions[KERNEL_CALLS[caller]]
            else:
                found = self.pointed_to[opened] if caller == "frt_image_open" else others
            if not found:
                fail(f"{caller} calls by a pointer, but nothing is there to be called")
            callees |= found

    def worst(self, function, above=()):
        """(bytes, functions from the outermost inwards)."""
        if function in above:
            fail("recursion: " + " -> ".join([*above, function]))
        if function not in self.frames:
            fail(f"{function}, called by {above[-1]}, has no known frame")
        if function not in self.known:
            deeper = [self.worst(callee, (*above, function))
                      for callee in self.calls.get(function, ())]
            size, path = max(deeper, default=(0, ()))
            self.known[function] = (self.frames[function] + size, (function, *path))
        return self.known[function]


def register_bytes(registers):
    size = 0
    for part in registers.split(","):
        first, _, last = part.strip().partition("-")
        count = int(last[1:]) - int(first[1:]) + 1 if last else 1
        size += count * (8 if first.startswith("d") else 4)
    return size


def pushed_bytes(instruction):
    """By how much INSTRUCTION moves the stack pointer down."""
    push = re.match(r"(?:v?push(?:\.w)?\s+|stmdb(?:\.w)?\s+sp!, )\{([^}]+)\}", instruction)
    moved = (re.match(r"sub(?:w|\.w)?\s+sp, (?:sp, )?#(\d+)", instruction)
             or re.match(r"strd?(?:\.w)?\s.*\[sp, #-(\d+)\]!", instruction))
    if push:
        return register_bytes(push.group(1))
    return int(moved.group(1)) if moved else 0


def analyse(optimization):
    graph = CallGraph()
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        run("arm-none-eabi-gcc", *FLAGS, optimization, "-c", *RUNTIME, cwd=work)
        for source in RUNTIME:
            graph.read_compiler(work / (source.stem + ".ci"))
        for source in RUNTIME:
            graph.read_library_calls(work / (source.stem + ".o"), str(source))
            graph.read_addresses(work / (source.stem + ".o"), str(source))
        elf = work / "all.elf"
        run("arm-none-eabi-gcc", *CORE, "-nostartfiles", "--specs=nosys.specs",
            "-Wl,--no-warn-rwx-segments", "-e", "frt_image_open", *work.glob("*.o"), "-lm", "-o",
            elf)
        graph.read_machine_code(elf)
    graph.resolve_pointers()
    return graph


def main():
    need_board("virtual-m4")
    public = re.findall(r"^  [a-z][\w ]*[ *](frt_\w+) \(",
                        (SOURCE / "runtime" / "frt.h").read_text(), re.M)
    for optimization in ("-Os", "-O2"):
        graph = analyse(optimization)
        for name in public:
            size, path = graph.worst(name)
            print(f"{optimization} {size:5} {name}: "
                  + " > ".join(part.rsplit("/", 1)[-1] for part in path))
        size, _ = graph.worst("frt_image_run")
        if size >= LIMIT:
            fail(f"frt_image_run can take {size} bytes of stack with {optimization}; the bound is "
                 f"{LIMIT}")


main()
