"""Every place that depends on the system is known, and so is what it does elsewhere.

Under Windows and macOS the quick tests and two notebooks run on GitHub; the list says
what the code does there.
"""

import ast
import re

import places

LINUX = "Linux alone; elsewhere the question is not asked, or the answer is None"
AUTHORS = (
    "a tool of authors and teachers, who work under Linux: docs/teaching.md says so"
)
PLACES = {
    "course_utils/cluster.py": {
        "Cluster.__exit__": "kill: the same under Windows",
        "Cluster.kill": "kill: under Windows the worker ends at once, too",
        "Cluster.terminate": "signal 15: under Windows terminate kills; lesson 08 "
        "shows stored results where a worker cannot be asked",
        "Cluster._start": "start_new_session: left out under Windows by subprocess; an "
        "interrupt then reaches the workers too, which end",
    },
    "course_utils/doctor.py": {
        "": LINUX,
        "_cores": "os.cpu_count() where there is no sched_getaffinity",
        "_cpu_quota": LINUX,
        "_control_groups": LINUX,
        "_python": "the same everywhere",
        "free_memory": f"psutil, and control groups: {LINUX}",
    },
    "course_utils/exercises/_calling.py": {
        "_time_limit": "a timer's signal where there is setitimer; a thread elsewhere",
        "_by_timer": "asked only where there is setitimer",
        "_raise_in": "CPython on any system",
    },
    "course_utils/monitor.py": {
        "_LateInterrupt.__init__": "SIGINT is there under Windows, too",
        "_LateInterrupt._act": "SIGINT is there under Windows, too",
        "_LateInterrupt.end": "SIGINT is there under Windows, too",
    },
    "course_utils/runs.py": {
        "write_whole": "os.replace: under Windows it fails where somebody reads the "
        "old file at that moment, which gives the warning of save",
    },
    "benchmarks/benchmark.py": {"machine": LINUX, "child": "it prints ASCII"},
    "tools/binder_memory.py": {
        name: AUTHORS for name in ("one_core_server", "main", "entry")
    },
    "tools/grading.py": {
        "_grade": "refuses any other system than Linux",
        "network_prefix": AUTHORS,
        "Worker.close": AUTHORS,
        "Worker.answer": AUTHORS,
        "Worker._start": AUTHORS,
    },
    "tools/grading_worker.py": {
        name: AUTHORS
        for name in ("main", "count_threads", "answer", "_confine", "_end", "_cause")
    },
    "tools/kernels.py": {
        "ask": "an address is opened, no file",
        "peak_memory_of": LINUX,
        "server": AUTHORS,
    },
    "tools/hub_load.py": {"main": AUTHORS},
    "tools/ledger.py": {
        "busy_processes": AUTHORS,
        "machine_problem": AUTHORS,
        "measure": "the same everywhere",
    },
    "tools/rough.py": {"_interrupted": AUTHORS, "_interrupted.stop": AUTHORS},
    "tools/scaling.py": {"counter": AUTHORS},
    "tools/seeds.py": {"keep": "the same everywhere"},
    "tools/versions.py": {"keep": "the same everywhere"},
}
# What some systems lack, or do in another way.
MODULES = {"signal", "resource", "fcntl", "pwd", "grp", "pty", "termios", "ctypes"}
OF_OS = re.compile(
    r"os\.(?:fork|kill|killpg|[gs]et(?:e?[gu]id|pgid)|setsid|nice|sched_\w+|umask|chmod|chown"
    r"|link|symlink|readlink|rename|replace|uname|name|getloadavg|mkfifo|wait\w*|pipe"
    r"|O_\w+|memfd_create|unshare)"
)
OF_SYSTEM = re.compile(r"sys\.platform|sys\.getwindowsversion|platform\.\w+")
METHODS = {"chmod", "symlink_to", "hardlink_to", "rename", "owner", "send_signal"}
METHODS |= {"kill", "terminate"}
GROUPS = {"start_new_session", "preexec_fn", "pass_fds", "process_group", "setitimer"}
FOLDERS = re.compile(r"/(?:proc|sys|dev|tmp|etc|usr|mnt|bin)(?:/|$)")
OPENS = {"open", "read_text", "write_text", "NamedTemporaryFile", "fdopen"}
PROCESSES = {"Popen", "run", "call", "check_output", "check_call"}


def depends(node):
    """Say whether what a node does depends on the system."""
    if isinstance(node, ast.Attribute):
        name = ast.unparse(node)
        own = name.partition(".")[0] in MODULES
        return own or any(kind.fullmatch(name) for kind in (OF_OS, OF_SYSTEM))
    if isinstance(node, ast.Call):
        return _calls_the_system(node) or is_in_the_locales_encoding(node)
    return bool(FOLDERS.match(places.text_of(node)))


def _calls_the_system(call):
    name, given = _last(call.func), {keyword.arg for keyword in call.keywords}
    moves = name == "replace" and len(call.args) == 1  # a path; a text has two
    if name == "hasattr":
        return ast.unparse(call.args[0]) in {*MODULES, "os"}
    return name in METHODS or moves or name == "which" or bool(given & GROUPS)


def is_in_the_locales_encoding(call):
    """Say whether a call reads or writes text without naming its encoding."""
    name = _last(call.func)
    given = {word.arg: ast.unparse(word.value) for word in call.keywords}
    if "encoding" in given:
        return False
    if name in PROCESSES:
        return given.get("text") == "True"
    if name not in OPENS or ast.unparse(call.func) in ("os.open", "Image.open"):
        return False
    texts = [places.text_of(argument) for argument in call.args]
    if name == "open" and any(re.fullmatch("[rwxa+]*b[rwxa+]*", t) for t in texts):
        return False
    return not any(re.fullmatch("utf-?8.*", text) for text in texts)


def _last(function):
    return ast.unparse(function).rpartition(".")[2]


def test_every_place_that_depends_on_the_system_is_known():
    found = places.found(places.PYTHON, depends)
    assert found == places.lines(PLACES)
