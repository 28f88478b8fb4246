"""A picture of a network, drawn from the names and shapes of its layers."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from course_utils import checks, plots  # noqa: F401  (plots gives the course's look)

MOST = 20  # layers in one picture
SHEETS = 16  # maps drawn one behind the other; more would be a block of lines
ADVICE = 'pass a dict such as {"image": (28, 28, 1), "dense": (10,)}'


def architecture(shapes):
    """Draw what each layer of a network returns for one image.

    A stack of maps is drawn as sheets, one behind the other, a layer without maps as a
    column. All are on one scale: a column of n numbers is as high as a square of n.

    Args:
        shapes: dict from a layer's name to its shape without the batch,
            (height, width, channels) or (units,), in the order of the network.

    Returns:
        The `matplotlib.figure.Figure`.

    Raises:
        TypeError: shapes is no dict, or a shape holds no whole numbers.
        ValueError: there is no layer or more than 20, or a shape has other axes.
    """
    shapes = checks.mapping("shapes", shapes, ADVICE)
    advice = "leave out layers that keep the shape"
    checks.whole("the number of shapes", len(shapes), most=MOST, advice=advice)
    shapes = {str(name): _shape(name, shape) for name, shape in shapes.items()}
    sizes = [s[1::-1] if len(s) == 3 else (1, s[0] ** 0.5) for s in shapes.values()]
    tallest = max(height for _, height in sizes)
    figure, axis = plt.subplots(figsize=(max(2.0, 0.95 * len(shapes)), 2.2))
    axis.set_axis_off()
    left = 0.0
    for (name, shape), size in zip(shapes.items(), sizes, strict=True):
        width, height = (side / tallest for side in size)
        sheets = min(shape[2], SHEETS) if len(shape) == 3 else 1
        shift = 0.3 / SHEETS  # from one sheet to the next
        room = max(width + (sheets - 1) * shift, 0.75)
        start = left + (room - width - (sheets - 1) * shift) / 2
        for sheet in reversed(range(sheets)):
            corner = start + sheet * shift, -height / 2 + sheet * shift
            axis.add_patch(
                Rectangle(corner, width, height, fc="white", ec="C0", linewidth=0.8)
            )
        middle = left + room / 2
        axis.text(middle, 0.75, name, ha="center", fontsize=9)
        text = " × ".join(map(str, shape))
        axis.text(middle, -0.75, text, ha="center", fontsize=8)
        left += room + 0.2
    axis.set(xlim=(-0.1, left), ylim=(-0.8, 0.95))
    return figure


def _shape(name, shape):
    """Return a shape as a tuple of whole numbers."""
    axes = tuple(shape) if np.iterable(shape) else ()
    if isinstance(shape, str) or len(axes) not in (1, 3):
        raise (ValueError if np.iterable(shape) else TypeError)(
            f"the shape of {name} must be (height, width, channels) or (units,), got "
            f"a {type(shape).__name__}, {shape!r:.40}: leave the batch out and {ADVICE}"
        )
    return tuple(checks.whole(f"the shape of {name}", size) for size in axes)
