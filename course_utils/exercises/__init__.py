"""Exercises that judge the learner's own function, and what they answer.

Each lesson has a module here with one `Exercise` for each of its exercises:

    from course_utils.exercises import lesson_03
    lesson_03.output_size.check(output_size)

A mistake is a program: an exercise keeps the wrong functions that it knows. Where an
answer behaves as one of them does, on all cases, that one names the mistake.
"""

import inspect
import re
import sys
import textwrap
import warnings
from collections.abc import Callable

import numpy as np
from IPython.display import Markdown

from course_utils import checks
from course_utils.exercises import _calling, _causes, _progress, _telling

GENERAL = _causes.GENERAL  # id -> what is wrong: causes named in every exercise
_SIGNS = {"to do": "○", "not yet": "✎", "correct": "✔"}
_COLOURS = {"to do": "#767676", "not yet": "#d55e00", "correct": "#009e73"}


class Feedback:
    """What a check answers; Jupyter shows it below the cell.

    Attributes:
        outcome: "to do", "not yet" or "correct".
        message: one or two sentences for the learner.
        mistake: the id of a mistake in docs/mistakes.md, or None.
    """

    def __init__(self, outcome, message, mistake=None):
        """Keep the outcome, its message and the mistake.

        Args:
            outcome: "to do", "not yet" or "correct".
            message: one or two sentences for the learner.
            mistake: the id of a mistake, or None.

        Raises:
            TypeError: the message is no text.
            ValueError: the outcome is none of the three, or the message is empty.
        """
        if outcome not in _SIGNS:
            raise ValueError(
                f"outcome must be one of {[*_SIGNS]}, got {outcome!r}: choose one"
            )
        self.outcome = outcome
        self.message = checks.text("message", message, "say what the learner should do")
        self.mistake = mistake

    def __repr__(self):
        """Return the answer as one line, for terminals and tests."""
        line = f"{_SIGNS[self.outcome]} {self.outcome}: {self.message}"
        encoding = getattr(sys.stdout, "encoding", None) or "ascii"
        return line.encode(encoding, "replace").decode(encoding)

    def _repr_html_(self):
        sign, colour = _SIGNS[self.outcome], _COLOURS[self.outcome]
        return _telling.page(self.outcome, sign, colour, self.message)


class Mistake:
    """A wrong function that learners write, and what points at its cause.

    Attributes:
        id: the mistake's id in docs/mistakes.md.
        function: the wrong function, called as the exercise's own.
        message: one or two sentences that point at the cause and give nothing away.
    """

    def __init__(self, id, function, message):
        """Keep the three.

        Args:
            id: the mistake's id, words with hyphens.
            function: the wrong function.
            message: what the learner reads.

        Raises:
            TypeError: function is none, or a text is none.
            ValueError: the id has another form, or the message is empty.
        """
        checks.text("id", id, "name the mistake as docs/mistakes.md does")
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id):
            raise ValueError(
                f"id must be small letters with hyphens, got {id!r}: name the mistake "
                "as docs/mistakes.md does"
            )
        advice = "pass the wrong function"
        checks.instance("function", function, Callable, "a function", advice)
        self.id = id
        self.function = function
        self.message = checks.text("message", message, "point at the cause")


class Exercise:
    """One exercise: cases to judge a function by, mistakes, hints, and a solution.

    A check compares what the learner's function does with what is right, case by case.
    It judges behaviour, never the style of the code.

    Attributes:
        name: name of the function that the learner writes.
        mistakes: the list of `Mistake`s that it knows.
    """

    def __init__(
        self,
        solution,
        cases,
        hints,
        why,
        mistakes=(),
        tolerance=1e-4,
        seconds=5,
        without=(),
    ):
        """Set up an exercise.

        Args:
            solution: a function that solves it, without arguments where a value is to
                be predicted; its source, without the leading underscore of its name,
                is what `solution()` shows.
            cases: list of pairs (arguments, expected): a tuple, and what the function
                returns for it. The expected values come from somewhere else than the
                solution: a number worked out by hand, NumPy, TensorFlow. In place of a
                value stands a function where many answers are right: it gets what the
                learner's function returned and gives None, or the end of a sentence
                that begins with the call and says what is short.
            hints: texts, each saying more than the one before.
            why: text that says why the solution is so.
            mistakes: list of `Mistake`s, each a wrong function.
            tolerance: largest difference that still counts as equal, relative to the
                expected value, and absolute below 1. Whole numbers must be equal.
            seconds: time that one call may take; above 30 it is an open task, whose
                mistakes are tried on all cases but the last, the long one.
            without: pairs of a module and a name, such as (tf, "one_hot"): what the
                task asks to do without, and what raises while a check calls.

        Raises:
            TypeError: a part is of another kind.
            ValueError: there is no case or no hint, or a text is empty.
        """
        checks.instance("solution", solution, Callable, "a function", "pass your own")
        self.name = solution.__name__.lstrip("_")
        self.mistakes = list(mistakes)
        self._solution = solution
        self._is_prediction = not inspect.signature(solution).parameters
        self._cases = _cases(cases)
        self._hints = _hints(hints)
        self._why = checks.text("why", why, "say why the solution is so")
        self._tolerance = checks.number("tolerance", tolerance, least=0)
        self._seconds = checks.number("seconds", seconds, above=0)
        self._without = list(without)
        self._hints_given = 0
        self._last = None  # what check answered
        self._known = None  # what the mistakes do on the cases

    def check(self, answer):
        """Judge the learner's function; a wrong answer never raises.

        Args:
            answer: the function that the exercise asks for; the predicted value
                itself where the solution takes no arguments.

        Returns:
            A `Feedback`.
        """
        self._last = self._judge(answer)
        if self._last.outcome == "correct":
            _progress.keep(_lesson(self), self.name)
        return self._last

    def pick(self, yours, ours):
        """Return the learner's function where it is correct, else the lesson's own.

        Args:
            yours: the function `my_...` that the learner wrote, or its stub.
            ours: the lesson's function.

        Raises:
            TypeError: ours is no function.
        """
        checks.instance("ours", ours, Callable, "a function", "pass the lesson's own")
        return yours if self._judge(yours).outcome == "correct" else ours

    def _judge(self, answer):
        # The learner's own name for it: my_NAME where the lesson's NAME comes after.
        mine = f"my_{self.name}"
        name = mine if getattr(answer, "__name__", "") == mine else self.name
        if answer is ... or answer is None:
            return _to_do(name)
        if self._is_prediction and not callable(answer):
            return self._judge(lambda: answer)
        if not callable(answer):
            return Feedback(
                "not yet",
                f"pass the function itself, {self.name}.check({self.name}), without "
                f"calling it; got {_telling.describe(answer)}.",
            )
        if _calling.is_stub(answer):
            return _to_do(name)

        def all_right(outcomes):
            return all(map(self._right, self._cases, outcomes))

        outcomes = []
        for case in self._cases:
            if self.is_open and case is self._cases[-1] and not all_right(outcomes):
                break  # spare the learner the long case
            outcome = self._call(answer, case[0])
            if _calling.is_unfilled(outcome):
                return _to_do(name)
            outcomes.append(outcome)
            if outcome.kind in ("late", "fatal", "exit"):
                break  # no second time
        wrong = [
            (case, outcome)
            for case, outcome in zip(self._cases, outcomes, strict=False)
            if not self._right(case, outcome)
        ]
        if not wrong:
            cases = f"{name} is right in all {len(self._cases)} cases."
            return Feedback("correct", "so it is." if self._is_prediction else cases)
        simplest = min(wrong, key=lambda pair: _telling.size_of(pair[0]))
        for mistake, known in zip(self.mistakes, self._mistakes(), strict=True):
            triples = list(zip(self._cases, outcomes, known, strict=False))
            if triples and all(self._alike(*triple) for triple in triples):
                sentence = self._sentence(name, *simplest)
                return Feedback("not yet", f"{mistake.message}\n{sentence}", mistake.id)
        cause, note = self._cause(wrong)
        return Feedback("not yet", self._sentence(name, *simplest, note), cause)

    def _call(self, function, arguments):
        with _calling.without(self._without):
            return _calling.call(function, arguments, self._seconds)

    @property
    def is_open(self):
        """Whether it is an open task, whose check trains for minutes."""
        return self._seconds > 30

    def _right(self, case, outcome):
        """Say whether a call did what it should."""
        if outcome.kind != "value" or outcome.changed:
            return False
        return self._short_of(case, outcome) is None

    def _cause(self, wrong):
        """Return what all wrong calls have wrong alike, an id and a note."""
        if self._is_prediction:  # a note would give it away
            return _causes.NOTHING
        return _causes.common(wrong, self._tolerance)

    def _short_of(self, case, outcome, note=""):
        """Return what a value lacks, as the end of a sentence, or None."""
        _, expected = case
        if not callable(expected):
            if _telling.same(outcome.value, expected, self._tolerance):
                return None
            return _telling.difference(outcome, expected, self._tolerance, note)
        if outcome.value is None:
            return "gave nothing: end every way through it with return."
        if outcome.judged is None:  # a judge may call what the learner returned
            outcome.judged = _calling.call(expected, (outcome.value,), self._seconds)
        judged = outcome.judged
        if judged.kind == "value":
            return judged.value
        if judged.kind == "late":
            why = f"did not come to an end for {self._seconds:g} seconds"
        elif judged.kind == "exit":
            why = "asked Python to end: leave out exit() and sys.exit()"
        elif judged.kind == "fatal":
            why = f"was stopped: {judged.reason}"
        else:  # a result of another kind than the task asks for
            why = f"cannot be used ({_telling.error_line(judged.error)})"
        return f"gave {_telling.describe(outcome.value)}, which {why}."

    def _sentence(self, name, case, outcome, note=""):
        """Say what went wrong in one call, with what it got."""
        if self._is_prediction and outcome.kind == "value":  # and do not give it away
            return f"{_telling.describe(outcome.value)} is not what comes out."
        inputs = ", ".join(map(_telling.describe, case[0]))
        call = f"{name}({inputs})"
        if outcome.kind == "late":
            return (
                f"{call}: your function did not come to an end for {self._seconds:g} "
                "seconds and was stopped. Does the condition of its loop ever become "
                "false?"
            )
        if outcome.kind == "exit":
            return f"{call} asked Python to end: leave out exit() and sys.exit()."
        if outcome.kind == "fatal":
            return f"{call} was not called: {outcome.reason}."
        if outcome.kind == "error":
            return f"{call} raised {_telling.error_line(outcome.error)}"
        if reason := self._short_of(case, outcome, note):
            return f"{call} {reason}"
        return (
            f"{call} gives the right result, but it changes what it was given: work "
            "on a copy."
        )

    def _mistakes(self):
        """Return what each known mistake does on each case, found out once."""
        if self._known is None:
            cases = self._cases[:-1] if self.is_open else self._cases
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")  # they are wrong, and nobody's own
                self._known = [
                    [self._call(m.function, given) for given, _ in cases]
                    for m in self.mistakes
                ]
        return self._known

    def _alike(self, case, one, other):
        """Say whether two calls did the same, or fell short of a case alike."""
        if one.kind != other.kind or one.changed != other.changed:
            return False
        if one.kind == "error":
            return _calling.kind_of(one.error) == _calling.kind_of(other.error)
        if one.kind != "value":
            return True
        if one.value is None or other.value is None:
            return one.value is other.value and one.printed == other.printed
        if callable(case[1]):
            return self._short_of(case, one) == self._short_of(case, other)
        return _telling.alike(one.value, other.value, self._tolerance)

    def hint(self):
        """Return the next hint, and the last one again when all are given."""
        number = min(self._hints_given, len(self._hints) - 1)
        self._hints_given = number + 1
        return Markdown(
            f"{self._answered()}**Hint {number + 1} of {len(self._hints)}.** "
            f"{self._hints[number]}"
        )

    def solution(self):
        """Return a solution and the reason for it."""
        return Markdown(
            f"{self._answered()}```python\n{self.source(self.name)}\n```\n\n{self._why}"
        )

    def source(self, name):
        """Return the code of the solution, a function of that name."""
        source = textwrap.dedent(inspect.getsource(self._solution)).strip()
        return source.replace(f"def {self._solution.__name__}(", f"def {name}(")

    def _answered(self):
        """Return what check answered, which a cell shows only in its last line."""
        if self._last is None or self._last.outcome != "not yet":
            return ""
        lines = _telling.for_markdown(repr(self._last)).splitlines()
        return "\n".join(f"> {line}" for line in lines) + "\n\n"


def _to_do(name):
    return Feedback("to do", f"write {name}, run its cell, then this one again.")


def progress():
    """Return which exercises are correct on this machine, a table for the notebook."""
    import importlib
    import pkgutil

    done = _progress.load()
    rows = []
    for module in pkgutil.iter_modules(__path__):
        if not module.name.startswith("lesson_"):
            continue
        lesson = importlib.import_module(f"{__name__}.{module.name}")
        names = [n for n, e in vars(lesson).items() if isinstance(e, Exercise)]
        solved = set(done.get(module.name, ()))
        marks = ", ".join(f"{'✔' if n in solved else '○'} `{n}`" for n in names)
        count = sum(name in solved for name in names)
        rows.append(f"| {module.name[-2:]} | {count} of {len(names)} | {marks} |")
    return Markdown("\n".join(["| lesson | correct | |", "|---|---|---|", *rows]))


def _lesson(exercise):
    """Return the name of the module that an exercise's solution stands in."""
    return exercise._solution.__module__.rpartition(".")[2]


def _cases(cases):
    """Return a list of pairs (arguments, expected)."""
    advice = "pass [((argument, ...), expected), ...]"
    try:
        pairs = [(tuple(arguments), expected) for arguments, expected in cases]
    except (TypeError, ValueError):
        raise TypeError(
            "cases must be pairs of arguments and what is expected, got "
            f"{_telling.describe(cases)}: {advice}"
        ) from None
    if not pairs:
        raise ValueError(f"cases must hold something, got an empty list: {advice}")
    return pairs


def _hints(hints):
    """Return a list of texts."""
    if isinstance(hints, str) or not isinstance(hints, list | tuple) or not hints:
        raise ValueError(
            f"hints must be a list of texts, got {_telling.describe(hints)}: write at "
            "least one"
        )
    return list(hints)
