"""JupyterLab 4 driven by Playwright in the system's own Chromium.

    with lab_server(folder) as url, lab_page(url) as page:
        open_notebook(page, "03_raw_cnn.ipynb")
        assert run_all(page) == []

The server listens on 127.0.0.1 alone and reads none of the user's settings. Only
processes started here are ended.
"""

import contextlib
import json
import os
import shutil
import tempfile
from pathlib import Path

import kernels
from playwright.sync_api import sync_playwright

CHROMIUM = os.environ.get("CHROMIUM") or next(
    filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])),
    None,
)

# Every cell stays in the page, nothing is saved, and no news come from outside.
SETTINGS = {
    "notebook-extension/tracker": {"windowingMode": "none"},
    "docmanager-extension/plugin": {"autosave": False},
    "apputils-extension/notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    },
}
EMPTY = "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>"
NOTEBOOK = "window.jupyterapp.shell.currentWidget"


@contextlib.contextmanager
def lab_server(folder, *, environment=None, timeout=90):
    """Serve a folder with JupyterLab; give its address; end it afterwards."""
    with tempfile.TemporaryDirectory(prefix="lab-", ignore_cleanup_errors=True) as home:
        for name, values in SETTINGS.items():
            file = Path(home, f"settings/@jupyterlab/{name}.jupyterlab-settings")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(values), encoding="utf-8")
        with kernels.lab_server(
            folder,
            home,
            "--expose-app-in-browser",
            environment=environment,
            timeout=timeout,
        ) as (url, _):
            yield url


@contextlib.contextmanager
def lab_page(url, width=1300, height=1000):
    """Open a browser page.

    `page.lab_errors` collects what its console complains of, `page.foreign` the
    addresses of other hosts that it asked for: they are answered with an empty picture.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
        )
        try:
            page = browser.new_page(
                viewport={"width": width, "height": height}, base_url=url
            )
            page.lab_errors, page.foreign = [], []

            def answer(route):
                page.foreign.append(route.request.url)
                route.fulfill(content_type="image/svg+xml", body=EMPTY)

            page.route(
                lambda address: not address.startswith((url, "data:", "blob:")), answer
            )
            page.on("pageerror", lambda error: page.lab_errors.append(str(error)))
            page.on(
                "console",
                lambda message: (
                    page.lab_errors.append(message.text)
                    if message.type == "error"
                    else None
                ),
            )
            yield page
        finally:
            browser.close()


def open_notebook(page, path, timeout=90, view="doc"):
    """Open a notebook and wait for its kernel: alone, or in view "lab" beside files."""
    page.goto(f"/{view}/tree/{path}?reset")
    # Only wait_for_function has a time limit: evaluate would wait for ever.
    page.wait_for_function(
        """() => {
            const context = window.jupyterapp?.shell.currentWidget?.context;
            return context?.isReady && context.sessionContext.isReady;
        }""",
        timeout=timeout * 1000,
    )
    wait_idle(page, timeout)


def wait_idle(page, timeout=120, quiet=0.5):
    """Wait until the kernel has been idle for `quiet` seconds without a break.

    Each message of a widget has its own pair of busy and idle, so that a single idle
    says nothing.
    """
    page.evaluate("() => { window.idleSince = 0; }")
    page.wait_for_function(
        f"""quiet => {{
            const session = {NOTEBOOK}.context.sessionContext;
            const now = performance.now();
            if (session.session?.kernel?.status !== 'idle' || session.pendingInput) {{
                window.idleSince = 0;
                return false;
            }}
            window.idleSince = window.idleSince || now;
            return now - window.idleSince >= quiet;
        }}""",
        arg=quiet * 1000,
        timeout=timeout * 1000,
    )


def start_all(page):
    """Start to run all cells and come back at once."""
    _start(page, "notebook:run-all-cells")


def _start(page, command):
    page.evaluate(
        """command => {
            window.runState = 'running';
            window.jupyterapp.commands.execute(command).then(
                () => { window.runState = 'done'; },
                error => { window.runState = 'failed: ' + error; });
        }""",
        command,
    )


def wait_all(page, timeout=300):
    """Wait for what `start_all` started; return the error outputs as `errors` does."""
    page.wait_for_function(
        "() => window.runState !== 'running'", timeout=timeout * 1000
    )
    wait_idle(page, timeout)
    return errors(page)


def run_all(page, timeout=300):
    """Run all cells; return the error outputs as `errors` does."""
    start_all(page)
    return wait_all(page, timeout)


def run_cell(page, index, timeout=120):
    """Run one cell; return the error outputs of the notebook as `errors` does."""
    page.evaluate(f"index => {{ {NOTEBOOK}.content.activeCellIndex = index; }}", index)
    _start(page, "notebook:run-cell")
    return wait_all(page, timeout)


def interrupt(page):
    """Interrupt the kernel, as the stop button does."""
    page.evaluate(f"() => {NOTEBOOK}.context.sessionContext.session.kernel.interrupt()")


def shut_down(page):
    """End the kernel of the open notebook."""
    page.evaluate(f"() => {NOTEBOOK}.context.sessionContext.shutdown()")


def errors(page):
    """Return the error outputs of the open notebook: [(cell, name, message), ...]."""
    found = page.evaluate(
        f"""() => [...{NOTEBOOK}.content.model.cells].flatMap((cell, index) =>
            cell.type !== 'code' ? [] :
            Array.from({{length: cell.outputs.length}}, (_, k) => cell.outputs.get(k))
                .map(output => output.toJSON())
                .filter(output => output.output_type === 'error')
                .map(output => [index, output.ename, output.evalue]))"""
    )
    return [tuple(error) for error in found]


def cell(page, index):
    """Return the cell at an index from 0; Markdown cells count too."""
    return page.locator(".jp-Notebook .jp-Cell").nth(index)


def outputs(page, index):
    """Return where the outputs of the cell at an index stand."""
    return cell(page, index).locator(".jp-Cell-outputArea")


def labelled(within, label):
    """Return the widget, inside a locator, whose label reads exactly so."""
    text = within.page.get_by_text(label, exact=True)
    return within.locator(".widget-inline-hbox", has=text)


def set_slider(slider, value):
    """Move a slider to a value with the arrow keys."""
    handle = slider.get_by_role("slider")
    handle.focus()
    before = None
    while (now := float(handle.get_attribute("aria-valuenow"))) != value:
        assert now != before, f"the slider is stuck at {now}, wanted {value}"
        handle.press("ArrowRight" if now < value else "ArrowLeft")
        before = now


def explorers(page):
    """Return the explorers of the open notebook, pads included: (cell, place) pairs."""
    count = page.locator(".jp-Notebook .jp-Cell").count()
    places = [(index, outputs(page, index)) for index in range(count)]
    return [
        (index, explorer)
        for index, place in places
        for explorer in place.locator(".course-explorer").all()
    ]


def picture_of(explorer):
    """Return a short text that changes with the bytes of an explorer's picture."""
    return explorer.locator("img").evaluate(
        """async img => {
            await img.decode();
            const bytes = await (await fetch(img.src)).arrayBuffer();
            const hash = await crypto.subtle.digest('SHA-1', bytes);
            return [...new Uint8Array(hash)].join();
        }"""
    )


def move(explorer):
    """Move sliders and boxes until one changes picture and text; return it or None."""
    text = explorer.locator("[aria-live]")
    before = picture_of(explorer), text.inner_text()
    arrows = "ArrowRight", "ArrowLeft", "ArrowLeft"
    for role, keys in (("slider", arrows), ("checkbox", ("Space",))):
        for control in explorer.get_by_role(role).all():
            for key in keys:
                control.press(key)
                wait_idle(explorer.page)
                after = picture_of(explorer), text.inner_text()
                if all(old != new for old, new in zip(before, after, strict=True)):
                    return control
    return None


def draw(explorer, strokes, watch=lambda at: None):
    """Draw strokes, points from 0 to 1, on a pad with the mouse.

    After each point, `watch` is called with its position in the stroke.
    """
    explorer.get_by_role("button", name="Clear").click()
    canvas, mouse = explorer.locator("canvas"), explorer.page.mouse
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    for stroke in strokes:
        places = [
            (box["x"] + x * box["width"], box["y"] + y * box["height"])
            for x, y in stroke
        ]
        for at, place in enumerate(places):
            mouse.move(*place)
            if at == 0:
                mouse.down()
            watch(at)
        mouse.up()


def draw_by_keyboard(explorer, strokes, step=0.025):
    """Draw strokes on a pad with arrow keys and the space bar."""
    explorer.get_by_role("button", name="Clear").click()
    canvas, at = explorer.locator("canvas"), [20, 20]  # the cursor starts in the middle
    canvas.focus()
    for stroke in strokes:
        for k, point in enumerate(stroke):
            wanted = [round(value / step) for value in point]
            while at != wanted:
                for axis, keys in enumerate((("Right", "Left"), ("Down", "Up"))):
                    if at[axis] != wanted[axis]:
                        back = at[axis] > wanted[axis]
                        canvas.press(f"Arrow{keys[back]}")
                        at[axis] += -1 if back else 1
            if k == 0:
                canvas.press("Space")
        canvas.press("Space")


def use_theme(page, name):
    """Change JupyterLab's theme: Light or Dark."""
    page.evaluate(
        "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})",
        f"JupyterLab {name}",
    )
    page.wait_for_function(
        "light => document.body.dataset.jpThemeLight === light",
        arg="true" if name == "Light" else "false",
    )


def screenshots(page, folder):
    """Photograph the whole notebook, screen after screen; return the files."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    outer = page.locator(".jp-WindowedPanel-outer").first
    outer.evaluate("element => { element.scrollTop = 0; }")
    files = []
    while True:
        page.wait_for_timeout(300)
        files.append(folder / f"screen_{len(files) + 1:02}.png")
        page.screenshot(path=files[-1])
        ended = outer.evaluate(
            """element => {
                const last = [...element.querySelectorAll('.jp-Cell')].pop();
                const below = (last?.getBoundingClientRect().bottom ?? 0)
                    - element.getBoundingClientRect().bottom;
                element.scrollTop += element.clientHeight - 60;
                return below <= 0;
            }"""
        )
        if ended:
            return files
