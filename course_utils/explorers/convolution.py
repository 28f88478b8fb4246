"""A kernel that slides over an image, window by window."""

import functools

import ipywidgets as widgets
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from numpy.lib.stride_tricks import sliding_window_view

from course_utils import checks, trial
from course_utils.explorers import _panel
from course_utils.explorers._panel import choice, limits, number, number_grid

PALE = 1.6  # room in the colours that keeps black numbers legible on every cell
OWN = "own numbers"
KERNELS = {
    "identity": lambda n: np.pad([[1.0]], ((n - 1) // 2, n // 2)),
    "horizontal edge": lambda n: KERNELS["vertical edge"](n).T,
    "vertical edge": lambda n: np.tile(np.sign(np.arange(n - 1, -n, -2.0)), (n, 1)),
    "blur": lambda n: np.full((n, n), 1 / n**2),
    "sharpen": lambda n: KERNELS["outline"](n) + KERNELS["identity"](n),
    "outline": lambda n: n**2 * KERNELS["identity"](n) - 1,
}


def convolution(image, conv2d, kernel=None):
    """Slide the learner's convolution over an image, window by window.

    The feature map is what conv2d returns; it is called once for each choice of
    kernel, stride and padding. The products under the window are computed here, and
    where their sum is not what conv2d returned, the text gives both numbers.

    Args:
        image: number array, shape (height, width); integers become float32.
        conv2d: function called as `conv2d(image, kernel, stride, padding)` with two
            float arrays of two axes, an int, and "VALID" or "SAME"; returns the
            feature map, shape (rows, columns).
        kernel: optional number array to begin with, shape (size, size), 1 to 5.

    Returns:
        An `ipywidgets.VBox` with `controls`, `picture`, `text` and `alert`.

    Raises:
        TypeError: conv2d does not take these four arguments, or an array holds no
            numbers.
        ValueError: an array, or what conv2d returns, has another shape, or the call
            would end the kernel. Whatever conv2d raises comes through.
    """
    advice = "pass one without batch or channel axes"
    array = checks.numbers("image", image, "(height, width)", advice=advice)
    floats = np.asarray(image).dtype.kind == "f"
    image = array if floats else array.astype(np.float32)
    checks.takes("conv2d", conv2d, "image", "kernel", "stride", "padding")
    most = min(_panel.LARGEST, *image.shape)
    own = np.ones((min(3, most),) * 2) if kernel is None else kernel
    own = checks.numbers("kernel", own, "(size, size)", advice=advice)
    if own.shape != (len(own),) * 2 or len(own) > most:
        raise ValueError(
            f"kernel must have shape (size, size), size 1 to {most}, got {own.shape}: "
            "take fewer weights, for example kernel[:3, :3]"
        )
    begins = "horizontal edge" if kernel is None else OWN
    kind = choice("kernel", [*KERNELS, OWN], begins)
    size = widgets.IntSlider(len(own), 1, most, description="size")
    stride = widgets.IntSlider(1, 1, 3, description="stride")
    padding = choice("padding", ["VALID", "SAME"], "VALID")
    by = choice("play by", ["window", "row"], "window")
    position = widgets.IntSlider(description="position", layout={"width": "460px"})
    play, side = _panel.player(position, 250), [kind, size, stride, padding, by]
    names = [f"weight {r},{c}" for r, c in np.ndindex(most, most)]
    boxes = {name: widgets.FloatText(step=0.5) for name in names}
    for name, box in boxes.items():
        box.layout.width = "auto"
        _panel.set_tooltip(box, f"{name} of the kernel (row, column)")
    grid = widgets.GridBox([*boxes.values()])
    controls = {c.description: c for c in (*side, position)} | {"play": play} | boxes
    own = np.pad(own, ((most - len(own) + 1) // 2, (most - len(own)) // 2))
    slide = functools.lru_cache(1)(functools.partial(_slide, conv2d, image))
    draw, corner = _drawing(image), np.array(image.shape) // 2

    def update(name):
        nonlocal corner
        n, first = size.value, (most - size.value + 1) // 2
        mine = own[first : first + n, first : first + n]  # small ones in the middle
        if name in boxes:
            mine[:] = np.reshape([b.value for b in boxes.values()], own.shape)[:n, :n]
            kind.value = OWN
        kernel = mine if kind.value == OWN else KERNELS[kind.value](n)
        for (r, c), box in zip(np.ndindex(own.shape), boxes.values(), strict=True):
            box.layout.display = None if max(r, c) < n else "none"
            box.value = kernel[r, c] if max(r, c) < n else 0
        grid.layout.grid_template_columns = f"repeat({n}, 54px)"
        seen = slide(tuple(map(tuple, kernel)), stride.value, padding.value)
        rows, columns = shape = seen[-1].shape
        position.max = rows * columns - 1
        if name not in ("position", "play by"):  # the window stays where it was
            position.value = np.ravel_multi_index(corner // stride.value, shape, "clip")
        play.step = columns if by.value == "row" else 1
        if name == "play by":  # a row is seen whole at its last window
            position.value += -(position.value + 1) % play.step
        at = divmod(position.value, columns)
        corner = stride.value * np.array(at)
        words = f"Kernel: {kind.value}. {_words(at, corner, *seen)}"
        return draw(at, corner, *seen), words

    side += [widgets.Label("weights"), grid]
    return _panel.panel(controls, update, [play, position], side)


def _slide(conv2d, image, kernel, stride, padding):
    """Call conv2d, and set beside its numbers what they should be."""
    kernel, sides = np.array(kernel, image.dtype), np.array(image.shape)
    # TensorFlow's rule for SAME: as few zeros as give ceil(side / stride) positions,
    # and the odd one at the bottom or at the right.
    zeros = (-(-sides // stride) - 1) * stride + len(kernel) - sides
    zeros = np.maximum(zeros, 0) * (padding == "SAME")
    pads = np.transpose([zeros // 2, zeros - zeros // 2])
    windows = sliding_window_view(np.pad(image, pads), kernel.shape)[::stride, ::stride]
    with trial.guarded():
        result = conv2d(image.copy(), kernel.copy(), stride, padding)
    came = np.asarray(result)
    if came.shape != windows.shape[:2] or came.dtype.kind not in "iuf":
        got = "None" if result is None else f"{came.dtype} {came.shape}"
        raise ValueError(
            f"conv2d must return numbers of shape {windows.shape[:2]} for an image of "
            f"shape {image.shape}, kernel size {len(kernel)}, stride {stride} and "
            f"{padding} padding, got {got}: look at its output size"
        )
    due, turned = (np.tensordot(windows, k) for k in (kernel, np.flip(kernel)))
    slack = 1e-4 * max(1, np.abs(due).max())
    same, flipped = (np.isclose(came, sums, atol=slack) for sums in (due, turned))
    return kernel, pads, windows, ~same, flipped.all(), due, came


def _words(at, corner, kernel, pads, windows, wrong, flipped, due, came):
    """Say in words and numbers what happens at one position."""
    words = f"Sum of the products: <b>{number(due[at], 4)}</b>. conv2d returned "
    words += f"<b>{number(came[at], 4)}</b>"
    if wrong.any():
        words = f"<b>conv2d and the products disagree.</b> {words} here; they differ "
        words += f"at {wrong.sum()} of {wrong.size} positions"
        words += ", because conv2d turns the kernel by 180 degrees" if flipped else ""
    lines = [
        " + ".join(f"{number(x)}·{number(w)}" for x, w in zip(xs, ws, strict=True))
        + f" = {number(xs @ ws)}"
        for xs, ws in zip(windows[at], kernel, strict=True)
    ]
    (above, below), (left, right) = pads
    last = len(kernel) - 1
    spans = [f"{number(k)} to {number(k + last)}" for k in corner - pads[:, 0]]
    return (
        f"<b>Row {at[0]}, column {at[1]}</b> of the feature map, which has {len(due)} "
        f"rows and {due.shape[1]} columns. Window: image rows {spans[0]}, columns "
        f"{spans[1]}. Zeros added: {above} above, {below} below, {left} left, {right} "
        f"right. Pixel · weight:<br><code>{'<br>'.join(lines)}</code><br>{words}."
    )


def _drawing(image):
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
        axis.set(xlim=(-3, width + 2), ylim=(height + 2, -3))
        axis.set_xticks(range(0, width, max(1, width // 3)))
        axis.set_yticks(range(0, height, max(1, height // 3)))
        axis.tick_params(labelsize=8, length=2)
        axis.grid(False)
    (zeros, digit, window, left), (frame, scene, cell, right) = scenes
    names = {"pixels": 0.04, "weights": 0.3, "products": 0.56}
    grids = [number_grid(figure, (x, 0.02, 0.22, 0.3), n) for n, x in names.items()]
    for x, sign in ((0.28, "×"), (0.54, "="), (0.805, "→")):
        figure.text(x, 0.17, sign, ha="center", va="center", fontsize=16)
    figure.text(0.84, 0.31, "red: above zero\nblue: below", fontsize=9, color="0.3")
    total = figure.text(0.84, 0.17, "", va="center", fontsize=11, linespacing=1.5)
    (pixels, weights, products), tables = zip(*grids, strict=True)
    moving = [zeros, digit, window, left, scene, frame, cell, right, total]
    paint = _panel.painter(figure, moving + sum(tables, []))

    def draw(at, corner, kernel, pads, windows, wrong, flipped, due, came):
        (row, column), (rows, columns) = at, came.shape
        y, x = -pads[:, 0]  # where the zeros begin
        tall, wide = image.shape + pads.sum(axis=1)
        zeros.set_bounds(x - 0.6, y - 0.6, wide + 0.2, tall + 0.2)
        window.set_bounds(x + corner[1] - 0.5, y + corner[0] - 0.5, *kernel.shape)
        frame.set_bounds(-0.6, -0.6, columns + 0.2, rows + 0.2)
        cell.set_bounds(column - 0.5, row - 0.5, 1, 1)
        zeros.set_hatch("////" if pads.any() else None)
        hatched = ", hatched: zeros" if pads.any() else ""
        left.set_text(f"image {height} × {width}{hatched}")
        right.set_text(f"feature map {rows} × {columns}, pale: to come")
        pale = np.arange(came.size).reshape(came.shape) > row * columns + column
        scene.set(data=came, extent=(-0.5, columns - 0.5, rows - 0.5, -0.5))
        scene.set(clim=limits(came), alpha=np.where(pale, 0.2, 1.0))
        pixels(windows[at], "gray_r", low, high)
        weights(kernel, "RdBu_r", *limits(kernel, PALE))
        products(windows[at] * kernel, "RdBu_r", *limits(kernel * high, PALE))
        sign = "≠" if wrong[at] else "="
        total.set_text(f"sum\n{number(due[at])}\n\nconv2d\n{sign} {number(came[at])}")
        return paint()

    return draw
