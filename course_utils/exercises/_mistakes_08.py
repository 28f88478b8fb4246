"""Wrong answers that learners give in lesson 08, and what points at their cause."""

import math

import tensorflow as tf

from course_utils.exercises import Mistake


def _sum(losses):
    return tf.reduce_sum(losses)


GLOBAL_LOSS = [
    Mistake(
        "replica-mean",
        lambda losses, n: tf.reduce_mean(losses),
        "This is the mean over the rows of this worker. Added up over n workers, it "
        "comes out about n times too large, and a short shard counts as much as a long "
        "one.",
    ),
    Mistake(
        "mean-of-means",
        lambda losses, n: tf.reduce_mean(losses) / 2,
        "A mean, divided by the number of workers, is right only where all shards are "
        "of one length. Here they are not.",
    ),
    Mistake(
        "forgotten-division",
        lambda losses, n: _sum(losses),
        "This is the sum. Added up over the workers it is the sum over the global "
        "batch, and the mean is asked for.",
    ),
    Mistake(
        "divided-by-workers",
        lambda losses, n: _sum(losses) / 2,
        "The sum is divided by a number of workers. The mean runs over rows.",
    ),
    Mistake(
        "divided-twice",
        lambda losses, n: tf.reduce_mean(losses) / n,
        "The mean has been divided by the length of the shard already. Which of the "
        "two divisions is one too many?",
    ),
    Mistake(
        "integer-arithmetic",
        lambda losses, n: float(_sum(losses)) // n,
        "The fraction is cut off. A loss is no whole number: divide with `/`.",
    ),
    Mistake(
        "fixed-size",
        lambda losses, n: _sum(losses) / 128,
        "This divides by 128. Divide by the global batch that the function gets.",
    ),
    Mistake(
        "fixed-size",
        lambda losses, n: _sum(losses) / 64,
        "This divides by 64, the size of one planned shard. All workers divide by the "
        "global batch.",
    ),
    Mistake(
        "return-in-loop",
        lambda losses, n: losses[0] / n,
        "Only the first row of the shard counts. Is there a return inside a loop?",
    ),
    Mistake(
        "no-reduction",
        lambda losses, n: losses / n,
        "Each row has its share of the mean. The shares are still to be added up.",
    ),
    Mistake(
        "inverted-division",
        lambda losses, n: n / _sum(losses),
        "The division is upside down.",
    ),
    Mistake(
        "scaled-by-share",
        lambda losses, n: _sum(losses) * len(losses) / n,
        "A sum has grown with its number of rows already. Multiplied by the share of "
        "the rows, a long shard counts twice over.",
    ),
    Mistake(
        "tensor-method",
        lambda losses, n: losses.sum() / n,
        "A tensor has no method of that name. TensorFlow and NumPy have functions for "
        "it.",
    ),
    Mistake(
        "mixed-dtypes",
        lambda losses, n: _sum(losses) / tf.constant(n),
        "A float32 meets an int32, and TensorFlow divides tensors of one dtype only. "
        "A Python number fits itself in.",
    ),
]


def _rows(start, count):
    return list(range(int(start), int(start) + int(count)))


ROWS_OF_WORKER = [
    Mistake(
        "interleaved",
        lambda i, n, b, step: [*range(step * b, step * b + b)][i::n],
        "The rows are dealt out like cards. Here each worker gets neighbours: one "
        "piece of the batch.",
    ),
    Mistake(
        "forgotten-step",
        lambda i, n, b, step: _rows(i * b // n, b // n),
        "Every step takes the rows of the first one. Where does the batch of `step` "
        "begin?",
    ),
    Mistake(
        "everyone-reads-everything",
        lambda i, n, b, step: _rows(step * b, b),
        "Every worker gets the whole batch. Then each row is used once by every "
        "worker.",
    ),
    Mistake(
        "everyone-reads-everything",
        lambda i, n, b, step: _rows(step * (b // n), b // n),
        "All workers read the same rows, one piece after the other: that is `OFF`.",
    ),
    Mistake(
        "ignored-argument",
        lambda i, n, b, step: _rows(step * b, b // n),
        "`worker` makes no difference here: all workers read the first piece.",
    ),
    Mistake(
        "local-batch",
        lambda i, n, b, step: _rows((step * n + i) * b, b),
        "`batch_size` is taken for the rows of one worker. It is the global batch, "
        "which all workers share.",
    ),
    Mistake(
        "local-batch",
        lambda i, n, b, step: _rows(step * b + i * b, b),
        "Each worker takes `batch_size` rows, so that its rows reach into the next "
        "batch. It is the global batch, which all workers share.",
    ),
    Mistake(
        "step-of-one-shard",
        lambda i, n, b, step: _rows((step + i) * (b // n), b // n),
        "A step moves on by one piece here, so rows come twice. It has to move on by "
        "what all workers together have used.",
    ),
    Mistake(
        "off-by-one",
        lambda i, n, b, step: _rows(step * b + (i - 1) * (b // n), b // n),
        "The workers are counted from 1 here. The first one is worker 0.",
    ),
    Mistake(
        "off-by-one",
        lambda i, n, b, step: _rows(step * b + i * (b // n), b // n - 1),
        "The last row of the piece is missing. `range` ends before its second number.",
    ),
    Mistake(
        "fixed-size",
        lambda i, n, b, step: _rows(step * b + i * (b // 2), b // 2),
        "This cuts every batch into two halves. There can be more workers, and fewer.",
    ),
    Mistake(
        "fraction",
        lambda i, n, b, step: range(step * b + i * (b / n), b / n),
        "`/` gives a number with a fraction, which `range` does not take. Divide with "
        "`//`.",
    ),
    Mistake(
        "bounds-for-rows",
        lambda i, n, b, step: (step * b + i * b // n, step * b + (i + 1) * b // n),
        "These are the ends of the piece. Asked for are all row numbers in it.",
    ),
    Mistake(
        "bounds-for-rows",
        lambda i, n, b, step: step * b + i * b // n,
        "This is the first row of the piece. Asked for are all of them.",
    ),
    Mistake(
        "set-for-list",
        lambda i, n, b, step: set(_rows(step * b + i * (b // n), b // n)),
        "The rows are right, but this is a set, which has no order. Return a list or "
        "a range.",
    ),
    Mistake(
        "wrong-order",
        lambda i, n, b, step: _rows(step * b + (n - 1 - i) * (b // n), b // n),
        "The pieces are given out from the end. Worker 0 has the first one.",
    ),
]


def _parameters(shapes):
    return sum(math.prod(shape) for shape in shapes)


def _once(shapes, n):
    """Return the bytes of one round of the ring, sent by one worker."""
    return (n - 1) / n * 4 * _parameters(shapes)


RING_BYTES = [
    Mistake(
        "one-round",
        lambda shapes, n: _once(shapes, n),
        "This is one round. After it each worker has one finished piece of the sum; "
        "the finished pieces still have to reach all.",
    ),
    Mistake(
        "all-for-one",
        lambda shapes, n: 2 * _once(shapes, n) * n,
        "This is what all workers send together. Asked for is the share of one.",
    ),
    Mistake(
        "off-by-one",
        lambda shapes, n: 2 * 4 * _parameters(shapes),
        "This sends every piece n times. A round is over after fewer moves: how many "
        "does a piece need to visit all other workers?",
    ),
    Mistake(
        "everyone-to-everyone",
        lambda shapes, n: (n - 1) * 4 * _parameters(shapes),
        "Here a worker sends all its gradients to every other one. In a ring it sends "
        "single pieces, to its neighbour alone.",
    ),
    Mistake(
        "whole-gradient",
        lambda shapes, n: 4 * _parameters(shapes),
        "These are the bytes of the gradients. How many pieces of them does a worker "
        "send?",
    ),
    Mistake(
        "numbers-for-bytes",
        lambda shapes, n: 2 * _once(shapes, n) / 4,
        "These are numbers. How many bytes has a float32?",
    ),
    Mistake(
        "product-of-all",
        lambda shapes, n: 2 * (n - 1) / n * 4 * math.prod(map(math.prod, shapes)),
        "The sizes of the arrays are multiplied with each other. The ring carries "
        "them one beside the other.",
    ),
    Mistake(
        "sum-for-product",
        lambda shapes, n: 2 * (n - 1) / n * 4 * sum(map(sum, shapes)),
        "The sides of an array are added. How many numbers has an array of 2 x 3?",
    ),
    Mistake(
        "entries-for-numbers",
        lambda shapes, n: 2 * (n - 1) / n * 4 * len(shapes),
        "This counts the arrays. Each has as many numbers as its shape says.",
    ),
    Mistake(
        "empty-shape",
        lambda shapes, n: _ring([shape for shape in shapes if shape], n),
        "An array of shape `()` holds one number, not none.",
    ),
    Mistake(
        "matrices-only",
        lambda shapes, n: _ring([shape for shape in shapes if len(shape) > 1], n),
        "The biases are missing: their gradients travel as well.",
    ),
    Mistake(
        "return-in-loop",
        lambda shapes, n: _ring(shapes[:1], n),
        "Only the first array is counted. Is there a return inside the loop?",
    ),
    Mistake(
        "lost-layer",
        lambda shapes, n: _ring(shapes[-1:], n),
        "Only the last array is counted. Does each turn of the loop begin at 0 again?",
    ),
    Mistake(
        "integer-arithmetic",
        lambda shapes, n: 2 * (n - 1) // n * 4 * _parameters(shapes),
        "`//` has cut off the fraction before anything was multiplied by it.",
    ),
    Mistake(
        "inverted-fraction",
        lambda shapes, n: 2 * n / (n - 1) * 4 * _parameters(shapes),
        "The fraction is upside down: with one worker it divides by 0, and one worker "
        "has nothing to send.",
    ),
    Mistake(
        "divided-by-workers",
        lambda shapes, n: 2 * 4 * _parameters(shapes) / n,
        "This is one move of each round. How many moves does a round have?",
    ),
]


def _ring(shapes, n):
    return 2 * _once(shapes, n)


def _coming(comes):
    """Return a function in which only some workers come to the all-reduce."""

    def reduced_loss(loss, worker, all_reduce, report):
        total = all_reduce(loss) if comes(worker, loss) else loss
        if worker == 0:
            report(total)
        return total

    return reduced_loss


def _all_coming(
    hand_in=lambda loss, worker: loss,
    chief=lambda worker: worker == 0,
    told=lambda total, loss: total,
    returned=lambda total, loss, worker: total,
):
    """Return a function in which all workers come, and another part is wrong."""

    def reduced_loss(loss, worker, all_reduce, report):
        total = all_reduce(hand_in(loss, worker))
        if chief(worker):
            report(told(total, loss))
        return returned(total, loss, worker)

    return reduced_loss


def _again_for_the_report(loss, worker, all_reduce, report):
    total = all_reduce(loss)
    if worker == 0:
        report(all_reduce(loss))
    return total


def _again_for_the_others(loss, worker, all_reduce, report):
    total = all_reduce(loss)
    if worker == 0:
        report(total)
        return total
    return all_reduce(loss)


def _twice(loss, worker, all_reduce, report):
    total = all_reduce(all_reduce(loss))
    if worker == 0:
        report(total)
    return total


REDUCED_LOSS = [
    Mistake(
        "lonely-all-reduce",
        _coming(lambda worker, loss: worker == 0),
        "Only worker 0 comes to the all-reduce. It is a meeting: who comes alone "
        "waits for the others, and they have gone past.",
    ),
    Mistake(
        "lonely-all-reduce",
        _coming(lambda worker, loss: worker != 0),
        "Worker 0 does not come to the all-reduce, and the others wait for it. The "
        "chief has a loss to hand in as well.",
    ),
    Mistake(
        "lonely-all-reduce",
        _coming(lambda worker, loss: worker < 2),
        "With two workers all is well; with three, one does not come. No worker "
        "number may keep a worker away.",
    ),
    Mistake(
        "lonely-all-reduce",
        _coming(lambda worker, loss: loss != 0),
        "A worker whose loss is 0 goes past the all-reduce. It has nothing to add, "
        "and the others wait for it all the same.",
    ),
    Mistake(
        "lonely-all-reduce",
        _again_for_the_report,
        "The first all-reduce is right. Then worker 0 asks for a second one to "
        "report, and nobody else does. Keep what the first one gave.",
    ),
    Mistake(
        "lonely-all-reduce",
        _again_for_the_others,
        "The first all-reduce is right. Then some worker calls it again, and worker 0 "
        "does not. All must call it equally often.",
    ),
    Mistake(
        "second-all-reduce",
        _twice,
        "Every worker comes twice. Once is enough, and a sum that is handed in again "
        "is added up again.",
    ),
    Mistake(
        "no-all-reduce",
        _coming(lambda worker, loss: False),
        "Nobody waits, because nobody calls the all-reduce: each worker keeps its own "
        "loss.",
    ),
    Mistake(
        "everyone-reports",
        _all_coming(chief=lambda worker: True),
        "The sums are right. But every worker reports, so that each line stands in "
        "the log once for each worker.",
    ),
    Mistake(
        "nobody-reports",
        _all_coming(chief=lambda worker: False),
        "The sums are right, and nobody reports. That is left to the chief.",
    ),
    Mistake(
        "wrong-chief",
        _all_coming(chief=lambda worker: worker == 1),
        "The sums are right, but worker 1 reports. The chief is worker 0.",
    ),
    Mistake(
        "local-loss",
        _all_coming(told=lambda total, loss: loss),
        "What is reported is the loss of worker 0 alone. The sum is there only after "
        "the all-reduce.",
    ),
    Mistake(
        "local-loss",
        _all_coming(returned=lambda total, loss, worker: loss),
        "All come to the all-reduce, but each worker returns its own loss, not what "
        "the all-reduce gave.",
    ),
    Mistake(
        "chief-alone-returns",
        _all_coming(
            returned=lambda total, loss, worker: total if worker == 0 else None
        ),
        "Only worker 0 returns the sum. Every worker returns it; only the report is "
        "left to the chief.",
    ),
    Mistake(
        "wrong-divisor",
        _all_coming(
            told=lambda total, loss: total / 2,
            returned=lambda total, loss, worker: total / 2,
        ),
        "The sum is divided by 2. Each loss has been divided by the global batch "
        "already, and so the sum is the mean.",
    ),
    Mistake(
        "lost-shard",
        _all_coming(hand_in=lambda loss, worker: loss if worker == 0 else 0.0),
        "All come to the all-reduce, but the others hand in 0: the loss of their "
        "rows is lost.",
    ),
]
