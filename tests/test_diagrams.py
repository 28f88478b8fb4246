"""Diagrams show the numbers they were given, and arrays that do not fit are named."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from course_utils import diagrams

WEIGHTS = [np.array([[1.0, 2], [3, -2]]), np.array([[2.0], [-1]])]
VALUES = [np.array([[1.0, 2], [1, 1]]), np.array([[7.0, 0], [4, 1]]), np.ones((2, 1))]
GRADIENTS = [np.array([[2.0, -0.0], [-6, 2]]), np.array([[0.5], [-2]])]
PRODUCT = {
    "h.T": np.array([[7.0, 4], [0, 1]]),
    "d_a": np.array([[2.0, -0.0], [-4, 2]]),
    "d_w": np.array([[-2.0, 8], [-4, 2]]),
}


@pytest.fixture(autouse=True)
def no_open_figures():
    plt.close("all")
    yield
    plt.close("all")


def written(axis):
    return [text.get_text() for text in axis.texts if text.get_text()]


def circles(axis):
    return [patch for patch in axis.patches if isinstance(patch, plt.Circle)]


def test_network_has_one_diagram_for_an_image_with_its_own_values():
    first, second = diagrams.network(WEIGHTS, VALUES).axes
    assert [axis.get_title() for axis in (first, second)] == ["image 1", "image 2"]
    assert written(first) == ["1", "2", "3", "-2", "2", "-1", "1", "2", "7", "0", "1"]
    assert written(second)[-5:] == ["1", "1", "4", "1", "1"]


def test_network_of_one_image_has_no_title():
    figure = diagrams.network(WEIGHTS, [h[:1] for h in VALUES])
    assert [axis.get_title() for axis in figure.axes] == [""]


def test_network_writes_gradients_with_sign_red_above_zero_and_blue_below():
    figure = diagrams.network(WEIGHTS, VALUES, GRADIENTS)
    colours = {
        text.get_text(): to_rgb(text.get_color())
        for axis in figure.axes
        for text in axis.texts
        if text.get_fontweight() == "bold"
    }
    assert set(colours) == {"+2", "0", "-6", "+0.5", "-2"}
    for text, (red, _, blue) in colours.items():
        assert np.sign(red - blue) == np.sign(float(text))


def test_network_dashes_hidden_units_that_answer_0_and_lines_from_and_to_them():
    axis = diagrams.network(WEIGHTS, VALUES).axes[0]
    assert [c.get_linestyle() for c in circles(axis)] == ["-", "-", "-", ":", "-"]
    assert [line.get_linestyle() for line in axis.lines] == [
        "-",
        ":",
        "-",
        ":",
        "-",
        ":",
    ]


def test_network_dashes_no_input_and_no_output_that_is_0():
    axis = diagrams.network([[[1.0]]], [[[0.0]], [[0.0]]]).axes[0]
    assert {c.get_linestyle() for c in circles(axis)} == {"-"}


def test_network_takes_lists_integers_and_tensors():
    tf = pytest.importorskip("tensorflow")
    axis = diagrams.network([tf.constant([[3]])], [[[2]], np.uint8([[6]])]).axes[0]
    assert written(axis) == ["3", "2", "6"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((None, VALUES), "weights must be a list of arrays, got None"),
        ((np.ones((2, 2)), VALUES), "weights must be a list of arrays, got a ndarray"),
        (([], VALUES), "weights must hold 1 arrays, got 0"),
        ((WEIGHTS, VALUES[:2]), "values must hold 3 arrays, got 2"),
        ((WEIGHTS, VALUES, GRADIENTS[:1]), "gradients must hold 2 arrays, got 1"),
        ((WEIGHTS[::-1], VALUES), r"weights\[0\] must have shape \(2, 2\)"),
        ((WEIGHTS, [*VALUES[:2], np.ones((1, 1))]), r"values\[2\] must have shape"),
        ((WEIGHTS, VALUES, GRADIENTS[::-1]), r"gradients\[0\] must have shape"),
        ((WEIGHTS, [VALUES[0][0], *VALUES[1:]]), r"values\[0\] must have shape"),
        ((WEIGHTS, [VALUES[0] * np.nan, *VALUES[1:]]), r"values\[0\] must be finite"),
        (([np.ones((9, 1))], [np.ones((1, 9)), [[1]]]), r"units of values\[0\]"),
        (([[[1]]], [np.ones((9, 1))] * 2), "number of images in values must be 1 to 3"),
        (([["a"]], [[[1]], [[1]]]), r"weights\[0\] must hold numbers"),
    ],
)
def test_network_names_what_does_not_fit(arguments, message):
    with pytest.raises((TypeError, ValueError), match=message):
        diagrams.network(*arguments)
    assert not plt.get_fignums()


def test_product_writes_three_named_arrays_and_no_minus_before_0():
    axes = diagrams.product(PRODUCT).axes
    assert [axis.get_title() for axis in axes] == ["h.T", "d_a", "d_w"]
    assert [written(axis)[:4] for axis in axes] == [
        ["7", "4", "0", "1"],
        ["2", "0", "-4", "2"],
        ["-2", "8", "-4", "2"],
    ]
    assert [written(axis)[4:] for axis in axes] == [[], ["@"], ["="]]


def test_product_marks_a_number_with_the_row_and_column_it_is_made_of():
    axes = diagrams.product(PRODUCT, marked=(0, 1)).axes
    bold = [
        [text.get_text() for text in axis.texts if text.get_fontweight() == "bold"]
        for axis in axes
    ]
    assert bold == [["7", "4"], ["0", "2"], ["8"]]


@pytest.mark.parametrize(
    ("arrays", "marked", "message"),
    [
        (None, None, "arrays must be a dict, got None"),
        ({"a": [[1]], "b": [[1]]}, None, "arrays must hold 3 arrays, got 2"),
        (PRODUCT | {"d_w": np.ones((2, 3))}, None, "the shapes must fit"),
        (PRODUCT | {"h.T": np.ones((2, 3))}, None, "the shapes must fit"),
        (PRODUCT | {"d_w": np.ones((2, 2))}, None, "must be the product"),
        (PRODUCT | {"d_a": np.ones(2)}, None, r"the array 'd_a' must have shape"),
        (PRODUCT | {"d_a": [[np.nan]]}, None, "the array 'd_a' must be finite"),
        (
            PRODUCT | {"h.T": np.ones((9, 2))},
            None,
            "each side of the array 'h.T' must be 1 to 8, got 9",
        ),
        (PRODUCT, 1, r"marked must have shape \(2,\)"),
        (PRODUCT, (2, 0), "the row of marked must be 0 to 1"),
        (PRODUCT, (0, -1), "the column of marked must be 0 to 1"),
    ],
)
def test_product_names_what_does_not_fit(arrays, marked, message):
    with pytest.raises((TypeError, ValueError), match=message):
        diagrams.product(arrays, marked)
    assert not plt.get_fignums()


def sheets_of(figure):
    return [p for p in figure.axes[0].patches if isinstance(p, plt.Rectangle)]


def texts_of(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def test_each_layer_has_its_name_and_its_shape():
    figure = diagrams.architecture(
        {"image": (28, 28, 1), "conv": (26, 24, 6), "dense": (10,)}
    )
    expected = ["image", "28 × 28 × 1", "conv", "26 × 24 × 6", "dense", "10"]
    assert texts_of(figure) == expected


def test_a_layer_has_a_sheet_for_each_map_up_to_a_limit():
    figure = diagrams.architecture({"a": (5, 5, 3), "b": (5, 5, 500), "c": (7,)})
    assert len(sheets_of(figure)) == 3 + diagrams.SHEETS + 1


def test_sheets_and_columns_are_on_one_scale():
    figure = diagrams.architecture({"a": (20, 10, 1), "b": (5, 5, 1), "c": (100,)})
    one, two, column = sheets_of(figure)
    assert one.get_height() == pytest.approx(2 * one.get_width())
    assert one.get_height() == pytest.approx(4 * two.get_height())
    assert one.get_height() == pytest.approx(2 * column.get_height())


def test_layers_stand_side_by_side():
    figure = diagrams.architecture({"a": (28, 28, 16), "b": (28, 28, 16), "c": (10,)})
    edges = [(p.get_x(), p.get_x() + p.get_width()) for p in sheets_of(figure)]
    first, second = (
        edges[: diagrams.SHEETS],
        edges[diagrams.SHEETS : 2 * diagrams.SHEETS],
    )
    assert max(right for _, right in first) < min(left for left, _ in second)


def test_shapes_of_lists_and_of_one_layer_work():
    assert texts_of(diagrams.architecture({"a": [4, 4, 2]})) == ["a", "4 × 4 × 2"]
    diagrams.architecture(
        {f"layer {i}": (1, 1, 1) for i in range(diagrams.MOST_LAYERS)}
    )


@pytest.mark.parametrize(
    ("shapes", "error", "words"),
    [
        (None, TypeError, "shapes must be a dict, got None"),
        ([("a", (3,))], TypeError, "shapes must be a dict, got a list"),
        ({}, ValueError, "an empty dict"),
        ({"a": (None, 28, 28, 1)}, ValueError, "leave the batch out"),
        ({"a": (28, 28)}, ValueError, "the shape of a must be"),
        ({"a": ()}, ValueError, "the shape of a must be"),
        ({"a": "28"}, ValueError, "the shape of a must be"),
        ({"a": "400"}, ValueError, "the shape of a must be"),
        ({"a": 28}, TypeError, "got a int"),
        ({"a": None}, TypeError, "the shape of a must be"),
        ({"a": (None,)}, TypeError, "the shape of a"),
        ({"a": (28, 28, 0)}, ValueError, "the shape of a"),
        ({"a": (28, 28, -1)}, ValueError, "the shape of a"),
        ({"a": (28, float("nan"), 1)}, ValueError, "the shape of a"),
        ({"a": (28, 2.5, 1)}, (TypeError, ValueError), "the shape of a"),
        ({"a": (28, 28, "1")}, TypeError, "the shape of a"),
        (
            {i: (3,) for i in range(diagrams.MOST_LAYERS + 1)},
            ValueError,
            "shapes must be 1 to 20, got 21",
        ),
    ],
)
def test_bad_shapes_are_named(shapes, error, words):
    with pytest.raises(error) as caught:
        diagrams.architecture(shapes)
    assert words in str(caught.value)
    assert not plt.get_fignums()
