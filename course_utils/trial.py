"""Finds out, before a function is called, whether the call would end the kernel."""

import contextlib
import io
import re
import sys

# Only the convolutions abort; other operations raise as they should.
_RANK = re.compile(
    r"Shape must be rank (\d) but is rank (\d) for "
    r"'\{\{node \S+\}\} = (?:Depthwise)?Conv"
)


def fatal(function, *arguments):
    """Return why calling a function would end the Python process, or None.

    On CPUs with oneDNN an eager `tf.nn.conv2d` with an image of two or three axes does
    not raise: it aborts the process, and with it the kernel and all variables. In a
    graph TensorFlow looks at the shapes first and raises. So the function is called
    once while a graph is being built; what it prints there is dropped, and whatever
    else goes wrong there is no answer to the question asked here.

    What cannot be seen so: a function that turns a tensor into a NumPy array before it
    comes to the fatal operation, because a graph has no numbers for NumPy.

    Args:
        function: the function, called as `function(*arguments)`.
        arguments: NumPy arrays and Python values; pass copies if it may change them.

    Returns:
        A sentence for the learner, or None.
    """
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is None:  # then the function does not use it either
        return None
    try:
        with (
            tensorflow.Graph().as_default(),
            contextlib.redirect_stdout(io.StringIO()),
            contextlib.redirect_stderr(io.StringIO()),
        ):
            function(*arguments)
    except ValueError as error:
        if found := _RANK.search(str(error)):
            due, came = found.groups()
            return (
                f"a convolution of TensorFlow must get arrays with {due} axes, got one "
                f"with {came}; called directly, it would end the Python kernel and "
                "lose all variables: add the missing axes first, (batch, height, "
                "width, channels)"
            )
    except KeyboardInterrupt:
        raise
    except BaseException:  # SystemExit and graph errors alike: the real call will tell
        pass
    return None
