"""site/lenet.bin holds lesson 05's network, and its tool writes what a run left."""

import lenet
import numpy as np
import pytest
from lesson import functions_of
from tiny_notebooks import code, write

from course_utils import data, runs


def test_the_committed_numbers_are_a_network_that_reads():
    assert lenet.TARGET.stat().st_size == 4 * 60_074
    (_, _), (images, labels) = data.load_mnist()
    logits = lenet.network()(images[:1000])
    assert logits.shape == (1000, 10)
    assert np.mean(logits.argmax(axis=1) == labels[:1000]) > 0.975


def test_the_tool_writes_array_after_array(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_RUNS", str(tmp_path))
    monkeypatch.setattr(lenet, "TARGET", tmp_path / "site" / "lenet.bin")
    with pytest.raises(SystemExit, match="run it first"):
        lenet.main([])
    weights = {"a_w": np.arange(6.0).reshape(2, 3), "a_b": np.array([7.0, 8, 9])}
    figures = dict.fromkeys(["parameters", "training_seconds", "images_per_second"], 9)
    runs.save("05_lenet", test_accuracy=0.5, weights=weights, **figures)
    lenet.main([])
    found = np.frombuffer(lenet.TARGET.read_bytes(), "<f4")
    np.testing.assert_array_equal(found, [0, 1, 2, 3, 4, 5, 7, 8, 9])


def test_a_notebook_without_the_function_is_named(tmp_path):
    notebook = write(tmp_path / "05_other.ipynb", code("def prepare(x): ..."))
    with pytest.raises(ValueError, match="05_other.ipynb must define make_network"):
        functions_of(notebook, ["prepare", "make_network"])
