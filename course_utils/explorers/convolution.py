"""A kernel that slides over an image, window by window; `_sliding` draws it."""

import functools

import numpy as np
from ipywidgets import FloatText, GridBox, IntSlider, Label
from numpy.lib.stride_tricks import sliding_window_view

from course_utils import checks, trial
from course_utils.explorers import _panel
from course_utils.explorers._panel import choice, number
from course_utils.explorers._sliding import LARGEST, drawing

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
        image: number array, shape (height, width); it becomes float32.
        conv2d: function called as `conv2d(image, kernel, stride, padding)` with two
            float32 arrays of two axes, an int, and "VALID" or "SAME"; returns the
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
    checks.takes("conv2d", conv2d, "image", "kernel", "stride", "padding")
    advice = "pass one without batch or channel axes"
    image = checks.numbers("image", image, "(height, width)", advice=advice)
    image, most = image.astype(np.float32), min(LARGEST, *image.shape)
    own = np.ones((min(3, most),) * 2) if kernel is None else kernel
    own = checks.numbers("kernel", own, "(size, size)", advice=advice)
    advice = "take fewer weights, for example kernel[:3, :3]"
    own = checks.numbers("kernel", own, (min(len(own), most),) * 2, advice=advice)
    begins = "horizontal edge" if kernel is None else OWN
    kind = choice("kernel", [*KERNELS, OWN], begins)
    size = IntSlider(len(own), 1, most, description="size")
    stride = IntSlider(1, 1, 3, description="stride")
    padding = choice("padding", ["VALID", "SAME"], "VALID")
    by = choice("play by", ["window", "row"], "window")
    position = IntSlider(description="position", layout={"width": "460px"})
    play, side = _panel.player(position, 250), [kind, size, stride, padding, by]
    boxes = {f"weight {r},{c}": FloatText(step=0.5) for r, c in np.ndindex(most, most)}
    for name, box in boxes.items():
        box.layout.width = "auto"
        _panel.set_tooltip(box, f"{name} of the kernel (row, column)")
    grid = GridBox([*boxes.values()])
    controls = {c.description: c for c in (*side, position)} | {"play": play} | boxes
    own = np.pad(own, ((most - len(own) + 1) // 2, (most - len(own)) // 2))
    slide = functools.lru_cache(1)(functools.partial(_slide, conv2d, image))
    draw, corner = drawing(image), np.array(image.shape) // 2

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

    side += [Label("weights"), grid]
    return _panel.panel(controls, update, [play, position], side)


def _slide(conv2d, image, kernel, stride, padding):
    """Call conv2d, and set beside its numbers what they should be."""
    kernel, sides = np.array(kernel, np.float32), np.array(image.shape)
    # TensorFlow's rule for SAME: as few zeros as give ceil(side / stride) positions,
    # and the odd one at the bottom or at the right.
    zeros = (-(-sides // stride) - 1) * stride + len(kernel) - sides
    zeros = np.maximum(zeros, 0) * (padding == "SAME")
    pads = np.transpose([zeros // 2, zeros - zeros // 2])
    windows = sliding_window_view(np.pad(image, pads), kernel.shape)[::stride, ::stride]
    due, turned = (np.tensordot(windows, k) for k in (kernel, np.flip(kernel)))
    with trial.guarded():
        came = conv2d(image.copy(), kernel.copy(), stride, padding)
    name = f"what conv2d returns for an image of shape {image.shape}, kernel size "
    name += f"{len(kernel)}, stride {stride} and {padding} padding"
    settings = {"finite": False, "advice": "look at its output size"}
    came = checks.numbers(name, came, due.shape, **settings)
    close = functools.partial(np.isclose, came, atol=1e-4 * max(1, np.abs(due).max()))
    return kernel, pads, windows, ~close(due), close(turned).all(), due, came


def _words(at, corner, kernel, pads, windows, wrong, turned, due, came):
    """Say in words and numbers what happens at one position."""
    words = f"Sum of the products: <b>{number(due[at], 4)}</b>. conv2d returned "
    words += f"<b>{number(came[at], 4)}</b>"
    if wrong.any():
        words = f"<b>conv2d and the products disagree.</b> {words} here; they differ "
        words += f"at {wrong.sum()} of {wrong.size} positions"
        words += ", because conv2d turns the kernel by 180 degrees" if turned else ""
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
