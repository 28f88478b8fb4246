"""One command fills the home in wherever it stands, and changes it later."""

import json
import tomllib

import pytest
import set_home

HOME = "OWNER/REPO"
BUILT = ["_build", "notebooks", "docs", "benchmarks"]
TOML = f'[tool.course]\nhome = "{HOME}"\n'
NOTEBOOK = json.dumps(
    {"cells": [f'https://github.com/{HOME}"', f"gh/{HOME}/HEAD", "OTHER/REPO"]}
)
README = f"See https://github.com/{HOME}. Clone https://github.com/{HOME}.git é\r\n"


@pytest.fixture
def copy(tmp_path):
    """A small repository whose home is OWNER/REPO."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "pyproject.toml").write_text(TOML)
    (tmp_path / "README.md").write_bytes(README.encode())
    (tmp_path / "notebooks/00_start.ipynb").write_text(NOTEBOOK)
    return tmp_path


def contents(root):
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_the_home_is_written_everywhere_and_can_change_and_return(copy):
    before = contents(copy)
    assert set_home.main(["ada/digits"], copy) == 0
    for content in contents(copy).values():
        assert HOME.encode() not in content
        assert b"ada/digits" in content
    assert b"OTHER/REPO" in (copy / "notebooks/00_start.ipynb").read_bytes()
    assert set_home.main(["bo/digits-2.x"], copy) == 0
    assert set_home.main([HOME], copy) == 0
    assert contents(copy) == before


@pytest.mark.parametrize(
    "home, address",
    [
        ("ada/digits", "ada.github.io/digits"),
        ("ada/ada.github.io", "ada.github.io"),
        ("ada/Ada.GitHub.io", "ada.github.io"),
    ],
)
def test_the_address_of_the_book_follows_the_home(copy, home, address):
    before = "[book](https://OWNER.github.io/REPO/) https://OWNER.github.io/REPO-2/"
    (copy / "README.md").write_text(before)
    set_home.main([home], copy)
    after = f"[book](https://{address}/) https://OWNER.github.io/REPO-2/"
    assert (copy / "README.md").read_text() == after
    set_home.main([HOME], copy)
    assert (copy / "README.md").read_text() == before


def test_writing_the_same_home_again_changes_nothing(copy, capsys):
    set_home.main(["ada/digits"], copy)
    before = contents(copy)
    capsys.readouterr()
    assert set_home.main(["ada/digits"], copy) == 0
    assert contents(copy) == before
    assert capsys.readouterr().out == ""


def test_a_longer_name_that_begins_alike_stays(copy):
    (copy / "README.md").write_text("OWNER/REPO OWNER/REPO-2 MY-OWNER/REPO")
    set_home.main(["ada/digits"], copy)
    text = (copy / "README.md").read_text()
    assert text == "ada/digits OWNER/REPO-2 MY-OWNER/REPO"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["digits"],
        ["ada/digits/x"],
        ["https://github.com/ada/digits"],
        ["ada/"],
        ["-a/digits"],
        ["ada/di gits"],
        ['ada/digits"'],
        ["ada/digits", "bo/digits"],
    ],
)
def test_what_is_no_home_is_refused(copy, arguments, capsys):
    before = contents(copy)
    with pytest.raises(SystemExit) as end:
        set_home.main(arguments, copy)
    assert end.value.code == 2
    assert "OWNER/REPO" in capsys.readouterr().err
    assert contents(copy) == before


def test_no_file_of_the_course_names_the_home_where_the_tool_does_not_look(tmp_path):
    home = tomllib.loads((set_home.ROOT / "pyproject.toml").read_text())
    home = home["tool"]["course"]["home"].encode()
    built = [set_home.ROOT / "site" / name for name in BUILT]
    known = {set_home.ROOT / "tools/set_home.py", *set_home.places(set_home.ROOT)}
    for folder in (
        "tools",
        "course_utils",
        "docs",
        "notebooks",
        "binder",
        ".github",
        "site",
    ):
        for path in (set_home.ROOT / folder).rglob("*"):
            if path.is_file() and path.suffix not in (".pyc", ".npz", ".png"):
                if any(folder in path.parents for folder in built):
                    continue  # copies that the last build of the book left
                assert path in known or home not in path.read_bytes(), path
