"""A notebook, and the parts of it that the rules of the contract look at."""

import ast
import re
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path

import nbformat

# The line of an exercise's cell that asks for a check: lesson, exercise, answer's name.
CHECK_LINE = re.compile(r"^lesson_(\d\d)\.(\w+)\.check\((\w+)\)$", re.MULTILINE)


class Lesson:
    """A notebook and the parts of it that the rules look at.

    Attributes:
        path: where the notebook lies; its name begins with the lesson's number.
        number: the lesson's number, two digits as a text.
        cells: all cells; `code` and `markdown` are those of one kind.
        facts: what its metadata says under "course"; see course.py.
    """

    def __init__(self, path, notebook=None):
        """Read a notebook, or take one that stands for the file at `path`."""
        self.path = Path(path)
        self.number = self.path.name[:2]
        self.notebook = notebook or nbformat.read(path, as_version=4)
        self.cells = self.notebook.cells
        self.facts = self.notebook.metadata.get("course", {})
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
                r"^(#+) (.*)$", without_code(cell.source), re.MULTILINE
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
        return bullets_of(between(opening, "**You will be able to**", "**You need**"))

    @property
    def outputs(self):
        """All stored outputs, in order."""
        return [output for cell in self.code for output in cell.outputs]

    @property
    def pictures(self):
        """List of (description, source) of all stored figures, in order."""
        images = Images()
        for output in self.outputs:
            images.feed(output.get("data", {}).get("text/html", ""))
        return images.found

    @property
    def syntax_trees(self):
        """List of (cell, its syntax tree) of the code cells without magics."""
        trees = []
        for cell in self.code:
            if not magics_of(cell.source):
                trees.append((cell, ast.parse(cell.source)))
        return trees


class Images(HTMLParser):
    """What a piece of HTML shows: `found` lists (description, source) of its images."""

    def __init__(self):
        """Begin with none."""
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        """Keep an image."""
        given = dict(attributes)
        if tag == "img":
            self.found.append((given.get("alt", ""), given["src"]))


def name_of(cell):
    """Return a text by which an author finds the cell."""
    first_line = next(iter(cell.source.strip().splitlines()), "(empty)")
    return f"the cell {first_line[:70]!r}"


def tags_of(cell):
    """Return the cell's tags, a list."""
    return cell.metadata.get("tags", [])


def magics_of(source):
    """Return the lines that are magics or shell commands."""
    return re.findall(r"^\s*[%!].*", source, re.MULTILINE)


def without_code(text):
    """Return Markdown without its code blocks and code spans."""
    text = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]*`", "", text)


def prose_of(text):
    """Return Markdown without code, formulas, link targets and image marks."""
    text = re.sub(r"\$\$.*?\$\$|\$[^$\n]+\$", "", without_code(text), flags=re.DOTALL)
    text = re.sub(r"\]\([^)]*\)", "]", text)
    return re.sub(r"!\[", "[", text)


def between(text, start, end):
    """Return what stands between two texts, "" where the first is missing."""
    return text.partition(start)[2].partition(end)[0]


def bullets_of(text):
    """Return the lines of Markdown that begin a bullet or a number."""
    return re.findall(r"^(?:[-*]|\d+\.) .*", text, re.MULTILINE)


def texts_of(output):
    """Return what an output says in text, pictures left out."""
    if output.output_type == "stream":
        return output.text
    data = output.get("data", {})
    text = "\n".join(str(data[kind]) for kind in data if not kind.startswith("image/"))
    return re.sub(r"(data:image/\w+;base64,)[\w+/=]+", r"\1", text)


def calls_of(tree, dotted_name):
    """Return the calls of a function, given as in the source, for example plt.show."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == dotted_name
    ]


def explorer_of(source):
    """Return the name of the explorer, or DigitPad, that a cell's source opens."""
    found = re.search(r"explorers\.(\w+)\(|(DigitPad)\(", source)
    return found and (found.group(1) or found.group(2))


def trains(statement):
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


def functions_of(notebook, names, **given):
    """Return a notebook's functions, in a dict in which they find one another.

    Args:
        notebook: path of the notebook; only the functions are executed.
        names: what they are called.
        given: what else they find by name, modules for example.

    Raises:
        ValueError: the notebook lacks one of them.
    """
    found = {
        node.name: node
        for _, tree in Lesson(notebook).syntax_trees
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }
    if lacking := [name for name in names if name not in found]:
        raise ValueError(
            f"{Path(notebook).name} must define {', '.join(lacking)}, got none: "
            "give the tool that reads it their new names"
        )
    for name in names:
        exec(ast.unparse(found[name]), given)
    return given
