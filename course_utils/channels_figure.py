"""A figure of one convolution over several channels, with its numbers.

It draws arrays that the lesson computed. Pixels are grey; weights, products and the
feature map are red above zero and blue below, as in `plots.filters`.
"""

import matplotlib.pyplot as plt
import numpy as np

from course_utils import checks

MOST_CHANNELS = 3
MOST_PIXELS = 6  # in a row or a column; more numbers cannot be read
_PALE = 1.6  # room in the colours that keeps black numbers legible on every cell


def multichannel(image, kernel, feature_map, row=0, column=0):
    """Draw how one number of a feature map comes from all channels of an image.

    One line for each channel: its pixels with the window, the kernel's weights for this
    channel, their products and the sum of these. At the right the feature map, with the
    number that all the products add up to.

    Args:
        image: number array, shape (height, width, channels), up to (6, 6, 3).
        kernel: number array, shape (kernel_height, kernel_width, channels).
        feature_map: number array, shape (rows, columns): what the lesson's convolution
            made of them with stride 1 and "VALID" padding.
        row: row of the number in the feature map, from 0.
        column: its column, from 0.

    Returns:
        The `matplotlib.figure.Figure`.

    Raises:
        TypeError: an argument is no array of numbers, or row or column no whole number.
        ValueError: the shapes do not fit together, there are too many pixels or
            channels, row or column lie outside the feature map, or its number is not
            the sum of the products.
    """
    image = checks.numbers("image", image, "(height, width, channels)")
    kernel = checks.numbers("kernel", kernel, "(height, width, channels)")
    if max(image.shape[:2]) > MOST_PIXELS or image.shape[2] > MOST_CHANNELS:
        raise ValueError(
            f"image must have at most shape {(MOST_PIXELS, MOST_PIXELS, MOST_CHANNELS)}"
            f", got {image.shape}: take a smaller example"
        )
    height, width, channels = *kernel.shape[:2], image.shape[2]
    advice = "pass the weights of one output channel, w[:, :, :, 0]"
    checks.numbers("kernel", kernel, (height, width, channels), advice=advice)
    places = image.shape[0] - height + 1, image.shape[1] - width + 1
    if min(places) < 1:
        raise ValueError(
            f"kernel must fit into the image {image.shape}, got {kernel.shape}: take a "
            "smaller kernel"
        )
    advice = "pass one output channel of a convolution, stride 1 and 'VALID' padding"
    feature_map = checks.numbers("feature_map", feature_map, places, advice=advice)
    row = checks.whole("row", row, least=0, most=len(feature_map) - 1)
    column = checks.whole("column", column, least=0, most=feature_map.shape[1] - 1)
    products = image[row : row + height, column : column + width] * kernel
    total, came = products.sum(), feature_map[row, column]
    if not np.isclose(total, came, rtol=1e-4, atol=1e-4):
        raise ValueError(
            f"feature_map[{row}, {column}] must be the sum of the products, {total:g}, "
            f"got {came:g}: convolve this image with this kernel, stride 1 and 'VALID'"
        )
    widths = [image.shape[1], width, width, feature_map.shape[1]]
    size = 0.5 * sum(widths) + 3.2, 0.5 * image.shape[0] * channels + 0.7
    grid = {"width_ratios": widths, "squeeze": False}
    figure, axes = plt.subplots(channels, 4, figsize=size, **grid)
    limits = [np.abs(array).max() for array in (kernel, products, feature_map)]
    for channel, (left, middle, right, _) in enumerate(axes):
        pixels, weights, part = (a[:, :, channel] for a in (image, kernel, products))
        _draw(left, pixels, f"channel {channel}", (image.min(), image.max()))
        _mark(left, column, row, width, height)
        _draw(middle, weights, f"kernel, layer {channel}", limits[0])
        _draw(right, part, f"products, sum {part.sum():g}", limits[1])
        for axis, sign in ((middle, "×"), (right, "=")):
            axis.text(-0.2, 0.5, sign, transform=axis.transAxes, ha="center", size=13)
    for axis in axes[:, 3]:
        axis.axis("off")
    sums = " + ".join(f"{part:g}" for part in products.sum(axis=(0, 1)))
    axis = figure.add_subplot(axes[0, 3].get_gridspec()[:, 3])
    _draw(axis, feature_map, f"feature map\n{sums} = {total:g}", limits[2])
    _mark(axis, column, row, 1, 1)
    return figure


def _draw(axis, array, title, scale):
    """Draw an array with its numbers: grey for a pair of limits, else red and blue."""
    if isinstance(scale, tuple):
        low, high = scale
        room = _PALE * (high - low) or 1.0  # so that black can be read on the largest
        axis.imshow(array, cmap="Greys", vmin=low, vmax=low + room)
    else:
        limit = _PALE * scale or 1.0
        axis.imshow(array, cmap="RdBu_r", vmin=-limit, vmax=limit)
    for (row, column), value in np.ndenumerate(array):
        text = f"{value + 0.0:.3g}"  # + 0.0: no -0
        axis.text(column, row, text, ha="center", va="center")
    axis.set_title(title, fontsize=9)
    axis.set(xticks=[], yticks=[])
    axis.grid(False)


def _mark(axis, left, top, width, height):
    look = {"fill": False, "linewidth": 2.5, "clip_on": False}
    axis.add_patch(plt.Rectangle((left - 0.5, top - 0.5), width, height, **look))
