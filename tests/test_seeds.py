"""Seeds are replaced, values come back, and the notebook stays as it was."""

import pytest
import seeds
from tiny_notebooks import code, write


@pytest.fixture
def notebook(tmp_path):
    cells = [
        "def set_random_seed(number):\n    global seed\n    seed = number",
        "set_random_seed(0)",
        "assert seed == dict(seed=0)['seed']",
        "accuracy = {'He': 0.9 + seed / 100, 'Glorot': 0.8}",
        "assert accuracy['He'] > 0.905",
    ]
    return write(tmp_path / "tiny.ipynb", *map(code, cells))


def test_a_table_with_medians_and_ranges(notebook, capsys):
    before = notebook.read_bytes()
    seeds.main([str(notebook), "accuracy", "seed", "--seeds", "3"])
    printed = capsys.readouterr().out.splitlines()
    assert printed[1] == (
        "seed 1   accuracy[He] 0.9100   accuracy[Glorot] 0.8000   seed 1.0000"
    )
    assert printed[3] == "accuracy[He]: median 0.9100, from 0.9000 to 0.9200"
    assert notebook.read_bytes() == before


def test_a_notebook_without_a_seed_is_refused(notebook):
    write(notebook, code("seed = 1"))
    with pytest.raises(ValueError, match="got no such call"):
        seeds.measure(notebook, ["seed"], 1)
