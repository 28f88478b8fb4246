"""Wrong answers that learners give in lesson 02 about layers and gradients."""

import math

import numpy as np

from course_utils.exercises import Mistake


def softmax(z, axis=1):
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / np.sum(e, axis=axis, keepdims=True)


def _pairs(sizes):
    return list(zip(sizes[:-1], sizes[1:], strict=True))


def _count_of_four(sizes):
    a, b, c, d = sizes
    return a * b + b + b * c + c + c * d + d


PARAMETER_COUNT = [
    Mistake(
        "forgotten-bias",
        lambda sizes: sum(m * n for m, n in _pairs(sizes)),
        "These are the weights alone. Each unit has one number more.",
    ),
    Mistake(
        "bias-per-input",
        lambda sizes: sum(m * n + m for m, n in _pairs(sizes)),
        "The biases are counted for the inputs of each layer. Which side of a layer "
        "do they belong to?",
    ),
    Mistake(
        "one-bias-per-layer",
        lambda sizes: sum(m * n + 1 for m, n in _pairs(sizes)),
        "One bias is counted for each layer. Each unit of a layer has its own.",
    ),
    Mistake(
        "bias-for-inputs",
        lambda sizes: sum(m * n for m, n in _pairs(sizes)) + sum(sizes),
        "The inputs of the network have no biases: they compute nothing.",
    ),
    Mistake(
        "lost-layer",
        lambda sizes: sum(m * n + n for m, n in _pairs(sizes)[:-1]),
        "The last layer is missing. How many layers do four sizes make?",
    ),
    Mistake(
        "lost-layer",
        lambda sizes: sum(m * n + n for m, n in _pairs(sizes)[1:]),
        "The first layer is missing: the one that gets the inputs.",
    ),
    Mistake(
        "lost-layer",
        lambda sizes: sizes[0] * sizes[1] + sizes[1],
        "Only the first layer is counted: is there a return inside the loop?",
    ),
    Mistake(
        "product-of-all",
        lambda sizes: math.prod(sizes),
        "All sizes are multiplied together. Only neighbours meet in a weight array.",
    ),
    Mistake(
        "sum-for-product",
        lambda sizes: sum(m + n for m, n in _pairs(sizes)),
        "The sizes of neighbours are added. Every input of a layer has a weight to "
        "every unit.",
    ),
    Mistake(
        "units-for-parameters",
        lambda sizes: sum(sizes),
        "This counts the units. Asked for are the numbers in the weights and biases.",
    ),
    Mistake(
        "fixed-size",
        lambda sizes: 235146,
        "The number of this lesson's network comes back whatever the sizes are.",
    ),
    Mistake(
        "off-by-one",
        lambda sizes: sum(m * sizes[i + 1] for i, m in enumerate(sizes)),
        "The last size has no neighbour after it: `i + 1` runs out of the list. How "
        "many layers are there?",
    ),
    Mistake(
        "fixed-size",
        _count_of_four,
        "This works for four sizes alone. The list can have any length.",
    ),
    Mistake(
        "lost-layer",
        lambda sizes: _pairs(sizes)[-1][0] * sizes[-1] + sizes[-1],
        "Only the last layer is left: each turn of the loop overwrites the one before.",
    ),
    Mistake(
        "forgotten-bias",
        lambda sizes: sum(m * n for m, n in _pairs(sizes)) + sum(sizes[1:-1]),
        "The outputs have biases too.",
    ),
    Mistake(
        "product-of-all",
        lambda sizes: math.prod(sizes) + sum(sizes[1:]),
        "All sizes are multiplied together. Only neighbours meet in a weight array.",
    ),
    Mistake(
        "biases-alone",
        lambda sizes: sum(sizes[1:]),
        "These are the biases. Where are the weights?",
    ),
    Mistake(
        "no-reduction",
        lambda sizes: [m * n + n for m, n in _pairs(sizes)],
        "There is a number for each layer. Asked for is their sum.",
    ),
    Mistake(
        "bias-per-input",
        lambda sizes: sum((m + 1) * (n + 1) for m, n in _pairs(sizes)),
        "Both sides of each layer get one more. The bias is one more input of each "
        "unit, and no unit is added.",
    ),
    Mistake(
        "numbers-for-bytes",
        lambda sizes: 4 * sum(m * n + n for m, n in _pairs(sizes)),
        "These are the bytes. Asked is how many numbers.",
    ),
]


def _changes_d_h(x, w, b, d_h):
    d_h[x @ w + b <= 0] = 0
    return x.T @ d_h


WEIGHT_GRADIENT = [
    Mistake(
        "forgotten-mask",
        lambda x, w, b, d_h: x.T @ d_h,
        "ReLU is left out on the way back: where a sum was negative, nothing may pass.",
    ),
    Mistake(
        "mask-from-gradient",
        lambda x, w, b, d_h: x.T @ (d_h * (d_h > 0)),
        "The mask asks whether the gradient is positive. What decides is whether the "
        "sum `x @ w + b` was.",
    ),
    Mistake(
        "forgotten-bias",
        lambda x, w, b, d_h: x.T @ (d_h * (x @ w > 0)),
        "The mask is taken from `x @ w`. ReLU saw the sum with the bias in it.",
    ),
    Mistake(
        "relu-for-mask",
        lambda x, w, b, d_h: x.T @ (d_h * np.maximum(x @ w + b, 0)),
        "The gradient is multiplied by what ReLU gave. Its derivative is 1 or 0, "
        "however large the sum.",
    ),
    Mistake(
        "transposed",
        lambda x, w, b, d_h: (d_h * (x @ w + b > 0)).T @ x,
        "The result lies on its side. It must have the shape of w, (in, out).",
    ),
    Mistake(
        "input-gradient",
        lambda x, w, b, d_h: (d_h * (x @ w + b > 0)) @ w.T,
        "This is the gradient for the inputs x. For the weights, each sum's gradient "
        "meets what came in from the left.",
    ),
    Mistake(
        "sum-for-mean",
        lambda x, w, b, d_h: x.T @ (d_h * (x @ w + b > 0)) / len(x),
        "The result is divided by the batch. The mean of the loss is already in "
        "`d_h`; here the images are added up.",
    ),
    Mistake(
        "wrong-sign",
        lambda x, w, b, d_h: -x.T @ (d_h * (x @ w + b > 0)),
        "The sign is turned. The gradient is asked for, not the step against it.",
    ),
    Mistake(
        "inverted-mask",
        lambda x, w, b, d_h: x.T @ (d_h * (x @ w + b < 0)),
        "The mask lets through what ReLU stopped, and stops what it let through.",
    ),
    Mistake(
        "no-transpose",
        lambda x, w, b, d_h: x @ (d_h * (x @ w + b > 0)),
        "The inner lengths do not agree: the sum runs over the images, so they must "
        "meet. Which of the two has to be turned?",
    ),
    Mistake(
        "changed-argument",
        _changes_d_h,
        "The numbers are right, but the function overwrites `d_h`. Multiply by the "
        "mask in a new array.",
    ),
    Mistake(
        "at-zero",
        lambda x, w, b, d_h: x.T @ (d_h * (x @ w + b >= 0)),
        "Where a sum is exactly 0, ReLU answers 0, and the lesson lets nothing pass: "
        "`a > 0`.",
    ),
    Mistake(
        "mask-from-inputs",
        lambda x, w, b, d_h: (x * (x > 0)).T @ d_h,
        "The mask asks whether the inputs are positive. What decides is the sum `x @ "
        "w + b`.",
    ),
    Mistake(
        "mask-from-weights",
        lambda x, w, b, d_h: (x.T @ d_h) * (w > 0),
        "The mask asks whether the weights are positive. What decides is the sum `x @ "
        "w + b`, of each image and each unit.",
    ),
    Mistake(
        "forgotten-gradient",
        lambda x, w, b, d_h: x.T @ np.maximum(x @ w + b, 0),
        "`d_h` does not occur: what comes from the loss is lost.",
    ),
    Mistake(
        "forgotten-gradient",
        lambda x, w, b, d_h: x.T @ (x @ w + b > 0),
        "`d_h` does not occur: what comes from the loss is lost.",
    ),
    Mistake(
        "relu-for-mask",
        lambda x, w, b, d_h: np.maximum(x.T @ d_h, 0),
        "ReLU is applied to the gradient. On the way back it does not ask for the "
        "gradient's sign but for that of the sum.",
    ),
    Mistake(
        "bias-gradient",
        lambda x, w, b, d_h: (d_h * (x @ w + b > 0)).sum(axis=0),
        "This is the gradient for the biases. A weight acts with its input as a "
        "factor.",
    ),
    Mistake(
        "one-image",
        lambda x, w, b, d_h: np.outer(x[0], d_h[0] * (x[0] @ w + b > 0)),
        "Only the first image is used. All of the batch are added up.",
    ),
    Mistake(
        "one-image",
        lambda x, w, b, d_h: np.outer(x[-1], d_h[-1] * (x[-1] @ w + b > 0)),
        "Only the last image is left: each turn of the loop overwrites the one before.",
    ),
    Mistake(
        "elementwise-product",
        lambda x, w, b, d_h: x.T * (d_h * (x @ w + b > 0)),
        "`*` multiplies number by number. Over the images products are to be added: "
        "that is a matrix product.",
    ),
    Mistake(
        "step-for-gradient",
        lambda x, w, b, d_h: w - x.T @ (d_h * (x @ w + b > 0)),
        "A step has been taken already. The gradient alone is asked for.",
    ),
    Mistake(
        "answers-for-inputs",
        lambda x, w, b, d_h: np.maximum(x @ w + b, 0).T @ d_h,
        "The layer's own answers meet the gradient here. A weight's factor is what "
        "came in, `x`.",
    ),
]


def _sums(x, w, b):
    return np.asarray(x) @ np.asarray(w) + np.asarray(b)


LAYER = [
    Mistake(
        "no-activation",
        lambda x, w, b: _sums(x, w, b),
        "The sums are right. What does a unit answer where its sum is negative?",
    ),
    Mistake(
        "forgotten-bias",
        lambda x, w, b: np.maximum(np.asarray(x) @ np.asarray(w), 0),
        "Each unit adds one more number to its products: its bias.",
    ),
    Mistake(
        "bias-after-activation",
        lambda x, w, b: np.maximum(np.asarray(x) @ np.asarray(w), 0) + np.asarray(b),
        "The bias comes after ReLU here. It belongs to the sum that ReLU looks at.",
    ),
    Mistake(
        "transposed",
        lambda x, w, b: np.maximum(np.asarray(x) @ np.asarray(w).T + np.asarray(b), 0),
        "The weights are turned. The weights of one unit stand in one column of `w`.",
    ),
    Mistake(
        "wrong-order",
        lambda x, w, b: np.maximum(np.asarray(w) @ np.asarray(x) + np.asarray(b), 0),
        "The two factors are exchanged: each row of `x` meets each column of `w`.",
    ),
    Mistake(
        "elementwise-product",
        lambda x, w, b: np.maximum(np.asarray(x) * np.asarray(w) + np.asarray(b), 0),
        "`*` multiplies number by number. Rows meet columns in the matrix product, "
        "`@`.",
    ),
    Mistake(
        "wrong-sign",
        lambda x, w, b: np.minimum(_sums(x, w, b), 0),
        "The positive sums are set to 0 and the negative ones kept. It is the other "
        "way round.",
    ),
    Mistake(
        "absolute-value",
        lambda x, w, b: np.abs(_sums(x, w, b)),
        "Negative sums have lost their sign here. ReLU answers 0 for them.",
    ),
    Mistake(
        "mask-for-relu",
        lambda x, w, b: (_sums(x, w, b) > 0).astype(float),
        "This says which units answer. What they answer is the sum itself.",
    ),
    Mistake(
        "no-reduction",
        lambda x, w, b: np.maximum(_sums(x, w, b), 0).sum(axis=1),
        "The answers of a row are added up. Each unit gives a number of its own.",
    ),
    Mistake(
        "softmax-for-relu",
        lambda x, w, b: softmax(_sums(x, w, b)),
        "This is a softmax, which lets units compete. ReLU looks at each sum by "
        "itself.",
    ),
    Mistake(
        "truth-of-array",
        lambda x, w, b: max(0, np.asarray(x) @ np.asarray(w) + np.asarray(b)),
        "Python's `max` compares two single values, and a whole array is neither true "
        "nor false. A function of NumPy or TensorFlow takes it number by number.",
    ),
    Mistake(
        "max-for-maximum",
        lambda x, w, b: np.max(_sums(x, w, b), 0),
        "`np.max(a, 0)` looks for the largest along axis 0. `np.maximum(a, 0)` "
        "compares each number with 0.",
    ),
    Mistake(
        "wrong-order",
        lambda x, w, b: _sums(np.maximum(x, 0), w, b),
        "ReLU looks at the inputs here. It belongs behind the sum.",
    ),
    Mistake(
        "sigmoid-for-relu",
        lambda x, w, b: 1 / (1 + np.exp(-_sums(x, w, b))),
        "This is a sigmoid, another activation. ReLU leaves a positive sum as it is.",
    ),
    Mistake(
        "clipped-above",
        lambda x, w, b: np.clip(_sums(x, w, b), 0, 1),
        "Sums above 1 are cut off. ReLU has no upper end.",
    ),
    Mistake(
        "bias-for-row",
        lambda x, w, b: np.maximum(np.asarray(x) @ w + np.asarray(b)[:, None], 0),
        "As a column, the biases meet the rows, which are the images. There is one "
        "for each unit, and so for each column.",
    ),
    Mistake(
        "bias-in-weights",
        lambda x, w, b: np.maximum(np.asarray(x) @ (np.asarray(w) + np.asarray(b)), 0),
        "The bias is added to the weights, and so multiplied by the inputs. It is "
        "added to the sum, once.",
    ),
    Mistake(
        "wrong-sign",
        lambda x, w, b: np.maximum(np.asarray(x) @ np.asarray(w) - np.asarray(b), 0),
        "The bias is taken away. It is added.",
    ),
    Mistake(
        "one-place",
        lambda x, w, b: max(0, _sums(x, w, b)[0, 0]),
        "One number comes back: that of the first unit for the first image.",
    ),
]
