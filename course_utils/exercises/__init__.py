"""Exercises that judge the learner's own function, and what they answer.

Each lesson has a module here with one `Exercise` for each of its exercises:

    from course_utils.exercises import lesson_03
    lesson_03.output_size.check(output_size)
"""

import html
import inspect
import textwrap

import numpy as np
from IPython.display import Markdown

from course_utils import checks

_SIGNS = {"to do": "○", "not yet": "✎", "correct": "✔"}
_COLOURS = {"to do": "#595959", "not yet": "#a34700", "correct": "#00664b"}


class Feedback:
    """What a check answers; Jupyter shows it below the cell.

    Attributes:
        outcome: "to do", "not yet" or "correct".
        message: one or two sentences for the learner.
    """

    def __init__(self, outcome, message):
        """Keep the outcome and its message.

        Args:
            outcome: "to do", "not yet" or "correct".
            message: one or two sentences for the learner.

        Raises:
            TypeError: the message is no text.
            ValueError: the outcome is none of the three, or the message is empty.
        """
        if outcome not in _SIGNS:
            raise ValueError(
                f"outcome must be one of {[*_SIGNS]}, got {outcome!r}: choose one"
            )
        checks.text("message", message, "say what the learner should do")
        self.outcome = outcome
        self.message = message

    def __repr__(self):
        """Return the answer as one line, for terminals and tests."""
        return f"{_SIGNS[self.outcome]} {self.outcome}: {self.message}"

    def _repr_html_(self):
        # The bar alone is coloured: text keeps the colour of a light or dark theme.
        return (
            f'<div role="status" style="border-left:6px solid {_COLOURS[self.outcome]};'
            'padding:2px 10px;white-space:pre-wrap">'
            f"<b>{_SIGNS[self.outcome]} {self.outcome}</b>"
            f"  {html.escape(self.message)}</div>"
        )


class Exercise:
    """One exercise: cases to judge a function by, hints, and a solution.

    A check compares what the learner's function returns with what is expected, case by
    case. It judges numbers and tensors, never the style of the code.

    Attributes:
        name: name of the function that the learner writes.
    """

    def __init__(self, solution, cases, hints, why, tolerance=1e-4):
        """Set up an exercise.

        Args:
            solution: a function that solves it; its source, without the leading
                underscore of its name, is what `solution()` shows.
            cases: list of pairs (arguments, expected): a tuple, and what the function
                returns for it. The expected values come from somewhere else than the
                solution: a number worked out by hand, NumPy, TensorFlow.
            hints: texts, each saying more than the one before.
            why: text that says why the solution is so.
            tolerance: largest difference that still counts as equal, relative to the
                expected value, and absolute below 1.

        Raises:
            TypeError: a part is of another kind.
            ValueError: there is no case or no hint, or a text is empty.
        """
        cases, hints = _cases(cases), _hints(hints)
        checks.text("why", why, "say why the solution is so")
        tolerance = checks.number("tolerance", tolerance, least=0)
        self.name = solution.__name__.lstrip("_")
        self._solution = solution
        self._cases = cases
        self._hints = hints
        self._why = why
        self._tolerance = tolerance
        self._hints_given = 0

    def check(self, answer):
        """Judge the learner's function; a wrong answer never raises.

        Args:
            answer: the function that the exercise asks for.

        Returns:
            A `Feedback`.
        """
        if answer is ... or answer is None:
            return self._to_do()
        if not callable(answer):
            return Feedback(
                "not yet",
                f"pass the function itself, {self.name}.check({self.name}), without "
                f"calling it; got {_describe(answer)}.",
            )
        for number, (arguments, expected) in enumerate(self._cases):
            call = f"{self.name}({', '.join(_describe(a) for a in arguments)})"
            try:
                got = answer(*(_copy(argument) for argument in arguments))
            except Exception as error:  # whatever the learner wrote, it is an answer
                first_line = (str(error).splitlines() or [""])[0]
                first_line = first_line.partition(" [Op:")[0]  # TensorFlow's own note
                return Feedback(
                    "not yet", f"{call} raised {type(error).__name__}: {first_line}"
                )
            if got is None or got is ...:
                if number == 0:
                    return self._to_do(call)
                return Feedback(
                    "not yet",
                    f"{call} should give {_describe(expected)}, your function returned "
                    "nothing: end every way through it with return.",
                )
            reason = _difference(got, expected, self._tolerance)
            if reason:
                return Feedback("not yet", f"{call} {reason}")
        return Feedback(
            "correct", f"{self.name} is right in all {len(self._cases)} cases."
        )

    def hint(self):
        """Return the next hint, and the last one again when all are given."""
        number = min(self._hints_given, len(self._hints) - 1)
        self._hints_given = number + 1
        return Markdown(
            f"**Hint {number + 1} of {len(self._hints)}.** {self._hints[number]}"
        )

    def solution(self):
        """Return a solution and the reason for it."""
        source = textwrap.dedent(inspect.getsource(self._solution))
        source = source.replace(f"def {self._solution.__name__}(", f"def {self.name}(")
        return Markdown(f"```python\n{source.strip()}\n```\n\n{self._why}")

    def _to_do(self, call=None):
        if call is None:
            message = f"write {self.name}, run its cell, then this one again."
        else:
            message = (
                f"{call} returned nothing: replace the ... in {self.name}, and end "
                "with return."
            )
        return Feedback("to do", message)


def _cases(cases):
    """Return a list of pairs (arguments, expected)."""
    advice = "pass [((argument, ...), expected), ...]"
    try:
        pairs = [(tuple(arguments), expected) for arguments, expected in cases]
    except (TypeError, ValueError):
        raise TypeError(
            f"cases must be pairs of arguments and what is expected, got "
            f"{_describe(cases)}: {advice}"
        ) from None
    if not pairs:
        raise ValueError(f"cases must hold something, got an empty list: {advice}")
    return pairs


def _hints(hints):
    """Return a list of texts."""
    if isinstance(hints, str) or not isinstance(hints, list | tuple) or not hints:
        raise ValueError(
            f"hints must be a list of texts, got {_describe(hints)}: write at least one"
        )
    return list(hints)


def _copy(argument):
    """Give each call its own data, so that a function that changes it harms no one."""
    if isinstance(argument, list | tuple):
        return type(argument)(_copy(item) for item in argument)
    return argument.copy() if isinstance(argument, np.ndarray | dict) else argument


def _describe(value):
    """Return a short text for a value: small ones whole, arrays by shape and dtype."""
    shape = getattr(value, "shape", None)
    if shape is None or callable(value):
        text = getattr(value, "__name__", None) or repr(value)
        return text if len(text) <= 120 else text[:117] + "..."
    array = np.asarray(value)
    if array.size <= 12:
        if array.dtype.kind == "f":
            array = array.astype(np.float64).round(4)
        return str(array.tolist())
    return f"<{array.dtype.name} array of shape {tuple(shape)}>"


def _difference(got, expected, tolerance):
    """Return what distinguishes two values, as the end of a sentence, or None."""
    values = f"should give {_describe(expected)}, your function gave {_describe(got)}."
    expected_array = np.asarray(expected)
    try:
        got_array = np.asarray(got)
    except (ValueError, TypeError):  # a list of unequal lists, a symbolic tensor
        return values
    if got_array.shape != expected_array.shape:
        if not hasattr(got, "shape"):  # no array: a learner thinks of items, not shapes
            if got_array.ndim != 1 or expected_array.ndim != 1:
                return values
            items = "1 item" if len(got) == 1 else f"{len(got)} items"
            return f"{values[:-1]}: {items} in place of {len(expected)}."
        return (
            f"should have shape {expected_array.shape}, your function gave shape "
            f"{got_array.shape}."
        )
    if got_array.dtype == bool and expected_array.dtype != bool:
        return "should give numbers, your function gave True and False: convert them."
    if not (_is_numeric(got_array) and _is_numeric(expected_array)):
        return None if np.array_equal(got_array, expected_array) else values
    if np.allclose(got_array, expected_array, rtol=tolerance, atol=tolerance):
        return None
    if expected_array.size <= 12:
        return values
    equal = np.isclose(got_array, expected_array, rtol=tolerance, atol=tolerance)
    where = np.unravel_index(np.argmin(equal), equal.shape)  # the first that differs
    return (
        f"has the right shape, but at {[int(index) for index in where]} it should give "
        f"{expected_array[where]:.4g}, your function gave {got_array[where]:.4g}."
    )


def _is_numeric(array):
    return array.dtype.kind in "biufc"
