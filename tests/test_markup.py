"""Every place that writes HTML or Markdown is known, and so is what reaches it."""

import ast
import re

import course
import injected
import places

# Tags, kinds of output, and what makes an output of either kind.
MARKUP = re.compile(
    r"(?<![?P])<(?:/?[a-z][a-z0-9]*[\s>/]|[a-z]+$|!)|text/(?:html|markdown)"
)
MAKERS = {"HTML", "Markdown", "Javascript", "html.escape"}
NUMBERS = "numbers that the course has checked, and its own words"
AUTHORS = "the course's own texts"
READS = "it reads or looks for markup, and writes none"

# What reaches each place: cells of injected.py, which are tried in Chromium, or words.
PLACES = {
    "course_utils/digit_pad.py": {"_words": ["the name of a network"]},
    "course_utils/exercises/__init__.py": {
        "Exercise.hint": ["a hint"],
        "Exercise.solution": ["a solution"],
        "progress": ["progress"],
    },
    "course_utils/exercises/_telling.py": {
        "page": ["a feedback", "a result", "an error"]
    },
    "course_utils/explorers/_panel.py": {
        "escaped": ["the name of a layer", "the names of programs"],
        "panel": ["a print", "the error of a network"],
        "panel.observer": ["a print", "the error of a network"],
        "_printed": ["a print"],
    },
    "course_utils/explorers/channels.py": {
        "channels.update": NUMBERS,
        "_words": NUMBERS,
    },
    "course_utils/explorers/convolution.py": {"_words": NUMBERS},
    "course_utils/explorers/difference.py": {
        "difference.update": ["the names of programs"],
        "_words": ["the names of programs"],
    },
    "course_utils/explorers/gradient_descent.py": {"_words": NUMBERS},
    "course_utils/explorers/graph.py": {
        "_words": "names of operations, in which TensorFlow allows no <; what an "
        "exception says goes through html.escape"
    },
    "course_utils/explorers/logits.py": {"_words": NUMBERS},
    "course_utils/explorers/mistakes.py": {"_words": NUMBERS},
    "course_utils/explorers/normalisation.py": {
        "normalisation.update": NUMBERS,
        "_words": NUMBERS,
    },
    "course_utils/explorers/receptive_field.py": {"_words": ["the name of a layer"]},
    "course_utils/explorers/reduction.py": {
        "reduction.update": NUMBERS,
        "_words": NUMBERS,
    },
    "course_utils/explorers/ring_all_reduce.py": {"_words": NUMBERS},
    "course_utils/explorers/tiny_network.py": {"_words": NUMBERS},
    "course_utils/explorers/training.py": {"_words": NUMBERS},
    "course_utils/monitor.py": {"Monitor.__enter__": "tqdm, with the course's words"},
    "course_utils/plots.py": {
        "picture": ["the description of a figure", "the name of a curve"]
    },
    "tools/binder_memory.py": {"": AUTHORS},
    "tools/contract.py": {
        "": READS,
        "_pictures": READS,
        "committed_pictures_carry_alt_text": READS,
    },
    "tools/grading.py": {"_run": "a bar in a terminal, with the course's own word"},
    "tools/grading_worker.py": {"_judge": "the name under which a cell is compiled"},
    "tools/hub_load.py": {"measured": "a bar in a terminal, with a lesson's name"},
    "tools/lab_driver.py": {"": "an empty picture"},
    "tools/lesson.py": {"Lesson.pictures": READS},
    "tools/mistakes.py": {"": AUTHORS},
    "tools/versions.py": {"": AUTHORS},
}
TEMPLATES = {"tools/grades.html.j2": "test_all_of_it_is_text_in_the_summary_of_grades"}
# Lines of JavaScript that write HTML, by what they write.
SCRIPTS = {
    "course_utils/digit_pad.js": {"`<style>": AUTHORS},
    "site/convolution.js": {
        "PIECES": AUTHORS,
        "`Row ${row}": "a row, a column and a sum of a map",
        'rows(() => "<td></td>")': AUTHORS,
        'rows((r, c) => `<td><input type="number"': "a number, by unary plus",
    },
    "site/front.js": {"PIECES": AUTHORS, "`${count(": "counts and a time"},
}
WRITES = re.compile(
    r"(?:innerHTML|outerHTML|srcdoc)\s*=\s*(?!=)|insertAdjacentHTML|document\.write"
)


def writes_markup(node):
    """Say whether a node holds a tag, or calls what makes an output of markup."""
    if isinstance(node, ast.Call):
        name = ast.unparse(node.func)
        return name in MAKERS or name.rpartition(".")[2] in MAKERS or name == "tqdm"
    return bool(MARKUP.search(places.text_of(node)))


def test_every_place_that_writes_markup_is_known():
    files = [f for f in places.PYTHON if f.parent.name != "benchmarks"]
    found = places.found(files, writes_markup)
    assert found == places.lines(PLACES)


def test_what_reaches_each_place_is_tried_in_the_browser():
    for functions in PLACES.values():
        for doors in functions.values():
            assert isinstance(doors, str) or {*doors} <= {*injected.CELLS}
    source = course.ROOT / "tests" / "browser" / "test_injected_text.py"
    for test in TEMPLATES.values():
        assert f"def {test}(" in source.read_text("utf-8")


def test_templates_are_known():
    found = {
        path.relative_to(course.ROOT).as_posix()
        for folder in ("course_utils", "tools")
        for path in (course.ROOT / folder).rglob("*.j2")
    }
    assert found == {*TEMPLATES}


def test_every_line_of_javascript_that_writes_html_is_known():
    folders = (course.ROOT / "course_utils", course.ROOT / "site")
    files = [
        path
        for folder in folders
        for path in folder.rglob("*.js")
        if "_build" not in path.parts
    ]
    for path in files:
        text = re.sub(r"\s+", " ", path.read_text("utf-8"))
        known = SCRIPTS.get(path.relative_to(course.ROOT).as_posix(), {})
        written = [text[match.end() :] for match in WRITES.finditer(text)]
        # `a.innerHTML = b.innerHTML = x` writes x alone.
        written = [after for after in written if not re.match(r"[\w.]+ = ", after)]
        lacking = [w[:60] for w in written if not w.startswith(tuple(known))]
        assert not lacking, f"{path.name}: say what may stand in {lacking}"
        assert len(written) == len(known), path.name
