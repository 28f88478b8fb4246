"""Wrong answers that learners give in lesson 01 about tensors of images and labels."""

import numpy as np
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
    Mistake(
        "mixed-dtypes",
        lambda images: _divided(images, *_parts(images)[1:]),
        "One line still works with `images`, which is uint8, beside a mean of floats: "
        "TensorFlow does not mix them. What is the cast for?",
    ),
    Mistake(
        "integer-arithmetic",
        lambda images: _divided(
            _parts(images)[0],
            tf.cast(tf.reduce_mean(images, (1, 2), True), tf.float32),
            _parts(images)[2],
        ),
        "The mean is taken of uint8 pixels, so that its fraction is gone before the "
        "cast.",
    ),
    Mistake(
        "silent-conversion",
        lambda images: (images - np.mean(images)) / np.std(images),
        "NumPy's mean becomes a uint8 when it meets the uint8 tensor: the fraction is "
        "lost without a word, and what falls below 0 wraps round.",
    ),
    Mistake(
        "precedence",
        lambda images: _parts(images)[0] - _parts(images)[1] / _parts(images)[2],
        "Division comes before subtraction: only the mean is divided here.",
    ),
    Mistake(
        "batch-for-image",
        lambda images: _divided(*_parts(images)[:2], _parts(images, None)[2]),
        "The mean is that of each image, the deviation that of the whole batch.",
    ),
    Mistake(
        "wrong-axis",
        lambda images: _divided(
            _parts(images)[0], _parts(images, 0)[1], _parts(images)[2]
        ),
        "The mean is taken over axis 0, the batch: from each pixel goes the mean of "
        "that pixel over all images. Each image would show a ghost of the others.",
    ),
    Mistake(
        "wrong-axis",
        lambda images: _divided(*_parts(images, (0, 1))),
        "Axis 0 counts the images, so that all images share the means of their "
        "columns.",
    ),
]


def _column(labels):
    return tf.cast(labels, tf.int32)[:, tf.newaxis]


def _floats(hits):
    return tf.cast(hits, tf.float32)


def _assigns_to_a_tensor(labels, classes):
    table = tf.zeros((len(labels), classes))
    for row, label in enumerate(labels):
        table[row, label] = 1
    return table


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
    Mistake(
        "library-function",
        lambda labels, classes: tf.one_hot(labels, classes),
        "`tf.one_hot` makes this table. Here you find out how: compare labels with "
        "class numbers.",
    ),
    Mistake(
        "off-by-one",
        lambda labels, classes: _floats(_column(labels) == tf.range(classes + 1)),
        "One column too many: the classes are 0 to `classes` - 1.",
    ),
    Mistake(
        "off-by-one",
        lambda labels, classes: _floats(_column(labels) == tf.range(classes - 1)),
        "One column too few: `tf.range(n)` ends before n.",
    ),
    Mistake(
        "positions-for-numbers",
        lambda labels, classes: tf.where(_column(labels) == tf.range(classes)),
        "`tf.where` with a condition alone lists the places where it holds. Asked for "
        "is the table itself.",
    ),
    Mistake(
        "greater-for-equal",
        lambda labels, classes: _floats(_column(labels) >= tf.range(classes)),
        "Every row is filled with ones up to the label. Only its own column gets a 1.",
    ),
    Mistake(
        "one-class",
        lambda labels, classes: _floats(tf.cast(labels, tf.int32) == classes),
        "The labels are compared with one number, how many classes there are. Each "
        "label shall meet every class number.",
    ),
    Mistake(
        "ignored-argument",
        lambda labels, classes: tf.eye(len(labels), classes),
        "The ones run down a diagonal whatever the labels are: only their number is "
        "used.",
    ),
    Mistake(
        "one-row",
        lambda labels, classes: (
            tf.ones((len(labels), 1))
            * tf.reduce_max(_floats(_column(labels) == tf.range(classes)), axis=0)
        ),
        "Whole columns are filled: every row gets the ones of all labels. An "
        "assignment needs a row as well as a column.",
    ),
    Mistake(
        "forgotten-newaxis",
        lambda labels, classes: tf.cast(labels, tf.int32) == tf.range(classes),
        "Labels `(batch,)` and class numbers `(classes,)` are both rows, so they are "
        "compared place by place, or not at all where their lengths differ. Each "
        "label shall meet every class number.",
    ),
    Mistake(
        "tensor-assignment",
        _assigns_to_a_tensor,
        "A tensor cannot be changed number by number. The comparison makes the whole "
        "table at once.",
    ),
]
