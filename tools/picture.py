"""Draw the README's picture from the weights that lesson 03 trained on this machine.

    COURSE_RUNS=notebooks/runs python tools/picture.py

Run lesson 03 first: it keeps its weights in the runs folder.
"""

import argparse
import sys

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from course import NOTEBOOKS, ROOT
from lesson import functions_of
from matplotlib.patches import ConnectionPatch

from course_utils import (
    data,
    plots,  # noqa: F401  (gives matplotlib the course's look)
    runs,
)

NOTEBOOK = NOTEBOOKS / "03_raw_cnn.ipynb"
TARGET = ROOT / "docs" / "what_you_build.png"
TEST_IMAGE = 0  # a 7
SHOWN = 4  # kernels and maps in a column


def main(arguments=None):
    """Write the picture, or say what is missing."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args(arguments)
    run = runs.load(NOTEBOOK.stem)
    if run is None or run["weights"] is None:
        sys.exit(f"lesson 03 left no weights in {runs.folder()}: run it first")
    (_, _), (images, _) = data.load_mnist()
    image = images[TEST_IMAGE]
    draw(image, *forward(image, run["weights"]))
    plt.savefig(TARGET, dpi=110)
    print(f"{TARGET} written")


def forward(image, weights, notebook=NOTEBOOK):
    """Return kernels, both layers' maps and the probabilities for one image.

    The network is the notebook's own: its functions are taken out of the file.

    Args:
        image: uint8 array, shape (28, 28).
        weights: dict of arrays as lesson 03 keeps them, such as conv1_w and conv1_b.
        notebook: path of lesson 03.

    Returns:
        Kernels (5, 5, 32), first maps (28, 28, 32), second maps (14, 14, 64) and
        probabilities (10,).

    Raises:
        ValueError: the notebook lacks one of the functions.
    """
    names, maps = ["prepare", "conv2d", "maxpool2d", "network"], []
    lesson = functions_of(notebook, names, tf=tf, np=np)

    def conv2d(*arguments):
        maps.append(lesson_conv2d(*arguments))
        return maps[-1]

    lesson_conv2d, lesson["conv2d"] = lesson["conv2d"], conv2d
    w, b = (
        {name[:-2]: array for name, array in weights.items() if name.endswith(ending)}
        for ending in ("_w", "_b")
    )
    logits = lesson["network"](lesson["prepare"](image[np.newaxis]), w, b)
    first, second = (each[0].numpy() for each in maps)
    return w["conv1"][:, :, 0], first, second, tf.nn.softmax(logits)[0].numpy()


def draw(image, kernels, first, second, probabilities):
    """Draw the way of an image through the network, from left to right."""
    figure = plt.figure(figsize=(10, 3.6), layout="none")
    grid = figure.add_gridspec(
        SHOWN, 5, width_ratios=(4, 1, 1, 1, 2.4), left=0.01, right=0.98, wspace=0.45
    )
    start = figure.add_subplot(grid[:, 0], title="a test image, 28 × 28")
    start.imshow(image)
    strongest = np.argsort(first.max(axis=(0, 1)))[::-1][:SHOWN]
    strongest_second = np.argsort(second.max(axis=(0, 1)))[::-1][:SHOWN]
    limit = np.abs(kernels).max()
    look_of_weights = {"cmap": "RdBu_r", "vmin": -limit, "vmax": limit}
    columns = (
        ("32 kernels", kernels[..., strongest], look_of_weights),
        ("32 maps", first[..., strongest], {}),
        ("64 maps", second[..., strongest_second], {}),
    )
    for column, (title, pictures, look) in enumerate(columns, start=1):
        for row in range(SHOWN):
            axis = figure.add_subplot(grid[row, column])
            axis.imshow(pictures[..., row], **look)
            if row == 0:
                axis.set_title(title)
            if column == 1:
                _join(figure, start, axis)
    for axis in figure.axes:
        axis.set(xticks=[], yticks=[])
        axis.spines[:].set(visible=True, color="0.6")
    bars = figure.add_subplot(grid[:, 4], title="probability of each digit")
    bars.barh(range(10), probabilities)
    bars.invert_yaxis()
    bars.set(yticks=range(10), xlim=(0, 1))


def _join(figure, start, end):
    """Draw a thin line from the image to a kernel."""
    line = ConnectionPatch(
        xyA=(1, 0.5),
        coordsA=start.transAxes,
        xyB=(0, 0.5),
        coordsB=end.transAxes,
        color="0.7",
    )
    figure.add_artist(line)


if __name__ == "__main__":
    main()
