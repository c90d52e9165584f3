"""Governing: what the ops of a room do with it, and with who is in it.  The rules themselves are in `rules`.

Whatever a door takes for a change is settled first (`settle`): it may be had, means something, and stands in the form
in which it is shown.  What was settled is submitted as one event (`change`).
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from lanchat.core.accounts import Account
from lanchat.core.clean import clean
from lanchat.core.errors import Refused
from lanchat.core.events import Changed, Kicked
from lanchat.core.hub import Hub
from lanchat.core.members import Member
from lanchat.core.modes import LISTS, RANKS, Change, Mode
from lanchat.core.names import LOBBY, fold
from lanchat.core.nobody import nobody
from lanchat.core.room import Room
from lanchat.core.rules import check_founder, check_op, check_over, is_barred
from lanchat.core.session import Session
from lanchat.core.times import duration
from lanchat.core.whom import mask_of

LISTED = 100
"""Masks in all the lists of one room."""
LONGEST_MASK = 200
"""Characters of a mask."""
LONGEST_KEY = 23
"""Characters of a key (RFC 2812, section 2.3.1)."""
SLOWEST = 21_600
"""The longest pause of a slow room, in seconds."""
FULLEST = 1_000_000
"""The highest limit that a room can have."""
TOGETHER = 20
"""Changes in one event."""
_DOORS = (Mode.INVITE_ONLY, Mode.KEY, Mode.LIMIT)
"""What keeps people out of a room whom nothing is said against."""


def settle(hub: Hub, session: Session, room: Room, change: Change, pending: Sequence[Change] = ()) -> Change | None:
    """Check one change that is wanted, and give it as it will be shown; None where it would change nothing.

    ``pending`` is what was settled before it and is not submitted yet.  What is taken away needs no value, but for a
    rank and a mask.  Everybody may take away their own rank.
    Raises Refused ``not-op``, ``not-founder``, ``is-founder``, ``is-admin``, ``last-founder``, ``no-such-nick``,
    ``not-in-room``, ``bad-mode-value``, ``lobby-open`` or ``list-full``.
    """
    mode, on = change.mode, change.on
    if mode in RANKS:
        return _rank(hub, session, room, change, pending)
    check_op(room, session.member)
    if on and mode in _DOORS and room is hub.lobby:
        raise Refused("lobby-open", f"{LOBBY} is where everybody comes in: it cannot be locked. Make another room.")
    if mode in LISTS:
        return _mask(room, change, pending)
    before = _before(room, mode, "", pending)
    settled = Change(mode, on, _value(change) if on else "")
    return None if settled == before or not (on or before.on) else settled


def change(hub: Hub, session: Session, room: Room, changes: Sequence[Change]) -> None:
    """Let settled changes hold; where there are none nothing happens.

    Who is banned by them leaves the room, whatever they are called and however many clients they have there.
    """
    nick = session.member.nick
    for start in range(0, len(changes), TOGETHER):
        some = list(changes[start : start + TOGETHER])
        hub.submit(session, Changed(time=hub.stamp(), room=room.name, nick=nick, changes=some))
    bans = [each for each in changes if each.mode is Mode.BAN and each.on]
    if bans or any(not each.on and each.mode in (Mode.EXEMPT, *RANKS) for each in changes):
        why = bans[0].reason if bans else "" if nick else "banned"
        for member in [member for member in room.members if is_barred(room, member)]:
            _remove(hub, session, room, member, why)


def kick(hub: Hub, session: Session, room: Room, member: Member, reason: str = "") -> None:
    """Make somebody leave a room: who looks at it is shown another one, the lobby if there is no other.

    Raises Refused ``not-op``, ``not-in-room``, ``is-admin``, ``is-founder``, ``last-room`` or ``too-long``.
    """
    check_op(room, session.member)
    hub.check_length(reason, "A reason")
    if member not in room.members:
        raise not_in_room(room, member.nick)
    check_over(room, session.member, member)
    if room is hub.lobby and len(member.rooms) == 1 and any(each.one_view for each in member.sessions):
        raise Refused("last-room", f"{member.nick} is in no other room than {LOBBY}, and has to be somewhere.")
    _remove(hub, session, room, member, reason)


def sweep(hub: Hub) -> None:
    """Take away whatever has had its time, in all rooms and for the whole server: it holds no more anyway.

    Called every few seconds.
    """
    now = hub.stamp()
    hub.server_bans.sweep()
    for room in list(hub.rooms.values()):
        if over := room.modes.over(now):
            change(hub, nobody(hub), room, over)


def not_in_room(room: Room, nick: str) -> Refused:
    """Say that somebody is not in a room."""
    return Refused("not-in-room", f"{nick} is not in {room.name}. /names {room.name} shows who is.")


def _remove(hub: Hub, session: Session, room: Room, member: Member, reason: str) -> None:
    looking = [each for each in member.sessions if each.one_view and each.view is room]
    who, nick = member.nick, session.member.nick
    hub.submit(session, Kicked(time=hub.stamp(), room=room.name, nick=nick, who=who, reason=reason))
    hub.look_elsewhere(looking)


def _rank(hub: Hub, session: Session, room: Room, change: Change, pending: Sequence[Change]) -> Change | None:
    """Settle a change of a rank: of somebody who is in the room, or of an account, wherever it is."""
    by, rank = session.member, change.mode
    member = hub.people.members.get(fold(change.value))
    account = member.account if member is not None else hub.accounts.find(change.value)
    who = member or account or hub.people.find(change.value)
    nick = who.nick if isinstance(who, Member) else who.name
    if change.on or who is not by:
        check_op(room, by)
        if rank is Mode.FOUNDER:
            check_founder(room, by)
        elif not change.on:
            check_over(room, by, who)
    if account is None and member not in room.members:
        raise not_in_room(room, nick)
    settled = Change(rank, change.on, nick, kept=account is not None)
    before = _last(pending, rank, nick)
    held = member is None or member not in room.members or member in room.ranked[rank]
    kept = account is None or fold(nick) in room.modes.ranks[rank]
    was = before.on if before is not None else (held and kept) if change.on else has_rank(room, rank, who)
    if change.on == was:
        return None
    if rank is Mode.FOUNDER and not change.on and not by.admin and account is not None:
        _check_last_founder(room, account, pending)
    return settled


def has_rank(room: Room, rank: Mode, who: Member | Account) -> bool:
    """Say whether somebody has a rank in a room, whether that is kept or not."""
    account = who.account if isinstance(who, Member) else who
    return who in room.ranked[rank] or (account is not None and fold(account.name) in room.modes.ranks[rank])


def _check_last_founder(room: Room, account: Account, pending: Sequence[Change]) -> None:
    """Let no room lose the last account that founds it: nobody could give it another one.  Raises ``last-founder``."""
    founders = set(room.modes.ranks[Mode.FOUNDER])
    for each in pending:
        if each.mode is Mode.FOUNDER and each.kept:
            (founders.add if each.on else founders.discard)(fold(each.value))
    if founders == {fold(account.name)}:
        text = f"{account.name} is the last founder of {room.name}. /founder NICK makes somebody else one first."
        raise Refused("last-founder", text)


def _mask(room: Room, change: Change, pending: Sequence[Change]) -> Change | None:
    """Settle a change of a list; one that is listed may be given another end, or another reason."""
    typed = clean(change.value).strip()
    if not typed or " " in typed or typed.startswith(":") or len(mask := mask_of(typed)) > LONGEST_MASK:
        raise Refused(
            "bad-mode-value",
            f"That is no mask: a nick, or NICK!USER@HOST with * for what does not matter, at most {LONGEST_MASK} "
            "characters and no spaces.",
        )
    before = _before(room, change.mode, mask, pending)
    if not change.on:
        return Change(change.mode, False, before.value, whom=before.whom) if before.on else None
    settled = replace(change, value=before.value if before.on else mask)
    if before.on:
        return None if settled == before or not (change.until or change.reason or before.until) else settled
    listed = sum(map(len, room.modes.lists.values()))
    listed += sum([1 if each.on else -1 for each in pending if each.mode in LISTS])
    if listed >= LISTED:
        raise Refused(
            "list-full", f"{room.name} has {LISTED} masks in its lists. /bans shows them: take one away first."
        )
    return settled


def _before(room: Room, mode: Mode, value: str, pending: Sequence[Change]) -> Change:
    """Give what holds before a change: what was changed last, or how the room is."""
    last = _last(pending, mode, value)
    if last is not None:
        return last
    if mode in LISTS:
        listed = room.modes.lists[mode].get(fold(value))
        if listed is None:
            return Change(mode, False, value)
        return Change(mode, True, listed.mask, listed.until, listed.reason, whom=listed.whom)
    if mode is Mode.KEY:
        return Change(mode, bool(room.modes.key), room.modes.key)
    if mode is Mode.LIMIT:
        return Change(mode, bool(room.modes.limit), str(room.modes.limit or ""))
    if mode is Mode.SLOW:
        return Change(mode, bool(room.modes.slow), str(room.modes.slow or ""))
    return Change(mode, mode in room.modes.flags)


def _last(pending: Sequence[Change], mode: Mode, value: str) -> Change | None:
    """Give what was settled last of a mode, and of whom or what it is about."""
    for each in reversed(pending):
        if each.mode is mode and (mode not in (*RANKS, *LISTS) or fold(each.value) == fold(value)):
            return each
    return None


def _value(change: Change) -> str:
    """Give the value of a mode that has one, as it is shown.  Raises Refused ``bad-mode-value``."""
    match change.mode:
        case Mode.KEY:
            return _key(change.value)
        case Mode.LIMIT:
            return _limit(change.value)
        case Mode.SLOW:
            return _slow(change.value)
        case _:
            return ""


def _key(value: str) -> str:
    if not 0 < len(value) <= LONGEST_KEY or value[0] == ":" or "," in value or " " in value or not value.isprintable():
        raise Refused(
            "bad-mode-value",
            f"A key has 1 to {LONGEST_KEY} characters, no spaces and no commas, and does not begin with a colon.",
        )
    return value


def _limit(value: str) -> str:
    if not (value.isascii() and value.isdigit() and len(value) <= len(str(FULLEST)) and 0 < int(value) <= FULLEST):
        raise Refused("bad-mode-value", f"A limit is a number of people, from 1 to {FULLEST:,}.")
    return str(int(value))


def _slow(value: str) -> str:
    try:
        pause = int(float(value) if value.isascii() and value.isdigit() else duration(value))
    except (ValueError, OverflowError):
        pause = 0
    if not 0 < pause <= SLOWEST:
        raise Refused("bad-mode-value", f"Type seconds or a time, up to {SLOWEST // 3600}h: /slow 30 or /slow 2m")
    return str(pause)
