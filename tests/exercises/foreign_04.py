"""Answers written from the task's text alone, without a look at the check."""

import math

import numpy as np
import tensorflow as tf
from answers_04 import STUBS
from networks import untrained


# flat_size
def _flat_steps(side, stride):
    for layer in ("conv", "pool", "conv", "pool"):
        side = side - 2 if layer == "conv" else side // 2
    places = len(range(0, side - 4, stride))
    return places * places * 32


def _flat_array(side, stride):
    line = np.arange(side)[2:]
    line = line[1::2][2:]
    line = line[1::2][4:][::stride]
    return 32 * line.size**2


def _flat_keras(side, stride):
    layers = tf.keras.layers
    x = tf.zeros((1, side, side, 1))
    x = layers.MaxPool2D(2)(layers.Conv2D(2, 3)(x))
    x = layers.MaxPool2D(2)(layers.Conv2D(2, 3)(x))
    return int(tf.size(layers.Conv2D(32, 5, strides=stride)(x)))


def _flat(
    side,
    stride,
    half=lambda n: n // 2,
    third=lambda n, stride: math.ceil((n - 4) / stride),
    cut=2,
):
    side = half(half(side - cut) - cut)
    return third(side, stride) ** 2 * 32


def _flat_slip(**options):
    return lambda side, stride: _flat(side, stride, **options)


def _flat_prints(side, stride):
    print(_flat(side, stride))


def _flat_one_pool(side, stride):
    side = (side - 2) // 2
    side = math.ceil((side - 2 - 4) / stride)
    return side * side * 32


def _flat_stride_everywhere(side, stride):
    for _ in range(2):
        side = math.ceil((side - 2) / stride) // 2
    side = math.ceil((side - 4) / stride)
    return side * side * 32


# batch_norm
def _bn_moments(x, gamma, beta):
    mean, variance = tf.nn.moments(x, [0, 1, 2])
    return tf.nn.batch_normalization(x, mean, variance, beta, gamma, 0.001)


def _bn_loop(x, gamma, beta):
    out = np.empty(x.shape)
    for c in range(x.shape[-1]):
        channel = x[..., c]
        scaled = (channel - channel.mean()) / np.sqrt(channel.var() + 0.001)
        out[..., c] = gamma[c] * scaled + beta[c]
    return out


def _bn_rows(x, gamma, beta):
    rows = x.reshape(-1, x.shape[-1]).astype(np.float64)
    centred = rows - rows.mean(0)
    rows = centred * (centred**2).mean(0).__add__(1e-3) ** -0.5
    return (rows * gamma + beta).reshape(x.shape)


def _bn_square_mean(x, gamma, beta):
    x = x.astype(np.float64)
    mean = x.mean(axis=(0, 1, 2))
    variance = (x * x).mean(axis=(0, 1, 2)) - mean**2
    factor = gamma / (variance + 0.001) ** 0.5
    return x * factor + (beta - mean * factor)


def _bn(
    x,
    gamma,
    beta,
    axis=(0, 1, 2),
    keepdims=True,
    scale=lambda variance: np.sqrt(variance + 0.001),
    ddof=0,
):
    mean = x.mean(axis=axis, keepdims=keepdims)
    variance = x.var(axis=axis, keepdims=keepdims, ddof=ddof)
    return gamma * (x - mean) / scale(variance) + beta


def _bn_slip(**options):
    return lambda x, gamma, beta: _bn(x, gamma, beta, **options)


def _bn_in_place(x, gamma, beta):
    x -= x.mean(axis=(0, 1, 2))
    x /= np.sqrt((x**2).mean(axis=(0, 1, 2)) + 0.001)
    return x * gamma + beta


def _bn_prints(x, gamma, beta):
    print(_bn(x, gamma, beta))


def _bn_one_channel(x, gamma, beta):
    for c in range(x.shape[-1]):
        channel = x[..., c]
        scaled = (channel - channel.mean()) / np.sqrt(channel.var() + 0.001)
        return gamma[c] * scaled + beta[c]


def _bn_each_image(x, gamma, beta):
    out = []
    for image in x:
        mean, variance = image.mean(axis=(0, 1)), image.var(axis=(0, 1))
        out.append(gamma * (image - mean) / np.sqrt(variance + 0.001) + beta)
    return np.array(out)


def _bn_layer(x, gamma, beta):
    return tf.keras.layers.BatchNormalization()(x)


def _bn_layer_training(x, gamma, beta):
    return tf.keras.layers.BatchNormalization()(x, training=True)


# dropout
def _drop_where(x, keep, rate, training):
    if not training:
        return x
    return np.where(keep, x / (1 - rate), 0)


def _drop_loop(x, keep, rate, training):
    out = np.array(x, dtype=float)
    if training:
        for place in np.ndindex(out.shape):
            out[place] = out[place] / (1 - rate) if keep[place] else 0.0
    return out


def _drop_tf(x, keep, rate, training):
    factor = tf.cast(keep, tf.float64) / (1 - rate) if training else 1.0
    return tf.cast(x, tf.float64) * factor


def _drop_mask(x, keep, rate, training):
    y = x.copy()
    if training:
        y[~keep] = 0
        y = y / (1 - rate)
    return y


def _drop_random(x, keep, rate, training):
    if training:
        keep = np.random.default_rng().random(x.shape) >= rate
        return x * keep / (1 - rate)
    return x


# look
def _look_plain(network, loss_function, x, y, training=True):
    with tf.GradientTape() as tape:
        logits = network(x, training=training)
        loss = loss_function(y, logits)
    variables = network.trainable_variables
    return loss, logits, tape.gradient(loss, variables)


def _look_watching(network, loss_function, x, y, training=True):
    variables = network.trainable_weights
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        for variable in variables:
            tape.watch(variable.value)
        logits = network(x, training=training)
        loss = loss_function(y, logits)
    return [loss, logits, list(tape.gradient(loss, variables))]


def _look_persistent(network, loss_function, x, y, training=True):
    with tf.GradientTape(persistent=True) as tape:
        logits = network(x, training=training)
        loss = loss_function(y, logits)
    return loss, logits, [tape.gradient(loss, v) for v in network.trainable_variables]


def _look_inside(network, loss_function, x, y, training=True):
    with tf.GradientTape() as tape:
        loss = loss_function(y, (logits := network(x, training=training)))
        tape.stop_recording()
        gradients = None
    if gradients is None:
        gradients = tape.gradient(loss, network.trainable_variables)
    return loss, logits, gradients


def _look(
    network,
    loss_function,
    x,
    y,
    training=True,
    flag=lambda training: {"training": training},
    loss_of=lambda loss_function, y, logits: loss_function(y, logits),
    variables=lambda network: network.trainable_variables,
    answer=lambda loss, logits, gradients: (loss, logits, gradients),
):
    with tf.GradientTape() as tape:
        logits = network(x, **flag(training))
        loss = loss_of(loss_function, y, logits)
    return answer(loss, logits, tape.gradient(loss, variables(network)))


def _look_slip(**options):
    def look(network, loss_function, x, y, training=True):
        return _look(network, loss_function, x, y, training, **options)

    return look


def _look_loss_outside(network, loss_function, x, y, training=True):
    with tf.GradientTape() as tape:
        logits = network(x, training=training)
    loss = loss_function(y, logits)
    return loss, logits, tape.gradient(loss, network.trainable_variables)


def _look_twice(network, loss_function, x, y, training=True):
    with tf.GradientTape() as tape:
        loss = loss_function(y, network(x, training=training))
    logits = network(x, training=training)
    return loss, logits, tape.gradient(loss, network.trainable_variables)


def _look_of_logits(network, loss_function, x, y, training=True):
    with tf.GradientTape() as tape:
        logits = network(x, training=training)
        loss = loss_function(y, logits)
    return loss, logits, tape.gradient(logits, network.trainable_variables)


def _look_numpy(network, loss_function, x, y, training=True):
    with tf.GradientTape() as tape:
        logits = network(x, training=training).numpy()
        loss = loss_function(y, logits)
    return loss, logits, tape.gradient(loss, network.trainable_variables)


def _look_softmax(network, loss_function, x, y, training=True):
    with tf.GradientTape() as tape:
        logits = tf.nn.softmax(network(x, training=training))
        loss = loss_function(y, logits)
    return loss, logits, tape.gradient(loss, network.trainable_variables)


def _look_steps(network, loss_function, x, y, training=True):
    with tf.GradientTape() as tape:
        logits = network(x, training=training)
        loss = loss_function(y, logits)
    gradients = tape.gradient(loss, network.trainable_variables)
    for variable, gradient in zip(network.trainable_variables, gradients, strict=True):
        variable.assign_sub(0.01 * gradient)
    return loss, logits, gradients


def _look_prints(network, loss_function, x, y, training=True):
    print(_look(network, loss_function, x, y, training))


# loss_floor
def _floor_numpy(classes):
    logits = np.eye(classes)[0]
    return -np.log(np.exp(logits) / np.exp(logits).sum())[0]


def _floor_tf(classes):
    best = tf.one_hot([0], classes, dtype=tf.float64)
    return tf.nn.sparse_softmax_cross_entropy_with_logits([0], best)


def _floor_plain(classes):
    return math.log(1 + (classes - 1) / math.e)


# one_look
def _model_itself(batches):
    model = tf.keras.Sequential([tf.keras.layers.Flatten(), tf.keras.layers.Dense(10)])
    model(tf.zeros((1, 28, 28)))
    return model


def _no_variables(batches):
    return untrained(batches)[0], []


RIGHT = {
    "flat_size": [
        _flat_steps,
        _flat_array,
        _flat_keras,
        lambda side, stride: 32 * (-(-((side - 2) // 2 // 2 - 1 - 4) // stride)) ** 2,
    ],
    "batch_norm": [_bn_moments, _bn_loop, _bn_rows, _bn_square_mean],
    "dropout": [_drop_where, _drop_loop, _drop_tf, _drop_mask],
    "look": [_look_plain, _look_watching, _look_persistent, _look_inside],
    "loss_floor": [
        _floor_numpy,
        _floor_tf,
        _floor_plain,
        lambda classes: float(np.logaddexp(1, np.log(classes - 1))) - 1,
    ],
}
WRONG = {
    "flat_size": [
        _flat_prints,
        _flat_one_pool,
        _flat_stride_everywhere,
        _flat_slip(half=lambda n: math.ceil(n / 2)),
        _flat_slip(half=lambda n: n / 2),
        _flat_slip(third=lambda n, stride: (n - 4) // stride),
        _flat_slip(third=lambda n, stride: n - 4),
        _flat_slip(third=lambda n, stride: math.ceil((n - 5) / stride)),
        _flat_slip(third=lambda n, stride: math.ceil((n - 2) / stride)),
        _flat_slip(third=lambda n, stride: math.ceil(n / stride)),
        _flat_slip(third=lambda n, stride: (n - 4) / stride),
        _flat_slip(third=lambda n, stride: (n - 4) // stride + 1),
        _flat_slip(third=lambda n, stride: round((n - 4) / stride)),
        _flat_slip(third=lambda n, stride: math.ceil(n / stride) - 4),
        _flat_slip(cut=0),
        _flat_slip(cut=3),
        lambda side, stride: _flat(side, stride) // 32,
        lambda side, stride: int(math.sqrt(_flat(side, stride) // 32)) * 32,
        lambda side, stride: _flat(side, stride) * 2,
        lambda side, stride: _flat(28, stride),
        lambda side, stride: 32,
        lambda side, stride: _flat(side, 2),
        lambda side, stride: _flat(side, 1),
    ],
    "batch_norm": [
        _bn_in_place,
        _bn_prints,
        _bn_one_channel,
        _bn_each_image,
        _bn_layer,
        _bn_layer_training,
        _bn_slip(axis=0),
        _bn_slip(axis=(1, 2)),
        _bn_slip(axis=(1, 2, 3)),
        _bn_slip(axis=-1),
        _bn_slip(axis=None),
        _bn_slip(axis=(1, 2), keepdims=False),
        _bn_slip(axis=(0, 1)),
        _bn_slip(scale=np.sqrt),
        _bn_slip(scale=lambda variance: np.sqrt(variance) + 0.001),
        _bn_slip(scale=lambda variance: variance + 0.001),
        _bn_slip(scale=lambda variance: np.sqrt(variance + 1e-5)),
        _bn_slip(scale=lambda variance: np.sqrt(variance - 0.001)),
        _bn_slip(scale=lambda variance: np.sqrt(variance**2 + 0.001)),
        _bn_slip(ddof=1),
        lambda x, gamma, beta: gamma * (_bn(x, 1, 0) + beta),
        lambda x, gamma, beta: _bn(x, 1, 0),
        lambda x, gamma, beta: _bn(x, gamma, 0),
        lambda x, gamma, beta: _bn(x, 1, beta),
        lambda x, gamma, beta: _bn(x, beta, gamma),
        lambda x, gamma, beta: (
            gamma * x - x.mean((0, 1, 2)) / np.sqrt(x.var((0, 1, 2)) + 0.001) + beta
        ),
        lambda x, gamma, beta: gamma * x / np.sqrt(x.var((0, 1, 2)) + 0.001) + beta,
    ],
    "dropout": [
        STUBS["dropout"],
        _drop_random,
        lambda x, keep, rate, training: x * keep if training else x,
        lambda x, keep, rate, training: x * keep / (1 - rate),
        lambda x, keep, rate, training: x * keep if training else x * (1 - rate),
        lambda x, keep, rate, training: x * ~keep / (1 - rate) if training else x,
        lambda x, keep, rate, training: x * keep * (1 - rate) if training else x,
        lambda x, keep, rate, training: x if training else x * keep / (1 - rate),
        lambda x, keep, rate, training: x[keep] / (1 - rate) if training else x,
        lambda x, keep, rate, training: x * keep / 1 - rate if training else x,
        lambda x, keep, rate, training: x * keep / keep.mean() if training else x,
        lambda x, keep, rate, training: x / (1 - rate) if training else x,
        lambda x, keep, rate, training: x * keep / (1 - rate) if training else x * keep,
        lambda x, keep, rate, training: x * keep / (rate - 1) if training else x,
        lambda x, keep, rate, training: x * keep / (1 + rate) if training else x,
        lambda x, keep, rate, training: (
            np.where(keep, x / (1 - rate), x) if training else x
        ),
        lambda x, keep, rate, training: x * keep * rate if training else x,
        lambda x, keep, rate, training: (
            x * keep / (1 - rate) if training else x / (1 - rate)
        ),
        lambda x, keep, rate, training: keep / (1 - rate) if training else x,
        lambda x, keep, rate, training: (
            tf.nn.dropout(tf.constant(x), rate) if training else x
        ),
        lambda x, keep, rate, training: x * keep / (1 - rate) if training else 0 * x,
    ],
    "look": [
        _look_loss_outside,
        _look_twice,
        _look_of_logits,
        _look_numpy,
        _look_softmax,
        _look_steps,
        _look_prints,
        _look_slip(flag=lambda training: {}),
        _look_slip(flag=lambda training: {"training": True}),
        _look_slip(flag=lambda training: {"training": False}),
        _look_slip(flag=lambda training: {"training": not training}),
        _look_slip(loss_of=lambda loss_function, y, logits: loss_function(logits, y)),
        _look_slip(variables=lambda network: network.variables),
        _look_slip(variables=lambda network: network.non_trainable_variables),
        _look_slip(variables=lambda network: network.trainable_variables[:-1]),
        _look_slip(variables=lambda network: network.trainable_variables[::-1]),
        _look_slip(answer=lambda loss, logits, gradients: (loss, gradients, logits)),
        _look_slip(answer=lambda loss, logits, gradients: (logits, loss, gradients)),
        _look_slip(answer=lambda loss, logits, gradients: (loss, gradients)),
        _look_slip(answer=lambda loss, logits, gradients: gradients),
        _look_slip(answer=lambda loss, logits, gradients: loss),
        _look_slip(
            answer=lambda loss, logits, gradients: (
                loss,
                tf.argmax(logits, axis=1),
                gradients,
            )
        ),
        _look_slip(
            answer=lambda loss, logits, gradients: (
                loss,
                logits,
                [-g for g in gradients],
            )
        ),
        _look_slip(
            loss_of=lambda loss_function, y, logits: (
                loss_function(y, logits) * len(logits)
            )
        ),
    ],
    "loss_floor": [
        lambda classes: math.log(math.e + 9) - 1,
        lambda classes: math.log(classes),
        lambda classes: 0.0,
        lambda classes: math.log(math.e + classes) - 1,
        lambda classes: math.log(math.e + classes - 1),
        lambda classes: math.log10(math.e + classes - 1) - 1,
        lambda classes: math.log2(math.e + classes - 1) - 1,
        lambda classes: 1 - math.log(math.e + classes - 1),
        lambda classes: math.e / (math.e + classes - 1),
        lambda classes: -math.log(1 / classes),
        lambda classes: 1.4612,
        lambda classes: round(math.log(math.e + classes - 1) - 1, 2),
        lambda classes: math.log(math.e + classes - 2),
        lambda classes: math.log(math.e * (classes - 1) + 1) - 1,
        lambda classes: -math.log(math.e / (math.e + 9)),
        lambda classes: math.log(math.exp(1) + (classes - 1) * math.exp(-1)) - 1,
        lambda classes: -math.log(math.e / (1 + classes - 1)),
        lambda classes: math.log(math.e + 9 * classes) - 1,
        lambda classes: -math.log(1 / (math.e + classes - 1)),
        lambda classes: math.e + classes - 1,
        lambda classes: print(math.log(math.e + classes - 1) - 1),
    ],
    "one_look": [_model_itself, _no_variables],
}
