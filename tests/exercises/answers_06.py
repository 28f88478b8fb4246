"""Answers to the exercises of lesson 06 that learners give, right and wrong."""

import math
import re

import keras
import numpy as np
import tensorflow as tf
from networks import flat

DATA = ".data-00000-of-00001"


def _recursive(inputs, fetch, fed):
    if fetch in fed:
        return []
    names = {fetch}
    for name in inputs[fetch]:
        names |= set(_recursive(inputs, name, fed))
    return sorted(names)


def _queue(inputs, fetch, fed):
    queue, done = [fetch], []
    while queue:
        name = queue.pop(0)
        if name in fed or name in done:
            continue
        done.append(name)
        queue += inputs[name]
    done.sort()
    return done


def _until_nothing_new(inputs, fetch, fed):
    names = {fetch} - set(fed)
    while True:
        more = names | {n for name in names for n in inputs[name]} - set(fed)
        if more == names:
            return sorted(names)
        names = more


def _inner(inputs, fetch, fed):
    seen = set()

    def visit(name):
        if name in fed or name in seen:
            return
        seen.add(name)
        for other in inputs[name]:
            visit(other)

    visit(fetch)
    return sorted(seen)


def _late(inputs, fetch, fed):
    return sorted(set(_recursive(inputs, fetch, ())) - set(fed))


def _late_loop(inputs, fetch, fed):
    return [name for name in _recursive(inputs, fetch, ()) if name not in fed]


def _fed_too(inputs, fetch, fed):
    names = {fetch}
    if fetch not in fed:
        for name in inputs[fetch]:
            names |= set(_fed_too(inputs, name, fed))
    return sorted(names)


def _repeats(inputs, fetch, fed):
    if fetch in fed:
        return []
    names = [fetch]
    for name in inputs[fetch]:
        names.extend(_repeats(inputs, name, fed))
    return sorted(names)


def _unsorted(inputs, fetch, fed):
    names = []

    def visit(name):
        if name not in fed and name not in names:
            names.append(name)
            for other in inputs[name]:
                visit(other)

    visit(fetch)
    return names


def _pops_inputs(inputs, fetch, fed):
    names = _recursive(inputs, fetch, fed)
    inputs.pop(fetch)
    return names


def _two_rounds(inputs, fetch, fed):
    names = {fetch} - set(fed)
    for _ in range(2):
        for name in list(names):
            names.update(n for n in inputs[name] if n not in fed)
    return sorted(names)


def _three_rounds(inputs, fetch, fed):
    near = names = {fetch} - set(fed)
    for _ in range(3):
        near = {n for name in near for n in inputs[name]} - set(fed)
        names = names | near
    return sorted(names)


def _returns_early(inputs, fetch, fed):
    if fetch in fed:
        return []
    for name in inputs[fetch]:
        return sorted([fetch] + _returns_early(inputs, name, fed))
    return [fetch]


def _breaks(inputs, fetch, fed):
    names, waiting = set(), [fetch]
    while waiting:
        name = waiting.pop()
        if name in fed:
            break
        if name not in names:
            names.add(name)
            waiting.extend(inputs[name])
    return sorted(names)


def _without_all_behind(inputs, fetch, fed):
    names = set(_recursive(inputs, fetch, ()))
    for name in fed:
        names -= set(_recursive(inputs, name, ()))
    return sorted(names)


def _total(shapes):
    return sum(int(np.prod(shape)) for shape in shapes)


def _loop(shapes):
    numbers = 3
    for shape in shapes:
        size = 1
        for side in shape:
            size = size * side
        numbers += 3 * size
    return numbers


def _by_saver(shapes):
    with tf.Graph().as_default():
        v1 = tf.compat.v1
        w = [v1.get_variable(f"v{i}", shape) for i, shape in enumerate(shapes)]
        step = v1.train.get_or_create_global_step()
        loss = tf.add_n([tf.reduce_sum(v) for v in w])
        v1.train.AdamOptimizer().minimize(loss, global_step=step)
        return sum(math.prod(v.shape) for v in v1.global_variables())


def _number(prefix):
    found = re.fullmatch(r".*-(\d+)", prefix)
    return int(found[1]) if found else -1


def _complete(files):
    found = [file[:-6] for file in files if file.endswith(".index")]
    return [prefix for prefix in found if prefix + DATA in files]


def _newest_loop(files):
    newest = ""
    for prefix in _complete(files):
        if newest == "" or _number(prefix) > _number(newest):
            newest = prefix
    return newest


def _newest_sets(files):
    index = {f.removesuffix(".index") for f in files if f.endswith(".index")}
    data = {f.removesuffix(DATA) for f in files if f.endswith(DATA)}
    return max(index & data, key=_number, default="")


def _newest_sorted(files):
    found = sorted(_complete(files), key=_number)
    return found[-1] if found else ""


def _newest_try(files):
    best, prefix = -2, ""
    for name in _complete(files):
        try:
            step = int(name.split("-")[-1])
        except ValueError:
            step = -1
        if step > best:
            best, prefix = step, name
    return prefix


def _startswith(files):
    found = [f[:-6] for f in files if f.endswith(".index")]
    found = [p for p in found if len([f for f in files if f.startswith(p)]) >= 2]
    return max(found, key=_number, default="")


def _zero_at_first(files):
    best, newest = 0, ""
    for prefix in _complete(files):
        if _number(prefix) > best:
            best, newest = _number(prefix), prefix
    return newest


def _first_number(prefix):
    found = re.findall(r"\d+", prefix)
    return int(found[0]) if found else -1


def _digits(prefix):
    return int("".join(c for c in prefix if c.isdigit()) or -1)


def _two_of_a_name(files):
    stems = [file.split(".")[0] for file in files]
    return max([s for s in stems if stems.count(s) >= 2], key=_number, default="")


def _rstrip(files):
    found = [f.rstrip(".index") for f in files if f.endswith(".index")]
    return max([p for p in found if p + DATA in files], key=_number, default="")


def _in_text(files):
    found = [f[:-6] for f in files if f.endswith(".index")]
    return max([p for p in found if p + DATA in str(files)], key=_number, default="")


def _only_newest(files):
    found = [f[:-6] for f in files if f.endswith(".index")]
    newest = max(found, key=_number, default="")
    return newest if newest + DATA in files else ""


def _no_default(files):
    return max(_complete(files), key=_number)


def _by_keras(batches):
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input([28, 28, 1]),
            layers.Conv2D(16, 5, activation="relu"),
            layers.MaxPool2D(2),
            layers.Conv2D(32, 5, activation="relu"),
            layers.MaxPool2D(2),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense(10),
        ]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.001), loss)
    for images, labels in batches:
        model.train_on_batch(images[..., None] / np.float32(255), labels)

    def read(images):
        return model(images[..., None] / np.float32(255))

    return read, model.trainable_variables


def _unrun(batches):
    v1 = tf.compat.v1
    with tf.Graph().as_default():
        w = v1.get_variable("w", [784, 10])

        def read(images):
            x = tf.reshape(tf.cast(images, tf.float32), (-1, 784))
            return x @ w

        return read, [w]


RIGHT = {
    "across": [_by_keras],
    "operations_to_run": [
        _recursive,
        _queue,
        _until_nothing_new,
        _inner,
        lambda inputs, fetch, fed: sorted(_unsorted(inputs, fetch, fed)),
        lambda inputs, fetch, fed: sorted(set(_repeats(inputs, fetch, fed))),
        lambda inputs, fetch, fed: list(np.unique(_recursive(inputs, fetch, fed))),
        lambda inputs, fetch, fed: sorted(dict.fromkeys(_repeats(inputs, fetch, fed))),
    ],
    "checkpoint_numbers": [
        _loop,
        _by_saver,
        lambda shapes: 3 * _total(shapes) + 3,
        lambda shapes: 3 * (_total(shapes) + 1),
        lambda shapes: 3 * sum(math.prod(shape) for shape in shapes) + 3,
        lambda shapes: sum(3 * np.zeros(shape).size for shape in shapes) + 3,
        lambda shapes: 3.0 * _total(shapes) + 3,
        lambda shapes: 3 + sum(math.prod(shape) for shape in 3 * list(shapes)),
    ],
    "newest_checkpoint": [
        _newest_loop,
        _newest_sets,
        _newest_sorted,
        _newest_try,
        lambda files: max(_complete(files), key=_number, default=""),
        lambda files: (sorted(_complete(files), key=_number)[::-1] + [""])[0],
        lambda files: _newest_loop(sorted(files)),
        lambda files: _newest_loop(list(reversed(files))),
    ],
}

WRONG = {
    "across": [
        _unrun,
        lambda batches: flat(400),
        lambda batches: (flat()[0], []),
        lambda batches: (lambda images: tf.nn.softmax(flat()[0](images)), flat()[1]),
        lambda batches: flat()[0],
        lambda batches: flat()[::-1],
    ],
    "operations_to_run": [
        _late,
        _late_loop,
        _fed_too,
        _repeats,
        _unsorted,
        _pops_inputs,
        _two_rounds,
        _three_rounds,
        _returns_early,
        _breaks,
        _without_all_behind,
        lambda inputs, fetch, fed: _unsorted(inputs, fetch, fed).sort(),
        lambda inputs, fetch, fed: [n for n in _inner(inputs, fetch, fed) if inputs[n]],
        lambda inputs, fetch, fed: _inner(inputs, fetch, fed) if fed else [fetch],
        lambda inputs, fetch, fed: (
            _inner(inputs, fetch, fed) if fetch not in fed else None
        ),
        lambda inputs, fetch, fed: _recursive(inputs, fetch, ()),
        lambda inputs, fetch, fed: _queue(inputs, fetch, []),
        lambda inputs, fetch, fed: [
            n for n in _queue(inputs, fetch, fed) if n != fetch
        ],
        lambda inputs, fetch, fed: sorted(set(_inner(inputs, fetch, fed)) - {fetch}),
        lambda inputs, fetch, fed: (
            sorted(n for n in {fetch, *inputs[fetch]} if n not in fed)
            if fetch not in fed
            else []
        ),
        lambda inputs, fetch, fed: _queue(
            inputs, fetch, [f for f in fed if f != fetch]
        ),
        lambda inputs, fetch, fed: sorted(n for n in inputs if n not in fed),
        lambda inputs, fetch, fed: sorted(set(inputs) - set(fed)),
        lambda inputs, fetch, fed: sorted(n for n in inputs if fetch in inputs[n]),
        lambda inputs, fetch, fed: set(_recursive(inputs, fetch, fed)),
        lambda inputs, fetch, fed: sorted(inputs[fetch]),
        lambda inputs, fetch, fed: sorted(_recursive(inputs, fetch, fed), reverse=True),
        lambda inputs, fetch, fed: print(_recursive(inputs, fetch, fed)),
        lambda inputs, fetch, fed: len(_recursive(inputs, fetch, fed)),
        lambda inputs, fetch, fed: sorted(
            n for n in {fetch, *_recursive(inputs, fetch, fed), *fed}
        ),
    ],
    "checkpoint_numbers": [
        lambda shapes: _total(shapes),
        lambda shapes: sum(np.zeros(shape).size for shape in shapes),
        lambda shapes: 2 * _total(shapes) + 3,
        lambda shapes: 3 * _total(shapes),
        lambda shapes: _total(shapes) * 3,
        lambda shapes: 3 * _total(shapes) + 1,
        lambda shapes: 3 * _total(shapes) + 2,
        lambda shapes: 2 * _total(shapes),
        lambda shapes: 4 * _total(shapes) + 3,
        lambda shapes: 3 * len(shapes) + 3,
        lambda shapes: len(shapes) * 3 + 3,
        lambda shapes: 3 * sum(sum(shape) for shape in shapes) + 3,
        lambda shapes: 3 * int(sum(np.sum(shape) for shape in shapes)) + 3,
        lambda shapes: 3 * sum(np.prod(s) if s else 0 for s in shapes) + 3,
        lambda shapes: 3 * sum(math.prod(s) for s in shapes if len(s) >= 2) + 3,
        lambda shapes: 4 * 3 * _total(shapes) + 12,
        lambda shapes: 12 * (_total(shapes) + 1),
        lambda shapes: 3 * _total(shapes) + 3 * len(shapes),
        lambda shapes: 3 * math.prod(shapes[0]) + 3,
        lambda shapes: 655_473,
        lambda shapes: _total(shapes) + 1,
        lambda shapes: 3 * sum(np.size(shape) for shape in shapes) + 3,
        lambda shapes: sum(3 * math.prod(shape) + 3 for shape in shapes),
        lambda shapes: 3 * sum(math.prod(shapes.pop()) for _ in list(shapes)) + 3,
        lambda shapes: sum(map(math.prod, shapes)),
        lambda shapes: print(3 * _total(shapes) + 3),
    ],
    "newest_checkpoint": [
        _startswith,
        _no_default,
        _zero_at_first,
        _two_of_a_name,
        _rstrip,
        _in_text,
        _only_newest,
        lambda files: max(_complete(files), key=_first_number, default=""),
        lambda files: max(_complete(files), key=_digits, default=""),
        lambda files: max(_complete(files), key=lambda p: (len(p), p), default=""),
        lambda files: max(
            _complete(files), key=lambda p: max(_number(p), 0), default=""
        ),
        lambda files: max(
            [p for p in _complete(files) if "-" in p], key=_number, default=""
        ),
        lambda files: _newest_loop(files) + DATA if _newest_loop(files) else "",
        lambda files: max(_complete(files), default=""),
        lambda files: (sorted(_complete(files)) or [""])[-1],
        lambda files: max(
            [f[:-6] for f in files if f.endswith(".index")], key=_number, default=""
        ),
        lambda files: max(
            [f.removesuffix(DATA) for f in files if f.endswith(DATA)],
            key=_number,
            default="",
        ),
        lambda files: min(_complete(files), key=_number, default=""),
        lambda files: (_complete(files) or [""])[-1],
        lambda files: _complete(files)[-1] if _complete(files) else "",
        lambda files: (_complete(files) or [""])[0],
        lambda files: next(iter(_complete(files)), ""),
        lambda files: _newest_loop(files) + ".index" if _newest_loop(files) else "",
        lambda files: max([_number(p) for p in _complete(files)], default=""),
        lambda files: max(_complete(files), key=_number, default=None),
        lambda files: _newest_loop(files) or None,
        lambda files: max(
            _complete(files), key=lambda p: int(p.split("-")[-1]), default=""
        ),
        lambda files: max(
            _complete(files), key=lambda p: int(p.split("-")[1]), default=""
        ),
        lambda files: _newest_loop(files) or False,
        lambda files: _complete(files),
        lambda files: max(
            [f[:-5] for f in files if f.endswith(".meta")] or _complete(files),
            key=_number,
            default="",
        ),
        lambda files: tf.train.latest_checkpoint("."),
    ],
}
