"""JupyterHub for a class on one machine; docs/teaching.md says how to set it up.

Root runs it from the environment that the course is installed in. A learner is a Unix
user of the group `learners`, with a home that no other learner can read.
"""

import os
import sys
from pathlib import Path
from urllib.parse import urlencode

c = get_config()  # noqa: F821
HERE = Path(__file__).resolve().parent
COURSE = HERE.parents[1]  # the clone that learners get a copy of
BIN = Path(sys.executable).parent

# Only this machine reaches it; put a web server with TLS before it (docs/teaching.md).
c.JupyterHub.bind_url = "http://127.0.0.1:8000"
c.ConfigurableHTTPProxy.command = f"{HERE}/node_modules/.bin/configurable-http-proxy"
c.JupyterHub.authenticator_class = "pam"
c.PAMAuthenticator.allowed_groups = {"learners", "teachers"}
c.PAMAuthenticator.admin_groups = {"teachers"}  # may stop anybody's server
c.JupyterHub.active_server_limit = 30  # what the memory is for

# At each start nbgitpuller copies or updates the course in the learner's own home.
# Nothing of a learner may lie outside it: what a lesson measures goes to `runs` there.
pull = {
    "repo": f"file://{COURSE}",
    "targetpath": "course",
    "urlpath": "lab/tree/course/notebooks/00_start_here.ipynb",
}
c.Spawner.default_url = "/git-pull?" + urlencode(pull)
c.Spawner.environment = {
    "PATH": f"{BIN}:{os.environ['PATH']}",
    "TF_NUM_INTRAOP_THREADS": "2",  # as many as cpu_limit allows, on any machine
}
c.Spawner.cmd = [f"{BIN}/jupyterhub-singleuser"]
c.Spawner.start_timeout = c.Spawner.http_timeout = 180  # thirty start at once
c.Spawner.mem_limit = "2G"  # the server and all kernels of one learner
c.Spawner.cpu_limit = 2

if Path("/run/systemd/system").is_dir():
    c.JupyterHub.spawner_class = "systemd"
    c.SystemdSpawner.isolate_tmp = c.SystemdSpawner.disable_user_sudo = True
else:
    # Without systemd nothing enforces the two limits above. prlimit holds back each
    # process by itself, and no limit of CPU is left.
    c.JupyterHub.spawner_class = "localprocess"
    c.Spawner.cmd = ["prlimit", "--data=2000000000", *c.Spawner.cmd]

# After an hour without a key pressed or a cell run, a server and its kernels go.
culler = ["-m", "jupyterhub_idle_culler", "--timeout=3600", "--cull-every=300"]
scopes = ["list:users", "read:users:activity", "read:servers", "delete:servers"]
c.JupyterHub.services = [{"name": "culler", "command": [sys.executable, *culler]}]
c.JupyterHub.load_roles = [{"name": "culler", "services": ["culler"], "scopes": scopes}]
