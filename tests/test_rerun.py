"""tools/rerun.py finds what a second or a late execution changes, and nothing else."""

import copy

import pytest
import rerun
from tiny_notebooks import code, write

pytestmark = pytest.mark.slow  # each starts kernels

QUICK = 1.5  # seconds, instead of 5
SLOW = f"import time\ntime.sleep({QUICK + 0.1})\n"
PICTURE = """from IPython.display import HTML
shade = globals().get("shade", 0) + 1
HTML(f'<img alt="A line" src="data:image/png;base64,iVBOR{shade}">')"""
COUNT = "{0} = globals().get('{0}', 0) + 1\nprint({0})"

# Name: cells, then texts of which each must stand in a problem; none: no problem.
CASES = {
    "harmless": (
        [code("a = 1"), code("a + 1;"), code("a = 1")],
        [],
    ),
    "an equal output": (
        [code("print(1)", stdout="1\n", tags=["nbval-check-output"])],
        [],
    ),
    "the second time differs": (
        [code("b = 1"), code("b = b + 1\nprint('same')\nprint(b)")],
        ["the second time (+) the cell", "first time (-)\n- stdout: 2\n+ stdout: 3"],
    ),
    "the second time raises": (
        [code("c = [1]"), code("c.pop();")],
        ["the second time: the cell", "IndexError: pop from empty list"],
    ),
    "the first time raises": (
        [code("1 / 0")],
        ["the first time: the cell", "ZeroDivisionError: division by zero"],
    ),
    "an assert fails the second time": (
        [code("d = 1"), code("d *= 2\nassert d == 2")],
        ["the second time: the cell", "AssertionError"],
    ),
    "the second time writes to stderr": (
        [
            code("import sys\ne = 0"),
            code("e += 1\nif e > 1: print(8, file=sys.stderr)"),
        ],
        ["the second time: the cell", "wrote to stderr", "8"],
    ),
    "a mistyped magic": ([code("%no_such_magic")], ["magic function"]),
    "another stored output": (
        [code("print(7)", stdout="6\n")],
        ["the second time (+) the cell", "output (-)\n- stdout: 6\n+ stdout: 7"],
    ),
    "another picture": (
        [code(PICTURE)],
        ['first time (-)\n- text/html: <img alt="A line" src="data:image/png'],
    ),
    "late output differs": (
        [code(f"{SLOW}f = 1"), code("print(f)", stdout="1\n"), code("f = 2")],
        ["after the end (+) the cell", "first time (-)\n- stdout: 1\n+ stdout: 2"],
    ),
    "late error": (
        [code(f"{SLOW}g = 1"), code("assert g == 1"), code("g = 2")],
        ["after the end: the cell", "AssertionError"],
    ),
    "measured": ([code(COUNT.format("h"), tags=["measured"])], []),
    "live": ([code(COUNT.format("i"), keep_output=False)], []),
    "goes on": ([code(COUNT.format("j"), tags=["goes-on"])], []),
    "goes on and raises": (
        [code(COUNT.format("k") + "\nassert k < 2", tags=["goes-on"])],
        ["the second time: the cell", "AssertionError"],
    ),
}


@pytest.fixture(scope="module")
def problems(tmp_path_factory):
    """What is wrong with a notebook of all cases' cells."""
    folder = tmp_path_factory.mktemp("notebooks")
    cells = []
    for name, (own, _) in CASES.items():
        for cell in own:
            cells.append(copy.deepcopy(cell))
            if not cell.source.startswith("%"):
                cells[-1].source = f"# {name}\n{cell.source}"
    path = write(folder / "00_tiny.ipynb", *cells)
    before = path.read_bytes()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rerun, "QUICK", QUICK)
        found, peak = rerun.rerun(path, folder)
    assert path.read_bytes() == before
    assert peak is None or peak > 1e7
    return found


@pytest.mark.parametrize("name", CASES)
def test_what_goes_wrong_is_listed_with_cell_and_lines(name, problems):
    mark = "'%no_such_magic'" if name == "a mistyped magic" else f"'# {name}'"
    own = [problem for problem in problems if mark in problem]
    expected = CASES[name][1]
    for text in expected:
        assert any(text in problem for problem in own), own
    assert bool(own) == bool(expected), own


def test_the_command_lists_each_notebook_and_says_so_in_its_exit_code(tmp_path, capsys):
    dead = write(tmp_path / "00_dead.ipynb", code("import os; os._exit(1)"), code("0"))
    other = write(
        tmp_path / "01_other.ipynb",
        code("print(0.30000001)", stdout="0.3\n"),
        code("print(3)", stdout="2\n", tags=["nbval-check-output"]),
    )
    assert rerun.main([str(dead), str(other)]) == 1
    printed = capsys.readouterr().out
    assert "    the cell 'import os; os._exit(1)' ended the kernel" in printed
    assert printed.count("differs from the stored output") == 2
    assert rerun.main(["--elsewhere", str(other)]) == 1
    printed = capsys.readouterr().out
    assert printed.count("differs from the stored output") == 1
    assert "the second time (+) the cell 'print(3)'" in printed
    write(other, code("print(0.30000001)", stdout="0.3\n"))
    assert rerun.main(["--elsewhere", str(other)]) == 0


def test_a_kernel_without_asserts_is_refused(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PYTHONOPTIMIZE", "1")
    path = write(tmp_path / "00_tiny.ipynb", code("assert False"))
    assert rerun.main([str(path)]) == 1
    assert "asserts are off" in capsys.readouterr().out
