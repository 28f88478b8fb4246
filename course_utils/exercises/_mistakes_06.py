"""Wrong answers that learners give in lesson 06 about what a session runs."""

import functools

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


def _readers(inputs, fetch, fed):
    names, waiting = set(), [fetch]
    while waiting:
        name = waiting.pop()
        if name not in names and name not in fed:
            names.add(name)
            waiting.extend(n for n, before in inputs.items() if name in before)
    return sorted(names)


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
    Mistake(
        "one-step-back",
        lambda i, f, fed: sorted({f, *i[f]} - (set(fed) - {f})),
        "Only the fetch and its own inputs are listed. Their inputs must run too. And "
        "if the fetch itself is fed, nothing has to run.",
    ),
    Mistake(
        "one-step-back",
        lambda i, f, fed: sorted(
            {f, *i[f], *(n for k in i[f] for n in i[k])} - set(fed)
        ),
        "Two steps are walked back. Nobody knows beforehand how long the way is, and "
        "a feed ends it.",
    ),
    Mistake(
        "wrong-direction",
        _readers,
        "The walk goes to the operations that read the fetch. The session walks the "
        "other way.",
    ),
    Mistake(
        "count-for-list",
        lambda i, f, fed: len(_run(i, f, fed)),
        "This says how many they are. Asked for are their names.",
    ),
    Mistake(
        "fed-fetch-runs",
        lambda i, f, fed: sorted(_run(i, f, fed)) or [f],
        "If the fetch itself is fed, nothing has to run.",
    ),
    Mistake(
        "text-for-list",
        lambda i, f, fed: " ".join(sorted(_run(i, f, fed))),
        "The names are joined to one text. A list of them is asked for.",
    ),
    Mistake(
        "one-of-two",
        lambda i, f, fed: sorted(_run({n: b[-1:] for n, b in i.items()}, f, fed)),
        "Only the last input of each operation is followed. All of them are needed.",
    ),
    Mistake(
        "whole-graph",
        lambda i, f, fed: sorted(i),
        "Everything is listed. What does the fetch need of it?",
    ),
    Mistake(
        "one-step-back",
        lambda i, f, fed: sorted(i[f]),
        "These are the inputs of the fetch alone. Their inputs must run too, and the "
        "fetch itself.",
    ),
]
