"""Figures in tests go to no screen; in CI, no browser test may be skipped."""

import os
import signal

import matplotlib
import pytest

# Not through MPLBACKEND: kernels would inherit it, and notebooks lose their figures.
matplotlib.use("agg")

# Under nohup and in a script's background a process ignores interrupts, and so do all
# that it starts; tests that interrupt one would wait for ever.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_itemcollected(item):
    """Mark the tests that drive a browser."""
    if "browser" in item.path.parts:
        item.add_marker("browser")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Turn a browser test that was skipped into a failure where CI is set."""
    report = yield
    if report.skipped and os.environ.get("CI") and item.get_closest_marker("browser"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {report.longrepr}"
    return report
