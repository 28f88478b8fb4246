import numpy as np
import pytest
from PIL import Image as Picture
from reading import numbers, words

from course_utils import explorers
from course_utils.explorers.convolution import KERNELS, OWN

IMAGE = np.random.default_rng(0).random((12, 10), dtype=np.float32)


def conv2d_loop(image, kernel, stride=1, padding="VALID"):
    """What a learner writes; SAME pads by hand, independently of the explorer."""
    size = len(kernel)
    rows, columns = ((n - size) // stride + 1 for n in image.shape)
    if padding == "SAME":
        rows, columns = (int(np.ceil(n / stride)) for n in image.shape)
        height = max(image.shape[0], (rows - 1) * stride + size)
        width = max(image.shape[1], (columns - 1) * stride + size)
        padded = np.zeros((height, width), image.dtype)
        top, left = (height - image.shape[0]) // 2, (width - image.shape[1]) // 2
        padded[top : top + image.shape[0], left : left + image.shape[1]] = image
        image = padded
    feature_map = np.zeros((rows, columns))
    for row in range(rows):
        for column in range(columns):
            top, left = row * stride, column * stride
            window = image[top : top + size, left : left + size]
            feature_map[row, column] = np.sum(window * kernel)
    return feature_map


def place(panel):
    return numbers(r"Row (\d+), column (\d+)", panel)


def returned(panel):
    return numbers(r"Sum of the products: (\S+)\. conv2d returned ([-\d.]*\d)", panel)


def move_to(panel, row, column, columns):
    panel.controls["position"].value = row * columns + column


@pytest.mark.slow
@pytest.mark.parametrize("padding", ["VALID", "SAME"])
@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
def test_text_gives_place_sum_and_result_for_each_size_stride_and_padding(
    size, padding
):
    kernel = np.random.default_rng(1).normal(size=(size, size))
    panel = explorers.convolution(IMAGE, conv2d_loop, kernel)
    panel.controls["padding"].value = padding
    for stride in (1, 2, 3):
        panel.controls["stride"].value = stride
        expected = conv2d_loop(IMAGE, kernel, stride, padding)
        rows, columns = expected.shape
        assert f"{rows} rows and {columns} columns" in words(panel)
        for row, column in ((0, 0), (rows - 1, columns - 1)):
            move_to(panel, row, column, columns)
            assert place(panel) == (row, column)
            due = expected[row, column]
            assert returned(panel) == pytest.approx((due, due), abs=1e-4)
            assert "disagree" not in words(panel)


def test_products_are_written_out_row_by_row():
    image = np.arange(16, dtype=np.uint8).reshape(4, 4)
    panel = explorers.convolution(image, conv2d_loop, [[1, -2], [0.5, 0]])
    move_to(panel, 1, 2, 3)
    assert "6·1 + 7·-2 = -8\n10·0.5 + 11·0 = 5" in words(panel)
    assert returned(panel) == (-3, -3)
    assert "image rows 1 to 2, columns 2 to 3" in words(panel)


def test_padding_of_tensorflow_puts_the_odd_zero_below_and_to_the_right():
    panel = explorers.convolution(IMAGE, conv2d_loop, np.ones((2, 2)))
    before = panel.picture.value
    panel.controls["padding"].value = "SAME"
    assert "Zeros added: 0 above, 1 below, 0 left, 1 right" in words(panel)
    assert panel.picture.value != before
    panel.controls["size"].value = 5
    assert "Zeros added: 2 above, 2 below, 2 left, 2 right" in words(panel)


def test_every_control_goes_to_both_ends_and_changes_the_picture():
    panel = explorers.convolution(IMAGE[:3], conv2d_loop)
    panel.controls["size"].value = 3
    for name, control in panel.controls.items():
        if hasattr(control, "options"):
            ends = [option for option in control.options if option != control.value]
            ends.append(control.value)
        elif hasattr(control, "max"):
            ends = [control.min, control.max]
        else:
            ends = [-100, 100, 0.5]
        for end in ends:
            before, needed = panel.picture.value, control.value != end
            control.value = end
            assert control.value == end
            assert "disagree" not in words(panel), name
            if needed and end not in (OWN, "window"):
                assert panel.picture.value != before, (name, end)


def test_play_and_position_follow_each_other():
    panel = explorers.convolution(IMAGE, conv2d_loop)
    play, position = panel.controls["play"], panel.controls["position"]
    assert position.max == play.max == 10 * 8 - 1
    play.value = 9
    assert position.value == 9
    assert place(panel) == (1, 1)
    position.value = 5
    assert play.value == 5


def test_play_goes_by_windows_or_by_rows():
    panel = explorers.convolution(IMAGE, conv2d_loop)
    play, position = panel.controls["play"], panel.controls["position"]
    assert play.step == 1
    move_to(panel, 2, 3, 8)
    panel.controls["play by"].value = "row"
    assert play.step == 8 and place(panel) == (2, 7)  # the whole row is seen
    play.value += play.step
    assert place(panel) == (3, 7) and position.value == 31
    panel.controls["stride"].value = 2
    assert play.step == 4
    panel.controls["play by"].value = "window"
    assert play.step == 1


def test_a_kernel_of_ones_own_stays_in_the_middle_when_it_grows():
    numbers = np.arange(1.0, 10.0).reshape(3, 3)
    panel = explorers.convolution(IMAGE, conv2d_loop, numbers)
    panel.controls["size"].value = 5
    boxes = [panel.controls[f"weight {r},{c}"].value for r, c in np.ndindex(5, 5)]
    np.testing.assert_array_equal(np.reshape(boxes, (5, 5)), np.pad(numbers, 1))
    panel.controls["size"].value = 4
    boxes = [panel.controls[f"weight {r},{c}"].value for r, c in np.ndindex(4, 4)]
    # As TensorFlow's SAME has it: the odd zero is at the bottom and at the right.
    np.testing.assert_array_equal(
        np.reshape(boxes, (4, 4)), np.pad(numbers, ((0, 1), (0, 1)))
    )
    panel.controls["size"].value = 3
    assert panel.controls["weight 2,2"].value == 9
    assert "disagree" not in words(panel)


def test_window_stays_at_its_place_when_the_stride_changes():
    panel = explorers.convolution(IMAGE, conv2d_loop)
    move_to(panel, 9, 6, 8)
    panel.controls["stride"].value = 3
    assert place(panel) == (3, 2)
    assert panel.controls["position"].max == 4 * 3 - 1


@pytest.mark.parametrize("name", KERNELS)
def test_presets_fill_the_boxes_at_every_size(name):
    panel = explorers.convolution(IMAGE, conv2d_loop)
    panel.controls["kernel"].value = name
    for size in (1, 2, 3, 4, 5):
        panel.controls["size"].value = size
        boxes = {
            key: control.value
            for key, control in panel.controls.items()
            if key.startswith("weight") and control.layout.display != "none"
        }
        assert list(boxes) == [f"weight {r},{c}" for r, c in np.ndindex(size, size)]
        kernel = np.reshape(list(boxes.values()), (size, size))
        total = {"identity": 1, "blur": 1, "sharpen": 1}.get(name, 0)
        assert kernel.sum() == pytest.approx(total)
        expected = conv2d_loop(IMAGE, kernel)
        move_to(panel, 3, 4, expected.shape[1])
        assert returned(panel)[1] == pytest.approx(expected[3, 4], abs=1e-4)


def test_an_edited_number_makes_the_kernel_ones_own_and_is_kept():
    panel = explorers.convolution(IMAGE, conv2d_loop)
    panel.controls["kernel"].value = "blur"
    panel.controls["weight 0,1"].value = 2
    assert panel.controls["kernel"].value == OWN
    kernel = np.full((3, 3), 1 / 9)
    kernel[0, 1] = 2
    move_to(panel, 5, 5, 8)
    due = conv2d_loop(IMAGE, kernel)[5, 5]
    assert returned(panel) == pytest.approx((due, due), abs=1e-4)
    panel.controls["kernel"].value = "identity"
    panel.controls["kernel"].value = OWN
    assert panel.controls["weight 0,1"].value == 2
    assert returned(panel) == pytest.approx((due, due), abs=1e-4)


def test_the_map_is_what_the_function_returned_and_a_wrong_one_is_named():
    def wrong(image, kernel, stride, padding):
        return conv2d_loop(image, kernel, stride, padding) + 1

    panel = explorers.convolution(IMAGE, wrong)
    due, came = returned(panel)
    assert came == pytest.approx(due + 1, abs=1e-3)
    assert "conv2d and the products disagree" in words(panel)
    assert "they differ at 80 of 80 positions" in words(panel)
    assert "180 degrees" not in words(panel)


def test_a_flipped_kernel_is_recognised():
    def flipped(image, kernel, stride, padding):
        return conv2d_loop(image, kernel[::-1, ::-1], stride, padding)

    panel = explorers.convolution(IMAGE, flipped, [[1, 2], [3, 4]])
    assert "conv2d turns the kernel by 180 degrees" in words(panel)
    panel.controls["kernel"].value = "blur"
    assert "disagree" not in words(panel)


def test_an_exception_of_the_learners_function_is_shown_and_raised():
    def fragile(image, kernel, stride, padding):
        if stride == 2:
            raise ZeroDivisionError("no <stride> 2")
        return conv2d_loop(image, kernel, stride, padding)

    with pytest.raises(ZeroDivisionError):
        explorers.convolution(
            IMAGE, lambda image, kernel, stride, padding: fragile(image, kernel, 2, 0)
        )
    panel = explorers.convolution(IMAGE, fragile)
    picture = panel.picture.value
    with pytest.raises(ZeroDivisionError, match="stride"):
        panel.controls["stride"].value = 2
    assert "ZeroDivisionError: no &lt;stride&gt; 2" in panel.alert.value
    assert panel.picture.value == picture
    with pytest.raises(ZeroDivisionError):
        panel.controls["position"].value = 3
    panel.controls["stride"].value = 3
    assert panel.alert.value == ""
    assert "4 rows and 3 columns" in words(panel)


@pytest.mark.parametrize(
    ("result", "came"),
    [
        (None, "got None"),
        (np.zeros((12, 10)), r"got \(12, 10\): look at its output size"),
        (np.zeros((1, 10, 8, 1)), r"got \(1, 10, 8, 1\): look at its output size"),
        (np.full((10, 8), "x"), "got a ndarray of dtype <U1"),
    ],
)
def test_a_result_of_another_shape_is_an_error_that_says_what_was_expected(
    result, came
):
    def strange(image, kernel, stride, padding):
        return result

    message = r"VALID padding must .*shape \(10, 8\), " + came
    with pytest.raises((TypeError, ValueError), match=message):
        explorers.convolution(IMAGE, strange)


def test_nan_in_the_feature_map_counts_as_a_disagreement():
    def broken(image, kernel, stride, padding):
        return conv2d_loop(image, kernel, stride, padding) * np.nan

    assert "disagree" in words(explorers.convolution(IMAGE, broken))


@pytest.mark.parametrize(
    ("image", "kernel", "message"),
    [
        (IMAGE[None], None, r"image must have shape .* got \(1, 12, 10\): pass one"),
        (np.full((5, 5), np.nan), None, "image must be finite"),
        (np.zeros((0, 5)), None, "image must .* hold something"),
        (IMAGE, np.ones(3), "kernel must have shape"),
        (IMAGE, np.ones((2, 3)), r"kernel must have shape \(2, 2\), got \(2, 3\)"),
        (IMAGE, np.ones((6, 6)), r"shape \(5, 5\), got \(6, 6\)"),
        (IMAGE[:4, :4], np.ones((5, 5)), r"shape \(4, 4\), got \(5, 5\)"),
    ],
)
def test_bad_input_is_refused_at_the_door(image, kernel, message):
    with pytest.raises(ValueError, match=message):
        explorers.convolution(image, conv2d_loop, kernel)


@pytest.mark.parametrize("function", [lambda image, kernel: image, 7])
def test_a_function_without_the_four_arguments_is_refused(function):
    with pytest.raises(TypeError, match=r"conv2d\(image, kernel, stride, padding\)"):
        explorers.convolution(IMAGE, function)


def test_the_learners_function_cannot_change_the_explorers_arrays():
    def careless(image, kernel, stride, padding):
        result = conv2d_loop(image, kernel, stride, padding)
        image[:] = kernel[:] = 0
        return result

    panel = explorers.convolution(IMAGE, careless)
    panel.controls["padding"].value = "SAME"
    assert "disagree" not in words(panel)


def test_a_move_does_not_call_the_learners_function_again():
    calls = []

    def counted(image, kernel, stride, padding):
        calls.append((image.dtype, kernel.dtype, stride, padding))
        return conv2d_loop(image, kernel, stride, padding)

    panel = explorers.convolution((IMAGE * 255).astype(np.uint8), counted)
    # Once, and once more while a graph is built, where TensorFlow is loaded.
    single = np.dtype("float32")
    assert set(calls) == {(single, single, 1, "VALID")} and len(calls) < 3
    before = len(calls)
    panel.controls["position"].value = 3
    panel.controls["play"].value = 4
    assert len(calls) == before


def test_a_move_draws_the_same_picture_as_drawing_all_anew():
    panel = explorers.convolution(IMAGE, conv2d_loop)
    panel.controls["position"].value = 30
    panel.controls["position"].value = 52
    moved = panel.picture.value
    panel.controls["stride"].value = 2
    panel.controls["stride"].value = 1
    panel.controls["position"].value = 52
    assert panel.picture.value == moved


def test_the_picture_is_a_png_and_no_figure_stays_open(tmp_path):
    import matplotlib.pyplot as plt

    panel = explorers.convolution(IMAGE, conv2d_loop)
    file = tmp_path / "picture.png"
    file.write_bytes(panel.picture.value)
    with Picture.open(file) as picture:
        assert picture.size == (740, 540)
    assert not plt.get_fignums()


@pytest.mark.parametrize("axes", [2, 3])
def test_a_function_that_would_end_the_kernel_is_refused_before_it_runs(axes):
    import tensorflow as tf

    def without_channels(image, kernel, stride, padding):
        image = image if axes == 2 else image[None]
        return tf.nn.conv2d(image, kernel[:, :, None, None], stride, padding)

    with pytest.raises(ValueError, match=f"4 axes, got one with {axes};.*end the"):
        explorers.convolution(IMAGE, without_channels)
