"""What the slides take from the lessons: figures, printed lines, numbers and code.

All of it is read from the committed notebooks while Sphinx builds, so that slides and
lessons cannot disagree. Each thing is named by words that stand in it; the deck's file
name says from which lesson:

    ```{picture} A 7; in its feature map      the figure that is described so
    ```{still} convolution                    the picture of an explorer, or of DigitPad
    ```{printed} conv1                        the printed line that holds them, and
    :lines: 5                                 how many lines to show from there
    ```{code} with tf.GradientTape() as tape  the same for a line of code
    :lines: 4
    :in: def train_step                       where several do: words of the same cell
    {number}`after 200 steps {}%`             the number at {} in a printed line
    {seeds}`accuracy_200`                     median and range over seeds, in percent

One space stands for many, ^ for the beginning of a line, and {_} for a number that is
passed over, because another run may change it. Words that stand nowhere, or in several
places, end the build with an error.
"""

import base64
import html
import re
from functools import cache
from textwrap import dedent

import seeds
from book import alt_of, still_of
from course import lessons
from docutils import nodes
from docutils.parsers.rst.directives import positive_int, unchanged
from lesson import Lesson
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from sphinx.errors import SphinxError
from sphinx.util.docutils import SphinxDirective, SphinxRole

NUMBER = r"[-+]?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?"


@cache
def lesson(number):
    """Return the lesson of a number, two digits as a text."""
    return Lesson(next(path for path in lessons() if path.name[:2] == number))


def printed(lesson):
    """Return the texts that a lesson's cells printed or gave back."""
    kept = []
    for output in lesson.outputs:
        if output.output_type == "stream":
            kept.append(output.text)
        elif set(output.data) == {"text/plain"}:
            kept.append(output.data["text/plain"])
    return kept


def picture(lesson, words):
    """Return (description, source) of the figure whose description holds the words."""
    found = [image for image in lesson.pictures if words in image[0]]
    return the_only(found, f"figure described by {words!r}")


def pattern_of(words):
    """Return the regular expression for words with {}, {_} or a first ^ in them."""
    escaped = re.escape(words.removeprefix("^"))
    escaped = "^" * words.startswith("^") + escaped
    return escaped.replace(r"\{_\}", NUMBER).replace(r"\{\}", f"({NUMBER})")


def excerpt(texts, words, lines, within=""):
    """Return some lines, from the one that holds the words on.

    Args:
        texts: sources of cells, or what cells printed.
        words: what the first line holds.
        lines: how many lines.
        within: what the text holds, to tell it from others with the same words.

    Raises:
        LookupError: no line or several lines hold the words.
    """
    found = [
        text.splitlines()[at : at + lines]
        for text in texts
        if re.search(pattern_of(within), " ".join(text.split()))
        for at, line in enumerate(text.splitlines())
        if re.search(pattern_of(words), " ".join(line.split()))
    ]
    return dedent("\n".join(the_only(found, f"line with {words!r}")))


def number(texts, pattern):
    """Return the number at {} of a pattern, as it was printed.

    Args:
        texts: what was printed.
        pattern: a part of one line, with {} for the number.

    Raises:
        LookupError: the pattern fits nowhere, or to several numbers.
    """
    if pattern.count("{}") != 1:
        raise LookupError(f"expected one {{}} in the pattern {pattern!r}")
    wanted = pattern_of(pattern)
    lines = [" ".join(line.split()) for text in texts for line in text.splitlines()]
    found = {match[1] for line in lines for match in re.finditer(wanted, line)}
    return the_only(sorted(found), f"number at {{}} in {pattern!r}")


def over_seeds(lesson, name):
    """Return a kept figure in percent: its median, and its range in brackets."""
    known = seeds.load().get(lesson.path.stem, {})
    entry = the_only(
        [known[name]] if name in known else [], f"figure {name!r} in docs/seeds.json"
    )
    median, low, high = (f"{100 * x:.2f}" for x in (entry["median"], *entry["range"]))
    return f"{median} % ({low} to {high} %)"


def the_only(found, what):
    """Return the one thing that was found, refuse none and several."""
    if len(found) != 1:
        raise LookupError(f"expected one {what} in the lesson, found {len(found)}")
    return found[0]


class FromLesson:
    """What reads from the lesson of a deck, and says where it could not."""

    def find(self, search):
        """Return what search(lesson) finds; end the build if it finds nothing."""
        source, line = self.get_source_info()
        try:
            return search(lesson(self.env.docname[:2]))
        except LookupError as error:
            raise SphinxError(f"{source}:{line}: {error}") from error


class Picture(FromLesson, SphinxDirective):
    """A stored figure."""

    required_arguments = 1
    final_argument_whitespace = True
    option_spec = {"height": positive_int}

    def run(self):
        """Return the figure as an image that the page carries in itself."""
        alt, source = self.find(self.search)
        height = self.options.get("height")
        size = f' style="height: {height}px"' if height else ""
        image = f'<img alt="{html.escape(alt)}" src="{html.escape(source)}"{size}>'
        return [nodes.raw("", f'<p class="picture">{image}</p>', format="html")]

    def search(self, lesson):
        """Return description and source."""
        return picture(lesson, self.arguments[0])


class Still(Picture):
    """The picture of an explorer."""

    def search(self, lesson):
        """Return description and source."""
        name = self.arguments[0]
        file = the_only(still_of(lesson.number, name), f"picture of {name}")
        data = base64.b64encode(file.read_bytes()).decode()
        return alt_of(file, name), f"data:image/png;base64,{data}"


class Printed(FromLesson, SphinxDirective):
    """Lines that a lesson printed."""

    required_arguments = 1
    final_argument_whitespace = True
    option_spec = {"lines": positive_int, "in": unchanged}

    def run(self):
        """Return the lines as a block."""
        lines, within = self.options.get("lines", 1), self.options.get("in", "")
        words = self.arguments[0]
        text = self.find(lambda it: excerpt(self.texts(it), words, lines, within))
        return [self.block(text)]

    def texts(self, lesson):
        """Return the texts in which the words are looked for."""
        return printed(lesson)

    def block(self, text):
        """Return what shows the lines."""
        return nodes.literal_block(text, text, language="none", linenos=False)


class Code(Printed):
    """Lines of a lesson's code."""

    def texts(self, lesson):
        """Return the sources of the code cells."""
        return [cell.source for cell in lesson.code]

    def block(self, text):
        """Return what shows the lines, coloured."""
        coloured = highlight(text, PythonLexer(), HtmlFormatter())
        return nodes.raw("", coloured, format="html")


class Number(FromLesson, SphinxRole):
    """A number that a lesson printed."""

    def run(self):
        """Return the number as text."""
        return [nodes.Text(self.find(lambda it: number(printed(it), self.text)))], []


class Seeds(FromLesson, SphinxRole):
    """A figure over several seeds."""

    def run(self):
        """Return median and range as text."""
        return [nodes.Text(self.find(lambda it: over_seeds(it, self.text)))], []


def setup(app):
    """Tell Sphinx the names that the decks use."""
    app.add_directive("picture", Picture)
    app.add_directive("still", Still)
    app.add_directive("printed", Printed)
    app.add_directive("code", Code, override=True)
    app.add_role("number", Number())
    app.add_role("seeds", Seeds())
