"""Compares what a function gave with what is right, and says the difference."""

import html
import inspect
import re

import numpy as np

LARGEST = 40  # numbers of an array that are written out whole


def describe(value, digits=5):
    """Return a short text for any value; it never fails.

    Args:
        value: anything.
        digits: how many a number with a fraction gets.
    """
    try:
        return _describe(value, digits)
    except Exception:  # an object whose repr or array fails
        return f"an object of type {type(value).__name__}"


def _apart(one, other):
    """Describe two values, with as many digits as tell them apart."""
    for digits in (5, 8, 12):
        texts = describe(one, digits), describe(other, digits)
        if texts[0] != texts[1]:
            break
    return texts


def _describe(value, digits):
    if isinstance(value, str):
        return _short(repr(value))
    if value is None or value is ...:
        return str(value)
    if is_symbolic(value):
        return f"a tensor without numbers, shape {getattr(value, 'shape', '?')}"
    if inspect.isgenerator(value):
        return "a generator"
    if callable(value) and hasattr(value, "__name__"):
        return value.__name__
    if isinstance(value, dict):
        items = ", ".join(
            f"{describe(k, digits)}: {describe(v, digits)}" for k, v in value.items()
        )
        return _short(f"{{{items}}}", 200)
    if isinstance(value, list | tuple | set) and not _is_table(value):
        opening, closing = {list: "[]", tuple: "()"}.get(type(value), "{}")
        end = "," if isinstance(value, tuple) and len(value) == 1 else ""
        items = ", ".join(describe(item, digits) for item in value)
        return _short(f"{opening}{items}{end}{closing}", 300)
    array = _array(value)
    if array is None or array.dtype.kind not in "biufU":
        return _short(repr(value))
    if array.size > LARGEST:
        first = ", ".join(_number(x, digits) for x in array.flat[:4])
        return f"an array of shape {array.shape} that begins {first}, ..."
    return _nested(array, digits)


def _is_table(value):
    """Say whether a list of lists holds numbers alone, and could be an array."""
    try:
        array = np.asarray(value)
    except Exception:
        return False
    return array.dtype.kind in "biuf" and array.ndim > 1


def _nested(array, digits):
    if array.ndim == 0:
        return _number(array[()], digits)
    return "[" + ", ".join(_nested(part, digits) for part in array) + "]"


def _number(x, digits):
    """Write a number as a learner would."""
    if isinstance(x, np.generic):
        x = x.item()
    if isinstance(x, float):
        if x.is_integer() and abs(x) < 1e12:
            return f"{x:.1f}"
        text = f"{x:.{digits}g}"
        return text if any(sign in text for sign in ".en") else f"{text}.0"
    return repr(x)


def _short(text, length=120):
    return text if len(text) <= length else text[: length - 3] + "..."


def _array(value):
    """Return a NumPy array of the value, or None where that fails."""
    try:
        array = np.asarray(value)
    except Exception:
        return None
    return array.astype(np.float32) if array.dtype.name == "bfloat16" else array


def numbers(value):
    """Return an array of a value's numbers, or None where it holds others."""
    array = _array(value)
    return array if array is not None and array.dtype.kind in "biuf" else None


def is_symbolic(value):
    """Say whether a value is a tensor of a graph or of Keras, without numbers."""
    kinds = {kind.__name__ for kind in type(value).__mro__}
    return bool(kinds & {"KerasTensor", "SymbolicTensor"}) or (
        type(value).__module__.startswith("tensorflow")
        and hasattr(value, "graph")
        and not hasattr(value, "numpy")
    )


def error_line(error):
    """Return type and first line of an exception, without TensorFlow's own notes."""
    try:
        line = (str(error).strip().splitlines() or [""])[0]
    except Exception:
        line = ""
    line = re.sub(r"\{\{[^{}]*\}\}\s*", "", line).partition(" [Op:")[0]
    return f"{type(error).__name__}: {_short(line, 250)}".removesuffix(": ")


def same(got, expected, tolerance):
    """Say whether two values count as equal.

    Whole numbers must be equal exactly, other numbers within the tolerance, relative
    to the expected value and absolute below 1; nan equals nan. A single number counts
    with axes of length 1 and without. Lists of texts, dicts and booleans must be equal.

    Args:
        got: what a function returned.
        expected: what is right.
        tolerance: largest difference between numbers that are not whole.
    """
    try:
        return _same(got, expected, tolerance)
    except Exception:  # an object that refuses to be compared
        return False


def _same(got, expected, tolerance):
    if isinstance(expected, dict):
        return (
            isinstance(got, dict)
            and got.keys() == expected.keys()
            and all(_same(got[key], expected[key], tolerance) for key in expected)
        )
    if isinstance(expected, str):
        return isinstance(got, str) and got == expected
    if expected is None:
        return got is None
    if is_symbolic(got) or isinstance(got, dict | set | str):
        return type(got) is type(expected) and got == expected
    if isinstance(expected, list | tuple) and not _is_numbers(expected):
        return (
            isinstance(got, list | tuple)
            and len(got) == len(expected)
            and all(_same(g, e, tolerance) for g, e in zip(got, expected, strict=True))
        )
    got, expected = _array(got), _array(expected)
    if got is None or expected is None:
        return False
    if got.size == expected.size == 1 and () in (got.shape, expected.shape):
        got, expected = got.reshape(()), expected.reshape(())
    if got.shape != expected.shape:
        return False
    if (got.dtype.kind == "b") != (expected.dtype.kind == "b"):
        return False
    if not {got.dtype.kind, expected.dtype.kind} <= set("biuf"):
        return bool(np.array_equal(got, expected))
    if expected.dtype.kind in "iub":
        return bool(np.array_equal(got, expected))
    return bool(
        np.allclose(got, expected, rtol=tolerance, atol=tolerance, equal_nan=True)
    )


def _is_numbers(values):
    array = _array(values)
    return array is not None and array.dtype.kind in "biuf"


def difference(outcome, expected, tolerance, note=""):
    """Return what is wrong with a call, as the end of a sentence that names the call.

    Args:
        outcome: the `Outcome` of the call.
        expected: what it should have given.
        tolerance: as in `same`.
        note: what all wrong calls have in common, the end of a sentence.
    """
    got = outcome.value
    if got is None:
        advice = (
            "it printed something; print shows, return gives. End it with return."
            if outcome.printed
            else "end every way through it with return."
        )
        return f"should give {describe(expected)}, your function gave None: {advice}"
    if is_symbolic(got):
        return (
            "should give numbers, your function gave a tensor of a graph, which has "
            "none yet: run it in a session and return what comes out."
        )
    if inspect.isgenerator(got):
        return (
            f"should give {describe(expected)}, your function gave a generator, "
            "because it says yield: collect the values and return them."
        )
    if callable(got) and not callable(expected):
        return (
            f"should give {describe(expected)}, your function gave the function "
            f"{describe(got)}: call it."
        )
    both = "should give {}, your function gave {}".format(*_apart(expected, got))
    g, e = _array(got), _array(expected)
    numbers = "biuf"
    if g is None or e is None or e.dtype.kind not in numbers:
        return f"{both}."
    if g.dtype.kind not in numbers:
        return f"{both}."
    if g.dtype.kind == "b" != e.dtype.kind and g.shape == e.shape:
        return f"{both}: True and False where numbers are due; convert them."
    if g.shape != e.shape:
        if isinstance(expected, list | tuple) and e.ndim == 1 and g.ndim == 0:
            return f"{both}."  # items, no shapes
        return _shapes(g, e, both, got, note)
    if e.size <= LARGEST:
        return f"{both}{note}."
    equal = np.isclose(g, e, rtol=tolerance, atol=tolerance, equal_nan=True)
    where = np.unravel_index(np.argmin(equal), equal.shape)  # the first that differs
    due, came = _apart(e[where], g[where])
    return (
        f"has the right shape, but at {[int(index) for index in where]} it should be "
        f"{due}, your function gave {came}{note}."
    )


def _shapes(g, e, both, got, note):
    """Say how two shapes differ."""
    if not hasattr(got, "shape") and g.ndim == e.ndim == 1:
        items = "1 item" if len(g) == 1 else f"{len(g)} items"
        return f"{both}: {items} in place of {len(e)}."
    if note:
        note = note.replace(":", ";", 1)
    elif g.ndim == e.ndim and sorted(g.shape) == sorted(e.shape):
        note = "; two axes look exchanged"
    elif g.size == e.size:
        note = "; the numbers are as many, the axes are not"
    elif g.ndim == 0:
        note = "; perhaps a sum over too many axes, or == of shapes that do not fit"
    text = f"should have shape {e.shape}, your function gave shape {g.shape}{note}."
    return text if max(g.size, e.size) > LARGEST else f"{text} It {both}."


def alike(one, other, tolerance):
    """Say whether two results are the same thing: kind, shape and numbers."""
    if is_symbolic(one) or is_symbolic(other):
        return is_symbolic(one) and is_symbolic(other)
    if inspect.isgenerator(one) or inspect.isgenerator(other):
        return inspect.isgenerator(one) and inspect.isgenerator(other)
    if callable(one) or callable(other):
        return callable(one) and callable(other)
    return same(one, other, tolerance) and same(other, one, tolerance)


def size_of(case):
    """Return how much a learner has to read to follow a case."""

    def size(value):
        if isinstance(value, list | tuple):
            return 1 + sum(map(size, value))
        if isinstance(value, dict):
            return 1 + sum(map(size, value.values()))
        return int(np.size(value)) if hasattr(value, "shape") else 1

    return sum(map(size, case[0])) + (0 if callable(case[1]) else size(case[1]))


def for_markdown(text):
    """Return a text in which Markdown and HTML find nothing to interpret."""
    return re.sub(r"[\\`*_~<>&$|#]|\](?=[(\[:])", r"\\\g<0>", text)


def page(outcome, sign, colour, message):
    """Return the HTML of a feedback.

    The bar alone is coloured: text keeps the colour of a light or a dark theme.
    """
    return (
        f'<div role="status" style="border-left:6px solid {colour};'
        'padding:2px 10px;white-space:pre-wrap">'
        f"<b>{sign} {outcome}</b>  {html.escape(message)}</div>"
    )
