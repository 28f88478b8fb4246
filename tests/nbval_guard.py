"""Closes the holes through which a broken notebook passes nbval 0.11.

The root conftest.py loads this pytest plugin. Each code cell of a notebook is one
pytest item; the rules below turn cells that nbval would let pass into failures, and
test_nbval_guard.py shows, rule by rule, a notebook that passes without it.
"""

import time
from collections import deque
from queue import Empty

import nbval.plugin
import pytest
from course import MEMORY_BUDGET
from kernels import ASSERTS, ASSERTS_OFF, asserts_are_on, peak_memory
from nbval.kernel import RunningKernel

OUTPUT_TIMEOUT = 60  # seconds; nbval's own 5 are too short on a busy machine
LISTEN_EVERY = 0.1  # seconds, while a cell runs


class WatchedKernel(RunningKernel):
    """A kernel whose death is noticed, and of which no message is lost.

    nbval reads what a cell puts out after the cell's end. A channel drops what it has
    no room for, and a bar that moves for two minutes fills it: then the last message,
    for which nbval waits, never comes.
    """

    reply = {"status": "ok"}  # content of the latest one

    def __init__(self, *arguments, **options):
        """Start the kernel and ask whether it runs asserts."""
        self.put_out = deque()  # messages that nbval has not asked for yet
        super().__init__(*arguments, **options)
        question = self.kc.execute("", silent=True, user_expressions=ASSERTS)
        self.await_reply(question, timeout=OUTPUT_TIMEOUT)
        self.asserts = asserts_are_on(self.reply)

    def await_reply(self, msg_id, timeout=None):
        """Wait for the reply to a request, as long as the kernel lives.

        Args:
            msg_id: identity of the request.
            timeout: seconds to wait, or None for ever.

        Raises:
            queue.Empty: there was no reply in time.
            RuntimeError: the kernel died or gave the request up.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            self._listen()
            try:
                message = self.get_message(stream="shell", timeout=LISTEN_EVERY)
            except Empty:
                if not self.is_alive():
                    raise RuntimeError("the kernel died: out of memory?") from None
                if deadline is not None and time.monotonic() > deadline:
                    raise
                continue
            if message["parent_header"].get("msg_id") == msg_id:
                self.reply = message["content"]
                if self.reply["status"] == "aborted":
                    raise RuntimeError("the kernel gave the cell up")
                return

    def get_message(self, stream, timeout=None):
        """Return the next message of "shell" or "iopub", the channel of outputs."""
        if stream == "iopub" and self.put_out:
            return self.put_out.popleft()
        return super().get_message(stream, timeout)

    def _listen(self):
        """Take in all messages that wait on the channel of outputs."""
        try:
            while True:
                self.put_out.append(self.kc.get_iopub_msg(timeout=0))
        except Empty:
            pass


def pytest_configure():
    """Let nbval start kernels that are watched."""
    nbval.plugin.RunningKernel = WatchedKernel


def pytest_collectstart(collector):
    """Never compare stderr nor pictures: both differ between machines."""
    if isinstance(collector, nbval.plugin.IPyNbFile):
        # plots.show gives its picture as HTML.
        collector.skip_compare += ("stderr", "text/html")


def pytest_collection_modifyitems(items):
    """Give slow machines time to deliver their output."""
    for item in filter(_is_cell, items):
        item.output_timeout = OUTPUT_TIMEOUT


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Stop a notebook at its first failure, and refuse checks that check nothing."""
    if not _is_cell(item):
        return
    if failed := getattr(item.parent, "first_failure", None):
        pytest.skip(f"{failed} failed before it")
    if item.options["check"] and not _has_comparable_output(item):
        pytest.fail(
            f"{item.name} is marked for comparison, but no output of it is stored: "
            "run tools/refresh.py, or take the tag away",
            pytrace=False,
        )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Turn a cell that passed for the wrong reason into a failure."""
    report = yield
    if _is_cell(item):
        if call.when == "call" and report.passed and (reason := _objection(item)):
            report.outcome = "failed"
            report.longrepr = f"{item.nodeid}: {reason}\n\n{item.cell.source}"
        if report.failed:
            item.parent.first_failure = item.name
    return report


def _is_cell(item):
    return isinstance(item, nbval.plugin.IPyNbCell)


def _has_comparable_output(item):
    """Say whether nbval would find anything to compare the cell's outputs with."""
    if item.cell.execution_count is None:
        return False
    for output in item.cell.outputs:
        kinds = {output.name} if output.output_type == "stream" else output.get("data")
        if set(kinds or ()) - set(item.parent.skip_compare):
            return True
    return False


def _objection(item):
    """Return why a cell that passed must not, or None.

    These are the cells whose asserts were off, that ran into the time limit and
    swallowed the interrupt, that were tagged to raise and did not, that a mistyped
    magic ended without a message, and that took the kernel over the memory budget.
    """
    raised = any(output.output_type == "error" for output in item.test_outputs or ())
    kernel = item.parent.kernel
    if not kernel.asserts:
        return ASSERTS_OFF
    if item.parent.timed_out:
        limit = item.config.option.nbval_cell_timeout
        return f"it took longer than {limit:g} seconds, and swallowed the interrupt"
    if item.options["check_exception"] and not raised:
        return "it is tagged to raise an exception, and raised none"
    if not item.options["check_exception"] and kernel.reply["status"] == "error":
        return "the kernel answered 'error' without a message: a mistyped magic?"
    peak = peak_memory(kernel.km) or 0
    if peak > MEMORY_BUDGET:
        return (
            f"the kernel has held {peak / 1e9:.2f} GB, and the budget of a notebook is "
            f"{MEMORY_BUDGET / 1e9:.1f} GB"
        )
    return None
