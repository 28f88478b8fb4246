"""The checks at the doors of the package: what came is used, or refused in a sentence.

Each function returns its argument in the form that the caller needs, or raises an error
that says what was expected, what came and what to do. `name` is the argument's name,
for the error, and `value` or `values` what was passed.
"""

import inspect
import numbers as number_kinds
from collections.abc import Callable

import numpy as np

_LARGEST = 1e100  # beyond this, axes and colour scales overflow


def numbers(name, values, shape, *, empty=False, finite=True, advice="pass a part"):
    """Return numbers as a float array with the axes that `shape` names.

    Booleans and integers of any kind become floats, so that differences cannot wrap
    round; NumPy arrays, TensorFlow tensors and nested lists are taken.

    Args:
        shape: the axes in words, "(height, width)", or a tuple of several such texts,
            or the one shape that fits, as a tuple of numbers.
        empty: whether an array without numbers is allowed.
        finite: whether nan and infinity are refused.
        advice: what to do about another shape.

    Returns:
        A float32 or float64 array.

    Raises:
        TypeError: these are no numbers.
        ValueError: ragged, another number of axes, empty, not finite, or too large.
    """
    shapes = (shape,) if isinstance(shape, str) else shape
    in_words = bool(shapes) and all(isinstance(axes, str) for axes in shapes)
    wanted = " or ".join(shapes) if in_words else str(shapes)
    try:
        array = np.asarray(values)
    except Exception as error:  # ragged lists, symbolic tensors, objects that refuse
        first_line = (str(error).splitlines() or [""])[0]
        raise ValueError(
            f"{name} must hold numbers in shape {wanted}, got {_kind(values)} that "
            f"NumPy cannot make an array of ({first_line}): pass an array"
        ) from None
    if array.dtype.name in ("bfloat16", "float16"):
        array = array.astype(np.float32)
    if array.dtype.kind not in "biuf":
        raise TypeError(
            f"{name} must hold numbers in shape {wanted}, got {_kind(values)} of "
            f"dtype {array.dtype}: pass an array of numbers"
        )
    fits = array.ndim in map(_axes, shapes) if in_words else array.shape == shapes
    if not fits:
        raise ValueError(
            f"{name} must have shape {wanted}, got {array.shape}: {advice}"
        )
    if not array.size and not empty:
        raise ValueError(
            f"{name} must have shape {wanted} and hold something, got {array.shape}: "
            "look at what came before"
        )
    if array.dtype.kind != "f":
        array = array.astype(np.float64)
    known = array[np.isfinite(array)]
    if finite and known.size < array.size:
        raise ValueError(
            f"{name} must be finite, got nan or inf at {array.size - known.size} of "
            f"{array.size} places: look at its numbers"
        )
    if known.size and (largest := float(np.abs(known).max())) > _LARGEST:
        raise ValueError(
            f"{name} must hold numbers up to {_LARGEST:g}, got {largest:g}: scale it"
        )
    return array


def arrays(name, values, shapes, advice):
    """Return a list of arrays, each as `numbers` does it for its shape.

    Args:
        values: a list or a tuple of what is to become arrays.
        shapes: a list of their shapes, as `numbers` takes them, or one text for all.
        advice: what to do.

    Raises:
        TypeError: values is no list, or something in it holds no numbers.
        ValueError: there are more or fewer, or one has another shape.
    """
    instance(name, values, list | tuple, "a list of arrays", advice)
    shapes = [shapes] * max(1, len(values)) if isinstance(shapes, str) else shapes
    if len(values) != len(shapes):
        raise ValueError(
            f"{name} must hold {len(shapes)} arrays, got {len(values)}: {advice}"
        )
    named = [(f"{name}[{k}]", value) for k, value in enumerate(values)]
    pairs = zip(named, shapes, strict=True)
    return [numbers(*one, shape, advice=advice) for one, shape in pairs]


def images(name, values, shape="(count, height, width)"):
    """Return grey images; a large array is looked at, not copied.

    Args:
        shape: the axes in words, for the error; three of them.

    Raises:
        TypeError: these are no numbers.
        ValueError: as `numbers`, of the first image.
    """
    advice = "pass the images without a channel axis, images[..., 0]"
    large = isinstance(values, np.ndarray) and values.ndim == 3
    looked_at = values[:1] if large else values
    checked = numbers(name, looked_at, shape, advice=advice)
    return values if large else checked


def _axes(shape):
    """Return how many axes a text such as "(height, width)" names."""
    return len([axis for axis in shape.strip("()").split(",") if axis.strip()])


def _kind(value):
    return "None" if value is None else f"a {type(value).__name__}"


def _short(value):
    text = str(value)
    return text if len(text) <= 40 else text[:37] + "..."


def number(name, value, *, least=None, above=None, most=None):
    """Return one finite number as a float.

    Args:
        value: a Python, NumPy or TensorFlow scalar.
        least: smallest number allowed, if any.
        above: number that the value must exceed, if any.
        most: largest number allowed, if any.

    Raises:
        TypeError: it is no number.
        ValueError: it is not finite, or outside the range.
    """
    try:
        if isinstance(value, str | bytes | bool) or np.size(value) != 1:
            raise TypeError
        result = float(value)
    except Exception:  # whatever refuses to become a number is none
        shape = getattr(value, "shape", None)
        came = repr(value) if isinstance(value, str | bool) else _kind(value)
        came += f" of shape {tuple(shape)}" if isinstance(shape, tuple) else ""
        raise TypeError(f"{name} must be one number, got {came}: pass one") from None
    bounds = [
        (least is not None and result < (least or 0), f"{least} or more"),
        (above is not None and result <= (above or 0), f"above {above}"),
        (most is not None and result > (most or 0), f"at most {most}"),
        (not np.isfinite(result), "finite"),
    ]
    for broken, rule in bounds:
        if broken:
            raise ValueError(
                f"{name} must be {rule}, got {_short(value)}: choose another"
            )
    return result


def whole(name, value, *, least=1, most=10**9, advice="choose another"):
    """Return a whole number as an int; 3.0 counts as whole, True does not.

    Args:
        least: smallest number allowed.
        most: largest number allowed.
        advice: what to do about a number outside the range.

    Raises:
        TypeError: it is no whole number.
        ValueError: it lies outside the range.
    """
    if isinstance(value, number_kinds.Integral) and not isinstance(value, bool):
        result = int(value)  # of any length; float() would overflow
    else:
        result = number(name, value)
        if result != int(result):
            raise TypeError(f"{name} must be a whole number, got {value}: round it")
        result = int(result)
    if not least <= result <= most:
        raise ValueError(
            f"{name} must be {least} to {most:,}, got {_short(value)}: {advice}"
        )
    return result


def text(name, value, advice):
    """Return a text that says something.

    Args:
        advice: what to do.

    Raises:
        TypeError: it is no text.
        ValueError: it is empty or blank.
    """
    instance(name, value, str, "a text", advice)
    if not value.strip():
        raise ValueError(f"{name} must be a text, got an empty one: {advice}")
    return value


def texts(name, values, count):
    """Return as many texts as there are things to name.

    Args:
        values: a sequence or an iterable of things that become texts.
        count: how many there must be.

    Raises:
        TypeError: values is one text, or cannot be gone through.
        ValueError: there are more or fewer.
    """
    one = isinstance(values, str | bytes)
    if one or not np.iterable(values):
        came = f"the text {values!r}" if one else _kind(values)
        raise TypeError(
            f"{name} must be a list of {count} texts, got {came}: pass each in a list"
        )
    values = [str(value) for value in values]
    if len(values) != count:
        raise ValueError(
            f"{name} must hold {count} texts, got {len(values)}: give one for each"
        )
    return values


def mapping(name, value, advice):
    """Return a dict that is not empty.

    Args:
        advice: what to do.

    Raises:
        TypeError: it is no mapping.
        ValueError: it is empty.
    """
    if not hasattr(value, "items") or not hasattr(value, "keys"):
        raise TypeError(f"{name} must be a dict, got {_kind(value)}: {advice}")
    if not value:
        raise ValueError(f"{name} must hold something, got an empty dict: {advice}")
    return dict(value)


def instance(name, value, kind, wanted, advice):
    """Return an object of a class.

    Args:
        kind: the class.
        wanted: the class in words, for the error.
        advice: what to do.

    Raises:
        TypeError: it is something else.
    """
    if not isinstance(value, kind):
        raise TypeError(f"{name} must be {wanted}, got {_kind(value)}: {advice}")
    return value


def takes(name, function, *arguments, keywords=()):
    """Return a function that can be called with these arguments.

    Args:
        arguments: the names of what it will be called with, by position.
        keywords: the names of what it will be called with, by name.

    Raises:
        TypeError: it is no function, or takes others.
    """
    call = f"{name}({', '.join([*arguments, *(f'{k}=...' for k in keywords)])})"
    advice = "pass the function itself, without calling it"
    instance(name, function, Callable, f"a function called as {call}", advice)
    try:
        inspect.signature(function).bind(*arguments, **dict.fromkeys(keywords))
    except ValueError:  # some built-in functions do not tell
        return function
    except TypeError as error:
        given = getattr(function, "__name__", repr(function))
        raise TypeError(
            f"{name} must be a function called as {call}, got {given}: {error}"
        ) from None
    return function
