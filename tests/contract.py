"""The contract of a notebook, rule by rule.

A rule is a function that takes a `Lesson` and yields what is wrong with it, one text
for each thing; its name states the rule. test_notebooks.py applies `RULES` to every
notebook, and shows of each rule that it can fail.
"""

import ast
import importlib
import json
import re
import statistics
import tomllib
from functools import cached_property
from pathlib import Path

import nbformat

from course_utils.exercises import Exercise

ROOT = Path(__file__).parents[1]
HOME = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["course"]["home"]

TRAINING_LESSONS = {"02", "03", "04", "05", "06", "07"}
TRAINING_SECTIONS = [
    "Data",
    "Model",
    "Loss",
    "Training",
    "Evaluation",
    "What it learned",
    "What goes wrong",
    "Exercises",
    "Summary",
]
TAGS = {"nbval-check-output", "measured"}
COLAB_CELL = f"""import sys

if "google.colab" in sys.modules:
    %pip install -q "git+https://github.com/{HOME}\""""
MEASURED_LINE = re.compile(
    r"^\*About \d+ minutes of study; ([\d.]+) (second|minute)s? of computing and "
    r"([\d.]+) GB of memory on two CPU cores\.\*$",
    re.MULTILINE,
)
FORBIDDEN_WORDS = re.compile(
    r"\b(simply|just|easy|easily|obviously|of course|let['’]s|delve\w*|powerful"
    r"|(?<!no )magic)\b",
    re.IGNORECASE,
)
ABSOLUTE_PATH = re.compile(
    r"(?<![\w.:/~-])/(?:home|root|tmp|Users|usr|opt|var|work|content)/|\b[A-Z]:\\\\?\w"
)
CHECK_LINE = re.compile(r"^lesson_(\d\d)\.(\w+)\.check\((\w+)\)$", re.MULTILINE)


class Lesson:
    """A notebook and the parts of it that the rules look at.

    Attributes:
        path: where the notebook lies; its name begins with the lesson's number.
        number: the lesson's number, two digits as a text.
        cells: all cells; `code` and `markdown` are those of one kind.
    """

    def __init__(self, path, notebook=None):
        """Read a notebook, or take one that stands for the file at `path`."""
        self.path = Path(path)
        self.number = self.path.name[:2]
        self.notebook = notebook or nbformat.read(path, as_version=4)
        self.cells = self.notebook.cells
        self.code = [c for c in self.cells if c.cell_type == "code"]
        self.markdown = [c for c in self.cells if c.cell_type == "markdown"]

    @cached_property
    def headings(self):
        """List of (cell's position, level, title) of all headings, in order."""
        return [
            (position, len(marks), title.strip())
            for position, cell in enumerate(self.cells)
            if cell.cell_type == "markdown"
            for marks, title in re.findall(
                r"^(#+) (.*)$", _without_code(cell.source), re.MULTILINE
            )
        ]

    @property
    def sections(self):
        """Titles of the H2 sections, in order."""
        return [title for _, level, title in self.headings if level == 2]

    def section(self, title):
        """Return the Markdown of an H2 section, "" if there is none."""
        text, inside = [], False
        for cell in self.markdown:
            for line in cell.source.splitlines():
                if line.startswith("## "):
                    inside = line[3:].strip() == title
                if inside:
                    text.append(line)
        return "\n".join(text)

    @property
    def promises(self):
        """The "You will be able to" bullets of the opening cell."""
        opening = self.cells[0].source
        return _bullets(_between(opening, "**You will be able to**", "**You need**"))

    @property
    def syntax_trees(self):
        """List of (cell, its syntax tree) of the code cells without magics."""
        trees = []
        for cell in self.code:
            if not _magics(cell.source):
                trees.append((cell, ast.parse(cell.source)))
        return trees


def _name(cell):
    """Return a text by which an author finds the cell."""
    first_line = next(iter(cell.source.strip().splitlines()), "(empty)")
    return f"cell {first_line[:60]!r}"


def _tags(cell):
    return cell.metadata.get("tags", [])


def _magics(source):
    return re.findall(r"^\s*[%!].*", source, re.MULTILINE)


def _without_code(text):
    """Return Markdown without its code blocks and code spans."""
    text = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]*`", "", text)


def _prose(text):
    """Return Markdown without code, formulas, link targets and image marks."""
    text = re.sub(r"\$\$.*?\$\$|\$[^$\n]+\$", "", _without_code(text), flags=re.DOTALL)
    text = re.sub(r"\]\([^)]*\)", "]", text)
    return re.sub(r"!\[", "[", text)


def _between(text, start, end):
    return text.partition(start)[2].partition(end)[0]


def _bullets(text):
    return re.findall(r"^(?:[-*]|\d+\.) .*", text, re.MULTILINE)


def _texts(output):
    """Return what an output says in text, pictures left out."""
    if output.output_type == "stream":
        return output.text
    data = output.get("data", {})
    return "\n".join(str(data[kind]) for kind in data if not kind.startswith("image/"))


def _calls(tree, dotted_name):
    """Return the calls of a function, given as in the source, for example plt.show."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == dotted_name
    ]


def opening_has_title_promises_and_needs(lesson):
    opening = lesson.cells[0]
    if opening.cell_type != "markdown" or not opening.source.startswith("# "):
        yield "the first cell must be Markdown and begin with `# Title`"
    if sum(level == 1 for _, level, _ in lesson.headings) != 1:
        yield "there must be exactly one H1"
    for part in ("**You will build**", "**You will be able to**", "**You need**"):
        if part not in opening.source:
            yield f"the opening cell lacks {part}"
    if not 3 <= len(lesson.promises) <= 5:
        yield f"3 to 5 bullets must say what you will be able to: {lesson.promises}"


def opening_states_measured_time_and_memory_within_the_budget(lesson):
    match = MEASURED_LINE.search(lesson.cells[0].source)
    if not match:
        yield "the opening cell lacks the line `*About ... two CPU cores.*`"
        return
    amount, unit, memory = match.groups()
    seconds = float(amount) * (60 if unit == "minute" else 1)
    if seconds > 180:
        yield f"{seconds:g} seconds of computing; at most 3 minutes"
    if float(memory) > 1.2:
        yield f"{memory} GB of memory; at most 1.2"


def opening_has_badges_to_this_notebook(lesson):
    name = lesson.path.name
    for link in (
        f"(https://mybinder.org/v2/gh/{HOME}/HEAD?urlpath=lab/tree/notebooks/{name})",
        f"(https://colab.research.google.com/github/{HOME}/blob/main/notebooks/{name})",
    ):
        if link not in lesson.cells[0].source:
            yield f"the opening cell lacks a badge with the link {link}"


def set_up_is_the_colab_cell_and_there_are_no_other_magics(lesson):
    if "Set-up" not in lesson.sections:
        yield "there is no section `## Set-up`"
    if not lesson.code or lesson.code[0].source.strip() != COLAB_CELL:
        yield f"the first code cell must be\n{COLAB_CELL}"
    for cell in lesson.code[1:]:
        for magic in _magics(cell.source):
            yield f"{_name(cell)}: no magic and no shell command: {magic.strip()}"


def one_cell_holds_all_imports_and_the_seed(lesson):
    imports = lesson.code[1].source if len(lesson.code) > 1 else ""
    if "keras.utils.set_random_seed(0)" not in imports:
        yield "the second code cell must hold the imports and set_random_seed(0)"
    for cell, tree in lesson.syntax_trees:
        statements = [type(node) for node in ast.walk(tree)]
        has_import = ast.Import in statements or ast.ImportFrom in statements
        if has_import and cell.source != imports:
            yield f"{_name(cell)}: imports belong in the second code cell"


def sections_come_in_the_order_of_all_lessons(lesson):
    if lesson.sections[-1:] != ["Summary"]:
        yield "the last section must be `## Summary`"
    if lesson.number in TRAINING_LESSONS:
        found = [title for title in lesson.sections if title in TRAINING_SECTIONS]
        if found != TRAINING_SECTIONS:
            yield f"the sections must be, in this order, {TRAINING_SECTIONS}: {found}"


def core_has_at_most_45_cells(lesson):
    if (size := len(_core(lesson))) > 45:
        yield f"{size} cells before the exercises, those under Optional not counted"


def _core(lesson):
    """Return the cells before the exercises that stand under no Optional heading."""
    core, optional_level = [], None
    for position, cell in enumerate(lesson.cells):
        for where, level, title in lesson.headings:
            if where != position:
                continue
            if title == "Exercises":
                return core
            if optional_level is None or level <= optional_level:
                optional_level = level if title.startswith("Optional") else None
        if optional_level is None:
            core.append(cell)
    return core


def markdown_is_45_to_65_percent_of_cells(lesson):
    share = len(lesson.markdown) / len(lesson.cells)
    if not 0.45 <= share <= 0.65:
        yield f"{share:.0%} of the cells are Markdown"


def code_cells_are_short(lesson):
    sizes = []
    for cell in lesson.code:
        sizes.append(sum(bool(line.strip()) for line in cell.source.splitlines()))
        if sizes[-1] > 25:
            yield f"{_name(cell)}: {sizes[-1]} lines, at most 25"
    if sizes and statistics.median(sizes) > 6:
        yield f"the median is {statistics.median(sizes)} lines, at most 6"


def code_lines_have_at_most_88_characters(lesson):
    for cell in lesson.code:
        for line in cell.source.splitlines():
            if len(line) > 88:
                yield f"{_name(cell)}: {len(line)} characters: {line}"


def defining_and_training_stand_in_different_cells(lesson):
    for cell, tree in lesson.syntax_trees:
        defines = any(isinstance(node, ast.FunctionDef) for node in tree.body)
        runs = [node for node in tree.body if not isinstance(node, ast.FunctionDef)]
        if defines and any(_trains(node) for node in runs):
            yield f"{_name(cell)}: define in one cell, train in another"


def _trains(statement):
    """Say whether a statement loops over epochs, uses a Monitor or steps in a loop."""
    for node in ast.walk(statement):
        if isinstance(node, ast.With):
            if any("Monitor(" in ast.unparse(item) for item in node.items):
                return True
        elif isinstance(node, ast.For):
            if "epoch" in ast.unparse(node.target) + ast.unparse(node.iter):
                return True
            if re.search(r"\btrain\w*\(", ast.unparse(node)):
                return True
    return False


def figures_are_shown_by_plots_show_with_alt(lesson):
    for cell, tree in lesson.syntax_trees:
        if _calls(tree, "plt.show"):
            yield f"{_name(cell)}: plots.show(alt=...) instead of plt.show()"
        shows = _calls(tree, "plots.show")
        for call in shows:
            alt = next((k.value for k in call.keywords if k.arg == "alt"), None)
            if alt is None or (isinstance(alt, ast.Constant) and not alt.value):
                yield f"{_name(cell)}: plots.show needs alt="
        if _pictures(cell) and not shows:
            yield f"{_name(cell)}: its picture does not come from plots.show"


def _pictures(cell):
    """Return the outputs of a cell that hold a picture."""
    return [o for o in cell.outputs if "image/png" in o.get("data", {})]


def committed_pictures_carry_alt_text(lesson):
    for cell in lesson.code:
        for picture in _pictures(cell):
            if not picture.metadata.get("image/png", {}).get("alt", "").strip():
                yield f"{_name(cell)}: a picture without alt text"


def live_cells_have_no_outputs(lesson):
    for cell in lesson.code:
        if cell.metadata.get("keep_output") is False and cell.outputs:
            yield f"{_name(cell)}: keep_output is false, and outputs are committed"


def outputs_come_from_one_run_without_errors(lesson):
    counts = [cell.execution_count for cell in lesson.code]
    if counts != list(range(1, len(counts) + 1)):
        yield f"execution counts must be 1 to {len(counts)}: {counts}"
    for cell in lesson.code:
        for output in cell.outputs:
            if output.output_type == "error":
                yield f"{_name(cell)}: an error output: {output.ename}"
            if output.get("name") == "stderr":
                yield f"{_name(cell)}: output on stderr: {output.text[:200]}"


def outputs_are_small(lesson):
    for cell in lesson.code:
        for output in cell.outputs:
            size = len(json.dumps(output))
            if size > 100_000:
                yield f"{_name(cell)}: an output of {size:,} bytes, at most 100,000"
    size = len(nbformat.writes(lesson.notebook).encode())
    if size > 500_000:
        yield f"the notebook has {size:,} bytes, at most 500,000"


def five_to_ten_cells_are_compared_exactly(lesson):
    checked = [cell for cell in lesson.code if "nbval-check-output" in _tags(cell)]
    least = 2 if lesson.number == "00" else 5
    if not least <= len(checked) <= 10:
        yield f"{len(checked)} cells tagged nbval-check-output: {least} to 10"
    for cell in checked:
        if not any(_texts(output) for output in cell.outputs):
            yield f"{_name(cell)}: tagged nbval-check-output without stored output"


def tags_are_known(lesson):
    for cell in lesson.cells:
        for tag in set(_tags(cell)) - TAGS:
            yield f"{_name(cell)}: the tag {tag!r} is not one of {sorted(TAGS)}"
        if "NBVAL_" in cell.source:
            yield f"{_name(cell)}: mark it with a tag, not with a comment"


def metadata_is_portable(lesson):
    metadata = lesson.notebook.metadata
    if "widgets" in metadata:
        yield "metadata.widgets must not be committed"
    if metadata.get("kernelspec", {}).get("name") != "python3":
        yield "the kernelspec must be python3"


def exercises_are_those_of_the_package(lesson):
    used, module = [], f"lesson_{lesson.number}"
    for cell in lesson.code:
        for number, name, answer in CHECK_LINE.findall(cell.source):
            used.append(name)
            if number != lesson.number or name != answer:
                yield f"{_name(cell)}: write {module}.{name}.check({name})"
            for line in (f"# {module}.{name}.hint()", f"# {module}.{name}.solution()"):
                if line not in cell.source:
                    yield f"{_name(cell)}: lacks the line {line}"
    known = _exercises(module)
    if sorted(used) != sorted(known):
        yield f"exercises checked {sorted(used)}, in the package {sorted(known)}"
    if lesson.number != "00" and not 2 <= len(used) <= 4:
        yield f"{len(used)} exercises: 2 to 4"


def _exercises(module):
    """Return the names of the exercises of one module of the package."""
    try:
        contents = vars(importlib.import_module(f"course_utils.exercises.{module}"))
    except ModuleNotFoundError:
        return []
    return [name for name, value in contents.items() if isinstance(value, Exercise)]


def summary_answers_the_opening_one_to_one(lesson):
    answers = _bullets(lesson.section("Summary").partition("Sources")[0])
    if len(answers) != len(lesson.promises):
        yield f"{len(lesson.promises)} promises and {len(answers)} bullets in Summary"


def links_lead_to_existing_files(lesson):
    for cell in lesson.markdown:
        text = _without_code(cell.source)
        targets = re.findall(r"\]\(([^)\s]+)", text)
        targets += re.findall(r"""(?:src|href)=["']([^"']+)""", text)
        for target in targets:
            path = target.partition("#")[0]
            if re.match(r"https?:|mailto:", target) or not path:
                continue
            if not (lesson.path.parent / path).exists():
                yield f"{_name(cell)}: nothing lies at {target}"


def no_path_of_one_machine(lesson):
    for cell in lesson.cells:
        texts = [cell.source, *map(_texts, cell.get("outputs", []))]
        for found in filter(None, map(ABSOLUTE_PATH.search, texts)):
            yield f"{_name(cell)}: an absolute path: {found.group()}"


def prose_is_plain(lesson):
    for cell in lesson.markdown:
        prose = _prose(cell.source)
        for word in FORBIDDEN_WORDS.findall(prose):
            yield f"{_name(cell)}: a filler: {word}"
        if "!" in prose:
            yield f"{_name(cell)}: an exclamation mark"


def no_notebook_uses_another(lesson):
    for cell in lesson.code:
        # A link to a lesson, in Markdown that a cell shows, opens nothing.
        code = re.sub(r"\]\([^()\s]*\.ipynb\)", "", cell.source)
        if re.search(r"\.ipynb|import_ipynb|nbimporter|from notebooks", code):
            yield f"{_name(cell)}: import the package, never a notebook"


RULES = [
    opening_has_title_promises_and_needs,
    opening_states_measured_time_and_memory_within_the_budget,
    opening_has_badges_to_this_notebook,
    set_up_is_the_colab_cell_and_there_are_no_other_magics,
    one_cell_holds_all_imports_and_the_seed,
    sections_come_in_the_order_of_all_lessons,
    core_has_at_most_45_cells,
    markdown_is_45_to_65_percent_of_cells,
    code_cells_are_short,
    code_lines_have_at_most_88_characters,
    defining_and_training_stand_in_different_cells,
    figures_are_shown_by_plots_show_with_alt,
    committed_pictures_carry_alt_text,
    live_cells_have_no_outputs,
    outputs_come_from_one_run_without_errors,
    outputs_are_small,
    five_to_ten_cells_are_compared_exactly,
    tags_are_known,
    metadata_is_portable,
    exercises_are_those_of_the_package,
    summary_answers_the_opening_one_to_one,
    links_lead_to_existing_files,
    no_path_of_one_machine,
    prose_is_plain,
    no_notebook_uses_another,
]
