"""Write which mistakes the exercises recognise into docs/mistakes.md.

    python tools/mistakes.py [--check]

Each exercise keeps the wrong functions that it knows, with an id and what its check
says. The page's first table, written by hand, lists what lessons show; its last column,
the exercises whose checks name the mistake, comes from here. The second table has a
line for each other id: its first message, and the exercises that know it, or all where
the result alone tells the cause. With
`--check` nothing is written, and the exit code is 1 if the page is another.
"""

import argparse
import importlib
import pkgutil
import re
import sys

from course import ROOT, replaced

from course_utils import exercises

PAGE = ROOT / "docs" / "mistakes.md"
BEGIN, END = "<!-- exercises: begin -->\n", "<!-- exercises: end -->"
ROW = re.compile(r"^\| `([a-z0-9-]+)` \| ([^|]*) \|", re.MULTILINE)
LINE = re.compile(
    r"^(\| `([a-z0-9-]+)` \|.*)\|[^|\n]*\|$", re.MULTILINE
)  # but the last cell
NONE = ["no check"]


def main(arguments=None):
    """Write or compare the table, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    options = parser.parse_args(arguments)
    before = PAGE.read_text("utf-8")
    after = written(before)
    if options.check:
        if before != after:
            print("docs/mistakes.md is not current: run python tools/mistakes.py")
        return int(before != after)
    PAGE.write_text(after, "utf-8")
    return 0


def written(text):
    """Return the page with what the exercises give now."""
    named = {id: names for id, (_, names) in known().items()}
    first, mark, second = text.partition(BEGIN)
    first = LINE.sub(
        lambda row: f"{row[1]}| {', '.join(named.get(row[2], NONE))} |", first
    )
    return replaced(first + mark + second, BEGIN, END, table(without=shown(text)))


def table(without=()):
    """Return the second table, a line for each id in alphabetical order.

    Args:
        without: ids that stand in the first table.
    """
    lines = ["| id | its fingerprint, as the check says it | named in |"]
    lines += ["| --- | --- | --- |"]
    for id, (message, names) in sorted(known().items()):
        if id not in without:
            cells = f"`{id}`", message.replace("|", "\\|"), ", ".join(names)
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def known():
    """Return id -> (its first message, names of the exercises that know it)."""
    found = {id: (words, ["every exercise"]) for id, words in exercises.GENERAL.items()}
    for module in pkgutil.iter_modules(exercises.__path__):
        if not module.name.startswith("lesson_"):
            continue
        lesson = importlib.import_module(f"{exercises.__name__}.{module.name}")
        for name, exercise in vars(lesson).items():
            if isinstance(exercise, exercises.Exercise):
                for mistake in exercise.mistakes:
                    _, names = found.setdefault(mistake.id, (mistake.message, []))
                    full = f"`{module.name}.{name}`"
                    if full not in names and mistake.id not in exercises.GENERAL:
                        names.append(full)
    return found


def shown(text):
    """Return id -> where a lesson shows it, from the page's first table."""
    return dict(ROW.findall(text[: text.index(BEGIN)]))


if __name__ == "__main__":
    sys.exit(main())
