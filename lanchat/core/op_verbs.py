"""The commands for those who govern a room, and the questions how it is governed.  The docstring is the help."""

from __future__ import annotations

from collections.abc import Iterable

from lanchat.core import announcing, governing
from lanchat.core.commands import Nick, Place, Rank, RoomName, Table, Text, Word
from lanchat.core.errors import Refused
from lanchat.core.hub import Hub
from lanchat.core.modes import Change, Mode
from lanchat.core.replies import Notice
from lanchat.core.room import Room
from lanchat.core.session import Session
from lanchat.core.times import span

TABLE = Table()
"""The commands of this file; `verbs.TABLE` has them too."""

command = TABLE.command

LOCKS = {
    "invite": Mode.INVITE_ONLY,
    "key": Mode.KEY,
    "limit": Mode.LIMIT,
    "talk": Mode.MODERATED,
    "read-only": Mode.READ_ONLY,
    "topic": Mode.TOPIC_LOCKED,
    "hidden": Mode.HIDDEN,
    "outside": Mode.MEMBERS_ONLY,
}
"""What can be locked, and in which words."""


@command("remove", example="/kick mallory no adverts here", rank=Rank.OP)
def kick(hub: Hub, session: Session, room: RoomName = "", *, nick: Nick, reason: Text = "") -> None:
    """Ops: make somebody leave the room; /ban keeps them out."""
    governing.kick(hub, session, hub.room_seen(session, room), hub.people.find(nick), reason)


@command(example="/op bob", rank=Rank.OP)
def op(hub: Hub, session: Session, room: RoomName = "", *, nick: Nick) -> None:
    """Ops: make somebody an op, too: who may change the room and remove people. An account stays one."""
    _change(hub, session, room, Change(Mode.OP, True, nick))


@command(example="/deop bob", rank=Rank.OP)
def deop(hub: Hub, session: Session, room: RoomName = "", *, nick: Nick) -> None:
    """Ops: let somebody be an op no more; yourself, too."""
    _change(hub, session, room, Change(Mode.OP, False, nick))


@command(example="/voice bob", rank=Rank.OP)
def voice(hub: Hub, session: Session, room: RoomName = "", *, nick: Nick) -> None:
    """Ops: let somebody speak where not everybody may (/lock talk)."""
    _change(hub, session, room, Change(Mode.VOICE, True, nick))


@command(example="/devoice bob", rank=Rank.OP)
def devoice(hub: Hub, session: Session, room: RoomName = "", *, nick: Nick) -> None:
    """Ops: take somebody's voice back."""
    _change(hub, session, room, Change(Mode.VOICE, False, nick))


@command(example="/founder bob", rank=Rank.FOUNDER)
def founder(hub: Hub, session: Session, room: RoomName = "", *, nick: Nick) -> None:
    """Founders: make somebody a founder, too: who may do what ops may, and whom no op can do anything."""
    _change(hub, session, room, Change(Mode.FOUNDER, True, nick))


@command(example="/unfounder bob", rank=Rank.FOUNDER)
def unfounder(hub: Hub, session: Session, room: RoomName = "", *, nick: Nick) -> None:
    """Founders: let somebody be a founder no more; yourself, too."""
    _change(hub, session, room, Change(Mode.FOUNDER, False, nick))


@command(example="/lock key sesame", rank=Rank.OP)
def lock(hub: Hub, session: Session, room: RoomName = "", what: Word = "", value: Word = "") -> None:
    """Ops: let in only who is invited; or lock topic, talk, read-only, key KEY, limit N, hidden, outside."""
    mode = _lock(what)
    if bool(value) != (mode in (Mode.KEY, Mode.LIMIT)):
        raise Refused("bad-arguments", "Type it like this: /lock, /lock topic, /lock key sesame or /lock limit 20")
    _change(hub, session, room, Change(mode, True, value))


@command(example="/unlock key", rank=Rank.OP)
def unlock(hub: Hub, session: Session, room: RoomName = "", what: Word = "") -> None:
    """Ops: let everybody in again; or unlock topic, talk, read-only, key, limit, hidden, outside."""
    _change(hub, session, room, Change(_lock(what), False))


@command(example="/slow 30s", rank=Rank.OP)
def slow(hub: Hub, session: Session, room: RoomName = "", *, pause: Word) -> None:
    """Ops: let who has no rank speak only once in so many seconds; /slow off ends that."""
    off = pause.lower() in ("off", "0")
    _change(hub, session, room, Change(Mode.SLOW, not off, "" if off else pause))


@command(example="/announce #dev the exam begins", rank=Rank.OP)
def announce(hub: Hub, session: Session, room: Place = "", *, text: Text) -> None:
    """Ops: say something in a room that nobody is to overlook; admins: without a room, to everybody on the server."""
    if room:
        announcing.announce(hub, session, hub.room_seen(session, room), text)
    else:
        announcing.announce_to_all(hub, session, text)


@command("mode", example="/modes #dev")
def modes(hub: Hub, session: Session, room: RoomName = "") -> None:
    """Tell how a room is locked."""
    found = hub.room_seen(session, room)
    inside = session.member in found.members or session.member.admin
    text = "; ".join(_described(found, inside=inside)) or "nothing is locked"
    session.tell(Notice(ref=session.ref, text=f"{found.name}: {text}."))


def _described(room: Room, *, inside: bool) -> Iterable[str]:
    """Say how a room is set, as far as it is not like a new one; its key only to who is ``inside``."""
    flags, key, limit = room.modes.flags, room.modes.key, room.modes.limit
    if Mode.INVITE_ONLY in flags:
        yield "only who is invited may come in"
    if key:
        yield f"the key is {key}" if inside else "it has a key"
    if limit:
        yield f"at most {limit:,} may be in it"
    if Mode.MODERATED in flags:
        yield "only ops and who has voice may speak"
    if Mode.READ_ONLY in flags:
        yield "only ops may speak"
    if room.modes.slow:
        yield f"everybody may speak once in {span(room.modes.slow)}"
    if Mode.TOPIC_LOCKED in flags:
        yield "only ops may change the topic"
    if Mode.HIDDEN in flags:
        yield "it is in no list"
    if Mode.MEMBERS_ONLY not in flags:
        yield "words from outside are let in"
    for mode, word in ((Mode.BAN, "ban"), (Mode.MUTE, "mute")):
        if count := len(room.modes.lists[mode]):
            yield f"{count} {word}{'s' if count > 1 else ''} (/bans)"


def _lock(what: str) -> Mode:
    mode = LOCKS.get(what.lower() or "invite")
    if mode is None:
        *most, last = LOCKS
        raise Refused("bad-arguments", f"There is no lock {what}. There are {', '.join(most)} and {last}.")
    return mode


def _change(hub: Hub, session: Session, room: str, change: Change) -> None:
    """Let a change hold, or say that it holds already."""
    found = hub.room_seen(session, room)
    settled = governing.settle(hub, session, found, change)
    if settled is not None:
        governing.change(hub, session, found, [settled])
    else:
        session.tell(Notice(ref=session.ref, text=f"That is so in {found.name} already."))
