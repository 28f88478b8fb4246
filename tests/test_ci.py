"""What runs elsewhere is what the README tells a reader to run."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
NEW = "python3 -m venv .venv && .venv/bin/python -m pip install -c constraints.txt -e "
COPY = "cp -R notebooks work"
LAB_COMMAND = (
    f'{NEW}".[lab]" && {COPY} && .venv/bin/jupyter lab work/00_start_here.ipynb'
)
TEST_COMMAND = NEW + '".[test]" && .venv/bin/python -m pytest'


def test_the_readme_has_both_commands():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert LAB_COMMAND in readme
    assert TEST_COMMAND in readme


def test_the_workflow_runs_the_same_script_on_push_pull_request_and_weekly():
    text = (ROOT / ".github/workflows/test.yml").read_text("utf-8")
    workflow = yaml.load(text, Loader=yaml.BaseLoader)  # on: stays a text
    assert set(workflow["on"]) == {"push", "pull_request", "schedule"}
    job = workflow["jobs"]["test"]
    *_, run, keep = job["steps"]
    assert run["run"] == ".ci/run ${{ matrix.job }}"
    kept = run["env"]["COURSE_SCREENSHOTS"].removeprefix("${{ github.workspace }}/")
    assert keep["uses"].startswith("actions/upload-artifact@")
    assert keep["with"]["path"] == kept
    assert job["strategy"]["matrix"]["job"] == ["test", "rerun", "classroom"]
    assert job["timeout-minutes"] == "90"
    weekly = workflow["jobs"]["solve"]
    assert weekly["if"] == "github.event_name == 'schedule'"
    assert weekly["steps"][-1]["run"] == ".ci/run solve"


def test_windows_and_macos_run_the_quick_tests_and_two_notebooks():
    text = (ROOT / ".github/workflows/test.yml").read_text("utf-8")
    job = yaml.safe_load(text)["jobs"]["elsewhere"]
    assert job["strategy"]["matrix"]["system"] == ["windows-latest", "macos-latest"]
    install, doctor, quick, notebooks = [
        step["run"].removeprefix("python -m ") for step in job["steps"] if "run" in step
    ]
    for command in (install, quick):  # those that a reader is told
        assert command in (ROOT / "README.md").read_text("utf-8")
    assert doctor == "course_utils.doctor"
    names = notebooks.removeprefix("pytest ").split()
    assert len(names) == 2 and all((ROOT / name).is_file() for name in names)


def test_the_site_that_is_published_is_the_one_that_was_tested():
    text = (ROOT / ".github/workflows/pages.yml").read_text()
    workflow = yaml.load(text, Loader=yaml.BaseLoader)
    assert workflow["on"]["push"] == {"branches": ["main"]}
    *_, test, keep = workflow["jobs"]["build"]["steps"]
    assert test["run"] == ".ci/run site"
    kept = test["env"]["COURSE_SITE"].removeprefix("${{ github.workspace }}/")
    assert keep["uses"].startswith("actions/upload-pages-artifact@")
    assert keep["with"]["path"] == kept
    publish = workflow["jobs"]["publish"]
    assert publish["needs"] == "build"
    assert publish["permissions"] == {"pages": "write", "id-token": "write"}
    assert "permissions" not in workflow["jobs"]["build"]
    assert workflow["permissions"] == {"contents": "read"}


def test_the_hooks_run_the_same_tools_as_the_script():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    hooks = [hook for repo in hooks["repos"] for hook in repo["hooks"]]
    assert {hook["language"] for hook in hooks} == {"system"}
    script = (ROOT / ".ci/run").read_text()
    for command in (
        "ruff check",
        "ruff format",
        "python tools/strip.py",
        "python tools/pins.py --check",
    ):
        assert command in script
        assert any(hook["entry"].startswith(command) for hook in hooks)


INSTALL = [
    "stand-in -m venv .venv",
    "python -m pip install -c constraints.txt -e .[test]",
]
JOBS = {
    "classroom": [
        "python -m pip install -c constraints.txt -e .[classroom]",
        "npm install --no-package-lock --prefix docs/hub",
        "python -m pytest tests/test_nbgrader.py tests/test_nbgitpuller.py "
        "tests/test_hub.py tests/test_hub_image.py",
    ],
    "solve": ["python tools/editions.py solve solved --run"],
    "rerun": ["python tools/rerun.py --elsewhere"],
    "site": [
        "python -m pip install -c constraints.txt -e .[test,site]",
        "python -m pytest tests/site",
    ],
    "test": [
        "ruff check .",
        "ruff format --check .",
        "python tools/strip.py --verify",
        "python tools/pins.py --check",
        "python -m pytest",
    ],
}


def run_script(folder, *jobs, failing="nothing"):
    """Run the script with stand-ins that write down how they were called.

    Returns its exit code, what it says on stderr, and the calls.
    """
    (folder / ".ci").mkdir()
    shutil.copy(ROOT / ".ci/run", folder / ".ci/run")
    (folder / "README.md").write_text(f"Test it:\n\n    {TEST_COMMAND}\n")
    (folder / ".venv").mkdir()  # the author's own stays unused
    stand_in = folder / "stand-in"
    stand_in.write_text(
        f"""#!/bin/bash
case "$*" in
  -c*) exec {sys.executable} "$@" ;;
  "-m venv .venv")
    [ -e .venv ] && echo "not new" >> {folder}/calls
    mkdir -p .venv/bin
    for name in python ruff; do cp "$0" .venv/bin/$name; done ;;
esac
echo "${{0##*/}} $*" >> {folder}/calls
[[ "$*" != *{failing}* ]]
"""
    )
    stand_in.chmod(0o755)
    (folder / "bin").mkdir()
    for name in ("chromium", "npm"):
        shutil.copy(stand_in, folder / "bin" / name)
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": path, "PYTHON": str(stand_in), "HOME": ""}
    command = [folder / ".ci/run", *jobs]
    run = subprocess.run(
        command, env=environment, timeout=60, capture_output=True, text=True
    )
    calls = folder / "calls"
    lines = calls.read_text().splitlines() if calls.exists() else []
    return run.returncode, run.stderr, lines


needs_bash = pytest.mark.skipif(os.name == "nt", reason="a bash script")


@needs_bash
@pytest.mark.parametrize("job", JOBS)
def test_a_job_runs_alone_in_a_new_environment(job, tmp_path):
    assert run_script(tmp_path, job) == (0, "", INSTALL + JOBS[job])


@needs_bash
def test_without_a_job_the_tests_run_and_the_readme_command_comes_last(tmp_path):
    assert run_script(tmp_path) == (0, "", INSTALL + JOBS["test"])


@needs_bash
def test_several_jobs_run_in_the_order_given(tmp_path):
    calls = INSTALL + JOBS["rerun"] + JOBS["test"]
    assert run_script(tmp_path, "rerun", "test") == (0, "", calls)


@needs_bash
@pytest.mark.parametrize("jobs", [["tests"], ["test", "reruns"], [""], ["--help"]])
def test_an_unknown_job_is_refused_and_nothing_runs(jobs, tmp_path):
    status, error, calls = run_script(tmp_path, *jobs)
    assert (status, calls) == (1, [])
    jobs_there = "classroom, rerun, site, solve or test"
    assert f"no job is called '{jobs[-1]}': use {jobs_there}" in error


@needs_bash
@pytest.mark.parametrize(
    "failing", ["tools/rerun.py", "check", "strip.py", "pins.py", "pytest"]
)
def test_a_failure_is_told_and_hides_no_other_job(failing, tmp_path):
    status, _, calls = run_script(tmp_path, "rerun", "test", failing=failing)
    assert status == 1
    assert JOBS["rerun"][0] in calls
    assert JOBS["test"][0] in calls
    assert failing in calls[-1] or failing == "tools/rerun.py"
