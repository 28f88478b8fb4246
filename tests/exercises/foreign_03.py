"""Answers written from the task's text alone, without a look at the check."""

import math

import numpy as np
import tensorflow as tf
from networks import untrained
from numpy.lib.stride_tricks import sliding_window_view


# conv2d_loop
def _conv_lists(image, kernel, stride=1):
    rows = []
    for top in range(0, len(image) - len(kernel) + 1, stride):
        row = []
        for left in range(0, len(image[0]) - len(kernel[0]) + 1, stride):
            total = 0.0
            for i in range(len(kernel)):
                for j in range(len(kernel[0])):
                    total += image[top + i][left + j] * kernel[i][j]
            row.append(total)
        rows.append(row)
    return rows


def _conv_windows(image, kernel, stride=1):
    windows = sliding_window_view(image, kernel.shape)[::stride, ::stride]
    return np.einsum("rcij,ij->rc", windows, kernel)


def _conv_shifts(image, kernel, stride=1):
    rows = image.shape[0] - kernel.shape[0] + 1
    columns = image.shape[1] - kernel.shape[1] + 1
    out = np.zeros((rows, columns))
    for i in range(kernel.shape[0]):
        for j in range(kernel.shape[1]):
            out += kernel[i, j] * image[i : i + rows, j : j + columns]
    return out[::stride, ::stride]


def _conv_tf(image, kernel, stride=1):
    image = tf.cast(image, tf.float64)[None, :, :, None]
    kernel = tf.cast(kernel, tf.float64)[:, :, None, None]
    return tf.nn.conv2d(image, kernel, stride, "VALID")[0, ..., 0]


def _conv_wrong(
    image,
    kernel,
    stride=1,
    one=1,
    step=True,
    combine=lambda window, kernel: np.sum(window * kernel),
    dtype=float,
):
    """Slide with one planted slip: the core of several wrong answers."""
    k, m = kernel.shape
    rows = (image.shape[0] - k) // stride + one
    columns = (image.shape[1] - m) // stride + one
    out = np.zeros((rows, columns), dtype=dtype)
    for r in range(rows):
        for c in range(columns):
            top, left = (r * stride, c * stride) if step else (r, c)
            out[r, c] = combine(image[top : top + k, left : left + m], kernel)
    return out


def _slip(**options):
    def conv2d_loop(image, kernel, stride=1):
        return _conv_wrong(image, kernel, stride, **options)

    return conv2d_loop


def _conv_no_stride(image, kernel, stride=1):
    return _conv_wrong(image, kernel, 1)


def _conv_square_kernel(image, kernel, stride=1):
    k = kernel.shape[0]
    rows = (image.shape[0] - k) // stride + 1
    columns = (image.shape[1] - k) // stride + 1
    out = np.zeros((rows, columns))
    for r in range(rows):
        for c in range(columns):
            window = image[r * stride : r * stride + k, c * stride : c * stride + k]
            out[r, c] = np.sum(window * kernel)
    return out


def _conv_square_image(image, kernel, stride=1):
    size = (image.shape[0] - kernel.shape[0]) // stride + 1
    k, m = kernel.shape
    out = np.zeros((size, size))
    for r in range(size):
        for c in range(size):
            window = image[r * stride : r * stride + k, c * stride : c * stride + m]
            out[r, c] = np.sum(window * kernel)
    return out


def _conv_same_shape(image, kernel, stride=1):
    k, m = kernel.shape
    out = np.zeros(image.shape)
    for r in range(0, image.shape[0] - k + 1, stride):
        for c in range(0, image.shape[1] - m + 1, stride):
            out[r, c] = np.sum(image[r : r + k, c : c + m] * kernel)
    return out


def _conv_holes(image, kernel, stride=1):
    k, m = kernel.shape
    out = np.zeros((image.shape[0] - k + 1, image.shape[1] - m + 1))
    for r in range(0, out.shape[0], stride):
        for c in range(0, out.shape[1], stride):
            out[r, c] = np.sum(image[r : r + k, c : c + m] * kernel)
    return out


def _conv_flat_list(image, kernel, stride=1):
    k, m = kernel.shape
    sums = []
    for r in range(0, image.shape[0] - k + 1, stride):
        for c in range(0, image.shape[1] - m + 1, stride):
            sums.append(np.sum(image[r : r + k, c : c + m] * kernel))
    return np.array(sums)


def _conv_no_reset(image, kernel, stride=1):
    total = 0
    return _conv_wrong(image, kernel, stride, combine=lambda w, k: _add(total, w, k))


def _add(total, window, kernel):
    _RUNNING.append(total + np.sum(window * kernel))
    return sum(_RUNNING)


_RUNNING = []


def _conv_running(image, kernel, stride=1):
    _RUNNING.clear()
    return _conv_no_reset(image, kernel, stride)


def _conv_early(image, kernel, stride=1):
    k, m = kernel.shape
    for r in range(0, image.shape[0] - k + 1, stride):
        row = []
        for c in range(0, image.shape[1] - m + 1, stride):
            row.append(np.sum(image[r : r + k, c : c + m] * kernel))
        return np.array([row])


def _conv_prints(image, kernel, stride=1):
    print(_conv_wrong(image, kernel, stride))


def _conv_rows_only(image, kernel, stride=1):
    windows = sliding_window_view(image, kernel.shape)[::stride]
    return (windows * kernel).sum((2, 3))


def _conv_pads(image, kernel, stride=1):
    k, m = kernel.shape
    padded = np.pad(image, ((0, k - 1), (0, m - 1)))
    return _conv_wrong(padded, kernel, stride)


# output_size
def _size_branches(size, kernel_size, stride, padding):
    if padding == "VALID":
        return math.ceil((size - kernel_size + 1) / stride)
    elif padding == "SAME":
        return math.ceil(size / stride)


def _size_ranges(size, kernel_size, stride, padding):
    last = size - kernel_size + 1 if padding == "VALID" else size
    return len(range(0, last, stride))


def _size_tf(size, kernel_size, stride, padding):
    image = tf.zeros((1, 1, size, 1))
    kernel = tf.zeros((1, kernel_size, 1, 1))
    return tf.nn.conv2d(image, kernel, stride, padding).shape[2]


def _size_while(size, kernel_size, stride, padding):
    reach = kernel_size if padding == "VALID" else 1
    place, count = 0, 0
    while place + reach <= size:
        place += stride
        count += 1
    return count


def _size_floor(size, kernel_size, stride, padding):
    if padding == "VALID":
        return (size - kernel_size + 1) // stride
    return size // stride


def _size_half_floor(size, kernel_size, stride, padding):
    if padding == "VALID":
        return (size - kernel_size + 1) // stride
    return math.ceil(size / stride)


def _size_other_half_floor(size, kernel_size, stride, padding):
    if padding == "VALID":
        return math.ceil((size - kernel_size + 1) / stride)
    return size // stride


def _size_float(size, kernel_size, stride, padding):
    if padding == "VALID":
        return (size - kernel_size + 1) / stride
    return size / stride


def _size_exchanged(size, kernel_size, stride, padding):
    if padding == "SAME":
        return math.ceil((size - kernel_size + 1) / stride)
    return math.ceil(size / stride)


def _size_no_one(size, kernel_size, stride, padding):
    if padding == "VALID":
        return math.ceil((size - kernel_size) / stride)
    return math.ceil(size / stride)


def _size_no_stride(size, kernel_size, stride, padding):
    return size - kernel_size + 1 if padding == "VALID" else size


def _size_round(size, kernel_size, stride, padding):
    if padding == "VALID":
        return round((size - kernel_size + 1) / stride)
    return round(size / stride)


def _size_stride_first(size, kernel_size, stride, padding):
    if padding == "VALID":
        return math.ceil(size / stride) - kernel_size + 1
    return math.ceil(size / stride)


def _size_squared(size, kernel_size, stride, padding):
    return _size_branches(size, kernel_size, stride, padding) ** 2


def _size_textbook(size, kernel_size, stride, padding):
    pad = kernel_size // 2 if padding == "SAME" else 0
    return (size - kernel_size + 2 * pad) // stride + 1


def _size_prints(size, kernel_size, stride, padding):
    print(_size_branches(size, kernel_size, stride, padding))


def _size_one_branch(size, kernel_size, stride, padding):
    if padding == "VALID":
        return math.ceil((size - kernel_size + 1) / stride)


def _size_precedence(size, kernel_size, stride, padding):
    if padding == "VALID":
        return math.ceil(size - kernel_size + 1 / stride)
    return math.ceil(size / stride)


def _size_always_one_more(size, kernel_size, stride, padding):
    if padding == "VALID":
        return (size - kernel_size + 1) // stride + 1
    return size // stride + 1


# max_pool
def _pool_loops(image):
    rows = []
    for r in range(0, len(image), 2):
        row = []
        for c in range(0, len(image[0]), 2):
            row.append(max(*image[r][c : c + 2], *image[r + 1][c : c + 2]))
        rows.append(row)
    return rows


def _pool_maximum(image):
    columns = np.maximum(image[:, ::2], image[:, 1::2])
    return np.maximum(columns[::2], columns[1::2])


def _pool_reshape(image):
    height, width = image.shape
    return image.reshape(height // 2, 2, width // 2, 2).max(axis=(1, 3))


def _pool_tf(image):
    image = tf.cast(image, tf.float64)[None, :, :, None]
    return tf.nn.max_pool2d(image, 2, 2, "VALID")[0, :, :, 0]


def _pool_windows(image):
    return sliding_window_view(image, (2, 2))[::2, ::2].max(axis=(-1, -2))


def _pool_with(reduce, start=None, dtype=float):
    def max_pool(image):
        out = np.zeros((image.shape[0] // 2, image.shape[1] // 2), dtype)
        for r in range(out.shape[0]):
            for c in range(out.shape[1]):
                out[r, c] = reduce(image[2 * r : 2 * r + 2, 2 * c : 2 * c + 2])
        return out

    return max_pool


def _pool_from_zero(image):
    out = np.zeros((image.shape[0] // 2, image.shape[1] // 2))
    for r in range(image.shape[0]):
        for c in range(image.shape[1]):
            if image[r, c] > out[r // 2, c // 2]:
                out[r // 2, c // 2] = image[r, c]
    return out


def _pool_from_minus_one(image):
    out = np.full((image.shape[0] // 2, image.shape[1] // 2), -1.0)
    for r in range(image.shape[0]):
        for c in range(image.shape[1]):
            out[r // 2, c // 2] = max(out[r // 2, c // 2], image[r, c])
    return out


def _pool_stride_one(image):
    return sliding_window_view(image, (2, 2)).max(axis=(2, 3))


def _pool_square(image):
    n = image.shape[0] // 2
    out = np.zeros((n, n))
    for r in range(n):
        for c in range(n):
            out[r, c] = image[2 * r : 2 * r + 2, 2 * c : 2 * c + 2].max()
    return out


def _pool_no_factor(image):
    out = np.zeros((image.shape[0] // 2, image.shape[1] // 2))
    for r in range(out.shape[0]):
        for c in range(out.shape[1]):
            out[r, c] = image[r : r + 2, c : c + 2].max()
    return out


def _pool_short_window(image):
    out = np.zeros((image.shape[0] // 2, image.shape[1] // 2))
    for r in range(out.shape[0]):
        for c in range(out.shape[1]):
            out[r, c] = image[2 * r : 2 * r + 1, 2 * c : 2 * c + 1].max()
    return out


def _pool_wide_window(image):
    out = np.zeros((image.shape[0] // 2, image.shape[1] // 2))
    for r in range(out.shape[0]):
        for c in range(out.shape[1]):
            out[r, c] = image[2 * r : 2 * r + 3, 2 * c : 2 * c + 3].max()
    return out


def _pool_axes(axis):
    def max_pool(image):
        height, width = image.shape
        return image.reshape(height // 2, 2, width // 2, 2).max(axis=axis)

    return max_pool


def _pool_reshape_blocks(image):
    height, width = image.shape
    blocks = image.reshape(-1, 4)
    return blocks.max(axis=1).reshape(height // 2, width // 2)


def _pool_reshape_2x2(image):
    height, width = image.shape
    return image.reshape(height // 2, width // 2, 2, 2).max(axis=(2, 3))


def _pool_keeps_size(image):
    out = np.zeros(image.shape)
    for r in range(0, image.shape[0], 2):
        for c in range(0, image.shape[1], 2):
            out[r, c] = image[r : r + 2, c : c + 2].max()
    return out


def _pool_in_place(image):
    for r in range(0, image.shape[0], 2):
        for c in range(0, image.shape[1], 2):
            image[r // 2, c // 2] = image[r : r + 2, c : c + 2].max()
    return image[: image.shape[0] // 2, : image.shape[1] // 2]


def _pool_like_image(image):
    out = np.zeros_like(image, shape=(image.shape[0] // 2, image.shape[1] // 2))
    out = out.astype(np.uint8)
    for r in range(out.shape[0]):
        for c in range(out.shape[1]):
            out[r, c] = int(image[2 * r : 2 * r + 2, 2 * c : 2 * c + 2].max())
    return out


def _pool_python_max(image):
    rows = []
    for r in range(0, image.shape[0], 2):
        rows.append(
            [max(image[r : r + 2, c : c + 2]) for c in range(0, image.shape[1], 2)]
        )
    return np.array(rows)


def _pool_flat(image):
    found = []
    for r in range(0, image.shape[0], 2):
        for c in range(0, image.shape[1], 2):
            found.append(image[r : r + 2, c : c + 2].max())
    return np.array(found)


def _pool_stops_early(image):
    rows = []
    for r in range(0, image.shape[0] - 2, 2):
        row = []
        for c in range(0, image.shape[1] - 2, 2):
            row.append(image[r : r + 2, c : c + 2].max())
        rows.append(row)
    return np.array(rows)


def _pool_prints(image):
    print(_pool_maximum(image))


# network_parameters
def _params_sizes(kernel_size, padding):
    side = 28
    for _ in range(2):
        if padding == "VALID":
            side -= kernel_size - 1
        side = -(-side // 2)
    layers = [
        (kernel_size**2, 32),
        (kernel_size**2 * 32, 64),
        (side * side * 64, 1024),
        (1024, 10),
    ]
    return sum((inputs + 1) * outputs for inputs, outputs in layers)


def _params_keras(kernel_size, padding):
    layers = tf.keras.layers
    model = tf.keras.Sequential(
        [
            tf.keras.Input((28, 28, 1)),
            layers.Conv2D(32, kernel_size, padding=padding.lower()),
            layers.MaxPool2D(2, padding="same"),
            layers.Conv2D(64, kernel_size, padding=padding.lower()),
            layers.MaxPool2D(2, padding="same"),
            layers.Flatten(),
            layers.Dense(1024),
            layers.Dense(10),
        ]
    )
    return model.count_params()


def _params_arrays(kernel_size, padding):
    image = np.zeros((28, 28))
    lost = 0 if padding == "SAME" else kernel_size - 1
    image = image[lost:, lost:][::2, ::2]
    image = image[lost:, lost:][::2, ::2]
    k = kernel_size
    shapes = [(k, k, 1, 32), (k, k, 32, 64), (image.size * 64, 1024), (1024, 10)]
    return sum(math.prod(shape) + shape[-1] for shape in shapes)


def _params_after(k, side, biases=32 + 64 + 1024 + 10):
    return k * k * 32 + k * k * 32 * 64 + side**2 * 64 * 1024 + 10240 + biases


def _net_side(k, padding, half=lambda n: -(-n // 2)):
    lost = k - 1 if padding == "VALID" else 0
    return half(half(28 - lost) - lost)


def _params_prints(kernel_size, padding):
    print(_params_sizes(kernel_size, padding))


def _params_floor(kernel_size, padding):
    side = _net_side(kernel_size, padding, half=lambda n: n // 2)
    return _params_after(kernel_size, side)


def _params_float(kernel_size, padding):
    side = _net_side(kernel_size, padding, half=lambda n: n / 2)
    return _params_after(kernel_size, side)


def _params_pools_valid_once(kernel_size, padding):
    side = 28 if padding == "SAME" else 28 - kernel_size + 1
    return _params_after(kernel_size, math.ceil(math.ceil(side / 2) / 2))


def _params_lost_k(kernel_size, padding):
    side = 28
    for _ in range(2):
        side = math.ceil((side - kernel_size) / 2 if padding == "VALID" else side / 2)
    return _params_after(kernel_size, side)


def _params_pool_valid(kernel_size, padding):
    side = 28
    for _ in range(2):
        if padding == "VALID":
            side = (side - kernel_size + 1 - 2 + 1) // 2
        else:
            side = side // 2
    return _params_after(kernel_size, side)


def _wrong_net(**change):
    """Return the count with one slip in it."""

    def network_parameters(kernel_size, padding):
        k, side = kernel_size, _net_side(kernel_size, padding)
        parts = {
            "conv1": k * k * 32,
            "conv2": k * k * 32 * 64,
            "dense1": side * side * 64 * 1024,
            "dense2": 1024 * 10,
            "biases": 32 + 64 + 1024 + 10,
        }
        for name, value in change.items():
            parts[name] = value(k, side) if callable(value) else value
        return sum(parts.values())

    return network_parameters


# train
def _readings(batches):
    logits, variables = untrained(batches)
    return lambda images: tf.argmax(logits(images), axis=1), variables


def _exchanged(batches):
    logits, variables = untrained(batches)
    return variables, logits


RIGHT = {
    "conv2d_loop": [_conv_lists, _conv_windows, _conv_shifts, _conv_tf],
    "output_size": [_size_branches, _size_ranges, _size_tf, _size_while],
    "max_pool": [_pool_loops, _pool_maximum, _pool_reshape, _pool_tf, _pool_windows],
    "network_parameters": [
        _params_sizes,
        _params_keras,
        _params_arrays,
        lambda k, padding: int(_params_after(k, _net_side(k, padding))),
    ],
}
WRONG = {
    "conv2d_loop": [
        _conv_no_stride,
        _conv_square_kernel,
        _conv_square_image,
        _conv_same_shape,
        _conv_holes,
        _conv_flat_list,
        _conv_running,
        _conv_early,
        _conv_prints,
        _conv_rows_only,
        _conv_pads,
        _slip(one=0),
        _slip(one=2),
        _slip(step=False),
        _slip(dtype=int),
        _slip(combine=lambda window, kernel: np.sum(window * kernel[::-1, ::-1])),
        _slip(combine=lambda window, kernel: np.sum(window * kernel.T)),
        _slip(combine=lambda window, kernel: np.mean(window * kernel)),
        _slip(combine=lambda window, kernel: np.max(window * kernel)),
        _slip(combine=lambda window, kernel: np.sum(window + kernel)),
        _slip(combine=lambda window, kernel: np.sum(window @ kernel)),
        _slip(combine=lambda window, kernel: np.sum(window)),
        _slip(combine=lambda window, kernel: window * kernel),
        _slip(combine=lambda window, kernel: max(np.sum(window * kernel), 0)),
        lambda image, kernel, stride=1: _conv_wrong(image, kernel, stride).T,
        lambda image, kernel, stride=1: image * kernel,
        lambda image, kernel, stride=1: _conv_wrong(image.T, kernel, stride),
    ],
    "output_size": [
        _size_floor,
        _size_half_floor,
        _size_other_half_floor,
        _size_float,
        _size_exchanged,
        _size_no_one,
        _size_no_stride,
        _size_round,
        _size_stride_first,
        _size_squared,
        _size_textbook,
        _size_prints,
        _size_one_branch,
        _size_precedence,
        _size_always_one_more,
        lambda size, kernel_size, stride, padding: math.ceil(
            (size - kernel_size + 1) / stride
        ),
        lambda size, kernel_size, stride, padding: math.ceil(size / stride),
        lambda size, kernel_size, stride, padding: (
            size if padding == "SAME" else math.ceil((size - kernel_size + 1) / stride)
        ),
        lambda size, kernel_size, stride, padding: math.ceil(
            (size - (kernel_size + 1 if padding == "VALID" else 0)) / stride
        ),
    ],
    "max_pool": [
        _pool_from_zero,
        _pool_from_minus_one,
        _pool_stride_one,
        _pool_square,
        _pool_no_factor,
        _pool_short_window,
        _pool_wide_window,
        _pool_reshape_blocks,
        _pool_reshape_2x2,
        _pool_keeps_size,
        _pool_in_place,
        _pool_like_image,
        _pool_python_max,
        _pool_flat,
        _pool_stops_early,
        _pool_prints,
        _pool_with(np.max, dtype=int),
        _pool_with(np.mean),
        _pool_with(np.min),
        _pool_with(np.sum),
        _pool_with(lambda block: np.abs(block).max()),
        _pool_with(np.argmax),
        _pool_axes((2, 3)),
        _pool_axes((0, 2)),
        _pool_axes((0, 1)),
        _pool_axes(1),
        lambda image: image[::2, ::2],
        lambda image: np.maximum(image[::2], image[1::2]),
        lambda image: np.maximum(image[::2, ::2], image[1::2, 1::2]),
        lambda image: image.max(),
        lambda image: _pool_maximum(image).T,
        lambda image: tf.nn.max_pool2d(image, 2, 2, "VALID"),
        lambda image: tf.nn.max_pool2d(image[None, :, :, None], 2, 2, "VALID"),
    ],
    "network_parameters": [
        _params_prints,
        _params_floor,
        _params_float,
        _params_pools_valid_once,
        _params_lost_k,
        _params_pool_valid,
        _wrong_net(biases=0),
        _wrong_net(biases=1024 + 10),
        _wrong_net(biases=32 + 64),
        _wrong_net(biases=4),
        _wrong_net(biases=32 + 64 + 1024),
        _wrong_net(biases=64 + 1024 + 10),
        _wrong_net(conv2=lambda k, side: k * k * 64),
        _wrong_net(conv1=lambda k, side: k * 32, conv2=lambda k, side: k * 32 * 64),
        _wrong_net(dense1=lambda k, side: side * side * 1024),
        _wrong_net(dense1=lambda k, side: side * 64 * 1024),
        _wrong_net(dense1=7 * 7 * 64 * 1024),
        _wrong_net(dense1=28 * 28 * 64 * 1024),
        _wrong_net(conv1=5 * 5 * 32, conv2=5 * 5 * 32 * 64),
        _wrong_net(dense2=0),
        _wrong_net(dense1=lambda k, side: side * side * 64 * 10, dense2=0),
        _wrong_net(dense1=lambda k, side: side * side * 32 * 1024),
        _wrong_net(dense1=lambda k, side: (2 * side) ** 2 * 64 * 1024),
        lambda k, padding: _params_after(k, _net_side(k, "VALID")),
        lambda k, padding: _params_after(
            k, _net_side(k, "SAME" if padding == "VALID" else "VALID")
        ),
        lambda k, padding: _params_after(k, 28 if padding == "SAME" else 30 - 2 * k),
    ],
    "train": [_readings, _exchanged],
}
