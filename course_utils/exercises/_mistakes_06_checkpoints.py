"""Wrong answers that learners give in lesson 06 about checkpoints."""

import math

import numpy as np

from course_utils.exercises import Mistake


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
    Mistake(
        "matrices-only",
        lambda shapes: 3 * sum(s[0] * s[1] for s in shapes) + 3,
        "Not every shape has two sides: a bias has one, a kernel four, a single "
        "number none.",
    ),
    Mistake(
        "lost-layer",
        lambda shapes: 3 * math.prod(shapes[-1]) + 3,
        "Only the last shape is counted: the sum begins anew at each turn of the loop.",
    ),
    Mistake(
        "counters-for-each",
        lambda shapes: 3 * (_sizes(shapes) + 3),
        "The single numbers are counted three times. They belong to no parameter.",
    ),
    Mistake(
        "product-of-all",
        lambda shapes: 3 * math.prod(map(math.prod, shapes)) + 3,
        "The sizes of the variables are multiplied. Within a shape you multiply, over "
        "the shapes you add.",
    ),
    Mistake(
        "no-reduction",
        lambda shapes: [3 * math.prod(shape) + 3 for shape in shapes],
        "There is a number for each shape. Asked for is one, and the single numbers "
        "are saved once.",
    ),
    Mistake(
        "one-slot",
        lambda shapes: 2 * _sizes(shapes) + 1,
        "Two numbers are counted for each parameter, and one single number. In the "
        "list of *Save and restore*, which entries belong to `conv1/w`, and which "
        "have the shape `[]`?",
    ),
    Mistake(
        "off-by-one",
        lambda shapes: 3 * _sizes(shapes) + 4,
        "Single numbers counted: 4. How many entries of the list in *Save and "
        "restore* have the shape `[]`?",
    ),
    Mistake(
        "unequal-shapes",
        lambda shapes: 3 * np.prod(shapes) + 3,
        "NumPy would make one table of all shapes, and they have different lengths. "
        "Multiply within each shape by itself.",
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
    Mistake(
        "no-step",
        lambda files: f"model-{int(_newest(_both(files)).split('-')[-1])}",
        "Not every prefix is `model-` and a number: `early` has none, and another "
        "name may stand before it. Return the prefix as it came.",
    ),
    Mistake(
        "file-for-prefix",
        lambda files: _newest(_both(files)) + ".index",
        "This is the name of a file. A prefix has no ending, and where nothing is "
        "complete, it is empty.",
    ),
    Mistake(
        "text-for-number",
        lambda files: _newest(_both(files), len),
        "The longest name is taken. A name can be long and old: compare the steps.",
    ),
    Mistake(
        "text-for-number",
        lambda files: _newest(_both(files), lambda p: (len(p), p)),
        "The length of a name is compared first. A name can be long and old, such as "
        "one without a step.",
    ),
    Mistake(
        "beginning-for-name",
        lambda files: _newest(
            [
                p
                for p in _index(files)
                if any(f.startswith(p) and ".data" in f for f in files)
            ]
        ),
        "One name can begin another: `m-20` begins `m-200.data-00000-of-00001`.",
    ),
    Mistake(
        "no-step",
        lambda files: _newest(
            _both(files), lambda p: _step(p) if _step(p) >= 0 else 10**9
        ),
        "A checkpoint without a step counts as the newest here. It is older than all "
        "that have one.",
    ),
    Mistake(
        "first-number",
        lambda files: _newest(
            _both(files), lambda p: int("".join(filter(str.isdigit, p)) or -1)
        ),
        "All digits of a name are taken for its step. What is the step of `lenet5`?",
    ),
    Mistake(
        "list-for-one",
        lambda files: [_newest(_both(files))] if _both(files) else [],
        "This is a list. Asked for is the prefix itself, a text.",
    ),
    Mistake(
        "last-digit",
        lambda files: _newest(
            _both(files), lambda p: int(p[-1]) if p[-1].isdigit() else -1
        ),
        "Only the last digit is looked at. A step can have several.",
    ),
]
