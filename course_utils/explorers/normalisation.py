"""Batch normalisation: what it makes of one image, and whose mean it takes for that."""

import ipywidgets as widgets
import numpy as np

from course_utils import checks
from course_utils.explorers._panel import blank, choice, number, painter, panel

SIZES, SEEN = [2**k for k in range(9)], [0, 1, 2, 5, 10, 20, 50, 100, 200, 500]
TRIES = 20  # images to choose from, and batches into which the chosen one is put
LEAST = 512  # images, so that two batches of the largest size differ
BLUE, ORANGE, GREEN, GREY = "C0", "C1", "C2", "0.45"  # of course.mplstyle
BEFORE = {"all images": GREY, "batch": BLUE, "moving": GREEN}
AFTER = {f"{TRIES} batches": ORANGE, "batch": BLUE, "0 \u00b1 1": GREY}


def normalisation(layer, features):
    """Put one image into batches of any size, and follow one channel through a layer.

    Args:
        layer: a `keras.layers.BatchNormalization` for inputs (batch, channels). Each
            move starts from its moving averages, and puts them back.
        features: numbers that it will get, shape (images, channels), images >= 512.

    Returns:
        An `ipywidgets.VBox` with `controls`, `picture`, `text` and `alert`.

    Raises:
        TypeError: layer is another thing, or features holds no numbers.
        ValueError: features has another shape. Whatever layer raises comes through.
    """
    import tensorflow as tf  # the learner's lesson has loaded it

    advice = "pass one number for each image and channel, maps[:, 0, 0]"
    features = checks.numbers("features", features, "(images, channels)", advice=advice)
    name = "the number of images in features"
    checks.whole(name, len(features), least=LEAST, advice="add more")
    kind = tf.keras.layers.BatchNormalization
    checks.instance("layer", layer, kind, "a BatchNormalization", "pass one")
    given = tf.constant(features, tf.float32)
    layer(given[:1], training=False)  # builds it
    own = layer.get_weights()
    takes = [tf.TensorSpec(shape, tf.int64) for shape in ([None, None], [])]

    def graph(training):  # a graph, because 500 single calls take half a second
        def after(batches, channel):  # rows (batches, size), () -> (batches, size)
            x = tf.gather(given, batches)  # (batches, size, channels)
            return tf.map_fn(lambda x: layer(x, training=training)[:, channel], x, 1)

        return tf.function(after, takes, autograph=False)

    run = {flag: graph(training=flag) for flag in (True, False)}
    chance, rows = np.random.default_rng(0), np.arange(TRIES, len(features))
    company = np.array([chance.permutation(rows)[: SIZES[-1]] for _ in range(SEEN[-1])])
    controls = {
        "size": widgets.SelectionSlider(options=SIZES, value=32, description="size"),
        "seen": widgets.SelectionSlider(options=SEEN, description="seen"),
        "training": choice("training", [("True", True), ("False", False)], True),
    }
    ends = {"image": TRIES, "others": TRIES, "channel": features.shape[1]}
    for name, end in ends.items():
        controls[name] = widgets.IntSlider(0, 0, end - 1, description=name)
    controls["channel"].value = int(features.std(axis=0).argmax())
    draw = _drawing()

    def update(name):
        size, seen, training, image, at, channel = (c.value for c in controls.values())
        controls["others"].disabled = size == 1
        batches = np.insert(company[:TRIES, : size - 1], 0, image, axis=1)
        if size == 1:  # there are no others: other images stand in their place
            batches, at = np.arange(TRIES)[:, None], image
        try:
            if seen:
                run[True](company[:seen, :size], channel)
            mean = layer.moving_mean.numpy()[channel]
            deviation = np.sqrt(layer.moving_variance.numpy()[channel])
            after = run[training](batches, channel).numpy()  # (tries, size)
        finally:
            layer.set_weights(own)
        x, before = features[:, channel], features[batches[at], channel]
        spreads = [(v.mean(), v.std()) for v in (x, before, after[at])]
        spreads.append((mean, deviation))
        words = f"<b>Image {image}, channel {channel}, training={training}, batch size "
        words += _words(size, seen, training, before[0], after, at, spreads)
        return draw(x, before, after, at, spreads, training), words

    made = list(controls.values())
    return panel(controls, update, made[:2], made[2:])


def _words(size, seen, training, x, after, at, spreads):
    """Say in words and numbers what the picture shows."""
    every, batch, out, moving = (f"{number(m)} ± {number(d)}" for m, d in spreads)
    low, high = (number(y) for y in (after[:, 0].min(), after[:, 0].max()))
    span = f"between {low} and {high}" if low != high else f"as {low} every time"
    taken = "batch" if training else "moving averages"
    tries = f"In {TRIES} batches with other companions it comes out {span}"
    if size == 1:
        tries = f"{TRIES} images, each alone, come out {span}"
        tries += ": an image alone is its own mean" if training else ""
    return (
        f"{size}</b>: it has {number(x)} before the layer and <b>{number(after[at, 0])}"
        f"</b> after it. <b>{tries}.</b><br>It is normalised by the {taken}. Mean ± "
        f"deviation: batch {batch}, after the layer {out}; moving averages {moving} "
        f"(batches seen: {seen}); all images {every}."
    )


def _drawing():
    """Draw what stands still; return `draw`, which gives a PNG."""
    figure = blank(3.6)
    sides, moving, places = [], [], (-0.25, -0.5, -0.75)
    for left, rows, title, grey in (
        (0.115, BEFORE, "before; thick: the layer takes this", "all images"),
        (0.625, AFTER, "after; dashed: this image", f"{TRIES} batches"),
    ):
        axis = figure.add_axes((left, 0.16, 0.37, 0.75))
        axis.set(ylim=(-0.95, 1.05), yticks=places, yticklabels=rows, title=title)
        axis.set_xlabel(f"grey: {grey}; blue line: the batch")
        bars = axis.stairs([0], fill=True, color="0.8"), axis.stairs([0], color=BLUE)
        image = axis.axvline(0, color=ORANGE, linestyle="--")
        lines = [axis.plot([], "|-", color=c, markersize=9)[0] for c in rows.values()]
        sides.append((axis, bars, image, lines))
        moving += [axis.xaxis, *bars, image, *lines]
    paint = painter(figure, moving)

    def draw(x, before, after, at, spreads, training):
        every, batch, out, kept = ([m - d, m, m + d] for m, d in spreads)
        left, right = (every, batch, kept), (after[:, 0], out, [-1, 0, 1])
        given = (x, before, left), (after.ravel(), after[at], right)
        for side, (*values, rows) in zip(sides, given, strict=True):
            axis, bars, image, lines = side
            drawn = np.concatenate([*values, *rows])
            edges = np.linspace(drawn.min(), drawn.max() + 1e-3, 41)
            axis.set_xlim(1.03 * edges[[0, -1]] - 0.03 * edges[[-1, 0]])
            for bar, numbers in zip(bars, values, strict=True):
                counts = np.histogram(numbers, edges)[0]
                bar.set_data(counts / counts.max(), edges)
            image.set_xdata(values[1][:1].repeat(2))
            for line, row, y in zip(lines, rows, places, strict=True):
                line.set_data(row, np.full(len(row), y))
        for line, wide in zip(sides[0][3][1:], (training, not training), strict=True):
            line.set(linewidth=5 if wide else 1.2, markeredgewidth=3 if wide else 1)
        return paint()

    return draw
