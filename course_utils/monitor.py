"""A live progress bar and live curves around the learner's own training loop."""

import io
import time

from IPython import get_ipython
from IPython.display import Image, display
from matplotlib.figure import Figure
from tqdm.auto import tqdm

from course_utils import plots  # noqa: F401  (gives matplotlib the course's look)

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
    logged so far can still be used.

    Attributes:
        history: dict from a name to its pair of lists (steps, values).
        step: the last step logged.
        seconds: time since the loop began, until its last step; in seconds.
        drawing_seconds: how much of that time went into drawing the curves.
    """

    def __init__(self, steps, batch_size=None, title=None):
        """Prepare a monitor; it starts with the `with` line.

        Args:
            steps: number of steps that the loop is going to make, at least 1.
            batch_size: optional number of images in a step, for the throughput.
            title: optional text beside the bar.

        Raises:
            ValueError: steps is below 1.
        """
        if int(steps) < 1:
            raise ValueError(
                f"steps must be at least 1, got {steps}: pass the number of steps "
                "that the loop makes, epochs * steps_per_epoch"
            )
        self.steps = int(steps)
        self.batch_size = batch_size
        self.title = title
        self.history = {}
        self.step = 0
        self.seconds = 0.0
        self.drawing_seconds = 0.0

    @property
    def images_per_second(self):
        """Images that one second of training went through; None without batch_size."""
        if self.batch_size is None or not self.seconds:
            return None
        return self.step * self.batch_size / self.seconds

    def __enter__(self):
        """Start the clock and show the empty bar."""
        self._bar = tqdm(
            total=self.steps, desc=self.title, unit="step", mininterval=0.5
        )
        self._picture = None
        self._lines = {}
        self._last_cost = 0.0
        self._started = self._drawn = time.perf_counter()
        return self

    def log(self, step, **values):
        """Take in what a step measured.

        Args:
            step: number of the step, counted from 1 and growing.
            **values: named numbers (Python, NumPy or TensorFlow scalars). Names that
                end alike, such as loss and validation_loss, share a diagram.

        Raises:
            ValueError: step does not grow, or a value is not one number.
        """
        step = int(step)
        if step < max(1, self.step):
            raise ValueError(
                f"step must count upwards from 1, got {step} after {self.step}: count "
                "on over all epochs"
            )
        for name, value in values.items():
            try:
                number = float(value)
            except (TypeError, ValueError):
                raise ValueError(
                    f"{name} must be one number, got {type(value).__name__} of shape "
                    f"{getattr(value, 'shape', '?')}: log its mean"
                ) from None
            steps, numbers = self.history.setdefault(name, ([], []))
            steps.append(step)
            numbers.append(number)
        now = time.perf_counter()
        self.seconds = now - self._started
        self._bar.update(step - self.step)
        self.step = step
        # Where drawing is slow, pictures come more rarely, so that the share holds.
        spent = self.drawing_seconds + self._last_cost
        if (
            now - self._drawn >= REDRAW_SECONDS
            and spent <= DRAWING_SHARE * self.seconds
        ):
            self._draw()
            self._drawn = time.perf_counter()
            self._last_cost = self._drawn - now
            self.drawing_seconds += self._last_cost

    def __exit__(self, kind, error, trace):
        """End the bar and leave one figure; an exception goes on its way."""
        self._draw(ended_by=kind)
        self._bar.close()
        if not _in_notebook():
            print(self._summary())
        return False

    def _summary(self):
        parts = [f"step {self.step:,} of {self.steps:,}"]
        parts += [
            f"{name} {values[-1]:.4f}" for name, (_, values) in self.history.items()
        ]
        if self.images_per_second:
            parts.append(f"{self.images_per_second:,.0f} images/s")
        return ", ".join(parts)

    def _draw(self, ended_by=None):
        """Bring bar and curves up to date."""
        self._bar.set_postfix_str(self._summary().partition(", ")[2], refresh=False)
        self._bar.refresh()
        if _in_notebook() and self.history:
            self._update_figure(ended_by)
            content = io.BytesIO()
            self._figure.savefig(content, format="png")
            # Colab's IPython has no argument `alt` yet, but knows the metadata.
            metadata = {"alt": f"Training curves: {self._summary()}"}
            picture = Image(content.getvalue(), metadata=metadata)
            if self._picture is None:
                self._picture = display(picture, display_id=True)
            else:
                self._picture.update(picture)

    def _update_figure(self, ended_by):
        """Move the curves' points; make a new figure only for a new name."""
        if self._lines.keys() != self.history.keys():
            kinds = list(dict.fromkeys(name.split("_")[-1] for name in self.history))
            self._figure = Figure(figsize=(4.2 * len(kinds), 2.8))
            axes = self._figure.subplots(1, len(kinds), squeeze=False)[0]
            self._lines = {}
            for axis, kind in zip(axes, kinds, strict=True):
                axis.set(xlabel="step", ylabel=kind, xlim=(0, self.steps))
                for name in self.history:
                    if name.split("_")[-1] == kind:
                        (self._lines[name],) = axis.plot([], [], label=name)
                axis.legend()
        for name, line in self._lines.items():
            line.set_data(*self.history[name])
        for axis in self._figure.axes:
            axis.relim()
            axis.autoscale_view(scalex=False)
        title = f"step {self.step:,} of {self.steps:,}"
        if ended_by is not None:
            title += f" ({ended_by.__name__})"
        self._figure.axes[0].set_title(title, loc="left")


def _in_notebook():
    """Tell whether a notebook's kernel runs this, not a terminal."""
    return hasattr(get_ipython(), "kernel")
