"""What the book changes in notebooks and documents, and what it leaves alone."""

import copy
import json
from pathlib import Path

import pytest


@pytest.fixture
def notebook():
    badges = "# Title\n\n[![Binder](a)](b) [![Colab](c)](d)"
    return {
        "cells": [
            {"cell_type": "markdown", "source": badges, "metadata": {}},
            {
                "cell_type": "code",
                "source": "def f(): ...",
                "metadata": {"jupyter": {"source_hidden": True}},
                "outputs": [],
            },
            {
                "cell_type": "code",
                "source": ["explorers.logits(", "loss)"],
                "metadata": {"keep_output": False},
                "outputs": [],
            },
        ]
    }


@pytest.fixture
def pictures(book, tmp_path, monkeypatch):
    for name in ("03_logits.png", "03_mistakes.png", "05_mistakes.png"):
        (tmp_path / name).touch()
    monkeypatch.setattr(book, "PICTURES", tmp_path)


def names(found):
    return [path.name for path in found]


def test_a_folded_cell_gets_the_books_own_mark(book, notebook):
    tags = [c["metadata"].get("tags") for c in book.lesson(notebook, "04")["cells"]]
    assert tags == [None, ["hide-input"], None]


def test_the_badges_become_a_link_to_the_slides_where_there_are_some(book, notebook):
    other = copy.deepcopy(notebook)
    text = book.lesson(notebook, "04")["cells"][0]["source"]
    assert '<a href="../slides/04.html">' in text
    assert book.lesson(other, "99")["cells"][0]["source"] == "# Title\n\n"


def test_an_explorer_is_shown_by_its_picture_and_a_sentence(book, notebook, pictures):
    (output,) = book.lesson(notebook, "04")["cells"][2]["outputs"]
    text = output["data"]["text/markdown"]
    assert "](../docs/explorers/03_logits.png)" in text
    assert "explorer runs in the notebook" in text


def test_a_lessons_own_picture_comes_before_anothers(book, pictures):
    assert names(book.still_of("05", "mistakes")) == ["05_mistakes.png"]
    assert names(book.still_of("07", "mistakes")) == ["03_mistakes.png"]
    assert book.still_of("07", "training") == []


def test_without_a_picture_the_sentence_stands_alone(book, pictures):
    (data,) = book.in_place_of("07", "DigitPad")
    assert data["text/markdown"].startswith("*This drawing pad runs in the notebook")


def test_the_convolution_of_lesson_03_is_live(book):
    (data,) = book.in_place_of("03", "convolution")
    assert 'id="live-convolution"' in data["text/html"]


def test_a_mistake_leads_to_the_section_that_shows_it(book):
    source = ["| `x` | [04](../notebooks/04_keras.ipynb), *What goes wrong* | y |"]
    book.read(None, "docs/mistakes", source)
    link = "[04, *What goes wrong*](../notebooks/04_keras.ipynb#what-goes-wrong)"
    assert source[0].endswith(f"\n| `x` | {link} | y |")  # behind what makes it wide


def test_links_out_of_the_book_go_to_the_files_on_github(book):
    source = ["[a](../LICENSE) [b](course_utils/x.txt) [c](../docs/mistakes.md)"]
    book.read(None, "benchmarks/README", source)
    there = f"https://github.com/{book.HOME}/blob/main"
    expected = f"[a]({there}/LICENSE) [b]({there}/course_utils/x.txt)"
    assert source == [f"{expected} [c](../docs/mistakes.md)"]


def test_the_lessons_files_stay_as_they_are(book):
    path = next(Path(book.ROOT, "notebooks").glob("04_*.ipynb"))
    before = path.read_text("utf-8")
    source = [before]
    book.read(None, "notebooks/04_keras_subclass", source)
    assert source[0] != before
    assert json.loads(source[0])["cells"]
    assert path.read_text("utf-8") == before
