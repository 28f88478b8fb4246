"""Finds places in the code by what stands there, for tests that ask about each one."""

import ast

import course

PYTHON = sorted(
    path
    for folder in ("course_utils", "tools", "benchmarks")
    for path in (course.ROOT / folder).rglob("*.py")
)


def nodes_of(path):
    """Yield (dotted name of the function or class around it, node) of a file.

    Docstrings are left out; what stands outside of functions has the name "".
    """
    tree = ast.parse(path.read_text("utf-8"), str(path))
    yield from _inside(tree, "")


def _inside(parent, name):
    kinds = ast.FunctionDef | ast.ClassDef
    if isinstance(parent, kinds):
        name = f"{name}.{parent.name}".strip(".")
    for position, node in enumerate(ast.iter_child_nodes(parent)):
        if isinstance(parent, kinds | ast.Module) and _is_docstring(node, position):
            continue
        yield name, node
        yield from _inside(node, name)


def _is_docstring(node, position):
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        and position <= 1  # after a function's arguments
    )


def found(paths, is_one):
    """Return lines "folder/module.py: function", in order, where a node is wanted.

    Args:
        paths: files of Python.
        is_one: function of a node that says whether it is one.
    """
    return lines(
        {
            path.relative_to(course.ROOT).as_posix(): {
                name for name, node in nodes_of(path) if is_one(node)
            }
            for path in paths
        }
    )


def lines(table):
    """Return a table from files to functions as lines like those of `found`."""
    return sorted(f"{file}: {name}" for file, names in table.items() for name in names)


def text_of(node):
    """Return the text of a constant, "" for anything else."""
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return node.value if is_text else ""
