"""Answers written from the task's text alone, without a look at the check."""

import math
from itertools import islice

import numpy as np
import tensorflow as tf


# global_loss
def _loss_loop(losses, global_batch):
    total = 0.0
    for loss in losses:
        total = total + loss / global_batch
    return total


def _loss_weighted(losses, global_batch):
    share = tf.cast(tf.size(losses), losses.dtype) / global_batch
    return tf.reduce_mean(losses) * share


def _loss_early(losses, global_batch):
    total = 0.0
    for loss in losses:
        total += loss
        return total / global_batch


def _loss_prints(losses, global_batch):
    tf.print(tf.reduce_sum(losses) / global_batch)


def _loss_overwrites(losses, global_batch):
    for loss in losses:
        total = loss / global_batch
    return total


# rows_of_worker
def _rows_slice(worker, workers, batch_size, step):
    batch = list(range(step * batch_size, (step + 1) * batch_size))
    part = batch_size // workers
    return batch[worker * part : (worker + 1) * part]


def _rows_split(worker, workers, batch_size, step):
    batch = np.arange(batch_size) + step * batch_size
    return np.split(batch, workers)[worker]


def _rows_iter(worker, workers, batch_size, step):
    part = batch_size // workers
    counter = iter(range(10**9))
    skip = (step * workers + worker) * part
    return tuple(islice(counter, skip, skip + part))


def _rows_tf(worker, workers, batch_size, step):
    first = step * batch_size + worker * batch_size // workers
    return tf.range(first, first + batch_size // workers)


def _rows_prints(worker, workers, batch_size, step):
    print(_rows_slice(worker, workers, batch_size, step))


def _rows_ends(worker, workers, batch_size, step):
    rows = _rows_slice(worker, workers, batch_size, step)
    return rows[0], rows[-1]


def _rows_float(worker, workers, batch_size, step):
    part = batch_size / workers
    first = step * batch_size + worker * part
    return range(first, first + part)


def _rows_from(first, length):
    def rows_of_worker(worker, workers, batch_size, step):
        part = batch_size // workers
        start = first(worker, workers, batch_size, part, step)
        return range(start, start + length(batch_size, part))

    return rows_of_worker


def _part(batch_size, part):
    return part


def _rows_end_only(worker, workers, batch_size, step):
    part = batch_size // workers
    return range(step * batch_size + worker * part, (worker + 1) * part)


def _rows_interleaved(worker, workers, batch_size, step):
    return range(step * batch_size + worker, (step + 1) * batch_size, workers)


def _rows_inclusive(worker, workers, batch_size, step):
    part = batch_size // workers
    first = step * batch_size + worker * part
    return range(first, first + part + 1)


def _rows_short(worker, workers, batch_size, step):
    part = batch_size // workers
    first = step * batch_size + worker * part
    return range(first, first + part - 1)


# ring_bytes
def _bytes_loop(shapes, workers):
    numbers = 0
    for shape in shapes:
        size = 1
        for side in shape:
            size *= side
        numbers += size
    return numbers * 4 / workers * 2 * (workers - 1)


def _bytes_ring(shapes, workers):
    held = sum(np.zeros(shape, np.float32).nbytes for shape in shapes)
    sent = 0
    for _ in range(workers - 1):
        sent += held / workers
    return sent + sent


def _numbers(shapes):
    return sum(math.prod(shape) for shape in shapes)


def _bytes_prints(shapes, workers):
    print(8 * (workers - 1) / workers * _numbers(shapes))


def _bytes_early(shapes, workers):
    total = 0
    for shape in shapes:
        total += math.prod(shape)
        return 8 * (workers - 1) / workers * total


def _bytes_pairs(shapes, workers):
    return 8 * (workers - 1) / workers * sum(a * b for a, b in shapes)


# reduced_loss
def _reduced_condition(loss, worker, all_reduce, report):
    total = all_reduce(loss)
    if not worker:
        report(total)
    return total


def _reduced_branches(loss, worker, all_reduce, report):
    if worker == 0:
        total = all_reduce(loss)
        report(total)
        return total
    return all_reduce(loss)


def _reduced_listeners(loss, worker, all_reduce, report):
    total = all_reduce(loss)
    for listener in [report][: worker == 0]:
        listener(total)
    return total


def _reduced_late(loss, worker, all_reduce, report):
    try:
        total = all_reduce(loss)
        return total
    finally:
        if worker == 0:
            report(total)


def _reduced_planted(loss, worker, all_reduce, report):
    if worker == 0:
        total = all_reduce(loss)
        report(total)
        return total
    return loss


def _reduced_silent(loss, worker, all_reduce, report):
    return all_reduce(loss)


def _reduced_own(loss, worker, all_reduce, report):
    total = all_reduce(loss)
    if worker == 0:
        report(total)
        return total
    return loss


def _reduced_reports_loss(loss, worker, all_reduce, report):
    total = all_reduce(loss)
    if worker == 0:
        report(loss)
    return total


def _reduced_returns_report(loss, worker, all_reduce, report):
    total = all_reduce(loss)
    if worker == 0:
        return report(total)
    return total


def _reduced_others(loss, worker, all_reduce, report):
    if worker != 0:
        return all_reduce(loss)
    report(loss)
    return loss


def _reduced_zero(loss, worker, all_reduce, report):
    total = all_reduce(loss if worker == 0 else 0)
    if worker == 0:
        report(total)
    return total


def _reduced_double(loss, worker, all_reduce, report):
    total = all_reduce(all_reduce(loss))
    if worker == 0:
        report(total)
    return total


def _reduced_mean(loss, worker, all_reduce, report):
    total = all_reduce(loss) / 2
    if worker == 0:
        report(total)
    return total


def _reduced_prints(loss, worker, all_reduce, report):
    total = all_reduce(loss)
    if worker == 0:
        print(total)
    return total


def _reduced_ignored(loss, worker, all_reduce, report):
    all_reduce(loss)
    if worker == 0:
        report(loss)
    return loss


def _reduced_unbound(loss, worker, all_reduce, report):
    if worker == 0:
        total = all_reduce(loss)
        report(total)
    return total


def _reduced_no_call(loss, worker, all_reduce, report):
    total = all_reduce
    if worker == 0:
        report(total)
    return total


def _reduced_adds(loss, worker, all_reduce, report):
    total = loss + all_reduce(loss)
    if worker == 0:
        report(total)
    return total


def _reduced_function(loss, worker, all_reduce, report):
    if worker == 0:
        total = all_reduce(loss)
        report(total)
    else:
        all_reduce(loss)
        total = loss
    return total


RIGHT = {
    "global_loss": [
        _loss_loop,
        _loss_weighted,
        lambda losses, global_batch: tf.reduce_sum(losses / global_batch),
        lambda losses, global_batch: tf.math.add_n(tf.unstack(losses)) / global_batch,
    ],
    "rows_of_worker": [_rows_slice, _rows_split, _rows_iter, _rows_tf],
    "ring_bytes": [
        _bytes_loop,
        _bytes_ring,
        lambda shapes, workers: 8 * _numbers(shapes) * (1 - 1 / workers),
        lambda shapes, workers: (
            np.float64(8 * _numbers(shapes)) - 8 * _numbers(shapes) / workers
        ),
    ],
    "reduced_loss": [
        _reduced_condition,
        _reduced_branches,
        _reduced_listeners,
        _reduced_late,
    ],
}
WRONG = {
    "global_loss": [
        _loss_early,
        _loss_prints,
        _loss_overwrites,
        lambda losses, global_batch: tf.reduce_mean(losses),
        lambda losses, global_batch: tf.reduce_sum(losses),
        lambda losses, global_batch: tf.reduce_mean(losses) / global_batch,
        lambda losses, global_batch: losses / global_batch,
        lambda losses, global_batch: tf.reduce_mean(losses) * global_batch,
        lambda losses, global_batch: tf.reduce_sum(losses) * global_batch,
        lambda losses, n: tf.reduce_sum(losses) / (len(losses) * n),
        lambda losses, n: tf.reduce_mean(losses) * n / len(losses),
        lambda losses, global_batch: (
            tf.reduce_sum(losses) / (global_batch - len(losses))
        ),
        lambda losses, global_batch: (
            tf.reduce_sum(losses) / (global_batch + len(losses))
        ),
        lambda losses, global_batch: tf.reduce_mean(losses) / 2,
        lambda losses, global_batch: tf.reduce_sum(losses) / (2 * global_batch),
        lambda losses, global_batch: tf.reduce_sum(losses) // global_batch,
        lambda losses, global_batch: global_batch / tf.reduce_sum(losses),
        lambda losses, global_batch: tf.reduce_sum(losses) / 128,
        lambda losses, global_batch: tf.reduce_max(losses) / global_batch,
        lambda losses, global_batch: len(losses) / global_batch,
        lambda losses, global_batch: sum(losses) / len(losses),
        lambda losses, global_batch: int(tf.reduce_sum(losses)) / global_batch,
    ],
    "rows_of_worker": [
        _rows_prints,
        _rows_ends,
        _rows_float,
        _rows_end_only,
        _rows_interleaved,
        _rows_inclusive,
        _rows_short,
        _rows_from(lambda w, n, b, part, step: w * part, _part),
        _rows_from(lambda w, n, b, part, step: step * part, _part),
        _rows_from(lambda w, n, b, part, step: step * b, _part),
        _rows_from(lambda w, n, b, part, step: (step - 1) * b + w * part, _part),
        _rows_from(lambda w, n, b, part, step: (step + 1) * b + w * part, _part),
        _rows_from(lambda w, n, b, part, step: step * b + (w - 1) * part, _part),
        _rows_from(lambda w, n, b, part, step: step * part + w * part, _part),
        _rows_from(lambda w, n, b, part, step: step * b + w * b, lambda b, part: b),
        _rows_from(lambda w, n, b, part, step: step * b, lambda b, part: b),
        _rows_from(lambda w, n, b, part, step: step * n * b + w * b, lambda b, part: b),
        _rows_from(lambda w, n, b, part, step: step * b + w, _part),
        _rows_from(lambda w, n, b, part, step: step * b + w * n, _part),
        _rows_from(lambda w, n, b, part, step: step * b + w * part + 1, _part),
        _rows_from(lambda w, n, b, part, step: step * b + (n - 1 - w) * part, _part),
        lambda worker, workers, batch_size, step: (
            step * batch_size + worker * batch_size // workers
        ),
        lambda worker, workers, batch_size, step: range(worker, batch_size, workers),
        lambda worker, workers, batch_size, step: range(
            step * batch_size // workers, (step + 1) * batch_size // workers
        ),
    ],
    "ring_bytes": [
        _bytes_prints,
        _bytes_early,
        _bytes_pairs,
        lambda shapes, workers: 2 * (workers - 1) / workers * _numbers(shapes),
        lambda shapes, workers: 4 * (workers - 1) / workers * _numbers(shapes),
        lambda shapes, workers: 64 * (workers - 1) / workers * _numbers(shapes),
        lambda shapes, workers: 8 * (workers - 1) * _numbers(shapes),
        lambda shapes, workers: 8 * _numbers(shapes),
        lambda shapes, workers: 8 * _numbers(shapes) / workers,
        lambda shapes, workers: 4 * _numbers(shapes),
        lambda shapes, workers: 4 * _numbers(shapes) / workers,
        lambda shapes, workers: (
            8 * (workers - 1) / workers * sum(sum(shape) for shape in shapes)
        ),
        lambda shapes, workers: 8 * (workers - 1) // workers * _numbers(shapes),
        lambda shapes, workers: 8 * ((workers - 1) // workers) * _numbers(shapes),
        lambda shapes, workers: (
            8 * (workers - 1) / workers * math.prod(math.prod(s) for s in shapes)
        ),
        lambda shapes, workers: 8 * (workers - 1) / workers * len(shapes),
        lambda shapes, workers: 16 * (workers - 1) / workers * _numbers(shapes),
        lambda shapes, workers: 8 * workers / (workers - 1) * _numbers(shapes),
        lambda shapes, workers: 8 * (workers + 1) / workers * _numbers(shapes),
        lambda shapes, workers: 8 * (workers - 1) / workers * (_numbers(shapes) + 1),
        lambda shapes, workers: 2 * (workers - 1 / workers) * 4 * _numbers(shapes),
        lambda shapes, workers: 2 * (workers - 1) * 4 * (_numbers(shapes) // workers),
        lambda shapes, workers: 8 * (2 - 1) / 2 * _numbers(shapes),
        lambda shapes, workers: [
            8 * (workers - 1) / workers * math.prod(shape) for shape in shapes
        ],
    ],
    "reduced_loss": [
        _reduced_planted,
        _reduced_silent,
        _reduced_own,
        _reduced_reports_loss,
        _reduced_returns_report,
        _reduced_others,
        _reduced_zero,
        _reduced_double,
        _reduced_mean,
        _reduced_prints,
        _reduced_ignored,
        _reduced_unbound,
        _reduced_no_call,
        _reduced_adds,
        _reduced_function,
    ],
}
