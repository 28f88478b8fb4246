"""The site, built once, and Chromium that looks at it.

With the variable COURSE_SITE set the site is built into that folder and stays there;
then nothing may be skipped. The job `site` of .ci/run sets it.
"""

import importlib
import os
import subprocess
import sys
from pathlib import Path

import lab_driver as lab
import live_site
import pytest
from course import ROOT

BELOW = "some/where/"  # the site's place on its server
EXTRA = 'the extra "site" is not installed: pip install -c constraints.txt -e ".[site]"'


def refuse(reason):
    """Skip, or fail where nothing may be skipped."""
    (pytest.fail if "COURSE_SITE" in os.environ else pytest.skip)(reason)


@pytest.fixture(scope="session")
def extra():
    """Refuse what needs Sphinx where the extra is missing."""
    if importlib.util.find_spec("sphinx_revealjs") is None:
        refuse(EXTRA)


@pytest.fixture(scope="session")
def book(extra):
    return importlib.import_module("book")


@pytest.fixture(scope="session")
def stored(extra):
    return importlib.import_module("stored")


@pytest.fixture(scope="session")
def site(extra, tmp_path_factory):
    """Build the site; return its folder."""
    folder = tmp_path_factory.mktemp("site")
    target = Path(os.environ.get("COURSE_SITE") or folder / "html").absolute()
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-d", folder / "read"]
    subprocess.run([*command, "site", target], cwd=ROOT, check=True, timeout=600)
    return target


@pytest.fixture(scope="session")
def browser(site, tmp_path_factory):
    """Give a page whose addresses begin at the top of the site."""
    if lab.CHROMIUM is None:
        refuse("no chromium found: install it, or name it in CHROMIUM")
    folder = tmp_path_factory.mktemp("server")
    place = folder / BELOW
    place.parent.mkdir(parents=True)
    place.symlink_to(site, target_is_directory=True)
    with live_site.serve(folder) as url, lab.lab_page(url + BELOW) as page:
        yield page


@pytest.fixture
def page(browser):
    """Give the page; its console may not complain, and it asks no other host."""
    browser.lab_errors.clear()
    browser.foreign.clear()
    browser.set_viewport_size({"width": 1300, "height": 1000})
    yield browser
    assert browser.lab_errors == []
    assert browser.foreign == []
