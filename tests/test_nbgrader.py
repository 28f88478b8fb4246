"""nbgrader takes an assigned lesson to its end; runs where nbgrader is installed."""

import copy
import html
import os
import re
import subprocess
import sys

import assigning
import nbformat
import pytest
import tasks
from kernels import offline_environment
from lesson import Lesson

pytest.importorskip("nbgrader", reason="pip install -e '.[classroom]' brings it")
pytestmark = pytest.mark.slow
NAME = "exercises_03"
TASKS = tasks.tasks_of_lesson("03")
DEADLY = "import os\n\n\ndef max_pool(image):\n    os.abort()"


def nbgrader(folder, *arguments):
    """Run nbgrader in its course folder; return its exit code and what it says."""
    home = folder / "home"
    home.mkdir(exist_ok=True)
    # nbgrader starts alembic by its name, as in an activated environment.
    programs = os.path.dirname(sys.executable)
    own = {"HOME": str(home), "PATH": programs + os.pathsep + os.environ["PATH"]}
    run = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=folder,
        env=os.environ | offline_environment(home) | own,
        capture_output=True,
        text=True,
        timeout=900,
    )
    return run.returncode, run.stdout + run.stderr


def hand_in(folder, student, fill):
    """Write a student's notebook: the released one, with what `fill` gives."""
    path = folder / "release" / NAME / f"{NAME}.ipynb"
    notebook = copy.deepcopy(nbformat.read(path, as_version=4))
    by_name = {task.name: task for task in TASKS}
    for cell in notebook.cells:
        marks = cell.metadata.get("nbgrader", {})
        if marks.get("solution") and marks.grade_id in by_name:
            cell.source = fill(by_name[marks.grade_id], cell.source)
    target = folder / "submitted" / student / NAME / f"{NAME}.ipynb"
    target.parent.mkdir(parents=True)
    nbformat.write(notebook, target)


@pytest.fixture(scope="module")
def course_folder(tmp_path_factory):
    """nbgrader's folder after a round trip, and the exit code of each command."""
    folder = tmp_path_factory.mktemp("course")
    lesson = Lesson(tasks.lesson_path("03"))
    assigning.write_nbgrader(lesson, folder, assigning.EXAMPLE)
    codes = {"assign": nbgrader(folder, "generate_assignment", NAME)}
    assert codes["assign"][0] == 0, codes["assign"][1]
    hand_in(folder, "ada", lambda task, _: tasks.solution_of(task))
    hand_in(folder, "bob", lambda _, source: source)
    hand_in(
        folder,
        "cyd",
        lambda task, _: f"{task.answer} = lesson_03.{task.name}.mistakes[0].function",
    )
    hand_in(
        folder,
        "dee",
        lambda task, _: DEADLY if task.name == "max_pool" else tasks.solution_of(task),
    )
    codes["autograde"] = nbgrader(folder, "autograde", NAME)
    codes["feedback"] = nbgrader(folder, "generate_feedback", NAME)
    return folder, codes


@pytest.fixture(scope="module")
def scores(course_folder):
    """student -> (points by machine, points there are for it, cells for a person)."""
    from nbgrader.api import Gradebook

    found = {}
    with Gradebook(f"sqlite:///{course_folder[0] / 'gradebook.db'}") as book:
        for submission in book.assignment_submissions(NAME):
            grades = [grade for each in submission.notebooks for grade in each.grades]
            auto = [grade for grade in grades if grade.cell.cell_type == "code"]
            found[submission.student_id] = (
                sum(grade.auto_score or 0 for grade in auto),
                sum(grade.max_score for grade in auto),
                len(grades) - len(auto),
            )
    return found


def feedback(course_folder, student):
    path = course_folder[0] / "feedback" / student / NAME / f"{NAME}.html"
    return path.read_text("utf-8") if path.exists() else None


def test_the_release_has_the_lessons_stubs_and_no_answer(course_folder):
    folder, _ = course_folder
    released = nbformat.read(folder / "release" / NAME / f"{NAME}.ipynb", as_version=4)
    text = "\n".join(cell.source for cell in released.cells)
    for task in TASKS:
        stub = re.match(r"(?s)def .*?\n    \.\.\.\n", task.stub.source)[0]
        assert stub in text
        assert tasks.solution_of(task) not in text
    assert assigning.OPEN_QUESTION in text
    assert "SOLUTION" not in text
    assert "HIDDEN" not in text
    assert "NotImplementedError" not in text


def test_all_right_gets_all_points(scores):
    got, most, by_hand = scores["ada"]
    assert got == most > 0
    assert by_hand >= 1


def test_untouched_gets_nothing(scores):
    assert scores["bob"][0] == 0


def test_a_known_mistake_in_each_exercise_gets_some_points(scores):
    got, most, _ = scores["cyd"]
    assert 0 < got < most / 2


def test_feedback_has_the_diagnosis_of_each_mistake(course_folder):
    page = html.unescape(re.sub(r"<[^>]+>", "", feedback(course_folder, "cyd")))
    for task in TASKS:
        assert task.exercise.mistakes[0].message in page


def test_feedback_keeps_hidden_tests_hidden(course_folder):
    for student in ("ada", "bob", "cyd"):
        page = html.unescape(re.sub(r"<[^>]+>", "", feedback(course_folder, student)))
        assert "Take every third place" not in page
        assert "[[8, 14], [50, 56]]" not in page
        assert "port.cc" not in page  # TensorFlow's start-up lines


def test_an_answer_that_kills_the_kernel_is_reported(course_folder, scores):
    code, said = course_folder[1]["autograde"]
    assert code == 1
    assert f"error processing assignment '{NAME}' for student 'dee'" in said
    assert "DeadKernelError" in said
    assert feedback(course_folder, "dee") is None
    # What makes the exit code worth a look: the gradebook says no more than this.
    assert scores.get("dee", (0,))[0] == 0


def test_the_others_are_graded_all_the_same(course_folder):
    for student in ("ada", "bob", "cyd"):
        assert feedback(course_folder, student)
