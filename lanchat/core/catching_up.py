"""Catching up: who fell behind, or comes back after a drop, gets from the journal what was missed, and then goes live.

Either way a session collects nothing until it has everything up to what the others have.  What is newest is in
memory, so catching up ends even while everybody talks; what is older is on disk, and comes later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lanchat.core.errors import Refused
from lanchat.core.events import AnyEvent, where
from lanchat.core.hub import Hub
from lanchat.core.journal import Found, Query
from lanchat.core.names import fold
from lanchat.core.replies import Missed
from lanchat.core.room import Room
from lanchat.core.session import Session

_STEP = 250
"""Events that a session is given at a time."""


def fall_behind(hub: Hub, session: Session) -> None:
    """Let a session collect no more: what it has not read by now waits in the journal.

    It stands apart until it has caught up, so that what was flushed was either written to it or passed over.
    """
    session.behind = hub.pulse.flushed
    _stand_back(session)


def resume(session: Session) -> bytes:
    """Let a session that has come in behind hear first what it missed.

    Gives what it was told until now: that goes before, as soon as its coming in is committed.
    """
    told = b"".join(session.outbox)
    session.outbox.clear()
    _stand_back(session)
    return told


def _stand_back(session: Session) -> None:
    session.route(len)
    session.step_apart()


def catch_up(hub: Hub, session: Session, later: Callable[[bytes], None]) -> bytes | None:
    """Give a session that is behind what comes next; nothing when it has everything.

    None means that the disk has to be read: what comes next is given to ``later``, and nothing stands for "ask again".
    It can hear with the others again as soon as nothing is left: whatever is not flushed yet still
    reaches it the usual way.
    """
    if session.behind is None or not session.present:
        return b""
    journal = hub.journal
    missed = _pass_over(session, journal.gone)
    if missed:
        return missed
    if session.behind < journal.forgotten():
        _read(hub, session, later)
        return None
    while events := journal.since(session.behind, hub.pulse.flushed, _rooms(hub, session), _STEP):
        session.behind = events[-1].id
        if chunk := _encoded(session, events):
            return chunk
    return b""


def _read(hub: Hub, session: Session, later: Callable[[bytes], None]) -> None:
    """Read what comes next on the disk."""
    assert session.behind is not None
    until = hub.pulse.flushed

    def found(result: Found | Refused) -> None:
        chunk = b""
        if session.behind is not None and session.present:
            if isinstance(result, Refused):
                chunk = _pass_over(session, hub.journal.forgotten())
            else:
                session.behind = result.events[-1].id if result.more else until
                chunk = _encoded(session, result.events)
        later(chunk)

    hub.journal.find(
        Query(rooms=frozenset(_rooms(hub, session)), after=session.behind, until=until, most=_STEP),
        found,
    )


def _pass_over(session: Session, until: int) -> bytes:
    """Say that what a session missed up to an event is not to be had any more; nothing when it has read that."""
    since = session.behind
    if since is None or since >= until:
        return b""
    session.behind = until
    return session.dialect.encode(Missed(since=since, until=until))


def _rooms(hub: Hub, session: Session) -> set[str]:
    return {fold(room.name) for room in session.member.rooms} | hub.private.of(session)


def _encoded(session: Session, events: Iterable[AnyEvent]) -> bytes:
    """Encode events as the session would have heard them."""
    rooms = {fold(room.name): room for room in session.member.rooms}
    return b"".join(
        [
            _heard(session, event, rooms.get(where(event)))
            for event in events
            if fold(event.nick) not in session.member.ignores
        ]
    )


def _heard(session: Session, event: AnyEvent, room: Room | None) -> bytes:
    if room is not None:
        return session.dialect_of(room).encode(event)
    if fold(event.nick) == fold(session.member.nick):
        return session.dialect.mirror(event)
    return session.dialect.encode(event)
