# SPDX-License-Identifier: GPL-3.0-or-later
"""test-recipe.py: edits the recipe in the workbench as a screen reader does: history, steps, data.

    test-recipe.py PROGRAM SAMPLE [TEST...]

PROGRAM is build/app/fettle; SAMPLE is the folder of the sample model.
"""

import os
import sys
import unittest

from workbench import Atspi, Role, State, Workbench, has_state, walk

PROGRAM, SAMPLE = sys.argv[1:3]
MODEL = os.path.join(SAMPLE, "bearing.tflite")
CALIBRATION = os.path.join(SAMPLE, "bearing_calib_x.npy")
TUNED = ("--calibrate", CALIBRATION, MODEL)


class Editing(unittest.TestCase):
    def test_undo_redo_and_history(self):
        with Workbench(PROGRAM, *TUNED) as bench:
            bench.wait_for_text("tuned to int8")
            bench.click(Role.PUSH_BUTTON, "Undo")
            bench.wait_for_text("float32 ·")
            self.assertFalse(has_state(bench.find(Role.PUSH_BUTTON, "Undo"), State.SENSITIVE))
            bench.click(Role.PUSH_BUTTON, "Redo")
            bench.wait_for_text("tuned to int8")
            bench.click(Role.TOGGLE_BUTTON, "History of edits")
            tuned = bench.find(Role.LIST_ITEM, "Tune")
            self.assertEqual(tuned.get_description(), "Current position")
            history = bench.find(Role.LIST_BOX, "History")
            Atspi.Selection.select_child(history, 0)
            bench.wait_for_text("float32 ·")
            bench.wait_for("what was undone to be called so", lambda: bench.find(
                Role.LIST_ITEM, "Tune").get_description() == "Undone")


class Tuning(unittest.TestCase):
    """The recipe's panel."""

    def open_panel(self, bench):
        bench.wait_for_text("tuned to int8")
        bench.click(Role.TOGGLE_BUTTON, "Recipe")
        bench.find(Role.PUSH_BUTTON, "Tune")

    def choose(self, bench, name, number):
        combo = bench.find(Role.COMBO_BOX, name)
        Atspi.Selection.select_child(combo, number)

    def write(self, bench, name, text):
        entry = bench.find(Role.TEXT, name)
        Atspi.EditableText.set_text_contents(entry, text)
        Atspi.Action.do_action(entry, 0)

    def tune(self, bench):
        bench.wait_for_text("Changed since")
        bench.click(Role.PUSH_BUTTON, "Tune")
        bench.wait_for_text("The model that is shown was made so.")

    def test_types_are_chosen_with_their_steps(self):
        with Workbench(PROGRAM, *TUNED) as bench:
            self.open_panel(bench)
            self.choose(bench, "Weights", 1)
            bench.wait_for_text("int4 weights, int8 activations")
            bench.wait_for_text("spread 20")
            self.tune(bench)
            bench.click(Role.PUSH_BUTTON, "Undo")
            bench.wait_for_text("int8 weights, int8 activations")

    def test_steps_are_switched_moved_added_and_removed(self):
        with Workbench(PROGRAM, *TUNED) as bench:
            self.open_panel(bench)
            bench.click(Role.CHECK_BOX, "Run round")
            bench.click(Role.PUSH_BUTTON, "Remove equalize")
            bench.click(Role.PUSH_BUTTON, "Move remove-dead up")
            bench.wait_for("the first step to have no button up", lambda: not has_state(
                bench.find(Role.PUSH_BUTTON, "Move remove-dead up"), State.SENSITIVE))
            bench.click(Role.TOGGLE_BUTTON, "Add Step")
            item = bench.wait_for("correct-bias to be offered", lambda: next(
                (node for node in walk(bench.frame) if node.get_role() == Role.PUSH_BUTTON
                 and node.get_name().startswith("correct-bias")
                 and has_state(node, State.SHOWING)), None))
            Atspi.Action.do_action(item, 0)
            bench.find(Role.CHECK_BOX, "Run correct-bias")
            self.tune(bench)
            bench.click(Role.TOGGLE_BUTTON, "History of edits")
            for label in ("Switch round off", "Remove equalize", "Move remove-dead up",
                          "Add correct-bias"):
                bench.find(Role.LIST_ITEM, label)

    def test_parameters_and_layers(self):
        with Workbench(PROGRAM, *TUNED) as bench:
            self.open_panel(bench)
            bench.click(Role.TOGGLE_BUTTON, "Parameters of calibrate")
            self.choose(bench, "Method", 1)
            self.write(bench, "Outliers", "-1")
            self.assertIn("outliers", bench.wait_for_message("500000"))
            self.write(bench, "Outliers", "50")
            bench.wait_for_text("outliers 50")
            bench.click(Role.TOGGLE_BUTTON, "Parameters of calibrate")
            bench.click(Role.TOGGLE_BUTTON, "Parameters of quantize")
            bench.click(Role.PUSH_BUTTON, "Add an entry")
            self.write(bench, "Match", "stem/conv")
            bench.wait_for_text("; 1 exception")
            self.tune(bench)

    def test_data_and_their_preprocessing(self):
        with Workbench(PROGRAM, MODEL) as bench:
            bench.table()
            bench.click(Role.TOGGLE_BUTTON, "Recipe")
            bench.wait_for_text("These steps are proposed")
            self.write(bench, "Data", "/nonexistent.npy")
            self.write(bench, "Data", CALIBRATION)
            bench.click(Role.PUSH_BUTTON, "Tune")
            bench.wait_for_text("The model that is shown was made so.")
            expander = bench.find(Role.TOGGLE_BUTTON, "Preprocessing and labels")
            Atspi.Action.do_action(expander, 0)
            self.write(bench, "Scale", "2")
            self.tune(bench)
            bench.click(Role.PUSH_BUTTON, "Undo")
            bench.wait_for("the scale to be as it was", lambda: Atspi.Text.get_text(
                bench.find(Role.TEXT, "Scale"), 0, -1) == "")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=2, warnings="ignore")  # of Atspi's older names
