"""Exercises of lesson 04, the network as a Keras class."""

import keras
import numpy as np
import tensorflow as tf

from course_utils.exercises import Exercise, _mistakes_04, _mistakes_04_layers, _open
from course_utils.exercises._calling import Fresh


def _look(network, loss_function, x, y, training=True):
    """Return the loss, the logits and the gradients of one batch."""
    with tf.GradientTape() as tape:
        logits = network(x, training=training)
        loss = loss_function(y, logits)
    return loss, logits, tape.gradient(loss, network.trainable_variables)


_W = np.array([[1.0, -1.0, 0.5], [0.25, 0.5, -1.0]], np.float32)
_INPUTS = np.array([[1.0, 4.0], [3.0, 0.0], [2.0, 5.0], [6.0, -1.0]], np.float32)
_LABELS = np.array([0, 2, 1, 1])


def _network():
    """Return batch normalisation and a dense layer of three units, with weights _W."""
    network = keras.Sequential(
        [
            keras.Input([2]),
            keras.layers.BatchNormalization(),
            keras.layers.Dense(3),
        ]
    )
    network.layers[1].set_weights([_W, np.array([0.5, 0.0, -0.5], np.float32)])
    return network


def _is_untrained(network):
    """Say whether the weights are kept, and the averages moved once at most."""
    norm, dense = network.layers
    moved = [0 * _INPUTS.mean(0), 0.01 * _INPUTS.mean(0)]
    return np.array_equal(dense.get_weights()[0], _W) and any(
        np.allclose(norm.moving_mean, mean) for mean in moved
    )


def _by_numpy(training):
    """Return loss, logits and gradients of that network, by the formulas."""
    mean, variance = (_INPUTS.mean(0), _INPUTS.var(0)) if training else (0, 1)
    normal = (_INPUTS - mean) / np.sqrt(variance + 0.001)
    logits = normal @ _W + [0.5, 0.0, -0.5]
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    loss = -np.mean(np.log(p[range(4), _LABELS]))
    d = (p - np.eye(3)[_LABELS]) / 4
    d_normal = d @ _W.T
    gradients = [(d_normal * normal).sum(0), d_normal.sum(0), normal.T @ d, d.sum(0)]
    return [loss, logits, *gradients]


def _flat_list(expected):
    """Return a judge of (loss, logits, gradients) by the numbers in `expected`."""
    parts = ["loss", "logits", *["gradient"] * (len(expected) - 2)]

    def judge(value):
        if not isinstance(value, list | tuple) or len(value) != 3:
            return "should give three things: the loss, the logits, the gradients."
        if not isinstance(value[2], list | tuple):
            return "should give the gradients as a list."
        found = [value[0], value[1], *value[2]]
        if len(found) != len(expected):
            return "should give a gradient for each of the four trainable variables."
        if any(item is None for item in found):
            return "gives a gradient that is None: what did the tape not see?"
        for name, got, due in zip(parts, found, expected, strict=True):
            got, due = np.asarray(got), np.asarray(due)
            if got.shape != due.shape:
                return f"gives a {name} of shape {got.shape}, not {due.shape}."
            if not np.allclose(got, due, rtol=1e-3, atol=1e-4):
                return (
                    f"gives another {name}: it begins {np.ravel(got)[0]:.4f}, and "
                    f"should begin {np.ravel(due)[0]:.4f}."
                )
        return None

    return judge


_ENTROPY = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
_ENTROPY.__name__ = "loss_function"  # how messages write it

look = Exercise(
    solution=_look,
    # The judge has the numbers of _by_numpy: no tape made them.
    cases=[
        (
            (Fresh(_network, _is_untrained), _ENTROPY, _INPUTS, _LABELS, training),
            _flat_list(_by_numpy(training)),
        )
        for training in (True, False)
    ],
    hints=[
        "What must the tape see? Everything from the network's variables to the loss: "
        "the call of the network and the loss stand inside the `with` block.",
        "`network(x, training=training)` gives the logits, `loss_function(y, logits)` "
        "the loss: labels first.",
        "After the block: `tape.gradient(loss, network.trainable_variables)` is a "
        "list, in the order of the variables. Return `loss, logits, gradients`.",
    ],
    why="These lines are the same for every network. What differs from lesson 03 is "
    "the flag, which decides how batch normalisation and dropout behave, and that the "
    "network itself knows its variables.",
    mistakes=_mistakes_04.LOOK,
)


def _flat_size(side, stride):
    """Return the number of inputs of the first dense layer."""
    for _ in ("conv1", "conv2"):
        side = (side - 3 + 1) // 2  # a 3x3 convolution, then the pool, rounded down
    places = side - 5 + 1
    return 32 * (-(-places // stride)) ** 2


flat_size = Exercise(
    solution=_flat_size,
    # Sides followed by hand; a test compares them with Keras layers.
    cases=[((28, 2), 32), ((28, 1), 32), ((30, 1), 128), ((32, 2), 32)]
    + [((36, 2), 128), ((40, 2), 128), ((64, 1), 3200), ((64, 2), 800)]
    + [((29, 1), 32), ((30, 2), 32), ((64, 3), 512)],
    hints=[
        "Follow the side: 28, 26, 13, 11, 5. The third convolution has 5 - 5 + 1 = 1 "
        "place for its window.",
        "A pool of 2 drops the last row when the side is odd: `//`. A stride uses "
        "every second place, the first one included: round up, as in lesson 03.",
        "With `places = side - 5 + 1` after the second pool, the result has side "
        "`-(-places // stride)` and 32 channels.",
    ],
    why="The stride matters as soon as the third convolution has two places, from 30 "
    "pixels on. The dense layer would need other weights then: a network with a "
    "dense layer is built for one size of image.",
    mistakes=_mistakes_04.FLAT_SIZE,
)


def _batch_norm(x, gamma, beta):
    """Return the normalised feature maps, in the shape of x."""
    mean = x.mean(axis=(0, 1, 2))  # (batch, height, width, channels) -> (channels,)
    variance = x.var(axis=(0, 1, 2))
    return gamma * (x - mean) / np.sqrt(variance + 0.001) + beta


_SMALL = np.array([1.0, 3.0, 1.0, 3.0]).reshape(2, 1, 2, 1)
_CHANNELS = np.array([[0.0, 10.0], [2.0, 30.0], [4.0, 20.0], [6.0, 0.0]])

batch_norm = Exercise(
    solution=_batch_norm,
    # By hand: means 2, then 3 and 15; variances 1, then 5 and 125.
    cases=[
        ((_SMALL, np.ones(1), np.zeros(1)), (_SMALL - 2) / 1.001**0.5),
        ((_SMALL, np.full(1, 3.0), np.full(1, 5.0)), 5 + 3 * (_SMALL - 2) / 1.001**0.5),
        (
            (_CHANNELS.reshape(2, 2, 1, 2), np.array([1.0, 2.0]), np.array([0.0, 1.0])),
            np.stack(
                [
                    (_CHANNELS[:, 0] - 3) / 5.001**0.5,
                    2 * (_CHANNELS[:, 1] - 15) / 125.001**0.5 + 1,
                ],
                axis=1,
            ).reshape(2, 2, 1, 2),
        ),
        # A channel that is the same everywhere: its variance is 0.
        ((np.full((2, 2, 2, 1), 7.0), np.ones(1), np.zeros(1)), np.zeros((2, 2, 2, 1))),
    ],
    hints=[
        "One mean for each channel. Over which axes must you average, so that an "
        "array of shape `(channels,)` is left?",
        "`x.mean(axis=(0, 1, 2))` and `x.var(axis=(0, 1, 2))`. Broadcasting lines the "
        "channels up with the last axis of x.",
        "Subtract the mean, divide by `np.sqrt(variance + 0.001)`, multiply by gamma, "
        "add beta. The 0.001 belongs under the root.",
    ],
    why="Batch, height and width are all positions where the same kernel was used; "
    "the channel is what differs. The 0.001 keeps a channel without variance finite.",
    mistakes=_mistakes_04_layers.BATCH_NORM,
)


def _dropout(x, keep, rate, training):
    """Return x after dropout, in the shape of x."""
    return x * keep / (1 - rate) if training else x


_X, _KEEP = np.array([1.0, 2.0, -3.0, 4.0]), np.array([True, False, True, True])

dropout = Exercise(
    solution=_dropout,
    cases=[
        ((_X, _KEEP, 0.5, True), [2, 0, -6, 8]),
        ((_X, _KEEP, 0.2, True), [1.25, 0, -3.75, 5]),
        ((_X, _KEEP, 0.5, False), [1, 2, -3, 4]),
        ((_X.reshape(2, 2), ~_KEEP.reshape(2, 2), 0.75, True), [[0, 8], [0, 0]]),
    ],
    hints=[
        "In use, with training False, nothing happens to x.",
        "In training, `x * keep` puts a 0 where keep is False. The mean is then too "
        "small: only 1 - rate of the units are left.",
        "Divide what is kept by `1 - rate`.",
    ],
    why="The division in training keeps the mean, so that nothing has to be corrected "
    "in use. Old papers do not divide and multiply by 1 - rate in use instead.",
    mistakes=_mistakes_04_layers.DROPOUT,
)


def _loss_floor(classes):
    """Return the lowest loss that training with softmax twice can reach."""
    return np.log(np.e + classes - 1) - 1


loss_floor = Exercise(
    solution=_loss_floor,
    # ln(e + 1) - 1, ln(e + 9) - 1 and ln(e + 99) - 1 from a pocket calculator.
    cases=[((10,), 1.461150), ((2,), 0.313262), ((100,), 3.622207)],
    hints=[
        "The best first softmax gives 1 to the right class and 0 to all others.",
        "The second softmax takes these as logits: e to the power of 1 for the right "
        "class, e to the power of 0 = 1 for each other one.",
        "The loss is minus the logarithm of `e / (e + classes - 1)`.",
    ],
    why="Probabilities lie between 0 and 1, so the right class leads by at most 1, "
    "and the second softmax never gives it more than e / (e + classes - 1).",
    mistakes=_mistakes_04.LOSS_FLOOR,
)


def _one_look(batches):
    """Return a function from images to logits, and its variables."""
    layers, steps = keras.layers, 860
    network = keras.Sequential(
        [
            keras.Input([28, 28, 1]),
            layers.Conv2D(32, 3, use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.MaxPool2D(2),
            layers.Conv2D(32, 3, use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.MaxPool2D(2),
            layers.Conv2D(32, 5, use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Flatten(),
            layers.Dense(10),
        ]
    )
    rate = keras.optimizers.schedules.CosineDecay(0.003, steps)
    optimizer = keras.optimizers.Adam(rate)
    optimizer.build(network.trainable_variables)

    def prepare(images):
        return tf.cast(images, tf.float32)[..., tf.newaxis] / 255

    @tf.function(reduce_retracing=True)
    def step(images, labels):
        with tf.GradientTape() as tape:
            logits = network(prepare(images), training=True)
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
            loss = tf.reduce_mean(losses)
        gradients = tape.gradient(loss, network.trainable_variables)
        optimizer.apply(gradients)

    for images, labels in batches:
        step(images, labels)

    def read(images):  # (n, 28, 28) -> (n, 10)
        return network(prepare(images), training=False)

    return read, network.variables


one_look = Exercise(
    solution=_one_look,
    cases=[
        ((_open.batches(steps=2),), _open.has_form(40_842)),
        ((_open.batches(),), _open.reads(0.985, 40_842)),
    ],
    hints=[
        "This lesson's network reads as much after its first epoch, but its rate was "
        "made for five. Let the rate fall to 0 over 860 steps.",
        "Batch normalisation after each convolution lets a larger rate work: 0.003 "
        "with Adam. A convolution before it needs no bias.",
        "Train with `training=True`, and return a function with `training=False`. "
        "Return `network.variables`: the moving averages are numbers too.",
    ],
    why="Normalised after each convolution, the network takes a rate three times as "
    "high, and that rate falls to 0 within the epoch. Its last convolution leaves 32 "
    "numbers, and 330 numbers make ten logits of them.",
    mistakes=_open.MISTAKES,
    seconds=120,
)
