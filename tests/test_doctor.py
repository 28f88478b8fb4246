"""The doctor names what is wrong and what to do."""

import os
import subprocess
import sys

import pytest

from course_utils import doctor


def states(findings):
    return {subject: state for state, subject, *_ in findings}


def test_a_sound_installation_has_no_problem():
    findings = doctor.examine()
    subjects = {"Python", "TensorFlow", "Keras", "ipywidgets", "CPU cores", "GPU"}
    assert set(states(findings)) == subjects | {"memory", "data"}
    assert "problem" not in states(findings).values()


def test_the_table_has_a_line_for_each_finding_and_its_advice(capsys):
    doctor.report()
    printed = capsys.readouterr().out
    assert "Python" in printed and "70,000 digits, intact" in printed
    table = doctor._table([("problem", "Keras", "2.1", "run: pip install keras")])
    assert table.splitlines()[0].startswith("✘ problem  Keras")
    assert table.splitlines()[1].strip() == "-> run: pip install keras"


def test_an_old_package_is_a_problem_with_the_range_it_needs(monkeypatch):
    monkeypatch.setattr(doctor.metadata, "version", lambda name: "2.9.0")
    state, _, finding, advice = doctor._package("keras")
    assert state == "problem"
    assert "2.9.0, the course needs" in finding and "pip install" in advice


def test_a_broken_import_is_reported_and_not_raised(monkeypatch):
    def fail(name):
        raise ImportError("DLL load failed\nand much more")

    monkeypatch.setattr(doctor.importlib, "import_module", fail)
    state, _, finding, _ = doctor._package("tensorflow")
    assert (state, finding) == ("problem", "ImportError: DLL load failed")


def test_another_python_is_a_problem(monkeypatch):
    monkeypatch.setattr(doctor.platform, "python_version", lambda: "3.14.0")
    assert doctor._python()[0] == "problem"


@pytest.mark.parametrize(("free", "state"), [(1.1e9, "warning"), (1.3e9, "ok")])
def test_little_memory_is_a_warning(monkeypatch, free, state):
    monkeypatch.setattr(doctor, "free_memory", lambda: free)
    assert doctor._memory()[0] == state


def test_one_core_is_a_warning(monkeypatch):
    monkeypatch.setattr(doctor.os, "sched_getaffinity", lambda _: {0}, raising=False)
    assert doctor._cores()[0] == "warning"


def test_the_gpu_comes_from_the_device_list(monkeypatch):
    import tensorflow as tf

    monkeypatch.setattr(tf.test, "is_built_with_cuda", lambda: True)
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: [])
    assert "none found" in doctor._gpu()[2]


def test_damaged_data_is_a_problem(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor.data, "MNIST_FILE", tmp_path / "gone.npz")
    state, _, finding, advice = doctor._data()
    assert state == "problem" and "git checkout" in advice


@pytest.mark.slow
def test_the_terminal_command_ends_with_0_when_nothing_is_wrong():
    command = [sys.executable, "-m", "course_utils.doctor"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert "TensorFlow" in done.stdout


@pytest.mark.slow
def test_the_terminal_command_ends_with_1_on_a_problem(tmp_path):
    program = (
        "import runpy, pathlib; from course_utils import data;"
        f"data.MNIST_FILE = pathlib.Path({str(tmp_path / 'gone.npz')!r});"
        "runpy.run_module('course_utils.doctor', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "problem" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "ascii"])
def test_a_terminal_without_check_marks_gets_its_diagnosis(encoding):
    done = subprocess.run(
        [sys.executable, "-m", "course_utils.doctor"],
        capture_output=True,
        env=os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
    )
    assert done.returncode == 0, done.stderr
    assert "70,000 digits, intact" in done.stdout.decode(encoding)


@pytest.fixture
def container(tmp_path, monkeypatch):
    """A container's limits, as files."""
    monkeypatch.setattr(doctor, "CONTROL_GROUPS", tmp_path)
    return tmp_path


def write(folder, **files):
    for name, content in files.items():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name.replace("__", ".")).write_text(content)


def test_the_cores_are_those_that_a_container_grants(container):
    write(container, cpu__max="150000 100000")
    state, _, finding, advice = doctor._cores()
    assert state == "warning" and finding.startswith("1.5 of")
    assert "twice the time" in advice
    write(container, cpu__max="max 100000")
    assert doctor._cpu_quota() is None


def test_version_1_of_control_groups_grants_cores_too(container):
    folder = container / "cpu"
    write(folder, cpu__cfs_quota_us="100000", cpu__cfs_period_us="100000")
    assert doctor._cpu_quota() == 1.0
    write(folder, cpu__cfs_quota_us="-1")
    assert doctor._cpu_quota() is None


def test_the_memory_is_what_a_container_grants(container):
    files = {"memory__max": "1000000000", "memory__current": "800000000"}
    write(container, **files, memory__stat="inactive_file 300000000\nanon 5\n")
    assert doctor.free_memory() == 500_000_000
    write(container, memory__max="max")
    assert doctor.free_memory() > 500_000_000


def test_version_1_of_control_groups_grants_memory_too(container):
    write(
        container / "memory",
        memory__limit_in_bytes="900000000",
        memory__usage_in_bytes="400000000",
        memory__stat="inactive_file 100000000",
    )
    assert doctor.free_memory() == 600_000_000
