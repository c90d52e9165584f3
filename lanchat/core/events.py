"""What happens in the chat: facts, numbered by the journal, shared by all who hear them.

One definition is the type, the codec, the check and the documentation (docs/protocol.md is made from it).
An event's ``id`` rises strictly and is the same for everybody; ``time`` is RFC 3339 in UTC with milliseconds.
"""

from __future__ import annotations

import msgspec

from lanchat.core.modes import Change
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
    (IRCv3 client-only tags, without their ``+``).
    """

    text: str
    notice: bool = False
    tags: dict[str, str] | None = None


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


class Joined(RoomEvent, frozen=True, kw_only=True, gc=False):
    """Somebody came into a room."""


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
    """Somebody changed what holds in a room, and for whom."""

    changes: list[Change]


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


class Told(Event, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """Somebody told one other something in private: heard by the two of them, never kept.

    ``acted``: what they did, and not what they said; ``notice`` and ``tags`` as in a room.
    """

    nick: str
    to: str
    text: str
    acted: bool = False
    notice: bool = False
    tags: dict[str, str] | None = None


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


class Invited(Event, frozen=True, kw_only=True, gc=False):
    """Somebody asked one other into a room: heard by the two of them."""

    nick: str
    to: str
    room: str


Spoken = Said | Acted | Shared
"""What somebody said in a room, in the widest sense: it has a ``text``, by which it is found again."""
AnyEvent = (
    Said
    | Acted
    | Shared
    | Joined
    | Parted
    | Topic
    | Kicked
    | Changed
    | Quit
    | Renamed
    | Away
    | Back
    | Described
    | Moved
    | Told
    | Handed
    | Confided
    | Tagged
    | Signalled
    | Alerted
    | Invited
)
"""Every event there is; `match` over it is checked to be complete."""
