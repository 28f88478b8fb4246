"""A hub on loopback: two learners work at once, and share no file."""

import os
import re
import subprocess
import sys
import time
import types
from pathlib import Path
from urllib.parse import unquote

import hub_load
import pytest
import requests
from course import ROOT
from git_clone import course_in
from kernels import free_ports
from tasks import lesson_path

HUB = ROOT / "docs" / "hub"
PROXY = HUB / "node_modules" / ".bin" / "configurable-http-proxy"
INSTALL = "pip install -e '.[classroom]' brings it"
LESSON = "course/notebooks/00_start_here.ipynb"
CHECK = "def ink_share(image):\n    return np.mean(image > 0)\n\n\n"
CHECK += "print(lesson_00.ink_share.check(ink_share).outcome)"
# What of the shipped configuration gives way, so that no root is needed and nothing
# outside the test's folder is touched: users of the system, and the ports.
CHANGES = """
load_subconfig({config!r})
c.JupyterHub.bind_url = "http://127.0.0.1:{ports[0]}"
c.JupyterHub.hub_port = {ports[1]}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{ports[2]}"
c.ConfigurableHTTPProxy.command = {proxy!r}
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = "digits"
c.DummyAuthenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = {homes!r} + "/{{username}}"
c.Spawner.args = {args}
c.JupyterHub.services[0]["api_token"] = {token!r}
"""
TOKEN = "the-cullers-own-in-this-test-alone"


def needs_hub():
    """Skip where JupyterHub or its proxy is not installed."""
    pytest.importorskip("jupyterhub", reason=INSTALL)
    if not PROXY.exists():
        pytest.skip("npm install --no-package-lock --prefix docs/hub brings the proxy")


def contents(folder):
    """Return path -> bytes of all files below a folder, git's own left out."""
    return {
        path: path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.parts
    }


def files(home):
    """Return (device, inode) -> path of all files and links below a home."""
    found = {}
    for path in home.rglob("*"):
        if path.is_symlink() or path.is_file():
            status = path.lstat()
            found[status.st_dev, status.st_ino] = path
    return found


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    """A hub with two learners who have run lesson 00, both at the same time."""
    needs_hub()
    folder = tmp_path_factory.mktemp("hub")
    course, homes = course_in(folder / "course"), folder / "homes"
    ports = free_ports(3)
    settings = folder / "test_config.py"
    settings.write_text(
        CHANGES.format(
            config=str(course / "docs/hub/jupyterhub_config.py"),
            ports=ports,
            proxy=str(PROXY),
            homes=str(homes),
            args=["--allow-root"] if os.geteuid() == 0 else [],
            token=TOKEN,
        )
    )
    before = contents(course)
    address, log = f"http://127.0.0.1:{ports[0]}", folder / "hub.log"
    with log.open("w") as output:
        hub = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "-f", settings],
            cwd=folder,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    learners = [hub_load.Learner(address, name, "digits") for name in ("ada", "bob")]
    try:
        wait_for(lambda: answers(f"{address}/hub/api"), hub, log)
        figures = hub_load.measured(learners, [lesson_path("00")])
        yield types.SimpleNamespace(
            address=address,
            before=before,
            course=course,
            figures=figures,
            homes=homes,
            hub=hub,
            learners=learners,
            log=log,
        )
    finally:
        for learner in learners:
            learner.leave()
        hub.terminate()  # the hub ends its proxy and its services
        hub.wait(60)


def wait_for(condition, hub, log):
    """Wait until something holds, and say what the hub said if it never does."""
    deadline = time.monotonic() + 120
    while not condition():
        if hub.poll() is not None or time.monotonic() > deadline:
            pytest.fail("the hub is not as it should be:\n" + log.read_text()[-3000:])
        time.sleep(0.5)


def answers(address):
    """Say whether a hub answers there."""
    try:
        return requests.get(address, timeout=5).ok
    except requests.RequestException:
        return False


@pytest.mark.slow
def test_lesson_00_runs_for_both_at_once(room):
    lesson = room.figures["lessons"]["00"]
    assert lesson["failed"] == 0
    assert 200 < lesson["kernel_mib"]["most"] < 1200
    for name in ("ada", "bob"):
        assert (room.homes / name / LESSON).exists()


@pytest.mark.slow
def test_what_one_learner_solves_is_not_solved_for_the_other(room):
    ada, bob = room.learners
    with hub_load.Kernel(ada, LESSON) as hers, hub_load.Kernel(bob, LESSON) as his:
        for kernel in (hers, his):
            kernel.run("import numpy as np")
            kernel.run("from course_utils.exercises import _progress, lesson_00")
        assert hers.run(CHECK).strip() == "correct"
        assert hers.run("print(_progress.load())") != "{}\n"
        assert his.run("print(_progress.load())") == "{}\n"
        written = {"ada": set(), "bob": set()}
        for name, process in hub_load.processes_of(written):
            for file in process.open_files():
                if file.mode != "r":
                    written[name].add(Path(file.path))
    for name, paths in written.items():
        paths -= {room.log}  # which all servers inherit
        assert paths  # IPython's history, at least
        assert all(path.is_relative_to(room.homes / name) for path in paths)


@pytest.mark.slow
def test_no_file_is_shared_and_the_course_is_left_alone(room):
    ada, bob = (files(room.homes / name) for name in ("ada", "bob"))
    assert len(ada) > 50 and len(bob) > 50
    assert ada.keys() & bob.keys() == set()
    for name, found in (("ada", ada), ("bob", bob)):
        for path in found.values():
            assert path.resolve().is_relative_to(room.homes / name)
    assert contents(room.course) == room.before


@pytest.mark.slow
def test_the_link_of_the_teaching_page_leads_to_the_learners_own_server(room):
    text = (ROOT / "docs" / "teaching.md").read_text("utf-8")
    link = re.search(r"https://HUB(/hub/user-redirect/\S+)", text)[1]
    ada = hub_load.Learner(room.address, "ada", "digits")
    ada.log_in()
    page = ada.ask("GET", room.address + link)
    wanted = link.replace("/hub/user-redirect/", "/user/ada/")
    assert unquote(page.url).removeprefix(room.address) == wanted
    assert "nbgitpuller" in page.text


@pytest.mark.slow
def test_a_learner_has_no_way_into_anothers_server(room):
    ada, bob = room.learners
    with pytest.raises(requests.HTTPError, match="403"):
        ada.ask("GET", f"{bob.server}/api/contents/{LESSON}")


@pytest.mark.slow
@pytest.mark.skipif(
    Path("/run/systemd/system").is_dir(), reason="with systemd, systemd holds back"
)
def test_memory_beyond_the_limit_is_refused_and_nobody_dies_of_it(room):
    with hub_load.Kernel(room.learners[0], LESSON) as kernel:
        kernel.run("much = bytearray(3_000_000_000)")
        assert len(kernel.failures) == 1
        assert kernel.run("print('alive')") == "alive\n"


@pytest.mark.slow
def test_a_server_that_idles_is_culled(room):
    assert "(culler@127.0.0.1)" in room.log.read_text()  # the hub started the service
    bob = room.learners[1]
    time.sleep(3)
    culler = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "jupyterhub_idle_culler",
            "--timeout=1",
            "--cull-every=1",
        ],
        env=os.environ
        | {"JUPYTERHUB_API_TOKEN": TOKEN}
        | {"JUPYTERHUB_API_URL": f"{room.address}/hub/api"},
    )
    try:
        wait_for(
            lambda: not bob.ask("GET", bob.user).json()["server"], room.hub, room.log
        )
    finally:
        culler.terminate()
        culler.wait(20)


def shipped(systemd, monkeypatch):
    """Return the shipped configuration, as loaded on a machine with systemd or not."""
    from traitlets.config import PyFileConfigLoader

    there = Path.is_dir
    monkeypatch.setattr(
        Path,
        "is_dir",
        lambda path: systemd if str(path) == "/run/systemd/system" else there(path),
    )
    return PyFileConfigLoader(str(HUB / "jupyterhub_config.py")).load_config()


def test_with_systemd_the_limits_reach_its_spawner(monkeypatch, caplog):
    spawners = pytest.importorskip("systemdspawner", reason=INSTALL)
    config = shipped(True, monkeypatch)
    assert config.JupyterHub.spawner_class == "systemd"
    user = types.SimpleNamespace(name="ada", id=1, url="/user/ada/", settings={})
    spawner = spawners.SystemdSpawner(config=config, user=user)
    assert (spawner.mem_limit, spawner.cpu_limit) == (2 * 2**30, 2)
    assert spawner.isolate_tmp and spawner.disable_user_sudo
    assert "prlimit" not in spawner.cmd
    assert "not recognized" not in caplog.text


def test_without_systemd_prlimit_holds_each_process_back(monkeypatch):
    config = shipped(False, monkeypatch)
    assert config.JupyterHub.spawner_class == "localprocess"
    assert config.Spawner.cmd[:2] == ["prlimit", "--data=2000000000"]


def test_the_configuration_stays_short():
    lines = (HUB / "jupyterhub_config.py").read_text("utf-8").splitlines()
    assert len(lines) < 60
