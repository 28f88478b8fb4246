"""Runs submitted exercises, each in a process of its own; tools/grading.py starts it.

It imports TensorFlow once, without making it compute, and forks for each exercise: a
process that has a single thread can be forked safely, and the door below insists on
it. Jobs come as lines of JSON on stdin, answers go to stdout in the same order.
"""

import contextlib
import importlib
import json
import os
import resource
import select
import shutil
import signal
import sys
import tempfile
import time

from IPython.display import display

LONGEST = 2000  # characters of a message
SETTINGS = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    "MPLBACKEND": "agg",
    # One exercise computes on one core: as many workers as cores share the machine.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
}
# What lessons import, but for course_utils.exercises.lesson_NN: those make tensors, and
# with them TensorFlow's threads.
WARM = ["tensorflow", "keras", "matplotlib.pyplot", "course_utils.exercises"]
WARM += [f"course_utils.{name}" for name in ("digit_pad", "explorers", "monitor")]


def main():
    """Answer jobs until stdin ends."""
    os.environ.update(SETTINGS)
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    for name in WARM:
        importlib.import_module(name)
    if (threads := count_threads()) != 1:
        raise RuntimeError(
            f"the worker must have one thread before it forks, got {threads}: find the "
            "import that starts a thread, and take it out of WARM"
        )
    print(json.dumps("ready"), file=replies, flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), file=replies, flush=True)


def count_threads():
    """Return the number of this process's threads, those of libraries included."""
    return len(os.listdir("/proc/self/task"))


def answer(job):
    """Run one exercise in a new process and return what came of it.

    Args:
        job: dict with `lesson` ("03"), `exercise`, `answer` (the name that the cells
            bind), `cells` (list of sources), `seconds`, `memory` and `file_size`
            (bytes).

    Returns:
        Dict with `outcome`, `mistake`, `message`.
    """
    home = tempfile.mkdtemp(prefix="exercise-")
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            os.close(reading)
            _confine(home, job)
            os.write(writing, json.dumps(_judge(job)).encode())
            os._exit(0)
        finally:  # whatever was raised, nothing of the worker's own goes on here
            os._exit(1)
    os.close(writing)
    result, late = _read(reading, job["seconds"])
    status = _end(process)
    shutil.rmtree(home, ignore_errors=True)
    if late:
        message = f"stopped after {job['seconds']} seconds"
        return {"outcome": "timed out", "mistake": None, "message": message}
    with contextlib.suppress(ValueError):
        return json.loads(result)
    return {"outcome": "died", "mistake": None, "message": _cause(status)}


def _confine(home, job):
    """Give the new process its limits, a home of its own, and nothing to talk to."""
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    os.environ.update(HOME=home, TMPDIR=home, COURSE_RUNS=os.path.join(home, "runs"))
    tempfile.tempdir = home
    os.chdir(home)
    for kind, limit in (
        (resource.RLIMIT_DATA, job["memory"]),
        (resource.RLIMIT_FSIZE, job["file_size"]),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (limit, limit))


def _judge(job):
    """Execute the cells and ask the exercise's check."""
    space = {"__name__": "__main__", "display": display}
    try:
        for source in job["cells"]:
            exec(compile(source, "<cell>", "exec"), space)
    except BaseException as error:
        message = f"its cells raise {type(error).__name__}: {error}"
        return {"outcome": "not yet", "mistake": None, "message": message[:LONGEST]}
    lesson = importlib.import_module(f"course_utils.exercises.lesson_{job['lesson']}")
    feedback = vars(lesson)[job["exercise"]].check(space.get(job["answer"]))
    return {
        "outcome": feedback.outcome,
        "mistake": feedback.mistake,
        "message": feedback.message[:LONGEST],
    }


def _read(pipe, seconds):
    """Return what comes through a pipe until it ends, and whether time ran out."""
    parts, deadline = [], time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        if select.select([pipe], [], [], left)[0]:
            part = os.read(pipe, 1 << 16)
            if not part:
                break
            parts.append(part)
    os.close(pipe)
    return b"".join(parts), left <= 0


def _end(process):
    """End an exercise's process and what it started, and return its exit status."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process, signal.SIGKILL)
    if os.getpid() == 1:  # in a namespace of processes this reaches all but this one
        with contextlib.suppress(ProcessLookupError):
            os.kill(-1, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG if os.getpid() != 1 else 0)[0]:
            pass
    return os.waitstatus_to_exitcode(status)


def _cause(code):
    """Say how a process ended that gave no answer."""
    if code >= 0:
        return f"the process ended itself with exit code {code}"
    with contextlib.suppress(ValueError):
        return f"the process was ended by {signal.Signals(-code).name}"
    return f"the process was ended by signal {-code}"


if __name__ == "__main__":
    main()
