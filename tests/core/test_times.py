"""Moments and spans read as people and programs expect."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.core.times import Stamper, duration, lasting, local_clock, local_moment, moment, seconds, span


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


NOW = 1_795_294_845.75  # 2026-11-21T21:00:45.750Z


@contextmanager
def at_home(zone: str) -> Iterator[None]:
    """Let this process run in a time zone."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    time.tzset()
    try:
        yield
    finally:
        os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
        time.tzset()


@pytest.mark.parametrize(
    ("written", "stamp"),
    [
        ("30m", "2026-11-21T20:30:45.000Z"),
        ("2H", "2026-11-21T19:00:45.000Z"),
        ("1d", "2026-11-20T21:00:45.000Z"),
        ("999999999w", "1970-01-01T00:00:00.000Z"),
        ("2026-11-20", "2026-11-19T23:00:00.000Z"),
        ("2026-07-20", "2026-07-19T22:00:00.000Z"),  # the clocks go another way in summer
        ("2026-11-20T15:04", "2026-11-20T14:04:00.000Z"),
        ("2026-11-20t15:04:05", "2026-11-20T14:04:05.000Z"),
        ("2026-11-20T15:04:05.123Z", "2026-11-20T15:04:05.123Z"),
        ("15:04", "2026-11-21T14:04:00.000Z"),
        ("9:30", "2026-11-21T08:30:00.000Z"),
        ("22:00:45", "2026-11-21T21:00:45.000Z"),
        ("22:01", "2026-11-20T21:01:00.000Z"),  # today it is not that late yet
        ("0999-01-01T12:00Z", "0999-01-01T12:00:00.000Z"),
    ],
)
def test_moments_are_read_as_people_write_them(written: str, stamp: str) -> None:
    """So long ago, a time of day, a day, or both, where this process runs; or what events carry."""
    with at_home("Europe/Berlin"):
        assert moment(written, NOW) == stamp


@pytest.mark.parametrize(
    "written",
    [
        "",
        "now",
        "30",
        "30x",
        "-5m",
        "25:00",
        "9:3",
        "2026-13-01",
        "2026-02-30",
        "20261120",
        "2026-11-20T",
        "24:01",
    ],
)
def test_other_things_are_no_moments(written: str) -> None:
    """What cannot be read is refused, not guessed."""
    with pytest.raises(ValueError):
        moment(written, NOW)


@pytest.mark.parametrize(("zone", "written"), [("Asia/Tokyo", "0001-01-01"), ("America/New_York", "9999-12-31T23:59")])
def test_the_ends_of_time_are_no_moments(zone: str, written: str) -> None:
    """They are in no year elsewhere."""
    with at_home(zone), pytest.raises(ValueError):
        moment(written, NOW)


@given(st.text() | st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}Z?)?", fullmatch=True))
def test_everything_is_a_moment_or_none(written: str) -> None:
    """Whatever is typed, it is a stamp that compares as the stamps of events do, or ValueError."""
    try:
        stamp = moment(written, NOW)
    except ValueError:
        return
    assert len(stamp) == len("2026-11-21T21:00:45.750Z")
    datetime.fromisoformat(stamp)


@given(st.floats(0, 4e9))
def test_stamps_are_moments(seconds: float) -> None:
    """What an event carries can be asked for, and means the same in any time zone."""
    stamp = Stamper().stamp(seconds)
    assert moment(stamp, NOW) == stamp


def test_what_means_another_moment_tomorrow_is_written_anew() -> None:
    """Spans and times of day are; days are not."""
    assert lasting("2h", "2026-11-21T19:00:45.000Z") == "2026-11-21T19:00:45.000Z"
    assert lasting("15:04", "2026-11-21T15:04:00.000Z") == "2026-11-21T15:04:00.000Z"
    assert lasting("2026-11-20", "2026-11-19T23:00:00.000Z") == "2026-11-20"


def test_a_day_begins_where_this_process_runs() -> None:
    """The stamp of a day is its first moment there."""
    assert datetime.fromisoformat(moment("2026-11-20", NOW)) == datetime(2026, 11, 20).astimezone(UTC)


@pytest.mark.parametrize(("written", "seconds"), [("45s", 45), (" 30M ", 1_800), ("2w", 1_209_600)])
def test_durations(written: str, seconds: float) -> None:
    """A number and its unit."""
    assert duration(written) == seconds


@pytest.mark.parametrize("written", ["", "30", "m", "1.5h", "-1h", "1h30m"])
def test_other_things_are_no_durations(written: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(ValueError):
        duration(written)


def test_a_moment_is_told_where_this_process_runs() -> None:
    """With the day of the week, and how far it is from UTC."""
    with at_home("Asia/Kolkata"):
        assert local_moment(1_795_294_845.9) == "Sunday 2026-11-22 02:30:45 +0530"


def test_a_stamp_has_its_seconds() -> None:
    """Whole ones since the epoch, as IRC counts time."""
    assert seconds("2026-11-21T21:04:05.999Z") == 1_795_295_045
    assert seconds(Stamper().stamp(1_795_295_045.5)) == 1_795_295_045
