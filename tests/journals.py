"""Journals that do in a test what a disk does: they take their time, and know more than memory does."""

from __future__ import annotations

from collections.abc import Callable

from lanchat.core.errors import Refused
from lanchat.core.events import AnyEvent
from lanchat.core.journal import Found, Mark, Query
from lanchat.stores.journal import Gone, KeptEvent, MemoryJournal, chosen, is_kept


class LongJournal(MemoryJournal):
    """A journal whose memory is short and whose disk has everything; it reads when it is let.

    ``pruned`` is what is gone from the disk too.
    """

    def __init__(self, memory: int = 3) -> None:
        super().__init__(memory)
        self.disk: list[KeptEvent] = []
        self.asked: list[tuple[Query, Callable[[Found | Refused], None]]] = []
        self.pruned = 0

    @property
    def gone(self) -> int:
        return self.pruned

    def submit(self, event: AnyEvent, happen: Callable[[AnyEvent], None], mark: Mark | None = None) -> None:
        if is_kept(event):
            self.disk.append(event)
        super().submit(event, happen, mark)

    def _forget(self, gone: Gone) -> None:
        super()._forget(gone)
        self.disk = [event for event in self.disk if not gone.takes(event)]

    def find(self, query: Query, then: Callable[[Found | Refused], None]) -> None:
        self.asked.append((query, then))

    def reads(self, failure: Refused | None = None) -> None:
        """Answer what was asked longest ago."""
        query, then = self.asked.pop(0)
        kept = [event for event in self.disk if event.id > self.pruned]
        then(failure or chosen(reversed(kept) if query.newest else kept, query))
