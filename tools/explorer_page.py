"""Photograph the explorers of all lessons and measure them, for docs/explorers.md.

    python tools/explorer_page.py [LESSON ...]

Each lesson runs in JupyterLab in Chromium. The pictures that the page shows are taken
anew, and its table gets the median time, over ten moves by keyboard, from the key that
is pressed to the new picture in the page.
"""

import argparse
import re
import shutil
import statistics
import sys
import tempfile

import lab_driver as lab
import nbformat
from course import ROOT, lessons
from lesson import explorer_of
from PIL import Image

PAGE = ROOT / "docs" / "explorers.md"
PICTURES = ROOT / "docs" / "explorers"
MOVES = 10
ROW = re.compile(r"^\| (\d\d) \| `(\w+)` \| (.*?) \| [^|]* \|$", re.MULTILINE)

WATCH = """explorer => {
    window.shown = [];
    const note = () => window.shown.push(performance.now());
    explorer.querySelector('img').addEventListener('load', note);
    const press = () => { window.pressed = performance.now(); };
    explorer.addEventListener('keydown', press, true);
}"""


def main(arguments=None):
    """Run the lessons, write pictures and table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lessons", nargs="*", help="two digits each; all by default")
    options = parser.parse_args(arguments)
    paths = lessons()
    if unknown := set(options.lessons) - {path.name[:2] for path in paths}:
        parser.error(f"no lesson is called {', '.join(sorted(unknown))}")
    times = {}
    for path in paths:
        if not options.lessons or path.name[:2] in options.lessons:
            times |= visit(path)
    text, missing = with_times(PAGE.read_text("utf-8"), times)
    PAGE.write_text(text, "utf-8")
    for lesson, name in missing:
        print(f"{PAGE.name} has no row for {name} in lesson {lesson}", file=sys.stderr)
    return 1 if missing else 0


def visit(path):
    """Run a lesson; return {(lesson, explorer): seconds} and keep the pictures."""
    cells, times = nbformat.read(path, 4).cells, {}
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(path, folder)
        with lab.lab_server(folder) as url, lab.lab_page(url, 1300) as page:
            lab.open_notebook(page, path.name)
            if errors := lab.run_all(page):
                sys.exit(f"{path.name} failed: {errors}")
            for index, explorer in lab.explorers(page):
                name = explorer_of(cells[index].source)
                seconds = latency(explorer)
                times[path.name[:2], name] = seconds
                photograph(explorer, f"{path.name[:2]}_{name}.png")
                print(f"{path.stem}: {name} {1000 * seconds:.0f} ms", flush=True)
    return times


def photograph(explorer, name):
    """Keep a picture of an explorer, if the page shows it."""
    if f"(explorers/{name})" in PAGE.read_text("utf-8"):
        PICTURES.mkdir(exist_ok=True)
        explorer.screenshot(path=PICTURES / name)
        with Image.open(PICTURES / name) as picture:
            small = picture.convert("P", palette=Image.Palette.ADAPTIVE, colors=128)
        small.save(PICTURES / name)


def latency(explorer):
    """Return the median seconds from a key to the new picture.

    A slider or a box goes to and fro; on a pad, each move is a stroke of its own.
    """
    page = explorer.page
    explorer.evaluate(WATCH)
    pad = explorer.locator("canvas")
    target = pad if pad.count() else lab.move(explorer)
    if target is None:
        sys.exit("an explorer has no slider or box that changes picture and text")
    times = []
    for move in range(MOVES):
        lab.wait_idle(page, quiet=0.3)
        if pad.count():
            for key in ("Space", "ArrowRight", "ArrowDown"):
                target.press(key)
        seen = page.evaluate("() => window.shown.length")
        target.press("Space" if pad.count() else key_of(target, move))
        page.wait_for_function("seen => window.shown.length > seen", arg=seen)
        times.append(page.evaluate("() => window.shown.at(-1) - window.pressed"))
    return statistics.median(times) / 1000


def key_of(control, move):
    """Return the key that moves a slider, or the mark of a box, to and fro."""
    if control.get_attribute("type") == "checkbox":
        return "Space"
    ends = [f"aria-value{end}" for end in ("now", "min", "max")]
    now, least, most = (float(control.get_attribute(end)) for end in ends)
    forth = now < most and (move % 2 == 0 or now == least)
    return "ArrowRight" if forth else "ArrowLeft"


def with_times(text, times):
    """Return the page with new times in its table, and the explorers that it lacks."""
    known = set()

    def row(found):
        lesson, name, words = found.groups()
        known.add((lesson, name))
        if (lesson, name) not in times:
            return found.group()
        return (
            f"| {lesson} | `{name}` | {words} | {1000 * times[lesson, name]:.0f} ms |"
        )

    text = ROW.sub(row, text)
    return text, sorted(set(times) - known)


if __name__ == "__main__":
    sys.exit(main())
