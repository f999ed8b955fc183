# SPDX-License-Identifier: GPL-3.0-or-later
"""test-compare.py: compares what was tried, as a screen reader does, and goes back to it.

    test-compare.py PROGRAM SAMPLE [TEST...]
"""

import os
import sys
import unittest

from workbench import Atspi, Role, Workbench, cell, children, selected_item

PROGRAM, SAMPLE = sys.argv[1:3]
TUNED = ("--calibrate", os.path.join(SAMPLE, "bearing_calib_x.npy"), os.path.join(SAMPLE, "bearing.tflite"))
FIRST_WEIGHTS, SECOND_WEIGHTS, CHANGE, ERROR_B = 1, 2, 3, 5


class Comparing(unittest.TestCase):
    def test_what_was_tried_is_compared_and_returned_to(self):
        with Workbench(PROGRAM, *TUNED) as bench:
            bench.wait_for_text("tuned to int8")
            bench.click(Role.TOGGLE_BUTTON, "Recipe")
            bench.wait_for_text("The model that is shown was made so.")
            Atspi.Selection.select_child(bench.find(Role.COMBO_BOX, "Weights"), 1)
            bench.wait_for_text("Changed since")
            bench.click(Role.PUSH_BUTTON, "Tune")
            bench.wait_for_text("The model that is shown was made so.")
            bench.show_page("Compare")

            chart = bench.chart("What was tried")
            points = bench.wait_for("three points", lambda: len(children(chart)) == 3 and children(chart))
            self.assertEqual([point.get_name() for point in points],
                             ["Open bearing.tflite", "Tune", "Choose int4 weights, int8 activations"])
            errors = [Atspi.Value.get_current_value(point) for point in points]
            self.assertEqual(errors[0], 0)
            self.assertLess(errors[1], errors[2])
            bench.wait_for("the last to be selected", lambda: selected_item(chart) == 2)

            table = bench.find(Role.TABLE, "Layers side by side")
            bench.wait_for("rows", lambda: Atspi.Table.get_n_rows(table) > 10)
            self.assertIn("flash", cell(table, 0, 0))
            self.assertRegex(cell(table, 0, CHANGE), r"^−\d")
            Atspi.Selection.select_child(bench.find(Role.COMBO_BOX, "Side A"), 1)
            names = [cell(table, row, 0) for row in range(Atspi.Table.get_n_rows(table))]
            row = names.index("head/dense")
            bench.wait_for("int8 beside int4", lambda: cell(table, row, FIRST_WEIGHTS) == "208\u00a0B")
            self.assertNotEqual(cell(table, row, SECOND_WEIGHTS), "208\u00a0B")
            self.assertIn("%", cell(table, row, ERROR_B))

            Atspi.Selection.select_child(chart, 1)
            bench.wait_for_text("int8 weights, int8 activations")
            bench.wait_for_text("The model that is shown was made so.")
            bench.click(Role.TOGGLE_BUTTON, "History of edits")
            bench.find(Role.LIST_ITEM, "Return to “Tune”")

    def test_kept_runs_are_offered(self):
        with Workbench(PROGRAM, "--board", "simulated", "--run", *TUNED) as bench:
            bench.wait_for_text("nanoseconds per inference")
            bench.click(Role.PUSH_BUTTON, "Stop")
            bench.wait_for_text("Connected:")

            def offered():
                bench.show_page("Overview")
                bench.show_page("Compare")
                combo = bench.find(Role.COMBO_BOX, "Side B")
                entries = [entry.get_name() for menu in children(combo) for entry in children(menu)]
                return next((i for i, name in enumerate(entries) if name.startswith("Run 1:")), None)
            number = bench.wait_for("the run", offered)
            Atspi.Selection.select_child(bench.find(Role.COMBO_BOX, "Side B"), number)
            table = bench.find(Role.TABLE, "Layers side by side")
            names = [cell(table, row, 0) for row in range(Atspi.Table.get_n_rows(table))]
            row = names.index("stem/conv")
            bench.wait_for("its times", lambda: cell(table, row, 8)[:1].isdigit())


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=2, warnings="ignore")  # of Atspi's older names
