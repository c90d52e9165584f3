"""What one client may cost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.core.limits import Admission, Bucket, Limits


def test_burst_is_free_and_then_it_takes_time() -> None:
    """Ten lines come at once, each further one waits half a second longer."""
    bucket = Bucket(2.0, 10, 100.0)
    assert [bucket.take(100.0) for _ in range(12)] == [0.0] * 10 + [0.5, 1.0]
    assert bucket.take(101.0) == 0.5


def test_silence_fills_the_bucket_to_the_burst() -> None:
    """However long the silence, no more than the burst is free."""
    bucket = Bucket(2.0, 3, 0.0)
    for _ in range(3):
        bucket.take(0.0)
    assert [bucket.take(1_000.0) for _ in range(4)] == [0.0, 0.0, 0.0, 0.5]


def test_clock_that_is_set_back_costs_nothing() -> None:
    """Nobody waits for a clock."""
    bucket = Bucket(2.0, 1, 1_000.0)
    assert bucket.take(0.0) == 0.0
    assert bucket.take(0.5) == 0.0


def test_burst_is_one_at_least() -> None:
    """Without any burst nobody could say a word."""
    assert Bucket(1.0, 0, 0.0).take(0.0) == 0.0


@given(st.floats(0.1, 100), st.integers(0, 20), st.lists(st.floats(0, 10), max_size=50))
def test_rate_holds_in_the_long_run(rate: float, burst: int, gaps: list[float]) -> None:
    """Who waits as told never says more than the burst and the rate allow."""
    bucket, now = Bucket(rate, burst, 0.0), 0.0
    for said, gap in enumerate(gaps, 1):
        now += gap + bucket.take(now + gap)
        assert said <= max(burst, 1) + now * rate + 1.001


def test_connections_are_counted_in_all() -> None:
    """So many connections fit, and one that ends makes room."""
    admission = Admission(Limits(clients=2))
    assert [admission.arrive() for _ in range(3)] == [True, True, False]
    admission.depart()
    admission.depart()
    assert admission.arrive()
    assert admission.live == 2


@pytest.mark.parametrize(
    "address", ["", "127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1", "localhost", "/run/lanchat.sock"]
)
def test_loopback_and_what_has_no_address_are_exempt(address: str) -> None:
    """Whoever sits at the server itself is not counted, nor are Unix sockets."""
    admission = Admission(Limits(per_address=1))
    assert all(admission.identify(address) for _ in range(5))
    admission.forget(address)


def test_addresses_are_counted_for_each_network() -> None:
    """An IPv4 address is one, an IPv6 /64 is one, zones make no difference."""
    admission = Admission(Limits(per_address=2))
    assert [admission.identify("192.168.7.2") for _ in range(3)] == [True, True, False]
    assert admission.identify("192.168.7.3")
    assert [admission.identify(f"fe80::{n}%eth{n}") for n in range(3)] == [True, True, False]
    for _ in range(3):
        admission.forget("192.168.7.2")
    assert admission.identify("::ffff:192.168.7.2")


def test_no_limit_for_addresses() -> None:
    """0 switches it off, and then nothing is counted."""
    admission = Admission(Limits(per_address=0))
    assert all(admission.identify("192.168.7.2") for _ in range(1_000))
    admission.forget("192.168.7.2")
