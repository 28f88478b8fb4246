"""What sessions saw is kept as they saw it, and the page says so."""

import re
from importlib.metadata import version

import pins
import pytest
import versions
import yaml

REPORT = """<testsuites><testsuite name="pytest" tests="5">
<testcase classname="tests.test_a" name="test_1" />
<testcase classname="tests.test_a" name="test_2"><properties /></testcase>
<testcase classname="tests.test_a" name="test_3"><skipped message="no" /></testcase>
<testcase classname="tests.test_a" name="test_4"><failure message="x">y</failure></testcase>
<testcase classname="tests.test_a" name="test_5"><error message="x">y</error></testcase>
</testsuite></testsuites>"""  # noqa: E501


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A page and what is kept, both of a folder of their own."""
    monkeypatch.setattr(versions, "KEPT", tmp_path / "versions.json")
    monkeypatch.setattr(versions, "PAGE", tmp_path / "versions.md")
    text = f"Before.\n{versions.BEGIN}stale\n{versions.END}\nAfter.\n"
    versions.PAGE.write_text(text)
    return tmp_path


def write_report(path, *outcomes):
    lines = REPORT.splitlines()
    wanted = [line for line in lines if any(f'"{name}"' in line for name in outcomes)]
    path.write_text("\n".join([lines[0], *wanted, lines[-1]]))
    return str(path)


def test_a_session_is_kept_with_what_passed_failed_and_was_skipped(files, capsys):
    tests = write_report(files / "tests.xml", *[f"test_{k}" for k in range(1, 6)])
    cells = write_report(files / "notebooks.xml", "test_1")
    assert versions.main(["keep", "colab", tests, cells]) == 1
    entry = versions.load()["colab"]
    assert entry["results"] == {
        "tests": {"failed": 2, "passed": 2, "skipped": 1},
        "notebooks": {"passed": 1},
    }
    assert entry["failed"] == ["tests.test_a::test_4", "tests.test_a::test_5"]
    assert entry["versions"]["numpy"] == version("numpy")
    page = versions.PAGE.read_text()
    assert page.startswith("Before.\n") and page.endswith("\nAfter.\n")
    (row,) = [line for line in page.splitlines() if line.startswith("| `colab`: ")]
    assert "| 2 failed, 2 passed, 1 skipped | 1 passed |" in row
    assert row.rstrip(" |").endswith(entry["date"])
    assert "- `colab`: `tests.test_a::test_4`" in page
    assert "stale" not in page


def test_a_later_run_takes_the_place_of_an_earlier_one_and_of_no_other(files):
    bad = write_report(files / "bad.xml", "test_4")
    good = write_report(files / "good.xml", "test_1")
    assert versions.main(["keep", "newest", good, good]) == 0
    assert versions.main(["keep", "colab", bad, good]) == 1
    assert versions.main(["keep", "colab", good, good]) == 0
    page = versions.PAGE.read_text()
    assert list(versions.load()) == ["newest", "colab"]
    assert "failed" not in page
    assert page.count("not run yet") == len(versions.SESSIONS) - 2


def test_writing_again_changes_nothing(files):
    versions.main(["keep", "colab", *[write_report(files / "a.xml", "test_1")] * 2])
    before = versions.PAGE.read_text()
    assert versions.main(["write"]) == 0
    assert versions.PAGE.read_text() == before


def test_the_page_shows_what_is_kept():
    text = versions.PAGE.read_text("utf-8")
    assert versions.written(text, versions.load()) == text


def test_an_unknown_session_is_refused(files):
    with pytest.raises(SystemExit):
        versions.main(["keep", "colab-3.9", "report.xml"])


def test_sessions_are_those_of_nox_and_of_the_weekly_job():
    text = (pins.ROOT / "noxfile.py").read_text("utf-8")
    found = set()
    for pythons, name in re.findall(r"@nox\.session\(python=(.*)\)\ndef (\w+)\(", text):
        several = re.findall(r"[\d.]+", pythons) if pythons.startswith("[") else []
        found |= {f"{name}-{each}" for each in several} or {name}
    assert found == set(versions.SESSIONS)
    workflow = yaml.safe_load((pins.ROOT / ".github/workflows/test.yml").read_text())
    job = workflow["jobs"]["versions"]
    assert job["if"] == "github.event_name == 'schedule'"
    assert set(job["strategy"]["matrix"]["session"]) == found
    steps = [step.get("run", "") for step in job["steps"]]
    assert any(step.endswith("-s ${{ matrix.session }}") for step in steps)


def test_colab_has_what_the_ranges_ask_for():
    lines = (pins.ROOT / "tests/colab-constraints.txt").read_text().splitlines()
    had = dict(line.split("==") for line in lines if not line.startswith("#"))
    for requirement in pins.direct_dependencies(pins.ROOT):
        assert requirement.specifier.contains(had[requirement.name]), requirement
