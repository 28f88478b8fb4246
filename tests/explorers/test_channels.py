import io
import re

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image
from reading import numbers, words

from course_utils.explorers.channels import channels

NUMBER = r"([-\N{MINUS SIGN}]?\d+(?:\.\d+)?)"
RANDOM = np.random.default_rng(0)


def conv2d(x, w, b):
    x = tf.nn.conv2d(x, w, strides=1, padding="SAME")
    return tf.nn.relu(tf.nn.bias_add(x, b))


def maxpool2d(x):
    return tf.nn.max_pool2d(x, ksize=2, strides=2, padding="SAME")


def layer(digits=3, height=6, width=5, count=11, kernel=(3, 3), out=4):
    """Return random x, w and b of a layer."""
    shapes = (digits, height, width, count), (*kernel, count, out), (out,)
    x, w, b = (RANDOM.normal(size=shape).astype(np.float32) for shape in shapes)
    return np.maximum(x, 0), w, b


START, TRAINED = layer(), layer()


@pytest.fixture
def panel():
    return channels(conv2d, maxpool2d, START, TRAINED)


def moved(panel, **values):
    for name, value in values.items():
        panel.controls[name].value = value
    return panel


def said(panel, moment):
    """Return what the text says of one moment: a dict of numbers."""
    one = rf"{moment}: {NUMBER} channels for it, {NUMBER}, loudest (.*?); "
    one += rf"{NUMBER} channels against it, {NUMBER}, loudest (.*?); sum {NUMBER}, "
    one += rf"with bias {NUMBER}; conv2d returned {NUMBER}, the pool keeps {NUMBER} of"
    found = re.search(one, words(panel)).groups()
    names = "for", "adds", "first", "against", "takes", "last", "sum", "bias"
    names += "conv2d", "pool"
    number = lambda text: float(text.replace("\N{MINUS SIGN}", "-"))  # noqa: E731
    texts = ("first", "last")
    return {
        n: v if n in texts else number(v) for n, v in zip(names, found, strict=True)
    }


def parts_of(given, digit, out):
    """Return what each channel adds, by TensorFlow: (height, width, channels)."""
    x, w, _ = given
    one = w[..., out : out + 1]
    return tf.nn.depthwise_conv2d(x[digit : digit + 1], one, [1] * 4, "SAME")[0].numpy()


@pytest.mark.parametrize(("moment", "given"), [("Start", START), ("Trained", TRAINED)])
@pytest.mark.parametrize("place", [(0, 0), (5, 4), (2, 3)])
def test_the_parts_the_sum_and_what_is_left_are_those_of_tensorflow(
    panel, moment, given, place
):
    row, column = place
    for digit, out in ((0, 0), (2, 3)):
        moved(panel, digit=digit, output=out, row=row, column=column)
        parts = parts_of(given, digit, out)
        here, bias = parts[row, column], given[2][out]
        found = said(panel, moment)
        assert (found["for"], found["against"]) == ((here > 0).sum(), (here < 0).sum())
        due = here[here > 0].sum(), here[here < 0].sum(), here.sum(), here.sum() + bias
        came = [found[name] for name in ("adds", "takes", "sum", "bias")]
        np.testing.assert_allclose(came, due, atol=0.006)
        after = np.maximum(parts.sum(axis=-1) + bias, 0)
        assert found["conv2d"] == pytest.approx(after[row, column], abs=0.006)
        top, left = row // 2 * 2, column // 2 * 2
        block = after[top : top + 2, left : left + 2]
        assert found["pool"] == pytest.approx(block.max(), abs=0.006)
        assert "disagree" not in words(panel)


def test_the_channels_that_speak_loudest_are_named_first(panel):
    here = parts_of(TRAINED, 1, 2)
    moved(panel, digit=1, output=2)
    row, column = (panel.controls[name].value for name in ("row", "column"))
    loudest = np.argsort(-here[row, column])
    found = said(panel, "Trained")
    assert re.findall(r"(\d+) \(", found["first"]) == [str(c) for c in loudest[:3]]
    last = [str(c) for c in loudest[::-1] if here[row, column, c] < 0][:3]
    assert re.findall(r"(\d+) \(", found["last"]) == last


def test_another_digit_or_output_leads_to_the_largest_sum_after_training(panel):
    for digit in range(3):
        for out in range(4):
            moved(panel, digit=digit, output=out)
            sums = parts_of(TRAINED, digit, out).sum(axis=-1)
            place = np.unravel_index(sums.argmax(), sums.shape)
            assert (panel.controls["row"].value, panel.controls["column"].value) == (
                place
            )
            assert f"row {place[0]}, column {place[1]}." in words(panel)


def test_the_shares_above_zero_count_every_place_once(panel):
    sums = parts_of(START, 0, 0).sum(axis=-1)
    pool = maxpool2d(conv2d(START[0][:1], START[1], START[2]))[0, :, :, 0]
    found = numbers(
        rf"Above 0 are {NUMBER}% of the sums and {NUMBER}% of the pool", panel
    )
    due = 100 * np.mean(sums > 0), 100 * np.mean(pool > 0)
    np.testing.assert_allclose(found, due, atol=0.51)


def test_every_control_goes_to_both_ends_and_changes_picture_and_text(panel):
    assert list(panel.controls) == ["digit", "output", "row", "column"]
    for control in panel.controls.values():
        for end in (control.max, control.min):
            before, was = (panel.picture.value, panel.text.value), control.value
            control.value = end
            assert control.value == end
            if was != end:
                assert panel.picture.value != before[0], control.description
                assert panel.text.value != before[1], control.description
    assert panel.alert.value == ""


def test_red_speaks_for_and_blue_against():
    x, w, b = np.ones((1, 2, 2, 2)), np.zeros((1, 1, 2, 1)), np.zeros(1)
    w[0, 0, :, 0] = 1, -1
    panel = channels(conv2d, maxpool2d, (x, w, b), (x, w, b))
    dots = np.array(Image.open(io.BytesIO(panel.picture.value)).convert("RGB"))
    red, blue = (dots == (103, 0, 31)).all(-1), (dots == (5, 48, 97)).all(-1)
    assert red.sum() > 100 and blue.sum() > 100
    # Channel 0 stands to the left of channel 1, in both halves.
    half = dots.shape[1] // 2
    for side in (slice(0, half), slice(half, None)):
        assert np.nonzero(red[:, side])[1].max() < np.nonzero(blue[:, side])[1].max()
    assert said(panel, "Start")["sum"] == 0


@pytest.mark.parametrize("kernel", [(1, 1), (2, 2), (5, 5), (2, 3), (7, 7)])
@pytest.mark.parametrize("sides", [(1, 1), (4, 7), (28, 28)])
def test_every_kernel_and_size_of_map_agrees_with_the_padding_of_same(kernel, sides):
    given = layer(1, *sides, 2, kernel, 1)
    panel = channels(conv2d, maxpool2d, given, given)
    assert "disagree" not in words(panel)


def test_as_many_channels_as_are_allowed_are_drawn():
    given = layer(1, 4, 4, 64, (3, 3), 1)
    panel = channels(conv2d, maxpool2d, given, given)
    assert Image.open(io.BytesIO(panel.picture.value)).size[0] == 740


def test_another_convolution_is_noticed():
    def flipped(x, w, b):
        return conv2d(x, w[::-1, ::-1], b)

    assert "conv2d and the sum disagree" in words(
        channels(flipped, maxpool2d, START, TRAINED)
    )


def test_a_bias_that_is_forgotten_is_noticed():
    def careless(x, w, b):
        return conv2d(x, w, 0 * b)

    assert "conv2d and the sum disagree" in words(
        channels(careless, maxpool2d, START, TRAINED)
    )


def test_the_learners_arrays_stay_as_they_are():
    def greedy(x, w, b):
        result = conv2d(x, w, b)
        x += 1
        w += 1
        b += 1
        return result

    before = [array.copy() for array in (*START, *TRAINED)]
    panel = moved(channels(greedy, maxpool2d, START, TRAINED), digit=1, output=1)
    assert "disagree" not in words(panel)
    for kept, now in zip(before, (*START, *TRAINED), strict=True):
        np.testing.assert_array_equal(kept, now)


def test_a_move_of_the_place_does_not_convolve_again():
    calls = []

    def counted(x, w, b):
        calls.append(x.shape)
        return conv2d(x, w, b)

    panel = channels(counted, maxpool2d, START, TRAINED)
    moved(panel, row=0, column=0)
    assert calls == [(1, 6, 5, 11)] * 2
    moved(panel, output=1)
    assert len(calls) == 4


def test_an_exception_of_the_learner_is_shown_and_raised():
    def fragile(x, w, b):
        if b[0] == START[2][2]:
            raise RuntimeError("too <small>")
        return conv2d(x, w, b)

    panel = channels(fragile, maxpool2d, START, TRAINED)
    before = panel.picture.value
    with pytest.raises(RuntimeError, match="too <small>"):
        moved(panel, output=2)
    assert "too &lt;small&gt;" in panel.alert.value
    assert panel.picture.value == before
    assert moved(panel, output=1).alert.value == ""


@pytest.mark.parametrize(
    ("functions", "message"),
    [
        ((lambda x, w, b: None, maxpool2d), "what conv2d returns must hold .* None"),
        ((conv2d, lambda x: x), r"what maxpool2d returns must have shape \(1, 3, 3, 1"),
        (
            (
                lambda x, w, b: conv2d(x, w, b)[:, 1:-1],
                lambda x: np.zeros((1, 3, 3, 1)),
            ),
            r"what conv2d returns must have shape \(1, 6, 5, 1\), got \(1, 4, 5, 1\)",
        ),
    ],
)
def test_what_does_not_fit_is_named(functions, message):
    with pytest.raises((TypeError, ValueError), match=message):
        channels(*functions, START, TRAINED)


def test_a_call_that_would_end_the_kernel_is_refused():
    def without_channels(x, w, b):
        return tf.nn.conv2d(x[..., 0], w, 1, "SAME")

    with pytest.raises(ValueError, match="4 axes, got one with 3"):
        channels(without_channels, maxpool2d, START, TRAINED)


def test_tensors_and_variables_are_arrays():
    given = [tf.Variable(array) for array in TRAINED]
    panel = channels(conv2d, maxpool2d, [tf.constant(a) for a in START], given)
    assert "disagree" not in words(panel)
