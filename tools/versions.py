"""Keep what was seen to run, and write it into docs/versions.md.

    python tools/versions.py keep SESSION REPORT ...
    python tools/versions.py write

A session of noxfile.py calls the first line in its own environment, with the reports
that pytest wrote as JUnit XML. What they say, the environment's versions and the date
become the session's entry in docs/versions.json, in place of an earlier one; the exit
code is 1 if a test failed. Both lines write docs/versions.md from there.
"""

import argparse
import json
import platform
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from datetime import date
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[1]
KEPT = ROOT / "docs" / "versions.json"
PAGE = ROOT / "docs" / "versions.md"
BEGIN, END = "<!-- sessions: begin -->\n", "<!-- sessions: end -->"
# Sessions of noxfile.py, and the set of each.
SESSIONS = {
    "tested-3.13": "the tested set",
    "tested-3.12": "the tested set",
    "tested-3.11": "the tested set",
    "colab": "Colab's set",
    "oldest": "the lower ends of the ranges",
    "newest": "the newest of the day",
    "offline": "the tested set, no network",
}
SHOWN = {
    "tensorflow": "TensorFlow",
    "keras": "Keras",
    "numpy": "NumPy",
    "matplotlib": "Matplotlib",
    "ipywidgets": "ipywidgets",
}
OUTCOMES = {"failure": "failed", "error": "failed", "skipped": "skipped"}
FAILURES = 10  # named on the page, of each session


def main(arguments=None):
    """Keep a session's reports, write the page, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("write", help="write the page")
    keeping = commands.add_parser("keep", help="keep a session's reports first")
    keeping.add_argument("session", choices=SESSIONS)
    keeping.add_argument("reports", nargs="+", type=Path, metavar="REPORT")
    options = parser.parse_args(arguments)
    failed = []
    if options.command == "keep":
        entry = seen(options.reports)
        keep(options.session, entry)
        failed = entry["failed"]
    PAGE.write_text(written(PAGE.read_text("utf-8"), load()), "utf-8")
    return int(bool(failed))


def seen(reports):
    """Return a session's entry: date, versions of this environment, and results.

    Args:
        reports: paths of JUnit XML files; the name of each says what was run.
    """
    results, failed = {}, []
    for report in reports:
        counts = Counter()
        for case in ElementTree.parse(report).getroot().iter("testcase"):
            outcome = next(
                (OUTCOMES[e.tag] for e in case if e.tag in OUTCOMES), "passed"
            )
            counts[outcome] += 1
            if outcome == "failed":
                failed.append(f"{case.get('classname')}::{case.get('name')}")
        results[report.stem] = dict(sorted(counts.items()))
    return {
        "date": date.today().isoformat(),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in SHOWN},
        "results": results,
        "failed": failed,
    }


def load():
    """Return what is kept, a dict by session."""
    return json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {}


def keep(session, entry):
    """Put a session's entry in place of an earlier one."""
    entries = load() | {session: entry}
    KEPT.write_bytes(json.dumps(entries, indent=2).encode() + b"\n")


def written(text, entries):
    """Return a page's text with the table of sessions in its place."""
    return replaced(text, BEGIN, END, table(entries))


def replaced(text, begin, end, new):
    """Return a text with what stands between two marks replaced."""
    before, _, rest = text.partition(begin)
    return before + begin + new + end + rest.partition(end)[2]


def table(entries):
    """Return the sessions as a table of Markdown, and below it what failed."""
    heads = [
        "session",
        "Python",
        *SHOWN.values(),
        "tests",
        "cells of notebooks",
        "date",
    ]
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    failures = []
    for session, meaning in SESSIONS.items():
        cells = [f"`{session}`: {meaning}"]
        if entry := entries.get(session):
            results = [words(counts) for counts in entry["results"].values()]
            versions = [entry["versions"][name] for name in SHOWN]
            cells += [entry["python"], *versions, *results, entry["date"]]
            failures += [f"- `{session}`: `{f}`" for f in entry["failed"][:FAILURES]]
        else:
            cells += ["not run yet"] + [""] * (len(heads) - 2)
        lines.append("| " + " | ".join(cells) + " |")
    if failures:
        lines += ["", "What failed:", "", *failures]
    return "\n".join(lines) + "\n"


def words(counts):
    """Return what a report counted, in words."""
    return ", ".join(f"{counts[name]} {name}" for name in sorted(counts))


if __name__ == "__main__":
    sys.exit(main())
