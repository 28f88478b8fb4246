"""A pad on which the learner draws a digit, and their own networks read it.

    from course_utils import digit_pad
    digit_pad.DigitPad({"LeNet": read}, images=x_test)

A drawing becomes an image as the digits of MNIST were made: `centre` scales its ink to
20 x 20 pixels and moves its centre of mass to the middle of 28 x 28.
"""

import html
import io
from pathlib import Path

import anywidget
import ipywidgets as widgets
import numpy as np
import traitlets
from IPython.display import display
from PIL import Image, ImageFilter, ImageOps

from course_utils import checks, trial
from course_utils.explorers._panel import blank, painter, panel, softmax

SIDE, PEN = 280, 0.08  # a drawing: pixels a side; the pen, as in digit_pad.js
PIXELS, BOX = 28, 20  # an image of MNIST, and the box that its ink fits
MIDDLE = 14.5  # where MNIST's centre of mass lies, from the upper left corner
MOST_NETWORKS = 8


class DigitPad:
    """A pad to draw on, the image that it makes, and what networks read in it.

    It works without a front end, too: set `strokes` or `image`, and read `text.value`.

    Attributes:
        controls: dict from name to widget: "pad", "photo" and, with images, "image".
        picture: the `ipywidgets.Image` with both images and the bars.
        text: the `ipywidgets.HTML` that says what was read.
        alert: the `ipywidgets.HTML` that says what did not work.
    """

    def __init__(self, networks=None, images=None):
        """Make an empty pad.

        Args:
            networks: dict from a name to a function: it gets images as MNIST has them,
                uint8 of shape (batch, 28, 28), from 0 (paper) to 255 (ink), and returns
                probabilities or logits of shape (batch, 10). At most eight.
            images: images to choose from, such as x_test, in the same form.

        Raises:
            TypeError: networks is no dict of functions of one argument, or images hold
                no numbers.
            ValueError: more than eight networks, or images of another shape. Whatever a
                network raises comes through as soon as there is ink to read.
        """
        self._networks = _checked(networks) if networks else {}
        self.controls = {
            "pad": _Canvas(),
            "photo": widgets.FileUpload(accept="image/*", description="a photo"),
        }
        if images is not None:
            images = checks.images("images", images, "(count, 28, 28)")
            _as_pixels(images[0], "images[0]")
            last = len(images) - 1
            self.controls["image"] = widgets.IntSlider(0, 0, last, description="image")
        self._images, self._set = images, _Set()
        self._draw = _drawing(list(self._networks))
        side = list(self.controls.values())
        self._panel = panel({"set": self._set} | self.controls, self._update, [], side)
        self.controls["pad"].on_msg(lambda *_: self._clear())
        self.picture, self.text = self._panel.picture, self._panel.text
        self.alert = self._panel.alert

    def __repr__(self):
        """Return what a notebook shows that is opened without a kernel."""
        return "Run this cell to see the drawing pad: it needs a running kernel."

    def _ipython_display_(self):
        display(self._panel)

    @property
    def strokes(self):
        """The drawing: a list of strokes, each a list of points [x, y] from 0 to 1."""
        return [[list(point) for point in s] for s in self.controls["pad"].value]

    @strokes.setter
    def strokes(self, strokes):
        self.controls["pad"].value = _checked_strokes(strokes)

    @property
    def image(self):
        """The image that the networks read, uint8 (28, 28), from 0 to 255.

        A drawing and a photograph are centred; an image that is set is read as it is.
        """
        return self._image.copy()

    @image.setter
    def image(self, image):
        self._set.value = "The image", *[_as_pixels(image)] * 2

    def read_photo(self, file):
        """Read a photograph of a digit on paper.

        Args:
            file: a path, or the bytes of a file.

        Raises:
            FileNotFoundError: nothing is at the path.
            ValueError: the file is no picture, or there is no ink on it.
        """
        self._set.value = "The photograph", *_both(photo_ink(file))

    def _clear(self):
        """Take away what came from elsewhere, too: a photograph, an image."""
        self._set.value = "Nothing", *[np.zeros((PIXELS, PIXELS), np.uint8)] * 2

    def _update(self, name):
        """Return picture and text after a control, or a program, has given new ink."""
        if name == "set":
            what, raw, self._image = self._set.value
        elif name == "photo":
            files = self.controls["photo"].value  # ipywidgets 7 has a dict
            *_, last = files.values() if isinstance(files, dict) else files
            what, ink = "Your photograph", photo_ink(last["content"])
            raw, self._image = _both(ink)
        elif name == "image":
            at = self.controls["image"].value
            what, raw = f"Image {at}", _as_pixels(self._images[at])
            self._image = raw
        else:
            what, (raw, self._image) = "Your drawing", _both(rasterise(self.strokes))
        if name != "pad":
            self.controls["pad"].value = []
        if not self._image.any():
            return self._draw(raw, raw, {}), "Draw a digit."
        pair = np.stack([self._image, raw])
        read = {n: _read(n, network, pair) for n, network in self._networks.items()}
        return self._draw(raw, self._image, read), _words(what, read, raw, self._image)


class _Canvas(anywidget.AnyWidget):
    """Where the learner draws; its value is the list of strokes."""

    _esm = Path(__file__).with_name("digit_pad.js")
    value = traitlets.List().tag(sync=True)


class _Set(traitlets.HasTraits):
    """What a program has set: words, the raw image, the image that is read."""

    value = traitlets.Tuple()


def rasterise(strokes):
    """Draw strokes as ink, a float array (280, 280) from 0 to 1.

    A pixel's ink follows from how far its middle lies from the way of a round pen. The
    page in the browser, site/ink.js, calculates the same numbers.

    Args:
        strokes: list of strokes, each a list of points [x, y] from 0 to 1.

    Raises:
        TypeError, ValueError: these are no strokes.
    """
    ink, reach = np.zeros((SIDE, SIDE)), PEN * SIDE / 2
    for stroke in _checked_strokes(strokes):
        points = SIDE * np.array(stroke, float)
        for start, end in zip(points, [*points[1:], points[-1]], strict=True):
            first = np.floor(np.minimum(start, end) - reach - 1).clip(0).astype(int)
            last = np.ceil(np.maximum(start, end) + reach + 1).clip(0, SIDE).astype(int)
            x, y = (
                np.arange(a, b) + 0.5 - c
                for a, b, c in zip(first, last, start, strict=True)
            )
            x, y, (dx, dy) = x, y[:, None], end - start
            length = dx * dx + dy * dy or 1  # squared
            share = np.clip((x * dx + y * dy) / length, 0, 1)
            distance = np.sqrt((x - share * dx) ** 2 + (y - share * dy) ** 2)
            box = ink[first[1] : last[1], first[0] : last[0]]
            np.maximum(box, np.clip(reach + 0.5 - distance, 0, 1), out=box)
    return ink


def centre(ink):
    """Make an image of a drawing in the way that MNIST was made.

    The box around the ink is scaled to 20 pixels at its longer side, each pixel the
    mean of the ink that it covers, and the centre of mass moves to the point that is
    the middle of MNIST's images.

    Args:
        ink: numbers from 0 (paper) to 1 (ink), shape (height, width).

    Returns:
        A float array (28, 28); all zero if there is no ink. What lies so far from the
        centre of mass that it does not fit is cut off, as in MNIST.

    Raises:
        TypeError, ValueError: ink is no such array.

    Source:
        Y. LeCun, C. Cortes, C. J. C. Burges, The MNIST Database of Handwritten Digits.
        Its text does not say which point the middle is; the images have their centre of
        mass at 14.5, counted from the upper left corner.
    """
    ink = checks.numbers("ink", ink, "(height, width)", advice="pass one drawing")
    if ink.min() < 0 or ink.max() > 1:
        raise ValueError(
            f"ink must lie between 0 (paper) and 1 (ink), got {ink.min():g} to "
            f"{ink.max():g}: divide pixels by 255"
        )
    if not ink.any():
        return np.zeros((PIXELS, PIXELS))
    step = max(np.ptp(np.flatnonzero(ink.any(axis))) + 1 for axis in (0, 1)) / BOX
    for _ in range(2):  # rows, then columns
        mass = ink.sum(1)
        middle = mass @ (np.arange(len(ink)) + 0.5) / mass.sum()
        ink = _means(ink, middle - MIDDLE * step, step).T
    return ink.clip(0, 1)  # sums of floats may go beyond


def _means(ink, start, step):
    """Return the mean of each of 28 bands of rows, (rows, n) -> (28, n)."""
    edges = np.clip(start + step * np.arange(PIXELS + 1), 0, len(ink))
    row = np.minimum(edges.astype(int), len(ink) - 1)
    above = np.cumsum(ink, axis=0)[row] - ink[row]  # of the rows above an edge's row
    return np.diff(above + (edges - row)[:, None] * ink[row], axis=0) / step


def photo_ink(file):
    """Find the ink on a photograph of a digit on paper.

    The picture becomes grey and, where the ink is darker than the paper, inverted; the
    paper's own brightness is subtracted, place by place, because light falls unevenly;
    what stays below Otsu's threshold is paper.

    Args:
        file: a path, or the bytes of a file.

    Returns:
        A float array (height, width) from 0 to 1, at most 280 pixels a side.

    Raises:
        FileNotFoundError: nothing is at the path.
        ValueError: the file is no picture, or there is no ink on it.

    Source:
        N. Otsu, A Threshold Selection Method from Gray-Level Histograms, 1979.
    """
    source = io.BytesIO(file) if isinstance(file, bytes | memoryview) else file
    try:
        with Image.open(source) as opened:
            photo = ImageOps.exif_transpose(opened).convert("RGBA")
    except FileNotFoundError:
        raise
    except Exception as error:
        raise ValueError(
            f"the file must be a picture, got something else "
            f"({type(error).__name__}): pass a PNG or a JPEG"
        ) from None
    photo = Image.alpha_composite(Image.new("RGBA", photo.size, "white"), photo)
    photo.thumbnail((SIDE, SIDE))
    grey = photo.convert("L").filter(ImageFilter.MedianFilter(3))
    values = np.asarray(grey, float)
    if np.median(values) > (values.min() + values.max()) / 2:  # most of it is paper
        grey = ImageOps.invert(grey)
    paper = grey.reduce(8).filter(ImageFilter.MinFilter(5))
    paper = paper.filter(ImageFilter.GaussianBlur(3)).resize(grey.size)
    above = np.clip(np.asarray(grey, float) - np.asarray(paper, float), 0, None)
    if above.max() < 30:
        raise ValueError(
            "the photograph must show a digit, got an even surface: write darker, or "
            "take it in better light"
        )
    ink = above > _threshold(above)
    return np.clip(above / np.median(above[ink]), 0, 1) * ink


def _threshold(values):
    """Return the level that parts values, 0 to 255, into two groups, as Otsu does."""
    counts = np.bincount(values.astype(int).ravel(), minlength=256) / values.size
    below, sums = np.cumsum(counts), np.cumsum(counts * np.arange(256))
    above = below[-1] - below
    apart = (sums[-1] * below - sums * below[-1]) ** 2 / np.maximum(below * above, 1e-9)
    return apart.argmax()


def _both(ink):
    """Return a drawing as it stands, shrunk, and centred: two uint8 arrays (28, 28)."""
    step = max(ink.shape) / PIXELS
    raw = ink
    for _ in range(2):  # rows, then columns
        raw = _means(raw, (len(raw) - PIXELS * step) / 2, step).T
    return tuple(np.uint8(np.rint(255 * each)) for each in (raw, centre(ink)))


def _as_pixels(image, name="image"):
    """Return an image as uint8, or refuse it."""
    values = checks.numbers(name, image, "(28, 28)", advice="pass one image")
    whole = (values == values.round()).all() and 0 <= values.min() <= values.max() < 256
    if values.shape != (PIXELS, PIXELS) or not whole:
        raise ValueError(
            f"{name} must have shape (28, 28) and hold whole numbers from 0 (paper) to "
            f"255 (ink), got {values.shape} from {values.min():g} to {values.max():g}: "
            "pass an image of MNIST, or set strokes"
        )
    return np.uint8(values)


def _checked_strokes(strokes):
    """Return strokes as nested lists, or refuse them."""
    checked, advice = [], "pass [[[x, y], [x, y]]]"
    strokes = strokes.tolist() if isinstance(strokes, np.ndarray) else strokes
    checks.instance("strokes", strokes, list | tuple, "a list of strokes", advice)
    for stroke in strokes:
        points = checks.numbers(
            "a stroke", stroke, "(points, 2)", advice="pass [[x, y]]"
        )
        if points.shape[1] != 2 or points.min() < 0 or points.max() > 1:
            raise ValueError(
                "a stroke must hold points [x, y] from 0 to 1, got shape "
                f"{points.shape} from {points.min():g} to {points.max():g}: divide by "
                "the width of the pad"
            )
        checked.append(points.tolist())
    return checked


def _checked(networks):
    """Return the networks by name, or refuse them."""
    advice = 'pass {"LeNet": read}'
    networks = checks.mapping("networks", networks, advice)
    checks.whole("the number of networks", len(networks), most=MOST_NETWORKS)
    for name, network in networks.items():
        checks.text("a network's name", name, advice)
        checks.takes(name, network, "images")
    return networks


def _read(name, network, pair):
    """Return what a network makes of two images: probabilities (2, 10)."""
    with trial.guarded():
        returned = network(pair)
    advice = "return ten probabilities or logits for each of the two images"
    found = checks.numbers(f"what {name} returns", returned, (2, 10), advice=advice)
    sums = found.sum(axis=1)
    is_share = found.min() >= 0 and np.allclose(sums, 1, atol=1e-3)
    return found if is_share else softmax(found)


def _words(what, read, raw, image):
    """Say in words and numbers what the picture shows."""
    said = f"{what}."
    moved = not np.array_equal(raw, image)
    if moved:
        size = [np.ptp(np.flatnonzero(raw.max(axis) > 25)) + 1 for axis in (1, 0)]
        said = f"{what}: its ink, {size[0]} by {size[1]} of the 28 by 28 pixels, is "
        said += "scaled to fit 20 by 20 and centred. "
    for name, (centred, drawn) in read.items():
        best, other = centred.argmax(), drawn.argmax()
        said += f"<br>{html.escape(name)} reads <b>{best}</b> ({centred[best]:.0%})"
        if moved:
            said += f"; without centring {other} ({drawn[other]:.0%})"
    readings = {centred.argmax() for centred, _ in read.values()}
    return said + "." + "<br><b>They disagree.</b>" * (len(readings) > 1)


def _drawing(names):
    """Draw what stands still; return `draw(raw, image, read)`, which gives a PNG."""
    inches = max(2.5, 0.8 * len(names) + 0.4)
    figure = blank(inches)
    pictures, titles, bars, marks = [], [], [], []
    for left, title in ((0.01, "as drawn"), (0.3, "centred: what is read")):
        axis = figure.add_axes((left, 1 - 2.25 / inches, 0.27, 2.0 / inches))
        axis.set(xticks=[], yticks=[])
        axis.set_title(title, fontsize=10)
        axis.spines[:].set(visible=True, color="0.5")
        nothing = np.zeros((PIXELS, PIXELS))
        pictures.append(axis.imshow(nothing, cmap="gray_r", vmin=0, vmax=255))
    row = (1 - 0.3 / inches) / max(1, len(names))
    for k in range(len(names)):
        place = (0.62, 1 - (k + 1) * row, 0.37, row - 0.42 / inches)
        axis = figure.add_axes(place)
        axis.set(xlim=(-0.6, 9.6), ylim=(0, 1.02), yticks=[], xticks=range(10))
        axis.tick_params(length=0, pad=1, labelsize=9)
        axis.grid(False)
        bars += axis.bar(range(10), np.zeros(10), color="C0")
        marks += axis.plot([], [], "_", color="C1", markersize=11, mew=2)
        titles.append(axis.set_title("", fontsize=10))
    key = "bars: centred; dashes: as drawn" if names else ""
    figure.text(0.99, 0.02 / inches, key, ha="right", va="bottom", fontsize=9)
    paint = painter(figure, [*pictures, *titles, *bars, *marks])

    def draw(raw, image, read):
        for picture, pixels in zip(pictures, (raw, image), strict=True):
            picture.set_data(pixels)
        found = [read.get(name, np.zeros((2, 10))) for name in names]
        heights = [height for centred, _ in found for height in centred]
        for bar, height in zip(bars, heights, strict=True):
            bar.set_height(height)
        for name, title, mark, pair in zip(names, titles, marks, found, strict=True):
            title.set_text(f"{name} reads {pair[0].argmax()}" if read else name)
            mark.set_data(range(10) if read else [], pair[1] if read else [])
        return paint()

    return draw
