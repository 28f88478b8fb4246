import numpy as np
import pytest
from reading import number, numbers, words

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
    assert "This 3 is read as 5, with the probability 55%; the 3 has 5%" in words(shown)
    assert "Best is the 5: 100%" in words(shown)
    shown.controls["batches"].value = 1
    assert "0 of the 0 wrong readings" in words(shown)
    assert "After 1,200 batches: 100.0% of the 30 images" in words(shown)
    p = np.exp(8) / (np.exp(8) + 9)
    assert number(r"read as 3, with the probability (\d+)%", shown) == round(100 * p)


def test_every_number_agrees_with_an_independent_count():
    random = np.random.default_rng(0)
    kept = {step: 3 * random.normal(size=(30, 10)) + RIGHT / 3 for step in (1, 40)}
    shown = panel(kept)
    for at, step in enumerate(kept):
        shown.controls["batches"].value = at
        p = np.exp(kept[step]) / np.exp(kept[step]).sum(axis=1, keepdims=True)
        read = [int(max(range(10), key=row.__getitem__)) for row in p]
        right = [a == b for a, b in zip(read, LABELS, strict=True)]
        of_digit = [np.mean(right[digit::10]) for digit in range(10)]
        sure = sum(not r and max(row) >= 0.9 for r, row in zip(right, p, strict=True))
        assert 0 < sure < 30 - sum(right)
        assert number(r"batch(?:es)?: ([\d.]+)%", shown) == round(
            10 * sum(right) / 3, 1
        )
        assert number(r"(\d+) of the ten above", shown) == sum(right[:10])
        found = numbers(r"wrong: (\d+) of the (\d+) wrong readings", shown)
        assert found == (sure, 30 - sum(right))
        best = numbers(r"Best is the (\d): (\d+)%", shown)
        worst = numbers(r"worst is the (\d): (\d+)%", shown)
        for (digit, share), extreme in ((best, max(of_digit)), (worst, min(of_digit))):
            assert of_digit[int(digit)] == extreme
            assert share == round(100 * extreme)
        for digit in range(10):
            shown.controls["digit"].value = digit
            pattern = rf"This {digit} is read as (\d), with the probability (\d+)%"
            highest = round(100 * p[digit].max())
            assert numbers(pattern, shown) == (read[digit], highest)
            if not right[digit]:
                own = round(100 * p[digit, digit])
                assert number(rf"; the {digit} has (\d+)%", shown) == own


def test_one_batch_is_no_batches():
    shown = panel({1: FIVES, 5: RIGHT})
    assert "After 1 batch: " in words(shown)
    shown.controls["batches"].value = 1
    assert "After 5 batches: " in words(shown)


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
        ((IMAGES, LABELS, {0: FIVES}), "the number of scores must be 2 to"),
        (
            (IMAGES, LABELS, {0: FIVES, 1: RIGHT[:3]}),
            r"scores\[1\] must have shape .*got \(3, 10\)",
        ),
        ((IMAGES, LABELS, [FIVES, RIGHT]), "scores must be a dict"),
        ((IMAGES, LABELS, {0: FIVES, 1: None}), r"scores\[1\] must hold numbers"),
        ((IMAGES, LABELS, {"a": FIVES, 1: RIGHT}), "each key of scores must be one"),
        ((IMAGES, LABELS, {-1: FIVES, 1: RIGHT}), "each key of scores must be 0 to"),
        ((None, LABELS, {0: FIVES, 1: RIGHT}), "images must hold numbers"),
        ((np.nan * IMAGES, LABELS, {0: FIVES, 1: RIGHT}), "images must be finite"),
        ((IMAGES[..., None], LABELS, {0: FIVES, 1: RIGHT}), "without a channel axis"),
    ],
)
def test_bad_input_is_refused_at_the_door(arguments, message):
    with pytest.raises((TypeError, ValueError), match=message):
        explorers.training(*arguments)
