"""What the course does not choose: paths, locales, encodings, a home, fonts, Python -O.

A rehearsal goes through the package as a lesson does, in a process of its own. Asserts
are off under -O, so that it says what it found, and the test compares.
"""

import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import course
import pytest
import refresh
from packaging.version import Version

NAME = "Müllers Übung 1"
REHEARSAL = """
import contextlib
import io
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from course_utils import data, digit_pad, doctor, explorers, plots, runs
from course_utils.cluster import Cluster
from course_utils.exercises import lesson_00, progress
from course_utils.monitor import Monitor

(x_train, y_train), _ = data.load_mnist()
print("digits", len(x_train))

plots.images(x_train[:3], titles=["ä", "→", "✔"])
plots.show(alt="drei Ziffern")  # outside of a notebook IPython prints what it shows
print("figures left", len(plt.get_fignums()))

with Monitor(3, batch_size=2) as monitor:
    for step in range(1, 4):
        monitor.log(step, loss=1 / step)
print("logged", monitor.step)

print(lesson_00.ink_share.check(lambda image: "✘ nicht"))
print(lesson_00.ink_share.check(lambda image: (image > 0).mean()).outcome)
print("done", "✔" in progress().data)

figures = dict.fromkeys(
    ("parameters", "training_seconds", "images_per_second"), 1
)
runs.save("02_mlp", test_accuracy=0.5, weights={"größe": np.ones(3)}, **figures)
print("kept", runs.load("02_mlp")["weights"]["größe"].sum())

pad = digit_pad.DigitPad({"Netz ü": lambda images: np.eye(10)[[3, 3]]})
pad.strokes = [[[0.3, 0.3], [0.6, 0.6]]]
print("pad", "<b>3</b>" in pad.text.value)

script = Path("arbeiter.py")
script.write_text("print('ready: ä ✔')", encoding="utf-8")
with Cluster(script, 2) as cluster:
    print("workers", [said["text"][:5] for said in cluster.lines()])

found = io.StringIO()
with contextlib.redirect_stdout(found):
    doctor.report()
doctor.report()
print("doctor", "70,000 digits" in found.getvalue())
"""
LINES = [
    *("digits 60000", "figures left 0", "logged 3", "correct", "done True"),
    *("kept 3.0", "pad True", "workers ['ready', 'ready']", "doctor True"),
]
# Variables that are set, or taken away where they are None, and options of Python.
SURROUNDINGS = {
    "none": ({}, []),
    "LC_ALL=C": ({"LC_ALL": "C"}, []),
    "no UTF-8 at all": (
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        [],
    ),
    "cp1252": ({"PYTHONIOENCODING": "cp1252"}, []),
    "no HOME": ({"HOME": None, "USERPROFILE": None}, []),
    "a HOME that is not there": ({"HOME": "/none/such"}, []),
    "python -O": ({}, ["-O"]),
    "python -OO": ({}, ["-OO"]),
}


def changed(variables):
    """Return this process's environment with some variables changed."""
    environment = dict(os.environ)
    for name in ("COURSE_RUNS", "PYTHONIOENCODING", "LC_ALL", "MPLCONFIGDIR"):
        environment.pop(name, None)
    for name, value in variables.items():
        environment.pop(name, None)
        if value is not None:
            environment[name] = value
    return environment


@pytest.fixture
def folder(tmp_path):
    """A folder whose path has spaces and umlauts, with a copy of the package."""
    folder = tmp_path / NAME
    shutil.copytree(course.ROOT / "course_utils", folder / "course_utils")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("name", SURROUNDINGS)
def test_a_lesson_goes_through_in_any_surroundings(name, folder):
    variables, options = SURROUNDINGS[name]
    if "-OO" in options and Version(version("tensorflow")) < Version("2.21"):
        pytest.skip("TensorFlow before 2.21 needs its own docstrings to be imported")
    fonts = folder / "fonts"  # an empty cache: matplotlib has to look for them
    environment = changed({"MPLCONFIGDIR": str(fonts)} | variables)
    environment["PYTHONPATH"] = str(folder)
    script = folder / "rehearsal.py"
    script.write_text(REHEARSAL, encoding="utf-8")
    command = [sys.executable, *options, script.name]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True)
    said = done.stdout.decode("utf-8", "replace").splitlines()
    errors = done.stderr.decode("utf-8", "replace")
    assert done.returncode == 0, errors
    assert [line for line in said if line in LINES] == LINES, said
    assert (folder / "runs" / "02_mlp.npz").is_file()
    assert list(fonts.glob("fontlist*.json"))
    assert "Warning" not in errors and "Traceback" not in errors, errors


@pytest.mark.slow
def test_a_notebook_runs_with_all_of_it_at_once(folder, tmp_path, monkeypatch):
    variables = SURROUNDINGS["LC_ALL=C"][0] | {"PYTHONIOENCODING": "cp1252"}
    home = {"HOME": str(folder / "keines"), "MPLCONFIGDIR": str(folder / "fonts")}
    for name, value in (variables | home).items():
        monkeypatch.setenv(name, value)
    path = Path(shutil.copy(course.lessons()[0], folder))
    notebook, _, _ = refresh.run(path, folder)
    assert all(
        cell.get("execution_count") for cell in notebook.cells if "outputs" in cell
    )
