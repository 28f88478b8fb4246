"""A call that would end the kernel is refused before it is made."""

import numpy as np
import pytest
import tensorflow as tf

from course_utils import trial

IMAGE = np.zeros((2, 8, 8, 1), np.float32)
KERNEL = np.ones((3, 3, 1, 1), np.float32)


@pytest.mark.parametrize("shape", [(8, 8), (2, 8, 8)])
@pytest.mark.parametrize(
    "operation",
    [
        lambda image: tf.nn.conv2d(image, KERNEL, 1, "SAME"),
        lambda image: tf.nn.convolution(image, KERNEL),
        lambda image: tf.nn.conv2d(tf.nn.relu(image), KERNEL, 1, "VALID").numpy(),
        lambda image: tf.nn.conv2d(tf.constant(image).numpy(), KERNEL, 1, "VALID"),
    ],
)
def test_an_image_without_its_channel_axis_is_refused(operation, shape):
    with (
        pytest.raises(trial.Fatal, match=f"4 axes, got one with {len(shape)}"),
        trial.guarded(),
    ):
        operation(np.zeros(shape, np.float32))


def test_a_convolution_of_single_channels_is_refused_too():
    with pytest.raises(trial.Fatal, match="got one with 3"), trial.guarded():
        tf.nn.depthwise_conv2d(IMAGE[0], KERNEL, [1, 1, 1, 1], "VALID")


def test_a_kernel_without_its_channel_axes_is_refused():
    with pytest.raises(trial.Fatal, match="got one with 2"), trial.guarded():
        tf.nn.conv2d(IMAGE, KERNEL[:, :, 0, 0], 1, "SAME")


def test_what_is_right_gives_what_it_gives_without_a_guard():
    @tf.function
    def in_a_graph(image):
        return tf.nn.conv2d(image, KERNEL, 1, "SAME")

    bare = tf.nn.conv2d(IMAGE + 1, KERNEL, 1, "SAME")
    with trial.guarded():
        np.testing.assert_array_equal(tf.nn.conv2d(IMAGE + 1, KERNEL, 1, "SAME"), bare)
        np.testing.assert_array_equal(in_a_graph(tf.constant(IMAGE + 1)), bare)


def test_nothing_is_left_behind_after_an_error():
    from tensorflow.python.ops import gen_nn_ops

    before = gen_nn_ops.conv2d
    with pytest.raises(ZeroDivisionError), trial.guarded():
        assert gen_nn_ops.conv2d is not before
        1 / 0  # noqa: B018
    assert gen_nn_ops.conv2d is before
