"""Bad input gets an error that says what was expected, what came and what to do."""

import ast
import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest

import course_utils
from course_utils import (
    cluster,
    diagrams,
    digit_pad,
    explorers,
    plots,
    runs,
)
from course_utils.cluster import Cluster
from course_utils.digit_pad import DigitPad
from course_utils.exercises import Exercise, Feedback, Mistake, lesson_03
from course_utils.monitor import Monitor

IMAGE = np.arange(16.0).reshape(4, 4)
STACK = np.arange(32.0).reshape(2, 4, 4)
FOUR = np.arange(4.0)
TEN, TENS = np.arange(10), np.zeros((10, 4, 4))
SCORES = {0: np.eye(10), 1: np.eye(10)}
WINDOWS = {"conv1": (2, 1)}
TINY = [np.ones(n) for n in ((2, 2), (2,), (2, 2), (2,), (2, 1), (1,))]
LINE = {"loss": ([1, 2], [3.0, 4.0])}
LAYER = [np.zeros((2, 4, 4, 3)), np.zeros((5, 5, 3, 2)), np.zeros(2)]
NET = {"weights": [np.eye(2)], "values": [np.eye(2), np.eye(2)]}


class Refuses:
    """An object that cannot become an array, a number or a text."""

    def __array__(self, *_, **__):
        raise RuntimeError("no array")

    def __float__(self):
        raise RuntimeError("no number")


def used_up():
    generator = iter([1.0])
    next(generator)
    return generator


def symbolic():
    import keras

    return keras.KerasTensor((4, 4))


NO_NUMBERS = {
    "None": None,
    "a text": "seven",
    "texts": [["a", "b"]],
    "ragged": [[1, 2], [3]],
    "an object": Refuses(),
    "a generator": used_up(),
    "a set": {1, 2},
    "a dict": {"a": 1},
    "complex": IMAGE + 1j,
    "dates": np.array([["2020-01-01"]], "datetime64[D]"),
    "a Keras tensor": symbolic(),
}
NO_IMAGE = NO_NUMBERS | {
    "a number": 7,
    "one row": np.zeros(4),
    "four axes": np.zeros((2, 2, 2, 2)),
    "nothing": np.zeros((0, 4)),
    "nan": np.full((4, 4), np.nan),
    "infinity": np.full((4, 4), np.inf),
    "huge": np.full((4, 4), 1e300),
    "huge integers": [[10**400, 1], [1, 1]],
}
NO_ROW = {name: v for name, v in NO_IMAGE.items() if name != "one row"} | {
    "one nan": np.array([1.0, np.nan, 2.0, 3.0]),
    "an image": IMAGE,
}
NO_STACK = {name: v for name, v in NO_IMAGE.items() if name != "four axes"} | {
    "one image": IMAGE,
    "channels": np.zeros((2, 4, 4, 3)),
    "no picture": np.zeros((0, 4, 4)),
    "nan": np.full((2, 4, 4), np.nan),
    "too many": np.zeros((500, 2, 2)),
}
NO_COUNT = {
    "None": None,
    "a text": "3",
    "a fraction": 2.5,
    "zero": 0,
    "negative": -1,
    "nan": float("nan"),
    "infinity": float("inf"),
    "huge": 10**400,
    "True": True,
    "an array": np.ones(2),
    "an object": Refuses(),
}
NO_SIZE = {name: NO_COUNT[name] for name in NO_COUNT if name != "a fraction"} | {
    "huge": 1e6
}
NO_TEXT = {"None": None, "a number": 3, "empty": "", "blank": " \n"}
NO_FUNCTION = {"None": None, "a number": 3, "other arguments": lambda image: image}
NO_DICT = {"None": None, "a list": [1], "empty": {}, "a text": "loss"}


def no_step(w, b, x, y, learning_rate):
    return w - b


def mean_square(labels, logits):
    return np.mean(logits**2)


def conv2d(image, kernel, stride, padding):
    return np.zeros((2, 2))


def needs(inputs, fetch, fed):
    return [fetch]


def small_session():
    import tensorflow.compat.v1 as v1

    with v1.Graph().as_default() as graph:
        v1.placeholder(v1.float32, [], name="a")
    return v1.Session(graph=graph)


def piece_sent(worker, step, workers):
    return (worker - step + 1) % workers


def batch_normalisation():
    import keras

    return keras.layers.BatchNormalization()


def solve_tiny(x, parameters):
    return np.zeros((1, 1))


def grade_tiny(x, y, parameters):
    return parameters


def solution(x):
    return x


def exercise(**changed):
    sound = {"cases": [((1,), 1)], "hints": ["one"], "why": "so"}
    return Exercise(solution, **sound | changed)


def save(**changed):
    figures = {"test_accuracy": 0.5, "parameters": 1, "training_seconds": 1}
    runs.save("02_mlp", **figures | {"images_per_second": 1} | changed)


def layer(x, w, b):
    return np.zeros((1, 4, 4, 1))


def halved(x):
    return x[:, ::2, ::2]


def product(third, **more):
    diagrams.product({"a": np.eye(2), "b": np.eye(2), "c": third}, **more)


def log(step=1, **values):
    with Monitor(3) as monitor:
        monitor.log(step, **values)


def on_pad(name, value):
    setattr(DigitPad(), name, value)


def no_axes(values, *names):
    """Return a table without what is right where other axes are asked for."""
    return {name: v for name, v in values.items() if name not in names}


NO_STROKES = {
    "None": None,
    "a number": 3,
    "a text": "seven",
    "a dict": {"a": 1},
    "an object": Refuses(),
    "an array without axes": np.array(0.5),
}
NO_STROKE = {
    "None": None,
    "a text": "ab",
    "ragged": [[0.1], [0.1, 0.2]],
    "one point": [0.1, 0.2],
    "outside": [[0.1, 1.2]],
    "nan": [[0.1, np.nan]],
    "empty": [],
    "three numbers": [[0.1, 0.2, 0.3]],
}
NO_INK = NO_IMAGE | {"bytes": np.full((4, 4), 255), "negative": -np.eye(4)}
NO_FILE = {"None": None, "a number": 3, "a folder": ".", "bytes": b"no picture"}
NO_WORKER = {"None": None, "a text": "0", "-1": -1, "1": 1, "half": 0.5, "True": True}

# The call, the argument that goes wrong, and what it may be given.
DOORS = [
    (lambda v: plots.show(alt=v), "alt", NO_TEXT),
    (plots.images, "pictures", NO_STACK),
    (lambda v: plots.images(STACK, v), "titles", {"one": ["a"], "text": "ab", "3": 3}),
    (lambda v: plots.images(STACK, columns=v), "columns", NO_COUNT),
    (lambda v: plots.images(STACK, size=v), "size", NO_SIZE),
    (lambda v: plots.curves(v, "x", "y"), "lines", NO_DICT),
    (
        lambda v: plots.curves({"loss": v}, "x", "y"),
        "the curve 'loss'",
        {
            "None": None,
            "three": ([1], [2], [3]),
            "unequal": ([1, 2], [1, 2, 3]),
            "texts": (["a"], ["b"]),
            "empty": ([], []),
            "nan steps": ([np.nan], [1]),
            "two axes": (IMAGE, IMAGE),
        },
    ),
    (lambda v: plots.curves(LINE, "x", "y", yscale=v), "yscale", {"x": "x", "None": 0}),
    (plots.filters, "weights", NO_STACK | {"HWO": np.ones((5, 5, 32))}),
    (
        plots.confusion_matrix,
        "table",
        NO_IMAGE
        | {"shares": np.full((3, 3), 0.5), "negative": -np.eye(3), "2x3": IMAGE[:2]},
    ),
    (
        lambda v: plots.broadcasting(v, np.ones(4)),
        "a",
        {n: v for n, v in NO_IMAGE.items() if n not in ("a number", "one row")}
        | {"does not fit": np.ones(3), "large": np.ones((100, 4))},
    ),
    (plots.panels, "pictures", NO_DICT),
    (
        lambda v: plots.panels({"map": v}),
        "the picture 'map'",
        NO_IMAGE | {"taken for colours": np.ones((2, 2, 3))},
    ),
    (
        lambda v: plots.panels({"map": v}, numbers=True),
        "the picture 'map'",
        NO_IMAGE | {"large": np.zeros((100, 100))},
    ),
    (lambda v: plots.panels({"map": IMAGE}, v), "size", NO_SIZE),
    (lambda v: plots.panels({"map": IMAGE}, columns=v), "columns", NO_COUNT),
    (lambda v: explorers.channels(v, halved, LAYER, LAYER), "conv2d", NO_FUNCTION),
    (
        lambda v: explorers.channels(layer, v, LAYER, LAYER),
        "maxpool2d",
        {"None": None, "a number": 3, "two arguments": lambda x, size: x},
    ),
    (
        lambda v: explorers.channels(layer, halved, v, LAYER),
        "start",
        NO_STROKES
        | {"two arrays": LAYER[:2], "other biases": [*LAYER[:2], np.zeros(3)]}
        | {"wide": [np.zeros((1, 4, 29, 3)), *LAYER[1:]]},
    ),
    (
        lambda v: explorers.channels(layer, halved, [LAYER[0], v, LAYER[2]], LAYER),
        r"start\[1\]",
        no_axes(NO_IMAGE, "four axes"),
    ),
    (
        lambda v: explorers.channels(layer, halved, LAYER, [v, *LAYER[1:]]),
        r"trained\[0\]",
        NO_IMAGE | {"other digits": np.zeros((3, 4, 4, 3))},
    ),
    (lambda v: explorers.convolution(v, conv2d), "image", NO_IMAGE),
    (lambda v: explorers.convolution(IMAGE, v), "conv2d", NO_FUNCTION),
    (
        lambda v: explorers.convolution(IMAGE, conv2d, v),
        "kernel",
        {n: v for n, v in NO_IMAGE.items() if n != "None"} | {"2x4": IMAGE[:2]},
    ),
    (lambda v: explorers.gradient_descent(v, FOUR, FOUR), "step", NO_FUNCTION),
    (
        lambda v: explorers.gradient_descent(no_step, v, FOUR),
        "x",
        NO_ROW | {"one": [1.0], "all equal": np.ones(4)},
    ),
    (
        lambda v: explorers.gradient_descent(no_step, FOUR, v),
        "y",
        NO_ROW | {"short": [1.0, 2.0]},
    ),
    (explorers.logits, "loss", NO_FUNCTION),
    (lambda v: explorers.mistakes(v, FOUR, np.eye(4)), "images", NO_STACK),
    (lambda v: explorers.mistakes(STACK, v, np.eye(4)[:2]), "labels", NO_ROW),
    (
        lambda v: explorers.mistakes(STACK, [0, 1], v),
        "logits",
        NO_IMAGE | {"one class": np.ones((2, 1))},
    ),
    (lambda v: explorers.difference(v, 1e-4), "searches", NO_DICT),
    (
        lambda v: explorers.difference({"a": v}, 1e-4),
        "the search of a",
        NO_DICT | {"texts": {"x": "y"}, "nan": {"x": np.nan}},
    ),
    (
        lambda v: explorers.difference({"a": {"s": v}}, 1e-4),
        "the search of a in s",
        NO_DICT | {"texts": {"x": "y"}, "nan": {"x": np.nan}, "negative": {"x": -1}},
    ),
    (
        lambda v: explorers.difference({"a": {"s": {"x": 1}}}, v),
        "band",
        {"None": None, "0": 0, "-1": -1, "text": "0.1", "nan": np.nan},
    ),
    (
        lambda v: explorers.graph(v, needs, [], {}),
        "session",
        {"None": None, "a class": dict, "a number": 3},
    ),
    (lambda v: explorers.graph(small_session(), v, ["a:0"], {}), "needed", NO_FUNCTION),
    (lambda v: explorers.graph(small_session(), needs, ["a:0"], v), "feeds", NO_DICT),
    (
        lambda v: explorers.ring_all_reduce(v, piece_sent),
        "arrays",
        NO_IMAGE
        | {"two rows": np.ones((2, 4)), "(4, 13)": np.ones((4, 13))}
        | {"(4, 3)": np.ones((4, 3)), "halves": np.full((3, 4), 0.5)}
        | {"hundreds": np.full((3, 4), 100)},
    ),
    (
        lambda v: explorers.ring_all_reduce(np.ones((3, 4)), v),
        "piece_sent",
        NO_FUNCTION,
    ),
    (
        lambda v: explorers.normalisation(v, np.zeros((512, 2))),
        "layer",
        {"None": None, "a function": len, "a class": dict},
    ),
    (
        lambda v: explorers.normalisation(batch_normalisation(), v),
        "features",
        NO_IMAGE | {"few images": np.zeros((3, 2))},
    ),
    (
        lambda v: explorers.receptive_field(v, WINDOWS, IMAGE),
        "field_width",
        NO_FUNCTION,
    ),
    (lambda v: explorers.receptive_field(len, v, IMAGE), "windows", NO_DICT),
    (lambda v: explorers.receptive_field(len, WINDOWS, v), "image", NO_IMAGE),
    (
        explorers.reduction,
        "reduce",
        {"None": None, "a number": 3, "two arrays": lambda a, b: a},
    ),
    (lambda v: explorers.tiny_network(v, no_step, TINY), "forward", NO_FUNCTION),
    (
        lambda v: explorers.tiny_network(solve_tiny, grade_tiny, TINY, v),
        "x",
        NO_ROW | {"three": [0, 1, 2]},
    ),
    (
        lambda v: explorers.tiny_network(solve_tiny, grade_tiny, TINY, y=v),
        "y",
        {"None": None, "far": 30, "text": "0", "nan": np.nan},
    ),
    (lambda v: explorers.training(v, TEN, SCORES), "images", NO_STACK),
    (lambda v: explorers.training(TENS, v, SCORES), "labels", NO_ROW),
    (
        lambda v: explorers.training(TENS, TEN, v),
        "scores",
        NO_DICT
        | {
            "one moment": {0: np.eye(10)},
            "a text for a key": {"a": np.eye(10), 1: np.eye(10)},
            "negative": {-1: np.eye(10), 1: np.eye(10)},
            "short": {0: np.eye(9, 10), 1: np.eye(10)},
        },
    ),
    (lambda v: DigitPad({"a": v}), "a", {"None": None, "a number": 3}),
    (
        lambda v: DigitPad(images=v),
        "images",
        {n: v for n, v in NO_STACK.items() if n != "None"},
    ),
    (lambda v: on_pad("strokes", v), "strokes", NO_STROKES),
    (lambda v: on_pad("strokes", [v]), "a stroke", NO_STROKE),
    (lambda v: on_pad("image", v), "image", NO_IMAGE | {"shares": IMAGE / 16}),
    (lambda v: DigitPad().read_photo(v), "the file", NO_FILE),
    (digit_pad.photo_ink, "the file", NO_FILE),
    (digit_pad.rasterise, "strokes", NO_STROKES),
    (lambda v: digit_pad.rasterise([v]), "a stroke", NO_STROKE),
    (digit_pad.centre, "ink", NO_INK),
    (diagrams.architecture, "shapes", NO_DICT),
    (
        lambda v: diagrams.architecture({"a": v}),
        "the shape of a",
        {"None": None, "7": 7, "text": "7", "two axes": (28, 28), "-1": (-1,)},
    ),
    (lambda v: diagrams.network(**NET | {"weights": v}), "weights", NO_STROKES),
    (
        lambda v: diagrams.network(**NET | {"weights": [v]}),
        r"weights\[0\]",
        NO_IMAGE | {"4x4": IMAGE},
    ),
    (lambda v: diagrams.network(**NET | {"values": v}), "values", NO_STROKES),
    (
        lambda v: diagrams.network(**NET | {"values": [v, np.eye(2)]}),
        r"values\[0\]",
        NO_IMAGE,
    ),
    (
        lambda v: diagrams.network(**NET, gradients=v),
        "gradients",
        no_axes(NO_STROKES, "None"),
    ),
    (diagrams.product, "arrays", NO_DICT),
    (product, "the array 'c'", NO_IMAGE),
    (
        lambda v: product(np.eye(2), marked=v),
        "marked",
        {"7": 7, "text": "ab", "outside": (2, 0), "three": (0, 0, 0)},
    ),
    (
        lambda v: plots.confusion_matrix(np.eye(3), v),
        "axis",
        {"3": 3, "text": "x", "the class": plt.Axes},
    ),
    (lambda v: Cluster(v, 1), "script", {"None": None, "3": 3, "bytes": b"a.py"}),
    (lambda v: Cluster(__file__, v), "workers", NO_COUNT | {"9": 9}),
    (
        lambda v: Cluster(__file__, 1, seconds=v),
        "seconds",
        {"None": None, "text": "1", "0": 0, "nan": np.nan, "True": True},
    ),
    (lambda v: Cluster(__file__, 1).kill(v), "worker", NO_WORKER),
    (lambda v: Cluster(__file__, 1).terminate(v), "worker", NO_WORKER),
    (lambda v: Cluster(__file__, 1).errors(v), "worker", NO_WORKER),
    (cluster.stored, "name", {"None": None, "3": 3, "other": "other", "a list": []}),
    (Monitor, "steps", NO_COUNT),
    (log, "step", NO_COUNT),
    (
        lambda v: log(loss=v),
        "loss",
        {"None": None, "text": "1", "two": np.ones(2), "object": Refuses()},
    ),
    (
        lambda v: Monitor(3, v),
        "batch_size",
        {n: v for n, v in NO_COUNT.items() if n != "None"},
    ),
    (
        lambda v: save(weights=v),
        "weights",
        {"a list": [1], "a text": "w", "an array": IMAGE},
    ),
    (lambda v: save(parameters=v), "parameters", no_axes(NO_COUNT, "zero")),
    (
        lambda v: save(test_accuracy=v),
        "test_accuracy",
        {"None": None, "text": "1", "98": 98, "-1": -1, "nan": np.nan, "True": True},
    ),
    (
        runs.load,
        "lesson",
        {"None": None, "3": 3, "empty": "", "a path": "../x", "a list": []},
    ),
    (lambda v: lesson_03.max_pool.pick(len, v), "ours", NO_STROKES),
    (lambda v: Mistake(v, len, "so"), "id", NO_TEXT | {"words": "Two Words"}),
    (lambda v: Mistake("id", v, "so"), "function", NO_STROKES),
    (lambda v: Mistake("id", len, v), "message", NO_TEXT),
    (lambda v: Exercise(v, [((1,), 1)], ["one"], "so"), "solution", NO_STROKES),
    (lambda v: exercise(cases=v), "cases", {"None": None, "none": [], "no pair": [1]}),
    (lambda v: exercise(hints=v), "hints", {"None": None, "none": [], "text": "one"}),
    (lambda v: exercise(why=v), "why", NO_TEXT),
    (lambda v: exercise(tolerance=v), "tolerance", {"-1": -1, "text": "0", "nan": "n"}),
    (lambda v: Feedback(v, "words"), "outcome", {"None": None, "another": "wrong"}),
    (lambda v: Feedback("correct", v), "message", NO_TEXT),
]


@pytest.fixture(autouse=True)
def no_traces(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_RUNS", str(tmp_path))
    plt.close("all")
    plt.figure()  # for show
    yield
    plt.close("all")


# ipywidgets 7, which Colab has, still calls what its traitlets would rather not have.
IPYWIDGETS_7 = "ignore:Deprecated in traitlets 4.1:DeprecationWarning"


@pytest.mark.parametrize(
    ("call", "argument", "value"),
    [
        pytest.param(call, argument, value, id=f"{number}-{argument}-{name}")
        for number, (call, argument, values) in enumerate(DOORS)
        for name, value in values.items()
    ],
)
@pytest.mark.filterwarnings("error", IPYWIDGETS_7)
def test_a_door_says_what_was_expected_what_came_and_what_to_do(call, argument, value):
    with pytest.raises((ValueError, TypeError)) as caught:
        call(value)
    message = str(caught.value)
    name = argument if "\\" in argument else re.escape(argument)
    assert re.search(rf"(?:^|\W){name}(?!\w).* must |must .*{name}", message), message
    assert re.search(r"got .*: \S", message, re.DOTALL), message
    assert "\n" not in message and len(message) < 400, message
    assert type(caught.value) in (ValueError, TypeError)


UNUSUAL = {
    "a mask": IMAGE > 7,
    "int8": (IMAGE * 10 - 100).astype(np.int8),
    "float16": IMAGE.astype(np.float16),
    "lists": IMAGE.tolist(),
    "one value": np.zeros((4, 4)),
    "fortran order": np.asfortranarray(IMAGE),
    "read-only": np.broadcast_to(7, (4, 4)),
}


@pytest.mark.parametrize("image", UNUSUAL.values(), ids=UNUSUAL)
@pytest.mark.filterwarnings("error", IPYWIDGETS_7)
def test_valid_input_of_an_unusual_kind_works(image):
    before = np.array(image)
    plots.images(np.array([image]))
    plots.filters(np.array([image]))
    plots.panels({"image": image}, numbers=True)
    plots.broadcasting(image, 1)
    explorers.convolution(image, explorers_own)
    np.testing.assert_array_equal(before, np.array(image))


def explorers_own(image, kernel, stride, padding):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("rcij,ij->rc", windows, kernel)


def test_a_tensorflow_tensor_is_an_array():
    import tensorflow as tf

    plots.panels({"image": tf.constant(IMAGE)}, numbers=True)
    plots.filters(tf.constant(STACK, tf.bfloat16))
    plots.curves({"loss": (tf.range(2), tf.constant([1.0, np.nan]))}, "step", "loss")


# What stands in the table by no name of its own, and why.
NO_DOOR = {
    "checks.": "they are the doors that the table knocks at",
    "plots.picture": "gets what plots.show and Monitor have drawn",
    "Exercise.check": "judges anything and raises nothing: test_exercises.py",
    "Exercise.source": "tools give it the name that a lesson's stub has",
    "plots.boxes": "gets what figures and explorers have checked",
    "runs.write_whole": "gets bytes from runs.save and the exercises alone",
}


def public_callables():
    """Yield the names of all that takes arguments in the package's public modules."""
    package = pkgutil.walk_packages(course_utils.__path__, "course_utils.")
    for found in package:
        if any(part.startswith("_") for part in found.name.split(".")):
            continue
        module = importlib.import_module(found.name)
        short = "explorers" if ".explorers" in found.name else found.name.split(".")[-1]
        for name, value in vars(module).items():
            own = getattr(value, "__module__", None) == found.name
            if name.startswith("_") or not own:
                continue
            if inspect.isfunction(value) and inspect.signature(value).parameters:
                yield f"{short}.{name}"
            elif inspect.isclass(value) and not issubclass(value, Exception):
                yield name
                for part, method in vars(value).items():
                    method = getattr(method, "fset", method)  # a property that is set
                    if part.startswith("_") or not inspect.isfunction(method):
                        continue
                    if len(inspect.signature(method).parameters) > 1:
                        yield f"{name}.{part}"


def names_in_the_table():
    """Return the dotted names that the table and its helpers use, and its texts."""
    tree = ast.parse(Path(__file__).read_text("utf-8"))
    kinds = ast.FunctionDef | ast.Assign
    parts = [node for node in tree.body if isinstance(node, kinds)]
    parts = [p for p in parts if "NO_DOOR" not in ast.unparse(p)]
    nodes = [node for part in parts for node in ast.walk(part)]
    names = {ast.unparse(n) for n in nodes if isinstance(n, ast.Attribute | ast.Name)}
    return names | {n.value for n in nodes if isinstance(n, ast.Constant)}


def test_the_table_has_a_door_for_everything_public_that_takes_arguments():
    due, known = set(public_callables()), names_in_the_table()
    methods = {name.rpartition(".")[2] for name in known if isinstance(name, str)}
    exempt = {name for name in due if name.startswith(tuple(NO_DOOR))}
    lacking = {
        name
        for name in due - exempt - known
        if not (name[0].isupper() and name.rpartition(".")[2] in methods)
    }
    assert not lacking, f"give the table of doors a line for each of {sorted(lacking)}"
    stale = {name for name in NO_DOOR if not any(d.startswith(name) for d in due)}
    assert not stale
    assert {"plots.images", "explorers.convolution", "DigitPad.strokes"} <= due
