#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""default-recipes.py: the options by which tune chooses the steps, and what it says about them.

    default-recipes.py FETTLE_CLI SAMPLE_FOLDER
"""
import json
import os
import sys
import unittest

from cli_case import CliCase, execute

SAMPLE = sys.argv[2]
MODEL = os.path.join(SAMPLE, "bearing.tflite")
CALIBRATION = os.path.join(SAMPLE, "bearing_calib_x.npy")


class DefaultRecipes(CliCase):
    def tune(self, name, *options):
        done = execute("tune", MODEL, "--calibrate", CALIBRATION, *options, "-o", self.path(name))
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return done.stdout.decode()

    def refuse(self, *options, says):
        done = execute("tune", MODEL, "--calibrate", CALIBRATION, *options, "-o",
                       self.path("x.fettle"))
        self.assertEqual(done.returncode, 2)
        for words in says:
            self.assertIn(words, done.stderr.decode())
        self.assertFalse(os.path.exists(self.path("x.fettle")))

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def count_weight_bytes(self, name):
        found = execute("inspect", self.path(name), "--json")
        return json.loads(found.stdout)["weight_bytes"]

    def test_explained_recipe_does_the_same(self):
        found = json.loads(self.tune("a.fettle", "--weights", "int4", "--explain", "--json"))
        names = [step["step"] for step in found["explanation"]]
        self.assertEqual(names[-3:], ["quantize", "round", "correct-bias"])
        self.assertTrue(all(step["reason"] for step in found["explanation"]))
        with open(self.path("r.json"), "w", encoding="utf-8") as file:
            file.write(found["recipe"])
        self.tune("b.fettle", "--recipe", self.path("r.json"))
        self.assertEqual(self.read("a.fettle"), self.read("b.fettle"))

    def test_int4_halves_the_weights(self):
        self.tune("int8.fettle")
        self.tune("int4.fettle", "--weights", "int4")
        self.assertLess(self.count_weight_bytes("int4.fettle"),
                        0.75 * self.count_weight_bytes("int8.fettle"))

    def test_explanation_for_people(self):
        printed = self.tune("a.fettle", "--granularity", "tensor", "--explain")
        self.assertIn("1. fold: ", printed)
        self.assertIn('"granularity" : "per-tensor"', printed)

    def test_int16_activations(self):
        self.tune("a.fettle", "--activations", "int16")

    def test_options_and_a_recipe_contradict_each_other(self):
        for option in (("--weights", "int8"), ("--granularity", "tensor"),
                       ("--activations", "int16"), ("--explain",)):
            self.refuse("--recipe", "int8", *option, says=["--recipe", "leave out"])

    def test_unknown_types(self):
        self.refuse("--weights", "int2", says=["int2", "int4"])
        self.refuse("--granularity", "row", says=["row", "channel"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
