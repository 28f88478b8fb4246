import pytest
from reading import words

from course_utils import explorers

PLACES = ["conv1", "dense1", "loss", "d dense1"]
SEARCHES = {
    "none": dict.fromkeys(PLACES, 3e-7),
    "kernel": dict(zip(PLACES, (0.5, 0.4, 0.3, 0.2), strict=True)),
    "loss": dict(zip(PLACES, (0, 1e-7, 255, 255), strict=True)),
}


def programs(panel):
    """Return {mistake: letter}, as the explorer tells it."""
    found = {}
    for letter in panel.controls["program"].options:
        panel.controls["program"].value = letter
        panel.controls["tell"].value = True
        found[words(panel).split("Its mistake: ")[1].rstrip(".")] = letter
    return found


def open_at(panel, letter, step):
    panel.controls["program"].value = letter
    panel.controls["walk"].value = step


def test_mistakes_are_hidden_until_they_are_asked_for():
    panel = explorers.difference(SEARCHES, 1e-4)
    assert "Its mistake" not in words(panel)
    assert set(programs(panel)) == set(SEARCHES)
    panel.controls["program"].value = "A"
    assert not panel.controls["tell"].value
    assert "Its mistake" not in words(panel)


def test_the_seed_draws_the_order():
    orders = {
        tuple(programs(explorers.difference(SEARCHES, 1e-4, seed)).items())
        for seed in range(8)
    }
    assert len(orders) > 1


def test_the_first_place_outside_is_named_with_the_one_before_it():
    panel = explorers.difference(SEARCHES, 1e-4)
    letters = programs(panel)
    open_at(panel, letters["loss"], 2)
    assert "2 of 4 places are compared. dense1 differs by 1.0e-07" in words(panel)
    assert "So far all differences are rounding" in words(panel)
    panel.controls["walk"].value = 3
    assert f"loss is the first outside the band, by {255:.1e}" in words(panel)
    assert "sits between dense1 and loss" in words(panel)
    open_at(panel, letters["kernel"], 4)
    assert "conv1 is the first outside the band, by 5.0e-01" in words(panel)
    assert "sits between the input and conv1" in words(panel)
    open_at(panel, letters["none"], 4)
    assert "4 of 4 places" in words(panel) and "rounding" in words(panel)


def test_another_program_starts_at_the_beginning():
    panel = explorers.difference(SEARCHES, 1e-4)
    panel.controls["walk"].value = 4
    panel.controls["program"].value = "B"
    assert panel.controls["walk"].value == 0
    assert "Program B: nothing is compared yet. Walk on: conv1" in words(panel)


def test_every_control_goes_to_both_ends_and_changes_picture_or_text():
    panel = explorers.difference(SEARCHES, 1e-4)
    for name, values in (
        ("walk", (4, 0)),
        ("program", ("C", "A")),
        ("tell", (True, False)),
    ):
        for value in values:
            before = panel.picture.value, words(panel)
            panel.controls[name].value = value
            assert words(panel) != before[1], name
            assert (panel.picture.value != before[0]) == (name != "tell"), name
    assert panel.alert.value == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (({}, 1e-4), "searches must hold something"),
        (({"a": [1]}, 1e-4), "the search of a must be a dict"),
        (({"a": {"x": 1}, "b": {"y": 1}}, 1e-4), "the same 1 places"),
        (({"a": {"x": -1}}, 1e-4), "no difference below 0"),
        (({str(k): {"x": 1} for k in range(9)}, 1e-4), "at most 8 mistakes, got 9"),
        ((SEARCHES, 0), "band must be"),
        ((SEARCHES, 1e-4, -1), "seed must be"),
    ],
)
def test_bad_input_is_refused_at_the_door(arguments, message):
    with pytest.raises((TypeError, ValueError), match=message):
        explorers.difference(*arguments)
