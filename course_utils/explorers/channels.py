"""One map of a convolution: what each channel adds to it, before and after training."""

import functools

import numpy as np
from ipywidgets import IntSlider
from matplotlib import colormaps
from numpy.lib.stride_tricks import sliding_window_view

from course_utils import checks, trial
from course_utils.explorers._panel import blank, number, painter, panel, tiled

MOST, COLUMNS, HEAD = (28, 28, 64), 8, 9  # sides of x; maps in a row; room for a line
STAGES = "sum", "with bias", "ReLU", "pool"
HEADS = "{}: {} maps come in", "what each adds: red for, blue against"
AXES = "(digits, height, width, in)", "(rows, columns, in, out)", "(out,)"
ADVICE = "pass x, w and b, what your conv2d gets for some digits"
GREY, SIGNED = (colormaps[n].with_extremes(bad="0.8") for n in ("Greys", "RdBu_r"))
LOOKS = (GREY, 0), (SIGNED, -1), (SIGNED, -1)  # colours, lower end of their scale


def channels(conv2d, maxpool2d, start, trained):
    """Take one map of a convolution apart, before and after training.

    What each channel adds is computed here; conv2d and maxpool2d are the learner's.
    Where conv2d returns other numbers than the sum asks for, the text says so.

    Args:
        conv2d: function called as `conv2d(x, w, b)` with float32 arrays (1, height,
            width, in), (rows, columns, in, 1) and (1,); it convolves with stride 1 and
            "SAME" padding, adds the bias and applies ReLU.
        maxpool2d: function called as `maxpool2d(x)` with what conv2d returned; it
            halves height and width, rounded up.
        start: x, w and b before training: numbers of shape (digits, height, width, in),
            at most 28, 28 and 64 of these, (rows, columns, in, out), and (out,).
        trained: the same after training.

    Returns:
        An `ipywidgets.VBox` with `controls`, `picture`, `text` and `alert`.

    Raises:
        TypeError: a function cannot be called so, or an array holds no numbers.
        ValueError: shapes do not fit. Whatever the functions raise comes through.
    """
    checks.takes("conv2d", conv2d, "x", "w", "b")
    checks.takes("maxpool2d", maxpool2d, "x")
    start = checks.arrays("start", start, AXES, ADVICE)
    shapes = [array.shape for array in start]
    (digits, *sides, count), (*_, depth, out), biases = shapes
    if (depth, out) != (count, *biases) or (np.greater([*sides, count], MOST)).any():
        raise ValueError(
            f"start must have as many channels in w as in x and b, and at most {MOST} "
            f"in x, got {', '.join(map(str, shapes))}: {ADVICE}"
        )
    trained = checks.arrays("trained", trained, shapes, ADVICE)
    ends = {"digit": digits, "output": out, "row": sides[0], "column": sides[1]}
    controls = {n: IntSlider(0, 0, end - 1, description=n) for n, end in ends.items()}
    draw = _drawing(*sides, count)

    @functools.lru_cache(1)  # another place asks for no other numbers
    def run(digit, out):
        one = [(x[digit], w[..., [out]], b[[out]]) for x, w, b in (start, trained)]
        return [_run(conv2d, maxpool2d, *map(np.float32, arrays)) for arrays in one]

    def update(name):
        digit, out, *at = (control.value for control in controls.values())
        seen = run(digit, out)
        if name not in ("row", "column"):  # go where the sum is largest after training
            at = [int(k) for k in np.unravel_index(seen[1][2][0].argmax(), sides)]
            controls["row"].value, controls["column"].value = at
        words = f"<b>Digit {digit}, output channel {out}, row {at[0]}, column {at[1]}."
        for moment, result in zip(("Start", "Trained"), seen, strict=True):
            words += f"</b><br><b>{moment}: {_words(*at, *result)}"
        return draw(*at, *seen), words

    return panel(controls, update, [*controls.values()][:2], [*controls.values()][2:])


def _run(conv2d, maxpool2d, x, w, b):
    """Return three arrays of maps to draw, the parts, the stages, if conv2d differs."""
    pads = [((n - 1) // 2, n // 2) for n in w.shape[:2]]
    windows = sliding_window_view(np.pad(x, [*pads, (0, 0)]), w.shape[:2], (0, 1))
    parts = np.einsum("hwcij,ijc->chw", windows, w[..., 0])
    sums = parts.sum(axis=0)
    (height, width), halves = sums.shape, [-(-side // 2) for side in sums.shape]
    with trial.guarded():
        after = conv2d(x[None].copy(), w.copy(), b.copy())
        after = checks.numbers("what conv2d returns", after, (1, height, width, 1))
        pool = maxpool2d(after.astype(np.float32))
    pool = checks.numbers("what maxpool2d returns", pool, (1, *halves, 1))
    pool = pool.repeat(2, axis=1).repeat(2, axis=2)[:, :height, :width]  # as large
    stages = np.stack([sums, sums + b, after[0, ..., 0], pool[0, ..., 0]])
    differs = not np.allclose(stages[2], np.maximum(stages[1], 0), 1e-3, 1e-3)
    large = stages.repeat(2, axis=1).repeat(2, axis=2)
    tiles = tiled(x.transpose(2, 0, 1)), tiled(parts), tiled(large, 4, gap=2)
    return tiles, parts, stages, differs


def _words(row, column, tiles, parts, stages, differs):
    """Say in words and numbers what the picture shows of one moment."""
    here, words = parts[:, row, column], ""
    for sign, whom in ((1, "for"), (-1, "against")):
        side = [c for c in np.argsort(-sign * here) if sign * here[c] > 0]
        first = ", ".join(f"{c} ({number(here[c])})" for c in side[:3]) or "none"
        words += f"{len(side)} channels {whom} it, {number(here[side].sum())}</b>, "
        words += f"loudest {first}; <b>"
    total, biased, after, pool = map(number, stages[:, row, column])
    above = [f"{np.mean(s > 0):.0%}" for s in (stages[0], stages[3, ::2, ::2])]
    return (
        f"{words}sum {total}</b>, with bias {biased}; conv2d returned <b>{after}</b>, "
        f"the pool keeps {pool} of its block. Above 0 are {above[0]} of the sums and "
        f"{above[1]} of the pool." + " <b>conv2d and the sum disagree.</b>" * differs
    )


def _drawing(height, width, count):
    """Draw what stands still; return `draw`, which gives a PNG."""
    tall, wide, rows = height + 1, width + 1, -(-count // COLUMNS)
    tops = np.cumsum([HEAD, rows * tall + HEAD, rows * tall + HEAD, 2 * tall])
    canvas = np.zeros((tops[3], 2 * (COLUMNS * wide + HEAD), 4), np.uint8)
    lefts, spots = (HEAD, canvas.shape[1] // 2 + HEAD), []
    figure = blank(7.4 * len(canvas) / canvas.shape[1])
    axis = figure.add_axes((0, 0, 1, 1), frame_on=False, xticks=[], yticks=[])
    picture = axis.imshow(canvas, aspect="auto")
    (marks,) = axis.plot([], [], "ks", fillstyle="none", markersize=5)
    for left, moment in zip(lefts, ("start", "trained"), strict=True):
        texts = [(0, tops[k], HEADS[k].format(moment, count)) for k in (0, 1)]
        texts += [(2 * wide * k, tops[2], name) for k, name in enumerate(STAGES)]
        for top in tops[:2]:
            places = [(wide * (c % COLUMNS), c // COLUMNS * tall) for c in range(count)]
            spots += [(left + x, top + y, 1) for x, y in places]
            texts += [(-8, top + tall * (r + 0.7), COLUMNS * r) for r in range(rows)]
        spots += [(left + 2 * wide * k + 0.5, tops[2] + 0.5, 2) for k in range(4)]
        for x, y, said in texts:
            axis.text(left + x, y - 2, said, fontsize=9)
    xs, ys, scale = np.transpose(spots)
    paint = painter(figure, [picture, marks])

    def draw(row, column, *moments):
        blocks = zip(tops, LOOKS, *(tiles for tiles, *_ in moments), strict=False)
        for top, (look, low), *pair in blocks:
            limit = max(np.nanmax(np.abs(half)) for half in pair) or 1.0
            for left, half in zip(lefts, pair, strict=True):
                here = canvas[top:, left:][: len(half), : half.shape[1]]
                here[:] = look((half / limit - low) / (1 - low), bytes=True)
        picture.set_data(canvas)
        marks.set_data(xs + scale * column, ys + scale * row)
        return paint()

    return draw
