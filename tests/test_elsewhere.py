"""Binder and Colab, as far as they can be had: their builders, their versions."""

import json
import os
import re
import sqlite3
import subprocess
import sys
import sysconfig
from pathlib import Path

import binder_image
import git_clone
import nbformat
import pytest
import yaml
from contract import COLAB_CELL
from course import HOME, NOTEBOOKS, ROOT, lessons
from kernels import offline_environment
from tiny_notebooks import code

START = "00_start_here.ipynb"
COLAB_SET = Path(__file__).with_name("colab-constraints.txt")
# What an installation, and who opens a lesson, needs of the repository.
SOURCES = ["pyproject.toml", "constraints.txt", "README.md", "LICENSE"]
SOURCES += ["binder", "course_utils", "notebooks"]


def run(*command, **options):
    """Run a program that may ask a package registry; return what it says."""
    shut = set(offline_environment("nowhere")) | {"PYTHONPATH"}
    environment = {k: v for k, v in os.environ.items() if k not in shut}
    environment |= options.pop("environment", {})
    done = subprocess.run(
        list(map(str, command)),
        env=environment,
        capture_output=True,
        text=True,
        timeout=1200,
        **options,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


needs_posix = pytest.mark.skipif(os.name == "nt", reason="Binder and Colab run Linux")


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """A copy of the repository, as a service clones it: no build, no environment."""
    folder = tmp_path_factory.mktemp("clone") / "course"
    folder.mkdir()
    return git_clone.course_in(folder, SOURCES)


def environment_of(folder):
    """Make an environment that sees the packages of this one, but not the course.

    They stand in for a download: this environment's course is an editable install, to
    which only the environment itself follows the link.
    """
    run(sys.executable, "-m", "venv", folder)
    (site,) = folder.glob("lib/python*/site-packages")
    Path(site, "others.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return site


def private(folder, **more):
    """Return variables by which programs read and write no one's settings."""
    programs = [str(folder / "bin"), sysconfig.get_path("scripts"), os.environ["PATH"]]
    return {
        "HOME": str(folder),
        "PATH": os.pathsep.join(programs),
        "IPYTHONDIR": str(folder / "ipython"),
        "JUPYTER_DATA_DIR": str(folder / "jupyter"),
        "COURSE_RUNS": str(folder / "runs"),
        **more,
    }


@pytest.fixture
def pack(repository, monkeypatch):
    """What repo2docker, mybinder.org's builder, makes of the repository."""
    return binder_image.of(repository, monkeypatch)


@needs_posix
def test_binder_reads_its_own_folder_and_nothing_else(pack):
    assert (type(pack).__name__, pack.binder_dir) == ("CondaBuildPack", "binder")
    read = [*pack.get_preassemble_script_files(), *pack.get_post_build_scripts()]
    assert read == ["binder/environment.yml", "binder/postBuild"]
    others = ["apt.txt", "requirements.txt", "runtime.txt", "start", "install.R"]
    assert not [name for name in others if Path(pack.binder_path(name)).exists()]
    image = pack.render({"NB_USER": "jovyan", "NB_UID": "1000"})
    installs = image.index('env update -p ${NB_PYTHON_PREFIX} --file "binder/envi')
    assert installs < image.index("RUN ./binder/postBuild")


@needs_posix
def test_binder_takes_the_oldest_python_from_which_the_tested_set_stems(pack):
    assert pack.python_version == "3.11"


def test_binder_opens_the_first_lesson_in_jupyterlab():
    address = rf"https://mybinder.org/v2/gh/{HOME}/HEAD\?urlpath=([^)]+)\)"
    (place,) = re.findall(address, (ROOT / "README.md").read_text("utf-8"))
    assert place == f"lab/tree/{NOTEBOOKS.name}/{START}"


@pytest.mark.slow
def test_what_binder_installs_with_pip_can_be_had(repository, tmp_path):
    environment = yaml.safe_load((repository / "binder/environment.yml").read_text())
    wanted = environment["dependencies"][-1]["pip"]
    report = tmp_path / "report.json"
    run(
        *(sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed"),
        *("--only-binary=:all:", "--python-version=3.11", "--target", tmp_path),
        *("-q", "--report", report, *wanted),
    )
    found = versions_in(report)
    assert len(found) > len(wanted)
    for requirement in wanted:
        name, version = requirement.split("==")
        assert found[name] == version


@pytest.mark.slow
@needs_posix
def test_binder_installs_the_course_and_trusts_its_notebooks(repository, tmp_path):
    environment_of(tmp_path)
    variables = private(tmp_path)
    assert os.access(repository / "binder/postBuild", os.X_OK)
    run("binder/postBuild", cwd=repository, environment=variables)
    where = run(
        *(tmp_path / "bin/python", "-c", "import course_utils as c; print(c.__file__)"),
        cwd=repository / "notebooks",
        environment=variables,
    )
    assert tmp_path in Path(where.strip()).parents
    # A hub brings the notebooks with it; its part for the server comes as settings.
    run(tmp_path / "bin/python", "-c", "import nbgitpuller", environment=variables)
    assert run("git", "status", "--porcelain", cwd=repository) == ""
    trusted = sqlite3.connect(tmp_path / "jupyter/nbsignatures.db").execute(
        "select count(*) from nbsignatures"
    )
    assert trusted.fetchone() == (len(lessons()),)


@pytest.fixture(scope="module")
def wheel(repository, tmp_path_factory):
    """The course as pip builds it from the repository."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", folder]
    run(*build, repository)
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.mark.slow
@needs_posix
def test_installing_in_colab_changes_nothing_that_colab_has(wheel, tmp_path):
    run(sys.executable, "-m", "venv", tmp_path / "colab")
    (site,) = tmp_path.glob("colab/lib/python*/site-packages")
    for line in COLAB_SET.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            pretend_installed(site, *line.split("=="))
    report = tmp_path / "report.json"
    # Without an index: whatever it wanted beyond the wheel would be an error.
    install = ["install", "-q", "--dry-run", "--no-index", "--report", report, wheel]
    run(tmp_path / "colab/bin/python", "-m", "pip", *install)
    assert list(versions_in(report)) == ["course-utils"]


def pretend_installed(site, name, version):
    """Let pip believe that a package is installed."""
    folder = site / f"{name.replace('-', '_')}-{version}.dist-info"
    folder.mkdir()
    text = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    (folder / "METADATA").write_text(text)
    (folder / "INSTALLER").write_text("pip\n")


def versions_in(report):
    """Return what pip would install, a dict from name to version."""
    parts = json.loads(report.read_text("utf-8"))["install"]
    return {p["metadata"]["name"].lower(): p["metadata"]["version"] for p in parts}


@pytest.mark.slow
@needs_posix
def test_a_lesson_in_colab_installs_the_course_and_runs(repository, tmp_path):
    """The guarded cell fetches the repository; everything else comes out of the wheel.

    Colab stands for: its module in `sys.modules`, a folder with the notebook alone, and
    an environment without the course. git takes the copy here for the one on GitHub.
    """
    site = environment_of(tmp_path / "colab")
    (site / "google/colab").mkdir(parents=True)
    (site / "google/colab/__init__.py").touch()
    (site / "colab.pth").write_text("import google.colab\n")
    content = tmp_path / "content"
    content.mkdir()
    lesson = nbformat.read(NOTEBOOKS / START, as_version=4)
    lesson.cells.append(code(WHERE_FROM))
    nbformat.write(lesson, content / START)
    variables = private(
        tmp_path / "colab",
        GIT_CONFIG_COUNT="1",
        GIT_CONFIG_KEY_0=f"url.{repository.as_uri()}.insteadOf",
        GIT_CONFIG_VALUE_0=f"https://github.com/{HOME}",
    )
    python = tmp_path / "colab/bin/python"
    before = run(python, "-m", "pip", "freeze", "--local", environment=variables)
    execute = [python, "-c", "from nbclient.cli import main; main()", "--inplace"]
    run(*execute, "--timeout=900", START, cwd=content, environment=variables)
    after = run(python, "-m", "pip", "freeze", "--local", environment=variables)
    new = sorted(set(after.splitlines()) - set(before.splitlines()))
    assert [line.partition(" @ ")[0] for line in new] == ["course-utils"]
    assert set(before.splitlines()) <= set(after.splitlines())
    ran = nbformat.read(content / START, as_version=4)
    (output,) = ran.cells[-1].outputs
    files = [Path(line) for line in output.text.splitlines()]
    assert len(files) == 4
    assert all(site in file.parents and file.stat().st_size for file in files)
    assert [path.name for path in content.iterdir()] == [START]


WHERE_FROM = """from pathlib import Path

package = Path(data.__file__).parent
for name in "mnist.npz", "course.mplstyle", "digit_pad.js", "explorers/_panel.js":
    print(package / name)"""


def test_every_lesson_begins_with_the_guarded_cell_that_installs_it():
    for path in lessons():
        cells = nbformat.read(path, as_version=4).cells
        first = next(cell for cell in cells if cell.cell_type == "code")
        assert first.source == COLAB_CELL, path.name
