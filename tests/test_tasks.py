"""The exercises that tools/tasks.py finds in the lessons, and what a cell needs."""

import ast
import importlib

import course
import pytest
import tasks
from lesson import Lesson
from tiny_notebooks import code, notebook

from course_utils.exercises import Exercise

ALL = [
    pytest.param(task, id=f"{task.lesson}-{task.name}")
    for path in course.lessons()
    for task in tasks.tasks_of(Lesson(path))
]


@pytest.mark.parametrize("path", course.lessons(), ids=lambda path: path.name[:2])
def test_a_lesson_has_a_task_for_each_exercise_of_the_package(path):
    module = importlib.import_module(f"course_utils.exercises.lesson_{path.name[:2]}")
    known = {n for n, value in vars(module).items() if isinstance(value, Exercise)}
    assert {task.name for task in tasks.tasks_of(Lesson(path))} == known


@pytest.mark.parametrize("task", ALL)
def test_a_task_has_a_title_and_says_nothing_of_the_cells_around(task):
    assert task.text.startswith(("#", "**"))
    assert len(task.text) > 60
    assert task.text.count("\n#") == 0
    for words in ("folded away", "cell after", "the explorer"):
        assert words not in task.text


@pytest.mark.parametrize("task", ALL)
def test_the_solution_takes_the_place_of_the_stub_and_nothing_else(task):
    before, after = ast.parse(task.stub.source), ast.parse(tasks.with_solution(task))
    assert len(before.body) == len(after.body)
    for old, new in zip(before.body, after.body, strict=True):
        predicted = isinstance(old, ast.Assign) and old.targets[0].id == task.answer
        if predicted or getattr(old, "name", None) == task.answer:
            assert new.name == task.answer
            assert ast.get_docstring(new)
            assert ast.dump(old) != ast.dump(new)
        else:
            assert ast.dump(old) == ast.dump(new)
    assert f"# lesson_{task.lesson}.{task.name}.hint()" in tasks.with_solution(task)


def test_text_about_what_follows_is_left_out():
    text = tasks.task_text(
        "Before it.\n\n## Section\n\n### Your turn: add\n\nAdd `a` and `b`. Ours is "
        "folded away below.\n\nMore of the lesson.\n\n### Next\n\nText."
    )
    assert text == "### Your turn: add\n\nAdd `a` and `b`."


def test_a_number_of_a_lesson_may_lack_its_zero():
    assert tasks.lesson_path("3") == tasks.lesson_path("03")


def test_a_lesson_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="LESSON must be one of 00, .*, got '77': "):
        tasks.lesson_path("77")


def needed(names, position, *sources):
    cells = tasks.Cells(notebook(*map(code, sources)).cells)
    return cells.needed(names, position)


def test_needed_cells_are_followed_through_names_functions_and_imports():
    cells = [
        "import math",
        "unused = 1",
        "base = 2",
        "def power(n):\n    return math.pow(base, n)",
        "answer = power(3)",
    ]
    assert needed({"power"}, 4, *cells) == [0, 2, 3]
    assert needed({"answer"}, 5, *cells) == [0, 2, 3, 4]


def test_the_last_binding_before_a_cell_counts_and_else_the_first_after_it():
    cells = ["x = 1", "x = 2", "use(x)", "x = 3", "y = 4", "y = 5"]
    assert needed({"x"}, 2, *cells) == [1]
    assert needed({"y"}, 2, *cells) == [4]
    assert needed({"nowhere"}, 2, *cells) == []


def test_magics_and_cells_that_are_no_python_do_not_disturb():
    cells = ["%pip install x\nimport os", "this is no Python", "!ls\nos.getcwd()"]
    assert needed({"os"}, 2, *cells) == [0]


def test_a_cell_that_trains_is_known():
    training = "for epoch in range(3):\n    train_step(images)"
    cells = tasks.Cells(notebook(code(training), code("def f():\n    pass")).cells)
    assert [cells.trains(0), cells.trains(1)] == [True, False]
