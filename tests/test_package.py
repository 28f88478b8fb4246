"""The package as a whole: light to import, small, and with imports that run one way."""

import ast
import importlib
import subprocess
import sys
import tomllib
from pathlib import Path

import course
import pytest
from lesson import Lesson

PACKAGE = Path(__file__).parents[1] / "course_utils"
MODULES = sorted(PACKAGE.rglob("*.py"))

# What a module may import of the package, beyond the doors that everybody has; a
# module that is not named, nothing. The parts of a package import one another.
DOORS = {"checks", "trial"}
ALLOWED = {
    "doctor": {"data"},
    "monitor": {"plots"},
    "diagrams": {"plots"},
    "explorers": {"plots", "explorers"},
    "digit_pad": {"plots", "explorers"},  # only what all explorers share
    "exercises": {"data", "runs", "exercises"},
}


def loaded_by(statement):
    """Return the top-level modules that a statement loads in a fresh Python."""
    code = f"import sys; {statement}; print(*sys.modules)"
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    return {name.partition(".")[0] for name in result.stdout.split()}


def imports_of(path):
    """Return the dotted names that a module of the package imports, anywhere in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: import by the full name"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def test_importing_the_package_loads_nothing_of_weight():
    heavy = {"tensorflow", "keras", "matplotlib", "numpy", "IPython", "ipywidgets"}
    assert not heavy & loaded_by("import course_utils")


def test_the_data_need_numpy_alone():
    installed = loaded_by("import course_utils.data") - set(sys.stdlib_module_names)
    standing = loaded_by("pass") | {"numpy", "course_utils"}
    assert not {name for name in installed - standing if not name.startswith("_")}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_imports_run_one_way(path):
    module = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    for name in imports_of(path):
        parts = name.split(".")
        assert parts[0] not in ("tools", "tests", "notebooks")
        if parts[0] == "course_utils":
            allowed = ALLOWED.get(module, set()) | (DOORS - {module})
            assert parts[1] in allowed, f"{module} imports {name}"


def test_the_package_is_small():
    lines = {path: len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert not {path.name: size for path, size in lines.items() if size > 450}
    scenery = [size for path, size in lines.items() if "exercises" not in path.parts]
    assert sum(scenery) <= 4500


def test_an_explorer_is_small():
    for path in (PACKAGE / "explorers").glob("*.py"):
        if path.name not in ("_panel.py", "__init__.py"):
            lines = len(path.read_text("utf-8").splitlines())
            assert lines <= 150, path.name


def test_no_module_is_a_drawer_for_everything():
    names = {path.stem for path in MODULES}
    assert not names & {"utils", "helpers", "common", "misc", "config"}


def test_each_module_has_a_test_file():
    tests = {path.stem for path in Path(__file__).parent.rglob("test_*.py")}
    modules = {path.stem for path in MODULES} - {"__init__", "checks"}
    # Private parts are tested through what they are parts of, checks at the doors,
    # the lessons' exercises all in one file.
    apart = ("_", "lesson_")
    named = {f"test_{name}" for name in modules if not name.startswith(apart)}
    assert named | {"test_doors", "test_exercises", "test_panel"} <= tests
    assert "test_every_lesson" in tests


def test_every_module_travels_with_the_package():
    settings = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text("utf-8"))
    packages = {path.parent for path in MODULES}
    declared = settings["tool"]["setuptools"]["packages"]
    assert {PACKAGE.parent / name.replace(".", "/") for name in declared} == packages
    shipped = settings["tool"]["setuptools"]["package-data"]["course_utils"]
    others = {path.name for path in PACKAGE.iterdir() if path.is_file()}
    assert others - {path.name for path in MODULES} == set(shipped)


@pytest.mark.parametrize("path", course.lessons(), ids=lambda path: path.stem)
def test_a_lesson_asks_the_package_for_what_it_has(path):
    nodes = [n for _, tree in Lesson(path).syntax_trees for n in ast.walk(tree)]
    modules = {
        alias.name: importlib.import_module(f"course_utils.{alias.name}")
        for node in nodes
        if isinstance(node, ast.ImportFrom) and node.module == "course_utils"
        for alias in node.names
    }
    for node in nodes:
        named = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        if named and (module := modules.get(node.value.id)):
            assert hasattr(module, node.attr), f"{node.value.id}.{node.attr}"
    assert {"plots", "runs"} & modules.keys()
