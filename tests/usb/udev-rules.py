#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""udev-rules.py: data/70-fettle.rules is what udev can read, does what it says, and is installed.

    udev-rules.py BUILD RULES TEST_RULES

RULES belong to the build, TEST_RULES are the same with the pair for private tests. Debian 12's udevadm
has no verify, so the grammar of udev(7) is checked here, as far as the rules use it.
"""

import json
import os
import re
import subprocess
import sys
import unittest

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
BUILD, RULES, TEST_RULES = sys.argv[1:]
UACCESS = 73  # the number of systemd's own rules, 73-seat-late.rules

TERM = re.compile(r'([A-Z]+)(?:\{([A-Za-z_]+)\})?(==|!=|\+=|:=|=)"([^"]*)"')
MATCHES = {"SUBSYSTEM": None, "ENV": str, "ATTR": str, "ATTRS": str}
ASSIGNMENTS = {("MODE", "="), ("TAG", "+="), ("ENV", "=")}


def read(path):
    """The rules, each a list of (key, attribute, operator, value)."""
    rules = []
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip("\n")
            if not line or line.startswith("#"):
                continue
            terms = []
            for text in line.split(", "):
                match = TERM.fullmatch(text)
                if match is None:
                    raise AssertionError(f"{path}:{number}: udev cannot read {text}")
                terms.append(match.groups())
            rules.append(terms)
    return rules


def ids(rule, key):
    """(vendor, product or None) that RULE matches by KEY, ATTR or ATTRS."""
    found = {attribute: value for name, attribute, operator, value in rule
             if name == key and operator == "=="}
    return found.get("idVendor"), found.get("idProduct")


def serial_kinds():
    """The debuggers and boards whose ports the profiler lists."""
    with open(os.path.join(ROOT, "profiler", "serial-ports.c"), encoding="utf-8") as file:
        rows = re.findall(r'\{ "([0-9a-f]{4})", (?:NULL|"([0-9a-f]{4})"), "', file.read())
    assert rows, "serial-ports.c has no table of kinds"
    return [(vendor, product or None) for vendor, product in rows]


class UdevRules(unittest.TestCase):
    def test_grammar(self):
        for path in (RULES, TEST_RULES):
            for rule in read(path):
                for key, attribute, operator, value in rule:
                    if operator == "==":
                        self.assertIn(key, MATCHES)
                    else:
                        self.assertIn((key, operator), ASSIGNMENTS)
                    self.assertEqual(attribute is not None, key in ("ENV", "ATTR", "ATTRS"))
                    if attribute in ("idVendor", "idProduct"):
                        self.assertRegex(value, "^[0-9a-f]{4}$")
                self.assertNotEqual(rule[-1][2], "==", "a rule that does nothing")

    def test_number(self):
        self.assertLess(int(os.path.basename(RULES).split("-")[0]), UACCESS)

    def test_agents(self):
        expected = [("SUBSYSTEM", None, "==", "usb"), ("ENV", "DEVTYPE", "==", "usb_device"),
                    ("ATTR", "idVendor", "==", "1209"), ("ATTR", "idProduct", "==", "0001"),
                    ("MODE", None, "=", "0660"), ("TAG", None, "+=", "uaccess")]
        self.assertIn(expected, read(TEST_RULES))
        self.assertLess(len(read(TEST_RULES)) - len(read(RULES)), 2)

    def test_serial_ports(self):
        rules = read(RULES)
        opened = [ids(rule, "ATTRS") for rule in rules
                  if rule[0][3] == "tty" and rule[-1] == ("TAG", None, "+=", "uaccess")]
        ignored = [ids(rule, "ATTR") for rule in rules
                   if rule[-1] == ("ENV", "ID_MM_DEVICE_IGNORE", "=", "1")]
        self.assertEqual(sorted(opened, key=str), sorted(serial_kinds(), key=str))
        self.assertEqual(sorted(ignored, key=str), sorted(serial_kinds(), key=str))

    def test_installed(self):
        installed = json.loads(subprocess.check_output(["meson", "introspect", "--installed", BUILD]))
        self.assertTrue(installed[os.path.realpath(RULES)].endswith("/lib/udev/rules.d/70-fettle.rules"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
