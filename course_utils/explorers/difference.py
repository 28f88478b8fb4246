"""Programs with a hidden mistake, compared place by place with one that is right."""

import ipywidgets as widgets
import numpy as np
from matplotlib.figure import Figure

from course_utils import checks
from course_utils.explorers._panel import choice, painter, panel

MOST_PROGRAMS, MOST_PLACES = 8, 30
FLOOR, TOP = 1e-9, 1e4  # what the picture shows
ADVICE = 'pass {"flipped kernel": {"conv1": 0.0, "conv2": 1.2}}'
BLUE, ORANGE = "#0072B2", "#D55E00"


def difference(searches, band, seed=0):
    """Walk through the differences of programs whose mistakes are not named.

    The programs are called A, B, C and so on, in an order that the seed draws, and tell
    their mistake when they are asked to.

    Args:
        searches: dict from a mistake's name to a dict from a place (a layer, the loss,
            a gradient) to its relative difference from the right program, in the order
            in which one looks; the same places for each, 1 to 8 mistakes.
        band: number above 0; a difference above it is more than rounding.
        seed: whole number.

    Returns:
        An `ipywidgets.VBox` with `controls`, `picture`, `text` and `alert`.

    Raises:
        TypeError: a dict or a number is something else.
        ValueError: too many, or places that differ, or differences below 0.
    """
    searches = checks.mapping("searches", searches, ADVICE)
    band = checks.number("band", band, above=0)
    seed = checks.whole("seed", seed, least=0)
    places, table = None, {}
    for name, found in searches.items():
        found = checks.mapping(f"the search of {name}", found, ADVICE)
        places = places or list(found)
        values = checks.numbers(f"the search of {name}", [*found.values()], "(places,)")
        if list(found) != places or values.min() < 0 or len(places) > MOST_PLACES:
            raise ValueError(
                f"each search must have the same {len(places)} places, at most "
                f"{MOST_PLACES}, and no difference below 0, got {list(found)} for "
                f"{name}: {ADVICE}"
            )
        table[name] = values
    if len(table) > MOST_PROGRAMS:
        raise ValueError(
            f"searches must hold at most {MOST_PROGRAMS} mistakes, got {len(table)}: "
            "choose"
        )
    order = np.random.default_rng(seed).permutation(list(table))
    programs = dict(zip("ABCDEFGH", order, strict=False))
    controls = {
        "walk": widgets.IntSlider(0, 0, len(places), description="walk"),
        "program": choice("program", list(programs), "A"),
        "tell": widgets.Checkbox(False, description="tell the mistake", indent=False),
    }
    draw = _drawing(places, band)

    def update(name):
        if name == "program":
            controls["walk"].value, controls["tell"].value = 0, False
        letter = controls["program"].value
        values = table[programs[letter]][: controls["walk"].value]
        outside = np.flatnonzero(values > band)
        words = f"<b>Program {letter}</b>: "
        words += _words(places, values, outside)
        if controls["tell"].value:
            words += f"<br>Its mistake: <b>{programs[letter]}</b>."
        return draw(letter, values, outside), words

    side = [controls["program"], controls["tell"]]
    return panel(controls, update, [controls["walk"]], side)


def _words(places, values, outside):
    """Say in words and numbers what the picture shows."""
    if not len(values):
        return f"nothing is compared yet. Walk on: {places[0]} comes first."
    last = len(values) - 1
    words = f"{last + 1} of {len(places)} places are compared. "
    words += f"{places[last]} differs by {values[last]:.1e}. "
    if not len(outside):
        return words + "So far all differences are rounding."
    first = outside[0]
    words += f"<b>{places[first]} is the first outside the band</b>, by "
    words += f"{values[first]:.1e}. "
    before = places[first - 1] if first else "the input"
    return words + f"The mistake sits between {before} and {places[first]}."


def _drawing(places, band):
    """Draw what stands still; return `draw(letter, values, outside)`: a PNG."""
    figure = Figure(figsize=(7.4, 3.5), dpi=100, layout="none")
    axis = figure.add_axes((0.1, 0.27, 0.88, 0.63))
    axis.axhspan(FLOOR, band, color="0.9")
    axis.text(len(places) - 0.6, band / 3, "rounding", ha="right", va="top", fontsize=9)
    axis.set(yscale="log", ylim=(FLOOR, TOP), xlim=(-0.6, len(places) - 0.4))
    axis.set(xticks=range(len(places)), ylabel="relative difference")
    axis.set_xticklabels(places, rotation=60, ha="right", rotation_mode="anchor")
    axis.tick_params(labelsize=9)
    axis.grid(False)
    (line,) = axis.plot([], [], "o-", color=BLUE, markersize=5)
    (first,) = axis.plot([], [], "o", color=ORANGE, markersize=11, fillstyle="none")
    first.set_markeredgewidth(2.5)
    label = axis.text(0, 0, "", ha="center", va="bottom", fontsize=10, color=ORANGE)
    paint = painter(figure, [line, first, label, axis.title])

    def draw(letter, values, outside):
        heights = np.clip(values, 2 * FLOOR, TOP / 10)
        line.set_data(range(len(values)), heights)
        at = outside[:1]
        first.set_data(at, heights[at])
        label.set_text("first outside" if len(at) else "")
        if len(at):
            label.set_position((max(1.0, at[0]), 3 * heights[at[0]]))
        axis.set_title(f"program {letter} against the right one", fontsize=10)
        return paint()

    return draw
