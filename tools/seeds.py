"""Run a notebook with several seeds and report medians of what it measured.

    python tools/seeds.py notebooks/03_raw_cnn.ipynb test_accuracy accuracy_200

Each name is an expression that the notebook's variables have a value for: a number, or
a dict of numbers. The number in every `set_random_seed(0)`, `default_rng(0)` and
`seed=0` is replaced by 0, 1, 2 and so on; nothing is written into the notebook. Prints
each seed's values, then the median with the range.
"""

import argparse
import ast
import re
import statistics
import sys
import tempfile
from pathlib import Path

import nbformat
from refresh import run

SEED = re.compile(r"\b(set_random_seed\(|default_rng\(|seed=)\d+\b")


def main(arguments=None):
    """Run the notebook once for each seed and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebook", type=Path)
    parser.add_argument("expressions", nargs="+")
    parser.add_argument("--seeds", type=int, default=5, help="how many (default 5)")
    options = parser.parse_args(arguments)
    values = {}
    for seed in range(options.seeds):
        for name, value in measure(options.notebook, options.expressions, seed).items():
            values.setdefault(name, []).append(value)
        line = "   ".join(f"{name} {row[-1]:.4f}" for name, row in values.items())
        print(f"seed {seed}   {line}", flush=True)
    for name, row in values.items():
        median, low, high = statistics.median(row), min(row), max(row)
        print(f"{name}: median {median:.4f}, from {low:.4f} to {high:.4f}")


def measure(path, expressions, seed):
    """Run a notebook with another seed and return what its variables say.

    Args:
        path: the notebook's path.
        expressions: texts, each an expression of the notebook's variables.
        seed: the seed, a whole number.

    Returns:
        A dict from an expression, or `expression[key]`, to its number.

    Raises:
        RefreshError: the notebook did not run to its end.
        ValueError: it sets no seed.
    """
    notebook = nbformat.read(path, as_version=4)
    found = 0
    for cell in notebook.cells:
        if cell.cell_type == "code":
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


if __name__ == "__main__":
    sys.exit(main())
