"""Keep what was seen to run, and write it into docs/versions.md.

    python tools/versions.py keep SESSION REPORT ...
    python tools/versions.py write

A session of noxfile.py calls the first line in its own environment, with the reports
that pytest wrote as JUnit XML. What they say of each test file and each notebook is
kept in docs/versions.json with the date and the environment's versions, in place of
what was kept of them; the exit code is 1 if something failed. Both lines write
docs/versions.md from there.
"""

import argparse
import json
import platform
import sys
import xml.etree.ElementTree as ElementTree
from datetime import date
from importlib.metadata import version
from pathlib import Path

from course import ROOT, kept, lessons, replaced

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
    failed = False
    if options.command == "keep":
        results = seen(options.reports)
        keep(options.session, results)
        failed = any(result["failed"] for result in results.values())
    PAGE.write_text(written(PAGE.read_text("utf-8"), load()), "utf-8")
    return int(failed)


def seen(reports):
    """Return what reports say, a dict from a test file or notebook to its result.

    Args:
        reports: paths of JUnit XML files.

    Returns:
        A result is a dict of the date, how many passed and were skipped, and the names
        of those that failed.
    """
    results = {}
    for report in reports:
        for case in ElementTree.parse(report).getroot().iter("testcase"):
            place, name = case.get("classname"), case.get("name")
            result = results.setdefault(
                place,
                {
                    "date": date.today().isoformat(),
                    "passed": 0,
                    "skipped": 0,
                    "failed": [],
                },
            )
            told = {element.tag for element in case}
            if told & {"failure", "error"}:
                result["failed"].append(f"{place}::{name}")
            else:
                result["skipped" if "skipped" in told else "passed"] += 1
    return results


def load():
    """Return what is kept, a dict by session."""
    return kept(KEPT)


def keep(session, results):
    """Put results in place of earlier ones of the same session.

    What this run left out stays as long as the versions are the same, and the file is
    still there.
    """
    names = [*SHOWN, *("ipykernel", "traitlets")]
    installed = {"python": platform.python_version()}
    installed |= {name: version(name) for name in names}
    entries = load()
    earlier = entries.get(session, {})
    if earlier.get("versions") == installed:
        standing = {k: v for k, v in earlier["results"].items() if _file(k).exists()}
        results = standing | results
    entries[session] = {"versions": installed, "results": dict(sorted(results.items()))}
    KEPT.write_bytes(json.dumps(entries, indent=1).encode() + b"\n")


def _file(place):
    """Return the path of what pytest's report calls "tests.test_a"."""
    name, ending, _ = place.partition(".ipynb")
    return ROOT / (name.replace(".", "/") + (ending or ".py"))


def written(text, entries):
    """Return a page's text with the table of sessions in its place."""
    return replaced(text, BEGIN, END, table(entries))


def table(entries):
    """Return the sessions as a table of Markdown, and below it what failed."""
    heads = ["session", "versions", "tests", "cells of notebooks", "date"]
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    failures, total = [], len(lessons())
    for session, meaning in SESSIONS.items():
        cells = [f"`{session}`: {meaning}", "not run yet", "", "", ""]
        if entry := entries.get(session):
            parts = entry["results"]
            notebooks = [parts[name] for name in parts if name.endswith(".ipynb")]
            tests = [parts[name] for name in parts if not name.endswith(".ipynb")]
            names = [f"{SHOWN[name]} {entry['versions'][name]}" for name in SHOWN]
            cells[1] = ", ".join([f"Python {entry['versions']['python']}", *names])
            cells[4] = min(part["date"] for part in parts.values())
            failed = [name for part in parts.values() for name in part["failed"]]
            failures += [f"- `{session}`: `{name}`" for name in failed[:FAILURES]]
            cells[2] = words(tests)
            cells[3] = f"{words(notebooks)}, in {len(notebooks)} of {total} notebooks"
        lines.append("| " + " | ".join(cells) + " |")
    if failures:
        lines += ["", "What failed:", "", *failures]
    return "\n".join(lines) + "\n"


def words(results):
    """Return in words how many passed, failed and were skipped in all."""
    counts = {
        "passed": sum(result["passed"] for result in results),
        "failed": sum(len(result["failed"]) for result in results),
        "skipped": sum(result["skipped"] for result in results),
    }
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count)


if __name__ == "__main__":
    sys.exit(main())
