"""Keep the LeNet that lesson 05 trained on this machine in site/lenet.bin.

    COURSE_RUNS=notebooks/runs python tools/lenet.py

Run lesson 05 first: it keeps its weights in the runs folder. The file holds the 60,074
numbers as little-endian float32, array after array in the order of the layers, each
kernel before its bias.
"""

import argparse
import sys

import keras
import numpy as np
import tensorflow as tf
from course import NOTEBOOKS, ROOT
from lesson import functions_of

from course_utils import runs

NOTEBOOK = NOTEBOOKS / "05_lenet.ipynb"
TARGET = ROOT / "site" / "lenet.bin"


def main(arguments=None):
    """Write the file, or say what is missing."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args(arguments)
    run = runs.load(NOTEBOOK.stem)
    if run is None or run["weights"] is None:
        sys.exit(f"lesson 05 left no weights in {runs.folder()}: run it first")
    numbers = [np.ravel(array) for array in run["weights"].values()]
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_bytes(np.concatenate(numbers).astype("<f4").tobytes())
    print(f"{TARGET} written, {run['test_accuracy']:.2%} of the test images read")


def network():
    """Return lesson 05's network with the numbers of the file.

    Returns:
        A function from uint8 images (batch, 28, 28) to logits (batch, 10); network and
        scaling are the notebook's own.
    """
    given = {"tf": tf, "keras": keras, "layers": keras.layers}
    lesson = functions_of(NOTEBOOK, ["prepare", "make_network"], **given)
    model = lesson["make_network"]()
    numbers = np.frombuffer(TARGET.read_bytes(), "<f4")
    shapes = [weight.shape for weight in model.get_weights()]
    ends = np.cumsum([np.prod(shape) for shape in shapes])
    parts = np.split(numbers, ends[:-1])
    model.set_weights([p.reshape(s) for p, s in zip(parts, shapes, strict=True)])
    return lambda images: model(lesson["prepare"](images)).numpy()


if __name__ == "__main__":
    main()
