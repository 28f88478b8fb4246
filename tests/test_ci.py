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
LAB_COMMAND = NEW + '".[lab]" && .venv/bin/jupyter lab notebooks/00_start_here.ipynb'
TEST_COMMAND = NEW + '".[test]" && .venv/bin/python -m pytest'


def test_the_readme_has_both_commands():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert LAB_COMMAND in readme
    assert TEST_COMMAND in readme


def test_the_workflow_runs_the_same_script_on_push_pull_request_and_weekly():
    text = (ROOT / ".github/workflows/test.yml").read_text()
    workflow = yaml.load(text, Loader=yaml.BaseLoader)  # on: stays a text
    assert set(workflow["on"]) == {"push", "pull_request", "schedule"}
    assert workflow["jobs"]["test"]["steps"][-1]["run"] == ".ci/run"


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


@pytest.mark.skipif(os.name == "nt", reason="a bash script")
def test_the_script_ends_with_the_readme_command_in_a_new_environment(tmp_path):
    """Run the script with stand-ins that write down how they were called."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci/run", tmp_path / ".ci/run")
    (tmp_path / "README.md").write_text(f"Test it:\n\n    {TEST_COMMAND}\n")
    (tmp_path / ".venv").mkdir()  # the author's own stays unused
    stand_in = tmp_path / "stand-in"
    stand_in.write_text(
        f"""#!/bin/bash
case "$*" in
  -c*) exec {sys.executable} "$@" ;;
  "-m venv .venv")
    [ -e .venv ] && echo "not new" >> {tmp_path}/calls
    mkdir -p .venv/bin
    for name in python ruff; do cp "$0" .venv/bin/$name; done ;;
esac
echo "${{0##*/}} $*" >> {tmp_path}/calls
"""
    )
    stand_in.chmod(0o755)
    (tmp_path / "bin").mkdir()
    shutil.copy(stand_in, tmp_path / "bin/chromium")
    path = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": path, "PYTHON": str(stand_in), "HOME": ""}
    subprocess.run([tmp_path / ".ci/run"], env=environment, check=True, timeout=60)
    assert (tmp_path / "calls").read_text().splitlines() == [
        "stand-in -m venv .venv",
        "python -m pip install -c constraints.txt -e .[test]",
        "ruff check .",
        "ruff format --check .",
        "python tools/strip.py --verify",
        "python tools/pins.py --check",
        "python -m pytest",
    ]
