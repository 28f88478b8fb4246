"""Wrong answers that learners give in lesson 07 about the last gradient."""

import numpy as np

from course_utils.exercises import Mistake


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


def _takes_from_columns(h, logits, y):
    p = _softmax(logits)
    p[:, y] -= 1
    return h.T @ p / len(y)


def _takes_from_rows(h, logits, y):
    p = _softmax(logits)
    p[y] -= 1
    return h.T @ p / len(y)


def _shifted(z):
    return np.exp(z - z.max(axis=1, keepdims=True))


def _without_keepdims(z):
    e = np.exp(z - z.max(axis=1))
    return e / e.sum(axis=1)


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
    Mistake(
        "wrong-picking",
        _takes_from_columns,
        "`p[:, y]` takes whole columns, those of all labels. Each row has one place: "
        "two indices.",
    ),
    Mistake(
        "wrong-picking",
        _takes_from_rows,
        "`p[y]` takes rows. Each row has one place: two indices.",
    ),
    Mistake(
        "label-alone",
        lambda h, z, y: h.T @ (_d(z, y) * _one_hot(z, y)),
        "Only the logit of the label gets a gradient. The others are pushed down by "
        "their softmax.",
    ),
    Mistake(
        "forgotten-keepdims",
        lambda h, z, y: h.T @ (_without_keepdims(z) - _one_hot(z, y)) / len(y),
        "Maxima and sums have the shape (batch,), and broadcasting lines them up with "
        "the classes. Which shape would line them up with the rows?",
    ),
    Mistake(
        "wrong-axis",
        lambda h, z, y: (
            h.T @ (_shifted(z) / _shifted(z).sum() - _one_hot(z, y)) / len(y)
        ),
        "The softmax is divided by the sum over the whole batch. Each row is to add "
        "up to 1.",
    ),
    Mistake(
        "log-of-zero",
        lambda h, z, y: _naive(h, np.clip(z, -500, 500), y),
        "Clipped logits do not overflow, and have another softmax. What may you take "
        "away from every logit of a row without changing it?",
    ),
    Mistake(
        "forgotten-division",
        lambda h, z, y: h.T @ (_shifted(z) - _one_hot(z, y)) / len(y),
        "The exponentials are not divided by their sum: these are no probabilities "
        "yet.",
    ),
    Mistake(
        "half-shifted",
        lambda h, z, y: (
            h.T
            @ (_shifted(z) / np.exp(z).sum(axis=1, keepdims=True) - _one_hot(z, y))
            / len(y)
        ),
        "The maximum is taken away above the line and not below. Both must move "
        "together.",
    ),
    Mistake(
        "label-for-one-hot",
        lambda h, z, y: h.T @ (_softmax(z) - y[:, None]) / len(y),
        "The number of the class is taken away from all classes. The one-hot label "
        "has a single 1.",
    ),
    Mistake(
        "reading-for-label",
        lambda h, z, y: h.T @ (_softmax(z) - _one_hot(z, z.argmax(1))) / len(y),
        "The largest logit is taken for the right class. The labels say which it is.",
    ),
    Mistake(
        "order-of-labels",
        lambda h, z, y: h.T @ (_softmax(z) - np.eye(*z.shape)) / len(y),
        "The ones run down a diagonal, as if image 0 were class 0. The labels say "
        "where they stand.",
    ),
    Mistake(
        "classes-from-batch",
        lambda h, z, y: h.T @ (_softmax(z) - np.eye(len(y))[y]) / len(y),
        "The one-hot table has as many columns as there are images. It needs one for "
        "each class.",
    ),
    Mistake(
        "mean-of-factors",
        lambda h, z, y: np.outer(h.mean(axis=0), _d(z, y).sum(axis=0)),
        "The mean of a product is not the product of the means: multiply for each "
        "image first, then average.",
    ),
    Mistake(
        "mask-for-value",
        lambda h, z, y: (h > 0).T @ _d(z, y),
        "The mask of ReLU stands in place of `h`. A weight's gradient has its input "
        "as a factor.",
    ),
    Mistake(
        "fixed-size",
        lambda h, z, y: h.T @ (_softmax(z) - np.eye(10)[y]) / len(y),
        "The one-hot table has ten columns. The function gets other numbers of "
        "classes too: ask the logits.",
    ),
    Mistake(
        "summed-loss",
        lambda h, z, y: _naive(h, z, y) * len(y),
        "This is the gradient of the summed loss. The loss is a mean over the batch. "
        "(And logits of 1,000 overflow.)",
    ),
    Mistake(
        "summed-loss",
        lambda h, z, y: _naive(h, z - z.max(), y) * len(y),
        "This is the gradient of the summed loss. The loss is a mean over the batch. "
        "(And one maximum for the whole batch is not enough.)",
    ),
    Mistake(
        "assigned-for-subtracted",
        lambda h, z, y: h.T @ np.where(_one_hot(z, y) == 1, -1, _softmax(z)) / len(y),
        "The place of the label is set to -1. From the probability that stands there, "
        "1 is taken away.",
    ),
]
