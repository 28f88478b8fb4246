"""Which numbers a reduction merges, and which numbers its result then meets."""

import numpy as np
from ipywidgets import IntSlider

from course_utils import checks, plots
from course_utils.explorers._panel import blank, choice, number, painter, panel

OWN = "the array"
SHAPES = [(3,), (2, 3), (3, 3), (2, 2, 3)]
AXES = [("None: all", None)] + [(str(a), a) for a in (0, 1, 2, -1, (1, 2))]
SECOND = [OWN, (), (2,), (3,), (1, 3), (2, 1), (3, 1)]


def reduction(reduce):
    """Reduce a small array along an axis, then subtract the result from a second one.

    Args:
        reduce: function called as `reduce(array, axis=axis, keepdims=keepdims)` with a
            float32 array of 1 to 3 axes, an axis or None, and True or False, such as
            `tf.reduce_mean`.

    Returns:
        An `ipywidgets.VBox` with `controls`, `picture`, `text` and `alert`.

    Raises:
        TypeError: reduce cannot be called so, or returns no numbers.
        ValueError: it returns another shape. Whatever reduce raises comes through.
    """
    checks.takes("reduce", reduce, "array", keywords=("axis", "keepdims"))
    at = IntSlider(0, 0, 0, description="framed")
    controls = {
        "array": choice("array", [(str(shape), shape) for shape in SHAPES], (2, 3)),
        "axis": choice("axis", AXES, 1),
        "keepdims": choice("keepdims", [("False", False), ("True", True)], False),
        "second": choice("second", [(str(shape), shape) for shape in SECOND], OWN),
    }
    draw = _drawing()

    def update(name):
        shape, axis, keepdims, second = (control.value for control in controls.values())
        array = _count(shape)
        if axis is not None and np.max(axis) >= len(shape):
            words = f"{shape} has {len(shape)} axes, from 0 on: <b>there is no axis "
            return draw(array), words + f"{np.max(axis)}</b>."
        due, kept = (array.sum(axis, keepdims=k).shape for k in (keepdims, True))
        result = reduce(array.copy(), axis=axis, keepdims=keepdims)
        advice = f"with axis={axis} and keepdims={keepdims} that is what is left"
        result = checks.numbers("what reduce returns", result, due, advice=advice)
        at.max = result.size - 1
        framed = np.arange(result.size) == at.value
        merged = np.broadcast_to(framed.reshape(kept), shape)
        given = array if second == OWN else 10 * _count(second)
        try:
            full = np.broadcast_shapes(given.shape, due)
        except ValueError:
            full = None
        seen = array, merged, result, framed.reshape(due), given, full
        said = f"<b>axis={axis}, keepdims={keepdims}: from {shape} to {due}.</b> "
        others = np.where(merged, array, np.float32(-7))
        again = np.asarray(reduce(others, axis=axis, keepdims=keepdims))
        if not np.isclose(again, result)[seen[3]]:
            said += "<b>Yours changes with other numbers than the thick ones.</b> "
        return draw(*seen), said + _words(*seen, second == OWN)

    return panel(controls | {"framed": at}, update, [at], [*controls.values()])


def _count(shape):
    """Return an array that counts from 1."""
    return np.arange(1, np.prod(shape) + 1, dtype=np.float32).reshape(shape)


def _words(array, merged, result, framed, given, full, own):
    """Say in words and numbers what the picture shows."""
    own_number, parts = number(result[framed][0]), ", ".join(map(number, array[merged]))
    words = f"The framed {own_number} is made of {parts}.<br>"
    shapes = f"{given.shape} − {result.shape}"
    if full is None:
        pairs = zip(given.shape[::-1], result.shape[::-1], strict=False)
        a, b = next(pair for pair in pairs if pair[0] != pair[1] and 1 not in pair)
        words += f"<b>{shapes}: an error.</b> Counted from the right, a length of {a} "
        return f"{words}meets one of {b}: they differ, and neither is 1."
    met = np.broadcast_to(framed, full)
    there = ", ".join(map(number, np.broadcast_to(given, full)[met]))
    words += (
        f"<b>{shapes}: {full}.</b> The framed {own_number} is subtracted from {there}"
    )
    if own and not np.array_equal(met, merged):
        words += ": <b>not from the numbers that it is made of, and nothing raises</b>"
    return words + "."


def _drawing():
    """Prepare the picture; return `draw`, which gives a PNG."""
    figure, moving = blank(4.0), []
    corners = [(0, 0.51), (0.34, 0.51), (0, 0.01), (0.34, 0.01), (0.68, 0.01)]
    axes = [figure.add_axes((*corner, 0.32, 0.42)) for corner in corners]
    for axis in axes:
        axis.axis("off")
    paint = painter(figure, moving)

    def draw(array, merged=False, result=None, framed=False, given=None, full=None):
        for axis in axes:
            for artist in (*axis.patches, *axis.texts):
                artist.remove()
            axis.set_title("an error" if axis is axes[4] else "")
        tables = [(array, f"array {array.shape}", None, merged)]
        if result is not None:
            title = f"result {result.shape}"
            met = False if full is None else np.broadcast_to(framed, full)
            tables += [(result, title, None, framed, "→")]
            tables += [(given, f"second {given.shape}", full, met)]
            tables += [(result, title, full, met, "−")]
        if full is not None:
            tables += [(given - result, f"difference {full}", None, met, "=")]
        for axis, table in zip(axes, tables, strict=False):
            plots.boxes(axis, *table, rows=3)
            axis.set_xlim(-0.8, 3)
        moving[:] = [a for x in axes for a in (*x.patches, *x.texts, x.title)]
        return paint()

    return draw
