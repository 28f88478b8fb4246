"""Check what the contract asks of a notebook, and say what is wrong.

    python tools/contract.py [NOTEBOOK ...]

Reads the files, runs nothing, and takes all lessons where none is named. Prints what is
wrong, each thing after the name of its rule, then sizes that authors like to know;
the exit code is 1 if something is wrong. Every rule is a function below: it takes a
`Lesson` and yields texts, and its name says what it asks.
"""

import argparse
import ast
import builtins
import importlib
import json
import re
import statistics
import sys
from pathlib import Path

import course
import names
import nbformat
import seeds
from course import HOME, OPENING, OPENING_FIGURES, SECTIONS
from lesson import (
    CHECK_LINE,
    Lesson,
    bullets_of,
    calls_of,
    explorer_of,
    magics_of,
    name_of,
    prose_of,
    tags_of,
    texts_of,
    trains,
    without_code,
)
from tasks import TITLE

from course_utils.exercises import Exercise

CORE = 45  # cells that a learner must go through before the exercises
CELLS = 70  # all cells but those under Optional
LINES = 25  # of a code cell
FILE_LINES = 45  # of a cell that writes a file
WIDTH = 88  # characters of a line of code
PRINTED_WIDTH = 72  # characters; a printed page cuts the rest
TAGS = {"nbval-check-output", "measured", "goes-on"}
COLAB_CELL = f"""import sys

if "google.colab" in sys.modules:
    %pip install -q "git+https://github.com/{HOME}\""""
PICTURE = re.compile(r'<img alt="([^"]+)" src="data:image/png;base64,[\w+/=]+">')
FORBIDDEN_WORDS = re.compile(
    r"\b(simply|just|easy|easily|obviously|of course|let['’]s|delve\w*|powerful"
    r"|(?<!no )magic)\b",
    re.IGNORECASE,
)
ABSOLUTE_PATH = re.compile(
    r"(?<![\w.:/~-])/(?:home|root|tmp|Users|usr|opt|var|work|content)/|\b[A-Z]:\\\\?\w"
)
# A heading, or the bold beginning of a paragraph.
BEGINNING = re.compile(r"^(?:#+ |\*\*).*$", re.MULTILINE)
GOES_ON = re.compile(r"\b(?:go|goes|going|went)\s+on\b", re.IGNORECASE)


def main(arguments=None):
    """Print what is wrong with notebooks and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="*", type=Path, metavar="NOTEBOOK")
    options = parser.parse_args(arguments)
    found = 0
    for path in options.notebooks or course.lessons():
        lesson = Lesson(path)
        print(path.name)
        for rule in RULES:
            for problem in rule(lesson):
                found += 1
                print(f"    {rule.__name__}: {problem}")
        print(f"    ({sizes(lesson)})")
    return int(found > 0)


def sizes(lesson):
    """Return a line with the sizes that have an upper bound, and the widths."""
    lines = [line for cell in lesson.code for line in cell.source.splitlines()]
    wide = [line for line in lines if len(line) > PRINTED_WIDTH]
    return (
        f"{len(_core(lesson))} of {CORE} cells in the core, "
        f"{len(_not_optional(lesson))} of {CELLS} outside Optional, "
        f"{len(lesson.cells)} in all; {len(wide)} of {len(lines)} lines of code "
        f"({len(wide) / max(1, len(lines)):.0%}) beyond {PRINTED_WIDTH} characters"
    )


def _is_stub(cell):
    """Say whether a cell is an exercise's: its names are the learner's."""
    return cell.cell_type == "code" and ".check(" in cell.source


def _is_folded(cell):
    """Say whether a cell's source is folded away: it answers a stub above."""
    return bool(cell.metadata.get("jupyter", {}).get("source_hidden"))


def _writes_file(cell):
    return cell.cell_type == "code" and cell.source.startswith("%%writefile ")


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
    match = OPENING.search(lesson.cells[0].source)
    figures = match and OPENING_FIGURES.fullmatch(match[2])
    if not figures or match[0] not in lesson.cells[0].source.splitlines():
        yield (
            "the opening cell lacks the line `*About 60 minutes of study; ... on two "
            "CPU cores.*`: write it, tools/ledger.py fills it in"
        )
        return
    seconds, memory = int(figures["seconds"]), float(figures["memory"])
    if seconds > course.SECONDS:
        yield f"{seconds} seconds of computing; at most {course.SECONDS}"
    if memory * 1e9 > course.MEMORY_BUDGET:
        yield f"{memory} GB of memory; at most {course.MEMORY_BUDGET / 1e9}"


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
    writers = [cell for cell in lesson.code if _writes_file(cell)]
    allowed = writers[:1] if lesson.facts.get("writes_file") else []
    for cell in lesson.code[1:]:
        if not any(cell is writer for writer in allowed):
            for magic in magics_of(cell.source):
                yield f"{name_of(cell)}: no magic and no shell command: {magic.strip()}"


def one_cell_holds_all_imports_and_the_seed(lesson):
    imports = lesson.code[1].source if len(lesson.code) > 1 else ""
    if "keras.utils.set_random_seed(0)" not in imports:
        yield "the second code cell must hold the imports and set_random_seed(0)"
    for cell, tree in lesson.syntax_trees:
        statements = [type(node) for node in ast.walk(tree)]
        has_import = ast.Import in statements or ast.ImportFrom in statements
        if has_import and cell.source != imports:
            yield f"{name_of(cell)}: imports belong in the second code cell"


def sections_come_in_the_order_of_all_lessons(lesson):
    if lesson.sections[-1:] != ["Summary"]:
        yield "the last section must be `## Summary`"
    if lesson.facts.get("trains"):
        found = [title for title in lesson.sections if title in SECTIONS]
        if found != SECTIONS:
            yield f"the sections must be, in this order, {SECTIONS}: {found}"


def core_has_at_most_45_cells(lesson):
    if (size := len(_core(lesson))) > CORE:
        yield (
            f"{size} cells before the section Exercises, without those under Optional, "
            f"stubs, folded answers and explorers; at most {CORE}"
        )


def at_most_70_cells_are_not_optional(lesson):
    if (size := len(_not_optional(lesson))) > CELLS:
        yield f"{size} cells stand under no Optional heading; at most {CELLS}"


def _core(lesson):
    """Return the cells that everybody goes through before the section Exercises."""
    end = [where for where, _, title in lesson.headings if title == "Exercises"]
    before = lesson.cells[: end[0]] if end else lesson.cells
    return [
        cell
        for cell in _not_optional(lesson)
        if any(cell is other for other in before)
        and not (_is_stub(cell) or _is_folded(cell) or _is_explorer(cell))
        and not _is_task(lesson, cell)
    ]


def _is_task(lesson, cell):
    """Say whether a Markdown cell holds nothing but the task of the stub after it."""
    pairs = zip(lesson.cells, lesson.cells[1:], strict=False)
    before_stub = any(one is cell and _is_stub(other) for one, other in pairs)
    return before_stub and bool(re.match(r"#+ (Exercise|Repair): ", cell.source))


def _is_explorer(cell):
    return cell.cell_type == "code" and explorer_of(cell.source)


def _not_optional(lesson):
    """Return the cells that stand under no heading that begins with Optional."""
    found, optional_level = [], None
    for position, cell in enumerate(lesson.cells):
        for where, level, title in lesson.headings:
            if where == position and (
                optional_level is None or level <= optional_level
            ):
                optional_level = level if title.startswith("Optional") else None
        if optional_level is None:
            found.append(cell)
    return found


def markdown_is_45_to_65_percent_of_cells(lesson):
    share = len(lesson.markdown) / len(lesson.cells)
    if not 0.45 <= share <= 0.65:
        yield f"{share:.0%} of the cells are Markdown"


def code_cells_are_short(lesson):
    lengths = []
    for cell in lesson.code:
        lengths.append(sum(bool(line.strip()) for line in cell.source.splitlines()))
        most = FILE_LINES if _writes_file(cell) else LINES
        if lengths[-1] > most:
            yield f"{name_of(cell)}: {lengths[-1]} lines, at most {most}"
    if lengths and statistics.median(lengths) > 6:
        yield f"the median is {statistics.median(lengths)} lines, at most 6"


def code_lines_have_at_most_88_characters(lesson):
    for cell in lesson.code:
        for line in cell.source.splitlines():
            if len(line) > WIDTH:
                yield f"{name_of(cell)}: {len(line)} characters: {line}"


def defining_and_training_stand_in_different_cells(lesson):
    for cell, tree in lesson.syntax_trees:
        defines = any(isinstance(node, ast.FunctionDef) for node in tree.body)
        runs = [node for node in tree.body if not isinstance(node, ast.FunctionDef)]
        if defines and any(trains(node) for node in runs):
            yield f"{name_of(cell)}: define in one cell, train in another"


def names_that_a_cell_reads_are_not_rebound_later(lesson):
    """Find what a second run of a cell would change; tools/rerun.py finds the rest."""
    bound, readers, functions = set(dir(builtins)), {}, {}
    for cell, tree in lesson.syntax_trees:
        reads, binds = names.scan(tree, functions)
        reads &= bound
        bound |= binds
        if _is_stub(cell) or "goes-on" in tags_of(cell):
            continue
        for name in sorted(binds):
            if name in reads:
                yield (
                    f"{name_of(cell)}: reads `{name}` of an earlier cell and binds it "
                    "anew, so that a second run begins elsewhere: choose another name"
                )
            elif name in readers:
                yield (
                    f"{name_of(cell)}: binds `{name}` anew, which "
                    f"{name_of(readers[name])} reads: choose another name"
                )
        for name in reads:
            readers.setdefault(name, cell)


def cells_that_go_on_say_so(lesson):
    for position, cell in enumerate(lesson.cells):
        if "goes-on" in tags_of(cell):
            beside = lesson.cells[max(0, position - 1) : position + 2]
            if not any(GOES_ON.search(other.source) for other in beside):
                yield (
                    f"{name_of(cell)}: tagged goes-on, and no text beside it says that "
                    "it goes on from where it was"
                )


def nothing_depends_on_an_exercise(lesson):
    functions, scanned = {}, []
    for cell, tree in lesson.syntax_trees:
        scanned.append((cell, *names.scan(tree, functions)))
    for stub, _, binds in scanned:
        if not _is_stub(stub):
            continue
        for cell, reads, _ in scanned:
            for name in sorted(reads & binds):
                if cell is not stub and not name.startswith("my_"):
                    yield (
                        f"{name_of(cell)}: reads `{name}`, which the exercise in "
                        f"{name_of(stub)} binds: choose another name there"
                    )


def folded_cells_answer_a_stub(lesson):
    mine = set()
    for cell, tree in lesson.syntax_trees:
        _, binds = names.scan(tree, {})
        if _is_stub(cell):
            mine |= binds
        if _is_folded(cell) and not any(f"my_{name}" in mine for name in binds):
            yield (
                f"{name_of(cell)}: folded away, and no stub above lets the reader "
                f"write my_NAME first, with NAME one of {sorted(binds)}"
            )


def figures_are_shown_by_plots_show_with_alt(lesson):
    for cell, tree in lesson.syntax_trees:
        if calls_of(tree, "plt.show"):
            yield f"{name_of(cell)}: plots.show(alt=...) instead of plt.show()"
        shows = calls_of(tree, "plots.show")
        for call in shows:
            alt = next((k.value for k in call.keywords if k.arg == "alt"), None)
            if alt is None or (isinstance(alt, ast.Constant) and not alt.value):
                yield f"{name_of(cell)}: plots.show needs alt="
        if _pictures(cell) and not shows:
            yield f"{name_of(cell)}: its picture does not come from plots.show"


def _pictures(cell):
    """Return the outputs of a cell that hold a picture, in whatever form."""
    return [
        output
        for output in cell.outputs
        if any(kind.startswith("image/") for kind in output.get("data", {}))
        or "<img" in output.get("data", {}).get("text/html", "")
    ]


def committed_pictures_carry_alt_text(lesson):
    for cell in lesson.code:
        for picture in _pictures(cell):
            match = PICTURE.fullmatch(picture.data.get("text/html", "").strip())
            other = any(kind.startswith("image/") for kind in picture.data)
            if other or not match or not match[1].strip():
                yield (
                    f"{name_of(cell)}: a picture must be stored as `<img alt=... "
                    "src=...>` in text/html, and so alone: show it with plots.show "
                    "and run tools/refresh.py"
                )


def live_cells_have_no_outputs(lesson):
    for cell in lesson.code:
        if cell.metadata.get("keep_output") is False and cell.outputs:
            yield f"{name_of(cell)}: keep_output is false, and outputs are committed"


def outputs_come_from_one_run_without_errors(lesson):
    counts = [cell.execution_count for cell in lesson.code]
    if counts != list(range(1, len(counts) + 1)):
        yield f"execution counts must be 1 to {len(counts)}: {counts}"
    for cell in lesson.code:
        for output in cell.outputs:
            if output.output_type == "error":
                yield f"{name_of(cell)}: an error output: {output.ename}"
            if output.get("name") == "stderr":
                yield f"{name_of(cell)}: output on stderr: {output.text[:200]}"


def outputs_are_small(lesson):
    for cell in lesson.code:
        for output in cell.outputs:
            size = len(json.dumps(output))
            if size > 100_000:
                yield f"{name_of(cell)}: an output of {size:,} bytes, at most 100,000"
    size = len(nbformat.writes(lesson.notebook).encode())
    if size > 500_000:
        yield f"the notebook has {size:,} bytes, at most 500,000"


def some_cells_are_compared_exactly(lesson):
    checked = [cell for cell in lesson.code if "nbval-check-output" in tags_of(cell)]
    least, most = lesson.facts.get("exact_cells", (5, 10))
    if not least <= len(checked) <= most:
        yield f"{len(checked)} cells tagged nbval-check-output: {least} to {most}"
    for cell in checked:
        if not any(texts_of(output) for output in cell.outputs):
            yield f"{name_of(cell)}: tagged nbval-check-output without stored output"


def tags_are_known(lesson):
    for cell in lesson.cells:
        for tag in set(tags_of(cell)) - TAGS:
            yield f"{name_of(cell)}: the tag {tag!r} is not one of {sorted(TAGS)}"
        if "NBVAL_" in cell.source:
            yield f"{name_of(cell)}: mark it with a tag, not with a comment"


def metadata_is_portable(lesson):
    metadata = lesson.notebook.metadata
    if "widgets" in metadata:
        yield "metadata.widgets must not be committed"
    if metadata.get("kernelspec", {}).get("name") != "python3":
        yield "the kernelspec must be python3"


def tasks_stand_directly_before_their_stub(lesson):
    for before, cell in zip(lesson.cells, lesson.cells[1:], strict=False):
        if _is_stub(cell):
            last = BEGINNING.findall(without_code(before.source))[-1:]
            if before.cell_type != "markdown" or not any(map(TITLE.match, last)):
                yield (
                    f"{name_of(cell)}: the Markdown before it must end with its task, "
                    "under a heading such as `### Exercise: ...` and no other"
                )


def exercises_are_those_of_the_package(lesson):
    used, module = [], f"lesson_{lesson.number}"
    for cell in lesson.code:
        for number, name, answer in CHECK_LINE.findall(cell.source):
            used.append(name)
            if number != lesson.number or answer not in (name, f"my_{name}"):
                yield f"{name_of(cell)}: write {module}.{name}.check({name})"
            for line in (f"# {module}.{name}.hint()", f"# {module}.{name}.solution()"):
                if line not in cell.source:
                    yield f"{name_of(cell)}: lacks the line {line}"
    known = _exercises(module)
    if sorted(used) != sorted(known):
        yield f"exercises checked {sorted(used)}, in the package {sorted(known)}"
    least, most = lesson.facts.get("exercises", (2, 4))
    if not least <= len(used) <= most:
        yield f"{len(used)} exercises: {least} to {most}"


def _exercises(module):
    """Return the names of the exercises of one module of the package."""
    try:
        contents = vars(importlib.import_module(f"course_utils.exercises.{module}"))
    except ModuleNotFoundError:
        return []
    return [name for name, value in contents.items() if isinstance(value, Exercise)]


def summary_answers_the_opening_one_to_one(lesson):
    answers = bullets_of(lesson.section("Summary").partition("Sources")[0])
    if len(answers) != len(lesson.promises):
        yield f"{len(lesson.promises)} promises and {len(answers)} bullets in Summary"


def links_lead_to_existing_files(lesson):
    for cell in lesson.markdown:
        text = without_code(cell.source)
        targets = re.findall(r"\]\(([^)\s]+)", text)
        targets += re.findall(r"""(?:src|href)=["']([^"']+)""", text)
        for target in targets:
            path = target.partition("#")[0]
            if re.match(r"https?:|mailto:", target) or not path:
                continue
            if not (lesson.path.parent / path).exists():
                yield f"{name_of(cell)}: nothing lies at {target}"


def no_path_of_one_machine(lesson):
    for cell in lesson.cells:
        texts = [cell.source, *map(texts_of, cell.get("outputs", []))]
        for found in filter(None, map(ABSOLUTE_PATH.search, texts)):
            yield f"{name_of(cell)}: an absolute path: {found.group()}"


def prose_is_plain(lesson):
    for cell in lesson.markdown:
        prose = prose_of(cell.source)
        for word in FORBIDDEN_WORDS.findall(prose):
            yield f"{name_of(cell)}: a filler: {word}"
        if "!" in prose:
            yield f"{name_of(cell)}: an exclamation mark"


def no_notebook_uses_another(lesson):
    for cell in lesson.code:
        # A link to a lesson, in Markdown that a cell shows, opens nothing.
        code = re.sub(r"\]\([^()\s]*\.ipynb\)", "", cell.source)
        if re.search(r"\.ipynb|import_ipynb|nbimporter|from notebooks", code):
            yield f"{name_of(cell)}: import the package, never a notebook"


def figures_of_several_seeds_are_stored(lesson):
    known = seeds.load().get(lesson.path.stem, {})
    for cell in lesson.markdown:
        for problem in seeds.problems(cell.source, known):
            yield f"{name_of(cell)}: {problem}"


RULES = [
    opening_has_title_promises_and_needs,
    opening_states_measured_time_and_memory_within_the_budget,
    opening_has_badges_to_this_notebook,
    set_up_is_the_colab_cell_and_there_are_no_other_magics,
    one_cell_holds_all_imports_and_the_seed,
    sections_come_in_the_order_of_all_lessons,
    core_has_at_most_45_cells,
    at_most_70_cells_are_not_optional,
    markdown_is_45_to_65_percent_of_cells,
    code_cells_are_short,
    code_lines_have_at_most_88_characters,
    defining_and_training_stand_in_different_cells,
    names_that_a_cell_reads_are_not_rebound_later,
    cells_that_go_on_say_so,
    nothing_depends_on_an_exercise,
    folded_cells_answer_a_stub,
    figures_are_shown_by_plots_show_with_alt,
    committed_pictures_carry_alt_text,
    live_cells_have_no_outputs,
    outputs_come_from_one_run_without_errors,
    outputs_are_small,
    some_cells_are_compared_exactly,
    tags_are_known,
    metadata_is_portable,
    tasks_stand_directly_before_their_stub,
    exercises_are_those_of_the_package,
    summary_answers_the_opening_one_to_one,
    links_lead_to_existing_files,
    no_path_of_one_machine,
    prose_is_plain,
    no_notebook_uses_another,
    figures_of_several_seeds_are_stored,
]

if __name__ == "__main__":
    sys.exit(main())
