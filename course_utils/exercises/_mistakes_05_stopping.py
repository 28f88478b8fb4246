"""Wrong answers that learners give in lesson 05 about early stopping."""

import numpy as np

from course_utils.exercises import Mistake


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


def _lowest_from(lowest, losses, patience):
    kept, waited = 1, 0
    for epoch, loss in enumerate(losses, start=1):
        waited += 1
        if loss < lowest:
            lowest, kept, waited = loss, epoch, 0
        if waited == patience:
            break
    return kept, epoch


def _breaks_before_it_looks(losses, patience):
    best = 0
    for epoch, loss in enumerate(losses):
        if epoch - best == patience:
            break
        if loss < losses[best]:
            best = epoch
    return best + 1, epoch + 1


def _previous_counts_as_best(losses, patience):
    best = 0
    for epoch in range(1, len(losses)):
        if losses[epoch] < losses[epoch - 1]:
            best = epoch
        if epoch - best == patience:
            break
    return best + 1, epoch + 1


def _returns_only_when_it_stops(losses, patience):
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        if epoch - best == patience:
            return best + 1, epoch + 1


def _waits_from_the_first(losses, patience):
    best, waited = 0, 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best, waited = epoch, 0
        else:
            waited += 1
        if waited >= patience:
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
    Mistake(
        "start-from-zero",
        lambda losses, patience: _lowest_from(0, losses, patience),
        "The search for the lowest loss begins at 0, and no loss lies below that. "
        "Begin with the first of them.",
    ),
    Mistake(
        "wrong-order",
        _breaks_before_it_looks,
        "The loop asks whether to stop before it has looked at the loss of this epoch.",
    ),
    Mistake(
        "off-by-one",
        lambda losses, patience: (
            _stopped(losses, patience)[0],
            _stopped(losses, patience)[1] - 1,
        ),
        "The last epoch trained is counted from 0, the one that is kept from 1.",
    ),
    Mistake(
        "off-by-one",
        lambda losses, patience: (
            _stopped(losses, patience)[0] - 1,
            _stopped(losses, patience)[1],
        ),
        "The epoch that is kept is counted from 0, the last one trained from 1.",
    ),
    Mistake(
        "one-of-two",
        lambda losses, patience: _stopped(losses, patience)[0],
        "Two numbers are asked for: the epoch that is kept, and the last one trained.",
    ),
    Mistake(
        "best-for-last",
        lambda losses, patience: _stopped(losses, patience)[:1] * 2,
        "The second number is the epoch that is kept, once more. The training went on "
        "a while after it.",
    ),
    Mistake(
        "value-for-position",
        lambda losses, patience: (
            losses[_stopped(losses, patience)[0] - 1],
            _stopped(losses, patience)[1],
        ),
        "The first number is the lowest loss. Asked for is its epoch.",
    ),
    Mistake(
        "forgotten-reset",
        _previous_counts_as_best,
        "A loss below the one before counts as the best. It has to go below the "
        "lowest so far.",
    ),
    Mistake(
        "return-in-loop",
        _returns_only_when_it_stops,
        "Where the training never stops early, the function ends without return.",
    ),
    Mistake(
        "start-from-one",
        lambda losses, patience: _lowest_from(1.0, losses, patience),
        "The search for the lowest loss begins at 1. Losses can all lie above 1: "
        "begin with the first of them.",
    ),
    Mistake(
        "off-by-one",
        _waits_from_the_first,
        "The first epoch counts as one without a lower loss. It is the lowest so far.",
    ),
]
