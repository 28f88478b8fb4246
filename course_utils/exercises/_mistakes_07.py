"""Wrong answers that learners give in lesson 07, and what points at their cause."""

import math

import keras
import numpy as np
import tensorflow as tf

from course_utils.exercises import Mistake


def _relu(x):
    return np.maximum(x, 0)


def _ends(flat, w, act=(True, True, False), bias=(True, True, True)):
    """Run three dense layers with some part left out or added."""
    results, x = [], flat
    for n, has_relu, has_bias in zip("123", act, bias, strict=True):
        x = x @ w[f"dense{n}_w"]
        x = x + w[f"dense{n}_b"] if has_bias else x
        x = _relu(x) if has_relu else x
        results.append(x)
    return results


def _softmax_at_the_end(flat, w):
    *hidden, z = _ends(flat, w)
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return [*hidden, e / e.sum(axis=1, keepdims=True)]


HEAD = [
    Mistake(
        "no-activation",
        lambda flat, w: _ends(flat, w, act=(False, False, False)),
        "No ReLU at all: three layers without it are one matrix. `dense1` and "
        "`dense2` end in one.",
    ),
    Mistake(
        "no-activation",
        lambda flat, w: _ends(flat, w, act=(True, False, False)),
        "`dense2` has no ReLU here. Both hidden layers end in one.",
    ),
    Mistake(
        "relu-on-logits",
        lambda flat, w: _ends(flat, w, act=(True, True, True)),
        "The logits have gone through a ReLU. Logits may be negative: the last layer "
        "ends in its sums.",
    ),
    Mistake(
        "softmax-for-logits",
        _softmax_at_the_end,
        "The last result adds up to 1: probabilities. Logits are what goes into the "
        "softmax.",
    ),
    Mistake(
        "forgotten-bias",
        lambda flat, w: _ends(flat, w, bias=(False, False, False)),
        "The biases are missing: each layer adds its own.",
    ),
    Mistake(
        "forgotten-bias",
        lambda flat, w: _ends(flat, w, bias=(True, True, False)),
        "The bias of `dense3` is missing.",
    ),
    Mistake(
        "logits-alone",
        lambda flat, w: _ends(flat, w)[-1],
        "This is the last result alone. Return all three, in order: the search for a "
        "mistake will need them.",
    ),
    Mistake(
        "order-of-layers",
        lambda flat, w: _ends(flat, w)[::-1],
        "The three come in the reverse order: `dense1` first, the logits last.",
    ),
    Mistake(
        "lost-layer",
        lambda flat, w: _ends(flat, w)[:2],
        "The logits are missing: three results are asked for.",
    ),
    Mistake(
        "wrong-order",
        lambda flat, w: [_relu(w["dense1_w"] @ flat), _relu(flat), flat],
        "The shapes do not fit: is each layer given what the one before it gave, and "
        "do the rows of `x` meet the columns of `w`?",
    ),
]


def _softmax(z, axis=1):
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def _one_hot(logits, y):
    return np.eye(logits.shape[1])[y]


def _d(logits, y):
    return (_softmax(logits) - _one_hot(logits, y)) / len(y)


def _naive(h, logits, y):
    e = np.exp(logits)
    p = e / e.sum(axis=1, keepdims=True)
    return h.T @ (p - _one_hot(logits, y)) / len(y)


LAST_LAYER = [
    Mistake(
        "summed-loss",
        lambda h, z, y: h.T @ _d(z, y) * len(y),
        "This is the gradient of the summed loss. The loss is a mean over the batch.",
    ),
    Mistake(
        "log-of-zero",
        _naive,
        "With logits of 1,000 `np.exp` overflows. What may you take away from every "
        "logit of a row without changing its softmax?",
    ),
    Mistake(
        "wrong-axis",
        lambda h, z, y: h.T @ (_softmax(z, 0) - _one_hot(z, y)) / len(y),
        "The softmax runs over the batch: images compete with each other. Each row is"
        " to add up to 1.",
    ),
    Mistake(
        "forgotten-target",
        lambda h, z, y: h.T @ _softmax(z) / len(y),
        "The labels have no effect. The gradient for the logits is the softmax minus "
        "the one-hot label.",
    ),
    Mistake(
        "wrong-sign",
        lambda h, z, y: -h.T @ _d(z, y),
        "The sign is turned: softmax minus label, not label minus softmax.",
    ),
    Mistake(
        "transposed",
        lambda h, z, y: _d(z, y).T @ h,
        "The result lies on its side. It must have the shape of the weights, (units, "
        "classes).",
    ),
    Mistake(
        "bias-gradient",
        lambda h, z, y: _d(z, y).sum(axis=0),
        "This is the gradient for the biases. The weights meet the numbers in `h` as "
        "well.",
    ),
    Mistake(
        "logits-for-softmax",
        lambda h, z, y: h.T @ (z - _one_hot(z, y)) / len(y),
        "The label is taken away from the logits. First make probabilities of them.",
    ),
    Mistake(
        "no-transpose",
        lambda h, z, y: h @ _d(z, y),
        "The inner lengths do not agree: the sum runs over the batch, so the images "
        "must meet. Turn `h`.",
    ),
    Mistake(
        "wrong-divisor",
        lambda h, z, y: h.T @ _d(z, y) * len(y) / z.size,
        "The sum is divided by images times classes. The loss is a mean over the "
        "images alone.",
    ),
    Mistake(
        "wrong-divisor",
        lambda h, z, y: h.T @ _d(z, y) * len(y) / z.shape[1],
        "The sum is divided by the number of classes. The loss is a mean over the "
        "images.",
    ),
    Mistake(
        "minus-one-everywhere",
        lambda h, z, y: h.T @ (_softmax(z) - 1) / len(y),
        "The 1 is taken away from every class. It belongs to the label alone.",
    ),
    Mistake(
        "logit-gradient",
        lambda h, z, y: _d(z, y),
        "This is the gradient for the logits. One step is left, from the logits to "
        "the weights.",
    ),
    Mistake(
        "one-maximum",
        lambda h, z, y: (
            h.T
            @ (
                np.exp(z - z.max()) / np.exp(z - z.max()).sum(axis=1, keepdims=True)
                - _one_hot(z, y)
            )
            / len(y)
        ),
        "One maximum is taken away for the whole batch. In a row of much smaller "
        "logits every term then becomes 0.",
    ),
]


def _maps(dense1):
    return dense1.reshape(-1, 16, 5, 5)  # (out, channels, height, width)


FROM_TORCH = [
    Mistake(
        "transpose-only",
        lambda dense1: dense1.T,
        "The outputs stand last, as they must. But the 400 still stand in the order "
        "channels, height, width.",
    ),
    Mistake(
        "reshape-for-transpose",
        lambda dense1: dense1.reshape(400, -1),
        "`reshape` moves no number: it cuts the same row of numbers in other places.",
    ),
    Mistake(
        "forgotten-transpose",
        lambda dense1: _maps(dense1).transpose(0, 2, 3, 1).reshape(-1, 400),
        "The 400 are in the right order. The outputs still stand first; our matrices "
        "are (in, out).",
    ),
    Mistake(
        "wrong-order",
        lambda dense1: _maps(dense1).transpose(3, 2, 1, 0).reshape(400, -1),
        "Height and width are exchanged.",
    ),
    Mistake(
        "wrong-order",
        lambda dense1: (
            dense1.T.reshape(5, 5, 16, -1).transpose(2, 0, 1, 3).reshape(400, -1)
        ),
        "This is the way back: it makes PyTorch's order out of ours.",
    ),
    Mistake(
        "fixed-size",
        lambda dense1: (
            dense1.reshape(120, 16, 5, 5).transpose(2, 3, 1, 0).reshape(400, 120)
        ),
        "This works for 120 outputs only. Let `reshape` find the number with -1.",
    ),
    Mistake(
        "unflattened",
        lambda dense1: _maps(dense1).transpose(2, 3, 1, 0),
        "The axes are in the right order. Height, width and channels are still to be "
        "joined to 400.",
    ),
    Mistake(
        "flipped-kernel",
        lambda dense1: (
            _maps(dense1)[:, :, ::-1, ::-1].transpose(2, 3, 1, 0).reshape(400, -1)
        ),
        "The maps are upside down and mirrored. Nothing has to be flipped between the"
        " two libraries.",
    ),
]


def _gain(fast_step, slow_step):
    return slow_step - fast_step


BREAK_EVEN = [
    Mistake(
        "off-by-one",
        lambda trace, fast, slow: (
            0 if fast >= slow else math.ceil(trace / _gain(fast, slow))
        ),
        "Where the gains add up to exactly `trace`, both have taken the same time, "
        "and nobody is ahead yet. One step more is needed.",
    ),
    Mistake(
        "floor-for-ceiling",
        lambda trace, fast, slow: 0 if fast >= slow else int(trace / _gain(fast, slow)),
        "After that many steps the gains have not yet made up for the tracing.",
    ),
    Mistake(
        "fraction",
        lambda trace, fast, slow: 0 if fast >= slow else trace / _gain(fast, slow),
        "A number of steps is whole: the first after which the second way has taken "
        "less.",
    ),
    Mistake(
        "rounding",
        lambda trace, fast, slow: (
            0 if fast >= slow else round(trace / _gain(fast, slow))
        ),
        "Rounded to the nearest. Ask after how many steps the second way has really "
        "taken less.",
    ),
    Mistake(
        "never-faster",
        lambda trace, fast, slow: math.floor(trace / _gain(fast, slow)) + 1,
        "If a step is no faster, there is nothing to gain: with equal steps this "
        "divides by 0, with slower ones it gives a number without meaning.",
    ),
    Mistake(
        "equal-steps",
        lambda trace, fast, slow: (
            0 if fast > slow else math.floor(trace / _gain(fast, slow)) + 1
        ),
        "With equal steps nothing is gained either, and the division is by 0.",
    ),
    Mistake(
        "ignored-argument",
        lambda trace, fast, slow: 0 if fast >= slow else int(trace // slow) + 1,
        "The graph's own steps take time as well. What does each step gain?",
    ),
    Mistake(
        "ignored-argument",
        lambda trace, fast, slow: 0 if fast >= slow else int(trace // fast) + 1,
        "This asks how many fast steps fit into the tracing. What does each step gain"
        " against the slow ones?",
    ),
    Mistake(
        "wrong-sign",
        lambda trace, fast, slow: (
            0 if fast <= slow else int(trace // -_gain(fast, slow)) + 1
        ),
        "The two ways are exchanged: the graph pays when its steps are the faster "
        "ones.",
    ),
    Mistake(
        "none-for-zero",
        lambda trace, fast, slow: (
            None if fast >= slow else int(trace // _gain(fast, slow)) + 1
        ),
        "Where it never pays, 0 is asked for; this gives nothing.",
    ),
    Mistake(
        "seconds-for-steps",
        lambda trace, fast, slow: (
            0 if fast >= slow else (int(trace // _gain(fast, slow)) + 1) * slow
        ),
        "These are seconds. Asked for is a number of steps.",
    ),
]


def _lenet(x, w, relu):
    for name in ("conv1", "conv2"):
        x = tf.nn.conv2d(x, w[f"{name}_w"], 1, "VALID") + w[f"{name}_b"]
        x = relu(tf.nn.max_pool2d(x, 2, 2, "VALID"))
    x = tf.reshape(x, [-1, 400])
    for name in ("dense1", "dense2"):
        x = relu(x @ w[f"{name}_w"] + w[f"{name}_b"])
    return x @ w["dense3_w"] + w["dense3_b"]


def _adam(w):
    optimizer = keras.optimizers.Adam(0.05)
    return lambda gradients: optimizer.apply(list(gradients.values()), list(w.values()))


def _descent(w, rate=0.05):
    def update(gradients):
        for name, gradient in gradients.items():
            w[name].assign_sub(rate * gradient)

    return update


def _trains(
    rule=_descent,
    reduce=tf.reduce_mean,
    relu=tf.nn.relu,
    end=tf.identity,
    learns=("w", "b"),
    after=False,
):
    """Return a training that differs from the right one in what is given here."""

    def losses(weights, batches):
        w = {name: tf.Variable(value) for name, value in weights.items()}
        update, found = rule(w), []

        def loss_of(x, y):
            logits = end(_lenet(x, w, relu))
            return reduce(
                tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits)
            )

        for x, y in batches:
            with tf.GradientTape() as tape:
                loss = loss_of(x, y)
            gradients = tape.gradient(loss, w)
            update({n: g for n, g in gradients.items() if n.endswith(tuple(learns))})
            found.append(float(loss_of(x, y) if after else loss))
        return found

    return losses


def _running_mean(weights, batches):
    losses = _trains()(weights, batches)
    return list(np.cumsum(losses) / np.arange(1, len(losses) + 1))


SEVENTH_WAY = [
    Mistake(
        "running-mean",
        _running_mean,
        "Each loss is the mean of all so far. That is what a metric of Keras gives "
        "until it is reset.",
    ),
    Mistake(
        "loss-after-step",
        _trains(after=True),
        "These are the losses after each step. Asked for is the loss that the step "
        "starts from.",
    ),
    Mistake(
        "no-step",
        _trains(learns=()),
        "The weights stand still: every loss is that of the start.",
    ),
    Mistake(
        "wrong-rate",
        _trains(lambda w: _descent(w, 0.01)),
        "The first loss is right, the steps are too short. 0.01 is the rate that "
        "`SGD()` takes when you name none.",
    ),
    Mistake(
        "other-rule",
        _trains(_adam),
        "The first loss is right, the steps are Adam's. Asked for is gradient descent.",
    ),
    Mistake(
        "forgotten-bias",
        _trains(learns="w"),
        "The first loss is right, but only the kernels learn. Each layer has a bias.",
    ),
    Mistake(
        "summed-loss",
        _trains(reduce=tf.reduce_sum),
        "The losses are added up over the batch. Take the mean.",
    ),
    Mistake(
        "double-softmax",
        _trains(end=tf.nn.softmax),
        "The loss takes a softmax of what has been through one. Give it the logits, or "
        "tell it that it gets probabilities.",
    ),
    Mistake(
        "no-activation",
        _trains(relu=tf.identity),
        "ReLU is left out: behind each pool, and behind two of the dense layers.",
    ),
]
