"""docs/mistakes.md agrees with the exercises and with the lessons."""

import re

import course
import mistakes
import nbformat
import pytest


@pytest.fixture
def page():
    return mistakes.PAGE.read_text("utf-8")


def test_the_table_is_what_the_exercises_say(page):
    assert page == mistakes.written(page), "run python tools/mistakes.py"


def test_every_mistake_that_a_lesson_shows_stands_under_a_heading_of_that_lesson(page):
    headings = {}
    for path in course.lessons():
        cells = nbformat.read(path, as_version=4).cells
        text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
        headings[path.name] = set(re.findall(r"^#+ (.*)$", text, re.MULTILINE))
    where = mistakes.shown(page)
    assert len(where) >= 50
    assert list(where) == sorted(where)
    for id, place in where.items():
        link = re.fullmatch(r"\[\d\d\]\(\.\./notebooks/(\w+\.ipynb)\), \*(.*)\*", place)
        assert link, (id, place)
        assert link[2] in headings[link[1]], (id, place)


def test_every_mistake_has_a_fingerprint_and_is_shown_or_named(page):
    rows = [line.split(" | ") for line in page.splitlines() if line.startswith("| `")]
    ids = [row[0] for row in rows]
    assert len(ids) == len(set(ids)) >= 200
    for row in rows:
        *_, fingerprint, named = row
        assert len(fingerprint) > 10, row
        assert len(row) == 5 or re.search("lesson_|every exercise", named), row
    assert {f"| `{id}`" for id in mistakes.known()} <= set(ids)


def test_a_page_that_is_not_current_is_found(page, tmp_path, monkeypatch, capsys):
    copy = tmp_path / "mistakes.md"
    copy.write_text(page.replace("`label-broadcast`", "`label-broadcasts`"), "utf-8")
    monkeypatch.setattr(mistakes, "PAGE", copy)
    assert mistakes.main(["--check"]) == 1
    assert "run python tools/mistakes.py" in capsys.readouterr().out
    assert mistakes.main([]) == 0
    assert mistakes.main(["--check"]) == 0
