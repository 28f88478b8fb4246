"""What running a notebook needs, from a test and from tools/refresh.py alike."""

from pathlib import Path

# Nothing listens at port 9: whoever tries to download is refused at once.
_NOWHERE = "http://127.0.0.1:9"


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
        status = Path(f"/proc/{manager.provisioner.pid}/status").read_text()
    except (AttributeError, OSError):
        return None
    for line in status.splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return None
