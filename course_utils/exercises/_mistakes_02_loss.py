"""Wrong answers that learners give in lesson 02 about loss and accuracy."""

import numpy as np

from course_utils.exercises import Mistake
from course_utils.exercises._mistakes_02 import softmax


def _readings(outputs):
    return np.argmax(outputs, axis=1)


def _reshapes_labels(outputs, labels):
    labels.shape = (-1,)
    return np.mean(_readings(outputs) == labels)


SHARE_CORRECT = [
    Mistake(
        "label-broadcast",
        lambda outputs, labels: np.mean(_readings(outputs) == labels),
        "Where the labels have the shape (batch, 1), every reading meets every label:"
        " print the shape of the comparison.",
    ),
    Mistake(
        "wrong-axis",
        lambda outputs, labels: np.mean(np.argmax(outputs, axis=0) == np.ravel(labels)),
        "Over axis 0 you learn which image has the largest output in each class. A "
        "reading runs over the classes of one image.",
    ),
    Mistake(
        "wrong-axis",
        lambda outputs, labels: np.mean(np.argmax(outputs) == np.ravel(labels)),
        "Without an axis there is one position for the whole table. Each row needs "
        "its own.",
    ),
    Mistake(
        "wrong-axis",
        lambda outputs, labels: np.mean(
            _readings(softmax(outputs, axis=0)) == np.ravel(labels)
        ),
        "A softmax over axis 0 lets images compete with each other and changes which "
        "output of a row is the largest.",
    ),
    Mistake(
        "value-for-position",
        lambda outputs, labels: np.mean(np.max(outputs, axis=1) == np.ravel(labels)),
        "The largest output itself is compared with the label. The reading is its "
        "position.",
    ),
    Mistake(
        "count-for-share",
        lambda outputs, labels: np.sum(_readings(outputs) == np.ravel(labels)),
        "This counts the rows that are right. A share is that number divided by the "
        "number of rows.",
    ),
    Mistake(
        "error-for-share",
        lambda outputs, labels: np.mean(_readings(outputs) != np.ravel(labels)),
        "This is the share of mistakes. Asked for are the rows that are right.",
    ),
    Mistake(
        "smallest-output",
        lambda outputs, labels: np.mean(np.argmin(outputs, axis=1) == np.ravel(labels)),
        "The reading is taken from the smallest output.",
    ),
    Mistake(
        "no-reduction",
        lambda outputs, labels: _readings(outputs) == np.ravel(labels),
        "This says of each row whether it is right. One number is still to be made of"
        " it.",
    ),
    Mistake(
        "squeezed-away",
        lambda outputs, labels: np.mean(_readings(outputs) == labels[:, 0]),
        "Labels of shape (batch,) have no second axis to take away, and both shapes "
        "are allowed.",
    ),
    Mistake(
        "fixed-size",
        lambda outputs, labels: np.sum(_readings(outputs) == np.ravel(labels)) / 128,
        "This divides by 128. Divide by the number of rows that came.",
    ),
    Mistake(
        "percent-for-share",
        lambda outputs, labels: 100 * np.mean(_readings(outputs) == np.ravel(labels)),
        "This is a percentage. A share lies between 0 and 1.",
    ),
    Mistake(
        "label-broadcast",
        lambda outputs, labels: np.mean(_readings(outputs)[:, None] == labels),
        "Now the readings are a column, and labels of shape (batch,) meet all of "
        "them. Both shapes of labels are allowed.",
    ),
    Mistake(
        "one-hot-for-labels",
        lambda outputs, labels: np.mean(
            _readings(outputs) == (np.argmax(labels, 1) if labels.ndim == 2 else labels)
        ),
        "Labels of shape (batch, 1) are taken for one-hot rows. They hold the class "
        "itself, in a column.",
    ),
    Mistake(
        "changed-argument",
        _reshapes_labels,
        "The share is right, but `labels` has another shape afterwards. `np.reshape` "
        "gives a new array.",
    ),
    Mistake(
        "label-broadcast",
        lambda outputs, labels: np.mean(
            np.any(np.atleast_2d(_readings(outputs) == labels), axis=1)
        ),
        "`any` asks whether a reading meets some label of the batch. It is to meet "
        "its own.",
    ),
    Mistake(
        "return-in-loop",
        lambda outputs, labels: (
            (np.argmax(outputs[0]) == np.ravel(labels)[0]) / len(labels)
        ),
        "Only the first row is counted: is there a return inside the loop?",
    ),
    Mistake(
        "wrong-divisor",
        lambda outputs, labels: np.sum(_readings(outputs) == np.ravel(labels)) / 10,
        "This divides by the number of classes. Divide by the number of rows.",
    ),
    Mistake(
        "all-or-nothing",
        lambda outputs, labels: float(np.all(_readings(outputs) == np.ravel(labels))),
        "This says whether all rows are right. Asked is which share of them.",
    ),
    Mistake(
        "all-or-nothing",
        lambda outputs, labels: np.array_equal(_readings(outputs), np.ravel(labels)),
        "This says whether all rows are right. Asked is which share of them.",
    ),
    Mistake(
        "off-by-one",
        lambda outputs, labels: np.mean(_readings(outputs) + 1 == np.ravel(labels)),
        "Positions count from 0, as the labels do.",
    ),
    Mistake(
        "one-label",
        lambda outputs, labels: np.mean(_readings(outputs) == labels[0]),
        "All readings are compared with the first label.",
    ),
    Mistake(
        "value-for-position",
        lambda outputs, labels: np.mean(outputs == np.reshape(labels, (-1, 1))),
        "The outputs themselves are compared with the labels. The reading is a "
        "position.",
    ),
    Mistake(
        "value-for-position",
        lambda outputs, labels: np.mean(_readings(outputs) - np.ravel(labels)),
        "A difference of classes says nothing: 3 is no nearer to 4 than to 9. Compare.",
    ),
    Mistake(
        "label-broadcast",
        lambda outputs, labels: sum(_readings(outputs) == labels) / len(labels),
        "Where the labels have the shape (batch, 1), every reading meets every label: "
        "print the shape of the comparison.",
    ),
]


def _picked(values, labels):
    return values[np.arange(len(labels)), labels]


def _log_sum(z):
    top = np.max(z, axis=1, keepdims=True)
    return np.log(np.sum(np.exp(z - top), axis=1)) + top[:, 0]


def _naive(z, labels):
    return np.mean(np.log(np.sum(np.exp(z), axis=1)) - _picked(z, labels))


def _one_maximum(z, labels):
    return _naive(z - np.max(z), labels)


def _half_shifted(z, labels):
    shifted = z - np.max(z, axis=1, keepdims=True)
    return np.mean(np.log(np.sum(np.exp(shifted), axis=1)) - _picked(z, labels))


def _naive_softmax(z):
    return np.exp(z) / np.sum(np.exp(z), axis=1, keepdims=True)


def _shifted(z, labels):
    return _picked(z, labels) - np.max(z, axis=1)


def _no_keepdims(z, labels):
    return _naive(z - np.max(z, axis=1), labels)


def _log_of_terms(z, labels):
    shifted = z - np.max(z, axis=1, keepdims=True)
    return np.mean(np.sum(np.log(np.exp(shifted)), axis=1) - _picked(shifted, labels))


_EPSILONS = (1e-7, 1e-8, 1e-9, 1e-10, 1e-12)
_HIDES = (
    "A small number added before the logarithm hides an infinite loss and gives a "
    "wrong one: some 16 to 28 where it should be 1000."
)
_TOO_LATE = (
    "`np.exp` of a large logit is infinite, and infinity divided by infinity is no "
    "number: the small number under the logarithm comes too late."
)


def _with_epsilon(softmax, epsilon, message):
    def loss(z, labels):
        return -np.mean(np.log(_picked(softmax(z), labels) + epsilon))

    return Mistake("log-of-zero", loss, message)


STABLE_CROSS_ENTROPY = [
    Mistake(
        "log-of-zero",
        _naive,
        "The formula is right on paper, but for large logits `np.exp` overflows or "
        "every term becomes 0. What may you add to all logits of a row without "
        "changing the loss?",
    ),
    Mistake(
        "log-of-zero",
        lambda z, labels: -np.mean(np.log(_picked(softmax(z), labels))),
        "A probability that is tiny is rounded to 0, and its logarithm is infinite. "
        "Take the logarithm of the sum, and the logit as it is.",
    ),
    Mistake(
        "one-maximum",
        _one_maximum,
        "One maximum is taken away for the whole batch. In a row of much smaller "
        "logits every term then becomes 0.",
    ),
    Mistake(
        "half-shifted",
        _half_shifted,
        "The maximum is taken away in the sum, but not from the logit of the label. "
        "Both terms must move together.",
    ),
    Mistake(
        "sum-for-mean",
        lambda z, labels: np.sum(_log_sum(z) - _picked(z, labels)),
        "The losses are added up over the batch. Asked for is their mean.",
    ),
    Mistake(
        "no-reduction",
        lambda z, labels: _log_sum(z) - _picked(z, labels),
        "There is a loss for each image. Asked for is their mean.",
    ),
    Mistake(
        "wrong-sign",
        lambda z, labels: np.mean(_picked(z, labels) - _log_sum(z)),
        "The sign is turned: a loss is never below 0.",
    ),
    Mistake(
        "forgotten-target",
        lambda z, labels: np.mean(_log_sum(z)),
        "The logit of the label is not taken away: the labels make no difference.",
    ),
    Mistake(
        "wrong-axis",
        lambda z, labels: (
            -np.mean(np.log(_picked(softmax(z, axis=0), labels) + 1e-300))
        ),
        "The sum runs over the batch, so that images compete with each other. It has "
        "to run over the classes of one image.",
    ),
    Mistake(
        "log-of-zero",
        lambda z, labels: _naive(np.clip(z, -500, 500), labels),
        "Clipping the logits hides the overflow and changes the loss. What may you "
        "add to all logits of a row without changing it?",
    ),
    Mistake(
        "log-of-zero",
        lambda z, labels: np.nan_to_num(_naive(z, labels)),
        "A large number in place of an infinite one is no loss. Keep `np.exp` from "
        "overflowing.",
    ),
    Mistake(
        "wrong-sign",
        lambda z, labels: np.mean(_log_sum(z) - 2 * np.max(z, 1) - _picked(z, labels)),
        "The maximum is taken away twice. What was subtracted inside the sum has to "
        "be added to its logarithm.",
    ),
    Mistake(
        "forgotten-keepdims",
        _no_keepdims,
        "The maxima have the shape (batch,), and broadcasting lines them up with the "
        "classes. Which shape would line them up with the rows?",
    ),
    Mistake(
        "scaled-logits",
        lambda z, labels: _naive(z / np.max(z, axis=1, keepdims=True), labels),
        "Dividing the logits changes the loss. What leaves it as it is: a factor, or "
        "a number added to all of them?",
    ),
    Mistake(
        "wrong-picking",
        lambda z, labels: np.mean(np.mean(_log_sum(z)) - z[:, labels]),
        "`z[:, labels]` picks every label from every row, a table. From each row one "
        "logit is wanted.",
    ),
    Mistake(
        "wrong-picking",
        lambda z, labels: np.mean(_log_sum(z)[:, None] - z[labels]),
        "`z[labels]` picks rows. From each row one logit is wanted: two indices.",
    ),
    Mistake(
        "wrong-picking",
        lambda z, labels: np.mean(_log_sum(z) - labels),
        "The number of the class is taken away. Wanted is the logit that stands there.",
    ),
    Mistake(
        "reading-for-label",
        lambda z, labels: np.mean(_log_sum(z) - np.max(z, axis=1)),
        "The largest logit is taken away, whatever the label is: a network that is "
        "sure and wrong has no loss.",
    ),
    Mistake(
        "max-for-sum",
        lambda z, labels: np.mean(np.max(z, axis=1) - _picked(z, labels)),
        "The largest logit stands for the whole sum. Only for very large ones are the "
        "two alike.",
    ),
    Mistake(
        "wrong-axis",
        lambda z, labels: _naive(z - np.max(z, axis=0), labels),
        "The maximum is taken over the batch, for each class. Only one number for all "
        "logits of a row leaves its loss as it is.",
    ),
    Mistake(
        "fixed-shift",
        lambda z, labels: _naive(z - 1000, labels),
        "1000 is taken away always: small logits then vanish, and their sum becomes "
        "0. Ask each row how much.",
    ),
    Mistake(
        "mean-for-maximum",
        lambda z, labels: _naive(z - np.mean(z, axis=1, keepdims=True), labels),
        "With the mean taken away, the largest logit is still far above 0, and "
        "`np.exp` overflows.",
    ),
    Mistake(
        "log-inside-sum",
        _log_of_terms,
        "The logarithm is taken of each term, so it undoes `np.exp`. Add up first.",
    ),
    *(_with_epsilon(softmax, e, _HIDES) for e in _EPSILONS),
    *(_with_epsilon(_naive_softmax, e, _TOO_LATE) for e in _EPSILONS),
    Mistake(
        "log-of-zero",
        lambda z, labels: -np.mean(np.log(_picked(_naive_softmax(z), labels))),
        "This is right on paper. `np.exp` of a large logit is infinite, and infinity "
        "divided by infinity is no number. What may you add to all logits of a row "
        "without changing the loss?",
    ),
    Mistake(
        "wrong-picking",
        lambda z, labels: -np.mean(np.log(_naive_softmax(z)[:, labels])),
        "`[:, labels]` picks every label from every row, a table. From each row one "
        "place is wanted. (And large logits will overflow.)",
    ),
]
