# SPDX-License-Identifier: GPL-3.0-or-later
"""guest.py: a virtual PC with Debian's kernel, whose files are this machine's.

The kernel and udevd come out of their packages, which are downloaded to a private folder and not installed. The
guest's root is this machine's, read-only over 9p, with memory on top of it; what it does to its devices and files
stays in it. Everything is emulated, so there is no need for KVM, and nothing but QEMU runs as a process here.
"""

import glob
import gzip
import os
import re
import shutil
import stat
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
MODULES = ("vhci-hcd", "virtio_pci", "virtio_console", "9p", "9pnet_virtio", "overlay")
APPLETS = ("sh", "mount", "insmod", "mkdir", "cat", "echo", "poweroff", "chroot", "ip")
PROGRAMS = ("qemu-system-x86_64", "apt-get", "apt-cache", "dpkg", "depmod", "modprobe", "busybox")
SEARCH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"  # depmod is root's


class Unavailable(Exception):
    """There can be no guest on this machine; the text says why."""


def _run(*command, **options):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False,
                          env=dict(os.environ, PATH=SEARCH, LC_ALL="C"), **options)
    if done.returncode:
        raise Unavailable("%s: %s" % (" ".join(command[:3]),
                                      (done.stdout.strip().splitlines() or ["failed"])[-1]))
    return done.stdout


# --- packages ---

def _download(package, folder):
    """The path of PACKAGE's file in FOLDER, from this machine's Debian sources."""
    pattern = os.path.join(folder, package + "_*.deb")
    if not glob.glob(pattern):
        _run("apt-get", "download", package, cwd=folder, timeout=300)
    return sorted(glob.glob(pattern))[-1]


def _unpack(package, folder):
    """PACKAGE's files as a tree below FOLDER; returns the tree."""
    tree = os.path.join(folder, package)
    if not os.path.exists(tree):
        _run("dpkg", "-x", _download(package, folder), tree + ".new")
        os.rename(tree + ".new", tree)
    return tree


def _kernel_package():
    found = re.search(r"Depends: (linux-image-\S+)", _run("apt-cache", "depends", "linux-image-amd64"))
    if not found:
        raise Unavailable("apt-cache knows no linux-image-amd64; has apt-get update been run?")
    return found.group(1)


# --- the initial file system ---

class _Archive:
    """An archive in the format newc of cpio, which the kernel unpacks."""

    def __init__(self):
        self.parts, self.number = [], 0

    def add(self, name, mode, data=b""):
        self.number += 1
        fields = (self.number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0)
        head = b"070701" + b"".join(b"%08X" % field for field in fields)
        for part in (head + name.encode() + b"\0", data):
            self.parts.append(part + b"\0" * (-len(part) % 4))

    def folder(self, name):
        self.add(name, stat.S_IFDIR | 0o755)

    def bytes(self):
        self.add("TRAILER!!!", 0)
        return b"".join(self.parts)


def _read(path):
    with open(path, "rb") as file:
        return file.read()


def _module_files(tree):
    """The modules' files in the order in which they are loaded."""
    version = os.listdir(os.path.join(tree, "lib/modules"))[0]
    if not os.path.exists(os.path.join(tree, "lib/modules", version, "modules.dep")):
        _run("depmod", "-b", tree, version)
    files = []
    for module in MODULES:
        lines = _run("modprobe", "-S", version, "-d", tree, "--show-depends", module).splitlines()
        files += [line.split()[1] for line in lines if line.startswith("insmod ")]
    return list(dict.fromkeys(files))


def _initial_files(kernel):
    archive = _Archive()
    for name in ("bin", "dev", "proc", "sys", "lower", "memory", "root", "modules"):
        archive.folder(name)
    archive.add("bin/busybox", stat.S_IFREG | 0o755, _read(shutil.which("busybox")))
    for applet in APPLETS:
        archive.add("bin/" + applet, stat.S_IFLNK | 0o777, b"busybox")
    for number, path in enumerate(_module_files(kernel)):
        archive.add("modules/%02d-%s" % (number, os.path.basename(path)), stat.S_IFREG | 0o644,
                    _read(path))
    archive.add("init", stat.S_IFREG | 0o755, _read(os.path.join(HERE, "guest-init.sh")))
    return gzip.compress(archive.bytes(), 1)


# --- running it ---

class Guest:
    """FOLDER keeps the packages from one run to the next."""

    def __init__(self, folder):
        missing = [name for name in PROGRAMS if not shutil.which(name, path=SEARCH)]
        if missing:
            raise Unavailable("%s is not installed." % ", ".join(missing))
        os.makedirs(folder, exist_ok=True)
        kernel = _unpack(_kernel_package(), folder)
        self.udev = _unpack("udev", folder)
        self.kernel = glob.glob(os.path.join(kernel, "boot/vmlinuz-*"))[0]
        self.initial = os.path.join(folder, "initial.%d.gz" % os.getpid())
        with open(self.initial, "wb") as file:
            file.write(_initial_files(kernel))

    def close(self):
        os.unlink(self.initial)

    def start(self, command, log, *arguments, seconds, megabytes=1024, **options):
        """Boots; COMMAND, a list without spaces in it, is run there as root. Returns the process of QEMU.
        Its console goes to the file LOG."""
        line = "console=ttyS0 quiet panic=-1 udev=%s command=%s" % (self.udev, ",".join(command))
        return subprocess.Popen(
            ["timeout", "--kill-after=5", str(seconds), "qemu-system-x86_64", "-machine", "q35",
             "-accel", "tcg", "-cpu", "max", "-smp", "1", "-m", str(megabytes), "-nodefaults",
             "-display", "none", "-no-reboot", "-serial", "file:" + log, "-kernel", self.kernel,
             "-initrd", self.initial, "-append", line,
             "-fsdev", "local,id=host,path=/,security_model=none,readonly=on,multidevs=remap",
             "-device", "virtio-9p-pci,fsdev=host,mount_tag=host", *arguments],
            stdin=subprocess.DEVNULL, **options)
