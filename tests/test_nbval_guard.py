"""Each rule of the guard: what nbval does without it, and what it does with it."""

import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from nbformat.v4 import new_output
from tiny_notebooks import code, write

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]
CELL_TIMEOUT = 15  # seconds; the cell of many messages takes 3 on a quiet machine

LATE_OUTPUT = """import sys, time
sys.stdout.flush_timeout = sys.stderr.flush_timeout = 0.1  # let the reply go ahead
get_ipython().kernel.iopub_thread.schedule(lambda: time.sleep(6))"""
MANY_MESSAGES = """import time
from ipywidgets import Label
label = Label()
for k in range(3600):  # a channel holds 2,000, and the system's buffers 40 MB more
    label.value = str(k) + 60_000 * "."
    if k % 300 == 0:
        time.sleep(0.1)"""
SWALLOWED_INTERRUPT = """import time
try:
    time.sleep(60)
except KeyboardInterrupt:
    pass"""


def figure(picture):
    """Return a cell that shows a figure, with another picture as its output."""
    shown = {"text/html": '<img alt="A line" src="data:now">', "text/plain": "A line"}
    cell = code(f"display({shown}, raw=True)", tags=["nbval-check-output"])
    cell.outputs = [new_output("display_data", shown | {"text/html": picture})]
    return cell


# Name: cells, then the outcomes of the cells without the guard and with it.
RULES = {
    "check_without_stored_run": (
        [code("print(1)", tags=["nbval-check-output"], count=None)],
        "passed",
        "failed",
    ),
    "check_without_stored_output": (
        [code("x = 1", tags=["nbval-check-output"])],
        "passed",
        "failed",
    ),
    "check_of_stderr_alone": (
        [
            code(
                "import sys; print(1, file=sys.stderr)",
                stderr="1\n",
                tags=["nbval-check-output"],
            )
        ],
        "passed",
        "failed",
    ),
    "other_stderr_beside_equal_stdout": (
        [
            code(
                "import sys; print(1); print('now', file=sys.stderr)",
                stdout="1\n",
                stderr="then\n",
                tags=["nbval-check-output"],
            )
        ],
        "failed",
        "passed",
    ),
    "other_picture_beside_equal_text": (
        [figure('<img alt="A line" src="data:then">')],
        "failed",
        "passed",
    ),
    "raises_exception_that_does_not_raise": (
        [code("x = 1", tags=["raises-exception"])],
        "passed",
        "failed",
    ),
    "raises_exception_that_raises": (
        [code("1 / 0", tags=["raises-exception"])],
        "passed",
        "passed",
    ),
    "mistyped_magic": ([code("%no_such_magic\nx = 1")], "passed", "failed"),
    "output_that_comes_late": ([code(LATE_OUTPUT)], "failed", "passed"),
    "more_messages_than_a_channel_holds": ([code(MANY_MESSAGES)], "failed", "passed"),
    "cells_after_a_failure": (
        [code("1 / 0"), code("x = 1"), code("x")],
        "failed passed passed",
        "failed skipped skipped",
    ),
    "time_limit_with_swallowed_interrupt": (
        [code(SWALLOWED_INTERRUPT), code("x = 1"), code("1 / 0")],
        "passed passed skipped",  # the last two are XPASS and xfail
        "failed skipped skipped",
    ),
    "dead_kernel": (
        [code("import os; os._exit(1)"), code("x = 1")],
        "failed skipped",  # after the whole time limit
        "failed skipped",
    ),
    "too_much_memory": (
        [code("x = 1"), code("hoard = b'x' * 1_300_000_000"), code("x = 2")],
        "passed passed passed",
        "passed failed skipped",
    ),
}


def start_pytest(folder, *arguments, **variables):
    """Start pytest in a folder, away from this run's own settings."""
    environment = {
        **os.environ,
        "PYTHONPATH": f"{ROOT / 'tests'}{os.pathsep}{ROOT / 'tools'}",
        **variables,
    }
    environment.pop("PYTEST_ADDOPTS", None)
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", "--junitxml=report.xml", *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def cells_of(folder):
    """Return each notebook's test cases, in order, from pytest's report."""
    cases = {}
    for case in ElementTree.parse(folder / "report.xml").iter("testcase"):
        name = case.get("classname").removesuffix(".ipynb").rpartition(".")[2]
        cases.setdefault(name, []).append(case)
    return cases


def outcome(case):
    """Return the outcome of a test case, as one word."""
    kinds = {child.tag for child in case} & {"failure", "error", "skipped"}
    if not kinds:
        return "passed"
    return "skipped" if kinds == {"skipped"} else "failed"


def outcomes(cases):
    return " ".join(outcome(case) for case in cases)


def text_of(cases):
    """Return everything that the report says about a notebook."""
    return " ".join(
        (child.get("message") or "") + (child.text or "")
        for case in cases
        for child in case
    )


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Run all tiny notebooks twice, side by side: without the guard and with it."""
    started = []
    for guard in (["-p", "no:nbval_guard"], ["-p", "nbval_guard"]):
        folder = tmp_path_factory.mktemp("notebooks")
        (folder / "pytest.ini").write_text("[pytest]\n")
        for name, (cells, _, _) in RULES.items():
            write(folder / f"{name}.ipynb", *cells)
        limit = f"--nbval-cell-timeout={CELL_TIMEOUT}"
        options = ["--nbval-lax", "--nbval-current-env", limit, *guard]
        started.append((folder, start_pytest(folder, *options)))
    for _, process in started:
        process.communicate(timeout=300)
    return [cells_of(folder) for folder, _ in started]


@pytest.mark.parametrize("name", RULES)
def test_without_the_guard_nbval_misjudges(runs, name):
    assert outcomes(runs[0][name]) == RULES[name][1]


@pytest.mark.parametrize("name", RULES)
def test_with_the_guard_nbval_judges_right(runs, name):
    if name == "too_much_memory" and sys.platform != "linux":
        pytest.skip("only Linux tells the peak memory of another process")
    assert outcomes(runs[1][name]) == RULES[name][2]


@pytest.mark.parametrize(
    ("name", "reason"),
    {
        "check_without_stored_run": "no output of it is stored",
        "raises_exception_that_does_not_raise": "raised none",
        "mistyped_magic": "a mistyped magic?",
        "time_limit_with_swallowed_interrupt": f"longer than {CELL_TIMEOUT} seconds",
        "dead_kernel": "the kernel died",
        "cells_after_a_failure": "Cell 0 failed before it",
    }.items(),
)
def test_the_guard_says_why(runs, name, reason):
    assert reason in text_of(runs[1][name])


def test_a_dead_kernel_is_noticed_before_the_time_limit(runs):
    without, guarded = (float(run["dead_kernel"][0].get("time")) for run in runs)
    assert without >= CELL_TIMEOUT > guarded


@pytest.mark.parametrize("guarded", [False, True])
def test_a_kernel_without_asserts_passes_without_the_guard_alone(guarded, tmp_path):
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    write(tmp_path / "wrong.ipynb", code("assert 1 == 2"), code("x = 1"))
    guard = "nbval_guard" if guarded else "no:nbval_guard"
    options = ["--nbval-lax", "--nbval-current-env", "-p", guard]
    start_pytest(tmp_path, *options, PYTHONOPTIMIZE="1").communicate(timeout=120)
    cases = cells_of(tmp_path)["wrong"]
    assert outcomes(cases) == ("failed skipped" if guarded else "passed passed")
    assert ("asserts are off" in text_of(cases)) == guarded


DOWNLOAD = """import urllib.request
urllib.request.urlopen("http://example.org", timeout=20)"""


def test_pytest_of_one_notebook_is_guarded_and_offline(tmp_path):
    for name in ("conftest.py", "pyproject.toml", "tests/nbval_guard.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "tools", tmp_path / "tools")
    (tmp_path / "notebooks").mkdir()
    empty = "import os; assert not os.path.exists(os.environ['COURSE_RUNS'])"
    write(tmp_path / "notebooks/download.ipynb", code(empty), code(DOWNLOAD))
    write(tmp_path / "notebooks/magic.ipynb", code("%no_such_magic"))
    notebooks = ["notebooks/download.ipynb", "notebooks/magic.ipynb"]
    output, _ = start_pytest(tmp_path, *notebooks).communicate(timeout=120)
    cases = cells_of(tmp_path)
    assert outcomes(cases["download"]) == "passed failed", output
    assert "refused" in text_of(cases["download"])
    assert outcomes(cases["magic"]) == "failed"
