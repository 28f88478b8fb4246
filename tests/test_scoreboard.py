"""Lesson 07's scoreboard shows the lessons that were run, and does without the rest."""

import json

import course
import nbformat
import numpy as np
import pytest
from lesson import Lesson
from refresh import run

from course_utils import data, runs

pytestmark = pytest.mark.slow  # each starts kernels

LESSON = Lesson(course.NOTEBOOKS / "07_six_ways.ipynb")
SECTIONS = {"Set-up", "Data", "Model", "Evaluation", "What it learned"}
LESSONS = [path.stem for path in course.lessons() if "02" <= path.stem[:2] <= "06"]
MLP, CNN, SUBCLASS, LENET, GRAPH = LESSONS
SHAPES = {  # of the weights that lessons save
    MLP: {
        **{"w1": (784, 256), "b1": (256,), "w2": (256, 128), "b2": (128,)},
        **{"w3": (128, 10), "b3": (10,)},
    },
    LENET: {
        **{"conv1_w": (3, 3, 1, 6), "conv1_b": (6,)},
        **{"conv2_w": (3, 3, 6, 16), "conv2_b": (16,)},
        **{"dense1_w": (400, 120), "dense1_b": (120,)},
        **{"dense2_w": (120, 84), "dense2_b": (84,)},
        **{"dense3_w": (84, 10), "dense3_b": (10,)},
    },
}


def save(lesson, weights, test_accuracy=0.5):
    return runs.save(
        lesson,
        test_accuracy=test_accuracy,
        parameters=1234,
        training_seconds=10,
        images_per_second=1000,
        weights=weights,
    )


def leave_results(lesson, digit):
    """Save a network of zeros that reads every image as this digit."""
    _, (_, labels) = data.load_mnist()
    weights = {name: np.zeros(shape, "f4") for name, shape in SHAPES[lesson].items()}
    list(weights.values())[-1][digit] = 1  # the bias of the last layer
    save(lesson, weights, np.mean(labels == digit))


def run_scoreboard(folder):
    """Run the cells that the scoreboard needs; return their outputs as a text."""
    notebook = LESSON.notebook.copy()
    # A damaged run is reported on stderr, which `run` does not let pass.
    quiet = "import warnings\n\nwarnings.filterwarnings('ignore', 'what .* kept in')"
    notebook.cells, inside = [nbformat.v4.new_code_cell(quiet)], False
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


@pytest.fixture(autouse=True)
def own_runs(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_RUNS", str(tmp_path / "runs"))


def test_without_any_run_every_lesson_is_linked(tmp_path):
    shown = run_scoreboard(tmp_path)
    for lesson in LESSONS:
        assert f"[{lesson}]({lesson}.ipynb)" in shown
        assert f"{lesson:20} then " not in shown
    assert "they disagree on" not in shown


def test_good_runs_are_read_and_damaged_or_changed_ones_do_no_harm(tmp_path):
    leave_results(MLP, 0)
    leave_results(LENET, 1)
    damaged = save(CNN, {"conv1_w": np.zeros((5, 5, 1, 32), "f4")})
    damaged.write_bytes(damaged.read_bytes()[:-100])
    save(SUBCLASS, None)  # no weights
    save(GRAPH, {"conv1_w": np.zeros((7, 7, 1, 2), "f4"), "conv1_b": np.zeros(3)})
    shown = run_scoreboard(tmp_path)
    linked = [lesson for lesson in LESSONS if f"[{lesson}](" in shown]
    assert linked == [CNN]
    for lesson, digit in {MLP: 0, LENET: 1}.items():
        share = f"{np.mean(data.load_mnist()[1][1] == digit):.2%}"
        assert f"{lesson:20} then {share}, now {share}" in shown
    for lesson in (SUBCLASS, GRAPH):
        assert f"{lesson}: its weights do not fit" in shown
    assert "they disagree on 10000" in shown
