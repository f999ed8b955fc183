#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""kernel.py: boards on USB with a real kernel between them and the desktop.

    fettle-cli - libusb - usbfs - vhci_hcd - usb-relay - virtio - pipes - semihosting - the agent
    \\____________ a virtual PC, Linux of Debian ____________/             \\_ a virtual M4 _/

    kernel.py BUILD SOURCE SCRIPT

SCRIPT runs in the guest, as SCRIPT BUILD SOURCE LINK DOORBELL, and speaks TAP. Skipped where Debian's packages of
kernel and udevd cannot be had.
"""

import os
import re
import signal
import sys
import tempfile

import board
import guest

SECONDS = 500  # of the whole guest, many times what it takes where nothing else runs
FIRMWARE = "tests/usb/fettle-agent-virtual-m4-usb.elf"
LINK, DOORBELL = "/dev/vport1p1", "/dev/vport1p2"


def skip(reason):
    print("1..0 # SKIP %s" % reason)
    sys.exit(0)  # TAP says the rest


def run(build, source, script, log):
    """Whether the guest came to its end."""
    machine = guest.Guest(os.path.join(build, "tests/usb/guest"))
    virtual = board.Board(os.path.join(build, FIRMWARE), SECONDS + 10)
    pc = None
    try:
        command = [os.path.join(source, "tests/usb", script), build, source, LINK, DOORBELL]
        if any("," in part or " " in part for part in command):
            skip("the guest cannot be given paths with spaces or commas.")
        pc = machine.start(command, log, *virtual.arguments, seconds=SECONDS,
                           pass_fds=[virtual.doorbell.fileno()])
        status = pc.wait()
        if virtual.said():
            print("# the board says: " + virtual.said().strip().replace("\n", "\n# "))
        return status == 0
    finally:
        if pc is not None:
            pc.terminate()
            pc.wait()
        virtual.close()
        machine.close()


def main():
    build, source, script = sys.argv[1:]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that both machines are ended
    if not os.path.exists(os.path.join(build, FIRMWARE)):
        skip("the firmware was not built; it needs arm-none-eabi-gcc.")
    with tempfile.TemporaryDirectory() as folder:
        log = os.path.join(folder, "console")
        try:
            ended = run(os.path.abspath(build), os.path.abspath(source), script, log)
        except guest.Unavailable as reason:
            skip("there is no virtual PC: %s" % reason)
        with open(log, encoding="utf-8", errors="replace") as console:
            said = console.read().replace("\r", "")
    for line in said.splitlines():
        print(line if re.match(r"1\.\.|ok |not ok |#", line) else "# " + line)
    if not ended or "GUEST ended with 0" not in said:
        print("Bail out! the guest did not come to its end within %d s" % SECONDS)
        sys.exit(1)


main()
