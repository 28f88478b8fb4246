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


def pixels(image):
    """Draw one picture with the number of each pixel written into it.

    Args:
        image: number array, shape (height, width).

    Returns:
        The `matplotlib.figure.Figure`.

    Raises:
        TypeError: image holds no numbers.
        ValueError: image does not have two axes, more than 40 rows or columns, or a
            number that is not finite.
    """
    advice = "pass one image, images[0]"
    image = checks.numbers("image", image, "(height, width)", advice=advice)
    advice = "pass a part of it, image[:20, :20]"
    checks.whole("each side of image", max(image.shape), most=40, advice=advice)
    height, width = image.shape
    figure, axis = plt.subplots(figsize=(width * 0.34, height * 0.34))
    _write(axis.imshow(image), image, ".0f", 7)
    axis.axis("off")
    return figure


def _write(drawn, array, form, size):
    """Write each number into its cell of a picture, white where the cell is dark."""
    for (row, column), value in np.ndenumerate(array):
        dark = np.mean(drawn.to_rgba(value)[:3]) < 0.5
        look = _CENTRED | {"fontsize": size, "color": "white" if dark else "black"}
        drawn.axes.text(column, row, f"{value + 0.0:{form}}", **look)  # no -0


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
        held = np.atleast_2d(array).shape
        copies = np.broadcast_to(array, (rows, columns))
        for (row, column), value in np.ndenumerate(copies):
            copy = row >= held[0] or column >= held[1]
            box = {"facecolor": "#e4e4e4" if copy else "white"}
            box |= {"linestyle": ":" if copy else "-", "linewidth": 1 if copy else 2}
            corner = (column + 0.06, row + 0.06)
            axis.add_patch(plt.Rectangle(corner, 0.88, 0.88, edgecolor="black", **box))
            look = {"color": "#595959" if copy else "black"}
            look |= {"fontweight": "normal" if copy else "bold"} | _CENTRED
            axis.text(column + 0.5, row + 0.5, f"{value:g}", **look)
        axis.text(-0.45, rows / 2, sign, fontsize=16, **_CENTRED)
        axis.set(xlim=(-0.7, columns), ylim=(rows, 0), title=f"shape {array.shape}")
        axis.axis("off")
    return figure


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
        ValueError: an array has another number of axes, or there are more than 12.
    """
    advice = 'pass {"image": image, "feature map": feature_map}'
    pictures = checks.mapping("pictures", pictures, advice)
    pictures = {
        title: checks.numbers(f"the picture {title!r}", picture, "(height, width)")
        for title, picture in pictures.items()
    }
    checks.whole("the number of pictures", len(pictures), most=12)
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
            _write(drawn, picture, ".3g", 10)
        else:
            figure.colorbar(drawn, ax=axis, shrink=0.8)
    return figure


def scopes(boxes, arrows):
    """Draw groups of operations as boxes on a grid, and arrows between them.

    Arrows to a neighbour are straight; longer ones bend around what lies between.

    Args:
        boxes: mapping from a group's key to (column, row, text); row 0 is at the top.
        arrows: pairs of keys, (from, to); a pair of one key twice is left out.

    Returns:
        The `matplotlib.figure.Figure`.

    Raises:
        TypeError: a box is no triple, or an arrow no pair.
        ValueError: there is no box, a place is negative, or an arrow names a group
            that has no box.
    """
    advice = 'pass {"key": (column, row, "text")}'
    boxes = {
        key: _box(key, box, advice)
        for key, box in checks.mapping("boxes", boxes, advice).items()
    }
    try:
        arrows = {(start, end) for start, end in arrows}
    except (TypeError, ValueError):
        raise TypeError(
            f"arrows must be pairs of keys, got {arrows!r}: pass [(from, to), ...]"
        ) from None
    if unknown := {key for pair in arrows for key in pair} - set(boxes):
        raise ValueError(
            "arrows must connect groups that have a box, got "
            f"{sorted(unknown, key=str)}: leave these arrows out, or give the groups a "
            "box"
        )
    columns, rows = (1 + max(box[k] for box in boxes.values()) for k in (0, 1))
    figure, axis = plt.subplots(figsize=(0.9 * columns, 1.1 * rows))
    patches = {}
    for key, (column, row, text) in boxes.items():
        corner, colour = (column - 0.4, row - 0.24), ("#dbe9f6", "#fde3cf", "#e3f1df")
        box = plt.Rectangle(corner, 0.8, 0.48, facecolor=colour[row % 3], zorder=2)
        box.set(edgecolor="black", linewidth=0.8)
        patches[key] = axis.add_patch(box)
        axis.text(column, row, text, fontsize=7.5, zorder=3, **_CENTRED)
    for start, end in sorted(arrows, key=str):
        if start == end:
            continue
        here, there = boxes[start][:2], boxes[end][:2]
        far = max(abs(here[0] - there[0]), abs(here[1] - there[1])) > 1
        style = {"arrowstyle": "-|>", "color": "#444444", "linewidth": 0.8}
        style["connectionstyle"] = "arc3,rad=-0.25" if far else "arc3"
        style |= {"patchA": patches[start], "patchB": patches[end], "shrinkA": 1}
        axis.annotate("", there, here, arrowprops=style | {"shrinkB": 1}, zorder=1)
    axis.set(xlim=(-0.6, columns - 0.4), ylim=(rows - 0.6, -0.8))
    axis.axis("off")
    return figure


def _box(key, box, advice):
    """Return column, row and text of a box."""
    try:
        column, row, text = box
    except (TypeError, ValueError):
        raise TypeError(
            f"the box {key!r} must be (column, row, text), got {box!r}: {advice}"
        ) from None
    column = checks.number(f"the column of {key!r}", column, least=0, most=100)
    row = checks.whole(f"the row of {key!r}", row, least=0, most=100)
    return column, row, str(text)
