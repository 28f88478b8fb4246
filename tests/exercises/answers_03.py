"""Answers to the exercises of lesson 03 that learners give, right and wrong."""

import math

import numpy as np
import tensorflow as tf


def _by_counting(size, kernel_size, stride, padding):
    if padding == "SAME":
        return len(range(0, size, stride))
    return len(range(0, size - kernel_size + 1, stride))


def _by_tensorflow(size, kernel_size, stride, padding):
    x, k = tf.zeros([1, size, size, 1]), tf.zeros([kernel_size, kernel_size, 1, 1])
    return tf.nn.conv2d(x, k, stride, padding).shape[1]


def _lower_case(size, kernel_size, stride, padding):
    if padding == "valid":
        return math.ceil((size - kernel_size + 1) / stride)
    return math.ceil(size / stride)


def _pool_loop(image):
    out = np.zeros((image.shape[0] // 2, image.shape[1] // 2))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = image[2 * i : 2 * i + 2, 2 * j : 2 * j + 2].max()
    return out


def _pool_int(image):
    out = np.zeros((image.shape[0] // 2, image.shape[1] // 2), int)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = image[2 * i : 2 * i + 2, 2 * j : 2 * j + 2].max()
    return out


def _pool_keep_larger(image):
    out = np.zeros((image.shape[0] // 2, image.shape[1] // 2))
    for i in range(image.shape[0]):
        for j in range(image.shape[1]):
            out[i // 2, j // 2] = max(out[i // 2, j // 2], image[i, j])
    return out


def _pool_float_shape(image):
    return np.zeros((image.shape[0] / 2, image.shape[1] / 2))


def _pool_tf(image):
    x = tf.constant(image, tf.float32)[tf.newaxis, :, :, tf.newaxis]
    return tf.nn.max_pool2d(x, 2, 2, "VALID")[0, :, :, 0]


def _pool_rank_two(image):
    return tf.nn.max_pool2d(image, 2, 2, "VALID")


def _pool_in_place(image):
    for i in range(0, image.shape[0], 2):
        for j in range(0, image.shape[1], 2):
            image[i, j] = image[i : i + 2, j : j + 2].max()
    return image[::2, ::2]


def _pool_lists(image):
    rows = range(0, len(image), 2)
    return [
        [max(image[i : i + 2, j : j + 2].ravel()) for j in range(0, len(image[0]), 2)]
        for i in rows
    ]


def _pool_windows(image):
    windows = np.lib.stride_tricks.sliding_window_view(image, (2, 2))
    return windows[::2, ::2].max(axis=(2, 3))


def _net(kernel_size, side):
    k = kernel_size**2
    return k * 32 + 32 + k * 2048 + 64 + side**2 * 65536 + 1024 + 10250


def _followed(kernel_size, padding):
    side = 28
    for _ in range(2):
        side = side if padding == "SAME" else side - kernel_size + 1
        side = math.ceil(side / 2)
    return _net(kernel_size, side)


def _table(kernel_size, padding):
    if padding == "SAME":
        return _net(kernel_size, 7)
    return _net(kernel_size, {5: 4, 3: 6}[kernel_size])


def _by_shapes(kernel_size, padding):
    n = 28
    for _ in range(2):
        n = (n - kernel_size + 1 if padding == "VALID" else n) + 1
        n = n // 2
    shapes = [(kernel_size, kernel_size, 1, 32), (32,)]
    shapes += [(kernel_size, kernel_size, 32, 64), (64,)]
    shapes += [(n * n * 64, 1024), (1024,), (1024, 10), (10,)]
    return sum(math.prod(shape) for shape in shapes)


def _floors(kernel_size, padding):
    side = 28
    for _ in range(2):
        side = side if padding == "SAME" else side - kernel_size + 1
        side //= 2
    return _net(kernel_size, side)


def _no_plus_one(kernel_size, padding):
    side = 28
    for _ in range(2):
        side = side if padding == "SAME" else side - kernel_size
        side = math.ceil(side / 2)
    return _net(kernel_size, side)


RIGHT = {
    "output_size": [
        _by_counting,
        _by_tensorflow,
        lambda n, k, s, p: math.ceil((n if p == "SAME" else n - k + 1) / s),
        lambda n, k, s, p: int(np.ceil(n / s if p == "SAME" else (n - k + 1) / s)),
        lambda n, k, s, p: (n + s - 1) // s if p == "SAME" else (n - k + s) // s,
        lambda n, k, s, p: (n - k) // s + 1 if p == "VALID" else (n - 1) // s + 1,
        lambda n, k, s, p: np.ceil((n if p == "SAME" else n - k + 1) / s),
        lambda n, k, s, p: -((k - 1 - n) // s) if p == "VALID" else -(-n // s),
    ],
    "max_pool": [
        _pool_loop,
        _pool_tf,
        _pool_lists,
        _pool_windows,
        lambda image: np.maximum.reduce(
            [image[::2, ::2], image[1::2, ::2], image[::2, 1::2], image[1::2, 1::2]]
        ),
        lambda image: (
            -((-image).reshape(len(image) // 2, 2, -1, 2).min(axis=3).min(axis=1))
        ),
        lambda image: (
            image.reshape(len(image) // 2, 2, -1)
            .max(1)
            .reshape(len(image) // 2, -1, 2)
            .max(2)
        ),
        lambda image: (
            np.maximum(image[::2], image[1::2])
            .reshape(len(image) // 2, -1, 2)
            .max(axis=-1)
        ),
    ],
    "network_parameters": [
        _followed,
        _table,
        _by_shapes,
        lambda k, p: _net(k, 7 if p == "SAME" else {5: 4, 3: 6}.get(k, 0)),
        lambda k, p: float(_followed(k, p)),
        lambda k, p: np.int64(_followed(k, p)),
        lambda k, p: 2080 * k * k + _followed(k, p) - 2080 * k**2,
        lambda k, p: tf.constant(_followed(k, p)),
    ],
}

WRONG = {
    "output_size": [
        _lower_case,
        lambda n, k, s, p: n // s if p == "SAME" else (n - k + 1) // s,
        lambda n, k, s, p: int((n if p == "SAME" else n - k + 1) / s),
        lambda n, k, s, p: math.ceil(n / s) if p == "SAME" else math.ceil((n - k) / s),
        lambda n, k, s, p: int(n / s) if p == "SAME" else int((n - k) / s),
        lambda n, k, s, p: n // s + 1 if p == "SAME" else (n - k + 1) // s + 1,
        lambda n, k, s, p: math.ceil(n / s) if p == "VALID" else -(-(n - k + 1) // s),
        lambda n, k, s, p: n if p == "SAME" else n - k + 1,
        lambda n, k, s, p: math.ceil((n - k + 1) / s),
        lambda n, k, s, p: (n - k) // s + 1,
        lambda n, k, s, p: math.ceil(n / s),
        lambda n, k, s, p: (n - 1) // s + 1,
        lambda n, k, s, p: n if p == "SAME" else (n - k) // s + 1,
        lambda n, k, s, p: n if p == "SAME" else math.ceil((n - k + 1) / s),
        lambda n, k, s, p: n / s if p == "SAME" else (n - k + 1) / s,
        lambda n, k, s, p: round(n / s) if p == "SAME" else round((n - k + 1) / s),
        lambda n, k, s, p: (
            (n + 2 * (k // 2) - k) // s + 1 if p == "SAME" else (n - k) // s + 1
        ),
        lambda n, k, s, p: math.ceil(n / s) if p == "SAME" else n // s - k + 1,
        lambda n, k, s, p: max(0, math.floor((n if p == "SAME" else n - k + 1) / s)),
        lambda n, k, s, p: math.ceil((n if p == "VALID" else n - k + 1) / s),
        lambda n, k, s, p: print(math.ceil((n if p == "SAME" else n - k + 1) / s)),
    ],
    "max_pool": [
        _pool_int,
        _pool_keep_larger,
        _pool_float_shape,
        _pool_rank_two,
        _pool_in_place,
        lambda image: image[::2, ::2],
        lambda image: image[1::2, 1::2],
        lambda image: np.maximum(image[::2, ::2], image[1::2, 1::2]),
        lambda image: image.reshape(len(image) // 2, 2, -1, 2).mean(axis=(1, 3)),
        lambda image: image.reshape(len(image) // 2, 2, -1, 2).min(axis=(1, 3)),
        lambda image: np.lib.stride_tricks.sliding_window_view(image, (2, 2)).max(
            axis=(2, 3)
        ),
        lambda image: image.reshape(len(image) // 2, 2, -1, 2).max(axis=(0, 2)),
        lambda image: image.reshape(len(image) // 2, 2, -1).max(axis=1),
        lambda image: np.maximum(image[::2], image[1::2]),
        lambda image: image.reshape(len(image), -1, 2).max(axis=2),
        lambda image: np.maximum(image[:, ::2], image[:, 1::2]),
        lambda image: image.reshape(-1, 4).max(1).reshape(-1, image.shape[1] // 2),
        lambda image: image.reshape(len(image) // 2, 2, len(image) // 2, 2).max(
            axis=(1, 3)
        ),
        lambda image: _pool_loop(image).T,
        lambda image: image.max(),
        lambda image: np.maximum(_pool_loop(image), 0),
        lambda image: (
            (image[::2, ::2] + image[1::2, ::2] + image[::2, 1::2] + image[1::2, 1::2])
            / 4
        ),
    ],
    "network_parameters": [
        _floors,
        _no_plus_one,
        lambda k, p: _net(k, 28 // 2 // 2),
        lambda k, p: _net(k, 7),
        lambda k, p: _followed(k, "SAME"),
        lambda k, p: _followed(k, "VALID" if p == "SAME" else "SAME"),
        lambda k, p: _followed(k, p) - k * k * 2080 + 25 * 2080,
        lambda k, p: _followed(k, p) - 96,
        lambda k, p: _followed(k, p) - 32 - 64,
        lambda k, p: _followed(k, p) - 32 - 64 - 1024 - 10,
        lambda k, p: _followed(k, p) - 1034,
        lambda k, p: _followed(k, p) - k * k * 31 * 64,
        lambda k, p: _followed(k, p) - 10_250,
        lambda k, p: _followed(k, p) - 1024 * 10 - 10,
        lambda k, p: _followed(k, p) - (k * k - k) * 2080,
        lambda k, p: 3_274_634,
        lambda k, p: _followed(k, p) - 10,
        lambda k, p: (
            1024 * 63 * -((_followed(k, p) - _net(k, 0)) // 65536) + _followed(k, p)
        ),
        lambda k, p: _net(k, 7 if p == "SAME" else {5: 4, 3: 5}[k]),
        lambda k, p: _net(k, 7 if p == "SAME" else {5: 3, 3: 6}[k]),
        lambda k, p: _net(k, 14 if p == "SAME" else {5: 8, 3: 11}[k]),
    ],
}
