"""site/digits.json holds what its tool chooses."""

import base64
import json

import lenet
import live_digits
import numpy as np
import pytest
from tiny_notebooks import code, write

from course_utils import data


def test_the_committed_file_is_what_the_tool_writes(tmp_path, monkeypatch):
    committed = live_digits.TARGET.read_text("utf-8")
    monkeypatch.setattr(live_digits, "TARGET", tmp_path / "digits.json")
    live_digits.main([])
    assert (tmp_path / "digits.json").read_text("utf-8") == committed


def test_every_digit_is_there_and_so_are_misread_ones():
    content = json.loads(live_digits.TARGET.read_text("utf-8"))
    (_, _), (images, labels) = data.load_mnist()
    pixels = np.frombuffer(base64.b64decode(content["images"]), np.uint8)
    shown = pixels.reshape(-1, 28, 28)
    np.testing.assert_array_equal(shown, images[content["indices"]])
    assert content["labels"] == labels[content["indices"]].tolist()
    assert set(content["labels"]) == set(range(10))
    read = lenet.network()(shown).argmax(axis=1)
    assert 0 < np.sum(read != content["labels"]) < 5


def test_a_lesson_without_its_image_is_named(tmp_path, monkeypatch):
    notebook = write(tmp_path / "03_other.ipynb", code("digit = None"))
    monkeypatch.setattr(live_digits, "LESSON", notebook)
    with pytest.raises(ValueError, match="03_other.ipynb must have a line digit"):
        live_digits.index_of_lesson()
