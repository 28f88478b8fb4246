"""The moving picture in the README moves, and is small enough to load."""

import moving_picture
import numpy as np
import pytest
from PIL import Image


def test_the_committed_film_moves_and_is_small():
    assert moving_picture.TARGET.stat().st_size <= moving_picture.LARGEST
    with Image.open(moving_picture.TARGET) as film:
        assert film.n_frames >= 20
        pictures = []
        for frame in (0, film.n_frames - 1):
            film.seek(frame)
            pictures.append(np.asarray(film.convert("L"), float))
    assert np.abs(pictures[0] - pictures[1]).mean() > 1


def test_frames_are_kept_with_their_durations(tmp_path):
    frames = [(Image.new("RGB", (8, 8), shade), 100) for shade in ("red", "blue")]
    moving_picture.save(frames, tmp_path / "film.webp")
    with Image.open(tmp_path / "film.webp") as film:
        assert film.n_frames == 2


def test_a_film_that_is_too_large_is_not_written(tmp_path, monkeypatch):
    monkeypatch.setattr(moving_picture, "LARGEST", 10)
    with pytest.raises(ValueError, match="at most 10 bytes"):
        moving_picture.save([(Image.new("RGB", (8, 8)), 100)] * 2, tmp_path / "a.webp")
    assert not (tmp_path / "a.webp").exists()
