"""Measure the memory that lessons take where Binder runs them, on one CPU core.

    python tools/binder_memory.py [--two | --write | NOTEBOOK ...]

Opens lessons one by one in JupyterLab, which is held to one core as at mybinder.org,
runs all cells, and ends each kernel. Without names it takes all lessons, and goes on to
what `--two` does alone: it opens 03 and 05, runs one after the other with both kernels
alive, and in the end both at once. What it measures is the peak of the proportional
memory (PSS) of the server and all that it started, sampled twice a second; Binder's
limit is on their sum. The browser is not part of it, and has the other cores.

It needs Linux, which alone tells that memory, and Chromium. The figures are kept in
docs/binder.json, and written into docs/versions.md; with `--write` nothing is measured.
"""

import argparse
import contextlib
import json
import os
import platform
import shutil
import sys
import tempfile
import threading
import time
from datetime import date
from importlib.metadata import version
from pathlib import Path

import lab_driver as lab
import psutil
import versions
from course import BINDER_MEMORY, ROOT, kept, lessons, replaced

KEPT = ROOT / "docs" / "binder.json"
BEGIN, END = "<!-- binder: begin -->\n", "<!-- binder: end -->"
TWO = ("03", "05")  # lessons that are open at once
PAUSE = 0.5  # seconds between two samples
LIMIT = 1800  # seconds, all cells of a lesson on one core


def main(arguments=None):
    """Measure, keep and write figures, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--two", action="store_true", help="only two lessons at once")
    parser.add_argument("--write", action="store_true", help="measure nothing, write")
    parser.add_argument("notebooks", nargs="*", type=Path, metavar="NOTEBOOK")
    options = parser.parse_args(arguments)
    if options.two + options.write + bool(options.notebooks) > 1:
        parser.error("give --two, --write or notebooks")
    if not options.write:
        if not sys.platform.startswith("linux") or lab.CHROMIUM is None:
            parser.error("it needs Linux and Chromium: here, only --write works")
        alone = [] if options.two else options.notebooks or lessons()
        for name, entry in measure(alone, two=not options.notebooks):
            KEPT.write_bytes(
                json.dumps(load() | {name: entry}, indent=2).encode() + b"\n"
            )
            print(f"{name:36} {entry['bytes'] / 1e9:.2f} GB", flush=True)
    page = versions.PAGE
    text = replaced(page.read_text("utf-8"), BEGIN, END, table(load()))
    page.write_text(text, "utf-8")
    return 0


def load():
    """Return what is kept, a dict by what was open."""
    return kept(KEPT)


def measure(paths, two):
    """Run lessons on one core, and yield what was open with its entry.

    Args:
        paths: paths of the notebooks that are run alone.
        two: whether two lessons are run with both kernels alive, afterwards.
    """
    with tempfile.TemporaryDirectory(prefix="binder-") as folder:
        for path in lessons():
            shutil.copy(path, folder)
        with one_core_server(folder) as (url, server), lab.lab_page(url) as first:
            for path in paths:
                with peak(server) as most:
                    lab.open_notebook(first, path.name)
                    finish(first, start=True)
                yield path.stem, entry(most)
                lab.shut_down(first)
                psutil.wait_procs(server.children(recursive=True), timeout=60)
            if not two:
                return
            second = first.context.browser.new_context(base_url=url).new_page()
            pages = {first: TWO[0], second: TWO[1]}
            with peak(server) as most:
                for page, number in pages.items():
                    (path,) = [p for p in lessons() if p.name.startswith(number)]
                    lab.open_notebook(page, path.name)
                    finish(page, start=True)
            yield f"{' and '.join(TWO)}, run one after the other", entry(most)
            with peak(server) as most:
                for page in pages:
                    lab.start_all(page)
                for page in pages:
                    finish(page)
            yield f"{' and '.join(TWO)}, run again at once", entry(most)


def finish(page, start=False):
    """Wait until all cells of the open notebook have run, and insist that they did."""
    if start:
        lab.start_all(page)
    if errors := lab.wait_all(page, timeout=LIMIT):
        raise RuntimeError(f"a cell failed on one core: {errors}")


@contextlib.contextmanager
def one_core_server(folder):
    """Serve a folder with JupyterLab held to one core; give address and process."""
    allowed = os.sched_getaffinity(0)
    before = set(psutil.Process().children())
    # The server inherits it, and its kernels from the server.
    os.sched_setaffinity(0, {min(allowed)})
    try:
        with lab.lab_server(folder) as url:
            os.sched_setaffinity(0, allowed)
            (server,) = set(psutil.Process().children()) - before
            yield url, server
    finally:
        os.sched_setaffinity(0, allowed)


@contextlib.contextmanager
def peak(server):
    """Sample the memory of a server with its kernels; give a dict with the most."""
    most, ended = {"bytes": 0, "processes": 0}, threading.Event()

    def watch():
        while not ended.wait(PAUSE):
            amount, processes = memory(server)
            most["bytes"] = max(most["bytes"], amount)
            most["processes"] = max(most["processes"], processes)

    start, thread = time.monotonic(), threading.Thread(target=watch)
    thread.start()
    try:
        yield most
    finally:
        ended.set()
        thread.join()
        most["seconds"] = round(time.monotonic() - start)


def memory(server):
    """Return the PSS of a process with all that it started, and their number."""
    amount, children = 0, server.children(recursive=True)
    for process in [server, *children]:
        with contextlib.suppress(psutil.NoSuchProcess):
            amount += process.memory_full_info().pss
    return amount, 1 + len(children)


def entry(most):
    """Return what is kept of a measurement."""
    return most | {
        "date": date.today().isoformat(),
        "python": platform.python_version(),
        "tensorflow": version("tensorflow"),
    }


def table(entries):
    """Return the figures as a table of Markdown."""
    lines = ["| open | memory of server and kernels | of Binder's 2 GB | date |"]
    lines += ["| --- | --- | --- | --- |"]
    for name, figures in sorted(entries.items()):
        amount = figures["bytes"]
        share = f"{amount / BINDER_MEMORY:.0%}"
        lines.append(
            f"| {name} | {amount / 1e9:.2f} GB | {share} | {figures['date']} |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
