"""The bundled digits are the published ones, and damage is named."""

import hashlib

import numpy as np
import pytest

from course_utils import data


def test_load_mnist_returns_the_published_arrays():
    (x_train, y_train), (x_test, y_test) = data.load_mnist()
    assert x_train.shape == (60000, 28, 28) and x_test.shape == (10000, 28, 28)
    assert y_train.shape == (60000,) and y_test.shape == (10000,)
    assert {a.dtype for a in (x_train, y_train, x_test, y_test)} == {np.dtype("uint8")}
    assert y_train[:5].tolist() == [5, 0, 4, 1, 9]
    assert y_test[:5].tolist() == [7, 2, 1, 0, 4]
    # The check figures that are published for the original database.
    assert x_train.mean() / 255 == pytest.approx(0.13066, abs=5e-6)
    assert x_train.std() / 255 == pytest.approx(0.30811, abs=5e-6)
    in_test = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert np.bincount(y_test).tolist() == in_test


def test_the_file_has_the_stated_sum_and_its_licence_beside_it():
    content = data.MNIST_FILE.read_bytes()
    assert hashlib.sha256(content).hexdigest() == data.MNIST_SHA256
    licence = data.MNIST_FILE.with_name("mnist.LICENSE.txt").read_text("utf-8")
    assert data.MNIST_SHA256 in licence and "Share Alike 3.0" in licence


def test_a_missing_file_is_named_with_its_cure(tmp_path, monkeypatch):
    monkeypatch.setattr(data, "MNIST_FILE", tmp_path / "mnist.npz")
    with pytest.raises(FileNotFoundError, match=r"mnist\.npz.*git checkout") as caught:
        data.load_mnist()
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("damage", ["truncated", "changed", "empty"])
def test_a_damaged_file_gives_one_error_that_says_what_to_do(
    damage, tmp_path, monkeypatch
):
    content = bytearray(data.MNIST_FILE.read_bytes())
    if damage == "truncated":
        content = content[: len(content) // 2]
    elif damage == "changed":
        content[5000] ^= 1
    else:
        content = b""
    damaged = tmp_path / "mnist.npz"
    damaged.write_bytes(content)
    monkeypatch.setattr(data, "MNIST_FILE", damaged)
    with pytest.raises(ValueError, match="damaged or changed; restore it") as caught:
        data.load_mnist()
    assert str(damaged) in str(caught.value)
    assert caught.value.__context__ is None
