"""Grade the notebooks in a folder: which exercise was answered how, and why not.

Only the cells of the exercises run, with the cells that these read from, each exercise
of each student in a process of its own: see grading_worker.py. What comes out is a CSV
file, and a page that says which mistakes the class made.
"""

import ast
import collections
import contextlib
import csv
import dataclasses
import datetime
import json
import os
import queue
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import course
import jinja2
import nbformat
from kernels import offline_environment
from tasks import Cells, tasks_of_lesson
from tqdm import tqdm

from course_utils import checks, exercises

WORKER = Path(__file__).with_name("grading_worker.py")
PAGE = Path(__file__).with_name("grades.html.j2")
OUTCOMES = ["correct", "not yet", "to do", "died", "timed out", "missing"]
SIGNS = dict(zip(OUTCOMES, "✔✎○✖∞–", strict=True))
OPEN_SECONDS = 300  # for an open task: its check trains for up to two minutes
# Without a network, in namespaces that need no right of root; or with root's.
CUT_OFF = ["--net", "--pid", "--fork", "--kill-child"]
CUT_OFF = [["unshare", "--map-root-user", *CUT_OFF], ["unshare", *CUT_OFF]]


@dataclasses.dataclass
class Grade:
    """How a student answered an exercise.

    Attributes:
        student: name of the student's file or folder.
        exercise: the exercise's name.
        outcome: one of `OUTCOMES`.
        mistake: id of a mistake in docs/mistakes.md, or None.
        message: what the check said, or why there is no answer.
    """

    student: str
    exercise: str
    outcome: str
    mistake: str | None
    message: str


def add_command(commands):
    """Add the command `grade` to editions.py's commands."""
    parser = commands.add_parser(
        "grade",
        help="how the notebooks in a folder answer the exercises",
        description="Run the exercises of all notebooks in a folder, each in a process "
        "of its own, and write grades.csv and grades.html. Linux only. Exit code 0: "
        "everything was graded, whatever the outcomes.",
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="with *.ipynb")
    parser.add_argument("--lesson", help="such as 03; else what the notebooks check")
    parser.add_argument("--out", type=Path, help="folder to write to; else FOLDER")
    parser.add_argument(
        "--seconds",
        type=int,
        default=30,
        help=f"for one exercise (default 30); an open task gets {OPEN_SECONDS}",
    )
    parser.add_argument(
        "--memory", type=float, default=2, help="GB for one exercise (default 2)"
    )
    parser.add_argument(
        "--file-size", type=float, default=50, help="MB of one file (default 50)"
    )
    parser.add_argument(
        "--workers", type=int, default=os.cpu_count(), help="default: one for each core"
    )
    parser.add_argument(
        "--no-open-tasks", action="store_true", help="leave out what trains for minutes"
    )
    parser.add_argument(
        "--open-network",
        action="store_true",
        help="go on where the system cannot cut off the network",
    )
    parser.set_defaults(do=_grade)


def _grade(options):
    """Grade a folder, write both files and return the exit code."""
    if not sys.platform.startswith("linux"):
        raise ValueError("grade runs under Linux alone: use WSL or the course's image")
    for name in ("seconds", "memory", "file_size", "workers"):
        option = f"--{name.replace('_', '-')}"
        checks.number(option, vars(options)[name], above=0, most=1e6)
    notebooks = read_notebooks(options.folder)
    lesson = options.lesson or lesson_of(notebooks.values())
    tasks = tasks_of_lesson(lesson)
    if options.no_open_tasks:
        tasks = [task for task in tasks if not task.exercise.is_open]
    prefix = network_prefix(options.open_network)
    limits = {
        "memory": int(options.memory * 1e9),
        "file_size": int(options.file_size * 1e6),
    }
    grades = grade(notebooks, tasks, options.seconds, limits, options.workers, prefix)
    out = options.out or options.folder
    out.mkdir(parents=True, exist_ok=True)
    write_csv(grades, out / "grades.csv")
    title = f"Lesson {int(lesson):02}"
    (out / "grades.html").write_text(page(grades, tasks, title), "utf-8")
    count = collections.Counter(grade.outcome for grade in grades)
    print(", ".join(f"{count[outcome]} {outcome}" for outcome in OUTCOMES))
    print(out / "grades.csv", out / "grades.html", sep="\n")
    return 0


def read_notebooks(folder):
    """Return the submitted notebooks below a folder.

    Args:
        folder: its notebooks, or those in a folder for each student, as nbgrader and
            Moodle keep them.

    Returns:
        Dict from a student's name to the notebook; to the reason, a text, where the
        file is no notebook.

    Raises:
        ValueError: there is none.
    """
    folder = Path(folder)
    paths = sorted(
        path.relative_to(folder)
        for path in folder.rglob("*.ipynb")
        if not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
    if not paths:
        raise ValueError(
            f"FOLDER must hold notebooks, got none below {folder}: give the folder "
            "with the students' .ipynb files"
        )
    several = collections.Counter(path.parts[0] for path in paths)
    found = {}
    for path in paths:
        alone = len(path.parts) > 1 and several[path.parts[0]] == 1
        student = path.parts[0] if alone else str(path.with_suffix(""))
        try:
            found[student] = nbformat.read(folder / path, as_version=4)
            [(cell.cell_type, cell.source) for cell in found[student].cells]
        except Exception as error:  # a broken file can make nbformat raise anything
            found[student] = f"the file is no notebook: {type(error).__name__}: {error}"
    return found


def lesson_of(notebooks):
    """Return the number of the lesson that most notebooks check exercises of.

    Raises:
        ValueError: none of them checks any.
    """
    found = collections.Counter()
    for notebook in notebooks:
        if not isinstance(notebook, str):
            text = "\n".join(cell.source for cell in notebook.cells)
            found[_most_common(re.findall(r"\blesson_(\d\d)\b", text))] += 1
    if lesson := _most_common([n for n in found.elements() if n]):
        return lesson
    raise ValueError("no notebook names its lesson: give --lesson NUMBER")


def _most_common(values):
    counted = collections.Counter(values).most_common(1)
    return counted[0][0] if counted else None


def network_prefix(open_network=False):
    """Return the command that starts another one without a network.

    Args:
        open_network: whether to go on, with an empty command, where there is none.

    Raises:
        ValueError: the system has none, and going on was not asked for.
    """
    for command in CUT_OFF:
        if shutil.which(command[0]):
            tried = subprocess.run([*command, "true"], capture_output=True)
            if tried.returncode == 0:
                return command
    if open_network:
        return []
    raise ValueError(
        "the network must be cut off from what students wrote, and unshare cannot do "
        "so here: allow user namespaces, run this as root of a container, or give "
        "--open-network"
    )


def cells_of(notebook, answer):
    """Return the sources that an exercise needs to run, in order, or None.

    Args:
        notebook: what a student handed in.
        answer: name of the function that the exercise asks for.

    Returns:
        The cell that binds the name, after those whose names it reads, without the
        lines that ask for a check; None if no cell binds it.
    """
    cells = Cells(notebook.cells)
    position = cells.binding(answer, len(notebook.cells))
    if position is None:
        broken = rf"^\s*(?:def|class)\s+{answer}\b|\.check\({answer}\)"
        for cell in notebook.cells:
            if cell.cell_type == "code" and re.search(broken, cell.source, re.M):
                return [cell.source]  # no Python: it will say so when it runs
        return None
    needed = cells.needed(cells.reads(position) - {answer}, position)
    return [_unchecked(cells.trees[place]) for place in [*needed, position]]


def _unchecked(tree):
    """Return a cell's source without statements that ask for a check or a hint."""
    asks = re.compile(r"\blesson_\d\d\.\w+\.(?:check|hint|solution)\(")
    kept = [node for node in tree.body if not asks.search(ast.unparse(node))]
    return ast.unparse(ast.Module(kept, tree.type_ignores))


def grade(notebooks, tasks, seconds, limits, workers, prefix):
    """Grade all notebooks and return the `Grade`s, by student and exercise.

    Args:
        notebooks: what `read_notebooks` returned.
        tasks: the lesson's `Task`s.
        seconds: for one exercise that is no open task.
        limits: dict of `memory` and `file_size`, in bytes.
        workers: how many exercises run at the same time.
        prefix: the command in front of a worker's, from `network_prefix`.
    """
    grades, waiting = {}, []
    for student, notebook in notebooks.items():
        for task in tasks:
            key, sources = (student, task.name), None
            grades[key] = Grade(*key, "missing", None, f"no cell defines {task.answer}")
            if isinstance(notebook, str):
                grades[key].message = notebook
            else:
                sources = cells_of(notebook, task.answer)
            if sources is not None:
                job = {"lesson": task.lesson, "exercise": task.name} | limits
                job |= {"answer": task.answer, "cells": sources, "seconds": seconds}
                if task.exercise.is_open:
                    job["seconds"] = OPEN_SECONDS
                waiting.append((key, job))
    # The long ones first, so that no core waits at the end for another.
    waiting.sort(key=lambda pair: -pair[1]["seconds"])
    for key, result in _run(waiting, workers, prefix):
        grades[key] = Grade(*key, **result)
    return list(grades.values())


def _run(waiting, workers, prefix):
    """Yield (key, result) of all jobs, with a progress bar."""
    jobs, done = queue.SimpleQueue(), queue.SimpleQueue()
    for pair in waiting:
        jobs.put(pair)

    def work():
        with contextlib.closing(Worker(prefix)) as worker:
            while True:
                try:
                    key, job = jobs.get_nowait()
                except queue.Empty:
                    return
                done.put((key, worker.answer(job)))

    def watched():
        try:
            work()
        except BaseException as error:
            done.put((None, error))

    for _ in range(min(workers, len(waiting))):
        threading.Thread(target=watched, daemon=True).start()
    for _ in tqdm(range(len(waiting)), "grading", unit="exercise"):
        key, result = done.get()
        if key is None:
            raise result
        yield key, result


class Worker:
    """A process that runs one exercise after another, started again when it dies."""

    def __init__(self, prefix):
        """Start it.

        Args:
            prefix: the command in front of its own.

        Raises:
            RuntimeError: it did not come up.
        """
        self._prefix = prefix
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115, closed by close
        self._home = tempfile.TemporaryDirectory(prefix="course-")
        self._process = self._start()

    def close(self):
        """End it."""
        self._process.stdin.close()
        self._process.kill()
        self._process.wait()
        self._errors.close()
        self._home.cleanup()

    def answer(self, job):
        """Return what came of a job, a dict of `outcome`, `mistake` and `message`."""
        try:
            print(json.dumps(job), file=self._process.stdin, flush=True)
            return json.loads(self._process.stdout.readline())
        except (OSError, ValueError):
            self._process.kill()
            self._process.wait()
            self._process = self._start()
            message = "the process ended the worker that had started it"
            return {"outcome": "died", "mistake": None, "message": message}

    def _start(self):
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8"}
        process = subprocess.Popen(
            [*self._prefix, sys.executable, WORKER],
            env=environment | offline_environment(self._home.name),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            encoding="utf-8",
            start_new_session=True,
            cwd=course.ROOT,
        )
        if process.stdout.readline() != '"ready"\n':
            process.kill()
            self._errors.seek(0)
            raise RuntimeError("the worker did not start:\n" + self._errors.read())
        return process


def write_csv(grades, path):
    """Write grades to a file that spreadsheets open as text, not as formulas."""

    def plain(text):
        text = " ".join((text or "").split())
        return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text

    # With the mark that tells Excel that it is UTF-8.
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow([field.name for field in dataclasses.fields(Grade)])
        for grade in grades:
            writer.writerow(map(plain, dataclasses.astuple(grade)))


def page(grades, tasks, title):
    """Return the summary as HTML; every text that it was given is escaped.

    Args:
        grades: list of `Grade`s.
        tasks: the `Task`s that were graded.
        title: the page's heading.
    """
    students = list(dict.fromkeys(grade.student for grade in grades))
    by_place = {(grade.student, grade.exercise): grade for grade in grades}
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(PAGE.read_text("utf-8")).render(
        title=title,
        day=datetime.date.today().isoformat(),
        students=students,
        tasks=tasks,
        grades=by_place,
        mistakes=mistakes_made(grades, tasks),
        unnamed=[g for g in grades if g.outcome == "not yet" and not g.mistake],
        stopped=[g for g in grades if g.outcome in ("died", "timed out")],
        counts=collections.Counter((g.exercise, g.outcome) for g in grades),
        outcomes=OUTCOMES,
        signs=SIGNS,
    )


def mistakes_made(grades, tasks):
    """Return the mistakes of the class, most frequent first.

    Returns:
        List of dicts of `id`, `exercise`, `message` and `students`.
    """
    made = collections.defaultdict(list)
    for grade in grades:
        if grade.mistake:
            made[grade.exercise, grade.mistake].append(grade)
    messages = {
        (task.name, mistake.id): mistake.message
        for task in tasks
        for mistake in reversed(task.exercise.mistakes)
    }
    return [
        {
            "id": id,
            "exercise": exercise,
            "message": messages.get((exercise, id)) or exercises.GENERAL[id],
            "students": [grade.student for grade in those],
        }
        for (exercise, id), those in sorted(
            made.items(), key=lambda item: (-len(item[1]), item[0])
        )
    ]
