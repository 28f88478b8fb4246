"""A network of 2-2-2-1 units: values forward, gradients backward, one weight nudged."""

import ipywidgets as widgets
import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from course_utils import checks
from course_utils.explorers._panel import number, painter, panel

SHAPES = [(2, 2), (2,), (2, 2), (2,), (2, 1), (1,)]  # w1, b1, w2, b2, w3, b3
LINES = [(k, i, j) for k in (0, 2, 4) for i, j in np.ndindex(SHAPES[k])]
SMALL = 1e-4  # a nudge at which the loss is as good as straight
BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "0.6"
ADVICE = "pass [w1, b1, w2, b2, w3, b3] of the tiny network"


def tiny_network(forward, backward, parameters, x=(1.0, 2.0), y=10.0):
    """Change a tiny network, and compare what its gradient promises with what happens.

    The loss is the squared error of the one output. The output comes from forward,
    every gradient from backward.

    Args:
        forward: function called as `forward(x, parameters)` with an array (1, 2); it
            returns the output, shape (1, 1).
        backward: function called as `backward(x, y, parameters)`, y of shape (1, 1); it
            returns the gradients of the loss, six arrays in the order of parameters.
        parameters: w1, b1, w2, b2, w3, b3 of shapes (2, 2), (2,), (2, 2), (2,), (2, 1)
            and (1,); after the first two layers stands a ReLU.
        x: the two inputs to begin with, -5 to 5.
        y: the target to begin with, -20 to 20.

    Returns:
        An `ipywidgets.VBox` with `controls`, `picture`, `text` and `alert`.

    Raises:
        TypeError: a function cannot be called so, or an array holds no numbers.
        ValueError: an array has another shape, or a number is out of its range.
            Whatever forward and backward raise comes through.
    """
    checks.takes("forward", forward, "x", "parameters")
    checks.takes("backward", backward, "x", "y", "parameters")
    parameters = _arrays("parameters", parameters)
    x = checks.numbers("x", x, "(2,)", advice="pass two numbers")
    if x.shape != (2,) or np.abs(x).max() > 5:
        raise ValueError(f"x must be two numbers from -5 to 5, got {x}: choose others")
    y = checks.number("y", y, least=-20, most=20)
    names = [(f"w{k // 2 + 1}[{i}, {j}]", n) for n, (k, i, j) in enumerate(LINES)]
    controls = {
        "weight": widgets.SelectionSlider(options=names, description="weight"),
        "value": _slider("its value", parameters[0][0, 0], 5, 0.5),
        "nudge": _slider("nudge", 0.1, 3, 0.1),
        "x0": _slider("input 0", x[0], 5, 0.5),
        "x1": _slider("input 1", x[1], 5, 0.5),
        "y": _slider("target", y, 20, 1),
    }
    draw = _drawing()

    def run(weights, place=None, nudge=0.0):
        """Return the loss, the output and the answers of all units."""
        weights = [w.copy() for w in weights]
        if place:
            weights[place[0]][place[1:]] += nudge
        given = np.array([[controls["x0"].value, controls["x1"].value]])
        output = np.asarray(forward(given, weights), float)
        if output.shape != (1, 1):
            raise ValueError(
                f"forward must return shape (1, 1) for one image, got {output.shape}"
            )
        answers = [given[0]]
        for w, b in zip(weights[:4:2], weights[1:4:2], strict=True):
            answers.append(np.maximum(answers[-1] @ w + b, 0))
        loss = float((output[0, 0] - controls["y"].value) ** 2)
        return loss, output[0, 0], [*answers, output[0]]

    def update(name):
        place = LINES[controls["weight"].value]
        if name == "weight":
            controls["value"].value = parameters[place[0]][place[1:]]
        parameters[place[0]][place[1:]] = controls["value"].value
        loss, output, answers = run(parameters)
        target = np.array([[controls["y"].value]])
        gradients = backward(answers[0][None], target, [w.copy() for w in parameters])
        gradients = _arrays("what backward returns", gradients)
        gradient = gradients[place[0]][place[1:]]
        nudge = controls["nudge"].value
        after, _, others = run(parameters, place, nudge)
        ends = [run(parameters, place, end)[0] for end in (-SMALL, SMALL)]
        slope = (ends[1] - ends[0]) / (2 * SMALL)
        words = (
            f"Output <b>{number(output)}</b>, target {number(target[0, 0])}: the loss, "
            f"their difference squared, is {number(loss)}. The gradient of "
            f"{names[controls['weight'].value][0]} is <b>{number(gradient)}</b>.<br>"
            f"A nudge of {number(nudge)} promises a change of {number(nudge)} · "
            f"{number(gradient)} = <b>{number(nudge * gradient)}</b>; the loss really "
            f"changes by <b>{number(after - loss)}</b>. "
        )
        gap = after - loss - nudge * gradient
        if any(
            ((a > 0) != (b > 0)).any() for a, b in zip(answers, others, strict=True)
        ):
            words += "A ReLU opened or closed on the way; no gradient knows of that."
        elif abs(gap) > 0.005:
            words += f"The gap, {number(gap)}, comes from the square: half the nudge "
            words += "makes it a quarter."
        if not np.isclose(slope, gradient, rtol=0.01, atol=1e-3):
            words += (
                f"<br><b>The smallest nudges say {number(slope)}, and backward says "
            )
            words += f"{number(gradient)}: they disagree.</b>"
        return draw(parameters, answers, gradients, place), words

    side = [controls[name] for name in ("value", "nudge", "x0", "x1", "y")]
    return panel(controls, update, [controls["weight"]], side)


def _slider(description, value, end, step):
    return widgets.FloatSlider(
        value, min=-end, max=end, step=step, description=description
    )


def _arrays(name, arrays):
    """Return six float arrays of the network's shapes, or refuse them."""
    found = [np.array(array, float) for array in arrays]
    if [array.shape for array in found] != SHAPES:
        raise ValueError(
            f"{name} must have shapes {SHAPES}, got {[a.shape for a in found]}: "
            f"{ADVICE}"
        )
    return found


def _drawing():
    """Draw what stands still; return `draw`, which gives a PNG."""
    figure = Figure(figsize=(7.4, 3.3), dpi=100, layout="none")
    axis = figure.add_axes((0, 0, 1, 1))
    axis.set(xlim=(-0.3, 4.35), ylim=(-0.95, 1.25), aspect="equal")
    axis.set_axis_off()
    places = [[(1.35 * k, 0.6), (1.35 * k, -0.4)] for k in range(3)] + [[(4.05, 0.1)]]
    lines, weights, circles, answers, gradients = [], [], [], [], []
    box = {"facecolor": "white", "edgecolor": "none", "pad": 1}
    for k, i, j in LINES:
        (x, y), (x2, y2) = places[k // 2][i], places[k // 2 + 1][j]
        lines += axis.plot([x + 0.17, x2 - 0.17], [y, y2], zorder=1)
        at = x + 0.17 + 0.25 * (x2 - x - 0.34), y + 0.25 * (y2 - y)
        text = axis.text(*at, "", ha="center", va="center", fontsize=9, bbox=box)
        weights.append(text)
    for layer in places:
        for x, y in layer:
            circles.append(axis.add_patch(Circle((x, y), 0.17, fill=False, lw=1.5)))
            answers.append(axis.text(x, y, "", ha="center", va="center", fontsize=10))
            below = axis.text(x, y - 0.21, "", ha="center", va="top", fontsize=9)
            gradients.append(below)
            below.set_color(ORANGE)
    for k, words in enumerate(("inputs", "hidden 1", "hidden 2", "output")):
        axis.text(1.35 * k, 1.12, words, ha="center", fontsize=10)
    key = "in a circle: answer; below it, orange: gradient; dashed: ReLU closed, 0"
    axis.text(2.0, -0.9, key, ha="center", fontsize=9)
    moving = [*lines, *weights, *circles, *answers, *gradients]
    paint = painter(figure, moving)

    def draw(parameters, values, found, place):
        flat = np.concatenate(values)
        closed = [False, False, *(flat[2:6] == 0), False]
        back = [None, None, *found[1], *found[3], *found[5]]
        for line, text, (k, i, j) in zip(lines, weights, LINES, strict=True):
            chosen = (k, i, j) == place
            shut = closed[k + i] or (k < 4 and closed[k + 2 + j])
            line.set_color(BLUE if chosen else GREY)
            line.set_linewidth(3 if chosen else 1)
            line.set_linestyle("--" if shut else "-")
            text.set_text(number(parameters[k][i, j]))
            text.set_fontweight("bold" if chosen else "normal")
        for k, circle in enumerate(circles):
            circle.set_linestyle("--" if closed[k] else "-")
            circle.set_edgecolor(GREY if closed[k] else "black")
            answers[k].set_text(number(flat[k]))
            gradients[k].set_text("" if back[k] is None else number(back[k]))
        return paint()

    return draw
