"""What docs/teaching.md says of the lessons stands in the lessons."""

import json
import re

import mistakes
import pytest
from course import OPENING, ROOT, lessons
from lesson import Lesson, texts_of

from course_utils.exercises import _causes

PAGE = (ROOT / "docs" / "teaching.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")
MISTAKES = (ROOT / "docs" / "mistakes.md").read_text("utf-8")
LESSONS = {path.name[:2]: Lesson(path) for path in lessons()}
MINUTES = {
    number: re.search(r"(\d+) minutes of study", lesson.cells[0].source)[1]
    for number, lesson in LESSONS.items()
}
NUMBER = re.compile(r"\d(?:[\d,.]*\d)?")
SHOWN = re.compile(r"^\| `([a-z0-9-]+)` \| \[(\d\d)\]", re.MULTILINE)


def section(number):
    """Return what the page says of a lesson."""
    return re.search(rf"(?s)\n### {number} (.*?)\n##", PAGE)[1]


def plan(title):
    """Return the rows of a plan's table, each a list of its cells."""
    text = PAGE.partition(f"\n### {title}\n")[2].partition("\n## ")[0]
    text = text.partition("\n### ")[0]
    rows = re.findall(r"^\| (?!-)(.*) \|$", text, re.MULTILINE)
    return [[cell.strip() for cell in row.split("|")] for row in rows][1:]


def test_every_lesson_has_its_section_under_its_own_name():
    titles = re.findall(r"^### (\d\d) (.*)$", PAGE, re.MULTILINE)
    assert [number for number, _ in titles] == [*LESSONS]
    for number, title in titles:
        assert f"[{number} {title}](notebooks/" in README


@pytest.mark.parametrize("number", LESSONS)
def test_the_minutes_are_those_of_the_lesson(number):
    assert OPENING.search(LESSONS[number].cells[0].source)
    assert re.findall(r"(\d+) minutes", section(number))[0] == MINUTES[number]


@pytest.mark.parametrize("number", LESSONS)
def test_every_number_stands_in_the_lesson(number):
    lesson = LESSONS[number]
    texts = [cell.source for cell in lesson.cells]
    texts += [texts_of(output) for cell in lesson.code for output in cell.outputs]
    there = {found for text in texts for found in NUMBER.findall(text)}
    said = set(NUMBER.findall(re.sub(r"\d+ minutes|\b0\d\b", "", section(number))))
    assert said - there == set()
    assert len(said) > 4


@pytest.mark.parametrize("number", LESSONS)
def test_every_section_asks_for_predictions_and_names_mistakes(number):
    text = section(number)
    assert "**Aim.**" in text and "**On the board.**" in text
    assert len(re.findall(r"^- \*[^*]+\?\*", text, re.MULTILINE)) >= 3
    assert re.search(r"[Ff]or\s+discussion", text)
    assert len(re.findall(r"\]\[named\]", text)) >= 4


@pytest.mark.parametrize("number", LESSONS)
def test_the_mistakes_are_shown_in_that_lesson_or_named_by_its_checks(number):
    shown = {id for id, lesson in SHOWN.findall(MISTAKES) if lesson == number}
    known = {
        id
        for id, (_, names) in mistakes.known().items()
        if any(f"lesson_{number}." in name for name in names)
    }
    known |= {*_causes.GENERAL}  # of the checks of all lessons
    text = section(number)
    assert {*re.findall(r"\[`([\w-]+)`\]\[shown\]", text)} <= shown
    assert {*re.findall(r"\[`([\w-]+)`\]\[named\]", text)} <= known


def test_the_long_plan_takes_all_lessons_and_no_session_more_than_90_minutes():
    rows = plan("Nine times 90 minutes")
    assert [row[1] for row in rows] == [*LESSONS]
    assert [row[2] for row in rows] == [f"{MINUTES[n]} min" for n in LESSONS]
    assert all(int(minutes) <= 90 for minutes in MINUTES.values())


def test_the_short_plan_adds_up():
    text = " ".join(cell for row in plan("A weekend") for cell in row)
    found = re.findall(r"((?:\d\d, )*\d\d) \((\d+) min\)", text)
    assert len(found) >= 5
    for numbers, minutes in found:
        assert sum(int(MINUTES[n]) for n in numbers.split(", ")) == int(minutes)


def test_the_hubs_figures_are_those_that_were_measured():
    load = json.loads((ROOT / "docs" / "hub" / "load.json").read_text("utf-8"))
    zero, three = (load["lessons"][number] for number in ("00", "03"))

    def pair(spread, unit):
        return f"{spread['median']} {unit}, {spread['most']} {unit}"

    for row in (
        f"two cores, 24 GB, {load['date']} | lesson 00 | lesson 03",
        f"median, slowest | {pair(load['start_seconds'], 's')} |",
        f"| {pair(zero['seconds'], 's')} | {pair(three['seconds'], 's')} |",
        f"| {pair(zero['kernel_mib'], 'MiB')} | {pair(three['kernel_mib'], 'MiB')} |",
        f"| {pair(zero['server_mib'], 'MiB')} | {pair(three['server_mib'], 'MiB')} |",
        f"| {zero['all_gib']} GiB | {three['all_gib']} GiB |",
    ):
        assert row in PAGE
    assert (load["learners"], load["machine"][:7]) == (12, "2 cores")
    assert f"{three['all_gib'] / load['learners']:.1f} GiB a learner" in PAGE
    alone = [re.search(rf"^\| \[{n} .*", README, re.MULTILINE)[0] for n in ("00", "03")]
    seconds = [int(re.search(r"min \| (\d+) s", row)[1]) for row in alone]
    assert f"(README) | {seconds[0]} s | {seconds[1]} s |" in PAGE
    assert f"{round(three['seconds']['median'] / seconds[1])} times as long" in PAGE
