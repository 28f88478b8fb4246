"""Wrong answers that learners give in lesson 01, and what points at their cause."""

import math

import tensorflow as tf

from course_utils.exercises import Mistake


def _parts(images, axis=(1, 2), keepdims=True):
    pixels = tf.cast(images, tf.float32)
    return (
        pixels,
        tf.reduce_mean(pixels, axis=axis, keepdims=keepdims),
        tf.math.reduce_std(pixels, axis=axis, keepdims=keepdims),
    )


def _divided(pixels, mean, deviation):
    return (pixels - mean) / deviation


def _cast_too_late(images):
    mean = tf.reduce_mean(images, axis=(1, 2), keepdims=True)  # uint8
    pixels, _, deviation = _parts(images)
    return tf.cast(images - mean, tf.float32) / deviation


def _between_0_and_1(images):
    pixels, _, _ = _parts(images)
    low = tf.reduce_min(pixels, axis=(1, 2), keepdims=True)
    high = tf.reduce_max(pixels, axis=(1, 2), keepdims=True)
    return (pixels - low) / (high - low)


STANDARDISE = [
    Mistake(
        "batch-for-image",
        lambda images: _divided(*_parts(images, None)),
        "One mean and one deviation are taken over the whole batch. Each image is to "
        "have its own.",
    ),
    Mistake(
        "wrong-axis",
        lambda images: _divided(*_parts(images, 0)),
        "Axis 0 counts the images: this takes the mean of each pixel over the batch. "
        "Which axes run over the pixels of one image?",
    ),
    Mistake(
        "wrong-axis",
        lambda images: _divided(*_parts(images, 1)),
        "Only axis 1 is reduced, so every column of an image gets a mean of its own. "
        "An image has two axes.",
    ),
    Mistake(
        "wrong-axis",
        lambda images: _divided(*_parts(images, 2)),
        "Only axis 2 is reduced, so every row of an image gets a mean of its own. An "
        "image has two axes.",
    ),
    Mistake(
        "forgotten-keepdims",
        lambda images: _divided(*_parts(images, keepdims=False)),
        "The means have the shape (batch,), and broadcasting lines them up with the "
        "last axis, the columns. Which shape would line them up with the images?",
    ),
    Mistake(
        "integer-arithmetic",
        lambda images: (
            (images - tf.reduce_mean(images, (1, 2), True))
            / tf.math.reduce_std(images, (1, 2), True)
        ),
        "The arithmetic stays in uint8, which has no fractions and nothing below 0, "
        "and a deviation of whole numbers is refused. What must come first?",
    ),
    Mistake(
        "variance-for-deviation",
        lambda images: (_parts(images)[0] - _parts(images)[1]) / _parts(images)[2] ** 2,
        "This divides by the variance, the square of the standard deviation.",
    ),
    Mistake(
        "forgotten-division",
        lambda images: _parts(images)[0] - _parts(images)[1],
        "The mean is 0 now; the standard deviation is still that of the pixels.",
    ),
    Mistake(
        "forgotten-mean",
        lambda images: _parts(images)[0] / _parts(images)[2],
        "The standard deviation is 1 now; the mean is not 0 yet.",
    ),
    Mistake(
        "wrong-sign",
        lambda images: -_divided(*_parts(images)),
        "Ink has become negative: the pixels were subtracted from the mean, not the "
        "mean from the pixels.",
    ),
    Mistake(
        "integer-arithmetic",
        _cast_too_late,
        "The cast comes after the subtraction. By then the mean has lost its fraction"
        " and the differences have wrapped round.",
    ),
    Mistake(
        "min-max",
        _between_0_and_1,
        "This stretches each image from 0 to 1, by its smallest and largest pixel. "
        "Asked for are mean 0 and standard deviation 1.",
    ),
    Mistake(
        "scaled-only",
        lambda images: _parts(images)[0] / 255,
        "Dividing by 255 brings the pixels to 0 to 1. Each image's own mean and "
        "deviation have not been used.",
    ),
]


def _column(labels):
    return tf.cast(labels, tf.int32)[:, tf.newaxis]


def _floats(hits):
    return tf.cast(hits, tf.float32)


ONE_HOT = [
    Mistake(
        "transposed",
        lambda labels, classes: _floats(
            tf.range(classes)[:, tf.newaxis] == tf.cast(labels, tf.int32)
        ),
        "The table lies on its side: a row for each class. Which of the two, labels "
        "or class numbers, must be the column?",
    ),
    Mistake(
        "off-by-one",
        lambda labels, classes: _floats(_column(labels) == tf.range(1, classes + 1)),
        "The 1 stands one column too far to the left: labels and columns both count "
        "from 0.",
    ),
    Mistake(
        "inverted-mask",
        lambda labels, classes: _floats(_column(labels) != tf.range(classes)),
        "Ones and zeros are exchanged: the 1 belongs where label and class number are"
        " equal.",
    ),
    Mistake(
        "fixed-size",
        lambda labels, classes: _floats(_column(labels) == tf.range(10)),
        "The table has ten columns whatever is asked for. How many are wanted stands "
        "in `classes`.",
    ),
    Mistake(
        "classes-from-labels",
        lambda labels, classes: _floats(
            _column(labels) == tf.range(int(max(labels)) + 1)
        ),
        "The number of columns comes from the largest label that occurs. A batch need"
        " not hold the largest class; `classes` says how many there are.",
    ),
    Mistake(
        "mixed-dtypes",
        lambda labels, classes: _floats(labels[:, tf.newaxis] == tf.range(classes)),
        "uint8 labels meet int32 class numbers, and TensorFlow compares tensors of "
        "one dtype only. Cast one side.",
    ),
    Mistake(
        "forgotten-newaxis",
        lambda labels, classes: _floats(tf.cast(labels, tf.int32) == tf.range(classes)),
        "Labels `(batch,)` and class numbers `(classes,)` are both rows, so they are "
        "compared place by place. Each label shall meet every class number.",
    ),
    Mistake(
        "value-for-one",
        lambda labels, classes: tf.where(
            _column(labels) == tf.range(classes), _column(labels), 0
        ),
        "The label itself stands in the table. Only a 1 belongs there; the column "
        "says which label it is.",
    ),
    Mistake(
        "one-row",
        lambda labels, classes: tf.reduce_sum(
            _floats(_column(labels) == tf.range(classes)), axis=0
        ),
        "All labels share one row: this counts how often each class occurs. Each "
        "label needs a row of its own.",
    ),
]


def _step(gradient_of):
    """Return a step along some gradient."""

    def step(w, x, y, learning_rate):
        return w - learning_rate * gradient_of(w * x - y, w, x)

    return step


_mean = tf.reduce_mean


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
]
