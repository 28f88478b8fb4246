"""The warm-up tells ink from brightness."""

import numpy as np
import pytest

from course_utils.exercises import lesson_00


def test_the_solution_is_correct():
    assert lesson_00.ink_share.check(lesson_00._ink_share).outcome == "correct"


@pytest.mark.parametrize(
    "wrong",
    [
        lambda image: np.sum(image > 0),  # a count, no share
        lambda image: np.mean(image) / 255,  # mean brightness
        lambda image: np.mean(image > 127),  # faint ink forgotten
        lambda image: np.mean(image == 0),  # the paper
        lambda image: image > 0,
    ],
)
def test_typical_wrong_answers_are_not_yet(wrong):
    assert lesson_00.ink_share.check(wrong).outcome == "not yet"
