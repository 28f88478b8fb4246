"""Starts the worker processes of lesson 08 on this machine, listens to them, ends them.

    with Cluster("runs/worker.py", workers=2) as cluster:
        for said in cluster.lines():
            print(said)

Each worker is a Python of its own. TF_CONFIG tells it the addresses of all, on the
loopback interface, and which one it is. What it prints as JSON arrives line by line.
Nothing is left running: not after an error or an interrupt, and not after a restart of
the kernel either, because a worker ends when the pipe to its kernel closes.
"""

import contextlib
import json
import os
import queue
import runpy
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from course_utils import checks

HOST = "127.0.0.1"
MOST_WORKERS = 8
GRACE = 2  # seconds that a worker has to end by itself
_ENDED = object()  # in place of a line: a worker says no more
_STORED = Path(__file__).with_name("scaling.json")  # tools/scaling.py writes it


class Cluster:
    """Worker processes that run one script, as a context manager.

    Attributes:
        addresses: list of the workers' addresses, "127.0.0.1:port", in their order.
        pids: list of their process ids.
    """

    def __init__(self, script, workers, *arguments, seconds=240):
        """Say what is to be run; `with` starts it.

        Args:
            script: path of a Python file; the workers run in its folder.
            workers: how many run it, 1 to 8. Worker 0 is the chief.
            arguments: what the script finds in `sys.argv[1:]`, as texts.
            seconds: time limit for all of it, above 0.

        Raises:
            FileNotFoundError: there is no such script.
            TypeError: workers or seconds is no number, or another one not of its kind.
            ValueError: workers or seconds is out of its range.
        """
        checks.instance("script", script, str | Path, "a path", "pass a file's name")
        self._script = Path(script).absolute()
        if not self._script.is_file():
            raise FileNotFoundError(
                f"the script must lie at {self._script}, and nothing is there: run the "
                "cell that writes it"
            )
        self._count = checks.whole("workers", workers, most=MOST_WORKERS)
        self._seconds = checks.number("seconds", seconds, above=0)
        self._arguments = [str(argument) for argument in arguments]
        self.addresses, self._said = [], queue.Queue()
        self._processes, self._listeners, self._errors = [], [], []

    def __enter__(self):
        """Start the workers."""
        self._end = time.monotonic() + self._seconds
        self.addresses = [f"{HOST}:{port}" for port in _free_ports(self._count)]
        try:
            for index in range(self._count):
                self._start(index)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        """End what still runs, and wait until it has ended."""
        for process in self._processes:
            with contextlib.suppress(OSError):
                process.stdin.close()  # which a worker takes as the end
        end = time.monotonic() + GRACE
        for process in self._processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0, end - time.monotonic()))
            process.kill()  # does nothing to one that has ended
            process.wait()
        for listener in self._listeners:
            listener.join()

    @property
    def pids(self):
        """The process ids, in the workers' order."""
        return [process.pid for process in self._processes]

    @property
    def exit_codes(self):
        """What each process ended with, in order; None while it runs."""
        return [process.poll() for process in self._processes]

    def lines(self):
        """Yield what the workers say, until all have ended.

        Yields:
            A dict: what was printed as a JSON object, and under "worker" by whom.

        Raises:
            TimeoutError: the time limit has passed. The workers are ended.
        """
        speaking = self._count
        while speaking:
            try:
                said = self._said.get(timeout=max(0, self._end - time.monotonic()))
            except queue.Empty:
                codes = self.exit_codes
                self.__exit__()
                raise TimeoutError(
                    f"the workers must end within {self._seconds:g} seconds, and their "
                    f"exit codes were {codes}, None for one that still ran: they wait "
                    "for one another, or the machine is busy; all are ended now"
                ) from None
            if said is _ENDED:
                speaking -= 1
            else:
                yield said

    def kill(self, worker):
        """End one worker at once, as a machine that fails would (signal 9)."""
        worker = checks.whole("worker", worker, least=0, most=self._count - 1)
        self._processes[worker].kill()

    def terminate(self, worker):
        """Ask one worker to end, as a scheduler would (signal 15)."""
        worker = checks.whole("worker", worker, least=0, most=self._count - 1)
        self._processes[worker].terminate()

    def errors(self, worker):
        """Return what a worker wrote to stderr."""
        worker = checks.whole("worker", worker, least=0, most=self._count - 1)
        return "".join(self._errors[worker])

    def _start(self, index):
        task = {"type": "worker", "index": index}
        config = {"cluster": {"worker": self.addresses}, "task": task}
        quiet = {"TF_CPP_MIN_LOG_LEVEL": "2", "CUDA_VISIBLE_DEVICES": "-1"}
        spoken = {"PYTHONIOENCODING": "utf-8"}  # whatever the system's own is
        environment = os.environ | quiet | spoken
        environment["TF_CONFIG"] = json.dumps(config)
        process = subprocess.Popen(
            [sys.executable, "-u", "-m", __name__, self._script, *self._arguments],
            **dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE),
            env=environment,
            cwd=self._script.parent,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,  # an interrupt is for the kernel alone
        )
        self._processes.append(process)
        self._errors.append([])
        for listen in (self._listen, self._listen_to_errors):
            listener = threading.Thread(target=listen, args=(index, process))
            listener.start()
            self._listeners.append(listener)

    def _listen(self, index, process):
        """Queue what a worker prints, until its output ends."""
        with process.stdout:
            for line in process.stdout:
                try:
                    said = dict(json.loads(line))
                except (TypeError, ValueError):
                    said = {"text": line.rstrip()}
                self._said.put(said | {"worker": index})
        process.wait()
        self._said.put(_ENDED)

    def _listen_to_errors(self, index, process):
        with process.stderr:
            self._errors[index] += process.stderr


def stored(name):
    """Return what lesson 08 shows where it starts no workers of its own.

    Args:
        name: "first", "killed" or "again", what `launch` of that lesson returned on
            another computer; "wire", bytes that were counted there.

    Returns:
        A dict. `tools/scaling.py` measured it, and says what it holds.

    Raises:
        ValueError: nothing is stored under that name.
    """
    kept = json.loads(_STORED.read_text(encoding="utf-8"))
    if not isinstance(name, str) or name not in kept:
        raise ValueError(
            f"name must be one of {', '.join(kept)}, got {name!r}: ask for one of "
            "these, or let the lesson start workers with START_WORKERS = True"
        )
    return kept[name]


def _free_ports(count):
    """Return ports that nobody listens to, as the system gives them."""
    with contextlib.ExitStack() as stack:
        sockets = [
            stack.enter_context(socket.create_server((HOST, 0))) for _ in range(count)
        ]
        return [each.getsockname()[1] for each in sockets]


def _run(script, *arguments):
    """Run a script as a worker does: until it ends, or its kernel closes the pipe."""

    def watch():
        while os.read(0, 1):  # nothing is ever written; empty means closed
            pass
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
    sys.argv = [script, *arguments]
    runpy.run_path(script, run_name="__main__")


if __name__ == "__main__":
    _run(*sys.argv[1:])
