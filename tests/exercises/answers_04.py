"""Answers to the exercises of lesson 04 that learners give, right and wrong."""

import math

import keras
import numpy as np
import tensorflow as tf
from networks import flat, two_passes


def _places(side):
    for _ in range(2):
        side = (side - 2) // 2
    return side - 4


def _by_keras(side, stride):
    x = keras.Input((side, side, 1))
    y = keras.layers.MaxPooling2D(2)(keras.layers.Conv2D(4, 3)(x))
    y = keras.layers.MaxPooling2D(2)(keras.layers.Conv2D(4, 3)(y))
    y = keras.layers.Conv2D(32, 5, strides=stride)(y)
    return keras.layers.Flatten()(y).shape[-1]


def _by_ranges(side, stride):
    side = len(range(0, side - 2 - 1, 2))
    side = len(range(0, side - 2 - 1, 2))
    return 32 * len(range(0, side - 4, stride)) ** 2


def _rounded_pools(side, stride):
    for _ in range(2):
        side = math.ceil((side - 2) / 2)
    return 32 * math.ceil((side - 4) / stride) ** 2


def _padded(side, stride):
    return 32 * math.ceil((side // 2 // 2 - 4) / stride) ** 2


def _one_pool(side, stride):
    return 32 * math.ceil(((side - 2) // 2 - 2 - 4) / stride) ** 2


def _bn(x, gamma, beta, axes=(0, 1, 2), eps=0.001):
    mean, variance = np.mean(x, axes, keepdims=True), np.var(x, axes, keepdims=True)
    return gamma * (x - mean) / np.sqrt(variance + eps) + beta


def _bn_channel_by_channel(x, gamma, beta):
    out = np.empty(x.shape)
    for c in range(x.shape[-1]):
        v = x[..., c]
        out[..., c] = gamma[c] * (v - v.mean()) / math.sqrt(v.var() + 1e-3) + beta[c]
    return out


def _bn_tf(x, gamma, beta):
    mean, variance = tf.nn.moments(tf.constant(x), [0, 1, 2])
    return tf.nn.batch_normalization(x, mean, variance, beta, gamma, 1e-3)


def _bn_flat(x, gamma, beta):
    rows = x.reshape(-1, x.shape[-1])
    z = (rows - rows.mean(0)) / np.sqrt(rows.var(0) + 0.001)
    return (gamma * z + beta).reshape(x.shape)


def _bn_flat_lost(x, gamma, beta):
    rows = x.reshape(-1, x.shape[-1])
    return gamma * (rows - rows.mean(0)) / np.sqrt(rows.var(0) + 0.001) + beta


def _bn_in_place(x, gamma, beta):
    deviation = np.sqrt(x.var((0, 1, 2)) + 0.001)
    x -= x.mean((0, 1, 2))
    return gamma * x / deviation + beta


def _drop_if(x, keep, rate, training):
    if not training:
        return x
    return np.where(keep, x / (1 - rate), 0.0)


def _drop_loop(x, keep, rate, training):
    if not training:
        return x
    values = [
        a / (1 - rate) if k else 0 for a, k in zip(x.ravel(), keep.ravel(), strict=True)
    ]
    return np.array(values).reshape(x.shape)


def _drop_no_return(x, keep, rate, training):
    if training:
        return x * keep / (1 - rate)


def _drop_in_place(x, keep, rate, training):
    if training:
        x[~keep] = 0
        return x / (1 - rate)
    return x


def _see(network, loss_of, x, y, training):
    with tf.GradientTape() as tape:
        z = network(x, training=training)
        loss = loss_of(y, z)
    return loss, z, tape.gradient(loss, network.trainable_variables)


def _look_weights(network, loss_function, x, y, training=True):
    variables = network.trainable_weights
    with tf.GradientTape() as tape:
        logits = network(tf.constant(x), training=training)
        loss = loss_function(tf.constant(y), logits)
    gradients = tape.gradient(loss, variables)
    return [loss, logits, gradients]


def _look_by_tf(network, loss_function, x, y, training=True):
    with tf.GradientTape() as tape:
        logits = network(x, training=training)
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits)
        loss = tf.reduce_mean(losses)
    return loss, logits, tape.gradient(loss, network.trainable_variables)


def _look_persistent(network, loss_function, x, y, training=True):
    with tf.GradientTape(persistent=True) as tape:
        logits = network(x, training=training)
        loss = loss_function(y, logits)
    gradients = [tape.gradient(loss, v) for v in network.trainable_variables]
    return loss, logits, gradients


def _look_numpy(network, loss_function, x, y, training=True):
    with tf.GradientTape() as tape:
        logits = network(x, training=training)
        loss = loss_function(y, logits.numpy())
    return loss, logits, tape.gradient(loss, network.trainable_variables)


def _look_outside(network, loss_function, x, y, training=True):
    logits = network(x, training=training)
    with tf.GradientTape() as tape:
        loss = loss_function(y, logits)
    return loss, logits, tape.gradient(loss, network.trainable_variables)


def _look_all(network, loss_function, x, y, training=True):
    with tf.GradientTape() as tape:
        logits = network(x, training=training)
        loss = loss_function(y, logits)
    return loss, logits, tape.gradient(loss, network.variables)


def _look_no_return(network, loss_function, x, y, training=True):
    with tf.GradientTape() as tape:
        loss = loss_function(y, network(x, training=training))
    tape.gradient(loss, network.trainable_variables)


def _normal_twice(batches):
    keras.utils.set_random_seed(1)
    layers = keras.layers
    model = keras.Sequential([keras.Input([28, 28, 1])])
    for filters, size in ((24, 3), (32, 3), (32, 5)):
        model.add(layers.Conv2D(filters, size))
        model.add(layers.BatchNormalization())
        model.add(layers.ReLU())
        if size == 3:
            model.add(layers.MaxPool2D(2))
    model.add(layers.Flatten())
    model.add(layers.Dense(10))
    rate = keras.optimizers.schedules.CosineDecay(0.004, 860)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(rate), loss)
    for images, labels in batches:
        model.train_on_batch(images[..., None] / np.float32(255), labels)

    def read(images):
        return model(images[..., None] / np.float32(255), training=False)

    return read, model.variables


def _dropout_as_it_stands(x, keep, rate, training):
    """The planted mistake of the notebook's stub."""
    return x * keep / rate if training else x


STUBS = {"dropout": _dropout_as_it_stands}

RIGHT = {
    "one_look": [_normal_twice],
    "look": [
        _look_weights,
        _look_by_tf,
        _look_persistent,
        lambda n, f, x, y, training=True: _see(n, f, x, y, training),
        lambda n, f, x, y, training=True: list(_see(n, f, x, y, training)),
        lambda n, f, x, y, training=True: (
            lambda r: (float(r[0]), r[1].numpy(), [g.numpy() for g in r[2]])
        )(_see(n, f, x, y, training)),
        lambda n, f, x, y, training=True: _see(n, f, x, y.astype("int64"), training),
        lambda n, f, x, y, training=True: tuple(_look_weights(n, f, x, y, training)),
    ],
    "flat_size": [
        _by_keras,
        _by_ranges,
        lambda side, stride: 32 * math.ceil(_places(side) / stride) ** 2,
        lambda side, stride: int(32 * np.ceil(_places(side) / stride) ** 2),
        lambda side, stride: 32 * ((_places(side) - 1) // stride + 1) ** 2,
        lambda side, stride: 32 * len(range(0, _places(side), stride)) ** 2,
        lambda side, stride: 32.0 * np.ceil(_places(side) / stride) ** 2,
        lambda side, stride: ((_places(side) + stride - 1) // stride) ** 2 * 32,
    ],
    "batch_norm": [
        _bn,
        _bn_channel_by_channel,
        _bn_tf,
        _bn_flat,
        lambda x, g, b: (
            (x - x.mean((0, 1, 2))) / np.sqrt(x.var((0, 1, 2)) + 1e-3) * g + b
        ),
        lambda x, g, b: (
            g * (x - x.mean((0, 1, 2))) * (x.var((0, 1, 2)) + 1e-3) ** -0.5 + b
        ),
        lambda x, g, b: (
            g
            * (x - x.mean((0, 1, 2)))
            / ((x**2).mean((0, 1, 2)) - x.mean((0, 1, 2)) ** 2 + 0.001) ** 0.5
            + b
        ),
        lambda x, g, b: (
            b
            + np.einsum(
                "bhwc,c->bhwc",
                x - x.mean((0, 1, 2)),
                g / np.sqrt(x.var((0, 1, 2)) + 0.001),
            )
        ),
    ],
    "dropout": [
        _drop_if,
        _drop_loop,
        lambda x, k, r, t: x * k / (1 - r) if t else x,
        lambda x, k, r, t: x * k.astype(float) * (1 / (1 - r)) if t else x * 1.0,
        lambda x, k, r, t: tf.where(k, x / (1 - r), 0.0) if t else tf.constant(x),
        lambda x, k, r, t: np.where(t, np.where(k, x, 0) / (1 - r), x),
        lambda x, k, r, t: x if not t else (x / (1 - r)) * k,
        lambda x, k, r, t: (
            x.copy() if not t else np.multiply(x, k) / (1 - r)
        ).tolist(),
    ],
    "loss_floor": [
        lambda classes: math.log(math.e + classes - 1) - 1,
        lambda classes: -math.log(math.e / (math.e + classes - 1)),
        lambda classes: np.log(1 + (classes - 1) / np.e),
        lambda classes: -np.log(np.exp(1) / (np.exp(1) + (classes - 1) * np.exp(0))),
        lambda classes: -tf.math.log(tf.nn.softmax([1.0] + [0.0] * (classes - 1))[0]),
        lambda classes: tf.nn.sparse_softmax_cross_entropy_with_logits(
            [0], np.eye(1, classes, dtype=np.float32)
        ),
        lambda classes: np.log(np.sum(np.exp(np.eye(classes)[0]))) - 1,
        lambda classes: tf.reduce_logsumexp(np.eye(classes)[0]) - 1,
    ],
}

WRONG = {
    "one_look": [
        two_passes,
        lambda batches: flat(100),
        lambda batches: (flat()[0], []),
        lambda batches: (lambda images: tf.nn.softmax(flat()[0](images)), flat()[1]),
        lambda batches: flat()[0],
        lambda batches: flat()[::-1],
    ],
    "look": [
        _look_numpy,
        _look_outside,
        _look_all,
        _look_no_return,
        lambda n, f, x, y, training=True: _see(n, f, x, y, False),
        lambda n, f, x, y, training=True: _see(n, f, x, y, None),
        lambda n, f, x, y, training=True: _see(n, f, x, y, True),
        lambda n, f, x, y, training=True: _see(n, f, x, y, not training),
        lambda n, f, x, y, training=True: _see(
            n, lambda y, z: f(y, tf.nn.softmax(z)), x, y, training
        ),
        lambda n, f, x, y, training=True: _see(n, lambda y, z: f(z, y), x, y, training),
        lambda n, f, x, y, training=True: _see(n, f, x, y, training)[::2],
        lambda n, f, x, y, training=True: _see(n, f, x, y, training)[:2],
        lambda n, f, x, y, training=True: _see(n, f, x, y, training)[2],
        lambda n, f, x, y, training=True: (lambda r: (r[1], r[0], r[2]))(
            _see(n, f, x, y, training)
        ),
        lambda n, f, x, y, training=True: _see(
            n, lambda y, z: 4 * f(y, z), x, y, training
        ),
        lambda n, f, x, y, training=True: _see(
            n,
            lambda y, z: tf.reduce_sum(
                tf.nn.sparse_softmax_cross_entropy_with_logits(y, z)
            ),
            x,
            y,
            training,
        ),
        lambda n, f, x, y, training=True: _look_outside(n, f, x, y, training),
        lambda n, f, x, y, training=True: _look_all(n, f, x, y, training),
        lambda n, f, x, y, training=True: _see(n, f, x, y, training)[0],
        lambda n, f, x, y, training=True: _look_outside(n, f, x, y, True),
    ],
    "flat_size": [
        _rounded_pools,
        _padded,
        _one_pool,
        lambda side, stride: math.ceil(_places(side) / stride) ** 2,
        lambda side, stride: 32 * math.ceil(_places(side) / stride),
        lambda side, stride: 32 * (_places(side) // stride) ** 2,
        lambda side, stride: 32 * int(_places(side) / stride) ** 2,
        lambda side, stride: 32 * _places(side) ** 2,
        lambda side, stride: 32,
        lambda side, stride: 32 * 1 * 1,
        lambda side, stride: 32 * math.ceil(_places(side) / 2) ** 2,
        lambda side, stride: (
            32 * math.ceil((((side - 3) // 2 - 3) // 2 - 4) / stride) ** 2
        ),
        lambda side, stride: 32 * (_places(side) + 4) ** 2,
        lambda side, stride: 32 * math.ceil(_places(side) ** 2 / stride),
        lambda side, stride: 32 * (_places(side) / stride) ** 2,
        lambda side, stride: _places(side) ** 2,
        lambda side, stride: 32 * (((side - 2) // 2 - 2) // 2) ** 2,
        lambda side, stride: 32 * (_places(side) // stride + 1) ** 2,
        lambda side, stride: 32 * math.ceil((side // 4 - 4) / stride) ** 2,
        lambda side, stride: 32 * (_places(side) * _places(side)),
        lambda side, stride: 32 * ((_places(side) - 1) // stride) ** 2,
    ],
    "batch_norm": [
        _bn_flat_lost,
        _bn_in_place,
        lambda x, g, b: _bn(x, g, b, (1, 2)),
        lambda x, g, b: _bn(x, g, b, (0,)),
        lambda x, g, b: _bn(x, g, b, 0),
        lambda x, g, b: g * (x - x.mean()) / np.sqrt(x.var() + 0.001) + b,
        lambda x, g, b: _bn(x, g, b, 3),
        lambda x, g, b: _bn(x, g, b, eps=0.0),
        lambda x, g, b: g * (x - x.mean((0, 1, 2))) / x.std((0, 1, 2)) + b,
        lambda x, g, b: g * (x - x.mean((0, 1, 2))) / (x.std((0, 1, 2)) + 0.001) + b,
        lambda x, g, b: g * (x - x.mean((0, 1, 2))) / (x.var((0, 1, 2)) + 0.001) + b,
        lambda x, g, b: g * (x - x.mean((0, 1, 2))) + b,
        lambda x, g, b: _bn(x, 1, 0),
        lambda x, g, b: _bn(x, b, g),
        lambda x, g, b: _bn(x, g, 0),
        lambda x, g, b: g * (_bn(x, 1, 0) + b),
        lambda x, g, b: g * x / np.sqrt(1 + 0.001) + b,
        lambda x, g, b: _bn(x, g, b, eps=0.0),
        lambda x, g, b: _bn(x, g, -b),
        lambda x, g, b: print(_bn(x, g, b)),
        lambda x, g, b: g * x / np.sqrt(x.var((0, 1, 2)) + 0.001) + b,
    ],
    "dropout": [
        _drop_no_return,
        _drop_in_place,
        lambda x, k, r, t: np.where(k, x, 0) if t else x,
        lambda x, k, r, t: x * k if t else x,
        lambda x, k, r, t: np.where(k, x / r, 0) if t else x,
        lambda x, k, r, t: k * x / r if t else x,
        lambda x, k, r, t: (1 - r) * k * x if t else x,
        lambda x, k, r, t: np.where(k, x * (1 - r), 0) if t else x,
        lambda x, k, r, t: x * ~k / (1 - r) if t else x,
        lambda x, k, r, t: np.where(k, 0, x / (1 - r)) if t else x,
        lambda x, k, r, t: np.where(k, x, 0) / (1 - r),
        lambda x, k, r, t: k * x * (1 / (1 - r)),
        lambda x, k, r, t: x * k / (1 - r) if not t else x,
        lambda x, k, r, t: np.where(k, x, 0) if t else (1 - r) * x,
        lambda x, k, r, t: x * k if t else x - r * x,
        lambda x, k, r, t: x * k / (1 - r) if t else x / (1 - r),
        lambda x, k, r, t: x[k] / (1 - r) if t else x,
        lambda x, k, r, t: x / (1 - r) if t else x,
        lambda x, k, r, t: x,
        lambda x, k, r, t: np.compress(k.ravel(), x) / (1 - r) if t else x,
        lambda x, k, r, t: (x * k).mean() / (1 - r) if t else x,
    ],
    "loss_floor": [
        lambda classes: 1.461150,
        lambda classes: 1.4612,
        lambda classes: np.log(np.e + 9) - 1,
        lambda classes: np.log(np.e + classes) - 1,
        lambda classes: math.log(math.e + classes) - math.log(math.e),
        lambda classes: np.log(classes),
        lambda classes: -math.log(1 / classes),
        lambda classes: 0,
        lambda classes: -np.log(1.0),
        lambda classes: 1 - math.log(math.e + classes - 1),
        lambda classes: np.log(np.e / (np.e + classes - 1)),
        lambda classes: np.e / (np.e + classes - 1),
        lambda classes: np.exp(1) / (np.exp(1) + (classes - 1) * np.exp(0)),
        lambda classes: math.log(classes) - 1,
        lambda classes: np.log(np.e + classes - 1),
        lambda classes: -np.log10(np.e / (np.e + classes - 1)),
        lambda classes: -math.log2(math.e / (math.e + classes - 1)),
        lambda classes: np.log(np.e + 1) - 1,
        lambda classes: -np.log(np.exp(1) / (np.exp(1) + classes)),
        lambda classes: -math.log(math.e / (math.e + 1)),
        lambda classes: print(math.log(math.e + classes - 1) - 1),
    ],
}
