"""Networks that the answers of several lessons return to open tasks, none trained."""

import numpy as np
import tensorflow as tf


def untrained(*_):
    """Return one layer of random weights as a trained network would be returned."""
    w = tf.Variable(tf.random.normal((784, 10), stddev=0.05))

    def logits(images):
        return tf.reshape(tf.cast(images, tf.float32) / 255, (-1, 784)) @ w

    return logits, [w]


def flat(units=16):
    """Return two layers without biases, the first one as wide as is asked for."""
    rng = np.random.default_rng(1)
    w = tf.Variable(rng.normal(0, 0.1, (784, units)).astype(np.float32))
    v = tf.Variable(rng.normal(0, 0.1, (units, 10)).astype(np.float32))

    def read(images):
        x = tf.reshape(tf.cast(images, tf.float32), (-1, 784)) / 255
        return tf.nn.relu(x @ w) @ v

    return read, [w, v]


def two_passes(batches):
    """Look at each image twice, where the task allows one look."""
    for _ in range(2):
        for images, labels in batches:
            assert len(images) == len(labels)
    return flat()
