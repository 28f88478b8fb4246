"""Run tests and notebooks with every set of versions that the course claims.

    python -m pip install -c constraints.txt nox
    nox                 all sets, one after the other; nox --list names them
    nox -s colab        one of them
    nox -s offline -- notebooks/00_start_here.ipynb     with these notebooks alone

Each session makes a new environment, and `tools/versions.py` keeps what it saw in
docs/versions.md. A Python that is not installed is skipped.
"""

from pathlib import Path

import nox

nox.options.sessions = ["colab", "oldest", "newest", "tested", "offline"]
TESTS = ["tests", "-m", "not browser"]
WITH_BROWSER = ["tests"]
NOTEBOOKS = ["notebooks"]
# Of all networks the loopback alone, through which kernels and pages are reached.
LOOPBACK = ["unshare", "--map-root-user", "--net", "sh", "-c"]
LOOPBACK += ['ip link set lo up && exec "$@"', "sh"]


@nox.session(python=["3.13", "3.12", "3.11"])
def tested(session):
    """The set of constraints.txt."""
    session.install("-c", "constraints.txt", "-e", ".[test]")
    check(session)


@nox.session(python="3.13")
def colab(session):
    """What Google Colab has, and a page with the widgets that its page has."""
    # Notebook 6 is what Colab lists, too; tests/test_classic.py opens it.
    page = "notebook==6.5.7"
    session.install("-c", "tests/colab-constraints.txt", "-e", ".[test]", page)
    check(session)


@nox.session(python="3.11")
def oldest(session):
    """The lower ends of the ranges in pyproject.toml."""
    constraints = Path(session.virtualenv.location, "oldest.txt").resolve()
    session.install("packaging")
    ends = session.run_install("python", "tools/pins.py", "--oldest", silent=True)
    if ends:  # none where nothing is to be installed
        constraints.write_text(ends)
    session.install("-c", str(constraints), "-e", ".[test]")
    check(session)


@nox.session(python="3.13")
def newest(session):
    """The newest releases of the day that the ranges allow."""
    session.install("--upgrade", "--upgrade-strategy=eager", "-e", ".[test]")
    check(session)


@nox.session(python="3.12")
def offline(session):
    """The set of constraints.txt without a network, the browser's tests included."""
    session.install("-c", "constraints.txt", "-e", ".[test]")
    check(session, WITH_BROWSER, LOOPBACK)


def check(session, tests=TESTS, prefix=()):
    """Run tests and notebooks, and keep what came of it."""
    reports = []
    for name, what in (("tests", tests), ("notebooks", session.posargs or NOTEBOOKS)):
        # Not session.create_tmp(): tests would keep their files in the repository.
        report = Path(session.virtualenv.location, f"{name}.xml").resolve()
        report.unlink(missing_ok=True)
        command = [*prefix, "python", "-m", "pytest", "-q", f"--junitxml={report}"]
        # Whoever runs many sessions has a slow or busy machine.
        command.append("--nbval-cell-timeout=1200")
        # A failure is told by what is kept, below; 1 is its exit code.
        session.run(*command, *what, success_codes=[0, 1], external=bool(prefix))
        reports.append(str(report))
    session.run("python", "tools/versions.py", "keep", session.name, *reports)
