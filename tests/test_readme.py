"""What the README claims is tested or measured, and its ways to work lose nothing."""

import ast
import json
import re
import shutil
import subprocess

import course
import pytest
import refresh
from lesson import Lesson
from tasks import lesson_path

from course_utils import data

README = course.README.read_text("utf-8")
# Each claim of the list at the top, and where it is tested or measured.
CLAIMS = {
    "By hand first.": ["tests/test_notebooks.py", "tests/test_readme.py"],
    "You write it.": ["tests/exercises/test_every_lesson.py", "tests/test_tasks.py"],
    "It knows the mistakes.": ["tests/test_mistakes.py", "docs/mistakes.md"],
    "You touch it.": ["tests/browser/test_lessons_in_lab.py", "docs/explorers.md"],
    "It runs in the room.": ["tests/test_data.py", "docs/ledger.json"],
    "It is tested.": ["tests/test_ci.py", ".github/workflows/test.yml"],
}
needs_git = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")


def test_every_claim_has_a_place_where_it_is_tested_or_measured():
    top = README.partition("## The path")[0]
    assert re.findall(r"^- \*\*(.*?)\*\*", top, re.MULTILINE) == [*CLAIMS]
    for place in (place for places in CLAIMS.values() for place in places):
        assert (course.ROOT / place).is_file(), place


def test_backpropagation_by_hand_has_fourteen_lines():
    assert "backpropagation is fourteen lines of NumPy" in README
    (backward,) = [
        node
        for _, tree in Lesson(lesson_path("02")).syntax_trees
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name == "backward"
    ]
    assert len(ast.unparse(backward).splitlines()) == 14


def test_all_digits_ship_with_the_course():
    assert "All 70,000 digits ship with the course" in README
    (x_train, _), (x_test, _) = data.load_mnist()
    assert len(x_train) + len(x_test) == 70_000


def test_two_gigabytes_are_enough_for_a_lesson_with_jupyterlab():
    assert "2 GB are enough" in README
    kept = json.loads((course.ROOT / "docs/ledger.json").read_text("utf-8"))
    assert [*kept] == [path.stem for path in course.lessons()]
    most = max(entry["kernel_and_server_bytes"] for entry in kept.values())
    assert most < course.BINDER_MEMORY


def lines_with(words):
    """Return the README's command lines that hold some words."""
    blocks = re.findall(r"^```\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if words in line]


@pytest.mark.parametrize("words", ["jupyter lab", "pytest"])
def test_windows_does_what_linux_and_macos_do(words):
    posix, windows = lines_with(words)[:2]
    same = {
        "py -3.12": "python3",
        "\\": "/",
        ".venv/Scripts": ".venv/bin",
        "xcopy /E /I": "cp -R",
    }
    for theirs, ours in same.items():
        windows = windows.replace(theirs, ours)
    assert windows == posix


def test_what_the_start_copies_is_left_alone_by_git_and_ruff():
    ignored = (course.ROOT / ".gitignore").read_text("utf-8").splitlines()
    for line in lines_with("jupyter lab"):
        assert re.search(r"notebooks work .*jupyter lab work[/\\]00_start_here", line)
    assert "/work/" in ignored


def copying():
    """Return the command with which the README's start copies the notebooks."""
    (command,) = [c for c in lines_with("jupyter lab")[0].split(" && ") if "cp" in c]
    return command


class Class:
    """A repository that a teacher changes, and a learner's clone of it."""

    def __init__(self, folder):
        self.teacher, self.learner = folder / "teacher", folder / "learner"
        (self.teacher / "notebooks").mkdir(parents=True)
        shutil.copy(lesson_path("00"), self.teacher / "notebooks")
        shutil.copy(course.ROOT / ".gitignore", self.teacher)
        self.git(self.teacher, "init", "--quiet", "--initial-branch", "main")
        self.commit()
        self.git(folder, "clone", "--quiet", self.teacher, self.learner)

    @staticmethod
    def git(folder, *arguments):
        """Run git with a name, whoever runs the test; return the finished process."""
        name = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
        command = ["git", "-C", folder, *name, *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True)

    def commit(self):
        """Commit what the teacher has changed."""
        self.git(self.teacher, "add", "--all")
        assert self.git(self.teacher, "commit", "--message", "x").returncode == 0

    def new_version(self):
        """Change the lesson's first cell, and add a lesson."""
        path = self.teacher / "notebooks" / lesson_path("00").name
        text = path.read_text("utf-8")
        path.write_text(text.replace('"# ', '"# New: ', 1), "utf-8")
        shutil.copy(lesson_path("01"), path.parent)
        self.commit()


@pytest.fixture
def classroom(tmp_path):
    return Class(tmp_path)


@needs_git
@pytest.mark.slow
def test_a_learner_who_works_in_the_copy_pulls_without_a_conflict(classroom, tmp_path):
    learner = classroom.learner
    subprocess.run(copying(), shell=True, cwd=learner, check=True)
    mine = learner / "work" / lesson_path("00").name
    notebook, _, _ = refresh.run(mine, tmp_path)
    notebook.cells[-1].source += "\n\nmy own words"
    mine.write_bytes(refresh.stripped(notebook, tmp_path))
    kept = mine.read_bytes()
    classroom.new_version()
    pulled = classroom.git(learner, "pull")
    assert pulled.returncode == 0, pulled.stderr
    assert mine.read_bytes() == kept and b"my own words" in kept
    assert "# New: " in (learner / "notebooks" / mine.name).read_text("utf-8")
    assert (learner / "notebooks" / lesson_path("01").name).is_file()
    assert classroom.git(learner, "status", "--porcelain").stdout == ""


@needs_git
def test_without_the_copy_git_refuses_to_pull(classroom):
    path = classroom.learner / "notebooks" / lesson_path("00").name
    path.write_text(path.read_text("utf-8").replace('"# ', '"# Mine: ', 1), "utf-8")
    classroom.new_version()
    pulled = classroom.git(classroom.learner, "pull")
    assert pulled.returncode != 0
    assert "would be overwritten by merge" in pulled.stderr


@needs_git
def test_nbgitpuller_keeps_a_learners_lines_and_brings_back_a_renamed_file(classroom):
    """Its rule, tried with the tool itself where it is installed."""
    puller = pytest.importorskip("nbgitpuller.pull", reason="no nbgitpuller here")
    copy = classroom.learner.with_name("hub")

    def open_link():
        pull = puller.GitPuller(str(classroom.teacher), str(copy), branch="main")
        return list(pull.pull())

    open_link()
    path = copy / "notebooks" / lesson_path("00").name
    path.write_text(path.read_text("utf-8").replace('"# ', '"# Mine: ', 1), "utf-8")
    classroom.new_version()
    open_link()
    assert "# Mine: " in path.read_text("utf-8")
    path.rename(path.with_name("00_mine.ipynb"))
    open_link()
    assert "# New: " in path.read_text("utf-8")
    assert "# Mine: " in path.with_name("00_mine.ipynb").read_text("utf-8")
