"""The audit log: what those in charge did, to whom, and why.

The acts are ``kick``, ``delete`` (of an event with that number) and ``announce``; the name of each mode (`modes.Mode`)
that was switched on, such as ``ban``, ``mute`` or ``topic-locked``, and ``no ban`` where it was switched off.  For the
whole server: ``oper`` and ``no oper`` (somebody is an admin, or is none any more), ``kill``, ``serverban`` and ``no
serverban``, ``rehash``, ``announce``, and what `lanchat admin` does: ``admin add`` and the like.
Nothing stands there of what people said.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Protocol

from lanchat.core.events import AnyEvent, Changed, Deleted, Kicked
from lanchat.core.modes import Change, Mode
from lanchat.core.names import fold
from lanchat.core.replies import AuditLine

MOST = 5_000
"""Lines that are remembered; a store may keep more."""


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
    """The newest lines, the oldest first."""

    def __init__(self) -> None:
        self.store: Store = NoStore()
        self._lines: deque[AuditLine] = deque(maxlen=MOST)

    def restore(self, lines: Iterable[AuditLine]) -> None:
        """Know the lines of the time before, the oldest first."""
        self._lines.extend(lines)

    def note(self, line: AuditLine) -> None:
        """Add a line."""
        self._lines.append(line)
        self.store.put(line)

    def happened(self, event: AnyEvent) -> None:
        """Add what an event says that was done."""
        for line in lines_of(event):
            self.note(line)

    def of(self, room: str, most: int) -> list[AuditLine]:
        """Give the newest lines of a room, the oldest of them first; without a room, of everything."""
        key = fold(room)
        found = [line for line in self._lines if not key or fold(line.room) == key]
        return found[-most:]


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
            return [AuditLine(event.time, event.nick, "delete", event.room, str(event.of), event.reason)]
        case _:
            return []


def _changed(event: Changed, change: Change) -> AuditLine:
    act = change.mode.value if change.on else f"no {change.mode.value}"
    value = "" if change.mode is Mode.KEY else change.value
    until = f"until {change.until}" if change.until else ""
    reason = ": ".join([each for each in (until, change.reason) if each])
    return AuditLine(event.time, event.nick, act, event.room, value, reason)
