#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""profiling.py: fettle-cli profile --validate and --continuous.

    profiling.py FETTLE_CLI SAMPLE_DIRECTORY SIMULATED_BOARD

A board that computes something else is made of the simulated one by a program between the two, which changes
the checksum of one layer.
"""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM, SAMPLE, BOARD = (os.path.abspath(path) for path in sys.argv[1:4])
FLOAT_MODEL = os.path.join(SAMPLE, "bearing.tflite")
DEADLINE = 300
WRONG_LAYER = 3

LIAR = """#!/usr/bin/python3
import select, socket, struct, subprocess, sys, zlib
desktop = socket.socket(fileno=int(sys.argv[1]))
here, there = socket.socketpair()
board = subprocess.Popen([%(board)r, str(there.fileno())], pass_fds=[there.fileno()])
there.close()
pending = b""
CHECKSUM = 35


def take_frame():
    global pending
    if len(pending) < 16:
        return None
    size = 16 + struct.unpack_from("<I", pending, 8)[0]
    if len(pending) < size:
        return None
    frame, pending = pending[:size], pending[size:]
    return frame


def lie(frame):
    if frame[5] != CHECKSUM or struct.unpack_from("<H", frame, 16)[0] != %(layer)d:
        return frame
    body = bytearray(frame[:-4])
    body[24] ^= 1
    return bytes(body) + struct.pack("<I", zlib.crc32(body))


while True:
    for ready in select.select([desktop, here], [], [])[0]:
        data = ready.recv(65536)
        if not data:
            board.kill()
            sys.exit(0)
        if ready is desktop:
            here.sendall(data)
            continue
        pending += data
        while (frame := take_frame()) is not None:
            desktop.sendall(lie(frame))
"""


def start(model, *arguments, **environment):
    return subprocess.Popen([PROGRAM, "profile", model, "--board", *arguments],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                            env={**os.environ, **environment})


def execute(*arguments, **environment):
    running = start(*arguments, **environment)
    output, errors = running.communicate(timeout=DEADLINE)
    return running.returncode, output, errors


def problem_of(board):
    listed = json.loads(subprocess.check_output([PROGRAM, "boards", "--json"]))
    return [entry["problem"] for entry in listed if entry["id"] == board][0]


class Case(unittest.TestCase):
    """With the sample, tuned to int8."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="fettle-profiling-")
        cls.model = os.path.join(cls.folder.name, "tuned.fettle")
        subprocess.run([PROGRAM, "tune", FLOAT_MODEL, "--calibrate",
                        os.path.join(SAMPLE, "bearing_calib_x.npy"), "-o", cls.model],
                       check=True, stdout=subprocess.DEVNULL)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()


class Validate(Case):
    def validate(self, board):
        if problem_of(board):
            self.skipTest(problem_of(board))
        status, output, errors = execute(self.model, board, "--runs", "2", "--validate", "--json")
        self.assertEqual((status, errors), (0, ""))
        found = json.loads(output)
        self.assertEqual(found["retries"], 0)
        self.assertEqual(found["validation"], {
            "same": True, "outputs_compared": 1, "outputs_different": 0,
            "layers_compared": len(found["layers"]), "first_difference": None})

    def test_simulated(self):
        self.validate("simulated")

    def test_virtual(self):
        self.validate("virtual-m4")

    def test_virtual_with_helium(self):
        self.validate("virtual-m55")

    def test_text(self):
        status, output, _ = execute(self.model, "simulated", "--validate")
        self.assertEqual(status, 0)
        self.assertRegex(output, r"\nValidated: the outputs of all \d+ layers are the same")

    def lie(self, model):
        liar = os.path.join(self.folder.name, "fettle-simulated-board")
        with open(liar, "w", encoding="utf-8") as file:
            file.write(LIAR % {"board": BOARD, "layer": WRONG_LAYER})
        os.chmod(liar, 0o700)
        status, output, errors = execute(model, "simulated", "--validate", "--json",
                                         FETTLE_LIBEXECDIR=self.folder.name)
        found = json.loads(output)
        self.assertFalse(found["validation"]["same"])
        return status, found, found["validation"]["first_difference"], errors

    def test_float_results_may_differ(self):
        status, _, wrong, errors = self.lie(FLOAT_MODEL)
        self.assertEqual((status, errors), (0, ""))
        self.assertTrue(wrong["float"])

    def test_wrong_layer_is_named(self):
        status, found, wrong, errors = self.lie(self.model)
        self.assertEqual(status, 1)
        self.assertFalse(wrong["float"])
        self.assertEqual(wrong["index"], WRONG_LAYER)
        self.assertEqual(wrong["name"], found["layers"][WRONG_LAYER]["name"])
        self.assertIn("first in layer %d (%s" % (WRONG_LAYER, wrong["name"]), errors)


class Continuous(Case):
    def wait_for_board(self, running):
        end = time.monotonic() + DEADLINE
        path = "/proc/%d/task/%d/children" % (running.pid, running.pid)
        while time.monotonic() < end and running.poll() is None:
            with open(path, encoding="ascii") as file:
                for child in file.read().split():
                    with open("/proc/%s/stat" % child, encoding="ascii") as stat:
                        if sum(map(int, re.split(r"\) ", stat.read())[1].split()[11:13])) >= 20:
                            return
            time.sleep(0.05)
        self.fail("the board does not compute")

    def test_until_interrupted(self):
        running = start(self.model, "simulated", "--continuous", "--validate", "--json")
        try:
            self.wait_for_board(running)
            running.send_signal(signal.SIGINT)
            output, errors = running.communicate(timeout=DEADLINE)
        finally:
            running.kill()
        self.assertEqual((running.returncode, errors), (0, ""))
        found = json.loads(output)
        self.assertGreater(found["runs"], 5)
        self.assertTrue(found["validation"]["same"])
        self.assertGreater(found["validation"]["outputs_compared"], 2)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
