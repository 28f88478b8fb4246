"""The image that repo2docker builds from binder/ serves a hub on Kubernetes, too.

Nothing is built here: there is no Docker. repo2docker says what it would do, and what
would run in the image runs in an environment of its own.
"""

import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest
import yaml
from course import ROOT

repo2docker = pytest.importorskip(
    "repo2docker.app", reason="pip install -e '.[classroom]' brings it"
)
VALUES = ROOT / "docs" / "hub" / "values.yaml"
WHERE = "import course_utils; print(course_utils.__file__)"
HOME = "/home/jovyan"  # a hub mounts a learner's volume over it


@pytest.fixture
def image(monkeypatch):
    """What repo2docker would build from this checkout."""
    monkeypatch.chdir(ROOT)
    app = repo2docker.Repo2Docker()
    packs = (pack(app.base_image) for pack in app.buildpacks)
    found = next(pack for pack in packs if pack.detect())
    found.platform = "linux/amd64"
    return found


def test_binder_alone_decides_what_is_in_the_image(image):
    assert type(image).__name__ == "CondaBuildPack"
    assert image.binder_dir == "binder"
    assert image.python_version == "3.11"
    assert image.get_post_build_scripts() == ["binder/postBuild"]


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


@pytest.mark.slow
def test_what_postbuild_installs_works_without_the_repository(tmp_path):
    course, environment = tmp_path / "repository", tmp_path / "environment"
    for name in ("course_utils", "binder"):
        unwanted = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, course / name, ignore=unwanted)
    for path in ROOT.iterdir():
        if path.is_file():
            shutil.copy(path, course)
    venv.create(environment, with_pip=True)
    programs = {"PATH": f"{environment}/bin:/usr/bin:/bin", "HOME": str(tmp_path)}
    subprocess.run(
        ["bash", "binder/postBuild"], cwd=course, env=programs, check=True, timeout=600
    )
    course.rename(tmp_path / "hidden")  # as a volume hides it
    there = (environment / "lib").glob("python3*/site-packages")
    (packages,) = there
    assert (packages / "course_utils" / "mnist.npz").stat().st_size > 1e6
    assert (packages / "course_utils" / "explorers" / "_panel.js").exists()
    assert (packages / "nbgitpuller" / "pull.py").exists()
    settings = environment / "etc/jupyter/jupyter_server_config.d/nbgitpuller.json"
    assert '"nbgitpuller": true' in settings.read_text()
    found = subprocess.check_output(
        [
            environment / "bin/python",
            "-c",
            "import course_utils as c; print(c.__file__)",
        ],
        cwd=tmp_path,
        text=True,
    )
    assert Path(found.strip()).is_relative_to(packages)


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
