"""Restricting: bans, mutes, and what exempts from them, as people ask for them; and for how long.

A mask is a line in a list.  Somebody who is named besides loses the ranks that would stand against it: a ban that an
op's rank overrides would be none.
"""

from __future__ import annotations

from lanchat.core.errors import Refused
from lanchat.core.governing import change, has_rank, settle
from lanchat.core.hub import Hub
from lanchat.core.masks import ADDRESS
from lanchat.core.members import Member
from lanchat.core.modes import RANKS, Change, Listed, Mode, called, holds, why
from lanchat.core.room import Room
from lanchat.core.rules import check_op, check_over
from lanchat.core.session import Session
from lanchat.core.times import duration, local_clock, local_day
from lanchat.core.whom import listed_for, meant

LONGEST = 10 * 365 * 86_400.0
"""Seconds for which something may hold; longer than that is for good."""
AGAINST = (Mode.BAN, Mode.MUTE)
"""The lists that stand against those who are on them."""
_WORDS = {
    Mode.BAN: "is banned",
    Mode.MUTE: "is muted",
    Mode.EXEMPT: "is exempt from bans and mutes",
    Mode.ALLOWED: "needs no invitation",
}


def end_of(hub: Hub, time: str) -> str:
    """Give the moment when something ends that begins now; empty: never.  Raises Refused ``bad-arguments``."""
    if not time:
        return ""
    try:
        seconds = duration(time)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= LONGEST:
        text = f"{time} is no time that something can hold. Type 30s, 10m, 2h, 1d or 1w, or none for good."
        raise Refused("bad-arguments", text)
    return hub.stamp_at(hub.now() + seconds)


def restrict(
    hub: Hub, session: Session, room: Room, mode: Mode, whom: str, *, time: str = "", reason: str = ""
) -> bool:
    """Put somebody on a list of a room; say whether that changes anything.  Whom a ban fits has to leave.

    Raises Refused ``bad-arguments``, ``too-long``, as `whom.meant` and `governing.settle` do, and where somebody is
    named against whom one may do nothing.
    """
    check_op(room, session.member)
    hub.check_length(reason, "A reason")
    until = end_of(hub, time)
    found = meant(hub, session, whom)
    changes: list[Change] = []
    for person in found.people if mode in AGAINST else ():
        check_over(room, session.member, person)
        if person is session.member:
            continue
        nick = person.nick if isinstance(person, Member) else person.name
        for rank in [rank for rank in RANKS if has_rank(room, rank, person)]:
            _settle(hub, session, room, Change(rank, False, nick), changes)
    for mask in found.masks:
        _settle(hub, session, room, Change(mode, True, mask, until, reason, whom=found.named), changes)
    change(hub, session, room, changes)
    return bool(changes)


def lift(hub: Hub, session: Session, room: Room, mode: Mode, whom: str) -> None:
    """Take a mask off a list; or for a nick, all by which somebody is on it.  Raises Refused ``not-listed``."""
    check_op(room, session.member)
    listed = listed_for(hub, session, whom, room.modes.lists[mode].values())
    if not listed:
        raise Refused("not-listed", f"{whom} is not in that list of {room.name}. /bans shows who is.")
    change(hub, session, room, [Change(mode, False, each.mask, whom=each.whom) for each in listed])


def described(room: Room, member: Member) -> list[str]:
    """Give a line for each on the lists of a room; addresses are shown to those who may ban alone."""
    now, governs = room.modes.now(), member.admin or room.governed_by(member)
    return [
        f"{_shown(each, governs=governs)} {_WORDS[mode]}{why(each)}, "
        f"by {each.by or 'the server'}, {local_day(each.time)} {local_clock(each.time)}"
        for mode, listed in room.modes.lists.items()
        for each in listed.values()
        if holds(each, now)
    ]


def _shown(listed: Listed, *, governs: bool) -> str:
    return "an address" if listed.mask.startswith(ADDRESS) and not governs else called(listed.mask, listed.whom)


def _settle(hub: Hub, session: Session, room: Room, wanted: Change, changes: list[Change]) -> None:
    settled = settle(hub, session, room, wanted, changes)
    if settled is not None:
        changes.append(settled)
