"""Moments and spans read as people and programs expect."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.core.times import Stamper, local_clock, span


def test_stamp_is_rfc_3339_in_utc() -> None:
    """A moment has milliseconds, cut, and the second's part is right after it was kept."""
    stamper = Stamper()
    assert stamper.stamp(1_795_294_845.1239) == "2026-11-21T21:00:45.123Z"
    assert stamper.stamp(1_795_294_845.9999) == "2026-11-21T21:00:45.999Z"
    assert stamper.stamp(1_795_294_846.0) == "2026-11-21T21:00:46.000Z"


@given(st.floats(0, 4e9))
def test_stamps_tell_the_moment(seconds: float) -> None:
    """Read back, a stamp is the moment to the millisecond."""
    assert abs(datetime.fromisoformat(Stamper().stamp(seconds)).timestamp() - seconds) < 0.0011


def test_clock_is_local() -> None:
    """People read the hour and minute of where they are."""
    local = datetime.fromisoformat("2026-11-21T21:00:45.123Z").astimezone()
    assert local_clock("2026-11-21T21:00:45.123Z") == local.strftime("%H:%M")


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 seconds"),
        (0.9, "0 seconds"),
        (1, "1 second"),
        (61, "1 minute 1 second"),
        (7_500, "2 hours 5 minutes"),
        (3_601, "1 hour"),
        (90_000, "1 day 1 hour"),
        (172_800, "2 days"),
    ],
)
def test_spans_are_said_in_two_units(seconds: float, said: str) -> None:
    """Nobody needs the seconds of a day."""
    assert span(seconds) == said
