import numpy as np
import pytest
import tensorflow as tf
from reading import number, numbers, words

from course_utils import explorers

LENET = {"conv1": (3, 1), "pool1": (2, 2), "conv2": (3, 1), "pool2": (2, 2)}
IMAGE = np.arange(28 * 28.0).reshape(28, 28)


def width(windows):
    result = 1
    for size, stride in reversed(windows):
        result = (result - 1) * stride + size
    return result


def seen_by_the_tape(windows, unit=None):
    """Return which pixels act on one unit, or on any: bool (28, 28)."""
    image = tf.Variable(tf.zeros((1, 28, 28, 1)))
    with tf.GradientTape() as tape:
        maps = image
        for size, stride in windows:
            maps = tf.nn.conv2d(maps, tf.ones((size, size, 1, 1)), stride, "VALID")
        output = tf.reduce_sum(maps) if unit is None else maps[0, unit[0], unit[1], 0]
    return tape.gradient(output, image)[0, :, :, 0].numpy() > 0


@pytest.mark.parametrize("layer", LENET)
@pytest.mark.parametrize("corner", [0, 1])
def test_squares_and_blind_pixels_are_those_of_the_tape(layer, corner):
    panel = explorers.receptive_field(width, LENET, IMAGE)
    panel.controls["layer"].value = layer
    unit = [corner * panel.controls[n].max for n in ("row", "column")]
    for n, value in zip(("row", "column"), unit, strict=True):
        panel.controls[n].value = value
    windows = list(LENET.values())[: list(LENET).index(layer) + 1]
    rows, columns = np.nonzero(seen_by_the_tape(windows, unit))
    assert numbers(r"rows (\d+) to (\d+) and columns (\d+) to (\d+)\.", panel) == (
        rows.min(),
        rows.max(),
        columns.min(),
        columns.max(),
    )
    blind = np.count_nonzero(~seen_by_the_tape(windows))
    assert (f"sees {blind} pixels" in words(panel)) == bool(blind)
    assert ("Each pixel is seen" in words(panel)) == (not blind)


def test_size_and_stride_are_those_of_the_chosen_layer_and_stay_when_it_is_left():
    panel = explorers.receptive_field(width, LENET, IMAGE)
    panel.controls["stride"].value = 3
    assert "Each pixel is seen by some unit of pool2" in words(panel)
    panel.controls["layer"].value = "conv1"
    assert [panel.controls[n].value for n in ("size", "stride")] == [3, 1]
    panel.controls["stride"].value = 4
    blind = np.count_nonzero(~seen_by_the_tape([(3, 4)]))
    assert number(r"sees (\d+) pixels", panel) == blind
    panel.controls["stride"].value = 1
    panel.controls["layer"].value = "pool2"
    assert [panel.controls[n].value for n in ("size", "stride")] == [2, 3]


def test_the_learners_width_is_compared():
    def wrong(windows):
        return width(windows[1:]) if len(windows) > 1 else width(windows)

    panel = explorers.receptive_field(wrong, LENET, IMAGE)
    assert "Your function says 8: they disagree" in words(panel)
    panel.controls["layer"].value = "conv1"
    assert words(panel).endswith("Your function says 3.")


def test_windows_that_do_not_fit_are_said_and_nothing_breaks():
    panel = explorers.receptive_field(width, LENET, IMAGE)
    for name in ("conv1", "pool1", "conv2"):
        panel.controls["layer"].value = name
        panel.controls["size"].value = 9
    assert "the windows up to conv2 do not fit" in words(panel).lower()
    assert "28, 20, 6, 0" in words(panel)
    panel.controls["size"].value = 3
    assert "sees the pixels" in words(panel)
    assert panel.alert.value == ""


def test_every_control_goes_to_both_ends_and_changes_picture_and_text():
    panel = explorers.receptive_field(width, LENET, IMAGE)
    panel.controls["layer"].value = "conv1"
    for name in ("row", "column", "size", "stride"):
        control = panel.controls[name]
        for end in (control.max, control.min):
            before = panel.picture.value, words(panel)
            control.value = end
            assert panel.picture.value != before[0] and words(panel) != before[1], name
    assert panel.alert.value == ""


def test_an_exception_of_the_learners_function_is_shown_and_raised():
    def fragile(windows):
        if len(windows) < 4:
            raise ArithmeticError("too <few>")
        return width(windows)

    panel = explorers.receptive_field(fragile, LENET, IMAGE)
    with pytest.raises(ArithmeticError):
        panel.controls["layer"].value = "conv1"
    assert "too &lt;few&gt;" in panel.alert.value


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((width, LENET, IMAGE[:20]), "must fit a square image"),
        ((width, {"a": (29, 1)}, IMAGE), "size and stride of a must be 1 to 9"),
        ((width, {"a": (3, 1, 1)}, IMAGE), r"windows must hold \(size, stride\)"),
        ((width, {"a": (9, 9), "b": (9, 1)}, IMAGE), r"sides of \[28, 3, 0\]"),
        ((width, {str(k): (1, 1) for k in range(6)}, IMAGE), "at most 5 windows"),
        ((width, {}, IMAGE), "windows must hold something"),
        ((3, LENET, IMAGE), "field_width must be a function"),
    ],
)
def test_bad_input_is_refused_at_the_door(arguments, message):
    with pytest.raises((TypeError, ValueError), match=message):
        explorers.receptive_field(*arguments)
