"""Wrong answers that learners give in lesson 04 about sizes, steps and losses."""

import numpy as np
import tensorflow as tf

from course_utils.exercises import Mistake


def _followed(side, stride, kernel=3, up=True, pools=2, stride_up=True):
    for number in range(2):
        side = side - kernel + 1
        if number < pools:
            side = side // 2 if up else -(-side // 2)
    places = side - 5 + 1
    return (-(-places // stride) if stride_up else places // stride), places


def _up(places, stride):
    return -(-places // stride)


FLAT_SIZE = [
    Mistake(
        "forgotten-channels",
        lambda side, stride: _followed(side, stride)[0] ** 2,
        "This counts the places of one map. How many maps does the third convolution "
        "make?",
    ),
    Mistake(
        "side-for-area",
        lambda side, stride: 32 * _followed(side, stride)[0],
        "A map has height times width numbers: the side is not squared.",
    ),
    Mistake(
        "floor-for-ceiling",
        lambda side, stride: 32 * _followed(side, stride, stride_up=False)[0] ** 2,
        "The stride's division rounds down. The first place is always used: round up,"
        " as in lesson 03.",
    ),
    Mistake(
        "ceiling-for-floor",
        lambda side, stride: 32 * _followed(side, stride, up=False)[0] ** 2,
        "The pools round up here. Without padding an odd side loses its last row.",
    ),
    Mistake(
        "ignored-argument",
        lambda side, stride: 32 * _followed(side, 1)[0] ** 2,
        "The stride has no effect. It matters as soon as the third convolution has "
        "two places.",
    ),
    Mistake(
        "ignored-argument",
        lambda side, stride: 32,
        "32 is the answer for 28 pixels only. Follow the side of the image through "
        "the layers.",
    ),
    Mistake(
        "ignored-argument",
        lambda side, stride: 32 * _followed(side, 2)[0] ** 2,
        "The stride is taken as 2 whatever is asked for.",
    ),
    Mistake(
        "same-for-valid",
        lambda side, stride: 32 * _followed(side, stride, kernel=1)[0] ** 2,
        "The first two convolutions keep the side here, as with padding. A window of "
        "3 that stays inside the image has two places fewer.",
    ),
    Mistake(
        "off-by-one",
        lambda side, stride: 32 * _followed(side, stride, kernel=4)[0] ** 2,
        "A convolution loses one place too many: a window of 3 fits at side - 2 "
        "places.",
    ),
    Mistake(
        "forgotten-pool",
        lambda side, stride: 32 * _followed(side, stride, pools=1)[0] ** 2,
        "There are two pools, one after each of the first two convolutions.",
    ),
    Mistake(
        "lost-layer",
        lambda side, stride: 32 * (_followed(side, 1)[1] + 4) ** 2,
        "The third convolution is missing: this is what the second pool leaves.",
    ),
    Mistake(
        "divided-area",
        lambda side, stride: 32 * -(-(_followed(side, 1)[1] ** 2) // stride),
        "The stride divides the number of all places. It acts on each of the two "
        "axes: divide the side, then square.",
    ),
    Mistake(
        "fraction",
        lambda side, stride: 32 * (_followed(side, 1)[1] / stride) ** 2,
        "A map has a whole number of places: the division by the stride rounds up.",
    ),
    Mistake(
        "off-by-one",
        lambda side, stride: 32 * _up(_followed(side, 1)[1] - 1, stride) ** 2,
        "The third convolution has one place too few: a window of 5 has one place in "
        "a row of 5.",
    ),
    Mistake(
        "off-by-one",
        lambda side, stride: 32 * (_followed(side, 1)[1] // stride + 1) ** 2,
        "One too many where the stride comes out even: 4 places at stride 2 are 2.",
    ),
    Mistake(
        "rounding",
        lambda side, stride: 32 * round(_followed(side, 1)[1] / stride) ** 2,
        "The stride's division is rounded to the nearest. The first place is always "
        "used: round up.",
    ),
    Mistake(
        "same-for-valid",
        lambda side, stride: 32 * _up(_followed(side, 1)[1] + 4, stride) ** 2,
        "The third convolution keeps the side here, as with padding. Its window of 5 "
        "stays inside.",
    ),
    Mistake(
        "wrong-order",
        lambda side, stride: 32 * (_up(_followed(side, 1)[1] + 4, stride) - 4) ** 2,
        "The stride divides before the window of 5 is taken away. It skips places, "
        "and those are what the window leaves.",
    ),
    Mistake(
        "stride-everywhere",
        lambda side, stride: (
            32 * _up(_up(_up(side - 2, stride) // 2 - 2, stride) // 2 - 4, stride) ** 2
        ),
        "All three convolutions have the stride here. Only the third one has it.",
    ),
]


LOSS_FLOOR = [
    Mistake(
        "ignored-argument",
        lambda classes: 1.4612,
        "1.4612 holds for ten classes. How many there are is an argument.",
    ),
    Mistake(
        "off-by-one",
        lambda classes: np.log(np.e + classes) - 1,
        "The right class is counted twice: how many other classes are there?",
    ),
    Mistake(
        "guessing",
        lambda classes: np.log(classes),
        "This is the loss of guessing, all classes alike. The best first softmax "
        "gives 1 to the right class.",
    ),
    Mistake(
        "single-softmax",
        lambda classes: 0.0,
        "With one softmax the loss can go to 0. The second one sees numbers between 0"
        " and 1 only.",
    ),
    Mistake(
        "wrong-sign",
        lambda classes: 1 - np.log(np.e + classes - 1),
        "The sign is turned. A loss is minus a logarithm, and not below 0 here.",
    ),
    Mistake(
        "probability-for-loss",
        lambda classes: np.e / (np.e + classes - 1),
        "This is the probability of the right class. The loss is minus its logarithm.",
    ),
    Mistake(
        "forgotten-exponential",
        lambda classes: np.log(classes) - 1,
        "The exponential of 0 is 1, and that of 1 is e. Which of the two stands for "
        "the right class in the sum?",
    ),
    Mistake(
        "forgotten-term",
        lambda classes: np.log(np.e + classes - 1),
        "The first term, the logarithm of the sum, is right. The logit of the right "
        "class is still to be taken away.",
    ),
    Mistake(
        "wrong-logarithm",
        lambda classes: np.log10(np.e + classes - 1) - np.log10(np.e),
        "This is the logarithm to base 10. A loss takes the natural one.",
    ),
    Mistake(
        "wrong-logarithm",
        lambda classes: np.log2(np.e + classes - 1) - np.log2(np.e),
        "This is the logarithm to base 2. A loss takes the natural one.",
    ),
    Mistake(
        "forgotten-others",
        lambda classes: -np.log(np.e / (np.e + 1)),
        "Only one other class is counted. e to the power of 0 is 1 for each of them.",
    ),
    Mistake(
        "wrong-logarithm",
        lambda classes: np.log10(np.e + classes - 1) - 1,
        "This is the logarithm to base 10. A loss takes the natural one.",
    ),
    Mistake(
        "wrong-logarithm",
        lambda classes: np.log2(np.e + classes - 1) - 1,
        "This is the logarithm to base 2. A loss takes the natural one.",
    ),
    Mistake(
        "kept-for-dropped",
        lambda classes: np.log(np.e * (classes - 1) + 1) - 1,
        "e stands for the other classes and 1 for the right one. It is the other way "
        "round.",
    ),
    Mistake(
        "forgotten-logarithm",
        lambda classes: np.e + classes - 1,
        "This is the sum of the exponentials. A loss is a logarithm.",
    ),
]


def _seen(network, loss_of, x, y, training, variables=None):
    """Return loss, logits and gradients in one of several ways."""
    with tf.GradientTape() as tape:
        logits = network(x, training=training)
        loss = loss_of(y, logits)
    found = network.trainable_variables if variables is None else variables(network)
    return loss, logits, tape.gradient(loss, found)


def _outside(network, loss_function, x, y, training=True):
    logits = network(x, training=training)
    with tf.GradientTape() as tape:
        loss = loss_function(y, logits)
    return loss, logits, tape.gradient(loss, network.trainable_variables)


def _two_of_three(network, loss_function, x, y, training=True):
    loss, _, gradients = _seen(network, loss_function, x, y, training)
    return loss, gradients


def _exchanged(network, loss_function, x, y, training=True):
    loss, logits, gradients = _seen(network, loss_function, x, y, training)
    return logits, loss, gradients


def _twice(network, loss_function, x, y, training=True):
    return _seen(
        network, lambda y, z: loss_function(y, tf.nn.softmax(z)), x, y, training
    )


def _labels_last(network, loss_function, x, y, training=True):
    return _seen(network, lambda y, z: loss_function(z, y), x, y, training)


def _summed(network, loss_function, x, y, training=True):
    return _seen(network, lambda y, z: len(x) * loss_function(y, z), x, y, training)


def _of_logits(network, loss_function, x, y, training=True):
    with tf.GradientTape() as tape:
        logits = network(x, training=training)
        loss = loss_function(y, logits)
    return loss, logits, tape.gradient(logits, network.trainable_variables)


def _calls_twice(network, loss_function, x, y, training=True):
    loss, _, gradients = _seen(network, loss_function, x, y, training)
    return loss, network(x, training=training), gradients


def _takes_a_step(network, loss_function, x, y, training=True):
    three = _seen(network, loss_function, x, y, training)
    for variable, gradient in zip(network.trainable_variables, three[2], strict=True):
        variable.assign_sub(0.1 * gradient)
    return three


LOOK = [
    Mistake(
        "training-flag",
        lambda network, loss, x, y, training=True: _seen(network, loss, x, y, False),
        "The network is called as in use. Hand the flag on: `training=training`.",
    ),
    Mistake(
        "training-flag",
        lambda network, loss, x, y, training=True: _seen(network, loss, x, y, True),
        "The network is called as in training even when the flag says False. Hand it "
        "on: `training=training`.",
    ),
    Mistake(
        "outside-the-tape",
        _outside,
        "The network was called before the tape began to record. The whole way from "
        "the variables to the loss belongs inside the `with` block.",
    ),
    Mistake(
        "all-variables",
        lambda network, loss, x, y, training=True: _seen(
            network, loss, x, y, training, lambda network: network.variables
        ),
        "Gradients are asked for all variables, the moving averages among them, and "
        "no path leads to those. Which ones are trainable?",
    ),
    Mistake(
        "double-softmax",
        _twice,
        "The loss gets probabilities where it expects logits: it makes a softmax of "
        "its own.",
    ),
    Mistake(
        "exchanged-arguments",
        _labels_last,
        "Labels and logits are exchanged: a Keras loss takes the labels first.",
    ),
    Mistake(
        "one-of-two",
        _two_of_three,
        "Three things are asked for: the loss, the logits, and the list of gradients.",
    ),
    Mistake(
        "exchanged-pair",
        _exchanged,
        "The three come in another order: the loss, the logits, the gradients.",
    ),
    Mistake(
        "summed-loss",
        _summed,
        "The loss is as large as the sum over the batch. Take what the loss function "
        "gives: it is the mean already.",
    ),
    Mistake(
        "training-flag",
        lambda network, loss, x, y, training=True: _seen(
            network, loss, x, y, not training
        ),
        "The flag is turned round: training where it says in use.",
    ),
    Mistake(
        "logits-for-loss",
        _of_logits,
        "These are gradients of the logits, added up. The tape is asked for those of "
        "the loss.",
    ),
    Mistake(
        "exchanged-pair",
        lambda *given: (lambda a, b, c: (a, c, b))(*_seen(*given)),
        "The three come in another order: the loss, the logits, the gradients.",
    ),
    Mistake(
        "readings-for-logits",
        lambda *given: (lambda a, b, c: (a, tf.argmax(b, axis=1), c))(*_seen(*given)),
        "The logits have become readings. The ten numbers of each row themselves are "
        "asked for.",
    ),
    Mistake(
        "wrong-sign",
        lambda *given: (lambda a, b, c: (a, b, [-g for g in c]))(*_seen(*given)),
        "The gradients are turned round. The optimizer takes the step against them.",
    ),
    Mistake(
        "second-call",
        _calls_twice,
        "The network is called twice. With the flag, each call moves the averages of "
        "batch normalisation; the logits are there after the first.",
    ),
    Mistake(
        "step-for-gradient",
        _takes_a_step,
        "The three are right, but the weights have changed: the step is the "
        "optimizer's, and comes later.",
    ),
]
