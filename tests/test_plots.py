"""Figures show the arrays they were given, and bad arrays are named."""

import base64
import html
import io
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image as Picture

from course_utils import plots


@pytest.fixture(autouse=True)
def no_open_figures():
    plt.close("all")
    yield
    plt.close("all")


@pytest.fixture
def displayed(monkeypatch):
    shown = []
    monkeypatch.setattr(plots, "display", lambda bundle, raw: shown.append(bundle))
    return shown


def test_show_displays_a_picture_with_its_alt_text_and_closes_the_figure(displayed):
    plt.figure()
    plots.show(alt='a "line" & <b>')
    (bundle,) = displayed
    found = re.fullmatch(
        r'<img alt="([^"]*)" src="data:image/png;base64,([\w+/=]+)">',
        bundle["text/html"],
    )
    assert html.unescape(found[1]) == bundle["text/plain"] == 'a "line" & <b>'
    with Picture.open(io.BytesIO(base64.b64decode(found[2]))) as picture:
        assert picture.format == "PNG" and picture.width > 300
    assert not plt.get_fignums()


def test_show_asks_for_a_description_and_a_figure(displayed):
    with pytest.raises(ValueError, match="got none: draw one"):
        plots.show(alt="a line")
    plt.figure()
    with pytest.raises(ValueError, match="got an empty one"):
        plots.show(alt=" ")


def test_images_draws_each_picture_on_one_scale_under_its_title():
    pictures = np.stack([np.zeros((4, 3)), np.full((4, 3), 7), np.full((4, 3), 2)])
    figure = plots.images(pictures, titles=["a", "b", "c"], columns=2)
    drawn = [axis.images[0] for axis in figure.axes if axis.images]
    assert [image.get_clim() for image in drawn] == [(0, 7)] * 3
    np.testing.assert_array_equal(drawn[2].get_array(), pictures[2])
    assert [axis.get_title() for axis in figure.axes] == ["a", "b", "c", ""]


def test_images_accepts_a_channel_axis():
    figure = plots.images(np.zeros((2, 4, 4, 1)))
    assert figure.axes[0].images[0].get_array().shape == (4, 4)


def test_images_rejects_one_image_and_unequal_titles():
    with pytest.raises(ValueError, match=r"got \(28, 28\): for one picture"):
        plots.images(np.zeros((28, 28)))
    with pytest.raises(ValueError, match="3 texts, got 2: give one"):
        plots.images(np.zeros((3, 4, 4)), titles=["a", "b"])


def test_panels_write_each_value_readably():
    digit = np.array([[0, 255], [10, 200]], np.uint8)
    figure = plots.panels({"a digit": digit}, numbers=True)
    texts = {text.get_text(): text.get_color() for text in figure.axes[0].texts}
    assert texts == {"0": "black", "255": "white", "10": "black", "200": "white"}


def test_curves_draws_each_line_under_its_name():
    axis = plots.curves(
        {"loss": ([1, 2], [3, 4]), "validation loss": ([1, 2], [5, 6])}, "step", "loss"
    )
    assert [line.get_label() for line in axis.lines] == ["loss", "validation loss"]
    np.testing.assert_array_equal(axis.lines[1].get_ydata(), [5, 6])
    assert axis.get_xlabel() == "step"
    # Two lines differ in more than their colour.
    assert axis.lines[0].get_linestyle() != axis.lines[1].get_linestyle()


def test_filters_share_a_scale_symmetric_about_zero():
    figure = plots.filters(np.stack([np.full((3, 3), -2.0), np.ones((3, 3))]))
    drawn = [axis.images[0] for axis in figure.axes[:2]]
    assert [image.get_clim() for image in drawn] == [(-2, 2)] * 2


def test_confusion_matrix_writes_the_counts_and_colours_only_the_mistakes():
    table = np.diag([90, 80, 70])
    table[0, 2] = 5
    figure = plots.confusion_matrix(table)
    assert {text.get_text() for text in figure.axes[0].texts} == {"90", "80", "70", "5"}
    colours = figure.axes[0].images[0].get_array()
    assert colours[0, 0] == 0 and colours[0, 2] == 5
    with pytest.raises(ValueError, match=r"got \(3, 2\)"):
        plots.confusion_matrix(table[:, :2])


def test_confusion_matrix_draws_on_axes_that_are_given():
    figure = Figure()
    axis = figure.add_axes((0, 0, 1, 1))
    assert plots.confusion_matrix(np.eye(3), axis) is figure
    assert len(axis.texts) == 3 and not plt.get_fignums()


def test_panels_names_each_picture_with_its_shape():
    figure = plots.panels({"image": np.zeros((4, 4)), "kernel": np.eye(2)})
    titles = [axis.get_title() for axis in figure.axes if axis.get_title()]
    assert titles == ["image (4, 4)", "kernel (2, 2)"]


def test_panels_write_numbers_readably_in_rows_where_that_is_asked_for():
    tables = {"a": np.array([[0, 3.0], [1, 2]]), "b": np.diag([-4.0, 1]), "c": [[0.25]]}
    figure = plots.panels(tables, columns=2, numbers=True)
    axes = [axis for axis in figure.axes if axis.axison]
    assert [axis.get_title() for axis in axes] == ["a", "b", "c"]
    assert len(figure.axes) == 4  # two rows of two, and no colour bars
    written = [[text.get_text() for text in axis.texts] for axis in axes]
    assert written == [["0", "3", "1", "2"], ["-4", "0", "0", "1"], ["0.25"]]
    colours = [text.get_color() for text in axes[0].texts]
    assert colours[:2] == ["black", "white"]


def test_panels_draw_signed_arrays_about_zero_and_others_in_grey():
    figure = plots.panels({"image": np.ones((4, 4)), "kernel": np.diag([1, -3])})
    image, kernel = (axis.images[0] for axis in figure.axes[:2])
    assert image.get_cmap().name == "gray_r"
    assert (kernel.get_cmap().name, kernel.get_clim()) == ("RdBu_r", (-3, 3))


def test_broadcasting_draws_three_full_tables_and_marks_the_copies():
    figure = plots.broadcasting(np.array([[0], [10], [20]]), np.array([1, 2, 3, 4]))
    tables = [
        [
            text.get_text()
            for text in axis.texts
            if text.get_text() not in ("", "+", "=")
        ]
        for axis in figure.axes
    ]
    assert tables[0] == ["0"] * 4 + ["10"] * 4 + ["20"] * 4
    assert tables[1] == ["1", "2", "3", "4"] * 3
    assert " ".join(tables[2]) == "1 2 3 4 11 12 13 14 21 22 23 24"
    copies = [
        sum(patch.get_linestyle() in (":", "dotted") for patch in axis.patches)
        for axis in figure.axes
    ]
    assert copies == [9, 8, 0]
    titles = [axis.get_title() for axis in figure.axes]
    assert titles == ["shape (3, 1)", "shape (4,)", "shape (3, 4)"]


def test_broadcasting_rejects_shapes_that_do_not_fit_and_three_axes():
    with pytest.raises(ValueError, match=r"must fit, got \(3,\) and \(4,\)"):
        plots.broadcasting(np.zeros(3), np.zeros(4))
    with pytest.raises(ValueError, match=r"\(rows, columns\), got \(2, 3, 4\)"):
        plots.broadcasting(np.zeros((2, 3, 4)), np.zeros(4))
