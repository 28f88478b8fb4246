"""The checks of lesson 04 accept right answers and name wrong ones."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from course_utils.exercises import lesson_04


def built_size(side, stride):
    """Read the size from Keras layers that were really applied."""
    x = tf.zeros([1, side, side, 1])
    for _ in range(2):
        x = layers.MaxPooling2D(2)(layers.Conv2D(32, 3)(x))
    x = layers.Conv2D(32, 5, strides=stride)(x)
    return layers.Flatten()(x).shape[1]


def keras_batch_norm(x, gamma, beta):
    layer = layers.BatchNormalization(
        gamma_initializer=lambda shape, dtype: keras.ops.cast(gamma, dtype),
        beta_initializer=lambda shape, dtype: keras.ops.cast(beta, dtype),
    )
    return layer(x.astype(np.float32), training=True)


def right_dropout(x, keep, rate, training):
    if not training:
        return x
    return np.where(keep, x / (1 - rate), 0)


def measured_floor(classes):
    """Take the loss of a perfect image with softmax twice."""
    first = tf.nn.softmax(100.0 * tf.eye(1, classes))
    return tf.nn.sparse_softmax_cross_entropy_with_logits([0], first)[0]


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        (lesson_04.flat_size, lesson_04._flat_size),
        (lesson_04.flat_size, built_size),
        (lesson_04.batch_norm, lesson_04._batch_norm),
        (lesson_04.batch_norm, keras_batch_norm),
        (lesson_04.dropout, lesson_04._dropout),
        (lesson_04.dropout, right_dropout),
        (lesson_04.loss_floor, lesson_04._loss_floor),
        (lesson_04.loss_floor, measured_floor),
    ],
)
def test_right_answers_are_correct(exercise, answer):
    feedback = exercise.check(answer)
    assert feedback.outcome == "correct", feedback


def ignores_stride(side, stride):
    return built_size(side, 1)


def divides_places_rounding_down(side, stride):
    places = ((side - 2) // 2 - 2) // 2 - 4
    return 32 * (places // stride) ** 2


def same_padding(side, stride):
    return 32 * (-(-side // 4 // stride)) ** 2


def forgets_the_square(side, stride):
    return int(np.sqrt(built_size(side, stride) * 32))


def over_the_batch_only(x, gamma, beta):
    return gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + 1e-3) + beta


def over_the_channels(x, gamma, beta):
    mean, variance = x.mean(-1, keepdims=True), x.var(-1, keepdims=True)
    return gamma * (x - mean) / np.sqrt(variance + 1e-3) + beta


def one_mean_for_all(x, gamma, beta):
    return gamma * (x - x.mean()) / np.sqrt(x.var() + 1e-3) + beta


def divides_by_the_variance(x, gamma, beta):
    axes = (0, 1, 2)
    return gamma * (x - x.mean(axes)) / (x.var(axes) + 1e-3) + beta


def without_epsilon(x, gamma, beta):
    deviation = np.maximum(x.std(axis=(0, 1, 2)), 1e-9)
    return gamma * (x - x.mean(axis=(0, 1, 2))) / deviation + beta


def epsilon_outside_the_root(x, gamma, beta):
    deviation = x.std(axis=(0, 1, 2)) + 1e-3
    return gamma * (x - x.mean(axis=(0, 1, 2))) / deviation + beta


def without_scaling(x, keep, rate, training):
    return x * keep if training else x


def divides_by_the_rate(x, keep, rate, training):
    return x * keep / rate if training else x


def always_drops(x, keep, rate, training):
    return x * keep / (1 - rate)


def drops_what_it_should_keep(x, keep, rate, training):
    return x * ~keep / (1 - rate) if training else x


@pytest.mark.parametrize(
    ("exercise", "wrong"),
    [
        (lesson_04.flat_size, ignores_stride),
        (lesson_04.flat_size, divides_places_rounding_down),
        (lesson_04.flat_size, same_padding),
        (lesson_04.flat_size, forgets_the_square),
        (lesson_04.batch_norm, over_the_batch_only),
        (lesson_04.batch_norm, over_the_channels),
        (lesson_04.batch_norm, one_mean_for_all),
        (lesson_04.batch_norm, divides_by_the_variance),
        (lesson_04.batch_norm, without_epsilon),
        (lesson_04.batch_norm, epsilon_outside_the_root),
        (lesson_04.dropout, without_scaling),
        (lesson_04.dropout, divides_by_the_rate),
        (lesson_04.dropout, always_drops),
        (lesson_04.dropout, drops_what_it_should_keep),
        (lesson_04.loss_floor, lambda classes: np.log(classes)),
        (lesson_04.loss_floor, lambda classes: np.log(np.e + 9) - 1),
        (lesson_04.loss_floor, lambda classes: np.log(np.e + classes) - 1),
        (lesson_04.loss_floor, lambda classes: np.log(np.e + classes - 1)),
        (lesson_04.loss_floor, lambda classes: 0),
    ],
)
def test_typical_wrong_answers_are_not_yet(exercise, wrong):
    assert exercise.check(wrong).outcome == "not yet"
