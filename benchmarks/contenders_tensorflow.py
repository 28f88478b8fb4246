"""The TensorFlow side of benchmark.py: the lessons' own code, and Keras `fit`.

What a lesson's step does is not written here a second time: `definitions` takes it out
of the committed notebook.
"""

import ast
import builtins
import linecache
import statistics
import symtable
import sys
import time
import types

import keras
import nbformat
import numpy as np
import tensorflow as tf


def definitions(cells, wanted, given=()):
    """Return the code of a notebook that defines some names, and no more.

    It begins with the first cell that defines a name and takes the statement, those
    above that define what it uses, and so on. A training loop, a figure or a printed
    line defines nothing that is wanted, so it stays out.

    Args:
        cells: texts of the notebook's code cells.
        wanted: names to define.
        given: names that the caller defines.

    Returns:
        Statements in the notebook's order, one text.

    Raises:
        LookupError: the notebook does not define a name.
    """
    statements = [
        (number, node, *names_of(node))
        for number, cell in enumerate(cells)
        for node in split_imports(cell)
    ]
    known = set(dir(builtins)) | set(given)
    chosen = set()

    def take(name, places):
        """Choose the last of these places that defines the name, and what it uses."""
        found = [place for place in places if name in statements[place][2]]
        if not found:
            raise LookupError(
                f"the notebook must define {name} at the top level of a cell, got no "
                "such cell: tell benchmarks/benchmark.py what the lesson calls it now"
            )
        if found[-1] not in chosen:
            chosen.add(found[-1])
            _, _, defined, used = statements[found[-1]]
            for other in used - known:
                above = [i for i in range(found[-1]) if other in statements[i][2]]
                if above or other not in defined:
                    take(other, above)

    for name in wanted:
        homes = [number for number, _, defined, _ in statements if name in defined]
        take(name, [i for i, s in enumerate(statements) if s[0] in homes[:1]])
    return "\n".join(ast.unparse(statements[place][1]) for place in sorted(chosen))


def split_imports(cell):
    """Return a cell's statements as syntax trees, with one name in each import."""
    try:
        nodes = ast.parse(cell).body
    except SyntaxError:  # the Colab cell, with its %pip
        return []
    single = []
    for node in nodes:
        if isinstance(node, ast.Import):
            single += [ast.Import([alias]) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            single += [ast.ImportFrom(node.module, [alias], 0) for alias in node.names]
        else:
            single.append(node)
    return single


def names_of(node):
    """Return the sets of global names that a statement defines and uses."""
    table = symtable.symtable(ast.unparse(node), "cell", "exec")
    symbols = table.get_symbols()
    defined = {s.get_name() for s in symbols if s.is_assigned() or s.is_imported()}
    used = {s.get_name() for s in symbols if s.is_referenced()}
    inner = table.get_children()
    while inner:
        table = inner.pop()
        inner += table.get_children()
        used |= {s.get_name() for s in table.get_symbols() if s.is_global()}
    return defined, used


def code_cells(path):
    """Return the texts of a notebook's code cells."""
    cells = nbformat.read(path, as_version=4).cells
    return [cell.source for cell in cells if cell.cell_type == "code"]


def load(path, wanted, given=()):
    """Return a module with what a notebook defines under some names.

    Args:
        path: the notebook's path.
        wanted: names to define.
        given: names that the caller sets in the module before they are used.
    """
    code = definitions(code_cells(path), wanted, given)
    # As in Jupyter: tf.function reads the source of what it turns into a graph.
    name = f"<{path.name}>"
    linecache.cache[name] = len(code), None, code.splitlines(keepends=True), name
    module = sys.modules["lesson"] = types.ModuleType("lesson")
    keras.utils.set_random_seed(0)
    exec(compile(code, name, "exec"), module.__dict__)
    return module


def contender(lesson, path, name):
    """Return the functions that train a lesson's network and measure it.

    Args:
        lesson: the lesson's entry in `benchmark.LESSONS`.
        path: path of the lesson's notebook.
        name: "lesson" for its step, "eager" for the same without a graph, "epoch" for
            an epoch in a graph, "fit" for Keras `fit`.

    Returns:
        `train(report, every)`, which calls `report(steps made so far)` after the first
        step, then at least after `every` more, until it returns True; and
        `accuracy()`, the share of the validation images read correctly.
    """
    module = load(path, lesson["wanted"], lesson.get("given", ()))
    if name == "fit":
        return fitting(lesson, module)
    own = {1: lesson_01, 2: lesson_02, 3: lesson_03, 4: lesson_04, 5: lesson_05}
    epoch, step, accuracy = own.get(int(path.name[:2]), lesson_06)(
        module, name == "eager"
    )
    if name == "epoch":
        step = module.train_step.python_function
        return whole_epochs(tf.function(module.make_epoch(step)), epoch()), accuracy

    def train(report, every):
        number = 0
        while True:
            for x, y in epoch():
                step(x, y)
                number += 1
                if report(number):
                    return

    return train, accuracy


def whole_epochs(run_epoch, dataset):
    """Return the `train` of a function that trains on a dataset once."""

    def train(report, every):
        run_epoch(dataset.take(1))
        number = 1
        while not report(number):
            run_epoch(dataset)
            number += len(dataset)

    return train


# What each lesson names: a function that gives one epoch's batches, the step, and the
# accuracy on the validation images.


def in_graph_or_not(step, eager):
    """Return a tf.function, or the Python function that it was made from."""
    return step.python_function if eager else step


def lesson_01(module, eager):
    """Return epoch, step and accuracy of the linear reader."""
    w, b = tf.Variable(tf.zeros((784, 10))), tf.Variable(tf.zeros((10,)))
    rate, step = tf.constant(0.1), in_graph_or_not(module.reader_step, eager)
    return (
        lambda: module.batches,
        lambda x, y: step(w, b, x, y, rate),
        lambda: module.accuracy(w, b, module.x_val, module.y_val),
    )


def lesson_02(module, eager):
    """Return epoch, step and accuracy of the three layers."""
    rng = np.random.default_rng(0)
    network, final = module.scaled_network, module.final
    return (
        lambda: module.batches(module.x_train, module.y_train, rng),
        in_graph_or_not(module.train_step, eager),
        lambda: module.accuracy(network, final, module.x_val, module.y_val),
    )


def lesson_03(module, eager):
    """Return epoch, step and accuracy of the raw CNN."""

    def accuracy():
        logits = module.read(module.x_val, module.weights, module.biases)
        return np.mean(np.argmax(logits, axis=1) == module.y_val)

    step = in_graph_or_not(module.train_step, eager)
    return lambda: module.batches, step, accuracy


def lesson_04(module, eager):
    """Return epoch, step and accuracy of the Keras subclass."""
    step = in_graph_or_not(module.train_step, eager)
    return lambda: module.batches, step, lambda: module.accuracy_of(module.network)


def lesson_05(module, eager):
    """Return epoch, step and accuracy of LeNet."""
    step = in_graph_or_not(module.train_step, eager)
    network, x_val, y_val = module.network, module.x_val, module.y_val
    return (
        lambda: module.batches,
        step,
        lambda: module.measure(network, x_val, y_val)[1],
    )


def lesson_06(module, eager):
    """Return epoch, step and accuracy of the graph; eager, of the same network."""
    module.sess = tf.compat.v1.Session(graph=module.graph)
    module.sess.run(module.initialize)
    rng = np.random.default_rng(0)

    def epoch():
        for images, labels in module.batches(module.x_train, module.y_train, rng):
            yield module.prepare(images), labels

    def step(x, y):
        feed = {module.x: x, module.y: y}
        return module.sess.run([module.loss, module.train_op], feed)

    if not eager:
        return (
            epoch,
            step,
            lambda: module.measure(module.sess, module.x_val, module.y_val),
        )
    variables = {w.op.name: w for w in module.graph.get_collection("variables")}
    names = [f"{layer}/{w}" for layer in LAYERS_06 for w in "wb"]
    values = module.sess.run({name: variables[name] for name in names})
    module.v = {name: tf.Variable(value) for name, value in values.items()}
    optimizer = keras.optimizers.Adam(1e-4, epsilon=1e-8)

    def eager_step(x, y):
        with tf.GradientTape() as tape:
            logits = module.eager_network(x)
            losses = tf.nn.softmax_cross_entropy_with_logits(y, logits)
            loss = tf.reduce_mean(losses)
        gradients = tape.gradient(loss, [*module.v.values()])
        optimizer.apply_gradients(zip(gradients, module.v.values(), strict=True))
        return loss

    def read(images):
        return module.eager_network(module.prepare(images))

    return epoch, eager_step, lambda: accuracy_of(read, module)


LAYERS_06 = ("conv1", "conv2", "conv3", "conv4", "dense1", "dense2")


def fitting(lesson, module):
    """Return `train` and `accuracy` of Keras `fit` on the same images.

    Args:
        lesson: the lesson's entry in `benchmark.LESSONS`.
        module: the lesson's own code; images, labels and batches come from it.
    """
    squared = lesson["loss"] == "squared"

    def prepare(images, labels):
        images = tf.cast(images, tf.float32)[..., tf.newaxis] / 255
        return images, tf.one_hot(labels, 10) if squared else labels

    batches = module.batches
    if not isinstance(batches, tf.data.Dataset):  # the lesson has a Python generator
        batches = tf.data.Dataset.from_tensor_slices((module.x_train, module.y_train))
        batches = batches.shuffle(55_000).batch(lesson["batch_size"])
    if batches.element_spec[0].dtype == tf.uint8:
        batches = batches.map(prepare).prefetch(2)
    model = compiled(lesson, np.ndim(module.y_val) == 2)
    model.build(batches.element_spec[0].shape)

    def train(report, every):
        forever = batches.repeat()
        model.fit(forever, steps_per_epoch=1, shuffle=False, verbose=0)
        if report(1):
            return

        def on_epoch_end(epoch, logs):
            model.stop_training = report(1 + (epoch + 1) * every)

        look = keras.callbacks.LambdaCallback(on_epoch_end=on_epoch_end)
        settings = dict(steps_per_epoch=every, epochs=10_000, shuffle=False)
        model.fit(forever, callbacks=[look], verbose=0, **settings)

    def read(images):
        return model(prepare(images, 0)[0], training=False)

    return train, lambda: accuracy_of(read, module)


def compiled(lesson, one_hot):
    """Return the lesson's network as a Keras model with its optimizer and its loss.

    Args:
        lesson: the lesson's entry in `benchmark.LESSONS`.
        one_hot: whether the lesson keeps its labels one-hot.
    """
    name, learning_rate, epsilon = lesson["optimizer"]
    if name == "sgd":
        optimizer = keras.optimizers.SGD(learning_rate)
    else:
        optimizer = keras.optimizers.Adam(learning_rate, epsilon=epsilon)
    losses = keras.losses
    if lesson["loss"] == "squared":
        loss = losses.MeanSquaredError()
    elif one_hot:
        loss = losses.CategoricalCrossentropy(from_logits=True)
    else:
        loss = losses.SparseCategoricalCrossentropy(from_logits=True)
    model = make_network(lesson)
    model.compile(optimizer, loss, metrics=["accuracy"] if lesson["accuracy"] else None)
    return model


def accuracy_of(read, module):
    """Return the share of the validation images read correctly, 500 at a time.

    Args:
        read: function from images to logits.
        module: the lesson's own code, whose labels may be one-hot.
    """
    pieces = [module.x_val[i : i + 500] for i in range(0, len(module.x_val), 500)]
    answers = np.argmax(np.concatenate([read(piece) for piece in pieces]), axis=1)
    one_hot = np.ndim(module.y_val) == 2
    return np.mean(answers == (np.argmax(module.y_val, 1) if one_hot else module.y_val))


def make_network(lesson):
    """Return the lesson's network as a Keras model that is not built yet."""

    def he(shape, dtype=None):
        """Return what lessons 02 and 03 draw."""
        return tf.random.truncated_normal(
            shape, stddev=np.sqrt(2 / np.prod(shape[:-1]))
        )

    rules = {"he": he, "glorot": "glorot_uniform", "zeros": "zeros"}
    start = {"kernel_initializer": rules[lesson["initialisation"]]}
    kinds = {
        "conv": lambda filters, size, padding: keras.layers.Conv2D(
            filters, size, padding=padding, **start
        ),
        "dense": lambda units: keras.layers.Dense(units, **start),
        "relu": keras.layers.ReLU,
        "pool": lambda: keras.layers.MaxPool2D(2),
        "flatten": keras.layers.Flatten,
        "norm": keras.layers.BatchNormalization,
        "dropout": keras.layers.Dropout,
    }
    layers = [kinds[kind](*settings) for kind, *settings in lesson["layers"]]
    return keras.Sequential(layers)


def matrix_product_flops(size=2048, repeats=9):
    """Return the operations per second of a float32 matrix product, the median."""
    a = tf.random.normal((size, size))
    (a @ a).numpy()
    rates = []
    for _ in range(repeats):
        started = time.perf_counter()
        (a @ a).numpy()
        rates.append(2 * size**3 / (time.perf_counter() - started))
    return statistics.median(rates)
