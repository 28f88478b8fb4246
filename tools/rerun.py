"""Prove that the cells of a notebook can be run twice, and again later.

    python tools/rerun.py [--elsewhere] [NOTEBOOK ...]

Runs notebooks as tools/refresh.py does (all lessons in order without names), each code
cell twice in a row. After the end each cell that took under five seconds is run once
more, in order. A later execution must give what the first gave, and what is stored in
the file; nothing is written. Every difference and every error is listed, and the exit
code is 1 if there is one.

Cells tagged `measured` or with `"keep_output": false` run and are not compared. Neither
are those tagged `goes-on`, whose text says that they go on from where they were.
"""

import argparse
import copy
import itertools
import math
import re
import sys
import tempfile
import time
import zlib
from pathlib import Path

import course
import nbformat
from kernels import peak_memory
from lesson import name_of, tags_of
from refresh import KernelLost, RefreshError, fresh_kernel

QUICK = 5  # seconds; a cell that took less is run once more at the end
SHOWN = 3  # lines that differ
WIDTH = 100  # characters of such a line
NOT_COMPARED = {"measured", "goes-on"}


def main(arguments=None):
    """Run notebooks, list what differs, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--elsewhere",
        action="store_true",
        help="not the machine that made the stored outputs, where last digits differ: "
        "compare with them only in cells tagged nbval-check-output",
    )
    parser.add_argument("notebooks", nargs="*", type=Path, metavar="NOTEBOOK")
    options = parser.parse_args(arguments)
    found = 0
    with tempfile.TemporaryDirectory(prefix="course-") as folder:
        for path in options.notebooks or course.lessons():
            start = time.monotonic()
            problems, peak = rerun(path, folder, options.elsewhere)
            memory = f"{peak / 1e9:.2f} GB" if peak else "memory unknown"
            seconds = time.monotonic() - start
            print(f"{path.name:32} {seconds:6.1f} s   {memory}")
            for problem in problems:
                print("    " + problem.replace("\n", "\n        "))
            sys.stdout.flush()
            found += len(problems)
    return int(found > 0)


def rerun(path, folder, elsewhere=False):
    """Run every code cell of a notebook twice in a row, and quick ones again later.

    Args:
        path: the notebook's path; the file is only read.
        folder: where the kernel may write, as for refresh's `run`.
        elsewhere: whether this is another machine than that of the stored outputs.

    Returns:
        A list of texts, what is wrong; and the kernel's peak memory in bytes, None
        where the system does not tell.
    """
    notebook = nbformat.read(path, as_version=4)
    stored = [copy.deepcopy(cell.get("outputs")) for cell in notebook.cells]
    problems, quick, peak = [], {}, None

    def attempt(position, which, *known):
        """Execute a cell, note what is wrong, and return its seconds and outputs."""
        cell = notebook.cells[position]
        try:
            seconds = execute(position)
        except KernelLost:
            raise
        except RefreshError as error:
            problems.append(f"{which}: {_short(error)}")
            return math.inf, None
        problems.extend(_differences(cell, which, known))
        return seconds, copy.deepcopy(cell.outputs)

    try:
        with fresh_kernel(notebook, path, folder) as (execute, manager):
            for position, cell in enumerate(notebook.cells):
                if cell.cell_type != "code":
                    continue
                seconds, first = attempt(position, "the first time")
                if first is None:
                    continue
                known = [("the first time", first)]
                if not elsewhere or "nbval-check-output" in cell.metadata.get(
                    "tags", []
                ):
                    known.append(("the stored output", stored[position]))
                seconds, _ = attempt(position, "the second time", *known)
                if seconds < QUICK:
                    quick[position] = first
            for position, first in quick.items():
                attempt(position, "after the end", ("the first time", first))
            peak = peak_memory(manager)
    except KernelLost as error:
        problems.append(_short(error))
    return problems, peak


def _short(error):
    """Return the first and the last lines of an error's message, without colours."""
    lines = re.sub("\x1b\\[[0-9;]*m", "", str(error)).splitlines()
    lines = [line for line in lines if line.strip(" -")]
    return "\n".join(lines[:1] + lines[1:][-SHOWN:])


def _differences(cell, which, known):
    """Return how a cell's outputs differ from the first that they differ from.

    Args:
        cell: the cell after an execution.
        which: that execution, in words.
        known: pairs (words, outputs) of what it is compared with.
    """
    tags = set(tags_of(cell))
    if tags & NOT_COMPARED or cell.metadata.get("keep_output") is False:
        return []
    new = _lines(cell.outputs)
    for name, outputs in known:
        old = _lines(outputs)
        if old != new:
            shown = [
                f"\n- {_cut(before, after)}\n+ {_cut(after, before)}"
                for before, after in itertools.zip_longest(old, new, fillvalue="")
                if before != after
            ]
            header = f"{which} (+) {name_of(cell)} differs from {name} (-)"
            return [header + "".join(shown[:SHOWN])]
    return []


def _lines(outputs):
    """Return the lines of all outputs, with a short sign for each picture.

    Execution counts and identities of widgets are left out.
    """
    lines = []
    for output in outputs:
        if output.output_type == "stream":
            lines += [f"{output.name}: {line}" for line in output.text.splitlines()]
            continue
        for kind, value in sorted(output.get("data", {}).items()):
            if kind.startswith("image/"):
                value = f"(picture {zlib.crc32(str(value).strip().encode()):08x})"
            text = re.sub(
                r"(data:image/\w+;base64,)([\w+/=]+)",
                lambda match: f"{match[1]}({zlib.crc32(match[2].encode()):08x})",
                str(value),
            )
            lines += [f"{kind}: {line}" for line in text.splitlines()]
        if output.get("metadata"):
            lines.append(f"metadata: {output.metadata}")
    return lines


def _cut(line, other):
    """Return a piece of a line that shows where another line differs from it."""
    if len(line) <= WIDTH:
        return line
    same = len(line)
    for position, (one, two) in enumerate(zip(line, other, strict=False)):
        if one != two:
            same = position
            break
    start = max(0, min(same - 20, len(line) - WIDTH))
    return f"...{line[start : start + WIDTH]}..."


if __name__ == "__main__":
    sys.exit(main())
