"""A page of JupyterLab, in a folder that holds all lessons."""

import os
import re
import shutil

import lab_driver as lab
import pytest
from course import lessons
from playwright.sync_api import expect

# Pictures of the opening cells, the only thing that a page may want from elsewhere.
BADGES = {
    address
    for lesson in lessons()
    for address in re.findall(r"https://[^)\s]+\.svg", lesson.read_text("utf-8"))
}


@pytest.fixture(autouse=True)
def no_other_host(request):
    """Count what a test's page asks of other hosts: nothing but badges."""
    page = request.getfixturevalue("page") if "page" in request.fixturenames else None
    yield
    if page:
        foreign = set(page.foreign)
        page.foreign.clear()
        assert foreign <= BADGES


@pytest.fixture(scope="session")
def chromium():
    """Skip what needs a browser where there is none; CI must have one."""
    if lab.CHROMIUM is None and "CI" not in os.environ:
        pytest.skip("no chromium found: install it, or name it in CHROMIUM")
    assert lab.CHROMIUM, "CI must have chromium: the browser tests may not be skipped"


@pytest.fixture(scope="module")
def page(tmp_path_factory, chromium):
    """Give a page; `page.folder` is what its server serves."""
    folder = tmp_path_factory.mktemp("lab")
    for lesson in lessons():
        shutil.copy(lesson, folder)
    with lab.lab_server(folder) as url, lab.lab_page(url) as page:
        expect.set_options(timeout=20_000)
        page.folder = folder
        yield page
