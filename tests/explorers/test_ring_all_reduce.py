import numpy as np
import pytest
from reading import number, words

from course_utils import explorers

ARRAYS = np.random.default_rng(0).integers(-9, 10, (4, 12))


def around(worker, step, workers):
    return (worker - step) % workers


def at(panel, step, workers=4):
    panel.controls["workers"].value = workers
    panel.controls["step"].value = step
    return words(panel)


def bytes_sent(panel):
    """Return the bytes that each worker has sent, and those that all have."""
    said = words(panel).split("Bytes sent by each: ")[1].split(".")[0]
    each, total = said.split("; by all ")
    return [int(number) for number in each.split(", ")], int(total)


def written(values):
    return f"[{'  '.join(str(value) for value in values)}]"


def test_nothing_has_travelled_at_the_start():
    panel = explorers.ring_all_reduce(ARRAYS, around)
    assert "Step 0 of 6: nothing sent yet." in words(panel)
    assert "0 of 48 numbers are the true sums" in words(panel)
    assert "Piece" not in words(panel)
    assert bytes_sent(panel) == ([0, 0, 0, 0], 0)


def test_the_bytes_are_not_told_before_the_first_move():
    panel = explorers.ring_all_reduce(ARRAYS, around)
    assert "Predicted" not in at(panel, 0, 3)
    assert "64, which is 1.33 times its own" in at(panel, 1, 3)


def test_in_the_first_step_each_worker_adds_what_its_neighbour_had():
    said = at(explorers.ring_all_reduce(ARRAYS, around), 1)
    assert "Step 1 of 6: reduce-scatter" in said
    pieces = ARRAYS.reshape(4, 4, 3)  # (worker, piece, number)
    for worker in range(4):
        piece, to = (worker - 1) % 4, (worker + 1) % 4
        was, came = pieces[to, piece], pieces[worker, piece]
        assert (
            f"Piece {piece}, worker {worker} to {to}: {written(was)} + "
            f"{written(came)} = {written(was + came)}, 2 of 4 summed." in said
        )


def test_after_the_first_half_each_worker_has_one_piece_summed_over_all():
    said = at(explorers.ring_all_reduce(ARRAYS, around), 3)
    sums = ARRAYS.sum(axis=0).reshape(4, 3)
    for piece in range(4):
        line = next(line for line in said.split("\n") if f"Piece {piece}," in line)
        assert f"= {written(sums[piece])}, the sum over all 4 \N{CHECK MARK}." in line
    assert "12 of 48 numbers are the true sums" in said


def test_in_the_second_half_the_sums_take_the_place_of_what_was_there():
    said = at(explorers.ring_all_reduce(ARRAYS, around), 4)
    assert "Step 4 of 6: all-gather" in said
    own, total = ARRAYS[1, :3], ARRAYS.sum(axis=0)[:3]
    assert (
        f"Piece 0, worker 0 to 1: {written(own)} becomes {written(total)}, the sum over"
    ) in said
    assert "24 of 48 numbers are the true sums" in said


@pytest.mark.parametrize("count", [6, 7, 11, 12])
@pytest.mark.parametrize("workers", [2, 3, 4, 5, 6])
def test_every_worker_ends_with_the_true_sums_and_the_bytes_are_as_predicted(
    workers, count
):
    arrays = np.random.default_rng(count).integers(-99, 100, (6, count))
    panel = explorers.ring_all_reduce(arrays, around)
    hops = 2 * (workers - 1)
    said = at(panel, hops, workers)
    assert f"Step {hops} of {hops}" in said
    assert f"{workers * count} of {workers * count} numbers are the true" in said
    each, total = bytes_sent(panel)
    assert len(each) == workers and sum(each) == total == hops * 4 * count
    assert number(r"by all ([\d.]+) bytes", panel) == total
    predicted = number(r"of it by each, ([\d.]*\d),", panel)
    assert predicted == pytest.approx(hops / workers * 4 * count, rel=1e-4)
    assert number(r"which is ([\d.]+) times", panel) == pytest.approx(
        hops / workers, abs=0.01
    )
    assert max(each) < 2 * 4 * count
    if count % workers == 0:
        assert each == [predicted] * workers
    else:
        assert max(abs(b - predicted) for b in each) <= 2 * 4


def test_bytes_of_pieces_that_differ_in_size_are_counted_one_by_one():
    panel = explorers.ring_all_reduce(ARRAYS[:, :10], around)
    sizes = [3, 3, 2, 2]
    for step in range(1, 7):
        at(panel, step)
        sent = [
            sum(4 * sizes[(worker - s) % 4] for s in range(1, step + 1))
            for worker in range(4)
        ]
        assert bytes_sent(panel) == (sent, sum(sent))
    assert "it holds 10 numbers, and 3 or fewer arrive" in words(panel)


def test_a_rule_that_sends_the_same_piece_again_does_not_reach_the_sums():
    panel = explorers.ring_all_reduce(ARRAYS, lambda worker, step, workers: worker)
    said = at(panel, 6)
    assert "0 of 48 numbers are the true sums" in said
    assert "\N{CHECK MARK}" not in said


def test_a_sum_that_has_a_worker_twice_is_not_called_a_sum_over_all():
    panel = explorers.ring_all_reduce(np.zeros((3, 3)), lambda worker, step, workers: 0)
    assert "3 of 3 summed" not in at(panel, 1, 3)
    said = at(panel, 2, 3)
    assert "4 of 3 summed" in said
    assert "0 of 9 numbers are the true sums" in said  # although all are zero


def test_who_looks_at_the_end_stays_there_when_the_workers_change():
    panel = explorers.ring_all_reduce(ARRAYS, around)
    panel.controls["step"].value = 6
    for workers, last in ((2, 2), (4, 6), (3, 4)):
        panel.controls["workers"].value = workers
        assert panel.controls["step"].value == panel.controls["step"].max == last
    panel.controls["step"].value = 1
    panel.controls["workers"].value = 4
    assert "Step 1 of 6" in words(panel)


def test_every_control_goes_to_both_ends_and_changes_picture_and_text():
    panel = explorers.ring_all_reduce(ARRAYS, around)
    panel.controls["step"].value = 2
    for control in panel.controls.values():
        for end in (control.max, control.min, control.max):
            before, was = (panel.picture.value, words(panel)), control.value
            control.value = end
            assert control.value == end
            if was != end:
                assert panel.picture.value != before[0]
                assert words(panel) != before[1]
    assert panel.alert.value == ""


def test_every_step_has_a_picture_of_its_own():
    panel = explorers.ring_all_reduce(ARRAYS, around)
    pictures = set()
    for step in range(7):
        at(panel, step)
        pictures.add(panel.picture.value)
    assert len(pictures) == 7


def test_an_exception_of_the_learners_rule_is_shown_and_raised():
    def fragile(worker, step, workers):
        if workers == 3:
            raise ArithmeticError("three <workers>")
        return around(worker, step, workers)

    panel = explorers.ring_all_reduce(ARRAYS, fragile)
    panel.controls["step"].value = 1
    with pytest.raises(ArithmeticError):
        panel.controls["workers"].value = 3
    assert "ArithmeticError: three &lt;workers&gt;" in panel.alert.value
    panel.controls["workers"].value = 4
    assert panel.alert.value == ""


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (lambda worker, step, workers: worker + step, r"\(3, 1, 4\) must be 0 to 3"),
        (lambda worker, step, workers: worker - step, r"\(0, 1, 4\) must be 0 to 3"),
        (lambda worker, step, workers: None, "piece_sent.* must be one number, got No"),
        (lambda worker, step, workers: 0.5, "piece_sent.* must be a whole number"),
    ],
)
def test_a_rule_that_names_no_piece_is_told_so(rule, message):
    panel = explorers.ring_all_reduce(ARRAYS, rule)
    with pytest.raises((TypeError, ValueError), match=message):
        panel.controls["step"].value = 1
    assert "piece_sent" in panel.alert.value


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((ARRAYS[:2], around), r"arrays must be few rows.*\(2, 12\).*3 to 6 rows"),
        ((np.ones((7, 12)), around), r"arrays must be few rows.*\(7, 12\)"),
        ((ARRAYS[:, :3], around), r"arrays must be few rows.*\(4, 3\)"),
        ((np.ones((4, 13)), around), r"arrays must be few rows.*\(4, 13\)"),
        ((ARRAYS / 2, around), "small whole numbers"),
        ((ARRAYS * 50, around), "small whole numbers"),
        ((ARRAYS[0], around), r"shape \(workers, numbers\), got \(12,\)"),
        ((ARRAYS, lambda worker: 0), "piece_sent must be a function called as"),
        ((ARRAYS, None), "piece_sent must be a function called as"),
    ],
)
def test_bad_input_is_refused_at_the_door(arguments, message):
    with pytest.raises((TypeError, ValueError), match=message):
        explorers.ring_all_reduce(*arguments)
