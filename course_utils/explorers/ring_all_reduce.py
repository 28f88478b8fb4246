"""Workers in a ring sum their gradients: pieces travel, sums grow, bytes count up."""

import ipywidgets as widgets
import numpy as np
from matplotlib.patches import Rectangle

from course_utils import checks
from course_utils.explorers._panel import blank, number, painter, panel

BYTES, TICK, ARROW = 4, "\N{CHECK MARK}", "\N{DOWNWARDS BLACK ARROW}"  # float32: 4
KEY = f"2 of n: sum over two workers; {TICK}: over all; dashed: sent; thick: arrived"
PHASES = "nothing sent yet", "reduce-scatter, adding up", "all-gather, handing round"
REST, SENT, CAME = ("0.6", 1, "-"), ("#0072B2", 2, "--"), ("#D55E00", 3, "-")
ADVICE = "pass 3 to 6 rows of at most 12 whole numbers, -99 to 99, no fewer than rows"


def ring_all_reduce(arrays, piece_sent):
    """Sum arrays, a row for each worker of a ring, step by step, by the learner's rule.

    In each step each worker sends one piece to the next, the last one to worker 0. In
    the first half of the steps what arrives is added, in the second half it replaces.

    Args:
        arrays: 3 to 6 rows of at most 12 whole numbers, -99 to 99, no fewer than rows.
        piece_sent: function called as `piece_sent(worker, step, workers)`, worker from
            0, step from 1; it returns which piece goes, 0 to workers - 1.

    Returns:
        An `ipywidgets.VBox` with `controls`, `picture`, `text` and `alert`.

    Raises:
        TypeError: arrays hold no numbers, or piece_sent cannot be called so.
        ValueError: arrays are of another size, or piece_sent returns no piece.
    """
    arrays = checks.numbers("arrays", arrays, "(workers, numbers)", advice=ADVICE)
    checks.takes("piece_sent", piece_sent, "worker", "step", "workers")
    (rows, count), readable = arrays.shape, arrays.round().clip(-99, 99)
    if not 3 <= rows <= 6 or not rows <= count <= 12 or (arrays != readable).any():
        raise ValueError(
            f"arrays must be few rows of small whole numbers, got shape {arrays.shape} "
            f"with numbers from {arrays.min():g} to {arrays.max():g}: {ADVICE}"
        )
    step = widgets.IntSlider(0, 0, 2 * (rows - 1), description="step")
    workers = widgets.IntSlider(rows, 2, rows, description="workers")
    draw = _drawing(rows, count)

    def update(name):
        ended, own = step.value == step.max, arrays[: workers.value]
        step.max = 2 * (len(own) - 1)
        step.value = step.max if ended else step.value  # at the end it stays there
        cuts = np.array_split(np.arange(count), len(own))
        moment = _walk(own, cuts, piece_sent, step.value)
        return draw(cuts, *moment), _words(own.sum(axis=0), step.value, cuts, *moment)

    return panel({"step": step, "workers": workers}, update, [step, workers], [])


def _walk(arrays, cuts, piece_sent, steps):
    """Return what was held before the last step, is held, was sent, and all bytes."""
    n, count = arrays.shape
    # Behind each number stands how often it has the number of each worker in it.
    held = np.dstack([arrays, np.repeat(np.eye(n)[:, None], count, axis=1)])
    before, sent, total = held, [], np.zeros(n, int)
    for step in range(1, steps + 1):
        before, held, sent = held, held.copy(), []
        for w in range(n):
            name = f"piece_sent({w}, {step}, {n})"
            sent.append(checks.whole(name, piece_sent(w, step, n), least=0, most=n - 1))
            to, cut = (w + 1) % n, cuts[sent[-1]]
            held[to, cut] = before[w, cut] + (step < n) * before[to, cut]
            total[w] += BYTES * len(cut)
    return before, held, sent, total


def _piece(held, cut):
    """Return the numbers of one worker's piece, how many are in a sum, and if all."""
    whose = held[cut[0], 1:]
    return "  ".join(map(number, held[cut, 0])), int(whose.sum()), (whose == 1).all()


def _words(true, step, cuts, before, held, sent, total):
    """Say in words and numbers what the picture shows."""
    n, count, steps, own = len(cuts), len(true), 2 * len(cuts) - 2, BYTES * len(true)
    words = f"<b>Step {step} of {steps}</b>: {PHASES[(step > 0) + (step >= n)]}."
    for w, piece in enumerate(sent):
        to = (w + 1) % n
        was, came = (_piece(before[k], cuts[piece])[0] for k in (to, w))
        now, terms, whole = _piece(held[to], cuts[piece])
        how = f"+ [{came}] =" if step < n else "becomes"
        words += f"<br>Piece {piece}, worker {w} to {to}: [{was}] {how} [{now}], "
        words += f"the sum over all {n} {TICK}." if whole else f"{terms} of {n} summed."
    right = np.sum((held[..., 0] == true) & (held[..., 1:] == 1).all(axis=2))
    words += (
        f"<br><b>{right} of {n * count} numbers are the true sums over all.</b> "
        f"No worker needs all arrays: it holds {count} numbers, and {len(cuts[0])} or "
        f"fewer arrive.<br>Bytes sent by each: {', '.join(map(str, total))}; <b>by all "
        f"{sum(total)}</b>. "
    )
    if not step:  # before the first move the learner predicts
        return words
    return (
        f"{words}Predicted: each number is sent 2 · {n - 1} times, by all "
        f"{steps * own} bytes, on average 1/{n} of it by each, {steps * own / n:g}, "
        f"which is {steps / n:.3g} times its own {BYTES} · {count} = {own}. For any "
        "number n of workers, 2 · (n − 1)/n is below 2."
    )


def _drawing(rows, count):
    """Draw what stands still; return `draw(cuts, before, held, sent, total)`: a PNG."""
    figure = blank(0.62 * rows + 0.9)
    axis = figure.add_axes((0.1, 0.1, 0.77, 0.89), frame_on=False, xlabel=KEY)
    axis.set(xlim=(0, count), ylim=(rows - 0.3, -1.1), xticks=[])
    axis.set_yticks(range(rows), [f"worker {row}" for row in range(rows)])
    axis.tick_params(length=0, labelsize=10, grid_alpha=0)
    texts = [axis.text(0, 0, "", ha="center", va="center") for _ in range(10 * rows)]
    boxes = [axis.add_patch(Rectangle((0, 0), 0, 0.64, fc="#CDEBE0")) for _ in texts]
    paint = painter(figure, [*boxes, *texts])

    def draw(cuts, before, held, sent, total):
        n, middle = len(cuts), [cut.mean() + 0.5 for cut in cuts]
        words = [(x, -0.85, f"piece {piece}") for piece, x in enumerate(middle)]
        words += [(1.08 * count, row, str(b)) for row, b in enumerate(total)]
        words.append((1.08 * count, -0.7, f"bytes sent\nall: {total.sum()}"))
        words += [(count / 2, row, "takes no part") for row in range(n, rows)]
        words += [(middle[p], k - 0.5, ARROW) for k, p in enumerate(sent[-1:] + sent)]
        for x in [middle[p] - 0.11 * count for p in sent[-1:]]:
            words += [(x, -0.5, f"from worker {n - 1}"), (x, n - 0.5, "to worker 0")]
        look = {(worker, p): SENT for worker, p in enumerate(sent)}
        look |= {((worker + 1) % n, p): CAME for worker, p in enumerate(sent)}
        for artist in (*boxes, *texts):
            artist.set_visible(False)
        for box, (row, p) in zip(boxes, np.ndindex(n, n), strict=False):
            numbers, terms, whole = _piece(held[row], cuts[p])
            label = f"\n{TICK}" if whole else f"\n{terms} of {n}" * (terms > 1)
            words.append((middle[p], row, numbers + label))
            edge, width, style = look.get((row, p), REST)
            box.set(ec=edge, lw=width, ls=style, fill=whole, visible=True)
            box.set(xy=(cuts[p][0] + 0.06, row - 0.32), width=len(cuts[p]) - 0.12)
        for text, (x, y, said) in zip(texts, words, strict=False):
            text.set(x=x, y=y, text=said, visible=True)
        return paint()

    return draw
