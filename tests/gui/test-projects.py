# SPDX-License-Identifier: GPL-3.0-or-later
"""test-projects.py: project files in the workbench: saved, moved, lost in a crash, and how windows are left.

    test-projects.py PROGRAM CLI SAMPLE [TEST...]

PROGRAM is build/app/fettle, CLI build/cli/fettle-cli; SAMPLE is the folder of the sample model.
"""

import glob
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

from workbench import INSIDE, Atspi, GLib, Role, State, Workbench, has_state

from gi.repository import Gio

PROGRAM, CLI, SAMPLE = sys.argv[1:4]
MODEL = os.path.join(SAMPLE, "bearing.tflite")
CALIBRATION = os.path.join(SAMPLE, "bearing_calib_x.npy")
OBJECT = "/io/github/fettle/Fettle"


def activate(path, action):
    bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)
    bus.call_sync("io.github.fettle.Fettle", path, "org.gtk.Actions", "Activate",
                  GLib.Variant("(sava{sv})", (action, [], {})), None,
                  Gio.DBusCallFlags.NONE, 10_000, None)


def choose(bench, name, number):
    Atspi.Selection.select_child(bench.find(Role.COMBO_BOX, name), number)


class ProjectFiles(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(dir=os.environ[INSIDE])
        self.data = shutil.copy(CALIBRATION, os.path.join(self.folder, "data.npy"))
        self.project = os.path.join(self.folder, "bearing.fettle")
        subprocess.run([CLI, "tune", MODEL, "--calibrate", self.data, "-o", self.project],
                       check=True, timeout=120, stdout=subprocess.DEVNULL)

    def save_int4(self):
        """Tunes the project to int4 on data beside it, and saves that."""
        with Workbench(PROGRAM, "--calibrate", self.data, self.project) as bench:
            bench.wait_for_text("tuned to int8")
            bench.click(Role.TOGGLE_BUTTON, "Recipe")
            bench.wait_for_text("The model that is shown was made so.")
            choose(bench, "Weights", 1)
            bench.click(Role.PUSH_BUTTON, "Tune")
            bench.wait_for("something to save", lambda: bench.title().startswith("• "))
            bench.wait_for_text("The model that is shown was made so.")
            activate(OBJECT + "/window/1", "save")
            bench.wait_for("all to be saved", lambda: not bench.title().startswith("• "))

    def assert_int4(self, bench):
        bench.wait_for_text("tuned to")
        bench.click(Role.TOGGLE_BUTTON, "Recipe")
        bench.wait_for_text("int4 weights, int8 activations")

    def test_saved_project_comes_back_with_its_data(self):
        self.save_int4()
        with Workbench(PROGRAM, self.project) as bench:
            self.assert_int4(bench)
            bench.wait_for_text("The model that is shown was made so.")
            bench.show_page("Quantization")
            bench.wait_for_text("Largest: layer")  # compared again, with the data that it found

    def test_project_moves_with_its_data(self):
        self.save_int4()
        moved = self.folder + "-moved"
        os.rename(self.folder, moved)
        with Workbench(PROGRAM, os.path.join(moved, "bearing.fettle")) as bench:
            self.assert_int4(bench)
            bench.wait_for_text("The model that is shown was made so.")
            self.assertEqual(Atspi.Text.get_text(bench.find(Role.TEXT, "Data"), 0, -1),
                             os.path.join(moved, "data.npy"))

    def test_missing_and_changed_data_are_told(self):
        self.save_int4()
        os.rename(self.data, self.data + ".away")
        with Workbench(PROGRAM, self.project) as bench:
            self.assertIn("choose them again", bench.wait_for_message("data.npy"))
            self.assert_int4(bench)
        shutil.copy(os.path.join(SAMPLE, "bearing_eval_x.npy"), self.data)
        with Workbench(PROGRAM, self.project) as bench:
            self.assertIn("tune again", bench.wait_for_message("data.npy"))
            self.assert_int4(bench)
            bench.wait_for_text("Changed since")


class Leaving(unittest.TestCase):
    def test_killed_program_offers_its_work(self):
        home = tempfile.mkdtemp(dir=os.environ[INSIDE])
        with Workbench(PROGRAM, "--calibrate", CALIBRATION, MODEL, home=home) as bench:
            bench.wait_for_text("tuned to int8")
            bench.click(Role.TOGGLE_BUTTON, "Recipe")
            choose(bench, "Weights", 1)
            bench.wait_for_text("Changed since")
            bench.wait_for("a copy", lambda: glob.glob(home + "/fettle/recovery/*.fettle"))
            first = os.stat(glob.glob(home + "/fettle/recovery/*.fettle")[0]).st_mtime_ns
            choose(bench, "Activations", 1)
            choose(bench, "Activations", 0)
            bench.wait_for("a newer copy", lambda: os.stat(
                glob.glob(home + "/fettle/recovery/*.fettle")[0]).st_mtime_ns > first)
            os.kill(bench.process.pid, signal.SIGKILL)
            bench.process.wait()
        with Workbench(PROGRAM, home=home) as bench:
            bench.wait_for_text("Work on bearing.tflite of ")
            bench.click(Role.PUSH_BUTTON, "Recover")
            bench.wait_for_text("tuned to int8")
            self.assertTrue(bench.title().startswith("• "))
            bench.click(Role.TOGGLE_BUTTON, "Recipe")
            bench.wait_for_text("int4 weights, int8 activations")
            bench.wait_for_text("Changed since")
            os.kill(bench.process.pid, signal.SIGKILL)
            bench.process.wait()
        with Workbench(PROGRAM, home=home) as bench:
            bench.wait_for_text("Work on bearing.tflite of ")
            bench.click(Role.PUSH_BUTTON, "Discard")
            bench.wait_for("the copy to go",
                           lambda: not os.listdir(home + "/fettle/recovery"))

    def test_other_window_keeps_its_copy(self):
        home = tempfile.mkdtemp(dir=os.environ[INSIDE])
        with Workbench(PROGRAM, "--calibrate", CALIBRATION, MODEL, home=home) as bench:
            bench.wait_for_text("tuned to int8")
            bench.wait_for("a copy", lambda: glob.glob(home + "/fettle/recovery/*.fettle"))
            subprocess.run([PROGRAM, MODEL], check=True, timeout=60)  # a window of its own
            self.assertNotIn("was not saved", " ".join(bench.texts()))

    def test_window_comes_back_as_it_was_left(self):
        home = tempfile.mkdtemp(dir=os.environ[INSIDE])
        with Workbench(PROGRAM, MODEL, home=home) as bench:
            bench.show_page("Arena")
            bench.click(Role.TOGGLE_BUTTON, "Recipe")
            bench.find(Role.PUSH_BUTTON, "Tune")
            activate(OBJECT, "dark")
            activate(OBJECT, "quit")
            self.assertEqual(bench.process.wait(60), 0)
        with Workbench(PROGRAM, MODEL, home=home) as bench:
            bench.find(Role.CHART, "Arena")
            bench.find(Role.PUSH_BUTTON, "Tune")
            self.assertTrue(has_state(bench.find(Role.TOGGLE_BUTTON, "Recipe"), State.CHECKED))
        with open(home + "/fettle/preferences.ini", encoding="utf-8") as file:
            self.assertIn("dark=true", file.read())


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[4:]], verbosity=2, warnings="ignore")  # of Atspi's older names
