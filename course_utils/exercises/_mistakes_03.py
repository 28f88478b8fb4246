"""Wrong answers that learners give in lesson 03, and what points at their cause."""

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
]


def _rounded_up(places, stride):
    return -(-places // stride)


def _places(size, kernel_size, padding):
    return size if padding == "SAME" else size - kernel_size + 1


OUTPUT_SIZE = [
    Mistake(
        "floor-for-ceiling",
        lambda n, k, s, p: _places(n, k, p) // s,
        "The division drops its rest. The first place is always used, so a rest is "
        "one place more: does this round up?",
    ),
    Mistake(
        "off-by-one",
        lambda n, k, s, p: _rounded_up(n if p == "SAME" else n - k, s),
        "Count the places of a window of 5 in a row of 5: there is one, and n - k "
        "gives none.",
    ),
    Mistake(
        "off-by-one",
        lambda n, k, s, p: n // s if p == "SAME" else (n - k) // s,
        "Two things at once: a window of 5 has one place in a row of 5, and both "
        "divisions round up.",
    ),
    Mistake(
        "off-by-one",
        lambda n, k, s, p: _places(n, k, p) // s + 1,
        "One too many where the division comes out even: 28 places at stride 2 are "
        "14, not 15.",
    ),
    Mistake(
        "same-for-valid",
        lambda n, k, s, p: _rounded_up(n - k + 1 if p == "SAME" else n, s),
        "'SAME' and 'VALID' are exchanged. Which of the two adds zeros, so that the "
        "kernel's size no longer matters?",
    ),
    Mistake(
        "ignored-argument",
        lambda n, k, s, p: _places(n, k, p),
        "The stride has no effect. It makes the window skip places.",
    ),
    Mistake(
        "ignored-argument",
        lambda n, k, s, p: _rounded_up(n - k + 1, s),
        "The padding has no effect: this is the rule for 'VALID' always.",
    ),
    Mistake(
        "ignored-argument",
        lambda n, k, s, p: _rounded_up(n, s),
        "The padding and the kernel have no effect: this is the rule for 'SAME' "
        "always.",
    ),
    Mistake(
        "same-keeps-size",
        lambda n, k, s, p: n if p == "SAME" else _rounded_up(n - k + 1, s),
        "'SAME' keeps the width at stride 1 only. With a larger stride it is divided "
        "as well.",
    ),
    Mistake(
        "fraction",
        lambda n, k, s, p: _places(n, k, p) / s,
        "A feature map has a whole number of places: round up.",
    ),
    Mistake(
        "rounding",
        lambda n, k, s, p: round(_places(n, k, p) / s),
        "Rounded to the nearest. The rule rounds up, however small the rest.",
    ),
    Mistake(
        "padding-size",
        lambda n, k, s, p: (
            (n + 2 * (k // 2) - k) // s + 1 if p == "SAME" else (n - k) // s + 1
        ),
        "For 'SAME' this adds half a kernel of zeros on each side, as PyTorch's "
        "padding does. TensorFlow adds just enough for `size / stride`, rounded up.",
    ),
]


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
]


def _counted(
    side, kernel_size, bias=True, conv2_in=32, maps=64, dense1_bias=True, dense2=True
):
    conv1 = kernel_size**2 * 32 + 32 * bias
    conv2 = kernel_size**2 * conv2_in * 64 + 64 * bias
    dense1 = side**2 * maps * 1024 + 1024 * dense1_bias
    return conv1 + conv2 + dense1 + (1024 * 10 + 10) * dense2


def _side(kernel_size, padding, up=True, pools=2):
    side = 28
    for number in range(2):
        if padding == "VALID":
            side = side - kernel_size + 1
        if number < pools:
            side = -(-side // 2) if up else side // 2
    return side


NETWORK_PARAMETERS = [
    Mistake(
        "floor-for-ceiling",
        lambda k, p: _counted(_side(k, p, up=False), k),
        "For 3 and 'VALID' the last side comes out as 5, not 6. These pools pad with "
        "'SAME' and round an odd side up; and a window of 3 has n - 2 places.",
    ),
    Mistake(
        "same-for-valid",
        lambda k, p: _counted(_side(k, "SAME" if p == "VALID" else "VALID"), k),
        "'SAME' and 'VALID' are exchanged. Which of the two lets the side shrink at a"
        " convolution?",
    ),
    Mistake(
        "ignored-argument",
        lambda k, p: _counted(7, k),
        "The flat size is 7 x 7 x 64 whatever the padding is. Follow the side of the "
        "image for 'VALID'.",
    ),
    Mistake(
        "ignored-argument",
        lambda k, p: _counted(_side(k, p), 5),
        "The kernels are counted as 5x5 always. Their size is an argument.",
    ),
    Mistake(
        "forgotten-bias",
        lambda k, p: _counted(_side(k, p), k, bias=False),
        "The convolutions' biases are missing: one for each output channel.",
    ),
    Mistake(
        "forgotten-bias",
        lambda k, p: _counted(_side(k, p), k, bias=False, dense1_bias=False) - 10,
        "These are the weights alone. Each layer has its biases as well, one for each"
        " output.",
    ),
    Mistake(
        "forgotten-bias",
        lambda k, p: _counted(_side(k, p), k, dense1_bias=False) - 10,
        "The biases of the dense layers are missing: one for each unit.",
    ),
    Mistake(
        "forgotten-channels",
        lambda k, p: _counted(_side(k, p), k, conv2_in=1),
        "A kernel of `conv2` is as deep as its input. How many channels come out of "
        "`conv1`?",
    ),
    Mistake(
        "forgotten-channels",
        lambda k, p: _counted(_side(k, p), k, maps=1),
        "Flattening keeps all 64 channels, not the pixels of one map alone.",
    ),
    Mistake(
        "lost-layer",
        lambda k, p: _counted(_side(k, p), k, dense2=False),
        "The last layer, from 1024 to 10, is missing.",
    ),
    Mistake(
        "forgotten-pool",
        lambda k, p: _counted(_side(k, p, pools=1), k),
        "There are two pools, one after each convolution, and only one is counted.",
    ),
    Mistake(
        "kernel-not-squared",
        lambda k, p: (
            k * 32 + 32 + k * 32 * 64 + 64 + _side(k, p) ** 2 * 64 * 1024 + 1024 + 10250
        ),
        "A kernel has height times width numbers for each input channel.",
    ),
]
