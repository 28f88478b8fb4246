"""Wrong answers that learners give in lesson 06, and what points at their cause."""

import math

from course_utils.exercises import Mistake


def _run(inputs, fetch, fed, seen=None, stop_at_fed=True, with_fed=False):
    """Walk back from the fetch in one of several ways."""
    seen = set() if seen is None else seen
    if fetch in fed and stop_at_fed:
        return seen | {fetch} if with_fed else seen
    seen = seen | {fetch}
    for name in inputs[fetch]:
        if name not in seen:
            seen = _run(inputs, name, fed, seen, stop_at_fed, with_fed)
    return seen


def _in_order(inputs, fetch, fed):
    if fetch in fed:
        return []
    names = [fetch]
    for name in inputs[fetch]:
        names += [n for n in _in_order(inputs, name, fed) if n not in names]
    return names


def _with_repeats(inputs, fetch, fed):
    if fetch in fed:
        return []
    names = [fetch]
    for name in inputs[fetch]:
        names += _with_repeats(inputs, name, fed)
    return sorted(names)


OPERATIONS_TO_RUN = [
    Mistake(
        "fed-runs-too",
        lambda inputs, fetch, fed: sorted(_run(inputs, fetch, fed, with_fed=True)),
        "A fed operation is in the list. Its value was handed in, so it does not run.",
    ),
    Mistake(
        "fed-taken-out-late",
        lambda inputs, fetch, fed: sorted(
            _run(inputs, fetch, fed, stop_at_fed=False) - set(fed)
        ),
        "The fed operations are taken out at the end. What only they need runs here, "
        "and need not: do not walk on behind a feed.",
    ),
    Mistake(
        "ignored-argument",
        lambda inputs, fetch, fed: sorted(_run(inputs, fetch, ())),
        "The feeds have no effect: everything behind the fetch runs.",
    ),
    Mistake(
        "fetch-forgotten",
        lambda inputs, fetch, fed: sorted(_run(inputs, fetch, fed) - {fetch}),
        "The fetch itself is missing. It runs as well, last of all.",
    ),
    Mistake(
        "one-step-back",
        lambda inputs, fetch, fed: (
            sorted({fetch, *inputs[fetch]} - set(fed)) if fetch not in fed else []
        ),
        "Only the fetch and its own inputs are listed. Their inputs must run too, and"
        " so on.",
    ),
    Mistake(
        "fed-fetch-runs",
        lambda inputs, fetch, fed: sorted(_run(inputs, fetch, set(fed) - {fetch})),
        "If the fetch itself is fed, nothing has to run.",
    ),
    Mistake("not-sorted", _in_order, "The names are right; the list is to be sorted."),
    Mistake(
        "double-entries",
        _with_repeats,
        "Some name stands twice: an operation with two readers runs once.",
    ),
    Mistake(
        "whole-graph",
        lambda inputs, fetch, fed: sorted(set(inputs) - set(fed)),
        "Everything that is not fed is listed. A session runs only what the fetch "
        "needs.",
    ),
    Mistake(
        "wrong-direction",
        lambda inputs, fetch, fed: sorted(
            name for name, before in inputs.items() if fetch in before
        ),
        "These operations read the fetch. The session walks the other way, to what "
        "the fetch reads.",
    ),
    Mistake(
        "set-for-list",
        lambda inputs, fetch, fed: _run(inputs, fetch, fed),
        "The names are right, but this is a set. A sorted list is asked for.",
    ),
    Mistake(
        "changed-argument",
        lambda inputs, fetch, fed: (
            sorted(_run(inputs, fetch, fed)),
            inputs.pop(fetch, None),
        )[0],
        "The names are right, but the function takes entries out of the graph that it"
        " was given.",
    ),
]


def _sizes(shapes):
    return sum(math.prod(shape) for shape in shapes)


CHECKPOINT_NUMBERS = [
    Mistake(
        "weights-alone",
        lambda shapes: _sizes(shapes),
        "These are the network's own numbers. What does Adam keep beside each of them?",
    ),
    Mistake(
        "one-slot",
        lambda shapes: 2 * _sizes(shapes) + 3,
        "Adam keeps two numbers beside each parameter: the mean of its gradient, and "
        "that of its square.",
    ),
    Mistake(
        "forgotten-counters",
        lambda shapes: 3 * _sizes(shapes),
        "The entries of shape `[]` are missing. Look for them in the list of *Save "
        "and restore*.",
    ),
    Mistake(
        "off-by-one",
        lambda shapes: 3 * _sizes(shapes) + 1,
        "`global_step` is there. Two more numbers belong to Adam's correction at the "
        "start.",
    ),
    Mistake(
        "off-by-one",
        lambda shapes: 3 * _sizes(shapes) + 2,
        "Adam's two powers are there. One more number says how many steps were made.",
    ),
    Mistake(
        "slots-without-network",
        lambda shapes: 2 * _sizes(shapes) + 3 if not shapes else 2 * _sizes(shapes),
        "Only Adam's slots are counted. The parameters themselves are saved too.",
    ),
    Mistake(
        "four-times",
        lambda shapes: 4 * _sizes(shapes) + 3,
        "The gradients are no variables: they are computed anew at each step and not "
        "saved.",
    ),
    Mistake(
        "entries-for-numbers",
        lambda shapes: 3 * len(shapes) + 3,
        "This counts the entries. Each entry has as many numbers as its shape says.",
    ),
    Mistake(
        "sum-for-product",
        lambda shapes: 3 * sum(sum(shape) for shape in shapes) + 3,
        "The sides of a shape are added up. An array has as many numbers as their "
        "product.",
    ),
    Mistake(
        "empty-shape",
        lambda shapes: (
            3 * sum(math.prod(shape) if shape else 0 for shape in shapes) + 3
        ),
        "A variable of shape `()` holds one number, not none.",
    ),
    Mistake(
        "matrices-only",
        lambda shapes: (
            3 * sum(math.prod(shape) for shape in shapes if len(shape) > 1) + 3
        ),
        "The biases are missing: shapes with one axis count as well.",
    ),
    Mistake(
        "bytes-for-numbers",
        lambda shapes: 4 * (3 * _sizes(shapes) + 3),
        "These are bytes. Asked for is how many numbers there are.",
    ),
]


_DATA = ".data-00000-of-00001"


def _prefixes(files, ending):
    return [file[: -len(ending)] for file in files if file.endswith(ending)]


def _step(prefix):
    last = prefix.rpartition("-")[2]
    return int(last) if last.isdigit() else -1


def _both(files):
    return [p for p in _prefixes(files, ".index") if p + _DATA in files]


def _any_file_beside(files):
    """Take a prefix for complete when some other file begins with it."""
    names = _prefixes(files, ".index")
    full = [p for p in names if sum(file.startswith(p) for file in files) > 1]
    return max(full, key=_step, default="")


NEWEST_CHECKPOINT = [
    Mistake(
        "text-for-number",
        lambda files: max(_both(files), default=""),
        "The steps are compared as texts, and as texts 9 comes after 10.",
    ),
    Mistake(
        "half-a-checkpoint",
        lambda files: max(_prefixes(files, ".index"), key=_step, default=""),
        "Only the index was looked for. Without the data nothing can be restored.",
    ),
    Mistake(
        "half-a-checkpoint",
        lambda files: max(_prefixes(files, _DATA), key=_step, default=""),
        "Only the data was looked for. Without the index nobody knows where each "
        "variable lies.",
    ),
    Mistake(
        "half-a-checkpoint",
        lambda files: max(
            _prefixes(files, ".meta") or _both(files), key=_step, default=""
        ),
        "The graph in `.meta` holds no numbers. Index and data are what restores.",
    ),
    Mistake(
        "beginning-for-name",
        _any_file_beside,
        "One name can begin another: `m-1` begins `m-10.index`. Ask for the full name"
        " of the data.",
    ),
    Mistake(
        "first-for-newest",
        lambda files: min(_both(files), key=_step, default=""),
        "This is the oldest complete checkpoint.",
    ),
    Mistake(
        "order-of-files",
        lambda files: (_both(files) or [""])[-1],
        "The last name in the list need not be the newest: compare the steps.",
    ),
    Mistake(
        "order-of-files",
        lambda files: (_both(files) or [""])[0],
        "The first name in the list need not be the newest: compare the steps.",
    ),
    Mistake(
        "file-for-prefix",
        lambda files: (
            max(_both(files), key=_step, default="") + ".index" if _both(files) else ""
        ),
        "This is the name of a file. A prefix has no ending.",
    ),
    Mistake(
        "step-for-prefix",
        lambda files: max(map(_step, _both(files)), default=""),
        "This is the step. Asked for is the prefix, with its name.",
    ),
    Mistake(
        "none-for-empty",
        lambda files: max(_both(files), key=_step, default=None),
        "Where nothing is complete, an empty text is asked for.",
    ),
    Mistake(
        "none-for-empty",
        lambda files: max(_both(files), key=_step),
        "`max` of nothing raises an error. Where nothing is complete, an empty text "
        "is asked for.",
    ),
    Mistake(
        "no-step",
        lambda files: max(
            _both(files), key=lambda p: int(p.rpartition("-")[2]), default=""
        ),
        "Not every prefix ends in a number: a checkpoint saved without `global_step`,"
        " such as `early`, has none.",
    ),
]
