"""Wrong answers that learners give in lesson 03 about pooling."""

import numpy as np
import tensorflow as tf

from course_utils.exercises import Mistake


def _blocks(image):
    height, width = image.shape
    return image.reshape(height // 2, 2, width // 2, 2)


def _from_zeros(image):
    return np.maximum(_blocks(image).max(axis=(1, 3)), 0)


def _whole_numbers(image):
    return _blocks(image).max(axis=(1, 3)).astype(int)


def _overlapping(image):
    pairs = np.maximum(image[:-1], image[1:])
    return np.maximum(pairs[:, :-1], pairs[:, 1:])


def _square_only(image):
    n = len(image) // 2
    return image.reshape(n, 2, n, 2).max(axis=(1, 3))


def _overwrites(image):
    image[::2, ::2] = _blocks(image).max(axis=(1, 3))
    return image[::2, ::2]


def _as_many_columns_as_rows(image):
    n = len(image) // 2
    result = np.zeros((n, n))
    for row, column in np.ndindex(n, n):
        block = image[2 * row : 2 * row + 2, 2 * column : 2 * column + 2]
        result[row, column] = block.max()
    return result


def _windows(image, size):
    """Return the maximum of windows that begin where the blocks do."""
    result = np.zeros((len(image) // 2, image.shape[1] // 2))
    for row, column in np.ndindex(result.shape):
        top, left = 2 * row, 2 * column
        result[row, column] = image[top : top + size, left : left + size].max()
    return result


def _at_their_pixels(image):
    result = np.zeros(image.shape)
    result[::2, ::2] = _blocks(image).max(axis=(1, 3))
    return result


MAX_POOL = [
    Mistake(
        "start-from-zero",
        _from_zeros,
        "A block of negative numbers gives 0 here. Does the search for the largest "
        "begin at 0?",
    ),
    Mistake(
        "wrong-type",
        _whole_numbers,
        "Fractions are cut off: the result lies in an array of whole numbers. Let it "
        "have the dtype of the image.",
    ),
    Mistake(
        "mean-for-max",
        lambda image: _blocks(image).mean(axis=(1, 3)),
        "This is the mean of each block, average pooling. Asked for is the largest.",
    ),
    Mistake(
        "smallest-output",
        lambda image: _blocks(image).min(axis=(1, 3)),
        "This is the smallest of each block.",
    ),
    Mistake(
        "skipped-pixels",
        lambda image: image[::2, ::2],
        "Every second pixel is taken and the others never looked at. The largest of a"
        " block can be any of its four.",
    ),
    Mistake(
        "skipped-pixels",
        lambda image: image[1::2, 1::2],
        "Only the last pixel of each block is taken. The largest can be any of the "
        "four.",
    ),
    Mistake(
        "overlapping-windows",
        _overlapping,
        "The windows overlap: they move by one pixel. With a stride of 2 each pixel "
        "belongs to one block.",
    ),
    Mistake(
        "wrong-axis",
        lambda image: image.reshape(len(image) // 2, 2, image.shape[1] // 2, 2).max(
            axis=(0, 2)
        ),
        "The maximum runs over the blocks, not over the pixels in a block. Which two "
        "axes count inside a block?",
    ),
    Mistake(
        "wrong-axis",
        lambda image: image.reshape(len(image) // 2, 2, -1).max(axis=1),
        "Only the rows are pooled: each result looks at two pixels, one above the "
        "other.",
    ),
    Mistake(
        "wrong-axis",
        lambda image: image.reshape(len(image), -1, 2).max(axis=2),
        "Only the columns are pooled: each result looks at two pixels side by side.",
    ),
    Mistake(
        "wrong-blocks",
        lambda image: image.reshape(-1, 4).max(axis=1).reshape(len(image) // 2, -1),
        "`reshape(-1, 4)` cuts four neighbours out of one row. A block takes two from"
        " each of two rows.",
    ),
    Mistake(
        "square-only",
        _square_only,
        "This works for square images only: the columns are cut by the number of rows.",
    ),
    Mistake(
        "transposed",
        lambda image: _blocks(image).max(axis=(1, 3)).T,
        "Rows and columns of the result are exchanged.",
    ),
    Mistake(
        "changed-argument",
        _overwrites,
        "The numbers are right, but the function writes them into the image that it "
        "was given. Put them into a new array.",
    ),
    Mistake(
        "square-only",
        _as_many_columns_as_rows,
        "There are as many columns as rows in the result, however wide the image is.",
    ),
    Mistake(
        "stride-in-count-only",
        lambda image: _overlapping(image)[: len(image) // 2, : image.shape[1] // 2],
        "The result has the right shape, but its blocks overlap. Where does the block "
        "of the second result begin?",
    ),
    Mistake(
        "wide-window",
        lambda image: _windows(image, 3),
        "The blocks are 3 wide: a slice ends before its second number.",
    ),
    Mistake(
        "pixel-for-place",
        _at_their_pixels,
        "The result is as large as the image, with zeros left over. It has one number "
        "for each block.",
    ),
    Mistake(
        "truth-of-array",
        lambda image: max(image[:2, :2]),
        "Python's `max` compares the rows of a block, and a row is neither larger nor "
        "smaller than another. NumPy's maximum takes the numbers.",
    ),
    Mistake(
        "off-by-one",
        lambda image: np.array(_blocks(image).max(axis=(1, 3))[:-1, :-1].tolist()),
        "The last row and column of blocks are missing: `range` ends before its "
        "second number.",
    ),
    Mistake(
        "sum-for-max",
        lambda image: _blocks(image).sum(axis=(1, 3)),
        "The block is added up. Its largest number is asked for.",
    ),
    Mistake(
        "absolute-value",
        lambda image: np.abs(_blocks(image)).max(axis=(1, 3)),
        "The signs are lost: -4 is smaller than -1.",
    ),
    Mistake(
        "position-for-value",
        lambda image: np.apply_along_axis(
            np.argmax, 2, _blocks(image).swapaxes(1, 2).reshape(len(image) // 2, -1, 4)
        ),
        "`argmax` says where the largest stands. Asked for is the number itself.",
    ),
    Mistake(
        "wrong-axis",
        lambda image: _blocks(image).max(axis=(2, 3)),
        "The maximum runs over a whole row of blocks. Which two axes count inside a "
        "block?",
    ),
    Mistake(
        "wrong-axis",
        lambda image: _blocks(image).max(axis=(0, 1)),
        "The maximum runs over all rows. Which two axes count inside a block?",
    ),
    Mistake(
        "wrong-axis",
        lambda image: _blocks(image).max(axis=1),
        "Only the rows of a block are compared. A block has two axes of its own.",
    ),
    Mistake(
        "skipped-pixels",
        lambda image: np.maximum(image[::2, ::2], image[1::2, 1::2]),
        "Only the two pixels of a diagonal are compared. A block has four.",
    ),
    Mistake(
        "all-for-one",
        lambda image: image.max(),
        "This is the largest number of the whole image. Each block has its own.",
    ),
    Mistake(
        "missing-channel-axis",
        lambda image: tf.nn.max_pool2d(image, 2, 2, "VALID"),
        "TensorFlow pools a batch of images with channels, four axes. This image has "
        "two.",
    ),
    Mistake(
        "start-from-zero",
        lambda image: np.maximum(_blocks(image).max(axis=(1, 3)), -1),
        "The search for the largest begins at -1, and a block may lie below that. "
        "Begin with one of its own numbers.",
    ),
]
