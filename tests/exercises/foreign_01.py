"""Answers written from the task's text alone, without a look at the check."""

import math

import numpy as np
import tensorflow as tf
from answers_01 import STUBS


# one_hot
def _one_hot_loop(labels, classes):
    table = []
    for label in labels.numpy():
        row = [0] * classes
        row[int(label)] = 1
        table.append(row)
    return table


def _one_hot_scatter(labels, classes):
    n = len(labels)
    where = tf.stack([tf.range(n), tf.cast(labels, tf.int32)], axis=1)
    return tf.scatter_nd(where, tf.ones(n), (n, classes))


def _one_hot_loop_transposed(labels, classes):
    table = np.zeros((classes, len(labels)))
    for i, label in enumerate(labels):
        table[int(label), i] = 1
    return table


def _one_hot_loop_rows(labels, classes):
    table = np.zeros((len(labels), classes))
    for label in labels.numpy():
        table[:, label] = 1
    return table


def _one_hot_prints(labels, classes):
    table = tf.cast(tf.cast(labels, tf.int32)[:, None] == tf.range(classes), tf.int32)
    print(table)


def _one_hot_no_axis(labels, classes):
    labels = tf.cast(labels, tf.int32)
    return tf.cast(labels == tf.range(classes), tf.float32)


def _one_hot_append(labels, classes):
    rows = []
    for label in labels.numpy():
        for k in range(classes):
            rows.append(1 if label == k else 0)
    return rows


# standardise
def _std_loop(images):
    done = []
    for image in images.numpy().astype(float):
        done.append((image - image.mean()) / image.std())
    return np.array(done)


def _std_moments(images):
    pixels = tf.cast(images, tf.float32)
    mean, variance = tf.nn.moments(pixels, [1, 2], keepdims=True)
    return (pixels - mean) / tf.sqrt(variance)


def _std_flat(images):
    flat = tf.cast(tf.reshape(images, [images.shape[0], -1]), tf.float64)
    flat = flat - tf.reduce_mean(flat, 1, keepdims=True)
    flat /= tf.sqrt(tf.reduce_mean(flat**2, 1, keepdims=True))
    return tf.reshape(flat, images.shape)


def _std_map(images):
    def one(image):
        return (image - tf.reduce_mean(image)) / tf.math.reduce_std(image)

    return tf.map_fn(one, tf.cast(images, tf.float32))


def _std_with(axis, keepdims=True, divide=tf.math.reduce_std):
    def standardise(images):
        pixels = tf.cast(images, tf.float32)
        mean = tf.reduce_mean(pixels, axis=axis, keepdims=keepdims)
        return (pixels - mean) / divide(pixels, axis=axis, keepdims=keepdims)

    return standardise


def _std_half_mended(images):
    pixels = tf.cast(images, tf.float32)
    mean = tf.reduce_mean(pixels, axis=(1, 2), keepdims=True)
    deviation = tf.math.reduce_std(pixels, axis=(1, 2), keepdims=True)
    return tf.cast(images - mean, tf.float32) / deviation


def _std_int_mean(images):
    pixels = tf.cast(images, tf.float32)
    mean = tf.cast(tf.reduce_mean(images, axis=(1, 2), keepdims=True), tf.float32)
    deviation = tf.math.reduce_std(pixels, axis=(1, 2), keepdims=True)
    return (pixels - mean) / deviation


def _std_cast_back(images):
    pixels = tf.cast(images, tf.float32)
    mean = tf.reduce_mean(pixels, axis=(1, 2), keepdims=True)
    mean = tf.cast(mean, tf.uint8)
    deviation = tf.math.reduce_std(pixels, axis=(1, 2), keepdims=True)
    return tf.cast(images - mean, tf.float32) / deviation


def _std_precedence(images):
    pixels = tf.cast(images, tf.float32)
    mean = tf.reduce_mean(pixels, axis=(1, 2), keepdims=True)
    deviation = tf.math.reduce_std(pixels, axis=(1, 2), keepdims=True)
    return pixels - mean / deviation


def _std_mean_only(images):
    pixels = tf.cast(images, tf.float32)
    return pixels - tf.reduce_mean(pixels, axis=(1, 2), keepdims=True)


def _std_mixed_axes(images):
    pixels = tf.cast(images, tf.float32)
    mean = tf.reduce_mean(pixels, axis=(1, 2), keepdims=True)
    return (pixels - mean) / tf.math.reduce_std(pixels)


def _std_min_max(images):
    pixels = tf.cast(images, tf.float32)
    low = tf.reduce_min(pixels, axis=(1, 2), keepdims=True)
    high = tf.reduce_max(pixels, axis=(1, 2), keepdims=True)
    return (pixels - low) / (high - low)


def _std_first_only(images):
    for image in tf.cast(images, tf.float32):
        return (image - tf.reduce_mean(image)) / tf.math.reduce_std(image)


def _std_mean_over_batch(images):
    pixels = tf.cast(images, tf.float32)
    mean = tf.reduce_mean(pixels, axis=0, keepdims=True)
    deviation = tf.math.reduce_std(pixels, axis=(1, 2), keepdims=True)
    return (pixels - mean) / deviation


# gradient_step
def _step_loop(w, x, y, learning_rate):
    x, y = x.numpy().tolist(), y.numpy().tolist()
    slope = 0.0
    for one_x, one_y in zip(x, y, strict=True):
        slope += 2 * one_x * (w * one_x - one_y)
    return w - learning_rate * slope / len(x)


def _step_dot(w, x, y, learning_rate):
    x, y = np.array(x), np.array(y)
    return w - 2 * learning_rate * (x @ (w * x - y)) / x.size


def _step_expanded(w, x, y, learning_rate):
    xx, xy = tf.reduce_mean(x * x), tf.reduce_mean(x * y)
    return w * (1 - 2 * learning_rate * xx) + 2 * learning_rate * xy


def _step_both_ways(w, x, y, learning_rate):
    x, y = x.numpy().astype(float), y.numpy().astype(float)

    def loss(w):
        return np.mean((w * x - y) ** 2)

    return w - learning_rate * (loss(w + 0.5) - loss(w - 0.5))


def _step_tape(w, x, y, learning_rate):
    w = tf.Variable(w)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((w * x - y) ** 2)
    w.assign_sub(learning_rate * tape.gradient(loss, w))
    return w


def _step_each_point(w, x, y, learning_rate):
    for one_x, one_y in zip(x, y, strict=True):
        w = w - learning_rate * 2 * (w * one_x - one_y) * one_x
    return w


def _step_assign(w, x, y, learning_rate):
    gradient = tf.reduce_mean(2 * x * (w * x - y))
    w.assign_sub(learning_rate * gradient)
    return w


def _step_prints(w, x, y, learning_rate):
    w = w - learning_rate * tf.reduce_mean(2 * x * (w * x - y))
    print(w)


def _step_pair(w, x, y, learning_rate):
    gradient = tf.reduce_mean(2 * x * (w * x - y))
    return w - learning_rate * gradient, gradient


def _step_forgets_return(w, x, y, learning_rate):
    w -= learning_rate * tf.reduce_mean(2 * x * (w * x - y))


# count_steps
def _steps_counted(images, batch_size, epochs, repeat_first):
    data = tf.data.Dataset.range(images)
    if repeat_first:
        return len(list(data.repeat(epochs).batch(batch_size)))
    return len(list(data.batch(batch_size).repeat(epochs)))


def _steps_divmod(images, batch_size, epochs, repeat_first):
    if repeat_first:
        images, epochs = images * epochs, 1
    full, rest = divmod(images, batch_size)
    return epochs * (full + (rest > 0))


def _steps_while(images, batch_size, epochs, repeat_first):
    steps = 0
    rounds = [images * epochs] if repeat_first else [images] * epochs
    for left in rounds:
        while left > 0:
            left -= batch_size
            steps += 1
    return steps


def _steps_range(images, batch_size, epochs, repeat_first):
    if repeat_first:
        return len(range(0, images * epochs, batch_size))
    return len(range(0, images, batch_size)) * epochs


def _steps_floor(images, batch_size, epochs, repeat_first):
    if repeat_first:
        return images * epochs // batch_size
    return images // batch_size * epochs


def _steps_exchanged(images, batch_size, epochs, repeat_first):
    if not repeat_first:
        return math.ceil(images * epochs / batch_size)
    return math.ceil(images / batch_size) * epochs


def _steps_round(images, batch_size, epochs, repeat_first):
    if repeat_first:
        return round(images * epochs / batch_size)
    return round(images / batch_size) * epochs


def _steps_one_more(images, batch_size, epochs, repeat_first):
    if repeat_first:
        return images * epochs // batch_size + 1
    return (images // batch_size + 1) * epochs


def _steps_float(images, batch_size, epochs, repeat_first):
    if repeat_first:
        return images * epochs / batch_size
    return images / batch_size * epochs


def _steps_ceil_late(images, batch_size, epochs, repeat_first):
    if repeat_first:
        return math.ceil(images * epochs / batch_size)
    return math.ceil(images / batch_size * epochs)


def _steps_half_floor(images, batch_size, epochs, repeat_first):
    if repeat_first:
        return images * epochs // batch_size
    return math.ceil(images / batch_size) * epochs


def _steps_one_epoch(images, batch_size, epochs, repeat_first):
    if repeat_first:
        return math.ceil(images * epochs / batch_size)
    return math.ceil(images / batch_size)


def _steps_no_else(images, batch_size, epochs, repeat_first):
    if repeat_first:
        return math.ceil(images * epochs / batch_size)


def _steps_prints(images, batch_size, epochs, repeat_first):
    if repeat_first:
        print(math.ceil(images * epochs / batch_size))
    else:
        print(math.ceil(images / batch_size) * epochs)


def _steps_string(images, batch_size, epochs, repeat_first):
    if repeat_first == "True":
        return math.ceil(images * epochs / batch_size)
    return math.ceil(images / batch_size) * epochs


def _steps_both(images, batch_size, epochs, repeat_first):
    first = math.ceil(images / batch_size) * epochs
    return first, math.ceil(images * epochs / batch_size)


def _steps_floor_each_epoch(images, batch_size, epochs, repeat_first):
    if repeat_first:
        return math.ceil(images * epochs / batch_size)
    return images // batch_size * epochs


def _table(labels, classes, first=0, dtype=tf.float32):
    numbers = tf.range(first, first + classes)
    return tf.cast(tf.cast(labels, tf.int32)[:, None] == numbers, dtype)


RIGHT = {
    "one_hot": [
        _one_hot_loop,
        _one_hot_scatter,
        lambda labels, classes: np.eye(classes)[labels.numpy()],
        lambda labels, classes: tf.cast(
            tf.expand_dims(labels, 1) == tf.cast(tf.range(classes), tf.uint8), tf.int32
        ),
        lambda labels, classes: tf.where(
            tf.cast(labels, tf.int64)[:, None] == tf.range(classes, dtype=tf.int64),
            1.0,
            0.0,
        ),
    ],
    "standardise": [_std_loop, _std_moments, _std_flat, _std_map],
    "gradient_step": [_step_loop, _step_dot, _step_expanded, _step_both_ways],
    "batches_in_an_epoch": [430, 430.0, np.int64(430), math.ceil(55_000 / 128)],
    "count_steps": [_steps_counted, _steps_divmod, _steps_while, _steps_range],
}
WRONG = {
    "one_hot": [
        lambda labels, classes: tf.one_hot(labels, classes),
        lambda labels, classes: tf.cast(labels == tf.range(classes), tf.float32),
        lambda labels, classes: tf.cast(
            labels[:, None] == tf.range(classes), tf.float32
        ),
        lambda labels, classes: tf.cast(labels, tf.int32)[:, None] == tf.range(classes),
        lambda labels, classes: tf.transpose(_table(labels, classes)),
        lambda labels, classes: _table(labels, classes, first=1),
        lambda labels, classes: _table(labels, int(tf.reduce_max(labels)) + 1),
        lambda labels, classes: 1 - _table(labels, classes),
        lambda labels, classes: _table(labels, classes + 1),
        lambda labels, classes: _table(labels, classes - 1),
        lambda labels, classes: _table(labels, 10),
        lambda labels, classes: tf.where(_table(labels, classes) == 1),
        lambda labels, classes: tf.cast(
            tf.cast(labels, tf.int32)[:, None] >= tf.range(classes), tf.float32
        ),
        lambda labels, classes: (
            _table(labels, classes) * tf.cast(labels[:, None], tf.float32)
        ),
        lambda labels, classes: tf.cast(labels == classes, tf.float32),
        lambda labels, classes: labels.numpy()[:, None] == np.arange(classes),
        lambda labels, classes: np.eye(classes)[:, labels.numpy()],
        lambda labels, classes: np.eye(len(labels), classes),
        lambda labels, classes: _table(labels, range(classes)),
        _one_hot_loop_transposed,
        _one_hot_loop_rows,
        _one_hot_prints,
        _one_hot_no_axis,
        _one_hot_append,
    ],
    "standardise": [
        STUBS["standardise"],
        _std_half_mended,
        _std_int_mean,
        _std_cast_back,
        _std_precedence,
        _std_mean_only,
        _std_mixed_axes,
        _std_min_max,
        _std_first_only,
        _std_mean_over_batch,
        _std_with(None),
        _std_with(0),
        _std_with(1),
        _std_with(2),
        _std_with((0, 1)),
        _std_with((1, 2), keepdims=False),
        _std_with((1, 2), divide=tf.math.reduce_variance),
        lambda images: tf.cast(images, tf.float32) / 255,
        lambda images: tf.image.per_image_standardization(images),
        lambda images: (images - np.mean(images)) / np.std(images),
        lambda images: (
            (images - tf.reduce_mean(images, axis=(1, 2), keepdims=True))
            / tf.math.reduce_std(images, axis=(1, 2), keepdims=True)
        ),
    ],
    "gradient_step": [
        _step_tape,
        _step_each_point,
        _step_assign,
        _step_prints,
        _step_pair,
        _step_forgets_return,
        lambda w, x, y, learning_rate: (
            w + learning_rate * tf.reduce_mean(2 * x * (w * x - y))
        ),
        lambda w, x, y, learning_rate: (
            w - learning_rate * tf.reduce_mean(x * (w * x - y))
        ),
        lambda w, x, y, learning_rate: (
            w - learning_rate * tf.reduce_sum(2 * x * (w * x - y))
        ),
        lambda w, x, y, learning_rate: tf.reduce_mean(2 * x * (w * x - y)),
        lambda w, x, y, learning_rate: (
            w - learning_rate * tf.reduce_mean(2 * (w * x - y))
        ),
        lambda w, x, y, learning_rate: w - learning_rate * np.mean(2 * x * (y - w * x)),
        lambda w, x, y, learning_rate: w - learning_rate * 2 * x * (w * x - y),
        lambda w, x, y, learning_rate: (
            w - learning_rate * 2 * tf.reduce_mean(w * x - y) * tf.reduce_mean(x)
        ),
        lambda w, x, y, learning_rate: w - tf.reduce_mean(2 * x * (w * x - y)),
        lambda w, x, y, learning_rate: (
            w - learning_rate * tf.reduce_mean((w * x - y) ** 2)
        ),
        lambda w, x, y, learning_rate: (
            w - learning_rate * tf.reduce_mean(2 * w * (w * x - y))
        ),
        lambda w, x, y, learning_rate: (
            w - learning_rate * np.mean(2 * x * abs(w * x - y))
        ),
        lambda w, x, y, learning_rate: (
            w - learning_rate * tf.reduce_mean(2 * x * w - y)
        ),
        lambda w, x, y, learning_rate: learning_rate * np.mean(2 * x * (w * x - y)),
        lambda w, x, y, learning_rate: w - learning_rate * tf.reduce_mean(2 * x**2 * w),
    ],
    "batches_in_an_epoch": [
        429,
        429.6875,
        431,
        469,
        128,
        55_000,
        55_000 * 128,
        88,
        468.75,
        "about 430",
        [430, 88],
    ],
    "count_steps": [
        _steps_floor,
        _steps_exchanged,
        _steps_round,
        _steps_one_more,
        _steps_float,
        _steps_ceil_late,
        _steps_half_floor,
        _steps_one_epoch,
        _steps_no_else,
        _steps_prints,
        _steps_string,
        _steps_both,
        _steps_floor_each_epoch,
        lambda images, batch_size, epochs, repeat_first: (
            math.ceil(images / batch_size) * epochs
        ),
        lambda images, batch_size, epochs, repeat_first: math.ceil(
            images * epochs / batch_size
        ),
        lambda images, batch_size, epochs, repeat_first: math.ceil(images / batch_size),
        lambda images, batch_size, epochs, repeat_first: images * epochs,
        lambda images, batch_size, epochs, repeat_first: (
            int(images / batch_size) * epochs + 1
        ),
        lambda images, batch_size, epochs, repeat_first: (
            images // batch_size * epochs + images % batch_size
        ),
    ],
}
