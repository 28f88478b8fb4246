"""A check answers to do, not yet or correct, whatever it is given."""

import numpy as np
import pytest

from course_utils.exercises import Exercise, Feedback


def _double(values):
    """Return twice the values."""
    return 2 * values


@pytest.fixture
def exercise():
    return Exercise(
        solution=_double,
        cases=[
            ((np.array([1.0, 2.0]),), [2.0, 4.0]),
            ((np.arange(20.0),), np.arange(0.0, 40.0, 2.0)),
        ],
        hints=["first", "second"],
        why="Twice is *2.",
    )


def unfilled(values): ...


def prints_only(values):
    print(2 * values)


def raises(values):
    raise KeyError("what\nis this")


def wrong_value(values):
    return 3 * values


def wrong_late(values):
    return 2 * values if len(values) == 2 else 2 * values + (values == 7)


def wrong_shape(values):
    return 2 * values[None]


def ragged(values):
    return [[1], [1, 2]]


def too_many(values):
    return [2.0, 4.0, 6.0]


def nothing_late(values):
    if len(values) == 2:
        return 2 * values


def text(values):
    return "twice"


def booleans(values):
    return values > 0


def not_a_number(values):
    return values * np.nan


def test_the_solution_is_correct(exercise):
    assert exercise.check(_double).outcome == "correct"


@pytest.mark.parametrize("answer", [unfilled, prints_only, ..., None])
def test_an_unfilled_stub_is_to_do(exercise, answer):
    assert exercise.check(answer).outcome == "to do"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (
            wrong_value,
            "double([1.0, 2.0]) should give [2.0, 4.0], your function gave [3.0, 6.0].",
        ),
        (wrong_late, "at [7] it should give 14, your function gave 15"),
        (wrong_shape, "should have shape (2,), your function gave shape (1, 2)"),
        (raises, "raised KeyError: 'what\\nis this'"),
        (ragged, "your function gave [[1], [1, 2]]"),
        (text, "should give [2.0, 4.0], your function gave 'twice'."),
        (too_many, "your function gave [2.0, 4.0, 6.0]: 3 items in place of 2."),
        (lambda values: [2.0], "gave [2.0]: 1 item in place of 2."),
        (nothing_late, "end every way through it with return"),
        (booleans, "gave True and False: convert them"),
        (not_a_number, "your function gave [nan, nan]"),
        (17, "pass the function itself, double.check(double)"),
        (lambda: 1, "raised TypeError"),
    ],
)
def test_a_wrong_answer_is_not_yet_with_a_reason(exercise, answer, reason):
    feedback = exercise.check(answer)
    assert feedback.outcome == "not yet"
    assert reason in feedback.message


def test_an_answer_may_be_a_tensor(exercise):
    import tensorflow as tf

    assert exercise.check(lambda v: tf.constant(2 * v)).outcome == "correct"


def test_a_function_that_changes_its_input_does_not_spoil_the_cases(exercise):
    def in_place(values):
        values *= 2
        return values

    assert exercise.check(in_place).outcome == "correct"
    assert exercise.check(_double).outcome == "correct"


def test_a_function_that_empties_its_input_does_not_spoil_the_cases():
    count = Exercise(
        solution=len,
        cases=[(([5, 6],), 2), (({"a": 1},), 1), ((([5], [6, 7]),), 3)],
        hints=["first"],
        why="Counting.",
    )

    def by_emptying(values):
        if isinstance(values, tuple):
            return sum(by_emptying(items) for items in values)
        size = 0
        while values:
            values.popitem() if isinstance(values, dict) else values.pop()
            size += 1
        return size

    for _ in range(2):
        assert count.check(by_emptying).outcome == "correct"


def test_hints_come_one_by_one_and_the_last_one_stays(exercise):
    hints = [exercise.hint().data for _ in range(3)]
    assert hints == [
        "**Hint 1 of 2.** first",
        "**Hint 2 of 2.** second",
        "**Hint 2 of 2.** second",
    ]


def test_the_solution_shows_code_under_the_learners_name_and_the_reason(exercise):
    shown = exercise.solution().data
    assert "def double(values):" in shown and "return 2 * values" in shown
    assert shown.endswith("Twice is *2.")


def test_feedback_says_its_outcome_in_words_in_text_and_html():
    feedback = Feedback("not yet", "a < b")
    assert repr(feedback) == "✎ not yet: a < b"
    assert "not yet</b>  a &lt; b" in feedback._repr_html_()
    with pytest.raises(ValueError, match="got 'wrong'"):
        Feedback("wrong", "")
