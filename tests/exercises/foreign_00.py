"""Answers written from the task's text alone, without a look at the check."""

import numpy as np
import tensorflow as tf


def _loop(image):
    ink = 0
    for row in image.tolist():
        for pixel in row:
            if pixel:
                ink += 1
    return ink / (len(image) * len(image[0]))


def _returns_in_loop(image):
    count = 0
    for row in image:
        for pixel in row:
            if pixel > 0:
                count += 1
        return count / image.size


def _only_prints(image):
    share = (image > 0).sum() / image.size
    print(f"{share:.2f}")


def _sets_to_one(image):
    image[image > 0] = 1
    return image.mean()


def _rows_with_ink(image):
    return sum(1 for row in image if any(row)) / len(image)


def _adds_pixels(image):
    total = 0
    for row in image:
        for pixel in row:
            total += pixel
    return total / (image.shape[0] * image.shape[1])


def _index_slip(image):
    count = 0
    for i in range(image.shape[0] - 1):
        for j in range(image.shape[1] - 1):
            if image[i, j] != 0:
                count += 1
    return count / image.size


RIGHT = {
    "ink_share": [
        _loop,
        lambda image: 1 - np.mean(image == 0),
        lambda image: tf.reduce_mean(tf.cast(tf.not_equal(image, 0), tf.float32)),
        lambda image: np.clip(image, 0, 1).mean(),
        lambda image: len(np.argwhere(image)) / image.size,
    ]
}
WRONG = {
    "ink_share": [
        lambda image: np.count_nonzero(image),
        lambda image: np.mean(image),
        lambda image: np.mean(image) / 255,
        lambda image: np.mean(image == 0),
        lambda image: np.mean(image > 127),
        lambda image: (image != 0).sum() / image.shape[0],
        lambda image: 100 * np.mean(image > 0),
        lambda image: len(np.nonzero(image)) / image.size,
        lambda image: np.count_nonzero(image) / 784,
        lambda image: np.count_nonzero(image) // image.size,
        lambda image: np.mean(image != 0, axis=0),
        lambda image: image != 0,
        lambda image: np.mean(image > 1),
        lambda image: image.size / np.count_nonzero(image),
        lambda image: np.count_nonzero(image) / len(image),
        lambda image: np.count_nonzero(image) / np.count_nonzero(image == 0),
        lambda image: round(np.mean(image > 0), 2),
        _returns_in_loop,
        _only_prints,
        _sets_to_one,
        _rows_with_ink,
        _adds_pixels,
        _index_slip,
    ]
}
