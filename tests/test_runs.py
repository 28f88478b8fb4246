"""What a lesson keeps comes back, whole or not at all."""

import json

import numpy as np
import pytest

from course_utils import runs

FIGURES = {
    "test_accuracy": 0.98,
    "parameters": 10,
    "training_seconds": 1.5,
    "images_per_second": 2000.0,
}


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_RUNS", str(tmp_path / "runs"))
    return tmp_path / "runs"


def test_load_returns_what_save_kept():
    weights = {"w": np.arange(6.0).reshape(2, 3), "b": np.zeros(3)}
    path = runs.save("02_mlp", **FIGURES, weights=weights)
    assert path.is_file()
    run = runs.load("02_mlp")
    assert {name: run[name] for name in FIGURES} == FIGURES
    np.testing.assert_array_equal(run["weights"]["w"], weights["w"])
    assert set(run["weights"]) == {"w", "b"}


def test_a_later_run_replaces_the_earlier_one():
    runs.save("02_mlp", **FIGURES)
    runs.save("02_mlp", **FIGURES | {"parameters": 11})
    assert runs.load("02_mlp")["parameters"] == 11
    assert runs.load("02_mlp")["weights"] is None


def test_a_lesson_that_was_not_run_is_none(recwarn):
    assert runs.load("03_raw_cnn") is None
    assert not recwarn


def test_without_the_variable_runs_lie_in_the_working_folder(tmp_path, monkeypatch):
    monkeypatch.delenv("COURSE_RUNS")
    monkeypatch.chdir(tmp_path)
    assert runs.folder() == tmp_path / "runs"


def test_a_folder_that_cannot_be_written_gives_a_warning(own_folder):
    own_folder.parent.joinpath("runs").write_text("a file where the folder should be")
    with pytest.warns(UserWarning, match="COURSE_RUNS"):
        assert runs.save("02_mlp", **FIGURES) is None


def test_an_interrupted_write_leaves_the_earlier_run_whole(own_folder, monkeypatch):
    runs.save("02_mlp", **FIGURES)
    monkeypatch.setattr(runs.os, "replace", _fail)
    with pytest.warns(UserWarning, match="were not kept"):
        runs.save("02_mlp", **FIGURES | {"parameters": 11})
    assert runs.load("02_mlp")["parameters"] == 10
    assert [path.name for path in own_folder.iterdir()] == ["02_mlp.json"]


def _fail(*_):
    raise OSError("disk full")


@pytest.mark.parametrize("content", ["", "{", "[]", '{"weights": "gone.npz"'])
def test_an_unreadable_run_warns_and_is_none(content, own_folder):
    own_folder.mkdir()
    (own_folder / "02_mlp.json").write_text(content)
    with pytest.warns(UserWarning, match="run that lesson again"):
        assert runs.load("02_mlp") is None


def test_missing_weights_count_as_not_run(own_folder):
    runs.save("02_mlp", **FIGURES, weights={"w": np.ones(2)})
    (own_folder / "02_mlp.npz").unlink()
    assert runs.load("02_mlp") is None


def test_save_rejects_percentages():
    with pytest.raises(ValueError, match="divide a percentage by 100"):
        runs.save("02_mlp", **FIGURES | {"test_accuracy": 98.0})


def test_the_file_is_plain_json(own_folder):
    runs.save("02_mlp", **FIGURES)
    assert json.loads((own_folder / "02_mlp.json").read_text())["lesson"] == "02_mlp"
