"""Write the course's home on GitHub into every place that names it.

    python tools/set_home.py OWNER/REPO

The present home stands in pyproject.toml, under [tool.course]; the launch badges, the
Colab cells and the documents name it, too, and with it the address of the book. The
book itself reads the home when it is built. The command can be given again at any time.
"""

import argparse
import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PLACES = [
    "pyproject.toml",
    "*.md",
    "docs/*.md",
    "docs/hub/*.yaml",
    "notebooks/*.ipynb",
    "site/*.py",
    "site/*.md",
    "site/slides/*.*",
    "binder/*",
    "course_utils/**/*.py",
]
# What GitHub allows as the name of an account and of a repository.
HOME = re.compile(r"[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}/[A-Za-z0-9._-]{1,100}")


def main(arguments=None, root=ROOT):
    """Write the home and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("home", metavar="OWNER/REPO", help="for example ada/digits")
    options = parser.parse_args(arguments)
    if not HOME.fullmatch(options.home):
        parser.error(f"it must be OWNER/REPO, such as ada/digits; got {options.home}")
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    old, new = settings["tool"]["course"]["home"], options.home
    # Not inside a longer name: ada/digits is no part of ada/digits-2.
    pattern = re.compile(rf"(?<![\w.-]){re.escape(old)}(?![\w-]|\.(?!git\b)\w)")
    pages = re.compile(rf"(?<=https://){re.escape(pages_of(old))}(?=/[)\s])")
    for path in places(root):
        text = path.read_bytes().decode()
        changed = pattern.sub(new, pages.sub(pages_of(new), text))
        if changed != text:
            path.write_bytes(changed.encode())
            print(path.relative_to(root))
    return 0


def pages_of(home):
    """Return a home's address on GitHub Pages, without https:// and the last slash."""
    owner, name = home.split("/")
    host = f"{owner}.github.io"
    return host if name.lower() == host.lower() else f"{host}/{name}"


def places(root):
    """Return the files in which the home may stand, sorted."""
    found = {path for pattern in PLACES for path in root.glob(pattern)}
    return sorted(path for path in found if path.is_file())


if __name__ == "__main__":
    sys.exit(main())
