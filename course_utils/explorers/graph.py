"""What a session runs of a graph, for one fetch and for what is fed."""

import html
import re

import ipywidgets as widgets
from matplotlib.figure import Figure

from course_utils import checks
from course_utils.explorers._panel import choice, painter, panel

BLUE = {"facecolor": "#D3E7F5", "edgecolor": "#0072B2", "linewidth": 2, "ls": "-"}
RED = {"facecolor": "white", "edgecolor": "#D55E00", "linewidth": 2, "ls": "--"}
YELLOW = {"facecolor": "#F7E3B5", "edgecolor": "#B97A00", "linewidth": 2, "ls": "-"}
GREY = {"facecolor": "white", "edgecolor": "0.7", "linewidth": 1, "ls": "-"}
LOOKS = {"missing": RED, "runs": BLUE, "needed": BLUE, "fed": YELLOW}
LOOKS |= dict.fromkeys(("fed, not used", "cut off", "not needed"), GREY)


def graph(session, needed, fetches, feeds):
    """Choose a fetch and what is fed; see which operations the session runs.

    The learner's function says what is needed. Each move runs the learner's session,
    whose trace says what ran. (A session may compute ahead what constants alone give.)

    Args:
        session: a `tf.compat.v1.Session`.
        needed: function called as `needed(inputs, fetch, fed)` with a dict from each
            operation's name to the names of those it waits for, a name, and a tuple of
            names; it returns the list of the names that must run.
        fetches: list of tensors and operations of the session's graph. What they and
            the feeds need is drawn, in at most 7 columns and 5 rows.
        feeds: dict from tensors of that graph to values.

    Returns:
        An `ipywidgets.VBox` with `controls`, `picture`, `text` and `alert`.

    Raises:
        TypeError, ValueError: an argument, or what needed returns, does not fit.
    """
    import tensorflow.compat.v1 as v1  # the learner's lesson has loaded it

    if not isinstance(session, v1.Session):
        raise TypeError(f"session must be a v1.Session, got {session!r:.30}: pass one")
    checks.takes("needed", needed, "inputs", "fetch", "fed")
    checks.mapping("feeds", feeds, "pass {tensor: value}")
    fetches = checks.mapping("fetches", _named("fetches", session, fetches), "add one")
    feeds = {n: (t, feeds[t]) for n, t in _named("feeds", session, feeds).items()}
    operations, inputs = session.graph.get_operations(), {}
    placeholders = {op.name for op in operations if op.type == "Placeholder"}
    for op in operations:
        before = [*(tensor.op for tensor in op.inputs), *op.control_inputs]
        inputs[op.name] = [other.name for other in before]
    draw, drawn = _drawing(inputs, [*fetches, *feeds])
    controls = {"fetch": choice("fetch", list(fetches), [*fetches][-1])}
    for name, (_, value) in feeds.items():
        look = {"description": f"feed {name} = {value!s:.20}", "indent": False}
        controls[f"feed {name}"] = widgets.Checkbox(name in placeholders, **look)

    def update(name):
        fetch = controls["fetch"].value
        fed = tuple(n for n in feeds if controls[f"feed {n}"].value)
        names, unfed = (needed(inputs, fetch, these) for these in (fed, ()))
        if not isinstance(names, list) or not {*names} <= {*inputs}:
            raise TypeError(f"needed must return names, got {names!r:.40}: return them")
        feed, trace = dict(feeds[n] for n in fed), v1.RunMetadata()
        try:
            watched = v1.RunOptions(trace_level=v1.RunOptions.SOFTWARE_TRACE)
            result = f"{session.run(fetches[fetch], feed, watched, trace)!s:.99}"
            ran = {*re.findall(r'node_name: "(.+)"', str(trace))} & {*inputs}
        except v1.errors.OpError as error:
            line = re.findall(r"(.+)\n\s*\[\[", error.message + "\n[[")[0]
            result, ran = f"{type(error).__name__} - {line}", None
        groups = {"cut off": unfed, "needed" if ran is None else "runs": names}
        groups |= {"missing": placeholders.intersection(names), "fed, not used": fed}
        groups["fed"] = {fetch}.union(*(inputs[n] for n in names)).intersection(fed)
        states = dict.fromkeys(drawn, "not needed")
        for state, these in groups.items():  # the last that fits is the one
            states |= dict.fromkeys(states.keys() & these, state)
        return draw(fetch, states, names), _words(fetch, states, names, result, ran)

    return panel(controls, update, [controls["fetch"]], [*controls.values()][1:])


def _named(argument, session, things):
    """Return tensors and operations of the graph by their operations' names."""
    try:
        found = {session.graph.as_graph_element(thing): thing for thing in things}
    except (TypeError, ValueError, KeyError) as error:
        raise ValueError(
            f"{argument} must be in the session's graph, got others ({error}): mend it"
        ) from None
    return {getattr(element, "op", element).name: t for element, t in found.items()}


def _words(fetch, states, names, result, ran):
    """Say in words and numbers what the picture shows."""
    outcome = f"No value for {fetch}" if ran is None else f"{fetch} was fetched"
    words = f"<b>{outcome}</b>: {html.escape(result)}<br>"
    for state in LOOKS:
        these = ", ".join(n for n in states if states[n] == state)
        words += f"{state.capitalize()}: {these}. " if these else ""
    words += f"<br>Your function names {len(names)} of {len(states)} operations"
    if ran is not None:
        others = f"; <b>the session ran others</b>: {', '.join(sorted(ran)) or 'none'}"
        words += ", and the session ran the same" if ran == {*names} else others
    return words + "."


def _drawing(inputs, ends):
    """Lay out what the ends need; return `draw`, which gives a PNG, and the names."""
    left = dict.fromkeys(ends, 0)  # columns from the right
    for name in reversed(inputs):  # TensorFlow lists an operation after its inputs
        for before in inputs[name] if name in left else ():
            left[before] = max(left.get(before, 0), left[name] + 1)
    places, taken = {}, []
    for name in sorted(left, key=lambda n: (not inputs[n], -left[n])):
        places[name] = max(left.values()) - left[name], taken.count(left[name])
        taken.append(left[name])
    columns, rows = (1 + max(at) for at in zip(*places.values(), strict=True))
    if columns > 7 or rows > 5:
        size = f"{columns} columns and {rows} rows"
        raise ValueError(f"fetches must fit 7 columns, 5 rows, got {size}: drop some")
    figure = Figure(figsize=(7.4, 0.4 + 0.8 * rows), dpi=100, layout="none")
    axis = figure.add_axes((0, 0, 1, 1), frame_on=False, xticks=[], yticks=[])
    axis.set(xlim=(-0.5, columns - 0.5), ylim=(rows - 0.4, -0.7))
    wide = 0.2 + 0.03 * columns  # half a box: arrows to fixed boxes are drawn faster
    look = {"ha": "center", "va": "center", "size": 9.5 if columns < 6 else 8}
    texts, boxes, arrows = {}, {}, {}
    for name, (x, y) in places.items():
        texts[name] = axis.text(x, y, "", linespacing=1.4, **look)
        boxes[name] = axis.bar(x, 0.72, 2 * wide, y - 0.36)[0]
        for before in inputs[name]:
            x2, y2 = places[before]
            bend = -0.12 * columns / (x - x2 - 2 * wide) if x - x2 > 1 else 0
            way = {"arrowstyle": "-|>", "connectionstyle": f"arc3,rad={bend}"}
            ends = (x - wide, y), (x2 + wide, y2)
            arrows[before, name] = axis.annotate("", *ends, arrowprops=way)
    paint = painter(figure, [*arrows.values(), *boxes.values(), *texts.values()])

    def draw(fetch, states, names):
        for name, state in states.items():
            short = name if len(name) < 15 else "/\n".join(name.rsplit("/", 1))
            texts[name].set_text(f"{short}\n{state}" + "\nfetched" * (name == fetch))
            boxes[name].set(**LOOKS[state])
        for (before, name), arrow in arrows.items():
            arrow.arrow_patch.set(**(LOOKS[states[before]] if name in names else GREY))
        return paint()

    return draw, sorted(places, key=places.get)
