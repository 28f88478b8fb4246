import io
import itertools
import re

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image
from reading import number, words

from course_utils.explorers.graph import graph

v1 = tf.compat.v1
BLUE, ORANGE, RED = (0, 114, 178), (185, 122, 0), (213, 94, 0)


def needed(inputs, fetch, fed):
    to_run, waiting = set(), [fetch]
    while waiting:
        name = waiting.pop()
        if name not in fed and name not in to_run:
            to_run.add(name)
            waiting.extend(inputs[name])
    return sorted(to_run)


@pytest.fixture
def session():
    """Give a session of the lesson's small network: one pixel, one weight."""
    with tf.Graph().as_default(), v1.Session() as session:
        pixel = v1.placeholder(tf.float32, [], "pixel")
        label = v1.placeholder(tf.float32, [], "label")
        score = tf.add(tf.multiply(pixel, 4.0, name="product"), 1.0, name="score")
        difference = tf.subtract(score, label, name="difference")
        tf.square(difference, name="loss")
        tf.abs(difference, name="distance")
        yield session


FETCHES = ["score:0", "distance:0", "loss:0"]
FEEDS = {"pixel:0": 3.0, "label:0": 10.0, "product:0": 100.0}


def feed(panel, *names):
    for name, control in panel.controls.items():
        if name != "fetch":
            control.value = name.removeprefix("feed ") in names


def listed(state, panel):
    """Return the names that the text lists for a state."""
    found = re.search(rf"(?:^|\n|\. ){state}: (.*?)\. ", words(panel))
    return found.group(1).split(", ") if found else []


def colours(panel):
    """Return which of the three colours of the edges are in the picture."""
    dots = np.array(Image.open(io.BytesIO(panel.picture.value)).convert("RGB"))
    return [bool((dots == c).all(axis=-1).sum() > 20) for c in (BLUE, ORANGE, RED)]


def test_it_begins_with_all_placeholders_fed_and_the_last_fetch(session):
    panel = graph(session, needed, FETCHES, FEEDS)
    assert words(panel) == (
        "loss was fetched: 9.0\n"
        "Runs: product/y, product, score/y, score, difference, loss. "
        "Fed: pixel, label. Not needed: distance. \n"
        "Your function names 6 of 9 operations, and the session ran the same."
    )
    assert colours(panel) == [True, True, False]


def test_values_are_those_of_the_arithmetic(session):
    panel = graph(session, needed, FETCHES, FEEDS)
    for fed, product in ((("pixel",), 3 * 4), (("product",), 100)):
        feed(panel, "label", *fed)
        score = product + 1
        due = {"score": score, "loss": (score - 10) ** 2, "distance": score - 10}
        for fetch, value in due.items():
            panel.controls["fetch"].value = fetch
            assert number(rf"^{fetch} was fetched: (.*)\n", panel) == value


def test_a_fed_tensor_cuts_off_what_lies_before_it(session):
    panel = graph(session, needed, FETCHES, FEEDS)
    feed(panel, "product", "label")
    assert listed("Cut off", panel) == ["pixel", "product/y"]
    assert listed("Runs", panel) == ["score/y", "score", "difference", "loss"]
    assert listed("Fed", panel) == ["product", "label"]


def test_what_is_fed_behind_a_cut_is_not_used(session):
    panel = graph(session, needed, FETCHES, FEEDS)
    feed(panel, "product", "pixel", "label")
    assert listed("Fed, not used", panel) == ["pixel"]
    assert listed("Cut off", panel) == ["product/y"]


def test_a_missing_placeholder_is_named_with_the_error_that_the_session_gave(session):
    panel = graph(session, needed, FETCHES, FEEDS)
    feed(panel, "pixel")
    assert listed("Missing", panel) == ["label"]
    assert "Runs" not in words(panel) and "loss" in listed("Needed", panel)
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        session.run("loss:0", {"pixel:0": 3.0})
    line = words(panel).splitlines()[0].removeprefix("No value for loss: ")
    kind, message = line.split(" - ")
    assert kind == "InvalidArgumentError" and f"\n{message}\n" in str(caught.value)
    assert message.startswith("You must feed a value for placeholder tensor 'label'")
    assert colours(panel) == [True, True, True]
    assert panel.alert.value == ""


def test_two_missing_placeholders_are_both_marked(session):
    panel = graph(session, needed, FETCHES, FEEDS)
    feed(panel)
    assert listed("Missing", panel) == ["pixel", "label"]
    assert "You must feed a value" in words(panel)


def test_a_placeholder_that_the_fetch_does_not_need_is_not_missing(session):
    panel = graph(session, needed, FETCHES, FEEDS)
    feed(panel, "pixel")
    panel.controls["fetch"].value = "score"
    assert "Missing" not in words(panel)
    assert "label" in listed("Not needed", panel)
    assert number(r"^score was fetched: (.*)\n", panel) == 13


def test_nothing_runs_when_the_fetch_itself_is_fed(session):
    panel = graph(session, needed, ["product:0"], FEEDS)
    feed(panel, "product")
    assert number(r"^product was fetched: (.*)\n", panel) == 100
    assert "names 0 of 4 operations, and the session ran the same" in words(panel)
    assert colours(panel) == [False, True, False]


def test_what_it_says_runs_is_what_really_ran():
    ran = set()

    def noted(name, *inputs):
        def note(*values):
            ran.add(name)
            return np.float32(sum(values))

        return tf.numpy_function(note, inputs, tf.float32, name=name)

    with tf.Graph().as_default(), v1.Session() as session:
        start, other = noted("start"), noted("other")
        middle = noted("middle", start, other)
        aside = noted("aside", other)
        with tf.control_dependencies([aside]):  # an arrow without a number
            end = noted("end", middle)
        side = noted("side", middle, start)
        feeds = {start: 1.0, middle: 2.0}
        panel = graph(session, needed, [start, aside, end, side], feeds)
        for fetch in panel.controls["fetch"].options:
            panel.controls["fetch"].value = fetch
            for fed in itertools.product((False, True), repeat=2):
                for name, value in zip(("start", "middle"), fed, strict=True):
                    panel.controls[f"feed {name}"].value = value
                ran.clear()
                chosen = [t for t, on in zip(feeds, fed, strict=True) if on]
                session.run(f"{fetch}:0", {t: feeds[t] for t in chosen})
                assert set(listed("Runs", panel)) == ran, (fetch, fed)
                assert "the session ran the same" in words(panel)


def test_another_function_lights_other_boxes_and_is_told_what_ran(session):
    panel = graph(session, lambda i, fetch, fed: needed(i, fetch, ()), FETCHES, FEEDS)
    panel.controls["fetch"].value = "score"
    feed(panel, "product")
    assert "names 5 of 9 operations; the session ran others: score, score/y." in words(
        panel
    )


def test_values_live_in_the_session_and_an_operation_has_none():
    with tf.Graph().as_default(), v1.Session() as session:
        n = v1.get_variable("n", [], initializer=v1.zeros_initializer())
        add = n.assign_add(1.0)
        to_zero = v1.global_variables_initializer()
        end = tf.identity(n.read_value(), name="end")
        panel = graph(session, needed, [to_zero, end], {end: 5.0})
        assert "FailedPreconditionError - Could not find variable n." in words(panel)
        panel.controls["fetch"].value = to_zero.name
        assert words(panel).startswith("init was fetched: None\n")
        session.run(add)
        panel.controls["fetch"].value = "end"
        assert number(r"^end was fetched: (.*)\n", panel) == 1


def test_every_control_goes_to_both_ends_and_changes_picture_and_text(session):
    panel = graph(session, needed, FETCHES, FEEDS)
    for name, control in panel.controls.items():
        ends = ["score", "distance", "loss"] if name == "fetch" else [True, False]
        control.value = ends[-1]
        for end in ends:
            before = panel.picture.value, panel.text.value
            control.value = end
            assert panel.picture.value != before[0], (name, end)
            assert panel.text.value != before[1], (name, end)
    assert panel.alert.value == ""


def test_an_exception_of_the_learners_function_is_shown_and_raised(session):
    def fragile(inputs, fetch, fed):
        if "product" in fed:
            raise ArithmeticError("too <far>")
        return needed(inputs, fetch, fed)

    panel = graph(session, fragile, FETCHES, FEEDS)
    with pytest.raises(ArithmeticError):
        panel.controls["feed product"].value = True
    assert "ArithmeticError: too &lt;far&gt;" in panel.alert.value
    panel.controls["feed product"].value = False
    assert panel.alert.value == ""


@pytest.mark.parametrize("came", [None, "loss", ["loss", "nobody"]])
def test_a_function_that_returns_no_names_is_told_so(session, came):
    with pytest.raises(TypeError, match="needed must return names, got .*: return"):
        graph(session, lambda inputs, fetch, fed: came, FETCHES, FEEDS)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"session": None}, "session must be a v1.Session, got None"),
        ({"needed": needed({"a": ()}, "a", ())}, "needed must be a function"),
        ({"fetches": []}, "fetches must hold something"),
        ({"fetches": ["nobody:0"]}, "fetches must be in the session's graph, got"),
        ({"fetches": None}, "fetches must be in the session's graph, got"),
        ({"feeds": {}}, "feeds must hold something"),
        ({"feeds": ["pixel:0"]}, "feeds must be a dict"),
        ({"feeds": {"nobody:0": 1.0}}, "feeds must be in the session's graph, got"),
    ],
)
def test_bad_input_is_refused_at_the_door(session, changed, message):
    sound = {"session": session, "needed": needed, "fetches": FETCHES, "feeds": FEEDS}
    with pytest.raises((TypeError, ValueError), match=message):
        graph(**sound | changed)


def test_a_tensor_of_another_graph_is_refused_at_the_door(session):
    with tf.Graph().as_default():
        foreign = tf.constant(1.0, name="loss")
    with pytest.raises(ValueError, match="fetches must be in the session's graph"):
        graph(session, needed, [foreign], FEEDS)


def test_a_graph_that_cannot_be_drawn_is_refused_at_the_door(session):
    with session.graph.as_default():
        long = session.graph.get_tensor_by_name("loss:0")
        for _ in range(3):
            long = tf.square(long)
    with pytest.raises(ValueError, match="fetches must fit .* got 8 columns"):
        graph(session, needed, [long], FEEDS)
