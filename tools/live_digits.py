"""Write site/digits.json: the digits that the site's live pieces show.

    python tools/live_digits.py

The file holds test images of MNIST (the first three of each digit, and the first three
that the network of site/lenet.bin misreads), the image of lesson 03's convolution, and
a small 3 in a corner as a stroke, which the pad draws by itself when the page opens.
"""

import argparse
import base64
import json
import re
import sys

import lenet
import numpy as np
from course import NOTEBOOKS, ROOT
from lesson import Lesson

from course_utils import data

TARGET = ROOT / "site" / "digits.json"
LESSON = NOTEBOOKS / "03_raw_cnn.ipynb"
OF_EACH = 3


def main(arguments=None):
    """Write the file."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args(arguments)
    (x_train, _), (images, labels) = data.load_mnist()
    misread = np.flatnonzero(lenet.network()(images).argmax(axis=1) != labels)
    digits = [np.flatnonzero(labels == digit)[:OF_EACH] for digit in range(10)]
    chosen = np.unique([*np.concatenate(digits), *misread[:OF_EACH]])
    content = {
        "indices": chosen.tolist(),
        "labels": labels[chosen].tolist(),
        "images": _base64(images[chosen]),
        "lesson_03": _base64(x_train[index_of_lesson()]),
        "stroke": small_three(),
    }
    TARGET.write_text(json.dumps(content) + "\n", encoding="utf-8")
    print(
        f"{TARGET} written, {len(chosen)} test images, {TARGET.stat().st_size:,} bytes"
    )


def index_of_lesson():
    """Return which training image lesson 03 slides its kernel over.

    Raises:
        ValueError: the notebook has no line `digit = data.load_mnist()[0][0][...`.
    """
    text = "\n".join(cell.source for cell in Lesson(LESSON).code)
    found = re.search(r"^digit = data\.load_mnist\(\)\[0\]\[0\]\[(\d+)\]", text, re.M)
    if found is None:
        raise ValueError(
            f"{LESSON.name} must have a line digit = data.load_mnist()[0][0][...], got "
            "none: give this tool the image that its convolution shows"
        )
    return int(found.group(1))


def small_three():
    """Return the stroke of a 3 in the upper left corner, points from 0 to 1."""
    sys.path.insert(0, str(ROOT / "tests"))
    import digits

    (stroke,) = digits.strokes("3")
    return np.round(0.6 * np.array(stroke) + 0.02, 3).tolist()


def _base64(images):
    return base64.b64encode(images.tobytes()).decode("ascii")


if __name__ == "__main__":
    main()
