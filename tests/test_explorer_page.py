"""docs/explorers.md knows the explorers of all lessons; its times are measured."""

import re

import explorer_page
import pytest
from course import lessons
from lesson import Lesson, explorer_of

PAGE = explorer_page.PAGE.read_text("utf-8")


def explorers_in_lessons():
    """Return the (lesson, name) of all explorers and pads that the lessons open."""
    return {
        (path.name[:2], name)
        for path in lessons()
        for cell in Lesson(path).code
        if (name := explorer_of(cell.source))
    }


def test_every_explorer_has_a_row_with_a_measured_time():
    rows = re.findall(
        r"^\| (\d\d) \| `(\w+)` \| .+ \| (\d+ ms) \|$",
        PAGE,
        re.MULTILINE,
    )
    assert {(lesson, name) for lesson, name, _ in rows} == explorers_in_lessons()


def test_every_picture_that_the_page_shows_is_there_and_none_is_left_over():
    shown = set(re.findall(r"\]\(explorers/(\w+\.png)\)", PAGE))
    assert shown == {file.name for file in explorer_page.PICTURES.glob("*.png")}


def test_new_times_go_into_their_rows_and_others_stay():
    text = "| 03 | `logits` | why | 12 ms |\n| 04 | `logits` | why | 13 ms |\n"
    changed, missing = explorer_page.with_times(text, {("03", "logits"): 0.0456})
    assert changed == text.replace("12 ms", "46 ms")
    assert missing == []
    _, missing = explorer_page.with_times(text, {("05", "graph"): 0.1})
    assert missing == [("05", "graph")]


class Slider:
    """A slider as the page describes it."""

    def __init__(self, now, least=0, most=3):
        self.now, self.least, self.most = now, least, most

    def get_attribute(self, name):
        ends = {"now": self.now, "min": self.least, "max": self.most}
        return str(ends.get(name.removeprefix("aria-value")))


class Box:
    """A box that can be marked, as the page describes it."""

    def get_attribute(self, name):
        return "checkbox" if name == "type" else None


@pytest.mark.parametrize(
    ("now", "move", "key"),
    [(0, 0, "Right"), (0, 1, "Right"), (2, 1, "Left"), (3, 0, "Left")],
)
def test_a_slider_goes_to_and_fro_within_its_ends(now, move, key):
    assert explorer_page.key_of(Slider(now), move) == f"Arrow{key}"


def test_a_box_is_marked_and_cleared_by_the_same_key():
    assert {explorer_page.key_of(Box(), move) for move in range(3)} == {"Space"}


def test_a_lesson_that_is_not_there_is_named(capsys):
    with pytest.raises(SystemExit):
        explorer_page.main(["99"])
    assert "no lesson is called 99" in capsys.readouterr().err
