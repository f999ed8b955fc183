# SPDX-License-Identifier: GPL-3.0-or-later
"""test-window.py: drives the workbench as a screen reader does: open, select, tune, run, break.

    test-window.py PROGRAM CLI SAMPLE [TEST...]

PROGRAM is build/app/fettle, CLI build/cli/fettle-cli; SAMPLE is the folder of the sample model.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import unittest

from workbench import (INSIDE, Atspi, Role, State, Workbench, cell, children, has_state, selected_item,
                       selected_row, text_of, walk)

PROGRAM, CLI, SAMPLE = sys.argv[1:4]
MODEL = os.path.join(SAMPLE, "bearing.tflite")
CALIBRATION = os.path.join(SAMPLE, "bearing_calib_x.npy")
TUNED = ("--calibrate", CALIBRATION, MODEL)
N_LAYERS = 18
N_TUNED_LAYERS = 17  # a PAD goes into the convolution behind it

# Columns of the table of layers.
NAME, TYPE, WEIGHTS, MACS, ERROR, TIME = 1, 4, 5, 6, 8, 9


def write_file(name, data):
    path = os.path.join(os.environ[INSIDE], name)
    with open(path, "wb") as file:
        file.write(data)
    return path


class Opening(unittest.TestCase):
    def test_empty_window_invites(self):
        with Workbench(PROGRAM) as bench:
            bench.wait_for_text("Open a Model")
            bench.find(Role.PUSH_BUTTON, "Open Model…")
            run = bench.find(Role.PUSH_BUTTON, "Run")
            self.assertFalse(has_state(run, State.SENSITIVE))

    def test_model_from_command_line(self):
        with Workbench(PROGRAM, MODEL) as bench:
            table = bench.table()
            bench.wait_for("rows", lambda: Atspi.Table.get_n_rows(table) == N_LAYERS)
            self.assertEqual(cell(table, 1, NAME), "stem/conv")
            self.assertRegex(cell(table, 1, MACS), r"^73\.7\sk$")
            self.assertEqual(cell(table, 1, ERROR), "–")
            self.assertEqual(cell(table, 1, TIME), "–")
            self.assertIn("bearing.tflite", bench.texts())

    def test_second_start_uses_empty_window(self):
        with Workbench(PROGRAM) as bench:
            bench.wait_for_text("Open a Model")
            second = subprocess.run([PROGRAM, MODEL], check=False, timeout=60)
            self.assertEqual(second.returncode, 0)
            bench.wait_for_text("bearing.tflite")

    def test_damaged_file_is_explained(self):
        with open(MODEL, "rb") as file:
            bad = write_file("damaged.tflite", file.read()[:4096])
        with Workbench(PROGRAM, bad) as bench:
            bench.wait_for_message("damaged.tflite")
            bench.wait_for_text("Open a Model")
            subprocess.run([PROGRAM, MODEL], check=True, timeout=60)
            bench.table()
            bench.wait_for("the message to go", lambda: not bench.message())

    def test_missing_file_is_explained(self):
        with Workbench(PROGRAM, "/nonexistent/model.tflite") as bench:
            bench.wait_for_message("/nonexistent/model.tflite")


class Selecting(unittest.TestCase):
    def assert_selected(self, bench, chart, layer):
        bench.wait_for("layer %d to be selected in the chart" % layer,
                       lambda: selected_item(chart) == layer)

    def test_one_selection_for_all_pages(self):
        with Workbench(PROGRAM, *TUNED) as bench:
            bench.wait_for_text("tuned to int8")
            table = bench.table()
            Atspi.Table.add_row_selection(table, 5)
            bench.wait_for("row 5", lambda: selected_row(table) == 5)

            bench.show_page("Quantization")
            errors = bench.chart("Quantization error per layer")
            self.assertEqual(len(children(errors)), N_TUNED_LAYERS)
            self.assert_selected(bench, errors, 5)

            bench.show_page("Live Cycles")
            times = bench.chart("Time per layer")
            self.assert_selected(bench, times, 5)
            Atspi.Selection.select_child(times, 8)

            bench.show_page("Arena")
            arena = bench.chart("Arena")
            name = bench.wait_for("a selected buffer", lambda: selected_item(arena) is not None
                                  and children(arena)[selected_item(arena)].get_name())
            self.assertIn("block4/depthwise", name)

            bench.show_page("Layers")
            bench.wait_for("row 8", lambda: selected_row(bench.table()) == 8)

    def test_error_is_shown_where_it_is_known(self):
        with Workbench(PROGRAM, *TUNED) as bench:
            bench.wait_for_text("tuned to int8")
            table = bench.table()
            bench.wait_for("an error", lambda: "%" in cell(table, 1, ERROR))
        with Workbench(PROGRAM, MODEL) as bench:
            bench.table()
            bench.show_page("Quantization")
            bench.wait_for_text("Not Quantized")


class Projects(unittest.TestCase):
    """A project made by fettle-cli, since file choosers cannot be driven this way."""

    @classmethod
    def setUpClass(cls):
        cls.project = os.path.join(os.environ[INSIDE], "bearing.fettle")
        subprocess.run([CLI, "tune", MODEL, "--calibrate", CALIBRATION, "-o", cls.project],
                       check=True, timeout=120, stdout=subprocess.DEVNULL)

    def test_project_waits_for_data_to_compare(self):
        with Workbench(PROGRAM, self.project) as bench:
            bench.wait_for_text("tuned to int8")
            bench.show_page("Quantization")
            bench.wait_for_text("Not Compared Yet")
            bench.click(Role.PUSH_BUTTON, "Choose Data…")
            bench.find(Role.PUSH_BUTTON, "Compare Only")

    def test_project_is_compared(self):
        with Workbench(PROGRAM, "--calibrate", CALIBRATION, self.project) as bench:
            bench.wait_for_text("tuned to int8")
            bench.show_page("Quantization")
            bench.wait_for_text("Largest: layer")

    def test_data_of_another_shape_is_explained(self):
        labels = os.path.join(SAMPLE, "bearing_eval_y.npy")
        with Workbench(PROGRAM, "--calibrate", labels, MODEL) as bench:
            bench.wait_for_message("400")
            self.assertIn("bearing.tflite", bench.texts())


class Overviewing(unittest.TestCase):
    def rows(self, bench):
        chart = bench.chart("What it needs and what the board has")
        return {row.get_name(): row.get_description() for row in children(chart)}

    def test_limits_come_from_the_board(self):
        with Workbench(PROGRAM, "--board", "simulated", *TUNED) as bench:
            bench.wait_for_text("tuned to int8")
            bench.show_page("Overview")
            bench.wait_for_text("Fits Simulated board")
            rows = self.rows(bench)
            self.assertRegex(rows["Flash"], r"1\d\.\d\sKiB of .*float model 35\.3\sKiB")
            self.assertRegex(rows["RAM"], r"20\.0\sKiB of .*float model 80\.0\sKiB")
            self.assertIn("not measured", rows["Time"])
            bench.click(Role.PUSH_BUTTON, "Run")
            bench.wait_for("a measured time", lambda: "nanoseconds" in self.rows(bench)["Time"])

    def test_costly_layers_are_selected_everywhere(self):
        with Workbench(PROGRAM, *TUNED) as bench:
            bench.wait_for_text("tuned to int8")
            bench.show_page("Overview")
            bench.wait_for_text("quantize (weights int8, activations int8)")
            bench.wait_for_text("the recipe’s data has no labels")
            costly = bench.chart("Most costly layers")
            names = [item.get_name() for item in children(costly)]
            self.assertEqual([name.split()[-1] for name in names],
                             ["block1/pointwise", "block3/pointwise", "block2/pointwise"])
            Atspi.Selection.select_child(costly, 1)
            table = bench.table()
            bench.wait_for("the same row", lambda: selected_row(table) is not None
                           and cell(table, selected_row(table), NAME) == "block3/pointwise")


class Tabling(unittest.TestCase):
    """What the table of layers can do beside listing."""

    def names(self, table):
        return [cell(table, row, NAME) for row in range(Atspi.Table.get_n_rows(table))]

    def test_filter_and_blocks(self):
        with Workbench(PROGRAM, MODEL) as bench:
            table = bench.table()
            bench.wait_for("all rows", lambda: len(self.names(table)) == N_LAYERS)
            entry = bench.find(Role.TEXT, "Show only layers with")
            Atspi.EditableText.set_text_contents(entry, "depthwise")
            bench.wait_for("five rows", lambda: len(self.names(table)) == 5)
            bench.click(Role.TOGGLE_BUTTON, "Group by Block")
            names = bench.wait_for("ten rows", lambda: len(self.names(table)) == 10 and self.names(table))
            self.assertEqual(names[:4], ["block1", "block1/depthwise", "block2", "block2/depthwise"])
            self.assertRegex(cell(table, 0, MACS), r"^270\sk$")  # of both its layers, seen or not
            Atspi.EditableText.set_text_contents(entry, "")
            bench.wait_for("all rows", lambda: len(self.names(table)) > N_LAYERS)
            Atspi.Table.add_row_selection(table, 0)  # a block is no layer
            bench.wait_for("row 0", lambda: selected_row(table) == 0)

    def test_columns_are_remembered(self):
        with Workbench(PROGRAM, MODEL, home=os.environ[INSIDE]) as bench:
            table = bench.table()
            n = Atspi.Table.get_n_columns(table)
            bench.click(Role.TOGGLE_BUTTON, "Columns")
            bench.click(Role.CHECK_BOX, "Arena")
            bench.wait_for("a column less", lambda: self.columns(bench) == n - 1)
        with Workbench(PROGRAM, MODEL, home=os.environ[INSIDE]) as bench:
            bench.table()
            bench.wait_for("a column less", lambda: self.columns(bench) == n - 1)
            bench.click(Role.TOGGLE_BUTTON, "Columns")
            bench.click(Role.CHECK_BOX, "Arena")
            bench.wait_for("all columns", lambda: self.columns(bench) == n)

    def columns(self, bench):
        table = bench.table()
        table.clear_cache()
        return Atspi.Table.get_n_columns(table)

    def test_type_is_chosen_by_key_and_undone(self):
        with Workbench(PROGRAM, *TUNED) as bench:
            bench.wait_for_text("tuned to int8")
            table = bench.table()
            bench.wait_for_text("Click a type")
            row = next(i for i, name in enumerate(self.names(table)) if name == "block1/pointwise")
            self.assertEqual(cell(table, row, TYPE), "int8")
            before = cell(table, row, WEIGHTS)
            Atspi.Table.add_row_selection(table, row)
            Atspi.Component.grab_focus(table)
            bench.wait_for("the focus", lambda: has_state(table, State.FOCUSED))
            bench.press("Return")
            bench.wait_for("the types", lambda: any("int4: image −" in text for text in bench.menu_texts()))
            bench.press("Down")
            bench.press("Return")
            bench.wait_for("int4", lambda: cell(bench.table(), row, TYPE) == "int4")
            self.assertNotEqual(cell(bench.table(), row, WEIGHTS), before)
            bench.click(Role.PUSH_BUTTON, "Undo")
            bench.wait_for("int8", lambda: cell(bench.table(), row, TYPE) == "int8")
            self.assertEqual(cell(bench.table(), row, WEIGHTS), before)


class Drawing(unittest.TestCase):
    def test_graph_shares_the_selection_and_searches(self):
        with Workbench(PROGRAM, *TUNED) as bench:
            bench.wait_for_text("tuned to int8")
            bench.show_page("Graph")
            graph = bench.chart("Graph")
            names = bench.wait_for("the nodes", lambda: [node.get_name() for node in children(graph)])
            stem = names.index(next(name for name in names if "stem/conv" in name))
            self.assertRegex(children(graph)[stem].get_description(),
                             r"^CONV_2D \+ RELU: 1×\d+×\d+×1 int8, constant 16×3×3×1 int8, "
                             r"constant 16 int32 to 1×64×8×16 int8$")
            table = bench.table()
            Atspi.Table.add_row_selection(table, 5)
            bench.show_page("Graph")
            bench.wait_for("layer 5, behind the input", lambda: selected_item(graph) == 6)

            entry = bench.find(Role.TEXT, "Find a layer")
            Atspi.EditableText.set_text_contents(entry, "add")
            bench.wait_for_text("2 found")
            self.assertTrue(Atspi.Action.do_action(entry, 0))
            bench.wait_for("the first that adds", lambda: "add" in names[selected_item(graph)])
            name = names[selected_item(graph)].split()[-1]
            bench.wait_for("the same row", lambda: cell(table, selected_row(bench.table()), NAME) == name)

    def test_colours_follow_the_measure(self):
        with Workbench(PROGRAM, *TUNED) as bench:
            bench.wait_for_text("tuned to int8")
            bench.show_page("Graph")
            graph = bench.chart("Graph")
            stem = bench.wait_for("the nodes", lambda: next(
                (node for node in children(graph) if "stem/conv" in node.get_name()), None))
            bench.wait_for("MACs", lambda: Atspi.Value.get_current_value(stem) == 73728)
            chooser = bench.find(Role.COMBO_BOX, "Colour by")
            Atspi.Selection.select_child(chooser, 3)
            bench.wait_for("bytes of weights",
                           lambda: Atspi.Value.get_current_value(stem) == 208)


class Planning(unittest.TestCase):
    def test_plans_of_the_arena(self):
        with Workbench(PROGRAM, "--board", "simulated", *TUNED) as bench:
            bench.wait_for_text("tuned to int8")
            bench.show_page("Arena")
            plans = bench.chart("Plans")
            greedy, kept = bench.wait_for("both plans", lambda: all(
                Atspi.Value.get_current_value(plan) > 0 for plan in children(plans)) and children(plans))
            self.assertLess(Atspi.Value.get_current_value(greedy), Atspi.Value.get_current_value(kept))
            buffers = {item.get_name(): item.get_description() for item in children(bench.chart("Arena"))}
            self.assertRegex(buffers["stem/conv"], r"^Output of layer 0 \(stem/conv\), 1×64×8×16 int8; needed until "
                             r"layer 1 \(block1/depthwise\) has read it\. 8\.00\sKiB from address \d+\.$")
            self.assertIn("Also holds, in place: head/flatten", " ".join(buffers.values()))
            self.assertTrue(Atspi.Action.do_action(kept, 0))
            bench.wait_for_text("The arena takes 5")


class Exporting(unittest.TestCase):
    def preview(self, bench):
        return text_of(bench.find(Role.TEXT, "Preview of the header"))

    def test_header_for_each_core(self):
        with Workbench(PROGRAM, "--board", "simulated", *TUNED) as bench:
            bench.wait_for_text("tuned to int8")
            bench.click(Role.PUSH_BUTTON, "Export…")
            bench.wait_for_text("Compiled, it takes 1")
            text = self.preview(bench)
            for part in ("for portable", '#include "frt.h"', "more lines of the image */", "bearing_golden_run"):
                self.assertIn(part, text)
            self.assertLess(len(text), 10_000)
            sizes = {item.get_name(): Atspi.Value.get_current_value(item)
                     for item in children(bench.chart("What the image is spent on"))}
            self.assertGreater(sizes["Weights and tables"], sizes["Names"])

            Atspi.Selection.select_child(bench.find(Role.COMBO_BOX, "Core"), 2)
            bench.wait_for("another core", lambda: "for cortex-m4" in self.preview(bench))
            Atspi.EditableText.set_text_contents(bench.find(Role.TEXT, "Name"), "ball bearing")
            bench.wait_for("another name", lambda: "ball_bearing_open" in self.preview(bench))
            bench.click(Role.PUSH_BUTTON, "Copy")
            bench.wait_for_text("The whole header is in the clipboard")

    def test_untuned_model_can_be_exported(self):
        with Workbench(PROGRAM, MODEL) as bench:
            bench.table()
            bench.show_page("Export")
            bench.wait_for_text("Compiled, it takes")
            self.assertIn("FRT_FLOAT32", self.preview(bench))


class Studying(unittest.TestCase):
    """The page of quantization."""

    def open_page(self, bench):
        bench.wait_for_text("tuned to int8")
        bench.show_page("Quantization")
        bench.wait_for_text("Largest: layer")
        return bench.chart("Quantization error per layer")

    def choose(self, bench, number):
        box = bench.find(Role.COMBO_BOX, "What the bars show")
        Atspi.Selection.select_child(box, number)

    def test_bars_are_sorted_and_exchanged(self):
        with Workbench(PROGRAM, *TUNED) as bench:
            errors = self.open_page(bench)
            bench.wait_for_page_to_rest()

            def values():
                errors.clear_cache()
                return [Atspi.Value.get_current_value(item) for item in children(errors)]
            before = values()
            bench.click(Role.TOGGLE_BUTTON, "Largest First")
            bench.wait_for("the order", lambda: values() == sorted(before, reverse=True))
            name = children(errors)[0].get_name()
            Atspi.Selection.select_child(errors, 0)
            layer = name.split()[0]
            bench.wait_for_text("Layer %s: " % layer)
            # The same layer stays selected, wherever its bar goes.
            bench.click(Role.TOGGLE_BUTTON, "Largest First")
            bench.wait_for("the layer at its place", lambda: selected_item(errors) == int(layer))
            for number, text in ((1, "only this layer is quantized"), (2, "all but this layer"),
                                 (3, "becomes float"), (4, "cannot represent")):
                self.choose(bench, number)
                bench.wait_for_text(text)
                bench.wait_for("other values", lambda: values() != before)

    def test_details_of_a_layer(self):
        with Workbench(PROGRAM, *TUNED) as bench:
            errors = self.open_page(bench)
            bench.wait_for_text("Largest error, layer ")
            bench.wait_for_page_to_rest()
            Atspi.Selection.select_child(errors, 2)
            bench.wait_for_text("Layer 2: block1/pointwise")
            bench.click(Role.RADIO_BUTTON, "Weights")
            bins = bench.chart("Weights, all channels")
            self.assertLessEqual(len(children(bins)), 64)
            self.assertRegex(children(bins)[30].get_name(), r"^\S+ to \S+$")
            channels = bench.wait_for("the ranges", lambda: next(
                (node for node in walk(bench.page()) if node.get_role() == Role.CHART
                 and node.get_name().startswith("Ranges of 24 channels")), None))
            self.assertIn("SQNR", children(channels)[0].get_description())
            Atspi.Selection.select_child(channels, 5)
            bench.chart("Weights, channel 5")
            bench.click(Role.RADIO_BUTTON, "Types")
            types = bench.find(Role.TABLE, "Other types for the layer")
            self.assertEqual([cell(types, row, 0) for row in range(4)],
                             ["now", "float32", "int16", "int4"])
            self.assertRegex(cell(types, 3, 3), r"^−\d+\s")
            bench.click(Role.RADIO_BUTTON, "Steps")
            bench.wait_for_text("What the recipe did to block1/pointwise:")
            bench.wait_for_text("Output SQNR on unseen samples")
            # Another page, another layer: the same selection.
            Atspi.Table.add_row_selection(bench.table(), 0)
            bench.show_page("Quantization")
            bench.wait_for_text("What the recipe did to stem/conv:")

    def test_other_model_is_studied_anew(self):
        """Also if it has fewer layers, and comes while another page is shown."""
        with Workbench(PROGRAM, *TUNED) as bench:
            errors = self.open_page(bench)
            bench.wait_for_page_to_rest()
            self.choose(bench, 1)
            bench.show_page("Layers")
            bench.click(Role.PUSH_BUTTON, "Undo")
            bench.wait_for_text("float")
            bench.click(Role.PUSH_BUTTON, "Redo")
            bench.wait_for_text("tuned to int8")
            bench.show_page("Quantization")
            bench.wait_for_page_to_rest()
            bench.wait_for_text("Largest: layer")
            self.assertEqual(len(children(errors)), N_TUNED_LAYERS)

    def test_study_stops_and_goes_on(self):
        with Workbench(PROGRAM, *TUNED) as bench:
            errors = self.open_page(bench)
            bench.click(Role.PUSH_BUTTON, "Stop")
            bench.find(Role.PUSH_BUTTON, "Measure")
            self.choose(bench, 3)
            bench.wait_for("no gains", lambda: not any("Largest: layer" in text for text in bench.texts()))
            bench.click(Role.PUSH_BUTTON, "Measure")
            bench.wait_for_text("Largest: layer")
            self.assertEqual(len(children(errors)), N_TUNED_LAYERS)


class Running(unittest.TestCase):
    def assert_kept(self, bench, board, unit):
        """The run that was stopped is in the store."""
        def kept():
            return json.loads(subprocess.check_output(
                [CLI, "runs", "--json"], env=dict(os.environ, XDG_DATA_HOME=bench.folder)))
        bench.wait_for("the run to be kept", kept)
        self.assertEqual([(run["board"], run["unit"]) for run in kept()], [(board, unit)])
        self.assertGreater(kept()[0]["total"]["n"], 0)

    def run_on(self, board, unit):
        with Workbench(PROGRAM, "--board", board, *TUNED) as bench:
            bench.wait_for_text("Connected:")
            bench.wait_for_text("tuned to int8")
            bench.click(Role.PUSH_BUTTON, "Run")
            bench.show_page("Live Cycles")
            bench.wait_for_text(unit + " per inference")
            bench.wait_for_text("not cycles")
            first = bench.wait_for_text("Median of")
            bench.wait_for("more runs", lambda: bench.wait_for_text("Median of") != first)
            bench.wait_for_text("output is the same as on this computer")
            bench.click(Role.PUSH_BUTTON, "Stop")
            bench.wait_for_text("Connected:")
            bench.show_page("Layers")
            table = bench.table()
            self.assertRegex(cell(table, 1, TIME), r"^\d")
            self.assert_kept(bench, board, unit)
            bench.click(Role.PUSH_BUTTON, "Disconnect")
            bench.wait_for_text("Not connected")
            bench.wait_for("the board's end", lambda: not bench.board_processes())

    def test_simulated_board(self):
        self.run_on("simulated", "nanoseconds")

    def test_virtual_board(self):
        if shutil.which("qemu-system-arm") is None or shutil.which("arm-none-eabi-gcc") is None:
            self.skipTest("no QEMU or no cross-compiler for the virtual board")
        self.run_on("virtual-m4", "instructions")

    def test_board_that_vanishes(self):
        with Workbench(PROGRAM, "--board", "simulated", "--run", *TUNED) as bench:
            bench.wait_for_text("nanoseconds per inference")
            for process in bench.board_processes():
                os.kill(process, signal.SIGKILL)
            bench.wait_for_text("Not connected")
            bench.wait_for_message("board")
            bench.wait_for_text("nanoseconds per inference")  # what was measured stays
            bench.click(Role.PUSH_BUTTON, "Connect")
            bench.wait_for_text("Connected:")

    def test_other_model_ends_the_run(self):
        other = shutil.copy(MODEL, os.path.join(os.environ[INSIDE], "other.tflite"))
        with Workbench(PROGRAM, "--board", "simulated", "--run", MODEL) as bench:
            bench.wait_for_text("nanoseconds per inference")
            subprocess.run([PROGRAM, other], check=True, timeout=60)  # a window of its own
            bench.click(Role.TOGGLE_BUTTON, "Recent models")
            bench.click(Role.PUSH_BUTTON, "other.tflite")
            bench.wait_for_text("other.tflite")
            bench.wait_for_text("Connected:")
            bench.wait_for_text("No measurements yet")
            bench.click(Role.PUSH_BUTTON, "Run")
            bench.wait_for_text("nanoseconds per inference")

    def test_unknown_board_is_explained(self):
        with Workbench(PROGRAM, "--board", "no-such-board", MODEL) as bench:
            self.assertIn("simulated", bench.wait_for_message("no-such-board"))


class Reaching(unittest.TestCase):
    def test_every_control_has_a_name(self):
        roles = (Role.PUSH_BUTTON, Role.TOGGLE_BUTTON, Role.RADIO_BUTTON, Role.COMBO_BOX,
                 Role.TABLE, Role.CHART, Role.TEXT)
        with Workbench(PROGRAM, *TUNED) as bench:
            bench.wait_for_text("tuned to int8")
            for page in ("Overview", "Graph", "Layers", "Arena", "Quantization", "Live Cycles", "Export"):
                bench.show_page(page)
                nameless = [node.get_role_name() for node in walk(bench.frame)
                            if node.get_role() in roles and has_state(node, State.SHOWING)
                            and not node.get_name()]
                self.assertEqual(nameless, [], page)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[4:]], verbosity=2)
