"""Exercises of lesson 06, the graph and the Saver."""

import numpy as np
import tensorflow as tf

from course_utils.exercises import (
    Exercise,
    _mistakes_06,
    _mistakes_06_checkpoints,
    _open,
)


def _operations_to_run(inputs, fetch, fed):
    """Return the sorted names of the operations that a session must run."""
    to_run, waiting = set(), [fetch]
    while waiting:
        name = waiting.pop()
        if name not in fed and name not in to_run:
            to_run.add(name)
            waiting.extend(inputs[name])
    return sorted(to_run)


_TOY = {"a": (), "b": (), "one": (), "product": ("a", "b"), "other": ("b",)}
_TOY["total"] = ("product", "one")
_SHARED = {"x": (), "w": (), "sums": ("x", "w"), "relu": ("sums",), "loss": ("relu",)}
_SHARED["gradient"] = ("loss", "relu", "sums")
_LONG = {"x": (), "h1": ("x",), "h2": ("h1",), "h3": ("h2",), "h4": ("h3",)}
_LONG["loss"] = ("h4",)

operations_to_run = Exercise(
    solution=_operations_to_run,
    # By hand; a test compares them with TensorFlow's own pruning.
    cases=[
        ((_TOY, "b", ()), ["b"]),
        ((_TOY, "total", ("a",)), ["b", "one", "product", "total"]),
        ((_TOY, "total", ("product",)), ["one", "total"]),
        ((_TOY, "total", ("a", "b")), ["one", "product", "total"]),
        ((_TOY, "total", ("total",)), []),
        ((_SHARED, "relu", ("x",)), ["relu", "sums", "w"]),
        ((_SHARED, "gradient", ("x",)), ["gradient", "loss", "relu", "sums", "w"]),
        ((_SHARED, "gradient", ("relu", "x")), ["gradient", "loss", "sums", "w"]),
        ((_LONG, "loss", ()), ["h1", "h2", "h3", "h4", "loss", "x"]),
        ((_LONG, "loss", ("h2",)), ["h3", "h4", "loss"]),
    ],
    hints=[
        "Walk back from the fetch: it must run, so must its inputs, and theirs.",
        "Keep a list of names still to look at, and a set of names that must run. Stop "
        "at a name that is fed or already in the set.",
        "`while waiting: name = waiting.pop()`; unless it is fed or known, add it to "
        "the set and `waiting.extend(inputs[name])`. Return `sorted(...)` of the set.",
    ],
    why="The session does the same for each new set of fetches and feeds. So a "
    "placeholder that no fetch depends on need not be fed, and fetching `loss` does "
    "not train. The set keeps an operation with two readers from running twice.",
    mistakes=_mistakes_06.OPERATIONS_TO_RUN,
)


def _checkpoint_numbers(shapes):
    """Return how many numbers the checkpoint holds, an int."""
    parameters = 0
    for shape in shapes:
        size = 1
        for side in shape:
            size *= side
        parameters += size
    return 3 * parameters + 3


checkpoint_numbers = Exercise(
    solution=_checkpoint_numbers,
    # By hand: parameters, twice as many slots, two powers of beta and global_step.
    cases=[
        (([(2, 3), (3,)],), 30),
        (([(784, 10), (10,)],), 23_553),
        (([(3, 3, 1, 16), (16,)],), 483),
        (([(4,), ()],), 18),
        (([(784, 256), (256,), (256, 128), (128,), (128, 10), (10,)],), 705_441),
    ],
    hints=[
        "Look at the list in *Save and restore*: how many entries belong to `conv1/w`?",
        "Each parameter is there three times: itself, the mean of its gradient, the "
        "mean of its squared gradient. Which entries have the shape `[]`?",
        "`beta1_power`, `beta2_power` and `global_step` are one number each: "
        "3 * parameters + 3. A shape `()` has one number; `math.prod` knows that.",
    ],
    why="Adam keeps two numbers for each parameter, so a checkpoint is three times as "
    "large as the network. `Saver(v1.trainable_variables())` saves a third of it, "
    "enough to use the network, too little to go on training.",
    mistakes=_mistakes_06_checkpoints.CHECKPOINT_NUMBERS,
)


def _newest_checkpoint(files):
    """Return the prefix of the newest complete checkpoint, or ""."""
    newest, largest = "", -2
    for file in files:
        prefix = file.removesuffix(".index")
        if prefix != file and f"{prefix}.data-00000-of-00001" in files:
            step = prefix.rpartition("-")[2]
            step = int(step) if step.isdigit() else -1  # saved without a step
            if step > largest:
                newest, largest = prefix, step
    return newest


def _pair(prefix):
    return (f"{prefix}.index", f"{prefix}.data-00000-of-00001")


newest_checkpoint = Exercise(
    solution=_newest_checkpoint,
    cases=[
        ((_pair("model-860"),), "model-860"),
        ((_pair("model-9") + _pair("model-10"),), "model-10"),
        ((_pair("m-1") + _pair("m-2"),), "m-2"),
        ((_pair("m-0") + _pair("early"),), "m-0"),
        ((_pair("m-20") + ("m-30.index", "m-40.meta") + _pair("m-10"),), "m-20"),
        ((_pair("m-5") + ("m-6.index", "m-6.meta"),), "m-5"),
        ((_pair("m-1") + ("m-2.data-00000-of-00001", "checkpoint"),), "m-1"),
        ((("checkpoint", "m-1.meta"),), ""),
        ((_pair("m-12") + ("m-12.meta", "m-13.meta") + _pair("m-7"),), "m-12"),
        ((("m-20.index", "m-200.data-00000-of-00001") + _pair("m-7"),), "m-7"),
        # What this lesson leaves: checkpoints without a step beside others.
        ((_pair("early") + _pair("single") + _pair("model-860"),), "model-860"),
        ((_pair("early"),), "early"),
        ((_pair("single"),), "single"),
        ((_pair("early") + _pair("m-0"),), "m-0"),
        ((_pair("lenet5") + _pair("model-3"),), "model-3"),  # 5 is no step
        # Names with hyphens and digits of their own; one name can end another.
        ((_pair("lenet-5-860") + _pair("lenet-90"),), "lenet-5-860"),
        (
            (
                (*_pair("lenet5-90"), "net-200.index", f"le{_pair('net-200')[1]}")
                + _pair("lenet-100"),
            ),
            "lenet-100",
        ),
    ],
    hints=[
        "First find the prefixes that have both files, then the one with the largest "
        "step.",
        "If a name ends in `.index`, cut that off with `removesuffix`, and ask whether "
        "the name of its data is in `files` too.",
        "As a text, `model-9` comes after `model-10`. Compare "
        '`int(prefix.rpartition("-")[2])`. A prefix without a step, such as '
        "`early`, counts as older than all that have one.",
    ],
    why="A crash can leave one file of two, and steps are numbers, not texts. "
    "`tf.train.latest_checkpoint` avoids both: it reads the file `checkpoint`, which "
    "is written only when the numbers lie on the disk.",
    mistakes=_mistakes_06_checkpoints.NEWEST_CHECKPOINT,
)


def _across(batches):
    """Return a function from images to logits, and its TensorFlow 2 variables."""
    v1 = tf.compat.v1
    shapes = {"conv1": (3, 3, 1, 16), "conv2": (3, 3, 16, 32)}
    shapes |= {"dense1": (7 * 7 * 32, 64), "dense2": (64, 10)}

    def network(x, w):  # (n, 28, 28, 1) -> (n, 10), in a graph and eagerly
        for name in ("conv1", "conv2"):
            x = tf.nn.conv2d(x, w[f"{name}/w"], 1, "SAME") + w[f"{name}/b"]
            x = tf.nn.max_pool2d(tf.nn.relu(x), 2, 2, "SAME")
        x = tf.reshape(x, [-1, 7 * 7 * 32])
        x = tf.nn.relu(x @ w["dense1/w"] + w["dense1/b"])
        return x @ w["dense2/w"] + w["dense2/b"]

    with tf.Graph().as_default(), v1.Session() as session:
        v1.set_random_seed(0)
        x = v1.placeholder(tf.float32, [None, 28, 28, 1])
        y = v1.placeholder(tf.int32, [None])
        glorot, zeros, w = v1.glorot_uniform_initializer(), v1.zeros_initializer(), {}
        for name, shape in shapes.items():
            w[f"{name}/w"] = v1.get_variable(f"{name}/w", shape, initializer=glorot)
            w[f"{name}/b"] = v1.get_variable(f"{name}/b", shape[-1:], initializer=zeros)
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(y, network(x, w))
        step = v1.train.AdamOptimizer(0.001).minimize(tf.reduce_mean(losses))
        session.run(v1.global_variables_initializer())
        for images, labels in batches:
            feed = {x: images[..., np.newaxis] / np.float32(255), y: labels}
            session.run(step, feed)
        trained = session.run(w)  # name -> array

    variables = {name: tf.Variable(array) for name, array in trained.items()}

    def read(images):  # (n, 28, 28) -> (n, 10)
        x = tf.cast(images, tf.float32)[..., tf.newaxis] / 255
        return network(x, variables)

    return read, list(variables.values())


across = Exercise(
    solution=_across,
    cases=[
        ((_open.batches(steps=2),), _open.has_form(218_490)),
        ((_open.batches(),), _open.reads(0.98, 218_490)),
    ],
    hints=[
        "Three parts: build a graph, run its training step once for each batch in a "
        "session, and fetch the trained weights before the session closes.",
        "This lesson's rate of 1e-4 is small for a single look. With 1e-3 two "
        "convolutions and two dense layers get there.",
        "Write the network as a function of `x` and a dictionary of weights. Called in "
        "the graph it adds operations; called later with `tf.Variable`s made of the "
        "fetched arrays, it computes.",
    ],
    why="`session.run(w)` turns a dictionary of variables into a dictionary of arrays, "
    "and arrays go anywhere. The function `network` is the same on both sides: what "
    "differs is who calls it.",
    mistakes=_open.MISTAKES,
    seconds=120,
)
