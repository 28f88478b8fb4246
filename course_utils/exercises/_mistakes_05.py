"""Wrong answers that learners give in lesson 05, and what points at their cause."""

import numpy as np

from course_utils.exercises import Mistake


def _walked(windows, step):
    """Follow the windows backwards with another rule."""
    width = 1
    for size, stride in reversed(windows):
        width = step(width, size, stride)
    return width


def _forgets_the_last_stride(windows):
    width, jump = 1, 1
    for size, stride in windows:
        jump *= stride
        width += (size - 1) * jump
    return width


FIELD_WIDTH = [
    Mistake(
        "ignored-argument",
        lambda windows: _walked(windows, lambda w, size, stride: w + size - 1),
        "The strides have no effect. Behind a stride of 2 neighbouring windows begin "
        "two places apart.",
    ),
    Mistake(
        "off-by-one",
        lambda windows: _walked(windows, lambda w, size, stride: w * stride + size - 1),
        "One too many: a single unit, of width 1, sees exactly `size` places. How "
        "many steps lie between the first and the last of `width` windows?",
    ),
    Mistake(
        "off-by-one",
        lambda windows: _walked(windows, lambda w, size, stride: w * stride + size),
        "A single unit sees exactly `size` places; here it sees more. How many steps "
        "lie between the first and the last of `width` windows?",
    ),
    Mistake(
        "gaps-forgotten",
        lambda windows: _walked(windows, lambda w, size, stride: w * size),
        "The windows of neighbouring units overlap where the stride is smaller than "
        "the window, so sizes are not multiplied.",
    ),
    Mistake(
        "order-of-layers",
        lambda windows: _walked(
            windows[::-1], lambda w, size, stride: (w - 1) * stride + size
        ),
        "The layers are walked from the image upwards. The rule leads from a unit "
        "down to the image: begin with the last layer.",
    ),
    Mistake(
        "sum-for-product",
        lambda windows: sum(size for size, _ in windows),
        "The sizes are added up. Neighbouring windows share places.",
    ),
    Mistake(
        "lost-layer",
        lambda windows: windows[-1][0] if windows else 1,
        "Only the last layer is looked at. Its window lies on a feature map, not on "
        "the image.",
    ),
    Mistake(
        "own-stride",
        _forgets_the_last_stride,
        "A layer's stride acts on the layers above it, not on its own window.",
    ),
    Mistake(
        "padding-size",
        lambda windows: _walked(
            windows, lambda w, size, stride: (w - size) // stride + 1
        ),
        "This is the rule for the size of a feature map. The field is asked the other"
        " way round: from one unit to the pixels.",
    ),
    Mistake(
        "empty-list",
        lambda windows: (
            windows[0][1] * 0
            + _walked(windows, lambda w, size, stride: (w - 1) * stride + size)
        ),
        "Without any layer a unit is a pixel, and its field is 1.",
    ),
]


WHOLE_GRADIENT = [
    Mistake(
        "mean-of-means",
        lambda g, c: g.mean(axis=0),
        "The mean over the pieces counts a small piece as much as a large one. How "
        "many images does each row stand for?",
    ),
    Mistake(
        "sum-for-mean",
        lambda g, c: g.sum(axis=0),
        "The rows are added up. The gradient of a mean is a mean, with a weight for "
        "each piece.",
    ),
    Mistake(
        "forgotten-division",
        lambda g, c: c @ g,
        "This is the gradient of the summed loss. Divide by the number of all images.",
    ),
    Mistake(
        "wrong-divisor",
        lambda g, c: c @ g / len(c),
        "The sum is divided by the number of pieces. What is averaged are images.",
    ),
    Mistake(
        "wrong-axis",
        lambda g, c: g @ np.ones(g.shape[1]) * c / c.sum(),
        "The sum runs over the numbers of a gradient. It has to run over the pieces: "
        "one number for each column is left.",
    ),
    Mistake(
        "no-reduction",
        lambda g, c: g * c[:, None] / c.sum(),
        "Each piece has its weight; they are still to be added up.",
    ),
    Mistake(
        "inverted-weights",
        lambda g, c: (1 / np.maximum(c, 1)) @ g / (1 / np.maximum(c, 1)).sum(),
        "The smaller the piece, the more it counts here. It is the other way round.",
    ),
    Mistake(
        "fixed-size",
        lambda g, c: c @ g / 128,
        "This divides by 128. Divide by the number of images that the counts add up "
        "to.",
    ),
    Mistake(
        "fixed-size",
        lambda g, c: c @ g / 55_000,
        "This divides by 55,000. Divide by the number of images that the counts add "
        "up to.",
    ),
    Mistake(
        "wrong-sign",
        lambda g, c: -(c @ g) / c.sum(),
        "The sign is turned. The gradient is asked for, not the step against it.",
    ),
]


def _stopped(losses, patience, better=lambda new, old: new < old, late=0, kept="best"):
    best = 0
    for epoch, loss in enumerate(losses):
        if better(loss, losses[best]):
            best = epoch
        if epoch - best == patience + late:
            break
    return (best if kept == "best" else epoch) + 1, epoch + 1


def _never_below_one(losses, patience):
    best, lowest = 0, 1.0
    for epoch, loss in enumerate(losses):
        if loss < lowest:
            best, lowest = epoch, loss
        if epoch - best == patience:
            break
    return best + 1, epoch + 1


def _against_the_last(losses, patience):
    best, waited = 0, 0
    for epoch, loss in enumerate(losses):
        waited = waited + 1 if epoch and loss >= losses[epoch - 1] else 0
        if loss < losses[best]:
            best = epoch
        if waited == patience:
            break
    return best + 1, epoch + 1


def _patience_in_all(losses, patience):
    best, waited = 0, 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        elif epoch:
            waited += 1
        if waited == patience:
            break
    return best + 1, epoch + 1


EARLY_STOPPING = [
    Mistake(
        "looks-ahead",
        lambda losses, patience: (
            int(np.argmin(losses)) + 1,
            _stopped(losses, patience)[1],
        ),
        "The lowest loss of all is kept, also where it comes after the stop. The "
        "training has not seen it.",
    ),
    Mistake(
        "never-stops",
        lambda losses, patience: (int(np.argmin(losses)) + 1, len(losses)),
        "The training never stops early: all epochs are trained.",
    ),
    Mistake(
        "off-by-one",
        lambda losses, patience: tuple(
            np.subtract(_stopped(losses, patience), 1).tolist()
        ),
        "The epochs are counted from 0. The first one is epoch 1.",
    ),
    Mistake(
        "off-by-one",
        lambda losses, patience: _stopped(losses, patience, late=1),
        "The training waits one epoch too long: with patience 1, the first epoch "
        "without a lower loss is the last.",
    ),
    Mistake(
        "off-by-one",
        lambda losses, patience: _stopped(losses, patience, late=-1),
        "The training stops one epoch too early: `patience` epochs in a row may pass "
        "without a lower loss.",
    ),
    Mistake(
        "last-for-best",
        lambda losses, patience: _stopped(losses, patience, kept="last"),
        "The weights of the last epoch are kept. Asked for are those of the lowest "
        "loss.",
    ),
    Mistake(
        "equal-counts",
        lambda losses, patience: _stopped(
            losses, patience, better=lambda new, old: new <= old
        ),
        "An equal loss counts as an improvement here. It has not gone below the "
        "lowest value.",
    ),
    Mistake(
        "against-the-last",
        _against_the_last,
        "Each loss is compared with the one before. It has to go below the lowest so "
        "far.",
    ),
    Mistake(
        "patience-in-all",
        _patience_in_all,
        "The epochs without a lower loss are counted over the whole training. They "
        "have to follow one another: a lower loss sets the count back.",
    ),
    Mistake(
        "start-from-one",
        _never_below_one,
        "The search for the lowest loss begins at 1. Losses can all lie above 1: "
        "begin with the first of them.",
    ),
    Mistake(
        "exchanged-pair",
        lambda losses, patience: _stopped(losses, patience)[::-1],
        "The two numbers are exchanged: first the epoch that is kept, then the last "
        "one trained.",
    ),
    Mistake(
        "largest-loss",
        lambda losses, patience: _stopped(
            losses, patience, better=lambda new, old: new > old
        ),
        "The highest loss is taken for the best. A loss is the better, the lower.",
    ),
]
