#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""in-guest.py: what kernel.py runs in the guest.

    in-guest.py BUILD SOURCE LINK DOORBELL

TAP on standard output. LINK and DOORBELL lead to the virtual board.
"""

import glob
import json
import os
import shutil
import subprocess
import sys
import time

BUILD, SOURCE, LINK, DOORBELL = sys.argv[1:]
USB = os.path.join(BUILD, "tests/usb")
CLI = os.path.join(BUILD, "cli/fettle-cli")
SAMPLE = os.path.join(SOURCE, "data/sample/bearing.tflite")
RELAY = [os.path.join(USB, "usb-relay"), LINK, DOORBELL]
DETACH = "/sys/devices/platform/vhci_hcd.0/detach"
BOARD = "usb:virtual-m4"
RUNS = 100
ARRIVAL = 30  # seconds
TRANSFERS = 100


def say(text):
    print("# %s: %s" % (open("/proc/uptime", encoding="ascii").read().split()[0], text), flush=True)


def start_udev():
    """udevd out of its package, with the project's rule for the pair of the tests."""
    unpacked = os.environ["GUEST_UDEV"]
    shutil.copy(os.path.join(unpacked, "bin/udevadm"), "/usr/bin/udevadm")
    for folder in ("/lib/systemd", "/lib/udev/rules.d", "/etc/udev/rules.d"):
        os.makedirs(folder, exist_ok=True)
    if not os.path.exists("/lib/systemd/systemd-udevd"):
        os.symlink("/usr/bin/udevadm", "/lib/systemd/systemd-udevd")
    shutil.copy(os.path.join(unpacked, "lib/udev/rules.d/50-udev-default.rules"), "/lib/udev/rules.d/")
    shutil.copy(os.path.join(USB, "70-fettle.rules"), "/etc/udev/rules.d/")
    subprocess.run(["/lib/systemd/systemd-udevd", "--daemon"], check=True,
                   env=dict(os.environ, SYSTEMD_IGNORE_CHROOT="1"))
    subprocess.run(["udevadm", "settle"], check=True)


def boards():
    return json.loads(subprocess.check_output([CLI, "boards", "--json"]))


def start_relay():
    return subprocess.Popen([*RELAY, "0"])


def plug():
    """Returns when the board may be used."""
    relay = start_relay()
    deadline = time.monotonic() + ARRIVAL
    while not any(board["id"] == BOARD and board["problem"] is None for board in boards()):
        if time.monotonic() > deadline or relay.poll() is not None:
            raise AssertionError("the board did not arrive; there are %s" % boards())
        time.sleep(0.1)
    return relay


def unplug(relay):
    with open(DETACH, "w", encoding="ascii") as file:
        file.write("0")
    relay.wait(ARRIVAL)


# --- tests ---

def test_cli():
    """fettle-cli profile: an upload and 100 profiled runs."""
    relay = plug()
    try:
        start = time.monotonic()
        profile = json.loads(subprocess.check_output(
            [CLI, "profile", SAMPLE, "--board", BOARD, "--runs", str(RUNS), "--json"]))
        say("fettle-cli profile --runs %d: %.1f s" % (RUNS, time.monotonic() - start))
        assert profile["runs"] == RUNS, profile["runs"]
        assert profile["dropped"] == 0, profile["dropped"]
        assert len(profile["layers"]) == 18 and all(layer["median"] > 0 for layer in profile["layers"])
    finally:
        unplug(relay)


def test_permission():
    """A user without the rule sees the board and what to do; the node's mode is the rule's."""
    relay = plug()
    try:
        node = sorted(glob.glob("/dev/bus/usb/001/*"))[-1]
        mode = os.stat(node).st_mode & 0o777
        assert mode == 0o660, oct(mode)
        listed = json.loads(subprocess.check_output(
            ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", CLI, "boards", "--json"]))
        problem = next(board["problem"] for board in listed if board["id"] == BOARD)
        assert problem and "udev" in problem, problem
    finally:
        unplug(relay)


def run_printing(*command):
    """Prints what COMMAND says as comments, as it comes."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as run:
        for line in run.stdout:
            print("#   " + line.rstrip(), flush=True)
    assert run.returncode == 0, "%s ended with %d" % (os.path.basename(command[0]), run.returncode)


def test_sessions():
    """test-kernel: sessions, unplugged at the wrong moments."""
    run_printing(os.path.join(USB, "test-kernel"), *RELAY)


def count_transfers():
    """Of the board since it was plugged in; 0 while it is not."""
    try:
        with open("/sys/bus/usb/devices/1-1/urbnum", encoding="ascii") as file:
            return int(file.read())
    except OSError:
        return 0


def wait_for_runs(app):
    """An upload takes some tens of transfers; more than that are runs, of which each sends its records."""
    start, deadline = count_transfers(), time.monotonic() + 8 * ARRIVAL
    while count_transfers() < start + TRANSFERS:
        assert app.poll() is None, "the workbench ended with %s" % app.poll()
        assert time.monotonic() < deadline, "only %d transfers" % (count_transfers() - start)
        time.sleep(0.1)
    say("the workbench has run the model")


def start_display():
    display = subprocess.Popen(["Xvfb", ":9", "-screen", "0", "1280x800x24"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not os.path.exists("/tmp/.X11-unix/X9"):
        assert display.poll() is None, "Xvfb ended with %s" % display.poll()
        time.sleep(0.1)


def test_workbench():
    """the workbench under Xvfb: runs, loses the board, and goes on with it when it is back."""
    start_display()
    relay = plug()
    with subprocess.Popen([os.path.join(BUILD, "app/fettle"), "--board", BOARD, "--run", SAMPLE],
                          env=dict(os.environ, DISPLAY=":9", GDK_BACKEND="x11", NO_AT_BRIDGE="1",
                                   GSETTINGS_BACKEND="memory", G_DEBUG="fatal-criticals",
                                   DBUS_SESSION_BUS_ADDRESS="disabled:", XDG_DATA_HOME="/tmp/data",
                                   XDG_CACHE_HOME="/tmp/cache", XDG_CONFIG_HOME="/tmp/config")) as app:
        try:
            wait_for_runs(app)
            unplug(relay)
            relay = start_relay()  # and the workbench takes the board at once
            wait_for_runs(app)
        finally:
            app.terminate()
    unplug(relay)


TESTS = (test_cli, test_sessions, test_permission, test_workbench)


def main():
    os.environ.update(FETTLE_USB_ID="1209:0001", HOME="/root", LC_ALL="C.UTF-8")
    os.chdir(SOURCE)
    start_udev()
    print("1..%d" % len(TESTS), flush=True)
    for number, test in enumerate(TESTS, 1):
        say("%s begins" % test.__name__)
        try:
            test()
            print("ok %d %s" % (number, test.__doc__.split(":")[0]), flush=True)
        except (AssertionError, OSError, subprocess.SubprocessError, StopIteration) as fault:
            print("# %s\nnot ok %d %s" % (str(fault).replace("\n", " "), number,
                                          test.__doc__.split(":")[0]), flush=True)


main()
