"""What happens in the chat: facts, numbered by the journal, shared by all who hear them.

One definition is the type, the codec, the check and the documentation (docs/protocol.md is made from it).
An event's ``id`` rises strictly and is the same for everybody; ``time`` is RFC 3339 in UTC with milliseconds.
"""

from __future__ import annotations

import msgspec


class Event(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag_field="event", tag=str.lower):
    """A fact.  It is nobody's yet until the journal has numbered it, and never changes after that."""

    id: int = 0
    time: str


class RoomEvent(Event, frozen=True, kw_only=True, gc=False):
    """A fact about one room: heard by all in it, and kept as its history."""

    room: str
    nick: str


class Said(RoomEvent, frozen=True, kw_only=True, gc=False):
    """Somebody said something in a room."""

    text: str


class Acted(RoomEvent, frozen=True, kw_only=True, gc=False):
    """Somebody did something (``/me waves``) in a room."""

    text: str


class Joined(RoomEvent, frozen=True, kw_only=True, gc=False):
    """Somebody came into a room."""


class Parted(RoomEvent, frozen=True, kw_only=True, gc=False):
    """Somebody left a room and is still in the chat."""

    reason: str = ""


class Topic(RoomEvent, frozen=True, kw_only=True, gc=False):
    """Somebody gave a room a topic; an empty one takes it away."""

    text: str


class Quit(Event, frozen=True, kw_only=True, gc=False):
    """Somebody left the chat: heard by all who shared a room."""

    nick: str
    reason: str = ""


class Renamed(Event, frozen=True, kw_only=True, gc=False):
    """Somebody has another nick now: heard by all who share a room."""

    nick: str
    new: str


class Away(Event, frozen=True, kw_only=True, gc=False):
    """Somebody is away, and says why: heard by all who share a room."""

    nick: str
    text: str


class Back(Event, frozen=True, kw_only=True, gc=False):
    """Somebody is back: heard by all who share a room."""

    nick: str


class Told(Event, frozen=True, kw_only=True, gc=False):
    """Somebody told one other something in private: heard by the two of them, never kept."""

    nick: str
    to: str
    text: str


class Invited(Event, frozen=True, kw_only=True, gc=False):
    """Somebody asked one other into a room: heard by the two of them."""

    nick: str
    to: str
    room: str


AnyEvent = Said | Acted | Joined | Parted | Topic | Quit | Renamed | Away | Back | Told | Invited
"""Every event there is; `match` over it is checked to be complete."""
