"""Exercises of lesson 01, TensorFlow basics."""

import math

import numpy as np
import tensorflow as tf

from course_utils.exercises import Exercise, _mistakes_01, _mistakes_01_steps


def _standardise(images):
    pixels = tf.cast(images, tf.float32)  # (batch, 28, 28)
    mean = tf.reduce_mean(pixels, axis=(1, 2), keepdims=True)  # (batch, 1, 1)
    deviation = tf.math.reduce_std(pixels, axis=(1, 2), keepdims=True)
    return (pixels - mean) / deviation  # (batch, 28, 28)


def _standardised_by_numpy(images):
    """Return the expected value, image by image and in float64."""
    images = images.astype(np.float64)
    return np.stack([(image - image.mean()) / image.std() for image in images])


# As many images as rows: where a forgotten keepdims broadcasts without an error.
_noise = np.random.default_rng(0).integers(0, 256, (28, 28, 28), dtype=np.uint8)

standardise = Exercise(
    _standardise,
    cases=[
        (
            (tf.constant([[[0, 2], [0, 2]], [[10, 10], [20, 20]]], tf.uint8),),
            np.array([[[-1.0, 1], [-1, 1]], [[-1, -1], [1, 1]]]),
        ),
        (
            (tf.constant([[[0, 2], [4, 6]]], tf.uint8),),
            np.array([[[-3, -1], [1, 3]]]) / math.sqrt(5),
        ),
        ((tf.constant(_noise[:3]),), _standardised_by_numpy(_noise[:3])),
        ((tf.constant(_noise),), _standardised_by_numpy(_noise)),
    ],
    hints=[
        "Three things in turn: leave uint8, take mean and standard deviation of each "
        "image, then subtract and divide. Which axes of `(batch, height, width)` "
        "belong to one image?",
        "A reduction removes the axes that you name. Name 1 and 2, so that axis 0, one "
        "entry per image, remains: `tf.reduce_mean(pixels, axis=(1, 2))`. Its shape is "
        "`(batch,)`; what does broadcasting make of `(batch, 28, 28) - (batch,)`?",
        "`keepdims=True` leaves the reduced axes as 1: `(batch, 1, 1)` is then "
        "stretched over each image. `tf.math.reduce_std` takes the same arguments.",
    ],
    why="Axes 1 and 2 run over the pixels of one image, so the mean over both is one "
    "number per image. Without `keepdims=True` the `(batch,)` numbers would be lined "
    "up with the columns: an error for most batches, and wrong numbers in silence when "
    "the batch happens to be as large as an image is wide. Without the cast all "
    "arithmetic would stay in uint8 and wrap round.",
    tolerance=1e-3,
    mistakes=_mistakes_01.STANDARDISE,
)


def _one_hot(labels, classes):
    column = tf.cast(labels, tf.int32)[:, tf.newaxis]  # (batch,) -> (batch, 1)
    hits = column == tf.range(classes)  # (batch, 1) == (classes,) -> (batch, classes)
    return tf.cast(hits, tf.float32)


one_hot = Exercise(
    _one_hot,
    cases=[
        ((tf.constant([2, 0], tf.uint8), 3), [[0, 0, 1], [1, 0, 0]]),
        ((tf.constant([1, 1, 0], tf.uint8), 2), [[0, 1], [0, 1], [1, 0]]),
        (
            (tf.constant([3, 1, 2, 0], tf.uint8), 4),
            [[0, 0, 0, 1], [0, 1, 0, 0], [0, 0, 1, 0], [1, 0, 0, 0]],
        ),
        ((tf.constant([5, 0, 4, 1, 9], tf.uint8), 10), np.eye(10)[[5, 0, 4, 1, 9]]),
        # No label is the largest class.
        ((tf.constant([1, 0], tf.uint8), 4), [[0, 1, 0, 0], [1, 0, 0, 0]]),
    ],
    hints=[
        "Write the table for the labels `[2, 0]` and three classes on paper. An entry "
        "is 1 where the class number of its column equals the label of its row: one "
        "comparison of all labels with all class numbers.",
        "`tf.range(classes)` gives the class numbers as a row, int32. Which shape must "
        "the labels have for `(?, ?) == (classes,)` to become `(batch, classes)`? And "
        "both sides need one dtype.",
        "`tf.cast(labels, tf.int32)[:, tf.newaxis]` is a column `(batch, 1)`. Compare, "
        "then cast the True and False to float32.",
    ],
    why="A column `(batch, 1)` against a row `(classes,)` broadcasts to `(batch, "
    "classes)`: every label meets every class number, and exactly one comparison in "
    "each row is True. `tf.range` counts in int32 and the labels are uint8; TensorFlow "
    "compares tensors of one dtype only.",
    mistakes=_mistakes_01.ONE_HOT,
    without=[(tf, "one_hot")],
)


def _gradient_step(w, x, y, learning_rate):
    errors = w * x - y  # (points,)
    gradient = tf.reduce_mean(2.0 * errors * x)  # (points,) -> ()
    return w - learning_rate * gradient


def _step_by_differences(w, x, y, learning_rate):
    """Return the expected value from a finite difference of the loss, in float64."""
    high, low = (np.mean(((w + h) * x - y) ** 2) for h in (1e-5, -1e-5))
    return w - learning_rate * (high - low) / 2e-5


_x, _y = np.random.default_rng(1).normal(size=(2, 20)).astype(np.float32)

gradient_step = Exercise(
    _gradient_step,
    cases=[
        ((1.0, tf.constant([1.0, 2.0]), tf.constant([3.0, 6.0]), 0.1), 2.0),
        ((3.0, tf.constant([1.0, 2.0]), tf.constant([3.0, 6.0]), 0.1), 3.0),
        ((0.0, tf.constant([2.0]), tf.constant([1.0]), 0.5), 2.0),
        (
            (0.5, tf.constant(_x), tf.constant(_y), 0.3),
            _step_by_differences(0.5, _x.astype(float), _y.astype(float), 0.3),
        ),
    ],
    hints=[
        "Begin with one point: its loss is `(w * x - y) ** 2`. Derive it with respect "
        "to `w` by the chain rule: twice the inner part, times the derivative of the "
        "inner part.",
        "For one point the derivative is `2 * (w * x - y) * x`. The loss is the mean "
        "over the points, and the derivative of a mean is the mean of the derivatives.",
        "The step goes against the gradient: return `w - learning_rate * gradient`, "
        "where `gradient` is `tf.reduce_mean(2 * (w * x - y) * x)`.",
    ],
    why="The chain rule gives `2 * (w * x - y)` for the square and `x` for what is "
    "inside it; the mean over the points stays a mean. The minus sign makes the step "
    "go downhill. In the first case the errors are -2 and -4, the gradient is "
    "(2 * -2 * 1 + 2 * -4 * 2) / 2 = -10, and w moves from 1 to 2.",
    mistakes=_mistakes_01_steps.GRADIENT_STEP,
    without=[(tf, "GradientTape")],
)


def _count_steps(images, batch_size, epochs, repeat_first):
    if repeat_first:  # one long row of images, cut into batches
        return int(np.ceil(images * epochs / batch_size))
    return epochs * int(np.ceil(images / batch_size))  # each epoch is cut by itself


count_steps = Exercise(
    _count_steps,
    cases=[
        ((8, 4, 1, False), 2),
        ((10, 4, 1, False), 3),
        ((10, 4, 2, False), 6),
        ((10, 4, 2, True), 5),
        ((9, 4, 2, False), 6),
        ((9, 4, 2, True), 5),
        ((3, 8, 3, False), 3),
        ((3, 8, 3, True), 2),
        ((1_100, 128, 10, False), 90),
        ((1_100, 128, 10, True), 86),
    ],
    hints=[
        "Take 10 images and batches of 4, and write the batches of one epoch down. How "
        "large is the last one, and does it count as a step?",
        "One epoch takes `np.ceil(images / batch_size)` steps, which rounds up: the "
        "rest is a smaller batch. With `batch` before `repeat` every epoch ends in "
        "such a rest.",
        "With `repeat` before `batch` the epochs form one row of `images * epochs` "
        "images, and a batch may hold the end of one epoch and the start of the next: "
        "only the very last batch can be smaller.",
    ],
    why="`batch` cuts whatever it is given. After `repeat` it is given one long row "
    "and rounds up once; before `repeat` it rounds up in every epoch. For 55,000 "
    "images, batches of 128 and ten epochs these are 4,297 and 4,300 steps.",
    mistakes=_mistakes_01_steps.COUNT_STEPS,
)


def _batches_in_an_epoch():
    """Return the number of batches, the smaller one at the end included."""
    full, rest = divmod(55_000, 128)  # 429 batches of 128, and 88 images
    return full + (rest > 0)


batches_in_an_epoch = Exercise(
    _batches_in_an_epoch,
    cases=[((), 430)],
    hints=[
        "How often does 128 go into 55,000? What is left?",
        "400 batches hold 51,200 images. 3,800 are left; 29 more batches hold 3,712.",
        "88 images are left at the end. They are a batch too, a smaller one.",
    ],
    why="429 full batches hold 54,912 images, and the 430th holds the other 88. "
    "`drop_remainder=True` would leave them out.",
    mistakes=_mistakes_01_steps.BATCHES_IN_AN_EPOCH,
)
