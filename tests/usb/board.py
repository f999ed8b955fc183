# SPDX-License-Identifier: GPL-3.0-or-later
"""board.py: the firmware in a QEMU of its own, and the ends of its link for another one."""

import os
import socket
import subprocess
import tempfile

READ, WRITE, DOORBELL = 3, 4, 5  # descriptors that the firmware and its machine expect


class Board:
    """FIRMWARE runs until close; ARGUMENTS belong to the command of the QEMU to which it is plugged."""

    def __init__(self, firmware, seconds):
        self.folder = tempfile.TemporaryDirectory(prefix="fettle-usb-")
        path = os.path.join(self.folder.name, "link")
        for name in (path + ".in", path + ".out"):
            os.mkfifo(name)
        # For both directions, so that no side of a pipe waits for the other to open it.
        ends = [os.open(path + ".out", os.O_RDWR), os.open(path + ".in", os.O_RDWR)]
        self.doorbell, bell = socket.socketpair()
        ends.append(bell.fileno())
        self.log = os.path.join(self.folder.name, "board.log")
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                ["timeout", "--kill-after=5", str(seconds), "qemu-system-arm", "-machine",
                 "mps2-an386", "-kernel", firmware, "-icount", "shift=0,align=off,sleep=off",
                 "-semihosting-config", "enable=on,target=native", "-display", "none",
                 "-monitor", "none", "-chardev", "socket,id=doorbell,fd=%d" % DOORBELL,
                 "-serial", "chardev:doorbell"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, close_fds=False,
                preexec_fn=lambda: self._place(ends))
        for end in ends[:2]:
            os.close(end)
        bell.close()
        self.arguments = [
            "-device", "virtio-serial-pci",
            "-chardev", "pipe,id=link,path=" + path,
            "-device", "virtserialport,chardev=link,nr=1",
            "-chardev", "socket,id=doorbell,fd=%d" % self.doorbell.fileno(),
            "-device", "virtserialport,chardev=doorbell,nr=2",
        ]

    @staticmethod
    def _place(ends):
        """In the child: puts the ends where they are expected, clear of each other."""
        high = [os.dup(end) for end in ends]
        while min(high) <= DOORBELL:
            high = [os.dup(end) for end in high]
        for end, place in zip(high, (READ, WRITE, DOORBELL)):
            os.dup2(end, place, inheritable=True)

    def said(self):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return log.read()

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.doorbell.close()
        self.folder.cleanup()
