"""Drawings of small networks and of the matrix products that run through them.

As in plots.py, each function draws numbers that the lesson computed; nothing of a
network is computed here. Red is positive and blue negative, as in `plots.filters`.
"""

import matplotlib.pyplot as plt
import numpy as np

from course_utils import checks, plots

MOST_UNITS = 6  # in a layer; more circles cannot be told apart
MOST_IMAGES = 3  # drawn side by side
MOST_LAYERS = 20  # in one picture of a whole network
SHEETS = 16  # maps drawn one behind the other; more would be a block of lines
ADVICE = 'pass a dict such as {"image": (28, 28, 1), "dense": (10,)}'
_RED, _BLUE, _GREY = "#b2182b", "#2166ac", "#767676"
_CENTRED = {"ha": "center", "va": "center"}


def network(weights, values, gradients=None):
    """Draw a small network once for each image: circles, lines, and their numbers.

    A circle holds what a unit answers. The weight stands on its line. Under a circle
    stands the gradient for the unit's sum, where gradients are given. A unit of a
    hidden layer that answers 0 has a dashed circle, and so have the lines from it.

    Args:
        weights: arrays of the layers in order, each of shape (in, out).
        values: the inputs and what each layer answers, one array more than weights,
            each of shape (images, units).
        gradients: optional arrays of the layers' gradients, one for each of weights,
            each of shape (images, out).

    Returns:
        The `matplotlib.figure.Figure`, with one diagram for an image.

    Raises:
        TypeError: an argument is no list of arrays of numbers.
        ValueError: the shapes do not fit together, there are more than 6 units in a
            layer or more than 3 images, or a number is not finite.
    """
    advice = "pass a small array for each layer, in values one for the inputs too"
    weights = checks.arrays("weights", weights, "(in, out)", advice)
    checks.whole("the number of weights", len(weights), most=6)
    shapes = ["(images, units)"] * (len(weights) + 1)
    values = checks.arrays("values", values, shapes, advice)
    if gradients is not None:
        gradients = checks.arrays("gradients", gradients, shapes[1:], advice)
    images = len(values[0])
    checks.whole("the number of images in values", images, most=MOST_IMAGES)
    fits = {"advice": "it must fit what stands beside it, so look at the order"}
    for layer, h in enumerate(values):
        checks.whole(f"the units of values[{layer}]", h.shape[1], most=MOST_UNITS)
        checks.numbers(f"values[{layer}]", h, (images, h.shape[1]), **fits)
    for layer, w in enumerate(weights):
        units = values[layer].shape[1], values[layer + 1].shape[1]
        checks.numbers(f"weights[{layer}]", w, units, **fits)
    for layer, d_a in enumerate(gradients or []):
        checks.numbers(f"gradients[{layer}]", d_a, values[layer + 1].shape, **fits)
    height = 1.2 * max(h.shape[1] for h in values) + 0.2
    size = 1.2 * len(values) * images, height
    figure, axes = plt.subplots(1, images, figsize=size, squeeze=False)
    for image, axis in enumerate(axes.flat):
        answers = [h[image] for h in values]
        _draw_lines(axis, weights, answers)
        _draw_circles(axis, answers, gradients and [d[image] for d in gradients])
        axis.set(xlim=(-0.45, len(values) - 0.55), aspect="equal")
        axis.set_title(f"image {image + 1}" if images > 1 else "")
        axis.axis("off")
    return figure


def product(arrays, marked=None):
    """Draw a matrix product: left @ right = result, each number in a box.

    Args:
        arrays: mapping from a name to an array, three of them in this order: left of
            shape (rows, inner), right (inner, columns), result (rows, columns).
        marked: optional (row, column) of the result: this number, and the row and the
            column that it is made of, stand in thick boxes.

    Returns:
        The `matplotlib.figure.Figure`.

    Raises:
        TypeError: arrays is no dict of arrays of numbers.
        ValueError: there are not three, the result is not their product, an array has
            more than 8 rows or columns, or marked lies outside the result.
    """
    advice = 'pass {"h.T": h.T, "d_a": d_a, "d_w": d_w}'
    arrays = checks.mapping("arrays", arrays, advice)
    if len(arrays) != 3:
        raise ValueError(f"arrays must hold 3 arrays, got {len(arrays)}: {advice}")
    numbers, small = [], "take a smaller example"
    for name, array in arrays.items():
        name = f"the array {name!r}"
        array = checks.numbers(name, array, "(rows, columns)", advice=advice)
        numbers.append(array + 0.0)  # + 0.0: no -0
        checks.whole(f"each side of {name}", max(array.shape), most=8, advice=small)
    left, right, result = numbers
    fits = left.shape[1] == right.shape[0]
    if not (fits and np.shape(left @ right) == result.shape):
        raise ValueError(
            "the shapes must fit as (rows, inner) @ (inner, columns) = (rows, columns),"
            f" got {left.shape} @ {right.shape} = {result.shape}: look at the order"
        )
    if not np.allclose(left @ right, result, rtol=1e-3, atol=1e-5):
        raise ValueError(
            f"the third array must be the product of the first two, got other numbers "
            f"in {list(arrays)[2]!r}: compute it from them"
        )
    thick = [np.zeros(array.shape, bool) for array in numbers]
    if marked is not None:
        row, column = _place(marked, result.shape)
        thick[0][row], thick[1][:, column], thick[2][row, column] = True, True, True
    widths = [array.shape[1] for array in numbers]
    rows = max(len(array) for array in numbers)
    size = 0.62 * sum(widths) + 1.8, 0.42 * rows + 0.4
    ratios = [width + 0.9 for width in widths]
    figure, axes = plt.subplots(1, 3, figsize=size, width_ratios=ratios)
    parts = zip(axes, numbers, arrays, thick, ("", "@", "="), strict=True)
    for axis, array, name, bold, sign in parts:
        plots.boxes(axis, array, name, thick=bold, sign=sign, rows=rows)
    return figure


def architecture(shapes):
    """Draw what each layer of a network returns for one image.

    A stack of maps is drawn as sheets, one behind the other, a layer without maps as a
    column. All are on one scale: a column of n numbers is as high as a square of n.

    Args:
        shapes: dict from a layer's name to its shape without the batch,
            (height, width, channels) or (units,), in the order of the network.

    Returns:
        The `matplotlib.figure.Figure`.

    Raises:
        TypeError: shapes is no dict, or a shape holds no whole numbers.
        ValueError: there is no layer or more than 20, or a shape has other axes.
    """
    shapes = checks.mapping("shapes", shapes, ADVICE)
    advice = "leave out layers that keep the shape"
    checks.whole("the number of shapes", len(shapes), most=MOST_LAYERS, advice=advice)
    shapes = {str(name): _shape(name, shape) for name, shape in shapes.items()}
    sizes = [s[1::-1] if len(s) == 3 else (1, s[0] ** 0.5) for s in shapes.values()]
    tallest = max(height for _, height in sizes)
    figure, axis = plt.subplots(figsize=(max(2.0, 0.95 * len(shapes)), 2.2))
    axis.set_axis_off()
    left = 0.0
    for (name, shape), size in zip(shapes.items(), sizes, strict=True):
        width, height = (side / tallest for side in size)
        sheets = min(shape[2], SHEETS) if len(shape) == 3 else 1
        shift = 0.3 / SHEETS  # from one sheet to the next
        room = max(width + (sheets - 1) * shift, 0.75)
        start = left + (room - width - (sheets - 1) * shift) / 2
        for sheet in reversed(range(sheets)):
            corner = start + sheet * shift, -height / 2 + sheet * shift
            axis.add_patch(
                plt.Rectangle(corner, width, height, fc="white", ec="C0", linewidth=0.8)
            )
        middle = left + room / 2
        axis.text(middle, 0.75, name, ha="center", fontsize=9)
        text = " × ".join(map(str, shape))
        axis.text(middle, -0.75, text, ha="center", fontsize=8)
        left += room + 0.2
    axis.set(xlim=(-0.1, left), ylim=(-0.8, 0.95))
    return figure


def _shape(name, shape):
    """Return a shape as a tuple of whole numbers."""
    axes = tuple(shape) if np.iterable(shape) else ()
    if isinstance(shape, str) or len(axes) not in (1, 3):
        raise (ValueError if np.iterable(shape) else TypeError)(
            f"the shape of {name} must be (height, width, channels) or (units,), got "
            f"a {type(shape).__name__}, {shape!r:.40}: leave the batch out and {ADVICE}"
        )
    return tuple(checks.whole(f"the shape of {name}", size) for size in axes)


def _place(marked, shape):
    """Return row and column of a number of the result."""
    row, column = checks.numbers("marked", marked, (2,), advice="pass (row, column)")
    row = checks.whole("the row of marked", row, least=0, most=shape[0] - 1)
    return row, checks.whole("the column of marked", column, least=0, most=shape[1] - 1)


def _silent(answers):
    """Return for each layer which of its units answer 0; only hidden ones can."""
    inner = range(1, len(answers) - 1)
    return [(h == 0) & (layer in inner) for layer, h in enumerate(answers)]


def _heights(count):
    """Return where the circles of a layer stand, from top to bottom, about 0."""
    return (count - 1) / 2 - np.arange(count)


def _draw_lines(axis, weights, answers):
    silent, part = _silent(answers), 0.36  # near the start, where lines are apart
    look = _CENTRED | {"fontsize": 8, "color": _GREY, "zorder": 2}
    look["bbox"] = {"facecolor": "white", "edgecolor": "none", "pad": 2}
    for layer, w in enumerate(weights):
        above, below = (_heights(count) for count in w.shape)
        for (i, j), weight in np.ndenumerate(w):
            style = ":" if silent[layer][i] or silent[layer + 1][j] else "-"
            ends = [layer, layer + 1], [above[i], below[j]]
            axis.plot(*ends, linewidth=1, zorder=1, color=_GREY, linestyle=style)
            y = above[i] + part * (below[j] - above[i])
            axis.text(layer + part, y, f"{weight + 0.0:.3g}", **look)  # no -0


def _draw_circles(axis, answers, gradients):
    look = _CENTRED | {"fontsize": 9, "fontweight": "bold", "zorder": 4}
    look["bbox"] = {"facecolor": "white", "edgecolor": "none", "pad": 0.4}
    silent = _silent(answers)
    for layer, h in enumerate(answers):
        for unit, y in enumerate(_heights(len(h))):
            style = ":" if silent[layer][unit] else "-"
            circle = plt.Circle((layer, y), 0.19, fc="white", ec="black", ls=style)
            axis.add_patch(circle).set_zorder(3)
            axis.text(layer, y, f"{h[unit] + 0.0:.3g}", zorder=4, **_CENTRED)
            if gradients and layer:
                value = gradients[layer - 1][unit]
                look["color"] = _RED if value > 0 else _BLUE if value < 0 else _GREY
                said = f"{value:+.3g}" if value else "0"
                axis.text(layer, y - 0.31, said, **look)
    deepest = max(len(h) for h in answers) / 2
    axis.set_ylim(-deepest - (0.1 if gradients else -0.2), deepest - 0.2)
