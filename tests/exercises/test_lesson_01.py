import numpy as np
import pytest
import tensorflow as tf

from course_utils.exercises import lesson_01


def _over_the_batch(images):
    pixels = tf.cast(images, tf.float32)
    deviation = tf.math.reduce_std(pixels, axis=0) + 1e-9
    return (pixels - tf.reduce_mean(pixels, axis=0)) / deviation


def _over_everything(images):
    pixels = tf.cast(images, tf.float32)
    return (pixels - tf.reduce_mean(pixels)) / tf.math.reduce_std(pixels)


def _without_keepdims(images):
    pixels = tf.cast(images, tf.float32)
    mean = tf.reduce_mean(pixels, axis=(1, 2))
    return (pixels - mean) / tf.math.reduce_std(pixels, axis=(1, 2))


def _mean_of_integers(images):
    centred = images - tf.reduce_mean(images, axis=(1, 2), keepdims=True)
    pixels = tf.cast(centred, tf.float32)
    return pixels / tf.math.reduce_std(pixels, axis=(1, 2), keepdims=True)


def _each_row_alone(images):
    pixels = tf.cast(images, tf.float32)
    mean = tf.reduce_mean(pixels, axis=2, keepdims=True)
    return (pixels - mean) / (tf.math.reduce_std(pixels, axis=2, keepdims=True) + 1e-9)


@pytest.mark.parametrize(
    "answer",
    [
        _over_the_batch,
        _over_everything,
        _without_keepdims,
        _mean_of_integers,
        _each_row_alone,
        lambda images: images / 255,
    ],
)
def test_standardise_rejects(answer):
    assert lesson_01.standardise.check(answer).outcome == "not yet"


def test_standardise_accepts_numpy():
    def answer(images):
        pixels = images.numpy().astype("float64")
        mean = pixels.mean(axis=(1, 2), keepdims=True)
        return (pixels - mean) / pixels.std(axis=(1, 2), keepdims=True)

    assert lesson_01.standardise.check(answer).outcome == "correct"


def test_standardise_meets_a_batch_on_which_missing_keepdims_is_silent():
    batches = [arguments[0] for arguments, _ in lesson_01.standardise._cases]
    assert any(batch.shape[0] == batch.shape[2] for batch in batches)


@pytest.mark.parametrize(
    "answer",
    [
        lambda labels, classes: labels[:, tf.newaxis] == tf.range(classes),  # dtypes
        lambda labels, classes: tf.cast(  # axes exchanged
            tf.cast(labels, tf.int32) == tf.range(classes)[:, tf.newaxis], tf.float32
        ),
        lambda labels, classes: tf.cast(  # column left out
            tf.cast(labels, tf.int32) == tf.range(classes), tf.float32
        ),
        lambda labels, classes: tf.eye(classes),
        lambda labels, classes: tf.one_hot(labels, 10),
    ],
)
def test_one_hot_rejects(answer):
    assert lesson_01.one_hot.check(answer).outcome == "not yet"


def test_one_hot_accepts_other_ways():
    def by_gather(labels, classes):
        return tf.gather(tf.eye(classes), tf.cast(labels, tf.int32))

    assert lesson_01.one_hot.check(by_gather).outcome == "correct"
    assert lesson_01.one_hot.check(tf.one_hot).outcome == "correct"


@pytest.mark.parametrize(
    "answer",
    [
        lambda w, x, y, rate: w + rate * tf.reduce_mean(2 * (w * x - y) * x),
        lambda w, x, y, rate: w - rate * tf.reduce_mean((w * x - y) * x),
        lambda w, x, y, rate: w - rate * tf.reduce_sum(2 * (w * x - y) * x),
        lambda w, x, y, rate: w - rate * tf.reduce_mean(2 * (w * x - y)),
        lambda w, x, y, rate: tf.reduce_mean(2 * (w * x - y) * x),
        lambda w, x, y, rate: w - rate * 2 * (w * x - y) * x,
    ],
)
def test_gradient_step_rejects(answer):
    assert lesson_01.gradient_step.check(answer).outcome == "not yet"


def test_gradient_step_accepts_the_tape():
    def answer(w, x, y, learning_rate):
        w = tf.Variable(w)
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((w * x - y) ** 2)
        w.assign_sub(learning_rate * tape.gradient(loss, w))
        return w

    assert lesson_01.gradient_step.check(answer).outcome == "correct"


@pytest.mark.parametrize(
    "answer",
    [
        lambda images, size, epochs, first: images // size * epochs,
        lambda images, size, epochs, first: images / size * epochs,
        lambda images, size, epochs, first: epochs * -(-images // size),
        lambda images, size, epochs, first: -(-images * epochs // size),
        lambda images, size, epochs, first: (
            epochs * -(-images // size) if first else -(-images * epochs // size)
        ),
    ],
)
def test_count_steps_rejects(answer):
    assert lesson_01.count_steps.check(answer).outcome == "not yet"


def test_count_steps_expects_what_tf_data_counts():
    for (
        images,
        batch_size,
        epochs,
        repeat_first,
    ), steps in lesson_01.count_steps._cases:
        numbers = tf.data.Dataset.range(images)
        if repeat_first:
            batches = numbers.repeat(epochs).batch(batch_size)
        else:
            batches = numbers.batch(batch_size).repeat(epochs)
        assert len(batches) == steps


def test_expected_values_of_one_hot_are_those_of_tensorflow():
    for (labels, classes), expected in lesson_01.one_hot._cases:
        np.testing.assert_array_equal(tf.one_hot(labels, classes), expected)
