"""The rules of a room: who may come in, speak, and change it.  Each check raises Refused, or lets it be.

A server's admin may do all that an op may, and comes in everywhere.  The lobby is open to everybody: nobody could
come into the chat without it.
"""

from __future__ import annotations

import re

from lanchat.core.accounts import Account
from lanchat.core.errors import Refused
from lanchat.core.members import Member
from lanchat.core.modes import GOVERNING, RANKS, Mode, why
from lanchat.core.names import LOBBY, fold
from lanchat.core.room import Room


def check_entry(room: Room, member: Member, key: str = "") -> None:
    """See whether a newcomer may come into a room.

    An invitation opens what is locked, as IRC servers have it, and lifts no ban.  So does it to have been there until
    the connection dropped: who comes back is known by nick and host.
    Raises Refused ``banned``, ``invite-only``, ``wrong-key`` or ``room-full``.
    """
    modes, name = room.modes, room.name
    if member.admin or modes.plain or fold(name) == LOBBY:
        return
    if _rank(room, member) in GOVERNING:
        return
    if modes.bars(member.traits):
        ban = modes.fitting(Mode.BAN, member.traits)
        assert ban is not None
        raise Refused("banned", f"You are banned from {name}{why(ban)}. Only its ops can lift that.")
    if member in room.invited or room.expects(member):
        return
    if Mode.INVITE_ONLY in modes.flags and not modes.names(Mode.ALLOWED, member.traits):
        raise Refused("invite-only", f"Only who is invited may come into {name}. Ask one of its ops to /invite you.")
    if modes.key and key != modes.key:
        raise Refused("wrong-key", f"{name} has a key. Type it behind the name: /join {name} KEY")
    if modes.limit and len(room.members) >= modes.limit:
        raise Refused("room-full", f"{name} is full: at most {modes.limit:,} may be in it. Try again later.")


def check_speech(room: Room, member: Member) -> None:
    """See whether somebody may speak in a room; where nothing is set that costs next to nothing.

    Raises Refused ``not-there`` or ``may-not-speak``.
    """
    modes = room.modes
    inside = member in room.members
    if inside and modes.all_may_speak:
        return
    if not inside and Mode.MEMBERS_ONLY in modes.flags:
        check_inside(room, member)
    rank = room.rank(member)
    if member.admin or rank in GOVERNING:
        return
    if Mode.READ_ONLY in modes.flags:
        raise Refused("may-not-speak", f"Only ops may speak in {room.name}: it is for announcements.")
    if rank is not None:
        return
    if Mode.MODERATED in modes.flags:
        raise Refused("may-not-speak", f"Only ops and who has voice may speak in {room.name}. Ask an op for /voice.")
    if modes.mutes(member.traits):
        mute = modes.fitting(Mode.MUTE, member.traits)
        assert mute is not None
        raise Refused("may-not-speak", f"You are muted in {room.name}{why(mute)}. Ask one of its ops.")
    if modes.bars(member.traits):
        raise Refused("may-not-speak", f"You are banned from {room.name} and may not speak there. Ask one of its ops.")


def is_barred(room: Room, member: Member, traits: tuple[str, ...] = ()) -> bool:
    """Say whether somebody may not be in a room, because of a ban: its ops always may.

    ``traits`` are those by which they are known (`Member.traits`), if not by those of the member.
    """
    if not room.modes.lists[Mode.BAN] or member.admin or fold(room.name) == LOBBY or _rank(room, member) in GOVERNING:
        return False
    return room.modes.bars(traits or member.traits)


def check_rename(member: Member, nick: str = "") -> None:
    """See whether somebody may take another nick, or another name: everybody around would read it.

    Raises Refused ``may-not-rename`` for who is muted in a room where they are, or would be banned from it then.
    """
    traits = tuple([re.sub("^[^!:]*!", lambda _: f"{nick}!", each) for each in member.traits])
    for room in member.rooms:
        if nick and is_barred(room, member, traits):
            text = f"{nick} is banned from {room.name}, where you are. Take another name, or /part {room.name} first."
            raise Refused("may-not-rename", text)
        if is_silenced(room, member):
            text = f"You may not speak in {room.name}, and have to keep your name there. /part {room.name} leaves it."
            raise Refused("may-not-rename", text)


def unsaid(member: Member, text: str) -> str:
    """Give what somebody says by the way to all around them (why they leave, say); nothing if they are muted there."""
    return "" if text and any(is_silenced(room, member) for room in member.rooms) else text


def is_silenced(room: Room, member: Member) -> bool:
    """Say whether something was said against somebody's speaking in a room: a ban or a mute, and no lock."""
    modes = room.modes
    if not (modes.lists[Mode.MUTE] or modes.lists[Mode.BAN]) or member.admin or room.rank(member) is not None:
        return False
    return modes.mutes(member.traits) or modes.bars(member.traits)


def may_speak(room: Room, member: Member) -> bool:
    """Say whether somebody may speak in a room."""
    try:
        check_speech(room, member)
    except Refused:
        return False
    return True


def check_inside(room: Room, member: Member) -> None:
    """See whether somebody is in a room.  Raises Refused ``not-there``."""
    if member not in room.members:
        raise Refused("not-there", f"You are not in {room.name}. /join {room.name} goes there.")


def check_op(room: Room, member: Member) -> None:
    """See whether somebody may change a room and remove people.  Raises Refused ``not-op``."""
    if room.governed_by(member) or member.admin:
        return
    if fold(room.name) == LOBBY:
        raise Refused("not-op", f"{room.name} is everybody's: only an admin of the server may do that there.")
    raise Refused("not-op", f"Only an op of {room.name} may do that. /names {room.name} shows who is one.")


def check_founder(room: Room, member: Member) -> None:
    """See whether somebody may say who founds a room.  Raises Refused ``not-founder``."""
    if not (member.admin or member in room.ranked[Mode.FOUNDER]):
        raise Refused(
            "not-founder", f"Only a founder of {room.name} may do that. /names {room.name} shows who is one."
        )


def check_over(room: Room, member: Member, other: Member | Account) -> None:
    """See whether somebody may turn against another: no op against a founder, and only admins against an admin.

    Raises Refused ``is-admin`` or ``is-founder``.
    """
    if member.admin or other in (member, member.account):
        return
    name, account = (other.nick, other.account) if isinstance(other, Member) else (other.name, other)
    if other.admin or (account is not None and account.admin):
        raise Refused("is-admin", f"{name} is an admin of the server: only another admin may do that.")
    founds = _rank(room, other) is Mode.FOUNDER
    if founds and member not in room.ranked[Mode.FOUNDER]:
        raise Refused("is-founder", f"{name} is a founder of {room.name}: only another founder may do that.")


def _rank(room: Room, who: Member | Account) -> Mode | None:
    """Give the highest rank that somebody has in a room, or would have there."""
    held = room.rank(who) if isinstance(who, Member) else None
    account = who.account if isinstance(who, Member) else who
    kept = room.modes.kept_rank(account.name) if account is not None else None
    return min([rank for rank in (held, kept) if rank is not None], key=RANKS.index, default=None)


def is_shown(room: Room, member: Member) -> bool:
    """Say whether somebody may know of a room, and of who is in it."""
    return member in room.members or Mode.HIDDEN not in room.modes.flags or member.admin


def is_seen(member: Member, by: Member) -> bool:
    """Say whether somebody finds a member without knowing the nick."""
    return not member.invisible or by.admin or member is by or not member.rooms.keys().isdisjoint(by.rooms)


def rooms_shown(member: Member, by: Member) -> list[Room]:
    """Give the rooms of a member that somebody may know of: of who is invisible, those that they share."""
    if by.admin or by is member:
        return list(member.rooms)
    return [
        room
        for room in member.rooms
        if by in room.members or not (member.invisible or Mode.HIDDEN in room.modes.flags)
    ]
