"""Treat the lessons roughly: interrupt them while they train, run several at once.

    python tools/rough.py interrupt [LESSON ...]
    python tools/rough.py together [LESSON ...]

`interrupt` runs the cell of a lesson in which its network trains, and what this cell
needs. It interrupts the kernel at several moments of the training, once, and twice in
quick succession: the next cell must run, and the training cell, run again, must start
afresh, with the losses that it had before. `together` runs lessons in kernels of their
own at the same time, with one runs folder: all cells must work. docs/rough.md keeps
what came out.
"""

import argparse
import concurrent.futures
import json
import math
import os
import signal
import sys
import tempfile
import threading
import time

import course
import refresh
from lesson import Lesson, magics_of
from nbformat.v4 import new_code_cell
from tasks import Cells, lesson_path

MOMENTS = (1, 3, 6)  # seconds after the training's bar has appeared
PAUSE = 0.1  # seconds between two interrupts in quick succession
SAME = 3  # losses that have to come again
TOGETHER = ("02", "03", "04", "05")
# What a training has measured so far; lesson 06 keeps its losses without a Monitor.
ASK = """import json
kept = globals().pop("step_losses", [])
if "monitor" in globals():  # gone afterwards: the next run has to make its own
    kept = next(iter(globals().pop("monitor").history.values()), ([], []))[1]
print(json.dumps([float(value) for value in kept]))"""
NEXT = "print(6 * 7)"


def main(arguments=None):
    """Do what is asked and return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=["interrupt", "together"])
    parser.add_argument("lessons", nargs="*", metavar="LESSON", help="such as 03")
    options = parser.parse_args(arguments)
    if options.command == "together":
        paths = [lesson_path(number) for number in options.lessons or TOGETHER]
        return together(paths)
    paths = [lesson_path(number) for number in options.lessons]
    problems = 0
    for path in paths or [p for p in course.lessons() if training_cell(Lesson(p))]:
        start = time.monotonic()
        for moment, times, problem in interrupt(path):
            ending = f"interrupted {times} x after {moment:g} s: {problem or 'well'}"
            print(f"{path.name:32} {ending}", flush=True)
            problems += bool(problem)
        print(f"{path.name:32} {time.monotonic() - start:.0f} s in all", flush=True)
    return int(problems > 0)


def training_cell(lesson):
    """Return the position of the first cell that trains under a live bar, or None."""
    cells = Cells(lesson.cells)
    for position in cells.trees:
        cell = lesson.cells[position]
        live = cell.metadata.get("keep_output") is False and not magics_of(cell.source)
        if live and cells.trains(position):
            return position
    return None


def interrupt(path, moments=MOMENTS):
    """Interrupt a lesson's training, and yield (moment, times, what is wrong or "").

    Args:
        path: the lesson's notebook; the file is only read.
        moments: seconds from the training's first sign to the interrupt.
    """
    lesson = Lesson(path)
    position = training_cell(lesson)
    cells = Cells(lesson.cells)
    needed = cells.needed(cells.reads(position), position)
    # The cell with the imports has effects beside the names that it binds.
    setup = [p for p in cells.trees if p < min(needed)]
    asked = len(lesson.cells)
    lesson.cells += [new_code_cell(ASK), new_code_cell(NEXT)]
    with (
        tempfile.TemporaryDirectory(prefix="course-") as folder,
        refresh.fresh_kernel(lesson.notebook, path, folder) as (execute, manager),
    ):
        for place in [*setup, *needed]:
            execute(place)
        first = None
        for moment in moments:
            for times in (1, 2):
                problem, losses = "", []
                while not problem and len(losses) < SAME:
                    try:
                        problem, losses = _attempt(
                            execute, manager, lesson, position, asked, moment, times
                        )
                    except refresh.KernelLost as lost:
                        yield moment, times, str(lost)
                        return
                    moment *= 1 if len(losses) >= SAME else 2  # a slow machine
                    if moment > course.CELL_TIMEOUT:
                        problem = f"it measured less than {SAME} losses in its time"
                first = first or losses[:SAME]
                if not problem and not _alike(first, losses):
                    problem = f"began with {losses[:SAME]}, and before with {first}"
                yield moment, times, problem


def _attempt(execute, manager, lesson, position, asked, moment, times):
    """Run the cell, interrupt it, and return what is wrong and the losses so far."""
    cell = lesson.cells[position]
    error = _interrupted(execute, manager, position, cell, moment, times)
    if error not in ("", "KeyboardInterrupt"):
        return f"the cell ended with {error:.200}", []
    try:
        execute(asked + 1)
        execute(asked)
    except refresh.RefreshError as failed:
        return f"the next cell failed: {failed!s:.200}", []
    if lesson.cells[asked + 1].outputs[0].text != "42\n":
        return "the next cell gave something else", []
    return "", json.loads(lesson.cells[asked].outputs[0].text)


def _interrupted(execute, manager, position, cell, moment, times):
    """Run a cell with a kernel that is interrupted; return its error's name or ""."""
    kernel, ended = os.getpgid(manager.provisioner.pid), threading.Event()
    cell.outputs = []

    def stop():
        while not cell.outputs and not ended.wait(0.01):
            pass
        if not ended.wait(moment):
            for _ in range(times):
                os.killpg(kernel, signal.SIGINT)  # as JupyterLab's button does
                time.sleep(PAUSE)

    thread = threading.Thread(target=stop)
    thread.start()
    try:
        execute(position)
    except refresh.KernelLost:
        raise
    except refresh.RefreshError as error:
        return getattr(error.__cause__, "ename", str(error))
    finally:
        ended.set()
        thread.join()
    return ""


def _alike(losses, others):
    """Say whether two trainings began alike; last digits may differ."""
    pairs = zip(losses, others, strict=False)
    return all(math.isclose(a, b, rel_tol=1e-3) for a, b in pairs)


def together(paths):
    """Run notebooks at the same time, print what came out, and return the exit code."""
    failed = 0
    with (
        tempfile.TemporaryDirectory(prefix="course-") as folder,
        concurrent.futures.ProcessPoolExecutor(len(paths)) as pool,
    ):
        running = [(path, pool.submit(_run, path, folder)) for path in paths]
        for path, result in running:
            words = result.result()
            failed += words.startswith("failed")
            print(f"{path.name:32} {words}", flush=True)
    return int(failed > 0)


def _run(path, folder):
    """Run a notebook and return what came out, in words."""
    try:
        _, seconds, peak = refresh.run(path, folder)
    except refresh.RefreshError as error:
        return f"failed: {error}"
    memory = f"{peak / 1e9:.2f} GB" if peak else "memory unknown"
    return f"{seconds:6.1f} s   {memory}"


if __name__ == "__main__":
    sys.exit(main())
