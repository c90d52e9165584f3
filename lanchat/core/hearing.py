"""Who hears an event: those in a room, the neighbours of somebody, or some people alone; each of them once.

Whose doing it is hears of it in their own way; who ignores them does not hear what they say.
"""

from __future__ import annotations

from collections.abc import Collection, Container
from typing import TYPE_CHECKING

from lanchat.core.events import AnyEvent, Joined, Told
from lanchat.core.members import Member
from lanchat.core.names import fold
from lanchat.core.room import Room
from lanchat.core.session import Session

if TYPE_CHECKING:
    from lanchat.core.hub import Hub


def others(origin: Session) -> list[Session]:
    """Give the other sessions of whose doing something is."""
    return [session for session in origin.member.sessions if session is not origin]


def tell_others(event: AnyEvent, origin: Session) -> None:
    """Let the other sessions of whose doing an event is hear of it as their own doing.

    Who is behind finds among what was missed that they came into a room, and not that they left it.
    """
    for session in others(origin):
        (session.put if isinstance(event, Joined) else session.owe)(session.dialect.own(event, ""))


def mirror(event: AnyEvent, origin: Session, heard_by: Collection[Member | None]) -> None:
    """Let the other sessions of whose doing an event is hear what they did, unless they are among its hearers.

    Who is behind finds with what was missed what is kept; anything else has to wait for them.
    """
    if len(origin.member.sessions) < 2 or origin.member in heard_by:  # as nearly always
        return
    kept = isinstance(event, Told) and event.kept
    for session in others(origin):
        (session.put if kept else session.owe)(session.dialect.mirror(event))


def acknowledge(event: AnyEvent, origin: Session, ref: str) -> None:
    """Let the session whose doing it is hear of it in its own way, at its place among the rest.

    Who is behind hears of it with what was missed, for it comes after that.
    """
    origin.step_apart()
    if origin.behind is None:
        origin.put(origin.dialect.own(event, ref))


def tell_room(hub: Hub, room: Room, event: AnyEvent, origin: Session, ref: str) -> None:
    """Let those in a room hear an event, but who ignores whose doing it is."""
    acknowledge(event, origin, ref)
    ignorers = hub.people.ignorers.get(fold(event.nick)) if hub.people.ignorers else None
    if not ignorers:
        room.broadcast(event, (origin,))
        return
    skip = {session for member in ignorers for session in member.sessions}
    for session in skip:
        session.step_apart()
    skip.add(origin)
    room.broadcast(event, skip)


def tell_neighbours(member: Member, event: AnyEvent, origin: Session, ref: str) -> None:
    """Let all who share a room with a member hear an event; where nobody does, their other sessions do."""
    acknowledge(event, origin, ref)
    tell_rooms(list(member.rooms), event, (origin,))
    if not member.rooms:
        for session in others(origin):
            session.tell(event)


def tell_rooms(rooms: list[Room], event: AnyEvent, skip: Container[Session] = ()) -> None:
    """Let those in any of these rooms hear an event, once each."""
    if len(rooms) == 1:
        rooms[0].broadcast(event, skip)
        return
    for session in {session: None for room in rooms for session in room.sessions()}:
        if session not in skip:
            session.tell(event)


def tell_members(members: Collection[Member], event: AnyEvent, origin: Session, ref: str) -> None:
    """Let each of these hear an event, but who ignores whose doing it is; and whose doing it is, wherever they are."""
    acknowledge(event, origin, ref)
    mirror(event, origin, members)
    for member in members:
        if fold(event.nick) not in member.ignores:
            for session in member.sessions:
                if session is not origin:
                    session.tell(event)


def tell_one(member: Member | None, event: AnyEvent, origin: Session, ref: str) -> None:
    """Let somebody hear an event, in the session whose doing it is too: people may turn to themselves.

    The other sessions of whose doing it is hear what they did.
    """
    acknowledge(event, origin, ref)
    mirror(event, origin, (member,))
    if member is not None and fold(event.nick) not in member.ignores:
        for session in member.sessions:
            session.tell(event)
