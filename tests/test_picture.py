"""The README's picture needs lesson 03's weights, and shows a whole probability."""

import numpy as np
import picture
import pytest

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
        picture.main()


def test_it_writes_a_picture(weights):
    runs.save(
        "03_raw_cnn",
        test_accuracy=0.98,
        parameters=3_274_634,
        training_seconds=1,
        images_per_second=1,
        weights=weights,
    )
    picture.main()
    assert picture.TARGET.read_bytes().startswith(b"\x89PNG")


def test_forward_gives_the_shapes_of_the_network(weights):
    image = np.zeros((28, 28), np.float32)
    kernels, first, second, probabilities = picture.forward(image, weights)
    assert kernels.shape == (5, 5, 32)
    assert first.shape == (28, 28, 32) and second.shape == (14, 14, 64)
    assert probabilities.sum() == pytest.approx(1)
