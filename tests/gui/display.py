# SPDX-License-Identifier: GPL-3.0-or-later
"""display.py: starts a script again inside a display and a message bus of its own."""

import os
import shutil
import subprocess
import sys
import tempfile
import time

SKIPPED = 77
NO_DISPLAY = 76
ATTEMPTS = 5
INSIDE = "FETTLE_TEST_INSIDE"


def skip(reason):
    print("skipped:", reason)
    sys.exit(SKIPPED)


def enter_display():
    """Starts the calling script again inside a display and a message bus of its own."""
    for program in ("xvfb-run", "dbus-run-session"):
        if shutil.which(program) is None:
            skip(program + " is not installed")
    with tempfile.TemporaryDirectory(prefix="fettle-gui-") as home:
        environment = dict(os.environ, GDK_BACKEND="x11", GTK_THEME="Adwaita", LC_ALL="C.UTF-8",
                           GSETTINGS_BACKEND="memory", G_DEBUG="fatal-warnings",
                           XDG_DATA_HOME=home, XDG_CONFIG_HOME=home, XDG_CACHE_HOME=home)
        environment[INSIDE] = home
        for name in ("NO_AT_BRIDGE", "AT_SPI_BUS_ADDRESS"):
            environment.pop(name, None)
        command = ["xvfb-run", "-a", "-s", "-screen 0 1280x800x24 -dpi 96", "dbus-run-session",
                   "--", sys.executable, *sys.argv]
        status = NO_DISPLAY
        for _ in range(ATTEMPTS):
            if status == NO_DISPLAY:
                status = subprocess.run(command, env=environment, check=False).returncode
        sys.exit(status)


def wait_for_display():
    """Two xvfb-run started at once may take the same number; then one of them has no server."""
    import gi
    gi.require_version("Gdk", "3.0")
    from gi.repository import Gdk
    end = time.monotonic() + 10
    while Gdk.Display.open(os.environ["DISPLAY"]) is None:
        if time.monotonic() > end:
            print("no display; trying another one")
            sys.exit(NO_DISPLAY)
        time.sleep(0.05)
