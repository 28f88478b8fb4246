"""No text of a learner, and none from a file, runs as HTML: tried in Chromium."""

import grading
import injected
import lab_driver as lab
import nbconvert
import pytest
import tasks
from injected import CELLS, CONTROLS, nasty
from tiny_notebooks import code, write

NAME = "injected.ipynb"
# What a reader of the page finds, whether they see it or hear it.
TEXT = """() => document.body.innerText + [...document.querySelectorAll('[alt]')]
    .map(element => element.getAttribute('alt')).join()"""


@pytest.fixture(scope="module")
def lab_with_all_doors(page):
    """JupyterLab after all doors were tried, and the notebook was saved."""
    sources = [injected.OPENING, *CELLS.values()]
    write(page.folder / NAME, *(code(source.strip()) for source in sources))
    lab.open_notebook(page, NAME)
    [(_, *error)] = lab.run_all(page)
    assert "the error of a door" in str(error)
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    lab.wait_idle(page)
    return page


def what_ran(page):
    """Return the doors whose text ran, once the controls have shown that it can."""
    page.wait_for_function(f"() => window.taken?.includes({CONTROLS[0]!r})")
    page.wait_for_timeout(1000)
    ran = {*page.evaluate("() => window.taken")}
    return ran - {*CONTROLS}


def not_shown(page, doors):
    """Return the doors whose text cannot be read on the page, quoted or not."""
    text = page.evaluate(TEXT).replace("\u2007", " ").replace("\\", "")
    return {door for door in doors if f"push('{door}')" not in text} - {*CONTROLS}


def test_all_of_it_is_text_in_jupyterlab(lab_with_all_doors):
    assert what_ran(lab_with_all_doors) == set()
    assert not_shown(lab_with_all_doors, injected.SHOWN) == set()


def test_all_of_it_is_text_in_a_page_of_nbconvert(lab_with_all_doors):
    page = lab_with_all_doors
    # Without the scripts that nbconvert's own template fetches from elsewhere.
    exporter = nbconvert.HTMLExporter(mathjax_url="", require_js_url="")
    content, _ = exporter.from_filename(page.folder / NAME)
    page.goto("about:blank")
    page.set_content(content)
    assert what_ran(page) == set()
    assert not_shown(page, injected.SHOWN - injected.IN_WIDGETS) == set()


def test_all_of_it_is_text_in_the_summary_of_grades(page):
    exercises = tasks.tasks_of_lesson("00")
    names = {part: nasty(part) for part in ("student", "message", "title")}
    grades = [
        grading.Grade(names["student"], exercise.name, outcome, None, names["message"])
        for exercise, outcome in zip(exercises, ("not yet", "died"), strict=False)
    ]
    content = grading.page(grades, exercises[: len(grades)], names["title"])
    # The page's own policy would stop what runs: here, escaping has to do it alone.
    content = content.replace("Content-Security-Policy", "x") + nasty(CONTROLS[0])
    page.goto("about:blank")
    page.set_content(content)
    assert what_ran(page) == set()
    assert not_shown(page, names) == set()
