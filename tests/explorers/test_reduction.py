import itertools

import numpy as np
import pytest
import tensorflow as tf
from reading import words

from course_utils import explorers


def chosen(panel, **values):
    """Move controls of a panel, and return what its text then says."""
    for name, value in values.items():
        panel.controls[name].value = value
    return words(panel)


def options(panel, name):
    return [value for _, value in panel.controls[name].options]


def test_it_starts_with_a_row_whose_mean_cannot_be_subtracted():
    panel = explorers.reduction(tf.reduce_mean)
    said = words(panel)
    assert "axis=1, keepdims=False: from (2, 3) to (2,)." in said
    assert "The framed 2 is made of 1, 2, 3." in said
    assert "(2, 3) - (2,): an error. Counted from the right, a length of 3" in said
    assert "meets one of 2: they differ, and neither is 1." in said
    assert bytes(panel.picture.value[:4]) == b"\x89PNG"


def test_keepdims_lets_the_mean_meet_its_own_row():
    said = chosen(explorers.reduction(tf.reduce_mean), keepdims=True, framed=1)
    assert "from (2, 3) to (2, 1)." in said
    assert "The framed 5 is made of 4, 5, 6." in said
    assert "(2, 3) - (2, 1): (2, 3). The framed 5 is subtracted from 4, 5, 6." in said


def test_a_square_array_hides_the_mistake_and_the_text_tells():
    said = chosen(explorers.reduction(tf.reduce_mean), array=(3, 3), framed=1)
    assert "The framed 5 is subtracted from 2, 5, 8: not from the numbers" in said
    assert "nothing raises" in said


def test_an_axis_that_is_not_there_is_named():
    panel = explorers.reduction(tf.reduce_mean)
    before = panel.picture.value
    said = chosen(panel, axis=2)
    assert said == "(2, 3) has 2 axes, from 0 on: there is no axis 2."
    assert panel.picture.value != before
    assert "made of 1, 2, 3" in chosen(panel, axis=-1)


@pytest.mark.slow
@pytest.mark.parametrize("reduce", [tf.reduce_sum, np.max], ids=["TensorFlow", "NumPy"])
def test_every_choice_says_what_numpy_does(reduce):
    panel = explorers.reduction(reduce)
    names = "array", "axis", "keepdims", "second"
    tried = errors = 0
    for values in itertools.product(*(options(panel, name) for name in names)):
        shape, axis, keepdims, second = values
        said = chosen(panel, **dict(zip(names, values, strict=True)))
        if axis is not None and np.max(axis) >= len(shape):
            assert f"there is no axis {np.max(axis)}." in said
            continue
        array = np.arange(1.0, 1 + np.prod(shape)).reshape(shape)
        result = np.asarray(reduce(array, axis=axis, keepdims=keepdims))
        assert f"from {shape} to {result.shape}." in said and "Yours" not in said
        given = shape if second == "the array" else second
        assert panel.controls["framed"].max == result.size - 1
        try:
            full = np.broadcast_shapes(given, result.shape)
            assert f"{given} - {result.shape}: {full}." in said
        except ValueError:
            errors += 1
            assert f"{given} - {result.shape}: an error." in said
        tried += 1
    assert tried > 150 and errors > 20


@pytest.mark.parametrize("shape", [(3,), (2, 3), (3, 3), (2, 2, 3)], ids=str)
@pytest.mark.parametrize("keepdims", [False, True])
def test_every_framed_number_is_made_of_and_meets_the_numbers_that_it_says(
    shape, keepdims
):
    array = np.arange(1.0, 1 + np.prod(shape)).reshape(shape)
    panel = explorers.reduction(tf.reduce_sum)
    chosen(panel, array=shape, axis=0, keepdims=keepdims)
    sums = array.sum(axis=0)
    for at in range(sums.size):
        said = chosen(panel, framed=at)
        place = np.unravel_index(at, sums.shape)
        column = array[(slice(None), *place)]
        parts = ", ".join(f"{number:g}" for number in column)
        assert f"The framed {sums[place]:g} is made of {parts}." in said
        # Over axis 0 the sums always meet what they are made of.
        assert f"is subtracted from {parts}." in said


def test_pictures_differ_wherever_the_text_does():
    panel = explorers.reduction(tf.reduce_sum)
    seen = {}
    for shape, keepdims, second in itertools.product(
        [(3,), (3, 3), (2, 2, 3)], [False, True], [(), (3, 1), "the array"]
    ):
        said = chosen(panel, array=shape, keepdims=keepdims, second=second, axis=0)
        assert seen.setdefault(bytes(panel.picture.value), said) == said
    assert len(seen) > 10


def test_a_function_that_returns_another_shape_is_refused_above_the_picture():
    lazy = {"axis": None}

    def forgetful(array, axis, keepdims):
        return tf.reduce_sum(array, **lazy)

    with pytest.raises(ValueError, match=r"must have shape \(2,\), got \(\)"):
        explorers.reduction(forgetful)
    lazy["axis"] = 1
    panel = explorers.reduction(forgetful)
    before = panel.picture.value
    lazy["axis"] = 0
    with pytest.raises(ValueError, match="with axis=1 and keepdims=True"):
        panel.controls["keepdims"].value = True
    assert "This did not work." in panel.alert.value
    assert panel.picture.value == before


def test_two_axes_leave_one_number_for_each_image():
    said = chosen(explorers.reduction(tf.reduce_sum), array=(2, 2, 3), axis=(1, 2))
    assert "from (2, 2, 3) to (2,). The framed 21 is made of 1, 2, 3, 4, 5, 6." in said


def test_a_function_that_reduces_another_axis_is_found():
    def wrong(array, axis, keepdims):
        return tf.reduce_sum(array, axis=-1, keepdims=keepdims)

    said = chosen(explorers.reduction(wrong), array=(3, 3), axis=0)
    assert "Yours changes with other numbers than the thick ones." in said


def test_the_array_given_to_the_function_is_its_own():
    def spoil(array, axis, keepdims):
        result = array.sum(axis=axis, keepdims=keepdims)
        array[:] = -1
        return result

    said = words(explorers.reduction(spoil))
    assert "The framed 6 is made of 1, 2, 3." in said
