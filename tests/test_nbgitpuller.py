"""What an nbgitpuller link keeps when the course is updated, in a real clone."""

import os
import subprocess
import sys

import nbformat
import pytest
from git_clone import commit, course_in

pytest.importorskip("nbgitpuller", reason="pip install -e '.[classroom]' brings it")
NAME = "notebooks/01_tensorflow_basics.ipynb"
EARLY, LATE = 4, 40  # two Markdown cells, far from one another


@pytest.fixture
def course(tmp_path):
    """The course's own repository."""
    return course_in(tmp_path / "origin")


@pytest.fixture
def mine(course, tmp_path):
    """A learner's clone, as the first click on the link makes it."""
    pull(course, tmp_path)
    return tmp_path / "course"


def pull(course, tmp_path):
    """Click on the link: nbgitpuller's own program does what its page does."""
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    run = subprocess.run(
        [sys.executable, "-m", "nbgitpuller.pull", f"file://{course}", "main"]
        + ["course"],
        cwd=tmp_path,
        env=os.environ | {"HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout + run.stderr


def change(folder, edit):
    """Change a clone's notebook as JupyterLab saves it."""
    path = folder / NAME
    notebook = nbformat.read(path, as_version=4)
    edit(notebook.cells)
    nbformat.write(notebook, path)


def cells(folder):
    return nbformat.read(folder / NAME, as_version=4).cells


def write(position, text):
    def edit(cells):
        cells[position].source = text

    return edit


def test_an_update_arrives_where_nothing_was_changed(course, mine, tmp_path):
    change(course, write(EARLY, "A better text."))
    commit(course)
    pull(course, tmp_path)
    assert cells(mine)[EARLY].source == "A better text."


def test_of_one_cell_that_both_changed_the_learners_wins_and_nothing_says_so(
    course, mine, tmp_path
):
    change(mine, write(EARLY, "My notes."))
    change(course, write(EARLY, "A correction."))
    change(course, write(LATE, "Another correction."))
    commit(course)
    said = pull(course, tmp_path)
    assert cells(mine)[EARLY].source == "My notes."
    assert cells(mine)[LATE].source == "Another correction."
    assert "CONFLICT" not in said


def test_a_cell_that_was_added_stays_and_lets_the_update_through(
    course, mine, tmp_path
):
    note = nbformat.v4.new_markdown_cell("My notes.")
    change(mine, lambda cells: cells.insert(EARLY, note))
    change(course, write(LATE, "A correction."))
    commit(course)
    pull(course, tmp_path)
    assert cells(mine)[EARLY].source == "My notes."
    assert cells(mine)[LATE + 1].source == "A correction."


def test_a_lesson_that_was_run_keeps_its_results_and_gets_the_update(
    course, mine, tmp_path
):
    def run_all(cells):
        for cell in cells:
            if cell.cell_type == "code":
                cell.execution_count += 100
                cell.outputs = [nbformat.v4.new_output("stream", text="Mine.")]

    change(mine, run_all)
    change(course, write(LATE, "A correction."))
    commit(course)
    pull(course, tmp_path)
    now = cells(mine)
    assert now[LATE].source == "A correction."
    (first, *_) = (cell for cell in now if cell.cell_type == "code")
    assert first.outputs[0].text == "Mine."


def test_a_notebook_that_was_deleted_comes_back(course, mine, tmp_path):
    (mine / NAME).unlink()
    pull(course, tmp_path)
    assert cells(mine) == cells(course)


def test_the_learners_own_file_is_left_alone(course, mine, tmp_path):
    own = mine / "notebooks" / "my_own.ipynb"
    own.write_text("{}")
    change(course, write(EARLY, "A better text."))
    commit(course)
    pull(course, tmp_path)
    assert own.read_text() == "{}"
