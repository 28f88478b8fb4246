"""Wrong answers that learners give in lesson 01 about steps and batches."""

import math

import tensorflow as tf

from course_utils.exercises import Mistake


def _step(gradient_of):
    """Return a step along some gradient."""

    def step(w, x, y, learning_rate):
        return w - learning_rate * gradient_of(w * x - y, w, x)

    return step


_mean = tf.reduce_mean


def _step_by_tape(w, x, y, learning_rate):
    w = tf.constant(w)
    with tf.GradientTape() as tape:
        tape.watch(w)
        loss = _mean((w * x - y) ** 2)
    return w - learning_rate * tape.gradient(loss, w)


def _step_for_each_point(w, x, y, learning_rate):
    for one_x, one_y in zip(x, y, strict=True):
        w = w - learning_rate * 2 * (w * one_x - one_y) * one_x
    return w


GRADIENT_STEP = [
    Mistake(
        "factor-two",
        _step(lambda e, w, x: _mean(e * x)),
        "The derivative of a square brings a factor that is missing here. What is the"
        " derivative of u squared?",
    ),
    Mistake(
        "wrong-sign",
        _step(lambda e, w, x: -_mean(2 * e * x)),
        "The step goes uphill: the loss grows. The gradient points to where the loss "
        "increases.",
    ),
    Mistake(
        "sum-for-mean",
        _step(lambda e, w, x: tf.reduce_sum(2 * e * x)),
        "The gradient is added up over the points. The loss is a mean, so its "
        "derivative is one too.",
    ),
    Mistake(
        "forgotten-chain-rule",
        _step(lambda e, w, x: _mean(2 * e)),
        "This is the derivative of the square alone. What is squared depends on w as "
        "well: how fast does `w * x - y` grow with w?",
    ),
    Mistake(
        "forgotten-rate",
        lambda w, x, y, learning_rate: w - _mean(2 * (w * x - y) * x),
        "The learning rate has no effect: the step is the whole gradient.",
    ),
    Mistake(
        "gradient-for-step",
        lambda w, x, y, learning_rate: _mean(2 * (w * x - y) * x),
        "This is the gradient. Asked for is w after the step.",
    ),
    Mistake(
        "loss-for-gradient",
        _step(lambda e, w, x: _mean(e**2)),
        "The loss is subtracted in place of its derivative.",
    ),
    Mistake(
        "mean-of-factors",
        _step(lambda e, w, x: 2 * _mean(e) * _mean(x)),
        "The mean of a product is not the product of the means: multiply point by "
        "point first, then average.",
    ),
    Mistake(
        "forgotten-target",
        _step(lambda e, w, x: _mean(2 * w * x * x)),
        "y does not occur. The error of a point is the prediction minus the true "
        "value.",
    ),
    Mistake(
        "one-point",
        _step(lambda e, w, x: 2 * e[0] * x[0]),
        "Only the first point is used. The loss is the mean over all points.",
    ),
    Mistake(
        "no-reduction",
        _step(lambda e, w, x: 2 * e * x),
        "There is a derivative for each point, and so a w for each. The loss is one "
        "number, and w is one number.",
    ),
    Mistake(
        "library-function",
        _step_by_tape,
        "The tape finds the derivative. Here you do: work it out on paper first.",
    ),
    Mistake(
        "point-by-point",
        _step_for_each_point,
        "w moves after each point, and the next point sees the new w. One step uses "
        "the mean over all points.",
    ),
    Mistake(
        "tensor-method",
        lambda w, x, y, learning_rate: w.assign_sub(0.0),
        "w is a number, and only a `tf.Variable` has `assign_sub`. Return the new "
        "number.",
    ),
    Mistake(
        "wrong-variable",
        _step(lambda e, w, x: _mean(2 * e * w)),
        "This is the derivative with respect to x. What is left of `w * x` when you "
        "derive with respect to w?",
    ),
    Mistake(
        "absolute-value",
        _step(lambda e, w, x: _mean(2 * x * abs(e))),
        "The errors have lost their sign, so w can move in one direction only.",
    ),
    Mistake(
        "precedence",
        lambda w, x, y, learning_rate: w - learning_rate * _mean(2 * x * w - y),
        "Without brackets around the error, `2 * x` multiplies `w` alone. And which "
        "factor does the chain rule bring?",
    ),
    Mistake(
        "gradient-for-step",
        lambda w, x, y, learning_rate: learning_rate * _mean(2 * (w * x - y) * x),
        "This is how far w moves. Asked for is where it arrives.",
    ),
]


def _up(images, batch_size):
    return math.ceil(images / batch_size)


COUNT_STEPS = [
    Mistake(
        "floor-for-ceiling",
        lambda n, b, e, first: n * e // b if first else e * (n // b),
        "The last, smaller batch of an epoch is a step too, and here it is lost.",
    ),
    Mistake(
        "rounding",
        lambda n, b, e, first: round(n * e / b) if first else e * round(n / b),
        "Rounded to the nearest: with 9 images in batches of 4, the last image gets "
        "no batch.",
    ),
    Mistake(
        "off-by-one",
        lambda n, b, e, first: n * e // b + 1 if first else e * (n // b + 1),
        "One too many where the batches come out even: 8 images in batches of 4 are "
        "two steps.",
    ),
    Mistake(
        "exchanged-branches",
        lambda n, b, e, first: e * _up(n, b) if first else _up(n * e, b),
        "The two orders are exchanged. Where the epochs are put into one row first, "
        "only the very last batch can be smaller.",
    ),
    Mistake(
        "ignored-argument",
        lambda n, b, e, first: e * _up(n, b),
        "`repeat_first` makes no difference here. If the epochs form one row before "
        "it is cut, a batch can hold the end of one and the start of the next.",
    ),
    Mistake(
        "ignored-argument",
        lambda n, b, e, first: _up(n * e, b),
        "`repeat_first` makes no difference here. If each epoch is cut by itself, "
        "each can end in a smaller batch.",
    ),
    Mistake(
        "forgotten-epochs",
        lambda n, b, e, first: _up(n, b),
        "This is one epoch. How often is it repeated?",
    ),
    Mistake(
        "fraction",
        lambda n, b, e, first: n * e / b if first else e * (n / b),
        "A step is whole: the rest of a division is a batch as well, only a smaller "
        "one.",
    ),
    Mistake(
        "floor-for-ceiling",
        lambda n, b, e, first: n * e // b if first else e * _up(n, b),
        "With `repeat` first the very last batch can be smaller, and here it is lost.",
    ),
    Mistake(
        "floor-for-ceiling",
        lambda n, b, e, first: _up(n * e, b) if first else e * (n // b),
        "With `batch` first every epoch can end in a smaller batch, and here it is "
        "lost.",
    ),
    Mistake(
        "forgotten-epochs",
        lambda n, b, e, first: _up(n * e, b) if first else _up(n, b),
        "With `batch` first this is one epoch. How often is it repeated?",
    ),
    Mistake(
        "one-rest",
        lambda n, b, e, first: (
            n * e // b + (n * e % b > 0) if first else e * (n // b) + 1
        ),
        "With `batch` first one smaller batch is added in all. Can each epoch end in "
        "one?",
    ),
    Mistake(
        "off-by-one",
        lambda n, b, e, first: e * (n // b) + 1,
        "One step is added for all rests together, whether there are any or not.",
    ),
    Mistake(
        "images-for-steps",
        lambda n, b, e, first: n * e,
        "These are the images. A step takes a whole batch of them.",
    ),
    Mistake(
        "rest-for-count",
        lambda n, b, e, first: e * (n // b) + n % b,
        "The images that are left are added. Together they are one batch.",
    ),
    Mistake(
        "fraction",
        lambda n, b, e, first: n * e / b if first else e * _up(n, b),
        "With `repeat` first a part of a step is left: the rest of a division is a "
        "batch as well.",
    ),
]

BATCHES_IN_AN_EPOCH = [
    Mistake(
        "floor-for-ceiling",
        lambda: 429,
        "So many are full. What becomes of the images that are left?",
    ),
    Mistake("fraction", lambda: 55_000 / 128, "There is no part of a batch."),
    Mistake(
        "off-by-one", lambda: 431, "One too many: what is left fits into one batch."
    ),
    Mistake("rest-for-count", lambda: 88, "These are the images of the last batch."),
    Mistake(
        "all-images",
        lambda: 469,
        "These are the batches of 60,000 images. 5,000 of them are kept to choose by.",
    ),
    Mistake("images-for-steps", lambda: 128, "So many images are in a batch."),
    Mistake("images-for-steps", lambda: 55_000, "So many images there are."),
    Mistake(
        "inverted-division",
        lambda: 55_000 * 128,
        "Multiplied: that is more batches than images.",
    ),
    Mistake(
        "all-images",
        lambda: 468.75,
        "These are 60,000 images, of which 5,000 are kept to choose by, and there is "
        "no part of a batch.",
    ),
]
