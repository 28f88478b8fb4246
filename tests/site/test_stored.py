"""What the slides take is in the notebooks, and what is not there is refused."""

import re
import subprocess
import sys

import nbformat.v4 as v4
import pytest
from course import ROOT, lessons
from lesson import Lesson

TABLE = "name    loss\nfirst   1,250\nsecond -0.5e-3\n"
FIGURE = '<p><img alt="a &amp; b &lt;c&gt;" src="data:image/png;base64,AAAA"></p>'


@pytest.fixture
def lesson():
    """A lesson with one cell that prints, one that shows a figure, one with a value."""
    printing = v4.new_code_cell("for x in data:\n    if x:\n        print(x)\n")
    printing.outputs = [v4.new_output("stream", text=TABLE)]
    showing = v4.new_code_cell("plots.show(alt=alt)")
    data = {"text/html": FIGURE, "text/plain": "first of all"}
    showing.outputs = [v4.new_output("display_data", data=data)]
    giving = v4.new_code_cell("len(data)")
    giving.outputs = [v4.new_output("execute_result", data={"text/plain": "60074"})]
    return Lesson("99_x.ipynb", v4.new_notebook(cells=[printing, showing, giving]))


def test_a_figure_is_found_by_words_of_its_description(stored, lesson):
    image = ("a & b <c>", "data:image/png;base64,AAAA")
    assert stored.picture(lesson, "b <c>") == image


def test_what_a_figure_says_in_its_place_is_not_taken_as_printed(stored, lesson):
    assert stored.printed(lesson) == [TABLE, "60074"]


@pytest.mark.parametrize("path", lessons(), ids=lambda path: path.stem)
def test_figures_of_the_slides_are_described_so_without_sphinx(path):
    # Whoever changes a lesson has no Sphinx; what else a deck takes the build finds.
    deck = (ROOT / "site" / "slides" / f"{path.name[:2]}.md").read_text("utf-8")
    described = [alt for alt, _ in Lesson(path).pictures]
    for words in re.findall(r"^```\{picture\} (.*)$", deck, re.MULTILINE):
        assert sum(words in alt for alt in described) == 1, words


@pytest.mark.parametrize(
    "pattern, found",
    [
        ("first {}", "1,250"),
        ("second {}", "-0.5e-3"),
        ("first 1,250", None),
        ("third {}", None),
    ],
)
def test_a_number_is_found_by_the_words_around_it(stored, lesson, pattern, found):
    if found:
        assert stored.number(stored.printed(lesson), pattern) == found
    else:
        with pytest.raises(LookupError):
            stored.number(stored.printed(lesson), pattern)


def test_a_number_that_another_run_changes_can_be_passed_over(stored):
    line = "200 steps: loss 0.5, accuracy 98.35%"
    assert stored.number([line], "loss {_}, accuracy {}%") == "98.35"


def test_a_pattern_that_fits_two_numbers_is_refused(stored):
    with pytest.raises(LookupError, match="found 2"):
        stored.number(["loss 1.0\nloss 2.0"], "loss {}")
    assert stored.number(["loss 1.0\nloss 1.0"], "loss {}") == "1.0"


def test_lines_are_taken_from_the_one_that_holds_the_words(stored, lesson):
    code = [cell.source for cell in lesson.code]
    assert stored.excerpt(code, "if x:", 2) == "if x:\n    print(x)"
    found = stored.excerpt(stored.printed(lesson), "first {_}", 1)
    assert found == "first   1,250"


def test_words_of_the_same_text_tell_equal_lines_apart(stored):
    texts = ["a = 1\nb = 2", "a = 1\nc = 3"]
    with pytest.raises(LookupError, match="found 2"):
        stored.excerpt(texts, "a = 1", 2)
    assert stored.excerpt(texts, "a = 1", 2, within="c =") == "a = 1\nc = 3"
    with pytest.raises(LookupError, match="found 0"):
        stored.excerpt(texts, "a = 1", 2, within="d =")


def test_a_figure_over_seeds_is_the_kept_one(stored, monkeypatch, lesson):
    entry = {"median": 0.9815, "range": [0.975, 0.9835]}
    monkeypatch.setattr(stored.seeds, "load", lambda: {"99_x": {"accuracy": entry}})
    assert stored.over_seeds(lesson, "accuracy") == "98.15 % (97.50 to 98.35 %)"
    with pytest.raises(LookupError, match="other"):
        stored.over_seeds(lesson, "other")


@pytest.mark.slow
@pytest.mark.parametrize(
    "line",
    [
        "```{picture} no such figure\n```",
        "```{printed} no such line\n```",
        "```{code} no_such_code()\n```",
        "```{still} no_such_explorer\n```",
        "{number}`no such number {}`",
        "{seeds}`no_such_figure`",
    ],
)
def test_a_name_that_does_not_exist_ends_the_build(stored, line, tmp_path):
    (tmp_path / "00.md").write_text(f"# A deck\n\n## A slide\n\n{line}\n")
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "revealjs"]
    run = subprocess.run(
        [*command, "-c", "site/slides", tmp_path, tmp_path / "out"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode != 0
    assert "00.md:5: expected one" in run.stderr
    assert not (tmp_path / "out/00.html").exists()
