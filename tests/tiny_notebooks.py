"""Small notebooks for the tests of the tools that run and judge notebooks."""

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}


def code(source, *, stdout=None, stderr=None, tags=(), count=1, **metadata):
    """Return a code cell that was run and printed `stdout` and `stderr`."""
    outputs = [
        new_output("stream", name=name, text=text)
        for name, text in (("stdout", stdout), ("stderr", stderr))
        if text is not None
    ]
    if tags:
        metadata["tags"] = list(tags)
    return new_code_cell(
        source, execution_count=count, outputs=outputs, metadata=metadata
    )


def notebook(*cells):
    """Return a notebook; a text among the cells becomes a Markdown cell."""
    cells = [new_markdown_cell(c) if isinstance(c, str) else c for c in cells]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    return new_notebook(cells=cells, metadata={"kernelspec": KERNELSPEC})


def write(path, *cells):
    """Write a notebook of these cells to a file and return the file's path."""
    nbformat.write(notebook(*cells), path)
    return path
