"""Answers written from the task's text alone, without a look at the check."""

import math
import re

import numpy as np
import tensorflow as tf
from networks import untrained


# operations_to_run
def _run_stack(inputs, fetch, fed):
    waiting, run = [fetch], set()
    while waiting:
        name = waiting.pop()
        if name not in fed and name not in run:
            run.add(name)
            waiting.extend(inputs[name])
    return sorted(run)


def _run_recursive(inputs, fetch, fed):
    if fetch in fed:
        return []
    run = {fetch}
    for name in inputs[fetch]:
        run |= set(_run_recursive(inputs, name, fed))
    return sorted(run)


def _run_grows(inputs, fetch, fed):
    run = [] if fetch in fed else [fetch]
    for name in run:
        run += [i for i in inputs[name] if i not in fed and i not in run]
    return sorted(dict.fromkeys(run))


def _run_fixpoint(inputs, fetch, fed):
    graph = {name: [] if name in fed else list(inputs[name]) for name in inputs}
    reached, before = {fetch}, None
    while reached != before:
        before = set(reached)
        reached |= {i for name in before for i in graph[name]}
    return tuple(sorted(reached - set(fed)))


def _run(
    inputs,
    fetch,
    fed,
    stop=lambda name, fed: name in fed,
    needs=lambda inputs, name: inputs[name],
    answer=lambda run, fetch, fed: sorted(run),
):
    waiting, run = [fetch], set()
    while waiting:
        name = waiting.pop()
        if not stop(name, fed) and name not in run:
            run.add(name)
            waiting.extend(needs(inputs, name))
    return answer(run, fetch, fed)


def _run_slip(**options):
    return lambda inputs, fetch, fed: _run(inputs, fetch, fed, **options)


def _run_direct(inputs, fetch, fed):
    return sorted([fetch] + [name for name in inputs[fetch] if name not in fed])


def _run_two_levels(inputs, fetch, fed):
    run = {fetch}
    for name in inputs[fetch]:
        run.add(name)
        run.update(inputs[name])
    return sorted(run - set(fed))


def _run_duplicates(inputs, fetch, fed):
    if fetch in fed:
        return []
    run = [fetch]
    for name in inputs[fetch]:
        run += _run_duplicates(inputs, name, fed)
    return sorted(run)


def _run_no_base(inputs, fetch, fed):
    run = {fetch}
    for name in inputs[fetch]:
        if name not in fed:
            run |= set(_run_no_base(inputs, name, fed))
    return sorted(run)


def _run_fed_included(inputs, fetch, fed):
    waiting, run = [fetch], set()
    while waiting:
        name = waiting.pop()
        run.add(name)
        if name not in fed:
            waiting.extend(inputs[name])
    return sorted(run)


def _run_in_place(inputs, fetch, fed):
    for name in fed:
        inputs[name] = []
    run = _run(inputs, fetch, ())
    return [name for name in run if name not in fed]


def _run_deletes(inputs, fetch, fed):
    for name in fed:
        del inputs[name]
    return _run(inputs, fetch, fed)


def _run_consumers(inputs, fetch, fed):
    waiting, run = [fetch], set()
    while waiting:
        name = waiting.pop()
        if name not in run and name not in fed:
            run.add(name)
            waiting.extend(n for n, needs in inputs.items() if name in needs)
    return sorted(run)


def _run_prints(inputs, fetch, fed):
    print(_run(inputs, fetch, fed))


def _run_until_fed(inputs, fetch, fed):
    waiting, run = [fetch], set()
    while waiting:
        name = waiting.pop()
        if name in fed:
            break
        run.add(name)
        waiting.extend(inputs[name])
    return sorted(run)


def _run_returns_early(inputs, fetch, fed):
    if fetch in fed:
        return []
    run = [fetch]
    for name in inputs[fetch]:
        return sorted(run + _run_returns_early(inputs, name, fed))
    return run


# checkpoint_numbers
def _numbers_loop(shapes):
    total = 3
    for shape in shapes:
        size = 1
        for length in shape:
            size *= length
        total += 3 * size
    return total


def _numbers_arrays(shapes):
    return sum(np.zeros(shape).size for shape in [*shapes * 3, (3,)])


def _sizes(shapes):
    return sum(math.prod(shape) for shape in shapes)


def _numbers_prints(shapes):
    print(3 * _sizes(shapes) + 3)


def _numbers_pops(shapes):
    total = 3
    while shapes:
        total += 3 * math.prod(shapes.pop())
    return total


def _numbers_early(shapes):
    total = 3
    for shape in shapes:
        total += 3 * math.prod(shape)
        return total


def _numbers_pairs(shapes):
    total = 3
    for shape in shapes:
        total += 3 * shape[0] * shape[1]
    return total


def _numbers_reset(shapes):
    for shape in shapes:
        total = 3
        total += 3 * math.prod(shape)
    return total


# newest_checkpoint
def _newest_regex(files):
    best, newest = (-2, ""), ""
    for name in files:
        if not name.endswith(".index"):
            continue
        prefix = name[: -len(".index")]
        if prefix + ".data-00000-of-00001" not in files:
            continue
        found = re.search(r"-(\d+)$", prefix)
        key = (int(found.group(1)) if found else -1, prefix)
        if key[0] > best[0]:
            best, newest = key, prefix
    return newest


def _newest_sets(files):
    index = {f[:-6] for f in files if f[-6:] == ".index"}
    numbers = {f.rsplit(".data", 1)[0] for f in files if ".data-" in f}

    def step(prefix):
        _, _, last = prefix.rpartition("-")
        return int(last) if last.isdigit() and "-" in prefix else -1

    return sorted(["", *index & numbers], key=lambda p: step(p) if p else -2)[-1]


def _complete(files):
    prefixes = [f.removesuffix(".index") for f in files if f.endswith(".index")]
    return [p for p in prefixes if f"{p}.data-00000-of-00001" in files]


def _step(prefix):
    last = prefix.split("-")[-1]
    return int(last) if last.isdigit() else -1


def _newest_loop(files):
    newest, highest = "", -2
    for prefix in _complete(files):
        if _step(prefix) > highest:
            newest, highest = prefix, _step(prefix)
    return newest


def _newest_sorted(files):
    done = _complete(files)
    done.sort(key=_step, reverse=True)
    return done[0] if done else ""


def _newest_planted(files):
    return max(_complete(files), default="")


def _newest_int(files):
    return max(_complete(files), key=lambda p: int(p.split("-")[1]), default="")


def _newest_int_all(files):
    steps = [int(p.split("-")[-1]) for p in _complete(files)]
    return f"model-{max(steps)}" if steps else ""


def _newest_index_only(files):
    prefixes = [f.removesuffix(".index") for f in files if f.endswith(".index")]
    return max(prefixes, key=_step, default="")


def _newest_data_only(files):
    end = ".data-00000-of-00001"
    prefixes = [f.removesuffix(end) for f in files if f.endswith(end)]
    return max(prefixes, key=_step, default="")


def _newest_with_ending(files):
    newest = _newest_loop(files)
    return newest + ".index"


def _newest_no_default(files):
    return max(_complete(files), key=_step)


def _newest_none(files):
    return max(_complete(files), key=_step, default=None)


def _newest_number(files):
    return max((_step(p) for p in _complete(files)), default="")


def _newest_last(files):
    done = _complete(files)
    return done[-1] if done else ""


def _newest_length(files):
    return max(_complete(files), key=len, default="")


def _newest_length_and_name(files):
    return max(_complete(files), key=lambda p: (len(p), p), default="")


def _newest_first_dot(files):
    seen = [f.split(".")[0] for f in files]
    twice = [p for p in seen if seen.count(p) >= 2]
    return max(twice, key=_step, default="")


def _newest_starts_with(files):
    prefixes = [f.removesuffix(".index") for f in files if f.endswith(".index")]
    done = [p for p in prefixes if any(f.startswith(p) and ".data" in f for f in files)]
    return max(done, key=_step, default="")


def _newest_early_first(files):
    def step(prefix):
        last = prefix.split("-")[-1]
        return int(last) if last.isdigit() else 10**9

    return max(_complete(files), key=step, default="")


def _newest_skips_early(files):
    done = [p for p in _complete(files) if "-" in p]
    return max(done, key=_step, default="")


def _newest_oldest(files):
    return min(_complete(files), key=_step, default="")


def _newest_newest_only(files):
    prefixes = [f.removesuffix(".index") for f in files if f.endswith(".index")]
    newest = max(prefixes, key=_step, default="")
    return newest if f"{newest}.data-00000-of-00001" in files else ""


def _newest_prints(files):
    print(_newest_loop(files))


def _newest_all_digits(files):
    def step(prefix):
        digits = re.sub(r"\D", "", prefix)
        return int(digits) if digits else -1

    return max(_complete(files), key=step, default="")


def _newest_list(files):
    return sorted(_complete(files), key=_step)[-1:]


def _newest_strips(files):
    prefixes = [f.rstrip(".index") for f in files if f.endswith(".index")]
    done = [p for p in prefixes if f"{p}.data-00000-of-00001" in files]
    return max(done, key=_step, default="")


def _newest_early_as_zero(files):
    newest, highest = "", 0
    for prefix in _complete(files):
        if max(_step(prefix), 0) >= highest:
            newest, highest = prefix, max(_step(prefix), 0)
    return newest


def _newest_last_digit(files):
    def step(prefix):
        return int(prefix[-1]) if prefix[-1].isdigit() else -1

    return max(_complete(files), key=step, default="")


# across
def _across_graph_function(batches):
    v1 = tf.compat.v1
    graph = tf.Graph()
    with graph.as_default():
        w = v1.get_variable("w", (784, 10), use_resource=True)

    def logits(images):
        with graph.as_default():
            return tf.reshape(tf.cast(images, tf.float32), (-1, 784)) @ w

    return logits, [w]


def _across_arrays(batches):
    logits, variables = untrained(batches)
    return logits, [v.numpy() for v in variables]


RIGHT = {
    "operations_to_run": [_run_stack, _run_recursive, _run_grows, _run_fixpoint],
    "checkpoint_numbers": [
        _numbers_loop,
        _numbers_arrays,
        lambda shapes: 3 * (1 + sum(int(np.prod(shape)) for shape in shapes)),
        lambda shapes: sum(3 * math.prod(shape) for shape in shapes) + 3,
    ],
    "newest_checkpoint": [_newest_regex, _newest_sets, _newest_loop, _newest_sorted],
}
WRONG = {
    "operations_to_run": [
        _run_direct,
        _run_two_levels,
        _run_duplicates,
        _run_no_base,
        _run_fed_included,
        _run_in_place,
        _run_deletes,
        _run_consumers,
        _run_prints,
        _run_until_fed,
        _run_returns_early,
        _run_slip(stop=lambda name, fed: False),
        _run_slip(
            stop=lambda name, fed: False,
            answer=lambda run, fetch, fed: sorted(run - set(fed)),
        ),
        _run_slip(stop=lambda name, fed: name == fed),
        _run_slip(answer=lambda run, fetch, fed: run),
        _run_slip(answer=lambda run, fetch, fed: sorted(run - {fetch})),
        _run_slip(answer=lambda run, fetch, fed: sorted(run, reverse=True)),
        _run_slip(answer=lambda run, fetch, fed: len(run)),
        _run_slip(answer=lambda run, fetch, fed: sorted(run) or [fetch]),
        _run_slip(answer=lambda run, fetch, fed: " ".join(sorted(run))),
        _run_slip(needs=lambda inputs, name: inputs[name][:1]),
        _run_slip(needs=lambda inputs, name: inputs[name][-1:]),
        lambda inputs, fetch, fed: sorted(inputs),
        lambda inputs, fetch, fed: sorted(name for name in inputs if name not in fed),
        lambda inputs, fetch, fed: sorted(inputs[fetch]),
    ],
    "checkpoint_numbers": [
        _numbers_prints,
        _numbers_pops,
        _numbers_early,
        _numbers_pairs,
        _numbers_reset,
        lambda shapes: _sizes(shapes),
        lambda shapes: 3 * _sizes(shapes),
        lambda shapes: 3 * _sizes(shapes) + 1,
        lambda shapes: 3 * _sizes(shapes) + 2,
        lambda shapes: 2 * _sizes(shapes) + 3,
        lambda shapes: _sizes(shapes) + 3,
        lambda shapes: _sizes(shapes) + 1,
        lambda shapes: 3 * len(shapes) + 3,
        lambda shapes: 3 * sum(sum(shape) for shape in shapes) + 3,
        lambda shapes: 3 * (_sizes(shapes) + 3),
        lambda shapes: 4 * (3 * _sizes(shapes) + 3),
        lambda shapes: 3 * _sizes(shapes) + 3 * len(shapes),
        lambda shapes: 3 * math.prod(math.prod(shape) for shape in shapes) + 3,
        lambda shapes: [3 * math.prod(shape) + 3 for shape in shapes],
        lambda shapes: sum(3 * math.prod(shape) + 3 for shape in shapes),
        lambda shapes: 2 * _sizes(shapes) + 1,
        lambda shapes: 3 * _sizes(shapes) + 4,
        lambda shapes: 3 * np.prod(shapes) + 3,
    ],
    "newest_checkpoint": [
        _newest_planted,
        _newest_int,
        _newest_int_all,
        _newest_index_only,
        _newest_data_only,
        _newest_with_ending,
        _newest_no_default,
        _newest_none,
        _newest_number,
        _newest_last,
        _newest_length,
        _newest_length_and_name,
        _newest_first_dot,
        _newest_starts_with,
        _newest_early_first,
        _newest_skips_early,
        _newest_oldest,
        _newest_newest_only,
        _newest_prints,
        _newest_all_digits,
        _newest_list,
        _newest_strips,
        _newest_last_digit,
        _newest_early_as_zero,
    ],
    "across": [_across_graph_function, _across_arrays],
}
