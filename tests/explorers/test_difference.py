import pytest
from reading import words

from course_utils import explorers

PLACES = ["conv1", "dense1", "loss", "d dense1"]


def search(*values):
    """Return a search in three styles, one without gradients, one without layers."""
    found = dict(zip(PLACES, values, strict=True))
    return {
        "Sequential": found,
        "NumPy": {place: found[place] for place in PLACES[:3]},
        "TF1": {place: found[place] for place in PLACES[2:]},
    }


SEARCHES = {
    "none": search(0, 3e-7, 2e-7, 5e-6),
    "kernel": search(0.5, 0.4, 0.3, 0.2),
    "loss": search(0, 1e-7, 255, 255),
    "gradient": search(0, 0, 0, 0.7),
}


def programs(panel):
    """Return {mistake: letter}, as the explorer tells it."""
    found = {}
    for letter in panel.controls["program"].options:
        panel.controls["program"].value = letter
        panel.controls["tell"].value = True
        found[words(panel).split("Its mistake: ")[1].rstrip(".")] = letter
    return found


def open_at(panel, letter, step, style="Sequential"):
    panel.controls["program"].value = letter
    panel.controls["style"].value = style
    panel.controls["walk"].value = step
    return words(panel)


def test_mistakes_are_hidden_until_they_are_asked_for():
    panel = explorers.difference(SEARCHES, 1e-4)
    assert "Its mistake" not in words(panel)
    assert set(programs(panel)) == set(SEARCHES)
    panel.controls["program"].value = "A"
    assert not panel.controls["tell"].value
    assert "Its mistake" not in words(panel)


def test_the_order_is_mixed_and_stays_the_same():
    first, second = (programs(explorers.difference(SEARCHES, 1e-4)) for _ in range(2))
    assert first == second
    names = [f"mistake {k}" for k in range(8)]
    many = dict.fromkeys(names, next(iter(SEARCHES.values())))
    assert [*programs(explorers.difference(many, 1e-4))] != names


def test_the_first_place_outside_is_named_with_the_one_before_it():
    panel = explorers.difference(SEARCHES, 1e-4)
    letters = programs(panel)
    said = open_at(panel, letters["loss"], 2)
    assert "2 of 4 places. dense1 differs by 1.0e-07" in said
    assert "So far all differences are rounding, at most 1.0e-07." in said
    said = open_at(panel, letters["loss"], 3)
    assert f"loss is the first outside the band, by {255:.1e}" in said
    assert "sits between dense1 and loss" in said
    said = open_at(panel, letters["kernel"], 4)
    assert "conv1 is the first outside the band, by 5.0e-01" in said
    assert "sits between the input and conv1" in said
    said = open_at(panel, letters["gradient"], 4)
    assert "sits between loss and d dense1" in said
    said = open_at(panel, letters["none"], 4)
    assert "4 of 4 places. d dense1 differs by 5.0e-06" in said
    assert "So far all differences are rounding, at most 5.0e-06" in said


def test_equal_numbers_are_not_called_rounding():
    panel = explorers.difference(SEARCHES, 1e-4)
    said = open_at(panel, programs(panel)["gradient"], 3)
    assert "loss does not differ.\nSo far nothing differs." in said


def test_a_style_that_gives_no_gradients_cannot_show_that_they_are_wrong():
    panel = explorers.difference(SEARCHES, 1e-4)
    said = open_at(panel, programs(panel)["gradient"], 4, "NumPy")
    assert "compared with the right one in NumPy: 3 of 4 places" in said
    assert "d dense1 is not compared, because NumPy does not give it" in said
    assert "first outside" not in said
    assert "A mistake may hide where nothing was compared" in said


def test_a_style_that_gives_no_layers_leaves_more_room_for_the_mistake():
    panel = explorers.difference(SEARCHES, 1e-4)
    letters = programs(panel)
    said = open_at(panel, letters["kernel"], 2, "TF1")
    assert "0 of 4 places. dense1 is not compared, because TF1 does not give" in said
    assert "So far" not in said
    said = open_at(panel, letters["kernel"], 4, "TF1")
    assert "loss is the first outside the band, by 3.0e-01" in said
    assert "sits between the input and loss" in said


def test_another_style_stays_at_the_place_and_another_program_starts_anew():
    panel = explorers.difference(SEARCHES, 1e-4)
    panel.controls["walk"].value = 4
    panel.controls["style"].value = "TF1"
    assert panel.controls["walk"].value == 4
    panel.controls["program"].value = "B"
    assert panel.controls["walk"].value == 0
    assert "in TF1: nothing yet. Walk on: conv1 comes first" in words(panel)


def test_every_control_goes_to_both_ends_and_changes_picture_or_text():
    panel = explorers.difference(SEARCHES, 1e-4)
    for name, values in (
        ("walk", (4, 0)),
        ("style", ("TF1", "NumPy", "Sequential")),
        ("program", ("D", "A")),
        ("tell", (True, False)),
    ):
        for value in values:
            before = panel.picture.value, words(panel)
            panel.controls[name].value = value
            assert words(panel) != before[1], name
            assert (panel.picture.value != before[0]) == (name != "tell"), name
    assert panel.alert.value == ""


def test_every_step_of_the_walk_shows_in_the_picture_in_every_style():
    panel = explorers.difference(SEARCHES, 1e-4)
    for style in panel.controls["style"].options:
        pictures = set()
        for step in range(5):
            open_at(panel, "A", step, style)
            pictures.add(panel.picture.value)
        assert len(pictures) == 5, style


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (({}, 1e-4), "searches must hold something"),
        (({"a": [1]}, 1e-4), "the search of a must be a dict"),
        (({"a": {"x": 1}}, 1e-4), "the search of a in x must be a dict"),
        (({"a": {"s": {"x": 1}}, "b": {"t": {"x": 1}}}, 1e-4), r"in \['s'\], got .*t"),
        (({"a": {"s": {"x": 1}, "t": {"y": 1}}}, 1e-4), r"places.*got \['y'\]"),
        (({"a": {"s": {str(k): 0 for k in range(31)}}}, 1e-4), r"30.*got \['30'\]"),
        (({"a": {"s": {"x": -1}}}, 1e-4), r"no difference below 0, got \['x'\]"),
        (({"a": {"s": {"x": float("nan")}}}, 1e-4), "must be finite"),
        (
            ({str(k): {"s": {"x": 1}} for k in range(9)}, 1e-4),
            "the number of searches must be 1 to 8, got 9",
        ),
        ((SEARCHES, 0), "band must be"),
    ],
)
def test_bad_input_is_refused_at_the_door(arguments, message):
    with pytest.raises((TypeError, ValueError), match=message):
        explorers.difference(*arguments)
