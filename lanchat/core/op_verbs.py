"""The commands for those who govern a room, and the questions how it is governed.  The docstring is the help."""

from __future__ import annotations

from collections.abc import Iterable

from lanchat.core import governing
from lanchat.core.commands import Nick, Rank, RoomName, Table, Text, Whom, Word
from lanchat.core.errors import Refused
from lanchat.core.hub import Hub
from lanchat.core.masks import fits, whole
from lanchat.core.modes import Change, Mode
from lanchat.core.names import fold
from lanchat.core.replies import Notice
from lanchat.core.room import Room
from lanchat.core.rules import check_op
from lanchat.core.session import Session
from lanchat.core.times import local_clock, local_day

TABLE = Table()
"""The commands of this file; `verbs.TABLE` has them too."""

command = TABLE.command

LOCKS = {
    "invite": Mode.INVITE_ONLY,
    "key": Mode.KEY,
    "limit": Mode.LIMIT,
    "talk": Mode.MODERATED,
    "topic": Mode.TOPIC_LOCKED,
    "hidden": Mode.HIDDEN,
    "outside": Mode.MEMBERS_ONLY,
}
"""What can be locked, and in which words."""


@command("remove", example="/kick mallory no adverts here", rank=Rank.OP)
def kick(hub: Hub, session: Session, room: RoomName = "", *, nick: Nick, reason: Text = "") -> None:
    """Ops: make somebody leave the room; /ban keeps them out."""
    governing.kick(hub, session, hub.room_seen(session, room), hub.people.find(nick), reason)


@command(example="/ban mallory adverts", rank=Rank.OP)
def ban(hub: Hub, session: Session, room: RoomName = "", *, whom: Whom, reason: Text = "") -> None:
    """Ops: remove somebody, and keep all at that machine out; NICK!*@* keeps out one nick, and removes nobody."""
    found = hub.room_seen(session, room)
    check_op(found, session.member)
    hub.check_length(reason, "A reason")
    member = None if _is_mask(whom) else hub.people.members.get(fold(whom))
    _change(hub, session, found, Change(Mode.BAN, True, _mask(hub, session, whom)))
    stays = found is hub.lobby or member is session.member  # in the lobby a ban only silences
    if member is not None and member in found.members and not stays:
        governing.kick(hub, session, found, member, reason)


@command(example="/unban mallory", rank=Rank.OP)
def unban(hub: Hub, session: Session, room: RoomName = "", *, whom: Whom) -> None:
    """Ops: let somebody in again, whichever bans it was; or lift the ban of a mask."""
    _strike(hub, session, room, Mode.BAN, whom)


@command("banlist", example="/bans #dev")
def bans(hub: Hub, session: Session, room: RoomName = "") -> None:
    """List who is banned from a room, who is exempt from that, and who needs no invitation."""
    found = hub.room_of(session, room)
    words = {Mode.BAN: "is banned", Mode.EXEMPT: "is exempt from bans", Mode.ALLOWED: "needs no invitation"}
    lines = [
        f"{each.mask} {words[mode]}, by {each.by}, {local_day(each.time)} {local_clock(each.time)}"
        for mode, listed in found.modes.lists.items()
        for each in listed.values()
    ]
    session.tell(Notice(ref=session.ref, text="\n".join(lines) or f"Nobody is banned from {found.name}."))


@command(example="/exempt bob", rank=Rank.OP)
def exempt(hub: Hub, session: Session, room: RoomName = "", *, whom: Whom) -> None:
    """Ops: let no ban keep somebody out."""
    _list(hub, session, room, Mode.EXEMPT, whom)


@command(example="/unexempt bob", rank=Rank.OP)
def unexempt(hub: Hub, session: Session, room: RoomName = "", *, whom: Whom) -> None:
    """Ops: let bans keep somebody out again."""
    _strike(hub, session, room, Mode.EXEMPT, whom)


@command(example="/allow bob", rank=Rank.OP)
def allow(hub: Hub, session: Session, room: RoomName = "", *, whom: Whom) -> None:
    """Ops: let somebody into a locked room without an invitation, whenever they come."""
    _list(hub, session, room, Mode.ALLOWED, whom)


@command(example="/unallow bob", rank=Rank.OP)
def unallow(hub: Hub, session: Session, room: RoomName = "", *, whom: Whom) -> None:
    """Ops: let somebody into a locked room only by invitation again."""
    _strike(hub, session, room, Mode.ALLOWED, whom)


@command(example="/op bob", rank=Rank.OP)
def op(hub: Hub, session: Session, room: RoomName = "", *, nick: Nick) -> None:
    """Ops: make somebody an op, too: who may change the room and remove people."""
    _change(hub, session, hub.room_seen(session, room), Change(Mode.OP, True, nick))


@command(example="/deop bob", rank=Rank.OP)
def deop(hub: Hub, session: Session, room: RoomName = "", *, nick: Nick) -> None:
    """Ops: let somebody be an op no more; yourself, too."""
    _change(hub, session, hub.room_seen(session, room), Change(Mode.OP, False, nick))


@command(example="/voice bob", rank=Rank.OP)
def voice(hub: Hub, session: Session, room: RoomName = "", *, nick: Nick) -> None:
    """Ops: let somebody speak where not everybody may (/lock talk)."""
    _change(hub, session, hub.room_seen(session, room), Change(Mode.VOICE, True, nick))


@command(example="/devoice bob", rank=Rank.OP)
def devoice(hub: Hub, session: Session, room: RoomName = "", *, nick: Nick) -> None:
    """Ops: take somebody's voice back."""
    _change(hub, session, hub.room_seen(session, room), Change(Mode.VOICE, False, nick))


@command(example="/lock key sesame", rank=Rank.OP)
def lock(hub: Hub, session: Session, room: RoomName = "", what: Word = "", value: Word = "") -> None:
    """Ops: let in only who is invited; or lock topic, talk, key KEY, limit N, hidden, outside."""
    mode = _lock(what)
    if bool(value) != (mode in (Mode.KEY, Mode.LIMIT)):
        raise Refused("bad-arguments", "Type it like this: /lock, /lock topic, /lock key sesame or /lock limit 20")
    _change(hub, session, hub.room_seen(session, room), Change(mode, True, value))


@command(example="/unlock key", rank=Rank.OP)
def unlock(hub: Hub, session: Session, room: RoomName = "", what: Word = "") -> None:
    """Ops: let everybody in again; or unlock topic, talk, key, limit, hidden, outside."""
    _change(hub, session, hub.room_seen(session, room), Change(_lock(what), False))


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
    if Mode.TOPIC_LOCKED in flags:
        yield "only ops may change the topic"
    if Mode.HIDDEN in flags:
        yield "it is in no list"
    if Mode.MEMBERS_ONLY not in flags:
        yield "words from outside are let in"
    if banned := len(room.modes.lists[Mode.BAN]):
        yield f"{banned} {'bans' if banned > 1 else 'ban'} (/bans)"


def _lock(what: str) -> Mode:
    mode = LOCKS.get(what.lower() or "invite")
    if mode is None:
        *most, last = LOCKS
        raise Refused("bad-arguments", f"There is no lock {what}. There are {', '.join(most)} and {last}.")
    return mode


def _change(hub: Hub, session: Session, room: Room, change: Change) -> None:
    """Let a change hold, or say that it holds already."""
    settled = governing.settle(hub, session, room, change)
    if settled is not None:
        governing.change(hub, session, room, [settled])
    else:
        session.tell(Notice(ref=session.ref, text=f"That is so in {room.name} already."))


def _list(hub: Hub, session: Session, room: str, mode: Mode, whom: str) -> None:
    found = hub.room_seen(session, room)
    check_op(found, session.member)
    _change(hub, session, found, Change(mode, True, _mask(hub, session, whom)))


def _strike(hub: Hub, session: Session, room: str, mode: Mode, whom: str) -> None:
    """Take a mask off a list, or all those that fit somebody."""
    found = hub.room_seen(session, room)
    check_op(found, session.member)
    listed = found.modes.lists[mode]
    if _is_mask(whom):
        one = listed.get(fold(whole(whom)))
        struck = [one] if one else []
    else:
        mask = hub.people.mask(whom)
        struck = [each for each in listed.values() if fits(each.mask, mask)]
    if not struck:
        raise Refused("not-listed", f"{whom} is not in that list of {found.name}. /bans shows who is.")
    governing.change(hub, session, found, [Change(mode, False, each.mask) for each in struck])


def _is_mask(whom: str) -> bool:
    return not {"!", "@", "*", "?"}.isdisjoint(whom)


def _mask(hub: Hub, session: Session, whom: str) -> str:
    """Give the mask that is meant: a nick stands for the machine, unless that is one's own.

    Raises Refused ``no-such-nick``.
    """
    if _is_mask(whom):
        return whom
    known = hub.people.known(whom) or hub.people.find(whom)
    return f"*!*@{known.host}" if known.host != session.member.host else f"{known.nick}!*@*"
