"""One tested set of versions: the files agree, and a drift is found."""

import re
import shutil

import pins
import pytest
import yaml

FILES = ["pyproject.toml", "constraints.txt", *pins.WRITTEN]


def test_the_versions_agree():
    assert pins.problems(pins.ROOT) == []


def test_the_tested_set_is_sorted_and_exact():
    lines = (pins.ROOT / "constraints.txt").read_text().splitlines()
    names = [line.partition("==")[0] for line in lines if not line.startswith("#")]
    assert names == sorted(names, key=str.lower)
    assert all(re.fullmatch(r"#.*|[\w.-]+==[\w.]+", line) for line in lines)


def test_the_environment_pins_direct_dependencies_of_the_lab_alone():
    environment = yaml.safe_load((pins.ROOT / "environment.yml").read_text())
    python, pip, section = environment["dependencies"]
    assert (python, pip) == ("python=3.11", "pip")
    names = [pin.partition("==")[0] for pin in section["pip"]]
    assert {"tensorflow", "jupyterlab", "ipykernel"} <= set(names)
    assert "pytest" not in names
    assert len(names) == len(pins.direct_dependencies(pins.ROOT, "lab"))


@pytest.fixture
def copy(tmp_path):
    """A folder with the files that hold versions."""
    for name in FILES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(pins.ROOT / name, tmp_path / name)
    return tmp_path


def change(path, pattern, replacement):
    """Replace a pattern in a file, and insist that it stands there."""
    text, count = re.subn(pattern, replacement, path.read_text(), flags=re.MULTILINE)
    assert count
    path.write_text(text)


def test_writing_again_changes_nothing(copy):
    before = [(copy / name).read_bytes() for name in FILES]
    assert pins.main([], copy) == 0
    assert [(copy / name).read_bytes() for name in FILES] == before


@pytest.mark.parametrize(
    ("name", "pattern", "replacement", "message"),
    [
        ("constraints.txt", r"^keras==.*", "keras==4.0.0", "pyproject.toml wants"),
        ("constraints.txt", r"^tqdm==.*\n", "", "lacks tqdm"),
        ("constraints.txt", r"^ruff==.*", "ruff==0.1.0", "pyproject.toml wants"),
        ("constraints.txt", r"^numpy==.*", "numpy==2.0.0", "not up to date"),
        ("pyproject.toml", r'"numpy>=.*"', '"numpy>=2.9"', "pyproject.toml wants"),
        ("pyproject.toml", r'"tqdm>=.*",', '"tqdm", "six",', "not up to date"),
        ("environment.yml", r"tqdm==.*", "tqdm==1.0", "environment.yml is not"),
        ("binder/environment.yml", r"$", " ", "binder/environment.yml is not"),
    ],
)
def test_a_drift_is_found(copy, name, pattern, replacement, message, capsys):
    change(copy / name, pattern, replacement)
    assert pins.main(["--check"], copy) == 1
    assert message in capsys.readouterr().err


def test_a_missing_copy_is_found_and_written(copy):
    (copy / "binder/environment.yml").unlink()
    assert pins.main(["--check"], copy) == 1
    assert pins.main([], copy) == 0
    assert pins.main(["--check"], copy) == 0


def test_nothing_is_written_while_a_version_leaves_its_range(copy):
    change(copy / "constraints.txt", r"^keras==.*", "keras==4.0.0")
    before = (copy / "environment.yml").read_bytes()
    assert pins.main([], copy) == 1
    assert (copy / "environment.yml").read_bytes() == before


def test_binder_installs_the_package_after_its_environment():
    script = pins.ROOT / "binder/postBuild"
    assert script.stat().st_mode & 0o100
    assert b"\r" not in script.read_bytes()
    assert "pip install --no-deps --no-cache-dir" in script.read_text()


def test_the_lower_ends_of_the_ranges_are_printed_as_constraints(copy, capsys):
    change(copy / "pyproject.toml", r'"numpy>=.*"', '"numpy>=2.0.2,<3"')
    before = [(copy / name).read_bytes() for name in FILES]
    assert pins.main(["--oldest"], copy) == 0
    lines = capsys.readouterr().out.splitlines()
    assert {"numpy==2.0.2", "nbval==0.11"} <= set(lines)
    direct = pins.direct_dependencies(copy, "lab", "test")
    assert [line.partition("==")[0] for line in lines] == [r.name for r in direct]
    assert [(copy / name).read_bytes() for name in FILES] == before


def test_a_range_without_a_lower_end_is_refused(copy):
    change(copy / "pyproject.toml", r'"numpy>=.*"', '"numpy<3"')
    with pytest.raises(ValueError, match="from which version on numpy is supported"):
        pins.main(["--oldest"], copy)
