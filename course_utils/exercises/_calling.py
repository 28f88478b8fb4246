"""Calls a learner's function so that nothing it does can break the check."""

import builtins
import contextlib
import ctypes
import dataclasses
import dis
import inspect
import io
import re
import signal
import sys
import threading
import time
from pathlib import Path
from unittest import mock

import numpy as np
from IPython import get_ipython

from course_utils import trial
from course_utils.exercises import _telling

_OWN = (__file__, contextlib.__file__, threading.__file__)
_PACKAGE = str(Path(__file__).parents[1])
_RETRY = 0.2  # seconds until the next attempt to end a function that goes on


@dataclasses.dataclass
class Outcome:
    """What one call of a function did.

    Attributes:
        kind: "value", "error" (it raised), "late" (it did not end in time), "exit" (it
            asked Python to end) or "fatal" (the call would have ended the kernel and
            was not made).
        value: what it returned.
        error: the exception, if it raised.
        reason: sentence that explains "fatal".
        changed: whether it changed an argument in place.
        printed: whether it printed something.
        seconds: how long it took.
        judged: what a judge of the value did, an `Outcome`; None before it was asked.
    """

    kind: str
    value: object = None
    error: BaseException | None = None
    reason: str = ""
    changed: bool = False
    printed: bool = False
    seconds: float = 0.0
    judged: "Outcome | None" = None


class Once:
    """Something to loop over once; each call of a function gets it anew.

    Attributes:
        make: function without arguments that returns an iterable.
    """

    def __init__(self, make):
        self.make = make
        self._is_used = False

    def copy(self):
        """Return one that has not been looped over."""
        return Once(self.make)

    def __repr__(self):
        return "batches"

    def __iter__(self):
        if self._is_used:
            raise RuntimeError("the batches come once: use each as it comes")
        self._is_used = True
        return iter(self.make())


class Fresh:
    """An argument that is made anew for each call, such as a network.

    Attributes:
        make: function without arguments that returns it.
        is_kept: function that says of one whether it is still as it should be.
    """

    def __init__(self, make, is_kept=lambda thing: True):
        self.make = make
        self.is_kept = is_kept

    def __repr__(self):
        return self.make.__name__.lstrip("_")


class _TimeOut(BaseException):
    """Not an Exception, so that the learner's `except Exception` lets it through."""


def call(function, arguments, seconds):
    """Call a function with copies of the arguments and return what happened.

    It never raises but for an interrupt of the kernel. A function that does not end is
    stopped after the given time, also under Windows. What cannot be stopped: one long
    call inside a library, such as a matrix product of gigabytes, before it comes back;
    under Windows and outside the main thread a sleep neither, nor a loop that catches
    every exception. `os._exit` and code that crashes the process end the kernel.

    Args:
        function: what the learner wrote.
        arguments: tuple of arguments; the function gets copies.
        seconds: the time it may take.

    Returns:
        An `Outcome`.
    """
    given, printed = copied(arguments), io.StringIO()
    started = time.perf_counter()
    try:
        with _closed_doors(printed), _time_limit(seconds), trial.guarded():
            value = function(*given)
            if inspect.isgenerator(value) or inspect.iscoroutine(value):
                value.close()
        outcome = Outcome("value", value)
    except _TimeOut:
        outcome = Outcome("late")
    except SystemExit:
        outcome = Outcome("exit")
    except trial.Fatal as error:
        outcome = Outcome("fatal", reason=str(error))
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # whatever the learner wrote, it is an answer
        outcome = Outcome("error", error=error)
    outcome.changed = not _same_arguments(given, arguments)
    outcome.printed = bool(printed.getvalue())
    outcome.seconds = time.perf_counter() - started
    return outcome


@contextlib.contextmanager
def without(forbidden):
    """Let functions of a library raise inside the block.

    Args:
        forbidden: list of pairs of a module and a function's name.
    """
    with contextlib.ExitStack() as stack:
        for module, name in forbidden:
            error = RuntimeError(f"the task is to be done without {name}")
            patch = mock.patch.object(module, name, side_effect=error)
            stack.enter_context(patch)
        yield


def copied(argument):
    """Return a copy, so that a function that changes its argument harms no one."""
    if isinstance(argument, list | tuple):
        return type(argument)(copied(item) for item in argument)
    if isinstance(argument, dict):
        return {key: copied(value) for key, value in argument.items()}
    if isinstance(argument, Fresh):
        return argument.make()
    has_copy = isinstance(argument, np.ndarray | set | Once)
    return argument.copy() if has_copy else argument


def _same_arguments(given, kept):
    if isinstance(kept, list | tuple):
        return len(given) == len(kept) and all(map(_same_arguments, given, kept))
    if isinstance(kept, dict):
        return given.keys() == kept.keys() and all(
            _same_arguments(given[key], kept[key]) for key in kept
        )
    if isinstance(kept, np.ndarray):
        return np.array_equal(given, kept, equal_nan=kept.dtype.kind == "f")
    if isinstance(kept, Fresh):
        return kept.is_kept(given)
    if isinstance(kept, set | int | float | str):  # an item of a list, too
        return given is kept or given == kept
    return True


@contextlib.contextmanager
def _closed_doors(printed):
    """Keep what is printed, refuse input, and turn `exit()` into SystemExit."""

    def no_input(prompt=""):
        raise RuntimeError(
            "input() waits for somebody who types: the function gets all that it "
            "needs as arguments"
        )

    def leave(*_):
        raise SystemExit

    shell, own_input = get_ipython(), builtins.input
    builtins.input = no_input
    if shell is not None:
        vars(shell)["ask_exit"] = leave
    try:
        with contextlib.redirect_stdout(printed):
            yield
    finally:
        builtins.input = own_input
        if shell is not None:
            vars(shell).pop("ask_exit", None)


@contextlib.contextmanager
def _time_limit(seconds):
    """Raise `_TimeOut` inside the block when its time is over, until it ends."""
    main = threading.current_thread() is threading.main_thread()
    if main and hasattr(signal, "setitimer"):
        yield from _by_timer(seconds)
    else:
        yield from _by_thread(seconds)


def _over(frame):
    """End the learner's function, at its next line too should it swallow this."""
    if frame.f_code.co_filename in _OWN:
        return  # it has ended by itself
    sys.settrace(_stop)
    while frame is not None and frame.f_code.co_filename not in _OWN:
        if not _is_library(frame):
            frame.f_trace = _stop
        frame = frame.f_back
    raise _TimeOut


def _is_library(frame):
    """Say whether code is none of the learner's.

    To raise at a line of its `except` or `finally` would leave Python 3.11 with an
    exception that it believes is still being handled.
    """
    name = frame.f_code.co_filename
    return "site-packages" in name or name.startswith(_PACKAGE)


def _stop(frame, event, argument):
    if frame.f_code.co_filename in _OWN or _is_library(frame):
        return None
    if event == "line":
        raise _TimeOut
    return _stop


def _by_timer(seconds):
    """A signal of the system's timer interrupts a sleep, too."""
    before, tracing = signal.getsignal(signal.SIGALRM), sys.gettrace()
    signal.signal(signal.SIGALRM, lambda _, frame: _over(frame))
    signal.setitimer(signal.ITIMER_REAL, seconds, _RETRY)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        sys.settrace(tracing)
        signal.signal(signal.SIGALRM, before)


def _by_thread(seconds):
    """Another thread raises the exception here, at the next line of Python."""
    here, ended, lock = threading.get_ident(), threading.Event(), threading.Lock()

    def watch():
        wait = seconds
        while not ended.wait(wait):
            wait = _RETRY
            with lock:
                if not ended.is_set():
                    _raise_in(here, _TimeOut)

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        with lock:
            ended.set()
        # Nothing may arrive later. To take an exception back leaves Python's flag of
        # waiting exceptions set, and 3.11 then hangs under a tracer: let one arrive.
        with contextlib.suppress(_TimeOut):
            _raise_in(here, _TimeOut)
            sum(range(10))


def _raise_in(thread, kind):
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread), ctypes.py_object(kind)
    )


_NOTHING = {"NOP", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST"}


def is_stub(function):
    """Say whether a function is the untouched stub: a docstring and `...`."""
    code = getattr(function, "__code__", None)
    if code is None:
        return False
    steps = [step for step in dis.get_instructions(code) if step.opname != "RESUME"]
    returned = [step.argval for step in steps if step.opname.endswith("_CONST")]
    if not {step.opname for step in steps} <= _NOTHING or returned != [None]:
        return False
    try:  # `pass` and a bare return compile to the same; the learner wrote those
        return "..." in inspect.getsource(function)
    except (OSError, TypeError):  # its source is not kept
        return True


def is_unfilled(outcome):
    """Say whether a `...` of the stub is still where something should stand."""
    if outcome.kind == "error":
        return isinstance(outcome.error, TypeError) and "ellipsis" in str(outcome.error)
    values = outcome.value
    values = values.values() if type(values) is dict else values
    parts = [values, *values] if type(values) in (list, tuple) else [values]
    return any(part is ... for part in parts)


_VAGUE = TypeError | ValueError | AttributeError | RuntimeError


def kind_of(error):
    """Return what tells one error from another.

    Some may come from anything, such as a TypeError: their words count, too.
    """
    words = isinstance(error, _VAGUE) and _telling.error_line(error)
    return type(error), words and re.sub(r"\d+", "", words)
