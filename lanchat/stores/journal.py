"""The journal in memory: numbers every event, and keeps the newest of the rooms."""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from itertools import islice
from time import perf_counter
from typing import NamedTuple, TypeGuard, get_args

from msgspec.structs import force_setattr

from lanchat.core.errors import Refused
from lanchat.core.events import AnyEvent, Changed, Deleted, Joined, Kicked, Parted, Said, Spoken, Told, Topic, where
from lanchat.core.journal import Found, Mark, Query
from lanchat.stores.workers import Worker

KeptEvent = Spoken | Joined | Parted | Topic | Kicked | Changed | Deleted | Told
"""The events that are kept: those of rooms, and what two accounts tell each other."""
_KINDS = frozenset(get_args(KeptEvent))
KEEP = 10_000
"""Events that memory keeps."""


LIMIT = 3.0
"""Seconds that one search may take."""
TOO_SLOW = Refused("too-slow", "That took too long. Look for less: name a room, a person, a day.")


def is_kept(event: AnyEvent) -> TypeGuard[KeptEvent]:
    """Say whether an event is kept: what is told in private is where it says so."""
    return event.kept if type(event) is Told else type(event) in _KINDS


class Gone(NamedTuple):
    """What is to be nowhere any more: one event; with ``places``, all that was said there up to that number."""

    number: int
    places: frozenset[str] = frozenset()

    def takes(self, event: AnyEvent) -> bool:
        """Say whether an event is one of those."""
        if self.places:
            return event.id <= self.number and where(event) in self.places
        return event.id == self.number


class TooSlow(Exception):  # noqa: N818 - it is an answer, not a fault
    """It was not found within the time that was given."""


class MemoryJournal:
    """Keeps the newest ``keep`` events of all rooms together, until the process ends.

    A ``searcher`` looks for words, which takes its time; without one that is done at once.
    """

    def __init__(self, keep: int = KEEP, searcher: Worker | None = None) -> None:
        self.identity = secrets.token_hex(8)
        self.secret = secrets.token_bytes(16)
        self.last = 0
        self.kept: deque[KeptEvent] = deque(maxlen=keep)
        self._forgotten = 0
        self._worker = searcher
        self._reads = 0
        """How many look for something just now."""
        self._hidden: list[Gone] = []
        """What must not be found by them, whatever they have seen."""

    @property
    def gone(self) -> int:
        """The number up to which events may be gone: what memory forgets is gone."""
        return self._forgotten

    def submit(self, event: AnyEvent, happen: Callable[[AnyEvent], None], mark: Mark | None = None) -> None:
        """Number the event and let it happen."""
        del mark  # who would ask after it is gone when memory is
        self.last = number = self.last + 1
        force_setattr(event, "id", number)  # the one moment when the event is not yet anybody's
        if isinstance(event, Said) or is_kept(event):  # nearly all are, and that is seen at once
            kept = self.kept
            if len(kept) == kept.maxlen:
                self._forgotten = kept[0].id
            kept.append(event)
        happen(event)

    def commit(self, then: Callable[[], None]) -> None:
        """Go on at once: memory is all the place there is."""
        then()

    def attend(self) -> None:
        """Do nothing: nothing takes time."""

    def since(self, after: int, until: int, rooms: Container[str], most: int) -> Sequence[AnyEvent]:
        """Give at most ``most`` kept events of these rooms, the oldest first, with ``after < id <= until``."""
        found = (event for event in self.kept if after < event.id <= until and where(event) in rooms)
        return list(islice(found, most))

    def forgotten(self) -> int:
        """Give the number up to which events may be gone."""
        return self._forgotten

    def delete(self, event: Deleted, then: Callable[[Refused | None], None]) -> None:
        """Let what somebody said be nowhere any more."""
        self._remove(Gone(event.of), then)

    def forget_private(self, places: Iterable[str], then: Callable[[Refused | None], None]) -> None:
        """Let what was said in these places until now be nowhere any more."""
        if there := frozenset(places):
            self._remove(Gone(self.last, there), then)
        else:
            then(None)

    def _remove(self, gone: Gone, then: Callable[[Refused | None], None]) -> None:
        self._forget(gone)
        if self._reads:
            self._hidden.append(gone)
        then(None)

    def _forget(self, gone: Gone) -> None:
        """Let memory not have any more what is gone."""
        left = [event for event in self.kept if not gone.takes(event)]
        if len(left) < len(self.kept):
            self.kept.clear()
            self.kept.extend(left)

    def _has_hidden(self, found: Found) -> bool:
        """Say whether something was found that is gone by now."""
        return any(gone.takes(event) for gone in self._hidden for event in found.events)

    def find(self, query: Query, then: Callable[[Found | Refused], None]) -> None:
        """Look through all that is kept: for words on the searcher's thread, for anything else at once."""
        if self._worker is None or not (query.phrases or query.names):
            then(chosen(reversed(self.kept) if query.newest else self.kept, query))
            return
        kept = [*self.kept]
        events = reversed(kept) if query.newest else kept
        until = perf_counter() + LIMIT

        def check() -> None:
            if perf_counter() > until:
                raise TooSlow

        def answered(result: Found | Exception) -> None:
            self._reads -= 1
            again = isinstance(result, Found) and self._has_hidden(result)
            if not self._reads:
                self._hidden.clear()
            if again:
                self.find(query, then)
            else:
                then(TOO_SLOW if isinstance(result, Exception) else result)

        self._reads += 1
        self._worker.do(lambda: chosen(checked(events, check), query), answered)


def checked(events: Iterable[KeptEvent], check: Callable[[], None]) -> Iterator[KeptEvent]:
    """Look at the clock now and then while going through events."""
    for number, event in enumerate(events):
        if not number % 64:
            check()
        yield event


def chosen(events: Iterable[KeptEvent], query: Query, hidden: Sequence[Gone] = ()) -> Found:
    """Choose what a query wants from events that come in its own order: the newest first if those are wanted.

    What is ``hidden`` is passed over.
    """
    admitted: Iterable[KeptEvent] = filter(query.admits, events)
    if hidden:
        admitted = (event for event in admitted if not any(gone.takes(event) for gone in hidden))
    found = list(islice(admitted, query.most + 1))
    more = len(found) > query.most
    del found[query.most :]
    return Found(found[::-1] if query.newest else found, more)
