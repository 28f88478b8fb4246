"""What a lesson keeps comes back, whole or not at all."""

import os
import stat
import warnings

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
    weights = {"conv1/w": np.arange(6.0).reshape(2, 3), "b": np.zeros(3)}
    path = runs.save("02_mlp", **FIGURES, weights=weights)
    assert path.is_file()
    run = runs.load("02_mlp")
    assert {name: run[name] for name in FIGURES} == FIGURES
    np.testing.assert_array_equal(run["weights"]["conv1/w"], weights["conv1/w"])
    assert set(run["weights"]) == {"conv1/w", "b"}


def test_a_run_is_one_file(own_folder):
    runs.save("02_mlp", **FIGURES, weights={"w": np.ones(2)})
    assert [path.name for path in own_folder.iterdir()] == ["02_mlp.npz"]


def test_a_later_run_replaces_the_earlier_one():
    runs.save("02_mlp", **FIGURES, weights={"w": np.ones(2)})
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
    assert [path.name for path in own_folder.iterdir()] == ["02_mlp.npz"]


def _fail(*_):
    raise OSError("disk full")


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
@pytest.mark.parametrize("umask", [0o022, 0o002, 0o077])
def test_whoever_the_umask_lets_can_read_a_run(umask):
    before = os.umask(umask)
    try:
        path = runs.save("02_mlp", **FIGURES)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~umask


@pytest.mark.parametrize("content", [b"", b"{", b"PK", b"\x93NUMPY", bytes(500)])
def test_an_unreadable_run_warns_and_is_none(content, own_folder):
    own_folder.mkdir()
    (own_folder / "02_mlp.npz").write_bytes(content)
    with pytest.warns(UserWarning, match="run that lesson again"):
        assert runs.load("02_mlp") is None


def test_a_run_that_was_cut_off_anywhere_is_none():
    path = runs.save("02_mlp", **FIGURES, weights={"w": np.arange(50.0)})
    whole = path.read_bytes()
    for length in range(0, len(whole) - 1, 7):
        path.write_bytes(whole[:length])
        with pytest.warns(UserWarning, match="run that lesson again"):
            assert runs.load("02_mlp") is None


def test_a_flipped_bit_is_noticed_or_does_no_harm():
    path = runs.save("02_mlp", **FIGURES, weights={"w": np.arange(50.0)})
    whole, good = path.read_bytes(), runs.load("02_mlp")
    random = np.random.default_rng(0)
    for position in random.integers(0, len(whole), 200):
        damaged = bytearray(whole)
        damaged[position] ^= 1 << random.integers(8)
        path.write_bytes(damaged)
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            run = runs.load("02_mlp")
        if run is None:
            assert "run that lesson again" in str(said[-1].message)
        else:  # a bit that zip does not use, such as a time
            assert {name: run[name] for name in FIGURES} == FIGURES
            for array in run["weights"].values():
                np.testing.assert_array_equal(array, good["weights"]["w"])


@pytest.mark.parametrize("lacking", ["figures", "parameters"])
def test_missing_keys_are_reported(lacking, own_folder):
    own_folder.mkdir()
    members = {} if lacking == "figures" else {"figures": '{"test_accuracy": 0.5}'}
    np.savez(own_folder / "02_mlp.npz", **members, other=np.ones(1))
    with pytest.warns(UserWarning, match=f"KeyError.*{lacking}"):
        assert runs.load("02_mlp") is None


@pytest.mark.parametrize("name", ["../x", "a/b", "..", "", ".x", "a.b", None, 3, "\\x"])
def test_a_name_cannot_lead_out_of_the_folder(name, own_folder):
    with pytest.raises(ValueError, match="name of a notebook"):
        runs.save(name, **FIGURES)
    with pytest.raises(ValueError, match="name of a notebook"):
        runs.load(name)
    assert not own_folder.exists()


def test_save_rejects_percentages():
    with pytest.raises(ValueError, match="divide a percentage by 100"):
        runs.save("02_mlp", **FIGURES | {"test_accuracy": 98.0})


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1])
def test_figures_are_finite_and_not_negative(name, value):
    with pytest.raises(ValueError, match=f"{name} must be (finite|0 or more)"):
        runs.save("02_mlp", **FIGURES | {name: value})


@pytest.mark.parametrize("value", ["fast", None, [1, 2], np.ones(2)])
def test_figures_are_numbers(value):
    with pytest.raises(TypeError, match="must be one number"):
        runs.save("02_mlp", **FIGURES | {"training_seconds": value})


@pytest.mark.parametrize("weight", ["text", None, [object()]])
def test_weights_are_arrays_of_numbers(weight):
    with pytest.raises(TypeError, match="the weight w must be an array"):
        runs.save("02_mlp", **FIGURES, weights={"w": weight})
