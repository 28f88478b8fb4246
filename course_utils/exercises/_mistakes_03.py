"""Wrong answers that learners give in lesson 03 about convolution."""

import numpy as np

from course_utils.exercises import Mistake


def _slid(image, kernel, stride=1, rows=None, columns=None, jump=None, how=np.sum):
    """Slide with one thing changed."""
    height, width = kernel.shape
    rows = (image.shape[0] - height) // stride + 1 if rows is None else rows
    columns = (image.shape[1] - width) // stride + 1 if columns is None else columns
    jump = stride if jump is None else jump
    result = np.zeros((rows, columns), np.float32)
    for row in range(rows):
        for column in range(columns):
            top, left = row * jump, column * jump
            window = image[top : top + height, left : left + width]
            result[row, column] = how(window * kernel)
    return result


def _one_place_short(image, kernel, stride=1):
    rows, columns = np.subtract(image.shape, kernel.shape) // stride
    return _slid(image, kernel, stride, rows, columns)


def _over_the_edge(image, kernel, stride=1):
    """Begin a window at every pixel, and pad with zeros where it hangs over."""
    padded = np.pad(image, [(0, k - 1) for k in kernel.shape])
    return _slid(padded, kernel, stride)


def _running_sum(image, kernel, stride=1):
    return np.cumsum(_slid(image, kernel, stride)).reshape(
        _slid(image, kernel, stride).shape
    )


def _whole_number_map(image, kernel, stride=1):
    return _slid(image, kernel, stride).astype(int)


def _first_place_only(image, kernel, stride=1):
    return np.sum(image[: kernel.shape[0], : kernel.shape[1]] * kernel)


def _matrix_product(image, kernel, stride=1):
    height, width = kernel.shape
    rows = (image.shape[0] - height) // stride + 1
    columns = (image.shape[1] - width) // stride + 1
    result = np.zeros((rows, columns), np.float32)
    for row in range(rows):
        for column in range(columns):
            top, left = row * stride, column * stride
            result[row, column] = np.sum(
                image[top : top + height, left : left + width] @ kernel
            )
    return result


def _square_kernel(image, kernel, stride=1):
    k = kernel.shape[0]
    rows, columns = ((n - k) // stride + 1 for n in image.shape)
    result = np.zeros((rows, columns))
    for row in range(rows):
        for column in range(columns):
            top, left = row * stride, column * stride
            window = image[top : top + k, left : left + k]
            result[row, column] = np.sum(window * kernel)
    return result


def _turned_kernel(image, kernel, stride=1):
    height, width = kernel.shape
    rows, columns = _slid(image, kernel, stride).shape
    result = np.zeros((rows, columns))
    for row, column in np.ndindex(rows, columns):
        top, left = row * stride, column * stride
        window = image[top : top + height, left : left + width]
        result[row, column] = np.sum(window * kernel.T)
    return result


def _at_pixels(image, kernel, stride, shape):
    result, places = np.zeros(shape), _slid(image, kernel)
    rows, columns = np.minimum(places.shape, shape)
    result[:rows:stride, :columns:stride] = places[:rows:stride, :columns:stride]
    return result


CONV2D_LOOP = [
    Mistake(
        "flipped-kernel",
        lambda image, kernel, stride=1: _slid(image, kernel[::-1, ::-1], stride),
        "The kernel is turned upside down and left to right, as mathematicians do. "
        "Here it is laid on the image as it is.",
    ),
    Mistake(
        "off-by-one",
        _one_place_short,
        "The last row and the last column of places are missing. A window of 2 in a "
        "row of 4 can begin at 0, 1 and 2: how many places are these?",
    ),
    Mistake(
        "ignored-argument",
        lambda image, kernel, stride=1: _slid(image, kernel, 1),
        "The stride has no effect: the window moves by one pixel always.",
    ),
    Mistake(
        "stride-in-count-only",
        lambda image, kernel, stride=1: _slid(image, kernel, stride, jump=1),
        "The result has the right shape, but the window still moves by one pixel. "
        "Where does the window of the second result begin?",
    ),
    Mistake(
        "same-for-valid",
        _over_the_edge,
        "A window begins at every pixel and hangs over the edge at the end. Here it "
        "stays inside the image.",
    ),
    Mistake(
        "mean-for-sum",
        lambda image, kernel, stride=1: _slid(image, kernel, stride, how=np.mean),
        "The products are averaged. Add them up.",
    ),
    Mistake(
        "max-for-sum",
        lambda image, kernel, stride=1: _slid(image, kernel, stride, how=np.max),
        "The largest product is kept. Add all of them up.",
    ),
    Mistake(
        "matrix-product",
        _matrix_product,
        "`@` is the matrix product. Here each weight meets the pixel under it: `*`.",
    ),
    Mistake(
        "forgotten-kernel",
        lambda image, kernel, stride=1: _slid(image, np.ones_like(kernel), stride),
        "The pixels are added up as they are. Multiply them by the kernel first.",
    ),
    Mistake(
        "running-sum",
        _running_sum,
        "The sum goes on from place to place. Each place begins at 0 again.",
    ),
    Mistake(
        "wrong-type",
        _whole_number_map,
        "Fractions are cut off: the result lies in an array of whole numbers.",
    ),
    Mistake(
        "transposed",
        lambda image, kernel, stride=1: _slid(image, kernel, stride).T,
        "Rows and columns of the result are exchanged.",
    ),
    Mistake(
        "one-place",
        _first_place_only,
        "This is the sum at the first place alone. Each place of the window gives one"
        " number.",
    ),
    Mistake(
        "square-only",
        lambda image, kernel, stride=1: _slid(
            image,
            kernel,
            stride,
            columns=(image.shape[0] - kernel.shape[0]) // stride + 1,
        ),
        "The number of columns is taken from the rows: right for square images and "
        "kernels only.",
    ),
    Mistake(
        "relu-too-early",
        lambda image, kernel, stride=1: np.maximum(_slid(image, kernel, stride), 0),
        "Negative sums have become 0. ReLU comes later; the sum alone is asked for.",
    ),
    Mistake(
        "square-only",
        _square_kernel,
        "The kernel's height is used for its width as well. `kernel.shape` has two "
        "numbers.",
    ),
    Mistake(
        "pixel-for-place",
        lambda image, kernel, stride=1: _at_pixels(image, kernel, stride, image.shape),
        "The result is as large as the image, with zeros left over. It has one number "
        "for each place of the window.",
    ),
    Mistake(
        "pixel-for-place",
        lambda image, kernel, stride=1: _at_pixels(
            image, kernel, stride, _slid(image, kernel).shape
        ),
        "With a larger stride there are gaps in the result: each sum stands at the "
        "pixel where its window begins. Count the places instead.",
    ),
    Mistake(
        "one-axis",
        lambda image, kernel, stride=1: _slid(image, kernel)[::stride],
        "The stride moves the window down but not to the right: both axes have it.",
    ),
    Mistake(
        "off-by-one",
        lambda image, kernel, stride=1: _slid(
            image,
            kernel,
            stride,
            *(np.subtract(image.shape, kernel.shape) // stride + 2),
        ),
        "One row and one column of places too many: the last windows hang over the "
        "edge.",
    ),
    Mistake(
        "transposed",
        _turned_kernel,
        "Rows and columns of the kernel are exchanged.",
    ),
    Mistake(
        "sum-for-product",
        lambda image, kernel, stride=1: (
            _slid(image, np.ones_like(kernel), stride) + np.sum(kernel)
        ),
        "Pixels and weights are added. Each weight multiplies the pixel under it.",
    ),
    Mistake(
        "no-reduction",
        lambda image, kernel, stride=1: _slid(image, kernel, stride, how=np.asarray),
        "The products of a window are a small table. Add them up to one number.",
    ),
    Mistake(
        "elementwise-product",
        lambda image, kernel, stride=1: image * kernel,
        "Image and kernel have different sizes: the kernel meets one window at a time.",
    ),
    Mistake(
        "transposed",
        lambda image, kernel, stride=1: _slid(image.T, kernel, stride),
        "The image is turned: its rows have become columns.",
    ),
    Mistake(
        "floor-for-ceiling",
        lambda image, kernel, stride=1: _slid(
            image,
            kernel,
            stride,
            *((np.subtract(image.shape, kernel.shape) + 1) // stride),
        ),
        "With a larger stride a place is lost. Of 3 places a stride of 2 uses the "
        "first and the third: does the division round down?",
    ),
    Mistake(
        "off-by-one",
        lambda image, kernel, stride=1: _at_pixels(
            image, kernel, stride, np.subtract(image.shape, kernel.shape)
        ),
        "The last row and the last column of places are missing. A window of 2 in a "
        "row of 4 can begin at 0, 1 and 2: how many places are these?",
    ),
]
