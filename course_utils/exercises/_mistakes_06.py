"""Wrong answers that learners give in lesson 06, and what points at their cause."""

import functools
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


def _level_by_level(inputs, fetch, fed):
    names = [] if fetch in fed else [fetch]
    for name in names:
        names += [n for n in inputs[name] if n not in fed and n not in names]
    return names


def _with_repeats(inputs, fetch, fed):
    if fetch in fed:
        return []
    names = [fetch]
    for name in inputs[fetch]:
        names += _with_repeats(inputs, name, fed)
    return sorted(names)


def _two_steps_back(inputs, fetch, fed):
    names = {fetch} - set(fed)
    for _ in range(2):
        names |= {n for name in names for n in inputs[name]} - set(fed)
    return sorted(names)


def _first_inputs(inputs, fetch, fed):
    if fetch in fed:
        return []
    for name in inputs[fetch]:
        return sorted([fetch, *_first_inputs(inputs, name, fed)])
    return [fetch]


def _until_a_feed(end, inputs, fetch, fed):
    """Stop the whole walk at a feed, taking names from one end of the list."""
    names, waiting = set(), [fetch]
    while waiting and waiting[end] not in fed:
        name = waiting.pop(end)
        names.add(name)
        waiting.extend(n for n in inputs[name] if n not in names)
    return sorted(names)


def _nothing_behind_a_feed(inputs, fetch, fed):
    names = _run(inputs, fetch, ())
    return [] if names & set(fed) else sorted(names)


OPERATIONS_TO_RUN = [
    Mistake(
        "fed-runs-too",
        lambda *graph: sorted(_run(*graph, with_fed=True)),
        "A fed operation is in the list. Its value was handed in, so it does not run.",
    ),
    Mistake(
        "fed-taken-out-late",
        lambda i, f, fed: sorted(_run(i, f, fed, stop_at_fed=False) - set(fed)),
        "The fed operations are taken out at the end. What only they need runs here, "
        "and need not: do not walk on behind a feed.",
    ),
    Mistake(
        "ignored-argument",
        lambda i, f, fed: sorted(_run(i, f, ())),
        "The feeds have no effect: everything behind the fetch runs.",
    ),
    Mistake(
        "fetch-forgotten",
        lambda i, f, fed: sorted(_run(i, f, fed) - {f}),
        "The fetch itself is missing. It runs as well, last of all.",
    ),
    Mistake(
        "one-step-back",
        lambda i, f, fed: sorted({f, *i[f]} - set(fed)) if f not in fed else [],
        "Only the fetch and its own inputs are listed. Their inputs must run too.",
    ),
    Mistake(
        "one-step-back",
        _two_steps_back,
        "Two steps are walked back. Nobody knows beforehand how long the way is.",
    ),
    Mistake(
        "return-in-loop",
        _first_inputs,
        "Only the first input is followed. Is there a return inside the loop?",
    ),
    *(
        Mistake(
            "break-for-continue",
            function,
            "At the first feed the whole walk ends. Other names are still waiting.",
        )
        for function in (
            functools.partial(_until_a_feed, -1),
            functools.partial(_until_a_feed, 0),
            _nothing_behind_a_feed,
        )
    ),
    Mistake(
        "shared-inputs-lost",
        lambda i, f, fed: sorted(
            _run(i, f, ()).difference(*(_run(i, name, ()) for name in fed))
        ),
        "All that lies behind a feed is taken out. Some of it may be needed on another"
        " way too, and then it runs.",
    ),
    Mistake(
        "leaves-forgotten",
        lambda i, f, fed: sorted(name for name in _run(i, f, fed) if i[name]),
        "Operations without inputs are missing. They run as well.",
    ),
    Mistake(
        "fed-fetch-runs",
        lambda i, f, fed: sorted(_run(i, f, set(fed) - {f})),
        "If the fetch itself is fed, nothing has to run.",
    ),
    Mistake(
        "none-for-empty",
        lambda i, f, fed: None if f in fed else sorted(_run(i, f, fed)),
        "Where the fetch itself is fed, this gives nothing. A list is asked for.",
    ),
    *(
        Mistake("not-sorted", f, "The names are right; they are to stand from a to z.")
        for f in (
            _in_order,
            _level_by_level,
            lambda *graph: sorted(_run(*graph), reverse=True),
        )
    ),
    Mistake(
        "sort-gives-none",
        lambda *graph: _in_order(*graph).sort(),
        "Nothing comes back. Is a return missing, or is `names.sort()` returned?",
    ),
    Mistake(
        "double-entries",
        _with_repeats,
        "Some name stands twice: an operation with two readers runs once.",
    ),
    Mistake(
        "whole-graph",
        lambda i, f, fed: sorted(set(i) - set(fed)),
        "Everything that is not fed is listed. What does the fetch need of it?",
    ),
    Mistake(
        "wrong-direction",
        lambda i, f, fed: sorted(name for name, before in i.items() if f in before),
        "These operations read the fetch. The session walks the other way.",
    ),
    Mistake(
        "set-for-list",
        _run,
        "The names are right, but this is a set. A sorted list is asked for.",
    ),
    Mistake(
        "changed-argument",
        lambda i, f, fed: (sorted(_run(i, f, fed)), i.pop(f, None))[0],
        "The names are right, but the graph that was given has lost entries.",
    ),
]


def _sizes(shapes):
    return sum(map(math.prod, shapes))


CHECKPOINT_NUMBERS = [
    *(
        Mistake(
            "weights-alone",
            lambda shapes, more=more: _sizes(shapes) + more,
            "The network's own numbers are there. What does Adam keep beside each?",
        )
        for more in (0, 1, 3)
    ),
    Mistake(
        "one-slot",
        lambda shapes: 2 * _sizes(shapes) + 3,
        "Two numbers are counted for each parameter. In the list of *Save and "
        "restore*, how many entries belong to `conv1/w`?",
    ),
    Mistake(
        "forgotten-counters",
        lambda shapes: 3 * _sizes(shapes),
        "The entries of shape `[]` in the list of *Save and restore* are missing.",
    ),
    *(
        Mistake(
            "off-by-one",
            lambda shapes, more=more: 3 * _sizes(shapes) + more,
            f"Single numbers counted: {more}. How many entries of the list in *Save "
            "and restore* have the shape `[]`?",
        )
        for more in (1, 2)
    ),
    Mistake(
        "counters-for-each",
        lambda shapes: 3 * _sizes(shapes) + 3 * len(shapes),
        "The single numbers are counted for each variable. They are saved once.",
    ),
    Mistake(
        "slots-without-network",
        lambda shapes: 2 * _sizes(shapes),
        "Only Adam's slots are counted. The parameters themselves are saved too.",
    ),
    Mistake(
        "four-times",
        lambda shapes: 4 * _sizes(shapes) + 3,
        "The gradients are no variables: each step computes them anew.",
    ),
    Mistake(
        "return-in-loop",
        lambda shapes: 3 * math.prod(shapes[0]) + 3,
        "Only the first shape is counted. Is there a return inside the loop?",
    ),
    Mistake(
        "entries-for-numbers",
        lambda shapes: 3 * len(shapes) + 3,
        "This counts the entries. Each entry has as many numbers as its shape says.",
    ),
    Mistake(
        "axes-for-numbers",
        lambda shapes: 3 * sum(map(len, shapes)) + 3,
        "This counts the axes. How many numbers fill an array with these sides?",
    ),
    Mistake(
        "sum-for-product",
        lambda shapes: 3 * sum(map(sum, shapes)) + 3,
        "The sides of a shape are added up. How many numbers has a 2x3 matrix?",
    ),
    Mistake(
        "empty-shape",
        lambda shapes: 3 * sum(math.prod(s) if s else 0 for s in shapes) + 3,
        "A variable of shape `()` holds one number, not none.",
    ),
    Mistake(
        "matrices-only",
        lambda shapes: 3 * sum(math.prod(s) for s in shapes if len(s) > 1) + 3,
        "The biases are missing: shapes with one axis count as well.",
    ),
    Mistake(
        "bytes-for-numbers",
        lambda shapes: 4 * (3 * _sizes(shapes) + 3),
        "These are bytes. Asked for is how many numbers there are.",
    ),
    Mistake(
        "changed-argument",
        lambda shapes: 3 * sum(math.prod(shapes.pop()) for _ in [*shapes]) + 3,
        "The number is right, but the list of shapes is empty afterwards.",
    ),
]


_DATA = ".data-00000-of-00001"


def _prefixes(files, ending):
    return [file[: -len(ending)] for file in files if file.endswith(ending)]


def _index(files):
    return _prefixes(files, ".index")


def _data(files):
    return _prefixes(files, _DATA)


def _both(files):
    return [p for p in _index(files) if p + _DATA in files]


def _step(prefix):
    last = prefix.rpartition("-")[2]
    return int(last) if last.isdigit() else -1


def _newest(prefixes, step=_step, default=""):
    return max(prefixes, key=step, default=default)


def _counted(files):
    """Take a prefix for complete when two files have its name."""
    stems = [file.partition(".")[0] for file in files]
    return _newest([stem for stem in stems if stems.count(stem) > 1])


def _stripped(files):
    names = [file.rstrip(".index") for file in files if file.endswith(".index")]
    return _newest([name for name in names if name + _DATA in files])


NEWEST_CHECKPOINT = [
    *(
        Mistake(
            "text-for-number",
            lambda files, key=key: _newest(_both(files), key),
            "The steps are compared as texts, and as texts 9 comes after 10.",
        )
        for key in (str, lambda prefix: prefix.rpartition("-")[2])
    ),
    *(
        Mistake(
            "half-a-checkpoint",
            lambda files, one=one: _newest(one(files)),
            "One of the two files is enough here. What if its partner is missing?",
        )
        for one in (_index, _data, lambda files: _index(files) + _data(files))
    ),
    Mistake(
        "half-a-checkpoint",
        lambda files: _newest(_prefixes(files, ".meta") or _both(files)),
        "The graph in `.meta` holds no numbers. Index and data are what restores.",
    ),
    Mistake(
        "meta-needed",
        lambda files: _newest([p for p in _both(files) if p + ".meta" in files]),
        "A `.meta` is asked for as well. The numbers can be restored without it.",
    ),
    Mistake(
        "counted-files",
        _counted,
        "Two files of that name are there. But which two?",
    ),
    Mistake(
        "newest-alone",
        lambda files: (
            newest if (newest := _newest(_index(files))) in _both(files) else ""
        ),
        "Only the newest index is looked at. An older one may be complete.",
    ),
    Mistake(
        "beginning-for-name",
        lambda files: _newest(
            [p for p in _index(files) if sum(f.startswith(p) for f in files) > 1]
        ),
        "One name can begin another: `m-1` begins `m-10.index`.",
    ),
    Mistake(
        "ending-for-name",
        lambda files: _newest(
            [p for p in _index(files) if p + _DATA in " ".join(files)]
        ),
        "One name can end another: `lenet-200` ends with `net-200`.",
    ),
    Mistake(
        "letters-for-ending",
        _stripped,
        "`rstrip` takes away letters, no ending: `single.index` becomes `singl`.",
    ),
    Mistake(
        "first-number",
        lambda files: _newest(
            _both(files), lambda p: int(p.split("-")[1]) if "-" in p else -1
        ),
        "The first number of a name need not be the step: what is it in `lenet-5-860`?",
    ),
    Mistake(
        "start-from-zero",
        lambda files: _newest([p for p in _both(files) if _step(p) > 0]),
        "The search begins at 0, so step 0 and names without a step are never taken.",
    ),
    Mistake(
        "first-for-newest",
        lambda files: min(_both(files), key=_step, default=""),
        "This is the oldest complete checkpoint.",
    ),
    *(
        Mistake(
            "order-of-files",
            lambda files, end=end: (_both(files) or [""])[end],
            f"The {word} name in the list need not be the newest: compare the steps.",
        )
        for end, word in ((-1, "last"), (0, "first"))
    ),
    *(
        Mistake(
            "file-for-prefix",
            lambda files, end=end: p + end if (p := _newest(_both(files))) else "",
            "This is the name of a file. A prefix has no ending.",
        )
        for end in (".index", _DATA)
    ),
    Mistake(
        "step-for-prefix",
        lambda files: max(map(_step, _both(files)), default=""),
        "This is the step. Asked for is the prefix, with its name.",
    ),
    Mistake(
        "none-for-empty",
        lambda files: _newest(_both(files), default=None),
        "Where nothing is complete, an empty text is asked for.",
    ),
    Mistake(
        "none-for-empty",
        lambda files: max(_both(files), key=_step),
        "`max` of nothing raises an error. An empty text is asked for.",
    ),
    *(
        Mistake(
            "no-step",
            lambda files, at=at: _newest(_both(files), lambda p: int(p.split("-")[at])),
            "Not every prefix ends in a number: a checkpoint saved without "
            "`global_step`, such as `early`, has none.",
        )
        for at in (-1, 1)
    ),
    Mistake(
        "no-step",
        lambda files: _newest([p for p in _both(files) if _step(p) >= 0]),
        "Without a step, a checkpoint is never taken, even where it is the only one.",
    ),
    Mistake(
        "no-step",
        lambda files: _newest(_both(files), lambda p: max(_step(p), 0)),
        "Without a step, a prefix counts as step 0. Another may truly have step 0.",
    ),
]
