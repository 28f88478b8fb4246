"""A kernel that slides over an image, window by window."""

from types import SimpleNamespace

import ipywidgets as widgets
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke

from course_utils import checks, trial
from course_utils.explorers._panel import (
    LARGEST,
    choice,
    limits,
    number,
    number_grid,
    painter,
    panel,
    player,
    set_tooltip,
)

PALE = 1.6  # room in the colours that keeps black numbers legible on every cell
OWN = "own numbers"
KERNELS = {
    "identity": lambda size: _centre(size),
    "horizontal edge": lambda size: _edge(size)[:, None] * np.ones(size),
    "vertical edge": lambda size: _edge(size) * np.ones((size, 1)),
    "blur": lambda size: np.full((size, size), 1 / size**2),
    "sharpen": lambda size: (size**2 + 1) * _centre(size) - 1,
    "outline": lambda size: size**2 * _centre(size) - 1,
}


def _checked(name, values):
    """Return a float array of two axes; whole numbers become float32."""
    advice = f"pass one {name} without batch or channel axes"
    array = checks.numbers(name, values, "(height, width)", advice=advice)
    return array if np.asarray(values).dtype.kind == "f" else array.astype(np.float32)


def _centre(size):
    return np.eye(size**2)[(size - 1) // 2 * (size + 1)].reshape(size, size)


def _middle(own, size):
    """Return the view of the own numbers that a kernel of this size takes."""
    first = (len(own) - size + 1) // 2
    return own[first : first + size, first : first + size]


def _edge(size):
    return np.sign((size - 1) / 2 - np.arange(size))


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
        An `ipywidgets.VBox` with `controls`, `picture` and `text`.

    Raises:
        TypeError: conv2d cannot be called with these four arguments, or an array holds
            no numbers.
        ValueError: an array, or what conv2d returns, has another shape, or the call
            would end the kernel. Whatever conv2d raises comes through.
    """
    image = _checked("image", image)
    checks.takes("conv2d", conv2d, "image", "kernel", "stride", "padding")
    largest = min(LARGEST, *image.shape)
    begin = "horizontal edge" if kernel is None else OWN
    kernel = np.ones((min(3, largest),) * 2) if kernel is None else kernel
    kernel = _checked("kernel", kernel)
    size = len(kernel)
    if kernel.shape != (size, size) or size > largest:
        raise ValueError(
            f"kernel must have shape (size, size), size 1 to {largest}, got "
            f"{kernel.shape}: take fewer weights, for example kernel[:3, :3]"
        )
    first = image.copy(), kernel.astype(image.dtype), 1, "VALID"
    if reason := trial.fatal(conv2d, *first):
        raise ValueError(f"conv2d cannot be called with one image: {reason}")
    own = np.zeros((largest, largest))  # smaller kernels lie in its middle
    _middle(own, size)[:] = kernel
    controls = {
        "kernel": choice("kernel", [*KERNELS, OWN], begin),
        "size": widgets.IntSlider(size, 1, largest, description="size"),
        "stride": widgets.IntSlider(1, 1, 3, description="stride"),
        "padding": choice("padding", ["VALID", "SAME"], "VALID"),
        "play by": choice("play by", ["window", "row"], "window"),
        "position": widgets.IntSlider(
            description="position", layout={"width": "460px"}
        ),
    }
    controls["play"] = player(controls["position"], interval=250)
    weights = {f"weight {r},{c}": (r, c) for r, c in np.ndindex(largest, largest)}
    for name in weights:
        controls[name] = widgets.FloatText(step=0.5, layout={"width": "auto"})
        set_tooltip(controls[name], f"{name} of the kernel (row, column)")
    grid = widgets.GridBox([controls[name] for name in weights])
    draw = _convolution_drawing(image)
    shown = None  # what conv2d made of the present controls; None if it failed
    corner = image.shape[0] // 2, image.shape[1] // 2

    def update(name):
        nonlocal kernel, shown, corner
        play, position = controls["play"], controls["position"]
        if name not in ("position", "play by"):
            shown = None
        if name in weights and max(weights[name]) < len(kernel):
            inside = _middle(own, len(kernel))
            inside[:] = kernel
            inside[weights[name]] = controls[name].value
            controls["kernel"].value = OWN
        if shown is None:
            kernel = fill_boxes(controls["size"].value, controls["kernel"].value)
            stride, padding = controls["stride"].value, controls["padding"].value
            shown = _slide(conv2d, image, kernel, stride, padding)
            rows, columns = shown.map.shape
            position.max = rows * columns - 1
            row = min(corner[0] // stride, rows - 1)
            position.value = row * columns + min(corner[1] // stride, columns - 1)
        columns = shown.map.shape[1]
        by_row = controls["play by"].value == "row"
        play.step = columns if by_row else 1
        if name == "play by" and by_row:  # a row is seen whole at its last window
            position.value += columns - 1 - position.value % columns
        row, column = divmod(position.value, columns)
        corner = row * shown.stride, column * shown.stride
        words = f"Kernel: {controls['kernel'].value}. "
        words += _convolution_text(shown, row, column)
        return draw(shown, row, column), words

    def fill_boxes(size, choice):
        kernel = _middle(own, size) if choice == OWN else KERNELS[choice](size)
        for name, place in weights.items():
            inside = max(place) < size
            controls[name].layout.display = None if inside else "none"
            controls[name].value = kernel[place] if inside else 0
        grid.layout.grid_template_columns = f"repeat({size}, 54px)"
        return kernel.astype(image.dtype)

    names = ("kernel", "size", "stride", "padding", "play by")
    side = [controls[name] for name in names]
    top = [controls["play"], controls["position"]]
    return panel(controls, update, top, [*side, widgets.Label("weights"), grid])


def _slide(conv2d, image, kernel, stride, padding):
    """Call conv2d, and set beside its numbers what they should be."""
    size, pads = len(kernel), []
    for length in image.shape:
        # TensorFlow's rule: as few zeros as give ceil(length / stride) positions, and
        # the odd one at the bottom or at the right.
        needed = (-(-length // stride) - 1) * stride + size - length
        total = max(needed, 0) if padding == "SAME" else 0
        pads.append((total // 2, total - total // 2))
    windows = np.lib.stride_tricks.sliding_window_view(
        np.pad(image, pads), kernel.shape
    )[::stride, ::stride]
    result = conv2d(image.copy(), kernel.copy(), stride, padding)
    feature_map = np.asarray(result)
    if feature_map.shape != windows.shape[:2] or feature_map.dtype.kind not in "iuf":
        came = "None" if result is None else f"{feature_map.dtype} {feature_map.shape}"
        raise ValueError(
            f"conv2d must return numbers of shape {windows.shape[:2]} for an image of "
            f"shape {image.shape}, kernel size {size}, stride {stride} and {padding} "
            f"padding, got {came}: look at its output size"
        )
    sums, turned = (
        np.einsum("rcij,ij->rc", windows, k) for k in (kernel, kernel[::-1, ::-1])
    )
    slack = 1e-4 * max(1, np.abs(sums).max())
    return SimpleNamespace(
        kernel=kernel,
        stride=stride,
        pads=pads,
        windows=windows,
        map=feature_map,
        sums=sums,
        wrong=~np.isclose(feature_map, sums, atol=slack),
        turned=np.allclose(feature_map, turned, atol=slack),
    )


def _convolution_text(shown, row, column):
    """Say in words and numbers what happens at one position."""
    rows, columns = shown.map.shape
    spans = (
        f"{number(start)} to {number(start + len(shown.kernel) - 1)}"
        for start in _window_start(shown, row, column)
    )
    lines = "<br>".join(
        " + ".join(f"{number(x)}·{number(w)}" for x, w in zip(xs, ws, strict=True))
        + f" = {number(xs @ ws)}"
        for xs, ws in zip(shown.windows[row, column], shown.kernel, strict=True)
    )
    due, came = (number(table[row, column], 4) for table in (shown.sums, shown.map))
    verdict = f"Sum of the products: <b>{due}</b>. conv2d returned <b>{came}</b>"
    if shown.wrong.any():
        verdict = f"<b>conv2d and the products disagree.</b> {verdict} here; they "
        verdict += f"differ at {shown.wrong.sum()} of {rows * columns} positions"
        if shown.turned:
            verdict += ", because conv2d turns the kernel by 180 degrees"
    (above, below), (before, after) = shown.pads
    return (
        f"<b>Row {row}, column {column}</b> of the feature map, which has {rows} rows "
        f"and {columns} columns. Window: image rows {next(spans)}, columns "
        f"{next(spans)}. Zeros added: {above} above, {below} below, {before} left, "
        f"{after} right. Pixel · weight:<br><code>{lines}</code><br>{verdict}."
    )


def _convolution_drawing(image):
    """Draw what stands still; return `draw(shown, row, column)`, which gives a PNG."""
    height, width = image.shape
    low, high = image.min(), image.max()
    figure = Figure(figsize=(7.4, 5.4), dpi=100)
    figure.set_layout_engine("none")
    left = figure.add_axes((0.04, 0.42, 0.44, 0.54))
    right = figure.add_axes((0.54, 0.42, 0.44, 0.54))
    digit = left.imshow(image)
    scene = right.imshow(np.zeros((1, 1)), cmap="RdBu_r")
    zeros, frame = Rectangle((0, 0), 0, 0), Rectangle((-0.6, -0.6), 0, 0)
    future = [Rectangle((0, 0), 0, 0, color="white", lw=0, alpha=0.8) for _ in "12"]
    halo = [withStroke(linewidth=5, foreground="white")]
    marks = [Rectangle((0, 0), 1, 1, lw=2, path_effects=halo) for _ in "12"]
    for patch in (zeros, frame, *marks):
        patch.set(facecolor="none", edgecolor="black")
    zeros.set_edgecolor("0.6")
    for axis, patches in (
        (left, [zeros, marks[0]]),
        (right, [frame, *future, marks[1]]),
    ):
        # One scale for both, with room for padding: a stride shrinks the map.
        axis.set(xlim=(-3, width + 2), ylim=(height + 2, -3))
        axis.set(xticks=range(0, width, max(1, width // 3)))
        axis.set(yticks=range(0, height, max(1, height // 3)))
        axis.tick_params(labelsize=8, length=2)
        axis.spines[:].set_visible(False)
        axis.grid(False)
        for patch in patches:
            axis.add_patch(patch)
    names = {"pixels": 0.04, "weights": 0.3, "products": 0.56}
    grids = [number_grid(figure, (x, 0.02, 0.22, 0.3), n) for n, x in names.items()]
    (pixels, weights, products), tables = zip(*grids, strict=True)
    for x, sign in ((0.28, "×"), (0.54, "="), (0.805, "→")):
        figure.text(x, 0.17, sign, ha="center", va="center", fontsize=16)
    figure.text(0.84, 0.31, "red: above zero\nblue: below", fontsize=9, color="0.3")
    total = figure.text(0.84, 0.17, "", va="center", fontsize=11, linespacing=1.5)
    scenes = [zeros, digit, scene, frame, *future, *marks, left.title, right.title]
    paint = painter(figure, [*scenes, *sum(tables, []), total])

    def draw(shown, row, column):
        rows, columns = shown.map.shape
        (above, below), (before, after) = shown.pads
        zeros.set_height(height + above + below + 0.2)
        zeros.set_width(width + before + after + 0.2)
        zeros.set_xy((-before - 0.6, -above - 0.6))
        padded = above + below + before + after > 0
        zeros.set_hatch("////" if padded else None)
        hatched = ", hatched: zeros" if padded else ""
        left.set_title(f"image {height} × {width}{hatched}")
        right.set_title(f"feature map {rows} × {columns}, pale: to come")
        scene.set(data=shown.map, extent=(-0.5, columns - 0.5, rows - 0.5, -0.5))
        scene.set_clim(*limits(shown.map))
        frame.set(height=rows + 0.2, width=columns + 0.2)
        future[0].set(height=1, width=columns - column - 1)
        future[0].set_xy((column + 0.5, row - 0.5))
        future[1].set(height=rows - row - 1, width=columns)
        future[1].set_xy((-0.5, row + 0.5))
        top, first = _window_start(shown, row, column)
        marks[0].set(height=len(shown.kernel), width=len(shown.kernel))
        marks[0].set_xy((first - 0.5, top - 0.5))
        marks[1].set_xy((column - 0.5, row - 0.5))
        window = shown.windows[row, column]
        pixels(window, "gray_r", low, high)
        weights(shown.kernel, "RdBu_r", *limits(shown.kernel, PALE))
        products(window * shown.kernel, "RdBu_r", *limits(shown.kernel * high, PALE))
        due, came = (number(table[row, column]) for table in (shown.sums, shown.map))
        sign = "≠" if shown.wrong[row, column] else "="
        total.set_text(f"sum\n{due}\n\nconv2d\n{sign} {came}")
        return paint()

    return draw


def _window_start(shown, row, column):
    """Return the image row and column where the window begins; zeros lie below 0."""
    return (
        row * shown.stride - shown.pads[0][0],
        column * shown.stride - shown.pads[1][0],
    )
