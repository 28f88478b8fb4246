"""Each deck: made for a lecture, and no slide runs over its edges."""

import accessible
import pytest
from course import lessons

pytestmark = pytest.mark.slow
DECKS = [path.name[:2] for path in lessons()]
WIDTH, HEIGHT = 1280, 720
# What reaches over the edges, or, as long lines do, over those of its own box.
OVER = """([width, height]) => [...Reveal.getCurrentSlide().querySelectorAll("*")]
    .filter((e) => !e.closest("aside, svg, math"))
    .map((e) => [e, e.getBoundingClientRect()])
    .filter(([_, r]) => r.width > 1 && r.height > 1)
    .filter(([e, r]) => r.left < 0 || r.top < 0 || r.right > width || r.bottom > height
        || (e.tagName === "PRE" && e.scrollWidth > e.clientWidth + 1))
    .map(([e, r]) => `${e.tagName} ${e.textContent.slice(0, 20)} ${r.bottom}`)"""


@pytest.fixture
def slides(page):
    """Give a function that opens a deck and returns how many slides it has."""
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})

    def open_deck(number):
        page.goto(f"slides/{number}.html")
        page.wait_for_function("() => window.Reveal?.isReady()")
        return page.evaluate("() => Reveal.getTotalSlides()")

    return open_deck


@pytest.mark.parametrize("number", DECKS)
def test_a_deck_has_12_to_18_slides_and_each_fits(page, slides, number):
    count = slides(number)
    assert 12 <= count <= 18
    for at in range(count):
        page.evaluate("at => Reveal.slide(at)", at)
        title = page.evaluate(
            "() => Reveal.getCurrentSlide().querySelector('h1, h2').innerText"
        )
        assert title
        # The last rows belong to the number of the slide and the arrows.
        over = page.evaluate(OVER, [WIDTH, HEIGHT - 30])
        assert over == [], (at + 1, title)


@pytest.mark.parametrize("number", DECKS)
def test_a_deck_asks_shows_code_a_figure_and_a_mistake(page, slides, number):
    slides(number)
    for what in (".ask", ".fingerprint", ".highlight pre", ".picture img"):
        assert page.locator(f".slides {what}").count() > 0, what


@pytest.mark.parametrize("number", DECKS)
def test_axe_finds_nothing_serious_on_a_slide(page, slides, number):
    for at in range(slides(number)):
        page.evaluate("at => Reveal.slide(at)", at)
        assert accessible.serious(page) == [], at + 1
