"""Exercises of lesson 02: a network of three layers."""

import numpy as np
import tensorflow as tf

from course_utils.exercises import Exercise, _mistakes_02, _mistakes_02_loss, _open


def _layer(x, w, b):
    """Return the answers of one layer, (batch, in) -> (batch, units)."""
    return tf.nn.relu(x @ w + b)


layer = Exercise(
    _layer,
    # The lesson's tiny network, then sums worked out by hand.
    cases=[
        (
            (
                np.array([[1.0, 2.0]]),
                np.array([[1.0, 2.0], [3.0, -2.0]]),
                np.array([0.0, 1.0]),
            ),
            [[7, 0]],
        ),
        (
            (
                np.array([[1.0, 2.0], [-1.0, 0.5]]),
                np.array([[1.0, 0.0, -2.0], [0.5, 1.0, 1.0]]),
                np.array([-3.0, 0.0, 0.25]),
            ),
            [[0, 2, 0.25], [0, 0.5, 2.75]],
        ),
        ((np.array([[2.0]]), np.array([[-1.0, 3.0]]), np.array([1.0, -5])), [[0, 1]]),
    ],
    hints=[
        "Three things in turn: the products added up, the bias, and what a unit "
        "answers where the sum is negative.",
        "`x @ w` gives all sums of products at once, (batch, in) @ (in, units). The "
        "biases, (units,), are added to every row by broadcasting.",
        "`tf.nn.relu(...)` or `np.maximum(..., 0)` replaces what is negative by 0. It "
        "looks at the whole sum, with the bias in it.",
    ],
    why="The weights of a unit stand in one column of `w`, so that a row of `x`, one "
    "image, meets them in the matrix product. One line serves a batch of any size.",
    mistakes=_mistakes_02.LAYER,
)


def _parameter_count(sizes):
    total = 0
    for n_in, n_out in zip(sizes[:-1], sizes[1:], strict=True):
        total += n_in * n_out + n_out
    return total


parameter_count = Exercise(
    _parameter_count,
    cases=[
        (([784, 10],), 7850),
        (([784, 256, 128, 10],), 235_146),
        (([2, 3, 4, 5, 6],), 9 + 16 + 25 + 36),
        (([5, 1],), 6),
    ],
    hints=[
        "Take one layer alone, from 784 inputs to 10 units. How many entries has `w` "
        "of shape `[in, out]`, and how many has `b` of shape `[out]`?",
        "A layer has `n_in * n_out + n_out` parameters. Neighbours in `sizes` are the "
        "`n_in` and `n_out` of one layer.",
        "`zip(sizes[:-1], sizes[1:])` gives the pairs (784, 256), (256, 128), "
        "(128, 10). Add up over them.",
    ],
    why="Each unit has one weight for each of its inputs and one bias. Four sizes make "
    "three layers: the inputs have no parameters of their own.",
    mistakes=_mistakes_02.PARAMETER_COUNT,
)


def _share_correct(outputs, labels):
    readings = np.argmax(outputs, axis=1)  # (batch, 10) -> (batch,)
    return np.mean(readings == np.reshape(labels, -1))  # (batch, 1) -> (batch,)


_OUTPUTS = np.zeros((4, 10), np.float32)
_OUTPUTS[[0, 1, 2, 3], [5, 0, 4, 1]] = [0.4, 2.0, 0.1, 7.0]
# Both rows read 1; softmax over the batch would turn the first into a 0.
_CLOSE = np.zeros((2, 10), np.float32)
_CLOSE[:, :2] = [[5, 6], [1, 8]]
# Largest at 7, 3, 1; smallest at 2, 9, 3.
_MIXED = np.zeros((3, 10), np.float32)
_MIXED[[0, 1, 2], [7, 3, 1]] = [7, 3, 9]
_MIXED[[0, 1, 2], [2, 9, 3]] = [-1, -2, -4]

share_correct = Exercise(
    _share_correct,
    cases=[
        ((_OUTPUTS, np.array([5, 0, 4, 1])), 1.0),
        ((_OUTPUTS, np.array([5, 0, 4, 9])), 0.75),
        ((_OUTPUTS - 9, np.array([5, 3, 2, 9])), 0.25),
        ((_OUTPUTS, np.array([[5], [0], [4], [9]])), 0.75),
        ((_OUTPUTS, np.array([[5], [5], [5], [5]])), 0.25),
        ((_CLOSE, np.array([1, 1])), 1.0),
        ((_MIXED, np.array([7, 9, 3])), 1 / 3),
    ],
    hints=[
        "First turn the outputs into readings: the position of the largest output in "
        "each row. Which axis is that?",
        "`np.argmax(outputs, axis=1)` has the shape `(batch,)`. Compared with labels "
        "of shape `(batch, 1)` it makes a table of batch times batch answers.",
        "Bring the labels to the shape `(batch,)` with `np.reshape(labels, -1)`, "
        "compare, and take the mean.",
    ],
    why="The comparison of `(batch,)` with `(batch, 1)` broadcasts to "
    "`(batch, batch)`: every reading meets every label. With ten classes its mean is "
    "near 10 %, whatever the network does.",
    mistakes=_mistakes_02_loss.SHARE_CORRECT,
)


def _weight_gradient(x, w, b, d_h):
    a = x @ w + b  # (batch, in) @ (in, out) -> (batch, out)
    d_a = d_h * (a > 0)
    return x.T @ d_a  # (in, batch) @ (batch, out) -> (in, out)


_X = np.array([[1, 2, 0], [0, 1, 3]], np.float32)
_W = np.array([[1, -1], [0, 1], [2, -1]], np.float32)

weight_gradient = Exercise(
    _weight_gradient,
    cases=[
        # x @ w = [[1, 1], [6, -2]]; with b = 0 the last sum is stopped by ReLU.
        (
            (_X, _W, np.zeros(2, np.float32), np.array([[1, 10], [2, 20]], np.float32)),
            [[1, 10], [4, 20], [6, 0]],
        ),
        # With this bias the sums are [[-1, 4], [4, 1]].
        (
            (_X, _W, np.array([-2, 3], np.float32), np.ones((2, 2), np.float32)),
            [[0, 1], [1, 3], [3, 3]],
        ),
        # The sums are [[0, 1.5], [2.5, -1.5], [-0.5, -1]]: at 0 nothing passes either.
        (
            (
                np.array([[1, -1], [0.5, 2], [-2, 1.5]]),
                np.array([[1.0, 0], [1, -1]]),
                np.array([0, 0.5]),
                np.array([[2.0, -1], [-0.5, 3], [1, 4]]),
            ),
            [[-0.25, -1], [-1, 1]],
        ),
        # All sums are below 0: nothing passes.
        (
            (_X, _W, np.array([-9, -9], np.float32), np.ones((2, 2), np.float32)),
            np.zeros((3, 2)),
        ),
    ],
    hints=[
        "Go backwards in two stages: first from `h` to the sums `a = x @ w + b`, then "
        "from the sums to `w`.",
        "ReLU passes the gradient on where its sum was above 0 and stops it elsewhere: "
        "`d_a = d_h * (a > 0)`. The test is on the sums, not on `d_h`.",
        "`w[i, j]` acts on `a[n, j]` with the factor `x[n, i]`. Multiplied, and added "
        "over the images n, that is `x.T @ d_a`.",
    ],
    why="This is the line `x.T @ d_a1` of `backward`, with the mask of ReLU before it. "
    "A unit whose sum is negative for every image of the batch gets a gradient of 0: "
    "it does not learn from this batch.",
    mistakes=_mistakes_02.WEIGHT_GRADIENT,
)


def _stable_cross_entropy(logits, labels):
    shifted = logits - np.max(logits, axis=1, keepdims=True)  # the largest is now 0
    log_sum = np.log(np.sum(np.exp(shifted), axis=1))  # (batch, 10) -> (batch,)
    return np.mean(log_sum - shifted[np.arange(len(labels)), labels])


_LARGE = np.zeros((1, 10), np.float32)
_LARGE[:, 3] = 1000

stable_cross_entropy = Exercise(
    _stable_cross_entropy,
    cases=[
        ((np.zeros((2, 10), np.float32), np.array([5, 0])), 2.302585),
        # One logit is ln 11: its probability is 11/20, that of each other one 1/20.
        (
            (np.float32([[np.log(11)] + [0] * 9]), np.array([0])),
            0.597837,
        ),
        (
            (np.float32([[np.log(11)] + [0] * 9] * 2), np.array([0, 4])),
            (0.597837 + 2.995732) / 2,
        ),
        # Two rows that differ: each label belongs to its own.
        (
            (np.float32([[np.log(11)] + [0] * 9, [0] * 10]), np.array([0, 4])),
            (0.597837 + 2.302585) / 2,
        ),
        # One row each, so that the answer shows the logits and not only their shape.
        ((_LARGE, np.array([3])), 0.0),
        ((_LARGE, np.array([8])), 1000.0),
        ((_LARGE - 2000, np.array([8])), 1000.0),
        # Rows of very different size: one maximum for the whole batch fails here.
        ((_LARGE * [[1], [0]], np.array([3, 0])), 2.302585 / 2),
    ],
    hints=[
        "Write the formula as it stands first; the cases with small logits then pass. "
        "`logits[np.arange(len(labels)), labels]` picks one logit from each row.",
        "Adding the same number to all logits of a row changes nothing: it is added to "
        "log Σ exp(z) and to z[label] alike.",
        "Subtract each row's largest logit first: "
        "`logits - np.max(logits, axis=1, keepdims=True)`. Then no exponent is above "
        "0, and the sum is at least 1, so that its logarithm is finite.",
    ],
    why="After the subtraction every term lies between 0 and 1 and one of them is "
    "exactly 1: the sum neither overflows nor becomes 0. `tf.nn.softmax_cross_entropy_"
    "with_logits` does the same, which is why losses take logits, not probabilities.",
    mistakes=_mistakes_02_loss.STABLE_CROSS_ENTROPY,
)


def _small_network(images, labels):
    """Return a function from images to logits, and its variables."""
    rng = np.random.default_rng(0)
    w1 = tf.Variable(rng.normal(0, np.sqrt(2 / 784), (784, 56)).astype(np.float32))
    w2 = tf.Variable(rng.normal(0, np.sqrt(2 / 56), (56, 10)).astype(np.float32))
    b1, b2 = tf.Variable(tf.zeros(56)), tf.Variable(tf.zeros(10))
    variables = [w1, b1, w2, b2]  # 44,530 numbers

    def read(images):  # (n, 28, 28) -> (n, 10)
        x = tf.reshape(tf.cast(images, tf.float32), (-1, 784)) / 255
        return tf.nn.relu(x @ w1 + b1) @ w2 + b2

    @tf.function(reduce_retracing=True)
    def step(images, labels, rate):
        with tf.GradientTape() as tape:
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(
                labels, read(images)
            )
            loss = tf.reduce_mean(losses)
        for v, gradient in zip(variables, tape.gradient(loss, variables), strict=True):
            v.assign_sub(rate * gradient)

    for rate in (0.3, 0.3, 0.3, 0.3, 0.05, 0.05):  # one for each epoch
        order = rng.permutation(len(images))
        for start in range(0, len(order), 64):
            rows = order[start : start + 64]
            step(images[rows], labels[rows], tf.constant(rate))
    return read, variables


small_network = Exercise(
    _small_network,
    cases=[
        (_open.training_set(640), _open.has_form(50_000)),
        (_open.training_set(), _open.reads(0.975, 50_000)),
    ],
    hints=[
        "784 inputs make the first layer the dearest: n units there cost 784 n + n "
        "numbers. How many units can you afford?",
        "Start from the repaired recipe: pixels divided by 255, zero biases, He's "
        "weights, cross-entropy from logits, a rate of 0.3. One hidden layer will do.",
        "With a rate of 0.3 the last epochs go up and down by half a point. Let the "
        "last two epochs run with a rate of 0.05, and take batches of 64.",
    ],
    why="56 hidden units, 44,530 numbers. Over three seeds it read 97.8 % of the "
    "validation images each time, with a smaller rate at the end so that it settles.",
    mistakes=_open.MISTAKES,
    seconds=120,
)
