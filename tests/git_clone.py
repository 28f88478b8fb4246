"""A clone of the course for the tests of hub and nbgitpuller."""

import shutil
import subprocess

from course import ROOT


def course_in(folder):
    """Return a clone of this checkout's notebooks and hub, as they lie here."""
    for name in ("notebooks", "docs/hub"):
        unwanted = shutil.ignore_patterns("runs", "node_modules", ".ipynb_checkpoints")
        shutil.copytree(ROOT / name, folder / name, ignore=unwanted)
    shutil.copy(ROOT / ".gitignore", folder)
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
