"""What holds for the exercises of all lessons.

The answers tried stand in answers_NN.py, and in foreign_NN.py those that somebody wrote
from the task's text alone.
"""

import collections
import importlib
import itertools
import pkgutil
import time

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
NAMED = 0.8  # share of the wrong answers tried whose cause is named

# Wrong answers divide by zero, and are meant to.
pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")


def _answers(lesson, kind):
    """Return one of the tables, name of the exercise -> answers."""
    number, found = lesson.__name__[-2:], collections.defaultdict(list)
    for whose in ("answers", "foreign"):
        tried = importlib.import_module(f"{whose}_{number}")
        for name, answers in getattr(tried, kind, {}).items():
            found[name] += answers
    return found


EXERCISES = [
    (lesson, name, exercise)
    for lesson in LESSONS
    for name, exercise in vars(lesson).items()
    if isinstance(exercise, exercises.Exercise)
]

# Their lists have answers that do not end, and the check waits for each.
WAITING = {"break_even", "reduced_loss"}


def _parameter(lesson, name, *values):
    slow = getattr(lesson, name).is_open or name in WAITING
    marks = [pytest.mark.slow] if slow else []
    return pytest.param(*values, id=f"{lesson.__name__[-2:]}-{name}", marks=marks)


EVERY = [_parameter(lesson, name, exercise) for lesson, name, exercise in EXERCISES]
# Exercises whose lists of mistakes and tried answers are there.
LISTED = [three for three in EXERCISES if three[2].mistakes]
KNOWING = [_parameter(lesson, name, exercise) for lesson, name, exercise in LISTED]
ANSWERED = [_parameter(three[0], three[1], *three) for three in LISTED]


@pytest.mark.parametrize("exercise", EVERY)
def test_solution_is_correct_within_a_minute_on_two_cores(exercise):
    before = time.process_time()  # of all cores; another program's work does not count
    feedback = exercise.check(exercise._solution)
    assert feedback.outcome == "correct", feedback
    assert time.process_time() - before < 2 * 60


@pytest.mark.parametrize(("lesson", "name", "exercise"), ANSWERED)
def test_right_answers_in_other_styles_are_correct(lesson, name, exercise):
    answers = _answers(lesson, "RIGHT")[name]
    assert len(answers) >= (1 if exercise.is_open else 3)
    for answer in answers:
        feedback = exercise.check(answer)
        assert feedback.outcome == "correct", feedback


@pytest.mark.parametrize(("lesson", "name", "exercise"), ANSWERED)
def test_wrong_answers_are_not_yet_and_most_causes_are_named(lesson, name, exercise):
    answers, named = _answers(lesson, "WRONG")[name], 0
    few = exercise.is_open or exercise._is_prediction
    assert len(answers) >= (5 if few else 20)
    for answer in answers:
        feedback = exercise.check(answer)
        assert feedback.outcome == "not yet", (answer, feedback)
        named += feedback.mistake is not None
    assert named >= NAMED * len(answers), f"{named} of {len(answers)}"


# Older NumPy warns where a newer one raises; learners see the warning, and no error.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("exercise", KNOWING)
def test_every_mistake_gets_its_own_name(exercise):
    assert len(exercise.mistakes) >= 5
    for mistake in exercise.mistakes:
        feedback = exercise.check(mistake.function)
        assert feedback.outcome == "not yet", mistake.id
        assert feedback.mistake == mistake.id, (mistake.id, feedback)


@pytest.mark.parametrize("exercise", KNOWING)
def test_no_two_mistakes_behave_alike_on_the_cases(exercise):
    done = zip(exercise.mistakes, exercise._mistakes(), strict=True)
    for (one, did), (other, too) in itertools.combinations(done, 2):
        alike = all(map(exercise._alike, exercise._cases, did, too))
        assert not alike, f"{one.id} and {other.id}: a case is missing"


@pytest.mark.parametrize("exercise", KNOWING)
def test_messages_of_mistakes_do_not_give_the_solution_away(exercise):
    import inspect

    body = inspect.getsource(exercise._solution).split(":", 1)[1]
    lines = {line.strip() for line in body.splitlines() if len(line.strip()) > 25}
    for mistake in exercise.mistakes:
        assert not any(line in mistake.message for line in lines), mistake.id
        assert len(mistake.message) <= 320, mistake.id


@pytest.mark.parametrize(
    ("lesson", "name", "exercise"),
    [_parameter(three[0], three[1], *three) for three in EXERCISES],
)
def test_untouched_stub_is_to_do_or_the_planted_mistake(lesson, name, exercise):
    def bare(): ...

    tried = importlib.import_module(f"answers_{lesson.__name__[-2:]}")
    stubs = getattr(tried, "STUBS", {})
    feedback = exercise.check(stubs.get(name, bare))
    planted = feedback.mistake in {mistake.id for mistake in exercise.mistakes}
    assert feedback.outcome == "to do" or planted, feedback


@pytest.mark.parametrize("exercise", EVERY)
def test_gives_three_different_hints_and_a_solution(exercise):
    assert len(exercise._hints) == 3
    exercise._last = None
    hints = [exercise.hint().data for _ in range(4)]
    assert len(set(hints)) == 3
    assert hints[2] == hints[3]
    assert f"def {exercise.name}(" in exercise.solution().data


@pytest.mark.parametrize("exercise", EVERY)
def test_shown_solution_runs_with_what_the_notebook_imports(exercise):
    exercise._last = None
    code = exercise.solution().data.split("```")[1].removeprefix("python\n")
    names = {"np": np, "tf": tf, "keras": keras}
    exec(code, names)
    assert exercise.check(names[exercise.name]).outcome == "correct"
