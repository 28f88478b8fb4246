"""The README's picture needs lesson 03's weights, and shows a whole probability."""

import numpy as np
import picture
import pytest
import tensorflow as tf
from tiny_notebooks import code, write

from course_utils import runs

SHAPES = {
    "conv1": (5, 5, 1, 32),
    "conv2": (5, 5, 32, 64),
    "dense1": (3136, 1024),
    "dense2": (1024, 10),
}


@pytest.fixture(autouse=True)
def own_folders(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_RUNS", str(tmp_path / "runs"))
    monkeypatch.setattr(picture, "TARGET", tmp_path / "picture.png")


@pytest.fixture
def weights():
    rng = np.random.default_rng(0)
    values = {}
    for name, shape in SHAPES.items():
        values[f"{name}_w"] = rng.normal(0, 0.02, shape).astype(np.float32)
        values[f"{name}_b"] = np.zeros(shape[-1], np.float32)
    return values


def test_without_a_run_it_says_what_to_do():
    with pytest.raises(SystemExit, match="run it first"):
        picture.main([])


def test_it_writes_a_picture(weights):
    runs.save(
        "03_raw_cnn",
        test_accuracy=0.98,
        parameters=3_274_634,
        training_seconds=1,
        images_per_second=1,
        weights=weights,
    )
    picture.main([])
    assert picture.TARGET.read_bytes().startswith(b"\x89PNG")


def test_forward_gives_the_shapes_of_the_network(weights):
    image = np.zeros((28, 28), np.uint8)
    kernels, first, second, probabilities = picture.forward(image, weights)
    assert kernels.shape == (5, 5, 32)
    assert first.shape == (28, 28, 32) and second.shape == (14, 14, 64)
    assert probabilities.sum() == pytest.approx(1)


def test_the_maps_and_probabilities_are_those_of_tf_nn(weights):
    image = np.random.default_rng(1).integers(0, 256, (28, 28)).astype(np.uint8)
    kernels, first, second, probabilities = picture.forward(image, weights)
    x = image[np.newaxis, :, :, np.newaxis].astype(np.float32) / 255
    for name, maps in (("conv1", first), ("conv2", second)):
        x = tf.nn.relu(tf.nn.conv2d(x, weights[f"{name}_w"], 1, "SAME"))
        np.testing.assert_allclose(maps, x[0], rtol=1e-4, atol=1e-6)
        x = tf.nn.max_pool2d(x, 2, 2, "SAME")
    x = tf.nn.relu(tf.reshape(x, [1, -1]) @ weights["dense1_w"]) @ weights["dense2_w"]
    np.testing.assert_allclose(probabilities, tf.nn.softmax(x)[0], rtol=1e-4)


def test_a_function_that_lesson_03_no_longer_has_is_named(weights, tmp_path):
    lesson = write(tmp_path / "03_new.ipynb", code("def prepare(images): ..."))
    with pytest.raises(ValueError, match="must define conv2d, maxpool2d, network"):
        picture.forward(np.zeros((28, 28), np.uint8), weights, lesson)
