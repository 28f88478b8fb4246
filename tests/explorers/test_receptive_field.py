import io
import re

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image
from reading import number, words

from course_utils import explorers

LENET = {"conv1": (3, 1), "pool1": (2, 2), "conv2": (3, 1), "pool2": (2, 2)}
IMAGE = np.arange(28 * 28.0).reshape(28, 28)
SOME = [LENET, {"a": (1, 3), "b": (3, 1)}, {"a": (2, 5), "b": (2, 3)}]


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


def named(pattern, panel):
    """Return the whole numbers that a group of a pattern names, "0 to 2, 5"."""
    found = re.search(pattern, words(panel))
    assert found, words(panel)
    places = []
    for run in found.group(1).split(", "):
        first, *last = map(int, run.split(" to "))
        places += range(first, (last or [first])[0] + 1)
    return places


def coloured(panel, wanted):
    """Return how many dots of the picture have a colour, given in 0 to 1."""
    dots = np.array(Image.open(io.BytesIO(panel.picture.value)).convert("RGB"))
    return np.count_nonzero((abs(dots - 255 * np.array(wanted)) < 2).all(axis=-1))


def test_the_middle_unit_of_pool2_sees_what_the_lesson_works_out_on_paper():
    panel = explorers.receptive_field(width, LENET, IMAGE)
    assert words(panel) == (
        "Row 2, column 2 of pool2 sees the pixels in rows 8 to 17 and columns 8 to 17. "
        "Width of the square, on the way back: 1 in pool2, 2 in conv2, 4 in pool1, 8 "
        "in conv1, 10 in image. Your function says 10: they agree. All units of pool2 "
        "together miss 108 pixels, hatched: rows and columns 26 to 27. "
    )


@pytest.mark.parametrize("corner", [0, 1])
@pytest.mark.parametrize(
    ("windows", "layer"), [(w, layer) for w in SOME for layer in w]
)
def test_pixels_seen_and_missed_are_those_of_the_tape(windows, layer, corner):
    panel = explorers.receptive_field(width, windows, IMAGE)
    panel.controls["layer"].value = layer
    unit = [corner * panel.controls["row"].max, 1]
    for name, value in zip(("row", "column"), unit, strict=True):
        panel.controls[name].value = value
    used = list(windows.values())[: list(windows).index(layer) + 1]
    rows, columns = np.nonzero(seen_by_the_tape(used, unit))
    assert named(r"in rows (.+?) and columns", panel) == [*np.unique(rows)]
    assert named(r"and columns ([^.]+)\. Width", panel) == [*np.unique(columns)]
    assert number(r"(\d+) in image", panel) == np.ptp(rows) + 1
    missed = ~seen_by_the_tape(used)
    if missed.any():
        assert number(r"miss (\d+) pixels", panel) == missed.sum()
        lines = [*np.flatnonzero(missed.all(axis=1))]
        assert named(r"hatched: rows and columns ([^.]+)\.", panel) == lines
    else:
        assert "miss no pixels." in words(panel)


def test_the_picture_lights_what_is_seen_and_hatches_what_is_missed():
    panel = explorers.receptive_field(width, LENET, np.zeros((28, 28)))
    blue, orange = (0.5, 0.725, 0.85), (0.84, 0.37, 0)
    # 6 dots a place, 5 of them between the grid's lines; one for hatching.
    in_maps, in_image = 8**2 + 4**2 + 2**2 + 1, 10**2
    lit = coloured(panel, blue)
    assert lit == pytest.approx(25 * in_maps + 36 * in_image, rel=0.1)
    assert coloured(panel, orange) == pytest.approx(6 * 108, rel=0.15)
    panel.controls["size"].value = 3
    assert coloured(panel, orange) == 0
    assert coloured(panel, blue) > lit


def test_size_and_stride_are_those_of_the_chosen_layer_and_stay_when_it_is_left():
    panel = explorers.receptive_field(width, LENET, IMAGE)
    panel.controls["stride"].value = 3
    assert "miss no pixels" in words(panel)
    panel.controls["layer"].value = "conv1"
    assert [panel.controls[n].value for n in ("size", "stride")] == [3, 1]
    panel.controls["stride"].value = 4
    missed = np.count_nonzero(~seen_by_the_tape([(3, 4)]))
    assert number(r"miss (\d+) pixels", panel) == missed
    panel.controls["stride"].value = 1
    panel.controls["layer"].value = "pool2"
    assert [panel.controls[n].value for n in ("size", "stride")] == [2, 3]


def test_the_dict_of_the_lesson_stays_as_it_is():
    windows = dict(LENET)
    panel = explorers.receptive_field(width, windows, IMAGE)
    panel.controls["stride"].value = 3
    assert windows == LENET


def test_a_learners_width_that_differs_is_said():
    def wrong(windows):
        return 1 + sum(size - 1 for size, _ in windows)

    panel = explorers.receptive_field(wrong, LENET, IMAGE)
    assert "Your function says 7: they disagree." in words(panel)
    panel.controls["layer"].value = "conv1"
    assert "Your function says 3: they agree." in words(panel)


@pytest.mark.parametrize("result", [None, (8, 17), "ten"])
def test_a_function_that_returns_no_number_is_refused(result):
    with pytest.raises(TypeError, match="what field_width returns must be one number"):
        explorers.receptive_field(lambda windows: result, LENET, IMAGE)


def test_the_learners_function_gets_the_layers_up_to_the_chosen_one():
    asked = []

    def recorded(windows):
        asked.append(list(windows))
        return width(windows)

    panel = explorers.receptive_field(recorded, LENET, IMAGE)
    panel.controls["layer"].value = "pool1"
    panel.controls["size"].value = 4
    assert asked == [
        [(3, 1), (2, 2), (3, 1), (2, 2)],
        [(3, 1), (2, 2)],
        [(3, 1), (4, 2)],
    ]


def test_windows_that_do_not_fit_are_said_and_nothing_breaks():
    panel = explorers.receptive_field(width, LENET, IMAGE)
    for name in ("conv1", "pool1", "conv2"):
        panel.controls["layer"].value = name
        panel.controls["size"].value = 9
    assert words(panel).startswith("All units of conv2 together miss 784 pixels")
    assert "conv2 has no unit: its window does not fit." in words(panel)
    panel.controls["layer"].value = "pool1"
    assert "column 0 of pool1 sees" in words(panel)
    assert "conv2 has no unit" in words(panel)
    panel.controls["size"].value = 2
    assert "no unit" not in words(panel)
    assert panel.alert.value == ""


def test_every_control_goes_to_both_ends_and_changes_picture_and_text():
    panel = explorers.receptive_field(width, LENET, IMAGE)
    before = panel.picture.value, words(panel)
    for layer in ("conv1", "pool2", "conv1"):
        panel.controls["layer"].value = layer
        assert panel.picture.value != before[0] and words(panel) != before[1]
        before = panel.picture.value, words(panel)
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
        ((width, LENET, IMAGE[:20]), r"image must be square, .* got \(20, 28\)"),
        ((width, LENET, np.zeros((33, 33))), "image must be square, at most 32 wide"),
        (
            (width, LENET, IMAGE[:9, :9]),
            r"for windows, .*\[9, 7, 3, 1, 0\]",
        ),
        ((width, LENET, None), "image must"),
        ((width, {"a": (10, 1)}, IMAGE), "windows must hold at most 5 pairs"),
        ((width, {"a": (3, 0)}, IMAGE), "whole numbers from 1 to 9"),
        ((width, {"a": (2.5, 1)}, IMAGE), "whole numbers from 1 to 9"),
        ((width, {"a": (3, 1, 1)}, IMAGE), "windows must hold at most 5 pairs"),
        ((width, {"a": (3, 1), "b": (2,)}, IMAGE), "windows must hold numbers"),
        ((width, {"a": 3}, IMAGE), r"windows must have shape \(layers, 2\)"),
        ((width, dict.fromkeys("abcdef", (1, 1)), IMAGE), "at most 5 pairs"),
        ((width, {}, IMAGE), "windows must hold something"),
        ((width, [(3, 1)], IMAGE), "windows must be a dict"),
        ((3, LENET, IMAGE), "field_width must be a function"),
    ],
)
def test_bad_input_is_refused_at_the_door(arguments, message):
    with pytest.raises((TypeError, ValueError), match=message):
        explorers.receptive_field(*arguments)
