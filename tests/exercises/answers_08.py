"""Answers to the exercises of lesson 08 that learners give, right and wrong."""

import math

import numpy as np
import tensorflow as tf


def _loss_loop(losses, global_batch):
    total = 0.0
    for loss in losses:
        total += float(loss)
    return total / global_batch


def _loss_share(losses, global_batch):
    share = len(losses) / global_batch
    return tf.reduce_mean(losses) * share


def _loss_local_loop(losses, global_batch):
    total = 0.0
    for loss in losses:
        total += float(loss) / len(losses)
    return total


def _loss_return_in_loop(losses, global_batch):
    total = 0.0
    for loss in losses:
        total += float(loss)
        return total / global_batch


def _rows_loop(worker, workers, batch_size, step):
    rows = []
    for row in range(batch_size):
        if row // (batch_size // workers) == worker:
            rows.append(step * batch_size + row)
    return rows


def _rows_of_dataset(worker, workers, batch_size, step):
    rows = tf.data.Dataset.range(1000).batch(batch_size).skip(step).take(1)
    (batch,) = rows.as_numpy_iterator()
    return np.split(batch, workers)[worker]


def _rows_slice(worker, workers, batch_size, step):
    batch = list(range(step * batch_size, (step + 1) * batch_size))
    shard = batch_size // workers
    return batch[worker * shard : (worker + 1) * shard]


def _rows_while(worker, workers, batch_size, step):
    row, rows = step * batch_size + worker * batch_size // workers, []
    while len(rows) < batch_size / workers:
        rows.append(row)
        row += 1
    return rows


def _cut(start, length):
    return list(range(start, start + length))


def _sent(shapes, workers):
    """Play the ring, move by move, and count what worker 0 sends."""
    piece = 4 * sum(math.prod(shape) for shape in shapes) / workers
    sent = 0
    for _round in ("add up", "hand round"):
        for _move in range(workers - 1):
            sent += piece
    return sent


def _numbers(shapes):
    return sum(int(np.prod(shape)) for shape in shapes)


def _sent_zeros(shapes, workers):
    gradients = [np.zeros(shape, np.float32) for shape in shapes]
    return sum(2 * g.nbytes * (workers - 1) / workers for g in gradients)


def _sent_return_in_loop(shapes, workers):
    parameters = 0
    for shape in shapes:
        parameters += math.prod(shape)
        return 2 * (workers - 1) / workers * 4 * parameters


def _sent_times_for_plus(shapes, workers):
    parameters = 1
    for shape in shapes:
        for side in shape:
            parameters *= side
    return 2 * (workers - 1) / workers * 4 * parameters


def _sent_no_start(shapes, workers):
    for shape in shapes:
        parameters = 0
        parameters += math.prod(shape)
    return 2 * (workers - 1) / workers * 4 * parameters


def _reduced(loss, worker, all_reduce, report):
    result = all_reduce(loss)
    if not worker:
        report(result)
    return result


def _reduced_in_both(loss, worker, all_reduce, report):
    if worker == 0:
        total = all_reduce(loss)
        report(total)
    else:
        total = all_reduce(loss)
    return total


def _reduced_early(loss, worker, all_reduce, report):
    total = all_reduce(loss)
    if worker > 0:
        return total
    report(total)
    return total


def _reduced_tensor(loss, worker, all_reduce, report):
    total = all_reduce(tf.constant(loss))
    if worker == 0:
        report(float(total))
    return total


def _reduced_chief(loss, worker, all_reduce, report):
    is_chief = worker == 0
    total = float(all_reduce(loss))
    return (report(total), total)[1] if is_chief else total


def _reduced_prints(loss, worker, all_reduce, report):
    print("worker", worker, "comes")
    total = all_reduce(loss)
    print("worker", worker, "has", total)
    if worker == 0:
        report(total)
    return total


def _reduced_try(loss, worker, all_reduce, report):
    try:
        total = all_reduce(loss)
    except Exception:
        total = loss
    if worker == 0:
        report(total)
    return total


def _reduced_loop(loss, worker, all_reduce, report):
    total = all_reduce(loss)
    for tell in [report][worker:]:
        tell(total)
    return total


def _as_it_stands(loss, worker, all_reduce, report):
    """The planted mistake of the notebook's stub."""
    if worker == 0:
        loss = all_reduce(loss)
        report(loss)
    return loss


def _chief_reports_directly(loss, worker, all_reduce, report):
    if worker == 0:
        report(all_reduce(loss))


def _chief_returns_early(loss, worker, all_reduce, report):
    if worker != 0:
        return loss
    total = all_reduce(loss)
    report(total)
    return total


def _chief_in_try(loss, worker, all_reduce, report):
    while worker == 0:
        try:
            total = all_reduce(loss)
            report(total)
            return total
        except:  # noqa: E722 - what learners write against a hang
            continue
    return loss


def _others_only(loss, worker, all_reduce, report):
    if worker > 0:
        return all_reduce(loss)
    report(loss)
    return loss


def _second_worker_only(loss, worker, all_reduce, report):
    total = all_reduce(loss) if worker == 1 else loss
    if worker == 0:
        report(total)
    return total


def _first_two(loss, worker, all_reduce, report):
    if worker in (0, 1):
        loss = all_reduce(loss)
    if worker == 0:
        report(loss)
    return loss


def _if_loss(loss, worker, all_reduce, report):
    if not loss:
        return 0.0
    total = all_reduce(loss)
    if worker == 0:
        report(total)
    return total


def _chief_again(loss, worker, all_reduce, report):
    if worker == 0:
        report(all_reduce(loss))
    return all_reduce(loss)


def _both_twice(loss, worker, all_reduce, report):
    all_reduce(loss)
    total = all_reduce(loss)
    if worker == 0:
        report(total)
    return total


def _as_often_as_workers(loss, worker, all_reduce, report):
    total = 0.0
    for _ in range(worker + 1):
        total = all_reduce(loss)
    if worker == 0:
        report(total)
    return total


def _nobody_comes(loss, worker, all_reduce, report):
    if worker == 0:
        report(loss)
    return loss


def _everyone_reports(loss, worker, all_reduce, report):
    total = all_reduce(loss)
    report(total)
    return total


def _wrong_chief(loss, worker, all_reduce, report):
    total = all_reduce(loss)
    if worker == 1:
        report(total)
    return total


def _reports_before(loss, worker, all_reduce, report):
    if worker == 0:
        report(loss)
    return all_reduce(loss)


def _returns_own(loss, worker, all_reduce, report):
    total = all_reduce(loss)
    if worker == 0:
        report(total)
    return loss


def _chief_alone_returns(loss, worker, all_reduce, report):
    total = all_reduce(loss)
    if worker == 0:
        report(total)
        return total


def _halves(loss, worker, all_reduce, report):
    mean = all_reduce(loss) / 2
    if worker == 0:
        report(mean)
    return mean


def _halves_before(loss, worker, all_reduce, report):
    mean = all_reduce(loss / 2)
    if worker == 0:
        report(mean)
    return mean


def _others_hand_in_nothing(loss, worker, all_reduce, report):
    total = all_reduce(loss * (worker == 0))
    if worker == 0:
        report(total)
    return total


def _others_raise(loss, worker, all_reduce, report):
    total = all_reduce(loss if worker == 0 else None)
    if worker == 0:
        report(total)
    return total


def _others_loop(loss, worker, all_reduce, report):
    while worker > 0:  # "wait for the chief"
        pass
    total = all_reduce(loss)
    report(total)
    return total


STUBS = {"reduced_loss": _as_it_stands}

RIGHT = {
    "global_loss": [
        _loss_loop,
        _loss_share,
        lambda losses, n: tf.reduce_sum(losses / n),
        lambda losses, n: np.sum(losses) / n,
        lambda losses, n: losses.numpy().sum() / n,
        lambda losses, n: sum(losses) / n,
        lambda losses, n: tf.nn.compute_average_loss(losses, global_batch_size=n),
        lambda losses, n: tf.math.divide(tf.reduce_sum(losses, axis=0), n),
        lambda losses, n: tf.tensordot(losses, tf.ones_like(losses) / n, 1),
        lambda losses, n: tf.reduce_sum(losses) / tf.cast(n, tf.float32),
    ],
    "rows_of_worker": [
        _rows_loop,
        _rows_of_dataset,
        _rows_slice,
        _rows_while,
        lambda i, n, b, step: range(step * b + i * b // n, step * b + (i + 1) * b // n),
        lambda i, n, b, step: _cut((step * n + i) * (b // n), b // n),
        lambda i, n, b, step: np.arange(b).reshape(n, -1)[i] + step * b,
        lambda i, n, b, step: tuple(
            range(step * b, step * b + b)[i * b // n :][: b // n]
        ),
        lambda i, n, b, step: tf.range(b // n) + step * b + i * (b // n),
        lambda i, n, b, step: [step * b + int(i * b / n) + k for k in range(b // n)],
    ],
    "ring_bytes": [
        _sent,
        _sent_zeros,
        lambda shapes, n: 2 * (n - 1) / n * 4 * _numbers(shapes),
        lambda shapes, n: 8 * _numbers(shapes) * (n - 1) / n,
        lambda shapes, n: 8 * _numbers(shapes) * (1 - 1 / n),
        lambda shapes, n: 2 * (n - 1) * (4 * _numbers(shapes) / n),
        lambda shapes, n: 2 * (n - 1) * 4 * _numbers(shapes) // n,
        lambda shapes, n: np.float32(8 * (n - 1) / n) * _numbers(shapes),
        lambda shapes, n: sum(8 * math.prod(shape) * (n - 1) / n for shape in shapes),
    ],
    "reduced_loss": [
        _reduced,
        _reduced_in_both,
        _reduced_early,
        _reduced_tensor,
        _reduced_chief,
        _reduced_prints,
        _reduced_try,
        _reduced_loop,
    ],
}

WRONG = {
    "global_loss": [
        _loss_local_loop,
        _loss_return_in_loop,
        lambda losses, n: tf.reduce_mean(losses),
        lambda losses, n: np.mean(losses),
        lambda losses, n: tf.reduce_sum(losses) / len(losses),
        lambda losses, n: tf.nn.compute_average_loss(losses),
        lambda losses, n: sum(float(loss) for loss in losses) / len(losses),
        lambda losses, n: np.mean(losses) / 2,
        lambda losses, n: tf.reduce_sum(losses) / (2 * len(losses)),
        lambda losses, n: tf.reduce_sum(losses),
        lambda losses, n: float(sum(losses)),
        lambda losses, n: np.sum(losses) / 2,
        lambda losses, n: tf.reduce_mean(losses) / n,
        lambda losses, n: tf.reduce_mean(losses / n),
        lambda losses, n: tf.reduce_sum(losses) / 64,
        lambda losses, n: tf.reduce_max(losses) / n,
        lambda losses, n: np.sum(losses) // n,
        lambda losses, n: int(tf.reduce_sum(losses) / n),
        lambda losses, n: tf.reduce_sum(losses) // n,
        lambda losses, n: np.sum(losses) / 128,
        lambda losses, n: losses[0] / n,
        lambda losses, n: losses / n,
        lambda losses, n: [float(loss) / n for loss in losses],
        lambda losses, n: n / np.sum(losses),
        lambda losses, n: losses.sum() / n,
        lambda losses, n: losses.mean(),
        lambda losses, n: tf.reduce_sum(losses) / tf.constant(n),
        lambda losses, n: tf.reduce_sum(losses) * (len(losses) / n),
        lambda losses, n: print(tf.reduce_sum(losses) / n),
    ],
    "rows_of_worker": [
        lambda i, n, b, step: range(step * b + i, (step + 1) * b, n),
        lambda i, n, b, step: [step * b + i + n * k for k in range(b // n)],
        lambda i, n, b, step: np.arange(step * b, step * b + b)[i::n],
        lambda i, n, b, step: _cut(i * (b // n), b // n),
        lambda i, n, b, step: np.arange(b).reshape(n, -1)[i],
        lambda i, n, b, step: _cut(step * b, b),
        lambda i, n, b, step: range(step * b, (step + 1) * b),
        lambda i, n, b, step: range(step * b, step * b + b // n),
        lambda i, n, b, step: range((step * n + i) * b, (step * n + i + 1) * b),
        lambda i, n, b, step: range(step * b + i * b, step * b + (i + 1) * b),
        lambda i, n, b, step: _cut((step + i) * (b // n), b // n),
        lambda i, n, b, step: _cut(step * (b // n) + i * (b // n), b // n),
        lambda i, n, b, step: _cut(step * b + (i - 1) * (b // n), b // n),
        lambda i, n, b, step: range(
            step * b + i * (b // n), step * b + (i + 1) * (b // n) - 1
        ),
        lambda i, n, b, step: _cut(step * b + i * (b // 2), b // 2),
        lambda i, n, b, step: range(step * b + i * b / n, step * b + (i + 1) * b / n),
        lambda i, n, b, step: (step * b + i * (b // n), step * b + (i + 1) * (b // n)),
        lambda i, n, b, step: [step * b + i * b // n, step * b + (i + 1) * b // n],
        lambda i, n, b, step: step * b + i * (b // n),
        lambda i, n, b, step: set(_cut(step * b + i * (b // n), b // n)),
        lambda i, n, b, step: _cut(step * b + (n - i - 1) * (b // n), b // n),
        lambda i, n, b, step: _cut(step * b + i * (b // n), b // n)[::-1],
        lambda i, n, b, step: slice(step * b + i * b // n, step * b + (i + 1) * b // n),
        lambda i, n, b, step: (row for row in _cut(step * b + i * (b // n), b // n)),
        lambda i, n, b, step: print(_cut(step * b + i * (b // n), b // n)),
    ],
    "ring_bytes": [
        _sent_return_in_loop,
        _sent_times_for_plus,
        _sent_no_start,
        lambda shapes, n: (n - 1) / n * 4 * _numbers(shapes),
        lambda shapes, n: 4 * _numbers(shapes) * (1 - 1 / n),
        lambda shapes, n: 2 * (n - 1) * 4 * _numbers(shapes),
        lambda shapes, n: 8 * (n - 1) * _numbers(shapes),
        lambda shapes, n: 8 * _numbers(shapes),
        lambda shapes, n: 2 * n / n * 4 * _numbers(shapes),
        lambda shapes, n: 4 * (n - 1) * _numbers(shapes),
        lambda shapes, n: 4 * _numbers(shapes),
        lambda shapes, n: sum(np.zeros(shape, np.float32).nbytes for shape in shapes),
        lambda shapes, n: 2 * (n - 1) / n * _numbers(shapes),
        lambda shapes, n: 2 * (n - 1) / n * 4 * np.prod([np.prod(s) for s in shapes]),
        lambda shapes, n: 2 * (n - 1) / n * 4 * sum(sum(shape) for shape in shapes),
        lambda shapes, n: 8 * (n - 1) / n * sum(map(math.prod, filter(len, shapes))),
        lambda shapes, n: 8 * (n - 1) / n * _numbers(shapes[::2]),
        lambda shapes, n: 8 * (n - 1) / n * _numbers([s for s in shapes if len(s) > 1]),
        lambda shapes, n: 8 * (n - 1) / n * math.prod(shapes[0]),
        lambda shapes, n: 2 * (n - 1) // n * 4 * _numbers(shapes),
        lambda shapes, n: 2 * ((n - 1) // n) * 4 * _numbers(shapes),
        lambda shapes, n: 8 * n / (n - 1) * _numbers(shapes),
        lambda shapes, n: 8 / n * _numbers(shapes),
        lambda shapes, n: 8 * _numbers(shapes) / n,
        lambda shapes, n: 8 * (n - 1) / n * len(shapes),
    ],
    "reduced_loss": [
        _as_it_stands,
        _chief_reports_directly,
        _chief_returns_early,
        _chief_in_try,
        _others_only,
        _second_worker_only,
        _first_two,
        _if_loss,
        _chief_again,
        _both_twice,
        _as_often_as_workers,
        _nobody_comes,
        _everyone_reports,
        _wrong_chief,
        _reports_before,
        _returns_own,
        _chief_alone_returns,
        _halves,
        _halves_before,
        _others_hand_in_nothing,
        _others_raise,
        _others_loop,
        lambda loss, worker, all_reduce, report: all_reduce(loss),
        lambda loss, worker, all_reduce, report: loss,
    ],
}
