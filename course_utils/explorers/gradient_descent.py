"""Gradient descent on a line through points, step by step."""

import functools

import ipywidgets as widgets
import numpy as np

from course_utils import checks
from course_utils.explorers._panel import blank, number, painter, panel, player

REACH, FAR = 6.0, 1e6  # start values, and paths as drawn, go this far from zero


def gradient_descent(step, x, y):
    """Walk down the loss of a line, with the learner's own step.

    The path is what step makes of w and b. The surface below it is the mean squared
    error, computed here; where step returns another loss, the text gives both.

    Args:
        step: function called as `step(w, b, x, y, learning_rate)` with two
            `tf.Variable`s, two float32 tensors (points,) and a number; it changes w and
            b by one step and returns the loss before it, or a tuple beginning with it.
        x: numbers, shape (points,), 2 to 1,000 of them, not all equal.
        y: numbers, shape (points,).

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
    if not 2 <= len(x) <= 1_000 or np.ptp(x) == 0:
        raise ValueError(
            f"x must hold 2 to 1,000 numbers that are not all equal, got {len(x)} from "
            f"{x.min():g} to {x.max():g}: pass points that a line can be fitted to"
        )
    y = checks.numbers("y", y, x.shape, advice="give one for each x")
    at = widgets.IntSlider(max=20, description="step")
    rate = widgets.FloatLogSlider(0.1, min=-3, max=0, step=0.02, description="rate")
    rate.readout_format = ".4f"  # 0.263 is above a limit of 0.263
    reach = {"min": -REACH, "max": REACH, "step": 0.5}
    start = [widgets.FloatSlider(0, description=f"start {n}", **reach) for n in "wb"]
    play = player(at, interval=500)
    controls = {"play": play} | {c.description: c for c in (at, rate, *start)}
    given = [tf.constant(values, tf.float32) for values in (x, y)]

    @functools.lru_cache(1)  # a move along the path does not walk it again
    def walk(rate, *start):
        """Return the places that the learner's step leads to, and their losses."""
        w, b = map(tf.Variable, start)
        places, losses = [start], []
        for _ in range(at.max):
            result = step(w, b, *given, rate)
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

    best = np.polyfit(x, y, 1)  # (w, b)
    # The loss bends most in one direction: by 2 / points times the square of this norm.
    limit = len(x) / np.linalg.norm([x, np.ones_like(x)], 2) ** 2
    draw = _drawing(x, y, best)

    def update(name):
        places, losses = walk(rate.value, *(slider.value for slider in start))
        dues = _loss(x, y, *places[at.value]), _loss(x, y, *best)
        words = _words(at.value, rate.value, limit, places, losses, best, dues)
        return draw(places, at.value), words

    return panel(controls, update, [play, at], [rate, *start])


def _loss(x, y, w, b):
    """Return the mean squared error of lines, (...) and (...) -> (...)."""
    return np.mean((np.multiply.outer(w, x) + np.expand_dims(b, -1) - y) ** 2, axis=-1)


def _words(at, rate, limit, places, losses, best, dues):
    """Say in words and numbers what the picture shows; dues: loss here, and best."""
    short = functools.partial(number, digits=3, powers=True)
    w, b, due, least = map(short, (*places[at], *dues))
    words = f"<b>Step {at}</b>: w {w}, b {b}, loss <b>{due}</b>. "
    if at < len(losses) and not np.isclose(losses[at], dues[0], rtol=1e-3, atol=1e-4):
        words += f"<b>Your step returned {short(losses[at])}</b>, and the mean squared"
        words += " error is not that: they disagree. "
    away = np.linalg.norm(places - best, axis=1)
    if at:
        factor = away[at] / max(away[at - 1], 1e-12)
        words += f"The distance to the best line {'grew' if factor > 1 else 'shrank'} "
        words += f"in it: {short(factor)} times what it was. "
    if not away[-1] < away[-2] and not np.allclose(places[-1], best, atol=1e-3):
        words += "<b>It diverges</b>: each step overshoots by more than the last. "
    return (
        f"{words}The best line has w {number(best[0], 3)} and b {number(best[1], 3)}, "
        f"and the loss {least}. For these points the rate must stay below {limit:.4g}; "
        f"{rate:.4f} is {'above' if rate > limit else 'below'}."
    )


def _drawing(x, y, best):
    """Draw what stands still; return `draw(places, at)`, which gives a PNG."""
    figure = blank(3.6)
    left, right = (figure.add_axes((edge, 0.14, 0.4, 0.76)) for edge in (0.08, 0.57))
    grid = np.linspace(-REACH - 1, REACH + 1, 61)
    surface = np.log10(_loss(x, y, *np.meshgrid(grid, grid)) + 1e-3)
    left.contourf(grid, grid, surface, levels=14, cmap="Greys", alpha=0.7)
    left.plot(*best, "*", color="C2", markersize=13)
    left.set(xlabel="w", ylabel="b", xlim=grid[[0, -1]], ylim=grid[[0, -1]])
    left.set_title("loss, the darker the larger; star: best", fontsize=10)
    left.grid(False)
    (path,) = left.plot([], [], "o-", color="C0", markersize=4, linewidth=1)
    (now,) = left.plot([], [], "o", color="C1", markersize=9)
    right.plot(x, y, "o", color="0.55", markersize=4)
    room = 0.3 * (np.ptp(y) or 1.0)
    ends = np.array(right.get_xlim())
    right.set(xlabel="x", ylabel="y", xlim=ends, ylim=(y.min() - room, y.max() + room))
    right.plot(ends, np.polyval(best, ends), "--", color="C2", linewidth=1.2)
    (fit,) = right.plot([], [], color="C1")
    paint = painter(figure, [path, now, fit, right.title])

    def draw(places, at):
        seen = np.clip(np.nan_to_num(places[: at + 1], nan=FAR), -FAR, FAR)
        path.set_data(*seen.T)
        now.set_data(*seen[-1:].T)
        fit.set_data(ends, np.polyval(seen[-1], ends))
        right.set_title(f"the line after {at} steps; dashed: best", fontsize=10)
        return paint()

    return draw
