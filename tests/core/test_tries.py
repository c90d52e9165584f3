"""Passwords are tried a few times a minute, and no more."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from lanchat.core.tries import Tries


def test_the_sixth_try_within_a_minute_waits_for_the_first_to_be_old() -> None:
    """It says for how long, and what is refused does not count."""
    tries = Tries()
    assert [tries.take(["alice"], float(second)) for second in range(5)] == [0.0] * 5
    assert tries.take(["alice"], 10.0) == 50.0
    assert tries.take(["alice"], 59.5) == 0.5
    assert tries.take(["alice"], 60.0) == 0.0
    assert tries.take(["alice"], 60.0) == 1.0


def test_each_key_is_counted_for_itself_and_the_fullest_decides() -> None:
    """Whoever goes on under another name still comes from the same address."""
    tries = Tries(most=2)
    assert tries.take(["here", "alice"], 0.0) == 0.0
    assert tries.take(["here", "bob"], 1.0) == 0.0
    assert tries.take(["here", "carol"], 2.0) == 58.0
    assert tries.take(["there", "carol"], 2.0) == 0.0


def test_a_minute_is_measured_in_one_way() -> None:
    """Whatever the sum of two times is rounded to."""
    tries, began = Tries(most=1), 4.089576979235722
    tries.take(["alice"], began)
    assert (tries.take(["alice"], began + 30.0 + 30.0) == 0.0) is (began + 30.0 + 30.0 - began >= 60.0)


def test_a_try_that_was_no_wrong_one_counts_as_none() -> None:
    """Under each of its keys, and once."""
    tries = Tries(most=1)
    tries.take(["here", "alice"], 0.0)
    tries.give_back(["here", "alice"])
    tries.give_back(["here", "bob"])
    assert tries._moments == {}
    assert tries.take(["here"], 0.0) == 0.0


def test_a_clock_that_is_set_back_locks_nobody_out_for_long() -> None:
    """Nobody waits longer than the span."""
    tries = Tries(most=1)
    tries.take(["alice"], 1_000_000.0)
    assert tries.take(["alice"], 0.0) == 60.0


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 30)), max_size=60))
def test_what_is_old_is_forgotten(steps: list[tuple[str, float]]) -> None:
    """Never more than a minute's tries are held, and never more than so many are let through in one."""
    tries, now = Tries(most=3), 0.0
    let: dict[str, list[float]] = {"a": [], "b": [], "c": []}
    for key, step in steps:
        now += step
        if not tries.take([key], now):
            let[key].append(now)
        assert all(now - moments[-1] < 60.0 for moments in tries._moments.values())
    for moments in let.values():
        assert all(later - earlier >= 60.0 for earlier, later in zip(moments, moments[3:], strict=False))
