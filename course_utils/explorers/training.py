"""A network that learns: what it reads after more and more batches."""

import ipywidgets as widgets
import numpy as np
from matplotlib.patches import Rectangle

from course_utils import checks
from course_utils.explorers._panel import blank, painter, panel, softmax

CLASSES = 10
SURE = 0.9
BLUE, ORANGE, GREY = "C0", "C1", "0.8"  # of course.mplstyle


def training(images, labels, scores):
    """Show what a network reads after each number of batches that it has seen.

    Args:
        images: numbers, shape (count, height, width), among them every digit.
        labels: whole numbers, shape (count,), 0 to 9.
        scores: dict from the number of batches seen to the logits that the network then
            gave for these images, shape (count, 10); at least two numbers.

    Returns:
        An `ipywidgets.VBox` with `controls`, `picture`, `text` and `alert`.

    Raises:
        TypeError: an array holds no numbers, or scores is no dict.
        ValueError: an array has another shape, a digit is missing, or a key of
            scores is negative.
    """
    images = checks.images("images", images)
    labels = checks.numbers("labels", labels, "(count,)", advice="one number an image")
    if {*labels} != {*range(CLASSES)} or len(labels) != len(images):
        raise ValueError(
            f"labels must have shape ({len(images)},) and hold every number from 0 to "
            f"9, got {len(labels)} labels with {len({*labels})} different ones: pass "
            "those of all validation images"
        )
    advice = "keep network.predict(images) after some numbers of batches"
    kept = checks.mapping("scores", scores, advice).items()
    scores = {checks.whole("each key of scores", k, least=0): v for k, v in kept}
    seen, moments = sorted(scores), []
    checks.whole("the number of scores", len(seen), least=2)
    chosen = [int(np.argmax(labels == digit)) for digit in range(CLASSES)]
    pictures = [images[at] for at in chosen]
    pictures = checks.numbers("images", pictures, "(count, height, width)")
    for batches in seen:
        name = f"scores[{batches}]"
        shape = len(labels), CLASSES
        logits = checks.numbers(name, scores[batches], shape, advice=advice)
        right = logits.argmax(axis=1) == labels
        shares = [right[labels == digit].mean() for digit in range(CLASSES)]
        probabilities = softmax(logits)
        sure = probabilities.max(axis=1) >= SURE
        counts = len(right), np.sum(~right), np.sum(sure & ~right)
        moments.append((probabilities[chosen], [*shares, right.mean()], counts))
    options = [(f"{batches:,}", k) for k, batches in enumerate(seen)]
    look = {"description": "batches", "layout": {"width": "420px"}}
    slider = widgets.SelectionSlider(options=options, **look)
    choose = widgets.IntSlider(0, 0, CLASSES - 1, description="digit")
    draw = _drawing(pictures)

    def update(name):
        at, digit = slider.value, choose.value
        probabilities, shares, counts = moments[at]
        words = _words(seen[at], probabilities, shares, counts, digit)
        return draw(probabilities, shares, digit), words

    return panel({"batches": slider, "digit": choose}, update, [slider, choose], [])


def _words(batches, probabilities, shares, counts, digit):
    """Say in words and numbers what the picture shows."""
    read = probabilities.argmax(axis=1)
    best, worst = np.argmax(shares[:CLASSES]), np.argmin(shares[:CLASSES])
    count, wrong, sure = counts
    plural = "" if batches == 1 else "es"
    words = f"This {digit} is read as <b>{read[digit]}</b>, with the probability "
    words += f"{probabilities[digit, read[digit]]:.0%}"
    if read[digit] != digit:
        words += f"; the {digit} has {probabilities[digit, digit]:.0%}"
    return (
        f"<b>After {batches:,} batch{plural}</b>: {shares[-1]:.1%} of the {count:,} "
        f"images are read correctly, and {(read == range(CLASSES)).sum()} of the ten "
        f"above.<br>{words}.<br>Best is the {best}: {shares[best]:.0%} of its images "
        f"are read correctly; worst is the {worst}: {shares[worst]:.0%}.<br>"
        f"Sure and wrong: {sure:,} of the {wrong:,} wrong readings have a probability "
        f"of {SURE:.0%} or more."
    )


def _drawing(pictures):
    """Draw what stands still; return `draw`, which gives a PNG."""
    figure = blank(3.9)
    frames, titles = [], []
    for digit, picture in enumerate(pictures):
        axis = figure.add_axes((0.005 + 0.0995 * digit, 0.68, 0.094, 0.2))
        axis.imshow(picture, cmap="gray_r")
        axis.set(xticks=[], yticks=[])
        axis.spines[:].set_visible(False)
        titles.append(axis.set_title("", fontsize=10))
        frame = Rectangle((0, 0), 1, 1, transform=axis.transAxes, fill=False)
        frame.set(edgecolor="black", linewidth=2, clip_on=False)
        frames.append(axis.add_patch(frame))
    bars = []
    words = "", "read rightly of each digit; dashed: of all"
    for left, title in zip((0.075, 0.565), words, strict=True):
        axis = figure.add_axes((left, 0.09, 0.42, 0.43))
        axis.set(xlim=(-0.6, 9.6), ylim=(0, 1.02), xticks=range(10), yticks=(0, 0.5, 1))
        axis.set_yticklabels(["0", "50 %", "100 %"], fontsize=9)
        axis.tick_params(length=0, labelsize=9)
        axis.grid(False)
        axis.set_title(title, fontsize=10)
        bars.append(axis.bar(range(CLASSES), np.zeros(CLASSES), fc=GREY, ec="white"))
    average = axis.axhline(0, color="black", linestyle="--", linewidth=1)
    heading = bars[0][0].axes.title
    moving = [*titles, *frames, *bars[0], *bars[1], average, heading]
    paint = painter(figure, moving)

    def draw(probabilities, shares, chosen):
        for digit, (title, frame) in enumerate(zip(titles, frames, strict=True)):
            read = int(probabilities[digit].argmax())
            right = read == digit
            title.set_text(f"{read} " + ("\N{CHECK MARK}" if right else "\N{BALLOT X}"))
            title.set_color(BLUE if right else ORANGE)
            frame.set_visible(digit == chosen)
        for digit, bar in enumerate(bars[0]):
            bar.set_height(probabilities[chosen, digit])
            bar.set_facecolor(BLUE if digit == chosen else GREY)
            bar.set_hatch("////" if digit == chosen else None)
        heading.set_text(f"probabilities for this {chosen}; hatched: {chosen}")
        for bar, share in zip(bars[1], shares, strict=False):
            bar.set_height(share)
        average.set_ydata([shares[-1]] * 2)
        return paint()

    return draw
