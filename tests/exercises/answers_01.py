"""Answers to the exercises of lesson 01 that learners give, right and wrong."""

import math

import numpy as np
import tensorflow as tf


def _by_loop(images):
    rows = []
    for image in tf.cast(images, tf.float32):
        rows.append((image - tf.reduce_mean(image)) / tf.math.reduce_std(image))
    return tf.stack(rows)


def _by_numpy(images):
    x = images.numpy().astype(float)
    return (x - x.mean((1, 2), keepdims=True)) / x.std((1, 2), keepdims=True)


def _by_newaxis(images):
    x = tf.cast(images, tf.float64)
    mean = tf.reduce_mean(x, [1, 2])[:, None, None]
    variance = tf.reduce_mean((x - mean) ** 2, [1, 2])[:, None, None]
    return (x - mean) / tf.sqrt(variance)


def _by_rows(images):
    x = tf.reshape(tf.cast(images, tf.float32), (len(images), -1))
    x = (x - tf.reduce_mean(x, 1, True)) / tf.math.reduce_std(x, 1, True)
    return tf.reshape(x, images.shape)


def _loses_shape(images):
    x = tf.reshape(tf.cast(images, tf.float32), (len(images), -1))
    return (x - tf.reduce_mean(x, 1, True)) / tf.math.reduce_std(x, 1, True)


def _np(images, axis=None, keepdims=True):
    x = np.asarray(images).astype(np.float32)
    return x, x.mean(axis, keepdims=keepdims), x.std(axis, keepdims=keepdims)


def _z(x, mean, deviation):
    return (x - mean) / deviation


def _eye_loop(labels, classes):
    table = np.zeros((len(labels), classes))
    for row, label in enumerate(labels.numpy()):
        table[row, label] = 1
    return table


def _lists(labels, classes):
    return [[int(label == k) for k in range(classes)] for label in labels.numpy()]


def _wrong_way_round(labels, classes):
    table = np.zeros((classes, len(labels)))
    for row, label in enumerate(labels.numpy()):
        table[label, row] = 1
    return table


def _one_too_far(labels, classes):
    table = np.zeros((len(labels), classes + 1))
    for row, label in enumerate(labels.numpy()):
        table[row, label + 1] = 1
    return table


def _numpy_step(w, x, y, learning_rate):
    x, y = x.numpy(), y.numpy()
    return w - learning_rate * 2 / len(x) * np.sum((w * x - y) * x)


def _loop_step(w, x, y, learning_rate):
    total = 0.0
    for a, b in zip(x.numpy(), y.numpy(), strict=True):
        total += 2 * (w * a - b) * a
    return w - learning_rate * total / len(x)


def _point_by_point(w, x, y, learning_rate):
    for a, b in zip(x.numpy(), y.numpy(), strict=True):
        w = w - learning_rate * 2 * (w * a - b) * a
    return w


def _nothing(w, x, y, learning_rate):
    w = w - learning_rate * tf.reduce_mean(2 * (w * x - y) * x)


def _count_by_loop(images, batch_size, epochs, repeat_first):
    if repeat_first:
        images, epochs = images * epochs, 1
    steps = 0
    for _ in range(epochs):
        left = images
        while left > 0:
            left -= batch_size
            steps += 1
    return steps


def _dataset(images, batch_size, epochs, repeat_first):
    rows = tf.data.Dataset.range(images)
    if repeat_first:
        return len(rows.repeat(epochs).batch(batch_size))
    return len(rows.batch(batch_size).repeat(epochs))


def _divmod(images, batch_size, epochs, repeat_first):
    if repeat_first:
        full, rest = divmod(images * epochs, batch_size)
        return full + (rest > 0)
    full, rest = divmod(images, batch_size)
    return epochs * (full + (rest > 0))


def _hot(labels, classes, axis=1):
    table = np.asarray(labels)[:, None] == np.arange(classes)
    return (table if axis else table.T).astype(float)


RIGHT = {
    "batches_in_an_epoch": [430, 430.0, np.int64(430), tf.constant(430)],
    "standardise": [
        _by_loop,
        _by_numpy,
        _by_newaxis,
        _by_rows,
        lambda images: _z(*_np(images, (1, 2))),
        lambda images: _z(*_np(images, (-2, -1))).tolist(),
        lambda images: tf.map_fn(
            lambda i: (i - tf.reduce_mean(i)) / tf.math.reduce_std(i),
            tf.cast(images, tf.float32),
        ),
        lambda images: tf.stack([_z(*_np(image)) for image in images]),
    ],
    "one_hot": [
        _eye_loop,
        _lists,
        lambda labels, classes: np.eye(classes)[labels.numpy()],
        lambda labels, classes: tf.gather(tf.eye(classes), tf.cast(labels, tf.int32)),
        lambda labels, classes: np.equal.outer(labels, np.arange(classes)).astype(int),
        lambda labels, classes: tf.cast(
            tf.expand_dims(tf.cast(labels, tf.int64), 1)
            == tf.range(classes, dtype=tf.int64),
            tf.int32,
        ),
        lambda labels, classes: tf.where(
            labels[:, None] == tf.cast(tf.range(classes), tf.uint8), 1.0, 0.0
        ),
    ],
    "gradient_step": [
        _numpy_step,
        _loop_step,
        lambda w, x, y, r: w - r * 2 * tf.reduce_mean((w * x - y) * x),
        lambda w, x, y, r: w + r * tf.reduce_mean(2 * x * (y - w * x)),
        lambda w, x, y, r: float(w - r * np.mean(2 * (w * x - y) * x)),
        lambda w, x, y, r: w - r * tf.reduce_sum(2 * (w * x - y) * x) / len(x),
        lambda w, x, y, r: (
            w - 2 * r * (w * tf.reduce_mean(x**2) - tf.reduce_mean(x * y))
        ),
    ],
    "count_steps": [
        _count_by_loop,
        _dataset,
        _divmod,
        lambda n, b, e, first: -(-n * e // b) if first else e * -(-n // b),
        lambda n, b, e, first: math.ceil(n * e / b) if first else math.ceil(n / b) * e,
        lambda n, b, e, first: (
            (n * e + b - 1) // b if first else e * ((n + b - 1) // b)
        ),
        lambda n, b, e, first: (
            len(range(0, n * e, b)) if first else e * len(range(0, n, b))
        ),
        lambda n, b, e, first: float(
            np.ceil(n * e / b) if first else e * np.ceil(n / b)
        ),
    ],
}

WRONG = {
    "batches_in_an_epoch": [
        *(55_000 // 128, 55_000 / 128, 429.0, 431, 88, 60_000 // 128 + 1, 469.0),
        *(88.0, 55_000),
    ],
    "standardise": [
        lambda images: _z(*_np(images)),
        lambda images: _z(*_np(images, (0, 1, 2))),
        lambda images: _z(*_np(images, 0)),
        lambda images: _z(*_np(images, 1)),
        lambda images: _z(*_np(images, 2)),
        lambda images: _z(*_np(images, (1, 2), False)),
        lambda images: _z(tf.cast(images, tf.float32), *_np(images, (1, 2), False)[1:]),
        lambda images: (images - tf.reduce_mean(images)) / tf.math.reduce_std(images),
        lambda images: tf.math.reduce_std(images, axis=(1, 2), keepdims=True),
        lambda images: (
            (_np(images, (1, 2))[0] - _np(images, (1, 2))[1])
            / _np(images, (1, 2))[2] ** 2
        ),
        lambda images: np.subtract(*_np(images, (1, 2))[:2]),
        lambda images: (
            tf.cast(images, tf.float32)
            - tf.reduce_mean(tf.cast(images, tf.float32), (1, 2), True)
        ),
        lambda images: _np(images, (1, 2))[0] / _np(images, (1, 2))[2],
        lambda images: -_z(*_np(images, (1, 2))),
        lambda images: tf.cast(images, tf.float32) / 255,
        lambda images: images.numpy() / 255.0,
        lambda images: (
            (_np(images)[0] - _np(images)[0].min((1, 2), keepdims=True))
            / np.ptp(_np(images)[0], (1, 2), keepdims=True)
        ),
        _loses_shape,
        lambda images: _by_numpy(images)[0],
        lambda images: (
            tf.cast(images - tf.reduce_mean(images, (1, 2), True), tf.float32)
            / tf.math.reduce_std(tf.cast(images, tf.float32), (1, 2), True)
        ),
        lambda images: print(_by_numpy(images)),
    ],
    "one_hot": [
        _wrong_way_round,
        lambda labels, classes: tf.transpose(_hot(labels, classes)),
        lambda labels, classes: _hot(labels, classes, axis=0),
        lambda labels, classes: np.eye(classes, k=1)[labels.numpy()].T,
        lambda labels, classes: _hot(tf.cast(labels, tf.int32) - 1, classes),
        lambda labels, classes: 1 - _hot(labels, classes),
        lambda labels, classes: np.eye(classes)[labels.numpy()] == 0,
        lambda labels, classes: _hot(labels, 10),
        lambda labels, classes: np.eye(10)[labels.numpy()],
        lambda labels, classes: np.eye(labels.numpy().max() + 1)[labels.numpy()],
        lambda labels, classes: _hot(labels, int(tf.reduce_max(labels)) + 1),
        lambda labels, classes: tf.expand_dims(labels, 1) == tf.range(classes),
        lambda labels, classes: tf.cast(
            labels[..., None] == tf.range(0, classes), tf.int32
        ),
        lambda labels, classes: tf.cast(
            tf.cast(labels, tf.int32) == tf.range(classes), tf.int32
        ),
        lambda labels, classes: (
            np.eye(classes)[labels.numpy()] * labels.numpy()[:, None]
        ),
        lambda labels, classes: np.bincount(labels.numpy(), minlength=classes),
        lambda labels, classes: tf.reduce_sum(_hot(labels, classes), 0),
        lambda labels, classes: _hot(labels, classes)[0],
        _one_too_far,
        lambda labels, classes: np.eye(max(labels.numpy()) + 1)[labels.numpy()],
        lambda labels, classes: labels[:, tf.newaxis] == tf.range(classes),
    ],
    "gradient_step": [
        lambda w, x, y, r: w - r * tf.reduce_mean((w * x - y) * x),
        lambda w, x, y, r: w - r * np.mean((w * x - y) * x),
        lambda w, x, y, r: w + r * tf.reduce_mean(2 * (w * x - y) * x),
        lambda w, x, y, r: w - r * tf.reduce_mean(2 * (y - w * x) * x),
        lambda w, x, y, r: w - r * tf.reduce_sum(2 * (w * x - y) * x),
        lambda w, x, y, r: w - 2 * r * np.sum((w * x - y) * x),
        lambda w, x, y, r: w - r * tf.reduce_mean(2 * (w * x - y)),
        lambda w, x, y, r: w - 2 * r * np.mean(w * x - y),
        lambda w, x, y, r: w - tf.reduce_mean(2 * (w * x - y) * x),
        lambda w, x, y, r: tf.reduce_mean(2 * (w * x - y) * x),
        lambda w, x, y, r: 2 * np.mean((w * x - y) * x),
        lambda w, x, y, r: w - r * tf.reduce_mean((w * x - y) ** 2),
        lambda w, x, y, r: w - r * np.mean(np.square(w * x - y)),
        lambda w, x, y, r: 2 * w - w - r * 2 * np.mean(w * x - y) * np.mean(x),
        lambda w, x, y, r: w - r * np.mean(2 * w * x**2),
        lambda w, x, y, r: w - r * 2 * (w * x[0] - y[0]) * x[0],
        lambda w, x, y, r: w - r * 2 * (w * x - y) * x,
        _point_by_point,
        _nothing,
        lambda w, x, y, r: w - r * 2 * tf.reduce_mean((w * x - y) * w),
        lambda w, x, y, r: w - r * 2 * tf.reduce_mean(w * x * x),
    ],
    "count_steps": [
        lambda n, b, e, first: n * e // b if first else n // b * e,
        lambda n, b, e, first: int(n * e / b) if first else int(n / b) * e,
        lambda n, b, e, first: round(n * e / b) if first else round(n / b) * e,
        lambda n, b, e, first: (
            int(np.round(n * e / b)) if first else e * int(np.round(n / b))
        ),
        lambda n, b, e, first: int(n * e / b) + 1 if first else e * (int(n / b) + 1),
        lambda n, b, e, first: 1 + n * e // b if first else e + n // b * e,
        lambda n, b, e, first: -(-n // b) * e if first else -(-n * e // b),
        lambda n, b, e, first: math.ceil(n / b) * e if first else math.ceil(n * e / b),
        lambda n, b, e, first: math.ceil(n / b) * e,
        lambda n, b, e, first: -(-n // b) * e,
        lambda n, b, e, first: math.ceil(n * e / b),
        lambda n, b, e, first: (n * e + b - 1) // b,
        lambda n, b, e, first: math.ceil(n / b),
        lambda n, b, e, first: -(-n // b),
        lambda n, b, e, first: n / b * e,
        lambda n, b, e, first: e * n / b,
        lambda n, b, e, first: n * e / b if first else n / b * e,
        lambda n, b, e, first: n * e // b,
        lambda n, b, e, first: (
            math.floor(n * e / b) if first else e * math.floor(n / b)
        ),
        lambda n, b, e, first: len(range(0, n, b)),
    ],
}


def _standardise_as_it_stands(images):
    """The planted mistake of the notebook's stub."""
    pixels = tf.cast(images, tf.float32)
    mean = tf.reduce_mean(images, axis=(1, 2), keepdims=True)
    deviation = tf.math.reduce_std(pixels, axis=(1, 2), keepdims=True)
    return tf.cast(images - mean, tf.float32) / deviation


STUBS = {"standardise": _standardise_as_it_stands}
