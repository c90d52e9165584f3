"""A room: who is in it, and how what happens there reaches everybody at the price of one encoding."""

from __future__ import annotations

from collections import deque
from collections.abc import Container, Iterator
from weakref import WeakSet

from lanchat.core.events import AnyEvent, Away, Back, Joined, Parted, Quit, Renamed, Spoken
from lanchat.core.members import Member
from lanchat.core.modes import RANKS, Mode, Modes
from lanchat.core.names import fold
from lanchat.core.pulse import Pulse
from lanchat.core.session import Dialect, Send, Session

CROWD = 100
"""How many have to hear something for it to be dear."""
_RETURNING = 200
"""How many who dropped out of a locked room may come back."""
COMING_AND_GOING = (Joined, Parted, Quit, Renamed, Away, Back)
"""What a crowd need not hear at once."""


class Audience:
    """The sessions that hear a room in one dialect.

    During a turn it collects chunks; at its end the pulse has them joined and written, once for each session.
    ``sends`` holds the callable of every session, so the loop asks nothing: for one that stands apart in
    this turn the callable is `len`, which takes every byte and writes none.
    """

    __slots__ = ("_apart", "_pulse", "dialect", "pending", "places", "room", "sealed", "sends")

    def __init__(self, room: Room, dialect: Dialect, pulse: Pulse) -> None:
        self.room = room
        self.dialect = dialect
        self._pulse = pulse
        self.sends: dict[Session, Send] = {}
        self._apart: dict[Session, list[bytes]] = {}
        self.pending: list[bytes] = []
        self.places: list[int] = []
        """The number of the event that each pending chunk speaks of."""
        self.sealed = b""
        """What the journal is committing just now."""

    def hear(self, event: AnyEvent, skip: Container[Session]) -> None:
        """Collect an event for everybody here but those in ``skip``, who have to stand apart already."""
        chunk = self.dialect.encode(event)
        if not chunk:
            return
        if not self.pending:
            self._pulse.disturb(self)
        self.pending.append(chunk)
        self.places.append(event.id)
        if len(self.sends) < CROWD or not isinstance(event, COMING_AND_GOING):
            self._pulse.hurry()
        else:
            self._pulse.wait()
        for session, outbox in self._apart.items():
            if session not in skip:
                outbox.append(chunk)

    def set_apart(self, session: Session) -> None:
        """Let a session collect for itself for the rest of the turn."""
        self.sends[session] = len
        self._apart[session] = session.outbox

    def take_back(self, session: Session) -> None:
        """Let a session hear with everybody else again."""
        self._apart.pop(session, None)
        self.sends[session] = session.send

    def remove(self, session: Session) -> None:
        """Forget a session."""
        del self.sends[session]
        self._apart.pop(session, None)

    def seal(self) -> None:
        """Close what was collected: what comes now goes out after the next commit."""
        pending = self.pending
        self.sealed = pending[0] if len(pending) == 1 else b"".join(pending)
        pending.clear()
        self.places.clear()

    def flush(self) -> None:
        """Write what was sealed to everybody who does not stand apart."""
        data, self.sealed = self.sealed, b""
        size = len(data)
        for session, send in self.sends.items():
            try:
                sent = send(data)
            except BlockingIOError:
                sent = 0
            except OSError:
                continue  # the reactor will see it too
            if sent != size:
                session.pipe.keep(data[sent:])


def _traces(member: Member) -> str:
    return f"{fold(member.nick)}@{member.host}"


class Room:
    """``members`` is who is there; `sessions` is whose pipes are here."""

    __slots__ = (
        "_pulse",
        "audiences",
        "created",
        "invited",
        "members",
        "modes",
        "name",
        "ranked",
        "recent",
        "returning",
        "rolls",
        "topic",
        "topic_by",
        "topic_time",
    )

    def __init__(self, name: str, pulse: Pulse, backlog: int = 1) -> None:
        self.name = name
        self.created = ""
        """When somebody first came in, as events carry a time; empty where that is not known any more."""
        self.topic = ""
        self.topic_by = ""
        """Who gave it, and when; empty where that is not known any more."""
        self.topic_time = ""
        self.modes = Modes()
        self.ranked: dict[Mode, dict[Member, None]] = {rank: {} for rank in RANKS}
        """Who of those who are here has a rank."""
        self.invited: WeakSet[Member] = WeakSet()
        """Who may come in once without an invitation's being needed."""
        self.returning: dict[str, None] = {}
        """Who dropped out of it while it was locked, by nick and host: they may come back."""
        self.recent: deque[Spoken] = deque(maxlen=max(backlog, 1))
        """What was said last."""
        self.members: dict[Member, None] = {}
        self.rolls: dict[object, object] = {}
        """Lists of who is here that doors have written: who comes in is still to be added, in the order of `members`;
        when anybody leaves, or is shown in another way, they are gone."""
        self.audiences: dict[Dialect, Audience] = {}
        self._pulse = pulse

    def sessions(self) -> Iterator[Session]:
        """Go through the sessions that hear this room."""
        for audience in self.audiences.values():
            yield from audience.sends

    def broadcast(self, event: AnyEvent, skip: Container[Session] = ()) -> None:
        """Let everybody in the room hear an event, but those in ``skip``, who have to stand apart already."""
        for audience in self.audiences.values():
            audience.hear(event, skip)

    def rank(self, member: Member) -> Mode | None:
        """Give the highest rank that a member has here."""
        ranked = self.ranked
        if member in ranked[Mode.FOUNDER]:
            return Mode.FOUNDER
        return Mode.OP if member in ranked[Mode.OP] else Mode.VOICE if member in ranked[Mode.VOICE] else None

    def governed_by(self, member: Member) -> bool:
        """Say whether a member may change the room and remove people."""
        return member in self.ranked[Mode.OP] or member in self.ranked[Mode.FOUNDER]

    def governors(self) -> list[Member]:
        """Give who of those who are here may change the room, each once."""
        return list(self.ranked[Mode.FOUNDER] | self.ranked[Mode.OP])

    def expect(self, member: Member) -> None:
        """Let somebody who leaves the chat come back under the same nick from the same host."""
        self.returning[_traces(member)] = None
        if len(self.returning) > _RETURNING:
            del self.returning[next(iter(self.returning))]

    def expects(self, member: Member) -> bool:
        """Say whether somebody has been here until they dropped."""
        return _traces(member) in self.returning

    def receive(self, member: Member) -> None:
        """Note that somebody has come in: what let them in is used up."""
        self.invited.discard(member)
        if self.returning:
            self.returning.pop(_traces(member), None)

    def retune(self, session: Session) -> None:
        """Let a session hear the room in the dialect that suits it now."""
        if session.audiences[self].dialect is not session.dialect_of(self):
            self.dismiss(session)
            self.admit(session)

    def admit(self, session: Session) -> None:
        """Let a session hear the room from now on, in the dialect that suits its view."""
        session.step_apart()
        dialect = session.dialect_of(self)
        audience = self.audiences.get(dialect)
        if audience is None:
            audience = self.audiences[dialect] = Audience(self, dialect, self._pulse)
        session.audiences[self] = audience
        audience.set_apart(session)

    def dismiss(self, session: Session) -> None:
        """Let a session hear the room no more; what it heard so far still goes out."""
        session.step_apart()
        audience = session.audiences.pop(self)
        audience.remove(session)
        if not audience.sends:
            del self.audiences[audience.dialect]
