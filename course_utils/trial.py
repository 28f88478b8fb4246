"""Refuses calls of TensorFlow that would end the kernel, while others' code runs."""

import contextlib
import functools
import sys

import numpy as np

_MODULE = "tensorflow.python.ops.gen_nn_ops"  # what tf.nn and Keras call in the end
_OPERATIONS = "conv2d", "depthwise_conv2d_native"
_AXES = 4  # of an image batch and of a kernel


class Fatal(ValueError):
    """A call that would have ended the Python process, and was not made."""


@contextlib.contextmanager
def guarded():
    """Run a block in which convolutions look at their arrays first.

    On CPUs with oneDNN an eager `tf.nn.conv2d` with an image of two or three axes does
    not raise: it aborts the process, and with it the kernel and all variables. Only
    convolutions do so; other operations raise as they should.

    Raises:
        Fatal: in the block, a convolution got an array with other than four axes.
    """
    module = sys.modules.get(_MODULE)
    if module is None:  # then no code uses it
        yield
        return
    kept = {name: getattr(module, name) for name in _OPERATIONS}
    for name, operation in kept.items():
        setattr(module, name, _careful(operation))
    try:
        yield
    finally:
        for name, operation in kept.items():
            setattr(module, name, operation)


def _careful(operation):
    """Return an operation that refuses arrays with other than four axes."""

    @functools.wraps(operation)
    def call(input, filter, *arguments, **settings):
        for array in (input, filter):
            shape = getattr(array, "shape", np.shape(array))
            axes = shape.rank if hasattr(shape, "rank") else len(shape)
            if axes not in (None, _AXES):  # None: a graph does not know it yet
                raise Fatal(
                    f"a convolution of TensorFlow must get arrays with {_AXES} axes, "
                    f"got one with {axes}; called directly, it would end the Python "
                    "kernel and lose all variables: add the missing axes first, "
                    "(batch, height, width, channels)"
                )
        return operation(input, filter, *arguments, **settings)

    return call
