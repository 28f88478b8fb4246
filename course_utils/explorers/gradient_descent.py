"""Gradient descent on a line through points, step by step."""

import ipywidgets as widgets
import numpy as np
from matplotlib.figure import Figure

from course_utils import checks
from course_utils.explorers._panel import number, painter, panel

MOST_STEPS = 20
REACH = 6.0  # start values go this far below and above zero
FAR = 1e6  # a path is drawn up to here
DETAIL = 61  # points of the loss surface along each axis


def gradient_descent(step, x, y, learning_rate=0.1):
    """Walk down the loss of a line, with the learner's own step.

    The path is what step makes of w and b. The surface below it is the mean squared
    error, computed here; where step returns another loss, the text gives both.

    Args:
        step: function called as `step(w, b, x, y, learning_rate)` with two
            `tf.Variable`s, two float32 tensors (points,) and a number; it changes w and
            b by one step and returns the loss before it, or a tuple that begins with
            it.
        x: numbers, shape (points,), 2 to 1,000 of them, not all equal.
        y: numbers, shape (points,).
        learning_rate: rate to begin with, 0.001 to 1.

    Returns:
        An `ipywidgets.VBox` with `controls`, `picture`, `text` and `alert`.

    Raises:
        TypeError: step cannot be called with these five arguments, returns no loss, or
            an array holds no numbers.
        ValueError: an array has another shape, or a number is out of its range.
            Whatever step raises comes through.
    """
    import tensorflow as tf  # the learner's lesson has loaded it

    checks.takes("step", step, "w", "b", "x", "y", "learning_rate")
    x = checks.numbers("x", x, "(points,)", advice="pass one number for each point")
    y = checks.numbers("y", y, "(points,)", advice="pass one number for each point")
    if not 2 <= len(x) <= 1_000 or np.ptp(x) == 0:
        raise ValueError(
            f"x must hold 2 to 1,000 numbers that are not all equal, got {len(x)} from "
            f"{x.min():g} to {x.max():g}: pass points that a line can be fitted to"
        )
    if len(y) != len(x):
        raise ValueError(
            f"y must have shape ({len(x)},), as x has, got ({len(y)},): pass one "
            "number for each point"
        )
    rate = checks.number("learning_rate", learning_rate, least=0.001, most=1)
    controls = {
        "play": widgets.Play(interval=500, max=MOST_STEPS),
        "step": widgets.IntSlider(0, 0, MOST_STEPS, description="step"),
        "rate": widgets.FloatLogSlider(
            rate, min=-3, max=0, step=0.02, description="rate", readout_format=".3f"
        ),
        "start w": widgets.FloatSlider(
            0, min=-REACH, max=REACH, step=0.5, description="start w"
        ),
        "start b": widgets.FloatSlider(
            0, min=-REACH, max=REACH, step=0.5, description="start b"
        ),
    }
    facts = _Line(x, y)
    draw = _drawing(facts)
    given = [tf.constant(values, tf.float32) for values in (x, y)]
    walked = None  # the path of the present controls; None if it failed

    def walk():
        """Return the places that the learner's step leads to, and their losses."""
        w, b = (tf.Variable(controls[n].value) for n in ("start w", "start b"))
        places, losses = [[float(w), float(b)]], []
        for _ in range(MOST_STEPS):
            result = step(w, b, *given, controls["rate"].value)
            loss = result[0] if isinstance(result, tuple | list) else result
            try:
                losses.append(float(loss))
            except (TypeError, ValueError):
                raise TypeError(
                    "step must return the loss, or a tuple that begins with it, got "
                    f"{type(loss).__name__}: end it with return loss"
                ) from None
            places.append([float(w), float(b)])
        return np.array(places), np.array(losses)

    def update(name):
        nonlocal walked
        play, at = controls["play"], controls["step"]
        if name == "play":
            at.value = play.value
        elif name != "step":
            walked = None
        play.value = at.value
        if walked is None:
            walked = walk()
        places, losses = walked
        words = _words(facts, places, losses, at.value, controls["rate"].value)
        return draw(places, at.value), words

    side = [controls[name] for name in ("rate", "start w", "start b")]
    return panel(controls, update, [controls["play"], controls["step"]], side)


class _Line:
    """The points, and what the exact solution says about them."""

    def __init__(self, x, y):
        self.x, self.y = x, y
        self.best = np.polyfit(x, y, 1)  # (w, b)
        mean, square = x.mean(), np.mean(x**2)
        # Second derivatives of the loss; its steepest direction limits the rate.
        curvature = 2 * np.array([[square, mean], [mean, 1.0]])
        self.limit = 2 / np.linalg.eigvalsh(curvature)[-1]

    def loss(self, w, b):
        """Return the mean squared error, (...) and (...) -> (...)."""
        errors = np.multiply.outer(w, self.x) + np.asarray(b)[..., None] - self.y
        return np.mean(errors**2, axis=-1)


def _words(line, places, losses, at, rate):
    """Say in words and numbers what the picture shows."""
    w, b = places[at]
    due = line.loss(w, b)
    words = f"<b>Step {at}</b>: w {_short(w)}, b {_short(b)}, loss "
    words += f"<b>{_short(due)}</b>. "
    if at < len(losses) and not np.isclose(losses[at], due, rtol=1e-3, atol=1e-4):
        words += f"<b>Your step returned {_short(losses[at])}</b>, and the mean squared"
        words += " error is not that: they disagree. "
    if at:
        before, now = (np.linalg.norm(places[k] - line.best) for k in (at - 1, at))
        verb = "grew" if now > before else "shrank"
        words += "The distance to the best line "
        words += f"{verb} by the factor {_short(now / max(before, 1e-12))} in it. "
    ends = [np.linalg.norm(place - line.best) for place in places[-2:]]
    if not ends[1] < ends[0] and not np.allclose(places[-1], line.best, atol=1e-3):
        words += "<b>It diverges</b>: each step overshoots by more than the last. "
    side = "above" if rate > line.limit else "below"
    return (
        f"{words}The best line has w {number(line.best[0], 3)} and b "
        f"{number(line.best[1], 3)}, and the loss {_short(line.loss(*line.best))}. "
        f"For these points the rate must stay below {line.limit:.3f}; "
        f"{rate:.3f} is {side}."
    )


def _short(value):
    if not np.isfinite(value):
        return str(value)
    return (
        f"{value:.2e}" if value and not 1e-3 <= abs(value) < 1e5 else number(value, 3)
    )


def _drawing(line):
    """Draw what stands still; return `draw(places, at)`, which gives a PNG."""
    figure = Figure(figsize=(7.4, 3.6), dpi=100, layout="none")
    left = figure.add_axes((0.08, 0.14, 0.4, 0.76))
    right = figure.add_axes((0.57, 0.14, 0.4, 0.76))
    w, b = (np.linspace(-REACH - 1, REACH + 1, DETAIL) for _ in "wb")
    surface = line.loss(*np.meshgrid(w, b))
    left.contourf(w, b, np.log10(surface + 1e-3), levels=14, cmap="Greys", alpha=0.7)
    left.plot(*line.best, "*", color="C2", markersize=13)
    left.set(xlabel="w", ylabel="b", xlim=(w[0], w[-1]), ylim=(b[0], b[-1]))
    left.set_title("loss, the darker the larger; star: best", fontsize=10)
    left.grid(False)
    (path,) = left.plot([], [], "o-", color="C0", markersize=4, linewidth=1)
    (now,) = left.plot([], [], "o", color="C1", markersize=9)
    right.plot(line.x, line.y, "o", color="0.55", markersize=4)
    room = 0.3 * (np.ptp(line.y) or 1.0)
    right.set(xlabel="x", ylabel="y")
    right.set(ylim=(line.y.min() - room, line.y.max() + room), xlim=right.get_xlim())
    ends = np.array(right.get_xlim())
    best = line.best[0] * ends + line.best[1]
    right.plot(ends, best, "--", color="C2", linewidth=1.2)
    (fit,) = right.plot([], [], color="C1")
    paint = painter(figure, [path, now, fit, right.title])

    def draw(places, at):
        with np.errstate(over="ignore", invalid="ignore"):
            seen = np.clip(np.nan_to_num(places[: at + 1], nan=FAR), -FAR, FAR)
        path.set_data(*seen.T)
        now.set_data(*seen[-1:].T)
        fit.set_data(ends, seen[-1, 0] * ends + seen[-1, 1])
        right.set_title(f"the line after {at} steps; dashed: best", fontsize=10)
        return paint()

    return draw
