"""What running a notebook needs, from tests and tools alike."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

# Nothing listens at port 9: whoever tries to download is refused at once.
_NOWHERE = "http://127.0.0.1:9"

# What a kernel is asked, as `user_expressions`, before it runs a cell.
ASSERTS = {"asserts": "__debug__"}
ASSERTS_OFF = (
    "asserts are off in the kernel, and a run would prove nothing: unset "
    "PYTHONOPTIMIZE, and start Python without -O"
)


def asserts_are_on(reply):
    """Say whether a kernel runs asserts, from its reply's content to `ASSERTS`."""
    answer = reply.get("user_expressions", {}).get("asserts", {})
    return answer.get("data", {}).get("text/plain") == "True"


def offline_environment(folder):
    """Return environment variables for kernels that leave no trace and use no network.

    Downloads through Python's urllib, requests or Keras's `get_file` are refused, and
    files that an earlier download left in the home folder are not found.

    Args:
        folder: path of an empty folder for what the kernels write.

    Returns:
        A dict of variables, to be added to `os.environ`.
    """
    variables = {
        "COURSE_RUNS": str(Path(folder, "runs")),
        "KERAS_HOME": str(Path(folder, "keras")),
        "no_proxy": "localhost,127.0.0.1,::1",
    }
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        variables[name] = variables[name.upper()] = _NOWHERE
    variables["NO_PROXY"] = variables["no_proxy"]
    return variables


def peak_memory(manager):
    """Return the most memory that a kernel has held since its start.

    Args:
        manager: the kernel's `jupyter_client.KernelManager`.

    Returns:
        Bytes of resident memory, or None where the system does not tell (only Linux
        keeps the peak of another process).
    """
    try:
        return peak_memory_of(manager.provisioner.pid)
    except AttributeError:
        return None


def peak_memory_of(process_id):
    """Return the most memory that a process has held, as `peak_memory` does."""
    try:
        status = Path(f"/proc/{process_id}/status").read_text()
    except OSError:
        return None
    for line in status.splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return None


def lab_server(folder, home, *options, environment=None, timeout=90):
    """Serve a folder with JupyterLab, and end the server afterwards.

    It fetches no news; see `server` for the rest, and for what it yields.

    Args:
        folder: path of the folder with the notebooks.
        home: path of an empty folder for what the server and its kernels write.
        options: further options of `jupyter lab`.
        environment: optional dict of further variables for the server.
        timeout: seconds to wait until it answers.
    """
    return server(
        "jupyterlab",
        home,
        *("--ServerApp.port_retries=0", "--IdentityProvider.token="),
        *("--ServerApp.password=", f"--ServerApp.root_dir={Path(folder).resolve()}"),
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        *options,
        environment=environment,
        timeout=timeout,
    )


@contextlib.contextmanager
def server(program, home, *options, environment=None, timeout=90):
    """Start a server of notebooks, and end it afterwards.

    It listens on 127.0.0.1 alone and reads none of the user's settings.

    Args:
        program: the module that is run, for example "jupyterlab".
        home: path of an empty folder for what the server and its kernels write.
        options: its options, without browser, address and port.
        environment: optional dict of further variables for the server.
        timeout: seconds to wait until it answers.

    Yields:
        The server's address, and its process id.

    Raises:
        RuntimeError: it did not start.
    """
    private = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
        "COURSE_RUNS": "runs",
    }
    private = {name: str(Path(home, place)) for name, place in private.items()}
    (port,) = free_ports(1)
    command = [sys.executable, "-m", program, "--no-browser", "--allow-root"]
    command += ["--ip=127.0.0.1", f"--port={port}", *options]
    log = Path(home, "server.log")
    with log.open("w") as output:
        process = subprocess.Popen(
            command,
            env=os.environ | private | (environment or {}),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + timeout
        while not _answers(url + "/api/status"):
            if process.poll() is not None or time.monotonic() > deadline:
                text = log.read_text("utf-8", "replace")
                raise RuntimeError(f"{program} did not start:\n{text}")
            time.sleep(0.2)
        yield url, process.pid
    finally:
        process.terminate()  # the server ends its kernels before it ends itself
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_ports(count):
    """Return that many ports of this machine on which nothing listens."""
    with contextlib.ExitStack() as stack:
        found = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in found:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in found]


def ask(url, method="GET", content=None, timeout=60):
    """Return the answer to a request, in bytes; no proxy stands between.

    Args:
        url: address on this machine.
        method: what to do there, a method of HTTP.
        content: optional bytes to send along.
        timeout: seconds to wait.

    Raises:
        OSError: nothing answers there, or it refuses.
    """
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    request = urllib.request.Request(url, content, method=method)
    with direct.open(request, timeout=timeout) as reply:
        return reply.read()


def _answers(url):
    try:
        return bool(ask(url, timeout=2))
    except OSError:
        return False
