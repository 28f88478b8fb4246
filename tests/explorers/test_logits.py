import numpy as np
import pytest
from reading import number, numbers, words

from course_utils import explorers
from course_utils.explorers.logits import OWN, PRESETS


def loss(labels, logits):
    """Cross-entropy from logits, independently of the explorer."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.mean(logs[np.arange(len(labels)), labels])


def returned(panel):
    return number(r"loss returned (-?[\d.]*\d)", panel)


def test_equal_logits_cost_the_logarithm_of_the_number_of_classes():
    assert returned(explorers.logits(loss)) == pytest.approx(np.log(10), abs=1e-4)


def test_the_gradient_is_the_probability_minus_one_at_the_label():
    panel = explorers.logits(loss)
    for name, value in {"logit 0": 1.0, "logit 1": 2.0, "logit 2": 4.0}.items():
        panel.controls[name].value = value
    panel.controls["label"].value = 1
    due = np.exp(2) / (np.exp([1.0, 2.0, 4.0]).sum() + 7) - 1
    assert number("at the label: (-?[\\d.]*\\d)", panel) == pytest.approx(due, abs=1e-3)
    assert "read as a 2" in words(panel)
    assert "disagree" not in words(panel)


def test_softmax_twice_has_a_floor_that_no_logits_get_below():
    panel = explorers.logits(loss)
    panel.controls["softmax"].value = "twice"
    floor = np.log(np.e + 9) - 1
    assert number("classes is ([\\d.]*\\d)", panel) == pytest.approx(floor, abs=1e-4)
    for preset in PRESETS:
        panel.controls["logits"].value = preset
        assert returned(panel) >= floor - 1e-4
    panel.controls["logits"].value = "sure, right"
    assert returned(panel) == pytest.approx(floor, abs=0.005)


def test_a_sure_mistake_has_hardly_a_gradient_with_softmax_twice():
    panel = explorers.logits(loss)
    panel.controls["logits"].value = "sure, wrong"
    assert number("at the label: (-?[\\d.]*\\d)", panel) == pytest.approx(-1, abs=0.01)
    panel.controls["softmax"].value = "twice"
    assert abs(number("at the label: (-?[\\d.]*\\d)", panel)) < 0.002
    assert number("label would be (-?[\\d.]*\\d)", panel) == pytest.approx(-1, abs=0.01)


def test_a_tiny_probability_is_no_zero_whose_logarithm_would_be_infinite():
    panel = explorers.logits(loss)
    for name, value in {"logit 0": 10.0, "logit 1": -10.0, "label": 1}.items():
        panel.controls[name].value = value
    share, logarithm = numbers(r"label: ([\d.e-]+)\. .*-ln ([\d.e-]+)\.", panel)
    assert share == logarithm == pytest.approx(np.exp(-20), rel=0.01)


def test_a_moved_slider_makes_the_logits_ones_own_and_they_are_kept():
    panel = explorers.logits(loss)
    panel.controls["logits"].value = "sure, right"
    panel.controls["logit 7"].value = 3.5
    assert panel.controls["logits"].value == OWN
    assert panel.controls["logit 0"].value == 8  # from where the learner moved it
    panel.controls["logits"].value = "all equal"
    assert panel.controls["logit 7"].value == 0
    panel.controls["logits"].value = OWN
    assert panel.controls["logit 7"].value == 3.5


def test_presets_follow_the_label():
    panel = explorers.logits(loss)
    panel.controls["logits"].value = "sure, wrong"
    panel.controls["label"].value = 9
    assert panel.controls["logit 0"].value == 8
    assert "Label 9, read as a 0" in words(panel)


def test_every_control_goes_to_both_ends_and_changes_the_picture():
    panel = explorers.logits(loss)
    for control in panel.controls.values():
        ends = getattr(control, "options", None) or (control.min, control.max)
        for end in [*ends, ends[0]]:
            before, was = panel.picture.value, control.value
            control.value = end
            assert control.value == end
            if was != end and OWN not in (was, end):
                assert panel.picture.value != before, (control.description, end)
    assert panel.alert.value == ""


def test_a_loss_that_is_no_cross_entropy_is_named():
    panel = explorers.logits(lambda labels, logits: 2 * loss(labels, logits))
    assert "minus the logarithm is 2.3026: they disagree" in words(panel)


def test_an_exception_of_the_learners_loss_is_shown_and_raised():
    def fragile(labels, logits):
        if labels[0] == 3:
            raise KeyError("no <3>")
        return loss(labels, logits)

    panel = explorers.logits(fragile)
    before = panel.text.value
    with pytest.raises(KeyError):
        panel.controls["label"].value = 3
    assert "KeyError" in panel.alert.value and "&lt;3&gt;" in panel.alert.value
    assert panel.text.value == before
    panel.controls["label"].value = 4
    assert panel.alert.value == ""


def test_the_learners_loss_cannot_change_the_explorers_numbers():
    def careless(labels, logits):
        result = loss(labels, logits)
        logits[:] = 9
        return result

    panel = explorers.logits(careless)
    panel.controls["logit 1"].value = 2
    assert "disagree" not in words(panel)
    assert panel.controls["logit 2"].value == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((lambda one: one,), r"loss\(labels, logits\)"),
        ((7,), r"loss\(labels, logits\)"),
        ((lambda labels, logits: None,), "one number"),
        ((lambda labels, logits: logits,), "one number"),
        ((lambda labels, logits: np.nan,), "finite"),
    ],
)
def test_bad_input_is_refused_at_the_door(arguments, message):
    with pytest.raises((TypeError, ValueError), match=message):
        explorers.logits(*arguments)


def test_it_takes_the_loss_of_the_lessons():
    import tensorflow as tf

    def cross_entropy(labels, logits):
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
        return tf.reduce_mean(losses)

    panel = explorers.logits(cross_entropy)
    assert returned(panel) == pytest.approx(np.log(10), abs=1e-4)
    assert "disagree" not in words(panel)
