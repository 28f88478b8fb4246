"""Expected values are those of TensorFlow, and some messages are read whole."""

import pytest
import tensorflow as tf
from answers_05 import WRONG as WRONG_05
from answers_06 import WRONG as WRONG_06

from course_utils.exercises import lesson_01, lesson_03, lesson_05, lesson_06

v1 = tf.compat.v1


def test_count_steps_expects_what_tf_data_counts():
    for (
        images,
        batch_size,
        epochs,
        repeat_first,
    ), steps in lesson_01.count_steps._cases:
        numbers = tf.data.Dataset.range(images)
        if repeat_first:
            batches = numbers.repeat(epochs).batch(batch_size)
        else:
            batches = numbers.batch(batch_size).repeat(epochs)
        assert len(batches) == steps


def test_one_hot_expects_what_tf_one_hot_gives():
    for (labels, classes), expected in lesson_01.one_hot._cases:
        assert tf.one_hot(labels, classes).numpy().tolist() == [*map(list, expected)]


def test_output_size_expects_the_sizes_of_tensorflow():
    for (size, kernel_size, stride, padding), expected in lesson_03.output_size._cases:
        x = tf.zeros([1, size, size, 1])
        w = tf.zeros([kernel_size, kernel_size, 1, 1])
        assert tf.nn.conv2d(x, w, stride, padding).shape[1] == expected


def test_operations_to_run_expects_the_operations_that_tensorflow_keeps():
    for (inputs, fetch, fed), expected in lesson_06.operations_to_run._cases:
        if fetch in fed:
            continue
        definition = v1.GraphDef()
        for name, sources in inputs.items():
            given = () if name in fed else sources
            definition.node.add(name=name, op="NoOp", input=given)
        kept = v1.graph_util.extract_sub_graph(definition, [fetch])
        assert sorted({node.name for node in kept.node} - set(fed)) == expected


def test_an_answer_that_empties_the_list_is_told_so_at_each_check():
    def field_width(windows):
        width = 1
        while windows:
            size, stride = windows.pop()
            width = (width - 1) * stride + size
        return width

    for _ in range(2):
        feedback = lesson_05.field_width.check(field_width)
        assert "it changes what it was given: work on a copy" in feedback.message
    assert lesson_05.field_width.check(lesson_05._field_width).outcome == "correct"


def _named(wrong, name):
    return next(answer for answer in wrong if answer.__name__ == name)


@pytest.mark.parametrize(
    ("exercise", "answer", "sentence"),
    [
        (
            lesson_05.early_stopping,
            lambda losses, patience: lesson_05._early_stopping(losses, patience)[0],
            "should give (1, 2), your function gave 1.",
        ),
        (
            lesson_05.early_stopping,
            _named(WRONG_05["early_stopping"], "_stop_no_return"),
            "your function gave None: end every way through it with return.",
        ),
        # The graph is shown whole: without its last entries nobody could follow.
        (
            lesson_06.operations_to_run,
            _named(WRONG_06["operations_to_run"], "_repeats"),
            "'gradient': ('loss', 'relu', 'sums')}, 'gradient', ('x',)) should give",
        ),
    ],
)
def test_a_wrong_answer_is_shown_beside_the_right_one(exercise, answer, sentence):
    feedback = exercise.check(answer)
    assert feedback.outcome == "not yet"
    assert sentence in feedback.message, feedback.message
