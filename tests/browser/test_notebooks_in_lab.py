"""What a program cannot see in a kernel: the notebooks as JupyterLab shows them."""

import inspect
import re

import lab_driver as lab
import nbformat
import pytest
from course import lessons
from playwright.sync_api import expect
from tiny_notebooks import code, write


def conv2d_loop(image, kernel, stride=1, padding="VALID"):
    size = len(kernel)
    if padding == "SAME":
        raise NotImplementedError("padding is an exercise")
    rows, columns = ((n - size) // stride + 1 for n in image.shape)
    feature_map = np.zeros((rows, columns))  # noqa: F821  the notebook imports it
    for row, column in np.ndindex(rows, columns):  # noqa: F821
        top, left = row * stride, column * stride
        window = image[top : top + size, left : left + size]
        feature_map[row, column] = (window * kernel).sum()
    return feature_map


EXPLORER = [
    "import numpy as np\nfrom course_utils import explorers",
    inspect.getsource(conv2d_loop),
    "image = np.arange(64).reshape(8, 8) % 7\n"
    "explorers.convolution(image, conv2d_loop, [[1, 2], [3, 4]])",
]
TINY = {
    "explorer.ipynb": EXPLORER,
    "saved.ipynb": EXPLORER,
    "logits.ipynb": [
        "import numpy as np\nfrom course_utils import explorers",
        "def loss(labels, logits):\n"
        "    powers = np.exp(logits[0])\n"
        "    return -np.log(powers[labels[0]] / powers.sum())",
        "explorers.logits(loss)",
    ],
    "monitor.ipynb": [
        "import time\nfrom course_utils.monitor import Monitor",
        "with Monitor(steps=150, batch_size=10) as whole:\n"
        "    for step in range(1, 151):\n"
        "        time.sleep(0.02)\n"
        "        whole.log(step, loss=1 / step, accuracy=step / 150)",
        "with Monitor(steps=100_000, batch_size=10) as monitor:\n"
        "    for step in range(1, 100_001):\n"
        "        time.sleep(0.02)\n"
        "        monitor.log(step, loss=1 / step)",
        "print(monitor.step == len(monitor.history['loss'][1]), 0 < step < 100_000)",
    ],
    "answers.ipynb": [
        "import numpy as np\nimport tensorflow as tf\n"
        "from course_utils.exercises import lesson_03",
        "def max_pool(image):\n"
        "    return tf.nn.conv2d(image, np.ones((2, 2, 1, 1)), 2, 'VALID')\n\n"
        "lesson_03.max_pool.check(max_pool)",
        "def output_size(size, kernel_size, stride, padding):\n"
        "    while size > 0:\n"
        "        pass\n\n"
        "lesson_03.output_size.check(output_size)",
        "lesson_03.output_size.check(lambda *_: exit())",
        "print('the kernel lives', 6 * 7)",
    ],
    "figure.ipynb": [
        "import matplotlib.pyplot as plt\nfrom course_utils import plots",
        "plt.plot([1, 2])\nplots.show(alt='a line & no <b>more</b>')",
    ],
}


@pytest.fixture(scope="module", autouse=True)
def tiny_notebooks_beside_the_lessons(page):
    for name, sources in TINY.items():
        write(page.folder / name, *map(code, sources))


def open_notebook(page, name, view="doc"):
    page.lab_errors.clear()
    lab.open_notebook(page, name, view=view)


def run_explorer(page, name, view="doc"):
    """Run a notebook of which the third cell opens an explorer; return its place."""
    open_notebook(page, name, view)
    assert lab.run_all(page) == []
    return lab.outputs(page, 2)


@pytest.mark.parametrize("path", lessons(), ids=lambda path: path.name)
def test_committed_notebook_shows_all_its_cells_and_figures(page, path):
    notebook = nbformat.read(page.folder / path.name, 4)
    open_notebook(page, path.name)
    expect(page.locator(".jp-Notebook .jp-Cell")).to_have_count(len(notebook.cells))
    for index, cell in enumerate(notebook.cells):
        figures = [
            output.data["text/plain"]
            for output in cell.get("outputs", [])
            if "<img" in output.get("data", {}).get("text/html", "")
        ]
        drawn = lab.outputs(page, index).locator("img")
        expect(drawn).to_have_count(len(figures))
        for picture, description in zip(drawn.all(), figures, strict=True):
            expect(picture).to_have_attribute("alt", description)
            picture.scroll_into_view_if_needed()
            expect(picture).to_have_js_property("complete", True)
            assert picture.evaluate("img => img.naturalWidth * img.width") > 0, index
    assert lab.errors(page) == []
    assert page.lab_errors == []


def test_a_figure_that_is_run_keeps_its_description(page):
    open_notebook(page, "figure.ipynb")
    assert lab.run_all(page) == []
    picture = lab.outputs(page, 1).locator("img")
    expect(picture).to_have_attribute("alt", "a line & no <b>more</b>")
    assert picture.evaluate("img => img.naturalWidth") > 300


def test_the_file_menu_downloads_the_notebook(page):
    """The README's way to keep what was done in Binder."""
    open_notebook(page, "figure.ipynb")
    page.get_by_role("menuitem", name="File", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Download", exact=True).click()
    assert download.value.suggested_filename == "figure.ipynb"
    whole = (page.folder / "figure.ipynb").read_text("utf-8")
    assert nbformat.read(download.value.path(), 4) == nbformat.reads(whole, 4)


def test_a_saved_explorer_says_what_to_do_where_no_widget_can_be_shown(page):
    open_notebook(page, "saved.ipynb")
    assert lab.run_all(page) == []
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    lab.wait_idle(page)
    (output,) = nbformat.read(page.folder / "saved.ipynb", 4).cells[2].outputs
    assert output.data["text/plain"].startswith("Run this cell to see the explorer")


def test_explorer_obeys_the_keyboard(page):
    explorer = run_explorer(page, "explorer.ipynb")
    text = explorer.locator("[aria-live]")
    expect(text).to_contain_text("Row 4, column 4 of the feature map, which has 7 rows")
    first = lab.picture_of(explorer)

    lab.set_slider(lab.labelled(explorer, "position"), 7)
    expect(text).to_contain_text("Row 1, column 0")
    # (1, 2) over (2, 3): 8 * row + column modulo 7, under the window of row 1.
    expect(text).to_contain_text("1·1 + 2·2 = 5")
    expect(text).to_contain_text("2·3 + 3·4 = 18")
    expect(text).to_contain_text("Sum of the products: 23. conv2d returned 23.")
    second = lab.picture_of(explorer)
    assert second != first

    explorer.get_by_role("button", name="blur").press("Space")
    expect(text).to_contain_text("1·0.25 + 2·0.25 = 0.75")
    assert lab.picture_of(explorer) != second

    weight = explorer.get_by_role("spinbutton").nth(1)
    weight.focus()
    weight.press("ControlOrMeta+a")
    weight.press_sequentially("10")
    weight.press("Enter")
    expect(text).to_contain_text("1·0.25 + 2·10 = 20.25")
    own = explorer.get_by_role("button", name="own numbers")
    expect(own).to_have_class(re.compile("mod-active"))

    lab.set_slider(lab.labelled(explorer, "stride"), 3)
    expect(text).to_contain_text("3 rows and 3 columns")
    assert lab.errors(page) == []
    assert page.lab_errors == []


def test_controls_stand_beside_the_picture_with_the_file_browser_open(page):
    before = page.viewport_size
    page.set_viewport_size({"width": 1300, "height": 900})
    try:
        explorer = run_explorer(page, "explorer.ipynb", view="lab")
        expect(page.locator(".jp-DirListing").first).to_be_visible()
        picture = explorer.locator("img").bounding_box()
        weights = explorer.get_by_role("spinbutton").first.bounding_box()
        assert weights["x"] + weights["width"] <= picture["x"]
        assert picture["y"] < weights["y"] < picture["y"] + picture["height"]
        assert picture["x"] + picture["width"] <= 1300 and picture["width"] > 400
    finally:
        page.set_viewport_size(before)


def test_play_comes_first_for_the_tab_key(page):
    stops = run_explorer(page, "explorer.ipynb").locator(
        "button, input, [tabindex='0']"
    )
    assert stops.first.evaluate("stop => !!stop.closest('.widget-play')")


def test_explorer_plays_and_pauses_by_keyboard(page):
    explorer = run_explorer(page, "explorer.ipynb")
    text = explorer.locator("[aria-live]")
    button = explorer.locator(".widget-play button").first
    button.focus()
    button.press("Space")
    expect(text).not_to_contain_text("Row 4, column 4")
    expect(text).to_contain_text("Row 5")
    button.press("Enter")
    lab.wait_idle(page, quiet=1)
    resting = text.inner_text()
    page.wait_for_timeout(1000)
    assert text.inner_text() == resting
    assert page.lab_errors == []


def test_explorer_shows_an_exception_of_the_learners_function(page):
    explorer = run_explorer(page, "explorer.ipynb")
    explorer.get_by_role("button", name="SAME").press("Space")
    expect(explorer.get_by_role("alert")).to_contain_text(
        "NotImplementedError: padding is an exercise"
    )
    explorer.get_by_role("button", name="VALID").press("Enter")
    expect(explorer.locator("[aria-live]")).to_contain_text("conv2d returned")


def test_logits_obey_the_keyboard(page):
    explorer = run_explorer(page, "logits.ipynb")
    text = explorer.locator("[aria-live]")
    expect(text).to_contain_text("Your loss returned 2.3026 = −ln 0.1000")
    first = lab.picture_of(explorer)
    explorer.get_by_role("button", name="sure, right").press("Space")
    explorer.get_by_role("button", name="twice").press("Enter")
    expect(text).to_contain_text("The floor for 10 classes is 1.4612")
    second = lab.picture_of(explorer)
    assert second != first
    lab.set_slider(lab.labelled(explorer, "label"), 4)
    expect(text).to_contain_text("Label 4, read as a 4")
    lab.set_slider(lab.labelled(explorer, "logit 7"), 3)
    own = explorer.get_by_role("button", name="own numbers")
    expect(own).to_have_class(re.compile("mod-active"))
    assert lab.picture_of(explorer) != second
    assert lab.errors(page) == []
    assert page.lab_errors == []


def test_answers_that_would_kill_or_hang_the_kernel_get_a_sentence(page):
    open_notebook(page, "answers.ipynb")
    assert lab.run_all(page) == []
    expect(lab.outputs(page, 1)).to_contain_text("it would end the Python kernel")
    expect(lab.outputs(page, 2)).to_contain_text("did not come to an end")
    expect(lab.outputs(page, 3)).to_contain_text("leave out exit()")
    expect(lab.outputs(page, 4)).to_contain_text("the kernel lives 42")


def test_monitor_leaves_bar_and_one_figure_also_when_interrupted(page):
    open_notebook(page, "monitor.ipynb")
    lab.start_all(page)
    whole, broken = lab.outputs(page, 1), lab.outputs(page, 2)
    expect(whole.locator(".widget-hprogress")).to_have_count(1)
    expect(whole.locator("img")).to_have_count(1)
    expect(whole).to_contain_text("150/150")
    expect(broken.locator("img")).to_have_count(1)
    lab.interrupt(page)
    [(index, name, _)] = lab.wait_all(page)
    assert (index, name) == (2, "KeyboardInterrupt")
    expect(broken.locator("img")).to_have_count(1)
    expect(broken.locator(".widget-hprogress")).to_have_count(1)
    assert broken.locator("img").evaluate("img => img.naturalWidth") > 0
    lab.run_cell(page, 3)
    expect(lab.outputs(page, 3)).to_contain_text("True True")
    assert page.lab_errors == []
