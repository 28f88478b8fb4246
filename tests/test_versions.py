"""What sessions saw is kept as they saw it, and the page says so."""

import re
from importlib.metadata import version

import pins
import pytest
import versions
import yaml

CASES = {
    "passed": '<testcase classname="{}" name="passed"><properties /></testcase>',
    "skipped": '<testcase classname="{}" name="skipped"><skipped /></testcase>',
    "failed": '<testcase classname="{}" name="failed"><failure>y</failure></testcase>',
    "broken": '<testcase classname="{}" name="broken"><error>y</error></testcase>',
}


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A page and what is kept, both of a folder of their own."""
    monkeypatch.setattr(versions, "KEPT", tmp_path / "versions.json")
    monkeypatch.setattr(versions, "PAGE", tmp_path / "versions.md")
    monkeypatch.setattr(versions, "ROOT", tmp_path)
    for name in (
        "tests/a.py",
        "tests/b.py",
        "notebooks/00_x.ipynb",
        "notebooks/01_y.ipynb",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    text = f"Before.\n{versions.BEGIN}stale\n{versions.END}\nAfter.\n"
    versions.PAGE.write_text(text)
    return tmp_path


def report(path, **outcomes):
    """Write a report with outcomes by what stands for a module; return its path."""
    cases = [
        CASES[outcome].format(place.replace("__", "."))
        for place, several in outcomes.items()
        for outcome in several.split()
    ]
    lines = ["<testsuites><testsuite>", *cases, "</testsuite></testsuites>"]
    path.write_text("\n".join(lines))
    return str(path)


def row_of(session):
    """Return the cells of a session's row on the page."""
    lines = versions.PAGE.read_text("utf-8").splitlines()
    (row,) = [line for line in lines if line.startswith(f"| `{session}`: ")]
    return [cell.strip() for cell in row.strip("|").split("|")]


def test_a_session_is_kept_with_what_passed_failed_and_was_skipped(files):
    tests = report(
        files / "tests.xml", tests__a="passed failed", tests__b="skipped broken passed"
    )
    cells = report(files / "notebooks.xml", notebooks__00_x__ipynb="passed passed")
    assert versions.main(["keep", "colab", tests, cells]) == 1
    entry = versions.load()["colab"]
    assert list(entry["results"]) == ["notebooks.00_x.ipynb", "tests.a", "tests.b"]
    first, tests, others = entry["results"].values()
    assert (first["passed"], first["skipped"], first["failed"]) == (2, 0, [])
    assert (tests["passed"], tests["failed"]) == (1, ["tests.a::failed"])
    assert (others["passed"], others["skipped"]) == (1, 1)
    assert others["failed"] == ["tests.b::broken"]
    assert entry["versions"]["numpy"] == version("numpy")
    _, installed, tested, run, day = row_of("colab")
    assert f"NumPy {version('numpy')}" in installed
    assert tested == "2 passed, 2 failed, 1 skipped"
    assert run == "2 passed, in 1 of 9 notebooks"
    assert day == tests["date"]
    page = versions.PAGE.read_text()
    assert page.startswith("Before.\n") and page.endswith("\nAfter.\n")
    assert "- `colab`: `tests.a::failed`" in page
    assert "stale" not in page


def test_a_later_run_takes_the_place_of_what_it_ran_and_of_nothing_else(files):
    bad = report(files / "a.xml", tests__a="failed", notebooks__00_x__ipynb="failed")
    good = report(files / "b.xml", tests__a="passed", notebooks__01_y__ipynb="passed")
    assert versions.main(["keep", "newest", bad]) == 1
    assert versions.main(["keep", "colab", bad]) == 1
    assert versions.main(["keep", "colab", good]) == 0
    assert row_of("colab")[2:4] == [
        "1 passed",
        "1 passed, 1 failed, in 2 of 9 notebooks",
    ]
    assert row_of("newest")[2:4] == ["1 failed", "1 failed, in 1 of 9 notebooks"]
    mended = report(files / "c.xml", notebooks__00_x__ipynb="passed")
    assert versions.main(["keep", "colab", mended]) == 0
    assert row_of("colab")[2:4] == ["1 passed", "2 passed, in 2 of 9 notebooks"]
    page = versions.PAGE.read_text()
    assert page.count("not run yet") == len(versions.SESSIONS) - 2


def test_with_other_versions_nothing_earlier_remains(files, monkeypatch):
    versions.main(["keep", "colab", report(files / "a.xml", tests__a="failed")])
    monkeypatch.setattr(versions, "version", lambda name: "99")
    cells = report(files / "b.xml", notebooks__00_x__ipynb="passed")
    assert versions.main(["keep", "colab", cells]) == 0
    assert row_of("colab")[2:4] == ["", "1 passed, in 1 of 9 notebooks"]


def test_what_is_removed_is_forgotten(files):
    both = report(files / "a.xml", tests__a="failed", notebooks__00_x__ipynb="passed")
    versions.main(["keep", "colab", both])
    (files / "tests" / "a.py").unlink()
    (files / "notebooks" / "00_x.ipynb").unlink()
    good = report(files / "b.xml", tests__b="passed")
    assert versions.main(["keep", "colab", good]) == 0
    assert list(versions.load()["colab"]["results"]) == ["tests.b"]


def test_the_day_is_that_of_the_oldest_result(files):
    both = report(files / "a.xml", tests__a="passed", notebooks__00_x__ipynb="passed")
    versions.main(["keep", "colab", both])
    text = versions.KEPT.read_text()
    day = versions.load()["colab"]["results"]["tests.a"]["date"]
    versions.KEPT.write_text(text.replace(day, "2026-01-31", 1))
    assert versions.main(["write"]) == 0
    assert row_of("colab")[4] == "2026-01-31"


def test_writing_again_changes_nothing(files):
    versions.main(["keep", "colab", report(files / "a.xml", tests__a="passed")])
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
