"""Answers to the exercises of lesson 03 that learners give, right and wrong."""

import math

import keras
import numpy as np
import tensorflow as tf
from networks import flat, two_passes


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


def _slide(image, kernel, stride=1):
    k = kernel.shape
    out = []
    for top in range(0, image.shape[0] - k[0] + 1, stride):
        row = []
        for left in range(0, image.shape[1] - k[1] + 1, stride):
            row.append((image[top : top + k[0], left : left + k[1]] * kernel).sum())
        out.append(row)
    return np.array(out)


def _slide_lists(image, kernel, stride=1):
    return _slide(image, kernel, stride).tolist()


def _slide_four_loops(image, kernel, stride=1):
    rows = (len(image) - len(kernel)) // stride + 1
    columns = (len(image[0]) - len(kernel[0])) // stride + 1
    out = np.zeros((rows, columns))
    for r in range(rows):
        for c in range(columns):
            for i in range(len(kernel)):
                for j in range(len(kernel[0])):
                    out[r, c] += image[r * stride + i, c * stride + j] * kernel[i, j]
    return out


def _slide_windows(image, kernel, stride=1):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("rcij,ij->rc", windows[::stride, ::stride], kernel)


def _slide_tf(image, kernel, stride=1):
    x = tf.constant(image, tf.float32)[None, ..., None]
    w = tf.constant(kernel, tf.float32)[..., None, None]
    return tf.nn.conv2d(x, w, stride, "VALID")[0, ..., 0]


def _slide_shifted(image, kernel, stride=1):
    h, w = kernel.shape
    rows, columns = image.shape[0] - h + 1, image.shape[1] - w + 1
    out = np.zeros((rows, columns))
    for i in range(h):
        for j in range(w):
            out += kernel[i, j] * image[i : i + rows, j : j + columns]
    return out[::stride, ::stride]


def _slide_short(image, kernel, stride=1):
    k = kernel.shape
    tops = range(0, image.shape[0] - k[0], stride)
    lefts = range(0, image.shape[1] - k[1], stride)
    return np.array(
        [
            [(image[t : t + k[0], e : e + k[1]] * kernel).sum() for e in lefts]
            for t in tops
        ]
    )


def _slide_int(image, kernel, stride=1):
    found = _slide(image, kernel, stride)
    out = np.zeros(found.shape, int)
    out[:] = found
    return out


def _slide_returns_early(image, kernel, stride=1):
    for top in range(0, image.shape[0] - kernel.shape[0] + 1, stride):
        for left in range(0, image.shape[1] - kernel.shape[1] + 1, stride):
            h, w = kernel.shape
            return np.sum(image[top : top + h, left : left + w] * kernel)


def _slide_prints(image, kernel, stride=1):
    print(_slide(image, kernel, stride))


def _slide_rank_two(image, kernel, stride=1):
    return tf.nn.conv2d(image, kernel, stride, "VALID")


def _slide_same(image, kernel, stride=1):
    h, w = kernel.shape
    return _slide(np.pad(image, [(0, h - 1), (0, w - 1)]), kernel, stride)


def _slide_square(image, kernel, stride=1):
    k = len(kernel)
    n = (len(image) - k) // stride + 1
    out = np.zeros((n, n))
    for r in range(n):
        for c in range(n):
            r0, c0 = r * stride, c * stride
            out[r, c] = np.sum(image[r0 : r0 + k, c0 : c0 + k] * kernel)
    return out


def _slide_moves_by_one(image, kernel, stride=1):
    full = _slide(image, kernel, 1)
    rows, columns = _slide(image, kernel, stride).shape
    return full[:rows, :columns]


def _slide_total(image, kernel, stride=1):
    found, total = _slide(image, kernel, stride), 0
    out = np.zeros(found.shape)
    for r in range(found.shape[0]):
        for c in range(found.shape[1]):
            total += found[r, c]
            out[r, c] = total
    return out


def _lenet(batches):
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input([28, 28, 1]),
            layers.Conv2D(32, 5, activation="relu"),
            layers.MaxPool2D(2),
            layers.Conv2D(48, 5, activation="relu"),
            layers.MaxPool2D(2),
            layers.Flatten(),
            layers.Dense(256, activation="relu"),
            layers.Dense(10),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.001), loss)
    for images, labels in batches:
        model.train_on_batch(images[..., None] / np.float32(255), labels)

    def read(images):
        return model(images[..., None] / np.float32(255))

    return read, model.trainable_variables


RIGHT = {
    "train": [_lenet],
    "conv2d_loop": [
        _slide,
        _slide_lists,
        _slide_four_loops,
        _slide_windows,
        _slide_tf,
        _slide_shifted,
        lambda image, kernel, stride=1: _slide(image, kernel, 1)[::stride, ::stride],
        lambda image, kernel, stride=1: tf.constant(_slide(image, kernel, stride)),
    ],
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
    "train": [
        two_passes,
        lambda batches: flat(1000),
        lambda batches: (flat()[0], []),
        lambda batches: (lambda images: tf.nn.softmax(flat()[0](images)), flat()[1]),
        lambda batches: flat()[0],
        lambda batches: flat()[::-1],
        lambda batches: flat(2000),
    ],
    "conv2d_loop": [
        _slide_short,
        _slide_int,
        _slide_returns_early,
        _slide_prints,
        _slide_rank_two,
        _slide_same,
        _slide_square,
        _slide_moves_by_one,
        _slide_total,
        lambda image, kernel, stride=1: _slide(image, kernel[::-1, ::-1], stride),
        lambda image, kernel, stride=1: _slide(image, np.flip(kernel), stride),
        lambda image, kernel, stride=1: _slide(image, kernel),
        lambda image, kernel, stride=1: _slide_windows(image, kernel, 1),
        lambda image, kernel, stride=1: _slide(image, kernel, stride) / kernel.size,
        lambda image, kernel, stride=1: _slide(image, kernel, stride).T,
        lambda image, kernel, stride=1: np.transpose(_slide(image, kernel, stride)),
        lambda image, kernel, stride=1: _slide(image, np.ones(kernel.shape), stride),
        lambda image, kernel, stride=1: _slide(image, kernel * 0 + 1, stride),
        lambda image, kernel, stride=1: _slide(image, kernel, stride).astype(int),
        lambda image, kernel, stride=1: np.cumsum(
            _slide(image, kernel, stride)
        ).reshape(_slide(image, kernel, stride).shape),
        lambda image, kernel, stride=1: np.sum(
            image[: len(kernel), : len(kernel[0])] * kernel
        ),
    ],
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
