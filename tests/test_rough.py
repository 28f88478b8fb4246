"""tools/rough.py tells a lesson that bears an interrupt from one that does not."""

import os

import pytest
import rough
from lesson import Lesson
from tiny_notebooks import code, write

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="interrupts by a signal"),
]
SETUP = "import time\nfrom course_utils.monitor import Monitor\nlosses = [3.0]"
ENDS_THE_KERNEL = "import os, signal\nsignal.signal(2, lambda *_: os._exit(3))"
UNRELATED = "raise RuntimeError('this cell is not needed')"
TRAIN = """
print("begins")
{start}
with Monitor(1000) as monitor:
    for step in range(1, 1001):
        losses.append(losses[-1] / 2)
        monitor.log(step, loss=losses[-1])
        time.sleep(0.02)
"""


def training(path, start, loop=TRAIN):
    cells = [code(SETUP), code(UNRELATED)]
    return write(path, *cells, code(loop.format(start=start), keep_output=False))


def test_a_training_that_starts_afresh_bears_interrupts(tmp_path):
    path = training(tmp_path / "x.ipynb", "losses = [3.0]")
    assert rough.training_cell(Lesson(path)) == 2
    found = list(rough.interrupt(path, moments=[1]))
    assert [(times, problem) for _, times, problem in found] == [(1, ""), (2, "")]


def test_a_training_that_goes_on_where_it_was_is_told(tmp_path):
    path = training(tmp_path / "x.ipynb", "")
    (_, _, once), (_, _, twice) = rough.interrupt(path, moments=[1])
    assert once == "" and twice.startswith("began with [")


@pytest.mark.parametrize(
    ("start", "problem"),
    [
        ("try:\n    time.sleep(60)\nexcept BaseException:\n    1 / 0", "ZeroDivision"),
        (
            "import os, signal\nsignal.signal(signal.SIGINT, lambda *_: os._exit(3))",
            "end",
        ),
    ],
)
def test_a_cell_that_turns_an_interrupt_into_something_else_is_told(
    start, problem, tmp_path
):
    path = training(tmp_path / "x.ipynb", start)
    (_, _, found), *_ = rough.interrupt(path, moments=[1])
    assert problem in found


def test_lessons_run_together_and_each_says_what_came_out(tmp_path, capsys):
    paths = [
        write(tmp_path / "01.ipynb", code("import os, time\ntime.sleep(1)")),
        write(tmp_path / "02.ipynb", code("1 / 0")),
    ]
    assert rough.together(paths[:1]) == 0
    assert rough.together(paths) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("01.ipynb") and lines[0].split()[2] == "s"
    assert "02.ipynb" in lines[2] and "failed" in lines[2]
