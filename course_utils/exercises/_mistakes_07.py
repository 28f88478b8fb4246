"""Wrong answers that learners give in lesson 07 about the layers of a network."""

import keras
import numpy as np
import tensorflow as tf

from course_utils.exercises import Mistake


def _relu(x):
    return np.maximum(x, 0)


def _ends(flat, w, act=(True, True, False), bias=(True, True, True), relu=_relu):
    """Run three dense layers with some part left out or added."""
    results, x = [], flat
    for n, has_relu, has_bias in zip("123", act, bias, strict=True):
        x = x @ w[f"dense{n}_w"]
        x = x + w[f"dense{n}_b"] if has_bias else x
        x = relu(x) if has_relu else x
        results.append(x)
    return results


def _softmax_at_the_end(flat, w):
    *hidden, z = _ends(flat, w)
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return [*hidden, e / e.sum(axis=1, keepdims=True)]


def _sums_of_layers(flat, w):
    dense1 = flat @ w["dense1_w"] + w["dense1_b"]
    dense2 = np.maximum(dense1, 0) @ w["dense2_w"] + w["dense2_b"]
    return [dense1, dense2, np.maximum(dense2, 0) @ w["dense3_w"] + w["dense3_b"]]


def _biases_late(flat, w):
    dense1 = np.maximum(flat @ w["dense1_w"], 0) + w["dense1_b"]
    dense2 = np.maximum(dense1 @ w["dense2_w"], 0) + w["dense2_b"]
    return [dense1, dense2, dense2 @ w["dense3_w"] + w["dense3_b"]]


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
    Mistake(
        "no-activation",
        lambda flat, w: _ends(flat, w, act=(False, True, False)),
        "`dense1` has no ReLU here. Both hidden layers end in one.",
    ),
    Mistake(
        "sums-for-answers",
        _sums_of_layers,
        "The hidden layers come back as sums, from before ReLU. What they give ends "
        "in it.",
    ),
    Mistake(
        "bias-after-activation",
        _biases_late,
        "The biases come after ReLU. They belong to the sums that ReLU looks at.",
    ),
    Mistake(
        "attribute-for-key",
        lambda flat, w: flat @ w.dense1_w,
        "`w` is a dictionary: its entries stand in square brackets, under their names "
        "as texts.",
    ),
    Mistake(
        "wrong-name",
        lambda flat, w: flat @ w["dense1"],
        "There is no entry of that name in `w`. The weights of a layer end in `_w`, "
        "the biases in `_b`.",
    ),
    Mistake(
        "elementwise-product",
        lambda flat, w: [flat * w["dense1_w"] + w["dense1_b"]],
        "`*` multiplies number by number. Rows meet columns in the matrix product, "
        "`@`.",
    ),
    Mistake(
        "clipped-above",
        lambda flat, w: _ends(flat, w, relu=lambda x: np.clip(x, 0, 1)),
        "Sums above 1 are cut off. ReLU has no upper end.",
    ),
    Mistake(
        "sigmoid-for-relu",
        lambda flat, w: _ends(flat, w, relu=lambda x: 1 / (1 + np.exp(-x))),
        "This is a sigmoid, another activation. ReLU leaves a positive sum as it is.",
    ),
    Mistake(
        "absolute-value",
        lambda flat, w: _ends(flat, w, relu=np.abs),
        "Negative sums have lost their sign here. ReLU answers 0 for them.",
    ),
    Mistake(
        "wrong-sign",
        lambda flat, w: _ends(flat, w, relu=lambda x: np.minimum(x, 0)),
        "The positive sums are set to 0 and the negative ones kept. It is the other "
        "way round.",
    ),
    Mistake(
        "joined-layers",
        lambda flat, w: np.concatenate(_ends(flat, w), axis=1),
        "The three are joined to one array. Return them side by side, as a list.",
    ),
    Mistake(
        "readings-for-logits",
        lambda flat, w: [*_ends(flat, w)[:2], _ends(flat, w)[2].argmax(axis=1)],
        "The logits have become readings. The numbers of each row themselves are "
        "asked for.",
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
