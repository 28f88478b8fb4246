"""The picture of a network shows every layer to scale, and bad shapes are named."""

import matplotlib.pyplot as plt
import pytest
from matplotlib.patches import Rectangle

from course_utils.architecture import MOST, SHEETS, architecture


@pytest.fixture(autouse=True)
def no_open_figures():
    plt.close("all")
    yield
    plt.close("all")


def sheets_of(figure):
    return [p for p in figure.axes[0].patches if isinstance(p, Rectangle)]


def texts_of(figure):
    return [text.get_text() for text in figure.axes[0].texts]


def test_each_layer_has_its_name_and_its_shape():
    figure = architecture({"image": (28, 28, 1), "conv": (26, 24, 6), "dense": (10,)})
    expected = ["image", "28 × 28 × 1", "conv", "26 × 24 × 6", "dense", "10"]
    assert texts_of(figure) == expected


def test_a_layer_has_a_sheet_for_each_map_up_to_a_limit():
    figure = architecture({"a": (5, 5, 3), "b": (5, 5, 500), "c": (7,)})
    assert len(sheets_of(figure)) == 3 + SHEETS + 1


def test_sheets_and_columns_are_on_one_scale():
    figure = architecture({"a": (20, 10, 1), "b": (5, 5, 1), "c": (100,)})
    one, two, column = sheets_of(figure)
    assert one.get_height() == pytest.approx(2 * one.get_width())
    assert one.get_height() == pytest.approx(4 * two.get_height())
    assert one.get_height() == pytest.approx(2 * column.get_height())


def test_layers_stand_side_by_side():
    figure = architecture({"a": (28, 28, 16), "b": (28, 28, 16), "c": (10,)})
    edges = [(p.get_x(), p.get_x() + p.get_width()) for p in sheets_of(figure)]
    first, second = edges[:SHEETS], edges[SHEETS : 2 * SHEETS]
    assert max(right for _, right in first) < min(left for left, _ in second)


def test_shapes_of_lists_and_of_one_layer_work():
    assert texts_of(architecture({"a": [4, 4, 2]})) == ["a", "4 × 4 × 2"]
    architecture({f"layer {i}": (1, 1, 1) for i in range(MOST)})


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
            {i: (3,) for i in range(MOST + 1)},
            ValueError,
            "shapes must be 1 to 20, got 21",
        ),
    ],
)
def test_bad_shapes_are_named(shapes, error, words):
    with pytest.raises(error) as caught:
        architecture(shapes)
    assert words in str(caught.value)
    assert not plt.get_fignums()
