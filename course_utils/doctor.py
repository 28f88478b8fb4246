"""What is installed, what is wrong, and what to do about it.

    from course_utils import doctor
    doctor.report()

In a terminal, `python -m course_utils.doctor` prints the same, and its exit code is 1
if there is a problem.
"""

import importlib
import os
import platform
import sys
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

from course_utils import data

PROJECT = "course-utils"
PACKAGES = ("tensorflow", "keras", "ipywidgets")
MEMORY_NEEDED = 1.2e9  # bytes; the budget of one lesson
CONTROL_GROUPS = Path("/sys/fs/cgroup")  # where Linux keeps a container's limits
_MEMORY_FILES = (  # of version 2 and of version 1
    ("memory.max", "memory.current", "memory.stat"),
    [f"memory/memory.{name}" for name in ("limit_in_bytes", "usage_in_bytes", "stat")],
)
_SIGNS = {"ok": "✔", "warning": "!", "problem": "✘"}


def report():
    """Print a table of what `examine` found, one line each, with what to do."""
    print(_encodable(_table(examine()), sys.stdout))


def examine():
    """Look at this machine and installation.

    Returns:
        A list of tuples of texts (state, subject, finding, advice), one for each of
        Python, TensorFlow, Keras, ipywidgets, CPU cores, GPU, free memory and the
        data. The state is "ok", "warning" or "problem"; where all is well, advice is
        empty.
    """
    packages = [_package(name) for name in PACKAGES]
    return [_python(), *packages, _cores(), _gpu(), _memory(), _data()]


def _encodable(text, stream):
    """Return a text with what the stream cannot write replaced by a question mark."""
    encoding = getattr(stream, "encoding", None) or "ascii"
    if text.encode(encoding, "replace").decode(encoding) != text:
        text = text.replace("✔", "+").replace("✘", "x")
    return text.encode(encoding, "replace").decode(encoding)


def _table(findings):
    rows = []
    for state, subject, finding, advice in findings:
        rows.append(f"{_SIGNS[state]} {state:8} {subject:11} {finding}")
        if advice:
            rows.append(f"{'':23}-> {advice}")
    return "\n".join(rows)


def _python():
    version = platform.python_version()
    supported = metadata.metadata(PROJECT)["Requires-Python"]
    if Requirement(f"python{supported}").specifier.contains(version):
        return "ok", "Python", version, ""
    cure = f"make a new virtual environment with Python {supported}"
    return "problem", "Python", version, cure


def _package(name):
    """Compare an installed version with the range that the project declares."""
    label = {"tensorflow": "TensorFlow", "keras": "Keras"}.get(name, name)
    supported = next(
        requirement.specifier
        for requirement in map(Requirement, metadata.requires(PROJECT))
        if requirement.name == name and requirement.marker is None
    )
    cure = f'run: {sys.executable} -m pip install "{name}{supported}"'
    try:
        version = metadata.version(name)
        importlib.import_module(name)
    except Exception as error:  # a broken install may raise anything
        first_line = (str(error).splitlines() or [""])[0]
        return "problem", label, f"{type(error).__name__}: {first_line}", cure
    if supported.contains(version, prereleases=True):
        return "ok", label, version, ""
    return "problem", label, f"{version}, the course needs {supported}", cure


def _cores():
    try:
        count = len(os.sched_getaffinity(0))
    except AttributeError:  # only Linux tells how many of the cores are ours
        count = os.cpu_count() or 1
    granted = min(count, _cpu_quota() or count)
    finding = f"{count}" if granted == count else f"{granted:g} of {count} granted"
    if granted >= 2:
        return "ok", "CPU cores", finding, ""
    advice = "everything works; training takes about twice the time that lessons state"
    return "warning", "CPU cores", finding, advice


def _cpu_quota():
    """Return the cores' time that a container grants, in cores, or None."""
    for group in _control_groups():
        try:  # version 2 writes "quota period", version 1 two files
            if (file := group / "cpu.max").exists():
                quota, period = file.read_text().split()
            else:
                files = group / "cpu/cpu.cfs_quota_us", group / "cpu/cpu.cfs_period_us"
                quota, period = (file.read_text() for file in files)
            if float(quota) > 0:
                return float(quota) / float(period)
        except (OSError, ValueError, ZeroDivisionError):
            continue  # "max", -1 or no such file: no limit at this level
    return None


def _control_groups():
    """Return the folders in which Linux keeps this process's limits, inner first."""
    own = Path("/proc/self/cgroup")
    own = own.read_text().rpartition("::")[2].strip("/\n") if own.exists() else ""
    folder = CONTROL_GROUPS / own
    return [folder, *(f for f in folder.parents if f.is_relative_to(CONTROL_GROUPS))]


def _gpu():
    """Ask for the devices; `tf.test.is_built_with_cuda` is True without a GPU too."""
    try:
        import tensorflow as tf

        details = tf.config.experimental.get_device_details
        found = tf.config.list_physical_devices("GPU")
        names = [details(gpu).get("device_name", gpu.name) for gpu in found]
    except Exception as error:  # reported above as TensorFlow's own line
        return "warning", "GPU", f"not known: {type(error).__name__}", "see TensorFlow"
    absent = "none found; the course does not need one"
    return "ok", "GPU", ", ".join(names) or absent, ""


def _memory():
    free = free_memory()
    finding = f"{free / 1e9:.1f} GB free, a lesson needs up to {MEMORY_NEEDED / 1e9} GB"
    if free >= MEMORY_NEEDED:
        return "ok", "memory", finding, ""
    advice = "shut down the kernels of other notebooks and close other programs"
    return "warning", "memory", finding, advice


def free_memory():
    """Return the bytes that a new program can use, also inside a container."""
    import psutil

    free = psutil.virtual_memory().available
    for group in _control_groups():
        for names in _MEMORY_FILES:
            try:
                limit, used, kept = ((group / name).read_text() for name in names)
                statistics = dict(line.split() for line in kept.splitlines())
                # Files that were read count as used but are given back on demand.
                cache = statistics["inactive_file"]
                free = min(free, int(limit) - int(used) + int(cache))
            except (OSError, ValueError, KeyError):
                continue  # no such limit at this level
    return max(free, 0)


def _data():
    try:
        (x_train, _), (x_test, _) = data.load_mnist()
    except (OSError, ValueError) as error:
        return "problem", "data", f"{type(error).__name__}", str(error)
    return "ok", "data", f"{len(x_train) + len(x_test):,} digits, intact", ""


if __name__ == "__main__":
    found = examine()
    print(_encodable(_table(found), sys.stdout))
    sys.exit(any(state == "problem" for state, *_ in found))
