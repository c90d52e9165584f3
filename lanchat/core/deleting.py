"""Deleting: what somebody said is taken away from everybody, wherever it is kept or shown.

Their own words may take away who said them, those of a room its ops, too, and all that rooms have the admins.  A nick
proves nothing: whoever has it now is who said something if they have had it since, or if it is their account's.
"""

from __future__ import annotations

from msgspec.structs import replace

from lanchat.core.errors import Refused
from lanchat.core.events import Deleted, Shared, Told, Words, place_of
from lanchat.core.hub import Hub
from lanchat.core.journal import Found, Query
from lanchat.core.members import Member
from lanchat.core.names import fold
from lanchat.core.nobody import nobody
from lanchat.core.replies import Refusal
from lanchat.core.room import Room
from lanchat.core.rules import may_speak
from lanchat.core.searching import event_number
from lanchat.core.session import Session


def delete(hub: Hub, session: Session, name: str, which: str, reason: str) -> None:
    """Take a message away: that of a number, the newest of a nick in a room, or the newest of one's own there.

    Raises Refused ``bad-arguments``, ``too-long``, ``not-yours``, or as finding the room does; what is found out later
    is answered: ``no-such-message``, ``not-yours``, or why the journal cannot.
    """
    hub.check_length(reason, "A reason")
    member = session.member
    if which[:1].isdigit():
        number = event_number(which)
        if not number:
            raise Refused("bad-arguments", f"{which} is no number of a message. Type it like this: /delete 1043")
        delete_number(hub, session, number, reason, room_of(hub, session, name) if name else None)
        return
    room = room_of(hub, session, name)
    nick = which or member.nick
    own = fold(nick) == fold(member.nick)
    if not own and not _governs(room, member):
        raise _not_yours(room)
    query = Query(
        rooms=frozenset({fold(room.name)}),
        after=member.named if own and member.account is None else 0,
        until=hub.journal.last,
        most=1,
        newest=True,
        spoken=True,
        nick=fold(nick),
    )
    nothing = f"{'You have' if own else f'{nick} has'} said nothing in {room.name} that is kept still."
    _Deletion(hub, session, reason, nothing).begin(query)


def delete_number(
    hub: Hub, session: Session, number: int, reason: str = "", room: Room | None = None, nick: str = ""
) -> None:
    """Take away the message that is event ``number``: of one room, of what one other was told in private, or of all.

    All is what somebody may look at.  The answer comes as for `delete`.
    """
    member = session.member
    if room is not None:
        rooms = frozenset({fold(room.name)})
    elif nick:
        rooms = frozenset({place_of(member.nick, nick)}) & hub.private.of(session)
    else:
        seen = hub.rooms.values() if member.admin else member.rooms
        rooms = frozenset(fold(each.name) for each in seen) | hub.private.of(session)
    nothing = f"There is no message {number} here. /delete NICK takes the newest of somebody away."
    if number <= hub.journal.gone:
        nothing = f"Message {number} is not kept any more."
    query = Query(rooms=rooms, after=number - 1, until=number, most=1, spoken=True)
    _Deletion(hub, session, reason, nothing).begin(query)


class _Deletion:
    """One that is under way: until it is done nothing more is heard from the session that asked for it.

    ``nothing`` says that there is no such message.
    """

    def __init__(self, hub: Hub, session: Session, reason: str, nothing: str) -> None:
        self._hub = hub
        self._session = session
        self._ref = session.ref
        self._reason = reason
        self._nothing = nothing

    def begin(self, query: Query) -> None:
        """Look for the message."""
        self._session.hold()
        self._hub.journal.find(query, self._found)

    def _found(self, found: Found | Refused) -> None:
        session = self._session
        try:
            if not session.present:
                self._end(None)
                return
            if isinstance(found, Refused):
                raise found
            if not found.events:
                raise Refused("no-such-message", self._nothing)
            (said,) = found.events
            assert isinstance(said, Words)
            event = self._settle(said)
        except Refused as refused:
            self._end(refused)
            return
        self._hub.journal.delete(event, lambda refused: self._deleted(said, event, refused))

    def _settle(self, said: Words) -> Deleted:
        """Give the event that takes a message away.  Raises Refused ``not-yours``."""
        hub, member = self._hub, self._session.member
        event = Deleted(time=hub.stamp(), nick=member.nick, of=said.id, reason=self._reason)
        if isinstance(said, Told):
            if not is_author(member, said):
                raise Refused("not-yours", "Only who wrote it may take away what was told in private.")
            return replace(event, to=said.to)
        room = hub.rooms.get(fold(said.room))
        governs = room is not None and _governs(room, member)
        if not governs and not is_author(member, said):
            raise Refused("not-yours", f"Only who said it, or an op of {said.room}, may take it away.")
        silent = room is None or not (governs or may_speak(room, member))
        return replace(event, room=said.room, who=said.nick, reason="" if silent else event.reason)

    def _deleted(self, said: Words, event: Deleted, refused: Refused | None) -> None:
        """Let everybody know, now that it is kept nowhere any more: whether who asked for it is here still or not."""
        hub, session = self._hub, self._session
        try:
            if refused is None:
                if isinstance(said, Shared) and hub.files.find(said.file) is not None:
                    hub.files.remove(said.file)
                if event.to or fold(event.room) in hub.rooms:
                    session.ref, before = self._ref, session.ref
                    try:
                        hub.submit(session if session.present else nobody(hub), event)
                    finally:
                        session.ref = before
        finally:
            self._end(refused)

    def _end(self, refused: Refused | None) -> None:
        session = self._session
        try:
            if refused is not None and session.present:
                session.answer(Refusal(ref=self._ref, code=refused.code, text=refused.text))
        finally:
            session.release()


def is_author(member: Member, said: Words) -> bool:
    """Say whether it was this member who said something, and not somebody who was called so before."""
    if fold(said.nick) != fold(member.nick):
        return False
    account = member.account
    return said.id > member.named or (account is not None and said.time >= account.created)


def _governs(room: Room, member: Member) -> bool:
    return member.admin or room.governed_by(member)


def room_of(hub: Hub, session: Session, name: str) -> Room:
    """Find the room where somebody takes something away: one that they are in, or as an admin any.

    Raises Refused as `Finding.room_of` does.
    """
    return hub.room_seen(session, name) if session.member.admin else hub.room_of(session, name)


def _not_yours(room: Room) -> Refused:
    return Refused("not-yours", f"Only an op of {room.name} may take away what others said. /delete takes yours.")
