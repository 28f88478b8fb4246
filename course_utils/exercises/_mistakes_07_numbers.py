"""Wrong answers that learners give in lesson 07 about order and time."""

import math

from course_utils.exercises import Mistake


def _maps(dense1):
    return dense1.reshape(-1, 16, 5, 5)  # (out, channels, height, width)


FROM_TORCH = [
    Mistake(
        "transpose-only",
        lambda dense1: dense1.T,
        "The outputs stand last, as they must. But the 400 still stand in the order "
        "channels, height, width.",
    ),
    Mistake(
        "reshape-for-transpose",
        lambda dense1: dense1.reshape(400, -1),
        "`reshape` moves no number: it cuts the same row of numbers in other places.",
    ),
    Mistake(
        "forgotten-transpose",
        lambda dense1: _maps(dense1).transpose(0, 2, 3, 1).reshape(-1, 400),
        "The 400 are in the right order. The outputs still stand first; our matrices "
        "are (in, out).",
    ),
    Mistake(
        "wrong-order",
        lambda dense1: _maps(dense1).transpose(3, 2, 1, 0).reshape(400, -1),
        "Height and width are exchanged.",
    ),
    Mistake(
        "wrong-order",
        lambda dense1: (
            dense1.T.reshape(5, 5, 16, -1).transpose(2, 0, 1, 3).reshape(400, -1)
        ),
        "This is the way back: it makes PyTorch's order out of ours.",
    ),
    Mistake(
        "unflattened",
        lambda dense1: _maps(dense1).transpose(2, 3, 1, 0),
        "The axes are in the right order. Height, width and channels are still to be "
        "joined to 400.",
    ),
    Mistake(
        "flipped-kernel",
        lambda dense1: (
            _maps(dense1)[:, :, ::-1, ::-1].transpose(2, 3, 1, 0).reshape(400, -1)
        ),
        "The maps are upside down and mirrored. Nothing has to be flipped between the"
        " two libraries.",
    ),
    Mistake(
        "forgotten-transpose",
        lambda dense1: _maps(dense1).transpose(0, 2, 3, 1).reshape(400, -1),
        "The outputs still stand first, and the last `reshape` does not turn the "
        "table: it cuts the numbers in other places.",
    ),
    Mistake(
        "forgotten-transpose",
        lambda dense1: (
            dense1.reshape(16, 5, 5, -1).transpose(1, 2, 0, 3).reshape(400, -1)
        ),
        "The array is cut as if the outputs stood last. In PyTorch they stand first.",
    ),
    Mistake(
        "wrong-order",
        lambda dense1: _maps(dense1).transpose(2, 1, 3, 0).reshape(400, -1),
        "The channels stand between height and width. Our order ends with them.",
    ),
    Mistake(
        "forgotten-transpose",
        lambda dense1: _maps(dense1).transpose(2, 3, 1, 0).reshape(-1, 400),
        "The axes are in the right order, and then joined to (out, 400). Our matrices "
        "are (in, out).",
    ),
    Mistake(
        "unflattened",
        lambda dense1: dense1.T.reshape(16, 5, 5, -1),
        "The 400 are taken apart, in PyTorch's order still. The axes are to change "
        "places, and then to be joined.",
    ),
    Mistake(
        "no-step",
        lambda dense1: dense1,
        "The weights come back as they came: (out, in), channels first.",
    ),
    Mistake(
        "axes-not-there",
        lambda dense1: dense1.transpose(2, 3, 1, 0),
        "The array has two axes, and four are named. Take the 400 apart first.",
    ),
]


def _gain(fast_step, slow_step):
    return slow_step - fast_step


def _first(trace, fast_step, slow_step):
    return math.floor(trace / _gain(fast_step, slow_step)) + 1


BREAK_EVEN = [
    Mistake(
        "off-by-one",
        lambda trace, fast, slow: (
            0 if fast >= slow else math.ceil(trace / _gain(fast, slow))
        ),
        "Where the gains add up to exactly `trace`, both have taken the same time, "
        "and nobody is ahead yet. One step more is needed.",
    ),
    Mistake(
        "floor-for-ceiling",
        lambda trace, fast, slow: 0 if fast >= slow else int(trace / _gain(fast, slow)),
        "After that many steps the gains have not yet made up for the tracing.",
    ),
    Mistake(
        "fraction",
        lambda trace, fast, slow: 0 if fast >= slow else trace / _gain(fast, slow),
        "A number of steps is whole: the first after which the second way has taken "
        "less.",
    ),
    Mistake(
        "rounding",
        lambda trace, fast, slow: (
            0 if fast >= slow else round(trace / _gain(fast, slow))
        ),
        "Rounded to the nearest. Ask after how many steps the second way has really "
        "taken less.",
    ),
    Mistake(
        "never-faster",
        lambda trace, fast, slow: math.floor(trace / _gain(fast, slow)) + 1,
        "If a step is no faster, there is nothing to gain: with equal steps this "
        "divides by 0, with slower ones it gives a number without meaning.",
    ),
    Mistake(
        "equal-steps",
        lambda trace, fast, slow: (
            0 if fast > slow else math.floor(trace / _gain(fast, slow)) + 1
        ),
        "With equal steps nothing is gained either, and the division is by 0.",
    ),
    Mistake(
        "ignored-argument",
        lambda trace, fast, slow: 0 if fast >= slow else int(trace // slow) + 1,
        "The graph's own steps take time as well. What does each step gain?",
    ),
    Mistake(
        "ignored-argument",
        lambda trace, fast, slow: 0 if fast >= slow else int(trace // fast) + 1,
        "This asks how many fast steps fit into the tracing. What does each step gain"
        " against the slow ones?",
    ),
    Mistake(
        "wrong-sign",
        lambda trace, fast, slow: (
            0 if fast <= slow else int(trace // -_gain(fast, slow)) + 1
        ),
        "The two ways are exchanged: the graph pays when its steps are the faster "
        "ones.",
    ),
    Mistake(
        "none-for-zero",
        lambda trace, fast, slow: (
            None if fast >= slow else int(trace // _gain(fast, slow)) + 1
        ),
        "Where it never pays, 0 is asked for; this gives nothing.",
    ),
    Mistake(
        "seconds-for-steps",
        lambda trace, fast, slow: (
            0 if fast >= slow else (int(trace // _gain(fast, slow)) + 1) * slow
        ),
        "These are seconds. Asked for is a number of steps.",
    ),
    Mistake(
        "never-faster",
        lambda trace, fast, slow: (
            0 if fast == slow else math.floor(trace / _gain(fast, slow)) + 1
        ),
        "Equal steps are thought of, slower ones are not: where each step loses, the "
        "number has no meaning.",
    ),
    Mistake(
        "never-faster",
        lambda trace, fast, slow: trace / _gain(fast, slow),
        "If a step is no faster, there is nothing to gain. And a number of steps is "
        "whole.",
    ),
    Mistake(
        "never-faster",
        lambda trace, fast, slow: max(0, math.ceil(trace / _gain(fast, slow))),
        "With equal steps this divides by 0. Ask first whether there is anything to "
        "gain.",
    ),
    Mistake(
        "never-faster",
        lambda trace, fast, slow: -1 if fast >= slow else _first(trace, fast, slow),
        "Where it never pays, 0 is asked for; this gives -1.",
    ),
    Mistake(
        "off-by-one",
        lambda trace, fast, slow: (
            0 if fast >= slow else max(1, math.ceil(trace / _gain(fast, slow)))
        ),
        "The search ends where both have taken the same time. Asked for is the first "
        "number after which the second has taken less.",
    ),
    Mistake(
        "off-by-one",
        lambda trace, fast, slow: (
            0 if fast >= slow else math.ceil(trace / _gain(fast, slow)) + 1
        ),
        "One too many where the gains do not add up to exactly `trace`: rounded up, "
        "they are already more.",
    ),
    Mistake(
        "free-first-step",
        lambda trace, fast, slow: (
            0 if fast >= slow else math.floor((trace - fast) / _gain(fast, slow)) + 1
        ),
        "The first step is thought of as part of the tracing. It takes `fast_step` "
        "seconds after it.",
    ),
    Mistake(
        "fixed-size",
        lambda trace, fast, slow: (
            n if fast < slow and (n := _first(trace, fast, slow)) <= 1000 else 0
        ),
        "The search gives up too early. It can take many thousand steps: is there a "
        "way without counting?",
    ),
    Mistake(
        "one-step",
        lambda trace, fast, slow: int(trace + fast < slow),
        "Only one step is compared. The gains of many steps add up.",
    ),
    Mistake(
        "one-step",
        lambda trace, fast, slow: (
            0 if trace > slow or fast >= slow else _first(trace, fast, slow)
        ),
        "Tracing may take longer than one step and pay all the same: the gains add up.",
    ),
    Mistake(
        "wrong-sign",
        lambda trace, fast, slow: (
            0 if fast >= slow else math.floor(-trace / _gain(fast, slow)) + 1
        ),
        "The difference is negative. What does each step gain: the slow one minus the "
        "fast one, or the other way round?",
    ),
    Mistake(
        "sum-for-difference",
        lambda trace, fast, slow: (
            0 if fast >= slow else math.floor(trace / (slow + fast)) + 1
        ),
        "The times of the two steps are added. What one gains over the other is the "
        "difference.",
    ),
]
