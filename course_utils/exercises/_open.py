"""What the open tasks share: training data, and a judge of trained networks.

A learner's function trains and returns two things, a function from images to logits and
the variables that it uses. The judge believes neither: it counts the numbers, looks
whether the logits come from them, and reads the validation images itself.
"""

import numpy as np

from course_utils import data
from course_utils.exercises import Mistake, _telling
from course_utils.exercises._calling import Fresh, Once

TRAINING = 55_000  # images; those after them validate


def batches(steps=None, batch_size=64):
    """Return training batches in random order that can be looped over once.

    Args:
        steps: how many batches; without it as many as hold all images.
        batch_size: images in each.

    Returns:
        An iterable of pairs, uint8 (batch, 28, 28) and int32 (batch,).
    """

    def make():
        (images, labels), _ = data.load_mnist()
        order = np.random.default_rng(0).permutation(TRAINING)
        stop = TRAINING if steps is None else steps * batch_size
        for start in range(0, stop, batch_size):
            rows = order[start : start + batch_size]
            yield images[rows], labels[rows].astype(np.int32)

    return Once(make)


def training_set(count=TRAINING):
    """Return arguments that are loaded when a function is called with them.

    Args:
        count: how many of the first training images.

    Returns:
        A pair, of uint8 (count, 28, 28) and int32 (count,).
    """

    def images():
        return data.load_mnist()[0][0][:count].copy()

    def labels():
        return data.load_mnist()[0][1][:count].astype(np.int32)

    return Fresh(images), Fresh(labels)


def has_form(most):
    """Return a judge of what `train` returned: its form and its number of numbers.

    Args:
        most: the largest number of numbers in the variables.
    """
    import tensorflow as tf

    def judge(value):
        if not isinstance(value, list | tuple) or len(value) != 2:
            return "should give two things: the function and the list of variables."
        read, variables = value
        if not callable(read):
            return "should give a function first: from images to logits."
        if not isinstance(variables, list | tuple):
            return "should give the variables as a list, after the function."
        sizes = [int(np.prod(variable.shape)) for variable in variables]
        if sum(sizes) > most:
            return f"gives variables with more than {most:,} numbers."
        images = _validation()[0][:10]
        with tf.GradientTape() as tape:
            logits = read(images)
        if _telling.is_symbolic(logits):
            return "gives a function whose result is a tensor of a graph, not numbers."
        logits = np.asarray(logits)
        # A variable of Keras holds one of TensorFlow.
        listed = {id(getattr(v, "_value", v)) for v in variables}
        hidden = [v for v in tape.watched_variables() if id(v) not in listed]
        if logits.shape != (10, 10):
            return "gives a function whose result for 10 images is not (10, 10)."
        if not np.all(np.isfinite(logits)):
            return "gives a function whose logits are not all finite numbers."
        if np.allclose(logits.sum(axis=1), 1, atol=1e-3) and logits.min() >= 0:
            return "gives a function whose rows add up to 1: probabilities, not logits."
        if hidden:
            return (
                "gives a function that uses variables which are not in the list: list "
                "every variable that it uses."
            )
        before = [variable.numpy() for variable in variables]
        for variable in variables:
            variable.assign(np.zeros(variable.shape))
        blind = np.asarray(read(images))
        for variable, old in zip(variables, before, strict=True):
            variable.assign(old)
        if not np.allclose(blind, blind[:1], atol=1e-4):
            return (
                "gives a function that tells images apart even when all listed "
                "variables are 0: list every variable that it uses."
            )
        return None

    return judge


def reads(target, most):
    """Return a judge of what `train` returned: form, numbers, and validation accuracy.

    Args:
        target: the smallest share of the 5,000 validation images to be read.
        most: as for `has_form`.
    """
    form = has_form(most)

    def judge(value):
        if short := form(value):
            return short
        images, labels = _validation()
        pieces = [value[0](images[i : i + 250]) for i in range(0, len(images), 250)]
        share = np.mean(np.argmax(np.concatenate(pieces), axis=1) == labels)
        if share < target:
            return (
                f"reads {share:.2%} of the validation images; "
                f"{target:.1%} are asked for."
            )
        return None

    return judge


def _validation():
    (images, labels), _ = data.load_mnist()
    return images[TRAINING:], labels[TRAINING:]


def _untrained(units=16, layers=1):
    """Return a small network as a learner's function would, and its variables."""
    import tensorflow as tf

    sizes, rng = [784, *[units] * layers, 10], np.random.default_rng(0)
    weights = [
        tf.Variable(rng.normal(0, 0.05, pair).astype(np.float32))
        for pair in zip(sizes, sizes[1:], strict=False)
    ]

    def read(images):
        x = tf.reshape(tf.cast(images, tf.float32), (-1, 784)) / 255
        for w in weights[:-1]:
            x = tf.nn.relu(x @ w)
        return x @ weights[-1]

    return read, weights


def _returns(change, **sizes):
    """Return a function that gives something else than it should."""

    def train(*_):
        return change(*_untrained(**sizes))

    return train


def _softmax(logits):
    e = np.exp(np.asarray(logits))
    return e / e.sum(axis=1, keepdims=True)


def _of_a_graph(*_):
    """Return a function that adds operations to a graph of TensorFlow 1."""
    import tensorflow as tf

    graph = tf.Graph()
    with graph.as_default():
        w = tf.compat.v1.get_variable("w", (784, 10), use_resource=True)

    def read(images):
        with graph.as_default():
            return tf.reshape(tf.cast(images, tf.float32), (-1, 784)) @ w

    return read, [w]


MISTAKES = [
    Mistake(
        "too-many-parameters",
        _returns(lambda read, w: (read, w), units=1024),
        "The network is too large. Which of its layers holds most of the numbers?",
    ),
    Mistake(
        "unlisted-variables",
        _returns(lambda read, w: (read, w[:0])),
        "Some variables are not in the list. With Keras, `network.variables` "
        "has them all.",
    ),
    Mistake(
        "softmax-for-logits",
        _returns(lambda read, w: (lambda images: _softmax(read(images)), w)),
        "The function ends in a softmax. Logits are asked for: what goes into it.",
    ),
    Mistake(
        "classes-for-logits",
        _returns(lambda read, w: (lambda images: np.argmax(read(images), axis=1), w)),
        "The function returns the digits. Ten logits for each image are asked for.",
    ),
    Mistake(
        "count-for-list",
        _returns(lambda read, w: (read, len(w))),
        "The second thing is a number. Hand in the variables themselves, in a list.",
    ),
    Mistake(
        "one-of-two",
        _returns(lambda read, w: read),
        "Return two things: the function, and the list of its variables.",
    ),
    Mistake(
        "exchanged-pair",
        _returns(lambda read, w: (w, read)),
        "First the function itself, not called, then the list of its variables.",
    ),
    Mistake(
        "unrun-tensor",
        _of_a_graph,
        "The function that you return still builds a graph. It is to work without a "
        "session: let the weights cross as arrays, and make variables of them.",
    ),
]
