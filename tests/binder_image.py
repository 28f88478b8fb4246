"""What repo2docker, mybinder.org's builder, would make of the course."""

import pytest


def of(folder, monkeypatch):
    """Return repo2docker's build pack for a folder; nothing is built."""
    app = pytest.importorskip("repo2docker.app").Repo2Docker  # not for Windows
    monkeypatch.chdir(folder)
    packs = [pack(app().base_image) for pack in app().buildpacks]
    found = next(pack for pack in packs if pack.detect())
    found.platform = "linux/amd64"
    return found
