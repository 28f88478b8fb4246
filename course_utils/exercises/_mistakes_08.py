"""Wrong answers that learners give in lesson 08 about losses and rows."""

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
    Mistake(
        "lost-row",
        lambda losses, n: losses[-1] / n,
        "Only the last row of the shard counts: each turn of the loop overwrites the "
        "one before.",
    ),
    Mistake(
        "inverted-division",
        lambda losses, n: _sum(losses) * n,
        "The sum is multiplied by the number of rows. A mean divides by it.",
    ),
    Mistake(
        "inverted-division",
        lambda losses, n: tf.reduce_mean(losses) * n,
        "The mean of this shard is taken for that of all rows, and multiplied by "
        "their number. What is asked for is this worker's part of one mean.",
    ),
    Mistake(
        "wrong-divisor",
        lambda losses, n: _sum(losses) / (n - len(losses)),
        "This divides by the rows of the others. The mean runs over all rows, these "
        "among them.",
    ),
    Mistake(
        "wrong-divisor",
        lambda losses, n: _sum(losses) / (n + len(losses)),
        "`global_batch` counts the rows of this worker already.",
    ),
    Mistake(
        "divided-by-workers",
        lambda losses, n: _sum(losses) / (2 * n),
        "The sum is divided by a number of workers as well. The parts are added up, "
        "not averaged.",
    ),
    Mistake(
        "max-for-sum",
        lambda losses, n: tf.reduce_max(losses) / n,
        "The largest loss alone counts. Add all of them up.",
    ),
    Mistake(
        "share-for-loss",
        lambda losses, n: len(losses) / n,
        "This is the share of the rows. What did they lose?",
    ),
    Mistake(
        "integer-arithmetic",
        lambda losses, n: int(_sum(losses)) / n,
        "The fraction of the sum is cut off before it is divided.",
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
    Mistake(
        "bounds-for-rows",
        lambda i, n, b, step: (step * b + i * b // n, step * b + (i + 1) * b // n - 1),
        "These are the first and the last row. Asked for are all of them.",
    ),
    Mistake(
        "forgotten-step",
        lambda i, n, b, step: range(step * b + i * (b // n), (i + 1) * (b // n)),
        "The end of the piece does not move on with the step: after the first one it "
        "lies before the start.",
    ),
    Mistake(
        "off-by-one",
        lambda i, n, b, step: _rows(step * b + i * (b // n), b // n + 1),
        "One row too many: `range` ends before its second number anyway.",
    ),
    Mistake(
        "off-by-one",
        lambda i, n, b, step: _rows((step - 1) * b + i * (b // n), b // n),
        "The steps are counted from 1 here. The first one is step 0.",
    ),
    Mistake(
        "off-by-one",
        lambda i, n, b, step: _rows((step + 1) * b + i * (b // n), b // n),
        "This begins a step too late. The first one is step 0, and it begins at row 0.",
    ),
    Mistake(
        "off-by-one",
        lambda i, n, b, step: _rows(step * b + i * (b // n) + 1, b // n),
        "The rows are counted from 1 here. The first one is row 0.",
    ),
    Mistake(
        "gaps-forgotten",
        lambda i, n, b, step: _rows(step * b + i, b // n),
        "The pieces of two neighbours begin one row apart. How long is a piece?",
    ),
    Mistake(
        "exchanged-parameters",
        lambda i, n, b, step: _rows(step * b + i * n, b // n),
        "A worker's piece begins behind the pieces of the workers before it. How long "
        "is each: as many rows as there are workers?",
    ),
    Mistake(
        "interleaved",
        lambda i, n, b, step: range(i, b, n),
        "The rows of the first step are dealt out like cards. Each worker gets "
        "neighbours, and a step moves on.",
    ),
]
