"""tools/refresh.py keeps what may be kept, and refuses the rest."""

import sys
import time

import course
import nbformat
import pytest
import refresh
from tiny_notebooks import code, write

pytestmark = pytest.mark.slow  # each starts kernels

PRINT_IN_TWO_PIECES = """import os, sys, time
print(7)
sys.stdout.flush()
time.sleep(0.5)
print(8)"""


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """A notebook before and after a refresh."""
    path = tmp_path_factory.mktemp("notebooks") / "00_tiny.ipynb"
    write(
        path,
        "# Text",
        code(PRINT_IN_TWO_PIECES, count=None),
        code("time.perf_counter()", tags=["measured"], count=None),
        code("from ipywidgets import IntSlider\nIntSlider()", keep_output=False),
        code("sys.executable"),
        code("os.system('echo start-up line >&2')"),
    )
    before = nbformat.read(path, as_version=4)
    assert refresh.main([str(path)]) == 0
    return path, before, nbformat.read(path, as_version=4)


def test_refresh_keeps_sources_and_identities(fresh):
    _, before, after = fresh
    for old, new in zip(before.cells, after.cells, strict=True):
        assert (old.id, old.source, old.metadata) == (new.id, new.source, new.metadata)


def test_refresh_stores_outputs_and_counts(fresh):
    cells = [cell for cell in fresh[2].cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == [1, 2, 3, 4, 5]
    assert [output.text for output in cells[0].outputs] == ["7\n8\n"]


def test_refresh_drops_live_outputs_and_widget_state(fresh):
    after = fresh[2]
    assert after.cells[3].outputs == []
    assert "widgets" not in after.metadata
    assert "version" not in after.metadata.language_info


def test_refresh_runs_the_kernel_of_this_python(fresh):
    assert repr(sys.executable) in str(fresh[2].cells[4].outputs)


def test_refresh_leaves_lines_of_the_c_library_out(fresh):
    assert "start-up line" not in str(fresh[2].cells[5].outputs)


def test_a_second_refresh_changes_nothing_but_measured_cells(fresh):
    path, _, after = fresh
    before = path.read_bytes()
    assert refresh.main([str(path)]) == 0
    again = nbformat.read(path, as_version=4)
    assert path.read_bytes() != before
    assert refresh.compare(before, path.read_bytes()) == []
    again.cells[2].outputs = after.cells[2].outputs
    assert again == after


def test_check_names_the_cell_that_differs_and_writes_nothing(tmp_path, capsys):
    path = write(tmp_path / "00_tiny.ipynb", code("print(7)", stdout="6\n"))
    before = path.read_bytes()
    assert refresh.main(["--check", str(path)]) == 1
    assert "differs: the cell 'print(7)'" in capsys.readouterr().out
    assert path.read_bytes() == before
    write(path, code("print(7)", stdout="7\n"))
    assert refresh.main([str(path)]) == 0
    assert refresh.main(["--check", str(path)]) == 0


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("%no_such_magic", "no_such_magic"),
        ("import sys; print('careful', file=sys.stderr)", "wrote to stderr:\ncareful"),
        ("import warnings; warnings.warn('old')", "wrote to stderr"),
        ("import os; os._exit(1)", "ended the kernel"),
    ],
)
def test_a_cell_that_fails_is_named_and_the_file_left(
    source, message, tmp_path, capsys
):
    path = write(tmp_path / "00_tiny.ipynb", code("x = 1"), code(source))
    before = path.read_bytes()
    assert refresh.main([str(path)]) == 1
    errors = capsys.readouterr().err
    assert errors.startswith("00_tiny.ipynb: the cell")
    assert source[:20] in errors.splitlines()[0]
    assert message in errors
    assert path.read_bytes() == before


def test_notebooks_run_in_order_in_one_runs_folder_that_is_empty_at_first(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(course, "NOTEBOOKS", tmp_path)
    make = "import os\nos.makedirs(os.environ['COURSE_RUNS'])"  # fails if it exists
    write(
        tmp_path / "08_second.ipynb",
        code("import os\nos.rmdir(os.environ['COURSE_RUNS'])"),
    )
    write(tmp_path / "00_first.ipynb", code(make))
    write(tmp_path / "scratch.ipynb", code("1 / 0"))
    assert refresh.main([]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["00_first.ipynb", "08_second.ipynb"]
    assert all("s   " in line for line in lines)


def test_a_download_is_refused_at_once(tmp_path, capsys):
    download = "import urllib.request\nurllib.request.urlopen('http://example.org')"
    path = write(tmp_path / "00_tiny.ipynb", code(download))
    start = time.monotonic()
    assert refresh.main([str(path)]) == 1
    assert "refused" in capsys.readouterr().err
    assert time.monotonic() - start < 30


def test_a_kernel_without_asserts_is_refused(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PYTHONOPTIMIZE", "1")
    path = write(tmp_path / "00_tiny.ipynb", code("assert False"))
    assert refresh.main([str(path)]) == 1
    assert "asserts are off" in capsys.readouterr().err
