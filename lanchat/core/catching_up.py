"""Slow readers: over the sendq limit a session stops collecting, and is caught up from the journal."""

from __future__ import annotations

from lanchat.core.events import RoomEvent
from lanchat.core.hub import Hub
from lanchat.core.names import fold
from lanchat.core.replies import Missed
from lanchat.core.session import Session

_STEP = 250
"""Events that a session is given at a time."""


def fall_behind(hub: Hub, session: Session) -> None:
    """Let a session collect no more: what it has not read by now waits in the journal.

    It stands apart until it has caught up, so that what was flushed was either written to it or passed over.
    """
    session.behind = hub.pulse.flushed
    session.route(len)
    session.step_apart()


def catch_up(hub: Hub, session: Session) -> bytes:
    """Give a session that fell behind what comes next; nothing when it has everything.

    It can hear with the others again as soon as nothing is left: whatever is not flushed yet still
    reaches it the usual way.
    """
    if session.behind is None or not session.present:
        return b""
    chunks: list[bytes] = []
    forgotten = hub.journal.forgotten()
    if session.behind < forgotten:
        chunks.append(session.dialect.encode(Missed(since=session.behind, until=forgotten)))
        session.behind = forgotten
    rooms = {fold(room.name): room for room in session.member.rooms}
    for event in hub.journal.since(session.behind, hub.pulse.flushed, rooms, _STEP):
        session.behind = event.id
        if isinstance(event, RoomEvent) and fold(event.nick) not in session.member.ignores:
            chunks.append(session.dialect_of(rooms[fold(event.room)]).encode(event))
    return b"".join(chunks)
