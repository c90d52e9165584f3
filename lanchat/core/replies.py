"""What one session is told: answers and notices.  They are no facts: not numbered, not shared, not kept.

``ref`` repeats the reference that the client gave to the command which is answered.
"""

from __future__ import annotations

import msgspec


class Reply(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="event", tag=str.lower):
    """An answer to one session."""

    ref: str = ""


class Welcome(Reply, frozen=True, kw_only=True):
    """You are in: who you are, where, and what the server allows (``limits``; 0 is without limit)."""

    server: str
    version: str
    nick: str
    people: int
    motd: str = ""
    limits: dict[str, float]


class Entered(Reply, frozen=True, kw_only=True):
    """You are in this room, under this nick, with so many people (you among them): ``nicks`` names them."""

    room: str
    nick: str
    topic: str = ""
    people: int
    nicks: list[str]


class Refusal(Reply, frozen=True, kw_only=True, tag="refused"):
    """You may not: ``code`` for programs, ``text`` says what to do instead; ``room``, where a hello named several."""

    code: str
    text: str
    room: str = ""


class Notice(Reply, frozen=True, kw_only=True):
    """The server says something to you; it may have several lines."""

    text: str


class Ping(Reply, frozen=True, kw_only=True):
    """Say ``{"op":"pong"}`` (or anything else), or the connection will be closed."""


class Pong(Reply, frozen=True, kw_only=True):
    """The answer to your ping."""


class Person(msgspec.Struct, frozen=True, omit_defaults=True):
    """Somebody in a list of names."""

    nick: str
    away: bool = False


class Names(Reply, frozen=True, kw_only=True):
    """Who is in a room."""

    room: str
    people: list[Person]


class RoomLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """A room in a list of rooms."""

    room: str
    people: int
    topic: str = ""


class Rooms(Reply, frozen=True, kw_only=True):
    """The rooms there are, the fullest first, and how many ``more`` there are."""

    rooms: list[RoomLine]
    more: int = 0


class Whois(Reply, frozen=True, kw_only=True):
    """Who somebody is: the rooms, the ``doors`` of each connection (``text``, ``json``, ``json+tls``), since when."""

    nick: str
    rooms: list[str]
    doors: list[str]
    since: str
    away: str = ""


class CommandHelp(msgspec.Struct, frozen=True, omit_defaults=True):
    """One command: how it is typed, its other names, what it does, an example."""

    name: str
    usage: str
    help: str
    example: str
    aliases: list[str] = []


class Help(Reply, frozen=True, kw_only=True):
    """The commands, or the one that was asked for."""

    commands: list[CommandHelp]


class Missed(Reply, frozen=True, kw_only=True):
    """You read too slowly: what was said after event ``since`` and up to event ``until`` is not here any more."""

    since: int
    until: int


class Closed(Reply, frozen=True, kw_only=True):
    """The connection ends now, and why."""

    text: str


AnyReply = Welcome | Entered | Refusal | Notice | Ping | Pong | Names | Rooms | Whois | Help | Missed | Closed
"""Every reply there is; `match` over it is checked to be complete."""
