"""What each lesson measured on this machine, and the weights that it trained.

One file a lesson, in the folder `runs` of the kernel's working folder, or where the
environment variable COURSE_RUNS points. A lesson uses what is there and does without
what is not.
"""

import io
import json
import os
import re
import uuid
import warnings
from pathlib import Path

import numpy as np

from course_utils import checks

_FIGURES = ("test_accuracy", "parameters", "training_seconds", "images_per_second")


def folder():
    """Return the folder of the runs, a `Path`; it need not exist."""
    return Path(os.environ.get("COURSE_RUNS") or "runs").absolute()


def save(
    lesson,
    *,
    test_accuracy,
    parameters,
    training_seconds,
    images_per_second,
    weights=None,
):
    """Keep what a lesson measured; a later run of the lesson replaces it.

    The file is written whole or not at all. A folder that cannot be written gives a
    warning, never an error: no lesson depends on it.

    Args:
        lesson: name of the lesson's notebook without its ending, "03_raw_cnn".
        test_accuracy: share of the 10,000 test images read correctly, 0 to 1.
        parameters: number of trainable numbers in the network.
        training_seconds: duration of the training, in seconds.
        images_per_second: images that one second of training went through.
        weights: optional mapping from a variable's name to its array or tensor.

    Returns:
        The path of the file, or None if it could not be written.

    Raises:
        TypeError: a figure is no number, or a weight no array of numbers.
        ValueError: the name would lead out of the folder, test_accuracy lies outside
            0 to 1, or a figure is negative or not finite.
    """
    target = _path(lesson)
    given = test_accuracy, parameters, training_seconds, images_per_second
    figures = {
        name: checks.number(name, value, least=0)
        for name, value in zip(_FIGURES, given, strict=True)
    }
    if figures["test_accuracy"] > 1:
        raise ValueError(
            f"test_accuracy must lie between 0 and 1, got {test_accuracy}: "
            "divide a percentage by 100"
        )
    figures["parameters"] = checks.whole("parameters", figures["parameters"], least=0)
    figures["has_weights"] = weights is not None
    arrays = {}
    if weights is not None:
        weights = checks.mapping("weights", weights, "pass {name: variable}")
        arrays = {f"weights/{name}": _array(name, w) for name, w in weights.items()}
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        arrays["figures"] = np.array(json.dumps(figures))
        content = io.BytesIO()  # a disk that is full then stops no half of a zip file
        np.savez(content, **arrays)
        write_whole(target, content.getbuffer())
    except OSError as error:
        warnings.warn(
            f"the results of {lesson} were not kept: {error}. Lessons work without "
            "them; to keep them, point COURSE_RUNS at a folder that you can write to.",
            stacklevel=2,
        )
        return None
    return target


def load(lesson):
    """Return what a lesson kept with `save`, or None if there is nothing readable.

    A file that is damaged gives a warning that says so.

    Args:
        lesson: name of the lesson's notebook without its ending, "03_raw_cnn".

    Returns:
        A dict with `lesson` and the keyword arguments of `save`; `weights` is a dict
        of arrays, or None.

    Raises:
        ValueError: the name would lead out of the folder.
    """
    path = _path(lesson)
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as content:
            arrays = dict(content)
        figures = json.loads(str(arrays.pop("figures")))
        weights = {name.partition("/")[2]: array for name, array in arrays.items()}
        run = {"lesson": lesson} | {
            name: checks.number(name, figures[name]) for name in _FIGURES
        }
        run["parameters"] = int(run["parameters"])
        run["weights"] = weights if figures["has_weights"] else None
    except FileNotFoundError:
        return None
    except Exception as error:  # flipped bits make NumPy and zipfile raise anything
        warnings.warn(
            f"what {lesson} kept in {folder()} cannot be read "
            f"({type(error).__name__}: {error}): run that lesson again",
            stacklevel=2,
        )
        return None
    return run


def _path(lesson):
    """Return the file of a lesson; its name cannot lead out of the folder."""
    if not isinstance(lesson, str) or not re.fullmatch(r"[A-Za-z0-9][\w-]*", lesson):
        raise ValueError(
            "lesson must be the name of a notebook without its ending, such as "
            f"'03_raw_cnn', got {lesson!r}: use letters, digits, _ and - alone"
        )
    return folder() / f"{lesson}.npz"


def _array(name, weight):
    array = np.asarray(weight)
    if array.dtype.kind not in "biuf":
        raise TypeError(
            f"the weight {name} must be an array of numbers, got {array.dtype}: pass "
            "the variable or its numpy()"
        )
    return array


def write_whole(path, content):
    """Write bytes to a file, all or none: a reader never meets half of it."""
    temporary = path.with_name(f".{path.name}-{uuid.uuid4().hex}")
    try:
        # Opened so, not by tempfile, it can be read by whoever the umask lets.
        with temporary.open("xb") as file:
            file.write(content)
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
