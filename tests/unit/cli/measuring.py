#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""measuring.py: drives the commands of fettle-cli that judge a model, on the sample.

    measuring.py FETTLE_CLI SAMPLE_DIRECTORY
"""

import math
import os
import signal
import statistics
import subprocess
import sys
import unittest

from commands import (CALIBRATION, DATA, DEADLINE, LABELS, MODEL, PROGRAM, Case, execute, read_bytes,
                      read_npy, write_npy)


class Eval(Case):
    def test_accuracy(self):
        for model, least in ((MODEL, 385), (self.tuned, 380)):
            found = self.succeed_json("eval", model, "--data", DATA, "--labels", LABELS)
            self.assertEqual(found["n"], 400)
            self.assertGreaterEqual(found["correct"], least)
            self.assertEqual(found["accuracy"], found["correct"] / 400)

    def test_text(self):
        self.assertRegex(self.succeed("eval", MODEL, "--data", DATA, "--labels", LABELS),
                         r"\A\d+ of 400 correct: \d+\.\d\d %\n95 % confidence: [^\n]+\n\Z")
        text = self.succeed("eval", self.tuned, "--data", DATA, "--labels", LABELS)
        self.assertIn("McNemar", text)
        self.assertIn("Same class as the float model", text)

    def outputs(self, model):
        """The outputs of all samples, through another command."""
        self.succeed("run", model, "--input", DATA, "--output", self.path("out.npy"))
        shape, values = read_npy(self.path("out.npy"))
        self.assertEqual(shape[0], 400)
        return [list(values[4 * i:4 * i + 4]) for i in range(400)]

    def test_against_python(self):
        """Interval, McNemar's test, divergence and SQNR, all from the outputs."""
        _, labels = read_npy(LABELS)
        model, reference = self.outputs(self.tuned), self.outputs(MODEL)
        found = self.succeed_json("eval", self.tuned, "--data", DATA, "--labels", LABELS)
        right, float_right = ([row.index(max(row)) == label for row, label in zip(rows, labels)]
                              for rows in (model, reference))
        self.assertEqual(found["correct"], sum(right))
        self.assertEqual(found["float_correct"], sum(float_right))
        only = sum(a and not b for a, b in zip(right, float_right))
        float_only = sum(b and not a for a, b in zip(right, float_right))
        self.assertEqual(found["mcnemar"]["model_only"], only)
        self.assertEqual(found["mcnemar"]["float_only"], float_only)
        tail = sum(math.comb(only + float_only, i) for i in range(min(only, float_only) + 1))
        self.assertAlmostEqual(found["mcnemar"]["p_value"],
                               min(1, 2 * tail / 2 ** (only + float_only)))
        self.assertAlmostEqual(found["agreement"],
                               sum(a.index(max(a)) == b.index(max(b))
                                   for a, b in zip(model, reference)) / 400)
        share, square = sum(right) / 400, statistics.NormalDist().inv_cdf(0.975) ** 2
        # Wilson's bounds are where the share is as far from them as its deviation allows.
        for bound in found["confidence_95"]:
            self.assertAlmostEqual((share - bound) ** 2, square * bound * (1 - bound) / 400)
        signal = sum(value * value for row in reference for value in row)
        error = sum((a - b) ** 2 for rows in zip(model, reference) for a, b in zip(*rows))
        self.assertAlmostEqual(found["output_sqnr_db"], 10 * math.log10(signal / error), 4)
        self.assertAlmostEqual(found["output_kl"], sum(map(self.diverge, reference, model)) / 400)

    @staticmethod
    def diverge(expected, actual):
        p, q = ([max(value / sum(row), 2 ** -16) for value in row] for row in (expected, actual))
        return sum(a / sum(p) * math.log(a / sum(p) / (b / sum(q))) for a, b in zip(p, q))

    def test_auc_against_python(self):
        """All pairs, one by one; then with the means of groups of two."""
        _, labels = read_npy(LABELS)
        scores = [row[3] for row in self.outputs(self.tuned)]
        is_last = [float(label == 3) for label in labels]
        write_npy(self.path("last.npy"), [400], is_last)
        # Two samples of one label share a number, which int32 holds and float32 does not.
        ids, members = [], {}
        for index, label in enumerate(is_last):
            count = sum(is_last[:index]) if label else index - sum(is_last[:index])
            ids.append(20000000 + 2 * int(count // 2) + int(label))
            members.setdefault((ids[-1], label), []).append(scores[index])
        write_npy(self.path("ids.npy"), [400], ids, "i")
        for options, rows in (
                ((), list(zip(is_last, scores))),
                (("--groups", self.path("ids.npy")),
                 [(label, sum(group) / len(group)) for (_, label), group in members.items()])):
            found = self.succeed_json("eval", self.tuned, "--data", DATA, "--labels",
                                      self.path("last.npy"), "--metric", "auc", *options)
            auc, low, high = self.delong([score for label, score in rows if label],
                                         [score for label, score in rows if not label])
            self.assertEqual(found["n"], 400)
            self.assertEqual(found["positive"] + found["negative"], len(rows))
            self.assertAlmostEqual(found["auc"], auc)
            self.assertAlmostEqual(found["confidence_95"][0], low)
            self.assertAlmostEqual(found["confidence_95"][1], high)
            self.assertGreater(found["float_auc"], 0.9)

    @staticmethod
    def delong(positive, negative):
        wins = [[(a > b) + 0.5 * (a == b) for b in negative] for a in positive]
        rows = [sum(row) / len(negative) for row in wins]
        columns = [sum(column) / len(positive) for column in zip(*wins)]
        auc = statistics.fmean(rows)
        variance = statistics.variance(rows, auc) / len(rows) \
            + statistics.variance(columns, auc) / len(columns)
        half = statistics.NormalDist().inv_cdf(0.975) * math.sqrt(variance)
        return auc, max(0, auc - half), min(1, auc + half)

    def test_table_with_labels(self):
        """The same numbers as text give the same result."""
        _, values = read_npy(DATA)
        _, labels = read_npy(LABELS)
        with open(self.path("data.csv"), "w", encoding="ascii") as file:
            for index in range(50):
                row = [*values[1024 * index:1024 * index + 1024], labels[index]]
                file.write(",".join(map(repr, row)) + "\n")
        write_npy(self.path("x.npy"), [50, 64, 16], values[:50 * 1024])
        write_npy(self.path("y.npy"), [50], labels[:50])
        expected = self.succeed("eval", self.tuned, "--data", self.path("x.npy"), "--labels",
                                self.path("y.npy"), "--json")
        self.assertEqual(self.succeed("eval", self.tuned, "--data", self.path("data.csv"),
                                      "--labels", "column:1025", "--json"), expected)

    def test_column_of_labels_is_left_out(self):
        """A table with labels is as good as one without, for commands that need none."""
        _, values = read_npy(DATA)
        for name, extra in (("plain.csv", ""), ("labelled.csv", "class,")):
            with open(self.path(name), "w", encoding="ascii") as file:
                file.write(extra + ",".join(f"x{k}" for k in range(1024)) + "\n")
                for index in range(12):
                    row = map(repr, values[1024 * index:1024 * index + 1024])
                    file.write((extra and "3,") + ",".join(row) + "\n")
        column = ("--labels", "column:class")
        results = []
        for name, extra in (("plain.csv", ()), ("labelled.csv", column)):
            out = self.path(name + ".fettle")
            self.succeed("tune", MODEL, "--calibrate", self.path(name), "-o", out, *extra)
            results.append([self.succeed_json(command, out, "--data", self.path(name), *extra)
                            for command in ("error", "histogram")])
        for found, expected in zip(results[1], results[0]):
            self.assertEqual(found, expected)
        self.fail_with("tune", MODEL, "--calibrate", self.path("labelled.csv"), "-o",
                       self.path("y.fettle"), says=["1025"])
        self.fail_with("tune", MODEL, "--calibrate", self.path("labelled.csv"), "-o",
                       self.path("y.fettle"), "--labels", "names", status=2, says=["column:NAME"])
        self.fail_with("tune", MODEL, "--calibrate", CALIBRATION, "-o", self.path("y.fettle"),
                       *column, says=["not a table"])

    def test_wrong_range_is_noted(self):
        done = execute("eval", self.tuned, "--data", DATA, "--labels", LABELS, "--scale", "1000")
        self.assertEqual(done.returncode, 0)
        self.assertIn("made for", done.stderr)

    def test_preprocessing_that_does_not_exist(self):
        for option, value in (("--mean", "1,x"), ("--std", "0"), ("--std", "1,2,3,4,5"),
                              ("--channels", "grb")):
            self.fail_with("eval", MODEL, "--data", DATA, "--labels", LABELS, option, value,
                           status=2, says=[option])

    def test_metrics_that_do_not_exist(self):
        for arguments, says in ((("--metric", "f1"), "f1"),
                                (("--groups", LABELS), "--groups")):
            self.fail_with("eval", MODEL, "--data", DATA, "--labels", LABELS, *arguments,
                           status=2, says=[says])

    def test_labels_that_do_not_fit(self):
        write_npy(self.path("labels.npy"), [400], [4.0] * 400)
        self.fail_with("eval", MODEL, "--data", DATA, "--labels", self.path("labels.npy"),
                       says=["sample 0 is 4"])
        write_npy(self.path("labels.npy"), [399], [0.0] * 399)
        self.fail_with("eval", MODEL, "--data", DATA, "--labels", self.path("labels.npy"),
                       says=["399", "400"])

    def test_forgotten_scale_is_mentioned(self):
        out = self.path("scaled.fettle")
        self.succeed("tune", MODEL, "--calibrate", CALIBRATION, "-o", out, "--scale", "0.5")
        done = execute("eval", out, "--data", DATA, "--labels", LABELS)
        self.assertEqual(done.returncode, 0)
        self.assertIn("--scale 0.5", done.stderr)
        self.succeed("eval", out, "--data", DATA, "--labels", LABELS, "--scale", "0.5")


class Error(Case):
    FIGURES = ("sqnr_db", "mse", "cosine", "max_error", "clipped_share")

    def test_json(self):
        layers = self.succeed_json("inspect", self.tuned)["layers"]
        found = self.succeed_json("error", self.tuned, "--data", DATA, "--samples", "5")
        self.assertEqual(found["n"], 5)
        self.assert_keys(found["output"], "kl", "agreement", *self.FIGURES)
        self.assertEqual(len(found["layers"]), len(layers))
        for layer, expected in zip(found["layers"], layers):
            for key in ("index", "name", "op"):
                self.assertEqual(layer[key], expected[key])
            self.assertTrue(layer["known"])
            self.assert_keys(layer["standing"], *self.FIGURES)
            for way in ("only", "all_but"):
                self.assert_keys(layer[way]["layer"], *self.FIGURES)
                self.assert_keys(layer[way]["output"], "kl", "agreement", *self.FIGURES)
        self.assertEqual(found["layers"][-1]["standing"]["mse"], found["output"]["mse"])

    def test_text(self):
        text = self.succeed("error", self.tuned, "--data", DATA, "--samples", "2")
        self.assertIn("DEPTHWISE_CONV_2D", text)
        self.assertIn("over 2 samples", text)

    def test_float_model_has_no_error(self):
        self.fail_with("error", MODEL, "--data", DATA, says=["fettle-cli tune"])


class Interrupt(Case):
    """Work of many minutes is given up at once, and leaves nothing behind."""

    N = 2000

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        _, values = read_npy(DATA)
        write_npy(os.path.join(cls.directory.name, "long.npy"), [cls.N, 64, 16],
                  values * (cls.N // 400))

    def interrupt(self, number, *arguments):
        with subprocess.Popen([PROGRAM, *arguments, self.path("long.npy"), "--progress"],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
            line = running.stderr.readline()
            running.send_signal(number)
            out, err = running.communicate(timeout=DEADLINE)
        self.assertRegex(line, r"\A *\d+ %  ")
        self.assertEqual(out, "")
        self.assertEqual(err.splitlines()[-1], "fettle-cli: Cancelled; nothing was written.")
        self.assertEqual(running.returncode, 128 + number)

    def test_measurement(self):
        self.interrupt(signal.SIGINT, "error", self.tuned, "--samples", str(self.N), "--data")
        self.interrupt(signal.SIGTERM, "sensitivity", self.tuned, "--samples", str(self.N), "--data")

    def test_tuning(self):
        out = self.path("never.fettle")
        self.interrupt(signal.SIGINT, "tune", MODEL, "-o", out, "--calibrate")
        self.assertEqual([name for name in os.listdir(self.directory.name) if "never" in name], [])
        with open(out, "w", encoding="ascii") as file:
            file.write("old")
        self.interrupt(signal.SIGINT, "tune", MODEL, "-o", out, "--weights", "int4", "--calibrate")
        self.assertEqual(read_bytes(out), b"old")


class Progress(Case):
    def test_lines(self):
        """Percents that rise to 100, without a terminal only if asked for."""
        done = execute("tune", MODEL, "--calibrate", CALIBRATION, "-o", self.path("x.fettle"),
                       "--progress")
        self.assertEqual(done.returncode, 0)
        percents = [int(line.split("%")[0]) for line in done.stderr.splitlines()]
        self.assertEqual(percents, sorted(percents))
        self.assertEqual(percents[-1], 100)
        self.assertGreaterEqual(len(set(percents)), 3)
        for command in ("error", "histogram", "sensitivity"):
            done = execute(command, self.tuned, "--data", DATA, "--samples", "3", "--progress")
            self.assertEqual(done.returncode, 0)
            self.assertRegex(done.stderr, r"100 %  [^\n]*\n\Z")


class Histogram(Case):
    SPREAD = ("float_range", "dequantized_range", "limits", "clipped_share", "sqnr_db", "mse",
              "max_error")

    def test_all_layers(self):
        found = self.succeed_json("histogram", self.tuned, "--data", DATA, "--samples", "6")
        self.assertEqual(found["n"], 6)
        layers = self.succeed_json("inspect", self.tuned)["layers"]
        for tensor in found["tensors"]:
            layer = layers[tensor["index"]]
            self.assertEqual((tensor["name"], tensor["op"]), (layer["name"], layer["op"]))
            self.assert_keys(tensor, "kind", "tensor", "type", "imbalance", *self.SPREAD)
            self.assertGreaterEqual(tensor["dequantized_range"][0], tensor["limits"][0])
            for side in ("float", "dequantized"):
                counts = tensor["histogram"][side]
                self.assertLessEqual(len(counts), 64)
                if tensor["kind"] == "activations":
                    self.assertEqual(sum(counts), 6 * math.prod(layer["output_shape"]))
            self.assertNotIn("histogram", tensor["channels"][0])
        self.assertEqual([tensor["index"] for tensor in found["tensors"]
                          if tensor["kind"] == "activations"], list(range(len(layers))))

    def test_one_layer_against_the_output(self):
        """The last layer's histogram, counted anew from what another command writes."""
        found = self.succeed_json("histogram", self.tuned, "--data", DATA, "--samples", "400",
                                  "--layer", "head/softmax")["tensors"]
        self.assertEqual([tensor["kind"] for tensor in found], ["activations"])
        for model, side in ((MODEL, "float"), (self.tuned, "dequantized")):
            self.succeed("run", model, "--input", DATA, "--output", self.path("out.npy"))
            _, values = read_npy(self.path("out.npy"))
            for channel in found[0]["channels"]:
                own, bins = values[channel["channel"]::4], channel["histogram"]
                for end, expected in zip(channel[side + "_range"], (min(own), max(own))):
                    self.assertAlmostEqual(end, expected, 6)
                counts = [0] * len(bins[side])
                for value in own:
                    place = math.floor((value - bins["start"]) / bins["width"])
                    counts[min(max(place, 0), len(counts) - 1)] += 1
                # Equalization has changed the last digits of the float model that is kept.
                self.assertLessEqual(sum(abs(a - b) for a, b in zip(bins[side], counts)),
                                     2 if side == "float" else 0)

    def test_weights_need_no_data(self):
        found = self.succeed_json("histogram", self.tuned)
        self.assertEqual(found["n"], 0)
        self.assertEqual({tensor["kind"] for tensor in found["tensors"]}, {"weights"})
        for tensor in found["tensors"]:
            # Half a step, which is a 254th of a channel's range; scales are float32.
            for channel in tensor["channels"]:
                self.assertGreater(channel["limits"][1], 0)

    def test_text(self):
        text = self.succeed("histogram", self.tuned, "--data", DATA, "--samples", "2")
        self.assertIn("block1/depthwise", text)
        self.assertIn("on 2 samples", text)
        text = self.succeed("histogram", self.tuned, "--data", DATA, "--samples", "2",
                            "--layer", "2", "--channel", "5")
        self.assertEqual(text.count("block1/pointwise"), 2)
        self.assertIn("\u2588", text)

    def test_picture(self):
        for suffix, magic in ((".svg", b"<?xml"), (".png", b"\x89PNG"), (".pdf", b"%PDF")):
            path = self.path("values" + suffix)
            self.succeed("histogram", self.tuned, "--layer", "1", "--picture", path)
            first = read_bytes(path)
            self.assertTrue(first.startswith(magic))
            self.succeed("histogram", self.tuned, "--layer", "1", "--picture", path, "--channel", "2")
            self.assertNotEqual(read_bytes(path), first)
        self.fail_with("histogram", self.tuned, "--layer", "1", "--picture", self.path("x.gif"),
                       says=[".svg"])
        self.fail_with("histogram", self.tuned, "--picture", self.path("x.svg"), status=2,
                       says=["--layer"])

    def test_what_is_not_there(self):
        for arguments, says in ((("--layer", "nowhere"), "nowhere"),
                                (("--layer", "18"), "18"),
                                (("--layer", "0", "--channel", "16", "--data", DATA), "0 to 15"),
                                (("--channel", "1"), "--layer")):
            self.fail_with("histogram", self.tuned, *arguments, status=2, says=[says])
        self.fail_with("histogram", MODEL, "--data", DATA, says=["fettle-cli tune"])


class Sensitivity(Case):
    def test_json(self):
        found = self.succeed_json("sensitivity", self.tuned, "--data", DATA, "--labels", LABELS,
                                  "--samples", "4")
        self.assertEqual(found["n"], 4)
        keys = ("output_sqnr_db", "output_kl", "agreement", "correct", "image_bytes",
                "arena_bytes")
        self.assert_keys(found["present"], *keys)
        self.assertEqual(sorted(layer["index"] for layer in found["layers"]), list(range(17)))
        costs = [layer["cost_db"] for layer in found["layers"]]
        self.assertEqual(costs, sorted(costs, reverse=True))
        for layer in found["layers"]:
            types = [alternative["type"] for alternative in layer["alternatives"]]
            self.assertIn("float32", types)
            self.assertEqual("int4" in types, layer["op"] in
                             ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED"))
            for alternative in layer["alternatives"]:
                self.assert_keys(alternative, *keys)

        # Of the layer with the most weights, half of them are gone.
        layers = self.succeed_json("inspect", self.tuned)["layers"]
        largest = max(layers, key=lambda layer: layer["weight_bytes"])["index"]
        layer, = (layer for layer in found["layers"] if layer["index"] == largest)
        sizes = {alternative["type"]: alternative["image_bytes"]
                 for alternative in layer["alternatives"]}
        self.assertLess(sizes["int4"], found["present"]["image_bytes"] - 500)
        self.assertGreater(sizes["float32"], found["present"]["image_bytes"] + 500)

    def test_text(self):
        text = self.succeed("sensitivity", self.tuned, "--data", DATA, "--samples", "2")
        self.assertIn("int16", text)
        self.assertIn("over 2 samples", text)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
