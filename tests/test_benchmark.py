"""The benchmark finds the lessons' own steps, counts, compares and draws its tables."""

import json

import benchmark
import contenders_tensorflow
import numpy as np
import pytest
from benchmark import LESSONS, BenchmarkError


def rounds(**speeds):
    """Return rounds of figures from lists of speeds."""
    return [
        {
            name: {"images_per_second": speed, "first_step": 0.5, "memory": 5e8}
            | ({"matrix_product": 2e11} if name == "lesson" else {})
            for name, speed in zip(speeds, turn, strict=True)
        }
        for turn in zip(*speeds.values(), strict=True)
    ]


def test_code_is_taken_with_what_it_needs_and_no_more():
    cells = [
        "%pip install something",
        "import os, sys\nfrom math import pi, e",
        "a = 1\nunused = pi",
        "def area(r):\n    print('called')\n    return a * e * r",
        "b = [1]\nb = b + [area(2)]\nprint(b)",
        "for a in range(10**9):\n    b = a",
    ]
    code = contenders_tensorflow.definitions(cells, ["b"]).splitlines()
    assert code[:3] == ["from math import e", "a = 1", "def area(r):"]
    assert code[-2:] == ["b = [1]", "b = b + [area(2)]"]


def test_a_name_is_resolved_where_it_is_used():
    cells = ["x = 1", "y = x", "x = 2", "z = x + y"]
    code = contenders_tensorflow.definitions(cells, ["z"])
    assert code.splitlines() == [*cells]


@pytest.mark.parametrize("cells", [["a = b"], ["def a():\n    return b"], ["b = 1"]])
def test_a_missing_definition_is_named(cells):
    with pytest.raises(LookupError, match="must define [ab] at the top level"):
        contenders_tensorflow.definitions(cells, ["a"])


def test_what_the_caller_gives_is_not_looked_for():
    assert contenders_tensorflow.definitions(["a = b"], ["a"], given=["b"]) == "a = b"


@pytest.mark.parametrize("number", LESSONS)
def test_the_lesson_has_the_code_that_is_measured(number):
    lesson = LESSONS[number]
    cells = contenders_tensorflow.code_cells(benchmark.notebook(number))
    code = contenders_tensorflow.definitions(
        cells, lesson["wanted"], lesson.get("given", ())
    )
    assert "Monitor" not in code and "plots" not in code and "tqdm" not in code
    assert f"batch({lesson['batch_size']})" in code or str(lesson["batch_size"]) in code


def test_the_layers_are_those_of_the_lessons():
    # The numbers of parameters that the notebooks print.
    expected = [7850, 235_146, 3_274_634, 40_842, 60_074, 218_490]
    assert [benchmark.parameters(le["layers"]) for le in LESSONS.values()] == expected


def test_operations_of_a_dense_network_by_hand():
    # Forward 2 * 784 * 10 for an image; back once, for the weights alone.
    layers = benchmark.layers("flatten, dense 10")
    assert benchmark.step_flops(layers, 3) == 3 * 2 * 15_680
    # The second layer pays for both gradients: 2 * 10 * 5, three times.
    layers = benchmark.layers("flatten, dense 10, relu, dense 5")
    assert benchmark.step_flops(layers, 1) == 2 * 15_680 + 3 * 100


def test_operations_of_a_convolution_by_hand():
    # 26 * 26 places, 9 weights each, 2 kernels; pooled to 13 * 13 * 2 = 338 numbers.
    layers = benchmark.layers("conv 2 3 valid, pool, flatten, dense 10")
    assert benchmark.counts(layers) == [(12_168, 20), (3380, 3390)]
    # With "same", 13 * 13 places are left after the pool.
    layers = benchmark.layers("conv 1 3 same, pool, conv 4 5 same")
    assert benchmark.counts(layers) == [(7056, 10), (14 * 14 * 100, 104)]


def test_ratios_are_paired_by_round():
    found = rounds(lesson=[100, 90, 300], fit=[50, 90, 100])
    # 2, 1 and 3; the ratio of the medians would be 1.11.
    assert benchmark.paired(found, "lesson", "fit") == (2, 1, 3)
    assert benchmark.paired(found, "lesson", "torch") is None
    assert benchmark.paired([], "lesson", "fit") is None


def test_a_speed_leaves_the_first_steps_out(monkeypatch):
    seconds = iter([0, 5, 6, 16])  # before, after step 1, after step 5, after step 9
    monkeypatch.setattr(benchmark.time, "perf_counter", lambda: next(seconds))

    def train(report, every):
        step = 1
        while not report(step):
            step += every

    found = benchmark.speed(train, batch_size=10, warm_up=4, steps=4)
    assert found == {"first_step": 5, "images_per_second": 10 * 4 / 10}


def test_looking_at_the_validation_images_costs_no_time(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(benchmark.time, "perf_counter", lambda: clock[0])

    def train(report, every):
        step = 0
        while True:
            step += 1
            clock[0] += 1
            if report(step):
                return

    def accuracy():
        clock[0] += 1000
        return next(accuracies)

    accuracies = iter([0.5, 0.97, 0.981])
    found = benchmark.time_to_goal(train, accuracy, check_every=5, limit=60)
    assert found == {"seconds": 15, "steps": 15, "accuracy": 0.981}
    accuracies = iter([0.5] * 20)
    found = benchmark.time_to_goal(train, accuracy, check_every=5, limit=21)
    assert found == {"seconds": 20, "steps": 20, "accuracy": 0.5}


def test_a_limit_too_short_for_a_single_look_leaves_a_dash():
    assert benchmark.goal_text({}) == benchmark.goal_text(None) == "–"


@pytest.fixture
def results():
    about = {
        "date": "2026-01-02",
        "cpu": "Some CPU",
        "cores": 2,
        "memory": 2**34,
        "system": "Linux x86_64",
        "versions": {"Python": "3.11.2", "tensorflow": "2.21.0"},
    }
    speeds = rounds(
        eager=[100, 120], lesson=[500, 540], epoch=[450, 550], fit=[400, 500]
    )
    goal = {
        "eager": {"seconds": 60.5, "steps": 400, "accuracy": 0.95},
        "lesson": {"seconds": 12.34, "steps": 1290, "accuracy": 0.981},
    }
    return {"05": {"machine": about, "rounds": speeds, "goal": goal}}


def test_the_tables_without_pytorch(results):
    text = benchmark.figures(results)
    assert "- 05: 2026-01-02, Some CPU, 2 cores, 16 GB, Linux x86_64; Python" in text
    lines = [line for line in text.splitlines() if line.startswith("| 05 LeNet ")]
    assert lines[0] == "| 05 LeNet | 110 | 520 | 500 | 450 | – | – |"
    assert "| 1.17 (1.08 to 1.25) |" in lines[1]
    assert lines[3].endswith("| met, 1.17 | met, 1.17 | not measured | met, 4.54 |")
    assert "| 95.0 % after 60 | 12.3 (1,290 steps) | – |" in lines[4]


def test_a_missed_aim_is_called_missed():
    assert benchmark.verdict((0.89, 0.8, 1.2), 0.9) == "missed, 0.89"
    assert benchmark.verdict((0.9, 0.8, 1.2), 0.9) == "met, 0.90"


def test_the_page_keeps_its_text_and_gets_new_figures():
    page = f"Text.\n{benchmark.BEGIN}old\n{benchmark.END}More.\n"
    page = benchmark.replace_figures(page, "new")
    assert page == f"Text.\n{benchmark.BEGIN}\nnew\n{benchmark.END}More.\n"
    assert benchmark.replace_figures(page, "new") == page


def test_a_page_without_marks_is_refused():
    with pytest.raises(BenchmarkError, match="put them back"):
        benchmark.replace_figures("Text.\n", "new")


def test_the_committed_tables_are_those_of_the_committed_figures():
    results = json.loads(benchmark.RESULTS.read_text())
    page = benchmark.PAGE.read_text()
    assert benchmark.replace_figures(page, benchmark.figures(results)) == page


def test_a_contender_that_fails_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(benchmark, "__file__", str(tmp_path / "broken.py"))
    (tmp_path / "broken.py").write_text("raise SystemExit('no such thing')")
    with pytest.raises(
        BenchmarkError, match="(?s)lesson 03, `fit` ended .*no such thing"
    ):
        benchmark.child("03", "fit", 0, str(tmp_path))


@pytest.mark.parametrize("name", ["eager", "lesson", "fit"])
def test_contenders_learn(name, monkeypatch):
    monkeypatch.setitem(LESSONS["01"], "check_every", 20)
    monkeypatch.setattr(benchmark, "GOAL", 0.5)
    found = benchmark.measure("01", name, limit=30)
    assert found["accuracy"] >= 0.5


@pytest.mark.parametrize("torch", [None, "there"])
def test_the_order_turns_and_pytorch_is_optional(torch, monkeypatch):
    called = []
    monkeypatch.setattr(benchmark.importlib.util, "find_spec", lambda name: torch)
    monkeypatch.setattr(benchmark, "machine", dict)
    monkeypatch.setattr(benchmark, "child", lambda *call: called.append(call[1]))
    entry = benchmark.measure_lesson("03", rounds=2, limit=0)
    names = ["eager", "lesson", "fit"] + (["torch", "compiled"] if torch else [])
    cold = ["compiled"] if torch else []
    assert called == [*cold, *names, *names[::-1]]
    assert [list(turn) for turn in entry["rounds"]] == [names, names]
    assert "goal" not in entry


def first_weights(number, module):
    """Return the lesson's arrays before its first step, in the Keras model's order."""
    if number == "01":
        return [np.zeros((784, 10)), np.zeros(10)]
    if number == "02":
        return [variable.numpy() for variable in module.final]
    if number == "03":
        pairs = zip(module.weights.values(), module.biases.values(), strict=True)
        return [variable.numpy() for pair in pairs for variable in pair]
    if number == "06":
        variables = module.graph.get_collection("trainable_variables")
        return module.sess.run(variables)
    return module.network.get_weights()


@pytest.mark.slow
@pytest.mark.parametrize("number", LESSONS)
def test_the_contenders_train_what_the_lesson_trains(number):
    """Equal weights and one batch give equal losses, before and after one step."""
    lesson = LESSONS[number]
    module = contenders_tensorflow.load(
        benchmark.notebook(number), lesson["wanted"], lesson.get("given", ())
    )
    own = getattr(contenders_tensorflow, f"lesson_{number}")
    epoch, step, _ = own(module, False)
    x, y = next(iter(epoch()))
    assert len(x) == lesson["batch_size"]
    model = contenders_tensorflow.compiled(lesson, np.ndim(y) == 2)
    model.build((None, 28, 28, 1))
    model.set_weights(first_weights(number, module))
    if number == "04":  # what is random in a step is compared here, then left out
        (dropout,) = (layer for layer in model.layers if "Dropout" in str(type(layer)))
        assert dropout.rate == module.network.dropout.rate
        dropout.rate = module.network.dropout.rate = 0
    images = np.reshape(x, (-1, 28, 28, 1)).astype("float32")
    images = images / 255 if images.max() > 1 else images
    labels = np.eye(10, dtype="float32")[y] if lesson["loss"] == "squared" else y
    for _ in range(2):
        found = step(x, y)
        theirs = float(found[0] if isinstance(found, list | tuple) else found)
        model.reset_metrics()  # train_on_batch returns the mean since the last reset
        ours = float(np.ravel(model.train_on_batch(images, labels))[0])
        assert ours == pytest.approx(theirs, rel=2e-4)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "wrong"),
    [
        ("01", {"batch_size": 64}),
        ("05", {"optimizer": ("adam", 0.01, 1e-7)}),
        ("06", {"optimizer": ("adam", 0.1, 1e-8)}),
        ("04", {"layers": benchmark.layers("flatten, dense 10")}),
    ],
)
def test_a_contender_that_trains_something_else_is_noticed(number, wrong, monkeypatch):
    monkeypatch.setitem(LESSONS, number, LESSONS[number] | wrong)
    with pytest.raises((AssertionError, ValueError)):
        test_the_contenders_train_what_the_lesson_trains(number)
