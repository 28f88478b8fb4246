"""Run nbstripout with this course's options: what changes from run to run goes.

    python tools/strip.py [--verify] [NOTEBOOK ...]

Without names it takes all notebooks. Outputs stay, except those of cells with the
metadata `"keep_output": false`, and so do execution counts and cell identities; what
widgets leave in the metadata goes, and so does the exact version of Python. With
`--verify` nothing is written, and the exit code is 1 if something would be.
"""

import argparse
import subprocess
import sys
from pathlib import Path

from course import NOTEBOOKS

OPTIONS = [
    "--keep-output",
    "--keep-count",
    "--keep-id",
    "--unix-newlines",
    "--extra-keys=metadata.language_info.version",
]


def strip(*arguments):
    """Run nbstripout and return its exit code.

    Args:
        arguments: further options and the notebooks' paths, texts or `Path`s.
    """
    arguments = [str(argument) for argument in arguments]
    return subprocess.call([sys.executable, "-m", "nbstripout", *OPTIONS, *arguments])


def main(arguments=None):
    """Strip or verify notebooks and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--verify", action="store_true", help="write nothing")
    parser.add_argument("notebooks", nargs="*", type=Path, metavar="NOTEBOOK")
    options = parser.parse_args(arguments)
    paths = options.notebooks or sorted(NOTEBOOKS.glob("*.ipynb"))
    return strip(*["--verify"] * options.verify, *paths)


if __name__ == "__main__":
    sys.exit(main())
