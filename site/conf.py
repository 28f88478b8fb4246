"""How Sphinx makes the course's book: python -m sphinx -W site site/_build/html.

The notebooks and documents stay where they are in the repository; each build takes a
copy into this folder, which git ignores, so that their links to one another hold. The
stored outputs are shown and nothing is executed. When the book is written, the slides
are made beside it, with their own slides/conf.py.
"""

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tools")]

import book  # noqa: E402
from course import COURSE, HOME, ROOT  # noqa: E402
from formulas import add_mathml  # noqa: E402
from sphinx.errors import SphinxError  # noqa: E402

STATIC = {".js", ".css", ".bin", ".json"}
project = html_title = "Six ways to build a network that reads handwriting"
extensions = ["myst_nb", "sphinx_copybutton"]
exclude_patterns = ["_build", "slides"]
suppress_warnings = ["mystnb.unknown_mime_type"]

nb_execution_mode = "off"
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4
html_math_renderer = "mathml"
highlight_language = "none"  # of blocks in documents that name none: commands

html_theme = "sphinx_book_theme"
html_favicon = "favicon.svg"
html_context = {"default_mode": "auto"}  # light or dark, as the system is
html_short_title = "Six ways"
html_show_sphinx = html_show_copyright = False
html_copy_source = html_show_sourcelink = False
html_static_path = [
    *(str(path) for path in HERE.iterdir() if path.suffix in STATIC),
    str(ROOT / "course_utils" / "digit_pad.js"),
]
html_css_files = ["book.css"]
html_theme_options = {
    "repository_url": f"https://github.com/{HOME}",
    "repository_branch": "main",
    "path_to_docs": "",
    "use_repository_button": True,
    "use_download_button": False,
    "navbar_persistent": [],  # the field for searching stands in the sidebar
    "home_page_in_toc": True,
    "show_toc_level": 2,
    "footer_content_items": ["extra-footer.html"],
    "extra_footer": "Code: MIT licence. Text: CC BY 4.0. Digits: MNIST, CC BY-SA 3.0.",
    "launch_buttons": {
        "notebook_interface": "jupyterlab",
        "binderhub_url": "https://mybinder.org",
        "colab_url": "https://colab.research.google.com",
        "jupyterhub_url": COURSE["jupyterhub"],
    },
}


def gather(app, config):
    """Take copies of what the book shows and the repository keeps elsewhere."""
    for name in ("notebooks", "docs", "benchmarks"):
        shutil.rmtree(HERE / name, ignore_errors=True)
        shutil.copytree(ROOT / name, HERE / name, ignore=book.unread)


def add_slides(app, exception):
    """Make the slides beside the book."""
    if exception is None and app.builder.name == "html":
        target = Path(app.outdir, "slides")
        command = [sys.executable, "-m", "sphinx", "-q", "-W", "-b", "revealjs"]
        if subprocess.call([*command, HERE / "slides", target], cwd=ROOT):
            raise SphinxError("the slides could not be made: see the lines above")


def setup(app):
    """Connect the course's own steps."""
    app.connect("config-inited", gather)
    app.connect("source-read", book.read)
    app.connect("build-finished", add_slides)
    add_mathml(app)
