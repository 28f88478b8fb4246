"""The checks of lesson 05 accept right answers and name wrong ones."""

import numpy as np
import pytest
import tensorflow as tf

from course_utils.exercises import lesson_05


def field_by_tape(windows):
    """Count the pixels from which a way leads to one unit, with windows of ones."""
    size = 40
    x = tf.Variable(tf.zeros([1, size, 1, 1]))
    with tf.GradientTape() as tape:
        maps = tf.identity(x)
        for window, stride in windows:
            kernel = tf.ones([window, 1, 1, 1])
            maps = tf.nn.conv2d(maps, kernel, [1, stride, 1, 1], "VALID")
        unit = maps[0, 0, 0, 0]
    return int(np.count_nonzero(tape.gradient(unit, x)))


def field_forwards(windows):
    """Grow the field from the image upwards."""
    width, apart = 1, 1
    for size, stride in windows:
        width += (size - 1) * apart
        apart *= stride
    return width


def weighted_average(gradients, counts):
    return np.average(gradients, axis=0, weights=counts)


def looks_at_each_start(losses, patience):
    for epoch in range(1, len(losses) + 1):
        best = int(np.argmin(losses[:epoch])) + 1
        if epoch - best >= patience:
            return best, epoch
    return int(np.argmin(losses)) + 1, len(losses)


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        (lesson_05.field_width, lesson_05._field_width),
        (lesson_05.field_width, field_by_tape),
        (lesson_05.field_width, field_forwards),
        (lesson_05.whole_gradient, lesson_05._whole_gradient),
        (lesson_05.whole_gradient, weighted_average),
        (lesson_05.early_stopping, lesson_05._early_stopping),
        (lesson_05.early_stopping, looks_at_each_start),
    ],
)
def test_right_answers_are_correct(exercise, answer):
    feedback = exercise.check(answer)
    assert feedback.outcome == "correct", feedback


def forgets_strides(windows):
    return 1 + sum(size - 1 for size, _ in windows)


def multiplies_sizes(windows):
    return int(np.prod([size for size, _ in windows]))


def starts_at_the_image(windows):
    width = 1
    for size, stride in windows:
        width = (width - 1) * stride + size
    return width


def stride_of_the_layer_itself(windows):
    """Let each layer's stride act on its own window."""
    width, apart = 1, 1
    for size, stride in windows:
        apart *= stride
        width += (size - 1) * apart
    return width


def plain_mean(gradients, counts):
    return np.mean(gradients, axis=0)


def forgets_to_divide(gradients, counts):
    return counts @ gradients


def mean_over_everything(gradients, counts):
    return np.average(gradients.mean(axis=1), weights=counts)


def divides_by_the_pieces(gradients, counts):
    return counts @ gradients / len(counts)


def looks_ahead(losses, patience):
    return int(np.argmin(losses)) + 1, len(losses)


def counts_from_zero(losses, patience):
    best, last = lesson_05._early_stopping(losses, patience)
    return best - 1, last - 1


def equal_is_better(losses, patience):
    best = 0
    for epoch, loss in enumerate(losses):
        if loss <= losses[best]:
            best = epoch
        if epoch - best == patience:
            break
    return best + 1, epoch + 1


def compares_with_the_epoch_before(losses, patience):
    """Stop when the loss has risen `patience` times in a row."""
    risen = 0
    for epoch in range(1, len(losses)):
        risen = risen + 1 if losses[epoch] >= losses[epoch - 1] else 0
        if risen == patience:
            return epoch + 1 - patience, epoch + 1
    return int(np.argmin(losses)) + 1, len(losses)


def keeps_the_last(losses, patience):
    last = lesson_05._early_stopping(losses, patience)[1]
    return last, last


@pytest.mark.parametrize(
    ("exercise", "wrong"),
    [
        (lesson_05.field_width, forgets_strides),
        (lesson_05.field_width, multiplies_sizes),
        (lesson_05.field_width, starts_at_the_image),
        (lesson_05.field_width, stride_of_the_layer_itself),
        (lesson_05.whole_gradient, plain_mean),
        (lesson_05.whole_gradient, forgets_to_divide),
        (lesson_05.whole_gradient, mean_over_everything),
        (lesson_05.whole_gradient, divides_by_the_pieces),
        (lesson_05.early_stopping, looks_ahead),
        (lesson_05.early_stopping, counts_from_zero),
        (lesson_05.early_stopping, equal_is_better),
        (lesson_05.early_stopping, compares_with_the_epoch_before),
        (lesson_05.early_stopping, keeps_the_last),
    ],
)
def test_typical_wrong_answers_are_not_yet(exercise, wrong):
    assert exercise.check(wrong).outcome == "not yet"


def field_by_emptying(windows):
    width = 1
    while windows:
        size, stride = windows.pop()
        width = (width - 1) * stride + size
    return width


def test_an_answer_that_empties_the_list_is_told_so_at_each_check():
    for _ in range(2):
        feedback = lesson_05.field_width.check(field_by_emptying)
        assert "it changes what it was given: work on a copy" in feedback.message
    assert lesson_05.field_width.check(lesson_05._field_width).outcome == "correct"


def the_epoch_kept_alone(losses, patience):
    return lesson_05._early_stopping(losses, patience)[0]


def test_one_number_where_two_belong_is_shown_beside_the_two():
    feedback = lesson_05.early_stopping.check(the_epoch_kept_alone)
    assert "should give (1, 2), your function gave 1." in feedback.message
