"""Governing: what the ops of a room do with it, and with who is in it.  The rules themselves are in `rules`.

Whatever a door takes for a change is settled first (`settle`): it may be had, means something, and stands in the form
in which it is shown.  What was settled is submitted as one event (`change`).
"""

from __future__ import annotations

from collections.abc import Sequence

from lanchat.core.clean import clean
from lanchat.core.errors import Refused
from lanchat.core.events import Changed, Kicked
from lanchat.core.hub import Hub
from lanchat.core.masks import whole
from lanchat.core.members import Member
from lanchat.core.modes import LISTS, RANKS, Change, Mode
from lanchat.core.names import LOBBY, fold
from lanchat.core.room import Room
from lanchat.core.rules import check_op
from lanchat.core.session import Session

LISTED = 100
"""Masks in all the lists of one room."""
LONGEST_MASK = 200
"""Characters of a mask."""
LONGEST_KEY = 23
"""Characters of a key (RFC 2812, section 2.3.1)."""
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
    Raises Refused ``not-op``, ``no-such-nick``, ``not-in-room``, ``bad-mode-value``, ``lobby-open`` or ``list-full``.
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
    value = ""
    if on and mode is Mode.KEY:
        value = _key(change.value)
    elif on and mode is Mode.LIMIT:
        value = _limit(change.value)
    settled = Change(mode, on, value)
    return None if settled == before or not (on or before.on) else settled


def change(hub: Hub, session: Session, room: Room, changes: Sequence[Change]) -> None:
    """Let settled changes hold; where there are none nothing happens."""
    nick = session.member.nick
    for start in range(0, len(changes), TOGETHER):
        some = list(changes[start : start + TOGETHER])
        hub.submit(session, Changed(time=hub.stamp(), room=room.name, nick=nick, changes=some))


def kick(hub: Hub, session: Session, room: Room, member: Member, reason: str = "") -> None:
    """Make somebody leave a room: who looks at it is shown another one, the lobby if there is no other.

    Raises Refused ``not-op``, ``not-in-room``, ``is-admin``, ``last-room`` or ``too-long``.
    """
    check_op(room, session.member)
    hub.check_length(reason, "A reason")
    if member not in room.members:
        raise Refused("not-in-room", f"{member.nick} is not in {room.name}. /names {room.name} shows who is.")
    if member.admin and not session.member.admin:
        raise Refused("is-admin", f"{member.nick} is an admin of the server: only another admin may do that.")
    settled = [each for each in member.sessions if each.one_view]
    if room is hub.lobby and settled and len(member.rooms) == 1:
        raise Refused("last-room", f"{member.nick} is in no other room than {LOBBY}, and has to be somewhere.")
    looking = [each for each in settled if each.view is room]
    who, nick = member.nick, session.member.nick
    hub.submit(session, Kicked(time=hub.stamp(), room=room.name, nick=nick, who=who, reason=reason))
    hub.look_elsewhere(looking)


def _rank(hub: Hub, session: Session, room: Room, change: Change, pending: Sequence[Change]) -> Change | None:
    member = hub.people.find(change.value)
    if change.on or member is not session.member:
        check_op(room, session.member)
    if member not in room.members:
        raise Refused("not-in-room", f"{member.nick} is not in {room.name}. /names {room.name} shows who is.")
    settled = Change(change.mode, change.on, member.nick)
    return None if settled == _before(room, change.mode, member.nick, pending, member) else settled


def _mask(room: Room, change: Change, pending: Sequence[Change]) -> Change | None:
    mask = whole(clean(change.value).strip())
    if not change.value.strip() or " " in mask or mask.startswith(":") or len(mask) > LONGEST_MASK:
        raise Refused(
            "bad-mode-value",
            f"That is no mask: a nick, or NICK!USER@HOST with * for what does not matter, at most {LONGEST_MASK} "
            "characters and no spaces.",
        )
    before = _before(room, change.mode, mask, pending)
    if change.on == before.on:
        return None
    if not change.on:
        return Change(change.mode, False, before.value)
    listed = sum(map(len, room.modes.lists.values()))
    listed += sum([1 if each.on else -1 for each in pending if each.mode in LISTS])
    if listed >= LISTED:
        raise Refused(
            "list-full", f"{room.name} has {LISTED} masks in its lists. /bans shows them: take one away first."
        )
    return Change(change.mode, True, mask)


def _before(room: Room, mode: Mode, value: str, pending: Sequence[Change], member: Member | None = None) -> Change:
    """Give what holds before a change: what was changed last, or how the room is."""
    for each in reversed(pending):
        if each.mode is mode and (mode not in (*RANKS, *LISTS) or fold(each.value) == fold(value)):
            return each
    if member is not None:
        return Change(mode, member in room.ranked[mode], value)
    if mode in LISTS:
        listed = room.modes.lists[mode].get(fold(value))
        return Change(mode, listed is not None, listed.mask if listed else value)
    if mode is Mode.KEY:
        return Change(mode, bool(room.modes.key), room.modes.key)
    if mode is Mode.LIMIT:
        return Change(mode, bool(room.modes.limit), str(room.modes.limit or ""))
    return Change(mode, mode in room.modes.flags)


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
