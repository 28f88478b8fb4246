"""Wrong answers that learners give in lesson 05 about fields and gradients."""

import functools

import numpy as np

from course_utils.exercises import Mistake


def _walked(windows, step):
    """Follow the windows backwards with another rule."""
    width = 1
    for size, stride in reversed(windows):
        width = step(width, size, stride)
    return width


def _forgets_the_last_stride(windows):
    width, jump = 1, 1
    for size, stride in windows:
        jump *= stride
        width += (size - 1) * jump
    return width


def _backwards(width, size, stride):
    return (width - 1) * stride + size


def _adds_whole_sizes(windows):
    width, jump = 1, 1
    for size, stride in windows:
        width += size * jump
        jump *= stride
    return width


def _last_stride_only(windows):
    width, jump = 1, 1
    for size, stride in windows:
        width += (size - 1) * jump
        jump = stride
    return width


FIELD_WIDTH = [
    Mistake(
        "ignored-argument",
        lambda windows: _walked(windows, lambda w, size, stride: w + size - 1),
        "The strides have no effect. Behind a stride of 2 neighbouring windows begin "
        "two places apart.",
    ),
    Mistake(
        "off-by-one",
        lambda windows: _walked(windows, lambda w, size, stride: w * stride + size - 1),
        "One too many: a single unit, of width 1, sees exactly `size` places. How "
        "many steps lie between the first and the last of `width` windows?",
    ),
    Mistake(
        "off-by-one",
        lambda windows: _walked(windows, lambda w, size, stride: w * stride + size),
        "A single unit sees exactly `size` places; here it sees more. How many steps "
        "lie between the first and the last of `width` windows?",
    ),
    Mistake(
        "gaps-forgotten",
        lambda windows: _walked(windows, lambda w, size, stride: w * size),
        "The windows of neighbouring units overlap where the stride is smaller than "
        "the window, so sizes are not multiplied.",
    ),
    Mistake(
        "order-of-layers",
        lambda windows: _walked(
            windows[::-1], lambda w, size, stride: (w - 1) * stride + size
        ),
        "The layers are walked from the image upwards. The rule leads from a unit "
        "down to the image: begin with the last layer.",
    ),
    Mistake(
        "sum-for-product",
        lambda windows: sum(size for size, _ in windows),
        "The sizes are added up. Neighbouring windows share places.",
    ),
    Mistake(
        "lost-layer",
        lambda windows: windows[-1][0] if windows else 1,
        "Only the last layer is looked at. Its window lies on a feature map, not on "
        "the image.",
    ),
    Mistake(
        "own-stride",
        _forgets_the_last_stride,
        "A layer's stride acts on the layers above it, not on its own window.",
    ),
    Mistake(
        "padding-size",
        lambda windows: _walked(
            windows, lambda w, size, stride: (w - size) // stride + 1
        ),
        "This is the rule for the size of a feature map. The field is asked the other"
        " way round: from one unit to the pixels.",
    ),
    Mistake(
        "empty-list",
        lambda windows: (
            windows[0][1] * 0
            + _walked(windows, lambda w, size, stride: (w - 1) * stride + size)
        ),
        "Without any layer a unit is a pixel, and its field is 1.",
    ),
    Mistake(
        "off-by-one",
        _adds_whole_sizes,
        "Each layer adds its whole size. One place of a window was counted already: "
        "how many are new?",
    ),
    Mistake(
        "own-stride",
        lambda windows: 1 + sum((size - 1) * stride for size, stride in windows),
        "A layer's stride acts on the layers above it, not on its own window. And "
        "strides below one another multiply.",
    ),
    Mistake(
        "one-stride",
        _last_stride_only,
        "Only the stride of the layer just below is used. The places of a layer are "
        "as far apart as all strides below it say, multiplied.",
    ),
    Mistake(
        "start-from-zero",
        lambda windows: _walked(windows, _backwards) - 1,
        "One too few: without any layer a unit is a pixel, and its field is 1.",
    ),
    Mistake(
        "off-by-one",
        lambda windows: _walked(windows, _backwards) + 1,
        "One too many: without any layer a unit is a pixel, and its field is 1.",
    ),
    Mistake(
        "exchanged-pair",
        lambda windows: _walked([(b, a) for a, b in windows], _backwards),
        "Size and stride are exchanged: the size comes first.",
    ),
    Mistake(
        "lost-layer",
        lambda windows: _walked(windows[:-1], _backwards),
        "The last layer is missing: one window more.",
    ),
    Mistake(
        "lost-layer",
        lambda windows: _walked(windows[1:], _backwards),
        "The first layer is missing, the one that looks at the image.",
    ),
    Mistake(
        "area-for-side",
        lambda windows: _walked(windows, _backwards) ** 2,
        "This is the number of pixels of a square field. Asked for is its width.",
    ),
    Mistake(
        "return-in-loop",
        lambda windows: windows[0][0] if windows else None,
        "The first layer alone is followed: is there a return inside the loop? And "
        "what comes back where there is no layer?",
    ),
    Mistake(
        "empty-list",
        lambda windows: windows[-1][0],
        "Only the last layer is looked at, and an empty list has none. Without any "
        "layer a unit is a pixel.",
    ),
    Mistake(
        "off-by-one",
        lambda windows: _walked(
            windows[::-1], lambda w, size, stride: w * stride + size
        ),
        "A single unit sees exactly `size` places; here it sees more. How many steps "
        "lie between the first and the last of `width` windows? And which layer comes "
        "first on the way down?",
    ),
]


WHOLE_GRADIENT = [
    Mistake(
        "mean-of-means",
        lambda g, c: g.mean(axis=0),
        "The mean over the pieces counts a small piece as much as a large one. How "
        "many images does each row stand for?",
    ),
    Mistake(
        "sum-for-mean",
        lambda g, c: g.sum(axis=0),
        "The rows are added up. The gradient of a mean is a mean, with a weight for "
        "each piece.",
    ),
    Mistake(
        "forgotten-division",
        lambda g, c: c @ g,
        "This is the gradient of the summed loss. Divide by the number of all images.",
    ),
    Mistake(
        "wrong-divisor",
        lambda g, c: c @ g / len(c),
        "The sum is divided by the number of pieces. What is averaged are images.",
    ),
    Mistake(
        "wrong-axis",
        lambda g, c: g @ np.ones(g.shape[1]) * c / c.sum(),
        "The sum runs over the numbers of a gradient. It has to run over the pieces: "
        "one number for each column is left.",
    ),
    Mistake(
        "no-reduction",
        lambda g, c: g * c[:, None] / c.sum(),
        "Each piece has its weight; they are still to be added up.",
    ),
    Mistake(
        "inverted-weights",
        lambda g, c: (1 / np.maximum(c, 1)) @ g / (1 / np.maximum(c, 1)).sum(),
        "The smaller the piece, the more it counts here. It is the other way round.",
    ),
    Mistake(
        "fixed-size",
        lambda g, c: c @ g / 128,
        "This divides by 128. Divide by the number of images that the counts add up "
        "to.",
    ),
    Mistake(
        "fixed-size",
        lambda g, c: c @ g / 55_000,
        "This divides by 55,000. Divide by the number of images that the counts add "
        "up to.",
    ),
    Mistake(
        "wrong-sign",
        lambda g, c: -(c @ g) / c.sum(),
        "The sign is turned. The gradient is asked for, not the step against it.",
    ),
    Mistake(
        "lost-piece",
        lambda g, c: g[-1] * c[-1] / c.sum(),
        "Only the last piece is left: each turn of the loop overwrites the one before.",
    ),
    Mistake(
        "return-in-loop",
        lambda g, c: g[0] * c[0] / c.sum(),
        "Only the first piece is used: is there a return inside the loop?",
    ),
    Mistake(
        "mean-of-means",
        lambda g, c: functools.reduce(lambda mean, row: (mean + row) / 2, g),
        "A mean of two means gives the later pieces more weight, and the counts have "
        "no say.",
    ),
    Mistake(
        "mean-of-means",
        lambda g, c: np.median(g, axis=0),
        "The median asks for the piece in the middle. How many images does each row "
        "stand for?",
    ),
    Mistake(
        "wrong-divisor",
        lambda g, c: c @ g / c[-1],
        "The sum is divided by the last count. What is averaged are all images.",
    ),
    Mistake(
        "wrong-divisor",
        lambda g, c: c @ g / c.max(),
        "The sum is divided by the largest count. What is averaged are all images.",
    ),
    Mistake(
        "wrong-divisor",
        lambda g, c: g.sum(axis=0) / c.sum(),
        "The rows are added up without their counts, and then divided by all images. "
        "Each row is a mean already.",
    ),
    Mistake(
        "wrong-divisor",
        lambda g, c: c @ g / (128 * len(c)),
        "This takes each piece for 128 images. How many there are stands in `counts`.",
    ),
    Mistake(
        "inverted-weights",
        lambda g, c: (g / c[:, None]).sum(axis=0),
        "Each gradient is divided by its count. It is a mean already: undo that "
        "division.",
    ),
    Mistake(
        "inverted-weights",
        lambda g, c: (g / c[:, None]).mean(axis=0),
        "Each gradient is divided by its count. It is a mean already: undo that "
        "division.",
    ),
    Mistake(
        "wrong-axis",
        lambda g, c: np.average(g, weights=c),
        "`np.average` needs to be told along which axis the weights lie.",
    ),
    Mistake(
        "wrong-axis",
        lambda g, c: g.mean(axis=1),
        "The mean runs over the numbers of a gradient, and the counts have no say. It "
        "has to run over the pieces.",
    ),
    Mistake(
        "forgotten-newaxis",
        lambda g, c: c * g / c.sum(),
        "The counts (pieces,) are lined up with the last axis, the numbers of a "
        "gradient. Which shape would line them up with the rows?",
    ),
    Mistake(
        "forgotten-newaxis",
        lambda g, c: (c * g).sum(axis=0) / c.sum(),
        "The counts (pieces,) are lined up with the last axis, the numbers of a "
        "gradient. Which shape would line them up with the rows?",
    ),
    Mistake(
        "one-number",
        lambda g, c: (c[:, None] * g).mean(),
        "The mean runs over everything, and one number is left. The gradient has n of "
        "them.",
    ),
    Mistake(
        "cut-fraction",
        lambda g, c: c @ g // c.sum(),
        "`//` drops the fraction of each number.",
    ),
    Mistake(
        "lost-piece",
        lambda g, c: g[:-1].mean(axis=0),
        "The last piece is left out. Its images count as much as the others.",
    ),
    Mistake(
        "inverted-division",
        lambda g, c: c.sum() * g.sum(axis=0),
        "This multiplies by the number of all images. A mean divides by it.",
    ),
]
