"""Every lesson runs in JupyterLab, and a reader's hand moves what it shows.

With the variable COURSE_SCREENSHOTS set, pictures of all explorers are kept there.
"""

import os
import re
from pathlib import Path

import accessible
import digits
import lab_driver as lab
import pytest
from course import lessons
from playwright.sync_api import expect

OURS = ".jp-OutputArea-output"  # what the course draws in the page
# Digits that are drawn, and in which lessons which network must read them.
DRAWN = ("3", "7", "0")
READERS = {"05": "LeNet", "07": "05_lenet"}
# Whether each slider tells a screen reader the value that stands beside it.
TELLS = """explorer => {
    const sliders = [...explorer.querySelectorAll('[aria-valuetext]')];
    const beside = slider => slider.closest('.widget-inline-hbox')
        .querySelector('.widget-readout').textContent;
    return sliders.every(s => s.getAttribute('aria-valuetext') === beside(s));
}"""
AXE = {
    # A part of the page: that it lies in a landmark is JupyterLab's affair.
    "rules": {"region": {"enabled": False}},
}


def draw_and_read(pad, lesson):
    """Draw digits by mouse and by keyboard; all are read, by LeNet rightly."""
    text = pad.locator("[aria-live]")
    for drawn_with in (lab.draw, lab.draw_by_keyboard):
        for way in DRAWN:
            drawn_with(pad, digits.strokes(way))
            expect(text).to_contain_text(re.compile(r"reads \d \(\d+%\)"))
            if reader := READERS.get(lesson.name[:2]):
                expect(text).to_contain_text(f"{reader} reads {way} ")
    slider = pad.get_by_role("slider", name="image")
    if slider.count():
        slider.focus()
        slider.press("ArrowRight")
        expect(text).to_contain_text("Image 1.")
        pad.get_by_role("button", name="Clear").click()
        expect(text).to_have_text("Draw a digit.")


def serious(page):
    """Return what axe finds serious in the outputs of the open notebook."""
    return accessible.serious(page, context=OURS, options=AXE)


def photograph(page, lesson, theme):
    if "COURSE_SCREENSHOTS" not in os.environ:
        return
    folder = Path(os.environ["COURSE_SCREENSHOTS"])
    folder.mkdir(parents=True, exist_ok=True)
    for width in (1300, 800):
        page.set_viewport_size({"width": width, "height": 1600})
        for index, explorer in lab.explorers(page):
            file = folder / f"{lesson.stem}_{index}_{theme}_{width}.png"
            explorer.screenshot(path=file)
    page.set_viewport_size({"width": 1300, "height": 1000})


@pytest.mark.slow
@pytest.mark.parametrize("lesson", lessons(), ids=lambda path: path.stem)
def test_lesson_runs_and_moves(page, lesson):
    page.lab_errors.clear()
    lab.open_notebook(page, lesson.name, view="doc")
    try:
        assert lab.run_all(page, timeout=400) == []
        for _, explorer in lab.explorers(page):
            if explorer.locator("canvas").count():
                draw_and_read(explorer, lesson)
            else:
                assert lab.move(explorer), "no control changes picture and text"
            assert explorer.evaluate(TELLS), "a slider tells another value"
        faults = {}
        for theme in ("Dark", "Light"):
            lab.use_theme(page, theme)
            faults[theme] = serious(page)
            photograph(page, lesson, theme)
        assert faults == {"Dark": [], "Light": []}
        assert lab.errors(page) == []
        assert page.lab_errors == []
    finally:
        lab.shut_down(page)
