"""The images behind each cell of a confusion matrix."""

import ipywidgets as widgets
import numpy as np
from matplotlib.patches import Rectangle

from course_utils import checks, plots
from course_utils.explorers._panel import blank, painter, panel, softmax

ROWS, COLUMNS = 3, 3  # images seen at a time
SEEN = ROWS * COLUMNS
GAP = 8  # pixels between images, above them for a line of text
MOST_CLASSES = 20


def mistakes(images, labels, logits):
    """Show the images in one cell of the confusion matrix, the largest loss first.

    The loss of an image is minus the logarithm of the probability of its label, and
    the probabilities are the softmax of its logits.

    Args:
        images: numbers, shape (count, height, width).
        labels: whole numbers, shape (count,), 0 to classes - 1.
        logits: numbers, shape (count, classes), 2 to 20 classes: what the network
            gave.

    Returns:
        An `ipywidgets.VBox` with `controls`, `picture`, `text` and `alert`.

    Raises:
        TypeError: an array holds no numbers.
        ValueError: an array has another shape, or a label is none of the classes.
    """
    advice = "pass the logits of all images, one row each"
    logits = checks.numbers("logits", logits, "(count, classes)", advice=advice)
    count, classes = logits.shape
    if not 2 <= classes <= MOST_CLASSES:
        raise ValueError(
            f"logits must have shape (count, classes), 2 to {MOST_CLASSES} classes, "
            f"got {logits.shape}: {advice}"
        )
    kept = checks.images("images", images)
    labels = checks.numbers("labels", labels, "(count,)", advice="one number an image")
    if len(kept) != count or len(labels) != count:
        raise ValueError(
            f"images, labels and logits must be equally many, got {len(kept)}, "
            f"{len(labels)} and {count}: pass those of the same images"
        )
    known = (labels == labels.round()) & (labels >= 0) & (labels < classes)
    if not known.all():
        raise ValueError(
            f"labels must be whole numbers from 0 to {classes - 1}, got "
            f"{labels.min():g} to {labels.max():g}: pass class numbers"
        )
    labels, guesses = labels.astype(int), logits.argmax(axis=1)
    probabilities = softmax(logits)
    with np.errstate(divide="ignore"):  # a probability of 0 has an infinite loss
        losses = -np.log(probabilities[np.arange(count), labels])
    largest_first = np.argsort(-losses, kind="stable")
    table = np.zeros((classes, classes), int)
    np.add.at(table, (labels, guesses), 1)
    wrong = table - np.diag(table.diagonal())
    begins = np.unravel_index(wrong.argmax(), wrong.shape)
    label = widgets.IntSlider(begins[0], 0, classes - 1, description="label")
    read = widgets.IntSlider(begins[1], 0, classes - 1, description="read as")
    page = widgets.IntSlider(1, 1, 1, description="page")
    draw = _drawing(kept, table)

    def update(name):
        cell = label.value, read.value
        inside = (labels == label.value) & (guesses == read.value)
        inside = largest_first[inside[largest_first]]
        page.max = max(1, -(-len(inside) // SEEN))
        if name != "page":
            page.value = 1
        chosen = inside[(page.value - 1) * SEEN :][:SEEN]
        counts = len(inside), table[label.value].sum()
        pages = page.value, page.max
        words = _words(*cell, counts, pages, chosen, losses, probabilities)
        return draw(*cell, chosen, probabilities), words

    controls = {c.description: c for c in (label, read, page)}
    return panel(controls, update, [label, read, page], [])


def _words(label, read, counts, pages, chosen, losses, probabilities):
    """Say in words and numbers what the picture shows."""
    words = f"<b>Label {label}, read as {read}: {counts[0]} of the {counts[1]} images "
    words += "with this label.</b> "
    if label == read:
        words += "These are right. "
    if not len(chosen):
        return words + "Choose another cell, one with a number in it."
    lines = "<br>".join(
        f"image {row}: loss {losses[row]:.2f}, probability of {read}: "
        f"{probabilities[row, read]:.1%}"
        + f", of {label}: {probabilities[row, label]:.1%}"
        * (label != read)
        for row in chosen
    )
    return f"{words}The largest losses first, page {pages[0]} of {pages[1]}:<br>{lines}"


def _drawing(images, table):
    """Draw what stands still; return `draw`, which gives a PNG."""
    figure = blank(3.9)
    left = figure.add_axes((0.06, 0.11, 0.43, 0.8))
    right = figure.add_axes((0.53, 0.11, 0.45, 0.8))
    plots.confusion_matrix(table, left)
    left.set(xlabel="read as", aspect="auto")
    left.tick_params(labelsize=8)
    for text in left.texts:
        text.set(fontsize=7, visible=len(table) <= 12)
    frame = left.add_patch(Rectangle((0, 0), 1, 1, fill=False, linewidth=2.2))
    _, height, width = np.shape(images)
    tall, wide = height + GAP, width + GAP
    tiles = np.zeros((ROWS * tall, COLUMNS * wide))
    shown = right.imshow(tiles, cmap="gray_r", vmin=0, vmax=1)
    right.set_axis_off()
    places = [(GAP + r * tall, c * wide) for r, c in np.ndindex(ROWS, COLUMNS)]
    texts = [right.text(x, y - 1, "", fontsize=8) for y, x in places]
    paint = painter(figure, [frame, shown, *texts, right.title])

    def draw(label, read, chosen, probabilities):
        frame.set_xy((read - 0.5, label - 0.5))
        tiles[:] = 0
        for text in texts:
            text.set_text("")
        for (y, x), text, row in zip(places, texts, chosen, strict=False):
            image = np.nan_to_num(np.asarray(images[row], float))
            low, high = image.min(), image.max()
            tiles[y : y + height, x : x + width] = (image - low) / ((high - low) or 1)
            text.set_text(f"{probabilities[row, read]:.0%} a {read}")
        shown.set_data(tiles)
        right.set_title(f"label {label}, read as {read}", fontsize=10)
        return paint()

    return draw
