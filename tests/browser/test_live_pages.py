"""The site's live pieces in Chromium: what they calculate, show, and answer to.

With the variable COURSE_SCREENSHOTS set, pictures of both pages are kept there.
"""

# ruff: noqa: F403, F405, F811  their fixtures' names come with them
import json
import os
import re
from pathlib import Path

import digits
import lab_driver as lab
import lenet
import live_site
import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from test_site_js import *  # the same questions, asked here of Chromium

from course_utils import data, digit_pad
from course_utils.explorers.convolution import KERNELS

BELOW = "some/where/"  # the site's place on its server
PLACES = {name: BELOW + place for name, (place, _) in live_site.PAGES.items()}
LOOKS = ["light", "dark", "the system's dark"]
CHROMIUM = """async ([given, place]) => {
    const use = (name) => import(place + name);
    const load = async (name) => (await fetch(place + name)).arrayBuffer();
    const question = %s;
    return JSON.stringify(await question({ use, load }, ...JSON.parse(given)));
}"""


@pytest.fixture(scope="module")
def page(tmp_path_factory, chromium):
    folder = tmp_path_factory.mktemp("site")
    live_site.assemble(folder / BELOW)
    with live_site.serve(folder) as url, lab.lab_page(url) as page:
        expect.set_options(timeout=10_000)
        yield page


@pytest.fixture(autouse=True)
def no_complaint_and_no_other_host(page):
    page.lab_errors.clear()
    page.foreign.clear()
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": 1300, "height": 1000})
    yield
    assert page.lab_errors == []
    assert page.foreign == []


@pytest.fixture
def ask(page):
    """Give a function that asks Chromium: (question, *given) -> answer."""
    page.goto(PLACES["front"])
    place = page.evaluate("() => new URL('_static/', document.baseURI).href")

    def ask(question, *given):
        answer = page.evaluate(CHROMIUM % question, [json.dumps(given), place])
        return json.loads(answer)

    return ask


@pytest.fixture
def front(page):
    """Give the front page's live part, after its example."""
    page.goto(PLACES["front"])
    front = page.locator("#live-front")
    expect(front.get_by_role("status")).to_contain_text("LeNet reads 3")
    return front


@pytest.fixture
def explorer(page):
    page.goto(PLACES["convolution"])
    explorer = page.locator("#live-convolution")
    expect(explorer.get_by_role("status")).to_contain_text("Row 13, column 13")
    return explorer


def shown(front):
    """Return the ten probabilities that the page shows, in percent."""
    texts = front.locator(".live-bars td:last-child").all_inner_texts()
    return [float(text.removesuffix(" %")) for text in texts]


def pixels(canvas):
    """Return how dark a canvas is, pixel by pixel, from 0 to 255."""
    values = canvas.evaluate(
        """canvas => [...canvas.getContext("2d")
            .getImageData(0, 0, canvas.width, canvas.height).data]"""
    )
    return 255 - np.reshape(values, (-1, 4))[:, 0]


def test_ten_digits_drawn_with_the_mouse_are_read(front):
    for way in "0123456789":
        lab.draw(front.locator(".digit-pad"), digits.strokes(way))
        expect(front.get_by_role("status")).to_contain_text(f"LeNet reads {way}, ")
        assert np.argmax(shown(front)) == int(way)
        assert sum(shown(front)) == pytest.approx(100, abs=0.5)
        expect(front.locator(".live-best th")).to_have_text(way)


def test_a_digit_drawn_with_the_keyboard_is_read(front):
    lab.draw_by_keyboard(front.locator(".digit-pad"), digits.strokes("7"))
    expect(front.get_by_role("status")).to_contain_text("LeNet reads 7, ")


def test_a_digit_drawn_with_a_finger_is_read(page, front):
    box = front.locator(".digit-pad canvas").bounding_box()
    finger = page.context.new_cdp_session(page)

    def touch(kind, *points):
        places = [
            {"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]}
            for x, y in points
        ]
        given = {"type": kind, "touchPoints": places}
        finger.send("Input.dispatchTouchEvent", given)

    for stroke in digits.strokes("5"):
        touch("touchStart", stroke[0])
        for point in stroke[1:]:
            touch("touchMove", point)
        touch("touchEnd")
    expect(front.get_by_role("status")).to_contain_text("LeNet reads 5, ")


def test_a_digit_is_read_while_it_is_drawn(page, front):
    said = front.get_by_role("status")
    front.get_by_role("button", name="Clear").click()
    seen = []

    def watch(at):
        if at % 20 == 19:
            page.wait_for_function("() => document.querySelector('.live-best')")
            seen.append(shown(front))
            expect(said).to_have_text("Draw a digit.")  # no word before the end

    lab.draw(front.locator(".digit-pad"), digits.strokes("3"), watch)
    assert len(seen) == 3 and seen[0] != seen[-1]
    expect(said).to_contain_text("LeNet reads 3, ")


def test_the_example_shows_what_centring_does(front):
    example = json.loads((live_site.SITE / "digits.json").read_text())["stroke"]
    raw, centred = digit_pad._both(digit_pad.rasterise([example]))
    read = softmax(lenet.network()(np.stack([raw, centred])))
    np.testing.assert_allclose(shown(front), 100 * read[1], atol=0.06)
    other = read[0].argmax()
    assert other != read[1].argmax()  # or the example would show nothing
    words = f"without centring it reads {other} ({100 * read[0, other]:.1f} %)"
    expect(front.get_by_role("status")).to_contain_text(words)
    for k, image in enumerate((raw, centred)):
        canvas = front.locator("figure canvas").nth(k)
        np.testing.assert_array_equal(pixels(canvas), image.ravel())


def softmax(logits):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def test_the_readers_first_stroke_takes_the_examples_place(page, front):
    canvas = front.locator(".digit-pad canvas")
    before = front.locator("figure canvas").first.evaluate("c => c.toDataURL()")
    expect(front.locator(".live-hint")).to_be_visible()
    canvas.click(position={"x": 200, "y": 200})
    expect(front.locator(".live-hint")).to_be_hidden()
    ink = pixels(front.locator("figure canvas").first).reshape(28, 28)
    assert ink.any() and not ink[:15].any()
    front.get_by_role("button", name="Undo").click()
    expect(front.get_by_role("status")).to_have_text("Draw a digit.")
    assert before != front.locator("figure canvas").first.evaluate("c => c.toDataURL()")
    assert not pixels(front.locator("figure canvas").nth(1)).any()


def test_the_example_draws_itself_where_motion_is_welcome(page):
    page.emulate_media(reduced_motion="no-preference")
    page.goto(PLACES["front"])
    inked = "document.querySelector('#live-front figure canvas')"
    page.wait_for_function(f"() => {inked}?.width === 28")
    front = page.locator("#live-front")
    first = np.count_nonzero(pixels(front.locator("figure canvas").first))
    expect(front.get_by_role("status")).to_contain_text("LeNet reads 3")
    assert np.count_nonzero(pixels(front.locator("figure canvas").first)) > first
    assert len(page.locator(".digit-pad canvas").all()) == 1


def test_test_digits_come_from_mnist_and_a_mistake_is_owned(front):
    content = json.loads((live_site.SITE / "digits.json").read_text())
    (_, _), (images, labels) = data.load_mnist()
    read = softmax(lenet.network()(images[content["indices"]]))
    assert (read.argmax(axis=1) != labels[content["indices"]]).sum() == 3
    button = front.get_by_role("button", name="A test digit")
    for k, index in enumerate(content["indices"]):
        button.click()
        words = f"test image {index} is a {labels[index]}"
        words += "" if read[k].argmax() == labels[index] else ": misread"
        said = f"LeNet reads {read[k].argmax()}, {100 * read[k].max():.1f} %; {words}"
        expect(front.get_by_role("status")).to_have_text(said)
        np.testing.assert_allclose(shown(front), 100 * read[k], atol=0.06)
        canvas = front.locator("figure canvas").nth(1)
        np.testing.assert_array_equal(pixels(canvas), images[index].ravel())
    lab.draw(front.locator(".digit-pad"), digits.strokes("0"))
    expect(front.get_by_role("status")).to_contain_text("without centring")
    pad = front.locator(".digit-pad canvas")
    assert pad.evaluate("canvas => canvas.style.backgroundImage") == ""


def test_the_page_says_how_much_work_a_reading_is(front):
    words = r"60,074 numbers, 199,968 multiplications: \d+\.\d\d ms in this browser\."
    expect(front.locator(".live-times")).to_have_text(re.compile(words))


def choose(explorer, **choices):
    for name, value in choices.items():
        box = explorer.get_by_role("combobox", name=name, exact=True)
        box.select_option(str(value))


def sum_at(explorer, row, column):
    """Return the sum that the explorer gives for a place of the map."""
    pattern = rf"Row {row}, column {column} of the map: .* (\S+)$"
    expect(explorer.get_by_role("status")).to_have_text(re.compile(pattern))
    text = explorer.get_by_role("status").inner_text()
    return float(re.search(pattern, text).group(1).replace("\N{MINUS SIGN}", "-"))


def lesson_image():
    (images, _), _ = data.load_mnist()
    return images[15] / np.float32(255)


@pytest.mark.parametrize("padding", ["VALID", "SAME"])
@pytest.mark.parametrize(("size", "stride"), [(3, 1), (4, 2), (5, 3), (1, 3)])
def test_the_explorer_shows_the_notebooks_numbers(
    explorer, convolve, size, stride, padding
):
    choose(explorer, kernel="sharpen", size=size, stride=stride, padding=padding)
    kernel = KERNELS["sharpen"](size).astype(np.float32)
    feature_map = convolve(lesson_image(), kernel, stride, padding)
    rows, columns = feature_map.shape
    expect(explorer).to_contain_text(f"feature map {rows} × {columns}")
    sheet = explorer.get_by_role("application").nth(1)
    box = sheet.bounding_box()
    for row, column in ((0, 0), (rows // 2, columns // 3), (rows - 1, columns - 1)):
        x, y = ((k + 0.5) / rows * box["width"] for k in (column, row))
        sheet.hover(position={"x": x, "y": y})
        value = sum_at(explorer, row, column)
        assert value == pytest.approx(feature_map[row, column], abs=0.006)


def test_arrow_keys_move_the_window_and_stop_at_the_border(explorer):
    choose(explorer, padding="SAME")
    for sheet in explorer.get_by_role("application").all():
        sheet.focus()
        for key, place in (("Left", (13, 12)), ("Up", (12, 12)), ("Right", (12, 13))):
            sheet.press(f"Arrow{key}")
            sum_at(explorer, *place)
        sheet.press("ArrowDown")
    for _ in range(20):
        sheet.press("ArrowDown")
    sum_at(explorer, 27, 13)


def test_a_window_follows_the_pointer_over_the_image(explorer):
    sheet = explorer.get_by_role("application").first
    box = sheet.bounding_box()
    place = {"x": 10.5 / 28 * box["width"], "y": 20.5 / 28 * box["height"]}
    sheet.hover(position=place)
    sum_at(explorer, 19, 9)  # the pixel stands in the middle of the window


def test_own_numbers_are_used(explorer, convolve):
    weight = explorer.get_by_label("weight, row 0, column 2")
    weight.fill("-2.5")
    weight.press("Tab")
    kernels = explorer.get_by_role("combobox", name="kernel")
    expect(kernels).to_have_value("own numbers")
    kernel = np.array([[1, 1, -2.5], [0, 0, 0], [-1, -1, -1]], np.float32)
    expected = convolve(lesson_image(), kernel)[13, 13]
    assert sum_at(explorer, 13, 13) == pytest.approx(expected, abs=0.006)
    pixels, weights, products = (
        [float(text.replace("\N{MINUS SIGN}", "-")) for text in column]
        for column in explorer.locator("tbody").evaluate_all(
            """bodies => bodies.map(body => [...body.querySelectorAll("td")].map(
                td => td.querySelector("input")?.value ?? td.textContent))"""
        )
    )
    np.testing.assert_allclose(weights, kernel.ravel())
    np.testing.assert_allclose(products, np.multiply(pixels, weights), atol=0.02)


def use_look(page, look):
    """Show a page light or dark, by the theme's attribute or as the system wants."""
    page.emulate_media(color_scheme="dark" if "system" in look else "light")
    page.evaluate(
        "theme => { document.documentElement.dataset.theme = theme; }",
        "" if "system" in look else look,
    )


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", PLACES)
def test_nothing_keeps_people_out(page, name, look):
    page.goto(PLACES[name])
    expect(page.get_by_role("status")).to_contain_text(re.compile("reads 3|Row 13"))
    use_look(page, look)
    for width in (1300, 390, 320):
        page.set_viewport_size({"width": width, "height": 1000})
        assert page.evaluate(
            "() => document.documentElement.scrollWidth <= window.innerWidth"
        )
        if folder := os.environ.get("COURSE_SCREENSHOTS"):
            file = Path(folder, f"live_{name}_{look.split()[-1]}_{width}.png")
            page.screenshot(path=file, full_page=True)
        found = Axe().run(page).response["violations"]
        assert [(f["id"], n["html"][:200]) for f in found for n in f["nodes"]] == []


@pytest.mark.parametrize("name", PLACES)
def test_a_missing_file_is_told(page, name):
    page.route("**/digits.json", lambda route: route.fulfill(status=404))
    page.goto(PLACES[name])
    words = "did not start: digits.json did not arrive: 404"
    expect(page.locator(f"#live-{name}")).to_contain_text(words)
    page.unroute("**/digits.json")
    assert all("404" in error for error in page.lab_errors)
    page.lab_errors.clear()


@pytest.mark.parametrize("name", PLACES)
def test_without_javascript_a_sentence_stands_there(page, name):
    context = page.context.browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(page.url.split(BELOW)[0] + PLACES[name])
    sentence = plain.locator("noscript p")
    expect(sentence).to_be_visible()
    expect(sentence).to_contain_text("It needs JavaScript.")
    context.close()
