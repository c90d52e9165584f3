"""How an event changes the chat, and who hears it.  This is the only place where the chat changes."""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING
from weakref import WeakSet

from lanchat.core.events import (
    Acted,
    AnyEvent,
    Away,
    Back,
    Invited,
    Joined,
    Parted,
    Quit,
    Renamed,
    Said,
    Told,
    Topic,
)
from lanchat.core.names import fold
from lanchat.core.replies import Notice
from lanchat.core.room import Room
from lanchat.core.session import Member, Session

if TYPE_CHECKING:
    from lanchat.core.hub import Hub


def happen(hub: Hub, event: AnyEvent, origin: Session, ref: str) -> None:
    """Change the chat as an event says, and let everybody hear it who should.

    ``origin`` is the session whose doing it is: it hears of it in its own way, with its ``ref``.
    """
    match event:
        case Said() | Acted():
            room = hub.rooms[fold(event.room)]
            room.recent.append(event)
            room.broadcast(event, _skipped(hub, event, origin, ref))
        case Topic():
            room = hub.rooms[fold(event.room)]
            room.topic = event.text
            room.broadcast(event, _skipped(hub, event, origin, ref))
        case Joined():
            hub.noted(event, origin)
            _joined(hub, event, origin, ref)
        case Parted():
            hub.noted(event, origin)
            _parted(hub, event, origin, ref)
        case Quit():
            _quit(hub, event, origin.member)
        case Renamed():
            hub.noted(event, origin)
            hub.people.rename(origin.member, event.new)
            _tell_neighbours(origin.member, event, origin, ref)
        case Away():
            origin.member.away = event.text
            origin.member.missed_from = event.id
            origin.member.told_away = WeakSet()
            _tell_neighbours(origin.member, event, origin, ref)
        case Back():
            origin.member.away = ""
            origin.member.missed_until = event.id
            origin.member.told_away = None
            _tell_neighbours(origin.member, event, origin, ref)
        case Told():
            _told(hub, event, origin, ref)
        case Invited():
            _tell_one(hub.people.members[fold(event.to)], event, origin, ref)


def turn_to(session: Session, room: Room) -> None:
    """Put a room into a session's view: it and the one before are heard in other dialects from now on."""
    before, session.view = session.view, room
    for changed in (before, room):
        audience = session.audiences.get(changed)
        if audience is not None and audience.dialect is not session.dialect_of(changed):
            changed.dismiss(session)
            changed.admit(session)


def _acknowledge(event: AnyEvent, origin: Session, ref: str) -> None:
    """Let the session whose doing it is hear of it in its own way, at its place among the rest.

    Who is behind hears of it with what was missed, for it comes after that.
    """
    origin.step_apart()
    if origin.behind is None:
        origin.put(origin.dialect.own(event, ref))


def _skipped(hub: Hub, event: Said | Acted | Topic, origin: Session, ref: str) -> Container[Session]:
    """Acknowledge an event, and give those who must not hear it with the room: they stand apart."""
    _acknowledge(event, origin, ref)
    ignorers = hub.people.ignorers.get(fold(event.nick)) if hub.people.ignorers else None
    if not ignorers:
        return (origin,)
    skip = {session for member in ignorers for session in member.sessions}
    for session in skip:
        session.step_apart()
    skip.add(origin)
    return skip


def _joined(hub: Hub, event: Joined, origin: Session, ref: str) -> None:
    room = hub.rooms.enter(event.room)
    room.broadcast(event)
    member = origin.member
    member.missed_until = member.missed_until or event.id  # the first room is how they came in
    room.members[member] = None
    member.rooms[room] = None
    for session in member.sessions:
        room.admit(session)
    _acknowledge(event, origin, ref)


def _parted(hub: Hub, event: Parted, origin: Session, ref: str) -> None:
    room = hub.rooms[fold(event.room)]
    member = origin.member
    _acknowledge(event, origin, ref)
    _withdraw(hub, member, room)
    room.broadcast(event)
    for session in member.sessions:
        if session.view is room and member.rooms:
            turn_to(session, next(reversed(member.rooms)))


def _quit(hub: Hub, event: Quit, member: Member) -> None:
    hub.people.remove(member, event.id)
    member.reply_to = None  # or a chain of those who have left would be kept by somebody who stays
    rooms = list(member.rooms)
    for room in rooms:
        _withdraw(hub, member, room)
    for session in member.sessions:
        session.present = False
    _tell_rooms(rooms, event)


def _withdraw(hub: Hub, member: Member, room: Room) -> None:
    """Take a member out of a room."""
    del room.members[member]
    del member.rooms[room]
    for session in member.sessions:
        room.dismiss(session)
    hub.rooms.leave(room)


def _tell_neighbours(member: Member, event: Renamed | Away | Back, origin: Session, ref: str) -> None:
    """Let all who share a room with a member hear an event, each of them once."""
    _acknowledge(event, origin, ref)
    _tell_rooms(list(member.rooms), event, (origin,))


def _tell_rooms(rooms: list[Room], event: AnyEvent, skip: Container[Session] = ()) -> None:
    if len(rooms) == 1:
        rooms[0].broadcast(event, skip)
        return
    for session in {session: None for room in rooms for session in room.sessions()}:
        if session not in skip:
            session.tell(event)


def _told(hub: Hub, event: Told, origin: Session, ref: str) -> None:
    member, teller = hub.people.members[fold(event.to)], origin.member
    member.reply_to = teller
    _tell_one(member, event, origin, ref)
    if member.told_away is not None and teller not in member.told_away:
        member.told_away.add(teller)
        origin.tell(Notice(text=f"{member.nick} is away: {member.away}"))


def _tell_one(member: Member, event: Told | Invited, origin: Session, ref: str) -> None:
    _acknowledge(event, origin, ref)
    if fold(event.nick) not in member.ignores:
        for session in member.sessions:
            session.tell(event)
