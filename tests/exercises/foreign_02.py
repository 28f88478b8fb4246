"""Answers written from the task's text alone, without a look at the check."""

import math

import numpy as np
import tensorflow as tf
from answers_02 import STUBS
from networks import untrained


# layer
def _layer_loops(x, w, b):
    answers = []
    for row in np.asarray(x):
        sums = []
        for unit in range(len(b)):
            total = float(b[unit])
            for i in range(len(row)):
                total += float(row[i]) * float(w[i][unit])
            sums.append(max(0.0, total))
        answers.append(sums)
    return answers


def _layer_where(x, w, b):
    sums = np.einsum("ni,io->no", x, w) + b
    return np.where(sums < 0, 0, sums)


def _layer_units_first(x, w, b):
    return np.stack([np.maximum(x @ w[:, u] + b[u], 0) for u in range(len(b))], 1)


def _layer_first_row(x, w, b):
    for row in x:
        return np.maximum(row @ w + b, 0)


def _layer_one_unit(x, w, b):
    total = 0
    for i in range(len(w)):
        total += x[0][i] * w[i][0]
    return max(0, total + b[0])


def _layer_unit_max(x, w, b):
    return max(0, x @ w + b)


def _layer_prints(x, w, b):
    print(np.maximum(x @ w + b, 0))


def _layer_in_place(x, w, b):
    sums = x @ w
    b[b < 0] = 0
    return np.maximum(sums + b, 0)


def _layer_rounds(x, w, b):
    return np.maximum(x @ w + b, 0).astype(int)


# parameter_count
def _count_index(sizes):
    total, i = 0, 1
    while i < len(sizes):
        total += sizes[i] * (sizes[i - 1] + 1)
        i += 1
    return total


def _count_arrays(sizes):
    shapes = [(a, b) for a, b in zip(sizes, sizes[1:], strict=False)]
    return sum(np.zeros(s).size + np.zeros(s[1]).size for s in shapes)


def _count_recursive(sizes):
    if len(sizes) < 2:
        return 0
    first, second, *_ = sizes
    return (first + 1) * second + _count_recursive(sizes[1:])


def _count_pops(sizes):
    total = 0
    before = sizes.pop(0)
    while sizes:
        total += (before + 1) * sizes[0]
        before = sizes.pop(0)
    return total


def _count_all_indices(sizes):
    total = 0
    for i in range(len(sizes)):
        total += sizes[i] * sizes[i + 1] + sizes[i + 1]
    return total


def _count_forgets_last(sizes):
    total = 0
    for i in range(len(sizes) - 2):
        total += sizes[i] * sizes[i + 1] + sizes[i + 1]
    return total


def _count_returns_early(sizes):
    total = 0
    for a, b in zip(sizes, sizes[1:], strict=False):
        total += a * b + b
        return total


def _count_three_layers(sizes):
    a, b, c, d = sizes
    return a * b + b + b * c + c + c * d + d


def _count_overwrites(sizes):
    for a, b in zip(sizes, sizes[1:], strict=False):
        total = a * b + b
    return total


def _count_prints(sizes):
    print(sum(a * b + b for a, b in zip(sizes, sizes[1:], strict=False)))


def _pairs(sizes):
    return zip(sizes, sizes[1:], strict=False)


# weight_gradient
def _wg_loops(x, w, b, d_h):
    found = np.zeros(w.shape)
    for n in range(len(x)):
        for j in range(w.shape[1]):
            if x[n] @ w[:, j] + b[j] > 0:
                for i in range(w.shape[0]):
                    found[i, j] += x[n, i] * d_h[n, j]
    return found


def _wg_einsum(x, w, b, d_h):
    return np.einsum("ni,nj->ij", x, np.where(x @ w + b > 0, d_h, 0))


def _wg_tape(x, w, b, d_h):
    w = tf.Variable(w)
    with tf.GradientTape() as tape:
        h = tf.nn.relu(x @ w + b)
    return tape.gradient(h, w, output_gradients=d_h)


def _wg_outer(x, w, b, d_h):
    passed = np.heaviside(x @ w + b, 0) * d_h
    return sum(np.outer(one_x, one_d) for one_x, one_d in zip(x, passed, strict=True))


def _wg_changes(x, w, b, d_h):
    d_h[x @ w + b <= 0] = 0
    return x.T @ d_h


def _wg_overwrites(x, w, b, d_h):
    d_a = d_h * (x @ w + b > 0)
    for n in range(len(x)):
        found = np.outer(x[n], d_a[n])
    return found


# stable_cross_entropy
def _ce_loop(logits, labels):
    total = 0.0
    for row, label in zip(logits, labels, strict=True):
        largest = max(row)
        total += math.log(sum(math.exp(z - largest) for z in row))
        total += largest - row[label]
    return total / len(labels)


def _ce_logsumexp(logits, labels):
    wanted = np.take_along_axis(logits, labels[:, None], axis=1)
    return (tf.reduce_logsumexp(logits, 1, keepdims=True).numpy() - wanted).mean()


def _ce_logaddexp(logits, labels):
    return np.mean(
        np.logaddexp.reduce(logits, axis=1) - logits[range(len(labels)), labels]
    )


def _ce_from_label(logits, labels):
    z = logits - logits[np.arange(len(labels)), labels][:, None]
    top = z.max(1, keepdims=True)
    return np.mean(top[:, 0] + np.log(np.exp(z - top) @ np.ones(z.shape[1])))


def _ce_parts(logits, labels, top, axis=1):
    z = logits - top
    rows = np.arange(len(labels))
    return np.mean(np.log(np.exp(z).sum(axis=axis)) - z[rows, labels])


def _picked(logits, labels):
    return logits[np.arange(len(labels)), labels]


def _ce_naive(logits, labels):
    return np.mean(np.log(np.exp(logits).sum(axis=1)) - _picked(logits, labels))


def _ce_forgets_max(logits, labels):
    z = logits - logits.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(z).sum(axis=1)) - _picked(logits, labels))


def _ce_adds_wrong(logits, labels):
    z = logits - logits.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(z).sum(axis=1)) - logits.max(axis=1)
    return np.mean(log_sum - _picked(logits, labels))


def _ce_epsilon(logits, labels):
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return -np.mean(np.log(_picked(p, labels) + 1e-7))


def _ce_stable_epsilon(logits, labels):
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    return -np.mean(np.log(_picked(p, labels) + 1e-9))


def _ce_stable_softmax(logits, labels):
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    return -np.mean(np.log(_picked(p, labels)))


def _ce_clips(logits, labels):
    logits = np.clip(logits, -500, 500)
    return _ce_naive(logits, labels)


def _ce_nan_to_num(logits, labels):
    return np.nan_to_num(_ce_naive(logits, labels))


def _ce_in_place(logits, labels):
    logits -= logits.max(axis=1, keepdims=True)
    return _ce_naive(logits, labels)


def _ce_keepdims(logits, labels):
    z = logits - logits.max(axis=1)
    return np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(labels)), labels])


def _ce_log_inside(logits, labels):
    z = logits - logits.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(z)).sum(axis=1) - _picked(z, labels))


def _ce_sum(logits, labels):
    return _ce_logaddexp(logits, labels) * len(labels)


def _ce_scaled(logits, labels):
    z = logits / logits.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(z).sum(axis=1)) - _picked(z, labels))


def _ce_prints(logits, labels):
    print(_ce_logaddexp(logits, labels))


def _ce_vector(logits, labels):
    return np.logaddexp.reduce(logits, axis=1) - _picked(logits, labels)


def _ce_all_labels(logits, labels):
    z = logits - logits.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(z).sum(axis=1)) - z[:, labels])


def _ce_row_of_label(logits, labels):
    z = logits - logits.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(z).sum(axis=1)) - z[labels])


def _ce_reading(logits, labels):
    z = logits - logits.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(z).sum(axis=1)) - z.max(axis=1))


# share_correct
def _share_loop(outputs, labels):
    right = 0
    for row, label in zip(outputs.tolist(), np.ravel(labels), strict=True):
        right += row.index(max(row)) == label
    return right / len(outputs)


def _share_column(outputs, labels):
    readings = np.argmax(outputs, axis=1, keepdims=True)
    return float((readings == labels.reshape(readings.shape)).mean())


def _share_keras(outputs, labels):
    return tf.reduce_mean(
        tf.cast(tf.argmax(outputs, 1) == tf.reshape(labels, [-1]), tf.float32)
    )


def _share_column_only(outputs, labels):
    readings = np.argmax(outputs, axis=1)
    return np.mean(readings == labels[:, 0])


def _share_readings_column(outputs, labels):
    readings = np.argmax(outputs, axis=1)[:, None]
    return np.mean(readings == labels)


def _share_resizes(outputs, labels):
    labels.shape = (-1,)
    return np.mean(np.argmax(outputs, axis=1) == labels)


def _share_one_hot(outputs, labels):
    if labels.ndim == 2:
        labels = np.argmax(labels, axis=1)
    return np.mean(np.argmax(outputs, axis=1) == labels)


def _share_flat(outputs, labels, axis=1):
    return np.argmax(outputs, axis=axis) == labels.flatten()


def _share_any(outputs, labels):
    table = np.argmax(outputs, axis=1) == labels
    return np.mean(np.any(np.atleast_2d(table), axis=1))


def _share_diagonal(outputs, labels):
    table = np.argmax(outputs, axis=1) == labels
    return np.trace(table) / len(labels)


def _share_returns_early(outputs, labels):
    right = 0
    for row, label in zip(outputs, labels.ravel(), strict=True):
        if np.argmax(row) == label:
            right += 1
        return right / len(labels)


def _share_prints(outputs, labels):
    print(np.mean(_share_flat(outputs, labels)))


# small_network
def _large(images, labels):
    w = tf.Variable(tf.random.normal((784, 100), stddev=0.05))
    v = tf.Variable(tf.random.normal((100, 10), stddev=0.05))

    def logits(images):
        x = tf.reshape(tf.cast(images, tf.float32) / 255, (-1, 784))
        return tf.nn.relu(x @ w) @ v

    return logits, [w, v]


def _only_function(images, labels):
    return untrained(images, labels)[0]


RIGHT = {
    "layer": [
        _layer_loops,
        _layer_where,
        _layer_units_first,
        lambda x, w, b: tf.maximum(tf.linalg.matmul(x, w) + b, 0),
        lambda x, w, b: (x @ w + b) * (x @ w + b > 0),
    ],
    "parameter_count": [
        _count_index,
        _count_arrays,
        _count_recursive,
        lambda sizes: int(np.dot(np.add(sizes[:-1], 1), sizes[1:])),
    ],
    "weight_gradient": [_wg_loops, _wg_einsum, _wg_tape, _wg_outer],
    "stable_cross_entropy": [
        _ce_loop,
        _ce_logsumexp,
        _ce_logaddexp,
        _ce_from_label,
    ],
    "share_correct": [
        _share_loop,
        _share_column,
        _share_keras,
        lambda outputs, labels: np.mean(outputs.argmax(-1) == np.squeeze(labels)),
        lambda outputs, labels: np.mean(np.argmax(outputs, 1) == labels.T),
    ],
}
WRONG = {
    "layer": [
        _layer_first_row,
        _layer_one_unit,
        _layer_unit_max,
        _layer_prints,
        _layer_in_place,
        _layer_rounds,
        lambda x, w, b: x @ w + b,
        lambda x, w, b: np.maximum(x @ w, 0),
        lambda x, w, b: np.maximum(x @ w, 0) + b,
        lambda x, w, b: np.maximum(x @ w.T + b, 0),
        lambda x, w, b: np.maximum(w @ x + b, 0),
        lambda x, w, b: np.maximum(x * w + b, 0),
        lambda x, w, b: np.maximum(x, 0) @ w + b,
        lambda x, w, b: 1 / (1 + np.exp(-(x @ w + b))),
        lambda x, w, b: tf.nn.softmax(x @ w + b),
        lambda x, w, b: abs(x @ w + b),
        lambda x, w, b: np.clip(x @ w + b, 0, 1),
        lambda x, w, b: np.minimum(x @ w + b, 0),
        lambda x, w, b: np.max(x @ w + b, 0),
        lambda x, w, b: np.maximum(x @ w + b[:, None], 0),
        lambda x, w, b: np.maximum(x @ (w + b), 0),
        lambda x, w, b: np.maximum(x @ w - b, 0),
        lambda x, w, b: np.maximum(x @ w + b, 0).T,
        lambda x, w, b: np.maximum(x @ w + b, 0).sum(axis=1),
        lambda x, w, b: x @ w + b > 0,
    ],
    "parameter_count": [
        _count_pops,
        _count_all_indices,
        _count_forgets_last,
        _count_returns_early,
        _count_three_layers,
        _count_overwrites,
        _count_prints,
        lambda sizes: sum(a * b for a, b in _pairs(sizes)),
        lambda sizes: sum(a * b for a, b in _pairs(sizes)) + sum(sizes),
        lambda sizes: sum(a * b for a, b in _pairs(sizes)) + sum(sizes[1:-1]),
        lambda sizes: sum(a * b + 1 for a, b in _pairs(sizes)),
        lambda sizes: sum(a * b + a for a, b in _pairs(sizes)),
        lambda sizes: sum(a + b for a, b in _pairs(sizes)),
        lambda sizes: math.prod(sizes),
        lambda sizes: math.prod(sizes) + sum(sizes[1:]),
        lambda sizes: sum(sizes),
        lambda sizes: sum(sizes[1:]),
        lambda sizes: [a * b + b for a, b in _pairs(sizes)],
        lambda sizes: sizes[0] * sizes[1] + sizes[1],
        lambda sizes: 4 * sum(a * b + b for a, b in _pairs(sizes)),
        lambda sizes: sum((a + 1) * (b + 1) for a, b in _pairs(sizes)),
    ],
    "weight_gradient": [
        _wg_changes,
        _wg_overwrites,
        lambda x, w, b, d_h: x.T @ d_h,
        lambda x, w, b, d_h: x.T @ (d_h * (x @ w + b > 0)) / len(x),
        lambda x, w, b, d_h: (d_h * (x @ w + b > 0)).T @ x,
        lambda x, w, b, d_h: x.T @ (d_h * (d_h > 0)),
        lambda x, w, b, d_h: (x * (x > 0)).T @ d_h,
        lambda x, w, b, d_h: x.T @ np.maximum(x @ w + b, 0),
        lambda x, w, b, d_h: x.T @ (d_h * (x @ w + b >= 0)),
        lambda x, w, b, d_h: (x.T @ d_h) * (w > 0),
        lambda x, w, b, d_h: x.T @ (d_h * (x @ w > 0)),
        lambda x, w, b, d_h: x @ (d_h * (x @ w + b > 0)),
        lambda x, w, b, d_h: x.T @ (d_h * np.maximum(x @ w + b, 0)),
        lambda x, w, b, d_h: (d_h * (x @ w + b > 0)).sum(axis=0),
        lambda x, w, b, d_h: (d_h * (x @ w + b > 0)) @ w.T,
        lambda x, w, b, d_h: np.outer(x[0], d_h[0] * (x[0] @ w + b > 0)),
        lambda x, w, b, d_h: 2 * x.T @ (d_h * (x @ w + b > 0)),
        lambda x, w, b, d_h: x.T * (d_h * (x @ w + b > 0)),
        lambda x, w, b, d_h: np.maximum(x.T @ d_h, 0),
        lambda x, w, b, d_h: x.T @ (x @ w + b > 0),
        lambda x, w, b, d_h: -x.T @ (d_h * (x @ w + b > 0)),
        lambda x, w, b, d_h: x.T @ (d_h * (x @ w + b < 0)),
        lambda x, w, b, d_h: w - x.T @ (d_h * (x @ w + b > 0)),
    ],
    "stable_cross_entropy": [
        _ce_naive,
        _ce_forgets_max,
        _ce_adds_wrong,
        _ce_epsilon,
        _ce_stable_epsilon,
        _ce_stable_softmax,
        _ce_clips,
        _ce_nan_to_num,
        _ce_in_place,
        _ce_keepdims,
        _ce_log_inside,
        _ce_sum,
        _ce_scaled,
        _ce_prints,
        _ce_vector,
        _ce_all_labels,
        _ce_row_of_label,
        _ce_reading,
        lambda logits, labels: -_ce_logaddexp(logits, labels),
        lambda logits, labels: _ce_parts(logits, labels, logits.max()),
        lambda logits, labels: _ce_parts(logits, labels, logits.max(axis=0)),
        lambda logits, labels: _ce_parts(logits, labels, 1000.0),
        lambda logits, labels: _ce_parts(
            logits, labels, logits.mean(axis=1, keepdims=True)
        ),
        lambda logits, labels: np.mean(np.logaddexp.reduce(logits, axis=1)),
        lambda logits, labels: np.mean(np.logaddexp.reduce(logits, axis=1) - labels),
        lambda logits, labels: np.mean(logits.max(axis=1) - _picked(logits, labels)),
        lambda logits, labels: _ce_logaddexp(logits, labels) / logits.shape[1],
    ],
    "share_correct": [
        STUBS["share_correct"],
        _share_column_only,
        _share_readings_column,
        _share_resizes,
        _share_one_hot,
        _share_any,
        _share_diagonal,
        _share_returns_early,
        _share_prints,
        lambda outputs, labels: _share_flat(outputs, labels),
        lambda outputs, labels: np.sum(_share_flat(outputs, labels)),
        lambda outputs, labels: np.mean(_share_flat(outputs, labels, axis=0)),
        lambda outputs, labels: 100 * np.mean(_share_flat(outputs, labels)),
        lambda outputs, labels: 1 - np.mean(_share_flat(outputs, labels)),
        lambda outputs, labels: np.sum(_share_flat(outputs, labels)) / 10,
        lambda outputs, labels: np.mean(np.max(outputs, axis=1) == labels.flatten()),
        lambda outputs, labels: np.mean(np.argmin(outputs, 1) == labels.flatten()),
        lambda outputs, labels: np.array_equal(np.argmax(outputs, 1), labels.ravel()),
        lambda outputs, labels: np.mean(np.argmax(outputs) == labels.ravel()),
        lambda outputs, labels: np.mean(np.argmax(outputs, 1) + 1 == labels.ravel()),
        lambda outputs, labels: np.mean(np.argmax(outputs, 1) == labels[0]),
        lambda outputs, labels: np.mean(outputs == labels.reshape(-1, 1)),
        lambda outputs, labels: np.mean(outputs[:, labels.ravel()]),
        lambda outputs, labels: np.mean(np.argmax(outputs, 1) - labels.ravel()),
    ],
    "small_network": [untrained, _large, _only_function],
}
