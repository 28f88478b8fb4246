"""Answers to the exercises of lesson 07 that learners give, right and wrong."""

import math

import keras
import numpy as np
import tensorflow as tf


def _p(logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def _eye(logits, y):
    return np.eye(logits.shape[1])[y]


def _tape(h, logits, y):
    w = tf.Variable(tf.zeros([h.shape[1], logits.shape[1]], tf.float64))
    with tf.GradientTape() as tape:
        z = logits + h @ w
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, z))
    return tape.gradient(loss, w)


def _loops(h, logits, y):
    grad = np.zeros((h.shape[1], logits.shape[1]))
    for n in range(len(y)):
        p = np.exp(logits[n] - max(logits[n]))
        p /= p.sum()
        for j in range(logits.shape[1]):
            grad[:, j] += h[n] * (p[j] - (j == y[n])) / len(y)
    return grad


def _minus_at_label(h, logits, y):
    p = _p(logits)
    p[range(len(y)), y] -= 1
    return h.T @ p / len(y)


def _overflow(h, logits, y):
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    p[range(len(y)), y] -= 1
    return h.T @ p / len(y)


def _minus_column(h, logits, y):
    p = _p(logits)
    p[:, y] -= 1
    return h.T @ p / len(y)


def _changes_logits(h, logits, y):
    logits -= logits.max(axis=1, keepdims=True)
    return _minus_at_label(h, logits, y)


def _torch_loops(dense1):
    result = np.empty((400, len(dense1)), dense1.dtype)
    for channel in range(16):
        for row in range(5):
            for column in range(5):
                ours = (row * 5 + column) * 16 + channel
                result[ours] = dense1[:, channel * 25 + row * 5 + column]
    return result


def _torch_index(dense1):
    order = np.arange(400).reshape(16, 5, 5).transpose(1, 2, 0).ravel()
    return dense1[:, order].T


def _torch_tf(dense1):
    maps = tf.reshape(dense1, [-1, 16, 5, 5])
    return tf.reshape(tf.transpose(maps, [2, 3, 1, 0]), [400, -1])


def _moveaxis(dense1):
    maps = np.moveaxis(dense1.reshape(-1, 16, 25), 1, 2)  # (out, 25, 16)
    return maps.reshape(-1, 400).T


def _count(trace, fast_step, slow_step):
    if fast_step >= slow_step:
        return 0
    n = 1
    while trace + n * fast_step >= n * slow_step:
        n += 1
    return n


def _count_from_zero(trace, fast_step, slow_step):
    if fast_step >= slow_step:
        return 0
    n = 0
    while trace + n * fast_step > n * slow_step:
        n += 1
    return n


def _count_for_ever(trace, fast_step, slow_step):
    n = 1
    while trace + n * fast_step >= n * slow_step:
        n += 1
    return n


def _dense(x, w, n, relu=True):
    x = x @ w[f"dense{n}_w"] + w[f"dense{n}_b"]
    return np.maximum(x, 0) if relu else x


def _head_loop(flat, w):
    results = []
    for n in (1, 2, 3):
        flat = _dense(flat, w, n, relu=n < 3)
        results.append(flat)
    return results


def _head_tf(flat, w):
    one = tf.nn.relu(flat @ w["dense1_w"] + w["dense1_b"])
    two = tf.nn.relu(one @ w["dense2_w"] + w["dense2_b"])
    return one, two, two @ w["dense3_w"] + w["dense3_b"]


def _head_where(flat, w):
    a = flat @ w["dense1_w"] + w["dense1_b"]
    a = np.where(a > 0, a, 0)
    c = a @ w["dense2_w"] + w["dense2_b"]
    c = np.where(c > 0, c, 0)
    return [a, c, np.dot(c, w["dense3_w"]) + w["dense3_b"]]


def _head_overwrites(flat, w):
    w["dense1_b"] += 1
    return _head_loop(flat, w)


def _plain(flat, w, relus=(True, True, False)):
    results = []
    for n, relu in zip((1, 2, 3), relus, strict=True):
        flat = _dense(flat, w, n, relu)
        results.append(flat)
    return results


def _sequential(weights, batches, rate=0.05, reset=True, start=True, **loss):
    layers = keras.layers
    dense = [layers.Dense(120, "relu"), layers.Dense(84, "relu"), layers.Dense(10)]
    model = keras.Sequential([keras.Input([28, 28, 1])])
    for kernels in (6, 16):
        model.add(layers.Conv2D(kernels, 3, activation="relu"))
        model.add(layers.MaxPool2D(2))
    for layer in [layers.Flatten(), *dense]:
        model.add(layer)
    if start:
        model.set_weights(list(weights.values()))
    loss = {"from_logits": True} | loss
    loss = keras.losses.SparseCategoricalCrossentropy(**loss)
    model.compile(keras.optimizers.SGD(rate), loss)
    losses = []
    for x, y in batches:
        if reset:
            model.reset_metrics()
        losses.append(model.train_on_batch(x, y))
    return losses


def _by_hand(weights, batches, after=False, steps=True):
    w = {name: tf.Variable(value) for name, value in weights.items()}
    losses = []

    def loss_of(x, y):
        for name in ("conv1", "conv2"):
            x = tf.nn.conv2d(x, w[name + "_w"], 1, "VALID") + w[name + "_b"]
            x = tf.nn.max_pool2d(tf.nn.relu(x), 2, 2, "VALID")
        x = tf.reshape(x, [len(y), -1])
        for name in ("dense1", "dense2"):
            x = tf.nn.relu(x @ w[name + "_w"] + w[name + "_b"])
        scores = tf.nn.log_softmax(x @ w["dense3_w"] + w["dense3_b"])
        return -tf.reduce_mean(tf.gather(scores, y, batch_dims=1))

    for x, y in batches:
        with tf.GradientTape() as tape:
            loss = loss_of(x, y)
        for name, gradient in tape.gradient(loss, w).items():
            w[name].assign_sub(0.05 * gradient * steps)
        losses.append(loss_of(x, y).numpy() if after else loss.numpy())
    return losses


RIGHT = {
    "seventh_way": [
        _by_hand,
        _sequential,
        lambda w, batches: np.array(_by_hand(w, batches)),
    ],
    "head": [
        _head_loop,
        _head_tf,
        _head_where,
        lambda flat, w: tuple(_head_loop(flat, w)),
        lambda flat, w: [r.tolist() for r in _head_loop(flat, w)],
        lambda flat, w: [
            _dense(flat, w, 1),
            _dense(_dense(flat, w, 1), w, 2),
            _dense(_dense(_dense(flat, w, 1), w, 2), w, 3, False),
        ],
        lambda flat, w: list(map(tf.constant, _head_loop(flat, w))),
        lambda flat, w: [*_head_loop(flat, w)],
    ],
    "last_layer": [
        _tape,
        _loops,
        _minus_at_label,
        lambda h, z, y: h.T @ (_p(z) - _eye(z, y)) / len(y),
        lambda h, z, y: np.einsum("bi,bj->ij", h, _p(z) - _eye(z, y)) / len(y),
        lambda h, z, y: ((_p(z) - _eye(z, y)).T @ h).T / len(h),
        lambda h, z, y: np.mean(
            h[:, :, None] * (_p(z) - _eye(z, y))[:, None, :], axis=0
        ),
        lambda h, z, y: tf.transpose(h) @ (tf.nn.softmax(z) - _eye(z, y)) / len(y),
    ],
    "from_torch": [
        _torch_loops,
        _torch_index,
        _torch_tf,
        _moveaxis,
        lambda w: w.reshape(-1, 16, 5, 5).transpose(2, 3, 1, 0).reshape(400, -1),
        lambda w: w.reshape(-1, 16, 5, 5).transpose(0, 2, 3, 1).reshape(-1, 400).T,
        lambda w: w.reshape(-1, 16, 25).transpose(2, 1, 0).reshape(400, len(w)),
        lambda w: w.T.reshape(16, 25, -1).transpose(1, 0, 2).reshape(400, -1),
        lambda w: w.reshape(120, 16, 5, 5).transpose(2, 3, 1, 0).reshape(400, 120),
        lambda w: w.reshape(120, 16, 5, 5).transpose(2, 3, 1, 0).reshape(400, -1),
    ],
    "break_even": [
        _count,
        lambda t, f, s: 0 if f >= s else int(t // (s - f)) + 1,
        lambda t, f, s: 0 if f >= s else math.floor(t / (s - f)) + 1,
        lambda t, f, s: 0 if s <= f else int(np.floor(t / (s - f))) + 1,
        lambda t, f, s: next((n for n in range(1, 10**6) if t + n * f < n * s), 0),
        lambda t, f, s: int(t / (s - f) + 1) if s > f else 0,
        lambda t, f, s: float(t // (s - f) + 1) if s > f else 0.0,
        lambda t, f, s: max(0, int(t // (s - f)) + 1) if s - f > 0 else 0,
    ],
}

WRONG = {
    "seventh_way": [
        lambda w, batches: _by_hand(w, batches, after=True),
        lambda w, batches: _by_hand(w, batches, steps=False),
        lambda w, batches: _sequential(w, batches, rate=0.01),
        lambda w, batches: _sequential(w, batches, reduction="sum"),
        lambda w, batches: list(
            np.cumsum(_sequential(w, batches)) / np.arange(1, len(batches) + 1)
        ),
        lambda w, batches: _sequential(w, batches, start=False),
    ],
    "head": [
        _head_overwrites,
        lambda flat, w: _plain(flat, w, (False, False, False)),
        lambda flat, w: _plain(flat, w, (True, False, False)),
        lambda flat, w: _plain(flat, w, (False, True, False)),
        lambda flat, w: _plain(flat, w, (True, True, True)),
        lambda flat, w: [np.maximum(r, 0) for r in _head_loop(flat, w)],
        lambda flat, w: [*_head_loop(flat, w)[:2], _p(_head_loop(flat, w)[2])],
        lambda flat, w: [
            *_head_loop(flat, w)[:2],
            tf.nn.softmax(_head_loop(flat, w)[2]),
        ],
        lambda flat, w: _head_loop(flat, {k: v * (k[-1] == "w") for k, v in w.items()}),
        lambda flat, w: [
            *_head_loop(flat, w)[:2],
            _head_loop(flat, w)[1] @ w["dense3_w"],
        ],
        lambda flat, w: _head_loop(flat, w)[-1],
        lambda flat, w: _dense(_dense(_dense(flat, w, 1), w, 2), w, 3, False),
        lambda flat, w: _head_loop(flat, w)[::-1],
        lambda flat, w: list(reversed(_head_loop(flat, w))),
        lambda flat, w: _head_loop(flat, w)[:2],
        lambda flat, w: _head_loop(flat, w)[:-1],
        lambda flat, w: [_dense(flat, w, n, n < 3) for n in (1, 2, 3)],
        lambda flat, w: [_dense(flat, w, 1), _dense(flat, w, 2), _dense(flat, w, 3)],
        lambda flat, w: w["dense1_w"] @ flat,
        lambda flat, w: _head_loop(flat, w)[0],
    ],
    "last_layer": [
        _overflow,
        _minus_column,
        _changes_logits,
        lambda h, z, y: h.T @ (_p(z) - _eye(z, y)),
        lambda h, z, y: np.einsum("bi,bj->ij", h, _p(z) - _eye(z, y)),
        lambda h, z, y: (
            h.T @ (np.exp(z) / np.exp(z).sum(1, keepdims=True) - _eye(z, y)) / len(y)
        ),
        lambda h, z, y: h.T @ (_p(z.T).T - _eye(z, y)) / len(y),
        lambda h, z, y: h.T @ (tf.nn.softmax(z, axis=0) - _eye(z, y)) / len(y),
        lambda h, z, y: h.T @ _p(z) / len(y),
        lambda h, z, y: h.T @ (_eye(z, y) - _p(z)) / len(y),
        lambda h, z, y: -(h.T @ (_p(z) - _eye(z, y)) / len(y)),
        lambda h, z, y: (_p(z) - _eye(z, y)).T @ h / len(y),
        lambda h, z, y: (h.T @ (_p(z) - _eye(z, y)) / len(y)).T,
        lambda h, z, y: (_p(z) - _eye(z, y)).mean(axis=0),
        lambda h, z, y: h.T @ (z - _eye(z, y)) / len(y),
        lambda h, z, y: h @ (_p(z) - _eye(z, y)) / len(y),
        lambda h, z, y: np.dot(h, _p(z) - _eye(z, y)) / len(y),
        lambda h, z, y: h.T @ (_p(z) - _eye(z, y)) / z.size,
        lambda h, z, y: h.T @ (_p(z) - _eye(z, y)) / z.shape[1],
        lambda h, z, y: h.T @ (_p(z) - 1) / len(y),
        lambda h, z, y: (_p(z) - _eye(z, y)) / len(y),
    ],
    "from_torch": [
        lambda w: w.T,
        lambda w: np.transpose(w),
        lambda w: tf.transpose(w),
        lambda w: w.reshape(400, -1),
        lambda w: w.reshape(400, len(w)),
        lambda w: w.reshape(-1, 16, 5, 5).transpose(0, 2, 3, 1).reshape(-1, 400),
        lambda w: w.reshape(-1, 16, 25).transpose(0, 2, 1).reshape(len(w), 400),
        lambda w: w.reshape(-1, 5, 5, 16).transpose(1, 2, 3, 0).reshape(400, -1),
        lambda w: w.reshape(-1, 16, 5, 5).transpose(3, 2, 1, 0).reshape(400, -1),
        lambda w: w.reshape(-1, 16, 5, 5).transpose(1, 2, 3, 0).reshape(400, -1),
        lambda w: w.T.reshape(5, 5, 16, -1).transpose(2, 0, 1, 3).reshape(400, -1),
        lambda w: w.reshape(-1, 16, 5, 5).transpose(2, 3, 1, 0),
        lambda w: w,
        lambda w: w.reshape(-1, 5, 5, 16).transpose(3, 1, 2, 0).reshape(400, -1),
        lambda w: (
            w.reshape(-1, 16, 5, 5)[..., ::-1, ::-1]
            .transpose(2, 3, 1, 0)
            .reshape(400, -1)
        ),
        lambda w: w.T.reshape(400, -1),
        lambda w: np.swapaxes(w, 0, 1),
        lambda w: np.reshape(w, (w.shape[1], w.shape[0])),
        lambda w: print(_torch_loops(w)),
    ],
    "break_even": [
        _count_from_zero,
        _count_for_ever,
        lambda t, f, s: 0 if f >= s else math.ceil(t / (s - f)),
        lambda t, f, s: 0 if f >= s else int(np.ceil(t / (s - f))),
        lambda t, f, s: 0 if f >= s else int(t / (s - f)),
        lambda t, f, s: 0 if f >= s else int(t // (s - f)),
        lambda t, f, s: 0 if f >= s else t / (s - f),
        lambda t, f, s: t / (s - f) if s > f else 0.0,
        lambda t, f, s: 0 if f >= s else round(t / (s - f)),
        lambda t, f, s: int(t // (s - f)) + 1,
        lambda t, f, s: math.floor(t / (s - f)) + 1,
        lambda t, f, s: int(t // (s - f)) + 1 if s >= f else 0,
        lambda t, f, s: 0 if f >= s else int(t // s) + 1,
        lambda t, f, s: 0 if f >= s else int(t / s) + 1,
        lambda t, f, s: 0 if f >= s else int(t / f) + 1,
        lambda t, f, s: 0 if s >= f else int(t // (f - s)) + 1,
        lambda t, f, s: None if f >= s else int(t // (s - f)) + 1,
        lambda t, f, s: int(t // (s - f)) + 1 if f < s else None,
        lambda t, f, s: 0 if f >= s else s * (int(t // (s - f)) + 1),
        lambda t, f, s: -1 if f >= s else int(t // (s - f)) + 1,
        lambda t, f, s: math.inf if f >= s else int(t // (s - f)) + 1,
    ],
}
