"""tools/grading.py keeps what students wrote apart, and says what came of it."""

import copy
import csv
import html.parser
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import assigning
import course
import editions
import grading
import grading_worker
import nbformat
import pytest
import tasks
from lesson import Lesson
from tiny_notebooks import code, write

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="grading needs Linux"
)
LESSONS = [path.name[:2] for path in course.lessons()]
try:
    CUT_OFF = grading.network_prefix()
except ValueError:
    CUT_OFF = None
needs_namespaces = pytest.mark.skipif(not CUT_OFF, reason="no user namespaces here")
RIGHT = "def ink_share(image):\n    return (image > 0).mean()"
SETUP = (
    "import numpy as np\nimport os, signal, socket, subprocess, sys, time\n"
    "from course_utils.exercises import lesson_00"
)
CHECK = "\n\n\nlesson_00.ink_share.check(ink_share)"
NASTY = "<img src=x onerror=document.title='taken'>"


def in_ink_share(line):
    return f"def ink_share(image):\n    {line}\n    return (image > 0).mean()"


def grade(folder, *options):
    """Grade a folder and return the rows of its CSV, by student and exercise."""
    arguments = ["grade", str(folder), *options]
    if not CUT_OFF:
        arguments.append("--open-network")
    assert editions.main(arguments) == 0
    return rows_of(folder / "grades.csv")


def rows_of(path):
    with path.open(newline="", encoding="utf-8-sig") as file:
        return {(row["student"], row["exercise"]): row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def listener():
    """A port of this machine at which somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        yield server


@pytest.fixture(scope="module")
def graded(tmp_path_factory, listener):
    """The rows for a class in which everything goes wrong, and the folder."""
    folder = tmp_path_factory.mktemp("class")
    port = listener.getsockname()[1]
    reach = f"socket.create_connection(('127.0.0.1', {port}), 2)"
    answers = {
        "right": RIGHT,
        "helper": "def share(x):\n    return (x > 0).mean()" + "\n\n\n" + RIGHT,
        "assigned": "ink_share = lambda image: float(np.mean(image > 0))",
        "wrong": "def ink_share(image):\n    return 17.25",
        "raises": in_ink_share(f'raise ValueError("{NASTY}")'),
        NASTY: "def ink_share(image):\n    return 17.25",
        "stub": 'def ink_share(image):\n    """Return it."""\n    ...',
        "syntax": "def ink_share(image:\n    return 1",
        "cell raises": RIGHT + "\n1 / 0",
        "leaves": in_ink_share("os._exit(3)"),
        "leaves as if done": in_ink_share("os._exit(0)"),
        "aborts": in_ink_share("os.abort()"),
        "endless cell": "while True:\n    pass\n" + RIGHT,
        "swallows": RIGHT + "\nwhile True:\n    try:\n        time.sleep(9)\n"
        "    except BaseException:\n        pass",
        "exit": RIGHT + "\nsys.exit()",
        "memory": RIGHT + "\nnp.ones(3 * 10**9)",
        "file": RIGHT + "\nwith open('big', 'wb') as f:\n"
        "    for _ in range(80):\n        f.write(bytes(10**6))",
        "network": RIGHT + f"\n{reach}",
        "leaves a file": RIGHT + "\nopen('left', 'w').close()\n"
        "open(os.path.expanduser('~/left'), 'w').close()",
        "looks for files": RIGHT + "\nassert os.listdir() == []\n"
        "assert os.listdir(os.path.expanduser('~')) == []",
        "prints": RIGHT + "\nprint('{}' * 10**5)\nos.write(1, b'{}\\n')",
        "asks": RIGHT + "\ninput()",
    }
    if CUT_OFF:  # without a namespace these would reach the tests themselves
        answers["kills all"] = RIGHT + (
            "\ntry:\n    os.kill(-1, signal.SIGKILL)"
            "\nexcept ProcessLookupError:\n    pass  # it is alone"
        )
        answers["daemon"] = RIGHT + (
            "\nsubprocess.Popen(['sleep', '4711'], start_new_session=True)"
        )
    for student, answer in answers.items():
        write(folder / f"{student}.ipynb", code(SETUP), code(answer + CHECK))
    write(folder / "deleted.ipynb", code(SETUP), "No exercise is left.")
    (folder / "broken.ipynb").write_text("{")
    (folder / "list.ipynb").write_text("[]")
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / ".ipynb_checkpoints/right-checkpoint.ipynb").write_text("{")
    (folder / "kim/00").mkdir(parents=True)
    write(folder / "kim/00/exercises.ipynb", code(SETUP), code(RIGHT + CHECK))
    rows = grade(folder, "--seconds", "8")
    return {student: row for (student, _), row in rows.items()}, folder


@pytest.mark.slow
@pytest.mark.parametrize(
    ("student", "outcome", "message"),
    [
        ("right", "correct", "right in all"),
        ("helper", "correct", "right in all"),
        ("assigned", "correct", "right in all"),
        ("kim", "correct", "right in all"),
        ("wrong", "not yet", "your function gave 17.25"),
        ("raises", "not yet", "raised ValueError: <img"),
        ("stub", "to do", "write ink_share"),
        ("syntax", "not yet", "its cells raise SyntaxError"),
        ("cell raises", "not yet", "its cells raise ZeroDivisionError"),
        ("leaves", "died", "exit code 3"),
        ("leaves as if done", "died", "exit code 0"),
        ("aborts", "died", "ended by SIGABRT"),
        ("endless cell", "timed out", "stopped after 8 seconds"),
        ("swallows", "timed out", "stopped after 8 seconds"),
        ("exit", "not yet", "its cells raise SystemExit"),
        ("memory", "not yet", "its cells raise .*MemoryError"),
        ("file", "not yet", "its cells raise OSError: .*File too large"),
        ("leaves a file", "correct", "right in all"),
        ("looks for files", "correct", "right in all"),
        ("prints", "correct", "right in all"),
        ("asks", "not yet", "its cells raise EOFError"),
        ("deleted", "missing", "no cell defines ink_share"),
        ("broken", "missing", "the file is no notebook"),
        ("list", "missing", "the file is no notebook"),
        pytest.param("kills all", "correct", "right in all", marks=needs_namespaces),
        pytest.param("daemon", "correct", "right in all", marks=needs_namespaces),
        pytest.param(
            "network", "not yet", "Network is unreachable", marks=needs_namespaces
        ),
    ],
)
def test_each_outcome_is_told_apart(graded, student, outcome, message):
    row = graded[0][student]
    assert row["outcome"] == outcome, row
    assert re.search(message, row["message"]), row


@pytest.mark.slow
def test_every_student_is_graded_once_and_checkpoints_are_none(graded):
    notebooks = [p for p in graded[1].rglob("*.ipynb") if ".ipynb_ch" not in str(p)]
    assert len(graded[0]) == len(notebooks)


@pytest.mark.slow
@needs_namespaces
def test_nobody_came_through_the_network(graded, listener):
    with pytest.raises(TimeoutError):
        listener.accept()


@pytest.mark.slow
@needs_namespaces
def test_nothing_that_an_exercise_started_is_left(graded):
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{process}/cmdline", "rb") as file:
                assert b"4711" not in file.read().split(b"\0")
        except OSError:
            pass  # it has ended meanwhile


class Tags(html.parser.HTMLParser):
    """The names of a page's elements, and its text."""

    def __init__(self, text):
        super().__init__()
        self.names, self.text = set(), ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.names.add(tag)
        assert not any(name.startswith("on") for name, _ in attributes)

    def handle_data(self, data):
        self.text += data


@pytest.mark.slow
def test_what_students_wrote_is_text_on_the_page(graded):
    page = Tags((graded[1] / "grades.html").read_text("utf-8"))
    assert page.text.count(NASTY) >= 3  # a file's name, twice or more, and a message
    assert not page.names & {"img", "script", "iframe", "a"}


@pytest.mark.slow
def test_forking_is_safe_where_tensorflow_is_imported_and_nothing_computed():
    program = (
        "import os, sys; sys.path.insert(0, 'tools'); import grading_worker as w; "
        "import importlib; os.environ.update(w.SETTINGS); "
        "[importlib.import_module(name) for name in w.WARM]; "
        "from tensorflow.python.eager import context; "
        "print(w.count_threads(), context.context()._initialized); "
        "import tensorflow as tf; tf.constant(1); "
        "print(w.count_threads() > 1, context.context()._initialized)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=course.ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    # The second line: the door would notice, were anything computed before the fork.
    assert run.stdout.split() == ["1", "False", "True", "True"]


def test_a_worker_with_a_second_thread_refuses_to_fork(monkeypatch):
    monkeypatch.setattr(grading_worker, "WARM", [])
    monkeypatch.setattr(grading_worker, "count_threads", lambda: 2)
    monkeypatch.setattr(os, "dup2", lambda *_: None)
    with pytest.raises(RuntimeError, match="must have one thread before it forks, got"):
        grading_worker.main()


def test_without_namespaces_grading_stops_unless_told_to_go_on(monkeypatch):
    monkeypatch.setattr(grading, "CUT_OFF", [["false"], ["no-such-program"]])
    with pytest.raises(ValueError, match="the network must be cut off"):
        grading.network_prefix()
    assert grading.network_prefix(open_network=True) == []


def test_the_lesson_is_that_of_most_notebooks(tmp_path):
    for name, number in ("a", "03"), ("b", "03"), ("c", "05"):
        write(tmp_path / f"{name}.ipynb", code(f"lesson_{number}.x.check(x)"))
    notebooks = grading.read_notebooks(tmp_path)
    assert grading.lesson_of(notebooks.values()) == "03"


def test_notebooks_that_name_no_lesson_are_refused(tmp_path):
    write(tmp_path / "a.ipynb", code("1"))
    with pytest.raises(ValueError, match="give --lesson NUMBER"):
        grading.lesson_of(grading.read_notebooks(tmp_path).values())


def test_a_folder_for_each_student_names_the_student(tmp_path):
    for name in ("kim/x", "lou/x", "lou/y"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        write(tmp_path / f"{name}.ipynb", code("1"))
    assert [*grading.read_notebooks(tmp_path)] == ["kim", "lou/x", "lou/y"]


def test_only_what_the_exercise_reads_runs_and_nothing_is_checked(tmp_path):
    path = write(
        tmp_path / "a.ipynb",
        code("import math"),
        code("raise RuntimeError('a cell that nothing needs')"),
        code("%time\nbase = 2\nlesson_00.ink_share.hint()"),
        code("def my_power(n):\n    return 0"),
        code("def my_power(n):\n    return math.pow(base, n)\nx.check(my_power)"),
    )
    notebook = nbformat.read(path, as_version=4)
    sources = grading.cells_of(notebook, "my_power")
    assert len(sources) == 3
    space = {"x": None}
    exec("\n".join(sources).replace("x.check(my_power)", ""), space)
    assert space["my_power"](3) == 8


def test_a_spreadsheet_opens_no_formula(tmp_path):
    row = grading.Grade("=1+1", "x", "not yet", None, '-1 "a",\nb')
    grading.write_csv([row], tmp_path / "g.csv")
    (row,) = rows_of(tmp_path / "g.csv").values()
    assert (row["student"], row["message"]) == ("'=1+1", '\'-1 "a", b')


def test_the_most_frequent_mistake_comes_first():
    found = tasks.tasks_of_lesson("03")[1:3]
    one, two = (task.exercise.mistakes[0] for task in found)
    made = [("a", found[0], one), ("a", found[1], two), ("b", found[1], two)]
    grades = [
        grading.Grade(student, task.name, "not yet", mistake.id, "words")
        for student, task, mistake in made
    ]
    grades.append(grading.Grade("b", found[0].name, "correct", None, "right"))
    first, second = grading.mistakes_made(grades, found)
    assert (first["id"], first["students"]) == (two.id, ["a", "b"])
    assert (second["id"], second["students"]) == (one.id, ["a"])
    page = grading.page(grades, found, "Lesson 03")
    assert page.index(two.id) < page.index(one.id)


def planted(number, folder):
    """Write three students' notebooks; return what each exercise should come to."""
    lesson = Lesson(tasks.lesson_path(number))
    base = nbformat.read(assigning.write_plain(lesson, folder / ".plain"), as_version=4)
    found = {task.name: task for task in tasks.tasks_of(lesson)}

    def mistaken(task):
        wrong = f"lesson_{number}.{task.name}.mistakes[0].function"
        return f"{task.answer} = {wrong}"

    expected = {}
    for student, fill in {
        "solved": tasks.with_solution,
        "untouched": lambda task: task.stub.source,
        "mistaken": mistaken,
    }.items():
        notebook = copy.deepcopy(base)
        for cell in notebook.cells:
            if task := found.get(cell.id):
                cell.source = fill(task)
        nbformat.write(notebook, folder / f"{student}.ipynb")
    for name, task in found.items():
        first = task.exercise.mistakes[0].id
        expected["solved", name] = [("correct", "")]
        # A stub to mend holds a mistake, and the check says which.
        known = {mistake.id for mistake in task.exercise.mistakes}
        mends = [("not yet", id) for id in known]
        empty = task.stub.source.count("...") == 1
        expected["untouched", name] = [("to do", "")] if empty else mends
        expected["mistaken", name] = [("not yet", first)]
    return expected


@pytest.mark.slow
@pytest.mark.parametrize("number", LESSONS)
def test_what_was_assigned_and_answered_is_what_the_grades_say(number, tmp_path):
    expected = planted(number, tmp_path)
    rows = grade(tmp_path)
    assert rows.keys() == expected.keys()
    for key, row in rows.items():
        assert (row["outcome"], row["mistake"]) in expected[key], row


@pytest.mark.slow
def test_open_tasks_can_be_left_out(tmp_path):
    planted("03", tmp_path)
    rows = grade(tmp_path, "--no-open-tasks", "--workers", "1")
    assert {exercise for _, exercise in rows} == {
        task.name for task in tasks.tasks_of_lesson("03") if not task.exercise.is_open
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["grade", "nowhere"], "FOLDER must hold notebooks"),
        (["grade", "file"], "FOLDER must hold notebooks"),
        (["grade", ".", "--seconds", "0"], "--seconds must be above 0"),
        (["grade", ".", "--memory", "nan"], "--memory must be finite"),
        (["grade", ".", "--memory", "1e99"], "--memory must be at most"),
        (
            ["grade", ".", "--workers", "-1"],
            "--workers must be above 0",
        ),
        (["grade", ".", "--file-size", "-1"], "--file-size must be above 0"),
        (["grade", "class", "--lesson", "99"], "LESSON must be one of 00"),
        (["grade", "class"], "give --lesson"),
    ],
)
def test_what_cannot_be_graded_is_said_in_a_line(
    arguments, message, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("no folder")
    Path("class").mkdir()
    write(Path("class/empty.ipynb"), "Nothing here.")
    assert editions.main(arguments) == 1
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


@pytest.mark.slow
def test_grading_leaves_nothing_in_the_clone(tmp_path):
    write(tmp_path / "ada.ipynb", code(SETUP), code(RIGHT + CHECK))
    before = {*course.ROOT.iterdir()}
    grade(tmp_path)
    assert {*course.ROOT.iterdir()} == before
