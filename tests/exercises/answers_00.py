"""Answers to the exercises of lesson 00 that learners give, right and wrong."""

import numpy as np


def _loop(image):
    inked = 0
    for row in image:
        for pixel in row:
            if pixel > 0:
                inked += 1
    return inked / (image.shape[0] * image.shape[1])


def _marks(image):
    image[image != 0] = 1
    return np.sum(image) / image.size


def _binarises(image):
    np.clip(image, 0, 1, out=image)
    return float(np.mean(image))


def _prints(image):
    print(np.mean(image > 0))


def _stops_early(image):
    for row in image:
        return np.mean(row > 0)


def _counts_twice(image):
    return np.count_nonzero(image) / image.size * 2


RIGHT = {
    "ink_share": [
        _loop,
        lambda image: np.count_nonzero(image) / image.size,
        lambda image: (image != 0).sum() / image.size,
        lambda image: float(np.average(image.astype(bool))),
        lambda image: 1 - np.mean(image == 0),
        lambda image: len(image[image > 0]) / image.size,
        lambda image: np.clip(image, 0, 1).mean(),
        lambda image: np.flatnonzero(image).size / len(image.ravel()),
    ]
}

WRONG = {
    "ink_share": [
        lambda image: (image == 0).sum() / image.size,
        lambda image: 1 - np.count_nonzero(image) / image.size,
        lambda image: np.count_nonzero(image),
        lambda image: len(np.flatnonzero(image > 0)),
        lambda image: image.sum() / (255 * image.size),
        lambda image: np.sum(image / 255.0) / image.size,
        lambda image: image.mean(),
        lambda image: np.sum(image) / image.size,
        lambda image: np.mean(image > 100),
        lambda image: (image >= 128).mean(),
        lambda image: np.count_nonzero(image > 1) / image.size,
        lambda image: np.mean(image >= 255),
        lambda image: (image > 0).mean(axis=0),
        lambda image: (image > 0).mean(axis=1),
        lambda image: np.array(image > 0),
        lambda image: image.astype(bool),
        lambda image: np.count_nonzero(image) / (28 * 28),
        lambda image: np.count_nonzero(image) / image.size * 100,
        lambda image: np.mean(image >= 0),
        _marks,
        _binarises,
        _prints,
        _stops_early,
        _counts_twice,
    ]
}
