"""How an event changes the chat, and who hears it (how they do is `hearing.py`'s).

This is the only place where the chat changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakSet

from lanchat.core.events import (
    Acted,
    Alerted,
    Announced,
    AnyEvent,
    Away,
    Back,
    Changed,
    Confided,
    Deleted,
    Described,
    Handed,
    Identified,
    Invited,
    Joined,
    Kicked,
    Moved,
    Parted,
    Quit,
    Renamed,
    Said,
    Shared,
    Signalled,
    Tagged,
    Told,
    Topic,
)
from lanchat.core.hearing import (
    acknowledge,
    tell_members,
    tell_neighbours,
    tell_one,
    tell_others,
    tell_room,
    tell_rooms,
)
from lanchat.core.limits import network_of
from lanchat.core.members import Member
from lanchat.core.modes import RANKS, Mode
from lanchat.core.names import fold
from lanchat.core.private import heard_until, keep
from lanchat.core.replies import Absent, Inviting
from lanchat.core.room import Room
from lanchat.core.session import Session

if TYPE_CHECKING:
    from lanchat.core.hub import Hub


def happen(hub: Hub, event: AnyEvent, origin: Session, ref: str) -> None:
    """Change the chat as an event says, and let everybody hear it who should.

    ``origin`` is the session whose doing it is: it hears of it in its own way, with its ``ref``.
    """
    match event:
        case Said() | Acted() | Shared():  # the path of nearly every message
            room = hub.rooms[fold(event.room)]
            origin.member.spoke = event.time
            room.recent.append(event)
            tell_room(hub, room, event, origin, ref)
        case Topic():
            room = hub.rooms[fold(event.room)]
            room.topic, room.topic_by, room.topic_time = event.text, event.nick, event.time
            tell_room(hub, room, event, origin, ref)
        case Joined():
            hub.noted(event, origin)
            _joined(hub, event, origin, ref)
        case Parted():
            hub.noted(event, origin)
            _parted(hub, event, origin, ref)
        case Kicked():
            hub.audit.happened(event)
            _kicked(hub, event, origin, ref)
        case Changed():
            room = hub.rooms[fold(event.room)]
            hub.audit.happened(event)
            _change(hub, room, event)
            tell_room(hub, room, event, origin, ref)
        case Deleted():
            hub.audit.happened(event)
            _deleted(hub, event, origin, ref)
        case Quit():
            _quit(hub, event, origin.member)
        case Renamed():
            hub.noted(event, origin)
            hub.people.rename(origin.member, event.new, event.time)
            if fold(event.nick) != fold(event.new):
                origin.member.named = event.id
            _strike_rolls(origin.member)
            tell_neighbours(origin.member, event, origin, ref)
            if fold(event.nick) != fold(event.new):
                hub.watching.notice(event.nick, present=False)
                hub.watching.notice(event.new, present=True)
        case Away():
            origin.member.away = event.text
            origin.member.missed_from = event.id
            origin.member.told_away = WeakSet()
            tell_neighbours(origin.member, event, origin, ref)
        case Back():
            origin.member.away = ""
            origin.member.missed_until = event.id
            origin.member.told_away = None
            tell_neighbours(origin.member, event, origin, ref)
        case Described():
            origin.member.name = event.text
            tell_neighbours(origin.member, event, origin, ref)
        case Moved():
            tell_neighbours(origin.member, event, origin, ref)  # first: it is heard from who they were
            origin.member.user, origin.member.host = event.user, event.host
            _strike_rolls(origin.member)
        case Identified():
            tell_neighbours(origin.member, event, origin, ref)
        case Told() | Handed():
            origin.member.spoke = event.time
            _told(hub, event, origin, ref)
        case Confided():
            origin.member.spoke = event.time
            _confided(hub, event, origin, ref)
        case Tagged(room="") | Signalled(room=""):
            tell_one(hub.people.members[fold(event.to)], event, origin, ref)
        case Tagged(to="") | Signalled(to=""):
            tell_room(hub, hub.rooms[fold(event.room)], event, origin, ref)
        case Tagged() | Signalled():
            _confided(hub, event, origin, ref)
        case Alerted():
            admins = [member for member in hub.people.members.values() if member.admin]
            tell_members(admins, event, origin, ref)
        case Announced():
            tell_members(hub.people.members.values(), event, origin, ref)
        case Invited():
            _invited(hub, event, origin, ref)


def turn_to(session: Session, room: Room) -> None:
    """Put a room into a session's view: it and the one before are heard in other dialects from now on."""
    before, session.view = session.view, room
    for changed in (before, room):
        if changed in session.audiences:
            changed.retune(session)


def _joined(hub: Hub, event: Joined, origin: Session, ref: str) -> None:
    room = hub.rooms.enter(event.room)
    room.broadcast(event)
    member = origin.member
    member.missed_until = member.missed_until or event.id  # the first room is how they came in
    member.named = member.named or event.id
    room.receive(member)
    if not room.members and room is not hub.lobby and not room.modes.ranked:
        room.ranked[Mode.OP][member] = None  # whoever comes into an empty room that is nobody's is in charge of it
    room.created = room.created or event.time
    room.members[member] = None
    member.rooms[room] = None
    tell_others(event, origin)
    for session in member.sessions:
        room.admit(session)
    acknowledge(event, origin, ref)


def _parted(hub: Hub, event: Parted, origin: Session, ref: str) -> None:
    room = hub.rooms[fold(event.room)]
    member = origin.member
    acknowledge(event, origin, ref)
    tell_others(event, origin)
    _withdraw(hub, member, room)
    room.broadcast(event)
    _look_elsewhere(member, room)


def _deleted(hub: Hub, event: Deleted, origin: Session, ref: str) -> None:
    """Let a message be nowhere any more, and those who show it take it away."""
    if not event.room:
        tell_one(hub.people.members.get(fold(event.to)), event, origin, ref)
        return
    room = hub.rooms[fold(event.room)]
    for said in [said for said in room.recent if said.id == event.of]:
        room.recent.remove(said)
    tell_room(hub, room, event, origin, ref)


def _look_elsewhere(member: Member, room: Room) -> None:
    """Let nobody look at a room that they are not in any more, if they are in another."""
    for session in member.sessions:
        if session.view is room and member.rooms:
            turn_to(session, next(reversed(member.rooms)))


def _kicked(hub: Hub, event: Kicked, origin: Session, ref: str) -> None:
    room, member = hub.rooms[fold(event.room)], hub.people.members[fold(event.who)]
    acknowledge(event, origin, ref)
    for session in member.sessions:
        if session is not origin:
            session.answer(event)  # who is behind would not find it among what was missed: that room is theirs no more
    _withdraw(hub, member, room)
    room.broadcast(event, (origin,))
    _look_elsewhere(member, room)


def _change(hub: Hub, room: Room, event: Changed) -> None:
    """Let what an event says hold in a room."""
    for change in event.changes:
        if change.mode in RANKS:
            member = hub.people.members.get(fold(change.value))
            if member is not None and member in room.members and change.on:
                room.ranked[change.mode][member] = None
            elif member is not None:
                room.ranked[change.mode].pop(member, None)
            room.rolls.clear()
        room.modes.take(change, event.nick, event.time)
        if change.on and change.mode in (Mode.KEY, Mode.INVITE_ONLY):
            room.returning.clear()  # a new lock is for them, too


def _quit(hub: Hub, event: Quit, member: Member) -> None:
    heard = heard_until(member, event.id)
    hub.people.remove(member, heard, event.time)
    hub.note_seen(member, heard)
    member.reply_to = None  # or a chain of those who have left would be kept by somebody who stays
    rooms = list(member.rooms)
    for room in rooms:
        if not room.modes.plain:
            room.expect(member)
        _withdraw(hub, member, room)
    for session in member.sessions:
        session.present = False
        hub.watching.clear(session)
    tell_rooms(rooms, event)
    hub.watching.notice(member.nick, present=False)


def _withdraw(hub: Hub, member: Member, room: Room) -> None:
    """Take a member out of a room."""
    del room.members[member]
    del member.rooms[room]
    room.rolls.clear()
    for ranked in room.ranked.values():
        ranked.pop(member, None)
    for session in member.sessions:
        room.dismiss(session)
    hub.rooms.leave(room, network_of(next(iter(member.sessions)).address))


def _strike_rolls(member: Member) -> None:
    """Let no list stand in which a member is shown as they were."""
    for room in member.rooms:
        room.rolls.clear()


def _told(hub: Hub, event: Told | Handed, origin: Session, ref: str) -> None:
    member = hub.people.members.get(fold(event.to))
    if isinstance(event, Told):
        keep(hub, event)
    tell_one(member, event, origin, ref)
    if member is None:
        if hub.private.wait(event.to, origin.member):
            origin.tell(Absent(nick=event.to, text="not here now, and gets it later", waits=True))
        return
    if fold(event.nick) not in member.ignores:
        member.reply_to = origin.member  # nobody answers whom they do not hear
    if isinstance(event, Handed) or not event.notice:  # nothing answers one by itself (RFC 2812, section 3.3.2)
        _say_away(member, origin)


def _say_away(member: Member, origin: Session) -> None:
    """Tell who turns to somebody that they are away, once."""
    if member.told_away is not None and origin.member not in member.told_away:
        member.told_away.add(origin.member)
        origin.tell(Absent(nick=member.nick, text=member.away))


def _confided(hub: Hub, event: Confided | Tagged | Signalled, origin: Session, ref: str) -> None:
    room = hub.rooms[fold(event.room)]
    ranked = dict.fromkeys(room.governors())
    if event.to == Mode.VOICE.value:
        ranked |= room.ranked[Mode.VOICE]
    tell_members(ranked, event, origin, ref)


def _invited(hub: Hub, event: Invited, origin: Session, ref: str) -> None:
    room, member = hub.rooms[fold(event.room)], hub.people.members[fold(event.to)]
    room.invited.add(member)
    tell_one(member, event, origin, ref)
    _say_away(member, origin)
    for op in room.governors():
        if op is not origin.member:
            for session in op.sessions:
                session.tell(Inviting(nick=event.nick, to=event.to, room=event.room))
