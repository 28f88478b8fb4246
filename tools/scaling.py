"""Measure what lesson 08 shows where it starts no workers: course_utils/scaling.json.

    python tools/scaling.py launches
    python tools/scaling.py wire         as root, on Linux

`launches` runs the lesson and keeps what its workers said and how they ended. `wire`
counts the bytes that cross the network interface while workers add up arrays of a
network's shapes: in a network namespace of its own, where nothing else sends.
"""

import argparse
import ast
import datetime
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import course
import nbformat
from lesson import Lesson
from refresh import fresh_kernel

from course_utils.cluster import Cluster

KEPT = course.ROOT / "course_utils" / "scaling.json"
LESSON = course.NOTEBOOKS / "08_scaling_out.ipynb"
# What is stored under a name stands in this variable of the lesson.
LAUNCHES = {"first": "first", "killed": "hurt", "again": "again", "polite": "asked"}
STEPS = 20, 120  # the difference of two runs leaves the greeting out
WORKER = """
import json, sys
import tensorflow as tf

strategy = tf.distribute.MultiWorkerMirroredStrategy()
shapes, steps = json.loads(sys.argv[1])

def add_up():
    arrays = [tf.random.uniform(shape) for shape in shapes]
    return tf.distribute.get_replica_context().all_reduce("SUM", arrays)

step = tf.function(lambda: strategy.run(add_up))
for _ in range(steps):
    step()
"""


def main(arguments=None):
    """Measure one of the two and keep it beside the other."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["launches", "wire"])
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.what == "launches":
        found = launches()
    elif not options.inside:
        # A new network namespace has only a loopback interface, and that is down.
        again = [sys.executable, __file__, "wire", "--inside"]
        return subprocess.run(["unshare", "--net", *again]).returncode
    else:
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        found = {"wire": wire()}
    kept = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {}
    lines = [f"{json.dumps(n)}: {json.dumps(v)}" for n, v in (kept | found).items()]
    KEPT.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
    return 0


def launches():
    """Run the lesson up to its last launch; return what `launch` returned each time."""
    notebook = nbformat.read(LESSON, as_version=4)
    asked = ", ".join(f"{kept!r}: {name}" for kept, name in LAUNCHES.items())
    last = max(
        p for p, cell in enumerate(notebook.cells) if " = launch(" in cell.source
    )
    notebook.cells[last + 1 :] = [
        nbformat.v4.new_code_cell(f"print(json.dumps({{{asked}}}))")
    ]
    for cell in notebook.cells:
        if cell.source.startswith("START_WORKERS = "):
            cell.source += "\nSTART_WORKERS = True"
    with (
        tempfile.TemporaryDirectory() as folder,
        fresh_kernel(notebook, LESSON, folder) as (execute, _),
    ):
        for position in range(len(notebook.cells)):
            execute(position)
    return json.loads(notebook.cells[-1].outputs[0].text)


def wire():
    """Return the date, and the bytes of a step of all workers together."""
    networks = shapes_of_the_lesson()
    counted = {
        f"{name}, {workers} workers": bytes_of_a_step(shapes, workers)
        for name, shapes in networks.items()
        for workers in (2, 4)
    }
    return {"date": datetime.date.today().isoformat(), "bytes": counted}


def shapes_of_the_lesson():
    """Return the shapes that the lesson's own cells write down, by network."""
    found = {}
    for _, tree in Lesson(LESSON).syntax_trees:
        for statement in map(ast.unparse, tree.body):
            if re.match(r"(SHAPES|CNN_03) [|+]?= ", statement):
                exec(statement, found)
    return {"LeNet": [*found["SHAPES"].values()], "lesson 03": found["CNN_03"]}


def bytes_of_a_step(shapes, workers):
    """Return the bytes that all workers send in a step, a mean over 100 steps."""
    few, many = (bytes_sent(shapes, workers, steps) for steps in STEPS)
    return round((many - few) / (STEPS[1] - STEPS[0]))


def bytes_sent(shapes, workers, steps):
    """Return the bytes that the loopback interface carries during a whole run."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "worker.py")
        script.write_text(WORKER, "utf-8")
        before = counter()
        with Cluster(script, workers, json.dumps([shapes, steps])) as cluster:
            words = [*cluster.lines()]
        if any(cluster.exit_codes):
            raise RuntimeError(f"{words} {cluster.errors(0)[-2000:]}")
        return counter() - before


def counter():
    """Return how many bytes the loopback interface has sent in this namespace."""
    lines = Path("/proc/net/dev").read_text().splitlines()
    (loopback,) = (line for line in lines if line.strip().startswith("lo:"))
    return int(loopback.split()[9])


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    sys.exit(main())
