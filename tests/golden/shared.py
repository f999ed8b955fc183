# SPDX-License-Identifier: GPL-3.0-or-later
"""shared.py: the models, data and golden vectors beside the checkout, which not everybody has."""

import os
import sys

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
SHARED = os.environ.get("FETTLE_SHARED", os.path.join(ROOT, "..", "shared"))

# Meson's exit status for a skipped test.
SKIPPED = 77


def path(*parts):
    return os.path.join(SHARED, *parts)


def require(*folders):
    """Ends the test as skipped if one of FOLDERS is missing."""
    for folder in folders:
        if not os.path.isdir(path(folder)):
            print("SKIP: there is no %s; set FETTLE_SHARED to the folder that has it."
                  % os.path.normpath(path(folder)))
            sys.exit(SKIPPED)
