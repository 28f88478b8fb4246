"""The script that measures a hub refuses what it cannot use before anybody logs in."""

import threading

import hub_load
import pytest


@pytest.mark.parametrize(
    "text, lesson, message",
    [
        ("ada\n", "00", "lines name:password"),
        ("", "00", "lines name:password"),
        ("ada:secret\n", "12", "LESSON must be one of"),
        (None, "00", "learners.txt"),
    ],
)
def test_bad_input_is_refused(text, lesson, message, tmp_path, capsys):
    path = tmp_path / "learners.txt"
    if text is not None:
        path.write_text(text)
    with pytest.raises(SystemExit):
        hub_load.main(["http://127.0.0.1:9", str(path), lesson])
    assert message in capsys.readouterr().err


def test_a_password_may_have_a_colon():
    people = hub_load.people_of("ada:a:b\nbob:c\n")
    assert people == [("ada", "a:b"), ("bob", "c")]


def test_a_spread_is_the_median_and_the_largest():
    assert hub_load.spread([1.4, 2.6, 9.7]) == {"median": 3, "most": 10}


def test_all_work_at_once_and_each_is_timed():
    met = threading.Barrier(3, timeout=30)
    seconds = hub_load.all_at_once(lambda _: met.wait(), [1, 2, 3])
    assert len(seconds) == 3
