"""What one unit sees: its window, followed back through every map to the pixels."""

import ipywidgets as widgets
import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from course_utils import checks
from course_utils.explorers._panel import choice, painter, panel

MOST_LAYERS, LARGEST = 5, 9
ADVICE = 'pass {"conv1": (3, 1), "pool1": (2, 2)}, from the image upwards'
BLUE = "#0072B2"


def receptive_field(field_width, windows, image):
    """Follow the window of one unit back to the pixels that it sees.

    Args:
        field_width: function called as `field_width(windows)` with a list of
            (size, stride), from the image up to the unit's layer; it returns the width
            of what one unit of the last layer sees, in pixels.
        windows: dict from a layer's name to its (size, stride), from the image upwards;
            1 to 5 layers, sizes and strides of 1 to 9. No layer pads.
        image: numbers, shape (n, n).

    Returns:
        An `ipywidgets.VBox` with `controls`, `picture`, `text` and `alert`.

    Raises:
        TypeError: field_width is no function of one argument, windows no dict of whole
            numbers, or image holds no numbers.
        ValueError: another shape, or a window that does not fit its map. Whatever
            field_width raises comes through.
    """
    checks.takes("field_width", field_width, "windows")
    windows = dict(checks.mapping("windows", windows, ADVICE))
    for name, pair in windows.items():
        try:
            size, stride = pair
        except (TypeError, ValueError):
            raise ValueError(
                f"windows must hold (size, stride), got {pair!r} for {name}: {ADVICE}"
            ) from None
        windows[name] = [
            checks.whole(f"size and stride of {name}", n, most=LARGEST)
            for n in (size, stride)
        ]
    advice = "pass one square image"
    image = checks.numbers("image", image, "(n, n)", advice=advice)
    names, start = list(windows), _sides(len(image), windows.values())
    if len(set(image.shape)) > 1 or len(names) > MOST_LAYERS or start[-1] < 1:
        raise ValueError(
            f"at most {MOST_LAYERS} windows must fit a square image one after the "
            f"other, got an image of shape {image.shape} and sides of {start}: {ADVICE}"
        )
    size, stride = windows[names[-1]]
    middle = start[-1] // 2
    controls = {
        "layer": choice("layer", names, names[-1]),
        "row": widgets.IntSlider(middle, 0, start[-1] - 1, description="row"),
        "column": widgets.IntSlider(middle, 0, start[-1] - 1, description="column"),
        "size": widgets.IntSlider(size, 1, LARGEST, description="size"),
        "stride": widgets.IntSlider(stride, 1, LARGEST, description="stride"),
    }
    draw = _drawing(image, names)

    def update(name):
        layer = controls["layer"].value
        depth = names.index(layer) + 1
        if name == "layer":
            controls["size"].value, controls["stride"].value = windows[layer]
        windows[layer] = [controls[n].value for n in ("size", "stride")]
        used = list(windows.values())
        sides = _sides(len(image), used)
        fits = sides[depth] > 0
        for n in ("row", "column"):
            controls[n].max = max(0, sides[depth] - 1)
        unit = controls["row"].value, controls["column"].value
        spans = [_spans(n, used[:depth]) for n in unit] if fits else []
        seen = _seen(sides[depth], used[:depth], len(image))
        if fits:
            words = _words(layer, unit, spans, seen)
            width = spans[0][0][1] - spans[0][0][0]
            said = field_width([tuple(pair) for pair in used[:depth]])
            words += f" Your function says {said}"
            words += "." if said == width else ": <b>they disagree</b>."
        else:
            words = f"The windows up to <b>{layer}</b> do not fit: the sides would be "
            words += f"{', '.join(map(str, sides[: depth + 1]))}. Make one smaller."
        return draw(sides, spans, seen), words

    top = [controls[n] for n in ("row", "column")]
    return panel(
        controls, update, top, [controls[n] for n in ("layer", "size", "stride")]
    )


def _sides(side, windows):
    """Return the sides of the image and of all maps; 0 where a window does not fit."""
    sides = [side]
    for size, stride in windows:
        sides.append(max(0, (sides[-1] - size) // stride + 1))
    return sides


def _spans(unit, windows):
    """Return (first, one after the last) place in the image and in each map."""
    spans = [(unit, unit + 1)]
    for size, stride in reversed(windows):
        first, end = spans[0]
        spans.insert(0, (first * stride, (end - 1) * stride + size))
    return spans


def _seen(side, windows, pixels):
    """Return which pixels of a row any unit sees, bool (pixels,)."""
    seen = np.zeros(pixels, bool)
    for unit in range(side):
        places = {unit}
        for size, stride in reversed(windows):
            places = {at * stride + k for at in places for k in range(size)}
        seen[list(places)] = True
    return seen


def _words(layer, unit, spans, seen):
    """Say in words and numbers what the picture shows."""
    (top, bottom), (left, right) = (axis[0] for axis in spans)
    sides = ", ".join(str(end - first) for first, end in reversed(spans[0]))
    words = (
        f"<b>Row {unit[0]}, column {unit[1]} of {layer}</b> sees the pixels of rows "
        f"{top} to {bottom - 1} and columns {left} to {right - 1}. The side of the "
        f"square, from the unit back to the image: <b>{sides}</b>. "
    )
    blind = len(seen) ** 2 - np.count_nonzero(seen) ** 2
    if not blind:
        return f"{words}Each pixel is seen by some unit of {layer}."
    lines = ", ".join(map(str, np.flatnonzero(~seen)))
    return (
        f"{words}No unit of {layer} sees {blind} pixels, in rows and columns {lines}."
    )


def _drawing(image, names):
    """Draw what stands still; return `draw(sides, spans, seen)`, which gives a PNG."""
    figure = Figure(figsize=(7.4, 2.9), dpi=100, layout="none")
    axis = figure.add_axes((0, 0, 1, 1))
    axis.set(xlim=(0, 7.4), ylim=(0, 2.9))
    axis.set_axis_off()
    digit = axis.imshow(image, cmap="gray_r", zorder=1)
    hidden = axis.imshow(np.zeros((1, 1, 4)), zorder=2)
    axis.set(xlim=(0, 7.4), ylim=(0, 2.9), aspect="auto")
    grid = LineCollection([], colors="0.75", linewidths=0.5, zorder=3)
    rays = LineCollection([], colors=BLUE, linewidths=0.8, linestyles=":", zorder=5)
    for lines in (grid, rays):
        axis.add_collection(lines)
    squares, texts = [], []
    for _ in range(len(names) + 1):
        square = Rectangle((0, 0), 0, 0, facecolor=BLUE, alpha=0.4, zorder=4)
        squares.append(axis.add_patch(square))
        texts.append(axis.text(0, 0, "", ha="center", va="bottom", fontsize=9))
    paint = painter(figure, [digit, hidden, grid, *squares, rays, *texts])

    def draw(sides, spans, seen):
        shown = [side for side in sides if side]
        gap = 0.35
        scale = min(0.07, (7.2 - gap * len(shown)) / sum(shown))
        left, lines, corners = 0.15, [], []
        for k, square in enumerate(squares):
            side = scale * sides[k]
            low = 1.45 - side / 2
            label = f"{['image', *names][k]}\n{sides[k]} x {sides[k]}" if side else ""
            texts[k].set(text=label, position=(left + side / 2, low + side + 0.05))
            if k == 0:
                for picture in (digit, hidden):
                    picture.set_extent((left, left + side, low, low + side))
            for at in range(sides[k] + 1 if k and side else 0):
                x, y = left + at * scale, low + at * scale
                lines += [[(x, low), (x, low + side)], [(left, y), (left + side, y)]]
            square.set_visible(bool(spans) and k < len(spans[0]))
            if square.get_visible():
                (top, bottom), (first, end) = (axis[k] for axis in spans)
                size = scale * (end - first), scale * (bottom - top)
                corner = left + scale * first, low + side - scale * bottom
                square.set_bounds(*corner, *size)
                corners.append((*corner, *size))
            left += side + gap
        grid.set_segments(lines)
        rays.set_segments(
            [
                [(x + w, y + up * h), (x2, y2 + up * h2)]
                for (x, y, w, h), (x2, y2, _, h2) in zip(
                    corners, corners[1:], strict=False
                )
                for up in (0, 1)
            ]
        )
        blind = ~np.logical_and.outer(seen, seen)
        colour = (0xD5 / 255, 0x5E / 255, 0)
        hidden.set_data(
            np.dstack([np.full(blind.shape, c) for c in colour] + [blind * 0.6])
        )
        return paint()

    return draw
