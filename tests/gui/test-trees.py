#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""test-trees.py: what a screen reader finds on each page, beside what somebody read and found good.

    test-trees.py PROGRAM SAMPLE TREES [--write]

Opens the sample, tuned, on the simulated board, and writes down each page's accessible objects: role, name,
description, what can be done; figures, which other steps of tuning would change, become #. TREES is the folder of the blessed texts; --write replaces them, to be
read before they are committed.
"""

import difflib
import os
import re
import sys
import unittest

from workbench import Atspi, Role, State, Workbench, children, has_state, text_of

PROGRAM, SAMPLE, TREES = sys.argv[1:4]
WRITE = "--write" in sys.argv[4:]
TUNED = ("--board", "simulated", "--calibrate", os.path.join(SAMPLE, "bearing_calib_x.npy"), os.path.join(SAMPLE, "bearing.tflite"))
FIGURE = re.compile(r"−?\d+\.\d+(e-\d+)?|\d+(?=\s(%|[kM]|dB|[KM]?i?B)\b)")
ROWS = 4  # of each long list and table; the others are alike

# Title of the page, and a text that shows that all is there.
PAGES = (("Overview", "Most costly layers"), ("Graph", "Colour by"), ("Layers", "Click a type"), ("Arena", "The arena takes"),
         ("Quantization", "Largest: layer"), ("Compare", "A"), ("Export", "Compiled, it"))


def describe(node):
    parts = [node.get_role_name()]
    name = (node.get_name() or text_of(node)).split("\n")[0]
    if name:
        parts.append("“%s”" % name)
    if node.get_description() and node.get_description() != name:
        parts.append("(%s)" % node.get_description())
    if not has_state(node, State.SENSITIVE):
        parts.append("insensitive")
    if node.get_role() in (Role.LIST_ITEM, Role.PUSH_BUTTON) and "Action" in node.get_interfaces():
        parts.append("[%s]" % ", ".join(Atspi.Action.get_action_name(node, i)
                                        for i in range(Atspi.Action.get_n_actions(node))))
    return FIGURE.sub("#", " ".join(parts).replace(os.path.abspath(SAMPLE), "SAMPLE"))


def dump(node, depth, lines):
    """Only what is on the screen; boxes, which say nothing, and scroll bars are left out."""
    if node.get_role() == Role.SCROLL_BAR or not (
            has_state(node, State.SHOWING) or node.get_role() == Role.TABLE_CELL):
        return lines
    below = children(node)
    if node.get_role() != Role.FILLER:
        lines.append("  " * depth + describe(node))
        depth += 1
    long = node.get_role() in (Role.TABLE, Role.CHART, Role.TREE_TABLE)
    if node.get_role() in (Role.TABLE, Role.TREE_TABLE):
        limit = ROWS * Atspi.Table.get_n_columns(node) + Atspi.Table.get_n_columns(node)
    else:
        limit = ROWS if long else len(below)
    for child in below[:limit]:
        dump(child, depth, lines)
    if len(below) > limit:
        lines.append("  " * depth + "… %d in all" % len(below))
    return lines


class Trees(unittest.TestCase):
    maxDiff = None

    def compare(self, title, lines):
        path = os.path.join(TREES, title.lower().replace(" ", "-") + ".txt")
        if WRITE:
            with open(path, "w", encoding="utf-8") as file:
                file.write("\n".join(lines) + "\n")
            return
        with open(path, encoding="utf-8") as file:
            blessed = file.read().splitlines()
        difference = "\n".join(difflib.unified_diff(blessed, lines, "blessed", "now", lineterm=""))
        self.assertEqual(difference, "", "the accessible tree of %s has changed; read it and run this "
                         "test with --write:\n%s" % (title, difference))

    def test_pages(self):
        with Workbench(PROGRAM, *TUNED) as bench:
            bench.wait_for_text("tuned to int8")
            bench.wait_for_text("Connected:")
            self.compare("summary", dump(bench.summary(), 0, []))
            for title, text in PAGES:
                with self.subTest(page=title):
                    bench.show_page(title)
                    bench.wait_for_text(text)
                    bench.wait_for_page_to_rest()
                    self.compare(title, dump(bench.page(), 0, []))

    def test_recipe(self):
        with Workbench(PROGRAM, *TUNED) as bench:
            bench.wait_for_text("tuned to int8")
            bench.click(Role.TOGGLE_BUTTON, "Recipe")
            bench.wait_for_text("The model that is shown was made so.")
            bench.click(Role.TOGGLE_BUTTON, "Parameters of fold")
            bench.click(Role.PUSH_BUTTON, "Remove remove-dead")
            bench.click(Role.TOGGLE_BUTTON, "Parameters of equalize")
            bench.wait_for_text("Changed since")
            bench.find(Role.COMBO_BOX, "Method")
            self.compare("recipe", dump(bench.panel("Recipe"), 0, []))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]], verbosity=2, warnings="ignore")  # of Atspi's older names
