"""Wrong answers that learners give in lesson 04, and what points at their cause."""

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
]


def _normalised(x, axes=(0, 1, 2), keepdims=True):
    mean = x.mean(axis=axes, keepdims=keepdims)
    variance = x.var(axis=axes, keepdims=keepdims)
    return (x - mean) / np.sqrt(variance + 0.001)


def _moments(x):
    return x.mean(axis=(0, 1, 2)), x.var(axis=(0, 1, 2))


def _scaled(how):
    """Return batch normalisation with another way to divide."""

    def norm(x, gamma, beta):
        mean, variance = _moments(x)
        return gamma * (x - mean) / how(variance) + beta

    return norm


def _overwrites(x, gamma, beta):
    mean, variance = _moments(x)
    x -= mean
    x /= np.sqrt(variance + 0.001)
    return gamma * x + beta


BATCH_NORM = [
    Mistake(
        "wrong-axis",
        lambda x, gamma, beta: gamma * _normalised(x, (1, 2)) + beta,
        "Each image has a mean of its own here. The batch is averaged over as well: "
        "one mean for each channel.",
    ),
    Mistake(
        "wrong-axis",
        lambda x, gamma, beta: gamma * _normalised(x, 0) + beta,
        "Each place has a mean of its own here. All places of a channel share one: "
        "average over height and width too.",
    ),
    Mistake(
        "wrong-axis",
        lambda x, gamma, beta: gamma * _normalised(x, None) + beta,
        "One mean is taken over everything, and the channels are mixed. Each channel "
        "has its own.",
    ),
    Mistake(
        "wrong-axis",
        lambda x, gamma, beta: gamma * _normalised(x, -1) + beta,
        "The mean runs over the channels of one place. It has to run over everything "
        "but the channels.",
    ),
    Mistake(
        "epsilon-outside",
        _scaled(lambda v: np.sqrt(v) + 0.001),
        "The 0.001 is added to the deviation. It belongs to the variance, under the "
        "root.",
    ),
    Mistake(
        "forgotten-epsilon",
        _scaled(np.sqrt),
        "The 0.001 is missing: a channel that is the same everywhere divides by 0, "
        "and the others are a little off.",
    ),
    Mistake(
        "variance-for-deviation",
        _scaled(lambda v: v + 0.001),
        "This divides by the variance. The root is missing.",
    ),
    Mistake(
        "forgotten-division",
        lambda x, gamma, beta: gamma * (x - _moments(x)[0]) + beta,
        "The mean is taken away, but nothing is divided: the spread stays what it was.",
    ),
    Mistake(
        "forgotten-parameters",
        lambda x, gamma, beta: _normalised(x),
        "`gamma` and `beta` have no effect: they scale and shift what was normalised.",
    ),
    Mistake(
        "exchanged-parameters",
        lambda x, gamma, beta: beta * _normalised(x) + gamma,
        "`gamma` and `beta` are exchanged: which one multiplies?",
    ),
    Mistake(
        "forgotten-parameters",
        lambda x, gamma, beta: gamma * _normalised(x),
        "`beta` has no effect. It is added at the end.",
    ),
    Mistake(
        "order-of-parameters",
        lambda x, gamma, beta: gamma * (_normalised(x) + beta),
        "`beta` is multiplied by `gamma` too. Multiply first, then add.",
    ),
    Mistake(
        "training-flag",
        lambda x, gamma, beta: gamma * x / np.sqrt(1.001) + beta,
        "This uses a mean of 0 and a variance of 1, the moving averages at their "
        "start. In training the batch's own are used.",
    ),
    Mistake(
        "changed-argument",
        _overwrites,
        "The numbers are right, but the function overwrites the feature maps that it "
        "was given.",
    ),
]


DROPOUT = [
    Mistake(
        "forgotten-division",
        lambda x, keep, rate, training: x * keep if training else x,
        "What is kept must grow, or the mean shrinks: divide by the share that is "
        "kept.",
    ),
    Mistake(
        "kept-for-dropped",
        lambda x, keep, rate, training: x * keep / rate if training else x,
        "This divides by the rate, the share that is dropped. Which share is left?",
    ),
    Mistake(
        "wrong-sign",
        lambda x, keep, rate, training: x * keep * (1 - rate) if training else x,
        "What is kept is made smaller. It must grow, so that the mean stays.",
    ),
    Mistake(
        "inverted-mask",
        lambda x, keep, rate, training: (
            np.where(keep, 0, x) / (1 - rate) if training else x
        ),
        "`keep` is True where a unit stays, and these are set to 0 here.",
    ),
    Mistake(
        "training-flag",
        lambda x, keep, rate, training: x * keep / (1 - rate),
        "Units are dropped in use as well. With training False nothing happens to x.",
    ),
    Mistake(
        "training-flag",
        lambda x, keep, rate, training: x if training else x * keep / (1 - rate),
        "The two cases are exchanged: dropout works in training and does nothing in "
        "use.",
    ),
    Mistake(
        "scaled-in-use",
        lambda x, keep, rate, training: x * keep if training else x * (1 - rate),
        "This scales in use, as old papers do. Here the correction belongs to "
        "training, and in use nothing happens.",
    ),
    Mistake(
        "scaled-in-use",
        lambda x, keep, rate, training: (
            x * keep / (1 - rate) if training else x / (1 - rate)
        ),
        "In use x comes out larger. There nothing was dropped, so nothing needs a "
        "correction.",
    ),
    Mistake(
        "lost-shape",
        lambda x, keep, rate, training: x[keep] / (1 - rate) if training else x,
        "The dropped units are gone, and with them the shape. They stay in their "
        "places, as zeros.",
    ),
    Mistake(
        "all-scaled",
        lambda x, keep, rate, training: x / (1 - rate) if training else x,
        "Nothing is set to 0: `keep` has no effect.",
    ),
    Mistake(
        "changed-argument",
        lambda x, keep, rate, training: (
            (x.__setitem__(~keep, 0), x / (1 - rate))[1] if training else x
        ),
        "The numbers are right, but the function sets the zeros in the array that it "
        "was given.",
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
]
