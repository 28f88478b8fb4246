"""Seeds are replaced, values come back and are kept, and prose states what is kept."""

import json
import re

import course
import pytest
import seeds
from lesson import Lesson
from tiny_notebooks import code, write

ENTRY = {"median": 0.98153, "range": [0.97, 0.984]}


@pytest.fixture
def notebook(tmp_path, monkeypatch):
    """A notebook of which two seeds give results; they would be kept beside it."""
    monkeypatch.setattr(seeds, "RESULTS", tmp_path / "seeds.json")
    cells = [
        "def set_random_seed(number):\n    global seed\n    seed = number",
        "set_random_seed(0)",
        "assert seed == dict(seed=0)['seed']",
        "accuracy = {'He': 0.9 + seed / 100, 'Glorot': 0.8}",
        "assert accuracy['He'] > 0.905",
    ]
    return write(tmp_path / "tiny.ipynb", *map(code, cells))


@pytest.mark.slow
def test_a_table_with_medians_and_ranges_is_printed_and_kept(notebook, capsys):
    before = notebook.read_bytes()
    arguments = [str(notebook), "accuracy", "seed", "--seeds", "2", "--write"]
    seeds.main(arguments)
    printed = capsys.readouterr().out.splitlines()
    assert printed[1] == (
        "seed 1   accuracy[He] 0.9100   accuracy[Glorot] 0.8000   seed 1.0000"
    )
    assert printed[2] == "accuracy[He]: median 0.9050, from 0.9000 to 0.9100"
    assert notebook.read_bytes() == before
    entry = seeds.load()["tiny"]["accuracy[He]"]
    assert (entry["seeds"], entry["values"]) == ([0, 1], [0.9, 0.91])
    assert (entry["median"], entry["range"]) == (pytest.approx(0.905), [0.9, 0.91])
    assert entry["command"] == f"python tools/seeds.py {' '.join(arguments)}"
    assert entry["date"] and entry["python"] and entry["tensorflow"]


@pytest.mark.slow
def test_a_variant_is_kept_beside_the_notebook_s_own_figures(notebook):
    seeds.keep("tiny", {"seed": [1, 2]}, [])
    seeds.keep("other", {"seed": [3, 4]}, [])
    change = [
        "--variant",
        "ten more",
        "--replace",
        "seed = number",
        "seed = number + 10",
    ]
    seeds.main([*change, "--write", "--seeds", "1", str(notebook), "seed"])
    kept = seeds.load()
    assert list(kept) == ["other", "tiny"]
    assert {name: entry["values"] for name, entry in kept["tiny"].items()} == {
        "seed": [1, 2],
        "ten more: seed": [10],
    }
    assert "'seed = number + 10'" in kept["tiny"]["ten more: seed"]["command"]


@pytest.mark.slow
def test_without_write_nothing_is_kept(notebook):
    seeds.main([str(notebook), "seed", "--seeds", "1"])
    assert not seeds.RESULTS.exists()


def test_a_notebook_without_a_seed_is_refused(notebook):
    write(notebook, code("seed = 1"))
    with pytest.raises(ValueError, match="got no such call"):
        seeds.measure(notebook, ["seed"], 1)


def test_a_replacement_of_what_is_not_there_is_refused(notebook):
    with pytest.raises(ValueError, match="must contain the code 'Adam'"):
        seeds.measure(notebook, ["seed"], 1, [("Adam", "SGD")])


@pytest.mark.parametrize(
    "text",
    [
        "Over five seeds it was 98.15 % (97.0 to 98.4 %).",
        "The seeds gave 98.2 % of the test images (median; from 97.0 to 98.4 %).",
        "The median is 98 %, from 97 % to 98 %.",
        "Five seeds: 0.98 (0.97 to 0.984).",
        "Over five seeds, *He's* rule read **98.2 %** (97 to 98.4 %) and\nno more.",
        "No range (1 to 3) at all.\n\nMedian: 98.2 % (97 to 98 %).",
        "Random numbers have seeds.",
    ],
)
def test_figures_that_are_kept_may_be_stated(text):
    assert seeds.problems(text, {"accuracy": ENTRY}) == []


@pytest.mark.parametrize(
    "text",
    [
        "Over five seeds it was 98.15 % (97.1 to 98.4 %).",
        "Over five seeds it was 98.16 % (97.0 to 98.4 %).",
        "Over five seeds it was 98.15 % (97.0 to 98.5 %).",
        "Over five seeds it was 98.15 (97.0 to 98.4).",
        "Over five seeds it was 98.15 % after 200 steps (97.0 to 98.4 %).",
        "Over five seeds it was 98.15 %.",
        "98.15 % (97.0 to 98.4 %) with these seeds, and 97 % (90 to 99 %) with others.",
        "It had a median of 98.15 %.",
    ],
)
def test_figures_that_are_not_kept_are_found(text):
    assert len(seeds.problems(text, {"accuracy": ENTRY})) == 1


def test_the_readme_states_what_is_kept():
    known = {name: e for lesson in seeds.load().values() for name, e in lesson.items()}
    assert seeds.problems(course.README.read_text("utf-8"), known) == []


def test_what_is_kept_belongs_to_a_lesson_and_agrees_with_itself():
    stems = [path.stem for path in course.lessons()]
    for lesson, entries in seeds.load().items():
        assert lesson in stems
        for name, entry in entries.items():
            values = sorted(entry["values"])
            assert len(values) == len(entry["seeds"]), name
            assert entry["range"] == [values[0], values[-1]], name
            assert values[0] <= entry["median"] <= values[-1], name
            assert entry["command"].startswith("python tools/seeds.py "), name


def test_seed_0_is_the_run_that_the_notebook_shows():
    for path in course.lessons():
        outputs = Lesson(path).outputs
        shown = "\n".join(o.text for o in outputs if o.output_type == "stream")
        for name, entry in seeds.load().get(path.stem, {}).items():
            if ": " not in name:  # a variant is no run of the notebook as it is
                value = entry["values"][entry["seeds"].index(0)]
                forms = {f"{value:.3f}", f"{value:g}"}
                forms |= {f"{100 * value:.{digits}f}" for digits in (1, 2)}
                found = re.findall(r"(?<![\d.])\d+(?:\.\d+)?(?!\d)", shown)
                assert forms & set(found), (path.name, name, value)


def test_the_file_is_short_to_read(notebook):
    seeds.keep("tiny", {"accuracy": [0.5, 0.25]}, ["a b"])
    text = seeds.RESULTS.read_text()
    assert '"values": [0.5, 0.25],\n' in text
    assert json.loads(text) == seeds.load()
