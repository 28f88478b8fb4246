"""What a loss makes of the logits of one image."""

import ipywidgets as widgets
import numpy as np

from course_utils import checks
from course_utils.explorers._panel import blank, choice, number, painter, panel, softmax

OWN = "own numbers"
CLASSES = 10
REACH = 10.0  # the sliders go this far below and above zero
NUDGE = 0.01  # moves a logit, to measure the gradient
PRESETS = {
    "all equal": lambda label: np.zeros(CLASSES),
    "sure, right": lambda label: 8.0 * np.eye(CLASSES)[label],
    "sure, wrong": lambda label: 8.0 * np.eye(CLASSES)[(label + 1) % CLASSES],
}


def logits(loss):
    """Move ten logits of one image; see its probabilities, its loss and the gradient.

    The loss is the learner's. The gradient is measured with it: each logit is moved by
    0.01 down and up, and the difference of the two losses is divided by 0.02. With
    softmax twice, the loss gets the probabilities in place of the logits.

    Args:
        loss: function called as `loss(labels, logits)` with an int32 array (1,) and a
            float32 array (1, 10); returns one number, the mean over the batch.

    Returns:
        An `ipywidgets.VBox` with `controls`, `picture`, `text` and `alert`.

    Raises:
        TypeError: loss cannot be called with two arguments, or returns no number.
            Whatever loss raises comes through.
    """
    checks.takes("loss", loss, "labels", "logits")
    own = np.zeros(CLASSES)
    chosen = choice("logits", [*PRESETS, OWN], "all equal")
    applied = choice("softmax", ["once", "twice"], "once")
    at = widgets.IntSlider(0, 0, CLASSES - 1, description="label")
    reach = {"min": -REACH, "max": REACH, "step": 0.5}
    names = [f"logit {k}" for k in range(CLASSES)]
    sliders = [widgets.FloatSlider(description=name, **reach) for name in names]
    controls = {c.description: c for c in (chosen, applied, at, *sliders)}
    draw = _drawing()

    def update(name):
        if name in names:
            own[:] = [slider.value for slider in sliders]
            chosen.value = OWN
        label, twice = at.value, applied.value == "twice"
        preset = PRESETS.get(chosen.value)
        now = preset(label) if preset else own
        for slider, value in zip(sliders, now, strict=True):
            slider.value = value
        steps = NUDGE * np.eye(CLASSES)
        rows = np.vstack([now, now + steps, now - steps])
        given = softmax(rows) if twice else rows
        came, *moved = (
            checks.number("loss(labels, logits)", loss(np.int32([label]), row[None]))
            for row in given.astype(np.float32)  # a copy, theirs to change
        )
        gradient = np.subtract(moved[:CLASSES], moved[CLASSES:]) / (2 * NUDGE)
        due = -np.log(softmax(given[0])[label])
        seen = now, softmax(now), label, twice, came, gradient
        return draw(*seen), _words(*seen, due)

    return panel(controls, update, [chosen, applied], [at, *sliders])


def _words(now, probabilities, label, twice, came, gradient, due):
    """Say in words and numbers what the picture shows."""
    best = int(np.argmax(now))
    tied = np.isclose(now, now[best]).sum() > 1
    read = "several classes alike" if tied else f"a {best}"
    share = probabilities[label]
    share = f"{share:.4f}" if share >= 1e-3 else number(share, powers=True)
    words = (
        f"<b>Label {label}</b>, read as {read}. Probability of the label: {share}. "
        f"Your loss returned <b>{number(came, 4)}</b>"
    )
    if not np.isclose(came, due, rtol=1e-3, atol=1e-4):
        words += f", and minus the logarithm is {number(due, 4)}: <b>they disagree</b>"
    elif twice:
        floor = np.log(np.e + CLASSES - 1) - 1
        words += (
            f". It took the probabilities for logits, and these never leave 0 to 1. "
            f"<b>The floor for {CLASSES} classes is {floor:.4f}</b>; this image is "
            f"{number(max(0.0, came - floor), 4)} above it. With softmax once, the "
            f"gradient at the label would be {number(probabilities[label] - 1, 3)}"
        )
    else:
        words += f" = −ln {share}"
    largest = int(np.argmax(np.abs(gradient)))
    return (
        f"{words}. Gradient at the label: {number(gradient[label], 3)}; the largest is "
        f"at logit {largest}, {number(gradient[largest], 3)}; their sum is "
        f"{number(abs(sum(gradient)))}. Training moves each logit against its gradient."
    )


def _drawing():
    """Draw what stands still; return the function that gives a PNG."""
    figure = blank(3.2)
    axes = [figure.add_axes((x, 0.1, 0.275, 0.78)) for x in (0.05, 0.385, 0.72)]
    places = np.arange(CLASSES)
    moving, bars, numbers = [], [], []
    scales = ((-REACH - 3, REACH + 3), (0, 1.18), (-1.3, 1.3))
    for axis, scale in zip(axes, scales, strict=True):
        axis.set(xticks=places, xlim=(-0.7, CLASSES - 0.3), ylim=scale)
        axis.grid(axis="x", visible=False)
        axis.axhline(0, color="0.4", linewidth=0.8)
        axis.tick_params(labelsize=8)
        bars.append(axis.bar(places, np.zeros(CLASSES), linewidth=0, edgecolor="white"))
        numbers.append([axis.text(k, 0, "", ha="center", fontsize=7) for k in places])
        moving += [*bars[-1], *numbers[-1], axis.title]
    paint = painter(figure, moving)

    def draw(now, probabilities, label, twice, came, gradient):
        axes[0].set_title(f"logits; hatched: label {label}")
        axes[1].set_title("softmax, goes to the loss" if twice else "probabilities")
        axes[2].set_title(f"gradient; loss {number(came, 4)}")
        tables = now, probabilities, gradient
        for rows, texts, values in zip(bars, numbers, tables, strict=True):
            room = 0.02 * np.ptp(texts[0].axes.get_ylim())
            for bar, text, value in zip(rows, texts, values, strict=True):
                bar.set(height=value, hatch=None, facecolor="C0")
                words = number(value, 1 if values is now else 2)
                text.set_text("" if words == "0" else words)
                text.set_y(value + (room if value >= 0 else -room))
                text.set_va("bottom" if value >= 0 else "top")
            rows[label].set(hatch="////", facecolor="C1")
        return paint()

    return draw
