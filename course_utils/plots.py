"""Static figures of the lessons.

Each function draws on matplotlib's current figure or makes a new one; `show` displays
it and closes it. Importing this module gives matplotlib the course's look.
"""

import base64
import html
import io
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display

from course_utils import checks

plt.style.use(Path(__file__).with_name("course.mplstyle"))
_CENTRED = {"ha": "center", "va": "center"}
MOST = 200  # pictures in one figure; more take minutes to draw


def show(alt):
    """Display the current figure with a text that says what it shows, and close it.

    Args:
        alt: description of the figure for readers who do not see it.

    Raises:
        TypeError: alt is no text.
        ValueError: alt is empty, or there is no figure to show.
    """
    checks.text("alt", alt, "say what a reader should see in the figure")
    if not plt.get_fignums():
        raise ValueError("there must be a figure to show, got none: draw one first")
    figure = plt.gcf()
    file, settings = io.BytesIO(), {"pil_kwargs": {"optimize": True}}
    figure.savefig(file, format="png", bbox_inches="tight", **settings)
    plt.close(figure)
    display(picture(file.getvalue(), alt), raw=True)


def picture(png, alt):
    """Return what `display(..., raw=True)` shows as a picture with its description.

    JupyterLab and nbconvert's default page drop the description that stands in an
    output's metadata; in an `img` of HTML it reaches both, also in a notebook that is
    not trusted. That GitHub's page and Colab show a picture within the file, too, could
    not be tried; github.com/quantumlib/Cirq/issues/3308 reports it.

    Args:
        png: bytes of a PNG file.
        alt: description of the picture; shown where only text is.
    """
    source = f"data:image/png;base64,{base64.b64encode(png).decode()}"
    image = f'<img alt="{html.escape(alt)}" src="{source}">'
    return {"text/html": image, "text/plain": alt}


def images(pictures, titles=None, columns=10, size=0.9):
    """Draw grey pictures in a grid, all on one scale.

    Args:
        pictures: number array, shape (count, height, width) or
            (count, height, width, 1): small is drawn white, large black.
        titles: optional sequence of count texts, one above each picture.
        columns: pictures in a row.
        size: width of one picture, in inches.

    Returns:
        The `matplotlib.figure.Figure`.

    Raises:
        TypeError: pictures holds no numbers, or titles no texts.
        ValueError: the shape is another, there are more than 200, a number is not
            finite, or titles do not match.
    """
    pictures = _stack("pictures", pictures)
    size = checks.number("size", size, above=0, most=20)
    if titles is not None:
        titles = checks.texts("titles", titles, len(pictures))
    columns = min(checks.whole("columns", columns), len(pictures))
    rows = -(-len(pictures) // columns)
    height = size * pictures.shape[1] / pictures.shape[2]
    inches = columns * size, rows * (height + (0 if titles is None else 0.25))
    figure, axes = plt.subplots(rows, columns, figsize=inches, squeeze=False)
    for axis in axes.flat:
        axis.axis("off")
    titles = [""] * len(pictures) if titles is None else titles
    look = {"vmin": pictures.min(), "vmax": pictures.max()}
    for axis, picture, title in zip(axes.flat, pictures, titles, strict=False):
        axis.imshow(picture, **look)
        axis.set_title(title, fontsize=9)
    return figure


def _stack(name, values):
    """Return numbers of shape (count, height, width), count 1 to MOST."""
    advice = f"for one picture pass {name}[None], for one of many channels a slice"
    shapes = ("(count, height, width)", "(count, height, width, 1)")
    array = checks.numbers(name, values, shapes, advice=advice)
    if array.ndim == 4 and array.shape[-1] != 1:
        raise ValueError(
            f"{name} must have shape {shapes[0]} or {shapes[1]}, got {array.shape}: "
            f"{advice}"
        )
    array = array.reshape(array.shape[:3])
    advice = f"pass a slice, {name}[:20]"
    checks.whole(f"the number of {name}", len(array), most=MOST, advice=advice)
    return array


def curves(lines, xlabel, ylabel, yscale="linear"):
    """Draw named curves in one diagram.

    Args:
        lines: mapping from a name to a pair of sequences (x, y) of equal length.
        xlabel: what stands along the horizontal axis, with its unit.
        ylabel: what stands along the vertical axis, with its unit.
        yscale: "linear" or "log".

    Returns:
        The `matplotlib.axes.Axes`, for marks of one's own. Where a number is nan or
        infinite, the curve has a gap.

    Raises:
        TypeError: lines is no dict of pairs of numbers.
        ValueError: x and y differ in length, or yscale is another.
    """
    advice = 'pass {"loss": (steps, losses)}'
    lines = checks.mapping("lines", lines, advice)
    drawn = {name: _curve(name, line, advice) for name, line in lines.items()}
    if yscale not in ("linear", "log"):
        raise ValueError(f"yscale must be 'linear' or 'log', got {yscale!r}: choose")
    _, axis = plt.subplots()
    for name, (x, y) in drawn.items():
        axis.plot(x, y, label=name)
    axis.set(xlabel=xlabel, ylabel=ylabel, yscale=yscale)
    axis.legend()
    return axis


def _curve(name, line, advice):
    """Return x and y of a curve, two float arrays of one length."""
    try:
        x, y = line
    except (TypeError, ValueError):
        raise TypeError(
            f"the curve {name!r} must be a pair (x, y), got {type(line).__name__}: "
            f"{advice}"
        ) from None
    x, y = (
        checks.numbers(f"{axis} of the curve {name!r}", values, "(points,)", **kind)
        for axis, values, kind in (("x", x, {}), ("y", y, {"finite": False}))
    )
    if x.shape != y.shape:
        raise ValueError(
            f"x and y of the curve {name!r} must have one length, got {len(x)} and "
            f"{len(y)}: cut the longer one"
        )
    return x, y


def filters(weights, titles=None, columns=8, size=0.9):
    """Draw arrays of weights as pictures: blue below zero, white at zero, red above.

    All pictures share one colour scale, symmetric about zero, shown beside them.

    Args:
        weights: number array, shape (count, height, width).
        titles: optional sequence of count texts.
        columns: pictures in a row.
        size: width of one picture, in inches.

    Returns:
        The `matplotlib.figure.Figure`.

    Raises:
        TypeError: weights holds no numbers, or titles no texts.
        ValueError: the shape is another, there are more than 200, a number is not
            finite, or titles do not match.
    """
    weights = _stack("weights", weights)
    if weights.shape[0] < 8 and weights.shape[2] > 5 * weights.shape[1]:
        raise ValueError(
            "weights must have shape (count, height, width), got "
            f"{weights.shape}: for a kernel (height, width, count) pass "
            "weights.transpose(2, 0, 1)"
        )
    figure = images(weights, titles, columns, size)
    limit = float(np.abs(weights).max()) or 1.0
    drawn = [axis.images[0] for axis in figure.axes if axis.images]
    for picture in drawn:
        picture.set(cmap="RdBu_r", clim=(-limit, limit))
    figure.set_size_inches(figure.get_figwidth() + 0.8, figure.get_figheight())
    figure.colorbar(drawn[0], ax=figure.axes, fraction=0.05)
    return figure


def confusion_matrix(table, axis=None):
    """Draw how often each label was read as each class, with the counts written in.

    The diagonal, where label and prediction agree, is left white, so that the
    mistakes stand out.

    Args:
        table: integer array, shape (10, 10): row is the label, column the prediction.
        axis: optional `matplotlib.axes.Axes` to draw on, in place of a new figure.

    Returns:
        The `matplotlib.figure.Figure`.

    Raises:
        TypeError: table holds no numbers, or axis is no Axes.
        ValueError: table is not square, or holds something else than counts.
    """
    advice = "row is the label, column the prediction"
    table = checks.numbers("table", table, "(classes, classes)", advice=advice)
    if table.shape[0] != table.shape[1] or len(table) > 50:
        raise ValueError(
            "table must have shape (classes, classes), at most 50, got "
            f"{table.shape}: {advice}"
        )
    if (table < 0).any() or (table != table.round()).any():
        raise ValueError(
            "table must hold counts, whole numbers from 0 up, got "
            f"{table.min():g} to {table.max():g}: count the images, take no shares"
        )
    table = table.astype(np.int64)
    mistakes = table - np.diag(table.diagonal())
    if axis is None:
        axis = plt.subplots(figsize=(5.4, 4.8))[1]
    checks.instance("axis", axis, plt.Axes, "an Axes", "pass figure.axes[0], or none")
    axis.imshow(mistakes, cmap="Oranges", vmax=max(1, mistakes.max()) * 1.3)
    axis.grid(False)
    classes = range(len(table))
    axis.set(xlabel="prediction", ylabel="label", xticks=classes, yticks=classes)
    for (row, column), count in np.ndenumerate(table):
        if count:
            weight = "bold" if row == column else "normal"
            axis.text(column, row, count, fontsize=8, fontweight=weight, **_CENTRED)
    return axis.figure


def broadcasting(a, b):
    """Draw the sum of two small arrays, and the copies that broadcasting stands for.

    Numbers that an array holds stand on white in solid boxes; the copies that fill up
    the other's shape stand on grey in dashed boxes.

    Args:
        a: number array with one or two axes.
        b: number array with one or two axes, whose shape fits that of a.

    Returns:
        The `matplotlib.figure.Figure`.

    Raises:
        TypeError: an array holds no numbers.
        ValueError: an array has more than two axes or is large, or the shapes do not
            fit.
    """
    shapes = ("()", "(columns,)", "(rows, columns)")
    advice = "take a smaller example"
    a = checks.numbers("a", a, shapes, advice=advice)
    b = checks.numbers("b", b, shapes, advice=advice)
    try:
        rows, columns = np.broadcast_shapes((1, 1), a.shape, b.shape)
    except ValueError:
        raise ValueError(
            f"the shapes of a and b must fit, got {a.shape} and {b.shape}: counted "
            "from the right, two axes must be equal, or one of them 1 or missing"
        ) from None
    checks.whole("each side of a + b", max(rows, columns), most=20, advice=advice)
    size = (3 * (0.55 * columns + 0.5), 0.5 * rows + 0.6)
    figure, axes = plt.subplots(1, 3, figsize=size)
    for axis, array, sign in zip(axes, (a, b, a + b), ("", "+", "="), strict=True):
        boxes(axis, array, f"shape {array.shape}", (rows, columns), sign=sign)
    return figure


def boxes(axis, array, title, shape=None, thick=False, sign="", rows=0):
    """Write numbers into boxes; copies of broadcasting into grey dotted ones.

    Args:
        axis: the `matplotlib.axes.Axes`.
        array: number array with at most three axes; a third one stacks tables.
        title: what stands above.
        shape: optional shape that array is broadcast to.
        thick: which of its numbers stand out, bool, of that shape.
        sign: what stands at the left.
        rows: least height of the picture, in boxes.
    """
    shape = array.shape if shape is None else shape
    shape = (1, 1, *shape)[-max(2, len(shape)) :]
    held = (1, 1, 1, *array.shape)[-len(shape) :]
    full, thick = (np.broadcast_to(values, shape) for values in (array, thick))
    for place, value in np.ndenumerate(full):
        x, y = place[-1], place[-2] + sum(place[:-2]) * (full.shape[-2] + 0.4)
        copy, bold = np.any(np.greater_equal(place, held)), thick[place]
        box = {"fc": "#e4e4e4" if copy else "white", "ls": ":" if copy else "-"}
        box |= {"ec": "black", "lw": 2.2 if bold else 1}
        axis.add_artist(plt.Rectangle((x + 0.06, y + 0.06), 0.88, 0.88, **box))
        look = _CENTRED | {"color": "#595959" if copy else "black"}
        look["fontweight"] = "bold" if bold else "normal"
        axis.text(x + 0.5, y + 0.5, f"{value + 0.0:.3g}", **look)  # no -0
    middle, half = (y + 1) / 2, max(y + 1, rows) / 2
    axis.text(-0.45, middle, sign, fontsize=15, **_CENTRED)
    axis.set(xlim=(-0.8, full.shape[-1]), ylim=(middle + half, middle - half))
    axis.set_title(title)
    axis.axis("off")


def panels(pictures, size=2.6, columns=12, numbers=False):
    """Draw arrays side by side, each on a scale of its own with its values.

    An array with negative numbers is drawn as `filters` does it, blue below zero and
    red above; one without in grey, the largest black.

    Args:
        pictures: mapping from a title to a number array of shape (height, width).
        size: height of a picture, in inches.
        columns: pictures in a row.
        numbers: whether each number is written into its cell, and no scale drawn.

    Returns:
        The `matplotlib.figure.Figure`.

    Raises:
        TypeError: pictures is no dict of arrays of numbers.
        ValueError: an array has another number of axes, or more than 40 rows or columns
            where numbers are written, or there are more than 12.
    """
    advice = 'pass {"image": image, "feature map": feature_map}'
    pictures = checks.mapping("pictures", pictures, advice)
    pictures = {
        title: checks.numbers(f"the picture {title!r}", picture, "(height, width)")
        for title, picture in pictures.items()
    }
    checks.whole("the number of pictures", len(pictures), most=12)
    for title, picture in pictures.items() if numbers else ():
        name, advice = f"each side of the picture {title!r}", "pass a part of it"
        checks.whole(name, max(picture.shape), most=40, advice=advice)
    size = checks.number("size", size, above=0, most=20)
    columns = min(checks.whole("columns", columns), len(pictures))
    rows = -(-len(pictures) // columns)
    inches = size * 1.25 * columns, size * rows
    figure, axes = plt.subplots(rows, columns, figsize=inches, squeeze=False)
    for axis in axes.flat[len(pictures) :]:
        axis.axis("off")
    for axis, (title, picture) in zip(axes.flat, pictures.items(), strict=False):
        drawn = axis.imshow(picture)
        if picture.min() < 0:
            limit = np.abs(picture).max()
            drawn.set(cmap="RdBu_r", clim=(-limit, limit))
        axis.set(title=f"{title} {np.shape(picture)}", xticks=[], yticks=[])
        if numbers:
            axis.set_title(title)
            axis.grid(False)
            look = _CENTRED | {"fontsize": min(10, 26 * size / max(picture.shape))}
            for (row, column), value in np.ndenumerate(picture):
                dark = np.mean(drawn.to_rgba(value)[:3]) < 0.5
                colour = "white" if dark else "black"
                text = f"{value + 0.0:.3g}"  # no -0
                axis.text(column, row, text, color=colour, **look)
        else:
            figure.colorbar(drawn, ax=axis, shrink=0.8)
    return figure
