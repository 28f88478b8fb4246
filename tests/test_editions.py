"""Solved and assigned editions are made from the learners' notebooks."""

import ast
import re
from pathlib import Path

import assigning
import course
import editions
import nbformat
import pytest
import tasks
from lesson import Lesson
from tiny_notebooks import code, notebook

HIDDEN = assigning.EXAMPLE
LESSONS = [path.name[:2] for path in course.lessons()]
# Open tasks train for half a minute; test_grading.py has their solutions judged.
CASES = [
    pytest.param(number, task, id=f"{number}-{task.name}")
    for number in LESSONS
    for task in tasks.tasks_of_lesson(number)
    if not task.exercise.is_open
]


def code_of(path):
    cells = nbformat.read(path, as_version=4).cells
    return [cell for cell in cells if cell.cell_type == "code"]


def run(cells):
    """Execute the set-up's imports and what else the cells hold; return the names."""
    names = {}
    for cell in cells:
        if "google.colab" not in cell.source:
            exec(re.sub(r"^tf\.config.*$", "", cell.source, flags=re.M), names)
    return names


@pytest.mark.parametrize("number", LESSONS)
def test_a_solved_lesson_differs_from_the_learners_in_its_exercises_alone(number):
    lesson = Lesson(tasks.lesson_path(number))
    new = editions.solved(lesson)
    nbformat.validate(new)
    stubs = {task.position for task in tasks.tasks_of(lesson)}
    pairs = zip(lesson.cells, new.cells, strict=True)
    changed = {k for k, (old, cell) in enumerate(pairs) if old.source != cell.source}
    assert changed == stubs
    assert not any(cell.get("outputs") for cell in new.cells)


@pytest.mark.parametrize(("number", "task"), CASES)
def test_the_solved_cell_is_correct(number, task):
    lesson = Lesson(tasks.lesson_path(number))
    notebook = editions.solved(lesson)
    position = task.position
    needed = assigning._needed(lesson)
    names = run([*needed, notebook.cells[position]])
    assert task.exercise._last.outcome == "correct", task.exercise._last
    assert callable(names[task.answer])


def test_solve_writes_the_lessons_that_are_named(tmp_path, capsys):
    assert editions.main(["solve", str(tmp_path), "3", "08"]) == 0
    written = [path.name for path in sorted(tmp_path.iterdir())]
    assert written == ["03_raw_cnn.ipynb", "08_scaling_out.ipynb"]
    assert "03_raw_cnn.ipynb" in capsys.readouterr().out


def test_solve_refuses_the_learners_own_folder(capsys):
    assert editions.main(["solve", str(course.NOTEBOOKS)]) == 1
    assert "OUT must not be the learners' folder" in capsys.readouterr().err


@pytest.mark.slow
def test_solve_runs_a_lesson_and_keeps_what_its_checks_answer(tmp_path, capsys):
    assert editions.main(["solve", str(tmp_path), "00", "--run"]) == 0
    assert ": 1 of 1 checks correct, " in capsys.readouterr().out
    solved = Lesson(next(tmp_path.glob("*.ipynb")))
    (answer,) = editions.answered(solved)
    assert answer[0] == "ink_share"
    assert answer[1].startswith("✔ correct")


@pytest.mark.slow
def test_solve_fails_where_a_check_is_not_correct(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(editions, "with_solution", lambda task: task.stub.source)
    assert editions.main(["solve", str(tmp_path), "00", "--run"]) == 1
    assert "ink_share: ○ to do" in capsys.readouterr().out


@pytest.mark.parametrize("number", LESSONS)
def test_a_plain_assignment_has_the_exercises_and_little_else(number, tmp_path, capsys):
    assert editions.main(["assign", number, str(tmp_path)]) == 0
    path = tmp_path / f"exercises_{number}.ipynb"
    assert capsys.readouterr().out.strip() == str(path)
    nbformat.validate(nbformat.read(path, as_version=4))
    found = tasks.tasks_of_lesson(number)
    cells = code_of(path)
    stubs = [cell for cell in cells if ".check(" in cell.source]
    assert [cell.id for cell in stubs] == [task.name for task in found]
    assert len(cells) - len(stubs) <= 4
    text = nbformat.writes(nbformat.read(path, as_version=4))
    assert "nbgrader" not in text
    assert ".solution()" not in text
    for task in found:
        assert tasks.solution_of(task) not in "\n".join(cell.source for cell in cells)


@pytest.mark.parametrize("number", LESSONS)
def test_an_assignment_runs_as_it_stands(number, tmp_path):
    path = assigning.write_plain(Lesson(tasks.lesson_path(number)), tmp_path)
    found = tasks.tasks_of_lesson(number)
    run(code_of(path))
    for task in found:
        planted = {mistake.id for mistake in task.exercise.mistakes}
        answer = task.exercise._last
        assert answer.outcome == "to do" or answer.mistake in planted, answer


def test_an_exercise_that_needs_a_cell_that_trains_is_refused():
    stub = (
        "def ink_share(image):\n    return image.mean() * scale\n\n\n"
        "lesson_00.ink_share.check(ink_share)"
    )
    training = "for epoch in range(3):\n    scale = epoch"
    task = "### Exercise: ink\nReturn it."
    cells = [code("import os"), code(training), task, code(stub)]
    lesson = Lesson("00_tiny.ipynb", notebook(*cells))
    with pytest.raises(ValueError, match="which trains or holds an answer"):
        assigning._needed(lesson)


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """nbgrader's instructor version of lesson 03, with the example's hidden tests."""
    out = tmp_path_factory.mktemp("nbgrader")
    lesson = Lesson(tasks.lesson_path("03"))
    path = assigning.write_nbgrader(lesson, out, HIDDEN)
    return nbformat.read(path, as_version=4)


def marks(cell):
    return cell.metadata.nbgrader


def test_nbgrader_finds_each_cell_under_one_name(source):
    nbformat.validate(source)
    ids = [marks(cell).grade_id for cell in source.cells if "nbgrader" in cell.metadata]
    assert len(ids) == len(set(ids)) == len(source.cells)


def test_nbgrader_gets_a_solution_a_check_and_points_for_each_exercise(source):
    by_id = {marks(cell).grade_id: cell for cell in source.cells}
    for task in tasks.tasks_of_lesson("03"):
        stub, check = by_id[task.name], by_id[f"{task.name}-check"]
        assert marks(stub).solution and not marks(stub).locked
        assert "### BEGIN SOLUTION" in stub.source
        assert marks(check).grade and marks(check).locked
        assert marks(check).points > 0
        assert f".check({task.answer})" in check.source


def test_nbgrader_gets_questions_for_a_person_to_grade(source):
    pairs = zip(source.cells, source.cells[1:], strict=False)
    asked = [pair for pair in pairs if "-question-" in marks(pair[0]).grade_id]
    assert asked
    for question, answer in asked:
        assert question.source.endswith("?**")
        assert marks(question).locked
        assert answer.cell_type == "markdown"
        assert marks(answer).grade and marks(answer).solution


def test_hidden_tests_do_not_go_through_check(source):
    hidden = [c.source for c in source.cells if "-hidden-" in marks(c).grade_id]
    assert len(hidden) == 5
    for text in hidden:
        shown, _, secret = text.partition("### BEGIN HIDDEN TESTS\n")
        assert "assert" not in shown
        assert "check" not in secret
        assert secret.endswith("### END HIDDEN TESTS")


def test_the_examples_hidden_tests_accept_the_solutions_and_refuse_stubs(source):
    exercises = {task.name: task for task in tasks.tasks_of_lesson("03")}
    for cell in source.cells:
        name, _, count = marks(cell).grade_id.partition("-hidden-")
        if count:
            answer = exercises[name].answer
            exec(cell.source, {answer: exercises[name].exercise._solution})
            with pytest.raises(AssertionError, match="failed"):
                exec(cell.source, {answer: lambda *_: None})


def test_a_cell_with_a_solution_redefines_the_stub(source):
    (cell,) = [c for c in source.cells if marks(c).grade_id == "output_size"]
    functions = [node for node in ast.parse(cell.source).body if hasattr(node, "name")]
    assert [node.name for node in functions] == ["output_size", "output_size"]


def test_settings_that_are_there_are_kept(tmp_path):
    settings = tmp_path / "nbgrader_config.py"
    settings.write_text("mine = 1")
    assigning.write_nbgrader(Lesson(tasks.lesson_path("00")), tmp_path)
    assert settings.read_text() == "mine = 1"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("def test_a(other): pass", "test_a must have one argument, one of "),
        ("def test_a(max_pool, train): pass", r"got \(max_pool, train\): "),
        ("import numpy", "FILE must define functions test_"),
    ],
)
def test_a_hidden_test_for_no_exercise_is_refused(text, message, tmp_path):
    file = tmp_path / "hidden.py"
    file.write_text(text)
    with pytest.raises(ValueError, match=message):
        assigning.write_nbgrader(Lesson(tasks.lesson_path("03")), tmp_path, file)


def test_hidden_tests_in_the_course_are_refused(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(course, "ROOT", tmp_path)
    file = tmp_path / "hidden.py"
    file.write_text(HIDDEN.read_text("utf-8"))
    arguments = ["assign", "03", str(tmp_path), "--nbgrader", "--hidden", str(file)]
    assert editions.main(arguments) == 1
    assert "FILE must lie outside the course's folder" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["solve"], ["assign"], ["grade"]])
def test_every_command_answers_help(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        editions.main([*arguments, "--help"])
    assert ended.value.code == 0
    assert "usage: " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["assign", "12", "x"], "LESSON must be one of 00"),
        (["assign", "03", "x", "--hidden", "y"], "--hidden is for nbgrader"),
        (["assign", "\u0663", "x"], "LESSON must be one of 00"),
        (["solve", "x", "3", "../03"], "LESSON must be one of 00"),
        (["assign", "03", "file/x"], "file"),
        (["assign", "03", "x", "--nbgrader", "--hidden", "none.py"], "none.py"),
        (["assign", "03", "x", "--nbgrader", "--hidden", "."], "director"),
        (
            ["assign", "03", "x", "--nbgrader", "--hidden", "file"],
            "FILE must be",
        ),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(
    arguments, message, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("no Python, and no folder\x00")
    assert editions.main(arguments) == 1
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
