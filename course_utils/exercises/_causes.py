"""Causes that a wrong result shows by itself, whatever the exercise."""

import inspect

import numpy as np

from course_utils.exercises import _telling

# id -> what docs/mistakes.md and a teacher's page say.
GENERAL = {
    "changed-argument": "The result is right, but an argument is changed in place.",
    "extra-result": "More than one thing came back, and one of them is right.",
    "cut-fraction": "The numbers are right up to the fraction, which is cut off.",
    "factor-two": "The result is twice as large as it should be, or half as large.",
    "forgotten-return": "On some way through it, the function ends without return.",
    "mean-for-sum": "The result is too small by a factor, the length of an axis.",
    "no-end": "It did not come to an end in time: a loop that stays true, or too slow.",
    "print-for-return": "The result is printed, and the function returns nothing.",
    "return-in-loop": "One row or one item came back: a return stands in the loop.",
    "rounding": "The result is right up to rounding, and was not to be rounded.",
    "sum-for-mean": "The result is too large by a factor, the length of an axis.",
    "transposed": "The result lies on its side: its two axes are exchanged.",
    "truth-for-number": "True and False where numbers are due.",
    "unflattened": "The numbers are right, and their axes are not.",
    "unrun-tensor": "A tensor of a graph, without numbers, where numbers are due.",
    "wrong-sign": "The sign is the other one.",
    "yield-for-return": "A generator came back, because the function says yield.",
}
NOTHING = (None, "")


def common(wrong, tolerance):
    """Name what all wrong calls of a function have wrong alike.

    Args:
        wrong: list of pairs of a case, which is a pair of arguments and expected value,
            and the `Outcome` of its call.
        tolerance: as in `_telling.same`.

    Returns:
        An id of `GENERAL` and the end of a sentence, which is empty where the sentence
        says it already; `NOTHING` where the results do not tell.
    """
    first, *others = (list(_causes(did, *case, tolerance)) for case, did in wrong)
    for id, note in first:
        if all((id, note) in other for other in others):
            due = [_telling.numbers(expected) for (_, expected), _ in wrong]
            one = len(due) == 1 and due[0] is not None and due[0].size == 1
            if not note or id == "rounding" or not one:
                return id, note  # one number can be twice another by chance
    return NOTHING


def _causes(outcome, arguments, expected, tolerance):
    """Yield (id, note) of all that one wrong call may have wrong."""
    got = outcome.value
    if outcome.kind == "late":
        yield "no-end", ""
    elif outcome.kind != "value":
        return
    elif got is None:
        yield ("print-for-return" if outcome.printed else "forgotten-return"), ""
    elif not callable(expected):
        if outcome.changed and _telling.same(got, expected, tolerance):
            yield "changed-argument", ""
        if _telling.is_symbolic(got):
            yield "unrun-tensor", ""
        if inspect.isgenerator(got):
            yield "yield-for-return", ""
        if type(got) is tuple and any(
            _telling.same(item, expected, tolerance) for item in got
        ):
            yield "extra-result", ": one of these is right; return it alone"
        yield from _of_numbers(got, arguments, expected, tolerance)


def _of_numbers(got, arguments, expected, tolerance):
    got, expected = _telling.numbers(got), _telling.numbers(expected)
    if got is None or expected is None or not got.size or not expected.size:
        return
    if got.dtype.kind == "b" != expected.dtype.kind:
        if got.shape == expected.shape:
            yield "truth-for-number", ""
        return
    got, expected = got.astype(np.float64), expected.astype(np.float64)
    finite = np.isfinite(got).all() and np.isfinite(expected).all()
    if not finite or not expected.any():
        return
    for id, note, other in _patterns(arguments, expected):
        if other.shape == got.shape and np.allclose(
            got, other, rtol=tolerance, atol=tolerance
        ):
            yield id, note
    if got.shape != expected.shape and np.array_equal(got.ravel(), expected.ravel()):
        yield "unflattened", ": the numbers are right, the axes are not"


def _patterns(arguments, expected):
    """Yield (id, note, what a function gives that makes this mistake)."""
    yield "wrong-sign", ": the sign is the other one", -expected
    if expected.ndim == 2:
        yield "transposed", ": it looks transposed", expected.T
    yield "factor-two", ": too large by a factor of 2", 2 * expected
    yield "factor-two", ": too small by a factor of 2", expected / 2
    arrays = [a for a in map(_telling.numbers, arguments) if a is not None]
    for count in {n for array in arrays for n in array.shape} - {0, 1, 2}:
        factor = "by a factor, the length of an axis of the input"
        yield "sum-for-mean", f": too large {factor}", count * expected
        yield "mean-for-sum", f": too small {factor}", expected / count
    cut = np.trunc(expected)
    if not np.array_equal(cut, expected):
        yield "cut-fraction", ": the fractions are cut off", cut
        for digits in (1, 2, 3):
            yield "rounding", ": it looks rounded", np.round(expected, digits)
    if expected.ndim > 1:
        loop = ": does a return stand inside the loop?"
        yield "return-in-loop", loop, expected[0]
        yield "return-in-loop", loop, expected[:1]
