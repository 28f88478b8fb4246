"""The PyTorch side of benchmarks/benchmark.py: the same networks, eager or compiled.

This file alone imports PyTorch, and it imports no TensorFlow.
"""

import numpy as np
import torch
from torch import nn


def contender(lesson, arrays, compiled, threads):
    """Return the functions that train a lesson's network and measure it.

    Args:
        lesson: the lesson's entry in `benchmark.LESSONS`.
        arrays: x_train, y_train, x_val, y_val; images uint8 (images, 28, 28).
        compiled: whether `torch.compile` makes the forward and the backward pass.
        threads: number of threads for one operation.

    Returns:
        `train` and `accuracy`, as in `contenders_tensorflow.contender`.
    """
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    nhwc = lesson["channels_last"]
    layout = torch.channels_last if nhwc else torch.contiguous_format
    x_train, y_train, x_val, y_val = (torch.from_numpy(array) for array in arrays)
    x_train, x_val, y_train = x_train[:, None], x_val[:, None], y_train.long()

    def prepare(images):
        return images.float().div_(255).contiguous(memory_format=layout)

    model = make_network(lesson, prepare(x_train[:2])).to(memory_format=layout)
    optimizer = make_optimizer(lesson, model)

    def forward(x, y):
        logits = model(x)
        if lesson["loss"] == "squared":
            targets = nn.functional.one_hot(y, 10).float()
            return logits, nn.functional.mse_loss(logits, targets)
        return logits, nn.functional.cross_entropy(logits, y)

    if compiled:
        forward = torch.compile(forward)

    def step(x, y):
        optimizer.zero_grad()
        logits, loss = forward(x, y)
        loss.backward()
        optimizer.step()
        if lesson["accuracy"]:
            return loss, (logits.argmax(1) == y).float().mean()
        return loss

    def train(report, every):
        model.train()
        number = 0
        while True:
            for chosen in torch.randperm(len(x_train)).split(lesson["batch_size"]):
                step(prepare(x_train[chosen]), y_train[chosen])
                number += 1
                if report(number):
                    return

    def accuracy():
        model.eval()
        with torch.no_grad():
            answers = [model(prepare(piece)).argmax(1) for piece in x_val.split(500)]
        model.train()
        return float((torch.cat(answers) == y_val).float().mean())

    return train, accuracy


def make_network(lesson, images):
    """Return the lesson's network, initialised by the lesson's rule.

    Args:
        lesson: the lesson's entry in `benchmark.LESSONS`.
        images: a few prepared images, from which the layers learn their input sizes.
    """
    kinds = {
        "conv": lambda *settings: nn.LazyConv2d(*settings[:2], padding=settings[2]),
        "dense": nn.LazyLinear,
        "relu": nn.ReLU,
        "pool": lambda: nn.MaxPool2d(2),
        "flatten": nn.Flatten,
        # Keras keeps 0.99 of the running mean, PyTorch takes in 0.01 of the new one.
        "norm": lambda: nn.LazyBatchNorm2d(eps=1e-3, momentum=0.01),
        "dropout": nn.Dropout,
    }
    layers = [kinds[kind](*settings) for kind, *settings in lesson["layers"]]
    model = nn.Sequential(*layers)
    with torch.no_grad():
        model.eval()(images)
    for layer in model:
        if isinstance(layer, nn.Linear | nn.Conv2d):
            initialise(layer, lesson["initialisation"])
    return model


def initialise(layer, rule):
    """Draw a layer's weights by a rule; its biases are 0."""
    nn.init.zeros_(layer.bias)
    if rule == "zeros":
        nn.init.zeros_(layer.weight)
    elif rule == "glorot":
        nn.init.xavier_uniform_(layer.weight)
    else:  # TensorFlow cuts its truncated normal at two standard deviations
        std = float(np.sqrt(2 / layer.weight[0].numel()))
        nn.init.trunc_normal_(layer.weight, std=std, a=-2 * std, b=2 * std)


def make_optimizer(lesson, model):
    """Return the lesson's optimizer; `fused` is the faster form on a CPU, too."""
    name, learning_rate, epsilon = lesson["optimizer"]
    if name == "sgd":
        return torch.optim.SGD(model.parameters(), learning_rate, fused=True)
    betas = (0.9, 0.999)
    return torch.optim.Adam(
        model.parameters(), learning_rate, betas, eps=epsilon, fused=True
    )
