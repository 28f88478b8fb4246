"""Exercises of lesson 03, the network from raw tensors."""

import keras
import numpy as np
import tensorflow as tf

from course_utils.exercises import (
    Exercise,
    _mistakes_03,
    _mistakes_03_pool,
    _mistakes_03_sizes,
    _open,
)


def _conv2d_loop(image, kernel, stride=1):
    """Slide the kernel over one image, (height, width) -> (rows, columns)."""
    k_height, k_width = kernel.shape
    rows = (image.shape[0] - k_height) // stride + 1
    columns = (image.shape[1] - k_width) // stride + 1
    feature_map = np.zeros((rows, columns), np.float32)
    for row in range(rows):
        for column in range(columns):
            top, left = row * stride, column * stride
            window = image[top : top + k_height, left : left + k_width]
            feature_map[row, column] = np.sum(window * kernel)
    return feature_map


_IMAGE = np.float32([[1, 2, 0, 1], [3, 1, 1, 0], [0, 2, 4, 1], [1, 0, 2, 3]])
_KERNEL = np.float32([[1, 0], [2, -1]])

conv2d_loop = Exercise(
    solution=_conv2d_loop,
    # By hand; tests/exercises/test_expected_values.py asks TensorFlow too.
    cases=[
        (
            (np.float32([[1, 3], [4, 6]]), np.float32([[-0.5]])),
            [[-0.5, -1.5], [-2, -3]],
        ),
        ((_IMAGE[:2, :2], _KERNEL), [[6]]),
        ((_IMAGE, _KERNEL), [[6, 3, 2], [1, 1, 8], [2, 0, 5]]),
        ((_IMAGE, _KERNEL, 2), [[6, 2], [2, 5]]),
        (
            (
                np.float32([[1, 2, 3, 4], [5, 6, 7, 8]]),
                np.float32([[1, 0, -1], [2, 0, 0]]),
            ),
            [[8, 10]],
        ),
        (
            (np.arange(25, dtype=np.float32).reshape(5, 5), np.ones((2, 2)), 3),
            [[12, 24], [72, 84]],
        ),
    ],
    hints=[
        "First count the places: along an axis a window of k fits at n - k + 1 places, "
        "and a stride of 2 uses every second of them, the first one included.",
        "Two loops, one over the rows and one over the columns of the result. At each "
        "turn cut the window out of the image with a slice, multiply it by the kernel "
        "and add up, as in the cell above.",
        "The window of result `[row, column]` begins at `top = row * stride` and "
        "`left = column * stride`; the slice `image[top : top + k_height, ...]` cuts.",
    ],
    why="`(n - k) // stride + 1` counts the places: the first one, and one more for "
    "each whole stride that still fits. The result has a place for each window, and "
    "fractions, so it is an array of floats.",
    mistakes=_mistakes_03.CONV2D_LOOP,
)


def _output_size(size, kernel_size, stride, padding):
    """Return the width of the feature map, in pixels."""
    places = size if padding == "SAME" else size - kernel_size + 1
    return -(-places // stride)


output_size = Exercise(
    solution=_output_size,
    # Counted by hand: the places where the window may begin.
    cases=[
        ((28, 5, 1, "VALID"), 24),
        ((28, 5, 1, "SAME"), 28),
        ((28, 2, 2, "VALID"), 14),
        ((7, 3, 2, "VALID"), 3),
        ((7, 3, 2, "SAME"), 4),
        ((10, 3, 3, "VALID"), 3),
        ((10, 4, 3, "SAME"), 4),
        ((5, 5, 2, "VALID"), 1),
        ((4, 2, 1, "SAME"), 4),
    ],
    hints=[
        "Start with stride 1. A window of 5 in a row of 28 can begin at 28 - 5 + 1 "
        "places with 'VALID', and at 28 with 'SAME'.",
        "Stride 2 uses every second of these places, the first one included. For 5 "
        "places that makes 3: divide and round up.",
        "Division rounded up, without floats: `-(-places // stride)`. "
        "`math.ceil(places / stride)` does it too.",
    ],
    why="The first of the places is always used, then every `stride`-th: that is a "
    "division rounded up. The kernel's size matters for 'VALID' only, because 'SAME' "
    "adds as many zeros as the kernel needs.",
    mistakes=_mistakes_03_sizes.OUTPUT_SIZE,
)


def _max_pool(image):
    """Return the largest value of each 2x2 block."""
    height, width = image.shape
    pairs = image.reshape(height // 2, 2, width // 2, 2)
    return pairs.max(axis=(1, 3))


max_pool = Exercise(
    solution=_max_pool,
    cases=[
        ((np.array([[1.0, 2], [3, 4]]),), [[4]]),
        ((np.array([[1.0, 2, 0, 1], [3, 1, 1, 0]]),), [[3, 1]]),
        ((np.array([[-1.0, -2], [-3, -4], [5, 0], [0, -6]]),), [[-1], [5]]),
        ((np.array([[0.25, 0.5], [0.75, 0.0]]),), [[0.75]]),
        ((np.array([[-3000.0, -2000], [-5000, -4000]]),), [[-2000]]),
        (
            (np.arange(24.0).reshape(4, 6),),
            [[7, 9, 11], [19, 21, 23]],
        ),
    ],
    hints=[
        "With loops: for each row and column of the result, take the block "
        "`image[2 * row : 2 * row + 2, 2 * column : 2 * column + 2]`. The result has "
        "`height // 2` rows; `height / 2` would be a float.",
        "Without loops: `reshape` can cut an axis of 6 into 3 blocks of 2. Cut both "
        "axes.",
        "`image.reshape(height // 2, 2, width // 2, 2)` has the four values of a block "
        "on the axes 1 and 3. Take the maximum over these two.",
    ],
    why="The reshape moves no number. It only counts rows as (block, row in the block) "
    "and columns likewise; the maximum over the two inner axes leaves one value for "
    "each block. A result that starts from zeros and keeps the larger value would be "
    "wrong for blocks of negative numbers.",
    mistakes=_mistakes_03_pool.MAX_POOL,
)


def _network_parameters(kernel_size, padding):
    """Return the number of weights and biases of the whole network."""
    side = 28
    for _ in ("conv1", "conv2"):
        if padding == "VALID":
            side = side - kernel_size + 1
        side = -(-side // 2)  # the pool, rounded up
    conv1 = kernel_size**2 * 1 * 32 + 32
    conv2 = kernel_size**2 * 32 * 64 + 64
    dense1 = side**2 * 64 * 1024 + 1024
    dense2 = 1024 * 10 + 10
    return conv1 + conv2 + dense1 + dense2


network_parameters = Exercise(
    solution=_network_parameters,
    # By hand, from the flat sizes 3136, 3136, 1024 and 2304; a test counts them too.
    cases=[
        ((5, "SAME"), 3_274_634),
        ((3, "SAME"), 3_241_354),
        ((5, "VALID"), 1_111_946),
        ((3, "VALID"), 2_389_386),
    ],
    hints=[
        "Only two things change: the numbers in the two kernels, and the side of the "
        "last feature maps, which sets the flat size.",
        "Follow the side of the image: 28, convolution, pool, convolution, pool. For 5 "
        "and 'VALID' that is 28, 24, 12, 8, 4. For 3 and 'VALID' it is 28, 26, 13, 11, "
        "6: there the second pool rounds up.",
        "conv1 has `kernel_size**2 * 1 * 32 + 32` numbers, conv2 "
        "`kernel_size**2 * 32 * 64 + 64`, dense1 `side**2 * 64 * 1024 + 1024`, dense2 "
        "`1024 * 10 + 10`.",
    ],
    why="'VALID' shrinks the feature maps, and the flat size goes down with the square "
    "of their side: 1024 in place of 3136 for kernels of 5x5. That is why, with "
    "'VALID', these larger kernels make the smaller network: it has less than half the "
    "parameters of the one with 3x3. Nearly all sit in the first dense layer.",
    mistakes=_mistakes_03_sizes.NETWORK_PARAMETERS,
)


def _train(batches):
    """Return a function from images to logits, and its variables."""
    layers, steps = keras.layers, 860
    network = keras.Sequential(
        [
            keras.Input([28, 28, 1]),
            layers.Conv2D(32, 5, activation="relu"),
            layers.MaxPool2D(2),
            layers.Conv2D(48, 5, activation="relu"),
            layers.MaxPool2D(2),
            layers.Flatten(),
            layers.Dense(256, activation="relu"),
            layers.Dense(10),
        ]
    )
    rate = keras.optimizers.schedules.CosineDecay(0.002, steps)
    optimizer = keras.optimizers.Adam(rate)
    optimizer.build(network.trainable_variables)

    def read(images):  # (n, 28, 28) -> (n, 10)
        return network(tf.cast(images, tf.float32)[..., tf.newaxis] / 255)

    @tf.function(reduce_retracing=True)
    def step(images, labels):
        with tf.GradientTape() as tape:
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(
                labels, read(images)
            )
            loss = tf.reduce_mean(losses)
        gradients = tape.gradient(loss, network.trainable_variables)
        optimizer.apply(gradients)

    for images, labels in batches:
        step(images, labels)
    return read, network.trainable_variables


train = Exercise(
    solution=_train,
    cases=[
        ((_open.batches(steps=2),), _open.has_form(327_463)),
        ((_open.batches(),), _open.reads(0.985, 327_463)),
    ],
    hints=[
        "Most of this lesson's numbers sit between the flattened maps and the 1,024 "
        "units. Fewer units there, or smaller maps, save the most.",
        'With `"VALID"` padding and 5x5 kernels the last maps are 4x4 in place of '
        "7x7. With 48 of them and 256 units, `dense1` has 768 * 256 + 256 numbers.",
        "One look at each image is 860 steps. Adam with a rate that falls to 0 over "
        "them settles at the end: "
        "`keras.optimizers.schedules.CosineDecay(0.002, 860)`.",
    ],
    why="Two convolutions of 32 and 48 kernels and a dense layer of 256 units have "
    "238,714 numbers, a fourteenth of this lesson's. Over three seeds they read 99.0 "
    "to 99.1 % of the validation images. What made the first network large was one "
    "layer.",
    mistakes=_open.MISTAKES,
    seconds=120,
)
