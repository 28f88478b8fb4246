"""What the book changes in the notebooks and documents that it shows.

Each change is made in memory, while Sphinx reads: the files stay as they are.
"""

import json
import re
from pathlib import Path

from course import HOME, README, ROOT
from lesson import explorer_of
from mdit_py_plugins.anchors.index import slugify

HERE = Path(__file__).parent
PICTURES = ROOT / "docs" / "explorers"
BADGES = re.compile(r"^\[!\[Binder\].*$", re.MULTILINE)
LESSON = re.compile(r"^\| \[(\d\d [^]]+)\]\((notebooks/\w+)\.ipynb\)", re.MULTILINE)
# A page whose tables take the room of the contents at its right.
WIDE = "---\nhtml_theme.sidebar_secondary.remove: true\n---\n\n"
SHOWN = re.compile(r"\[(\d\d)\]\((\S+?\.ipynb)\), \*([^*\n]+)\*")
# Links that lead out of the book go to the files on GitHub.
OUTSIDE = re.compile(
    r"\]\((?:\.\./)*((?:LICENSE|CONTRIBUTING\.md|course_utils/)[^)\s]*)\)"
)
LIVE = {("03", "convolution"): HERE / "convolution.html"}
EXPLORER = (
    "*This {what} runs in the notebook: the rocket at the top of the page opens it.*"
)
OTHER = (
    "*What this cell shows is live: it runs in the notebook, and no output is kept.*"
)


def read(app, page, source):
    """Change the text of a page before it is parsed; Sphinx's event source-read.

    Args:
        app: the Sphinx application.
        page: name of the page, such as notebooks/03_raw_cnn.
        source: list of one text, which is replaced.
    """
    if page.startswith("notebooks/"):
        source[0] = json.dumps(lesson(json.loads(source[0]), Path(page).name[:2]))
    elif page == "index":
        entries = [f"{title} <{path}>" for title, path in LESSON.findall(readme())]
        source[0] = source[0].replace("{lessons}", "\n".join(entries))
        source[0] = source[0].replace("{home}", HOME)
    elif page == "slides":
        source[0] = source[0].replace("{decks}", "\n".join(decks()))
    elif page == "docs/mistakes":
        source[0] = WIDE + SHOWN.sub(section_link, source[0])
    source[0] = OUTSIDE.sub(rf"](https://github.com/{HOME}/blob/main/\1)", source[0])


def readme():
    """Return the text of the README, where the table of the lessons stands."""
    return README.read_text("utf-8")


def decks():
    """Return a bullet with a link for each deck of slides that there is."""
    bullet = '- <a href="slides/{}.html">{}</a>'
    return [
        bullet.format(title[:2], title)
        for title, _ in LESSON.findall(readme())
        if (HERE / "slides" / f"{title[:2]}.md").exists()
    ]


def section_link(found):
    """Return the link to a lesson and its section as a link to that section."""
    number, path, title = found.groups()
    return f"[{number}, *{title}*]({path}#{slugify(title)})"


def lesson(notebook, number):
    """Return a notebook as the book shows it.

    The badges become a link to the slides, what is folded stays folded, and where an
    explorer or another live output would stand the book says so.

    Args:
        notebook: the notebook as a dict; it is changed.
        number: the lesson's number, two digits as a text.
    """
    for cell in notebook["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            link = f'<a href="../slides/{number}.html">Slides of this lesson</a>'
            slides = (HERE / "slides" / f"{number}.md").exists()
            cell["source"] = BADGES.sub(link if slides else "", text)
            continue
        if cell["metadata"].get("jupyter", {}).get("source_hidden"):
            cell["metadata"].setdefault("tags", []).append("hide-input")
        if cell["metadata"].get("keep_output") is False:
            cell["outputs"] = [
                {"output_type": "display_data", "metadata": {}, "data": data}
                for data in in_place_of(number, explorer_of(text))
            ]
    return notebook


def in_place_of(number, explorer):
    """Return what stands for a live output, a list of contents by kind.

    Args:
        number: the lesson's number, two digits as a text.
        explorer: its name, DigitPad for a pad, or None for any other live output.
    """
    if explorer is None:
        return [{"text/markdown": OTHER}]
    if page := LIVE.get((number, explorer)):
        return [{"text/html": page.read_text("utf-8")}]
    what = "drawing pad" if explorer == "DigitPad" else "explorer"
    sentence = EXPLORER.format(what=what)
    for file in still_of(number, explorer):
        picture = f"![{alt_of(file, explorer)}](../docs/explorers/{file.name})"
        sentence = f"{picture}\n\n{sentence}"
    return [{"text/markdown": sentence}]


def still_of(number, explorer):
    """Return an explorer's pictures, one at most: this lesson's or another's."""
    files = sorted(PICTURES.glob(f"[0-9][0-9]_{explorer}.*"))
    own = [file for file in files if file.name.startswith(number)]
    return (own or files)[:1]


def alt_of(file, explorer):
    """Return what docs/explorers.md says of a picture."""
    page = (ROOT / "docs" / "explorers.md").read_text("utf-8")
    own = re.search(rf"!\[([^]]+)\]\(explorers/{re.escape(file.name)}\)", page)
    return own.group(1) if own else f"A still picture of {explorer}."


def unread(folder, names):
    """Return the names that are not copied: what runs and tools leave behind."""
    return {"runs", ".ipynb_checkpoints", "__pycache__", "node_modules"} & set(names)
