"""A network of 2-2-2-1 units: values forward, gradients backward, one weight nudged."""

import numpy as np
from ipywidgets import FloatSlider, SelectionSlider
from matplotlib.collections import LineCollection

from course_utils import checks
from course_utils.explorers._panel import blank, number, painter, panel

SHAPES = [(2, 2), (2,), (2, 2), (2,), (2, 1), (1,)]  # w1, b1, w2, b2, w3, b3
LINES = [(k, i, j) for k in (0, 2, 4) for i, j in np.ndindex(SHAPES[k])]
NAMES = [(f"w{k // 2 + 1}[{i}, {j}]", at) for at, (k, i, j) in enumerate(LINES)]
SAME = [np.eye(2), np.zeros(2)]  # a layer that hands on what is not negative
NUDGES, SMALL = np.linspace(-3, 3, 31), 1e-4  # of the curve; to measure a gradient


def tiny_network(forward, backward, parameters, x=(1.0, 2.0), y=10.0):
    """Change a tiny network, and compare what its gradient promises with what happens.

    The loss is the squared error. Hidden answers come from forward too, with layers
    behind them that change nothing; a sum's gradient is that of the unit's bias.

    Args:
        forward: called as `forward(x, parameters)`; returns the output, shape (1, 1).
        backward: called as `backward(x, y, parameters)`; returns six gradients.
        parameters: list of w1, b1, w2, b2, w3, b3, -5 to 5.
        x: the two inputs to begin with, -5 to 5.
        y: the target to begin with, -20 to 20.

    Returns:
        An `ipywidgets.VBox` with `controls`, `picture`, `text` and `alert`.

    Raises:
        TypeError, ValueError: an argument does not fit. Their own errors come through.
    """
    checks.takes("forward", forward, "x", "parameters")
    checks.takes("backward", backward, "x", "y", "parameters")
    own = [a.astype(float) for a in _arrays("parameters", parameters, SHAPES, 5)]
    x, y = _arrays("x", [x], [(2,)], 5)[0], checks.number("y", y, least=-20, most=20)
    controls = {
        "weight": SelectionSlider(options=NAMES, description="weight"),
        "value": FloatSlider(0, min=-5, max=5, description="its value"),
        "nudge": FloatSlider(0.1, min=-3, max=3, step=0.01, description="nudge"),
        "x0": FloatSlider(x[0], min=-5, max=5, step=0.5, description="input 0"),
        "x1": FloatSlider(x[1], min=-5, max=5, step=0.5, description="input 1"),
        "y": FloatSlider(y, min=-20, max=20, step=0.5, description="target"),
    }
    draw = _drawing()

    def update(name):
        at, value, nudge, *x, y = (control.value for control in controls.values())
        k, i, j = LINES[at]
        own[k][i, j] = value if name == "value" else own[k][i, j]
        controls["value"].value = own[k][i, j]

        def run(by, layers=3):  # SAME stands in for the layers behind
            arrays = [array.copy() for array in [*own, *SAME, *SAME]]
            arrays[k][i, j] += by
            answer = forward(np.array([x]), (arrays[: 2 * layers] + arrays[6:])[:6])
            return _arrays("forward's answer", [answer], [(1, 2 - layers // 3)])[0][0]

        back = backward(np.array([x]), np.array([[y]]), [array.copy() for array in own])
        back = _arrays("what backward returns", back, SHAPES)
        shut = [np.isclose([*run(by, 1), *run(by, 2)], 0) for by in (0, nudge)]
        losses = [(run(by)[0] - y) ** 2 for by in (0, nudge, -SMALL, SMALL, *NUDGES)]
        values = [number(value) for value in (*x, *run(0, 1), *run(0, 2), *run(0))]
        for unit in np.flatnonzero(shut[0]):
            values[2 + unit] += " (closed)"
        sums = [number(slope) for slope in np.concatenate(back[1::2])]
        weights, slopes = ([a[k][i, j] for k, i, j in LINES] for a in (own, back))
        seen = at, nudge, losses, values, sums, weights, slopes
        return draw(*seen), _words(*seen, y, (shut[0] != shut[1]).any())

    return panel(controls, update, [controls["weight"]], [*controls.values()][1:])


def _arrays(name, arrays, shapes, most=np.inf):
    """Return arrays of these shapes and of numbers up to most in size, or refuse."""
    arrays = (isinstance(arrays, list | tuple) and arrays) or [arrays]
    found = [checks.numbers(name, a, ("(units,)", "(in, out)")) for a in arrays]
    came, largest = [a.shape for a in found], max(np.abs(a).max() for a in found)
    if came != shapes or largest > most:
        due = f"shapes {shapes} and numbers from {-most} to {most}"
        raise ValueError(f"{name} must have {due}, got {came}, {largest:g}: mend it")
    return found


def _words(at, nudge, losses, v, b, weights, slopes, y, switched):
    """Say in words and numbers what the picture shows: v are values, b comes back."""
    (k, i, j), (now, then, below, above) = LINES[at], losses[:4]
    promised, real = nudge * slopes[at], then - now
    gap, by, slope = real - promised, number(nudge), number(slopes[at])
    # Below, above and across: at the bend of a ReLU only one of them fits.
    rates = np.array([now - below, above - now, (above - below) / 2]) / SMALL
    words = (
        f"<b>Forward</b>: inputs {v[0]}, {v[1]}; hidden 1: {v[2]}, {v[3]}; hidden 2: "
        f"{v[4]}, {v[5]}; output {v[6]}, target {number(y)}, loss {number(now)}.<br>"
        f"<b>Backward</b>: output {b[4]}; hidden 2: {b[2]}, {b[3]}; hidden 1: {b[0]}, "
        f"{b[1]}.<br><b>{NAMES[at][0]}</b> is {number(weights[at])}, its gradient "
        f"<b>{slope}</b>: on its left the answer {v[k + i]}, on its right the gradient "
        f"{b[k + j]}.<br>A <b>nudge of {by}</b> promises a change of {by} · {slope} = "
        f"<b>{number(promised, 4)}</b>; the loss changes by <b>{number(real, 4)}</b>. "
    )
    if not np.isclose(rates, slopes[at], rtol=0.01, atol=0.01 * (1 + now)).any():
        return f"{words}<b>Tiny nudges say {number(rates[2])}: backward disagrees.</b>"
    broken = abs(gap) > abs(real) / 8 + 1e-6
    words += f"The promise is {'<b>broken</b>' if broken else 'kept'}. "
    if switched:
        return f"{words}On the way a ReLU opens or closes: no gradient knows of that."
    bent = f"The loss curves away by {number(gap, 4)}; half the nudge quarters that."
    return words + (bent if abs(gap) > 1e-6 else "Here the loss runs straight.")


def _drawing():
    """Draw what stands still; return `draw`, which gives a PNG."""
    figure = blank(3.4)
    net = figure.add_axes((0, 0, 0.7, 1), xlim=(-0.26, 3.26), ylim=(-1.9, 1.9))
    net.set_axis_off()
    side = figure.add_axes((0.78, 0.34, 0.21, 0.56), xlim=(-3, 3), title="loss")
    side.set_xlabel("nudge\nsolid: real\ndashed: promised", fontsize=9)
    style = {"ha": "center", "va": "center", "fontsize": 9}
    for at, words in enumerate(("inputs", "hidden 1", "hidden 2", "output")):
        net.text(at, 1.7, words, **style)
    net.text(1.5, -1.75, "○ answer   × weight   ← gradient   dotted: closed", **style)
    places = np.array([(at // 2, 1 - at % 2 * 2) for at in range(6)] + [(3, 0)])
    ends = np.array([places[[k + i, k + 2 + j]] for k, i, j in LINES])
    lines = net.add_collection(LineCollection(ends, color="C0"))
    dots = net.scatter(*places.T, s=2100, edgecolor="black")
    box = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
    texts = [net.text(*at, "", bbox=box, **style) for at in (0.6, 0.4) @ ends]
    texts += [net.text(*at, "", **style) for at in places]
    curves = side.plot([], [], "C0", [], [], "--", [], [], "ko:", markersize=4)
    paint = painter(figure, [side.yaxis, *curves, lines, dots, *texts])

    def draw(at, nudge, losses, values, sums, weights, slopes):
        dots.set_facecolor(["0.85" if "closed" in v else "white" for v in values])
        off = ["closed" in values[k + i] + values[k + 2 + j] for k, i, j in LINES]
        lines.set(linestyle=np.where(off, ":", "-"), linewidth=1 + 4 * np.eye(10)[at])
        on = map("× {}\n← {}".format, map(number, weights), map(number, slopes))
        said = [*on, *values[:2], *map("{}\n← {}".format, values[2:], sums)]
        for text, words in zip(texts, said, strict=True):
            text.set_text(words.replace(" (", "\n("))
        promise = losses[0] + slopes[at] * np.array([-3, nudge, 3])
        curves[0].set_data(NUDGES, losses[4:])
        curves[1].set_data([-3, nudge, 3], promise)
        curves[2].set_data([nudge, nudge], [promise[1], losses[1]])
        side.set_ylim(min(*losses, promise[1]) - 2, max(*losses, promise[1]) + 2)
        return paint()

    return draw
