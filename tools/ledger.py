"""Measure what each lesson costs, and write the figures where readers find them.

    python tools/ledger.py [--refresh | --busy | --write] [NOTEBOOK ...]

Runs notebooks as tools/refresh.py does (all lessons without names), keeps what each one
took in docs/ledger.json, and writes it into the line of its opening cell that begins
with "About" and into its row of the README's table. The minutes of study there are an
author's estimate and stay. With `--refresh` the outputs are kept in the notebooks too;
with `--write` nothing runs, and the texts are written from docs/ledger.json.

With `--busy` two processes keep both cores busy meanwhile, and only the kernel's peak
is added to what the ledger has: run it after a run without, which begins a new entry.

The machine must be quiet, run Linux, which alone keeps the peak memory of other
processes, and give two CPU cores. What kernel and JupyterLab's server hold together is
the sum of their two peaks. The server's is measured apart from the run, while it hands
out the page, opens the notebook with a kernel of its own, and saves it.
"""

import argparse
import contextlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import date
from importlib.metadata import version
from pathlib import Path
from unittest import mock

import course
from course import CORES, OPENING, README, ROOT
from kernels import ask, lab_server, offline_environment, peak_memory_of
from refresh import RefreshError, run, stripped

from course_utils import runs

LEDGER = ROOT / "docs" / "ledger.json"
NEEDED = ["seconds", "kernel_bytes", "kernel_and_server_bytes"]
OPENING_ADVICE = (
    "write `*About 60 minutes of study; ... on two CPU cores.*` into the opening cell"
)
ROW_ADVICE = "write `| [Title](notebooks/name.ipynb) | what you build | 60 min |`"


class LedgerError(Exception):
    """Figures cannot be measured or written; the message says what to do."""


def main(arguments=None):
    """Measure, keep and write figures, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--refresh", action="store_true", help="keep the outputs too")
    mode.add_argument(
        "--busy", action="store_true", help="add the peak of a busy machine"
    )
    mode.add_argument("--write", action="store_true", help="run nothing, write texts")
    parser.add_argument("notebooks", nargs="*", type=Path, metavar="NOTEBOOK")
    options = parser.parse_args(arguments)
    paths = options.notebooks or course.lessons()
    if not options.write and (problem := machine_problem()):
        parser.error(problem)
    try:
        with tempfile.TemporaryDirectory(prefix="course-") as folder:
            for path in paths:
                if options.busy:
                    keep(path.stem, load(path.stem) | measure_busy(path, folder))
                elif not options.write:
                    notebook, entry = measure(path, folder)
                    keep(path.stem, entry)
                if options.refresh:
                    path.write_bytes(stripped(notebook, folder))
                entry = load(path.stem)
                rewrite(path, OPENING, opening(entry), OPENING_ADVICE)
                rewrite(README, row_pattern(path), row(entry), ROW_ADVICE)
                print(f"{path.name:32}{row(entry)}", flush=True)
    except (LedgerError, RefreshError) as error:
        print(f"{path.name}: {error}", file=sys.stderr)
        return 1
    return 0


def machine_problem():
    """Return why figures from here would not be what the texts say, or None."""
    if not sys.platform.startswith("linux"):
        return f"it needs Linux, got {sys.platform}: here, only --write works"
    if (cores := len(os.sched_getaffinity(0))) != CORES:
        return (
            f"it needs {CORES} CPU cores, of which the texts speak, got {cores}: run "
            "`taskset --cpu-list 0,1 python tools/ledger.py`"
        )
    return None


def measure(path, folder):
    """Run a notebook; return it with its outputs, and its entry for the ledger.

    Args:
        path: the notebook's path; the file is only read.
        folder: where the kernel may write, as for refresh's `run`.
    """
    notebook, seconds, kernel = run(path, folder)
    entry = {
        "seconds": round(seconds, 1),
        "training_seconds": training_seconds(path, folder),
        "kernel_bytes": kernel,
        "kernel_and_server_bytes": kernel + server_memory(path),
        "date": date.today().isoformat(),
        "cores": CORES,
        "python": platform.python_version(),
        "tensorflow": version("tensorflow"),
    }
    return notebook, entry


def training_seconds(path, folder):
    """Return the seconds that the lesson gave to `runs.save`, None if it gave none."""
    with mock.patch.dict(os.environ, offline_environment(folder)):
        kept = runs.load(path.stem)
    return kept and round(kept["training_seconds"], 1)


def measure_busy(path, folder):
    """Run a notebook beside busy processes and return what to add to its entry."""
    with busy_processes():
        _, _, kernel = run(path, folder)
    return {"kernel_bytes_busy": kernel}


@contextlib.contextmanager
def busy_processes():
    """Keep as many cores busy as the texts speak of, and end the processes after."""
    # They end, too, when this tool is killed.
    endless = "import os\nparent = os.getppid()\nwhile os.getppid() == parent: pass"
    command = [sys.executable, "-c", endless]
    processes = [subprocess.Popen(command) for _ in range(CORES)]
    try:
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.wait()


def server_memory(path):
    """Return the most memory, in bytes, that JupyterLab holds while it serves a lesson.

    Requests open a copy of the notebook with a kernel, and save it. In trials a browser
    that ran all cells of a lesson made the server hold the same, within 2 %.
    """
    name = path.name
    session = {"path": name, "name": name, "type": "notebook", "kernel": {"name": None}}
    with tempfile.TemporaryDirectory(prefix="lab-", ignore_cleanup_errors=True) as home:
        folder = Path(home, "notebooks")
        folder.mkdir()
        shutil.copy(path, folder)
        variables = offline_environment(home)
        # Else requests that change something need a cookie.
        option = "--ServerApp.disable_check_xsrf=True"
        with lab_server(folder, home, option, environment=variables) as (url, process):
            pages = ["lab/api/settings", "lab/api/translations", "api/nbconvert"]
            for page in [f"lab/tree/{name}", *pages]:
                ask(f"{url}/{page}")
            content = ask(f"{url}/api/contents/{name}")
            ask(f"{url}/api/sessions", "POST", json.dumps(session).encode())
            ask(f"{url}/api/contents/{name}", "PUT", content)
            return peak_memory_of(process)


def load(lesson):
    """Return what the ledger knows of a lesson.

    Args:
        lesson: the notebook's name without its ending, for example "03_raw_cnn".

    Raises:
        LedgerError: it lacks the lesson or one of its figures.
    """
    entry = _entries().get(lesson, {})
    lacking = [name for name in NEEDED if not entry.get(name)]
    if lacking:
        raise LedgerError(
            f"docs/ledger.json lacks {', '.join(lacking)} of {lesson}: run "
            f"`python tools/ledger.py notebooks/{lesson}.ipynb`"
        )
    return entry


def keep(lesson, entry):
    """Put a lesson's entry into the ledger, in place of an earlier one."""
    entries = dict(sorted((_entries() | {lesson: entry}).items()))
    LEDGER.write_bytes(json.dumps(entries, indent=2).encode() + b"\n")


def _entries():
    return json.loads(LEDGER.read_text("utf-8")) if LEDGER.exists() else {}


def opening(entry):
    """Return what the opening cell says between study and cores."""
    seconds, memory = _seconds(entry["seconds"]), _gigabytes(entry["kernel_bytes"])
    return f"{seconds} seconds of computing and {memory} GB of memory"


def row(entry):
    """Return the figures at the end of a row of the README's table."""
    training = entry.get("training_seconds")
    kernel, both = entry["kernel_bytes"], entry["kernel_and_server_bytes"]
    figures = [
        f"{_seconds(entry['seconds'])} s",
        f"{_seconds(training)} s" if training else "–",
        f"{_gigabytes(kernel)} GB",
        f"{_gigabytes(both)} GB",
    ]
    return f" {' | '.join(figures)} |"


def _seconds(seconds):
    """Return seconds rounded to 5, at least 5."""
    return max(5, 5 * round(seconds / 5))


def _gigabytes(amount):
    """Return bytes as a text in GB, rounded up: who has that much has enough."""
    return f"{-(-amount // 10**8) / 10:.1f}"


def row_pattern(path):
    """Return the regular expression of a notebook's row in the README's table."""
    link = re.escape(f"](notebooks/{path.name}) |")
    return re.compile(rf"^(\| \[[^]]*{link}.*\| \d+ min \|)(.*)($)", re.MULTILINE)


def rewrite(path, pattern, figures, advice):
    """Put figures in place of the second of three groups in a file, and no more.

    Args:
        path: path of a text file.
        pattern: compiled regular expression; the file has one match of it.
        figures: the new text of group 2.
        advice: what to do where there is not one match, for the error.

    Raises:
        LedgerError: there is not exactly one match.
    """
    old = path.read_bytes().decode()
    new, found = pattern.subn(lambda match: match[1] + figures + match[3], old)
    if found != 1:
        raise LedgerError(
            f"{path.name} must have one place for the figures, got {found}: {advice}"
        )
    if new != old:
        path.write_bytes(new.encode())


if __name__ == "__main__":
    sys.exit(main())
