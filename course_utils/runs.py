"""What each lesson measured on this machine, and the weights that it trained.

One small JSON file a lesson, in the folder `runs` of the kernel's working folder, or
where the environment variable COURSE_RUNS points. A lesson uses what is there and does
without what is not.
"""

import json
import os
import tempfile
import warnings
from pathlib import Path

import numpy as np


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

    A folder that cannot be written gives a warning, never an error: no lesson
    depends on it.

    Args:
        lesson: name of the lesson, for example "03_raw_cnn".
        test_accuracy: share of the 10,000 test images read correctly, 0 to 1.
        parameters: number of trainable numbers in the network.
        training_seconds: duration of the training, in seconds.
        images_per_second: images that one second of training went through.
        weights: optional mapping from a variable's name to its array or tensor.

    Returns:
        The path of the JSON file, or None if it could not be written.

    Raises:
        ValueError: test_accuracy lies outside 0 to 1.
    """
    if not 0 <= test_accuracy <= 1:
        raise ValueError(
            f"test_accuracy must lie between 0 and 1, got {test_accuracy}: "
            "divide a percentage by 100"
        )
    target = folder() / f"{lesson}.json"
    run = {
        "lesson": lesson,
        "test_accuracy": float(test_accuracy),
        "parameters": int(parameters),
        "training_seconds": float(training_seconds),
        "images_per_second": float(images_per_second),
        "weights": None,
    }
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if weights is not None:
            arrays = {name: np.asarray(value) for name, value in weights.items()}
            run["weights"] = f"{lesson}.npz"
            _write_atomically(
                target.with_suffix(".npz"), lambda file: np.savez(file, **arrays)
            )
        text = json.dumps(run, indent=2) + "\n"
        _write_atomically(target, lambda file: file.write(text.encode()))
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

    Args:
        lesson: name of the lesson, for example "03_raw_cnn".

    Returns:
        A dict with the keyword arguments of `save`; `weights` is a dict of arrays, or
        None.
    """
    try:
        run = json.loads((folder() / f"{lesson}.json").read_text(encoding="utf-8"))
        if run["weights"] is not None:
            path = folder() / run["weights"]
            with np.load(path, allow_pickle=False) as arrays:
                run["weights"] = dict(arrays)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, EOFError) as error:
        warnings.warn(
            f"what {lesson} kept in {folder()} cannot be read ({error}): run that "
            "lesson again",
            stacklevel=2,
        )
        return None
    return run


def _write_atomically(path, write):
    """Write a file whole or not at all: a reader never meets half of it."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            write(file)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
