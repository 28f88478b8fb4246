"""Figures in tests go to no screen, and CI lets no browser test be skipped."""

import os

import matplotlib
import pytest

# Not through MPLBACKEND: kernels would inherit it, and notebooks lose their figures.
matplotlib.use("agg")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Turn a browser test that was skipped into a failure where CI is set."""
    report = yield
    if report.skipped and os.environ.get("CI") and "browser" in item.path.parts:
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {report.longrepr}"
    return report
