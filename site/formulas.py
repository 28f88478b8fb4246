"""Formulas as MathML, which browsers show without a program."""

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml


def add_mathml(app):
    """Let html_math_renderer = "mathml" show formulas; for `setup` in a conf.py."""
    app.add_html_math_renderer("mathml", (_visit(False), None), (_visit(True), None))


def _visit(as_block):
    """Return how the writer shows a formula, in its own line or in the text."""

    def visit(self, node):
        self.body.append(tex2mathml(node.astext(), as_block=as_block))
        raise nodes.SkipNode

    return visit
