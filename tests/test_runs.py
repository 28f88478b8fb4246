"""What a lesson keeps comes back, whole or not at all."""

import os
import random
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np
import pytest

from course_utils import runs
from course_utils.exercises import _progress

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


def test_each_lesson_keeps_its_progress_in_a_file_of_its_own(own_folder):
    for lesson, exercise in (
        ("lesson_02", "b"),
        ("lesson_03", "c"),
        ("lesson_02", "a"),
    ):
        _progress.keep(lesson, exercise)
    assert _progress.load() == {"lesson_02": ["a", "b"], "lesson_03": ["c"]}
    damaged = {"lesson_02": b"[" * 10_000, "lesson_04": b"7", "lesson_05": b"\xff"}
    for lesson, content in damaged.items():
        (own_folder / f"{lesson}.json").write_bytes(content)
    assert _progress.load() == {"lesson_03": ["c"]}


forks = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="forks a process, safe under Linux"
)


def in_another_process(work):
    """Start a copy of this process that does some work; return its id."""
    if process := os.fork():
        return process
    try:
        work()
    finally:
        os._exit(1)


def save_again_and_again(began, start=0, step=1):
    """Save runs whose parts all hold one number, which grows."""
    number = start
    while True:
        weights = {"w": np.full(50_000, number), "v": np.full(50_000, number)}
        runs.save("02_mlp", **FIGURES | {"parameters": number}, weights=weights)
        _progress.keep("lesson_02", f"exercise {number}")
        os.write(began, b".")
        number += step


def number_of(run):
    """Return the number that all parts of a run hold."""
    for array in run["weights"].values():
        np.testing.assert_array_equal(array, np.full(50_000, run["parameters"]))
    return run["parameters"]


@pytest.mark.slow
@forks
@pytest.mark.filterwarnings("error")
def test_a_kernel_that_is_killed_while_it_saves_leaves_a_whole_run(own_folder):
    chance, halves = random.Random(0), 0
    for _ in range(50):
        end, began = os.pipe()
        process = in_another_process(lambda began=began: save_again_and_again(began))
        os.read(end, 1)  # it has saved once
        time.sleep(chance.uniform(0, 0.02))
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        os.close(end)
        os.close(began)
        assert number_of(runs.load("02_mlp")) >= 0
        assert "exercise 0" in _progress.load()["lesson_02"]
        halves += any(path.name.startswith(".") for path in own_folder.iterdir())
        shutil.rmtree(own_folder)
    assert halves, "none of them was killed in the middle of a file"


@pytest.mark.slow
@forks
@pytest.mark.filterwarnings("error")
def test_two_notebooks_that_save_at_once_never_leave_half_a_run():
    end, began = os.pipe()
    processes = [
        in_another_process(lambda start=start: save_again_and_again(began, start, 2))
        for start in (0, 1)
    ]
    try:
        os.read(end, 1)
        stop, seen = time.monotonic() + 2, set()
        while time.monotonic() < stop or len(seen) < 4:
            seen.add(number_of(runs.load("02_mlp")))
            assert time.monotonic() < stop + 30
    finally:
        for process in processes:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
    assert {number % 2 for number in seen} == {0, 1}  # both were met


BEFORE = f"""
import os, resource
import numpy as np
from course_utils import runs
from course_utils.exercises import _progress

figures = {FIGURES!r} | {{"parameters": 11}}
weights = {{"w": np.ones(100_000), "v": np.ones(100_000)}}
"""
# Root may write everywhere, and becomes somebody else; who may not enter Python's own
# folder, perhaps, so that all has to be imported before.
SOMEBODY = """
if os.geteuid() == 0:
    runs.save("01_x", **figures)
    runs.load("01_x")
    os.setuid(65534)
"""
LATER = """
assert runs.save("02_mlp", **figures, weights=weights) is None
_progress.keep("lesson_03", "conv2d_loop" * 100_000)
run = runs.load("02_mlp")
assert run["parameters"] == 10 and run["weights"]["w"].tolist() == [1, 2]
assert "a" in _progress.load()["lesson_02"]
"""


def run_later(folder, before="", prefix=()):
    """Save another run in a process; return what the learner reads, line by line.

    Args:
        folder: where the runs lie; the earlier run is saved there first.
        before: statements of the process before it saves.
        prefix: the command in front of its own.
    """
    environment = os.environ | {"COURSE_RUNS": str(folder)}
    command = [*prefix, sys.executable, "-c", BEFORE + before + LATER]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    # From 3.13 on Python quotes the line of code below a warning.
    return [line for line in done.stderr.splitlines() if not line.startswith("  ")]


def save_earlier(folder, monkeypatch):
    monkeypatch.setenv("COURSE_RUNS", str(folder))
    runs.save("02_mlp", **FIGURES, weights={"w": np.array([1, 2])})
    _progress.keep("lesson_02", "a")


def is_one_sentence(lines, reason):
    """Say whether one warning was printed, and gives this reason."""
    words = f"UserWarning: the results of 02_mlp were not kept: .*{reason}"
    return len(lines) == 1 and re.search(words, lines[0])


@forks
@pytest.mark.parametrize("size", [0, 100, 3000, 900_000])
def test_a_file_that_may_not_grow_leaves_the_earlier_run(own_folder, size, monkeypatch):
    save_earlier(own_folder, monkeypatch)
    limit = f"resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, -1))"
    lines = run_later(own_folder, limit)
    assert is_one_sentence(lines, "File too large"), lines
    assert not [path for path in own_folder.iterdir() if path.name.startswith(".")]


@forks
def test_a_full_disk_leaves_the_earlier_run(tmp_path, monkeypatch):
    """The disk is a file system of 64 KB that only the process sees."""
    alone = ("unshare", "--user", "--map-root-user", "--mount")
    small = "mount -t tmpfs -o size=64k none"
    can = shutil.which("unshare") and subprocess.run(
        [*alone, "sh", "-c", f"{small} /mnt"], capture_output=True
    )
    if not can or can.returncode:
        pytest.skip("this system lets no process mount a file system of its own")
    save_earlier(tmp_path / "earlier", monkeypatch)
    (disk := tmp_path / "disk").mkdir()
    script = f'{small} "$1" && cp -r "$2" "$1"/runs && shift 2 && exec "$@"'
    prefix = [*alone, "sh", "-c", script, "-", disk, tmp_path / "earlier"]
    lines = run_later(disk / "runs", prefix=prefix)
    assert is_one_sentence(lines, "No space left on device"), lines


@forks
def test_a_folder_that_is_read_only_leaves_the_earlier_run(monkeypatch):
    users = Path("/proc/self/uid_map")
    if os.geteuid() == 0 and users.exists() and int(users.read_text().split()[2]) == 1:
        pytest.skip("root is alone here, and cannot become somebody else")
    # Not in tmp_path, which nobody but its owner may enter: root becomes somebody else.
    with tempfile.TemporaryDirectory() as top:
        os.chmod(top, 0o755)
        folder = Path(top, "runs")
        save_earlier(folder, monkeypatch)
        folder.chmod(0o555)
        lines = run_later(folder, SOMEBODY)
        folder.chmod(0o755)
    assert is_one_sentence(lines, "Permission denied"), lines


@forks
@pytest.mark.parametrize("umask", [0o000, 0o077, 0o177])
def test_under_another_umask_the_earlier_run_is_replaced(own_folder, umask):
    runs.save("02_mlp", **FIGURES)
    before = os.umask(umask)
    try:
        runs.save("02_mlp", **FIGURES | {"parameters": 12})
        _progress.keep("lesson_02", "a")
    finally:
        os.umask(before)
    assert runs.load("02_mlp")["parameters"] == 12
    assert _progress.load() == {"lesson_02": ["a"]}
