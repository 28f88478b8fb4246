"""Film the README's moving picture: the convolution explorer and the drawing pad.

    python tools/moving_picture.py

Both run in JupyterLab in Chromium: the explorer slides lesson 03's own conv2d_loop over
a test image, and on the pad a 3 is drawn with the mouse for lesson 05's LeNet.
"""

import argparse
import io
import sys
import tempfile
from pathlib import Path

import lab_driver as lab
import numpy as np
from course import ROOT
from PIL import Image

TARGET = ROOT / "docs" / "at_work.webp"
LARGEST = 1.5e6  # bytes
WIDTH, HEIGHT = 1100, 640  # pixels of the page that are filmed
CELLS = [
    f"import sys; sys.path.insert(0, {str(ROOT / 'tools')!r})\n"
    "import lenet, numpy as np\n"
    "from course_utils import data, digit_pad, explorers\n"
    "from lesson import functions_of\n"
    "notebook = lenet.NOTEBOOK.with_name('03_raw_cnn.ipynb')\n"
    "lesson = functions_of(notebook, ['convolve', 'pad_same', 'conv2d_loop'], np=np)\n"
    "lesson['loop'] = lesson['conv2d_loop']\n"
    "image = data.load_mnist()[1][0][0] / 255",
    "explorers.convolution(image, lesson['convolve'])",
    "digit_pad.DigitPad({'LeNet': lenet.network()})",
]


def main(arguments=None):
    """Write the moving picture."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args(arguments)
    sys.path.insert(0, str(ROOT / "tests"))
    import digits
    from tiny_notebooks import code, write

    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder, "film.ipynb"), *map(code, CELLS))
        with lab.lab_server(folder) as url, lab.lab_page(url, 1300, 1000) as page:
            lab.open_notebook(page, "film.ipynb")
            if errors := lab.run_all(page):
                sys.exit(f"the cells that are filmed failed: {errors}")
            (_, explorer), (_, pad) = lab.explorers(page)
            three = [0.6 * np.array(s) + 0.02 for s in digits.strokes("3")]
            frames = [*convolution(explorer), *drawing(pad, three)]
    save(frames, TARGET)
    print(f"{TARGET} written, {TARGET.stat().st_size:,} bytes, {len(frames)} frames")


def convolution(explorer):
    """Return frames of two kernels that slide over the image: (picture, ms) pairs."""
    frames, page = [], explorer.page
    for kernel in ("vertical edge", "horizontal edge"):
        explorer.get_by_role("button", name=kernel).click()
        handle = lab.labelled(explorer, "position").get_by_role("slider")
        handle.press("Home")
        for k in range(10):
            # 26 windows a row: two rows down and one window left, along the 7.
            for _ in range(2 * 26 - 1 if k else 4 * 26 + 18):
                handle.press("ArrowRight")
            lab.wait_idle(page, quiet=0.2)
            frames.append((film(explorer), 250))
    return frames


def drawing(pad, strokes):
    """Return frames of a digit that is drawn, and then read."""
    frames = []

    def shoot(at):
        if at % 4 == 0:
            frames.append((film(pad), 80))

    lab.draw(pad, strokes, shoot)
    lab.wait_idle(pad.page, quiet=0.3)
    return [*frames, (film(pad), 2500)]


def film(explorer):
    """Return what an explorer shows, on a sheet of the film's size."""
    shown = Image.open(io.BytesIO(explorer.screenshot())).convert("RGB")
    sheet = Image.new("RGB", (WIDTH, HEIGHT), "white")
    sheet.paste(shown, (0, 0))
    return sheet


def save(frames, target):
    """Write frames, (picture, milliseconds) pairs, as an animated WebP.

    Raises:
        ValueError: the file would be larger than 1.5 MB; nothing is written then.
    """
    first, *others = [picture for picture, _ in frames]
    durations = [milliseconds for _, milliseconds in frames]
    file = io.BytesIO()
    options = {"save_all": True, "append_images": others, "duration": durations}
    first.save(file, "WEBP", loop=0, quality=60, method=4, **options)
    if file.tell() > LARGEST:
        raise ValueError(
            f"the film must be at most {LARGEST:,.0f} bytes, got {file.tell():,}: "
            "take fewer frames"
        )
    target.write_bytes(file.getvalue())


if __name__ == "__main__":
    main()
