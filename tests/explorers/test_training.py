import numpy as np
import pytest
from reading import number, words

from course_utils import explorers

LABELS = np.tile(np.arange(10), 3)
IMAGES = np.arange(30 * 16.0).reshape(30, 4, 4)
RIGHT = 8.0 * np.eye(10)[LABELS]  # reads everything
FIVES = np.tile(np.log(np.where(np.arange(10) == 5, 0.55, 0.05)), (30, 1))


def panel(scores=None):
    return explorers.training(IMAGES, LABELS, scores or {0: FIVES, 1200: RIGHT})


def test_the_text_tells_the_reading_the_shares_and_the_extremes():
    shown = panel()
    shown.controls["digit"].value = 3
    assert "After 0 batches: 10.0% of the 30 images" in words(shown)
    assert "and 1 of the ten above" in words(shown)
    assert "This 3 is read as a 5, with the probability 55%; the 3 has 5%" in words(
        shown
    )
    assert "Best is the 5: 100%" in words(shown)
    shown.controls["batches"].value = 1
    assert "After 1,200 batches: 100.0% of the 30 images" in words(shown)
    p = np.exp(8) / (np.exp(8) + 9)
    assert number(r"read as a 3, with the probability (\d+)%", shown) == round(100 * p)


def test_numbers_of_batches_come_in_order():
    shown = panel({860: RIGHT, 1: FIVES, 0: FIVES})
    options = shown.controls["batches"].options
    assert [words for words, _ in options] == ["0", "1", "860"]


def test_every_control_goes_to_both_ends_and_changes_the_picture():
    shown = panel()
    for name, ends in (("batches", (1, 0)), ("digit", (9, 0))):
        for end in ends:
            before, said = shown.picture.value, words(shown)
            shown.controls[name].value = end
            assert shown.picture.value != before and words(shown) != said
    assert shown.alert.value == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((IMAGES, LABELS[:9], {0: FIVES}), r"labels must have shape \(30,\)"),
        ((IMAGES, LABELS.clip(1), {0: FIVES, 1: RIGHT}), "with 9 different ones"),
        ((IMAGES, LABELS, {0: FIVES}), "two or more arrays"),
        ((IMAGES, LABELS, {0: FIVES, 1: RIGHT[:3]}), r"scores\[1\] of shape \(3, 10\)"),
        ((IMAGES, LABELS, [FIVES, RIGHT]), "scores must be a dict"),
        ((IMAGES[..., None], LABELS, {0: FIVES, 1: RIGHT}), "without a channel axis"),
    ],
)
def test_bad_input_is_refused_at_the_door(arguments, message):
    with pytest.raises((TypeError, ValueError), match=message):
        explorers.training(*arguments)
