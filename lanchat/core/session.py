"""A session is one live connection: what it is told, and how that goes out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from lanchat.core.events import AnyEvent
from lanchat.core.members import Member
from lanchat.core.replies import AnyReply

if TYPE_CHECKING:
    from lanchat.core.accounts import Account
    from lanchat.core.pulse import Pulse
    from lanchat.core.room import Audience, Room

Send = Callable[[bytes], int]
"""Takes bytes as a non-blocking socket does: gives how many went, may raise BlockingIOError or OSError."""


class Dialect(Protocol):
    """Events and replies to the bytes of one wire.

    One object serves all sessions that hear the same.  Where a session has to be answered in a way of its own, it has
    a dialect of its own, and hears its rooms by the ones that `in_view` and `aside` give.
    """

    @property
    def named(self) -> int | None:
        """How many of those in a room are named to somebody who comes in; None: all of them."""
        ...

    @property
    def in_view(self) -> Dialect:
        """How the room in view is heard: one object for all sessions that hear the same, as `aside`."""
        ...

    @property
    def aside(self) -> Dialect:
        """How a room that is not in view is heard; the same as `in_view` where that makes no difference."""
        ...

    def encode(self, heard: AnyEvent | AnyReply, /) -> bytes:
        """Give what a listener gets; nothing when this wire does not speak of it."""
        ...

    def own(self, event: AnyEvent, ref: str, /) -> bytes:
        """Give what the session gets whose doing the event is: an acknowledgement, or nothing."""
        ...

    def mirror(self, event: AnyEvent, /) -> bytes:
        """Give what a session gets when another session of the same person did it, in private."""
        ...


class Outlet(Protocol):
    """The way out of a session, as far as the core knows it (doors/pipe.py)."""

    @property
    def send(self) -> Send:
        """How bytes go out just now."""
        ...

    def keep(self, rest: bytes, /) -> None:
        """Take over what the wire did not take: it goes first, and all that comes after waits behind it."""
        ...

    def finish(self) -> None:
        """End the connection as soon as everything is out."""
        ...


class Session:
    """One live connection: what it is told collects here and goes out once, at the end of the reactor turn.

    Most of the time it hears its rooms through their audiences, which write one join of bytes to everybody.
    Whenever it is to hear something that the others do not (a reply, its own words left out, another room),
    it *steps apart* for the rest of the turn and collects in its own ``outbox``.
    """

    __slots__ = (
        "account",
        "address",
        "admitted",
        "apart",
        "audiences",
        "away",
        "behind",
        "certificate",
        "client",
        "closing",
        "dialect",
        "door",
        "hold",
        "member",
        "one_view",
        "outbox",
        "owed",
        "pipe",
        "present",
        "pulse",
        "ref",
        "release",
        "sealed",
        "send",
        "token",
        "view",
        "wants_token",
    )

    member: Member
    """Who this is; only once the session is `present`."""
    view: Room
    """The room that a bare line goes to; only once the session is `present`."""

    def __init__(self, pulse: Pulse, pipe: Outlet, dialect: Dialect, door: str, address: str) -> None:
        self.pulse = pulse
        self.pipe = pipe
        self.dialect = dialect
        self.door = door
        self.address = address
        self.send: Send = pipe.send
        self.outbox: list[bytes] = []
        self.sealed = b""
        """What the journal is committing just now, of what was collected apart."""
        self.audiences: dict[Room, Audience] = {}
        self.present = False
        self.apart = False
        self.closing = False
        self.account: Account | None = None
        """The account that somebody has proved to be theirs here; None: a guest, or nobody yet."""
        self.certificate = ""
        """The SHA-256 of the client's certificate, in hexadecimal digits; empty where there is none."""
        self.admitted = False
        """Whether they have given the password of the server, where it has one."""
        self.wants_token = False
        """Whether the client is told how to come back without a password."""
        self.token = ""
        """The key of the token that it was given, or came with (`accounts.Token`)."""
        self.away = ""
        """Why somebody is away here; they are away when they are in all of their sessions."""
        self.ref = ""
        """The reference of the command that is being run."""
        self.one_view = True
        """Whether one room at a time is looked at, so that there always has to be one; IRC clients show them all."""
        self.client = ""
        """What the client calls itself, if it wants its messages to be known again."""
        self.hold: Callable[[], None] = _at_once
        """Hear nothing more from this session until `release`: what it asked for takes time."""
        self.release: Callable[[], None] = _at_once
        self.owed: list[bytes] = []
        """Answers that came while it was behind: it hears them when it has caught up."""
        self.behind: int | None = None
        """The last event that was collected, when the sendq was full after it; None: keeping up."""

    @property
    def nick(self) -> str:
        """The nick of the person, as last known; empty before there is one."""
        return self.member.nick if hasattr(self, "member") else ""

    def tell(self, heard: AnyEvent | AnyReply) -> None:
        """Let this session alone hear something."""
        self.put(self.dialect.encode(heard))

    def answer(self, heard: AnyEvent | AnyReply) -> None:
        """Let this session hear what is for it alone, as what it asked for some time ago, even if it is behind now."""
        self.owe(self.dialect.encode(heard))

    def owe(self, chunk: bytes) -> None:
        """Add encoded bytes that are for this session alone: they go out when it has caught up, if it is behind."""
        if self.behind is None:
            self.put(chunk)
        else:
            self.owed.append(chunk)

    def put(self, chunk: bytes) -> None:
        """Add encoded bytes to what goes out at the end of the turn."""
        if chunk:
            self.step_apart()
            self.outbox.append(chunk)
            self.pulse.beat()

    def step_apart(self) -> None:
        """Leave the fast loop until the end of the turn, with what the turn has brought so far."""
        if self.apart:
            return
        self.apart = True
        self.pulse.collect(self)
        audiences = self.audiences.values()
        self.outbox += [audience.sealed for audience in audiences if audience.sealed]  # one of them at most
        waiting = [audience for audience in audiences if audience.pending]
        if len(waiting) == 1:
            self.outbox += waiting[0].pending
        elif waiting:
            self.outbox.append(self.pulse.merged(waiting))
        for audience in audiences:
            audience.set_apart(self)

    def seal(self) -> None:
        """Close what was collected apart: what comes now goes out after the next commit."""
        self.sealed = b"".join(self.outbox)
        self.outbox.clear()

    def flush(self) -> bool:
        """Write what was sealed; say whether the session has to go on standing apart.

        It has to when more has come, when it is behind, or when an audience still waits with something that it
        has already.
        """
        data, self.sealed = self.sealed, b""
        if not (self.outbox or self.behind is not None or any(each.pending for each in self.audiences.values())):
            self.apart = False
            for audience in self.audiences.values():
                audience.take_back(self)
        if data and (rest := untaken(self.send, data)):
            self.pipe.keep(rest)
        if self.closing and not self.outbox:
            self.pipe.finish()
        return self.apart

    def route(self, send: Send) -> None:
        """Let everything that this session hears go another way from now on."""
        self.send = send
        if not self.apart:
            for audience in self.audiences.values():
                audience.take_back(self)

    def dialect_of(self, room: Room) -> Dialect:
        """Give the dialect in which this session hears a room."""
        return self.dialect.in_view if room is self.view else self.dialect.aside

    def speak(self, dialect: Dialect) -> None:
        """Hear everything in another dialect from now on."""
        self.dialect = dialect
        for room in list(self.audiences):
            room.retune(self)

    def close(self) -> None:
        """End the connection after what was said to it so far; nothing is heard from now on."""
        if not self.closing:
            self.closing = True
            self.step_apart()
            self.pulse.beat()


def _at_once() -> None:
    """Do nothing: without a door nothing has to wait."""


def untaken(send: Send, data: bytes) -> bytes:
    """Send what goes, and give the rest; a connection that fails takes everything, for the reactor will see it too.

    `Audience.flush` says the same in its own words: there it is the loop that all the speed is about.
    """
    try:
        return data[send(data) :]
    except BlockingIOError:
        return data
    except OSError:
        return b""
