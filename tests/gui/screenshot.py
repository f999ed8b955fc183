#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""screenshot.py: a picture of the workbench at work, on a display of its own.

    screenshot.py [--dark] [--page layers|arena|quantization|cycles] [--wait TEXT]
                  OUT.png PROGRAM [ARGUMENT...]

Starts Xvfb, a session bus and PROGRAM, waits until the accessibility bus tells of a text that
matches the regular expression TEXT, shows the page, and writes what the window looks like.
"""

import argparse
import os
import re
import subprocess
import sys
import time

APPLICATION = "io.github.fettle.Fettle"
OBJECT = "/io/github/fettle/Fettle"
DEADLINE = 120  # seconds
INSIDE = "FETTLE_SCREENSHOT_INSIDE"


def restart_on_own_display():
    """Becomes the same program under Xvfb and a session bus."""
    environment = dict(os.environ, GSETTINGS_BACKEND="memory", GDK_BACKEND="x11", GTK_A11Y="atspi")
    environment[INSIDE] = "1"
    for name in ("WAYLAND_DISPLAY", "DISPLAY", "XAUTHORITY", "NO_AT_BRIDGE", "GTK_THEME",
                 "DBUS_SESSION_BUS_ADDRESS"):
        environment.pop(name, None)
    os.execvpe("xvfb-run", ["xvfb-run", "-a", "-s", "-screen 0 1400x900x24",
                            "dbus-run-session", "--", sys.executable, *sys.argv], environment)


def parse_arguments():
    parser = argparse.ArgumentParser(description="Takes a picture of the workbench.")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--page")
    parser.add_argument("--wait", default=r"\d instructions")
    parser.add_argument("out")
    parser.add_argument("program", nargs=argparse.REMAINDER)
    return parser.parse_args()


def poll(what, program, function):
    """FUNCTION's first true result; the deadline or PROGRAM's end are errors."""
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        result = function()
        if result:
            return result
        if program.poll() is not None:
            raise SystemExit("the program ended with status %d" % program.returncode)
        time.sleep(0.1)
    raise SystemExit("%s did not show within %d s" % (what, DEADLINE))


def texts(node):
    """All that a screen reader could read below NODE."""
    yield node.get_name() or ""
    yield node.get_description() or ""
    text = node.get_text_iface()
    if text:
        yield text.get_text(0, -1) or ""
    for index in range(node.get_child_count()):
        child = node.get_child_at_index(index)
        if child:
            yield from texts(child)


def find_frame(Atspi, process):
    desktop = Atspi.get_desktop(0)
    for index in range(desktop.get_child_count()):
        application = desktop.get_child_at_index(index)
        if application and application.get_process_id() == process:
            for child in range(application.get_child_count()):
                frame = application.get_child_at_index(child)
                if frame and frame.get_role() == Atspi.Role.FRAME:
                    return frame
    return None


def shows(frame, pattern):
    try:
        return any(re.search(pattern, text) for text in texts(frame))
    except Exception:  # a part of the window went away while it was read
        return False


def actions(Gio, path):
    bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)
    return Gio.DBusActionGroup.get(bus, APPLICATION, path)


def capture(Gdk, Atspi, frame, path):
    area = frame.get_component_iface().get_extents(Atspi.CoordType.SCREEN)
    root = Gdk.get_default_root_window()
    picture = Gdk.pixbuf_get_from_window(root, area.x, area.y, area.width, area.height)
    picture.savev(path, "png", [], [])


def main():
    if INSIDE not in os.environ:
        restart_on_own_display()
    arguments = parse_arguments()
    import gi  # only inside, where there is a display
    gi.require_version("Atspi", "2.0")
    gi.require_version("Gdk", "3.0")
    from gi.repository import Atspi, Gdk, Gio, GLib

    program = subprocess.Popen(arguments.program)
    try:
        frame = poll("the window", program, lambda: find_frame(Atspi, program.pid))
        if arguments.dark:
            actions(Gio, OBJECT).activate_action("dark", None)
        poll("“%s”" % arguments.wait, program, lambda: shows(frame, arguments.wait))
        if arguments.page:
            actions(Gio, OBJECT + "/window/1").activate_action(
                "show-page", GLib.Variant("s", arguments.page))
        time.sleep(1)
        capture(Gdk, Atspi, frame, arguments.out)
    finally:
        program.terminate()
        program.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
