"""The built site: complete, without other hosts, and usable by everyone.

With the variable COURSE_SCREENSHOTS set, pictures of all pages are kept there.
"""

import os
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import accessible
import pytest
from course import HOME, ROOT, lessons
from lesson import Lesson, explorer_of
from playwright.sync_api import expect

pytestmark = pytest.mark.slow
LESSONS = [f"notebooks/{path.stem}.html" for path in lessons()]
PAGES = [
    "index.html",
    *LESSONS,
    "slides.html",
    *(f"docs/{path.stem}.html" for path in sorted(ROOT.glob("docs/*.md"))),
    "benchmarks/README.html",
    "search.html",
]


class Page(HTMLParser):
    """What a page links to, shows, and can be pointed at."""

    def __init__(self, path):
        super().__init__()
        self.links, self.images, self.ids, self.files = [], [], set(), []
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.ids.add(given.get("id"))
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "img":
            self.images.append(given)
        if tag in ("img", "script") and "src" in given:
            self.files.append(given["src"])
        if tag == "link" and given.get("rel") in ("stylesheet", "icon", "preload"):
            self.files.append(given["href"])


@pytest.fixture(scope="module")
def read(site):
    """Give all pages that were built, slides too: their place in the site -> Page."""
    paths = [path for path in site.rglob("*.html") if "_static" not in path.parts]
    return {path.relative_to(site).as_posix(): Page(path) for path in paths}


def cells(name):
    return Lesson(ROOT / Path(name).with_suffix(".ipynb")).code


def test_each_lesson_document_and_deck_has_its_page(read):
    decks = [f"slides/{Path(name).name[:2]}.html" for name in LESSONS]
    assert {*PAGES, *decks} <= set(read)


def test_each_link_inside_leads_somewhere(site, read):
    lost, inside = [], 0
    for name, page in read.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = urljoin(name, unquote(parts.path)) if parts.path else name
            inside += 1
            there = (site / target).is_file()
            if there and parts.fragment:
                there = unquote(parts.fragment) in read[target].ids
            if not there:
                lost.append((name, link))
    assert lost == []
    assert inside > 500


def test_each_file_that_a_page_needs_is_there(site, read):
    for name, page in read.items():
        for file in page.files:
            if not file.startswith("data:"):
                parts = urlsplit(file)
                assert not parts.netloc, (name, file)
                assert (site / urljoin(name, parts.path)).is_file(), (name, file)


def test_each_image_has_a_description(read):
    images = [(name, i) for name, page in read.items() for i in page.images]
    assert [name for name, image in images if not image.get("alt", "").strip()] == []
    assert len(images) > 60


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_shows_the_stored_figures(read, stored, name):
    wanted = Counter(stored.lesson(Path(name).name[:2]).pictures)
    shown = Counter((i.get("alt"), i.get("src")) for i in read[name].images)
    assert wanted <= shown
    assert wanted


@pytest.mark.parametrize("name", LESSONS)
def test_each_live_output_is_spoken_for(site, name):
    text = (site / name).read_text("utf-8")
    opened = [explorer_of(c.source) for c in cells(name) if "keep_output" in c.metadata]
    live = text.count('id="live-convolution"')
    assert live == (name.endswith("03_raw_cnn.html"))
    said = len(re.findall(r"runs in the notebook: the rocket", text))
    assert said + live == len([o for o in opened if o])
    assert text.count("What this cell shows is live") == opened.count(None)


@pytest.mark.parametrize("name", LESSONS)
def test_what_is_folded_in_the_notebook_is_folded_in_the_book(page, name):
    page.goto(name)
    folded = [c for c in cells(name) if c.metadata.get("jupyter")]
    assert page.locator("details.hide").count() == len(folded)
    assert page.locator("details.hide[open]").count() == 0


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_can_be_started_in_binder_and_colab(read, name):
    notebook = name.replace(".html", ".ipynb")
    links = read[name].links
    assert (
        f"https://mybinder.org/v2/gh/{HOME}/main?urlpath=lab/tree/{notebook}" in links
    )
    colab = "https://colab.research.google.com/github"
    assert f"{colab}/{HOME}/blob/main/{notebook}" in links
    assert f"../slides/{Path(name).name[:2]}.html" in links


def test_each_mistake_that_a_lesson_shows_is_linked_to_its_section(read):
    links = read["docs/mistakes.html"].links
    to_sections = [link for link in links if "/notebooks/" in link and "#" in link]
    text = (ROOT / "docs/mistakes.md").read_text("utf-8")
    shown = text.partition("## Shown")[2].partition("\n## ")[0]
    assert len(re.findall(r"^\| `.*\.ipynb\)", shown, re.MULTILINE)) == len(to_sections)


def test_formulas_are_mathml_and_no_program_draws_them(site, read):
    assert (site / LESSONS[4]).read_text("utf-8").count("<math") >= 10
    assert [file for file in read[LESSONS[4]].files if "mathjax" in file] == []


def test_the_search_finds_a_lesson(page):
    page.goto("search.html?q=feature+map")
    expect(page.locator("#search-results a").first).to_be_visible()
    found = page.locator("#search-results a").all_inner_texts()
    assert "Build a convolutional network from raw tensors" in found


def test_code_can_be_copied(page):
    page.goto("index.html")
    start = page.locator("pre", has_text="python3 -m venv").first
    button = page.locator("button.copybtn").first
    expect(button).to_have_attribute("data-clipboard-target", re.compile("#codecell"))
    assert '".[lab]"' in start.inner_text()


@pytest.mark.parametrize("width", [1300, 390])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_the_screen(page, name, width):
    page.set_viewport_size({"width": width, "height": 1000})
    page.goto(name, wait_until="networkidle")
    wide = "() => document.documentElement.scrollWidth - window.innerWidth"
    assert page.evaluate(wide) <= 0


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_serious(page, name, look):
    page.emulate_media(color_scheme=look, reduced_motion="reduce")
    page.goto(name, wait_until="networkidle")
    expect(page.locator("html")).to_have_attribute("data-theme", look)
    if folder := os.environ.get("COURSE_SCREENSHOTS"):
        file = Path(folder, f"site_{name.replace('/', '_')}_{look}.png")
        page.screenshot(path=file, full_page=True)
    assert accessible.serious(page) == []
