#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""programs.py: fettle-cli and the workbench with a board on USB that comes, goes, and is forbidden.

    programs.py PROGRAM CLI MOCK_BOARD SAMPLE [TEST...]

The board is MOCK_BOARD's, in a process of its own; the programs see its /dev and /sys through umockdev.
"""

import json
import os
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "gui"))
from workbench import Atspi, Role, State, Workbench, has_state, walk  # noqa: E402

PROGRAM, CLI, MOCK_BOARD, SAMPLE = sys.argv[1:5]
MODEL = os.path.join(SAMPLE, "bearing.tflite")
PRELOAD = "libumockdev-preload.so.0"
SERIAL = "0123456789ABCDEF"
ID = "usb:" + SERIAL
NAME = "Mock board (USB %s)" % SERIAL
# Even root then has to have the permission of a file.
UNPRIVILEGED = ["setpriv", "--bounding-set=-dac_override,-dac_read_search",
                "--inh-caps=-dac_override,-dac_read_search"] if os.getuid() == 0 else []


class MockBoard:
    def __init__(self, *commands):
        environment = dict(os.environ, LD_PRELOAD=PRELOAD)
        self.process = subprocess.Popen([MOCK_BOARD], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        env=environment, text=True)
        self.directory = self.process.stdout.readline().strip()
        for command in commands:
            self.do(command)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.stdin.close()
        self.process.wait(60)
        self.process.stdout.close()

    def do(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().strip()
        assert answer == "done", "%s: %s" % (command, answer)

    def environment(self):
        return dict(os.environ, LD_PRELOAD=PRELOAD, UMOCKDEV_DIR=self.directory,
                    FETTLE_USB_ID="1209:0001")

    def run_cli(self, *arguments):
        return subprocess.run([*UNPRIVILEGED, CLI, *arguments], env=self.environment(), check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)

    def list_usb(self):
        done = self.run_cli("boards", "--json")
        assert done.returncode == 0, done.stderr
        return [board for board in json.loads(done.stdout) if board["link"] == "usb"]

    def start_workbench(self, *arguments):
        return UsbWorkbench(self, *arguments)


class UsbWorkbench(Workbench):
    def __init__(self, board, *arguments):
        before = dict(os.environ)
        os.environ.update(board.environment())
        try:
            super().__init__(*UNPRIVILEGED, PROGRAM, *arguments)
        finally:
            os.environ.clear()
            os.environ.update(before)

    def boards(self):
        """What the chooser offers, whichever is chosen."""
        return [node.get_name() for node in walk(self.find(Role.COMBO_BOX, "Board"))
                if node.get_role() == Role.MENU_ITEM]

    def chosen_board(self):
        return Atspi.Selection.get_selected_child(self.find(Role.COMBO_BOX, "Board"), 0).get_name()


class CommandLine(unittest.TestCase):
    def test_boards(self):
        with MockBoard("plug 1 " + SERIAL) as board:
            self.assertEqual(board.list_usb(), [{"id": ID, "name": NAME, "link": "usb", "core": "?",
                                                 "problem": None, "remedy": None}])
            board.do("unplug")
            self.assertEqual(board.list_usb(), [])

    def test_profile(self):
        with MockBoard("plug 1 " + SERIAL) as board:
            for name in (ID, "usb:1-1"):
                done = board.run_cli("profile", MODEL, "--board", name, "--runs", "3", "--json")
                self.assertEqual(done.returncode, 0, done.stderr)
                report = json.loads(done.stdout)
                self.assertEqual((report["board"], report["unit"], report["runs"]),
                                 (ID, "nanoseconds", 3))

    def test_not_there(self):
        with MockBoard("plug 1 " + SERIAL) as board:
            done = board.run_cli("profile", MODEL, "--board", "usb:1-4")
            self.assertNotEqual(done.returncode, 0)
            self.assertIn('There is no board "usb:1-4"', done.stderr)
            self.assertIn(ID, done.stderr)

    def test_forbidden(self):
        with MockBoard("plug 1 " + SERIAL, "forbid") as board:
            listed, = board.list_usb()
            self.assertIn("udev rule is missing", listed["problem"])
            self.assertIn('ATTR{idVendor}=="1209", ATTR{idProduct}=="0001"', listed["remedy"])
            text = board.run_cli("boards").stdout
            self.assertIn("To be allowed to use %s, run this in a terminal:" % ID, text)
            self.assertIn("sudo udevadm control --reload", text)
            done = board.run_cli("profile", MODEL, "--board", ID)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn(listed["problem"], done.stderr)

    def test_busy(self):
        with MockBoard("plug 1 " + SERIAL, "claim") as board:
            done = board.run_cli("profile", MODEL, "--board", ID)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("Another program is using this board", done.stderr)
            self.assertNotIn("udev", done.stderr)


class Window(unittest.TestCase):
    def test_comes_goes_and_goes_on(self):
        with MockBoard() as board, board.start_workbench(MODEL) as bench:
            bench.wait_for_text("bearing.tflite")
            board.do("plug 1 " + SERIAL)
            # Plugged in, and it is there: chosen, as nobody has chosen another one.
            bench.wait_for("the board", lambda: bench.chosen_board() == NAME)
            bench.click(Role.PUSH_BUTTON, "Connect")
            bench.wait_for_text("Connected: fettle-agent")
            bench.show_page("Live Cycles")
            bench.click(Role.PUSH_BUTTON, "Run")
            bench.wait_for_text("nanoseconds per inference")
            board.do("unplug")
            bench.wait_for_text("Unplugged; goes on when it is plugged in again")
            board.do("replug 2")
            bench.wait_for_text("Running")
            bench.wait_for_text("the board was unplugged meanwhile")
            self.assertEqual(bench.message(), "")
            board.do("unplug")
            bench.wait_for_text("Unplugged")
            bench.click(Role.PUSH_BUTTON, "Disconnect")
            bench.wait_for("another board", lambda: NAME not in bench.boards() and bench.chosen_board() != NAME)

    def test_rule_is_shown_until_it_is_there(self):
        with MockBoard("plug 1 " + SERIAL, "forbid") as board, board.start_workbench() as bench:
            text = bench.wait_for("the rule", lambda: "idProduct" in bench.message() and bench.message())
            self.assertIn("You may not use %s yet" % NAME, text)
            bench.click(Role.PUSH_BUTTON, "Copy Rule")
            self.assertIn('ATTR{idVendor}=="1209"', read_clipboard(bench))
            board.do("permit")
            bench.wait_for("no message", lambda: bench.message() == "")

    def test_rule_can_be_put_away(self):
        with MockBoard("plug 1 " + SERIAL, "forbid") as board, board.start_workbench() as bench:
            bench.wait_for("the rule", lambda: "idProduct" in bench.message())
            buttons = [node for bar in walk(bench.frame) if bar.get_role() == Role.INFO_BAR
                       for node in walk(bar)
                       if node.get_role() == Role.PUSH_BUTTON and has_state(node, State.SHOWING)]
            self.assertEqual(len(buttons), 2, "Copy Rule and the cross")
            Atspi.Action.do_action(buttons[1], 0)
            bench.wait_for("no message", lambda: bench.message() == "")
            bench.wait_for_text("Open a Model")

    def test_named_at_start(self):
        with MockBoard("plug 1 " + SERIAL) as board, \
                board.start_workbench("--board", ID, "--run", MODEL) as bench:
            bench.wait_for_text("Running")
            bench.wait_for_text("nanoseconds per inference")


def read_clipboard(bench):
    import gi
    gi.require_version("Gtk", "3.0")
    from gi.repository import Gdk, Gtk
    clipboard = Gtk.Clipboard.get(Gdk.SELECTION_CLIPBOARD)
    return bench.wait_for("something in the clipboard", clipboard.wait_for_text)


if __name__ == "__main__":
    if shutil.which("umockdev-wrapper") is None:
        print("skipped: umockdev is not installed")
        sys.exit(77)
    unittest.main(argv=[sys.argv[0], *sys.argv[5:]], verbosity=2)
