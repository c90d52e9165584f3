"""The audit log: what those in charge did, to whom, and why.

The acts are ``kick``, ``delete`` (of an event with that number, and whose it was), ``unshare`` (of a file) and
``announce``; the name of each mode (`modes.Mode`) that was switched on, such as ``ban``, ``mute`` or ``topic-locked``,
and ``no ban`` where it was switched off.  For the whole server: ``oper`` and ``no oper`` (somebody is an admin, or is
none any more), ``kill``, ``serverban`` and ``no serverban``, ``rehash``, ``announce``, and what `lanchat admin` does:
``admin add`` and so on.
Nothing stands there of what people said.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable
from typing import Protocol

from lanchat.core.events import AnyEvent, Changed, Deleted, Kicked
from lanchat.core.modes import Change, Mode, called
from lanchat.core.names import fold
from lanchat.core.replies import AuditLine
from lanchat.core.times import local_clock, local_day

MOST = 5_000
"""Lines that are remembered; a store may keep more."""
SERVER = 1_000
"""Of these, lines for the whole server that do not go for those of a room."""


class Store(Protocol):
    """Where it is kept."""

    def put(self, line: AuditLine, /) -> None:
        """Keep a line."""
        ...


class NoStore:
    """Keeps nothing."""

    def put(self, line: AuditLine) -> None:
        """Do nothing."""


class AuditLog:
    """The newest lines.

    Whoever makes a room is an op there, and can fill a log: so it is the fullest room that loses its oldest lines, and
    nobody can drive out with their own room what was done in another one, or for the whole server.
    """

    def __init__(self) -> None:
        self.store: Store = NoStore()
        self._rooms: dict[str, deque[tuple[int, AuditLine]]] = {}
        """By the folded name of the room, in the order in which they came; the number is how many came before."""
        self._number = self._size = 0

    def restore(self, lines: Iterable[AuditLine]) -> None:
        """Know the lines of the time before, the oldest first."""
        for line in lines:
            self._add(line)

    def note(self, line: AuditLine) -> None:
        """Add a line."""
        self._add(line)
        self.store.put(line)

    def happened(self, event: AnyEvent) -> None:
        """Add what an event says that was done."""
        for line in lines_of(event):
            self.note(line)

    def of(self, room: str, most: int) -> list[AuditLine]:
        """Give the newest lines of a room, the oldest of them first; without a room, of everything."""
        found = [self._rooms.get(fold(room), ())] if room else self._rooms.values()
        return [line for _, line in heapq.merge(*found)][-most:]

    def _add(self, line: AuditLine) -> None:
        self._rooms.setdefault(fold(line.room), deque()).append((self._number, line))
        self._number += 1
        self._size += 1
        if self._size > MOST + MOST // 10:  # now and then, for it goes through all rooms
            self._cut()

    def _cut(self) -> None:
        """Let the oldest lines of the fullest rooms go, until there are no more than may be."""
        fullest = [(-len(lines), room) for room, lines in self._rooms.items() if room or len(lines) > SERVER]
        heapq.heapify(fullest)
        while self._size > MOST:
            size, room = fullest[0]
            self._rooms[room].popleft()
            self._size -= 1
            heapq.heapreplace(fullest, (size + 1, room))
        for room in [room for room, lines in self._rooms.items() if not lines]:
            del self._rooms[room]


def lines_of(event: AnyEvent) -> list[AuditLine]:
    """Give what stands in the log for an event: nothing, where nobody made use of a rank.

    A key is not written down, nor what people took away of what they had told each other in private.
    """
    match event:
        case Kicked():
            return [AuditLine(event.time, event.nick, "kick", event.room, event.who, event.reason)]
        case Changed():
            return [_changed(event, change) for change in event.changes]
        case Deleted(room=room) if room:
            return [AuditLine(event.time, event.nick, "delete", event.room, _which(event), event.reason)]
        case _:
            return []


def _which(event: Deleted) -> str:
    return f"{event.of} of {event.who}" if event.who else str(event.of)


def _changed(event: Changed, change: Change) -> AuditLine:
    act = change.mode.value if change.on else f"no {change.mode.value}"
    value = "" if change.mode is Mode.KEY else called(change.value, change.whom)
    return AuditLine(event.time, event.nick, act, event.room, value, until_and_why(change.until, change.reason))


def until_and_why(until: str, reason: str) -> str:
    """Say until when and why something holds, as people read it in the log; either may be empty."""
    return ": ".join(
        [each for each in (f"until {local_day(until)} {local_clock(until)}" if until else "", reason) if each]
    )
