"""The figure shows the lesson's numbers and says which arrays do not fit."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from course_utils.channels_figure import multichannel

IMAGE = np.stack([np.arange(9.0).reshape(3, 3), np.eye(3)], axis=-1)
KERNEL = np.stack([[[1, 0], [0, -1]], [[2, 0], [0, 0]]], axis=-1)
MAP = np.array([[-2, -4], [-4, -2.0]])


@pytest.fixture(autouse=True)
def no_open_figures():
    plt.close("all")
    yield
    plt.close("all")


def written(axis):
    return [text.get_text() for text in axis.texts]


def titles(figure):
    return [axis.get_title() for axis in figure.axes if axis.get_title()]


def test_each_channel_shows_its_pixels_weights_products_and_their_sum():
    figure = multichannel(IMAGE, KERNEL, MAP)
    assert titles(figure) == [
        *("channel 0", "kernel, layer 0", "products, sum -4"),
        *("channel 1", "kernel, layer 1", "products, sum 2"),
        "feature map\n-4 + 2 = -2",
    ]
    assert written(figure.axes[0]) == [str(n) for n in range(9)]
    assert written(figure.axes[1]) == ["1", "0", "0", "-1", "×"]
    assert written(figure.axes[2]) == ["0", "0", "0", "-4", "="]
    assert written(figure.axes[-1]) == ["-2", "-4", "-4", "-2"]


def test_the_window_and_its_number_are_marked_where_row_and_column_say():
    figure = multichannel(IMAGE, KERNEL, MAP, row=1, column=0)
    window, number = figure.axes[0].patches[0], figure.axes[-1].patches[0]
    assert window.get_xy() == (-0.5, 0.5) and window.get_width() == 2
    assert number.get_xy() == (-0.5, 0.5) and number.get_width() == 1
    assert titles(figure)[-1].endswith("-4 + 0 = -4")


def test_signed_arrays_share_a_scale_symmetric_about_zero_and_pixels_are_grey():
    figure = multichannel(IMAGE, KERNEL, MAP)
    pixels, *signed = [axis.images[0] for axis in figure.axes[:3] + figure.axes[-1:]]
    assert pixels.get_cmap().name == "Greys"
    for drawn in signed:
        low, high = drawn.get_clim()
        assert drawn.get_cmap().name == "RdBu_r" and low == -high < 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"image": IMAGE[:, :, 0]}, "image must have shape"),
        ({"image": np.zeros((7, 3, 2))}, "image must have at most shape"),
        ({"image": np.zeros((3, 3, 4))}, "image must have at most shape"),
        ({"kernel": KERNEL[:, :, :1]}, r"shape \(2, 2, 2\), got \(2, 2, 1\): pass"),
        ({"kernel": np.zeros((4, 2, 2))}, "kernel must fit into the image"),
        ({"kernel": np.full((2, 2, 2), np.nan)}, "kernel must be finite"),
        ({"feature_map": np.zeros((3, 3))}, r"feature_map must have shape \(2, 2\)"),
        ({"feature_map": MAP + 1}, "must be the sum of the products, -2, got -1"),
        ({"row": 2}, "row must"),
        ({"column": -1}, "column must"),
    ],
)
def test_what_does_not_fit_is_named(change, message):
    arrays = {"image": IMAGE, "kernel": KERNEL, "feature_map": MAP} | change
    with pytest.raises(ValueError, match=message):
        multichannel(**arrays)
    assert not plt.get_fignums()


@pytest.mark.parametrize("wrong", [None, "text", [[1, 2], [3]]])
def test_what_is_no_array_of_numbers_is_refused(wrong):
    with pytest.raises((TypeError, ValueError), match="image must hold numbers"):
        multichannel(wrong, KERNEL, MAP)
