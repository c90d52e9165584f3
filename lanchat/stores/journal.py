"""The journal in memory: numbers every event, and keeps the newest of the rooms."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Container
from itertools import islice

from msgspec.structs import force_setattr

from lanchat.core.events import AnyEvent, RoomEvent


class MemoryJournal:
    """Keeps the newest ``keep`` events of all rooms together, until the process ends."""

    def __init__(self, keep: int = 10_000) -> None:
        self.last = 0
        self._kept: deque[AnyEvent] = deque(maxlen=keep)
        self._forgotten = 0

    def submit(self, event: AnyEvent, happen: Callable[[AnyEvent], None]) -> None:
        """Number the event and let it happen."""
        self.last = number = self.last + 1
        force_setattr(event, "id", number)  # the one moment when the event is not yet anybody's
        if isinstance(event, RoomEvent):
            kept = self._kept
            if len(kept) == kept.maxlen:
                self._forgotten = kept[0].id
            kept.append(event)
        happen(event)

    def commit(self, then: Callable[[], None]) -> None:
        """Go on at once: memory is all the place there is."""
        then()

    def since(self, after: int, until: int, rooms: Container[str], most: int) -> list[AnyEvent]:
        """Give at most ``most`` kept events of these rooms, oldest first, with ``after < id <= until``."""
        found = (
            event
            for event in self._kept
            if after < event.id <= until and isinstance(event, RoomEvent) and event.room in rooms
        )
        return list(islice(found, most))

    def forgotten(self) -> int:
        """Give the number up to which events may be gone."""
        return self._forgotten
