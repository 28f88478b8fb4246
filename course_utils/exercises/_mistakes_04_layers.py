"""Wrong answers that learners give in lesson 04 about layers."""

import numpy as np

from course_utils.exercises import Mistake


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


def _scaled_without_mean(x, gamma, beta):
    return gamma * x / np.sqrt(_moments(x)[1] + 0.001) + beta


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
    Mistake(
        "wrong-axis",
        lambda x, gamma, beta: gamma * _normalised(x, (1, 2, 3)) + beta,
        "Each image has a mean of its own, over all channels. It is the other way "
        "round: each channel has one, over all images.",
    ),
    Mistake(
        "wrong-axis",
        lambda x, gamma, beta: gamma * _normalised(x, (0, 1)) + beta,
        "One of the axes of the image is left out: each column has a mean of its own.",
    ),
    Mistake(
        "forgotten-keepdims",
        lambda x, gamma, beta: gamma * _normalised(x, (1, 2), keepdims=False) + beta,
        "The means have the shape (batch, channels), and broadcasting lines up the "
        "wrong axes. And the batch is to be averaged over as well.",
    ),
    *(
        Mistake(
            "wrong-epsilon",
            _scaled(lambda v, e=epsilon: np.sqrt(v + e)),
            "The number under the root is not the layer's: Keras adds 0.001.",
        )
        for epsilon in (1e-5, 0.01)
    ),
    Mistake(
        "wrong-sign",
        _scaled(lambda v: np.sqrt(v - 0.001)),
        "The 0.001 is taken away. It is added, so that nothing is divided by 0.",
    ),
    Mistake(
        "sample-variance",
        lambda x, gamma, beta: (
            gamma * (x - _moments(x)[0]) / np.sqrt(x.var((0, 1, 2), ddof=1) + 0.001)
            + beta
        ),
        "`ddof=1` divides by one less than the number of values. The formula takes "
        "the mean of the squares.",
    ),
    Mistake(
        "forgotten-parameters",
        lambda x, gamma, beta: _normalised(x) + beta,
        "`gamma` has no effect. It scales what was normalised.",
    ),
    Mistake(
        "precedence",
        lambda x, gamma, beta: (
            gamma * x - _moments(x)[0] / np.sqrt(_moments(x)[1] + 0.001) + beta
        ),
        "Division comes before subtraction: only the mean is divided here.",
    ),
    Mistake(
        "forgotten-mean",
        _scaled_without_mean,
        "The mean is not taken away: only the spread is brought to 1.",
    ),
    Mistake(
        "training-flag",
        lambda x, gamma, beta: x / np.sqrt(1.001),
        "A new layer is called as in use, with its moving averages 0 and 1, and its "
        "own gamma and beta. Write the formula for training.",
    ),
    Mistake(
        "return-in-loop",
        lambda x, gamma, beta: (gamma * _normalised(x) + beta)[..., 0],
        "The first channel alone comes back: is there a return inside the loop?",
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
    Mistake(
        "precedence",
        lambda x, keep, rate, training: x * keep / 1 - rate if training else x,
        "Without brackets the 1 divides and the rate is subtracted from everything.",
    ),
    Mistake(
        "scaled-by-share",
        lambda x, keep, rate, training: x * keep / np.mean(keep) if training else x,
        "This divides by the share that happens to be kept. The layer takes the one "
        "that is kept on average.",
    ),
    Mistake(
        "training-flag",
        lambda x, keep, rate, training: x * keep / (1 - rate if training else 1),
        "Units are dropped in use as well. With training False nothing happens to x.",
    ),
    Mistake(
        "wrong-sign",
        lambda x, keep, rate, training: x * keep / (1 + rate) if training else x,
        "1 + rate is more than everything. Which share is left?",
    ),
    Mistake(
        "wrong-sign",
        lambda x, keep, rate, training: x * keep / (rate - 1) if training else x,
        "The share that is left is 1 - rate. This is the negative of it.",
    ),
    Mistake(
        "forgotten-zeros",
        lambda x, keep, rate, training: (
            np.where(keep, x / (1 - rate), x) if training else x
        ),
        "The dropped units keep their value. They are to give 0.",
    ),
    Mistake(
        "kept-for-dropped",
        lambda x, keep, rate, training: x * keep * rate if training else x,
        "This multiplies by the share that is dropped. What is kept must grow.",
    ),
    Mistake(
        "mask-for-value",
        lambda x, keep, rate, training: keep / (1 - rate) if training else x,
        "x does not occur in training: the mask alone comes back.",
    ),
]
