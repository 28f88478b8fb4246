"""How Sphinx makes the slides; site/conf.py runs this when the book is written.

Alone: python -m sphinx -W -b revealjs site/slides site/_build/html/slides
"""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[1] / "tools")]

import stored  # noqa: E402
from formulas import add_mathml  # noqa: E402

project = "Six ways to build a network that reads handwriting"
extensions = ["myst_parser", "sphinx_revealjs"]
# One deck a lesson: there is no page above them; the book's slides.md lists them.
root_doc = "00"
suppress_warnings = ["toc.not_included"]

myst_enable_extensions = ["colon_fence", "dollarmath"]
html_math_renderer = "mathml"
html_copy_source = False
html_favicon = "../favicon.svg"
pygments_style = "a11y-high-contrast-light"

revealjs_static_path = [str(HERE / "slides.css")]
revealjs_style_theme = "white"
revealjs_css_files = ["pygments.css", "slides.css"]
revealjs_script_plugins = [
    {"name": "RevealNotes", "src": "revealjs/plugin/notes/notes.js"}
]
revealjs_script_conf = {
    "width": 1280,
    "height": 720,
    "margin": 0,
    "center": False,
    "hash": True,
    "slideNumber": "c/t",
    "transition": "none",
}


def setup(app):
    """Connect the course's own steps."""
    stored.setup(app)
    add_mathml(app)
