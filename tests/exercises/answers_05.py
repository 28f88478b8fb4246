"""Answers to the exercises of lesson 05 that learners give, right and wrong."""

import keras
import numpy as np
import tensorflow as tf
from networks import flat


def _forwards(windows):
    width, jump = 1, 1
    for size, stride in windows:
        width += (size - 1) * jump
        jump *= stride
    return width


def _first_and_last(windows):
    first = last = 0
    for size, stride in windows[::-1]:
        first, last = first * stride, last * stride + size - 1
    return last - first + 1


def _recursive(windows):
    if not windows:
        return 1
    *below, (size, stride) = windows
    return _recursive_from(below, size)


def _recursive_from(windows, width):
    if not windows:
        return width
    *below, (size, stride) = windows
    return _recursive_from(below, (width - 1) * stride + size)


def _by_tape(windows):
    n = _forwards(windows) + 8
    x = tf.Variable(tf.zeros([1, n, 1, 1]))
    with tf.GradientTape() as tape:
        y = tf.identity(x)
        for size, stride in windows:
            y = tf.nn.conv2d(y, tf.ones([size, 1, 1, 1]), stride, "VALID")
        answer = y[0, 0, 0, 0]
    return int(np.count_nonzero(tape.gradient(answer, x)))


def _index_loop(windows):
    width = 1
    for i in range(len(windows) - 1, -1, -1):
        width = width * windows[i][1] - windows[i][1] + windows[i][0]
    return width


def _pops(windows):
    width = 1
    while windows:
        size, stride = windows.pop()
        width = (width - 1) * stride + size
    return width


def _walk(windows, rule):
    width = 1
    for size, stride in reversed(windows):
        width = rule(width, size, stride)
    return width


def _up(windows, rule):
    width = 1
    for size, stride in windows:
        width = rule(width, size, stride)
    return width


def _whole_loop(gradients, counts):
    total = np.zeros(gradients.shape[1])
    for row, count in zip(gradients, counts, strict=True):
        total += count * row
    return total / counts.sum()


def _by_repeat(gradients, counts):
    return np.repeat(gradients, counts, axis=0).mean(axis=0)


def _in_place(gradients, counts):
    gradients *= counts[:, None]
    return gradients.sum(axis=0) / counts.sum()


def _stop_while(losses, patience):
    best, epoch = 0, 0
    while epoch < len(losses):
        if losses[epoch] < losses[best]:
            best = epoch
        elif epoch - best >= patience:
            return best + 1, epoch + 1
        epoch += 1
    return best + 1, len(losses)


def _stop_counter(losses, patience):
    lowest, kept, waited = float("inf"), 0, 0
    for number, loss in enumerate(losses, start=1):
        if loss < lowest:
            lowest, kept, waited = loss, number, 0
        else:
            waited += 1
        if waited == patience:
            return kept, number
    return kept, len(losses)


def _stop_slices(losses, patience):
    for n in range(1, len(losses) + 1):
        kept = int(np.argmin(losses[:n])) + 1
        if n - kept == patience:
            return kept, n
    return kept, n


def _stop_list(losses, patience):
    return list(_stop_counter(losses, patience))


def _stop(losses, patience, strict=True, late=0):
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best] or (not strict and loss <= losses[best]):
            best = epoch
        if epoch - best >= patience + late:
            break
    return best + 1, epoch + 1


def _stop_from_one(losses, patience):
    lowest, kept, waited = 1, 1, 0
    for number, loss in enumerate(losses, start=1):
        if loss < lowest:
            lowest, kept, waited = loss, number, 0
        elif number > 1:
            waited += 1
        if waited == patience:
            return kept, number
    return kept, len(losses)


def _stop_last(losses, patience):
    best, waited = 0, 0
    for epoch in range(1, len(losses)):
        waited = 0 if losses[epoch] < losses[epoch - 1] else waited + 1
        best = epoch if losses[epoch] < losses[best] else best
        if waited == patience:
            return best + 1, epoch + 1
    return best + 1, len(losses)


def _stop_all(losses, patience):
    lowest, kept, waited = losses[0], 1, 0
    for number, loss in enumerate(losses[1:], start=2):
        if loss < lowest:
            lowest, kept = loss, number
        else:
            waited += 1
        if waited == patience:
            return kept, number
    return kept, len(losses)


def _stop_no_return(losses, patience):
    best = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best]:
            best = epoch
        if epoch - best == patience:
            return best + 1, epoch + 1


def _by_fit(images, labels):
    keras.utils.set_random_seed(2)
    layers, epochs = keras.layers, 4
    model = keras.Sequential(
        [
            keras.Input([28, 28, 1]),
            layers.Conv2D(10, 3, activation="relu"),
            layers.MaxPool2D(2),
            layers.Conv2D(16, 3, activation="relu"),
            layers.MaxPool2D(2),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(10),
        ]
    )
    rate = keras.optimizers.schedules.CosineDecay(
        0.003, epochs * (len(images) // 64 + 1)
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(rate), loss)
    x = images[..., None] / np.float32(255)
    model.fit(x, labels, batch_size=64, epochs=epochs, verbose=0)

    def read(images):
        return model(images[..., None] / np.float32(255))

    return read, model.trainable_variables


def _stop_as_it_stands(losses, patience):
    """The planted mistake of the notebook's stub."""
    best = 0
    for epoch, loss in enumerate(losses):
        if loss <= losses[best]:
            best = epoch
        if epoch - best == patience:
            break
    return best + 1, epoch + 1


STUBS = {"early_stopping": _stop_as_it_stands}

RIGHT = {
    "half_lenet": [_by_fit],
    "field_width": [
        _forwards,
        _first_and_last,
        _recursive,
        _by_tape,
        _index_loop,
        lambda windows: _walk(windows, lambda w, size, stride: size + stride * (w - 1)),
        lambda windows: (
            1
            + sum(
                (size - 1) * int(np.prod([s for _, s in windows[:i]]))
                for i, (size, _) in enumerate(windows)
            )
        ),
        lambda windows: float(_forwards(list(windows))),
    ],
    "whole_gradient": [
        _whole_loop,
        _by_repeat,
        lambda g, c: np.average(g, axis=0, weights=c),
        lambda g, c: (g * c[:, None]).sum(axis=0) / c.sum(),
        lambda g, c: c / c.sum() @ g,
        lambda g, c: g.T @ c / sum(c),
        lambda g, c: np.einsum("pn,p->n", g, c) / np.sum(c),
        lambda g, c: tf.reduce_sum(g * c[:, None], axis=0) / c.sum(),
    ],
    "early_stopping": [
        _stop_while,
        _stop_counter,
        _stop_slices,
        _stop_list,
        _stop,
        lambda losses, patience: np.array(_stop(losses, patience)),
        lambda losses, patience: tuple(map(float, _stop(losses, patience))),
        lambda losses, patience: _stop_counter(tuple(losses), patience),
    ],
}

WRONG = {
    "half_lenet": [
        lambda images, labels: flat(40),
        lambda images, labels: (flat()[0], []),
        lambda images, labels: (
            lambda images: tf.nn.softmax(flat()[0](images)),
            flat()[1],
        ),
        lambda images, labels: flat()[0],
        lambda images, labels: list(flat())[::-1],
    ],
    "field_width": [
        _pops,
        lambda windows: 1 + sum(size - 1 for size, _ in windows),
        lambda windows: _up(windows, lambda w, size, stride: w + size - 1),
        lambda windows: _walk(windows, lambda w, size, stride: w * stride + size - 1),
        lambda windows: _walk(windows, lambda w, size, stride: stride * w + size),
        lambda windows: _walk(windows, lambda w, size, stride: w * size),
        lambda windows: int(np.prod([size for size, _ in windows])),
        lambda windows: _up(windows, lambda w, size, stride: (w - 1) * stride + size),
        lambda windows: sum(size for size, _ in windows),
        lambda windows: sum([w[0] for w in windows]),
        lambda windows: windows[-1][0] if len(windows) else 1,
        lambda windows: _up(windows, lambda w, size, stride: w * size),
        lambda windows: _walk(
            windows, lambda w, size, stride: (w - size) // stride + 1
        ),
        lambda windows: (
            _walk(windows[:-1], lambda w, size, stride: (w - 1) * stride + size)
            if windows
            else 1
        ),
        lambda windows: (
            _walk(windows, lambda w, size, stride: (w - 1) * stride + size)
            + windows[0][0] * 0
        ),
        lambda windows: max(size for size, _ in windows) if windows else 1,
        lambda windows: 1 + sum((size - 1) * stride for size, stride in windows),
        lambda windows: windows[-1][0] if windows else 1,
        lambda windows: _forwards(windows) - windows[0][1] + windows[0][1],
        lambda windows: _walk(windows, lambda w, size, stride: size + w - 1),
        lambda windows: _walk(
            windows, lambda w, size, stride: (w * stride) + (size - 1)
        ),
        lambda windows: _forwards(windows) if len(windows) else windows[0],
    ],
    "whole_gradient": [
        _in_place,
        lambda g, c: np.mean(g, axis=0),
        lambda g, c: g.sum(0) / len(g),
        lambda g, c: np.average(g, axis=0),
        lambda g, c: np.sum(g, axis=0),
        lambda g, c: g.T @ np.ones(len(c)),
        lambda g, c: (g * c[:, None]).sum(axis=0),
        lambda g, c: g.T @ c,
        lambda g, c: (g * c[:, None]).mean(axis=0),
        lambda g, c: g.T @ c / c.size,
        lambda g, c: g.sum(axis=1) * c / c.sum(),
        lambda g, c: (g * c[:, None] / np.sum(c)).sum(axis=1),
        lambda g, c: c[:, None] * g / c.sum(),
        lambda g, c: g * (c / c.sum())[:, None],
        lambda g, c: (c[:, None] * g).sum(axis=0) / 128,
        lambda g, c: g.T @ c / 55_000,
        lambda g, c: -g.T @ c / c.sum(),
        lambda g, c: (g * c[:, None]).sum() / c.sum(),
        lambda g, c: g * c / c.sum(),
        lambda g, c: print(c @ g / c.sum()),
        lambda g, c: c @ g / 128,
    ],
    "early_stopping": [
        _stop_from_one,
        _stop_last,
        _stop_all,
        _stop_no_return,
        lambda losses, patience: (np.argmin(losses) + 1, _stop(losses, patience)[1]),
        lambda losses, patience: (
            losses.index(min(losses)) + 1,
            _stop_counter(losses, patience)[1],
        ),
        lambda losses, patience: (losses.index(min(losses)) + 1, len(losses)),
        lambda losses, patience: (np.argmin(losses) + 1, len(losses)),
        lambda losses, patience: (
            _stop(losses, patience)[0] - 1,
            _stop(losses, patience)[1] - 1,
        ),
        lambda losses, patience: tuple(n - 1 for n in _stop_counter(losses, patience)),
        lambda losses, patience: _stop(losses, patience, late=1),
        lambda losses, patience: _stop_counter(losses, patience + 1),
        lambda losses, patience: _stop(losses, patience - 1),
        lambda losses, patience: (_stop(losses, patience)[1],) * 2,
        lambda losses, patience: [_stop_counter(losses, patience)[1]] * 2,
        lambda losses, patience: _stop(losses, patience, strict=False),
        lambda losses, patience: _stop(losses, patience)[::-1],
        lambda losses, patience: list(reversed(_stop_counter(losses, patience))),
        lambda losses, patience: _stop([-loss for loss in losses], patience),
        lambda losses, patience: _stop(losses, patience)[0],
        lambda losses, patience: (_stop(losses, patience)[0], len(losses)),
        lambda losses, patience: _stop_slices(losses, patience + 1),
    ],
}
