"""What happens in the chat: facts, numbered by the journal, shared by all who hear them.

One definition is the type, the codec, the check and the documentation (docs/protocol.md is made from it).
An event's ``id`` rises strictly and is the same for everybody; ``time`` is RFC 3339 in UTC with milliseconds.
"""

from __future__ import annotations

import msgspec

from lanchat.core.modes import Change
from lanchat.core.names import fold
from lanchat.core.sizes import shown


class Event(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag_field="event", tag=str.lower):
    """A fact.  It is nobody's yet until the journal has numbered it, and never changes after that."""

    id: int = 0
    time: str


class RoomEvent(Event, frozen=True, kw_only=True, gc=False):
    """A fact about one room: heard by all in it, and kept as its history."""

    room: str
    nick: str


class Said(RoomEvent, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """Somebody said something in a room.

    A ``notice`` wants no answer: programs never answer one.  ``tags`` are what clients tell each other along with it
    (IRCv3 client-only tags, without their ``+``).  An ``announcement`` is an op's, and is for everybody to see.
    """

    text: str
    notice: bool = False
    tags: dict[str, str] | None = None
    announcement: bool = False


class Acted(RoomEvent, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """Somebody did something (``/me waves``) in a room."""

    text: str
    tags: dict[str, str] | None = None


class Shared(RoomEvent, frozen=True, kw_only=True, gc=False):
    """Somebody sent a file to a room.

    ``file`` is its id, ``size`` is in bytes, ``kind`` its media type by its content, ``url`` where it is for as long
    as it is kept; where the server does not know its own address, only the path.
    """

    file: str
    name: str
    size: int
    kind: str
    url: str

    @property
    def text(self) -> str:
        """What people read of it, and find it by."""
        return f"sent {self.name} ({shown(self.size)}): {self.url}"


class Joined(RoomEvent, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """Somebody came into a room; with an ``account``, the nick is theirs."""

    account: bool = False


class Parted(RoomEvent, frozen=True, kw_only=True, gc=False):
    """Somebody left a room and is still in the chat."""

    reason: str = ""


class Topic(RoomEvent, frozen=True, kw_only=True, gc=False):
    """Somebody gave a room a topic; an empty one takes it away."""

    text: str


class Kicked(RoomEvent, frozen=True, kw_only=True, gc=False):
    """Somebody (``nick``) made somebody else (``who``) leave a room."""

    who: str
    reason: str = ""


class Changed(RoomEvent, frozen=True, kw_only=True, gc=False):
    """Somebody changed what holds in a room, and for whom; without a nick the server did: a time was over, say."""

    changes: list[Change]


class Deleted(Event, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """Somebody took event ``of`` away, which was said in a room, or to one other (``to``): it is nowhere any more.

    Whoever shows it takes it off the screen.  ``who`` had said it, where that was in a room.
    """

    nick: str
    room: str = ""
    to: str = ""
    of: int
    who: str = ""
    reason: str = ""


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


class Described(Event, frozen=True, kw_only=True, gc=False):
    """Somebody says what their real name is: heard by all who share a room."""

    nick: str
    text: str


class Moved(Event, frozen=True, kw_only=True, gc=False):
    """Somebody is shown with another user name and host: heard by all who share a room."""

    nick: str
    user: str
    host: str


class Identified(Event, frozen=True, kw_only=True, gc=False):
    """Somebody is logged in from now on: the nick is their account.  Heard by all who share a room."""

    nick: str


class Told(Event, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """Somebody told one other something in private: heard by the two of them.

    It is ``kept`` between two accounts only: a guest's nick proves nothing.  ``acted``: what they did, and not what
    they said; ``notice`` and ``tags`` as in a room.
    """

    nick: str
    to: str
    text: str
    acted: bool = False
    notice: bool = False
    tags: dict[str, str] | None = None
    kept: bool = False


class Handed(Event, frozen=True, kw_only=True, gc=False):
    """Somebody sent one other a file in private: heard by the two of them, never kept.

    The fields are those of a file for a room.
    """

    nick: str
    to: str
    file: str
    name: str
    size: int
    kind: str
    url: str

    @property
    def text(self) -> str:
        """What people read of it."""
        return f"sent {self.name} ({shown(self.size)}): {self.url}"


class Confided(Event, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """Somebody said something to those in a room who have a rank (``to``: op, or voice and above); never kept."""

    nick: str
    room: str
    to: str
    text: str
    acted: bool = False
    notice: bool = False
    tags: dict[str, str] | None = None


class Tagged(Event, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """What a client tells others without a text (that somebody types, say); never kept.

    It is for all in ``room``, for one other (``to``), or with both for those in the room who have that rank.
    """

    nick: str
    room: str = ""
    to: str = ""
    tags: dict[str, str]


class Signalled(Event, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """What one program asks others, or answers them (IRC's CTCP); never kept, and not shown to people.

    It is for whom a `Tagged` with the same ``room`` and ``to`` is for.
    """

    nick: str
    room: str = ""
    to: str = ""
    text: str
    notice: bool = False
    tags: dict[str, str] | None = None


class Alerted(Event, frozen=True, kw_only=True, gc=False):
    """An admin of the server told the other admins something."""

    nick: str
    text: str


class Announced(Event, frozen=True, kw_only=True, gc=False):
    """An admin of the server told everybody something; never kept."""

    nick: str
    text: str


class Invited(Event, frozen=True, kw_only=True, gc=False):
    """Somebody asked one other into a room: heard by the two of them."""

    nick: str
    to: str
    room: str


Spoken = Said | Acted | Shared
"""What somebody said in a room, in the widest sense: it has a ``text``, by which it is found again."""
Words = Spoken | Told
"""What somebody said, in a room or to one other: `where` it was."""
AnyEvent = (
    Said
    | Acted
    | Shared
    | Joined
    | Parted
    | Topic
    | Kicked
    | Changed
    | Deleted
    | Quit
    | Renamed
    | Away
    | Back
    | Described
    | Moved
    | Identified
    | Told
    | Handed
    | Confided
    | Tagged
    | Signalled
    | Alerted
    | Announced
    | Invited
)
"""Every event there is; `match` over it is checked to be complete."""


def where(event: AnyEvent) -> str:
    """Give where an event is kept: the folded name of its room, or the place of the two who talk in private.

    Nothing for what is of no place.
    """
    room: str = getattr(event, "room", "")
    if room:
        return fold(room)
    if isinstance(event, Told | Deleted) and event.to:
        return place_of(event.nick, event.to)
    return ""


def place_of(one: str, other: str) -> str:
    """Give the place of what two say to each other: ``@alice@bob``, which no room can be called."""
    return "".join([f"@{key}" for key in sorted({fold(one), fold(other)})])


def is_place(folded: str) -> bool:
    """Say whether it is such a place, and no room."""
    return folded.startswith("@")
