import numpy as np
import pytest
import tensorflow as tf
from reading import number, numbers, words

from course_utils import explorers

TINY = [
    np.array([[1.0, 2.0], [3.0, -2.0]]),
    np.array([0.0, 1.0]),
    np.array([[1.0, -1.0], [1.0, 3.0]]),
    np.array([-2.0, 3.0]),
    np.array([[2.0], [-1.0]]),
    np.array([1.0]),
]
WEIGHTS = [(k, i, j) for k in (0, 2, 4) for i, j in np.ndindex(TINY[k].shape)]


def forward(x, parameters):
    w1, b1, w2, b2, w3, b3 = parameters
    return tf.nn.relu(tf.nn.relu(x @ w1 + b1) @ w2 + b2) @ w3 + b3


def backward(x, y, parameters):
    variables = [tf.Variable(p) for p in parameters]
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((forward(x, variables) - y) ** 2)
    return [g.numpy() for g in tape.gradient(loss, variables)]


def change(panel):
    return number(r"really changes by (-?[\d.]*\d)\.", panel)


def test_it_starts_with_the_numbers_of_the_lesson():
    panel = explorers.tiny_network(forward, backward, TINY)
    assert "Output 11, target 10: the loss, their difference squared, is 1." in words(
        panel
    )
    assert "The gradient of w1[0, 0] is 4." in words(panel)
    assert "promises a change of 0.1 · 4 = 0.4" in words(panel)
    assert change(panel) == pytest.approx(0.44)
    assert "The gap, 0.04, comes from the square" in words(panel)


@pytest.mark.parametrize("at", range(10))
def test_every_weight_has_the_gradient_and_the_change_of_the_tape(at):
    panel = explorers.tiny_network(forward, backward, TINY, x=[1, 1], y=7)
    panel.controls["weight"].value = at
    k, i, j = WEIGHTS[at]
    assert panel.controls["value"].value == TINY[k][i, j]
    x, y = np.array([[1.0, 1.0]]), np.array([[7.0]])
    gradient = backward(x, y, TINY)[k][i, j]
    assert number(r"\] is (-?[\d.]*\d)\.", panel) == pytest.approx(gradient, abs=0.01)
    for nudge in (-0.5, 2.0):
        panel.controls["nudge"].value = nudge
        nudged = [p.copy() for p in TINY]
        nudged[k][i, j] += nudge
        losses = [float((forward(x, p)[0, 0] - 7) ** 2) for p in (TINY, nudged)]
        assert change(panel) == pytest.approx(losses[1] - losses[0], abs=0.01)
    assert "disagree" not in words(panel)


def test_a_closed_relu_is_said_where_a_nudge_opens_it():
    panel = explorers.tiny_network(forward, backward, TINY)
    panel.controls["weight"].value = 5  # w2[0, 1]
    assert "The gradient of w2[0, 1] is 0" in words(panel)
    assert "opened or closed" not in words(panel)
    panel.controls["nudge"].value = 1.0
    assert "A ReLU opened or closed on the way" in words(panel)
    assert change(panel) != 0


def test_a_wrong_backward_is_named():
    def unmasked(x, y, parameters):
        gradients = backward(x, y, parameters)
        return [2 * gradients[0], *gradients[1:]]

    panel = explorers.tiny_network(forward, unmasked, TINY)
    assert numbers(
        r"smallest nudges say ([\d.]+), and backward says ([\d.]+): they disagree",
        panel,
    ) == (4, 8)


def test_a_changed_weight_stays_when_another_is_chosen_and_ours_are_untouched():
    panel = explorers.tiny_network(forward, backward, TINY)
    panel.controls["value"].value = 2
    panel.controls["weight"].value = 9
    panel.controls["weight"].value = 0
    assert panel.controls["value"].value == 2
    assert "Output 13, " in words(panel)
    assert TINY[0][0, 0] == 1


def test_every_control_goes_to_both_ends_and_changes_picture_or_text():
    panel = explorers.tiny_network(forward, backward, TINY)
    for name, control in panel.controls.items():
        ends = (9, 0) if name == "weight" else (control.max, control.min)
        for end in ends:
            before = panel.picture.value, words(panel)
            control.value = end
            assert words(panel) != before[1], (name, end)
            unseen = name in ("nudge", "y")  # the target acts on the gradients
            assert unseen or panel.picture.value != before[0], (name, end)
    assert panel.alert.value == ""


def test_an_exception_of_the_learners_function_is_shown_and_raised():
    def fragile(x, parameters):
        if x[0, 0] > 4:
            raise ArithmeticError("too <large>")
        return forward(x, parameters)

    panel = explorers.tiny_network(fragile, backward, TINY)
    with pytest.raises(ArithmeticError):
        panel.controls["x0"].value = 5
    assert "too &lt;large&gt;" in panel.alert.value


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((forward, backward, TINY[:4]), "parameters must have shapes"),
        ((forward, lambda x, y, p: p[:2], TINY), "what backward returns must have"),
        ((lambda x, p: x, backward, TINY), r"must return shape \(1, 1\) .* \(1, 2\)"),
        ((forward, backward, TINY, [1, 9]), "x must be two numbers from -5 to 5"),
        ((forward, backward, TINY, [1, 2], 30), "y must be"),
        ((backward, backward, TINY), "forward must be a function called as"),
    ],
)
def test_bad_input_is_refused_at_the_door(arguments, message):
    with pytest.raises((TypeError, ValueError), match=message):
        explorers.tiny_network(*arguments)
