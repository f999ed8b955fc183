#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""screenshot.py: a picture of the workbench at work, on a display of its own.

    screenshot.py [--dark | --theme NAME] [--page NAME] [--size WIDTHxHEIGHT] [--scale N] [--wait TEXT]
                  [--then TEXT] OUT.png PROGRAM [ARGUMENT...]

Starts Xvfb, a session bus and PROGRAM, waits until the accessibility bus tells of a text that
matches the regular expression TEXT, shows the page (its name in app/window.ui), waits for the second TEXT,
and writes what the window looks like. Sizes are in logical pixels.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
import warnings

APPLICATION = "io.github.fettle.Fettle"
OBJECT = "/io/github/fettle/Fettle"
DEADLINE = 120  # seconds
INSIDE = "FETTLE_SCREENSHOT_INSIDE"


def run_on_own_display():
    """Runs this script again, under Xvfb and a session bus; what those say matters if it fails."""
    environment = dict(os.environ, GSETTINGS_BACKEND="memory", GDK_BACKEND="x11")
    environment[INSIDE] = "1"
    arguments = parse_arguments()
    screen = [max(side, least) * arguments.scale for side, least in zip(arguments.size or (0, 0), (1400, 900))]
    for name in ("WAYLAND_DISPLAY", "DISPLAY", "XAUTHORITY", "NO_AT_BRIDGE", "GTK_THEME",
                 "DBUS_SESSION_BUS_ADDRESS"):
        environment.pop(name, None)
    environment["GDK_SCALE"] = str(arguments.scale)
    with tempfile.TemporaryDirectory(prefix="fettle-screenshot-") as home:
        return run_in(home, environment, arguments, screen)


def run_in(home, environment, arguments, screen):
    """HOME is where nobody has left settings or unsaved work."""
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        environment[name] = home
    if arguments.theme:
        os.mkdir(os.path.join(home, "gtk-3.0"))
        with open(os.path.join(home, "gtk-3.0", "settings.ini"), "w", encoding="ascii") as file:
            file.write("[Settings]\ngtk-theme-name=%s\n" % arguments.theme)
    done = subprocess.run(["xvfb-run", "-a", "-s", "-screen 0 %dx%dx24" % tuple(screen),
                           "dbus-run-session", "--", sys.executable, *sys.argv],
                          env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        print(done.stdout, file=sys.stderr)
    return done.returncode


def parse_arguments():
    parser = argparse.ArgumentParser(description="Takes a picture of the workbench.")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--theme", help="of GTK, such as HighContrast")
    parser.add_argument("--page")
    parser.add_argument("--size", type=lambda text: [int(side) for side in text.split("x")])
    parser.add_argument("--scale", type=int, default=1)
    parser.add_argument("--wait", default=r"\d instructions")
    parser.add_argument("--then", metavar="TEXT")
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


def activate(path, action, *parameters):
    """Activates an action that the application or its window offers on the session bus."""
    from gi.repository import Gio, GLib
    bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)
    arguments = GLib.Variant("(sava{sv})", (action, parameters, {}))
    bus.call_sync(APPLICATION, path, "org.gtk.Actions", "Activate", arguments, None,
                  Gio.DBusCallFlags.NONE, 10_000, None)


def move_pointer_away(Gdk):
    """So that no tooltip is in the picture."""
    display = Gdk.Display.get_default()
    screen = display.get_default_screen()
    display.get_default_seat().get_pointer().warp(screen, screen.get_width() - 1,
                                                  screen.get_height() - 1)
    display.sync()


def resize(Gdk, process, size, scale):
    """Without a window manager, the window takes any size that another program gives it."""
    from gi.repository import GdkX11
    found = subprocess.run(["xdotool", "search", "--onlyvisible", "--pid", str(process)],
                           capture_output=True, text=True, check=True).stdout.split()
    window = GdkX11.X11Window.foreign_new_for_display(Gdk.Display.get_default(), int(found[-1]))
    window.move_resize(0, 0, size[0], size[1])
    Gdk.Display.get_default().sync()


def capture(Gdk, Atspi, frame, path):
    area = frame.get_component_iface().get_extents(Atspi.CoordType.SCREEN)
    root = Gdk.get_default_root_window()
    picture = Gdk.pixbuf_get_from_window(root, area.x, area.y, area.width, area.height)
    picture.savev(path, "png", [], [])


def main():
    if INSIDE not in os.environ:
        return run_on_own_display()
    arguments = parse_arguments()
    import gi  # only inside, where there is a display
    gi.require_version("Atspi", "2.0")
    gi.require_version("Gdk", "3.0")
    from gi.repository import Atspi, Gdk, GLib

    warnings.simplefilter("ignore", DeprecationWarning)  # of Atspi's older names
    move_pointer_away(Gdk)
    program = subprocess.Popen(arguments.program)
    try:
        frame = poll("the window", program, lambda: find_frame(Atspi, program.pid))
        if arguments.dark:
            activate(OBJECT, "dark")
        poll("“%s”" % arguments.wait, program, lambda: shows(frame, arguments.wait))
        if arguments.page:
            activate(OBJECT + "/window/1", "show-page", GLib.Variant("s", arguments.page))
        if arguments.then:
            poll("“%s”" % arguments.then, program, lambda: shows(frame, arguments.then))
        if arguments.size:
            resize(Gdk, program.pid, arguments.size, arguments.scale)
        time.sleep(1)
        capture(Gdk, Atspi, frame, arguments.out)
    finally:
        program.terminate()
        program.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
