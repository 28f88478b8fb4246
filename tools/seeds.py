"""Run a notebook with several seeds and report medians of what it measured.

    python tools/seeds.py --write notebooks/03_raw_cnn.ipynb test_accuracy accuracy_200

Each name is an expression that the notebook's variables have a value for: a number, or
a dict of numbers (several figures of one run). The number in all `set_random_seed(0)`,
`default_rng(0)` and `seed=0` is replaced by 0, 1, 2 and so on; nothing is written into
the notebook. Prints each seed's values, then the median with the range. With `--write`
they are kept in docs/seeds.json, in place of earlier ones of the same name, with the
command that made them.

To measure what the notebook does not do itself, replace some of its code and give that
a name, which stands in front of the figure's own:

    python tools/seeds.py --write notebooks/04_keras_subclass.ipynb test_accuracy
        --variant "constant rate" --replace "CosineDecay(0.001, steps)" "0.001"

How to say it in the text: `98.0 % (97.5 to 98.2 %)`, the median directly before its
range, with as many digits as you like, in a paragraph that says "seeds" or "median".
"98.0 % of the test images (median; from 97.5 to 98.2 %)" is understood, too. The
contract compares every such figure with what docs/seeds.json keeps of that notebook.
"""

import argparse
import ast
import json
import platform
import re
import shlex
import statistics
import sys
import tempfile
from datetime import date
from importlib.metadata import version
from pathlib import Path

import nbformat
from course import ROOT, kept
from lesson import prose_of
from refresh import run

RESULTS = ROOT / "docs" / "seeds.json"
SEED = re.compile(r"\b(set_random_seed\(|default_rng\(|seed=)\d+\b")

_NUMBER = r"(-?\d[\d,]*(?:\.\d+)?)\s*%?"
_RANGE = rf"(?:\((?:median[;,] )?(?:from )?|, from ){_NUMBER} to {_NUMBER}"
RANGE = re.compile(_RANGE)
FIGURE = re.compile(rf"{_NUMBER}[^\d().]{{0,60}}?{_RANGE}")


def main(arguments=None):
    """Run the notebook once for each seed and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("notebook", type=Path)
    parser.add_argument("expressions", nargs="+")
    parser.add_argument("--seeds", type=int, default=5, help="how many (default 5)")
    parser.add_argument("--write", action="store_true", help="keep the figures")
    parser.add_argument("--variant", default="", metavar="NAME")
    parser.add_argument(
        "--replace", nargs=2, action="append", default=[], metavar=("OLD", "NEW")
    )
    arguments = sys.argv[1:] if arguments is None else arguments
    options = parser.parse_args(arguments)
    if bool(options.variant) != bool(options.replace):
        parser.error("--variant and --replace need each other")
    values = {}
    for seed in range(options.seeds):
        measured = measure(options.notebook, options.expressions, seed, options.replace)
        for name, value in measured.items():
            if options.variant:
                name = f"{options.variant}: {name}"
            values.setdefault(name, []).append(value)
        line = "   ".join(f"{name} {row[-1]:.4f}" for name, row in values.items())
        print(f"seed {seed}   {line}", flush=True)
    for name, row in values.items():
        median, low, high = statistics.median(row), min(row), max(row)
        print(f"{name}: median {median:.4f}, from {low:.4f} to {high:.4f}")
    if options.write:
        keep(
            options.notebook.stem,
            values,
            sys.argv[1:] if arguments is None else arguments,
        )


def measure(path, expressions, seed, replacements=()):
    """Run a notebook with another seed and return what its variables say.

    Args:
        path: the notebook's path.
        expressions: texts, each an expression of the notebook's variables.
        seed: the seed, a whole number.
        replacements: pairs of texts (old, new), replaced in the code.

    Returns:
        A dict from an expression, or `expression[key]`, to its number.

    Raises:
        RefreshError: the notebook did not run to its end.
        ValueError: it sets no seed, or lacks a text that is to be replaced.
    """
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for old, new in replacements:
        if not any(old in cell.source for cell in code):
            raise ValueError(f"{path} must contain the code {old!r}, got none")
        for cell in code:
            cell.source = cell.source.replace(old, new)
    found = 0
    for cell in code:
        cell.source, count = SEED.subn(rf"\g<1>{seed}", cell.source)
        # An accuracy that chance has put below its bound is a result here too.
        cell.source = re.sub(r"(?m)^assert .*$", "", cell.source)
        found += count
    if not found:
        raise ValueError(f"{path} must call set_random_seed(0), got no such call")
    parts = ", ".join(f"{text!r}: {text}" for text in expressions)
    report = f"import numpy\nnumpy.set_printoptions(legacy='1.25')\nprint({{{parts}}})"
    notebook.cells.append(nbformat.v4.new_code_cell(report))
    with tempfile.TemporaryDirectory(prefix="course-") as folder:
        copy = Path(folder, path.name)
        nbformat.write(notebook, copy)
        executed, _, _ = run(copy, folder)
    return flat(ast.literal_eval(executed.cells[-1].outputs[-1].text))


def flat(values):
    """Return a dict of numbers for a dict of numbers and dicts of numbers."""
    result = {}
    for name, value in values.items():
        if isinstance(value, dict):
            result |= {f"{name}[{key}]": number for key, number in value.items()}
        else:
            result[name] = value
    return result


def load():
    """Return all kept figures: notebook's name, then figure's name, then its entry."""
    return kept(RESULTS)


def keep(lesson, values, arguments):
    """Put figures into docs/seeds.json, in place of earlier ones of the same name.

    Args:
        lesson: the notebook's name without its ending.
        values: dict from a figure's name to its value with each of the seeds 0, 1, ...
        arguments: those of the command that measured them.
    """
    new = {
        name: {
            "values": row,
            "seeds": list(range(len(row))),
            "median": statistics.median(row),
            "range": [min(row), max(row)],
            "command": f"python tools/seeds.py {shlex.join(map(str, arguments))}",
            "date": date.today().isoformat(),
            "python": platform.python_version(),
            "tensorflow": version("tensorflow"),
        }
        for name, row in values.items()
    }
    results = load()
    results[lesson] = dict(sorted((results.get(lesson, {}) | new).items()))
    text = json.dumps(dict(sorted(results.items())), indent=1, ensure_ascii=False)
    # A list of numbers on one line: short to read, short in a comparison.
    text = re.sub(r"\[[^][{}]*\]", lambda match: " ".join(match[0].split()), text)
    RESULTS.write_bytes(text.replace("[ ", "[").replace(" ]", "]").encode() + b"\n")


def problems(text, known):
    """Return what is wrong with the figures over several seeds that a text states.

    Args:
        text: Markdown.
        known: dict from a figure's name to its entry, as in docs/seeds.json.
    """
    found = []
    for raw in re.split(r"\n\s*\n", text):
        paragraph = " ".join(prose_of(raw).split())
        if not re.search(r"\bseeds\b|\bmedian\b", paragraph, re.IGNORECASE):
            continue
        stated = list(FIGURE.finditer(paragraph))
        for figure in stated:
            if not any(_says(figure, entry) for entry in known.values()):
                found.append(
                    f"{figure[0]!r} is no figure that docs/seeds.json keeps of this "
                    f"notebook ({', '.join(known) or 'none so far'}): measure it with "
                    "tools/seeds.py --write"
                )
        lonely = len(RANGE.findall(paragraph)) > len(stated)
        summary = re.search(r"\bmedian\b|\bover \w+ seeds\b", paragraph, re.IGNORECASE)
        if lonely or (summary and not stated and "seeds." not in raw):
            found.append(
                "write a figure over several seeds as `98.0 % (97.5 to 98.2 %)`, the "
                f"median directly before its range: {paragraph[:90]!r}"
            )
    return found


def _says(figure, entry):
    """Say whether three stated numbers are an entry's, rounded as they are written."""
    numbers = [entry["median"], *entry["range"]]
    scales = (1, 100) if "%" in figure[0] else (1,)
    return any(
        all(
            _rounds_to(scale * number, text)
            for number, text in zip(numbers, figure.groups(), strict=True)
        )
        for scale in scales
    )


def _rounds_to(number, text):
    digits = len(text.partition(".")[2])
    return abs(number - float(text.replace(",", ""))) <= 0.5 * 10**-digits + 1e-9


if __name__ == "__main__":
    main()
