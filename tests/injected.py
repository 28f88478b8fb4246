"""Text that tries to run as HTML, and the doors through which it may come in.

Each door is a cell of a notebook; where `nasty("door")` shows up as markup in place of
text, the browser adds the door to `window.taken`.
"""

import inspect

# Markup on purpose: they show that a door which let something through would be seen.
CONTROLS = ["a control", "a control in Markdown"]


def nasty(door):
    """Return text that ends an attribute or a table cell, and runs where it can."""
    return f"'\"></td><img src=x onerror=\"(window.taken ??= []).push('{door}')\">"


OPENING = "\n\n".join(
    [
        "import io\nimport json\n\nimport matplotlib.pyplot as plt\nimport numpy as np",
        "from IPython.display import HTML, Markdown\n\n"
        "from course_utils import cluster, digit_pad, explorers, plots, runs\n"
        "from course_utils.exercises import Exercise, Feedback, lesson_00, progress\n"
        "from course_utils.monitor import Monitor",
        inspect.getsource(nasty),
    ]
)

CELLS = {
    CONTROLS[0]: f"HTML(nasty({CONTROLS[0]!r}))",
    CONTROLS[1]: f"Markdown(nasty({CONTROLS[1]!r}))",
    "a result": "lesson_00.ink_share.check(lambda image: nasty('a result'))",
    "an error": """
def ink_share(image):
    raise ValueError(nasty("an error"))

lesson_00.ink_share.check(ink_share)""",
    "a hint": """
lesson_00.ink_share.check(lambda image: nasty("a hint"))
lesson_00.ink_share.hint()""",
    "a solution": """
lesson_00.ink_share.check(lambda image: nasty("a solution"))
lesson_00.ink_share.solution()""",
    "a feedback": "Feedback('not yet', nasty('a feedback'))",
    "progress": """
runs.folder().mkdir(parents=True, exist_ok=True)
kept = json.dumps([nasty("progress")])
(runs.folder() / "lesson_00.json").write_text(kept)
progress()""",
    "the name of a curve": """
with Monitor(1) as monitor:
    monitor.log(1, **{nasty("the name of a curve"): 0.5})""",
    "the description of a figure": """
plt.plot([1, 2])
plots.show(alt=nasty("the description of a figure"))""",
    "the names of programs": """
names = {nasty(f"a {part}"): 1.0 for part in ("place", "gap")}
style, other = nasty("a style"), nasty("another style")
found = {style: names, other: {nasty("a place"): 2.0}}
panel = explorers.difference({nasty("a mistake"): found}, 1e-4)
for name, value in {"walk": 2, "style": other, "tell": True}.items():
    panel.controls[name].value = value
panel""",
    "the name of a layer": """
small = nasty("a layer that is too small")
windows = {nasty("the name of a layer"): (5, 1), small: (9, 1)}
panel = explorers.receptive_field(lambda windows: 1, windows, np.eye(13))
panel.controls["layer"].value = nasty("the name of a layer")
panel.controls["size"].value = 6
panel""",
    "a print": """
def conv2d(image, kernel, stride, padding):
    print(nasty("a print"))
    if padding == "SAME":
        raise ValueError(nasty("the error of an explorer"))
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("rcij,ij->rc", windows, kernel)

panel = explorers.convolution(np.eye(5), conv2d)
try:
    panel.controls["padding"].value = "SAME"
except ValueError:
    pass
panel""",
    "the name of a network": """
networks = {nasty("the name of a network"): lambda images: np.eye(10)[:2]}
pad = digit_pad.DigitPad(networks)
pad.strokes = [[[0.3, 0.3], [0.6, 0.6]]]
pad""",
    "the error of a network": """
def read(images):
    raise ValueError(nasty("the error of a network"))

pad = digit_pad.DigitPad({"mine": read})
try:
    pad.strokes = [[[0.3, 0.3], [0.6, 0.6]]]
except ValueError:
    pass
pad""",
    "the error of a door": """
try:
    plots.curves({nasty("the error of a door"): None}, "x", "y")
except TypeError:
    get_ipython().showtraceback()""",
    "the line of a worker": """
script = runs.folder().absolute() / "says.py"
script.write_text(f"print({nasty('the line of a worker')!r})")
with cluster.Cluster(script, 1) as workers:
    for said in workers.lines():
        print(said["text"])""",
    "a damaged file": """
(runs.folder() / "01_x.npz").write_text(nasty("a damaged file"))
runs.load("01_x")
print((runs.folder() / "01_x.npz").read_text())""",
}
# What widgets show: it stands in no page that is made without a kernel.
IN_WIDGETS = {
    *("a place", "another style", "a mistake"),
    *("the name of a layer", "a layer that is too small", "a print"),
    *("the error of an explorer", "the name of a network", "the error of a network"),
}
# What a reader finds as text. Of the progress only what the course knows is shown.
SHOWN = ({*CELLS} | IN_WIDGETS) - {"progress", "the names of programs"}
