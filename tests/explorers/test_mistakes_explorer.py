import re

import numpy as np
import pytest
from reading import words

from course_utils import explorers

# Four images of three classes: two right, and two ones read as a 2.
IMAGES = np.random.default_rng(0).integers(0, 256, (4, 5, 5)).astype(np.uint8)
LABELS = np.array([0, 1, 1, 2])
LOGITS = np.array([[4.0, 0, 0], [0, 0, 1.0], [0, 0, 5.0], [0, 0, 3.0]])


def many(count=40):
    """Return images of label 0, all of them read as 1, the first with most doubt."""
    logits = np.zeros((count, 2))
    logits[:, 1] = np.arange(1, count + 1) / 10
    images = np.broadcast_to(np.arange(count)[:, None, None], (count, 4, 4))
    return images, np.zeros(count, int), logits


def test_it_begins_with_the_cell_of_most_mistakes_and_its_largest_loss():
    panel = explorers.mistakes(IMAGES, LABELS, LOGITS)
    assert panel.controls["label"].value == 1
    assert panel.controls["read as"].value == 2
    said = words(panel)
    assert "Label 1, read as 2: 2 of the 2 images with this label" in said
    assert said.index("image 2: loss 5.01") < said.index("image 1: loss 1.55")
    share = np.exp(5) / (np.exp(5) + 2)
    assert f"image 2: loss 5.01, probability of 2: {share:.1%}, of 1: 0.7%" in said


def test_a_cell_of_the_diagonal_holds_what_is_right():
    panel = explorers.mistakes(IMAGES, LABELS, LOGITS)
    panel.controls["label"].value = 0
    panel.controls["read as"].value = 0
    assert "1 of the 1 images with this label. These are right." in words(panel)


def test_an_empty_cell_says_so():
    panel = explorers.mistakes(IMAGES, LABELS, LOGITS)
    before = panel.picture.value
    panel.controls["label"].value = 0
    assert "read as 2: 0 of the 1 images" in words(panel)
    assert "Choose another cell" in words(panel)
    assert panel.picture.value != before


def test_pages_show_every_image_of_a_cell_once():
    panel = explorers.mistakes(*many())
    page, seen = panel.controls["page"], []
    for number in range(1, page.max + 1):
        page.value = number
        seen += re.findall(r"image (\d+):", words(panel))
        assert f"page {number} of {page.max}" in words(panel)
    assert sorted(map(int, seen)) == list(range(40))
    assert seen[0] == "39"  # the surest mistake costs most
    panel.controls["read as"].value = 0
    assert (page.value, page.max) == (1, 1)


def test_every_control_goes_to_both_ends_and_changes_the_picture():
    images, labels, logits = many()
    panel = explorers.mistakes(images, labels, logits)
    for name in ("page", "read as", "label"):
        control = panel.controls[name]
        for end in (control.max, control.min):
            before, was = panel.picture.value, control.value
            control.value = end
            assert control.value == end
            if was != end:
                assert panel.picture.value != before, (name, end)
    assert panel.alert.value == ""


def test_the_arrays_are_left_as_they_are():
    before = IMAGES.copy(), LABELS.copy(), LOGITS.copy()
    explorers.mistakes(IMAGES, LABELS, LOGITS).controls["label"].value = 2
    for kept, now in zip(before, (IMAGES, LABELS, LOGITS), strict=True):
        np.testing.assert_array_equal(kept, now)


def test_a_probability_of_zero_has_an_infinite_loss():
    panel = explorers.mistakes(IMAGES[:1], [0], [[0.0, 1e4]])
    assert "image 0: loss inf" in words(panel)


def test_a_network_without_mistakes_can_be_looked_at():
    panel = explorers.mistakes(IMAGES[:1], [0], [[1.0, 0.0]])
    assert "1 of the 1 images with this label. These are right." in words(panel)


def test_tensors_are_arrays():
    import tensorflow as tf

    panel = explorers.mistakes(*map(tf.constant, (IMAGES, LABELS, LOGITS)))
    assert "Label 1, read as 2: 2 of the 2" in words(panel)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((IMAGES[..., None], LABELS, LOGITS), r"images must have shape"),
        ((IMAGES[:3], LABELS, LOGITS), "equally many, got 3, 4 and 4"),
        ((IMAGES, LABELS[:3], LOGITS), "equally many, got 4, 3 and 4"),
        ((IMAGES, LABELS + 1, LOGITS), "labels must be whole numbers from 0 to 2"),
        ((IMAGES, LABELS - 0.5, LOGITS), "labels must be whole numbers"),
        ((IMAGES, LABELS, LOGITS[:, :1]), "2 to 20 classes"),
        ((IMAGES, LABELS, LOGITS[0]), "logits must have shape"),
    ],
)
def test_bad_input_is_refused_at_the_door(arguments, message):
    with pytest.raises((TypeError, ValueError), match=message):
        explorers.mistakes(*arguments)
