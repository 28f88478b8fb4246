"""The checks of lesson 07 accept right answers and name wrong ones."""

import numpy as np
import pytest
import tensorflow as tf

from course_utils.exercises import lesson_07


def by_tape(h, logits, y):
    """Take the gradient at weights that give these logits, with a bias for the rest."""
    h, logits = tf.constant(h), tf.constant(logits)
    w = tf.Variable(tf.zeros([h.shape[1], logits.shape[1]], h.dtype))
    with tf.GradientTape() as tape:
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(y, h @ w + logits)
        loss = tf.reduce_mean(losses)
    return tape.gradient(loss, w)


def channel_by_channel(dense1):
    """Fill the result with the weights of one place and one channel at a time."""
    result = np.zeros((400, len(dense1)))
    for channel in range(16):
        for place in range(25):
            result[16 * place + channel] = dense1[:, 25 * channel + place]
    return result


def counts_steps(trace, fast_step, slow_step):
    for steps in range(1, 1000):
        if trace + steps * fast_step < steps * slow_step:
            return steps
    return 0


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        (lesson_07.last_layer, by_tape),
        (lesson_07.from_torch, channel_by_channel),
        (lesson_07.break_even, counts_steps),
    ],
)
def test_right_answers_are_correct(exercise, answer):
    feedback = exercise.check(answer)
    assert feedback.outcome == "correct", feedback


def forgets_the_mean(h, logits, y):
    return len(y) * lesson_07._last_layer(h, logits, y)


def forgets_the_labels(h, logits, y):
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return h.T @ p / len(y)


def softmax_over_the_batch(h, logits, y):
    p = np.exp(logits) / np.exp(logits).sum(axis=0)
    return h.T @ (p - np.eye(logits.shape[1])[y]) / len(y)


def softmax_that_overflows(h, logits, y):
    with np.errstate(all="ignore"):
        p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return h.T @ (p - np.eye(logits.shape[1])[y]) / len(y)


def transposed(h, logits, y):
    return lesson_07._last_layer(h, logits, y).T


def only_transposes(dense1):
    return dense1.T


def only_reshapes(dense1):
    return dense1.reshape(400, -1)


def width_before_height(dense1):
    return dense1.reshape(-1, 16, 5, 5).transpose(3, 2, 1, 0).reshape(400, -1)


def stops_when_equal(trace, fast_step, slow_step):
    return int(np.ceil(trace / (slow_step - fast_step))) if fast_step < slow_step else 0


def forgets_never(trace, fast_step, slow_step):
    return int(trace // (slow_step - fast_step)) + 1


def without_rounding(trace, fast_step, slow_step):
    return trace / (slow_step - fast_step) if fast_step < slow_step else 0


@pytest.mark.parametrize(
    ("exercise", "wrong"),
    [
        (lesson_07.last_layer, forgets_the_mean),
        (lesson_07.last_layer, forgets_the_labels),
        (lesson_07.last_layer, softmax_over_the_batch),
        (lesson_07.last_layer, softmax_that_overflows),
        (lesson_07.last_layer, transposed),
        (lesson_07.from_torch, only_transposes),
        (lesson_07.from_torch, only_reshapes),
        (lesson_07.from_torch, width_before_height),
        (lesson_07.break_even, stops_when_equal),
        (lesson_07.break_even, forgets_never),
        (lesson_07.break_even, without_rounding),
    ],
)
def test_wrong_answers_are_not_yet(exercise, wrong):
    feedback = exercise.check(wrong)
    assert feedback.outcome == "not yet", feedback


def test_a_step_that_is_never_faster_has_no_break_even():
    assert lesson_07._break_even(1.0, 0.5, 0.5) == 0
