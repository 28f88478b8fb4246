import numpy as np
import pytest
import tensorflow as tf
from keras import layers
from reading import number, numbers, words

from course_utils.explorers.normalisation import SEEN, SIZES, TRIES, normalisation

FEATURES = np.random.default_rng(1).gamma(2, [3.0, 10.0, 0.0], (600, 3))  # 2: all 0
NUMBER = r"(-?[\d.]*\d)"
SPREAD = rf"{NUMBER} ± {NUMBER}"


@pytest.fixture
def panel():
    return normalisation(layers.BatchNormalization(), FEATURES)


def moved(panel, **values):
    for name, value in values.items():
        panel.controls[name].value = value
    return panel


def spreads(panel):
    """Return (mean, deviation) of the batch before and after, moving and of all."""
    pattern = (
        rf"batch {SPREAD}, after the layer {SPREAD}; moving averages {SPREAD} \(.*"
        rf"all images {SPREAD}"
    )
    return np.reshape(numbers(pattern, panel), (4, 2))


def image_before_and_after(panel):
    return numbers(rf"has {NUMBER} before the layer and {NUMBER} after it", panel)


def test_it_begins_with_the_channel_that_varies_most(panel):
    assert words(panel).startswith("Image 0, channel 1, training=True, batch size 32: ")


@pytest.mark.parametrize("size", [size for size in SIZES if size > 1])
def test_in_training_the_layer_takes_the_mean_and_deviation_of_the_batch(panel, size):
    moved(panel, size=size, image=3, others=7)
    (mean, deviation), after, *_ = spreads(panel)
    x, y = image_before_and_after(panel)
    assert x == pytest.approx(FEATURES[3, 1], abs=0.006)
    due = (x - mean) / np.sqrt(deviation**2 + 0.001)
    assert y == pytest.approx(due, abs=0.01 + 0.02 / deviation)
    np.testing.assert_allclose(after, [0, 1], atol=0.006)
    assert "It is normalised by the batch." in words(panel)


def test_in_use_the_layer_takes_the_moving_averages(panel):
    for seen in SEEN:
        moved(panel, seen=seen, training=False)
        batch, after, moving, _ = spreads(panel)
        x, y = image_before_and_after(panel)
        mean, deviation = moving[0], np.sqrt(moving[1] ** 2 + 0.001)
        assert y == pytest.approx((x - mean) / deviation, rel=0.02, abs=0.02)
        assert after[0] == pytest.approx(
            (batch[0] - mean) / deviation, rel=0.02, abs=0.02
        )
        assert "It is normalised by the moving averages." in words(panel)
        assert f"(batches seen: {seen})" in words(panel)


def test_the_moving_averages_come_as_far_as_their_formula_says(panel):
    _, _, before, (mean, deviation) = spreads(panel)
    np.testing.assert_array_equal(before, [0, 1])
    x = FEATURES[:, 1]
    np.testing.assert_allclose([mean, deviation], [x.mean(), x.std()], atol=0.006)
    moved(panel, size=256)
    for seen in SEEN:
        _, _, moving, _ = spreads(moved(panel, seen=seen))
        left = 0.99**seen
        variance = left + (1 - left) * deviation**2
        due = (1 - left) * mean, np.sqrt(variance)
        np.testing.assert_allclose(moving, due, rtol=0.1, atol=0.01)


def test_a_batch_of_one_is_blind_in_training(panel):
    moved(panel, size=1)
    for image in (0, 5, TRIES - 1):
        moved(panel, image=image)
        assert image_before_and_after(panel)[1] == 0
        assert "come out as 0 every time: an image alone is its own mean" in words(
            panel
        )
    assert panel.controls["others"].disabled
    low, high = numbers(rf"between {NUMBER} and {NUMBER}", moved(panel, training=False))
    np.testing.assert_allclose(
        [low, high], [f(FEATURES[:TRIES, 1]) for f in (min, max)], rtol=0.01
    )
    assert "its own mean" not in words(panel)
    assert not moved(panel, size=2).controls["others"].disabled


def test_batches_of_one_leave_no_deviation_in_the_moving_averages(panel):
    _, _, (_, deviation), _ = spreads(moved(panel, size=1, seen=500))
    assert deviation == pytest.approx(np.sqrt(0.99**500), abs=0.006)


def test_a_batch_of_two_tells_only_which_image_is_larger(panel):
    span = numbers(rf"between {NUMBER} and {NUMBER}", moved(panel, size=2))
    assert span == (-1, 1)


def test_companions_decide_less_in_a_large_batch_and_nothing_in_use(panel):
    widths = []
    for size in (4, 16, 64, 256):
        moved(panel, size=size, image=9)
        low, high = numbers(rf"between {NUMBER} and {NUMBER}", panel)
        widths.append(high - low)
    assert widths == sorted(widths, reverse=True)
    _, y = image_before_and_after(moved(panel, training=False, seen=10))
    assert number(rf"comes out as {NUMBER} every time", panel) == y


def test_the_layer_has_its_own_averages_and_weights_afterwards():
    layer = layers.BatchNormalization()
    layer(FEATURES)
    own = [np.full(3, value) for value in (2.0, 5.0, 7.0, 9.0)]
    layer.set_weights(own)
    panel = normalisation(layer, FEATURES)
    for moves in ({"seen": 100}, {"training": False}, {"size": 1}):
        moved(panel, **moves)
        np.testing.assert_array_equal(layer.get_weights(), own)
    _, _, moving, _ = spreads(moved(panel, seen=0))
    np.testing.assert_array_equal(moving, [7, 3])  # it starts from those of the layer
    assert image_before_and_after(moved(panel, training=True))[1] == 5  # beta


def test_a_channel_without_any_variance_is_drawn_too(panel):
    moved(panel, channel=2)
    assert image_before_and_after(panel) == (0, 0)
    assert panel.alert.value == ""


def test_every_control_goes_to_both_ends_and_changes_picture_and_text(panel):
    ends = {"size": SIZES, "seen": SEEN, "training": [True, False]}
    ends |= {name: [0, TRIES - 1] for name in ("image", "others")}
    ends["channel"] = [0, 2]
    assert list(ends) == list(panel.controls)
    for training in (True, False):
        panel.controls["training"].value = training
        for name, values in ends.items():
            control = panel.controls[name]
            was = control.value
            for end in (values[0], values[-1], was):
                before = control.value, panel.picture.value, panel.text.value
                control.value = end
                assert control.value == end
                if end != before[0]:
                    assert panel.picture.value != before[1], (name, end)
                    assert panel.text.value != before[2], (name, end)
    assert panel.alert.value == ""


class Fragile(layers.BatchNormalization):
    """Refuses a batch of one in training."""

    def call(self, x, training=False):
        if training:
            check = tf.debugging.assert_greater(tf.shape(x)[0], 1, "too <few>")
            with tf.control_dependencies([check]):
                x = tf.identity(x)
        return super().call(x, training=training)


def test_an_exception_of_the_layer_is_shown_and_raised_and_leaves_it_as_it_was():
    layer = Fragile()
    panel = normalisation(layer, FEATURES)
    moved(panel, seen=100)
    with pytest.raises(tf.errors.InvalidArgumentError, match="too <few>"):
        moved(panel, size=1)
    assert "too &lt;few&gt;" in panel.alert.value
    np.testing.assert_array_equal(layer.moving_mean, np.zeros(3))
    assert moved(panel, size=2).alert.value == ""


def test_a_layer_that_was_built_for_maps_says_so_itself():
    layer = layers.BatchNormalization()
    layer(np.zeros((2, 1, 1, 3), np.float32))
    with pytest.raises(ValueError, match="expected ndim=4, found ndim=2"):
        normalisation(layer, FEATURES)


@pytest.mark.parametrize(
    ("layer", "features", "message"),
    [
        (layers.BatchNormalization, FEATURES, "layer must be .*, got a type: "),
        (lambda x, training: x, FEATURES, "layer must be .*, got a function: "),
        (layers.Dropout(0.4), FEATURES, "layer must be .*, got a Dropout: "),
        (None, FEATURES[:511], "images in features must be 512 to .*, got 511"),
        (
            None,
            FEATURES[:, None, None],
            r"features must have shape \(images, channels\)",
        ),
    ],
)
def test_bad_input_is_refused_at_the_door(layer, features, message):
    with pytest.raises((TypeError, ValueError), match=message):
        normalisation(layer or layers.BatchNormalization(), features)
