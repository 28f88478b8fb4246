"""The checks of lesson 03 accept right answers and name wrong ones."""

import math

import numpy as np
import pytest
import tensorflow as tf

from course_utils.exercises import lesson_03


def right_output_size(size, kernel_size, stride, padding):
    if padding == "SAME":
        return math.ceil(size / stride)
    return (size - kernel_size) // stride + 1


def right_max_pool(image):
    pooled = np.zeros((image.shape[0] // 2, image.shape[1] // 2))
    for row, column in np.ndindex(*pooled.shape):
        block = image[2 * row : 2 * row + 2, 2 * column : 2 * column + 2]
        pooled[row, column] = block.max()
    return pooled


def built_parameters(kernel_size, padding):
    """Count the numbers of a network that TensorFlow has really applied."""
    x, total = tf.zeros([1, 28, 28, 1]), 0
    for channels in (32, 64):
        w = tf.zeros([kernel_size, kernel_size, x.shape[-1], channels])
        total += tf.size(w).numpy() + channels
        x = tf.nn.conv2d(x, w, 1, padding)
        x = tf.nn.max_pool2d(x, 2, 2, "SAME")
    for width in (1024, 10):
        inputs = int(np.prod(x.shape[1:]))
        total += inputs * width + width
        x = tf.zeros([1, width])
    return total


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        (lesson_03.output_size, lesson_03._output_size),
        (lesson_03.output_size, right_output_size),
        (lesson_03.max_pool, lesson_03._max_pool),
        (lesson_03.max_pool, right_max_pool),
        (lesson_03.network_parameters, lesson_03._network_parameters),
        (lesson_03.network_parameters, built_parameters),
    ],
)
def test_right_answers_are_correct(exercise, answer):
    feedback = exercise.check(answer)
    assert feedback.outcome == "correct", feedback


def test_the_expected_sizes_are_those_of_tensorflow():
    for (size, kernel_size, stride, padding), expected in lesson_03.output_size._cases:
        x = tf.zeros([1, size, size, 1])
        w = tf.zeros([kernel_size, kernel_size, 1, 1])
        assert tf.nn.conv2d(x, w, stride, padding).shape[1] == expected


def floor_everywhere(size, kernel_size, stride, padding):
    places = size if padding == "SAME" else size - kernel_size + 1
    return places // stride


def forgets_padding(size, kernel_size, stride, padding):
    return (size - kernel_size) // stride + 1


def swaps_paddings(size, kernel_size, stride, padding):
    return right_output_size(
        size, kernel_size, stride, "SAME" if padding == "VALID" else "VALID"
    )


def forgets_stride(size, kernel_size, stride, padding):
    return size if padding == "SAME" else size - kernel_size + 1


def pool_from_zeros(image):
    return np.maximum(right_max_pool(image), 0)


def mean_pool(image):
    height, width = image.shape
    return image.reshape(height // 2, 2, width // 2, 2).mean(axis=(1, 3))


def pool_with_stride_one(image):
    return np.maximum(image[:-1, :-1], image[1:, 1:])


def forgets_biases(kernel_size, padding):
    return built_parameters(kernel_size, padding) - 32 - 64 - 1024 - 10


def always_same(kernel_size, padding):
    return built_parameters(kernel_size, "SAME")


def one_input_channel(kernel_size, padding):
    missing = kernel_size**2 * 31 * 64
    return built_parameters(kernel_size, padding) - missing


def pools_round_down(kernel_size, padding):
    if (kernel_size, padding) != (3, "VALID"):
        return built_parameters(kernel_size, padding)
    return built_parameters(3, "VALID") - (6 * 6 - 5 * 5) * 64 * 1024


@pytest.mark.parametrize(
    ("exercise", "wrong"),
    [
        (lesson_03.output_size, floor_everywhere),
        (lesson_03.output_size, forgets_padding),
        (lesson_03.output_size, swaps_paddings),
        (lesson_03.output_size, forgets_stride),
        (lesson_03.max_pool, pool_from_zeros),
        (lesson_03.max_pool, mean_pool),
        (lesson_03.max_pool, pool_with_stride_one),
        (lesson_03.max_pool, lambda image: image.max()),
        (lesson_03.network_parameters, forgets_biases),
        (lesson_03.network_parameters, always_same),
        (lesson_03.network_parameters, one_input_channel),
        (lesson_03.network_parameters, pools_round_down),
    ],
)
def test_typical_wrong_answers_are_not_yet(exercise, wrong):
    assert exercise.check(wrong).outcome == "not yet"
