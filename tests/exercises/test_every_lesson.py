"""What holds for the exercises of all lessons: solution, stub and hints."""

import importlib
import pkgutil

import keras
import numpy as np
import pytest
import tensorflow as tf

from course_utils import exercises

LESSONS = [
    importlib.import_module(f"course_utils.exercises.{module.name}")
    for module in pkgutil.iter_modules(exercises.__path__)
    if module.name.startswith("lesson_")
]
EVERY = [
    pytest.param(exercise, id=f"{lesson.__name__[-2:]}-{name}")
    for lesson in LESSONS
    for name, exercise in vars(lesson).items()
    if isinstance(exercise, exercises.Exercise)
]


@pytest.mark.parametrize("exercise", EVERY)
def test_solution_is_correct(exercise):
    assert exercise.check(exercise._solution).outcome == "correct"


@pytest.mark.parametrize("exercise", EVERY)
def test_stub_is_to_do(exercise):
    assert exercise.check(lambda *arguments: None).outcome == "to do"
    assert exercise.check(lambda *arguments: ...).outcome == "to do"


@pytest.mark.parametrize("exercise", EVERY)
def test_gives_three_different_hints_and_a_solution(exercise):
    assert len(exercise._hints) == 3
    hints = [exercise.hint().data for _ in range(4)]
    assert len(set(hints)) == 3
    assert hints[2] == hints[3]
    assert f"def {exercise.name}(" in exercise.solution().data


@pytest.mark.parametrize("exercise", EVERY)
def test_shown_solution_runs_with_what_the_notebook_imports(exercise):
    code = exercise.solution().data.split("```")[1].removeprefix("python\n")
    names = {"np": np, "tf": tf, "keras": keras}
    exec(code, names)
    assert exercise.check(names[exercise.name]).outcome == "correct"
