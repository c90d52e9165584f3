"""What clients point at in history: a message by its ``msgid``, or a moment by its ``timestamp``.

See ircv3.net/specs/extensions/chathistory.  A long message stands in several lines, which have the msgids ``1043``,
``1043.2`` and so on: all of them mean event 1043.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import NamedTuple

from lanchat.core.searching import event_number

_MOMENT = re.compile(r"[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}(\.[0-9]{1,6})?Z")
EXAMPLE = "timestamp=2026-11-21T21:04:05.123Z"
NO_MOMENT = f"That is no moment: write it as {EXAMPLE}"
"""What is said where a ValueError was raised."""


class Place(NamedTuple):
    """A place in history: the number of an event, or if that is 0 a moment."""

    number: int
    stamp: str
    """The moment, as events carry one."""
    next: str
    """The moment after that."""


START = Place(0, "", "")
"""The place before everything."""


class Span(NamedTuple):
    """A part of history: with ``after < id <= until`` and ``earliest <= time < latest``, where these say anything."""

    after: int = 0
    until: int | None = None
    earliest: str = ""
    latest: str = ""


def before(place: Place) -> Span:
    """Give everything before a place."""
    return Span(until=place.number - 1) if place.number else Span(latest=place.stamp)


def after(place: Place) -> Span:
    """Give everything after a place."""
    return Span(after=place.number) if place.number else Span(earliest=place.next)


def beginning(place: Place) -> Span:
    """Give what is at a place, and everything after it."""
    return Span(after=place.number - 1) if place.number else Span(earliest=place.stamp)


def between(earlier: Place, later: Place) -> Span:
    """Give everything between two places."""
    first, last = after(earlier), before(later)
    return Span(first.after, last.until, first.earliest, last.latest)


def numbered(msgid: str) -> Place | None:
    """Read a msgid; None when no message can have it."""
    number = event_number(msgid.partition(".")[0])
    return Place(number, "", "") if number else None


def moment(written: str) -> Place:
    """Read a moment in UTC: ``2026-11-21T21:04:05.123Z``.  Raises ValueError."""
    if not _MOMENT.fullmatch(written):
        raise ValueError(written)
    read = datetime.fromisoformat(written.removesuffix("Z"))
    try:
        following = read + timedelta(milliseconds=1)
    except OverflowError as error:  # the last moment there is
        raise ValueError(written) from error
    return Place(0, _stamp(read), _stamp(following))


def marked(parameter: str) -> str:
    """Read ``timestamp=…`` and give the stamp.  Raises ValueError."""
    kind, _, written = parameter.partition("=")
    if kind != "timestamp":
        raise ValueError(parameter)
    return moment(written).stamp


def _stamp(read: datetime) -> str:
    return read.isoformat(timespec="milliseconds") + "Z"
