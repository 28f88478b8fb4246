"""Explorers, feedback, monitor and pad move in a front end of ipywidgets 7.

Google Colab's page has those widgets; it cannot be had here. The classic Notebook 6
with widgets of that version stands in for it. `nox -s colab` installs it, beside what
Colab has; elsewhere these tests are skipped.
"""

import contextlib
import re
import shutil
from importlib.metadata import PackageNotFoundError, version

import digits
import kernels
import lab_driver as lab
import pytest
from course import lessons
from playwright.sync_api import expect

START = "00_start_here.ipynb"
SECONDS = 600  # for all cells of a lesson

# The page asks a new kernel for widgets that it may have, in two ways: by a message
# that is refused while ipywidgets is not imported, and then by another. What is shown
# before the second answer, it takes for widgets that are gone.
ASKED = "jupyter.widget.control"
ANSWERED = """() => new Promise(resolve =>
    Jupyter.notebook.kernel.comm_info("jupyter.widget", resolve))"""
ALL_RAN = r"""() => Jupyter.notebook.get_cells().every(cell =>
    cell.cell_type !== "code" || /^\d+$/.test(cell.input_prompt_number))"""


def is_classic():
    """Say whether the classic Notebook 6 is installed."""
    with contextlib.suppress(PackageNotFoundError):
        return version("notebook").startswith("6.")
    return False


pytestmark = pytest.mark.skipif(not is_classic(), reason="nox -s colab runs it")


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """Give a page of a server of the classic Notebook with all lessons."""
    folder, home = tmp_path_factory.mktemp("classic"), tmp_path_factory.mktemp("home")
    for lesson in lessons():
        shutil.copy(lesson, folder)
    options = ["--NotebookApp.token=", f"--NotebookApp.notebook_dir={folder}"]
    server = kernels.server("notebook", home, *options)
    with server as (url, _), lab.lab_page(url) as page:
        expect.set_options(timeout=20_000)
        yield page


def run_lesson(page, name):
    """Open a lesson and run all its cells."""
    page.lab_errors.clear()
    with page.expect_console_message(lambda m: ASKED in m.text, timeout=90_000):
        page.goto(f"/notebooks/{name}")
    page.evaluate(ANSWERED)
    page.wait_for_timeout(1000)
    page.evaluate("() => Jupyter.notebook.execute_all_cells()")
    page.wait_for_function(ALL_RAN, timeout=SECONDS * 1000)


@pytest.fixture(scope="module")
def lesson_00(page):
    """Lesson 00, all its cells run."""
    run_lesson(page, START)
    return page


def output(page, call):
    """Return where the output of the cell that contains a call stands."""
    cell = page.locator(".code_cell").filter(
        has=page.locator(".input_area", has_text=call)
    )
    return cell.locator(".output_wrapper")


def test_no_cell_failed(lesson_00):
    expect(lesson_00.locator(".output_error")).to_have_count(0)
    assert errors(lesson_00) == []


def test_the_monitor_leaves_its_bar_and_one_figure(lesson_00):
    monitor = output(lesson_00, "with Monitor(")
    expect(monitor.locator(".widget-hprogress")).to_have_count(1)
    expect(monitor).to_contain_text("860/860")
    expect(monitor.locator("img")).to_have_count(1)
    assert monitor.locator("img").evaluate("img => img.naturalWidth") > 0


def test_an_explorer_follows_the_keyboard_and_is_named(lesson_00):
    explorer = output(lesson_00, "explorers.training(").locator(".course-explorer")
    handle = explorer.locator(".ui-slider-handle").first
    assert handle.get_attribute("aria-label")
    assert moves(explorer)


def test_the_pad_reads_what_is_drawn_by_mouse_and_by_keyboard(lesson_00):
    pad = output(lesson_00, "digit_pad.DigitPad(").locator(".course-explorer")
    text = pad.locator("[aria-live]")
    for drawn_with in (lab.draw, lab.draw_by_keyboard):
        drawn_with(pad, digits.strokes("3"))
        expect(text).to_contain_text(re.compile(r"network reads \d \(\d+%\)"))


def test_feedback_is_shown(lesson_00):
    expect(output(lesson_00, "lesson_00.ink_share.check(")).to_contain_text("to do")


def moves(explorer):
    """Say whether a slider or a box changes an explorer's picture and text."""
    sliders = explorer.locator(".ui-slider-handle").all()
    presses = [(s, key) for s in sliders for key in ("ArrowRight", *["ArrowLeft"] * 2)]
    boxes = explorer.locator("input[type=checkbox]").all()
    for control, key in presses + [(box, "Space") for box in boxes]:
        before = state_of(explorer)
        control.focus()
        control.press(key)
        for _ in range(20):
            explorer.page.wait_for_timeout(100)
            after = state_of(explorer)
            if all(old != new for old, new in zip(before, after, strict=True)):
                return True
    return False


def state_of(explorer):
    """Return an explorer's picture, in short, and its text."""
    return lab.picture_of(explorer), explorer.locator("[aria-live]").inner_text()


def errors(page):
    """Return what the page's console complains of, the Notebook's lost font aside."""
    own = "Access to font at", "net::ERR_FAILED"
    return [e for e in page.lab_errors if not any(words in e for words in own)]


@pytest.mark.parametrize("lesson", lessons()[1:], ids=lambda path: path.stem)
def test_every_explorer_and_pad_moves(page, lesson):
    run_lesson(page, lesson.name)
    expect(page.locator(".output_error")).to_have_count(0)
    for explorer in page.locator(".course-explorer").all():
        if explorer.locator("canvas").count():
            lab.draw(explorer, digits.strokes("7"))
            reads = re.compile(r"reads \d \(\d+%\)")
            expect(explorer.locator("[aria-live]")).to_contain_text(reads)
        else:
            assert moves(explorer), explorer.inner_text()
    assert errors(page) == []
    page.evaluate("() => Jupyter.notebook.session.delete()")
