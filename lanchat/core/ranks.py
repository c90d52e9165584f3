"""Ranks that accounts have in rooms: they are given back whenever the account comes in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lanchat.core.events import Changed
from lanchat.core.modes import Change, Mode
from lanchat.core.room import Room
from lanchat.core.session import Session

if TYPE_CHECKING:
    from lanchat.core.hub import Hub


def grant(hub: Hub, session: Session, room: Room, *, new: bool = False) -> None:
    """Give a member the rank that their account has in a room; who makes a ``new`` one is its founder.

    And what rank a guest has who has logged in just now is their account's from then on.
    """
    member = session.member
    if member.account is None:
        return
    held, kept = room.rank(member), room.modes.kept_rank(member.account.name)
    rank = Mode.FOUNDER if new and room is not hub.lobby else kept or held
    if rank is None or (rank is held and rank is kept):
        return
    change = Change(rank, True, member.nick, kept=True)
    hub.submit(session, Changed(time=hub.stamp(), room=room.name, nick="", changes=[change]))
