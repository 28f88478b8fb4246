"""Every notebook keeps the contract, and every rule of the contract can fail."""

import copy
import functools
import sys
import types
from html.parser import HTMLParser

import contract
import course
import nbformat
import pytest
import refresh
import seeds
from contract import COLAB_CELL, RULES
from course import HOME, SECTIONS
from lesson import Lesson
from nbconvert import HTMLExporter
from nbformat.v4 import new_markdown_cell, new_output
from tiny_notebooks import code, notebook, write

from course_utils.exercises import Exercise

read = functools.cache(Lesson)


@pytest.mark.parametrize("path", course.lessons(), ids=lambda path: path.stem)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_notebook(rule, path):
    problems = list(rule(read(path)))
    assert not problems, "\n".join(problems)


OPENING = f"""# Build a network
You write every matrix yourself.

**You will build** a network.

**You will be able to**
- multiply
- add
- compare

**You need** lesson 01.

*About 60 minutes of study; 90 seconds of computing and 0.9 GB of memory on two CPU cores.*

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
    figure = code("plots.images(image)\nplots.show(alt='A five.')")
    figure.outputs = [
        new_output(
            "display_data",
            {
                "text/html": '<img alt="A five." src="data:image/png;base64,aGk=">',
                "text/plain": "A five.",
            },
        )
    ]
    body = []
    for title in SECTIONS[:-2]:
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
        "Five seeds gave 98.0 % (97.5 to 98.2 %).",
        "## Optional: more\nFurther.",
        "## Exercises",
        "### Exercise: double\nDouble it.",
        code(EXERCISE),
        "### Exercise: halve\nHalve it.",
        code(EXERCISE.replace("double", "halve")),
        SUMMARY,
    ]
    for number, cell in enumerate(
        (c for c in cells if not isinstance(c, str)), start=1
    ):
        cell.execution_count = number
    good = notebook(*cells)
    good.metadata.course = {"trains": True}
    return good


@pytest.fixture
def lesson(tmp_path, monkeypatch):
    """A lesson that keeps every rule, with its two exercises in the package."""
    module = types.ModuleType("course_utils.exercises.lesson_02")
    for name in ("double", "halve"):
        setattr(module, name, Exercise(len, [(("a",), 1)], ["Count."], "So."))
    monkeypatch.setitem(sys.modules, module.__name__, module)
    (tmp_path / "02_good.ipynb").touch()
    entry = {"median": 0.98, "range": [0.97523, 0.9819]}
    monkeypatch.setattr(seeds, "load", lambda: {"02_good": {"accuracy": entry}})
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


def facts(**values):
    return lambda notebook: notebook.metadata.course.update(values)


def picture(html, **data):
    """Return a cell with a picture as its output, in this form."""
    cell = code("plots.show(alt='A five.')")
    cell.outputs = [new_output("display_data", {"text/html": html, **data})]
    return cell


IMAGE = '<img alt="{}" src="data:image/png;base64,aGk=">'
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
        replace("90 seconds of computing", "181 seconds of computing"),
        replace("90 seconds of computing", "4 minutes of computing"),
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
        add(code("%%writefile worker.py\nx")),
        [facts(writes_file=True), add(*[code("%%writefile worker.py\nx")] * 2)],
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
    "at_most_70_cells_are_not_optional": [add(*["Text."] * 50)],
    "markdown_is_45_to_65_percent_of_cells": [
        add(*["Text."] * 20),
        add(*[code("x")] * 20),
    ],
    "code_cells_are_short": [
        add(code("x\n" * 26)),
        add(code("%%writefile worker.py\n" + "x\n" * 45)),
        add(*[code("x\n" * 7)] * 20),
    ],
    "code_lines_have_at_most_88_characters": [add(code("x = " + "1" * 85))],
    "defining_and_training_stand_in_different_cells": [
        add(code(TRAIN_IN_LOOP)),
        add(code(TRAIN_IN_MONITOR)),
        add(code("def f(): ...\nfor x in batches:\n    train_step(x)")),
    ],
    "names_that_a_cell_reads_are_not_rebound_later": [
        add(code("a = 1"), code("print(a)"), code("a = 2")),
        add(code("a = 1"), code("print(a)"), code("for a in [2]: pass")),
        add(code("a = 1"), code("print(a)"), code("for b, (a, c) in d: pass")),
        add(code("a = 1"), code("print(a)"), code("with f() as a: pass")),
        add(code("a = 1"), code("print(a)"), code("b = [a := 2]")),
        add(code("a = 1"), code("print(a)"), code("b = [c for c in d if (a := c)]")),
        add(code("a = 1"), code("print(a)"), code("if b:\n    (a, b) = 1, 2")),
        add(code("a = 1"), code("print(a)"), code("def a(): ...")),
        add(code("a = 1"), code("print(a)"), code("class a: ...")),
        add(code("a = 1"), code("print(a)"), code("del a")),
        add(code("a = 1"), code("try: f()\nexcept E as b: a"), code("a = 2")),
        add(code("a = 1"), code("a += 1")),
        add(code("a = 1"), code("a = f(a)")),
        add(code("a = 1"), code("for a in f(a): pass")),
        add(code("a = 1"), code("print([b for b in c if a])"), code("a = 2")),
        add(code("b = 1"), code("print(b)\nb = 2")),
        # Through functions.
        add(code("a = 1"), code("def f():\n  return a"), code("f()"), code("a = 2")),
        add(
            code("a = 1\ndef f(): return a\ndef g(): return f()"),
            code("g()"),
            code("a = 2"),
        ),
        add(code("a = 1\nf = lambda b: a + b"), code("f(1)"), code("a = 2")),
        add(
            code("a = 1\ndef f(): return a\ng = tf.function(f)"),
            code("g()"),
            code("a = 2"),
        ),
        add(code("print(sum(b))"), code("sum = 2")),
    ],
    "cells_that_go_on_say_so": [add("Text.", code("x", tags=["goes-on"]), "Text.")],
    "nothing_depends_on_an_exercise": [
        add(code("double(2)")),
        add(code("def f(): return halve(1)"), code("g = f()\nf()")),
    ],
    "folded_cells_answer_a_stub": [
        add(code("def f(): ...", jupyter={"source_hidden": True})),
        add(code("def double(): ...", jupyter={"source_hidden": True})),
    ],
    "figures_are_shown_by_plots_show_with_alt": [
        add(code("plt.show()")),
        add(code("plots.show()")),
        add(code("plots.show(alt='')")),
        replace("plots.show(alt='A five.')", "figure"),
    ],
    "committed_pictures_carry_alt_text": [
        add(picture('<img src="data:image/png;base64,aGk=">')),
        add(picture(IMAGE.format(" "))),
        add(picture(IMAGE.format("A") + IMAGE.format("B"))),
        add(picture('<img alt="A" src="five.png">')),
        add(picture(IMAGE.format("A"), **{"image/png": "aGk="})),
        add(picture("a table", **{"image/png": "aGk="})),
        add(picture("a table", **{"image/svg+xml": "<svg>"})),
    ],
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
    "some_cells_are_compared_exactly": [
        add(code("x", tags=["nbval-check-output"])),
        add(*[code("x", stdout="1\n", tags=["nbval-check-output"])] * 4),
        add(*[code("x", stdout="1\n", tags=["nbval-check-output"])] * 4),
        lambda notebook: [cell.metadata.pop("tags", 0) for cell in notebook.cells],
        facts(exact_cells=[2, 6]),
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
    "tasks_stand_directly_before_their_stub": [
        replace("### Exercise: halve", "### Halves"),
        replace("Halve it.", "Halve it.\n\n### Go on\nThis has nothing to do with it."),
        replace("Halve it.", "Halve it.\n\n**A word more.** Unasked for."),
        lambda notebook: notebook.cells.insert(-2, copy.deepcopy(notebook.cells[3])),
    ],
    "exercises_are_those_of_the_package": [
        replace("halve", "third"),
        replace("lesson_02.double.check(double)", "lesson_02.double.check(halve)"),
        replace("lesson_02.double.check", "lesson_03.double.check"),
        replace("# lesson_02.double.hint()\n", ""),
        replace("# lesson_02.double.solution()", ""),
        replace("lesson_02.halve.check(halve)", ""),
        replace(
            "lesson_02.double.check(double)", "lesson_02.double.check(your_double)"
        ),
        facts(exercises=[3, 4]),
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
    "figures_of_several_seeds_are_stored": [
        replace("98.0 %", "98.1 %"),
        replace("97.5 to", "97.6 to"),
        replace("to 98.2 %", "to 98.20 %"),
        replace("98.0 % (97.5", "98.0 % after 200 steps (97.5"),
        replace("98.0 % (97.5 to 98.2 %)", "a median of 98.0 %"),
        add("Over five seeds the accuracy was 98.0 %."),
    ],
}

# Changes of the good notebook that must not break any rule.
HARMLESS = {
    "a name that both cells bind before they read it": add(
        code("a = 1\nprint(a)"), "Text.", code("a = 2\nprint(a)"), "Text."
    ),
    "a name that nobody reads": add(code("a = 1"), "Text.", code("a = 2"), "Text."),
    "a function's own names": add(
        code("a = 1"),
        "Text.",
        code("print(a)"),
        "Text.",
        code("def f(a):\n    b = a\n    for a in b:\n        c = a\n    return c"),
        "Text.",
        code("print([a for a in f(1)], {a: b for a, b in f(1)})"),
        "Text.",
    ),
    "a name that comes after the function that reads it": add(
        code("def f(x): return helper(x) if x else x"),
        "Text.",
        code("print(f(0))"),
        "Text.",
        code("def helper(x): return x"),
        "Text.",
    ),
    "a name of which a function is but called": add(
        code("a = 1\ndef f(): return a\nb = f()"), "Text.", code("b"), "Text."
    ),
    "a cell that goes on": add(
        code("a = 1"),
        "The next cell goes on from there.",
        code("a += 1", tags=["goes-on"]),
        "Text.",
    ),
    "a stub for the reader's own version, and the folded answer": [
        replace("def double(", "def my_double("),
        replace("check(double)", "check(my_double)"),
        lambda notebook: notebook.cells.insert(
            -1, code("def double(): ...", jupyter={"source_hidden": True}, count=14)
        ),
        lambda notebook: notebook.cells.insert(-1, code("my_double(2)", count=15)),
    ],
    "a worker's file": [
        facts(writes_file=True),
        add(code("%%writefile worker.py\n" + "x\n" * 44), "Text."),
    ],
    "many cells that are optional": lambda notebook: notebook.cells.extend(
        [
            new_markdown_cell("## Optional: more"),
            *[cell for _ in range(40) for cell in (code("x"), new_markdown_cell("y"))],
            new_markdown_cell(SUMMARY),
            notebook.cells.pop(),
        ][:-1]
    ),
    "a range that is no seeds' figure": add("From 10 to 20 (1 to 3) of them, 5 (a)."),
    "facts that loosen a bound": facts(exact_cells=[7, 7], exercises=[2, 2]),
}


def test_each_rule_has_breaches():
    assert list(BREACHES) == [rule.__name__ for rule in RULES]


def apply(change, notebook):
    for part in change if isinstance(change, list) else [change]:
        part(notebook)


@pytest.mark.parametrize(
    ("rule", "breach"),
    [
        pytest.param(rule, breach, id=f"{rule.__name__}-{number}")
        for rule in RULES
        for number, breach in enumerate(BREACHES.get(rule.__name__, []))
    ],
)
def test_a_breach_of_the_rule_is_found(rule, breach, lesson):
    apply(breach, lesson.notebook)
    assert list(rule(Lesson(lesson.path, lesson.notebook)))


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_harmless_breaks_no_rule(name, lesson):
    apply(HARMLESS[name], lesson.notebook)
    code_cells = [c for c in lesson.notebook.cells if c.cell_type == "code"]
    for number, cell in enumerate(code_cells, start=1):
        cell.execution_count = number
    changed = Lesson(lesson.path, lesson.notebook)
    assert [p for rule in RULES for p in rule(changed)] == []


def test_the_command_prints_what_is_wrong_and_the_sizes(lesson, capsys):
    nbformat.write(lesson.notebook, lesson.path)
    assert contract.main([str(lesson.path)]) == 0
    printed = capsys.readouterr().out
    assert "21 of 45 cells in the core, 27 of 70 outside Optional, 28 in all" in printed
    assert "0 of 32 lines of code (0%) beyond 72 characters" in printed
    add(code("x = " + "1" * 85))(lesson.notebook)
    nbformat.write(lesson.notebook, lesson.path)
    assert contract.main([str(lesson.path)]) == 1
    assert (
        "    code_lines_have_at_most_88_characters: the cell 'x = 1111"
        in capsys.readouterr().out
    )


def test_the_alternative_text_reaches_an_exported_page(tmp_path):
    """The page that nbconvert makes by default, of what plots.show shows."""
    source = """import matplotlib.pyplot as plt
from course_utils import plots
plt.plot([1, 2])
plots.show(alt='A line & "more" < 3')"""
    path = write(tmp_path / "00_tiny.ipynb", code(source))
    executed, _, _ = refresh.run(path, tmp_path)
    (output,) = executed.cells[0].outputs
    assert contract.PICTURE.fullmatch(output.data["text/html"])
    page, _ = HTMLExporter().from_notebook_node(executed)
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: found.append((tag, attributes))
    found = []
    parser.feed(page)
    (image,) = [dict(attributes) for tag, attributes in found if tag == "img"]
    assert image["alt"] == 'A line & "more" < 3'
    assert "No description has been provided" not in page
