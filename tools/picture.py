"""Draw the README's picture from the weights that lesson 03 trained on this machine.

    COURSE_RUNS=notebooks/runs python tools/picture.py

Run lesson 03 first: it keeps its weights in the runs folder.
"""

import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from matplotlib.patches import ConnectionPatch

from course_utils import (
    data,
    plots,  # noqa: F401  (gives matplotlib the course's look)
    runs,
)

TARGET = Path(__file__).parents[1] / "docs" / "what_you_build.png"
TEST_IMAGE = 0  # a 7
SHOWN = 4  # kernels and maps in a column


def main():
    """Write the picture, or say what is missing."""
    run = runs.load("03_raw_cnn")
    if run is None or run["weights"] is None:
        sys.exit(f"lesson 03 left no weights in {runs.folder()}: run it first")
    (_, _), (images, _) = data.load_mnist()
    image = images[TEST_IMAGE].astype(np.float32) / 255
    draw(image, *forward(image, run["weights"]))
    plt.savefig(TARGET, dpi=110)
    print(f"{TARGET} written")


def forward(image, weights):
    """Return kernels, both layers' maps and the probabilities for one image.

    Args:
        image: float32 array, shape (28, 28), 0 to 1.
        weights: dict of arrays with lesson 03's names.

    Returns:
        Kernels (5, 5, 32), first maps (28, 28, 32), second maps (14, 14, 64) and
        probabilities (10,).
    """
    x, maps = image[np.newaxis, :, :, np.newaxis], []
    for name in ("conv1", "conv2"):
        x = tf.nn.conv2d(x, weights[f"{name}_w"], 1, "SAME") + weights[f"{name}_b"]
        maps.append(tf.nn.relu(x)[0].numpy())
        x = tf.nn.max_pool2d(tf.nn.relu(x), 2, 2, "SAME")
    x = tf.reshape(x, [1, -1])
    x = tf.nn.relu(x @ weights["dense1_w"] + weights["dense1_b"])
    logits = x @ weights["dense2_w"] + weights["dense2_b"]
    return weights["conv1_w"][:, :, 0], *maps, tf.nn.softmax(logits)[0].numpy()


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
