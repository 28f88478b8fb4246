"""Write environment.yml and its copy for Binder from the tested set of versions.

    python tools/pins.py [--check | --oldest]

pyproject.toml names the direct dependencies and their ranges, constraints.txt holds
the tested version of every package. With `--check` nothing is written, and the exit
code is 1 if a version leaves its range, or a file is not what would be written.
`--oldest` writes no file either: it prints the lower ends of the ranges as constraints.
"""

import argparse
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
# Binder reads only its own folder once that exists.
WRITTEN = ["environment.yml", "binder/environment.yml"]


def main(arguments=None, root=ROOT):
    """Write or check the files under a folder and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true", help="compare, write nothing")
    mode.add_argument("--oldest", action="store_true", help="print the lower ends")
    options = parser.parse_args(arguments)
    if options.oldest:
        print("\n".join(oldest(root)))
        return 0
    found = problems(root, written=options.check)
    for problem in found:
        print(problem, file=sys.stderr)
    if found:
        return 1
    if not options.check:
        for name in WRITTEN:
            (root / name).parent.mkdir(exist_ok=True)
            (root / name).write_bytes(environment(root).encode())
    return 0


def problems(root, written=True):
    """Return what is wrong with the versions, one text for each thing.

    Args:
        root: path of the folder with pyproject.toml and constraints.txt.
        written: whether to compare the files that this tool writes, too.
    """
    found = []
    pins = tested_versions(root)
    for requirement in direct_dependencies(
        root, "lab", "test", "classroom", "versions"
    ):
        version = pins.get(canonicalize_name(requirement.name))
        if version is None:
            found.append(f"constraints.txt lacks {requirement.name}")
        elif not requirement.specifier.contains(version, prereleases=True):
            found.append(
                f"constraints.txt has {requirement.name} {version}, and "
                f"pyproject.toml wants {requirement.specifier}"
            )
    if written and not found:
        expected = environment(root).encode()
        for name in WRITTEN:
            path = root / name
            if not path.exists() or path.read_bytes() != expected:
                found.append(f"{name} is not up to date: run python tools/pins.py")
    return found


def tested_versions(root):
    """Return the tested version of each package, a dict by its normalised name."""
    pins = {}
    for line in (root / "constraints.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            name, version = line.split("==")
            pins[canonicalize_name(name)] = version
    return pins


def direct_dependencies(root, *extras):
    """Return the package's own requirements and those of the extras, sorted by name."""
    project = _project(root)
    texts = list(project["dependencies"])
    for extra in extras:
        texts += project["optional-dependencies"][extra]
    requirements = [Requirement(text) for text in texts]
    # The extra test brings lab along by naming the package itself.
    others = [each for each in requirements if each.name != project["name"]]
    return sorted(others, key=lambda each: each.name.lower())


def oldest(root):
    """Return constraints, a list of texts, for the lower ends of all ranges.

    Raises:
        ValueError: a range of pyproject.toml has no lower end.
    """
    found = []
    for requirement in direct_dependencies(root, "lab", "test"):
        # `==0.11.*` begins at 0.11, as `>=0.11` does.
        ends = [
            bound.version.removesuffix(".*")
            for bound in requirement.specifier
            if bound.operator in (">=", "==")
        ]
        if len(ends) != 1:
            raise ValueError(
                f"pyproject.toml must say from which version on {requirement.name} is "
                f"supported, got {str(requirement.specifier)!r}: write >= and a version"
            )
        found.append(f"{requirement.name}=={ends[0]}")
    return found


def environment(root):
    """Return the text of environment.yml."""
    pins = tested_versions(root)
    lines = [
        "# Written by tools/pins.py from pyproject.toml and constraints.txt.",
        "# In the environment, install the course itself: pip install --no-deps -e .",
        "name: course",
        "channels:",
        "  - conda-forge",
        "dependencies:",
        f"  - python={_oldest_python(root)}",
        "  - pip",
        "  - pip:",
    ]
    for requirement in direct_dependencies(root, "lab"):
        version = pins[canonicalize_name(requirement.name)]
        lines.append(f"      - {requirement.name}=={version}")
    return "\n".join(lines) + "\n"


def _project(root):
    return tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]


def _oldest_python(root):
    """Return the oldest supported Python, from which constraints.txt stems."""
    bounds = SpecifierSet(_project(root)["requires-python"])
    return next(bound.version for bound in bounds if bound.operator == ">=")


if __name__ == "__main__":
    sys.exit(main())
