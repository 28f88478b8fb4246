"""What lesson 08 stores agrees with what it runs, and it does without workers."""

import json
import subprocess
import sys

import course
import nbformat
import numpy as np
import pytest
import scaling
from lesson import Lesson
from refresh import run

from course_utils import cluster
from course_utils.cluster import Cluster

LESSON = Lesson(scaling.LESSON)
FIT = """
import json
import keras, numpy as np, tensorflow as tf

with tf.distribute.MultiWorkerMirroredStrategy().scope():
    model = keras.Sequential([keras.Input([4]), keras.layers.Dense(2)])
    model.compile("sgd", "mse")
try:
    model.fit(np.zeros([8, 4]), np.zeros([8, 2]), batch_size=4, verbose=0)
    print(json.dumps({"error": None}))
except Exception as error:
    print(json.dumps({"error": f"{type(error).__name__}: {error}"}))
"""


def losses(name, job, worker):
    said = cluster.stored(name)["said"]
    return [s["loss"] for s in said if (s["job"], s["worker"]) == (job, worker)]


def test_the_stored_workers_agree_and_the_second_pair_goes_on_where_the_first_was():
    whole = losses("first", "whole", 0)
    assert len(whole) == 40 and whole == losses("first", "whole", 1)
    resumed = losses("again", "again", 0)
    assert 0 < len(resumed) < 40 and resumed == whole[-len(resumed) :]
    killed = cluster.stored("killed")
    assert killed["codes"][1] == -9 and killed["waited"] > 0
    assert losses("killed", "killed", 0) == whole[: len(losses("killed", "killed", 0))]


@pytest.mark.parametrize(
    "ending",
    [
        "Collective ops is aborted by: no heartbeat",
        # Seen where the kill fell into an all-reduce.
        "Collective ops is aborted by: recvmsg:Connection reset by peer\n"
        ':UNKNOWN:Error received from peer  {grpc_status:14, grpc_message:"reset"}',
    ],
    ids=["between two all-reduces", "within an all-reduce"],
)
def test_the_cell_that_reads_how_the_other_worker_ended_takes_both_ways(ending, capsys):
    (cell,) = [c for c in LESSON.code if 'hurt["errors"]' in c.source]
    errors = f"Traceback\ntensorflow.errors_impl.UnavailableError: {ending}\n[[op]]"
    hurt = {"codes": [1, -9], "waited": 2.5, "errors": [errors, ""]}
    exec(cell.source, {"hurt": hurt})
    assert capsys.readouterr().out.endswith(
        "\ntensorflow.errors_impl.UnavailableError\n"
    )


def test_the_wire_carries_what_a_ring_sends():
    counted = cluster.stored("wire")["bytes"]
    for name, shapes in scaling.shapes_of_the_lesson().items():
        parameters = sum(int(np.prod(shape)) for shape in shapes)
        for n in (2, 4):
            due = 2 * (n - 1) * 4 * parameters
            assert due <= counted[f"{name}, {n} workers"] <= 1.02 * due


def test_the_shapes_are_those_of_lessons_07_and_03():
    sizes = {
        name: sum(int(np.prod(shape)) for shape in shapes)
        for name, shapes in scaling.shapes_of_the_lesson().items()
    }
    assert sizes == {"LeNet": 60_074, "lesson 03": 3_274_634}


def test_the_worker_fits_on_a_page_and_is_a_program():
    (script,) = (c.source for c in LESSON.code if c.source.startswith("%%writefile"))
    compile(script.partition("\n")[2], "worker.py", "exec")


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone keeps this file")
def test_the_counter_counts_what_is_sent_over_loopback():
    before = scaling.counter()
    server = "import socket as s; s.create_server(('127.0.0.1', 0))"
    subprocess.run([sys.executable, "-c", server], check=True)
    assert scaling.counter() >= before


@pytest.mark.slow
def test_the_lesson_does_without_workers(tmp_path):
    notebook = nbformat.read(LESSON.path, as_version=4)
    (cell,) = (c for c in notebook.cells if c.source.startswith("START_WORKERS = "))
    cell.source = "START_WORKERS = False\n" + cell.source.partition("\n")[2]
    starts = [c for c in notebook.cells if "cluster.Cluster(" in c.source]
    for start in starts:
        start.source = start.source.replace("cluster.Cluster(", "no_cluster(")
    path = course.NOTEBOOKS / LESSON.path.name
    copy = tmp_path / path.name
    copy.write_text(nbformat.writes(notebook), "utf-8")
    done, _, _ = run(copy, tmp_path)
    text = json.dumps(done.cells)
    assert "stored results of another computer" in text


@pytest.mark.slow
def test_fit_fails_under_the_strategy_as_the_lesson_says(tmp_path):
    script = tmp_path / "worker.py"
    script.write_text(FIT, "utf-8")
    with Cluster(script, 2) as workers:
        errors = [said["error"] for said in workers.lines() if "error" in said]
    quoted = "ValueError: Attempt to convert a value (PerReplica:{"
    assert any(quoted in cell.source for cell in LESSON.markdown)
    assert len(errors) == 2
    assert all(error.startswith(quoted) for error in errors)
