"""The image that repo2docker builds from binder/ serves a hub on Kubernetes, too.

Nothing is built here: there is no Docker. repo2docker says what it would do;
tests/test_elsewhere.py runs what it would run.
"""

import sys
from pathlib import Path

import binder_image
import pytest
import yaml
from course import ROOT

VALUES = ROOT / "docs" / "hub" / "values.yaml"
HOME = "/home/jovyan"  # a hub mounts a learner's volume over it


@pytest.fixture
def image(monkeypatch):
    """What repo2docker would build from this checkout."""
    return binder_image.of(ROOT, monkeypatch)


def test_the_environment_lies_where_no_volume_hides_it(image):
    text = image.render({"NB_USER": "jovyan", "NB_UID": "1000"})
    variables = dict(
        line.removeprefix("ENV ").split("=", 1)
        for line in text.splitlines()
        if line.startswith("ENV ") and "=" in line
    )
    assert variables["NB_PYTHON_PREFIX"] == "${CONDA_DIR}/envs/notebook"
    assert variables["CONDA_DIR"] == "${APP_BASE}/conda"
    assert not variables["APP_BASE"].startswith(HOME)
    assert 'env update -p ${NB_PYTHON_PREFIX} --file "binder/environment.yml"' in text


def test_the_image_has_the_hubs_side_of_a_server_and_git(image):
    image.render({"NB_USER": "jovyan", "NB_UID": "1000"})
    locked = Path(sys.modules["repo2docker"].__file__).parent / "buildpacks" / "conda"
    packages = (locked / "environment.py-3.11-linux-64.lock").read_text()
    assert "/jupyterhub-singleuser-5." in packages
    # buildpack-deps, without a further word in its tag, comes with git.
    assert "buildpack-deps:" in image.base_image
    assert "-curl" not in image.base_image


def test_the_values_bring_the_course_with_the_shipped_link_and_limits():
    values = yaml.safe_load(VALUES.read_text("utf-8"))
    server = values["singleuser"]
    assert server["memory"] == {"guarantee": "1.2G", "limit": "2G"}
    assert server["cpu"]["limit"] == int(server["extraEnv"]["TF_NUM_INTRAOP_THREADS"])
    assert server["defaultUrl"].startswith("/git-pull?repo=https://github.com/")
    place = server["defaultUrl"].partition("urlpath=lab/tree/course/")[2]
    assert (ROOT / place).is_file()
    assert server["storage"]["type"] == "dynamic"
    assert values["cull"]["enabled"] and values["cull"]["timeout"] == 3600
