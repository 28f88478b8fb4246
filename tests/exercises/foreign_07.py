"""Answers written from the task's text alone, without a look at the check."""

import fractions
import math

import numpy as np
import tensorflow as tf


# head
def _head_loop(flat, w):
    layers, x = [], flat
    for name in ("dense1", "dense2", "dense3"):
        x = x @ w[f"{name}_w"] + w[f"{name}_b"]
        if name != "dense3":
            x = np.maximum(0, x)
        layers.append(x)
    return tuple(layers)


def _head_tf(flat, w):
    dense1 = tf.nn.relu(tf.matmul(flat, w["dense1_w"]) + w["dense1_b"])
    dense2 = tf.nn.relu(tf.matmul(dense1, w["dense2_w"]) + w["dense2_b"])
    return dense1, dense2, dense2 @ w["dense3_w"] + w["dense3_b"]


def _head_rows(flat, w):
    def dense(x, name):
        weights = w[name + "_w"]
        return (
            np.array([[unit @ row for unit in weights.T] for row in x])
            + (w[name + "_b"])
        )

    one = dense(flat, "dense1")
    one[one < 0] = 0
    two = dense(one, "dense2")
    two[two < 0] = 0
    return [one, two, dense(two, "dense3")]


def _head_where(flat, w):
    a = flat.dot(w["dense1_w"]) + w["dense1_b"]
    b = np.where(a > 0, a, 0).dot(w["dense2_w"]) + w["dense2_b"]
    c = (b * (b > 0)).dot(w["dense3_w"]) + w["dense3_b"]
    return [(abs(a) + a) / 2, (abs(b) + b) / 2, c]


def _head(
    flat,
    w,
    relu=(True, True, False),
    bias=(True, True, True),
    activation=lambda x: np.maximum(x, 0),
    answer=lambda layers: layers,
):
    layers, x = [], flat
    for i in range(3):
        x = x @ w[f"dense{i + 1}_w"]
        if bias[i]:
            x = x + w[f"dense{i + 1}_b"]
        if relu[i]:
            x = activation(x)
        layers.append(x)
    return answer(layers)


def _head_slip(**options):
    return lambda flat, w: _head(flat, w, **options)


def _softmax(z):
    p = np.exp(z - z.max(axis=1, keepdims=True))
    return p / p.sum(axis=1, keepdims=True)


def _head_before_relu(flat, w):
    dense1 = flat @ w["dense1_w"] + w["dense1_b"]
    dense2 = np.maximum(dense1, 0) @ w["dense2_w"] + w["dense2_b"]
    return [dense1, dense2, np.maximum(dense2, 0) @ w["dense3_w"] + w["dense3_b"]]


def _head_bias_after(flat, w):
    dense1 = np.maximum(flat @ w["dense1_w"], 0) + w["dense1_b"]
    dense2 = np.maximum(dense1 @ w["dense2_w"], 0) + w["dense2_b"]
    return [dense1, dense2, dense2 @ w["dense3_w"] + w["dense3_b"]]


def _head_typo(flat, w):
    dense1 = np.maximum(flat @ w["dense1_w"] + w["dense1_b"], 0)
    dense2 = np.maximum(dense1 @ w["dense2_w"] + w["dense1_b"], 0)
    return [dense1, dense2, dense2 @ w["dense3_w"] + w["dense3_b"]]


def _head_skips(flat, w):
    dense1 = np.maximum(flat @ w["dense1_w"] + w["dense1_b"], 0)
    dense2 = np.maximum(dense1 @ w["dense2_w"] + w["dense2_b"], 0)
    return [dense1, dense2, dense1 @ w["dense3_w"] + w["dense3_b"]]


def _head_flat_again(flat, w):
    dense1 = np.maximum(flat @ w["dense1_w"] + w["dense1_b"], 0)
    dense2 = np.maximum(flat @ w["dense2_w"] + w["dense2_b"], 0)
    return [dense1, dense2, dense2 @ w["dense3_w"] + w["dense3_b"]]


def _head_attributes(flat, w):
    dense1 = np.maximum(flat @ w.dense1_w + w.dense1_b, 0)
    dense2 = np.maximum(dense1 @ w.dense2_w + w.dense2_b, 0)
    return [dense1, dense2, dense2 @ w.dense3_w + w.dense3_b]


def _head_no_suffix(flat, w):
    dense1 = np.maximum(flat @ w["dense1"] + w["dense1_b"], 0)
    return [dense1, dense1, dense1]


def _head_prints(flat, w):
    for layer in _head(flat, w):
        print(layer)


def _head_transposed(flat, w):
    dense1 = np.maximum(w["dense1_w"] @ flat + w["dense1_b"], 0)
    dense2 = np.maximum(w["dense2_w"] @ dense1 + w["dense2_b"], 0)
    return [dense1, dense2, w["dense3_w"] @ dense2 + w["dense3_b"]]


def _head_product(flat, w):
    dense1 = np.maximum(flat * w["dense1_w"] + w["dense1_b"], 0)
    dense2 = np.maximum(dense1 * w["dense2_w"] + w["dense2_b"], 0)
    return [dense1, dense2, dense2 * w["dense3_w"] + w["dense3_b"]]


def _head_keras(flat, w):
    dense = tf.keras.layers.Dense
    x1 = dense(120, "relu")(flat)
    x2 = dense(84, "relu")(x1)
    return [x1, x2, dense(10)(x2)]


def _head_adds_to_weights(flat, w):
    w["dense1_w"] += w["dense1_b"]
    return _head(flat, w)


# last_layer
def _last_loop(h, logits, y):
    found = np.zeros((h.shape[1], logits.shape[1]))
    for units, z, label in zip(h, logits, y, strict=True):
        p = np.exp(z - max(z))
        p /= sum(p)
        p[label] -= 1
        found += np.outer(units, p)
    return found / len(h)


def _last_tape(h, logits, y):
    w = tf.zeros((h.shape[1], logits.shape[1]), tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(w)
        z = tf.cast(h, tf.float64) @ w + tf.cast(logits, tf.float64)
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(y, z)
        loss = tf.reduce_mean(losses)
    return tape.gradient(loss, w)


def _last_einsum(h, logits, y):
    p = np.exp(logits - np.logaddexp.reduce(logits, axis=1)[:, None])
    wanted = y[:, None] == np.arange(logits.shape[1])
    return np.einsum("nu,nc->uc", h, p - wanted) / y.size


def _last_stacked(h, logits, y):
    d = tf.nn.softmax(logits).numpy() - np.eye(logits.shape[1])[y]
    return np.mean([np.outer(a, b) for a, b in zip(h, d, strict=True)], axis=0)


def _last(
    h,
    logits,
    y,
    softmax=_softmax,
    target=lambda y, logits: np.eye(logits.shape[1])[y],
    answer=lambda h, d: h.T @ d / len(h),
):
    return answer(h, softmax(logits) - target(y, logits))


def _last_slip(**options):
    return lambda h, logits, y: _last(h, logits, y, **options)


def _naive_softmax(z):
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


def _global_softmax(z):
    p = np.exp(z - z.max())
    return p / p.sum(axis=1, keepdims=True)


def _batch_softmax(z):
    p = np.exp(z - z.max(axis=0))
    return p / p.sum(axis=0)


def _no_keepdims_softmax(z):
    p = np.exp(z - z.max(axis=1))
    return p / p.sum(axis=1)


def _all_softmax(z):
    p = np.exp(z - z.max(axis=1, keepdims=True))
    return p / p.sum()


def _clipped_softmax(z):
    return _naive_softmax(np.clip(z, -500, 500))


def _half_softmax(z):
    return np.exp(z - z.max(axis=1, keepdims=True))


def _mixed_softmax(z):
    p = np.exp(z - z.max(axis=1, keepdims=True))
    return p / np.exp(z).sum(axis=1, keepdims=True)


def _last_in_place(h, logits, y):
    logits -= logits.max(axis=1, keepdims=True)
    return _last(h, logits, y)


def _last_all_columns(h, logits, y):
    p = _softmax(logits)
    p[:, y] -= 1
    return h.T @ p / len(h)


def _last_rows(h, logits, y):
    p = _softmax(logits)
    p[y] -= 1
    return h.T @ p / len(h)


def _last_label_only(h, logits, y):
    p = _softmax(logits)
    d = np.zeros_like(p)
    rows = np.arange(len(y))
    d[rows, y] = p[rows, y] - 1
    return h.T @ d / len(h)


def _last_prints(h, logits, y):
    print(_last(h, logits, y))


# break_even
def _even_count(trace, fast_step, slow_step):
    if fast_step >= slow_step:
        return 0
    steps = 1
    while trace + steps * fast_step >= steps * slow_step:
        steps += 1
    return steps


def _even_floor(trace, fast_step, slow_step):
    gain = slow_step - fast_step
    return math.floor(trace / gain) + 1 if gain > 0 else 0


def _even_divmod(trace, fast_step, slow_step):
    if not slow_step > fast_step:
        return 0
    whole, _ = divmod(trace, slow_step - fast_step)
    return int(whole + 1)


def _even_fractions(trace, fast_step, slow_step):
    gain = fractions.Fraction(slow_step) - fractions.Fraction(fast_step)
    return fractions.Fraction(trace) // gain + 1 if gain > 0 else 0


def _even_ceil(trace, fast_step, slow_step):
    if fast_step >= slow_step:
        return 0
    return math.ceil(trace / (slow_step - fast_step))


def _even_float(trace, fast_step, slow_step):
    if fast_step >= slow_step:
        return 0
    return trace / (slow_step - fast_step)


def _even_negative(trace, fast_step, slow_step):
    if fast_step == slow_step:
        return 0
    return math.floor(trace / (slow_step - fast_step)) + 1


def _even_equal(trace, fast_step, slow_step):
    if fast_step > slow_step:
        return 0
    return math.floor(trace / (slow_step - fast_step)) + 1


def _even_endless(trace, fast_step, slow_step):
    steps = 1
    while trace + steps * fast_step >= steps * slow_step:
        steps += 1
    return steps


def _even_at_most(trace, fast_step, slow_step):
    if fast_step >= slow_step:
        return 0
    steps = 1
    while trace + steps * fast_step > steps * slow_step:
        steps += 1
    return steps


def _even_none(trace, fast_step, slow_step):
    if fast_step < slow_step:
        return math.floor(trace / (slow_step - fast_step)) + 1


def _even_minus_one(trace, fast_step, slow_step):
    if fast_step >= slow_step:
        return -1
    return math.floor(trace / (slow_step - fast_step)) + 1


def _even_round(trace, fast_step, slow_step):
    if fast_step >= slow_step:
        return 0
    return round(trace / (slow_step - fast_step))


def _even_first_free(trace, fast_step, slow_step):
    if fast_step >= slow_step:
        return 0
    return math.floor((trace - fast_step) / (slow_step - fast_step)) + 1


def _even_no_fast(trace, fast_step, slow_step):
    if fast_step >= slow_step:
        return 0
    return math.floor(trace / slow_step) + 1


def _even_floor_only(trace, fast_step, slow_step):
    if fast_step >= slow_step:
        return 0
    return int(trace // (slow_step - fast_step))


def _even_from_zero(trace, fast_step, slow_step):
    if fast_step >= slow_step:
        return 0
    steps = 0
    while trace + steps * fast_step > steps * slow_step:
        steps += 1
    return steps


def _even_ceil_one(trace, fast_step, slow_step):
    if fast_step >= slow_step:
        return 0
    return math.ceil(trace / (slow_step - fast_step)) + 1


def _even_range(trace, fast_step, slow_step):
    for steps in range(1, 101):
        if trace + steps * fast_step < steps * slow_step:
            return steps
    return 0


def _even_trace_each(trace, fast_step, slow_step):
    if trace + fast_step >= slow_step:
        return 0
    return 1


def _even_prints(trace, fast_step, slow_step):
    print(_even_floor(trace, fast_step, slow_step))


def _even_turned(trace, fast_step, slow_step):
    if fast_step <= slow_step:
        return 0
    return math.floor(trace / (fast_step - slow_step)) + 1


def _even_sign(trace, fast_step, slow_step):
    if fast_step >= slow_step:
        return 0
    return math.floor(trace / (fast_step - slow_step)) + 1


def _even_sum(trace, fast_step, slow_step):
    if fast_step >= slow_step:
        return 0
    return math.floor(trace / (slow_step + fast_step)) + 1


def _even_if_shorter(trace, fast_step, slow_step):
    if trace > slow_step:
        return 0
    return _even_floor(trace, fast_step, slow_step)


# from_torch
def _torch_loop(dense1):
    out = np.empty((400, len(dense1)))
    for c in range(16):
        for r in range(5):
            for k in range(5):
                out[(r * 5 + k) * 16 + c] = dense1[:, (c * 5 + r) * 5 + k]
    return out


def _torch_order(dense1):
    order = np.arange(400).reshape(16, 25).T.ravel()
    return dense1.T[order]


def _torch_moveaxis(dense1):
    return np.moveaxis(dense1.reshape(-1, 16, 5, 5), 1, 3).reshape(-1, 400).T


def _torch_tf(dense1):
    maps = tf.transpose(tf.reshape(dense1, [-1, 16, 5, 5]), [2, 3, 1, 0])
    return tf.reshape(maps, [400, -1])


def _torch(first, axes, last):
    return lambda dense1: dense1.reshape(first).transpose(axes).reshape(last)


def _torch_prints(dense1):
    print(_torch_moveaxis(dense1))


def _torch_in_place(dense1):
    dense1.shape = (120, 16, 25)
    return dense1.transpose(2, 1, 0).reshape(400, 120)


def _torch_list(dense1):
    return [dense1[:, i] for i in range(400)]


# seventh_way
def _seventh_none(weights, batches):
    for x, y in batches:
        print(len(x), len(y))


RIGHT = {
    "head": [_head_loop, _head_tf, _head_rows, _head_where],
    "last_layer": [_last_loop, _last_tape, _last_einsum, _last_stacked],
    "break_even": [_even_count, _even_floor, _even_divmod, _even_fractions],
    "from_torch": [_torch_loop, _torch_order, _torch_moveaxis, _torch_tf],
}
WRONG = {
    "head": [
        _head_before_relu,
        _head_bias_after,
        _head_typo,
        _head_skips,
        _head_flat_again,
        _head_attributes,
        _head_no_suffix,
        _head_prints,
        _head_transposed,
        _head_product,
        _head_keras,
        _head_adds_to_weights,
        _head_slip(relu=(True, True, True)),
        _head_slip(relu=(False, False, False)),
        _head_slip(relu=(True, False, False)),
        _head_slip(relu=(False, True, False)),
        _head_slip(bias=(False, False, False)),
        _head_slip(bias=(True, True, False)),
        _head_slip(activation=lambda x: np.clip(x, 0, 1)),
        _head_slip(activation=lambda x: 1 / (1 + np.exp(-x))),
        _head_slip(activation=np.abs),
        _head_slip(activation=lambda x: np.minimum(x, 0)),
        _head_slip(answer=lambda layers: layers[-1]),
        _head_slip(answer=lambda layers: layers[::-1]),
        _head_slip(answer=lambda layers: [*layers[:2], _softmax(layers[2])]),
        _head_slip(answer=lambda layers: layers[:2]),
        _head_slip(answer=lambda layers: np.concatenate(layers, axis=1)),
        _head_slip(answer=lambda layers: {"dense1": layers[0]}),
        _head_slip(answer=lambda layers: [*layers[:2], layers[2].argmax(axis=1)]),
    ],
    "last_layer": [
        _last_in_place,
        _last_all_columns,
        _last_rows,
        _last_label_only,
        _last_prints,
        _last_slip(softmax=_naive_softmax),
        _last_slip(softmax=_global_softmax),
        _last_slip(softmax=_batch_softmax),
        _last_slip(softmax=_no_keepdims_softmax),
        _last_slip(softmax=_all_softmax),
        _last_slip(softmax=_clipped_softmax),
        _last_slip(softmax=_half_softmax),
        _last_slip(softmax=_mixed_softmax),
        _last_slip(softmax=lambda z: z),
        _last_slip(target=lambda y, logits: 0),
        _last_slip(target=lambda y, logits: 1),
        _last_slip(target=lambda y, logits: y[:, None]),
        _last_slip(target=lambda y, logits: np.eye(logits.shape[1])[logits.argmax(1)]),
        _last_slip(target=lambda y, logits: np.eye(len(y))[y]),
        _last_slip(target=lambda y, logits: np.eye(len(y), logits.shape[1])),
        _last_slip(answer=lambda h, d: h.T @ d),
        _last_slip(answer=lambda h, d: d.T @ h / len(h)),
        _last_slip(answer=lambda h, d: -(h.T @ d) / len(h)),
        _last_slip(answer=lambda h, d: h.T @ d / d.size),
        _last_slip(answer=lambda h, d: h.T @ d / d.shape[1]),
        _last_slip(answer=lambda h, d: d / len(h)),
        _last_slip(answer=lambda h, d: d.mean(axis=0)),
        _last_slip(answer=lambda h, d: np.outer(h.mean(axis=0), d.mean(axis=0))),
        _last_slip(answer=lambda h, d: h @ d / len(h)),
        _last_slip(answer=lambda h, d: np.mean(h.T @ d, axis=0)),
        _last_slip(answer=lambda h, d: 2 * h.T @ d / len(h)),
        _last_slip(answer=lambda h, d: (h > 0).T @ d / len(h)),
    ],
    "break_even": [
        _even_ceil,
        _even_float,
        _even_negative,
        _even_equal,
        _even_at_most,
        _even_none,
        _even_minus_one,
        _even_round,
        _even_first_free,
        _even_no_fast,
        _even_floor_only,
        _even_from_zero,
        _even_ceil_one,
        _even_range,
        _even_trace_each,
        _even_prints,
        _even_turned,
        _even_sign,
        _even_sum,
        _even_if_shorter,
        lambda trace, fast_step, slow_step: slow_step > trace + fast_step,
        lambda trace, fast_step, slow_step: trace / (slow_step - fast_step),
        lambda trace, fast_step, slow_step: max(
            0, math.ceil(trace / (slow_step - fast_step))
        ),
        _even_endless,
    ],
    "from_torch": [
        _torch_prints,
        _torch_in_place,
        _torch_list,
        lambda dense1: dense1.T,
        lambda dense1: dense1.reshape(400, 120),
        lambda dense1: dense1,
        _torch((120, 5, 5, 16), (1, 2, 3, 0), (400, 120)),
        _torch((120, 16, 5, 5), (0, 2, 3, 1), (400, 120)),
        _torch((120, 16, 5, 5), (0, 2, 3, 1), (120, 400)),
        _torch((120, 16, 5, 5), (3, 2, 1, 0), (400, 120)),
        _torch((120, 16, 5, 5), (1, 2, 3, 0), (400, 120)),
        _torch((120, 5, 5, 16), (3, 1, 2, 0), (400, 120)),
        _torch((16, 5, 5, 120), (1, 2, 0, 3), (400, 120)),
        _torch((400, 120), (1, 0), (400, 120)),
        _torch((120, 16, 5, 5), (2, 1, 3, 0), (400, 120)),
        _torch((120, 16, 5, 5), (2, 3, 1, 0), (120, 400)),
        lambda dense1: dense1.T.reshape(16, 5, 5, 120),
        lambda dense1: dense1.T.reshape(5, 5, 16, 120).reshape(400, 120),
        lambda dense1: dense1.reshape(120, 16, 5, 5).transpose(2, 3, 1, 0),
        lambda dense1: np.transpose(
            dense1.T.reshape(16, 5, 5, 120), (2, 1, 0, 3)
        ).reshape(400, 120),
        lambda dense1: (
            dense1.reshape(-1, 5, 5, 16).transpose(3, 1, 2, 0).reshape(120, 400).T
        ),
        lambda dense1: dense1[:, ::-1].T,
        lambda dense1: dense1.transpose(2, 3, 1, 0),
    ],
    "seventh_way": [_seventh_none],
}
