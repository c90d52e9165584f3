"""Housekeeping: what is done to a journal's file beside the commits, a little at a time.

Turns are filed, what is too old is dropped, SQLite's log is emptied.  A step of it takes some 3 ms on the writer's
thread, and the next one is asked for when it is done, so a commit waits for one step at most.  While commits
come one after the other, a fiftieth of the writer's time goes into steps; when nobody speaks, all of it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger

from lanchat.core.times import Stamper
from lanchat.stores.disk import Disk
from lanchat.stores.faults import note
from lanchat.stores.filing import Filing
from lanchat.stores.reading import Reading
from lanchat.stores.workers import Worker

BEGIN = 0.25
"""Seconds after a commit until its turn is filed."""
_SHARE = 50.0
"""How many times as long as a step the pause after it is, while commits come."""
_LOOK = 60.0
"""Seconds between two looks for what is too old."""
_LOG = 4 * 1024 * 1024
"""Bytes of SQLite's log at which it is emptied."""
_RETRY = 60.0
"""Seconds, the longest pause after an error."""


class _Step(NamedTuple):
    more: bool
    seconds: float
    log: int


class Housekeeping:
    """Keeps a journal's file in order until it is stopped; ``keep`` is how many seconds and events (0: no limit)."""

    log = Logger()

    def __init__(
        self,
        clock: IReactorTime,
        writer: Worker,
        reading: Reading,
        disk: Disk,
        filing: Filing,
        *,
        keep: tuple[float, int],
        now: Callable[[], float],
        measure: Callable[[], float],
    ) -> None:
        self._clock = clock
        self._writer = writer
        self._reading = reading
        self._disk = disk
        self._filing = filing
        self._seconds, self._most = keep
        self._now = now
        self._measure = measure
        self._stamper = Stamper()
        self._unfiled = True
        self._pruning = self._prunes = bool(self._seconds or self._most)
        self._busy = self._emptying = self._ended = False
        self.commits = 0
        """How many commits were asked for."""
        self._spoken = -math.inf
        """When the last of them was done."""
        self._pause = 0.0
        self._next: IDelayedCall | None = None
        self._look: IDelayedCall | None = None
        self.dropped: Callable[[], object] = _nothing
        """Called when old events were dropped."""

    def start(self) -> None:
        """Begin with what the time before has left."""
        self._soon(BEGIN)
        if self._prunes:
            self._look = self._clock.callLater(_LOOK, self._look_again)

    def committed(self) -> None:
        """Note that a turn waits to be filed."""
        self._spoken = self._measure()
        self._unfiled = True
        self._soon(BEGIN)

    def stop(self) -> None:
        """Ask for no more steps."""
        self._ended = True
        for call in (self._next, self._look):
            if call is not None:
                call.cancel()
        self._next = self._look = None

    def _soon(self, seconds: float) -> None:
        if self._next is None and not self._busy and not self._ended:
            self._next = self._clock.callLater(seconds, self._step)

    def _look_again(self) -> None:
        self._look = self._clock.callLater(_LOOK, self._look_again)
        self._pruning = True
        self._soon(0)

    def _step(self) -> None:
        self._next = None
        self._busy = True
        filing, commits = self._unfiled, self.commits
        earliest = self._stamper.stamp(max(self._now() - self._seconds, 0.0)) if self._seconds else ""

        def work() -> _Step:
            began = self._measure()
            more = self._filing.file() if filing else self._filing.prune(earliest, self._most)
            return _Step(more, self._measure() - began, self._disk.log_size())

        def done(result: _Step | Exception) -> None:
            self._busy = False
            if self._ended:
                return
            if isinstance(result, Exception):
                self._failed(result)
                return
            self._pause = 0.0
            if filing:
                self._unfiled = result.more or self.commits > commits
            else:
                self._pruning = result.more
                self.dropped()
            if result.log > _LOG and not self._emptying:
                self._empty()
            if self._unfiled or self._pruning:
                busy = self._measure() - self._spoken < BEGIN
                self._soon(result.seconds * _SHARE if busy else 0)

        self._writer.do(work, done)

    def _failed(self, error: Exception) -> None:
        """Try again later: the commits go on, and what is not filed is found too, only more slowly."""
        if not self._pause:
            note(self.log, "history cannot be filed just now; it is tried again", error)
        self._pause = min(max(1.0, self._pause * 2), _RETRY)
        self._soon(self._pause)

    def _empty(self) -> None:
        """Empty SQLite's log: most of it on the reader's thread, so that the writer has little left to do."""
        self._emptying = True

        def moved(_result: object) -> None:
            if not self._ended:
                self._writer.do(lambda: self._disk.checkpoint("restart"), emptied)

        def emptied(_result: object) -> None:
            self._emptying = False

        self._reading.checkpoint(moved)


def _nothing() -> None:
    """Do nothing."""
