"""Reads the text of an explorer, for the tests."""

import html
import re


def words(panel):
    """Return a panel's text without its tags, with plain line ends and minus signs."""
    text = panel.text.value.replace("<br>", "\n").replace("\N{MINUS SIGN}", "-")
    return html.unescape(re.sub("<[^>]+>", "", text))


def numbers(pattern, panel):
    """Return the numbers that a pattern's groups find in the text."""
    found = re.search(pattern, words(panel))
    assert found, (pattern, words(panel))
    return tuple(float(number) for number in found.groups())


def number(pattern, panel):
    """Return the one number that a pattern's only group finds in the text."""
    (value,) = numbers(pattern, panel)
    return value
