"""Wrong answers that learners give in lesson 08 about what workers exchange."""

import math

from course_utils.exercises import Mistake


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
    Mistake(
        "matrices-only",
        lambda shapes, n: 2 * (n - 1) / n * 4 * sum(a * b for a, b in shapes),
        "Not every shape has two sides: a bias has one, a kernel four.",
    ),
    Mistake(
        "bits-for-bytes",
        lambda shapes, n: 8 * _ring(shapes, n),
        "These are bits. A byte has eight of them.",
    ),
    Mistake(
        "one-piece",
        lambda shapes, n: 4 * _parameters(shapes) / n,
        "This is one piece. How often does a worker send one?",
    ),
    Mistake(
        "integer-arithmetic",
        lambda shapes, n: 8 * (n - 1) // n * _parameters(shapes),
        "`//` has cut off the fraction before everything was multiplied.",
    ),
    Mistake(
        "integer-arithmetic",
        lambda shapes, n: 8 * ((n - 1) // n) * _parameters(shapes),
        "`//` makes 0 of a fraction below 1.",
    ),
    Mistake(
        "integer-arithmetic",
        lambda shapes, n: 8 * (n - 1) * (_parameters(shapes) // n),
        "The pieces are rounded down. On average a piece is an n-th, with its "
        "fraction.",
    ),
    Mistake(
        "wrong-sign",
        lambda shapes, n: 8 * (n + 1) / n * _parameters(shapes),
        "A piece has n - 1 moves in a round, one fewer than there are workers.",
    ),
    Mistake(
        "loss-travels-too",
        lambda shapes, n: 8 * (n - 1) / n * (_parameters(shapes) + 1),
        "One number more than the gradients: in this exercise they alone are counted.",
    ),
    Mistake(
        "precedence",
        lambda shapes, n: 8 * (n - 1 / n) * _parameters(shapes),
        "Division comes before subtraction: only the 1 is divided.",
    ),
    Mistake(
        "no-reduction",
        lambda shapes, n: [_ring([shape], n) for shape in shapes],
        "There is a number for each array. Asked for is their sum.",
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


def _unbound(loss, worker, all_reduce, report):
    if worker == 0:
        total = all_reduce(loss)
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
    Mistake(
        "chief-alone-returns",
        _all_coming(
            returned=lambda total, loss, worker: total if worker == 0 else loss
        ),
        "Only worker 0 returns the sum, the others their own loss. Every worker "
        "returns what the all-reduce gave.",
    ),
    Mistake(
        "report-for-total",
        _all_coming(returned=lambda total, loss, worker: total if worker else None),
        "Worker 0 returns what `report` gives, and that is nothing. Report first, "
        "then return the sum.",
    ),
    Mistake(
        "unbound-name",
        _unbound,
        "Behind the `if` there is no sum in the other workers: the line that makes it "
        "is one that only worker 0 runs.",
    ),
    Mistake(
        "counted-twice",
        _all_coming(
            told=lambda total, loss: total + loss,
            returned=lambda total, loss, worker: total + loss,
        ),
        "The all-reduce has added this worker's own loss already. Here it counts "
        "twice.",
    ),
]
