"""The monitor keeps what was logged, also when the loop is interrupted."""

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
        def update(self, picture):
            shown.append(picture)

    def display(picture, display_id):
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
    labels = [[li.get_label() for li in a.lines] for a in monitor._figure.axes]
    assert labels == [["loss", "validation_loss"], ["accuracy", "validation_accuracy"]]
    assert notebook[-1].metadata["alt"].startswith("Training curves: step 2 of 2")


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
    expected = pytest.raises(ValueError, match=r"shape \(3,\): log its mean")
    with Monitor(steps=5) as monitor, expected:
        monitor.log(1, loss=np.zeros(3))


def test_a_monitor_needs_steps():
    with pytest.raises(ValueError, match="epochs \\* steps_per_epoch"):
        Monitor(steps=0)


def test_an_empty_loop_ends_quietly(notebook):
    with Monitor(steps=5):
        pass
    assert notebook == []
