"""Answers to the exercises of lesson 02 that learners give, right and wrong."""

import math

import keras
import numpy as np
import tensorflow as tf


def _recursive(sizes):
    if len(sizes) < 2:
        return 0
    return (sizes[0] + 1) * sizes[1] + _recursive(sizes[1:])


def _index_loop(sizes):
    total = 0
    for i in range(1, len(sizes)):
        total += sizes[i - 1] * sizes[i]
        total += sizes[i]
    return total


def _returns_in_the_loop(sizes):
    total = 0
    for i in range(1, len(sizes)):
        total += sizes[i - 1] * sizes[i] + sizes[i]
        return total


def _one_short(sizes):
    total = 0
    for i in range(1, len(sizes) - 1):
        total += sizes[i - 1] * sizes[i] + sizes[i]
    return total


def _row_by_row(outputs, labels):
    right = 0
    for row, label in zip(outputs, labels, strict=True):
        right += int(np.argmax(row)) == int(np.ravel(label)[0])
    return right / len(outputs)


def _if_ndim(outputs, labels):
    if labels.ndim == 2:
        labels = labels[:, 0]
    return np.mean(np.argmax(outputs, axis=1) == labels)


def _softmax0(outputs, labels):
    p = tf.nn.softmax(outputs.astype(np.float64), axis=0)
    return np.mean(np.argmax(p, axis=1) == labels.ravel())


def _weights_by_tape(x, w, b, d_h):
    v = tf.Variable(w)
    with tf.GradientTape() as tape:
        h = tf.nn.relu(tf.matmul(x, v) + b)
        loss = tf.reduce_sum(h * d_h)
    return tape.gradient(loss, v)


def _weights_by_loops(x, w, b, d_h):
    d_w = np.zeros_like(w, dtype=float)
    for n in range(len(x)):
        for j in range(w.shape[1]):
            if x[n] @ w[:, j] + b[j] > 0:
                for i in range(w.shape[0]):
                    d_w[i, j] += x[n, i] * d_h[n, j]
    return d_w


def _overwrites(x, w, b, d_h):
    d_h *= x @ w + b > 0
    return x.T @ d_h


def _mask(x, w, b):
    return x @ w + b > 0


def _lse(z):
    top = z.max(axis=1, keepdims=True)
    return np.log(np.exp(z - top).sum(axis=1)) + top.ravel()


def _pick(z, labels):
    return z[np.arange(len(labels)), labels]


def _by_tf(logits, labels):
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
    return tf.reduce_mean(losses)


def _by_loop(logits, labels):
    losses = []
    for z, label in zip(logits, labels, strict=True):
        z = z - max(z)
        losses.append(math.log(sum(np.exp(z))) - z[label])
    return sum(losses) / len(losses)


def _by_one_hot(logits, labels):
    targets = np.eye(logits.shape[1])[labels]
    return np.mean(_lse(logits) - (targets * logits).sum(axis=1))


def _unstable_one_hot(logits, labels):
    targets = np.eye(logits.shape[1])[labels]
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return np.mean(-(targets * np.log(p)).sum(axis=1))


def _p(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _unit_by_unit(x, w, b):
    out = np.zeros((len(x), w.shape[1]))
    for n in range(len(x)):
        for j in range(w.shape[1]):
            total = b[j]
            for i in range(len(w)):
                total += x[n, i] * w[i, j]
            out[n, j] = max(total, 0)
    return out


def _layer_in_place(x, w, b):
    out = np.dot(x, w) + b
    out[out < 0] = 0
    return out


def _layer_no_return(x, w, b):
    np.maximum(x @ w + b, 0)


def _flat(units=16, seed=0):
    rng = np.random.default_rng(seed)
    w = tf.Variable(rng.normal(0, 0.1, (784, units)).astype(np.float32))
    v = tf.Variable(rng.normal(0, 0.1, (units, 10)).astype(np.float32))

    def read(images):
        x = tf.reshape(tf.cast(images, tf.float32), (-1, 784)) / 255
        return tf.nn.relu(x @ w) @ v

    return read, [w, v]


def _with_keras(images, labels):
    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [
            keras.Input([784]),
            keras.layers.Dense(60, activation="relu"),
            keras.layers.Dense(10),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    steps = 10 * (len(images) // 64 + 1)
    rate = keras.optimizers.schedules.CosineDecay(0.003, steps)
    model.compile(keras.optimizers.Adam(rate), loss)
    x = images.reshape(-1, 784) / np.float32(255)
    model.fit(x, labels, batch_size=64, epochs=10, verbose=0)

    def read(images):
        return model(images.reshape(-1, 784) / np.float32(255))

    return read, model.trainable_variables


RIGHT = {
    "small_network": [_with_keras],
    "layer": [
        _unit_by_unit,
        _layer_in_place,
        lambda x, w, b: np.maximum(x @ w + b, 0),
        lambda x, w, b: tf.nn.relu(tf.matmul(x, w) + b),
        lambda x, w, b: np.where(x @ w + b > 0, x @ w + b, 0),
        lambda x, w, b: (np.einsum("ni,ij->nj", x, w) + b).clip(0),
        lambda x, w, b: np.maximum(0, (w.T @ x.T).T + b),
        lambda x, w, b: (abs(x @ w + b) + (x @ w + b)) / 2,
    ],
    "parameter_count": [
        _recursive,
        _index_loop,
        lambda sizes: sum((a + 1) * b for a, b in zip(sizes, sizes[1:], strict=False)),
        lambda sizes: sum(np.array(sizes[:-1]) * np.array(sizes[1:])) + sum(sizes[1:]),
        lambda sizes: int(np.dot(sizes[:-1], sizes[1:])) + sum(sizes) - sizes[0],
        lambda sizes: sum(
            sizes[i] * sizes[i + 1] + sizes[i + 1] for i in range(len(sizes) - 1)
        ),
        lambda sizes: float(np.dot(np.add(sizes[:-1], 1), sizes[1:])),
        lambda sizes: np.sum((np.array(sizes[:-1]) + 1) * np.array(sizes[1:])),
    ],
    "share_correct": [
        _row_by_row,
        _if_ndim,
        lambda outputs, labels: np.mean(np.argmax(outputs, 1) == labels.ravel()),
        lambda outputs, labels: np.mean(
            np.argmax(outputs, 1) == np.squeeze(labels.reshape(-1, 1), 1)
        ),
        lambda outputs, labels: (
            float(np.sum(outputs.argmax(-1)[:, None] == labels.reshape(-1, 1)))
            / len(labels)
        ),
        lambda outputs, labels: tf.reduce_mean(
            tf.cast(
                tf.argmax(outputs, 1) == tf.reshape(tf.cast(labels, tf.int64), [-1]),
                tf.float32,
            )
        ),
        lambda outputs, labels: 1 - np.mean(outputs.argmax(1) != labels.flatten()),
        lambda outputs, labels: (
            np.count_nonzero(outputs.argmax(1) == labels.reshape(len(outputs)))
            / len(outputs)
        ),
    ],
    "weight_gradient": [
        _weights_by_tape,
        _weights_by_loops,
        lambda x, w, b, d_h: x.T @ np.where(_mask(x, w, b), d_h, 0),
        lambda x, w, b, d_h: np.einsum("ni,nj->ij", x, d_h * _mask(x, w, b)),
        lambda x, w, b, d_h: ((d_h * _mask(x, w, b)).T @ x).T,
        lambda x, w, b, d_h: np.dot(x.T, d_h * (np.maximum(x @ w + b, 0) > 0)),
        lambda x, w, b, d_h: (
            tf.transpose(x) @ (d_h * np.sign(np.maximum(x @ w + b, 0)))
        ),
        lambda x, w, b, d_h: sum(
            np.outer(x[n], d_h[n] * _mask(x, w, b)[n]) for n in range(len(x))
        ),
    ],
    "stable_cross_entropy": [
        _by_tf,
        _by_loop,
        _by_one_hot,
        lambda logits, labels: np.mean(_lse(logits) - _pick(logits, labels)),
        lambda logits, labels: np.mean(_lse(logits)) - np.mean(_pick(logits, labels)),
        lambda logits, labels: np.mean(
            tf.reduce_logsumexp(logits, axis=1) - _pick(logits, labels)
        ),
        lambda logits, labels: (
            -tf.reduce_mean(
                tf.gather(tf.nn.log_softmax(logits), labels, axis=1, batch_dims=1)
            )
        ),
        lambda logits, labels: np.mean(
            np.logaddexp.reduce(logits, axis=1) - _pick(logits, labels)
        ),
    ],
}

WRONG = {
    "small_network": [
        lambda images, labels: _flat(100),
        lambda images, labels: (_flat()[0], _flat()[1][:0]),
        lambda images, labels: (
            lambda images: tf.nn.softmax(_flat()[0](images)),
            _flat()[1],
        ),
        lambda images, labels: _flat()[0],
        lambda images, labels: tuple(reversed(_flat())),
        lambda images, labels: (
            lambda images: np.argmax(_flat()[0](images), axis=1),
            _flat()[1],
        ),
    ],
    "layer": [
        _layer_no_return,
        lambda x, w, b: x @ w + b,
        lambda x, w, b: tf.matmul(x, w) + b,
        lambda x, w, b: np.maximum(x @ w, 0),
        lambda x, w, b: tf.nn.relu(x @ w),
        lambda x, w, b: tf.nn.relu(x @ w) + b,
        lambda x, w, b: b + np.maximum(x @ w, 0),
        lambda x, w, b: np.maximum(x @ w.T + b, 0),
        lambda x, w, b: tf.nn.relu(x @ np.transpose(w) + b),
        lambda x, w, b: np.maximum(w @ x + b, 0),
        lambda x, w, b: tf.nn.relu(w @ x + b),
        lambda x, w, b: tf.nn.relu(x * w + b),
        lambda x, w, b: np.minimum(x @ w + b, 0),
        lambda x, w, b: np.abs(x @ w + b),
        lambda x, w, b: (x @ w + b > 0) * 1.0,
        lambda x, w, b: np.maximum(x @ w + b, 0).sum(axis=1),
        lambda x, w, b: tf.nn.softmax(x @ w + b),
        lambda x, w, b: np.maximum(x @ w - b, 0),
        lambda x, w, b: np.maximum(x @ w + b, 0)[0],
        lambda x, w, b: tf.nn.relu(-(x @ w + b)),
    ],
    "parameter_count": [
        _returns_in_the_loop,
        _one_short,
        lambda sizes: sum(a * b for a, b in zip(sizes, sizes[1:], strict=False)),
        lambda sizes: int(np.dot(sizes[:-1], sizes[1:])),
        lambda sizes: sum(a * (b + 1) for a, b in zip(sizes, sizes[1:], strict=False)),
        lambda sizes: sum(a * b + a for a, b in zip(sizes, sizes[1:], strict=False)),
        lambda sizes: int(np.dot(sizes[:-1], sizes[1:])) + len(sizes) - 1,
        lambda sizes: sum(a * b + 1 for a, b in zip(sizes, sizes[1:], strict=False)),
        lambda sizes: int(np.dot(sizes[:-1], sizes[1:])) + sum(sizes),
        lambda sizes: (
            sum(sizes[i] * (sizes[i - 1] + 1) for i in range(1, len(sizes))) + sizes[0]
        ),
        lambda sizes: sum(
            sizes[i - 1] * sizes[i] + sizes[i] for i in range(2, len(sizes))
        ),
        lambda sizes: int(np.prod(sizes)),
        lambda sizes: math.prod(sizes),
        lambda sizes: sum(a + b for a, b in zip(sizes, sizes[1:], strict=False)),
        lambda sizes: 2 * sum(sizes) - sizes[0] - sizes[-1],
        lambda sizes: sum(sizes),
        lambda sizes: int(np.sum(sizes)),
        lambda sizes: 235_146,
        lambda sizes: 784 * 256 + 256 + 256 * 128 + 128 + 128 * 10 + 10,
        lambda sizes: sizes[0] * sizes[-1] + sizes[-1],
        lambda sizes: sum(sizes[1:]),
    ],
    "share_correct": [
        lambda outputs, labels: (outputs.argmax(axis=1) == labels).mean(),
        lambda outputs, labels: np.average(np.argmax(outputs, -1) == labels),
        lambda outputs, labels: np.mean(outputs.argmax(0) == labels.ravel()),
        lambda outputs, labels: np.mean(np.argmax(outputs.T, 1) == labels.ravel()),
        lambda outputs, labels: np.mean(outputs.argmax() == labels.ravel()),
        lambda outputs, labels: np.mean(outputs.max(1) == labels.ravel()),
        lambda outputs, labels: (np.max(outputs, -1) == labels.reshape(-1)).mean(),
        lambda outputs, labels: (outputs.argmax(1) == labels.ravel()).sum(),
        lambda outputs, labels: sum(outputs.argmax(1) == labels.reshape(-1)),
        lambda outputs, labels: np.mean(outputs.argmax(1) != labels.ravel()),
        lambda outputs, labels: 1 - np.mean(outputs.argmax(1) == labels.ravel()),
        lambda outputs, labels: np.mean(outputs.argmin(1) == labels.ravel()),
        lambda outputs, labels: outputs.argmax(1) == labels.ravel(),
        lambda outputs, labels: np.equal(np.argmax(outputs, 1), np.reshape(labels, -1)),
        lambda outputs, labels: np.mean(outputs.argmax(1) == labels[:, 0]),
        lambda outputs, labels: np.mean(outputs.argmax(1) == np.squeeze(labels, 1)),
        lambda outputs, labels: (outputs.argmax(1) == labels.ravel()).sum() / 128,
        lambda outputs, labels: 100 * (outputs.argmax(1) == labels.ravel()).mean(),
        _softmax0,
        lambda outputs, labels: np.mean(outputs.argmax(1)[:, None] == labels),
        lambda outputs, labels: print(np.mean(outputs.argmax(1) == labels.ravel())),
    ],
    "weight_gradient": [
        lambda x, w, b, d_h: x.T.dot(d_h),
        lambda x, w, b, d_h: np.einsum("ni,nj->ij", x, d_h),
        lambda x, w, b, d_h: x.T @ np.maximum(d_h, 0),
        lambda x, w, b, d_h: x.T @ np.where(d_h > 0, d_h, 0),
        lambda x, w, b, d_h: x.T @ np.where(x @ w > 0, d_h, 0),
        lambda x, w, b, d_h: x.T @ (np.maximum(x @ w + b, 0) * d_h),
        lambda x, w, b, d_h: np.where(_mask(x, w, b), d_h, 0).T @ x,
        lambda x, w, b, d_h: (x.T @ (d_h * _mask(x, w, b))).T,
        lambda x, w, b, d_h: np.where(_mask(x, w, b), d_h, 0) @ w.T,
        lambda x, w, b, d_h: x.T @ (d_h * _mask(x, w, b)) / x.shape[0],
        lambda x, w, b, d_h: x.T @ np.where(_mask(x, w, b), d_h, 0) / len(d_h),
        lambda x, w, b, d_h: -(x.T @ (d_h * _mask(x, w, b))),
        lambda x, w, b, d_h: x.T @ (d_h * (x @ w + b < 0)),
        lambda x, w, b, d_h: x @ np.where(_mask(x, w, b), d_h, 0),
        lambda x, w, b, d_h: np.matmul(x, d_h * _mask(x, w, b)),
        _overwrites,
        lambda x, w, b, d_h: x.T @ (d_h * (x @ w + b >= 0)),
        lambda x, w, b, d_h: x.T @ np.where(x @ w + b < 0, 0, d_h),
        lambda x, w, b, d_h: (d_h * _mask(x, w, b)).sum(axis=0),
        lambda x, w, b, d_h: w.T @ (d_h * _mask(x, w, b)),
        lambda x, w, b, d_h: x.T @ (d_h * (x @ w > 0)),
    ],
    "stable_cross_entropy": [
        lambda z, y: np.mean(np.log(np.exp(z).sum(axis=1)) - _pick(z, y)),
        lambda z, y: np.mean(np.log(np.exp(z).sum(1))) - np.mean(_pick(z, y)),
        lambda z, y: -np.mean(np.log(_pick(_p(z), y))),
        lambda z, y: np.mean(-np.log(_p(z)[np.arange(len(y)), y])),
        lambda z, y: -np.mean(np.log(_pick(_p(z), y) + 1e-9)),
        lambda z, y: -np.mean(np.log(np.maximum(_pick(_p(z), y), 1e-9))),
        lambda z, y: np.mean(
            np.log(np.exp(z - z.max()).sum(1)) - _pick(z - z.max(), y)
        ),
        lambda z, y: np.mean(
            np.log(np.exp(z - z.max(1, keepdims=True)).sum(1)) - _pick(z, y)
        ),
        lambda z, y: (_lse(z) - _pick(z, y)).sum(),
        lambda z, y: np.sum(_lse(z)) - np.sum(_pick(z, y)),
        lambda z, y: _lse(z) - _pick(z, y),
        lambda z, y: tf.nn.sparse_softmax_cross_entropy_with_logits(y, z),
        lambda z, y: np.mean(_pick(z, y) - _lse(z)),
        lambda z, y: np.mean(tf.nn.log_softmax(z).numpy()[np.arange(len(y)), y]),
        lambda z, y: _lse(z).mean(),
        _unstable_one_hot,
        lambda z, y: tf.reduce_sum(
            tf.nn.sparse_softmax_cross_entropy_with_logits(y, z)
        ),
        lambda z, y: np.mean(_lse(z) + _pick(z, y)),
        lambda z, y: np.mean(np.log(np.exp(z).sum(axis=1)) - z[:, y]),
        lambda z, y: -np.mean(np.log(_pick(_p(z), y) + 1e-9)),
        lambda z, y: -np.mean(np.log(np.clip(_p(z), 1e-9, 1)[np.arange(len(y)), y])),
    ],
}


def _share_as_it_stands(outputs, labels):
    """The planted mistake of the notebook's stub."""
    readings = np.argmax(outputs, axis=1)
    return np.mean(readings == labels)


STUBS = {"share_correct": _share_as_it_stands}
