"""The rooms there are: those with people in them, and those that stand empty until somebody comes back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from lanchat.core.errors import Refused
from lanchat.core.journal import KeptRoom
from lanchat.core.names import LOBBY, fold
from lanchat.core.pulse import Pulse
from lanchat.core.room import Room

VACANT = 1_000
"""Rooms that may stand empty."""


class Rooms(dict[str, Room]):
    """Every room, by folded name.

    A room in which nothing was said, that has no topic and is as it was made, is gone with the last who leaves.  Any
    other stands empty, until there are too many of them: then the one that was left longest ago goes, as long as there
    are such that anybody may come into as it is; and then one of whoever has left most.  Who forgets a locked room
    opens it, and what was said there, so nobody is to bring that about with a thousand rooms of their own.  The lobby
    always stays.
    """

    def __init__(self, pulse: Pulse, backlog: int, now: Callable[[], str] = str) -> None:
        super().__init__()
        self._pulse = pulse
        self._now = now
        self._backlog = backlog
        self.vacant: dict[str, str | None] = {}
        """By whom the rooms that stand empty were left (`limits.network_of`), those left last at the end; None: that
        is not known any more."""
        self.lobby = self.make(LOBBY)

    def make(self, name: str) -> Room:
        """Make a room, or give the one there is."""
        room = self.get(fold(name))
        if room is None:
            room = self[fold(name)] = Room(name, self._pulse, self._backlog)
            room.modes.now = self._now
        return room

    def find(self, name: str) -> Room:
        """Find a room.  Raises Refused ``no-such-room``."""
        room = self.get(fold(name))
        if room is None:
            raise no_such_room(name)
        return room

    def enter(self, name: str) -> Room:
        """Give the room into which somebody comes."""
        self.vacant.pop(fold(name), None)
        return self.make(name)

    def leave(self, room: Room, network: str | None = None) -> None:
        """Look after a room that somebody has left, from a network."""
        if room.members or room is self.lobby:
            return
        leaving = fold(room.name)
        self.vacant[leaving] = network
        if room.topic or room.recent or not room.modes.plain:
            if len(self.vacant) <= VACANT:
                return
            leaving = next((name for name in self.vacant if self[name].modes.plain), "") or self._dispensable()
        del self.vacant[leaving], self[leaving]

    def _dispensable(self) -> str:
        """Give the one that goes, of rooms that are all locked in some way."""
        left = Counter([network for network in self.vacant.values() if network is not None])
        ((most, count),) = left.most_common(1) or [("", 0)]
        return next(name for name, network in self.vacant.items() if count < 2 or network == most)

    def restore(self, rooms: Iterable[KeptRoom]) -> None:
        """Make the rooms of the time before, those used last first."""
        for kept in reversed(list(rooms)):
            room = self.make(kept.name)
            room.topic, room.topic_by, room.topic_time = kept.topic, kept.topic_by, kept.topic_time
            room.created = kept.created
            room.modes = kept.modes or room.modes
            room.modes.now = self._now
            room.recent.extend(kept.spoken)
            self.leave(room)


def no_such_room(name: str) -> Refused:
    """Say that there is no room of that name."""
    return Refused("no-such-room", f"There is no room {name}. /rooms lists them, /join makes one.")
