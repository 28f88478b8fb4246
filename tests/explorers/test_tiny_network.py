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


def network(x, parameters):
    w1, b1, w2, b2, w3, b3 = parameters
    return tf.nn.relu(tf.nn.relu(x @ w1 + b1) @ w2 + b2) @ w3 + b3


def backward(x, y, parameters):
    variables = [tf.Variable(p) for p in parameters]
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((network(x, variables) - y) ** 2)
    return [g.numpy() for g in tape.gradient(loss, variables)]


def forward(x, parameters):  # as network, but quicker
    w1, b1, w2, b2, w3, b3 = parameters
    return np.maximum(np.maximum(x @ w1 + b1, 0) @ w2 + b2, 0) @ w3 + b3


def nudged(at, nudge):
    k, i, j = WEIGHTS[at]
    arrays = [p.copy() for p in TINY]
    arrays[k][i, j] += nudge
    return arrays


def change(panel):
    return number(r"the loss changes by (-?[\d.]*\d)\.", panel)


def test_it_starts_with_the_numbers_of_the_lesson():
    said = words(explorers.tiny_network(network, backward, TINY))
    assert "inputs 1, 2; hidden 1: 7, 0 (closed); hidden 2: 5, 0 (closed)" in said
    assert "output 11, target 10, loss 1." in said
    assert "Backward: output 2; hidden 2: 4, 0; hidden 1: 4, 0." in said
    assert "w1[0, 0] is 1, its gradient 4: on its left the answer 1, on its" in said
    assert "promises a change of 0.1 · 4 = 0.4; the loss changes by 0.44." in said
    assert "The promise is kept." in said
    assert "The loss curves away by 0.04; half the nudge quarters that." in said


def test_behind_a_closed_unit_no_curve_is_claimed():
    panel = explorers.tiny_network(network, backward, TINY)
    panel.controls["weight"].value = 5  # w2[0, 1]
    assert "the loss changes by 0. The promise is kept. Here the loss runs" in words(
        panel
    )
    panel.controls["nudge"].value = 1.0
    assert "broken. On the way a ReLU opens or closes" in words(panel)


@pytest.mark.slow
@pytest.mark.parametrize("at", range(10))
def test_every_weight_has_the_gradient_and_the_change_of_the_tape(at):
    panel = explorers.tiny_network(forward, backward, TINY, x=[1, 1], y=7)
    panel.controls["weight"].value = at
    k, i, j = WEIGHTS[at]
    assert panel.controls["value"].value == TINY[k][i, j]
    x, y = np.array([[1.0, 1.0]]), np.array([[7.0]])
    gradient = backward(x, y, TINY)[k][i, j]
    assert number(r"its gradient (-?[\d.]*\d):", panel) == pytest.approx(gradient)
    for nudge in (-0.5, 2.0):
        panel.controls["nudge"].value = nudge
        losses = [float((forward(x, nudged(at, n))[0, 0] - 7) ** 2) for n in (0, nudge)]
        assert change(panel) == pytest.approx(losses[1] - losses[0], abs=1e-4)
    assert "disagrees" not in words(panel)


def test_a_gradient_is_the_answer_on_its_left_times_the_gradient_on_its_right():
    panel = explorers.tiny_network(forward, backward, TINY, x=[1, 1], y=7)
    said = r"gradient (\S+): on its left the answer (\S+), .* gradient (\S+)\.\n"
    for at in range(10):
        panel.controls["weight"].value = at
        own, left, right = numbers(said, panel)
        assert own == left * right


def test_a_closed_relu_is_said_and_a_nudge_that_opens_it_breaks_the_promise():
    panel = explorers.tiny_network(forward, backward, TINY)
    panel.controls["weight"].value = 5  # w2[0, 1], into the closed unit
    assert "w2[0, 1] is -1, its gradient 0:" in words(panel)
    panel.controls["nudge"].value = 0.5  # its sum stays below 0
    assert change(panel) == 0
    assert "The promise is kept" in words(panel)
    panel.controls["nudge"].value = 1.0
    assert change(panel) == pytest.approx(3)  # by hand: its answer 3, the output 8
    assert "The promise is broken. On the way a ReLU opens or closes" in words(panel)


def test_a_large_nudge_breaks_the_promise_though_no_relu_moves():
    panel = explorers.tiny_network(forward, backward, TINY)
    panel.controls["nudge"].value = -2.0  # output 11 - 4: the loss is 9
    assert "a change of -2 · 4 = -8; the loss changes by 8." in words(panel)
    assert "The promise is broken. The loss curves" in words(panel)
    panel.controls["nudge"].value = -0.01
    assert "The promise is kept" in words(panel)


def test_at_the_bend_of_a_relu_no_mistake_is_claimed():
    panel = explorers.tiny_network(forward, backward, TINY)
    panel.controls["weight"].value = 1
    panel.controls["value"].value = 3.0  # the sum is 3 - 4 + 1, exactly 0
    assert "its gradient 0:" in words(panel)
    assert "disagrees" not in words(panel)


def test_a_fit_without_loss_has_no_mistake_either():
    panel = explorers.tiny_network(forward, backward, TINY, x=[5, 5], y=20)
    for at in range(10):
        panel.controls["weight"].value = at
        assert "disagrees" not in words(panel)
    panel = explorers.tiny_network(forward, backward, TINY, y=11)
    assert "loss 0." in words(panel) and "disagrees" not in words(panel)


WRONG = {
    "twice too large": lambda slopes: [2 * slope for slope in slopes],
    "of the other sign": lambda slopes: [-slope for slope in slopes],
    "for the transposed array": lambda slopes: [slopes[0].T, *slopes[1:]],
}


@pytest.mark.parametrize("mistake", WRONG.values(), ids=WRONG)
def test_a_wrong_backward_is_named(mistake):
    def wrong(x, y, parameters):
        return mistake(backward(x, y, parameters))

    panel = explorers.tiny_network(forward, wrong, TINY)
    panel.controls["weight"].value = 2  # w1[1, 0]
    assert "Tiny nudges say 8: backward disagrees." in words(panel)
    assert "promise is" not in words(panel)


def test_what_is_shown_inside_comes_from_the_learners_forward():
    def linear(x, parameters):  # without ReLU
        w1, b1, w2, b2, w3, b3 = parameters
        return ((x @ w1 + b1) @ w2 + b2) @ w3 + b3

    said = words(explorers.tiny_network(linear, backward, TINY))
    assert "hidden 1: 7, -1; hidden 2: 4, -7; output 16," in said


def test_a_changed_weight_stays_when_another_is_chosen_and_ours_are_untouched():
    ours = [p.copy() for p in TINY]

    def careless(x, parameters):
        x += 1
        for p in parameters:
            p += 1
        return forward(x - 1, [p - 1 for p in parameters])

    panel = explorers.tiny_network(careless, backward, ours)
    panel.controls["value"].value = 2
    panel.controls["weight"].value = 9
    panel.controls["weight"].value = 0
    assert panel.controls["value"].value == 2
    assert "output 13," in words(panel)
    for given, before in zip(ours, TINY, strict=True):
        np.testing.assert_array_equal(given, before)


def test_every_control_goes_to_both_ends_and_changes_picture_and_text():
    panel = explorers.tiny_network(forward, backward, TINY)
    for name, control in panel.controls.items():
        for end in (9, 0) if name == "weight" else (control.max, control.min):
            before = panel.picture.value, words(panel)
            control.value = end
            assert panel.picture.value != before[0], (name, end)
            assert words(panel) != before[1], (name, end)
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
    panel.controls["x0"].value = 1
    assert panel.alert.value == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((forward, backward, TINY[:4]), "parameters must have shapes"),
        (
            (forward, backward, [9 * p for p in TINY]),
            "numbers from -5 to 5, got .* 27:",
        ),
        ((forward, backward, None), "parameters must hold numbers .* got None"),
        ((forward, lambda x, y, p: None, TINY), "backward returns must hold .* None"),
        ((forward, lambda x, y, p: p[:2], TINY), "what backward returns must have"),
        ((lambda x, p: x, backward, TINY), r"answer must have shapes \[\(1, 1\)\]"),
        ((forward, backward, TINY, [1, 9]), "x must have .* numbers from -5 to 5"),
        ((forward, backward, TINY, [1, 2], 30), "y must be"),
        ((backward, backward, TINY), "forward must be a function called as"),
    ],
)
def test_bad_input_is_refused_at_the_door(arguments, message):
    with pytest.raises((TypeError, ValueError), match=message):
        explorers.tiny_network(*arguments)
