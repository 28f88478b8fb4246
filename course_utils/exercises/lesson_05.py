"""Exercises of lesson 05, LeNet with one's own training loop."""

import keras
import numpy as np
import tensorflow as tf

from course_utils.exercises import Exercise, _mistakes_05, _mistakes_05_stopping, _open


def _field_width(windows):
    """Return the width of the receptive field of one unit, in pixels."""
    width = 1
    for size, stride in reversed(windows):
        width = (width - 1) * stride + size
    return width


field_width = Exercise(
    solution=_field_width,
    # Counted on paper; a test counts them again with the tape.
    cases=[
        (([(3, 1)],), 3),
        (([(3, 1), (2, 2)],), 4),
        (([(3, 1), (2, 2), (3, 1)],), 8),
        (([(3, 1), (2, 2), (3, 1), (2, 2)],), 10),
        (([(5, 1), (2, 2), (5, 1), (2, 2)],), 16),
        (([(3, 1), (3, 1)],), 5),
        (([(3, 2), (3, 2), (3, 2)],), 15),
        (([(1, 1)],), 1),
        (([(5, 2), (3, 1)],), 9),
        (([(3, 1), (5, 2)],), 7),
        (([],), 1),
    ],
    hints=[
        "Go backwards, as `field` does. One unit of the last layer sees `size` places "
        "of the layer below. How many places of the layer below that do these see?",
        "`width` neighbouring windows begin `stride` apart, so the last one "
        "begins `(width - 1) * stride` after the first, and it is `size` long.",
        "Start with `width = 1`, and for each layer in `reversed(windows)` set "
        "`width = (width - 1) * stride + size`.",
    ],
    why="The first and the last place of a field suffice: everything between them is "
    "seen too, as long as no stride is larger than its window. A stride acts on all "
    "layers above it, which is why fields grow faster after a pool: two 3x3 "
    "convolutions see 5 pixels, with a pool between them 8.",
    mistakes=_mistakes_05.FIELD_WIDTH,
)


def _whole_gradient(gradients, counts):
    """Return the gradient over all images, shape (n,)."""
    return counts @ gradients / counts.sum()  # (pieces,) @ (pieces, n) -> (n,)


whole_gradient = Exercise(
    solution=_whole_gradient,
    # Each gradient times its number of images, added up, over the number of all.
    cases=[
        ((np.array([[1.0, 2.0], [3.0, 6.0]]), np.array([128, 128])), [2, 4]),
        ((np.array([[1.0, 0.0], [5.0, -4.0]]), np.array([300, 100])), [2, -1]),
        (
            (np.array([[1.0], [1.0], [1.0], [7.0]]), np.array([128, 128, 128, 0])),
            [1],
        ),
        (
            (
                np.array([[2.0, 0, 1], [0, 4.0, 1], [-2.0, 0, 1]]),
                np.array([10, 5, 5]),
            ),
            [0.5, 1, 1],
        ),
    ],
    hints=[
        "The mean loss of a piece is a sum over its images, divided by their number. "
        "Undo that division, add up, and divide by the number of all images.",
        "Each gradient gets the weight `counts[i] / counts.sum()`. A plain mean over "
        "the pieces is right only if all have the same size.",
        "`counts @ gradients` multiplies each row by its count and adds the rows up: "
        "`(pieces,) @ (pieces, n) -> (n,)`. Or `np.average(gradients, axis=0, "
        "weights=counts)`.",
    ],
    why="The gradient of a sum is the sum of the gradients. A mean over pieces of "
    "unequal size would give an image in a small piece more weight than one in a large "
    "piece. The same goes for losses and accuracies: the mean over 430 batches is not "
    "quite the mean over 55,000 images.",
    mistakes=_mistakes_05.WHOLE_GRADIENT,
)


def _early_stopping(losses, patience):
    """Return (epoch kept, last epoch trained), both counted from 1."""
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        if epoch - best == patience:
            break
    return best + 1, epoch + 1


early_stopping = Exercise(
    solution=_early_stopping,
    # Read off by eye.
    cases=[
        (([0.5, 0.4, 0.3, 0.2], 2), (4, 4)),
        (([0.5, 0.3, 0.4, 0.35, 0.2], 2), (2, 4)),
        (([0.5, 0.3, 0.4, 0.35, 0.2], 3), (5, 5)),
        (([0.5, 0.3, 0.4, 0.2, 0.3, 0.4, 0.1], 2), (4, 6)),
        (([0.3, 0.3, 0.3, 0.1], 2), (1, 3)),
        (([0.1, 0.2, 0.3], 1), (1, 2)),
        (([0.1, 0.2], 5), (1, 2)),
        (([2.5, 1.5, 1.25, 1.5, 1.75, 1.0], 2), (3, 5)),
        (([0.5, 0.6, 0.4, 0.45, 0.3, 0.35], 2), (5, 6)),
        (([0.2, 0.3, 0.4, 0.5, 0.1], 2), (1, 3)),
        (([0.2, 0.5, 0.4, 0.6], 2), (1, 3)),
        (([0.5, 0.3, 0.4, 0.35, 0.38, 0.2], 3), (2, 5)),
    ],
    hints=[
        "Walk through the losses and remember the epoch of the lowest one so far.",
        "Only a loss below the lowest counts; an equal one does not. After each epoch, "
        "ask how long ago the best one was.",
        "With positions from 0: `if loss < losses[best]: best = epoch`, then "
        "`if epoch - best == patience: break`. Return `best + 1, epoch + 1`.",
    ],
    why="The loop may not look ahead: a lower loss that comes after the stop is never "
    "seen, as in the second case. More patience finds it and costs more epochs. The "
    "weights to keep are those of the best epoch, not the last ones.",
    mistakes=_mistakes_05_stopping.EARLY_STOPPING,
)


def _half_lenet(images, labels):
    """Return a function from images to logits, and its variables."""
    layers, epochs = keras.layers, 4
    network = keras.Sequential(
        [
            keras.Input([28, 28, 1]),
            layers.Conv2D(8, 3, activation="relu"),
            layers.MaxPool2D(2),
            layers.Conv2D(16, 3, activation="relu"),
            layers.MaxPool2D(2),
            layers.Flatten(),
            layers.Dense(60, activation="relu"),
            layers.Dense(10),
        ]
    )
    steps = epochs * (len(images) // 64 + 1)
    rate = keras.optimizers.schedules.CosineDecay(0.003, steps)
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

    rng = np.random.default_rng(0)
    for _ in range(epochs):
        order = rng.permutation(len(images))
        for start in range(0, len(order), 64):
            rows = order[start : start + 64]
            step(images[rows], labels[rows])
    return read, network.trainable_variables


half_lenet = Exercise(
    _half_lenet,
    cases=[
        (_open.training_set(640), _open.has_form(30_037)),
        (_open.training_set(), _open.reads(0.986, 30_037)),
    ],
    hints=[
        "Look at the table under *Model*: which layer has four of five numbers? What "
        "sets its size?",
        "400 numbers enter the dense layers. With n units behind them, that is 401 n "
        "numbers; the convolutions are cheap, and a second dense layer is not needed.",
        "Let the rate fall: `keras.optimizers.schedules.CosineDecay(0.003, steps)` "
        "with Adam, batches of 64, four epochs.",
    ],
    why="60 units in one dense layer and 8 kernels in place of 6: 25,918 numbers. Over "
    "three seeds it read 98.9 to 99.1 % of the validation images after four epochs. "
    "The second dense layer was not needed for that.",
    mistakes=_open.MISTAKES,
    seconds=120,
)
