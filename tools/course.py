"""Facts about the course that tools and tests share, each stated once.

What holds for one lesson alone stands in that notebook's metadata, under "course":

    "trains": true              it has the sections of `SECTIONS`, in this order
    "exact_cells": [2, 10]      fewest and most cells tagged nbval-check-output
    "exercises": [1, 4]         fewest and most exercises
    "writes_file": true         one cell may begin with %%writefile
"""

import json
import re
import tomllib
from pathlib import Path

from course_utils.doctor import MEMORY_NEEDED

ROOT = Path(__file__).parents[1]
NOTEBOOKS = ROOT / "notebooks"
README = ROOT / "README.md"
# Where the course lives: see pyproject.toml, [tool.course].
COURSE = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["course"]
HOME = COURSE["home"]

MEMORY_BUDGET = MEMORY_NEEDED  # bytes, asserted of every kernel wherever pytest runs
QUIET_MEMORY = 1.0e9  # bytes, one lesson on a quiet machine, 0.05 of it its explorers
BUSY_MEMORY = 1.1e9  # bytes, one lesson with two busy processes beside it
BINDER_MEMORY = 2e9  # bytes, what Binder gives to the server and all kernels
SECONDS = 180  # all cells of one lesson
ALL_SECONDS = 14 * 60  # all lessons together
CELL_TIMEOUT = 300  # seconds, one cell; pyproject.toml gives it to nbval too
CORES = 2  # the texts say "on two CPU cores"

# The H2 sections of a lesson that trains; others may stand between them.
SECTIONS = [
    "Data",
    "Model",
    "Loss",
    "Training",
    "Evaluation",
    "What it learned",
    "What goes wrong",
    "Exercises",
    "Summary",
]
# The opening cell's line of study, time and memory; tools/ledger.py writes group 2.
OPENING = re.compile(
    r"(\*About \d+ minutes of study; )([^*\n]*)( on two CPU cores\.\*)"
)
OPENING_FIGURES = re.compile(
    r"(?P<seconds>\d+) seconds of computing and (?P<memory>[\d.]+) GB of memory"
)


def lessons():
    """Return the paths of the lessons' notebooks, in order."""
    return sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))


def kept(path):
    """Return what a tool has kept in a JSON file, an empty dict where there is none."""
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def replaced(text, begin, end, new):
    """Return a text with what stands between two marks replaced."""
    before, _, rest = text.partition(begin)
    return before + begin + new + end + rest.partition(end)[2]
