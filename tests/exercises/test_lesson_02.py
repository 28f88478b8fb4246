import numpy as np
import pytest
import tensorflow as tf

from course_utils.exercises import lesson_02


def weights_only(sizes):
    return sum(a * b for a, b in zip(sizes[:-1], sizes[1:], strict=True))


def biases_of_the_inputs_too(sizes):
    return weights_only(sizes) + sum(sizes)


def three_layers_only(sizes):
    return 784 * 256 + 256 + 256 * 128 + 128 + 128 * 10 + 10


def axis_of_the_batch(outputs, labels):
    return np.mean(np.argmax(outputs, axis=0)[: len(labels)] == np.reshape(labels, -1))


def table_of_comparisons(outputs, labels):
    return np.mean(np.argmax(outputs, axis=1) == labels)


def table_summed_over_the_batch(outputs, labels):
    return np.sum(np.argmax(outputs, axis=1) == labels) / len(labels)


def count_instead_of_share(outputs, labels):
    return np.sum(np.argmax(outputs, axis=1) == np.reshape(labels, -1))


def relu_forgotten(x, w, b, d_h):
    return x.T @ d_h


def bias_forgotten(x, w, b, d_h):
    return x.T @ (d_h * (x @ w > 0))


def transposed(x, w, b, d_h):
    return (d_h * (x @ w + b > 0)).T @ x


def mean_over_the_batch(x, w, b, d_h):
    return x.T @ (d_h * (x @ w + b > 0)) / len(x)


def overflowing(logits, labels):
    with np.errstate(all="ignore"):
        picked = logits[np.arange(len(labels)), labels]
        return np.mean(np.log(np.sum(np.exp(logits), axis=1)) - picked)


def through_probabilities(logits, labels):
    with np.errstate(all="ignore"):
        shifted = logits - np.max(logits, axis=1, keepdims=True)
        p = np.exp(shifted) / np.sum(np.exp(shifted), axis=1, keepdims=True)
        return np.mean(-np.log(p[np.arange(len(labels)), labels]))


def one_maximum_for_the_batch(logits, labels):
    with np.errstate(all="ignore"):
        shifted = logits - np.max(logits)
        picked = shifted[np.arange(len(labels)), labels]
        return np.mean(np.log(np.sum(np.exp(shifted), axis=1)) - picked)


def every_label_of_every_row(logits, labels):
    shifted = logits - np.max(logits, axis=1, keepdims=True)
    return np.mean(np.log(np.sum(np.exp(shifted), axis=1)) - shifted[:, labels])


def clipped(logits, labels):
    shifted = logits - np.max(logits, axis=1, keepdims=True)
    p = np.exp(shifted) / np.sum(np.exp(shifted), axis=1, keepdims=True)
    return np.mean(-np.log(np.clip(p[np.arange(len(labels)), labels], 1e-7, 1)))


def summed_over_the_batch(logits, labels):
    return len(labels) * lesson_02.stable_cross_entropy._solution(logits, labels)


@pytest.mark.parametrize(
    ("exercise", "wrong"),
    [
        (lesson_02.parameter_count, weights_only),
        (lesson_02.parameter_count, biases_of_the_inputs_too),
        (lesson_02.parameter_count, three_layers_only),
        (lesson_02.share_correct, axis_of_the_batch),
        (lesson_02.share_correct, table_of_comparisons),
        (lesson_02.share_correct, table_summed_over_the_batch),
        (lesson_02.share_correct, count_instead_of_share),
        (lesson_02.weight_gradient, relu_forgotten),
        (lesson_02.weight_gradient, bias_forgotten),
        (lesson_02.weight_gradient, transposed),
        (lesson_02.weight_gradient, mean_over_the_batch),
        (lesson_02.stable_cross_entropy, overflowing),
        (lesson_02.stable_cross_entropy, through_probabilities),
        (lesson_02.stable_cross_entropy, one_maximum_for_the_batch),
        (lesson_02.stable_cross_entropy, every_label_of_every_row),
        (lesson_02.stable_cross_entropy, clipped),
        (lesson_02.stable_cross_entropy, summed_over_the_batch),
    ],
    ids=lambda value: getattr(value, "__name__", getattr(value, "name", "")),
)
def test_a_typical_wrong_answer_is_not_yet(exercise, wrong):
    assert exercise.check(wrong).outcome == "not yet"


def test_answers_in_tensorflow_count_too():
    def share_correct(outputs, labels):
        readings = tf.argmax(outputs, axis=1)
        hits = tf.equal(readings, tf.reshape(labels, [-1]))
        return tf.reduce_mean(tf.cast(hits, tf.float32))

    def weight_gradient(x, w, b, d_h):
        with tf.GradientTape() as tape:
            w = tf.constant(w)
            tape.watch(w)
            loss = tf.reduce_sum(tf.nn.relu(x @ w + b) * d_h)
        return tape.gradient(loss, w)

    def stable_cross_entropy(logits, labels):
        return tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
        )

    for answer in (share_correct, weight_gradient, stable_cross_entropy):
        exercise = getattr(lesson_02, answer.__name__)
        assert exercise.check(answer).outcome == "correct"
