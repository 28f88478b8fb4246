"""Every notebook keeps the contract, and every rule of the contract can fail."""

import copy
import sys
import types

import pytest
from contract import COLAB_CELL, HOME, ROOT, RULES, TRAINING_SECTIONS, Lesson
from nbformat.v4 import new_markdown_cell, new_output
from tiny_notebooks import code, notebook

from course_utils.exercises import Exercise

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_notebook(rule, path):
    problems = list(rule(Lesson(path)))
    assert not problems, "\n".join(problems)


OPENING = f"""# Build a network
You write every matrix yourself.

**You will build** a network.

**You will be able to**
- multiply
- add
- compare

**You need** lesson 01.

*About 60 minutes of study; 1.5 minutes of computing and 0.9 GB of memory on two CPU cores.*

[![Binder](https://mybinder.org/badge_logo.svg)](https://mybinder.org/v2/gh/{HOME}/HEAD?urlpath=lab/tree/notebooks/02_good.ipynb) [![Colab](https://colab.research.google.com/assets/colab-badge.svg)](https://colab.research.google.com/github/{HOME}/blob/main/notebooks/02_good.ipynb)"""  # noqa: E501

EXERCISE = """def double(x):
    \"\"\"Return twice the number.\"\"\"
    ...

lesson_02.double.check(double)
# lesson_02.double.hint()
# lesson_02.double.solution()"""

SUMMARY = """## Summary
- You can multiply.
- You can add.
- You can compare.

[Next: start here](02_good.ipynb)

**Sources**
- [A book](https://example.org/book), with a proof that is no magic: `a != b`, $n!$."""


def good_notebook():
    """Return a notebook of lesson 02 that keeps every rule."""
    figure = code("plots.pixels(image)\nplots.show(alt='A five.')")
    figure.outputs = [
        new_output(
            "display_data",
            {"image/png": "aGk=", "text/plain": "<Figure size 640x480>"},
            metadata={"image/png": {"alt": "A five."}},
        )
    ]
    body = []
    for title in TRAINING_SECTIONS[:-2]:
        body += [f"## {title}\nOne idea.", code("x", stdout="1\n")]
        body[-1].metadata.tags = ["nbval-check-output"]
    cells = [
        OPENING,
        "## Set-up",
        code(COLAB_CELL),
        code("import keras\n\nkeras.utils.set_random_seed(0)"),
        *body,
        figure,
        code(
            "with Monitor(steps=9) as monitor:\n    train(monitor)", keep_output=False
        ),
        "## Optional: more\nFurther.",
        "## Exercises",
        "Double it.",
        code(EXERCISE),
        "Halve it.",
        code(EXERCISE.replace("double", "halve")),
        SUMMARY,
    ]
    for number, cell in enumerate(
        (c for c in cells if not isinstance(c, str)), start=1
    ):
        cell.execution_count = number
    return notebook(*cells)


@pytest.fixture
def lesson(tmp_path, monkeypatch):
    """A lesson that keeps every rule, with its two exercises in the package."""
    module = types.ModuleType("course_utils.exercises.lesson_02")
    for name in ("double", "halve"):
        setattr(module, name, Exercise(len, [], [], ""))
    monkeypatch.setitem(sys.modules, module.__name__, module)
    (tmp_path / "02_good.ipynb").touch()
    return Lesson(tmp_path / "02_good.ipynb", good_notebook())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_good_notebook_keeps_the_rule(rule, lesson):
    assert list(rule(lesson)) == []


def replace(old, new):
    """Return a change that replaces a text wherever it stands in a cell's source."""

    def change(notebook):
        assert any(old in cell.source for cell in notebook.cells)
        for cell in notebook.cells:
            cell.source = cell.source.replace(old, new)

    return change


def add(*cells):
    """Return a change that puts cells in front of the section Data."""

    def change(notebook):
        new = [new_markdown_cell(c) if isinstance(c, str) else c for c in cells]
        new = [copy.deepcopy(cell) for cell in new]
        for number, cell in enumerate(new):
            cell.id = f"added-{number}"
        notebook.cells[4:4] = new

    return change


def first(text, **values):
    """Return a change of the attributes of the first cell that contains a text."""

    def change(notebook):
        cell = next(cell for cell in notebook.cells if text in cell.source)
        for name, value in values.items():
            setattr(cell, name, value)

    return change


def metadata(**values):
    return lambda notebook: notebook.metadata.update(values)


def picture(alt):
    """Return a cell with a picture as its output, and this text for it."""
    cell = code("plots.show(alt='A five.')")
    data = {"image/png": "aGk="}
    meta = {"image/png": {"alt": alt}} if alt else {}
    cell.outputs = [new_output("display_data", data, metadata=meta)]
    return cell


TRAIN_IN_LOOP = "def f(): ...\nfor epoch in range(3):\n    f()"
TRAIN_IN_MONITOR = "def f(): ...\nwith Monitor(steps=3) as monitor:\n    f()"

# Name of a rule: changes of the good notebook, each of which must break it.
BREACHES = {
    "opening_has_title_promises_and_needs": [
        replace("# Build", "Build"),
        add("# A second title"),
        replace("**You will build**", "You build"),
        replace("**You need**", "You need"),
        replace("- multiply\n- add\n", ""),
    ],
    "opening_states_measured_time_and_memory_within_the_budget": [
        replace("*About 60 minutes", "About 60 minutes"),
        replace("1.5 minutes of computing", "4 minutes of computing"),
        replace("0.9 GB", "1.3 GB"),
    ],
    "opening_has_badges_to_this_notebook": [
        replace("notebooks/02_good.ipynb)", "notebooks/03_good.ipynb)"),
        replace(f"colab.research.google.com/github/{HOME}", "example.org"),
    ],
    "set_up_is_the_colab_cell_and_there_are_no_other_magics": [
        replace("## Set-up", "## Before"),
        replace('if "google.colab" in sys.modules:\n    ', ""),
        add(code("%matplotlib inline")),
        add(code("!ls")),
        add(code("if True:\n    %time f()")),
    ],
    "one_cell_holds_all_imports_and_the_seed": [
        replace("set_random_seed(0)", "set_random_seed(1)"),
        add(code("import math")),
        add(code("def f():\n    from math import pi")),
    ],
    "sections_come_in_the_order_of_all_lessons": [
        replace("## Model", "## Training first"),
        replace("## Model", "## Loss"),
        replace("## Summary", "## The end"),
    ],
    "core_has_at_most_45_cells": [add(*["Text."] * 40)],
    "markdown_is_45_to_65_percent_of_cells": [
        add(*["Text."] * 20),
        add(*[code("x")] * 20),
    ],
    "code_cells_are_short": [
        add(code("x\n" * 26)),
        add(*[code("x\n" * 7)] * 20),
    ],
    "code_lines_have_at_most_88_characters": [add(code("x = " + "1" * 85))],
    "defining_and_training_stand_in_different_cells": [
        add(code(TRAIN_IN_LOOP)),
        add(code(TRAIN_IN_MONITOR)),
        add(code("def f(): ...\nfor x in batches:\n    train_step(x)")),
    ],
    "figures_are_shown_by_plots_show_with_alt": [
        add(code("plt.show()")),
        add(code("plots.show()")),
        add(code("plots.show(alt='')")),
        replace("plots.show(alt='A five.')", "figure"),
    ],
    "committed_pictures_carry_alt_text": [add(picture(None)), add(picture(" "))],
    "live_cells_have_no_outputs": [
        add(code("x", stdout="1\n", keep_output=False)),
    ],
    "outputs_come_from_one_run_without_errors": [
        first("import keras", execution_count=7),
        first("import keras", execution_count=None),
        add(code("x", stderr="a warning\n")),
        first(
            "import keras",
            outputs=[new_output("error", ename="E", evalue="", traceback=[])],
        ),
    ],
    "outputs_are_small": [
        add(code("x", stdout="x" * 100_001)),
        add(*[code("x", stdout="x" * 90_000)] * 6),
    ],
    "five_to_ten_cells_are_compared_exactly": [
        add(code("x", tags=["nbval-check-output"])),
        add(*[code("x", stdout="1\n", tags=["nbval-check-output"])] * 4),
        add(*[code("x", stdout="1\n", tags=["nbval-check-output"])] * 4),
        lambda notebook: [cell.metadata.pop("tags", 0) for cell in notebook.cells],
    ],
    "tags_are_known": [
        add(code("1 / 0", tags=["raises-exception"])),
        add(code("x", tags=["nbval-skip"])),
        add(code("# NBVAL_IGNORE_OUTPUT\nx")),
    ],
    "metadata_is_portable": [
        metadata(widgets={}),
        metadata(kernelspec={"name": "my-env"}),
    ],
    "exercises_are_those_of_the_package": [
        replace("halve", "third"),
        replace("lesson_02.double.check(double)", "lesson_02.double.check(halve)"),
        replace("lesson_02.double.check", "lesson_03.double.check"),
        replace("# lesson_02.double.hint()\n", ""),
        replace("# lesson_02.double.solution()", ""),
        replace("lesson_02.halve.check(halve)", ""),
    ],
    "summary_answers_the_opening_one_to_one": [replace("- You can add.\n", "")],
    "links_lead_to_existing_files": [
        add("[a lesson](99_none.ipynb)"),
        add("![a picture](images/none.png)"),
        add('<img src="images/none.png">'),
    ],
    "no_path_of_one_machine": [
        add("Look into /home/ada/course."),
        add(code("open('C:\\Users\\ada')")),
        add(code("x", stdout="/tmp/ipykernel_7/1.py:1: a warning\n")),
    ],
    "prose_is_plain": [
        add("This is just a sum."),
        add("Of course it works."),
        add("It is magic."),
        add("It works!"),
        add("Let’s add."),
    ],
    "no_notebook_uses_another": [
        add(code("open('01_tensors.ipynb')")),
        add(code("import import_ipynb")),
    ],
}


def test_each_rule_has_breaches():
    assert list(BREACHES) == [rule.__name__ for rule in RULES]


@pytest.mark.parametrize(
    ("rule", "breach"),
    [
        pytest.param(rule, breach, id=f"{rule.__name__}-{number}")
        for rule in RULES
        for number, breach in enumerate(BREACHES.get(rule.__name__, []))
    ],
)
def test_a_breach_of_the_rule_is_found(rule, breach, lesson):
    breach(lesson.notebook)
    assert list(rule(Lesson(lesson.path, lesson.notebook)))
