"""The warm-up exercise of lesson 00."""

import numpy as np

from course_utils.exercises import Exercise, _mistakes_00


def _ink_share(image):
    """Return the share of pixels that have ink, 0 to 1."""
    return np.mean(image > 0)


ink_share = Exercise(
    solution=_ink_share,
    # Counted by hand: 1 of 4, 0 of 9, 3 of 6 pixels; faint ink is ink too.
    cases=[
        ((np.array([[0, 255], [0, 0]], np.uint8),), 0.25),
        ((np.zeros((3, 3), np.uint8),), 0.0),
        ((np.array([[1, 0, 7], [0, 200, 0]], np.uint8),), 0.5),
        ((np.array([[0, 9, 0]], np.uint8),), 1 / 3),  # no share that ends
    ],
    hints=[
        "Compare the whole array at once: `image > 0` is an array of True and False.",
        "NumPy counts True as 1. The sum of `image > 0` is the number of inked pixels.",
        "The mean of ones and zeros is the share of ones: `np.mean(image > 0)`.",
    ],
    why="The mean of an array of True and False is the share of True. The lessons use "
    "this all the time: the accuracy of a network is the mean of "
    "`predictions == labels`.",
    mistakes=_mistakes_00.INK_SHARE,
)
