"""Slow mode: who has no rank in a room may speak there once in so many seconds.

It goes by the account, or else by the machine: leaving and coming back, another nick or another device begin nothing
anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import ceil

from lanchat.core.errors import Refused
from lanchat.core.masks import ACCOUNT
from lanchat.core.members import Member
from lanchat.core.names import fold
from lanchat.core.room import Room

MOST = 20_000
"""Of how many it is known when they spoke last; those who spoke longest ago are forgotten first."""


class Slow:
    """When somebody spoke last in a slow room.  ``now`` gives seconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._spoke: dict[tuple[str, str], float] = {}
        """By the folded name of the room, and who it was; the last who spoke are at the end."""

    def check(self, room: Room, member: Member) -> None:
        """See whether somebody may speak in a room again.  Raises Refused ``too-soon``, and says when they may."""
        pause = room.modes.slow
        if not pause or member.admin or room.rank(member) is not None:
            return
        key, now = fold(room.name), self._now()
        # a clock may be set back
        waits = [min(spoke + pause - now, pause) for who in _asked(member) if (spoke := self._spoke.get((key, who)))]
        left = ceil(max(waits, default=0.0))
        if left > 0:
            seconds = f"{left} second{'s' if left > 1 else ''}"
            raise Refused("too-soon", f"{room.name} is slow: you may speak there again in {seconds}.")

    def count(self, room: Room, member: Member) -> None:
        """Note that somebody speaks in a room."""
        if not room.modes.slow:
            return
        key, now = fold(room.name), self._now()
        for who in dict.fromkeys((*_asked(member), *member.hosts)):
            self._spoke.pop((key, who), None)
            self._spoke[key, who] = now
        while len(self._spoke) > MOST:
            del self._spoke[next(iter(self._spoke))]

    def take(self, room: Room, member: Member) -> None:
        """See whether somebody may speak again, and note that they do.  Raises Refused ``too-soon``."""
        self.check(room, member)
        self.count(room, member)

    def lets(self, member: Member, rooms: Iterable[Room]) -> bool:
        """Say whether somebody may speak by the way: by leaving these rooms for a reason, say. It counts then."""
        try:
            for room in rooms:
                self.take(room, member)
        except Refused:
            return False
        return True


def _asked(member: Member) -> tuple[str, ...]:
    """Give under what it is known when somebody spoke: a guest speaks for all at the machine."""
    return member.hosts if member.account is None else (ACCOUNT + fold(member.account.name),)
