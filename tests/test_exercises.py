"""A check answers to do, not yet or correct, whatever it is given."""

import builtins
import ctypes
import html
import os
import re
import subprocess
import sys
import threading
import time

import keras
import nbconvert
import numpy as np
import pytest
import tensorflow as tf

from course_utils import exercises
from course_utils.exercises import (
    Exercise,
    Feedback,
    Mistake,
    _calling,
    _open,
    _telling,
)


def _double(values):
    """Return twice the values."""
    return 2 * values


def make(**changed):
    parts = {
        "cases": [
            ((np.array([1.0, 2.0]),), [2.0, 4.0]),
            ((np.arange(50.0),), np.arange(0.0, 100.0, 2.0)),
        ],
        "hints": ["first", "second"],
        "why": "Twice is *2.",
        "mistakes": [
            Mistake("thrice", lambda v: 3 * v, "Three is not two."),
            Mistake("by-text", lambda v: str(v) * 2, "A text is not a number."),
            Mistake("no-return", lambda v: print(2 * v), "print shows, return gives."),
            Mistake("raises", lambda v: v["x"], "Arrays have no names."),
            Mistake("in-place", changes_and_gives, "Work on a copy."),
        ],
        "seconds": 0.5,
    }
    return Exercise(_double, **parts | changed)


def changes_and_gives(values):
    values *= 2
    return values


@pytest.fixture
def exercise():
    return make()


def unfilled(values): ...


def unfilled_with_docstring(values):
    """Return twice the values."""
    ...


def half_filled(values):
    twice = ...
    return twice, values


def half_filled_too(values):
    twice = ...
    return twice * 2 + values


def wrong_late(values):
    return 2 * values if len(values) == 2 else 2 * values + (values == 7)


def nothing_late(values):
    if len(values) == 2:
        return 2 * values


def never_ends(values):
    while True:
        pass


def never_ends_and_swallows(values):
    while True:
        try:
            time.sleep(0.01)
        except BaseException:
            continue


def sleeps(values):
    time.sleep(60)


def asks(values):
    return input("number? ")


def recursive(values):
    return recursive(values)


def yields(values):
    yield 2 * values


class Hostile:
    """An object whose repr, array and comparison fail."""

    def __repr__(self):
        raise RuntimeError("no repr")

    def __array__(self, *_, **__):
        raise RuntimeError("no array")

    def __eq__(self, other):
        raise RuntimeError("no comparison")


def test_the_solution_is_correct(exercise):
    assert exercise.check(_double).outcome == "correct"


@pytest.mark.parametrize(
    "answer",
    [unfilled, unfilled_with_docstring, half_filled, half_filled_too, ..., None],
)
def test_an_unfilled_stub_is_to_do(exercise, answer):
    assert exercise.check(answer).outcome == "to do"


def test_feedback_speaks_of_the_learners_own_name(exercise):
    def my_double(values):
        return values + values - 1

    assert "my_double([1.0, 2.0]) should" in exercise.check(my_double).message

    def my_double(values): ...

    assert "write my_double, run" in exercise.check(my_double).message

    def my_double(values):
        return values + values

    assert "my_double is right" in exercise.check(my_double).message
    assert "double is right" in exercise.check(lambda values: 2 * values).message


def test_a_function_that_only_prints_is_no_untouched_stub(exercise):
    feedback = exercise.check(lambda values: print("twice", 2 * values))
    assert (feedback.outcome, feedback.mistake) == ("not yet", "no-return")
    unknown = make(mistakes=[]).check(lambda values: print(2 * values))
    assert "print shows, return gives" in unknown.message


@pytest.mark.parametrize("mistake", make().mistakes, ids=lambda mistake: mistake.id)
def test_an_answer_that_behaves_as_a_mistake_does_gets_its_name(exercise, mistake):
    feedback = exercise.check(mistake.function)
    assert feedback.outcome == "not yet"
    assert feedback.mistake == mistake.id
    assert feedback.message.startswith(mistake.message)
    assert "double([1.0, 2.0])" in feedback.message


def test_a_mistake_is_recognised_by_behaviour_not_by_code(exercise):
    assert exercise.check(lambda values: values + values * 2).mistake == "thrice"


def test_another_mistake_has_no_name(exercise):
    assert exercise.check(lambda values: 5 * values).mistake is None


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (
            lambda v: 5 * v,
            "double([1.0, 2.0]) should give [2.0, 4.0], your function gave [5.0, 10.0]",
        ),
        (wrong_late, "at [7] it should be 14.0, your function gave 15.0."),
        (lambda v: 2 * v[None], "shape (2,), your function gave shape (1, 2)"),
        (lambda v: 2 * v.sum(), "your function gave 6.0"),
        (lambda v: {}[1], "raised KeyError: 1"),
        (lambda v: [[1], [1, 2]], "your function gave [[1], [1, 2]]"),
        (lambda v: "twice", "should give [2.0, 4.0], your function gave 'twice'."),
        (lambda v: [2.0, 4.0, 6.0], "gave [2.0, 4.0, 6.0]: 3 items in place of 2."),
        (lambda v: [2.0], "gave [2.0]: 1 item in place of 2."),
        (nothing_late, "end every way through it with return"),
        (lambda v: v > 0, "True and False where numbers are due"),
        (lambda v: v * np.nan, "your function gave [nan, nan]"),
        (17, "pass the function itself, double.check(double)"),
        (lambda: 1, "raised TypeError"),
        (lambda v: -2 * v, "the sign is the other one"),
        (lambda v: 4 * v, "too large by a factor of 2"),
        (lambda v: v, "too small by a factor of 2"),
        (lambda v: np.abs, "gave the function absolute: call it"),
        (yields, "gave a generator, because it says yield"),
        (lambda v: Hostile(), "gave an object of type Hostile"),
        (lambda v: np.float64(2.0), "your function gave 2.0"),
        (asks, "raised RuntimeError: input() waits for somebody who types"),
        (recursive, "raised RecursionError"),
        (lambda v: sys.exit(), "asked Python to end: leave out exit()"),
        (never_ends, "did not come to an end for 0.5 seconds"),
        (never_ends_and_swallows, "did not come to an end for 0.5 seconds"),
        (sleeps, "did not come to an end for 0.5 seconds"),
    ],
)
def test_a_wrong_answer_is_not_yet_with_a_reason(answer, reason):
    own_input = builtins.input
    feedback = make(mistakes=[]).check(answer)
    assert feedback.outcome == "not yet"
    assert reason in feedback.message
    assert feedback.mistake in {None, *exercises.GENERAL}
    assert builtins.input is own_input
    repr(feedback), feedback._repr_html_()


def test_a_stopped_loop_leaves_no_exception_behind(exercise):
    def endless(values):
        while np.sum(values) < np.inf:
            pass

    assert "did not come to an end" in make(seconds=0.3).check(endless).message
    with pytest.raises(ValueError) as caught:
        raise ValueError("a later mistake")
    assert caught.value.__context__ is None


def test_an_endless_loop_ends_in_another_thread_too(exercise):
    answers = []
    thread = threading.Thread(target=lambda: answers.append(exercise.check(never_ends)))
    thread.start()
    thread.join(20)
    assert "did not come to an end" in answers[0].message


def test_without_timer_signals_as_under_windows_a_loop_ends_too(exercise, monkeypatch):
    monkeypatch.delattr(_calling.signal, "setitimer")
    assert "did not come to an end" in exercise.check(never_ends).message
    assert exercise.check(_double).outcome == "correct"
    time.sleep(0.6)  # no exception arrives late


def test_an_interrupt_of_the_kernel_goes_on_its_way(exercise):
    def interrupted(values):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        exercise.check(interrupted)


def test_a_broad_except_does_not_keep_a_loop_alive(exercise):
    def careful(values):
        while True:
            try:
                sum(range(100))
            except Exception:
                return 0

    assert "did not come to an end" in exercise.check(careful).message


@pytest.mark.parametrize("kind", ["keras", "graph", "ragged", "sparse", "variable"])
def test_every_kind_of_tensor_gets_an_answer(exercise, kind):
    import keras
    import tensorflow as tf

    graph = tf.Graph()
    with graph.as_default():
        symbolic = tf.constant([2.0, 4.0])
    results = {
        "keras": lambda v: keras.KerasTensor((2,)),
        "graph": lambda v: symbolic,
        "ragged": lambda v: tf.ragged.constant([[2.0], []]),
        "sparse": lambda v: tf.sparse.from_dense([2.0, 4.0]),
        "variable": lambda v: tf.Variable(2 * v),
    }
    feedback = exercise.check(results[kind])
    assert feedback.outcome == ("correct" if kind == "variable" else "not yet")
    if kind in ("keras", "graph"):
        assert "a tensor of a graph" in feedback.message


def test_a_call_that_would_end_the_kernel_is_not_made():
    import tensorflow as tf

    def _convolve(image):
        return tf.nn.conv2d(image[None, ..., None], np.ones((1, 1, 1, 1)), 1, "SAME")

    exercise = Exercise(
        _convolve,
        cases=[((np.ones((3, 3)),), np.ones((1, 3, 3, 1)))],
        hints=["first"],
        why="So.",
    )
    assert exercise.check(_convolve).outcome == "correct"
    feedback = exercise.check(
        lambda image: tf.nn.conv2d(image, np.ones((1, 1, 1, 1)), 1, "SAME")
    )
    assert "would end the Python kernel" in feedback.message


def test_tensorflows_own_notes_are_left_out():
    import tensorflow as tf

    feedback = make(mistakes=[]).check(lambda v: tf.constant(v) @ tf.constant(v))
    assert "raised InvalidArgumentError" in feedback.message
    assert "{{" not in feedback.message and "[Op:" not in feedback.message


def test_whole_numbers_are_compared_exactly():
    count = make(cases=[((3_274_634,), 3_274_634)], mistakes=[])
    assert count.check(lambda n: n).outcome == "correct"
    assert count.check(lambda n: float(n)).outcome == "correct"
    assert count.check(lambda n: n - 32).outcome == "not yet"
    assert count.check(lambda n: n + 0.25).outcome == "not yet"


def test_the_right_result_is_not_enough_where_the_argument_is_changed():
    feedback = make(mistakes=[]).check(changes_and_gives)
    assert "it changes what it was given: work on a copy" in feedback.message
    assert make().check(_double).outcome == "correct"  # the cases are whole


def test_the_simplest_case_is_told():
    cases = [((np.arange(50.0),), np.arange(0.0, 100.0, 2.0)), ((1.5,), 3.0)]
    feedback = make(cases=cases, mistakes=[]).check(lambda v: 7 * v)
    assert feedback.message.startswith("double(1.5) should give 3.0")


def test_two_exchanged_axes_and_a_transposed_table_are_noticed():
    def _same(table):
        return table

    table = np.arange(6.0).reshape(2, 3)
    exercise = Exercise(_same, [((table,), table)], ["first"], "So.")
    assert "it looks transposed" in exercise.check(np.transpose).message
    turned = exercise.check(lambda table: np.zeros((3, 2)))
    assert "two axes look exchanged" in turned.message
    square = np.arange(4.0).reshape(2, 2)
    exercise = Exercise(_same, [((square,), square)], ["first"], "So.")
    assert "it looks transposed" in exercise.check(np.transpose).message


def overwrites(table):
    table *= 2
    return table


def yields_rows(table):
    yield from 2 * table


CAUSES = {
    "changed-argument": overwrites,
    "cut-fraction": lambda table: np.trunc(2 * table),
    "extra-result": lambda table: (2 * table, len(table)),
    "factor-two": lambda table: 4 * table,
    "forgotten-return": lambda table: None,
    "mean-for-sum": lambda table: 2 * table / 3,
    "no-end": never_ends,
    "print-for-return": lambda table: print(2 * table),
    "return-in-loop": lambda table: 2 * table[0],
    "rounding": lambda table: np.round(2 * table, 1),
    "sum-for-mean": lambda table: 2 * table * 3,
    "transposed": lambda table: 2 * table.T,
    "truth-for-number": lambda table: table > 0,
    "unflattened": lambda table: 2 * table.ravel(),
    "unrun-tensor": lambda table: keras.Input((3,)),
    "wrong-sign": lambda table: -2 * table,
    "yield-for-return": yields_rows,
}


def test_every_general_cause_is_tried():
    assert CAUSES.keys() == exercises.GENERAL.keys()


@pytest.mark.parametrize(("cause", "answer"), CAUSES.items())
def test_a_result_that_shows_its_cause_gets_an_id(cause, answer):
    tables = (
        np.array([[1.11, -2.2, 3], [4, 5, 6.3]]),
        np.array([[0, 7.77, 1], [3, 1, 2]]),
    )
    cases = [((table,), 2 * table) for table in tables]
    feedback = make(cases=cases, mistakes=[]).check(answer)
    assert (feedback.outcome, feedback.mistake) == ("not yet", cause)


def test_a_general_cause_must_show_in_every_wrong_case():
    def turns_the_first(values):
        return -2 * values if len(values) == 2 else 3 * values

    assert make(mistakes=[]).check(turns_the_first).mistake is None


def test_one_number_that_is_twice_another_names_no_cause():
    exercise = make(cases=[((1,), 2), ((2,), 4)], mistakes=[])
    assert exercise.check(lambda v: 4 if v == 1 else 4).mistake is None
    assert exercise.check(lambda v: 4 * v).mistake == "factor-two"


def test_what_the_task_does_without_raises_while_a_check_calls():
    exercise = make(mistakes=[], without=[(np, "add")])
    feedback = exercise.check(lambda values: np.add(values, values))
    assert "the task is to be done without add" in feedback.message
    assert exercise.check(lambda values: values + values).outcome == "correct"
    assert np.add(1, 1) == 2


def test_an_item_of_a_list_that_was_put_elsewhere_is_noticed():
    def _largest(values):
        """Return the largest."""

    exercise = Exercise(_largest, [(([1, 3, 2],), 3)], ["Look."], "So it is.")
    assert exercise.check(max).outcome == "correct"
    assert exercise.check(lambda v: v.sort() or v[-1]).mistake == "changed-argument"


def test_what_is_made_anew_can_say_whether_it_is_kept():
    def _first(things):
        """Return the first."""

    bag = _calling.Fresh(lambda: [7, 8], is_kept=lambda things: len(things) == 2)
    exercise = Exercise(_first, [((bag,), 7)], ["Look."], "So it is.")
    assert exercise.check(lambda things: things[0]).outcome == "correct"
    assert exercise.check(lambda things: things.pop(0)).mistake == "changed-argument"


def test_a_factor_of_the_batch_size_is_noticed():
    def _mean(values):
        return values.mean(axis=0)

    values = np.arange(6.0).reshape(3, 2)
    exercise = Exercise(_mean, [((values,), values.mean(0))], ["first"], "So.")
    message = exercise.check(lambda v: v.sum(0)).message
    assert "too large by a factor, the length of an axis" in message


def test_a_case_may_take_many_right_answers():
    def at_most_ten(value):
        return None if value <= 10 else f"should give at most 10, gave {value}."

    exercise = make(cases=[((3,), at_most_ten)], mistakes=[])
    assert exercise.check(lambda v: 2 * v).outcome == "correct"
    assert "at most 10, gave 30" in exercise.check(lambda v: 10 * v).message
    assert "cannot be used" in exercise.check(lambda v: "many").message
    assert "gave nothing" in exercise.check(lambda v: print(v)).message


def test_an_open_task_is_spared_its_long_case_after_a_mistake():
    calls = []

    def counted(values):
        calls.append(values)
        return 3 * values

    exercise = make(cases=[((1.0,), 2.0), ((5.0,), 10.0)], seconds=60)
    assert exercise.check(counted).mistake == "thrice"
    assert 5.0 not in calls
    assert exercise.check(_double).outcome == "correct"


def test_pick_takes_the_learners_function_where_it_is_correct(exercise):
    def ours(values):
        return 2 * values

    def yours(values):
        return values + values

    assert exercise.pick(yours, ours) is yours
    assert exercise.pick(unfilled, ours) is ours
    assert exercise.pick(lambda values: values, ours) is ours


def test_hints_come_one_by_one_and_do_not_hide_the_answer(exercise):
    assert exercise.hint().data == "**Hint 1 of 2.** first"
    answer = exercise.check(lambda values: 3 * values)
    hint = exercise.hint().data
    assert hint.startswith("> ✎ not yet: Three is not two.")
    assert hint.endswith("**Hint 2 of 2.** second")
    assert answer.message.splitlines()[-1] in exercise.solution().data
    exercise.check(_double)
    assert exercise.hint().data == "**Hint 2 of 2.** second"


def test_the_solution_shows_code_under_the_learners_name_and_the_reason(exercise):
    shown = exercise.solution().data
    assert "def double(values):" in shown and "return 2 * values" in shown
    assert shown.endswith("Twice is *2.")


def test_feedback_says_its_outcome_in_words_and_escapes_what_it_quotes():
    feedback = Feedback("not yet", "a < b")
    assert repr(feedback) == "✎ not yet: a < b"
    assert "not yet</b>  a &lt; b" in feedback._repr_html_()
    evil = make(mistakes=[]).check(lambda v: "<img src=x onerror=alert(1)>")
    assert "<img" not in evil._repr_html_()


def test_hint_and_solution_quote_an_answer_as_it_is_and_nothing_of_it_is_markup():
    exercise, text = make(mistakes=[]), "<b>*a* `b` _c_ [d](e) f[0] $g$ \\ # &lt;"
    exercise.check(lambda v: text)
    quoted = exercise.hint().data.partition("\n\n")[0]
    assert exercise.solution().data.startswith(quoted)
    page = nbconvert.filters.markdown2html(quoted)
    shown = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", "", page))).strip()
    assert shown == repr(exercise._last).replace("\n", " ")
    assert set(re.findall(r"<(\w+)", page)) == {"blockquote", "p"}


def test_small_values_are_written_as_a_learner_would():
    written = {
        "2.0": np.float64(2.0),
        "7": np.int64(7),
        "[1, 2]": np.array([1, 2], np.uint8),
        "[[0.1, 0.2]]": np.array([[0.1, 0.2]], np.float32),
        "True": np.bool_(True),
        "[]": [],
        "('a', 1)": ("a", 1),
        "{'w': [1.0, 2.0]}": {"w": np.array([1.0, 2.0])},
        "an array of shape (10, 10) that begins 0.0, 1.0, 2.0, 3.0, ...": np.arange(
            100.0
        ).reshape(10, 10),
    }
    for text, value in written.items():
        assert _telling.describe(value) == text


def test_progress_counts_what_is_correct_on_this_machine(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_RUNS", str(tmp_path / "runs"))
    from course_utils.exercises import lesson_00

    assert "○ `ink_share`" in exercises.progress().data
    lesson_00.ink_share.check(lesson_00.ink_share._solution)
    lesson_00.ink_share.check(lambda image: 7)  # once correct stays correct
    assert "✔ `ink_share`" in exercises.progress().data
    (tmp_path / "runs" / "lesson_00.json").write_text("{")
    assert "○ `ink_share`" in exercises.progress().data


def test_progress_tolerates_a_folder_that_cannot_be_written(tmp_path, monkeypatch):
    (tmp_path / "runs").write_text("a file")
    monkeypatch.setenv("COURSE_RUNS", str(tmp_path / "runs"))
    assert make().check(_double).outcome == "correct"


def test_no_exception_is_left_waiting_for_the_thread():
    exercise = make(mistakes=[])
    for _ in range(20):
        exercise.check(_double)
    assert ctypes.pythonapi.PyThreadState_SetAsyncExc(0, None) == 0


def hidden_layer(steps):
    """Return a network of two layers that lists only the last."""
    hidden = tf.Variable(np.ones((784, 300), np.float32))
    last = tf.Variable(np.ones((300, 10), np.float32))

    def read(images):
        return tf.reshape(tf.cast(images, tf.float32), (-1, 784)) @ hidden @ last

    return read, [last]


def network_that(does):
    """Return a training whose network does something when it is called."""

    def train(steps):
        return lambda images: does(), [tf.Variable(np.zeros(3, np.float32))]

    return train


def wait_for_ever():
    while True:
        pass


@pytest.mark.parametrize(
    ("train", "reason", "seconds"),
    [
        (hidden_layer, "variables which are not in the list", 25),
        (network_that(wait_for_ever), "which did not come to an end for 1 seconds", 1),
        (network_that(sys.exit), "which asked Python to end", 25),
        (network_that(lambda: input()), "input() waits for somebody who types", 25),
        (
            network_that(
                lambda: tf.nn.conv2d(
                    np.zeros((2, 9, 9), np.float32), np.zeros((3, 3, 1, 1)), 1, "SAME"
                )
            ),
            "which was stopped: a convolution of TensorFlow must get arrays with 4",
            25,
        ),
    ],
)
def test_what_a_trained_network_does_when_read_is_judged_safely(train, reason, seconds):
    def solution(steps):
        """Solve it."""

    cases = [((1,), _open.has_form(most=5000))]
    exercise = Exercise(solution, cases, ["Read."], "So it is.", seconds=seconds)
    feedback = exercise.check(train)
    assert feedback.outcome == "not yet" and reason in feedback.message


def test_a_function_that_passes_is_no_stub():
    def double(x):
        """Return twice x."""
        pass

    feedback = make().check(double)
    assert feedback.outcome == "not yet"
    assert "gave None: end every way through it with return." in feedback.message


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "ascii", "utf-8"])
def test_an_answer_can_be_printed_in_every_terminal(encoding):
    script = (
        "from course_utils.exercises import Feedback\n"
        "print(Feedback('correct', 'x × y is right'))"
    )
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, env=environment, capture_output=True, check=True)
    assert b"correct: x " in done.stdout


def test_an_unrelated_error_of_the_same_type_names_no_mistake():
    mistake = Mistake("wrong-shape", lambda x: np.zeros(3) @ np.zeros(4), "Turn it.")

    def solution(x):
        """Solve it."""

    exercise = Exercise(solution, [((1,), 1)], ["Turn."], "So.", mistakes=[mistake])
    assert exercise.check(lambda x: np.ones(5) @ np.ones(6)).mistake == "wrong-shape"

    def unrelated(x):
        raise ValueError("something else")

    assert exercise.check(unrelated).mistake is None


def two_orders():
    """Return the steps of both orders."""
    return 6, 5


def prediction():
    mistakes = [Mistake("exchanged-pair", lambda: (5, 6), "The other way round.")]
    return Exercise(two_orders, [((), (6, 5))], ["Count."], "So it is.", mistakes)


@pytest.mark.parametrize("right", [(6, 5), [6, 5], (6.0, 5.0), np.array([6, 5])])
def test_a_prediction_is_a_value(right):
    feedback = prediction().check(right)
    assert repr(feedback) == "✔ correct: so it is."


def test_an_open_prediction_is_to_do():
    assert prediction().check(...).outcome == "to do"
    assert prediction().check((..., 5)).outcome == "to do"


@pytest.mark.parametrize("wrong", [(5, 5), 6, "6, 5", {6: 5}, (6, 5, 0)])
def test_a_wrong_prediction_does_not_learn_the_right_one(wrong):
    feedback = prediction().check(wrong)
    assert feedback.outcome == "not yet" and feedback.mistake is None
    assert "is not what comes out" in feedback.message
    assert "should" not in feedback.message


def test_a_known_mistake_names_a_wrong_prediction():
    feedback = prediction().check((5, 6))
    assert feedback.mistake == "exchanged-pair"
    assert feedback.message == "The other way round.\n(5, 6) is not what comes out."


def test_numbers_that_differ_late_are_written_until_they_differ():
    def share(x):
        """Return the share."""

    exercise = Exercise(share, [((1,), 0.123456)], ["Divide."], "So it is.", (), 1e-9)
    message = exercise.check(lambda x: 0.123457).message
    assert "should give 0.123456, your function gave 0.123457" in message


def test_a_length_that_fits_one_case_alone_is_no_cause():
    def scaled(x):
        """Return the scaled values."""

    cases = [((np.ones(4),), np.ones(4)), ((np.ones(3),), np.ones(3))]
    exercise = Exercise(scaled, cases, ["Scale."], "So it is.")
    assert "axis" not in exercise.check(lambda x: 4 * x).message
