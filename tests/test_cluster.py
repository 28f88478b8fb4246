"""Workers start, speak, and end: by themselves, by force, and with their kernel."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time

import psutil
import pytest

from course_utils.cluster import Cluster, stored

pytestmark = pytest.mark.slow  # each starts workers

HELLO = """
    import json, os, sys
    config = json.loads(os.environ["TF_CONFIG"])
    print(json.dumps({"config": config, "arguments": sys.argv[1:]}))
    print("not JSON")
    print("a complaint", file=sys.stderr)
    sys.exit(3 * config["task"]["index"])
"""
needs_signals = pytest.mark.skipif(
    os.name != "posix", reason="under Windows a process ends without a signal"
)
SLEEPS = "import time; print(1); time.sleep(600)"


@pytest.fixture
def script(tmp_path):
    def write(source):
        path = tmp_path / "worker.py"
        path.write_text(textwrap.dedent(source))
        return path

    return write


def assert_ended(pids, within=5):
    """Fail if one of the processes is still there, as a zombie too."""
    end = time.monotonic() + within
    while left := [pid for pid in pids if psutil.pid_exists(pid)]:
        assert time.monotonic() < end, left
        time.sleep(0.05)


def test_workers_know_one_another_and_say_what_they_have_to(script):
    with Cluster(script(HELLO), 2, "a", 7) as cluster:
        said = list(cluster.lines())
    for worker in (0, 1):
        own = [line for line in said if line["worker"] == worker]
        assert own[0]["config"] == {
            "cluster": {"worker": cluster.addresses},
            "task": {"type": "worker", "index": worker},
        }
        assert own[0]["arguments"] == ["a", "7"]
        assert own[1] == {"text": "not JSON", "worker": worker}
        assert cluster.errors(worker) == "a complaint\n"
    assert len(set(cluster.addresses)) == 2
    assert cluster.exit_codes == [0, 3]
    assert_ended(cluster.pids)


def test_the_environment_and_our_own_reach_the_workers(script, monkeypatch):
    monkeypatch.setenv("MORE", "yes")
    source = """
        import json, os
        names = ["MORE", "CUDA_VISIBLE_DEVICES"]
        print(json.dumps({name: os.environ[name] for name in names}))
    """
    with Cluster(script(source), 1) as cluster:
        (said,) = cluster.lines()
    assert said == {"MORE": "yes", "CUDA_VISIBLE_DEVICES": "-1", "worker": 0}


def test_a_worker_says_what_the_systems_encoding_cannot(script, monkeypatch):
    monkeypatch.setenv("PYTHONIOENCODING", "cp1252")
    path = script("")
    path.write_text("print('größer → ✔')", encoding="utf-8")
    with Cluster(path, 1) as cluster:
        (said,) = cluster.lines()
    assert said["text"] == "größer → ✔"


def test_an_error_in_the_block_leaves_nothing_running(script):
    with pytest.raises(ZeroDivisionError), Cluster(script(SLEEPS), 3) as cluster:
        raise ZeroDivisionError
    assert None not in cluster.exit_codes
    assert_ended(cluster.pids)


@needs_signals
def test_a_worker_that_does_not_listen_is_killed(script):
    with Cluster(script(SLEEPS), 1) as cluster:
        next(cluster.lines())
        worker = psutil.Process(cluster.pids[0])
        worker.suspend()
        while worker.status() != psutil.STATUS_STOPPED:
            time.sleep(0.01)
    assert cluster.exit_codes == [-signal.SIGKILL]
    assert_ended(cluster.pids)


def test_the_time_limit_ends_the_workers_and_says_so(script):
    with (
        pytest.raises(TimeoutError, match="within 1.5 seconds.*exit codes were .None"),
        Cluster(script(SLEEPS), 2, seconds=1.5) as cluster,
    ):
        list(cluster.lines())
    assert_ended(cluster.pids)


@needs_signals
def test_one_worker_can_be_killed_and_the_others_go_on(script):
    source = """
        import json, os, time
        task = json.loads(os.environ["TF_CONFIG"])["task"]["index"]
        print(json.dumps({"ready": task}))
        time.sleep(1 if task == 0 else 600)
        print(json.dumps({"done": task}))
    """
    said = []
    with Cluster(script(source), 2) as cluster:
        for line in cluster.lines():
            said.append(line)
            if line.get("ready") == 1:
                cluster.kill(1)
    assert {"done": 0, "worker": 0} in said
    assert cluster.exit_codes == [0, -signal.SIGKILL]
    assert_ended(cluster.pids)


@needs_signals
def test_a_worker_can_be_asked_to_end_and_may_answer(script):
    path = script(
        """
        import json, os, signal, time

        def answer(number, frame):
            print(json.dumps({"asked": number}))
            os._exit(42)

        signal.signal(signal.SIGTERM, answer)
        print(json.dumps({"ready": True}))
        time.sleep(600)
        """
    )
    with Cluster(path, 1) as workers:
        for said in workers.lines():
            if "ready" in said:
                workers.terminate(0)
    assert said["asked"] == signal.SIGTERM and workers.exit_codes == [42]


@needs_signals
@pytest.mark.parametrize("name", ["SIGKILL", "SIGTERM"])
def test_workers_end_with_the_kernel_that_started_them(script, name, tmp_path):
    kernel = f"""
        import json
        from course_utils.cluster import Cluster, stored
        with Cluster({str(script(SLEEPS))!r}, 2) as cluster:
            for _ in cluster.lines():
                print(json.dumps(cluster.pids), flush=True)
    """
    command = [sys.executable, "-c", textwrap.dedent(kernel)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        pids = json.loads(process.stdout.readline())
        process.send_signal(getattr(signal, name))
    assert_ended(pids)


@needs_signals
def test_an_interrupt_leaves_nothing_running(script):
    kernel = f"""
        import json
        from course_utils.cluster import Cluster, stored
        with Cluster({str(script(SLEEPS))!r}, 2) as cluster:
            for _ in cluster.lines():
                print(json.dumps(cluster.pids), flush=True)
    """
    command = [sys.executable, "-c", textwrap.dedent(kernel)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as process:
        pids = json.loads(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert "KeyboardInterrupt" in errors
    assert_ended(pids)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("none.py", 2), "the script must lie at .*run the cell"),
        ((__file__, 0), "workers must be 1 to 8"),
        ((__file__, 9), "workers must be 1 to 8"),
        ((__file__, 1.5), "workers must be a whole number"),
    ],
)
def test_bad_input_is_refused_before_anything_starts(arguments, message):
    with pytest.raises((OSError, TypeError, ValueError), match=message):
        Cluster(*arguments)


def test_a_worker_that_is_not_there_is_named(script):
    with Cluster(script("print(1)"), 1) as cluster:
        list(cluster.lines())
    with pytest.raises(ValueError, match="worker must be 0 to 0"):
        cluster.kill(1)


def test_a_name_under_which_nothing_is_stored_is_refused():
    with pytest.raises(ValueError, match="wire.*got 'other'"):
        stored("other")
