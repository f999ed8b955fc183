# SPDX-License-Identifier: GPL-3.0-or-later
"""workbench.py: starts the workbench on a display of its own and reads it as a screen reader does."""

import os
import subprocess
import tempfile
import time

from display import INSIDE, enter_display, skip, wait_for_display

DEADLINE = 60  # seconds, for each thing that is waited for

if INSIDE not in os.environ:
    enter_display()
try:
    import gi
    gi.require_version("Atspi", "2.0")
    gi.require_version("Gdk", "3.0")
    from gi.repository import Atspi, Gdk, GLib
except (ImportError, ValueError) as missing:
    skip("the accessibility bindings are not installed (%s)" % missing)
wait_for_display()

Role = Atspi.Role
State = Atspi.StateType


def children(node):
    """Those that are there: parts of a window come and go while it is read."""
    found = []
    for index in range(node.get_child_count()):
        try:
            child = node.get_child_at_index(index)
        except GLib.Error:
            child = None
        if child is not None:
            found.append(child)
    return found


def walk(node):
    yield node
    if node.get_role() in (Role.TABLE, Role.TREE_TABLE, Role.CHART):
        return
    for child in children(node):
        yield from walk(child)


def text_of(node):
    text = Atspi.Text.get_text(node, 0, -1) if "Text" in node.get_interfaces() else ""
    return text or node.get_name() or ""


def has_state(node, state):
    node.clear_cache()
    return node.get_state_set().contains(state)


class Workbench:
    """One running workbench."""

    def __init__(self, program, *arguments, home=None):
        """HOME is a folder that several share who should know of each other's work; else each has its own."""
        self.program = program
        self.home = tempfile.TemporaryDirectory(dir=os.environ[INSIDE]) if home is None else None
        folder = self.folder = home or self.home.name
        self.process = subprocess.Popen([program, *arguments], env=dict(
            os.environ, XDG_DATA_HOME=folder, XDG_CONFIG_HOME=folder, XDG_CACHE_HOME=folder))
        self.frame = self.wait_for("the window", self._find_frame)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(DEADLINE)
        if self.home:
            self.home.cleanup()

    def _find_frame(self):
        for application in children(Atspi.get_desktop(0)):
            if application.get_process_id() == self.process.pid:
                for frame in children(application):
                    if frame.get_role() == Role.FRAME:
                        return frame
        return None

    def wait_for(self, what, condition):
        """Polls CONDITION until it gives something true, and returns that."""
        end = time.monotonic() + DEADLINE
        context = GLib.MainContext.default()
        while time.monotonic() < end:
            while context.iteration(False):
                pass
            status = self.process.poll()
            if status is not None:
                raise AssertionError("the program ended with %d before %s" % (status, what))
            try:
                result = condition()
            except GLib.Error:  # read while it changed
                result = None
            if result:
                return result
            time.sleep(0.05)
        raise AssertionError("waited %d s in vain for %s; the window shows: %s"
                             % (DEADLINE, what, " | ".join(self.texts())))

    def find(self, role, name):
        return self.wait_for("%s %r" % (role.value_nick, name), lambda: next(
            (node for node in walk(self.frame)
             if node.get_role() == role and node.get_name() == name
             and has_state(node, State.SHOWING)), None))

    def texts(self):
        return [text_of(node) for node in walk(self.frame)
                if node.get_role() == Role.LABEL and has_state(node, State.SHOWING)]

    def message(self):
        """What the bar below the header bar says; "" while it is hidden."""
        return " ".join(text_of(label) for bar in walk(self.frame)
                        if bar.get_role() == Role.INFO_BAR and has_state(bar, State.SHOWING)
                        for label in walk(bar)
                        if label.get_role() == Role.LABEL and has_state(label, State.SHOWING))

    def wait_for_message(self, part):
        text = self.wait_for("a message with %r" % part,
                             lambda: part in self.message() and self.message())
        assert text.endswith("."), "not a sentence: %r" % text
        return text

    def wait_for_text(self, part):
        return self.wait_for("text %r" % part, lambda: next(
            (text for text in self.texts() if part in text), None))

    def click(self, role, name):
        node = self.find(role, name)
        self.wait_for("%r to be enabled" % name, lambda: has_state(node, State.SENSITIVE))
        assert Atspi.Action.do_action(node, 0), "%r cannot be clicked" % name

    def find_pages(self):
        return self.wait_for("the list of pages", lambda: next(
            (node for node in walk(self.frame) if node.get_role() == Role.LIST_BOX
             and any(text_of(label) == "Layers" for label in walk(node))), None))

    def press(self, key):
        """A key of the keyboard, to whatever has the focus."""
        Atspi.generate_keyboard_event(Gdk.keyval_from_name(key), None, Atspi.KeySynthType.SYM)

    def menu_texts(self):
        """Of open menus, which are windows of their own."""
        application = self.frame.get_parent()
        return [text_of(node) for window in children(application) if window.get_role() == Role.WINDOW
                for node in walk(window) if has_state(node, State.SHOWING)]

    def show_page(self, title):
        """Selects TITLE in the list of pages at the window's left."""
        rows = self.find_pages()
        titles = [next(filter(None, map(text_of, walk(row)))) for row in children(rows)]
        assert Atspi.Selection.select_child(rows, titles.index(title)), "%r cannot be shown" % title

    def beside_pages(self):
        """Above: what is known of the model; below: the page that is shown."""
        rows = self.find_pages()
        box = rows.get_parent()
        while box.get_role() != Role.FILLER or len(children(box)) < 2:
            box = box.get_parent()
        return next(child for child in children(box)
                    if child.get_role() == Role.FILLER and rows not in walk(child))

    def summary(self):
        above = children(self.beside_pages())[0]  # scrolls where there is no room
        return next(node for node in walk(above) if node.get_role() == Role.FILLER)

    def page(self):
        return children(self.beside_pages())[-1]

    def wait_for_page_to_rest(self):
        """Nothing is being measured for the page that could be stopped."""
        self.wait_for("the measurements", lambda: not any(
            node.get_role() == Role.PUSH_BUTTON and node.get_name() == "Stop"
            and has_state(node, State.SHOWING) for node in walk(self.page())))

    def chart(self, name):
        return self.find(Role.CHART, name)

    def title(self):
        """Of the window."""
        self.frame.clear_cache()
        return self.frame.get_name() or ""

    def panel(self, name):
        """What stands beside the pages."""
        return self.find(Role.PANEL, name)

    def table(self):
        self.show_page("Layers")
        return self.find(Role.TREE_TABLE, "Layers")

    def board_processes(self):
        """Process ids that this workbench has started."""
        path = "/proc/%d/task/%d/children" % (self.process.pid, self.process.pid)
        with open(path, encoding="ascii") as file:
            return [int(number) for number in file.read().split()]


def selected_row(table):
    """Number of the selected row, None if none is."""
    table.clear_cache()
    rows = Atspi.Table.get_selected_rows(table)
    return rows[0] if rows else None


def selected_item(chart):
    """Index of the selected item of a chart, None if none is."""
    chart.clear_cache()
    if Atspi.Selection.get_n_selected_children(chart) == 0:
        return None
    return Atspi.Selection.get_selected_child(chart, 0).get_index_in_parent()


def cell(table, row, column):
    table.clear_cache()
    node = Atspi.Table.get_accessible_at(table, row, column)
    return text_of(node) or "".join(text_of(part) for part in children(node))
