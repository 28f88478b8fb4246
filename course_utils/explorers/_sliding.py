"""The picture of `explorers.convolution`: image, feature map and three tables."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke

from course_utils.explorers._panel import number, painter

LARGEST = 5  # the largest kernel whose numbers can be read
PALE = 1.6  # room in the colours that keeps black numbers legible on every cell


def drawing(image):
    """Draw what stands still; return `draw`, which gives a PNG."""
    figure = Figure(figsize=(7.4, 5.4), dpi=100, layout="none")
    (height, width), low, high = image.shape, image.min(), image.max()
    scenes = []
    for x, cmap, edge in ((0.04, "gray_r", "0.6"), (0.54, "RdBu_r", "black")):
        axis = figure.add_axes((x, 0.42, 0.44, 0.54), frame_on=False)
        look = {"color": "none", "edgecolor": [edge, "black"], "linewidth": [1, 2]}
        around, mark = axis.bar([0, 0], 0, **look)  # two rectangles
        mark.set_path_effects([withStroke(linewidth=5, foreground="white")])
        scenes.append((around, axis.imshow(image, cmap), mark, axis.title))
        # One scale for both, with room for padding: a stride shrinks the map.
        axis.set(xlim=(-3, width + 2), xticks=range(0, width, max(1, width // 3)))
        axis.set(ylim=(height + 2, -3), yticks=range(0, height, max(1, height // 3)))
        axis.tick_params(labelsize=8, length=2, grid_alpha=0)
    (zeros, digit, window, left), (frame, scene, cell, right) = scenes
    places = (0.04, "pixels"), (0.3, "weights"), (0.56, "products")
    tables = [_table(figure, x, title) for x, title in places]
    (pixels, weights, products), numbers = zip(*tables, strict=True)
    for x, sign in ((0.28, "×"), (0.54, "="), (0.805, "→")):
        figure.text(x, 0.17, sign, ha="center", va="center", fontsize=16)
    figure.text(0.84, 0.31, "red: above zero\nblue: below", fontsize=9, color="0.3")
    total = figure.text(0.84, 0.17, "", va="center", fontsize=11, linespacing=1.5)
    moving = [zeros, digit, window, left, scene, frame, cell, right, total]
    paint = painter(figure, moving + sum(numbers, []))

    def draw(at, corner, kernel, pads, windows, wrong, turned, due, came):
        (row, column), (rows, columns) = at, came.shape
        y, x = -pads[:, 0]  # where the zeros begin
        tall, wide = image.shape + pads.sum(axis=1)
        zeros.set_bounds(x - 0.6, y - 0.6, wide + 0.2, tall + 0.2)
        window.set_bounds(x + corner[1] - 0.5, y + corner[0] - 0.5, *kernel.shape)
        frame.set_bounds(-0.6, -0.6, columns + 0.2, rows + 0.2)
        cell.set_bounds(column - 0.5, row - 0.5, 1, 1)
        hatch, words = ("////", ", hatched: zeros") if pads.any() else (None, "")
        zeros.set_hatch(hatch)
        left.set_text(f"image {height} × {width}{words}")
        right.set_text(f"feature map {rows} × {columns}, pale: to come")
        pale = np.arange(came.size).reshape(came.shape) > row * columns + column
        scene.set(data=came, extent=(-0.5, columns - 0.5, rows - 0.5, -0.5))
        scene.set(clim=_limits(came), alpha=np.where(pale, 0.2, 1.0))
        pixels(windows[at], "gray_r", low, high)
        weights(kernel, "RdBu_r", *_limits(kernel, PALE))
        products(windows[at] * kernel, "RdBu_r", *_limits(kernel * high, PALE))
        sign = "≠" if wrong[at] else "="
        total.set_text(f"sum\n{number(due[at])}\n\nconv2d\n{sign} {number(came[at])}")
        return paint()

    return draw


def _table(figure, x, title):
    """Draw a table for numbers; return the function that fills it, and its artists."""
    axis = figure.add_axes((x, 0.02, 0.22, 0.3), xticks=[], yticks=[])
    axis.spines[:].set(visible=True, position=("outward", 1))
    axis.set_title(title, fontsize=10)
    cells = axis.imshow(np.zeros((1, 1)))
    texts = [axis.text(0, 0, "", ha="center", va="center") for _ in range(LARGEST**2)]

    def fill(values, cmap, low, high):
        size = len(values)
        cells.set(data=values, cmap=cmap, clim=(low, high), extent=(0, size, size, 0))
        axis.set(xlim=(0, size), ylim=(size, 0))
        for text in texts[size**2 :]:
            text.set_text("")
        for text, (place, value) in zip(texts, np.ndenumerate(values), strict=False):
            dark = cmap == "gray_r" and value > (low + high) / 2
            text.set(x=place[1] + 0.5, y=place[0] + 0.5, text=number(value))
            text.set(color="white" if dark else "black", size=10 if size < 4 else 7.5)

    return fill, [cells, *texts]


def _limits(values, room=1.0):
    """Return colour limits with zero in the middle; more room gives paler colours."""
    limit = room * float(np.abs(np.nan_to_num(values)).max()) or 1.0
    return -limit, limit
