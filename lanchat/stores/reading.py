"""Reading a journal's file off the reactor's thread: a connection for each worker, and a time limit."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

from twisted.logger import Logger

from lanchat.core.errors import Refused
from lanchat.core.journal import Found, Query
from lanchat.stores.faults import note
from lanchat.stores.finding import find, limited
from lanchat.stores.journal import LIMIT, TOO_SLOW, Gone, KeptEvent, TooSlow, chosen
from lanchat.stores.workers import Worker


class Reading:
    """Finds events for one worker; the connection is made when it is needed, and again after an error."""

    log = Logger()

    def __init__(self, worker: Worker, path: Path, measure: Callable[[], float]) -> None:
        self._worker = worker
        self._path = path
        self._measure = measure
        self._connection: sqlite3.Connection | None = None
        self._ended = False

    def find(
        self,
        query: Query,
        waiting: Sequence[KeptEvent],
        hidden: Sequence[Gone],
        then: Callable[[Found | Refused], None],
    ) -> None:
        """Find what is on the disk, and what is still ``waiting`` to be put there, but for what is ``hidden``."""

        def answered(result: Found | Exception) -> None:
            if isinstance(result, TooSlow):
                then(TOO_SLOW)
            elif isinstance(result, Exception):
                note(self.log, "history cannot be read", result)
                then(Refused("no-history", "History cannot be read just now. Try again later."))
            else:
                then(result)

        self._worker.do(lambda: self._find(query, waiting, hidden), answered)

    def checkpoint(self, then: Callable[[object], object]) -> None:
        """Move what is in SQLite's log into the file, as far as nobody needs it in the log."""
        self._worker.do(lambda: self._open().execute("pragma wal_checkpoint(passive)").fetchall(), then)

    def close(self, then: Callable[[object], object]) -> None:
        """Break off what is under way, answer what waits, and close the file."""
        self._ended = True
        self._worker.do(self._forget, then)
        self._worker.stop()

    # -- on the worker's thread ------------------------------------------------------------------------------

    def _find(self, query: Query, waiting: Sequence[KeptEvent], hidden: Sequence[Gone]) -> Found:
        connection = self._open()
        try:
            with limited(connection, LIMIT, self._now) as check:
                found = find(connection, query, check, hidden)
        except sqlite3.Error:
            self._forget()
            raise
        return merged(found, chosen(reversed(waiting) if query.newest else waiting, query, hidden), query)

    def _now(self) -> float:
        return math.inf if self._ended else self._measure()

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            # It may write as far as a checkpoint does; `query_only` forbids everything else.
            connection = sqlite3.connect(f"{self._path.as_uri()}?mode=rw", uri=True, isolation_level=None)
            connection.execute("pragma query_only = 1")
            self._connection = connection
        return self._connection

    def _forget(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def merged(found: Found, waiting: Found, query: Query) -> Found:
    """Put together what was found on the disk and what waits to be put there: some may have been put there since."""
    if not waiting.events:
        return found
    events = sorted({event.id: event for event in (*found.events, *waiting.events)}.values(), key=lambda one: one.id)
    more = found.more or waiting.more or len(events) > query.most
    return Found(events[-query.most :] if query.newest else events[: query.most], more)
