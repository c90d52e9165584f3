"""What clients point at in history (ircv3.net/specs/extensions/chathistory)."""

from __future__ import annotations

import pytest

from lanchat.doors.irc.selectors import START, Place, Span, after, before, beginning, between, marked, moment, numbered

MESSAGE = Place(1043, "", "")
MOMENT = Place(0, "2026-11-21T21:04:05.999Z", "2026-11-21T21:04:06.000Z")


@pytest.mark.parametrize("msgid", ["1043", "1043.2", "1043.away"])
def test_all_lines_of_a_message_mean_it(msgid: str) -> None:
    """Whatever stands behind the number of the event tells its lines apart."""
    assert numbered(msgid) == MESSAGE


@pytest.mark.parametrize("msgid", ["", "0", ".2", "-1", "1e3", "abc", "١", "9" * 16])
def test_what_no_message_has(msgid: str) -> None:
    """A msgid of ours is a number."""
    assert numbered(msgid) is None


@pytest.mark.parametrize("written", ["2026-11-21T21:04:05.999Z", "2026-11-21T21:04:05.999999Z"])
def test_moments_are_read_as_events_carry_them(written: str) -> None:
    """ircv3.net, server-time: in UTC, to the millisecond."""
    assert moment(written) == MOMENT
    assert marked(f"timestamp={written}") == MOMENT.stamp


def test_moments_without_fractions() -> None:
    """Zeroes may be left out."""
    assert moment("2026-11-21T21:04:05Z").stamp == "2026-11-21T21:04:05.000Z"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "*",
        "2026-11-21",
        "2026-11-21T21:04:05.123",
        "2026-11-21T21:04:05.123+01:00",
        "2026-11-21 21:04:05Z",
        "2026-02-30T21:04:05Z",
        "2026-11-21T21:04:61Z",
        "2026-11-21T21:04:05.١Z",
        "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999Z",
        "2026-11-21T21:04:05.123Z\n",
    ],
)
def test_what_is_no_moment(written: str) -> None:
    """Anything else is refused, and so is the last moment there is: nothing comes after it."""
    with pytest.raises(ValueError):
        moment(written)


@pytest.mark.parametrize("written", ["*", "", "msgid=7", "2026-11-21T21:04:05Z"])
def test_what_marks_nothing(written: str) -> None:
    """ircv3.net, read-marker: a marker is a timestamp."""
    with pytest.raises(ValueError):
        marked(written)


def test_spans() -> None:
    """Before and after leave out what is there; a beginning has it."""
    assert before(MESSAGE) == Span(until=1042)
    assert after(MESSAGE) == Span(after=1043)
    assert beginning(MESSAGE) == Span(after=1042)
    assert before(MOMENT) == Span(latest=MOMENT.stamp)
    assert after(MOMENT) == Span(earliest=MOMENT.next)
    assert beginning(MOMENT) == Span(earliest=MOMENT.stamp)
    assert between(MESSAGE, MOMENT) == Span(after=1043, latest=MOMENT.stamp)
    assert between(MOMENT, MESSAGE) == Span(until=1042, earliest=MOMENT.next)
    assert after(START) == Span()
