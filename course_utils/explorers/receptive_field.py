"""What one unit sees: its windows, followed back through every map to the pixels."""

import ipywidgets as widgets
import numpy as np
from matplotlib.figure import Figure

from course_utils import checks
from course_utils.explorers._panel import choice, escaped, painter, panel

MOST_LAYERS, MOST_PIXELS, SIZES = 5, 32, range(1, 10)
WIDTH, HEIGHT, MAPS, GAP = 740, 290, 214, 48  # dots: all, the maps, between two
BLUE, ORANGE, GREY = np.array([0, 0.45, 0.7]), (0.84, 0.37, 0), 0.75
ADVICE = 'pass {"conv1": (3, 1), "pool1": (2, 2)}, from the image upwards'


def receptive_field(field_width, windows, image):
    """Follow the windows of one unit back to the pixels that it sees.

    Args:
        field_width: function called as `field_width(windows)` with a list of
            (size, stride); it returns the field's width, from first to last pixel.
        windows: dict from a layer's name to its (size, stride), from the image upwards;
            1 to 5 layers without padding, sizes and strides of 1 to 9.
        image: numbers, shape (n, n), n at most 32.

    Returns:
        An `ipywidgets.VBox` with `controls`, `picture`, `text` and `alert`.

    Raises:
        TypeError: an argument, or what field_width returns, is of another kind.
        ValueError: it does not fit. Whatever field_width raises comes through.
    """
    checks.takes("field_width", field_width, "windows")
    names = ["image", *checks.mapping("windows", windows, ADVICE)]
    pairs = checks.numbers("windows", [*windows.values()], "(layers, 2)", advice=ADVICE)
    image = checks.numbers("image", image, "(n, n)", advice="pass one square image")
    if len(pairs) > MOST_LAYERS or pairs.shape[1] != 2 or not {*pairs.flat} <= {*SIZES}:
        raise ValueError(
            f"windows must hold at most {MOST_LAYERS} pairs of whole numbers from 1 to "
            f"{SIZES[-1]}, got {windows!s:.99}: {ADVICE}"
        )
    n, pairs = len(image), [(int(size), int(stride)) for size, stride in pairs]
    sides = _sides(n, pairs)
    if image.shape != (n, n) or n > MOST_PIXELS or not sides[-1]:
        raise ValueError(
            f"image must be square, at most {MOST_PIXELS} wide, and large enough for "
            f"windows, got {image.shape}, sides of the maps {sides}: change one of them"
        )
    row = widgets.IntSlider(sides[-1] // 2, 0, sides[-1] - 1, description="row")
    column = widgets.IntSlider(sides[-1] // 2, 0, sides[-1] - 1, description="column")
    layer = choice("layer", names[1:], names[-1])
    size = widgets.IntSlider(pairs[-1][0], 1, SIZES[-1], description="size")
    stride = widgets.IntSlider(pairs[-1][1], 1, SIZES[-1], description="stride")
    draw = _drawing(names, image)

    def update(name):
        depth = names.index(layer.value, 1)
        if name == "layer":
            size.value, stride.value = pairs[depth - 1]
        pairs[depth - 1] = size.value, stride.value
        sides, used = _sides(n, pairs), pairs[:depth]
        row.max = column.max = max(0, sides[depth] - 1)
        units = np.arange(sides[depth])
        seen = [_trace(units[units == at.value], used) for at in (row, column)]
        blind = np.setdiff1d(np.arange(n), _trace(units, used)[0])
        said = checks.number("what field_width returns", field_width(used))
        words = _words(escaped(names), sides, seen, blind, said)
        return draw(pairs, sides, seen, blind), words

    controls = {c.description: c for c in (row, column, layer, size, stride)}
    return panel(controls, update, [row, column], [layer, size, stride])


def _sides(side, pairs):
    """Return the sides of the image and of all maps, 0 where a window does not fit."""
    sides = [side]
    for size, stride in pairs:
        sides.append(max(0, (sides[-1] - size) // stride + 1))
    return sides


def _trace(units, pairs):
    """Return which places of the image and of each map these units see, on one axis."""
    seen = [units]
    for size, stride in pairs[::-1]:
        seen.insert(0, np.unique(np.add.outer(seen[0] * stride, np.arange(size))))
    return seen


def _words(names, sides, seen, blind, said):
    """Say in words and numbers what the picture shows."""
    layer, words = names[len(seen[0]) - 1], ""
    if len(seen[0][0]):
        (rows, *_, row), (columns, *_, column) = (map(_runs, axis) for axis in seen)
        widths = [places[-1] - places[0] + 1 for places in seen[0]]
        back = [f"{w} in {name}" for w, name in zip(widths, names, strict=False)]
        words = f"<b>Row {row}, column {column} of {layer}</b> sees the pixels in rows "
        words += f"{rows} and columns {columns}. Width of the square, on the way back: "
        words += f"{', '.join(back[::-1])}. Your function says {said:g}"
        words += ": they agree. " if said == widths[0] else ": <b>they disagree</b>. "
    missed = sides[0] ** 2 - (sides[0] - len(blind)) ** 2
    words += f"All units of {layer} together miss <b>{missed or 'no'} pixels</b>"
    words += f", hatched: rows and columns {_runs(blind)}. " if missed else ". "
    if 0 in sides:
        words += f"<b>{names[sides.index(0)]} has no unit</b>: its window does not fit."
    return words


def _runs(places):
    """Name whole numbers in order, such as "0 to 2, 5"."""
    runs = np.split(places, np.flatnonzero(np.diff(places) > 1) + 1)
    return ", ".join(f"{r[0]} to {r[-1]}" if len(r) > 1 else f"{r[0]}" for r in runs)


def _drawing(names, image):
    """Draw what stands still; return `draw`, which gives a PNG."""
    figure = Figure(figsize=(WIDTH / 100, HEIGHT / 100), dpi=100, layout="none")
    axis = figure.add_axes((0, 0, 1, 1), frame_on=False, xticks=[], yticks=[])
    maps = axis.imshow(np.ones((HEIGHT, WIDTH, 3)))
    (rays,) = axis.plot([], [], ":", color=BLUE, linewidth=1)
    texts = [axis.text(0, 4, "", ha="center", va="top", fontsize=9) for _ in names]
    paint = painter(figure, [maps, rays, *texts])
    paper = np.dstack([1 - (image - image.min()) / (np.ptp(image) or 1)] * 3)

    def draw(pairs, sides, seen, blind):
        cell = min(MAPS // sides[0], (WIDTH - GAP * len(sides)) // sum(sides))
        canvas, left, outline = np.ones((HEIGHT, WIDTH, 3)), GAP // 2, []
        for k, (side, text) in enumerate(zip(sides, texts, strict=True)):
            top = HEIGHT - (MAPS + cell * side) // 2
            tile = np.ones((side, side, 3)) if k else paper.copy()
            if k < len(seen[0]) and len(seen[0][k]):
                rows, columns = lit = np.ix_(*(axis[k] for axis in seen))
                tile[lit] = (tile[lit] + BLUE) / 2
                x, x2 = (left + cell * at for at in (columns.min(), columns.max() + 1))
                y, y2 = (top + cell * at for at in (rows.min(), rows.max() + 1))
                outline = [(x2, y), (x, y), *outline, (x, y2), (x2, y2)]
            tile = tile.repeat(cell, axis=0).repeat(cell, axis=1)
            hidden = np.isin(range(side), [] if k else blind)
            tile[np.kron(hidden | hidden[:, None], np.eye(cell)) > 0] = ORANGE
            step = cell if k else len(tile)  # a grid for the maps, a frame for all
            tile[::step] = tile[:, ::step] = tile[-1:] = tile[:, -1:] = GREY
            canvas[top : top + len(tile), left : left + len(tile)] = tile
            more = "\nsize {}\nstride {}".format(*pairs[k - 1]) if k else ""
            text.set(text=f"{names[k]}\n{side} x {side}{more}", x=left + len(tile) / 2)
            left += max(len(tile), 14) + GAP
        maps.set_data(canvas)
        rays.set_data(*np.reshape(outline, (-1, 2)).T)
        return paint()

    return draw
