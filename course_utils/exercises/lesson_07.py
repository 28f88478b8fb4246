"""Exercises of lesson 07, one network in six ways."""

import keras
import numpy as np

from course_utils.exercises import (
    Exercise,
    _mistakes_07,
    _mistakes_07_gradient,
    _mistakes_07_numbers,
    _open,
)
from course_utils.exercises._calling import Fresh


def _head(flat, w):
    """Return what the three dense layers give, the logits last."""
    dense1 = (flat @ w["dense1_w"] + w["dense1_b"]).clip(0)
    dense2 = (dense1 @ w["dense2_w"] + w["dense2_b"]).clip(0)
    return [dense1, dense2, dense2 @ w["dense3_w"] + w["dense3_b"]]


_HEAD = {
    "dense1_w": np.array([[1.0, -1.0, 0.5], [0.0, 2.0, -1.0]]),
    "dense1_b": np.array([0.5, 0.0, 1.0]),
    "dense2_w": np.array([[1.0, -1.0], [0.5, 0.0], [-2.0, 1.0]]),
    "dense2_b": np.array([0.0, 1.0]),
    "dense3_w": np.array([[1.0, -2.0, 0.0], [0.5, 1.0, -1.0]]),
    "dense3_b": np.array([-1.0, 0.0, 0.25]),
}

head = Exercise(
    solution=_head,
    # By hand: the sums of dense1 are 1.5, 3, -0.5 and 2.5, -2, 2 for the two rows.
    cases=[
        (
            (np.array([[1.0, 2.0]]), _HEAD),
            [[[1.5, 3, 0]], [[3, 0]], [[2, -6, 0.25]]],
        ),
        (
            (np.array([[1.0, 2.0], [2.0, 0.0]]), _HEAD),
            [
                [[1.5, 3, 0], [2.5, 0, 2]],
                [[3, 0], [0, 0.5]],
                [[2, -6, 0.25], [-0.75, 0.5, -0.25]],
            ],
        ),
    ],
    hints=[
        "One layer is `x @ w + b`. What does each of the three get as its `x`?",
        "ReLU sets what is negative to 0: `.clip(0)` or `np.maximum(..., 0)`. The last "
        "layer has none.",
        "Keep each result under a name, `dense1`, `dense2`, and return all three.",
    ],
    why="A dense layer is one matrix product and one addition, in NumPy as in any "
    "other style. Returning every layer costs nothing, and a mistake can be found.",
    mistakes=_mistakes_07.HEAD,
)


def _last_layer(h, logits, y):
    """Return the gradient for the weights, (units, classes)."""
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)  # softmax, (batch, classes)
    p[np.arange(len(y)), y] -= 1  # minus the one-hot labels
    return h.T @ p / len(y)  # (units, batch) @ (batch, classes)


_H = np.array([[1.0, 0.0, 2.0], [0.0, 3.0, 1.0]])
_LOGITS = np.log([[0.5, 0.25, 0.25], [0.1, 0.6, 0.3]])
_HALVES = np.array([[0.5, 0.5], [0.25, 0.75]])
_WIDE = np.array([[1.0, 0.0], [2.0, 1.0], [0.0, -1.0]])
_SHARES = np.array([[0.1, 0.2, 0.3, 0.4], [0.25] * 4, [0.4, 0.3, 0.2, 0.1]])

last_layer = Exercise(
    solution=_last_layer,
    # The logits are logarithms of probabilities, so their softmax can be read off.
    cases=[
        # As many images as classes: here broadcasting hides a forgotten axis.
        (
            (_H[:, :1] + [[0], [2]], np.log(_HALVES), np.array([1, 0])),
            [[-0.5, 0.5]],
        ),
        (
            (_H[:1], _LOGITS[:1], np.array([0])),
            [[-0.5, 0.25, 0.25], [0, 0, 0], [-1, 0.5, 0.5]],
        ),
        (
            (_H, _LOGITS, np.array([0, 1])),
            [[-0.25, 0.125, 0.125], [0.15, -0.6, 0.45], [-0.45, 0.05, 0.4]],
        ),
        (
            (_H, 1000 + _LOGITS, np.array([0, 1])),
            [[-0.25, 0.125, 0.125], [0.15, -0.6, 0.45], [-0.45, 0.05, 0.4]],
        ),
        # Labels in another order, the same label twice, rows of very different size.
        (
            (_WIDE, np.log(_SHARES) + [[0], [2000], [0]], np.array([3, 1, 3])),
            np.array([[0.6, -1.3, 0.8, -0.1], [-0.15, -1.05, 0.05, 1.15]]) / 3,
        ),
    ],
    hints=[
        "Compute the softmax of each row, `(batch, classes)`, and take 1 away at the "
        "label: that is the gradient for each image's own loss. (Take the largest "
        "logit of a row away before `np.exp`, or large logits give `inf`.)",
        "The weight from unit i to class j multiplies h[i], so its gradient is h[i] "
        "times the gradient of logit j, added up over the batch. The loss is a mean: "
        "divide by `len(y)`.",
        "The result must have the shape of the weights: `h.T @ p / len(y)`, which is "
        "`(units, batch) @ (batch, classes)`.",
    ],
    why="`logits = h @ w + b`: the matrix product of `h.T` and the gradients of the "
    "logits does the adding up over the batch. Without the division by `len(y)` you "
    "have the gradient of the summed loss. The bias is added to every image, so its "
    "gradient is the same without `h`: `p.sum(axis=0) / len(y)`.",
    mistakes=_mistakes_07_gradient.LAST_LAYER,
)


def _from_torch(dense1):
    """Return the weights in the order of network: (out, 400) -> (400, out)."""
    maps = dense1.reshape(-1, 16, 5, 5)  # (out, channels, height, width)
    return maps.transpose(2, 3, 1, 0).reshape(400, -1)


_TORCH = np.random.default_rng(0).normal(size=(120, 400))

from_torch = Exercise(
    solution=_from_torch,
    # Number by number: where the weight of a place and a channel must stand.
    cases=[
        (
            (numbers,),
            numbers[np.arange(120), [[25 * (k % 16) + k // 16] for k in range(400)]],
        )
        for numbers in (np.arange(48_000).reshape(120, 400), _TORCH)
    ],
    hints=[
        "A transpose alone is not enough: the 400 inputs stand in the order channels, "
        "height, width, and our `tf.reshape` flattens height, width, channels. With "
        "one output, what must stand at position 1 of the result?",
        "Take the 400 apart with `reshape(-1, 16, 5, 5)`: out, channels, height, "
        "width. `array.transpose(...)` lists, for each new axis, the old one.",
        "`dense1.reshape(-1, 16, 5, 5).transpose(2, 3, 1, 0)` has the axes height, "
        "width, channels, out; a last `reshape(400, -1)` joins the first three.",
    ],
    why="`reshape` never moves a number, `transpose` does. With a bare `dense1.T` all "
    "shapes fit, nothing complains, and the logits are wrong: the first number that "
    "differs is then the output of `dense1`. Position 1 of the result is number 25 of "
    "PyTorch's 400: the same pixel, the next channel. (A kernel goes from PyTorch's "
    "(out, in, height, width) to ours by `transpose(2, 3, 1, 0)`.)",
    mistakes=_mistakes_07_numbers.FROM_TORCH,
)


def _break_even(trace, fast_step, slow_step):
    """Return the smallest whole number of steps, 0 if there is none."""
    if fast_step >= slow_step:
        return 0
    return int(trace // (slow_step - fast_step)) + 1


break_even = Exercise(
    solution=_break_even,
    # Counted by hand: trace + n * fast_step < n * slow_step.
    cases=[
        ((0.9, 0.25, 0.75), 2),
        ((1.0, 0.25, 0.75), 3),  # after 2 steps both have taken 1.5 s
        ((0.0, 0.25, 0.75), 1),
        ((0.5, 0.5, 0.5), 0),
        ((0.5, 0.75, 0.25), 0),
        ((10.0, 0.125, 0.25), 81),
        ((1.0, 0.75, 0.25), 0),
        ((0.7, 0.25, 0.75), 2),
        ((1.998, 2.0, 3.0), 2),
        ((4096.0, 0.25, 0.3125), 65_537),  # more steps than one counts through
    ],
    hints=[
        "After n steps one way has taken `n * slow_step`, the other "
        "`trace + n * fast_step`. When is the second smaller?",
        "Each step gains `slow_step - fast_step` seconds. They must add up to more "
        "than `trace`: with 1.0, 0.25 and 0.75, both have taken 1.5 s after 2 steps, "
        "and nobody is ahead.",
        "`int(trace // (slow_step - fast_step)) + 1`, after you have dealt with "
        "`fast_step >= slow_step`.",
    ],
    why="`//` counts the whole gains that fit into `trace`; one more is needed. A "
    "graph pays after a number of steps, and a training has thousands. For a function "
    "that you call three times, `tf.function` may cost more than it gains.",
    mistakes=_mistakes_07_numbers.BREAK_EVEN,
)


def _seventh_way(weights, batches):
    """Return the loss of each batch, from before its step."""
    layers = keras.layers
    images = x = keras.Input([28, 28, 1])  # the functional style of Keras
    for kernels in (6, 16):
        x = layers.MaxPool2D(2)(layers.Conv2D(kernels, 3)(x))
        x = layers.ReLU()(x)
    x = layers.Flatten()(x)
    for units in (120, 84):
        x = layers.Dense(units, activation="relu")(x)
    model = keras.Model(images, layers.Dense(10)(x))
    model.set_weights(list(weights.values()))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.05), loss)
    losses = []
    for x, y in batches:
        model.reset_metrics()
        losses.append(float(model.train_on_batch(x, y)))
    return losses


def _start(seed):
    """Return weights and biases of He's scale in the shapes of lesson 07."""
    shapes = {"conv1": (3, 3, 1, 6), "conv2": (3, 3, 6, 16)}
    shapes |= {"dense1": (400, 120), "dense2": (120, 84), "dense3": (84, 10)}

    def weights():
        rng, found = np.random.default_rng(seed), {}
        for name, shape in shapes.items():
            scales = {"w": np.sqrt(2 / np.prod(shape[:-1])), "b": 0.1}
            for kind, size in {"w": shape, "b": shape[-1:]}.items():
                numbers = rng.normal(0, scales[kind], size)
                found[f"{name}_{kind}"] = numbers.astype(np.float32)
        return found

    return Fresh(weights)


def _few(steps, size):
    """Return training batches, float32 (size, 28, 28, 1) and int32 (size,)."""

    def batches():
        pairs = _open.batches(steps, size)
        return [(x[..., np.newaxis] / np.float32(255), y) for x, y in pairs]

    return Fresh(batches)


seventh_way = Exercise(
    _seventh_way,
    # What the eager way of the lesson gives, written down with TensorFlow 2.21.
    cases=[
        ((_start(1), _few(3, 8)), [2.241242, 2.547261, 2.399115]),
        ((_start(2), _few(2, 1)), [3.501745, 7.873495]),
        (
            (_start(0), _few(10, 128)),
            [
                *(2.543251, 2.326124, 2.131435, 2.019332, 1.928591),
                *(1.791541, 1.641002, 1.757543, 1.708869, 1.488846),
            ],
        ),
    ],
    hints=[
        "Begin with the first loss: it depends on the network and the loss alone, not "
        "on the steps. Which layer would you compare first if it is wrong?",
        "Keras's functional style is the nearest: `x = layer(x)` for one layer after "
        "the other, from `keras.Input([28, 28, 1])` on, then "
        "`keras.Model(images, x)`.",
        "`model.set_weights(list(weights.values()))` sets the start, "
        "`model.compile(keras.optimizers.SGD(0.05), loss)` the rule, and "
        "`model.train_on_batch(x, y)` takes a step and returns a loss.",
    ],
    why="In the functional style layers are called on placeholders, and Keras keeps "
    "the graph that arises: no class, and branches where you want them. The losses "
    "agree with the eager way to 1e-4, so network, start and rule are the same.",
    mistakes=_mistakes_07.SEVENTH_WAY,
    seconds=60,
)
