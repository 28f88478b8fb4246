"""A call that would end the kernel is noticed before it is made."""

import numpy as np
import pytest
import tensorflow as tf

from course_utils import trial

KERNEL = np.ones((3, 3, 1, 1), np.float32)


@pytest.mark.parametrize("shape", [(8, 8), (2, 8, 8)])
@pytest.mark.parametrize(
    "operation",
    [
        lambda image: tf.nn.conv2d(image, KERNEL, 1, "SAME"),
        lambda image: tf.nn.convolution(image, KERNEL),
        lambda image: tf.nn.conv2d(tf.nn.relu(image), KERNEL, 1, "VALID").numpy(),
    ],
)
def test_an_image_without_its_channel_axis_is_fatal(operation, shape):
    reason = trial.fatal(operation, np.zeros(shape, np.float32))
    assert f"4 axes, got one with {len(shape)}" in reason


def leave(image):
    raise SystemExit


@pytest.mark.parametrize(
    "harmless",
    [
        lambda image: image + 1,
        lambda image: tf.nn.conv2d(image[None, ..., None], KERNEL, 1, "SAME").numpy(),
        lambda image: tf.Variable(image).assign_add(image),
        lambda image: 1 / 0,
        lambda image: np.asarray(tf.constant(image)),
        leave,
    ],
)
def test_all_else_is_left_to_the_real_call(harmless):
    assert trial.fatal(harmless, np.ones((8, 8), np.float32)) is None


def test_what_the_function_prints_in_the_trial_is_dropped(capsys):
    assert trial.fatal(lambda: print("twice")) is None
    assert capsys.readouterr().out == ""


def test_an_interrupt_goes_on_its_way():
    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        trial.fatal(interrupted)
