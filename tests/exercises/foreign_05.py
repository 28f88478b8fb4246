"""Answers written from the task's text alone, without a look at the check."""

import numpy as np
import tensorflow as tf
from networks import untrained


# field_width
def _width_steps(windows):
    width, jump = 1, 1
    for size, stride in windows:
        width += (size - 1) * jump
        jump *= stride
    return width


def _width_recursive(windows):
    if not windows:
        return 1
    (size, stride), *above = windows
    return (_width_recursive(above) - 1) * stride + size


def _width_pixels(windows):
    seen = {0}
    for size, stride in reversed(list(windows)):
        seen = {place * stride + k for place in seen for k in range(size)}
    return max(seen) - min(seen) + 1


def _width_ends(windows):
    first, last = 3, 3
    for size, stride in windows[::-1]:
        first, last = first * stride, last * stride + size - 1
    return last - first + 1


def _width_downward(windows):
    width = 1
    for size, stride in windows:
        width = (width - 1) * stride + size
    return width


def _width_no_minus(windows):
    width = 1
    for size, stride in reversed(windows):
        width = width * stride + size
    return width


def _width_no_stride(windows):
    width = 1
    for size, _ in windows:
        width += size - 1
    return width


def _width_jump_first(windows):
    width, jump = 1, 1
    for size, stride in windows:
        jump *= stride
        width += (size - 1) * jump
    return width


def _width_whole_size(windows):
    width, jump = 1, 1
    for size, stride in windows:
        width += size * jump
        jump *= stride
    return width


def _width_own_stride(windows):
    width = 1
    for size, stride in windows:
        width += (size - 1) * stride
    return width


def _width_from_zero(windows):
    width, jump = 0, 1
    for size, stride in windows:
        width += (size - 1) * jump
        jump *= stride
    return width


def _width_previous_stride(windows):
    width, jump = 1, 1
    for size, stride in windows:
        width += (size - 1) * jump
        jump = stride
    return width


def _width_reverses(windows):
    windows.reverse()
    width = 1
    for size, stride in windows:
        width = (width - 1) * stride + size
    return width


def _width_early(windows):
    width, jump = 1, 1
    for size, stride in windows:
        width += (size - 1) * jump
        jump *= stride
        return width


def _width_prints(windows):
    print(_width_steps(windows))


def _width_empty(windows):
    width, jump = windows[0]
    for size, stride in windows[1:]:
        width += (size - 1) * jump
        jump *= stride
    return width


def _width_plus_one(windows):
    return _width_steps(windows) + 1


def _width_last(windows):
    first, last = 0, 0
    for size, stride in reversed(windows):
        first, last = first * stride, last * stride + size - 1
    return last - first


def _width_last_no_minus(windows):
    first, last = 0, 0
    for size, stride in reversed(windows):
        first, last = first * stride, last * stride + size
    return last - first + 1


def _width_exchanged(windows):
    width, jump = 1, 1
    for stride, size in windows:
        width += (size - 1) * jump
        jump *= stride
    return width


def _width_product(windows):
    width = 1
    for size, _ in windows:
        width *= size
    return width


# whole_gradient
def _whole_loop(gradients, counts):
    total = [0.0] * len(gradients[0])
    for row, count in zip(gradients, counts, strict=True):
        for i, value in enumerate(row):
            total[i] += value * count
    return [value / sum(counts) for value in total]


def _whole_dot(gradients, counts):
    return counts / counts.sum() @ gradients


def _whole_average(gradients, counts):
    return np.average(gradients, axis=0, weights=counts)


def _whole_repeat(gradients, counts):
    return np.repeat(gradients, counts.astype(int), axis=0).mean(axis=0)


def _whole_tf(gradients, counts):
    weights = tf.cast(counts[:, None], tf.float64)
    return tf.reduce_sum(gradients * weights, 0) / tf.reduce_sum(weights)


def _whole_overwrites(gradients, counts):
    for row, count in zip(gradients, counts, strict=True):
        total = row * count
    return total / sum(counts)


def _whole_early(gradients, counts):
    total = 0
    for row, count in zip(gradients, counts, strict=True):
        total += row * count
        return total / sum(counts)


def _whole_running(gradients, counts):
    mean = gradients[0]
    for row in gradients[1:]:
        mean = (mean + row) / 2
    return mean


def _whole_last_total(gradients, counts):
    total = 0
    for row, count in zip(gradients, counts, strict=True):
        total += row * count
    return total / count


def _whole_prints(gradients, counts):
    print(_whole_dot(gradients, counts))


# early_stopping
def _stop_counter(losses, patience):
    lowest, kept, waited = float("inf"), 0, 0
    for epoch, loss in enumerate(losses, start=1):
        if loss < lowest:
            lowest, kept, waited = loss, epoch, 0
        else:
            waited += 1
        if waited == patience:
            return kept, epoch
    return kept, len(losses)


def _stop_argmin(losses, patience):
    for last in range(1, len(losses) + 1):
        kept = int(np.argmin(losses[:last]))
        if last - 1 - kept >= patience:
            break
    return [kept + 1, last]


def _stop_while(losses, patience):
    best = last = 1
    while last < len(losses) and last - best < patience:
        last += 1
        if losses[last - 1] < losses[best - 1]:
            best = last
    return best, last


def _stop_running(losses, patience):
    lowest = np.minimum.accumulate(losses)
    firsts = [list(losses).index(low) for low in lowest]
    waits = np.arange(len(losses)) - firsts
    over = np.flatnonzero(waits >= patience)
    last = int(over[0]) if over.size else len(losses) - 1
    return np.array([firsts[last] + 1, last + 1])


def _stop(
    losses,
    patience,
    better=lambda loss, best: loss < best,
    over=lambda waited, patience: waited == patience,
    answer=lambda best, epoch: (best + 1, epoch + 1),
):
    best = 0
    for epoch, loss in enumerate(losses):
        if better(loss, losses[best]):
            best = epoch
        if over(epoch - best, patience):
            break
    return answer(best, epoch)


def _stop_slip(**options):
    return lambda losses, patience: _stop(losses, patience, **options)


def _stop_compares_previous(losses, patience):
    best, waited = 0, 0
    for epoch in range(1, len(losses)):
        if losses[epoch] < losses[epoch - 1]:
            waited = 0
            best = epoch
        else:
            waited += 1
        if waited == patience:
            break
    return best + 1, epoch + 1


def _stop_no_reset(losses, patience):
    best, waited = 0, 0
    for epoch, loss in enumerate(losses):
        if loss < losses[best] or epoch == 0:
            best = epoch
        else:
            waited += 1
        if waited == patience:
            break
    return best + 1, epoch + 1


def _stop_best_of_all(losses, patience):
    _, last = _stop(losses, patience)
    return int(np.argmin(losses)) + 1, last


def _stop_never(losses, patience):
    return int(np.argmin(losses)) + 1, len(losses)


def _stop_from_one(losses, patience):
    lowest, kept, waited = 1.0, 1, 0
    for epoch, loss in enumerate(losses, 1):
        if loss < lowest:
            lowest, kept, waited = loss, epoch, 0
        else:
            waited += 1
        if waited == patience:
            break
    return kept, epoch


def _stop_from_zero(losses, patience):
    lowest, kept, waited = 0, 1, 0
    for epoch, loss in enumerate(losses, 1):
        if loss < lowest:
            lowest, kept, waited = loss, epoch, 0
        else:
            waited += 1
        if waited == patience:
            break
    return kept, epoch


def _stop_breaks_first(losses, patience):
    best = 0
    for epoch, loss in enumerate(losses):
        if epoch - best == patience:
            break
        if loss < losses[best]:
            best = epoch
    return best + 1, epoch + 1


def _stop_prints(losses, patience):
    print(*_stop(losses, patience))


def _stop_pops(losses, patience):
    kept, last = _stop(list(losses), patience)
    while len(losses) > last:
        losses.pop()
    return kept, last


# half_lenet
def _count_for_list(images, labels):
    logits, variables = untrained(images, labels)
    return logits, sum(int(tf.size(v)) for v in variables)


RIGHT = {
    "field_width": [_width_steps, _width_recursive, _width_pixels, _width_ends],
    "whole_gradient": [
        _whole_loop,
        _whole_dot,
        _whole_average,
        _whole_repeat,
        _whole_tf,
    ],
    "early_stopping": [_stop_counter, _stop_argmin, _stop_while, _stop_running],
}
WRONG = {
    "field_width": [
        _width_downward,
        _width_no_minus,
        _width_no_stride,
        _width_jump_first,
        _width_whole_size,
        _width_own_stride,
        _width_from_zero,
        _width_previous_stride,
        _width_reverses,
        _width_early,
        _width_prints,
        _width_empty,
        _width_plus_one,
        _width_last,
        _width_last_no_minus,
        _width_exchanged,
        _width_product,
        lambda windows: sum(size for size, _ in windows),
        lambda windows: _width_steps(windows[:-1]),
        lambda windows: _width_steps(windows[1:]),
        lambda windows: _width_steps(windows) ** 2,
        lambda windows: windows[-1][0],
    ],
    "whole_gradient": [
        _whole_overwrites,
        _whole_early,
        _whole_running,
        _whole_last_total,
        _whole_prints,
        lambda gradients, counts: gradients.mean(axis=0),
        lambda gradients, counts: gradients.sum(axis=0),
        lambda gradients, counts: counts @ gradients / len(counts),
        lambda gradients, counts: counts @ gradients,
        lambda gradients, counts: np.average(gradients, weights=counts),
        lambda gradients, counts: counts * gradients / counts.sum(),
        lambda gradients, counts: (gradients / counts[:, None]).sum(axis=0),
        lambda gradients, counts: (gradients / counts[:, None]).mean(axis=0),
        lambda gradients, counts: gradients.sum(axis=0) / counts.sum(),
        lambda gradients, counts: (
            (gradients * counts[:, None]).sum(axis=1) / counts.sum()
        ),
        lambda gradients, counts: gradients.mean(axis=1),
        lambda gradients, counts: np.median(gradients, axis=0),
        lambda gradients, counts: counts @ gradients / counts.max(),
        lambda gradients, counts: (gradients * counts[:, None]).mean(),
        lambda gradients, counts: gradients * counts[:, None] / counts.sum(),
        lambda gradients, counts: (gradients * counts).sum(axis=0) / counts.sum(),
        lambda gradients, counts: counts @ gradients / (128 * len(counts)),
        lambda gradients, counts: counts @ gradients // counts.sum(),
        lambda gradients, counts: gradients[:-1].mean(axis=0),
        lambda gradients, counts: (gradients.T * counts).sum(axis=0) / counts.sum(),
        lambda gradients, counts: counts.sum() * gradients.sum(axis=0),
    ],
    "early_stopping": [
        _stop_compares_previous,
        _stop_no_reset,
        _stop_best_of_all,
        _stop_never,
        _stop_from_one,
        _stop_from_zero,
        _stop_breaks_first,
        _stop_prints,
        _stop_pops,
        _stop_slip(better=lambda loss, best: loss <= best),
        _stop_slip(better=lambda loss, best: loss > best),
        _stop_slip(over=lambda waited, patience: waited > patience),
        _stop_slip(over=lambda waited, patience: waited == patience - 1),
        _stop_slip(answer=lambda best, epoch: (best, epoch)),
        _stop_slip(answer=lambda best, epoch: (best + 1, epoch)),
        _stop_slip(answer=lambda best, epoch: (best, epoch + 1)),
        _stop_slip(answer=lambda best, epoch: (epoch + 1, best + 1)),
        _stop_slip(answer=lambda best, epoch: best + 1),
        _stop_slip(answer=lambda best, epoch: (epoch + 1, epoch + 1)),
        _stop_slip(answer=lambda best, epoch: (best + 1, best + 1)),
        lambda losses, patience: (
            losses[_stop(losses, patience)[0] - 1],
            _stop(losses, patience)[1],
        ),
    ],
    "half_lenet": [_count_for_list],
}
