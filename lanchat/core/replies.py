"""What one session is told: answers and notices.  They are no facts: not numbered, not shared, not kept.

``ref`` repeats the reference that the client gave to the command which is answered.
"""

from __future__ import annotations

import msgspec

from lanchat.core.events import Spoken, Told, Words
from lanchat.core.modes import Change


class Reply(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="event", tag=str.lower):
    """An answer to one session."""

    ref: str = ""


class Welcome(Reply, frozen=True, kw_only=True):
    """You are in: who you are, where, and what the server allows (``limits``; 0 is without limit).

    ``journal`` is which journal gives the events their numbers: another one, and ``since`` means nothing any more.
    """

    server: str
    version: str
    nick: str
    people: int
    journal: str = ""
    motd: str = ""
    limits: dict[str, float]


class LoggedIn(Reply, frozen=True, kw_only=True):
    """You are logged in to this account, and are called so.

    ``token`` lets this client, and no other, come back without the password (``{"op":"hello","token":…}``), until
    somebody logs out there, or changes the password.  An ``admin`` is one of the server.
    """

    account: str
    token: str = ""
    admin: bool = False


class Entered(Reply, frozen=True, kw_only=True):
    """You are in this room, under this nick, with so many people (you among them): ``nicks`` names them.

    ``aside``: it was another client of yours that went there, and you go on looking at what you look at.
    ``modes`` are what holds besides what holds in a new room; who has a rank, or is in a list, is asked for.
    """

    room: str
    nick: str
    topic: str = ""
    people: int
    nicks: list[str]
    aside: bool = False
    modes: list[Change] = []


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
    """Somebody in a list of names; ``rank`` is ``founder``, ``op`` or ``voice``, if they have one.

    With an ``account``, the nick is theirs; without one they are a guest.
    """

    nick: str
    away: bool = False
    rank: str = ""
    account: bool = False


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
    """Who somebody is: the rooms, the ``doors`` of each connection (``text``, ``json``, ``json+tls``), since when.

    ``name`` is the real name that they gave; an ``admin`` is one of the server, a ``bot`` a program.  ``account`` is
    the one that they are logged in to; without one they are a guest.  ``addresses`` are for admins alone.
    """

    nick: str
    rooms: list[str]
    doors: list[str]
    since: str
    away: str = ""
    name: str = ""
    admin: bool = False
    bot: bool = False
    account: str = ""
    addresses: list[str] = []


class Absent(Reply, frozen=True, kw_only=True):
    """Somebody whom you told something, or invited, is away, and why; said once, until they have been back.

    It ``waits``: they are not here at all, and get what you told them when they come.
    """

    nick: str
    text: str
    waits: bool = False


class AwayHere(Reply, frozen=True, kw_only=True):
    """You are away at this client (``text`` says why, and is empty when you are back), and here at another one.

    The others see you as away when you are at all of them.
    """

    text: str = ""


class Inviting(Reply, frozen=True, kw_only=True):
    """Somebody asked one other into a room that you are op of."""

    nick: str
    to: str
    room: str


class Watched(Reply, frozen=True, kw_only=True):
    """Somebody whom you watch for is here now (``present``), or is not any more."""

    nick: str
    present: bool


class ArgumentHelp(msgspec.Struct, frozen=True, omit_defaults=True):
    """One argument, in the order in which they are typed: its field, and what it is.

    ``kind`` is nick, whom (a nick, ``@NICK``, ``account:NAME``, an address or a network, a mask), room, place, time
    (``10m``), word, or text: all that is left of the line.  An ``optional`` room is left out where the next word does
    not begin with #, and is the one in view then; so is a place, and is everywhere.  An optional time is left out
    where the next word does not begin with a digit and have nothing but digits and letters.
    """

    name: str
    kind: str
    optional: bool = False


class CommandHelp(msgspec.Struct, frozen=True, omit_defaults=True):
    """One command: how it is typed, its other names, what it does, an example, its arguments, the rank it needs."""

    name: str
    usage: str
    help: str
    example: str
    aliases: list[str] = []
    arguments: list[ArgumentHelp] = []
    rank: str = ""


class Help(Reply, frozen=True, kw_only=True):
    """The commands, or the one that was asked for."""

    commands: list[CommandHelp]


class Marked(Reply, frozen=True, kw_only=True):
    """You have read, with any of your clients, what was said in a room (or by somebody) until ``time``."""

    target: str
    time: str


class Missed(Reply, frozen=True, kw_only=True):
    """Some of what was said after event ``since`` and up to event ``until`` is not here any more."""

    since: int
    until: int


class Backlog(Reply, frozen=True, kw_only=True):
    """What was said last in a room that you came into, the oldest first: it is old."""

    room: str
    events: list[Spoken]


class History(Reply, frozen=True, kw_only=True):
    """What was said, as you asked: the newest of it, the oldest first.

    ``what`` is the command; ``room`` is where it was said, or ``nick`` who it was told to, or by, if you asked for one
    such place.  Where there is more, older, ``more`` is the line that asks for it, and ``before`` the
    number of the event before which it was said; where there is more, newer, ``after`` is the number of the event
    after which it was said (only where the question was what came after an event).
    """

    what: str
    room: str = ""
    nick: str = ""
    events: list[Words]
    more: str = ""
    before: int = 0
    after: int = 0


class Waiting(Reply, frozen=True, kw_only=True):
    """What others told you in private while none of your clients was here, the oldest first.

    Where there is more, older, ``more`` is the line that asks for it.
    """

    events: list[Told]
    more: str = ""


class AuditLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that somebody with a rank did: when, who, what, in which room, to whom or what, and why.

    ``act`` is a word (``kick``, ``ban``, ``delete``); without a ``room`` it was for the whole server.
    """

    time: str
    nick: str
    act: str
    room: str = ""
    whom: str = ""
    reason: str = ""


class Audit(Reply, frozen=True, kw_only=True):
    """What was done in a room, or anywhere, by those in charge: the oldest first."""

    lines: list[AuditLine]
    room: str = ""


class Upload(Reply, frozen=True, kw_only=True):
    """Where your file goes: send it there once, with ``PUT``, to ``url`` and its name, before ``until``.

    Then it is told to the room or the person that you named (``to``).  ``path`` is the part of ``url`` behind the
    host, ``most`` the bytes that a file may have (0 is without limit).
    """

    to: str
    url: str
    path: str
    most: int
    until: str


class FileLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file in a list of files; it is dropped at ``until``, or never where that is empty."""

    file: str
    nick: str
    name: str
    size: int
    kind: str
    url: str
    time: str
    until: str = ""


class Files(Reply, frozen=True, kw_only=True):
    """The files that were sent to a room and are there still, the oldest first, and how many older ones there are."""

    room: str
    files: list[FileLine]
    more: int = 0


class Acknowledged(Reply, frozen=True, kw_only=True):
    """What you sent under this ``ref`` was said before already: it is event ``id``, and is not said twice."""

    id: int


class Closed(Reply, frozen=True, kw_only=True):
    """The connection ends now, and why."""

    text: str


AnyReply = (
    Welcome
    | LoggedIn
    | Entered
    | Refusal
    | Notice
    | Ping
    | Pong
    | Names
    | Rooms
    | Whois
    | Absent
    | AwayHere
    | Inviting
    | Watched
    | Help
    | Marked
    | Missed
    | Backlog
    | History
    | Waiting
    | Audit
    | Upload
    | Files
    | Acknowledged
    | Closed
)
"""Every reply there is; `match` over it is checked to be complete."""
