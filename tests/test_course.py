"""The facts that tools and tests share are found, and agree with what repeats them."""

import json
import subprocess
import sys
import tomllib

import course
import lesson
import pytest
import set_home
import strip
from tiny_notebooks import code, notebook, write

SETTINGS = tomllib.loads((course.ROOT / "pyproject.toml").read_text("utf-8"))
FACTS = {"trains", "exact_cells", "exercises", "writes_file"}


def test_a_new_lesson_is_found_and_other_notebooks_are_not(tmp_path, monkeypatch):
    monkeypatch.setattr(course, "NOTEBOOKS", tmp_path)
    for name in ("08_new.ipynb", "00_old.ipynb", "scratch.ipynb", "1_x.ipynb"):
        (tmp_path / name).touch()
    assert [path.name for path in course.lessons()] == ["00_old.ipynb", "08_new.ipynb"]


def test_all_notebooks_of_the_course_are_lessons():
    assert course.lessons() == sorted(course.NOTEBOOKS.glob("*.ipynb"))


def test_pytest_and_the_tools_give_a_cell_the_same_time():
    options = SETTINGS["tool"]["pytest"]["ini_options"]["addopts"].split()
    assert f"--nbval-cell-timeout={course.CELL_TIMEOUT}" in options


def test_a_quiet_machine_has_less_than_a_busy_one_and_both_keep_the_budget():
    assert course.QUIET_MEMORY < course.BUSY_MEMORY < course.MEMORY_BUDGET
    assert course.MEMORY_BUDGET < course.BINDER_MEMORY


@pytest.mark.parametrize("path", course.lessons(), ids=lambda path: path.stem)
def test_a_lesson_states_known_facts_alone(path):
    assert set(lesson.Lesson(path).facts) <= FACTS


def test_facts_of_a_lesson_survive_the_tools(tmp_path):
    facts = {"trains": True, "exact_cells": [2, 10]}
    (tmp_path / "notebooks").mkdir()
    path = write(tmp_path / "notebooks/00_tiny.ipynb", code(course.HOME))
    content = json.loads(path.read_text())
    content["metadata"] |= {"course": facts, "widgets": {"state": {}}}
    path.write_text(json.dumps(content))
    (tmp_path / "pyproject.toml").write_text(f'[tool.course]\nhome = "{course.HOME}"\n')
    assert strip.strip(path) == 0
    assert set_home.main(["ada/digits"], tmp_path) == 0
    after = json.loads(path.read_text())
    assert "ada/digits" in str(after["cells"])
    assert after["metadata"]["course"] == facts
    assert "widgets" not in after["metadata"]


def test_a_lesson_without_facts_has_none():
    assert lesson.Lesson("00_tiny.ipynb", notebook("# Title")).facts == {}


COMMANDS = [
    path
    for path in sorted((course.ROOT / "tools").glob("*.py"))
    if "__main__" in path.read_text("utf-8")
    and path.name != "grading_worker.py"  # tools/grading.py starts it, nobody else
]


@pytest.mark.slow
def test_each_command_answers_help_and_does_nothing():
    running = {
        path.name: subprocess.Popen(
            [sys.executable, path, "--help"], stdout=subprocess.PIPE, text=True
        )
        for path in COMMANDS
    }
    for name, process in running.items():
        answer, _ = process.communicate(timeout=120)
        assert process.returncode == 0, name
        assert answer.startswith(f"usage: {name}"), name
