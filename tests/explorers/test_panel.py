"""What all explorers share: printing, freeing, and what stays without a kernel."""

import gc
import weakref
from types import SimpleNamespace

import ipywidgets as widgets
import numpy as np
import pytest

from course_utils.explorers import _panel


def make(update=lambda name: (b"", "")):
    controls = {"a": widgets.IntSlider(), "b": widgets.FloatText()}
    return _panel.panel(controls, update, [controls["a"]], [controls["b"]])


def test_what_the_function_prints_stands_in_the_panel():
    def chatty(name):
        print("at <b>", name)
        return b"", "words"

    panel = make(chatty)
    assert "Printed by your function:<pre>at &lt;b&gt; None" in panel.text.value
    panel.controls["a"].value = 3
    assert "at &lt;b&gt; a" in panel.text.value and "words" in panel.text.value


def test_a_flood_of_printing_is_cut():
    panel = make(lambda name: (print("x" * 10**6), (b"", ""))[1])
    assert len(panel.text.value) < 3000


def test_what_was_printed_before_an_error_is_shown_too():
    def fails(name):
        print("so far")
        if name:
            raise KeyError("gone")
        return b"", "words"

    panel = make(fails)
    with pytest.raises(KeyError):
        panel.controls["b"].value = 1.0
    assert "KeyError" in panel.alert.value and "so far" in panel.text.value


def test_a_player_and_its_slider_stand_at_one_value_and_each_move_draws_once():
    slider, drawn = widgets.IntSlider(0, 0, 9), []
    controls = {"play": _panel.player(slider, interval=250), "slider": slider}
    panel = _panel.panel(
        controls, lambda name: (drawn.append(name), (b"", ""))[1], [], []
    )
    panel.controls["play"].value = 7
    assert slider.value == 7
    slider.value = 3
    assert panel.controls["play"].value == 3
    slider.max = 2
    assert (panel.controls["play"].max, panel.controls["play"].value) == (2, 2)
    assert drawn == [None, "slider", "slider", "slider"]


@pytest.mark.parametrize(
    ("value", "short", "powers"),
    [
        (1.5, "1.5", "1.5"),
        (-0.001, "0", "\N{MINUS SIGN}0.001"),
        (0.0, "0", "0"),
        (-2e-4, "0", "\N{MINUS SIGN}2.00e\N{MINUS SIGN}04"),
        (123456.0, "123456", "1.23e+05"),
    ],
)
def test_a_number_is_written_short_and_with_powers_where_they_are_wanted(
    value, short, powers
):
    assert _panel.number(value) == short
    assert _panel.number(value, 3, powers=True) == powers


def test_maps_stand_in_rows_with_nan_between_them():
    one, two, three = np.array([[[1.0]], [[2]], [[3]]])
    found = _panel.tiled(np.stack([one, two, three]), columns=2)
    nan = np.nan
    due = [[1, nan, 2, nan], [nan] * 4, [3, nan, nan, nan], [nan] * 4]
    np.testing.assert_array_equal(found, due)


def test_without_a_kernel_a_sentence_says_what_to_do():
    assert repr(make()).startswith("Run this cell to see the explorer")


class Shell:
    """A notebook's IPython, as far as the panel asks it."""

    def __init__(self):
        self.execution_count = 1
        self.cell = "one"
        self.kernel = SimpleNamespace(
            get_parent=lambda: {"metadata": {"cellId": self.cell}}
        )


@pytest.fixture
def shell(monkeypatch):
    shell = Shell()
    monkeypatch.setattr(_panel, "get_ipython", lambda: shell)
    monkeypatch.setattr(_panel, "_made", {})
    return shell


def held():
    """Return how many widgets ipywidgets keeps alive."""
    if widgets.__version__.startswith("7."):
        return len(widgets.Widget.widgets)
    return len(widgets.widget._instances)


def test_a_cell_that_is_run_again_frees_what_it_made_before(shell):
    class Figure:
        pass

    figures, outputs, counts = [], [], []
    for shell.execution_count in range(1, 9):
        figure = Figure()
        figures.append(weakref.ref(figure))
        outputs.append(make(lambda name, figure=figure: (b"", "")))  # as Out does
        del figure
        counts.append(held())
    gc.collect()
    assert len(set(counts[1:])) == 1  # what is new replaces what was there
    assert [figure() is None for figure in figures] == [True] * 7 + [False]


def test_two_explorers_of_one_run_and_of_two_cells_live_together(shell):
    first, second = make(), make()
    shell.cell, shell.execution_count = "two", 2
    third = make()
    for panel in (first, second, third):
        panel.controls["a"].value = 7
        assert panel.text is not None
