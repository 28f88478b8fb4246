"""The monitor keeps what was logged, also when the loop is interrupted."""

import signal
import sys
from unittest.mock import MagicMock

import numpy as np
import pytest

from course_utils import monitor as module
from course_utils.monitor import Monitor


class Clock:
    """A clock that a test can turn."""

    def __init__(self):
        self.now = 0.0

    def perf_counter(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(module.time, "perf_counter", clock.perf_counter)
    return clock


@pytest.fixture
def notebook(monkeypatch):
    """Pretend to be in a notebook; return the pictures that were shown."""
    shown = []

    class Handle:
        def update(self, picture, raw):
            shown.append(picture)

    def display(picture, raw, display_id):
        shown.append(picture)
        return Handle()

    monkeypatch.setattr(module, "_in_notebook", lambda: True)
    monkeypatch.setattr(module, "display", display)
    return shown


def test_history_holds_each_name_with_its_own_steps():
    with Monitor(steps=4) as monitor:
        for step in range(1, 5):
            monitor.log(step, loss=np.float32(1 / step))
            if step % 2 == 0:
                monitor.log(step, accuracy=step / 4)
    assert monitor.history["loss"][0] == [1, 2, 3, 4]
    assert monitor.history["accuracy"] == ([2, 4], [0.5, 1.0])


def test_throughput_is_images_by_training_time(clock):
    with Monitor(steps=10, batch_size=100) as monitor:
        for step in range(1, 11):
            clock.now += 0.5
            monitor.log(step, loss=1.0)
        clock.now += 60  # what comes after the last step is not training
    assert monitor.seconds == 5.0
    assert monitor.images_per_second == 200.0


def test_without_batch_size_there_is_no_throughput():
    with Monitor(steps=1) as monitor:
        monitor.log(1, loss=1.0)
    assert monitor.images_per_second is None


def test_a_terminal_gets_one_line_at_the_end(capsys):
    with Monitor(steps=2) as monitor:
        monitor.log(1, loss=0.5)
        monitor.log(2, loss=0.25)
    assert capsys.readouterr().out.strip() == "step 2 of 2, loss 0.2500"


def test_a_notebook_is_redrawn_at_most_every_two_seconds(clock, notebook):
    with Monitor(steps=1000) as monitor:
        for step in range(1, 1001):
            clock.now += 0.01  # ten seconds in all
            monitor.log(step, loss=1.0)
        assert len(notebook) == 4  # after 2, 4, 6 and 8 seconds; the clock is exact
    assert len(notebook) == 5  # and the figure that stays


def test_slow_drawing_makes_pictures_rarer(clock, notebook, monkeypatch):
    draw = Monitor._update_figure

    def slow(self, ended_by):
        clock.now += 0.2
        draw(self, ended_by)

    monkeypatch.setattr(Monitor, "_update_figure", slow)
    with Monitor(steps=10_000) as monitor:
        for step in range(1, 10_001):
            clock.now += 0.01  # a hundred seconds
            monitor.log(step, loss=1.0)
    assert monitor.drawing_seconds / monitor.seconds < 0.03
    assert len(notebook) > 3


def test_an_interrupt_leaves_history_and_figure_and_goes_on_its_way(notebook):
    with pytest.raises(KeyboardInterrupt), Monitor(steps=100) as monitor:
        for step in range(1, 101):
            monitor.log(step, loss=1 / step)
            if step == 30:
                raise KeyboardInterrupt
    assert monitor.step == 30 and len(monitor.history["loss"][1]) == 30
    assert monitor._bar.n == 30 and monitor._bar.disable  # closed where it stood
    title = monitor._figure.axes[0].get_title(loc="left")
    assert title == "step 30 of 100 (KeyboardInterrupt)"
    assert len(notebook) == 1


def test_names_that_end_alike_share_a_diagram(notebook):
    with Monitor(steps=2) as monitor:
        monitor.log(1, loss=1.0, accuracy=0.1)
        monitor.log(2, validation_loss=1.0, validation_accuracy=0.1)
    labels = [
        [line.get_label().split()[0] for line in axis.lines]
        for axis in monitor._figure.axes
    ]
    assert labels == [["loss", "validation_loss"], ["accuracy", "validation_accuracy"]]
    assert 'alt="Training curves: step 2 of 2' in notebook[-1]["text/html"]


def test_the_legend_has_the_latest_values_and_one_point_is_seen(notebook):
    with Monitor(steps=9, batch_size=8) as monitor:
        for step in (1, 2, 3):
            monitor.log(step, loss=step / 10)
        monitor.log(3, validation_accuracy=0.75)
    loss, accuracy = (axis.lines[0] for axis in monitor._figure.axes)
    assert (loss.get_label(), loss.get_marker()) == ("loss 0.3000", "")
    assert accuracy.get_label() == "validation_accuracy 0.7500"
    assert accuracy.get_marker() == "o"
    assert "loss" not in (monitor._bar.postfix or "")  # the bar keeps its width


@pytest.mark.parametrize("step", [0, -1])
def test_steps_count_from_one(step):
    with Monitor(steps=5) as monitor, pytest.raises(ValueError, match="from 1, got"):
        monitor.log(step, loss=1.0)


def test_steps_do_not_go_back():
    with Monitor(steps=5) as monitor:
        monitor.log(3, loss=1.0)
        with pytest.raises(ValueError, match="got 2 after 3: count on"):
            monitor.log(2, loss=1.0)


def test_an_array_is_no_loss():
    expected = pytest.raises(TypeError, match=r"shape \(3,\): log its mean")
    with Monitor(steps=5) as monitor, expected:
        monitor.log(1, loss=np.zeros(3))


def test_a_monitor_needs_steps():
    with pytest.raises(ValueError, match="epochs \\* batches"):
        Monitor(steps=0)


def test_a_refused_log_keeps_nothing_of_its_values():
    with Monitor(steps=5) as monitor:
        monitor.log(1, loss=1.0, accuracy=0.1)
        with pytest.raises(TypeError, match="accuracy must be one number"):
            monitor.log(2, loss=0.5, accuracy="high")
    assert monitor.step == 1
    assert [len(values) for _, values in monitor.history.values()] == [1, 1]


def test_log_belongs_under_the_with_line():
    monitor = Monitor(steps=5)
    with pytest.raises(RuntimeError, match="not begun: indent"):
        monitor.log(1, loss=1.0)
    with monitor:
        monitor.log(1, loss=1.0)
    with pytest.raises(RuntimeError, match="ended: indent"):
        monitor.log(2, loss=1.0)


def test_a_monitor_watches_one_loop():
    monitor = Monitor(steps=1)
    with monitor:
        pass
    with pytest.raises(RuntimeError, match="make a new one"), monitor:
        pass


@pytest.fixture
def interruptible():
    """Interrupts as in a kernel; a shell's background job is born ignoring them."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def quick(notebook, interruptible, monkeypatch):
    """Pretend to be in a notebook that draws at once, on nothing."""
    axis = MagicMock()
    axis.plot.side_effect = lambda *_: (MagicMock(),)
    figure = MagicMock(axes=[axis])
    figure.subplots.side_effect = lambda rows, columns, squeeze: [[axis] * columns]
    monkeypatch.setattr(module, "Figure", lambda figsize: figure)


def _run_interrupted(at, again_at=None):
    """Run a loop that is interrupted where its monitor executes its `at`-th line."""
    lines, own = 0, signal.getsignal(signal.SIGINT)

    def trace(frame, event, argument):
        nonlocal lines
        if frame.f_code.co_filename != module.__file__:
            return None
        if event == "line" and frame.f_code.co_name not in ("_arrived", "_act"):
            lines += 1
            if lines in (at, again_at):
                signal.raise_signal(signal.SIGINT)
        return trace

    monitor, raised = Monitor(steps=3, batch_size=2), False
    sys.settrace(trace)
    try:
        with monitor:
            for step in (1, 2, 3):
                monitor.log(step, loss=1.0, accuracy=0.5)
    except KeyboardInterrupt:
        raised = True
    finally:
        sys.settrace(None)
    assert signal.getsignal(signal.SIGINT) is own
    return monitor, lines, raised


def _ended_in_order(monitor):
    lengths = {len(values) for _, values in monitor.history.values()}
    begun = monitor._bar is not None
    return len(lengths) < 2 and (not begun or monitor._bar.disable)


def test_an_interrupt_at_any_line_ends_the_monitor_in_order(quick):
    _, count, raised = _run_interrupted(at=None)
    assert count > 60 and not raised
    for line in range(1, count + 1):
        monitor, _, raised = _run_interrupted(at=line)
        assert raised, line
        assert _ended_in_order(monitor), line


def test_two_interrupts_in_a_row_end_it_in_order_too(quick):
    _, count, _ = _run_interrupted(at=None)
    for line in range(1, count + 1, 3):
        for later in (1, 2, 20):
            monitor, _, raised = _run_interrupted(line, line + later)
            assert raised and _ended_in_order(monitor), (line, later)


def test_an_empty_loop_ends_quietly(notebook):
    with Monitor(steps=5):
        pass
    assert notebook == []
