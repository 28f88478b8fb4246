"""What holds for tests and notebooks alike: the guard around nbval, kernels offline."""

import os
import tempfile

from kernels import offline_environment

pytest_plugins = ["nbval_guard"]


def pytest_configure(config):
    """Let every kernel of this run start with an empty runs folder and no network."""
    folder = tempfile.TemporaryDirectory(prefix="course-", ignore_cleanup_errors=True)
    config.add_cleanup(folder.cleanup)
    os.environ.update(offline_environment(folder.name))
