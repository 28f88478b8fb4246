"""Wrong answers that learners give in lesson 02, and what points at their cause."""

import math

import numpy as np

from course_utils.exercises import Mistake


def _pairs(sizes):
    return list(zip(sizes[:-1], sizes[1:], strict=True))


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
]


def _softmax(z, axis=1):
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / np.sum(e, axis=axis, keepdims=True)


def _readings(outputs):
    return np.argmax(outputs, axis=1)


SHARE_CORRECT = [
    Mistake(
        "label-broadcast",
        lambda outputs, labels: np.mean(_readings(outputs) == labels),
        "Where the labels have the shape (batch, 1), every reading meets every label:"
        " print the shape of the comparison.",
    ),
    Mistake(
        "wrong-axis",
        lambda outputs, labels: np.mean(np.argmax(outputs, axis=0) == np.ravel(labels)),
        "Over axis 0 you learn which image has the largest output in each class. A "
        "reading runs over the classes of one image.",
    ),
    Mistake(
        "wrong-axis",
        lambda outputs, labels: np.mean(np.argmax(outputs) == np.ravel(labels)),
        "Without an axis there is one position for the whole table. Each row needs "
        "its own.",
    ),
    Mistake(
        "wrong-axis",
        lambda outputs, labels: np.mean(
            _readings(_softmax(outputs, axis=0)) == np.ravel(labels)
        ),
        "A softmax over axis 0 lets images compete with each other and changes which "
        "output of a row is the largest.",
    ),
    Mistake(
        "value-for-position",
        lambda outputs, labels: np.mean(np.max(outputs, axis=1) == np.ravel(labels)),
        "The largest output itself is compared with the label. The reading is its "
        "position.",
    ),
    Mistake(
        "count-for-share",
        lambda outputs, labels: np.sum(_readings(outputs) == np.ravel(labels)),
        "This counts the rows that are right. A share is that number divided by the "
        "number of rows.",
    ),
    Mistake(
        "error-for-share",
        lambda outputs, labels: np.mean(_readings(outputs) != np.ravel(labels)),
        "This is the share of mistakes. Asked for are the rows that are right.",
    ),
    Mistake(
        "smallest-output",
        lambda outputs, labels: np.mean(np.argmin(outputs, axis=1) == np.ravel(labels)),
        "The reading is taken from the smallest output.",
    ),
    Mistake(
        "no-reduction",
        lambda outputs, labels: _readings(outputs) == np.ravel(labels),
        "This says of each row whether it is right. One number is still to be made of"
        " it.",
    ),
    Mistake(
        "squeezed-away",
        lambda outputs, labels: np.mean(_readings(outputs) == labels[:, 0]),
        "Labels of shape (batch,) have no second axis to take away, and both shapes "
        "are allowed.",
    ),
    Mistake(
        "fixed-size",
        lambda outputs, labels: np.sum(_readings(outputs) == np.ravel(labels)) / 128,
        "This divides by 128. Divide by the number of rows that came.",
    ),
    Mistake(
        "percent-for-share",
        lambda outputs, labels: 100 * np.mean(_readings(outputs) == np.ravel(labels)),
        "This is a percentage. A share lies between 0 and 1.",
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
]


def _picked(values, labels):
    return values[np.arange(len(labels)), labels]


def _log_sum(z):
    top = np.max(z, axis=1, keepdims=True)
    return np.log(np.sum(np.exp(z - top), axis=1)) + top[:, 0]


def _naive(z, labels):
    return np.mean(np.log(np.sum(np.exp(z), axis=1)) - _picked(z, labels))


def _one_maximum(z, labels):
    return _naive(z - np.max(z), labels)


def _half_shifted(z, labels):
    shifted = z - np.max(z, axis=1, keepdims=True)
    return np.mean(np.log(np.sum(np.exp(shifted), axis=1)) - _picked(z, labels))


STABLE_CROSS_ENTROPY = [
    Mistake(
        "log-of-zero",
        _naive,
        "The formula is right on paper, but for large logits `np.exp` overflows or "
        "every term becomes 0. What may you add to all logits of a row without "
        "changing the loss?",
    ),
    Mistake(
        "log-of-zero",
        lambda z, labels: -np.mean(np.log(_picked(_softmax(z), labels))),
        "A probability that is tiny is rounded to 0, and its logarithm is infinite. "
        "Take the logarithm of the sum, and the logit as it is.",
    ),
    Mistake(
        "log-of-zero",
        lambda z, labels: -np.mean(np.log(_picked(_softmax(z), labels) + 1e-9)),
        "A small number added before the logarithm hides an infinite loss and gives a"
        " wrong one: about 20 where it should be 1000.",
    ),
    Mistake(
        "one-maximum",
        _one_maximum,
        "One maximum is taken away for the whole batch. In a row of much smaller "
        "logits every term then becomes 0.",
    ),
    Mistake(
        "half-shifted",
        _half_shifted,
        "The maximum is taken away in the sum, but not from the logit of the label. "
        "Both terms must move together.",
    ),
    Mistake(
        "sum-for-mean",
        lambda z, labels: np.sum(_log_sum(z) - _picked(z, labels)),
        "The losses are added up over the batch. Asked for is their mean.",
    ),
    Mistake(
        "no-reduction",
        lambda z, labels: _log_sum(z) - _picked(z, labels),
        "There is a loss for each image. Asked for is their mean.",
    ),
    Mistake(
        "wrong-sign",
        lambda z, labels: np.mean(_picked(z, labels) - _log_sum(z)),
        "The sign is turned: a loss is never below 0.",
    ),
    Mistake(
        "forgotten-target",
        lambda z, labels: np.mean(_log_sum(z)),
        "The logit of the label is not taken away: the labels make no difference.",
    ),
    Mistake(
        "wrong-axis",
        lambda z, labels: (
            -np.mean(np.log(_picked(_softmax(z, axis=0), labels) + 1e-300))
        ),
        "The sum runs over the batch, so that images compete with each other. It has "
        "to run over the classes of one image.",
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
        lambda x, w, b: _softmax(_sums(x, w, b)),
        "This is a softmax, which lets units compete. ReLU looks at each sum by "
        "itself.",
    ),
]
