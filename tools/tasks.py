"""The exercises of a lesson's notebook, and the cells that a cell cannot do without."""

import ast
import dataclasses
import importlib
import re

import course
import names
from lesson import CHECK_LINE, Lesson, magics_of, trains

from course_utils.exercises import Exercise

# What begins a task in the Markdown before its stub, in a heading or in bold.
TITLE = re.compile(
    r"^(?:#{2,6} |\*\*)(?:Your turn|Exercise|Repair|Predict|Open task): ", re.MULTILINE
)
# From here on the Markdown speaks of the cells that follow in the lesson.
SPEAKS_OF_NEXT = re.compile(
    r"(?:^|(?<=\s))(?=(?:Ours is folded|After the exercise|In the cell after"
    r"|`\w+`, in the cell after|The walk from|Then a new network|\*Then )|#{2,6} )"
)
QUESTION = re.compile(r"(?<!\*)\*([^*\n]+\?)\*(?!\*)")


@dataclasses.dataclass
class Task:
    """One exercise as it stands in a lesson's notebook.

    Attributes:
        lesson: the lesson's number, two digits as a text.
        exercise: the `Exercise` that judges it.
        answer: name of the function that the learner writes, perhaps `my_NAME`.
        position: where the cell with the stub and the check stands.
        stub: that cell.
        text: the Markdown that asks for it, without what the lesson says around it.
    """

    lesson: str
    exercise: Exercise
    answer: str
    position: int
    stub: object
    text: str

    @property
    def name(self):
        """The exercise's name in its module."""
        return self.exercise.name

    @property
    def questions(self):
        """The questions, in italics, that a reader answers in words."""
        return QUESTION.findall(self.text)


def lesson_path(number):
    """Return the path of a lesson's notebook.

    Args:
        number: the lesson's number, such as "03" or "3".

    Raises:
        ValueError: there is no such lesson.
    """
    wanted = str(number).zfill(2)
    paths = {path.name[:2]: path for path in course.lessons()}
    if wanted not in paths:
        raise ValueError(
            f"LESSON must be one of {', '.join(paths)}, got {number!r}: give the "
            "number with which a notebook's name begins"
        )
    return paths[wanted]


def tasks_of(lesson):
    """Return the `Task`s of a `Lesson`, in the order of its cells."""
    found = []
    for position, cell in enumerate(lesson.cells):
        check = cell.cell_type == "code" and CHECK_LINE.search(cell.source)
        if check:
            number, name, answer = check.groups()
            module = importlib.import_module(f"course_utils.exercises.lesson_{number}")
            text = task_text(lesson.cells[position - 1].source)
            exercise = vars(module)[name]
            found.append(Task(number, exercise, answer, position, cell, text))
    return found


def tasks_of_lesson(number):
    """Return the `Task`s of the lesson with that number."""
    return tasks_of(Lesson(lesson_path(number)))


def task_text(markdown):
    """Return the part of a Markdown cell that asks for an exercise."""
    start = [*TITLE.finditer(markdown)][-1]
    title, rest = start[0], markdown[start.end() :]
    if ahead := SPEAKS_OF_NEXT.search(rest):
        rest = rest[: ahead.start()]
    return (title + rest).strip()


def with_solution(task):
    """Return the source of a stub's cell with the exercise's solution in its place."""
    lines = task.stub.source.splitlines()
    stub, solution = _stub_of(task), solution_of(task)
    return "\n".join([*lines[: stub.lineno - 1], solution, *lines[stub.end_lineno :]])


def _stub_of(task):
    """Return the statement that binds the answer: a function, or `name = ...`."""
    (stub,) = [
        node
        for node in ast.parse(task.stub.source).body
        if getattr(node, "name", "") == task.answer
        or (isinstance(node, ast.Assign) and node.targets[0].id == task.answer)
    ]
    return stub


def solution_of(task):
    """Return the exercise's solution under the name that the learner's function has.

    It has the stub's docstring where it has none of its own.
    """
    source, stub = task.exercise.source(task.answer), _stub_of(task)
    function = ast.parse(source).body[0]
    if ast.get_docstring(function) or isinstance(stub, ast.Assign):
        return source
    lines, first = source.splitlines(), function.body[0].lineno - 1
    indent = " " * function.body[0].col_offset
    return "\n".join(
        [*lines[:first], f'{indent}"""{ast.get_docstring(stub)}"""', *lines[first:]]
    )


def parsed(source):
    """Return the syntax tree of a cell; its magics and shell lines are left out.

    Raises:
        SyntaxError: the rest is no Python.
    """
    for line in magics_of(source):
        indent = line[: len(line) - len(line.lstrip())]
        source = source.replace(line, f"{indent}pass", 1)
    return ast.parse(source)


def imported(tree):
    """Return the names that the imports of a cell bind."""
    return {
        (alias.asname or alias.name).partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }


class Cells:
    """The code cells of a notebook, and which of them bind a name.

    Attributes:
        trees: dict from a cell's position to its syntax tree; cells that are no Python
            are left out.
    """

    def __init__(self, cells):
        """Look through a notebook's cells, without running them."""
        self.trees, self._reads, self._binds, self._functions = {}, {}, {}, {}
        for position, cell in enumerate(cells):
            if cell.cell_type != "code":
                continue
            try:
                tree = parsed(cell.source)
                reads, binds = names.scan(tree, self._functions)
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                continue
            self.trees[position] = tree
            self._reads[position] = reads
            self._binds[position] = binds | imported(tree)

    def binding(self, name, position):
        """Return where a name is bound: last before a position, or first after it."""
        places = [place for place, bound in self._binds.items() if name in bound]
        before = [place for place in places if place < position]
        after = [place for place in places if place > position]
        return (before or after[::-1] or [None])[-1]

    def needed(self, wanted, position):
        """Return the positions of the cells that bind names, and what these need.

        Args:
            wanted: the names that are read.
            position: of the cell that reads them.

        Returns:
            Positions in order; the cell itself is not among them.
        """
        found, waiting, seen = set(), set(wanted), set()
        while waiting:
            name = waiting.pop()
            seen.add(name)
            place = self.binding(name, position)
            if place is None or place in found:
                continue
            found.add(place)
            waiting |= self.reads(place) - seen
        return sorted(found)

    def reads(self, position):
        """Return the names that a cell reads, in its functions too."""
        reads = set(self._reads[position])
        for name in self._binds[position]:
            reads |= self._functions.get(name, set())
        return reads

    def trains(self, position):
        """Say whether a cell trains a network."""
        return any(
            trains(statement)
            for statement in self.trees[position].body
            if not isinstance(statement, ast.FunctionDef | ast.ClassDef)
        )
