"""What the explorers share: the panel with its controls, its picture and its text.

An explorer is a function that returns a `Panel`, an `ipywidgets.VBox` with four
attributes: `controls` (a dict from name to widget), `picture` (an `ipywidgets.Image`),
`text` (an `ipywidgets.HTML` that says in words and numbers what the picture shows) and
`alert` (another, which says what did not work).

- A change of any control calls `update(name)`; what update itself sets calls nothing.
- An exception, the learner's or ours, is written above the picture and raised again:
  the learner reads it where they look, a test meets it where it sets the control.
  There is no Output widget, because Output swallows exceptions. What the learner's
  function prints is written below the text.
- Everything has a name and a state for a screen reader; `_panel.js` adds what
  ipywidgets leaves out. The picture's description is the text.
- The picture gives way: beside its controls it shrinks before it wraps below them.
  What plays and moves comes first on the way of the Tab key.
- A figure is drawn once. A change draws only the artists that move, over the rest.
- A cell that is run again frees the explorer that it made before.
"""

import contextlib
import html
import io
from pathlib import Path

import anywidget
import ipywidgets as widgets
import numpy as np
from IPython import get_ipython
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.image import imsave

from course_utils import plots  # noqa: F401  gives the figures the course's look

MOST_PRINTED = 2000  # characters of what a learner's function prints
_made = {}  # from a cell's identity to (its execution count, its panels)


def number(value, digits=2, powers=False):
    """Write a number short: no trailing zeros, no -0, a minus sign for a hyphen.

    With powers, what is very large or very small is written in powers of ten.
    """
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    if powers and value and not 1e-3 <= abs(value) < 1e5:
        text = f"{value:.2e}"
    return "0" if text == "-0" else text.replace("-", "\N{MINUS SIGN}")


def softmax(logits):
    """Return the probabilities of logits, (..., classes) -> (..., classes)."""
    powers = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def escaped(names):
    """Return the learner's names as texts in which HTML finds no markup."""
    return [html.escape(str(name)) for name in names]


def blank(height):
    """Return a figure for an explorer, as wide as all, with a height in inches."""
    return Figure(figsize=(7.4, height), dpi=100, layout="none")


def painter(figure, moving):
    """Return `paint()`, which gives the figure as a PNG.

    All but the moving artists is drawn at once and kept as pixels, because savefig
    spends most of its time on axes and ticks.
    """
    for artist in moving:
        artist.set_animated(True)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    still = canvas.copy_from_bbox(figure.bbox)

    def paint():
        canvas.restore_region(still)
        for artist in moving:
            figure.draw_artist(artist)
        file = io.BytesIO()
        imsave(file, canvas.buffer_rgba(), pil_kwargs={"compress_level": 1})
        return file.getvalue()

    return paint


def tiled(maps, columns=8, gap=1):
    """Return maps (count, height, width) in rows as one array, with nan between."""
    ends = (0, -len(maps) % columns), (0, gap), (0, gap)
    maps = np.pad(maps, ends, constant_values=np.nan)
    rows = [np.hstack(maps[k : k + columns]) for k in range(0, len(maps), columns)]
    return np.vstack(rows)


class _Names(anywidget.AnyWidget):
    """Names the parts of the explorer around it, for those who do not see it."""

    _esm = Path(__file__).with_name("_panel.js")
    # In the dark theme a button that is on differs from the others by a shade of grey.
    _css = """.course-explorer .jupyter-button.mod-active {
        box-shadow: inset 0 -3px var(--jp-brand-color1, #1976d2) }"""


class Panel(widgets.VBox):
    """An explorer: its controls, its picture, and the text that explains it.

    Attributes:
        controls: dict from name to widget.
        picture: the `ipywidgets.Image`.
        text: the `ipywidgets.HTML` below it.
        alert: the `ipywidgets.HTML` above it, empty where all went well.
    """

    def __repr__(self):
        """Return what a notebook shows that is opened without a kernel."""
        return "Run this cell to see the explorer: it needs a running kernel."


def panel(controls, update, top, side):
    """Lay out an explorer; each control then calls `update(name) -> png, text`.

    Args:
        controls: dict from name to widget.
        update: function of the name of the control that changed (None at the start).
        top: list of the widgets above the picture.
        side: list of the widgets beside the picture; where there are none, the picture
            takes their room.

    Returns:
        A `Panel`.
    """
    picture = widgets.Image(format="png", layout={"max_width": "100%"})
    text, alert = widgets.HTML(), widgets.HTML()
    names = {id(control): name for name, control in controls.items()}
    busy, words = False, ""

    def observer(change):
        nonlocal busy, words
        if busy:  # update itself moved this control
            return
        busy, printed, trouble = True, io.StringIO(), ""
        try:
            with contextlib.redirect_stdout(printed):
                picture.value, said = update(names.get(id(change["owner"])))
            words = f'<div aria-live="polite" style="line-height: 1.5">{said}</div>'
        except Exception as error:
            trouble = html.escape(f"{type(error).__name__}: {error}")
            trouble = (
                f'<div role="alert"><b>This did not work.</b> {trouble}<br>'
                "Picture and text show what worked last.</div>"
            )
            raise
        finally:
            alert.value = trouble
            text.value = words + _printed(printed.getvalue())
            busy = False

    observer({"owner": None})
    for control in controls.values():
        if not isinstance(control, widgets.Play):  # it moves its slider, which calls
            control.observe(observer, "value")
    side = widgets.VBox(side, layout={"width": "310px"})
    top = widgets.HBox(top, layout={"flex_flow": "row wrap"})
    gives_way = {"flex": "1 1 520px", "max_width": "750px", "min_width": "0"}
    main = widgets.VBox([top, alert, picture, text], layout=gives_way)
    # Reversed, so that the controls stand at the left and come second for the Tab key.
    reversed_row = {"flex_flow": "row-reverse wrap", "justify_content": "flex-end"}
    row = widgets.HBox([main, side] if side.children else [main], layout=reversed_row)
    made = Panel([row, _Names(layout={"display": "none"})])
    made.add_class("course-explorer")
    made.controls, made.picture, made.text, made.alert = controls, picture, text, alert
    _free_what_it_replaces(made)
    return made


def _printed(words):
    """Return what the learner's function printed, as the end of the text."""
    if not words.strip():
        return ""
    if len(words) > MOST_PRINTED:
        words = words[:MOST_PRINTED] + " ..."
    return f"<div>Printed by your function:<pre>{html.escape(words)}</pre></div>"


def _free_what_it_replaces(made):
    """Free the explorers that an earlier run of the same cell has made.

    The front end shows them no more, but ipywidgets keeps every widget, and with it
    the figure, until it is closed.
    """
    shell = get_ipython()
    if not hasattr(shell, "kernel"):
        return
    request = shell.kernel.get_parent() or {}
    metadata, content = (request.get(part, {}) for part in ("metadata", "content"))
    # JupyterLab names the cell; elsewhere its source has to do.
    cell = metadata.get("cellId") or content.get("code")
    count, panels = _made.get(cell, (None, []))
    if count != shell.execution_count:
        for panel in panels:
            free(panel)
        panels = []
    _made[cell] = shell.execution_count, [*panels, made]


def free(made):
    """Close all widgets of a panel and forget its figure; it shows nothing any more."""
    for widget in list(_all_widgets(made)):
        widget.unobserve_all()
        widget.close()
    made.controls, made.picture, made.text, made.alert = {}, None, None, None


def _all_widgets(widget):
    """Yield a widget and everything that it holds, layouts and styles included."""
    yield widget
    for value in [getattr(widget, name) for name in widget.keys]:
        for held in value if isinstance(value, list | tuple) else [value]:
            if isinstance(held, widgets.Widget):
                yield from _all_widgets(held)


def choice(description, options, value):
    """Make a row of buttons, one of which is on.

    Not a Dropdown: while one has the focus, JupyterLab takes its arrow keys and letters
    for commands of the notebook.
    """
    look = {"style": {"button_width": "140px"}, "layout": {"width": "300px"}}
    look["description"] = description
    return widgets.ToggleButtons(options=options, value=value, **look)


def player(slider, interval):
    """Make the buttons that play a slider; the two always stand at the same value.

    Args:
        slider: the `ipywidgets.IntSlider`.
        interval: milliseconds from one value to the next.

    Returns:
        An `ipywidgets.Play`.
    """
    play = widgets.Play(interval=interval)
    for trait in ("max", "value"):
        widgets.link((slider, trait), (play, trait))
    return play


def set_tooltip(widget, words):
    name = "tooltip" if hasattr(widget, "tooltip") else "description_tooltip"
    setattr(widget, name, words)  # ipywidgets 8 and 7 call it differently
