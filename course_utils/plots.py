"""Static figures of the lessons.

Each function draws on matplotlib's current figure or makes a new one; `show` displays
it and closes it. Importing this module gives matplotlib the course's look.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display

plt.style.use(Path(__file__).with_name("course.mplstyle"))


def show(alt):
    """Display the current figure with a text that says what it shows, and close it.

    Args:
        alt: description of the figure for readers who do not see it.

    Raises:
        ValueError: alt is empty, or there is no figure to show.
    """
    if not str(alt).strip():
        raise ValueError(
            "alt must describe the figure, got an empty text: say what a reader "
            "should see in it"
        )
    if not plt.get_fignums():
        raise ValueError("there must be a figure to show, got none: draw one first")
    figure = plt.gcf()
    display(figure, metadata={"image/png": {"alt": alt}})
    plt.close(figure)


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
        ValueError: the shape is another, or titles do not match.
    """
    pictures = np.asarray(pictures)
    if pictures.ndim == 4 and pictures.shape[-1] == 1:
        pictures = pictures[..., 0]
    if pictures.ndim != 3:
        raise ValueError(
            "pictures must have shape (count, height, width), got "
            f"{pictures.shape}: for one picture pass image[None]"
        )
    if titles is not None and len(titles) != len(pictures):
        raise ValueError(
            f"titles must name each of the {len(pictures)} pictures, got {len(titles)}"
        )
    columns = max(1, min(columns, len(pictures)))
    rows = -(-len(pictures) // columns)
    height = size * pictures.shape[1] / pictures.shape[2]
    figure, axes = plt.subplots(
        rows,
        columns,
        figsize=(columns * size, rows * (height + (0.25 if titles is not None else 0))),
        squeeze=False,
    )
    low, high = pictures.min(), pictures.max()
    for position, axis in enumerate(axes.flat):
        axis.axis("off")
        if position < len(pictures):
            axis.imshow(pictures[position], vmin=low, vmax=high)
            if titles is not None:
                axis.set_title(str(titles[position]), fontsize=9)
    return figure


def pixels(image, digits=0):
    """Draw one picture with the number of each pixel written into it.

    Args:
        image: number array, shape (height, width).
        digits: digits after the decimal point.

    Returns:
        The `matplotlib.figure.Figure`.

    Raises:
        ValueError: image does not have two axes.
    """
    image = np.asarray(image)
    if image.ndim != 2:
        raise ValueError(
            f"image must have shape (height, width), got {image.shape}: pass one "
            "image, images[0]"
        )
    height, width = image.shape
    figure, axis = plt.subplots(figsize=(width * 0.34, height * 0.34))
    axis.imshow(image)
    axis.axis("off")
    low, high = image.min(), image.max()
    for (row, column), value in np.ndenumerate(image):
        dark = value - low > 0.5 * (high - low)
        axis.text(
            column,
            row,
            f"{value:.{digits}f}",
            ha="center",
            va="center",
            fontsize=7,
            color="white" if dark else "black",
        )
    return figure


def curves(lines, xlabel, ylabel, title=None, yscale="linear"):
    """Draw named curves in one diagram.

    Args:
        lines: mapping from a name to a pair of sequences (x, y) of equal length.
        xlabel: what stands along the horizontal axis, with its unit.
        ylabel: what stands along the vertical axis, with its unit.
        title: optional headline.
        yscale: "linear" or "log".

    Returns:
        The `matplotlib.axes.Axes`, for marks of one's own.
    """
    _, axis = plt.subplots()
    for name, (x, y) in lines.items():
        axis.plot(np.asarray(x), np.asarray(y), label=name)
    axis.set(xlabel=xlabel, ylabel=ylabel, yscale=yscale)
    if title:
        axis.set_title(title)
    axis.legend()
    return axis


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
        ValueError: the shape is another, or titles do not match.
    """
    weights = np.asarray(weights)
    figure = images(weights, titles, columns, size)
    limit = float(np.abs(weights).max()) or 1.0
    drawn = [axis.images[0] for axis in figure.axes if axis.images]
    for picture in drawn:
        picture.set(cmap="RdBu_r", clim=(-limit, limit))
    figure.set_size_inches(figure.get_figwidth() + 0.8, figure.get_figheight())
    figure.colorbar(drawn[0], ax=figure.axes, fraction=0.05)
    return figure


def confusion_matrix(table):
    """Draw how often each label was read as each class, with the counts written in.

    The diagonal, where label and prediction agree, is left white, so that the
    mistakes stand out.

    Args:
        table: integer array, shape (10, 10): row is the label, column the prediction.

    Returns:
        The `matplotlib.figure.Figure`.

    Raises:
        ValueError: table is not square.
    """
    table = np.asarray(table)
    if table.ndim != 2 or table.shape[0] != table.shape[1]:
        raise ValueError(
            f"table must have shape (classes, classes), got {table.shape}: row is the "
            "label, column the prediction"
        )
    mistakes = table.copy()
    np.fill_diagonal(mistakes, 0)
    figure, axis = plt.subplots(figsize=(5.4, 4.8))
    axis.imshow(mistakes, cmap="Oranges", vmax=max(1, mistakes.max()) * 1.3)
    axis.grid(False)
    classes = range(len(table))
    axis.set(xlabel="prediction", ylabel="label", xticks=classes, yticks=classes)
    for (row, column), count in np.ndenumerate(table):
        if count:
            axis.text(
                column,
                row,
                count,
                ha="center",
                va="center",
                fontsize=8,
                fontweight="bold" if row == column else "normal",
            )
    return figure


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
        ValueError: an array has more than two axes, or the shapes do not fit.
    """
    a, b = np.asarray(a), np.asarray(b)
    if max(a.ndim, b.ndim) > 2:
        raise ValueError(
            f"a and b must have at most two axes, got {a.shape} and {b.shape}: "
            "take smaller examples"
        )
    rows, columns = np.broadcast_shapes((1, 1), a.shape, b.shape)
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
            axis.text(
                column + 0.5,
                row + 0.5,
                f"{value:g}",
                ha="center",
                va="center",
                color="#595959" if copy else "black",
                fontweight="normal" if copy else "bold",
            )
        axis.text(-0.45, rows / 2, sign, ha="center", va="center", fontsize=16)
        axis.set(xlim=(-0.7, columns), ylim=(rows, 0), title=f"shape {array.shape}")
        axis.axis("off")
    return figure


def panels(pictures, size=2.6):
    """Draw arrays side by side, each on a grey scale of its own with its values.

    Args:
        pictures: mapping from a title to a number array of shape (height, width).
        size: height of the figure, in inches.

    Returns:
        The `matplotlib.figure.Figure`.
    """
    figure, axes = plt.subplots(
        1, len(pictures), figsize=(size * 1.25 * len(pictures), size), squeeze=False
    )
    for axis, (title, picture) in zip(axes.flat, pictures.items(), strict=True):
        drawn = axis.imshow(np.asarray(picture))
        axis.set(title=f"{title} {np.shape(picture)}", xticks=[], yticks=[])
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
        ValueError: an arrow names a group that has no box.
    """
    if unknown := {key for pair in arrows for key in pair} - set(boxes):
        raise ValueError(
            f"arrows must connect groups that have a box, got {sorted(unknown)}: "
            "leave these arrows out, or give the groups a box"
        )
    columns = 1 + max(column for column, _, _ in boxes.values())
    rows = 1 + max(row for _, row, _ in boxes.values())
    figure, axis = plt.subplots(figsize=(0.9 * columns, 1.1 * rows))
    patches = {}
    for key, (column, row, text) in boxes.items():
        corner, colour = (column - 0.4, row - 0.24), ("#dbe9f6", "#fde3cf", "#e3f1df")
        box = plt.Rectangle(corner, 0.8, 0.48, facecolor=colour[row % 3], zorder=2)
        box.set(edgecolor="black", linewidth=0.8)
        patches[key] = axis.add_patch(box)
        axis.text(column, row, text, ha="center", va="center", fontsize=7.5, zorder=3)
    for start, end in sorted(set(arrows)):
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
