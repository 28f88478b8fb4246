"""Measure the lessons' training steps against Keras `fit` and PyTorch.

    python benchmarks/benchmark.py [--lesson 03] [--rounds 7] [--limit 60]

Each contender trains the same network on the same images, in a fresh process, one at a
time, in an order that is reversed from round to round. Then each trains once until it
reads 98 % of the validation images, for at most `--limit` seconds. The figures replace
the lesson's older ones in figures.json, and the tables in README.md are made from that
file. `--rounds 0` or `--limit 0` leaves one half out and keeps its
older figures; with both, only the tables are made. PyTorch is optional:

    python -m pip install -r benchmarks/requirements.txt
"""

import argparse
import datetime
import importlib.metadata
import importlib.util
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
from course import kept, replaced  # noqa: E402
from kernels import peak_memory_of  # noqa: E402

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "figures.json"
PAGE = ROOT / "benchmarks" / "README.md"
BEGIN, END = "<!-- figures: begin -->\n", "<!-- figures: end -->\n"
GOAL = 0.98  # share of the validation images
SPEED = "images_per_second"
NOT_THERE = "–"
CONTENDERS = {
    "eager": "eager step",
    "lesson": "lesson's step",
    "epoch": "epoch in a graph",
    "fit": "`fit`",
    "torch": "PyTorch",
    "compiled": "`torch.compile`",
}


def layers(text):
    """Return the layers of a text such as "conv 32 5 same, relu, pool, dense 10"."""
    found = []
    for layer in text.split(", "):
        kind, *settings = layer.split()
        numbers = {
            s: float(s) if "." in s else int(s) for s in settings if s[0].isdigit()
        }
        found.append((kind, *(numbers.get(s, s) for s in settings)))
    return found


# What each lesson trains.
#   wanted: what is taken from its notebook; given: what the tool defines for it
#   layers: conv has kernels, size and padding, pool is 2x2, dense has units
#   optimizer: name, learning rate, epsilon; Adam's betas are 0.9 and 0.999
#   accuracy: whether the lesson's step computes it, so that all of them do
#   window: steps to warm up, steps to time
#   check_every: steps between two looks at the validation images; 0: never reads 98 %
#   channels_last: PyTorch's faster memory layout for this network
SPLIT = ["x_train", "y_train", "x_val", "y_val"]
LESSONS = {
    "01": {
        "title": "linear reader",
        "wanted": ["reader_step", "batches", "accuracy", *SPLIT],
        "layers": layers("flatten, dense 10"),
        "loss": "squared",
        "optimizer": ("sgd", 0.1, None),
        "initialisation": "zeros",
        "batch_size": 128,
        "accuracy": False,
        "window": (430, 1290),
        "check_every": 0,
        "channels_last": False,
    },
    "02": {
        "title": "MLP",
        "wanted": ["train_step", "batches", "accuracy", *SPLIT],
        "layers": layers("flatten, dense 256, relu, dense 128, relu, dense 10"),
        "loss": "cross-entropy",
        "optimizer": ("sgd", 0.3, None),
        "initialisation": "he",
        "batch_size": 128,
        "accuracy": False,
        "window": (430, 1290),
        "check_every": 215,
        "channels_last": False,
    },
    "03": {
        "title": "raw CNN",
        "wanted": ["train_step", "batches", "read", *SPLIT],
        "layers": layers(
            "conv 32 5 same, relu, pool, conv 64 5 same, relu, pool, "
            "flatten, dense 1024, relu, dense 10"
        ),
        "loss": "cross-entropy",
        "optimizer": ("adam", 0.001, 1e-7),
        "initialisation": "he",
        "batch_size": 128,
        "accuracy": True,
        "window": (6, 36),
        "check_every": 20,
        "channels_last": True,
    },
    "04": {
        "title": "Keras subclass",
        "wanted": ["train_step", "batches", "accuracy_of", *SPLIT],
        "layers": layers(
            "conv 32 3 valid, relu, pool, conv 32 3 valid, relu, pool, "
            "conv 32 5 valid, relu, norm, dropout 0.4, flatten, "
            "dense 128, relu, dense 10"
        ),
        "loss": "cross-entropy",
        "optimizer": ("adam", 0.001, 1e-7),
        "initialisation": "glorot",
        "batch_size": 32,
        "accuracy": True,
        "window": (60, 300),
        "check_every": 200,
        "channels_last": True,
    },
    "05": {
        "title": "LeNet",
        "wanted": ["train_step", "batches", "measure", "make_epoch", *SPLIT],
        "layers": layers(
            "conv 6 3 valid, pool, relu, conv 16 3 valid, pool, relu, "
            "flatten, dense 120, relu, dense 84, relu, dense 10"
        ),
        "loss": "cross-entropy",
        "optimizer": ("adam", 0.001, 1e-7),
        "initialisation": "glorot",
        "batch_size": 128,
        "accuracy": True,
        "window": (40, 240),
        "check_every": 215,
        "channels_last": True,
    },
    "06": {
        "title": "graph with a Session",
        "wanted": [
            *("train_op", "loss", "graph", "initialize", "batches"),
            *("prepare", "measure", "eager_network"),
            *SPLIT,
        ],
        "given": ["v"],
        "layers": layers(
            "conv 16 3 same, relu, conv 16 3 same, relu, pool, conv 32 3 same, relu, "
            "conv 32 3 same, relu, pool, flatten, dense 128, relu, dense 10"
        ),
        "loss": "cross-entropy",
        "optimizer": ("adam", 0.0001, 1e-8),
        "initialisation": "glorot",
        "batch_size": 64,
        "accuracy": False,
        "window": (20, 120),
        "check_every": 430,
        "channels_last": True,
    },
}


class BenchmarkError(Exception):
    """A contender cannot be measured; the message says what happened."""


def main(arguments=None):
    """Measure, write the figures and the tables, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lesson", action="append", choices=LESSONS, metavar="NN")
    parser.add_argument("--rounds", type=int, default=7, help="0: no speeds")
    parser.add_argument("--limit", type=float, default=60, help="0: no runs to 98 %%")
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.child:
        number, name, limit = options.child
        print(json.dumps(measure(number, name, float(limit))))
        return 0
    try:
        for number in options.lesson or LESSONS:
            entry = measure_lesson(number, options.rounds, options.limit)
            if not entry:
                continue
            results = load_results()
            results[number] = {"machine": machine()} | results.get(number, {}) | entry
            RESULTS.write_text(json.dumps(results, indent=1) + "\n", "utf-8")
    except BenchmarkError as error:
        print(error, file=sys.stderr)
        return 1
    page = replace_figures(PAGE.read_text("utf-8"), figures(load_results()))
    PAGE.write_text(page, "utf-8")
    return 0


# Measuring


def load_results():
    """Return the figures measured so far, a dict from a lesson to its figures."""
    return kept(RESULTS)


def measure_lesson(number, rounds, limit):
    """Return the figures of all contenders of a lesson, those that were asked for.

    Args:
        number: the lesson, such as "03".
        rounds: how often each contender's speed is measured.
        limit: seconds of training within which 98 % should be read; 0: no such runs.
    """
    names = [name for name in CONTENDERS if name != "epoch" or number == "05"]
    if not importlib.util.find_spec("torch"):
        names = [name for name in names if name not in ("torch", "compiled")]
    entry = {}
    with tempfile.TemporaryDirectory(prefix="course-") as cache:
        if rounds:
            entry |= {"machine": machine(), "rounds": []}
            if "compiled" in names:
                entry["cold"] = child(number, "compiled", 0, cache)
        for turn in range(rounds):
            order = names if turn % 2 == 0 else names[::-1]
            found = {name: child(number, name, 0, cache) for name in order}
            entry["rounds"].append({name: found[name] for name in names})
        if limit and LESSONS[number]["check_every"]:
            entry["limit"] = limit
            entry["goal"] = {name: child(number, name, limit, cache) for name in names}
    return entry


def child(number, name, limit, cache):
    """Return what `measure` finds in a fresh process.

    Args:
        number: the lesson.
        name: the contender, a key of CONTENDERS.
        limit: seconds for the run to 98 %, or 0 to measure the speed.
        cache: path of a folder where `torch.compile` keeps what it has compiled.

    Raises:
        BenchmarkError: the process failed.
    """
    command = [sys.executable, __file__, "--child", number, name, str(limit)]
    environment = {
        **os.environ,
        "TORCHINDUCTOR_CACHE_DIR": cache,
        # Its pool of compilers would still be at work in the steps that are timed.
        "TORCHINDUCTOR_COMPILE_THREADS": "1",
        "TF_CPP_MIN_LOG_LEVEL": "2",
    }
    result = subprocess.run(command, env=environment, capture_output=True, text=True)
    if result.returncode:
        raise BenchmarkError(
            f"lesson {number}, {CONTENDERS[name]} ended with exit code "
            f"{result.returncode}:\n{result.stderr[-2000:]}"
        )
    found = json.loads(result.stdout.splitlines()[-1])
    found = {key: value and float(f"{value:.4g}") for key, value in found.items()}
    print(number, name, found, flush=True)
    return found


def measure(number, name, limit):
    """Return what one contender does in this process, a dict of numbers."""
    lesson = LESSONS[number]
    if name in ("torch", "compiled"):
        import contenders_torch

        from course_utils import data

        (x, y), _ = data.load_mnist()
        arrays = x[:55_000], y[:55_000], x[55_000:], y[55_000:]
        train, accuracy = contenders_torch.contender(
            lesson, arrays, name == "compiled", os.cpu_count()
        )
    else:
        import contenders_tensorflow

        train, accuracy = contenders_tensorflow.contender(
            lesson, notebook(number), name
        )
    if limit:
        return time_to_goal(train, accuracy, lesson["check_every"], limit)
    found = speed(train, lesson["batch_size"], *lesson["window"])
    found["memory"] = peak_memory_of(os.getpid())
    if name == "lesson":
        found["matrix_product"] = contenders_tensorflow.matrix_product_flops()
    return found


def notebook(number):
    """Return the path of a lesson's notebook."""
    return next((ROOT / "notebooks").glob(f"{number}_*.ipynb"))


def speed(train, batch_size, warm_up, steps):
    """Return the seconds of the first step, and images per second once it is warm.

    Args:
        train: `train(report, every)` of a contender.
        batch_size: images in a step.
        warm_up: steps after the first that are not timed.
        steps: how many are timed at least.
    """
    marks, reached = (1, 1 + warm_up, 1 + warm_up + steps), []

    def report(step):
        if step >= marks[len(reached)]:
            reached.append((step, time.perf_counter()))
        return len(reached) == len(marks)

    started = time.perf_counter()
    train(report, every=warm_up)
    (_, first), (begin, begun), (end, ended) = reached
    return {
        "first_step": first - started,
        SPEED: (end - begin) * batch_size / (ended - begun),
    }


def time_to_goal(train, accuracy, check_every, limit):
    """Return the seconds of training until 98 % of the validation images are read.

    Args:
        train: `train(report, every)` of a contender.
        accuracy: gives the share of the validation images read correctly; the time it
            takes does not count.
        check_every: steps between two looks.
        limit: seconds after which the run ends.

    Returns:
        A dict with seconds, steps and accuracy at the end of the run.
    """
    found, paused = {}, 0.0
    started = time.perf_counter()

    def report(step):
        nonlocal paused
        now = time.perf_counter()
        seconds = now - started - paused
        if step // check_every > found.get("steps", 0) // check_every:
            found.update(seconds=seconds, steps=step, accuracy=float(accuracy()))
            paused += time.perf_counter() - now
        return found.get("accuracy", 0) >= GOAL or seconds > limit

    train(report, every=check_every)
    return found


def machine():
    """Return a dict that says when, on what and with which versions is measured."""
    packages = ["tensorflow", "keras", "numpy", "torch"]
    versions = {"Python": platform.python_version()}
    for name in packages:
        if importlib.util.find_spec(name):
            versions[name] = importlib.metadata.version(name)
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        models = [line.partition(": ")[2] for line in lines if "model name" in line]
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        models, memory = [], None
    return {
        "date": datetime.date.today().isoformat(),
        "cpu": (models or [platform.processor()])[0],
        "cores": os.cpu_count(),
        "memory": memory,
        "system": f"{platform.system()} {platform.machine()}",
        "versions": versions,
    }


# Arithmetic


def step_flops(layers, batch_size):
    """Return the floating-point operations of one training step, counted from shapes.

    A multiplication and an addition are two. Only convolutions and dense layers count.
    The way back costs twice the way forward, once for the weights' gradient and once
    for the input's, which the first layer does not need.

    Args:
        layers: the layers of a lesson, for images of (28, 28, 1).
        batch_size: images in a step.
    """
    forward = [2 * products for products, _ in counts(layers)]
    return batch_size * (3 * sum(forward) - forward[0])


def parameters(layers):
    """Return the number of parameters of a lesson's layers."""
    return sum(weights for _, weights in counts(layers))


def counts(layers):
    """Return (products for an image, parameters) of each layer with parameters."""
    height = width = 28
    channels, found = 1, []
    for kind, *settings in layers:
        if kind == "conv":
            kernels, size, padding = settings
            if padding == "valid":
                height, width = height - size + 1, width - size + 1
            weights = size * size * channels * kernels
            found.append((height * width * weights, weights + kernels))
            channels = kernels
        elif kind == "pool":
            height, width = height // 2, width // 2
        elif kind == "flatten":
            height, width, channels = 1, 1, height * width * channels
        elif kind == "dense":
            (units,) = settings
            found.append((channels * units, channels * units + units))
            channels = units
        elif kind == "norm":
            found.append((0, 4 * channels))
    return found


def paired(rounds, name, other):
    """Return median, lowest and highest ratio of two contenders' speeds.

    Args:
        rounds: list of dicts from a contender to its figures.
        name: the contender above the line.
        other: the contender below it.

    Returns:
        Three numbers, or None where there are no two that were measured.
    """
    if name == other or not rounds or not {name, other} <= rounds[0].keys():
        return None
    ratios = [figures[name][SPEED] / figures[other][SPEED] for figures in rounds]
    return statistics.median(ratios), min(ratios), max(ratios)


def median(rounds, name, key):
    """Return the median of one figure of a contender, None where there is none."""
    values = [figures.get(name, {}).get(key) for figures in rounds]
    return statistics.median(values) if values and None not in values else None


# The page


def figures(results):
    """Return all tables as Markdown.

    Args:
        results: dict from lesson to figures, as in benchmarks/figures.json.
    """
    rows = sorted(results.items())
    speeds = [(number, entry["rounds"]) for number, entry in rows if "rounds" in entry]
    goals = [(number, entry["goal"]) for number, entry in rows if "goal" in entry]
    parts = {
        "Measured on": machines(results),
        "Images per second": by_contender(
            speeds, lambda rounds, name: text(median(rounds, name, SPEED), ",.0f")
        ),
        "The lesson's step against each": by_contender(
            speeds, lambda rounds, name: ratio_text(paired(rounds, "lesson", name))
        ),
        "LeNet's epoch in a graph against each": by_contender(
            [row for row in speeds if row[0] == "05"],
            lambda rounds, name: ratio_text(paired(rounds, "epoch", name)),
        ),
        "Gates and aims": verdicts(speeds),
        "Seconds to 98 %": by_contender(
            goals, lambda goal, name: goal_text(goal.get(name))
        ),
        "Seconds of the first step": by_contender(
            speeds, lambda rounds, name: text(median(rounds, name, "first_step"), ".2f")
        ),
        "Seconds of the first step with an empty cache": colds(results),
        "Peak memory, MB": by_contender(
            speeds,
            lambda rounds, name: text(median(rounds, name, "memory"), ",.0f", 1e6),
        ),
        "Counted operations": operations(speeds),
    }
    return "\n".join(f"### {title}\n\n{part}" for title, part in parts.items())


def machines(results):
    """Return a line for each machine, day and set of versions, and its lessons."""
    lessons = {}
    for number, entry in sorted(results.items()):
        about = entry["machine"]
        versions = ", ".join(f"{name} {v}" for name, v in about["versions"].items())
        gigabytes = f", {about['memory'] / 2**30:.0f} GB" if about["memory"] else ""
        line = (
            f"{about['date']}, {about['cpu']}, {about['cores']} cores{gigabytes}, "
            f"{about['system']}; {versions}"
        )
        lessons.setdefault(line, []).append(number)
    lines = [f"- {', '.join(n)}: {line}." for line, n in lessons.items()]
    return "\n".join(lines) + "\n"


def by_contender(rows, cell):
    """Return a table with a row for each lesson and a column for each contender.

    Args:
        rows: pairs of a lesson and its figures.
        cell: function of (figures, contender) that returns a cell's text.
    """
    return table(
        ["lesson", *CONTENDERS.values()],
        [
            [f"{n} {LESSONS[n]['title']}", *(cell(found, name) for name in CONTENDERS)]
            for n, found in rows
        ],
    )


def colds(results):
    """Return a line with the first steps of `torch.compile` without a warm cache."""
    seconds = [
        f"{number}: {entry['cold']['first_step']:.0f}"
        for number, entry in sorted(results.items())
        if "cold" in entry
    ]
    return f"`torch.compile`, one run each: {', '.join(seconds) or NOT_THERE}.\n"


def verdicts(speeds):
    """Return the table of gates and aims, each met or missed."""
    rows = []
    for number, rounds in speeds:
        row = [f"{number} {LESSONS[number]['title']}"]
        for other, least in (("fit", 0.9), ("fit", 1.1), ("compiled", 1.5)):
            row.append(verdict(paired(rounds, "lesson", other), least))
        epoch = paired(rounds, "epoch", "eager")
        rows.append([*row, verdict(epoch, 4) if number == "05" else NOT_THERE])
    head = ["gate: 0.9 of `fit`", "aim: 1.1 of `fit`", "aim: 1.5 of `torch.compile`"]
    return table(["lesson", *head, "gate: epoch 4 times eager"], rows)


def verdict(ratio, least):
    """Return "met" or "missed", with the median of the ratio that is judged."""
    if ratio is None:
        return "not measured"
    return f"{'met' if ratio[0] >= least else 'missed'}, {ratio[0]:.2f}"


def operations(speeds):
    """Return the table of counted operations beside those of a matrix product."""
    rows = []
    for number, rounds in speeds:
        lesson = LESSONS[number]
        flops = step_flops(lesson["layers"], lesson["batch_size"])
        rate = flops / lesson["batch_size"] * median(rounds, "lesson", SPEED)
        product = median(rounds, "lesson", "matrix_product")
        row = [f"{number} {lesson['title']}", f"{parameters(lesson['layers']):,}"]
        row += [f"{flops / 1e9:.3f}", f"{rate / 1e9:.1f}", f"{product / 1e9:.0f}"]
        rows.append([*row, f"{rate / product:.1%}".replace("%", " %")])
    head = ["lesson", "parameters", "a step, 10⁹", "lesson's step, 10⁹/s"]
    return table([*head, "matrix product, 10⁹/s", "share"], rows)


def text(value, form, unit=1):
    """Return a number as text, in a unit; a dash where there is none."""
    return NOT_THERE if value is None else format(value / unit, form)


def ratio_text(ratio):
    """Return median (lowest to highest) of a ratio as text."""
    if ratio is None:
        return NOT_THERE
    return "{:.2f} ({:.2f} to {:.2f})".format(*ratio)


def goal_text(found):
    """Return the seconds of a run to 98 % as text, or how far it came."""
    if found is None:
        return NOT_THERE
    if "accuracy" not in found:  # the time was over before the first look
        return NOT_THERE
    if found["accuracy"] < GOAL:
        return f"{found['accuracy']:.1%} after {found['seconds']:.0f}".replace(
            "%", " %"
        )
    return f"{found['seconds']:.1f} ({found['steps']:,.0f} steps)"


def replace_figures(page, text):
    """Return a page with its part between the two marks replaced.

    Args:
        page: text of benchmarks/README.md.
        text: the new part.

    Raises:
        BenchmarkError: the page lacks a mark.
    """
    if page.count(BEGIN) != 1 or page.count(END) != 1:
        raise BenchmarkError(
            f"benchmarks/README.md must have the lines {BEGIN.strip()} and "
            f"{END.strip()} once each: put them back where the tables belong"
        )
    return replaced(page, BEGIN, END, f"\n{text}\n")


def table(head, rows):
    """Return a Markdown table; the first column is text, the others are numbers."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
