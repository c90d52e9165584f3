"""Ranks that accounts have in rooms: they are given back whenever the account comes in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lanchat.core.events import Changed
from lanchat.core.masks import ACCOUNT
from lanchat.core.modes import GOVERNING, RANKS, Change, Mode, Modes
from lanchat.core.names import fold
from lanchat.core.replies import Notice
from lanchat.core.room import Room
from lanchat.core.session import Session

if TYPE_CHECKING:
    from lanchat.core.accounts import Account
    from lanchat.core.hub import Hub

MOST = 100
"""Rooms that one account is op or founder of, and that are kept for it."""


def grant(hub: Hub, session: Session, room: Room, *, new: bool = False) -> None:
    """Give a member the rank that their account has in a room; who makes a ``new`` one is its founder.

    And what rank a guest has who has logged in just now is their account's from then on.  Who has many rooms already
    has the next one only for as long as somebody is in it: no room that is somebody's is forgotten.
    """
    member = session.member
    if member.account is None:
        return
    held, kept = room.rank(member), room.modes.kept_rank(member.account.name)
    founded = Mode.FOUNDER if new and room is not hub.lobby else None
    rank = min([each for each in (founded, held, kept) if each is not None], key=RANKS.index, default=None)
    if rank is None or (rank is held and rank is kept):
        return
    if kept is None and rank in GOVERNING and _governed(hub, member.account) >= MOST:
        text = f"{MOST} rooms are yours already: {room.name} is not kept for you. /help deop says how to give one up."
        session.answer(Notice(text=text))
        return
    change = Change(rank, True, member.nick, kept=True)
    hub.submit(session, Changed(time=hub.stamp(), room=room.name, nick="", changes=[change]))


def _governed(hub: Hub, account: Account) -> int:
    """Count the rooms that are kept for an account."""
    key = fold(account.name)
    return sum([any(key in room.modes.ranks[rank] for rank in GOVERNING) for room in hub.rooms.values()])


def bequeathed(modes: Modes, name: str) -> list[Change]:
    """Give the changes that leave nothing of an account's in a room to whoever gets its name next.

    Those are its ranks, and masks by which it needs no invitation or no ban holds; what is said against it stays.
    """
    key = fold(name)
    ranks = [Change(rank, False, ranked[key].mask) for rank, ranked in modes.ranks.items() if key in ranked]
    masks = [
        Change(mode, False, listed.mask, whom=listed.whom)
        for mode in (Mode.EXEMPT, Mode.ALLOWED)
        for mask, listed in modes.lists[mode].items()
        if key in (mask.removeprefix(ACCOUNT), mask.partition("!")[0])
    ]
    return ranks + masks
