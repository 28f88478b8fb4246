"""Let a class of learners work on a JupyterHub at once, and measure what it takes.

    python tools/hub_load.py http://127.0.0.1:8000 learners.txt 00 03 [--write]

`learners.txt` has a line `name:password` for each learner, as chpasswd reads it. Each
logs in, starts a server, fetches the course, and runs all cells of the lessons, one
lesson after the other, all learners at the same moment. Run it as root on the hub's
machine: memory is read from the learners' processes. With `--write` the figures go to
docs/hub/load.json.
"""

import argparse
import importlib.metadata
import json
import os
import platform
import statistics
import sys
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psutil
import requests
import websocket
from course import ROOT
from tasks import lesson_path
from tqdm import tqdm

FIGURES = ROOT / "docs" / "hub" / "load.json"
PATIENCE = 1800  # seconds; twelve learners share two cores


def main(arguments=None):
    """Measure, print the figures and return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("hub", help="address of the hub")
    parser.add_argument("learners", type=Path, help="file of lines name:password")
    parser.add_argument("lessons", nargs="+", metavar="LESSON", help="such as 03")
    parser.add_argument("--write", action="store_true", help=f"keep in {FIGURES.name}")
    options = parser.parse_args(arguments)
    try:
        paths = [lesson_path(number) for number in options.lessons]
        people = people_of(options.learners.read_text("utf-8"))
    except (OSError, ValueError) as error:
        parser.error(str(error))
    learners = [Learner(options.hub, *person) for person in people]
    figures = {
        "date": date.today().isoformat(),
        "machine": f"{os.cpu_count()} cores, {gib(psutil.virtual_memory().total)} GiB",
        "load_before": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "jupyterhub": importlib.metadata.version("jupyterhub"),
        "learners": len(learners),
    }
    try:
        figures |= measured(learners, paths)
    finally:
        for learner in learners:
            learner.leave()
    text = json.dumps(figures, indent=2) + "\n"
    print(text, end="")
    failed = any(each["failed"] for each in figures["lessons"].values())
    if options.write and not failed:
        FIGURES.write_text(text, "utf-8")
    return int(failed)


def people_of(text):
    """Return the (name, password) of each line of a text, as chpasswd reads it.

    Raises:
        ValueError: there is no line, or one has no colon.
    """
    people = [tuple(line.split(":", 1)) for line in text.split()]
    if not people or any(len(person) < 2 for person in people):
        raise ValueError(
            "learners must be a file of lines name:password, as chpasswd reads it; got "
            f"{len(people)} lines, not all of them so: write one for each test user"
        )
    return people


def measured(learners, paths):
    """Return the figures of learners who enter and work through lessons together.

    Args:
        learners: list of `Learner`.
        paths: where the lessons' notebooks lie in this clone.
    """
    seconds = all_at_once(Learner.enter, learners)
    figures = {"start_seconds": spread(seconds), "lessons": {}}
    for path in paths:
        place = f"course/notebooks/{path.name}"
        cells = len(learners[0].sources(place)) * len(learners)
        failures = []
        with Memory(learners) as memory, tqdm(total=cells, desc=path.stem) as bar:

            def work(learner, place=place, failures=failures, bar=bar):
                with Kernel(learner, place) as kernel:
                    for source in learner.sources(place):
                        kernel.run(source)
                        bar.update()
                failures += kernel.failures

            seconds = all_at_once(work, learners)
        for failure in failures:
            print(failure, file=sys.stderr)
        figures["lessons"][path.name[:2]] = {
            "seconds": spread(seconds),
            "kernel_mib": spread(memory.highest["kernel"].values()),
            "server_mib": spread(memory.highest["server"].values()),
            "all_gib": gib(memory.all_together),
            "failed": len(failures),
        }
    return figures


def all_at_once(act, learners):
    """Call a function for all learners, one thread each; return the seconds of each."""

    def timed(learner):
        started = time.perf_counter()
        act(learner)
        return time.perf_counter() - started

    with ThreadPoolExecutor(len(learners)) as threads:
        return list(threads.map(timed, learners))


def spread(values):
    """Return median and largest of some numbers, rounded, as a dict."""
    values = list(values)
    return {"median": round(statistics.median(values)), "most": round(max(values))}


def gib(size):
    """Return bytes in GiB, rounded to a tenth."""
    return round(size / 2**30, 1)


class Learner:
    """One learner's way through the hub, by the addresses that a browser asks.

    Attributes:
        name: who it is to the hub.
        server: address of the learner's own server.
        session: `requests.Session` with the cookies, and later a token.
    """

    def __init__(self, hub, name, password):
        """Note who logs in where; `enter` does it."""
        self.hub, self.name, self.password = hub.rstrip("/"), name, password
        self.user = f"{self.hub}/hub/api/users/{name}"
        self.server = f"{self.hub}/user/{name}"
        self.session = requests.Session()

    def enter(self):
        """Log in, start a server and fetch the course.

        Raises:
            requests.HTTPError: the hub refuses.
            RuntimeError: the server does not start, or the course does not come.
        """
        self.log_in()
        self.session.headers["X-XSRFToken"] = self.session.cookies.get(
            "_xsrf", path="/hub/"
        )
        answer = self.ask("POST", f"{self.user}/tokens", json={"note": "hub_load"})
        self.session.cookies.clear()
        self.session.headers["Authorization"] = f"token {answer.json()['token']}"
        self.ask("POST", f"{self.user}/server")
        while not (person := self.ask("GET", self.user).json())["server"]:
            if not person["pending"]:
                raise RuntimeError(f"no server for {self.name}: read the hub's log")
            time.sleep(0.5)
        self.pull()

    def log_in(self):
        """Log in with name and password, as the hub's form does.

        Raises:
            requests.HTTPError: the hub refuses.
        """
        self.ask("GET", f"{self.hub}/hub/login")
        token = {"_xsrf": self.session.cookies.get("_xsrf", path="/hub/")}
        person = {"username": self.name, "password": self.password}
        options = {"data": person | token, "params": token, "allow_redirects": False}
        self.ask("POST", f"{self.hub}/hub/login", **options)

    def pull(self):
        """Fetch or update the course as the hub's start page does.

        Raises:
            RuntimeError: nbgitpuller says that it failed.
        """
        page = self.ask("GET", self.server + "/", allow_redirects=True)
        query = parse_qs(urlsplit(page.url).query)
        if "next" in query:  # a browser's detour over the hub's log-in
            query = parse_qs(urlsplit(query["next"][0]).query)
        wanted = {key: query[key][0] for key in ("repo", "targetpath")}
        log = self.ask("GET", f"{self.server}/git-pull/api", params=wanted).text
        if '"phase": "finished"' not in log:
            raise RuntimeError(f"nbgitpuller failed for {self.name}: {log[-2000:]}")

    def ask(self, method, url, **options):
        """Return the answer to a request, and raise where it is an error."""
        answer = self.session.request(method, url, timeout=PATIENCE, **options)
        answer.raise_for_status()
        return answer

    def sources(self, place):
        """Return the sources of the code cells of a notebook in the learner's home."""
        notebook = self.ask("GET", f"{self.server}/api/contents/{place}").json()
        cells = notebook["content"]["cells"]
        return [cell["source"] for cell in cells if cell["cell_type"] == "code"]

    def leave(self):
        """Stop the server; a hub that is gone already is no error."""
        try:
            self.session.delete(f"{self.user}/server", timeout=60)
        except requests.RequestException as error:
            print(f"{self.name}: {error}", file=sys.stderr)


class Kernel:
    """A notebook's kernel on a learner's server, started and shut down by `with`.

    Attributes:
        failures: texts, one for each source that raised an error.
    """

    def __init__(self, learner, place):
        """Note whose notebook it is."""
        self.learner, self.place, self.failures = learner, place, []

    def __enter__(self):
        """Start the kernel and listen to it."""
        model = {"path": self.place, "name": "", "type": "notebook"}
        model["kernel"] = {"name": "python3"}
        sessions = f"{self.learner.server}/api/sessions"
        session = self.learner.ask("POST", sessions, json=model).json()
        self._session = f"{sessions}/{session['id']}"
        kernel = f"{self.learner.server}/api/kernels/{session['kernel']['id']}"
        self._socket = websocket.create_connection(
            "ws" + kernel.removeprefix("http") + "/channels",
            timeout=PATIENCE,
            header=[f"Authorization: {self.learner.session.headers['Authorization']}"],
            suppress_origin=True,
        )
        return self

    def __exit__(self, *_):
        """Shut the kernel down."""
        self._socket.close()
        self.learner.ask("DELETE", self._session)

    def run(self, source):
        """Run a cell's source and return what it printed.

        Raises:
            RuntimeError: the kernel died.
        """
        message = uuid.uuid4().hex
        header = {"msg_id": message, "msg_type": "execute_request", "session": "load"}
        header |= {"username": self.learner.name, "version": "5.3", "date": ""}
        request = {"header": header, "parent_header": {}, "metadata": {}}
        request |= {"channel": "shell", "content": {"code": source}}
        self._socket.send(json.dumps(request))
        printed, waiting = "", {"execute_reply", "idle"}
        while waiting:
            answer = self._socket.recv()
            if isinstance(answer, bytes):
                continue  # pictures of explorers
            answer = json.loads(answer)
            kind, content = answer["msg_type"], answer["content"]
            if content.get("execution_state") in ("restarting", "dead"):
                raise RuntimeError(f"{self.learner.name}: the kernel died in {source}")
            if answer["parent_header"].get("msg_id") != message:
                continue
            if kind == "stream" and content["name"] == "stdout":
                printed += content["text"]
            if kind == "error":
                first_line = source.strip().splitlines()[0]
                self.failures.append(
                    f"{self.learner.name}, {first_line!r}: {content['evalue'][:200]}"
                )
            waiting -= {kind, content.get("execution_state")}
        return printed


class Memory:
    """Samples what the learners' processes hold, in a thread of its own.

    Attributes:
        highest: for "kernel" and "server" a dict from the learner to the most MiB.
            Memory that processes share is divided among them (PSS).
        all_together: most bytes of all learners' processes at one moment.
    """

    def __init__(self, learners):
        """Take the learners whose processes count."""
        self.names = {learner.name for learner in learners}
        self.highest, self.all_together = {"kernel": {}, "server": {}}, 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self):
        """Begin to sample."""
        self._thread.start()
        return self

    def __exit__(self, *_):
        """Stop sampling."""
        self._done.set()
        self._thread.join()

    def _watch(self):
        while not self._done.wait(2):
            total, now = 0, {"kernel": {}, "server": {}}
            for name, process in processes_of(self.names):
                try:
                    size = process.memory_full_info().pss
                    kernel = "ipykernel_launcher" in " ".join(process.cmdline())
                except psutil.Error:
                    continue  # it has ended since
                kind = now["kernel" if kernel else "server"]
                kind[name] = kind.get(name, 0) + size / 2**20
                total += size
            self.all_together = max(self.all_together, total)
            for kind, sizes in now.items():
                for name, size in sizes.items():
                    before = self.highest[kind].get(name, 0)
                    self.highest[kind][name] = max(before, size)


def processes_of(names):
    """Yield (learner's name, process) of all processes that a hub started for them."""
    for process in psutil.process_iter():
        try:
            name = process.environ().get("JUPYTERHUB_USER")
        except psutil.Error:
            continue  # it has ended, or belongs to somebody else
        if name in names:
            yield name, process


if __name__ == "__main__":
    sys.exit(main())
