"""Make what a teacher needs from the learners' notebooks: solve, assign, grade.

    python tools/editions.py solve OUT [LESSON ...] [--run]
    python tools/editions.py assign LESSON OUT [--nbgrader] [--hidden FILE]
    python tools/editions.py grade FOLDER

`solve` writes the lessons with the exercises' own solutions in place of the stubs.
`assign` writes a notebook of one lesson's exercises alone. `grade` runs the exercises
of all notebooks in a folder and writes down how each was answered. docs/teaching.md
says how to use them, and what they cannot do.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

import assigning
import course
import grading
import nbformat
import refresh
from lesson import Lesson
from tasks import lesson_path, tasks_of, with_solution


def main(arguments=None):
    """Do what is asked and return the exit code."""
    options = _parser().parse_args(arguments)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # before TensorFlow starts
    try:
        return options.do(options)
    except (ValueError, OSError) as error:
        print(f"editions.py: {error}", file=sys.stderr)
        return 1


def _parser():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    solve = commands.add_parser(
        "solve",
        help="the lessons with all solutions",
        description="Write the lessons with the exercises' own solutions in place of "
        "the stubs, open tasks included, as notebooks without outputs.",
    )
    solve.add_argument("out", type=Path, metavar="OUT", help="folder to write to")
    solve.add_argument("lessons", nargs="*", metavar="LESSON", help="such as 03; all")
    solve.add_argument(
        "--run",
        action="store_true",
        help="run each from top to bottom, keep its outputs, and fail where a check "
        "does not answer correct; takes minutes for each lesson",
    )
    solve.set_defaults(do=_solve)

    assign = commands.add_parser(
        "assign",
        help="a notebook of one lesson's exercises",
        description="Write a notebook of one lesson's exercises alone.",
    )
    assign.add_argument("lesson", metavar="LESSON", help="such as 03")
    assign.add_argument("out", type=Path, metavar="OUT", help="folder to write to")
    assign.add_argument(
        "--nbgrader",
        action="store_true",
        help="make OUT a course folder of nbgrader with the instructor's version",
    )
    assign.add_argument(
        "--hidden",
        type=Path,
        metavar="FILE",
        help="Python file with tests that students do not see, for nbgrader; "
        "docs/hidden_tests_example.py is one",
    )
    assign.set_defaults(do=_assign)

    grading.add_command(commands)
    return parser


def _solve(options):
    """Write the solved lessons, run them if asked, and return the exit code."""
    paths = [lesson_path(number) for number in options.lessons] or course.lessons()
    options.out.mkdir(parents=True, exist_ok=True)
    if options.out.resolve() == course.NOTEBOOKS:
        raise ValueError("OUT must not be the learners' folder: choose another")
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="course-") as folder:
        for path in paths:
            target = options.out / path.name
            nbformat.write(solved(Lesson(path)), target)
            print(target, end="" if options.run else "\n", flush=True)
            if options.run:
                wrong += _run(target, folder)
    return int(wrong > 0)


def solved(lesson):
    """Return a lesson's notebook with solutions for stubs, without outputs.

    Args:
        lesson: the `Lesson`; its own cells stay as they are.
    """
    notebook = nbformat.from_dict(lesson.notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    for task in tasks_of(lesson):
        notebook.cells[task.position].source = with_solution(task)
    return notebook


def _run(path, folder):
    """Run a solved notebook, keep its outputs, and return how many checks failed."""
    try:
        notebook, seconds, _ = refresh.run(path, folder)
    except refresh.RefreshError as error:
        print(f"\n    {error}")
        return 1
    path.write_bytes(refresh.stripped(notebook, folder))
    answers = list(answered(Lesson(path)))
    wrong = [(name, answer) for name, answer in answers if "✔ correct" not in answer]
    right = len(answers) - len(wrong)
    print(f": {right} of {len(answers)} checks correct, {seconds:.0f} s")
    for name, answer in wrong:
        print(f"    {name}: {answer}")
    return len(wrong)


def answered(lesson):
    """Yield the name of each exercise, and what its check answered in the notebook."""
    for task in tasks_of(lesson):
        texts = [
            output.data.get("text/plain", "")
            for output in task.stub.outputs
            if output.output_type == "execute_result"
        ]
        yield task.name, "\n".join(texts) or "nothing"


def _assign(options):
    """Write an assigned notebook and return the exit code."""
    if options.hidden and not options.nbgrader:
        raise ValueError("--hidden is for nbgrader: add --nbgrader, or leave it out")
    lesson = Lesson(lesson_path(options.lesson))
    if options.nbgrader:
        path = assigning.write_nbgrader(lesson, options.out, options.hidden)
    else:
        path = assigning.write_plain(lesson, options.out)
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
