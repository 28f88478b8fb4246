import numpy as np
import pytest
import tensorflow as tf
from reading import number, words

from course_utils import explorers

X = np.array([0.0, 1.0, 2.0])
Y = np.array([1.0, 3.0, 5.0])  # on the line 2x + 1


def line_step(w, b, x, y, learning_rate):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((w * x + b - y) ** 2)
    gradients = tape.gradient(loss, (w, b))
    for variable, gradient in zip((w, b), gradients, strict=True):
        variable.assign_sub(learning_rate * gradient)
    return loss, *gradients


def loss(panel):
    return number(r"loss ([^ ]*\d)\.", panel)


def test_the_first_step_is_the_one_that_the_lesson_works_out_on_paper():
    panel = explorers.gradient_descent(line_step, X, Y)
    assert loss(panel) == pytest.approx(35 / 3, abs=1e-3)
    panel.controls["step"].value = 1
    assert "Step 1: w 0.867, b 0.6, " in words(panel)
    assert "disagree" not in words(panel)
    assert "The best line has w 2 and b 1" in words(panel)


def test_the_path_starts_where_the_learner_says():
    panel = explorers.gradient_descent(line_step, X, Y)
    panel.controls["start w"].value = 2
    panel.controls["start b"].value = 1
    for step in (0, 20):
        panel.controls["step"].value = step
        assert loss(panel) == 0
    assert "diverges" not in words(panel)


def test_the_limit_named_parts_rates_that_shrink_the_error_from_those_that_grow_it():
    panel = explorers.gradient_descent(line_step, X, Y)
    limit = number("must stay below ([\\d.]*\\d)", panel)
    panel.controls["step"].value = 20
    for factor, verb in ((0.9, "shrank"), (1.1, "grew")):
        panel.controls["rate"].value = factor * limit
        assert verb in words(panel)
        assert ("It diverges" in words(panel)) == (factor > 1)
        assert f"is {'above' if factor > 1 else 'below'}" in words(panel)


def test_a_rate_next_to_the_limit_is_told_apart_from_it():
    panel = explorers.gradient_descent(line_step, X, Y)
    limit = number("must stay below ([\\d.]*\\d)", panel)
    panel.controls["rate"].value = 1.001 * limit
    assert number(r"([\d.]*\d) is above", panel) > limit


def test_a_path_beyond_all_numbers_is_still_drawn():
    panel = explorers.gradient_descent(line_step, 300 * X, Y)
    panel.controls["rate"].value = 1
    panel.controls["step"].value = 20
    assert "It diverges" in words(panel)
    assert panel.alert.value == ""


def test_play_and_step_follow_each_other_and_do_not_walk_again():
    calls = []

    def counted(w, b, x, y, learning_rate):
        calls.append(learning_rate)
        return line_step(w, b, x, y, learning_rate)

    panel = explorers.gradient_descent(counted, X, Y)
    before = len(calls)
    panel.controls["play"].value = 7
    assert panel.controls["step"].value == 7
    panel.controls["step"].value = 3
    assert panel.controls["play"].value == 3
    assert len(calls) == before


def test_every_control_goes_to_both_ends_and_changes_the_picture():
    panel = explorers.gradient_descent(line_step, X, Y)
    panel.controls["step"].value = 2
    for name, control in panel.controls.items():
        log = name == "rate"
        ends = [10.0**e for e in (-3, 0)] if log else [control.min, control.max]
        for end in ends:
            before, was = panel.picture.value, control.value
            control.value = end
            assert control.value == pytest.approx(end)
            if was != end:
                assert panel.picture.value != before, (name, end)
        if name in ("play", "step"):
            panel.controls["step"].value = 2
    assert panel.alert.value == ""


def test_a_step_with_another_loss_is_named():
    def summed(w, b, x, y, learning_rate):
        return len(X) * line_step(w, b, x, y, learning_rate)[0]

    panel = explorers.gradient_descent(summed, X, Y)
    assert "Your step returned 35," in words(panel)
    assert "they disagree" in words(panel)


def test_an_exception_of_the_learners_step_is_shown_and_raised():
    def fragile(w, b, x, y, learning_rate):
        if learning_rate > 0.5:
            raise ArithmeticError("too <far>")
        return line_step(w, b, x, y, learning_rate)

    panel = explorers.gradient_descent(fragile, X, Y)
    with pytest.raises(ArithmeticError):
        panel.controls["rate"].value = 1
    assert "ArithmeticError: too &lt;far&gt;" in panel.alert.value
    panel.controls["rate"].value = 0.1
    assert panel.alert.value == ""


def test_a_step_without_return_is_told_so():
    with pytest.raises(TypeError, match="step must return the loss.*NoneType.*return"):
        explorers.gradient_descent(lambda w, b, x, y, rate: None, X, Y)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((line_step, X, Y[:2]), r"y must have shape \(3,\), got \(2,\): give one"),
        ((line_step, X[:1], Y[:1]), "x must hold 2 to 1,000"),
        ((line_step, [2, 2], [1, 3]), "not all equal"),
    ],
)
def test_bad_input_is_refused_at_the_door(arguments, message):
    with pytest.raises((TypeError, ValueError), match=message):
        explorers.gradient_descent(*arguments)
