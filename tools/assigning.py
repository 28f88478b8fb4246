"""A notebook of one lesson's exercises alone, plain or as nbgrader's source."""

import ast
import re
from pathlib import Path

import course
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from tasks import Cells, solution_of, tasks_of

POINTS, OPEN_POINTS = 2, 4  # for an exercise, for an open task
QUESTION_POINTS, HIDDEN_POINTS = 1, 1
EXAMPLE = course.ROOT / "docs" / "hidden_tests_example.py"
KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}
OPEN_QUESTION = (
    "What did you try, what did you choose, and on which images did you choose it?"
)
ANSWER = "Your answer:"
CONFIGURATION = '''"""nbgrader's settings for the course, from tools/editions.py."""

import os

c = get_config()  # noqa: F821
c.CourseDirectory.root = os.path.dirname(os.path.abspath(__file__))
# Seconds for one cell; the check of an open task trains for up to two minutes.
c.ExecutePreprocessor.timeout = 300
# TensorFlow's start-up lines stay out of what students get back.
c.ExecutePreprocessor.extra_arguments = ["--IPKernelApp.capture_fd_output=False"]
# Stubs stand outside the solutions, so that students get them as the lesson has them.
c.ClearSolutions.code_stub = {"python": "# The next cell checks it."}
# The text of hidden tests stays out of what students get back.
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
'''


def write_plain(lesson, out):
    """Write the exercises of a `Lesson` to a folder and return the notebook's path."""
    cells = [_opening(lesson), *_needed(lesson)]
    for number, task in enumerate(tasks_of(lesson), start=1):
        cells.append(_cell(new_markdown_cell, _text(task, number), f"{task.name}-task"))
        cells.append(_cell(new_code_cell, _without_answer(task), task.name))
        for count, question in enumerate(_questions(task), start=1):
            source = f"{_bold(question)}\n\n{ANSWER}"
            cells.append(_cell(new_markdown_cell, source, f"{task.name}-{count}"))
    return _write(lesson, cells, Path(out))


def write_nbgrader(lesson, out, hidden=None):
    """Write nbgrader's instructor version, and its settings where there are none.

    Args:
        lesson: the `Lesson`.
        out: path of nbgrader's course folder; it is made if it is not there.
        hidden: optional path of a file with tests that students do not see.

    Returns:
        The notebook's path, below `source` in the folder.

    Raises:
        ValueError: the file of hidden tests lies in the course, or a test in it is for
            no exercise of the lesson.
    """
    tasks = tasks_of(lesson)
    tests = _hidden_tests(hidden, [task.name for task in tasks]) if hidden else {}
    cells = [_opening(lesson), *_needed(lesson)]
    for position, cell in enumerate(cells):
        _mark(cell, f"setup-{position}", locked=True)
    for number, task in enumerate(tasks, start=1):
        cells += _graded(task, number, lesson.number, tests.get(task.name, []))
    out = Path(out)
    path = _write(lesson, cells, out / "source" / _file_name(lesson))
    settings = out / "nbgrader_config.py"
    if not settings.exists():
        settings.write_text(CONFIGURATION, "utf-8")
    return path


def _graded(task, number, lesson_number, tests):
    """Yield nbgrader's cells of one task."""
    name, answer = task.name, task.answer
    yield _mark(
        _cell(new_markdown_cell, _text(task, number), f"{name}-task"),
        f"{name}-task",
        locked=True,
    )
    check = f"lesson_{lesson_number}.{name}"
    stub = _without_answer(task).replace(f"{check}.check({answer})\n", "").rstrip()
    yield _mark(
        _cell(
            new_code_cell,
            f"{stub}\n\n\n### BEGIN SOLUTION\n{solution_of(task)}\n### END SOLUTION",
            name,
        ),
        name,
        solution=True,
    )
    yield _mark(
        _cell(
            new_code_cell,
            f"feedback = {check}.check({answer})\n"
            "display(feedback)\n"
            "found = feedback.mistake or feedback.outcome\n"
            'assert feedback.outcome == "correct", found',
            f"{name}-check",
        ),
        f"{name}-check",
        grade=True,
        locked=True,
        points=OPEN_POINTS if task.exercise.is_open else POINTS,
    )
    for count, (test, source) in enumerate(tests, start=1):
        grade_id = f"{name}-hidden-{count}"
        source = (
            f"# A test of {answer} that you do not see.\n### BEGIN HIDDEN TESTS\n"
            f"{source}\n\n\ntry:\n    {test}({answer})\nexcept Exception:\n"
            # A traceback of the test itself would show it in the student's feedback.
            f'    raise AssertionError("{test} failed") from None\n'
            "### END HIDDEN TESTS"
        )
        yield _mark(
            _cell(new_code_cell, source, grade_id),
            grade_id,
            grade=True,
            locked=True,
            points=HIDDEN_POINTS,
        )
    for count, question in enumerate(_questions(task), start=1):
        asked, grade_id = f"{name}-question-{count}", f"{name}-answer-{count}"
        # On its own, because nbgrader clears the cell in which a student answers.
        yield _mark(
            _cell(new_markdown_cell, _bold(question), asked), asked, locked=True
        )
        yield _mark(
            _cell(new_markdown_cell, ANSWER, grade_id),
            grade_id,
            grade=True,
            solution=True,
            points=QUESTION_POINTS,
        )


def _opening(lesson):
    title = next(title for _, level, title in lesson.headings if level == 1)
    text = (
        f"# Exercises: {title}\n\n"
        f"The exercises of lesson {lesson.number}; what they build on stands in the "
        f"lesson's own notebook, `{lesson.path.name}`. Write each function in place of "
        "the `...`, or mend the one that is there, run its cell, and read what the "
        "check answers: **to do**, **not yet** with a reason, or **correct**. Remove "
        "the `#` before `hint()` for the next hint. When you have done what you can, "
        "save this notebook and hand it in, whatever the checks say."
    )
    return _cell(new_markdown_cell, text, "opening")


def _needed(lesson):
    """Return copies of the lesson's cells that its exercises and solutions read.

    Raises:
        ValueError: one of these cells trains, or holds the answer to an exercise.
    """
    cells, tasks = Cells(lesson.cells), tasks_of(lesson)
    stubs = {task.position for task in tasks}
    needed = set()
    for task in tasks:
        solution = Cells([new_code_cell(solution_of(task))])
        names = cells.reads(task.position) | solution.reads(0)
        needed |= set(cells.needed(names - {task.answer}, task.position))
    # The cell that installs the course in Colab stands before the imports.
    first = min(needed)
    needed |= {k for k in range(first) if lesson.cells[k].cell_type == "code"}
    for position in sorted(needed - {0}):
        cell = lesson.cells[position]
        folded = cell.metadata.get("jupyter", {}).get("source_hidden")
        if position in stubs or folded or cells.trains(position):
            raise ValueError(
                f"lesson {lesson.number}: an exercise needs the cell "
                f"{cell.source[:60]!r}, which trains or holds an answer: give the stub "
                "what it needs as arguments"
            )
    return [
        _cell(new_code_cell, lesson.cells[position].source, f"setup-{position}")
        for position in sorted(needed)
    ]


def _text(task, number):
    """Return the Markdown of a task under a heading with its number."""
    text = re.sub(r"^#+ ", "", task.text)
    text = re.sub(r"^\*\*([^*\n]+?)\.?\*\* ?", r"\1\n\n", text)
    return f"## {number}. {text}"


def _without_answer(task):
    """Return the stub's cell without the line that shows the solution."""
    return re.sub(r"\n# lesson_\d\d\.\w+\.solution\(\)", "", task.stub.source)


def _questions(task):
    return [*task.questions, *[OPEN_QUESTION] * task.exercise.is_open]


def _bold(question):
    return f"**{question[0].upper()}{question[1:]}**"


def _hidden_tests(path, exercises):
    """Return exercise -> list of (a test's name, its source with the file's imports).

    Args:
        path: path of a Python file of functions `test_...`, each with the name of the
            exercise that it tests as its only argument.
        exercises: the names of the lesson's exercises.
    """
    path = Path(path).resolve()
    if path.is_relative_to(course.ROOT) and path != EXAMPLE:
        raise ValueError(
            f"FILE must lie outside the course's folder, got {path}: what lies there "
            "is published some day; keep hidden tests elsewhere"
        )
    source = path.read_text("utf-8")
    try:
        tree = ast.parse(source, str(path))
    except (SyntaxError, ValueError) as error:  # before 3.11.4 NUL gives the second
        raise ValueError(f"FILE must be Python, got {path}: {error}") from None
    imports, found = [], {}
    for node in tree.body:
        code = ast.get_source_segment(source, node)
        if isinstance(node, ast.Import | ast.ImportFrom):
            imports.append(code)
        elif isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            names = [argument.arg for argument in node.args.args]
            if len(names) != 1 or names[0] not in exercises:
                raise ValueError(
                    f"{node.name} must have one argument, one of "
                    f"{', '.join(exercises)}, got ({', '.join(names)}): name it after "
                    "the exercise that it tests"
                )
            found.setdefault(names[0], []).append((node.name, code))
    if not found:
        raise ValueError(f"FILE must define functions test_..., got none in {path}")
    return {
        exercise: [(name, "\n".join([*imports, "", "", code])) for name, code in tests]
        for exercise, tests in found.items()
    }


def _cell(kind, source, name):
    """Return a new cell with an identity that is the same at each writing."""
    return kind(source, id=re.sub(r"\W", "-", name))


def _mark(cell, grade_id, **what):
    """Return a cell with what nbgrader 0.9 keeps about it."""
    plain = {"grade": False, "solution": False, "locked": False, "task": False}
    cell.metadata["nbgrader"] = {"schema_version": 3, "grade_id": grade_id}
    cell.metadata["nbgrader"] |= plain | what
    return cell


def _file_name(lesson):
    return f"exercises_{lesson.number}"


def _write(lesson, cells, folder):
    notebook = new_notebook(cells=cells, metadata={"kernelspec": KERNELSPEC})
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{_file_name(lesson)}.ipynb"
    nbformat.write(notebook, path)
    return path
