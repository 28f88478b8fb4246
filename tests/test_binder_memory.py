"""What lessons take at Binder is measured as Binder counts it, and the page says so."""

import os
import subprocess
import sys
from types import SimpleNamespace

import binder_memory
import psutil
import pytest
import versions
from course import README

needs_linux = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux tells proportional memory"
)
# Holds 100 MB, and so does its child; both let go when they are told.
HOLDING = """
import subprocess, sys
memory = b"x" * 10**8
child = "memory = b'x' * 10**8; print('ready', flush=True); input()"
child = subprocess.Popen([sys.executable, "-c", child], stdin=-1, stdout=-1)
child.stdout.readline()
print("ready", flush=True)
input()
child.communicate(b"go")
del memory
print("free", flush=True)
input()
"""


@pytest.fixture
def holder():
    """A process that holds memory, with a child that does, too."""
    command = [sys.executable, "-c", HOLDING]
    with subprocess.Popen(command, stdin=-1, stdout=-1, text=True) as process:
        assert process.stdout.readline() == "ready\n"
        yield process
        process.communicate("go\ngo\n")


@needs_linux
def test_memory_is_that_of_all_processes_and_the_peak_remains(holder):
    server = psutil.Process(holder.pid)
    amount, count = binder_memory.memory(server)
    assert amount > 2e8 and count == 2
    with binder_memory.peak(server) as most:
        while most["bytes"] < 2e8:
            binder_memory.time.sleep(0.05)
        print("go", file=holder.stdin, flush=True)
        assert holder.stdout.readline() == "free\n"
        while binder_memory.memory(server)[0] > 1e8:
            binder_memory.time.sleep(0.05)
    assert most["bytes"] > 2e8 and most["processes"] == 2


@needs_linux
@pytest.mark.slow
def test_the_server_has_one_core_and_we_keep_ours(tmp_path):
    before = os.sched_getaffinity(0)
    with binder_memory.one_core_server(tmp_path) as (_, server):
        assert len(server.cpu_affinity()) == 1
        assert os.sched_getaffinity(0) == before
    assert not server.is_running()


def test_a_failed_cell_ends_the_measurement(monkeypatch):
    stand_in = SimpleNamespace(
        start_all=lambda page: None,
        wait_all=lambda page, timeout: [(3, "MemoryError", "")],
    )
    monkeypatch.setattr(binder_memory, "lab", stand_in)
    with pytest.raises(RuntimeError, match="MemoryError"):
        binder_memory.finish(None, start=True)


def test_the_page_shows_what_is_kept():
    text = versions.PAGE.read_text("utf-8")
    shown = binder_memory.table(binder_memory.load())
    assert (
        versions.replaced(text, binder_memory.BEGIN, binder_memory.END, shown) == text
    )


def test_the_readme_says_what_two_open_lessons_take():
    after, at_once = (
        f"{entry['bytes'] / 1e9:.1f} GB"
        for name, entry in sorted(binder_memory.load().items())
        if name.startswith(" and ".join(binder_memory.TWO))
    )
    sentence = f"Two that were open took {after}, run at once {at_once} ("
    assert sentence in README.read_text("utf-8")


def test_a_row_says_how_much_of_binders_memory_it_is():
    row = binder_memory.table({"03": {"bytes": 1_047_503_872, "date": "2026-11-29"}})
    assert row.endswith("| 03 | 1.05 GB | 52% | 2026-11-29 |\n")


@pytest.mark.parametrize("arguments", [["--two", "--write"], ["--two", "a.ipynb"]])
def test_what_contradicts_itself_is_refused(arguments):
    with pytest.raises(SystemExit):
        binder_memory.main(arguments)
