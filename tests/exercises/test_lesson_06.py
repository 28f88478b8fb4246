"""The checks of lesson 06 accept right answers and name wrong ones."""

import math
import re

import pytest
import tensorflow as tf

from course_utils.exercises import lesson_06

v1 = tf.compat.v1


def recursive_operations(inputs, fetch, fed):
    if fetch in fed:
        return []
    names = {fetch}
    for name in inputs[fetch]:
        names.update(recursive_operations(inputs, name, fed))
    return sorted(names)


def built_numbers(shapes):
    """Count the numbers that a Saver made after minimize would save."""
    with tf.Graph().as_default():
        variables = [v1.get_variable(f"v{i}", s) for i, s in enumerate(shapes)]
        loss = sum(tf.reduce_sum(variable) for variable in variables)
        step = v1.train.get_or_create_global_step()
        v1.train.AdamOptimizer().minimize(loss, global_step=step)
        return sum(math.prod(variable.shape) for variable in v1.global_variables())


def newest_by_pattern(files):
    found = [re.fullmatch(r"(.*-(\d+))\.index", file) for file in files]
    steps = {
        int(m[2]): m[1] for m in found if m and f"{m[1]}.data-00000-of-00001" in files
    }
    return steps[max(steps)] if steps else ""


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        (lesson_06.operations_to_run, lesson_06._operations_to_run),
        (lesson_06.operations_to_run, recursive_operations),
        (lesson_06.checkpoint_numbers, lesson_06._checkpoint_numbers),
        (lesson_06.checkpoint_numbers, built_numbers),
        (lesson_06.newest_checkpoint, lesson_06._newest_checkpoint),
        (lesson_06.newest_checkpoint, newest_by_pattern),
    ],
)
def test_right_answers_are_correct(exercise, answer):
    feedback = exercise.check(answer)
    assert feedback.outcome == "correct", feedback


def test_the_expected_operations_are_those_that_tensorflow_keeps():
    for (inputs, fetch, fed), expected in lesson_06.operations_to_run._cases:
        if fetch in fed:
            continue
        definition = v1.GraphDef()
        for name, sources in inputs.items():
            given = () if name in fed else sources
            definition.node.add(name=name, op="NoOp", input=given)
        kept = v1.graph_util.extract_sub_graph(definition, [fetch])
        assert sorted({node.name for node in kept.node} - set(fed)) == expected


def runs_everything(inputs, fetch, fed):
    return sorted(inputs)


def ignores_feeds(inputs, fetch, fed):
    return recursive_operations(inputs, fetch, ())


def runs_what_is_fed(inputs, fetch, fed):
    names = recursive_operations(inputs, fetch, fed)
    return sorted({*names, *fed})


def one_level_only(inputs, fetch, fed):
    return sorted({fetch, *inputs[fetch]} - set(fed))


def names_an_operation_twice(inputs, fetch, fed):
    if fetch in fed:
        return []
    before = [
        n for i in inputs[fetch] for n in names_an_operation_twice(inputs, i, fed)
    ]
    return sorted([fetch, *before])


def without_slots(shapes):
    return sum(math.prod(shape) for shape in shapes)


def with_one_slot(shapes):
    return 2 * without_slots(shapes) + 1


def without_single_numbers(shapes):
    return 3 * without_slots(shapes)


def without_global_step(shapes):
    return 3 * without_slots(shapes) + 2


def entries_not_numbers(shapes):
    return 3 * len(shapes) + 3


def sorted_as_text(files):
    return max((f.removesuffix(".index") for f in files if "index" in f), default="")


def incomplete_too(files):
    found = [f.removesuffix(".index") for f in files if f.endswith(".index")]
    return max(found, key=lambda p: int(p.rpartition("-")[2]), default="")


def last_in_the_list(files):
    return files[-1].split(".")[0]


def a_step_not_a_prefix(files):
    return newest_by_pattern(files).rpartition("-")[2]


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        (lesson_06.operations_to_run, runs_everything),
        (lesson_06.operations_to_run, ignores_feeds),
        (lesson_06.operations_to_run, runs_what_is_fed),
        (lesson_06.operations_to_run, one_level_only),
        (lesson_06.operations_to_run, names_an_operation_twice),
        (lesson_06.checkpoint_numbers, without_slots),
        (lesson_06.checkpoint_numbers, with_one_slot),
        (lesson_06.checkpoint_numbers, without_single_numbers),
        (lesson_06.checkpoint_numbers, without_global_step),
        (lesson_06.checkpoint_numbers, entries_not_numbers),
        (lesson_06.newest_checkpoint, sorted_as_text),
        (lesson_06.newest_checkpoint, incomplete_too),
        (lesson_06.newest_checkpoint, last_in_the_list),
        (lesson_06.newest_checkpoint, a_step_not_a_prefix),
    ],
)
def test_typical_wrong_answers_are_not_yet_right(exercise, answer):
    feedback = exercise.check(answer)
    assert feedback.outcome == "not yet", feedback
    assert "raised" not in feedback.message


def none_if_there_is_none(files):
    return newest_by_pattern(files) or None


def not_sorted_into_a_list(inputs, fetch, fed):
    return set(recursive_operations(inputs, fetch, fed))


@pytest.mark.parametrize(
    ("exercise", "answer", "reason"),
    [
        (lesson_06.operations_to_run, runs_everything, "gave ['a', 'b', 'one'"),
        (lesson_06.operations_to_run, not_sorted_into_a_list, "function gave {'b'}."),
        # The graph is shown whole: without its last entries nobody could follow.
        (
            lesson_06.operations_to_run,
            names_an_operation_twice,
            "'gradient': ('loss', 'relu', 'sums')}, 'gradient', ('x',)) should give",
        ),
        (lesson_06.newest_checkpoint, none_if_there_is_none, "should give ''"),
    ],
)
def test_a_wrong_answer_is_shown_beside_the_right_one(exercise, answer, reason):
    feedback = exercise.check(answer)
    assert feedback.outcome == "not yet", feedback
    assert reason in feedback.message
