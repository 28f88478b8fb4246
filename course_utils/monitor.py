"""A live progress bar and live curves around the learner's own training loop."""

import contextlib
import io
import signal
import threading
import time

from IPython import get_ipython
from IPython.display import display
from matplotlib.figure import Figure
from tqdm.auto import tqdm

from course_utils import checks, plots

REDRAW_SECONDS = 2.0  # at most one new picture in this time
DRAWING_SHARE = 0.02  # pictures may take this share of the training's time


class Monitor:
    """Shows how a training goes while it runs; the loop stays the learner's.

        with Monitor(steps=430, batch_size=128) as monitor:
            for step, (x, y) in enumerate(batches, start=1):
                loss = train_step(x, y)
                monitor.log(step, loss=loss)

    In a notebook: a bar with the time left, and curves; one figure stays when the loop
    ends. In a terminal: a bar of text and one line at the end. When the kernel is
    interrupted, the bar and the curves end where the training did, and everything
    logged so far can still be used. A monitor watches one loop; the next loop takes a
    new one.

    Attributes:
        drawing_seconds: how much of the time went into drawing the curves.
    """

    def __init__(self, steps, batch_size=None):
        """Prepare a monitor; it starts with the `with` line.

        Args:
            steps: number of steps that the loop is going to make, at least 1.
            batch_size: optional number of images in a step, for the throughput.

        Raises:
            TypeError: steps or batch_size is no whole number.
            ValueError: steps or batch_size is below 1.
        """
        try:
            self.steps = checks.whole("steps", steps)
        except (TypeError, ValueError) as error:
            advice = "pass the number of steps that the loop makes, epochs * batches"
            raise type(error)(f"{str(error).rpartition(': ')[0]}: {advice}") from None
        self.batch_size = batch_size
        if batch_size is not None:
            self.batch_size = checks.whole("batch_size", batch_size)
        self.drawing_seconds = 0.0
        self._rows = []  # (step, seconds, {name: number}), one for each call of log
        self._bar = None
        self._ended = False

    @property
    def history(self):
        """Dict from a name to its pair of lists (steps, values)."""
        table = {}
        for step, _, values in self._rows:
            for name, number in values.items():
                steps, numbers = table.setdefault(name, ([], []))
                steps.append(step)
                numbers.append(number)
        return table

    @property
    def step(self):
        """The last step logged; 0 before the first."""
        return self._rows[-1][0] if self._rows else 0

    @property
    def seconds(self):
        """Time from the beginning of the loop to its last step, in seconds."""
        return self._rows[-1][1] if self._rows else 0.0

    @property
    def images_per_second(self):
        """Images that one second of training went through; None without batch_size."""
        if self.batch_size is None or not self.seconds:
            return None
        return self.step * self.batch_size / self.seconds

    def __enter__(self):
        """Start the clock and show the empty bar.

        Raises:
            RuntimeError: this monitor has watched a loop before.
        """
        if self._bar is not None:
            raise RuntimeError(
                "a monitor watches one loop, and this one has been used: make a new "
                "one, Monitor(steps=...), in the cell that trains"
            )
        self._picture = None
        self._lines = {}
        self._last_cost = 0.0
        self._interrupt = _LateInterrupt()
        try:
            self._bar = tqdm(total=self.steps, unit="step", mininterval=0.5)
        except BaseException:
            self._interrupt.end()
            raise
        self._started = self._drawn = time.perf_counter()
        return self

    def log(self, step, **values):
        """Take in what a step measured; all of it, or nothing where it is refused.

        Args:
            step: number of the step, counted from 1 and growing.
            **values: named numbers (Python, NumPy or TensorFlow scalars). Names that
                end alike, such as loss and validation_loss, share a diagram.

        Raises:
            TypeError: a value is not one number.
            ValueError: step does not grow.
            RuntimeError: the loop has not begun, or it has ended.
        """
        if self._bar is None or self._ended:
            state = "ended" if self._ended else "not begun"
            raise RuntimeError(
                f"log belongs into the loop under `with Monitor(...) as monitor:`, and "
                f"that has {state}: indent the line"
            )
        if type(step) is not int or step > self.steps:
            step = checks.whole("step", step)
        if step < max(1, self.step):
            raise ValueError(
                f"step must count upwards from 1, got {step} after {self.step}: count "
                "on over all epochs"
            )
        row = {name: _scalar(name, value) for name, value in values.items()}
        now = time.perf_counter()
        self._bar.update(step - self.step)
        self._rows.append((step, now - self._started, row))
        # Where drawing is slow, pictures come more rarely, so that the share holds.
        spent = self.drawing_seconds + self._last_cost
        waited = now - self._drawn >= REDRAW_SECONDS
        if waited and spent <= DRAWING_SHARE * self.seconds:
            self._draw()
            self._drawn = time.perf_counter()
            self._last_cost = self._drawn - now
            self.drawing_seconds += self._last_cost
        self._interrupt.let_through()

    def __exit__(self, kind, error, trace):
        """End the bar and leave one figure; an exception goes on its way."""
        self._ended = True
        try:
            self._draw(ended_by=kind)
            if not _in_notebook():
                print(self._summary())
        finally:
            self._bar.close()
            self._interrupt.end()
        return False

    def _summary(self):
        parts = [f"step {self.step:,} of {self.steps:,}"]
        parts += [f"{name} {value:.4f}" for name, value in self._latest().items()]
        if self.images_per_second:
            parts.append(f"{self.images_per_second:,.0f} images/s")
        return ", ".join(parts)

    def _latest(self):
        """Return the last value of each name."""
        return {name: values[-1] for name, (_, values) in self.history.items()}

    def _draw(self, ended_by=None):
        """Bring bar and curves up to date."""
        if self.images_per_second:
            # The values stand in the curves' legends; the bar keeps its width.
            self._bar.set_postfix_str(f"{self.images_per_second:,.0f} images/s", False)
        self._bar.refresh()
        if _in_notebook() and self._latest():
            self._update_figure(ended_by)
            content = io.BytesIO()
            self._figure.savefig(content, format="png")
            alt = f"Training curves: {self._summary()}"
            picture = plots.picture(content.getvalue(), alt)
            if self._picture is None:
                self._picture = display(picture, raw=True, display_id=True)
            else:
                self._picture.update(picture, raw=True)

    def _update_figure(self, ended_by):
        """Move the curves' points; make a new figure only for a new name."""
        history = self.history
        if self._lines.keys() != history.keys():
            kinds = list(dict.fromkeys(name.split("_")[-1] for name in history))
            self._figure = Figure(figsize=(4.2 * len(kinds), 2.8))
            axes = self._figure.subplots(1, len(kinds), squeeze=False)[0]
            self._lines = {}
            for axis, kind in zip(axes, kinds, strict=True):
                axis.set(xlabel="step", ylabel=kind, xlim=(0, self.steps))
                for name in history:
                    if name.split("_")[-1] == kind:
                        (self._lines[name],) = axis.plot([], [])
        for name, line in self._lines.items():
            steps, values = history[name]
            line.set_data(steps, values)
            line.set_label(f"{name} {values[-1]:.4f}")
            line.set_marker("o" if len(values) < 3 else "")  # one point draws no line
        for axis in self._figure.axes:
            axis.legend()
            axis.relim()
            axis.autoscale_view(scalex=False)
        title = f"step {self.step:,} of {self.steps:,}"
        if ended_by is not None:
            title += f" ({ended_by.__name__})"
        self._figure.axes[0].set_title(title, loc="left")


class _LateInterrupt:
    """Makes an interrupt that arrives inside this module wait until it has done.

    Elsewhere, in the learner's loop, an interrupt acts at once, as always.
    """

    def __init__(self):
        self._waiting = False
        self._before = None
        before = signal.getsignal(signal.SIGINT)
        main = threading.current_thread() is threading.main_thread()
        if main and callable(before):  # not where interrupts are ignored
            with contextlib.suppress(ValueError):  # an interpreter inside another
                signal.signal(signal.SIGINT, self._arrived)
                self._before = before

    def _arrived(self, number, frame):
        inside = frame
        while inside is not None:
            if inside.f_code.co_filename == __file__:
                self._waiting = True
                return
            inside = inside.f_back
        self._act(number, frame)

    def _act(self, number=signal.SIGINT, frame=None):
        self._before(number, frame)  # Python's own raises KeyboardInterrupt

    def let_through(self):
        """Act on an interrupt that has been waiting."""
        if self._waiting:
            self._waiting = False
            self._act()

    def end(self):
        """Leave interrupts to whoever had them before; act on one that waited."""
        if self._before is not None:
            with contextlib.suppress(ValueError):
                signal.signal(signal.SIGINT, self._before)
        self.let_through()


def _scalar(name, value):
    """Return a float, nan and infinity included: a diverging loss is worth seeing."""
    try:
        if isinstance(value, str | bytes):
            raise TypeError
        return float(value)
    except Exception:  # whatever refuses to become a number is none
        raise TypeError(
            f"{name} must be one number, got {type(value).__name__} of shape "
            f"{getattr(value, 'shape', '?')}: log its mean"
        ) from None


def _in_notebook():
    """Tell whether a notebook's kernel runs this, not a terminal."""
    return hasattr(get_ipython(), "kernel")
