"""Programs with a hidden mistake, compared place by place with one that is right."""

import ipywidgets as widgets
import numpy as np

from course_utils import checks
from course_utils.explorers._panel import blank, choice, escaped, painter, panel

LETTERS, MOST_PLACES = "ABCDEFGH", 30
ZERO, FLOOR, TOP = 3e-10, 2e-9, 1e4  # a height for 0, and what the picture shows
ADVICE = 'pass {"flipped kernel": {"NumPy": {"conv1": 2e-7, "conv2": 1.2}}}'
BLUE, ORANGE, GREY = "C0", "C1", "0.4"  # of course.mplstyle


def difference(searches, band):
    """Walk through the differences of programs whose mistakes are not named.

    The programs are called A, B, C and so on, in a random order that stays the same,
    and tell their mistake when they are asked to.

    Args:
        searches: dict from a mistake's name (1 to 8) to a dict from the style of the
            right program to a dict from a place (a layer, the loss, a gradient) to the
            relative difference there. The first style of the first mistake has all
            places, in the order in which one looks; another style may lack some.
        band: number above 0; a difference above it is more than rounding.

    Returns:
        An `ipywidgets.VBox` with `controls`, `picture`, `text` and `alert`.

    Raises:
        TypeError: a dict or a number is something else.
        ValueError: too many, or styles or places that differ, or differences below 0.
    """
    searches = checks.mapping("searches", searches, ADVICE)
    band = checks.number("band", band, above=0)
    checks.whole("the number of searches", len(searches), most=len(LETTERS))
    styles, places, table = None, None, {}
    for name, by_style in searches.items():
        by_style = checks.mapping(f"the search of {name}", by_style, ADVICE)
        styles = styles or list(by_style)
        if list(by_style) != styles:
            raise ValueError(
                f"the search of {name} must be in {styles}, got {[*by_style]}: give all"
            )
        for style, found in by_style.items():
            label = f"the search of {name} in {style}"
            found = checks.mapping(label, found, ADVICE)
            values = checks.numbers(label, [*found.values()], "(places,)")
            found = dict(zip(found, values, strict=True))
            places = places or list(found)[:MOST_PLACES]
            if wrong := [at for at in found if at not in places or found[at] < 0]:
                raise ValueError(
                    f"{label} must have the first search's places, at most "
                    f"{MOST_PLACES}, and no difference below 0, got {wrong}: {ADVICE}"
                )
            table[name, style] = np.array([found.get(at, np.nan) for at in places])
    order = np.random.default_rng(0).permutation(list(searches))
    programs = dict(zip(LETTERS, order, strict=False))
    controls = {
        "walk": widgets.IntSlider(0, 0, len(places), description="walk"),
        "program": choice("program", list(programs), "A"),
        "style": choice("compared with", styles, styles[0]),
        "tell": widgets.Checkbox(False, description="tell the mistake", indent=False),
    }
    draw = _drawing(places, band)

    def update(name):
        if name == "program":
            controls["walk"].value, controls["tell"].value = 0, False
        letter, style = controls["program"].value, controls["style"].value
        values = table[programs[letter], style][: controls["walk"].value]
        outside = np.flatnonzero(values > band)
        at, (by, mistake) = escaped(places), escaped([style, programs[letter]])
        words = f"<b>Program {letter}</b>, compared with the right one in {by}: "
        words += _words(at, by, values, outside)
        words += f"<br>Its mistake: <b>{mistake}</b>." * controls["tell"].value
        return draw(letter, style, values, outside), words

    side = [controls["program"], controls["style"], controls["tell"]]
    return panel(controls, update, [controls["walk"]], side)


def _words(places, style, values, outside):
    """Say in words and numbers what the picture shows."""
    if not len(values):
        return f"nothing yet. Walk on: {places[0]} comes first."
    place, value = places[len(values) - 1], values[-1]
    given = np.flatnonzero(~np.isnan(values))
    words = f"{len(given)} of {len(places)} places. {place} "
    if np.isnan(value):
        words += f"is not compared, because {style} does not give it.<br>"
    else:
        words += f"differs by {value:.1e}.<br>" if value else "does not differ.<br>"
    if len(outside):
        first, size = places[outside[0]], values[outside[0]]
        before = ["the input", *(places[at] for at in given if at < outside[0])][-1]
        words += f"<b>{first} is the first outside the band</b>, by {size:.1e}. "
        return words + f"The mistake sits between {before} and {first}."
    if not len(given):
        return words
    largest = values[given].max()
    found = f"all differences are rounding, at most {largest:.1e}"
    words += f"So far {found if largest else 'nothing differs'}."
    hidden = " A mistake may hide where nothing was compared."
    return words + hidden * (len(given) < len(values))


def _drawing(places, band):
    """Draw what stands still; return `draw(letter, style, values, outside)`: a PNG."""
    figure = blank(3.5)
    axis = figure.add_axes((0.1, 0.27, 0.88, 0.63))
    axis.axhspan(ZERO / 3, band, color="0.9")
    axis.text(-0.5, band / 2, "rounding", va="top", fontsize=9)
    axis.set(yscale="log", ylim=(ZERO / 3, TOP), xlim=(-0.6, len(places) - 0.4))
    axis.set_ylabel("relative difference")
    powers = range(-8, 5, 2)
    names = ["0", *(f"$10^{{{power}}}$" for power in powers)]
    axis.set_yticks([ZERO, *(10.0**power for power in powers)], names)
    turned = {"rotation": 60, "ha": "right", "rotation_mode": "anchor"}
    axis.set_xticks(range(len(places)), places, **turned)
    axis.tick_params(labelsize=9)
    axis.grid(False)
    (line,) = axis.plot([], [], "o-", color=BLUE, markersize=5)
    (lacking,) = axis.plot([], [], "x", color=GREY, markersize=6)
    (first,) = axis.plot([], [], "o", color=ORANGE, markersize=11, fillstyle="none")
    first.set_markeredgewidth(2.5)
    label = axis.text(0, 0, "", ha="center", va="bottom", fontsize=10, color=ORANGE)
    paint = painter(figure, [line, lacking, first, label, axis.title])

    def draw(letter, style, values, outside):
        heights = np.where(values == 0, ZERO, np.clip(values, FLOOR, TOP / 10))
        line.set_data(range(len(values)), heights)
        gaps = np.flatnonzero(np.isnan(values))
        lacking.set_data(gaps, np.full(len(gaps), TOP / 4))
        at = outside[:1]
        first.set_data(at, heights[at])
        label.set_text("first outside" if len(at) else "")
        if len(at):
            label.set_position((max(1.0, at[0]), 3 * heights[at[0]]))
        note = f" (\N{MULTIPLICATION SIGN}: {style} lacks it)" if len(gaps) else ""
        title = f"program {letter} against the right one in {style}{note}"
        axis.set_title(title, fontsize=10)
        return paint()

    return draw
