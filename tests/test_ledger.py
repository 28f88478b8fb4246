"""What the texts say of time and memory is what docs/ledger.json says, and fits."""

import json
import re
import sys
from pathlib import Path

import course as facts
import ledger
import pytest
from course import (
    ALL_SECONDS,
    BINDER_MEMORY,
    BUSY_MEMORY,
    CORES,
    MEMORY_BUDGET,
    QUIET_MEMORY,
    SECONDS,
    lessons,
)
from lesson import Lesson
from tiny_notebooks import code, write

NOTEBOOKS = lessons()
ENTRIES = json.loads(ledger.LEDGER.read_text())
ENTRY = {
    "seconds": 52.4,
    "training_seconds": 31.0,
    "kernel_bytes": 1_010_000_000,
    "kernel_and_server_bytes": 1_130_000_000,
}
SAVE = """from course_utils import runs
figures = dict(test_accuracy=1, parameters=1, images_per_second=1)
runs.save("{}", training_seconds=12.34, **figures)"""
OPENING = (
    "# Title\n\n**You need** 60 minutes of study; 1 GB.\n\n*About 60 minutes of study; "
    "10 seconds of computing and 0.8 GB of memory on two CPU cores.*\n\nEnd."
)
README = """| lesson | you build | study | computing | training | memory | both |
|---|---|---|---|---|---|---|
| [00 Tiny](notebooks/00_tiny.ipynb) | a sum, 10 s | 60 min | 10 s | 5 s | 1 GB | 1 GB |
| [01 New](notebooks/01_new.ipynb) | a product in 5 min | 20 min |

A lesson takes 60 min | or more |
"""


def test_each_notebook_and_no_other_is_in_the_ledger():
    assert list(ENTRIES) == [path.stem for path in NOTEBOOKS]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_opening_cell_says_what_the_ledger_says(path):
    figures = ledger.opening(ledger.load(path.stem))
    assert f"; {figures} on two CPU cores.*" in Lesson(path).cells[0].source, (
        "run `python tools/ledger.py --write`"
    )


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_readme_says_what_the_ledger_says(path):
    figures = ledger.row(ledger.load(path.stem))
    rows = [
        line for line in ledger.README.read_text().splitlines() if path.name in line
    ]
    table = [line for line in rows if line.startswith("| [")]
    assert len(table) == 1
    assert table[0].endswith(f" min |{figures}"), "run tools/ledger.py --write"


@pytest.mark.parametrize("lesson", ENTRIES)
def test_a_lesson_keeps_its_budgets(lesson):
    entry = ENTRIES[lesson]
    assert entry["kernel_bytes"] <= MEMORY_BUDGET
    assert entry["kernel_bytes"] < entry["kernel_and_server_bytes"] <= BINDER_MEMORY
    assert 0 < (entry["training_seconds"] or 1) < entry["seconds"] <= SECONDS
    assert entry["cores"] == CORES
    assert entry["kernel_bytes"] <= QUIET_MEMORY
    assert entry.get("kernel_bytes_busy", 0) > 0, "run tools/ledger.py --busy"
    assert entry["kernel_bytes_busy"] <= BUSY_MEMORY


def test_all_lessons_together_keep_their_budget():
    assert sum(entry["seconds"] for entry in ENTRIES.values()) <= ALL_SECONDS


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course with one notebook, its path; README and ledger lie beside it."""
    monkeypatch.setattr(ledger, "LEDGER", tmp_path / "ledger.json")
    monkeypatch.setattr(ledger, "README", tmp_path / "README.md")
    ledger.README.write_text(README)
    keep_run = f"x = bytearray(300_000_000)\n{SAVE.format('00_tiny')}"
    return write(tmp_path / "00_tiny.ipynb", OPENING, code(keep_run), code("6 * 7"))


@pytest.mark.skipif(sys.platform != "linux", reason="memory is known under Linux alone")
@pytest.mark.slow
@pytest.mark.parametrize("options", [[], ["--refresh"]])
def test_a_notebook_is_run_and_recorded(options, course, monkeypatch, capsys):
    monkeypatch.setattr(ledger.os, "sched_getaffinity", lambda _: {0, 1})
    assert ledger.main([*options, str(course)]) == 0, capsys.readouterr().err
    entry = json.loads(ledger.LEDGER.read_text())["00_tiny"]
    assert 0 < entry["seconds"] < 120
    assert entry["training_seconds"] == 12.3
    assert 3e8 < entry["kernel_bytes"] < 6e8
    assert 5e7 < entry["kernel_and_server_bytes"] - entry["kernel_bytes"] < 5e8
    assert (entry["cores"], entry["python"].split(".")[0]) == (2, "3")
    assert ledger.opening(entry) in Lesson(course).cells[0].source
    assert ledger.row(entry) in ledger.README.read_text()
    assert bool(Lesson(course).cells[2].outputs) == bool(options)


def test_writing_replaces_the_figures_and_nothing_else(course, capsys):
    text = course.read_text()
    ledger.keep("00_tiny", ENTRY)
    for _ in range(2):  # the second time changes nothing
        assert ledger.main(["--write", str(course)]) == 0, capsys.readouterr().err
        assert course.read_text() == text.replace(
            "10 seconds of computing and 0.8 GB of memory",
            "50 seconds of computing and 1.1 GB of memory",
        )
        assert ledger.README.read_text() == README.replace(
            "| 10 s | 5 s | 1 GB | 1 GB |", "| 50 s | 30 s | 1.1 GB | 1.2 GB |"
        )


def test_a_row_without_figures_gets_them(course):
    path = write(course.with_name("01_new.ipynb"), OPENING)
    ledger.keep("01_new", ENTRY | {"training_seconds": None})
    assert ledger.main(["--write", str(path)]) == 0
    assert "5 min | 20 min | 50 s | – | 1.1 GB | 1.2 GB |" in ledger.README.read_text()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_committed_notebook_keeps_its_form(path, course):
    copy = course.with_name(path.name)
    copy.write_bytes(path.read_bytes())
    ledger.rewrite(copy, facts.OPENING, "0 seconds", "")
    old, new = path.read_bytes().splitlines(), copy.read_bytes().splitlines()
    changed = [number for number, line in enumerate(old) if line != new[number]]
    assert len(old) == len(new)
    assert len(changed) == 1
    assert re.search(rb"study; 0 seconds on two CPU cores\.\*", new[changed[0]])


@pytest.mark.parametrize("figure", [*ledger.NEEDED, "all"])
def test_a_missing_figure_is_refused_with_advice(figure, course, capsys):
    before = course.read_bytes()
    if figure != "all":
        ledger.keep("00_tiny", ENTRY | {figure: None})
    assert ledger.main(["--write", str(course)]) == 1
    error = capsys.readouterr().err
    assert "00_tiny.ipynb: " in error
    assert "run `python tools/ledger.py notebooks/00_tiny.ipynb`" in error
    assert figure in error or figure == "all"
    assert course.read_bytes() == before


@pytest.mark.parametrize("times", [0, 2])
def test_a_text_without_one_place_for_the_figures_is_refused(times, course, capsys):
    ledger.keep("00_tiny", ENTRY)
    write(course, "\n\n".join([OPENING] * times or ["# Title"]))
    assert ledger.main(["--write", str(course)]) == 1
    assert f"got {times}: write `*About 60 minutes" in capsys.readouterr().err
    write(course, OPENING)
    row = README.splitlines(keepends=True)[2]
    ledger.README.write_text(README.replace(row, row * times))
    assert ledger.main(["--write", str(course)]) == 1
    assert (
        f"README.md must have one place for the figures, got {times}: write `| ["
        in (capsys.readouterr().err)
    )


def test_a_notebook_that_fails_is_named_and_nothing_recorded(
    course, monkeypatch, capsys
):
    monkeypatch.setattr(ledger, "machine_problem", lambda: None)
    write(course, OPENING, code("1 / 0"))
    before = course.read_bytes()
    assert ledger.main([str(course)]) == 1
    assert capsys.readouterr().err.startswith("00_tiny.ipynb: the cell '1 / 0' failed")
    assert not ledger.LEDGER.exists()
    assert course.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("sys.platform", "darwin", "needs Linux, got darwin"),
        ("os.sched_getaffinity", lambda _: set(range(16)), "got 16: run `taskset"),
    ],
)
def test_a_machine_that_would_falsify_the_texts_is_refused(
    name, value, message, course, monkeypatch, capsys
):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(f"ledger.{name}", value, raising=False)
    with pytest.raises(SystemExit):
        ledger.main([str(course)])
    assert message in capsys.readouterr().err


def test_figures_are_rounded_and_memory_rounded_up():
    figures = ENTRY | {"seconds": 1.2, "kernel_bytes": 1_100_000_001}
    assert ledger.opening(figures) == "5 seconds of computing and 1.2 GB of memory"
    figures = ENTRY | {"seconds": 87.9, "kernel_bytes": 1_100_000_000}
    assert ledger.opening(figures) == "90 seconds of computing and 1.1 GB of memory"
    assert ledger.row(ENTRY) == " 50 s | 30 s | 1.1 GB | 1.2 GB |"


def test_training_seconds_of_another_lesson_are_not_taken(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_RUNS", str(tmp_path / "runs"))
    exec(SAVE.format("02_mlp_forward_pass"))
    monkeypatch.setenv("COURSE_RUNS", str(tmp_path / "elsewhere"))
    assert ledger.training_seconds(Path("02_mlp_forward_pass.ipynb"), tmp_path) == 12.3
    assert ledger.training_seconds(Path("02_mlp.ipynb"), tmp_path) is None
    assert ledger.training_seconds(Path("03_raw_cnn.ipynb"), tmp_path) is None


@pytest.mark.skipif(sys.platform != "linux", reason="memory is known under Linux alone")
def test_a_busy_machine_adds_its_peak_and_nothing_else(course, monkeypatch, capsys):
    monkeypatch.setattr(ledger, "machine_problem", lambda: None)
    count = "import psutil\nbusy = [p for p in psutil.Process().parent().children()]"
    write(course, OPENING, code(f"{count}\nassert len(busy) >= 3, busy"))
    assert ledger.main(["--busy", str(course)]) == 1
    assert "ledger.json lacks" in capsys.readouterr().err
    ledger.keep("00_tiny", ENTRY)
    assert ledger.main(["--busy", str(course)]) == 0, capsys.readouterr().err
    entry = json.loads(ledger.LEDGER.read_text())["00_tiny"]
    assert 1e7 < entry.pop("kernel_bytes_busy") < 3e8
    assert entry == ENTRY
    assert Lesson(course).cells[1].outputs == []


def test_the_busy_processes_are_ended():
    with pytest.raises(KeyError), ledger.busy_processes() as processes:
        assert [process.poll() for process in processes] == [None] * CORES
        raise KeyError
    assert None not in [process.poll() for process in processes]
