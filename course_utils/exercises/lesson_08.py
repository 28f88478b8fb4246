"""Exercises of lesson 08, the same numbers on many machines."""

import dataclasses
import functools
import sys
import threading
import time

import tensorflow as tf

from course_utils.exercises import Exercise, _calling, _mistakes_08, _mistakes_08_ring
from course_utils.exercises._calling import call
from course_utils.exercises._telling import describe, same


def _global_loss(losses, global_batch):
    """Return this worker's part of the loss, a number."""
    return tf.reduce_sum(losses) / global_batch


global_loss = Exercise(
    solution=_global_loss,
    # By hand. The first two are the shards of one batch of 8, whose mean is 2.
    cases=[
        ((tf.constant([1.0, 2.0, 3.0]), 8), 0.75),
        ((tf.constant([4.0, 1.0, 2.0, 1.0, 2.0]), 8), 1.25),
        ((tf.constant([4.0]), 10), 0.4),
        ((tf.constant([3.0, 5.0]), 4), 2.0),
        ((tf.constant([0.5, 0.25]), 2), 0.375),
    ],
    hints=[
        "Eight rows, three here and five elsewhere. The mean over all eight is one sum "
        "divided by 8. Which part of that sum can this worker compute?",
        "Its own rows make the sum of its own losses. The division must be the same in "
        "every worker, or the parts do not add up to one mean.",
        "Add up what is here, with `tf.reduce_sum(losses)`, and divide by "
        "`global_batch`, whatever the length of this shard.",
    ],
    why="The all-reduce adds. So each worker hands in a sum, divided by a number that "
    "all of them share, and the parts add up to the mean over the global batch. With a "
    "mean on each worker, n equal shards give n times the loss and n times the "
    "gradient. Where the last batch is smaller, `global_batch` is its number of rows.",
    mistakes=_mistakes_08.GLOBAL_LOSS,
)


def _rows_of_worker(worker, workers, batch_size, step):
    """Return the numbers of the rows, a list or a range."""
    shard = batch_size // workers  # rows for each worker
    start = step * batch_size + worker * shard
    return range(start, start + shard)


rows_of_worker = Exercise(
    solution=_rows_of_worker,
    # Written down by hand; one to four real workers reported the same.
    cases=[
        ((1, 2, 4, 0), [2, 3]),
        ((0, 2, 4, 0), [0, 1]),
        ((0, 2, 4, 1), [4, 5]),
        ((1, 2, 8, 2), [20, 21, 22, 23]),
        ((1, 3, 6, 1), [8, 9]),
        ((2, 3, 6, 0), [4, 5]),
        ((0, 1, 3, 2), [6, 7, 8]),
        ((3, 4, 8, 5), [46, 47]),
    ],
    hints=[
        "Batch by batch: with `batch_size` 8, step 0 takes the rows 0 to 7 and step 1 "
        "the rows 8 to 15. Where does the batch of `step` begin?",
        "That batch is cut into `workers` pieces of `batch_size // workers` rows. "
        "Worker 0 has the first piece. Where does the piece of `worker` begin?",
        "With `shard = batch_size // workers`, the piece begins at "
        "`step * batch_size + worker * shard` and has `shard` rows: "
        "`range(start, start + shard)`.",
    ],
    why="Every row belongs to one worker and one step. A step moves on by the global "
    "batch, a worker by its own piece of it. So all workers together see in each step "
    "the rows that one process would see, and that is why the losses agree.",
    mistakes=_mistakes_08.ROWS_OF_WORKER,
)


def _ring_bytes(shapes, workers):
    """Return the bytes that one worker sends in a step, a number."""
    parameters = 0
    for shape in shapes:
        size = 1
        for side in shape:
            size *= side
        parameters += size
    return 2 * (workers - 1) / workers * 4 * parameters


_LENET = [(3, 3, 1, 6), (6,), (3, 3, 6, 16), (16,), (400, 120), (120,)]
_LENET += [(120, 84), (84,), (84, 10), (10,)]

ring_bytes = Exercise(
    solution=_ring_bytes,
    # By hand: bytes of the gradients, and how often a worker sends an n-th of them.
    cases=[
        (([(1, 3), (3,)], 2), 24.0),  # 24 bytes, two pieces of 12: sends 2 of them
        (([(1, 3), (3,)], 4), 36.0),  # four pieces of 6: sends 6
        (([(2, 3), (3,)], 3), 48.0),  # 36 bytes, three pieces of 12: sends 4
        (([(3, 1), (2,), ()], 3), 32.0),  # 24 bytes, three pieces of 8: sends 4
        (([(5, 2), (2,)], 1), 0.0),
        (([(4, 1), (4,)], 8), 56.0),  # 32 bytes, eight pieces of 4: sends 14
        ((_LENET, 2), 240_296.0),
        ((_LENET, 4), 360_444.0),
    ],
    hints=[
        "How many numbers have all arrays together, and how many bytes has a float32? "
        "That is what a worker holds. The ring cuts it into `workers` equal pieces.",
        "In the first round a piece goes on `workers - 1` times, and sums grow. In the "
        "second the finished sums go on `workers - 1` times. In each of these moves a "
        "worker sends one piece.",
        "`2 * (workers - 1)` pieces of `4 * parameters / workers` bytes. "
        "`math.prod(shape)` counts the numbers of one array; for `()` it gives 1.",
    ],
    why="Two rounds of n - 1 moves, an n-th of the bytes in each. However many workers "
    "there are, one of them never sends twice its gradients: with 2 "
    "workers it sends them once, with 100 workers 1.98 times. All workers together "
    "send `2 * (workers - 1) * 4 * parameters`. One worker alone sends nothing.",
    mistakes=_mistakes_08_ring.RING_BYTES,
    tolerance=1e-6,
)


class _Losses:
    """The loss of each worker; a message shows in its place what one call gets."""

    def __init__(self, *losses):
        self.losses = losses

    def __repr__(self):
        return "loss, worker, all_reduce, report"


class _Stopped(BaseException):
    """Ends a worker that would wait for ever, also within `except Exception`."""


@dataclasses.dataclass
class _Worker:
    """What one worker did.

    Attributes:
        given: what it handed to all_reduce, call by call.
        reported: what it handed to report.
        returned: what its function returned.
        error: what it raised.
        waits: whether it waits for a worker that has ended.
        ended: whether it has ended.
    """

    given: list = dataclasses.field(default_factory=list)
    reported: list = dataclasses.field(default_factory=list)
    returned: object = None
    error: BaseException | None = None
    waits: bool = False
    ended: bool = False


class _Meeting:
    """Workers in threads; the n-th all-reduce of one meets the n-th of all others.

    A call that can meet nobody, because another worker has ended before it, is stopped
    at once. So no time limit decides, and a busy machine makes no deadlock.
    """

    def __init__(self, function, losses):
        self._function, self._losses = function, losses
        self._workers = [_Worker() for _ in losses]
        self._news, self._over = threading.Condition(), threading.Event()

    def run(self):
        """Let every worker call the function and return what each of them did."""
        try:
            for me, loss in enumerate(self._losses):
                threading.Thread(
                    target=self._work, args=(me, loss), daemon=True
                ).start()
            while not all(worker.ended or worker.waits for worker in self._workers):
                time.sleep(0.001)  # here the time limit of a check can interrupt
        finally:
            self._over.set()
        for worker in self._workers:
            if worker.error is not None:
                raise worker.error
        return self._workers

    def _work(self, number, loss):
        me = self._workers[number]

        def all_reduce(value):
            return self._met(me, value)

        def report(value):
            me.reported.append(value)

        for tool in (all_reduce, report):
            tool.__qualname__ = tool.__name__  # what Python calls them in its errors
        sys.settrace(self._halt)  # a loop without end must not outlive the check
        try:
            me.returned = self._function(loss, number, all_reduce, report)
        except _Stopped:
            pass
        except BaseException as error:  # whatever the learner wrote
            me.error = error
        sys.settrace(None)
        with self._news:
            me.ended = True
            self._news.notify_all()

    def _met(self, me, value):
        """Return the sum over all workers, once each has made this call."""
        if me.waits or self._over.is_set():  # it has caught the stop: sleep for good
            threading.Event().wait()
        with self._news:
            me.given.append(value)
            count = len(me.given)
            self._news.notify_all()
            while missing := [w for w in self._workers if len(w.given) < count]:
                me.waits = any(worker.ended for worker in missing)
                if me.waits or self._over.is_set():
                    raise _Stopped
                self._news.wait(0.1)
        return sum(worker.given[count - 1] for worker in self._workers)

    def _halt(self, frame, event, argument):
        """Trace the learner's lines, and raise at the next one when all is over."""
        file = frame.f_code.co_filename
        if file in (__file__, threading.__file__) or "site-packages" in file:
            return None
        if self._over.is_set():
            raise _Stopped
        return self._halt


class _AllAtOnce(Exercise):
    """An exercise whose function all workers call at the same time."""

    def _judge(self, answer):
        return super()._judge(_at_once(answer))

    def _mistakes(self):
        if self._known is None:
            wrong = [_at_once(mistake.function) for mistake in self.mistakes]
            self._known = [
                [call(one, given, self._seconds) for given, _ in self._cases]
                for one in wrong
            ]
        return self._known


def _at_once(answer):
    """Return a function that lets all workers call the answer; a stub stays one."""
    if not callable(answer) or _calling.is_stub(answer):
        return answer

    @functools.wraps(answer)
    def run(team):
        return _Meeting(answer, team.losses).run()

    return run


def _agreed(*losses):
    """Return a case: the loss of each worker, and a judge of what they did."""

    def judge(workers):
        short = _short_of(workers, sum(losses))
        return short and f"with the losses {describe([*losses])}: {short}"

    return (_Losses(*losses),), judge


def _short_of(workers, total):
    """Return what the workers lack, as a sentence, or None."""
    calls = [len(worker.given) for worker in workers]
    for number, one in enumerate(workers):
        if one.waits:
            gone = next(n for n, count in enumerate(calls) if count < calls[number])
            last = f"after call {calls[gone]}" if calls[gone] else "without calling it"
            return (
                f"worker {number} waits in call {calls[number]} of all_reduce for "
                f"ever, because worker {gone} returns {last}."
            )
    for number, one in enumerate(workers):
        if calls[number] != 1:
            return f"worker {number} calls all_reduce {calls[number]} times, not once."
        if not same(one.returned, total, 1e-4):
            return (
                f"worker {number} should return {describe(total)}, your function gave "
                f"{describe(one.returned)}."
            )
    told = [(number, x) for number, one in enumerate(workers) for x in one.reported]
    if not same(told, [(0, total)], 1e-4):
        listed = [f"worker {number} reported {describe(x)}" for number, x in told]
        return (
            f"worker 0 alone should report {describe(total)}, once; "
            f"{', '.join(listed) or 'nobody reported'}."
        )
    return None


def _reduced_loss(loss, worker, all_reduce, report):
    """Return the sum of all workers' losses; worker 0 reports it."""
    total = all_reduce(loss)  # in every worker: each waits here for all others
    if worker == 0:
        report(total)
    return total


reduced_loss = _AllAtOnce(
    solution=_reduced_loss,
    # Sums by hand; the zero is the loss of a worker that got no row.
    cases=[
        _agreed(0.25, 0.5),
        _agreed(0.5, 0.0),
        _agreed(0.0, 0.75),
        _agreed(0.5, 0.25, 0.5),
    ],
    hints=[
        "An all-reduce is a meeting: it gives nothing until every worker has called "
        "it. Which workers call it here, and which go past?",
        "All workers must take the same way to `all_reduce`, with no `if` in front "
        "that can differ between them. What may differ is what the chief does with "
        "the sum afterwards.",
        "First `total = all_reduce(loss)`, before any `if`. Then only "
        "`report(total)` stands under `if worker == 0:`, and every worker returns "
        "`total`.",
    ],
    why="Worker 0 waited for a call that worker 1 never made. What is collective, "
    "an all-reduce or a barrier, belongs to every worker, the same number of times and "
    "in the same order. Printing and writing belong to the "
    "chief. In a real cluster nothing raises as long as all processes live: worker 0 "
    "waits until a time limit ends it.",
    seconds=3,
    mistakes=_mistakes_08_ring.REDUCED_LOSS,
)
