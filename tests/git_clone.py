"""A clone of the course for tests: of hub and nbgitpuller, of Binder and Colab."""

import shutil
import subprocess

from course import ROOT


def course_in(folder, names=("notebooks", "docs/hub", ".gitignore")):
    """Return a clone of parts of this checkout, as they lie here.

    Args:
        folder: where it is made.
        names: files and folders of the checkout.
    """
    unwanted = ["runs", "node_modules", ".ipynb_checkpoints", "__pycache__"]
    for name in names:
        if (ROOT / name).is_dir():
            ignore = shutil.ignore_patterns(*unwanted)
            shutil.copytree(ROOT / name, folder / name, ignore=ignore)
        else:
            shutil.copy(ROOT / name, folder / name)
    git(folder, "init", "--quiet", "--initial-branch=main")
    commit(folder)
    return folder


def commit(folder):
    """Commit everything in a clone."""
    git(folder, "add", "--all")
    author = ["-c", "user.name=Author", "-c", "user.email=author@example.org"]
    git(folder, *author, "commit", "--quiet", "--message=Course")


def git(folder, *arguments):
    """Run git in a folder."""
    subprocess.run(["git", "-C", folder, *arguments], check=True, timeout=60)
