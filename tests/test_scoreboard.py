"""Lesson 07's scoreboard shows the lessons that were run, and does without the rest."""

import json

import nbformat
import numpy as np
import pytest
from course import ROOT
from lesson import Lesson
from refresh import run

from course_utils import data, runs

pytestmark = pytest.mark.slow
LESSON = Lesson(ROOT / "notebooks" / "07_six_ways.ipynb")
SECTIONS = {"Set-up", "Data", "Model", "Evaluation", "What it learned"}
LESSONS = [
    "02_mlp",
    "03_raw_cnn",
    "04_keras_subclass",
    "05_lenet",
    "06_graph_and_saver",
]
SHAPES = {  # of the weights that lessons save
    "02_mlp": {
        **{"w1": (784, 256), "b1": (256,), "w2": (256, 128), "b2": (128,)},
        **{"w3": (128, 10), "b3": (10,)},
    },
    "05_lenet": {
        **{"conv1_w": (3, 3, 1, 6), "conv1_b": (6,)},
        **{"conv2_w": (3, 3, 6, 16), "conv2_b": (16,)},
        **{"dense1_w": (400, 120), "dense1_b": (120,)},
        **{"dense2_w": (120, 84), "dense2_b": (84,)},
        **{"dense3_w": (84, 10), "dense3_b": (10,)},
    },
}


def leave_results(lesson, digit):
    """Save a network of zeros that reads every image as this digit."""
    _, (_, labels) = data.load_mnist()
    weights = {name: np.zeros(shape, "f4") for name, shape in SHAPES[lesson].items()}
    list(weights.values())[-1][digit] = 1  # the bias of the last layer
    runs.save(
        lesson,
        test_accuracy=np.mean(labels == digit),
        parameters=sum(array.size for array in weights.values()),
        training_seconds=10,
        images_per_second=1000,
        weights=weights,
    )


def run_scoreboard(folder):
    """Run the cells that the scoreboard needs; return their outputs as a text."""
    notebook = LESSON.notebook.copy()
    notebook.cells, inside = [], False
    for cell in LESSON.cells:
        if cell.cell_type == "markdown":
            titles = [
                line[3:] for line in cell.source.splitlines() if line[:3] == "## "
            ]
            inside = titles[-1] in SECTIONS if titles else inside
        elif inside:
            notebook.cells.append(cell)
    path = folder / "07_part.ipynb"
    nbformat.write(notebook, path)
    executed, _, _ = run(path, folder)
    return "\n".join(json.dumps(cell.get("outputs", [])) for cell in executed.cells)


@pytest.mark.parametrize("there", [[], ["02_mlp", "05_lenet"]], ids=["none", "two"])
def test_scoreboard_shows_what_is_there_and_links_the_rest(
    tmp_path, monkeypatch, there
):
    monkeypatch.setenv("COURSE_RUNS", str(tmp_path / "runs"))
    for digit, lesson in enumerate(there):
        leave_results(lesson, digit)
    shown = run_scoreboard(tmp_path)
    for lesson in LESSONS:
        assert (f"[{lesson}](" in shown) == (lesson not in there)
        assert (f"{lesson:20} then " in shown) == (lesson in there)
    assert ("they disagree on 10000" in shown) == bool(there)
