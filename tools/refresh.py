"""Run the notebooks in fresh kernels and keep their outputs in the files.

    python tools/refresh.py [--check] [NOTEBOOK ...]

Without names it runs all lessons in order, each in a fresh kernel of the Python that
runs this tool, with one runs folder, empty at the start, and without a network. At the
first notebook that fails or writes to stderr it stops, and that file stays as it was.
With `--check` no file is written, and the exit code is 1 if a run's outputs are not
those in the file. Cells tagged `measured` may differ, and so may those with
`"keep_output": false`, whose outputs are not kept.
"""

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import course
import nbformat
from course import CELL_TIMEOUT
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from kernels import (
    ASSERTS,
    ASSERTS_OFF,
    asserts_are_on,
    offline_environment,
    peak_memory,
)
from lesson import name_of
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from strip import strip


class RefreshError(Exception):
    """A notebook ran in a way that must not be kept; the message names the cell."""


class KernelLost(RefreshError):
    """The kernel runs no more cells."""


def main(arguments=None):
    """Refresh or check notebooks and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    parser.add_argument("notebooks", nargs="*", type=Path, metavar="NOTEBOOK")
    options = parser.parse_args(arguments)
    paths = options.notebooks or course.lessons()
    differences = 0
    with tempfile.TemporaryDirectory(prefix="course-") as folder:
        for path in paths:
            try:
                new, seconds, peak = run(path, folder)
            except RefreshError as error:
                print(f"{path.name}: {error}", file=sys.stderr)
                return 1
            memory = f"{peak / 1e9:.2f} GB" if peak else "memory unknown"
            print(f"{path.name:32} {seconds:6.1f} s   {memory}", flush=True)
            content = stripped(new, folder)
            if not options.check:
                path.write_bytes(content)
                continue
            for difference in compare(path.read_bytes(), content):
                differences += 1
                print(f"    differs: {difference}")
    return int(differences > 0)


def run(path, folder):
    """Run a notebook in a fresh kernel, in the folder where the notebook lies.

    Args:
        path: the notebook's path; the file is only read.
        folder: where the kernel may write; later notebooks find there what earlier ones
            left.

    Returns:
        The notebook with its outputs, the seconds it took, and the kernel's peak memory
        in bytes, None where the system does not tell.

    Raises:
        RefreshError: a cell failed, took too long, wrote to stderr or ended the kernel.
    """
    notebook = nbformat.read(path, as_version=4)
    start = time.monotonic()
    with fresh_kernel(notebook, path, folder) as (execute, manager):
        for position in range(len(notebook.cells)):
            execute(position)
        peak = peak_memory(manager)
    return notebook, time.monotonic() - start, peak


@contextlib.contextmanager
def fresh_kernel(notebook, path, folder):
    """Start a kernel that runs cells of a notebook, and end it afterwards.

    Args:
        notebook: the notebook; its cells get the outputs of their last execution.
        path: where it lies; the kernel works in that folder.
        folder: where the kernel may write.

    Yields:
        A function, and the kernel's manager. The function executes the cell at a
        position and returns the seconds that it took. It raises a RefreshError if the
        cell failed or wrote to stderr, a KernelLost if there is no going on.

    Raises:
        KernelLost: asserts are off in the kernel, so that a run would prove nothing.
    """
    manager = AsyncKernelManager(
        kernel_name="python3",
        # No kernel that is installed anywhere: that of the running Python.
        kernel_spec_manager=KernelSpecManager(kernel_dirs=[]),
    )
    error = None

    def on_error(cell, execute_reply, **_):
        nonlocal error
        error = CellExecutionError.from_cell_and_msg(cell, execute_reply["content"])

    client = NotebookClient(
        notebook,
        km=manager,
        timeout=CELL_TIMEOUT,
        # Else the kernel gives up what is sent to it after an error.
        allow_errors=True,
        on_cell_error=on_error,
        # Else the pieces in which a text arrives, which vary, are separate outputs.
        coalesce_streams=True,
        resources={"metadata": {"path": str(path.absolute().parent)}},
        # TensorFlow's start-up lines, written past Python's stderr, stay out.
        extra_arguments=["--IPKernelApp.capture_fd_output=False"],
    )

    def execute(position):
        nonlocal error
        cell, error, start = notebook.cells[position], None, time.monotonic()
        count = client.code_cells_executed + 1
        try:
            client.execute_cell(cell, position, execution_count=count)
        except CellTimeoutError as late:
            raise KernelLost(f"{name_of(cell)} failed:\n{late}") from None
        except DeadKernelError:
            message = f"{name_of(cell)} ended the kernel: no memory?"
            raise KernelLost(message) from None
        if error:
            raise RefreshError(f"{name_of(cell)} failed:\n{error}") from error
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                raise RefreshError(f"{name_of(cell)} wrote to stderr:\n{output.text}")
        return time.monotonic() - start

    with client.setup_kernel(
        cleanup_kc=True,
        env={**os.environ, **offline_environment(folder)},
        stderr=subprocess.DEVNULL,
    ):
        reply = client.wait_for_reply(client.kc.kernel_info())
        notebook.metadata["language_info"] = reply["content"]["language_info"]
        reply = client.wait_for_reply(
            client.kc.execute("", silent=True, user_expressions=ASSERTS)
        )
        if not asserts_are_on(reply["content"]):
            raise KernelLost(ASSERTS_OFF)
        yield execute, manager


def stripped(notebook, folder):
    """Return the bytes of a notebook's file, without what changes from run to run.

    Args:
        notebook: the notebook with its outputs.
        folder: path of a folder for a temporary file.
    """
    path = Path(folder, "stripped.ipynb")
    path.write_bytes(nbformat.writes(notebook).rstrip("\n").encode() + b"\n")
    if strip(path):
        raise RuntimeError("nbstripout failed")
    return path.read_bytes()


def compare(old, new):
    """Return what distinguishes two runs of a notebook, one text for each difference.

    Args:
        old: bytes of the notebook's file.
        new: bytes that another run gave.
    """
    old, new = (nbformat.reads(text.decode(), as_version=4) for text in (old, new))
    differences = []
    for cell, again in zip(old.cells, new.cells, strict=True):
        if "measured" in cell.metadata.get("tags", []):
            again.outputs = cell.outputs
        if cell != again:
            differences.append(name_of(cell))
    if old.metadata != new.metadata:
        differences.append("the notebook's metadata")
    return differences


if __name__ == "__main__":
    sys.exit(main())
