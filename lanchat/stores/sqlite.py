"""The journal on disk: SQLite, one file, nothing said before it is saved.

It is the journal in memory, which numbers the events and has the newest, and beside it the file has them all.  What a
turn brought is handed over to the writer's thread as it is; nothing here touches the file.  When that cannot be
written (a full disk, a locked file) the chat goes on: everybody is told, what waits stays in memory, and it is tried
again until it works.

Numbers are reserved ahead, 100,000 at a time.  After a clean end they go on where they ended, after any other behind
what was reserved: no number is ever given out twice.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import msgspec
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger

from lanchat.core.errors import Refused
from lanchat.core.events import AnyEvent
from lanchat.core.journal import Found, Kept, Mark, Query
from lanchat.stores.disk import MARKS, Disk
from lanchat.stores.faults import JournalError, note, resumed, stopped, unopened
from lanchat.stores.finding import kept
from lanchat.stores.folder import JOURNAL, Folder
from lanchat.stores.housekeeping import Housekeeping
from lanchat.stores.journal import KEEP, KeptEvent, MemoryJournal
from lanchat.stores.reading import Reading
from lanchat.stores.upgrades import scripts
from lanchat.stores.workers import Workers

PENDING = 100_000
"""Events that wait in memory while nothing can be written; the oldest go for more."""
READS = 1_000
"""Reads that may wait."""
_RETRY = 30.0
"""Seconds, the longest pause between two attempts to write."""
_TIDY = 1.0
"""Seconds for which turns are filed at the end."""
_END = 4.0
"""Seconds after which the end is not waited for any more."""

Then = Callable[[], None]
Answer = Callable[[Found | Refused], None]


class _Turn(NamedTuple):
    """What was handed over to be written, and who waits for it."""

    events: list[KeptEvent]
    marks: list[tuple[str, str, int]]
    last: int
    thens: list[Then]


class SqliteJournal(MemoryJournal):
    """Keeps everything in a folder; `open` it first, `close` it at the end.

    ``sync`` is ``full`` (a commit is on the disk) or ``normal`` (it is with the system); ``keep_seconds`` and
    ``keep_events`` say how much is kept, 0 is no limit.  ``now`` gives seconds since the epoch, ``measure``
    seconds since some moment, also on other threads.
    """

    log = Logger()

    def __init__(
        self,
        directory: Path,
        clock: IReactorTime,
        workers: Workers,
        *,
        sync: str = "full",
        keep_seconds: float = 0,
        keep_events: int = 0,
        now: Callable[[], float],
        backlog: int = 20,
        memory: int = KEEP,
        measure: Callable[[], float] = perf_counter,
        steps: Sequence[str] | None = None,
    ) -> None:
        super().__init__(memory)
        self.troubled: Callable[[str], object] = _nobody
        """Told a sentence when history stops, and one when it goes on."""
        self.trouble = ""
        """The sentence, while it has stopped."""
        self._directory = directory.absolute()
        self._clock = clock
        self._workers = workers
        self._sync = sync
        self._keep = (keep_seconds, keep_events)
        self._now = now
        self._backlog = backlog
        self._measure = measure
        self._steps = steps
        self._gone = 0
        # what was submitted and is not handed over, and who waits for it
        self._turn: list[KeptEvent] = []
        self._marks: list[tuple[str, str, int]] = []
        self._thens: list[Then] = []
        self._handed: _Turn | None = None
        self._committed = 0
        self._reserved = 0
        self._dropped = 0
        self._retry: IDelayedCall | None = None
        self._pause = 0.0
        self._reads = 0
        self._later: list[tuple[int, Query, Answer]] = []
        """Reads that wait for the commit of the event with this number."""
        self._ending: Deferred[None] | None = None
        self._limit: IDelayedCall | None = None
        self._ended = False
        path = self._directory / JOURNAL
        self._reader = Reading(workers.reader, path, measure)
        self._searcher = Reading(workers.searcher, path, measure)
        self._folder: Folder
        self._disk: Disk
        self._housekeeping: Housekeeping

    # -- opening -------------------------------------------------------------------------------------------

    def open(self) -> Kept:
        """Open the file, or make it, and give what it remembers.  Once, before the reactor runs.

        Raises JournalError.
        """
        try:
            remembered = self._workers.writer.wait(self._open)
        except BaseException:
            self._ended = True
            self._workers.writer.stop()
            raise
        disk = self._disk
        self.identity = disk.identity
        self.last = self._committed = self._forgotten = disk.last
        self._reserved = disk.reserved
        self._gone = disk.gone
        self._housekeeping = Housekeeping(
            self._clock,
            self._workers.writer,
            self._reader,
            disk,
            keep=self._keep,
            now=self._now,
            measure=self._measure,
        )
        self._housekeeping.dropped = self._note_gone
        self._housekeeping.start()
        return remembered

    def _open(self) -> Kept:
        """Do what `open` promises, on the writer's thread."""
        self._folder = Folder(self._directory)
        try:
            disk = Disk(self._folder.journal, self._sync, scripts() if self._steps is None else self._steps)
            try:
                remembered = kept(disk.connection, backlog=self._backlog, marks=MARKS)
            except BaseException:
                disk.close()
                raise
        except BaseException as error:
            self._folder.leave()
            if isinstance(error, JournalError | sqlite3.Error | OSError | msgspec.MsgspecError):
                raise unopened(self._folder.journal, error) from error
            raise
        self._disk = disk
        return remembered

    # -- writing -------------------------------------------------------------------------------------------

    @property
    def gone(self) -> int:
        """The number up to which events may be gone: they were too old, or could not be written."""
        return self._gone

    def submit(self, event: AnyEvent, happen: Callable[[AnyEvent], None], mark: Mark | None = None) -> None:
        """Number the event and let it happen."""
        if isinstance(event, KeptEvent):
            self._turn.append(event)
        if mark is not None:
            self._marks.append((mark.client, mark.ref, self.last + 1))
        super().submit(event, happen)

    def commit(self, then: Then) -> None:
        """Have everything submitted so far written, then call ``then``; at once while history has stopped."""
        if self._ended:
            then()
        elif self.trouble:
            self._bound()
            then()
        else:
            self._thens.append(then)
            if self._handed is None:
                self._hand_over()

    def attend(self) -> None:
        """Hear of a commit that has ended."""
        self._workers.writer.attend()

    def _hand_over(self) -> None:
        """Hand over what is there; where nothing of it has to be written, it is committed."""
        if not (self._turn or self._marks or self.trouble) and self.last <= self._reserved:
            thens, self._thens = self._thens, []
            self._settle(self.last, thens)
            return
        turn = self._handed = _Turn(self._turn, self._marks, self.last, self._thens)
        self._turn, self._marks, self._thens = [], [], []
        self._housekeeping.commits += 1
        work = partial(self._disk.commit, turn.events, turn.marks, turn.last, self._gone)
        self._workers.writer.do(work, partial(self._written, turn))

    def _written(self, turn: _Turn, result: int | Exception) -> None:
        """Go on: the writer has done what it could."""
        self._handed = None
        if isinstance(result, Exception):
            self._failed(turn, result)
            thens, self._thens = turn.thens + self._thens, []
            self._settle(self._committed, thens)
        else:
            self._reserved = result
            if turn.events or turn.marks:
                self._housekeeping.committed()
            left = bool(self.trouble)  # who said it while history had stopped does not wait for a commit
            self._pause = 0.0
            if self.trouble:
                self._recovered()
            self._settle(turn.last, turn.thens)
            if self._handed is None and not self.trouble and (left or self._thens or self._later):
                self._hand_over()
        if self._ending is not None and self._handed is None and not self._ended:
            self._end(self._ending)

    def _settle(self, committed: int, thens: list[Then]) -> None:
        """Let everybody go on who waited for a commit."""
        self._committed = max(committed, self._committed)
        for then in thens:
            then()
        waiting, self._later = self._later, []
        for number, query, answer in waiting:
            self._read(number, query, answer)

    # -- trouble -------------------------------------------------------------------------------------------

    def _failed(self, turn: _Turn, error: Exception) -> None:
        """Keep what could not be written, tell everybody, and try again later."""
        self._turn[:0] = turn.events
        self._marks[:0] = turn.marks
        self._bound()
        sentence = stopped(error)
        if sentence != self.trouble:
            note(self.log, sentence, error)
        told, self.trouble = self.trouble, sentence
        if self._ending is None:
            self._pause = min(max(1.0, self._pause * 2), _RETRY)
            self._retry = self._clock.callLater(self._pause, self._try_again)
        if not told:
            self.troubled(sentence)

    def _try_again(self) -> None:
        self._retry = None
        self._hand_over()

    def _bound(self) -> None:
        """Keep what waits within bounds: the oldest is lost, and who asks for it will hear that."""
        surplus = len(self._turn) - PENDING
        if surplus > 0:
            self._gone = max(self._gone, self._turn[surplus - 1].id)
            self._dropped += surplus
            del self._turn[:surplus]
        del self._marks[:-MARKS]

    def _recovered(self) -> None:
        dropped, self._dropped, self.trouble = self._dropped, 0, ""
        sentence = resumed(dropped)
        self.log.info("{sentence}", sentence=sentence)
        self.troubled(sentence)

    # -- reading -------------------------------------------------------------------------------------------

    def find(self, query: Query, then: Callable[[Found | Refused], None]) -> None:
        """Look for events on the disk, when everything that was submitted until now is there."""
        if self._reads >= READS:
            then(Refused("busy", "Too many people look back just now. Try again in a minute."))
            return

        def answer(result: Found | Refused) -> None:
            self._reads -= 1
            then(result)

        self._reads += 1
        self._read(min(query.until, self.last), query, answer)
        if self._later and self._handed is None:
            self._hand_over()

    def _read(self, number: int, query: Query, answer: Answer) -> None:
        """Read when the event with this number is on the disk; while history has stopped, what waits is looked at."""
        if self._ended:
            answer(Refused("no-history", "The server stops now."))
        elif self.trouble:
            handed = self._handed.events if self._handed is not None else []
            self._reading(query).find(query, handed + self._turn, answer)
        elif number <= self._committed:
            self._reading(query).find(query, (), answer)
        else:
            self._later.append((number, query, answer))

    def _reading(self, query: Query) -> Reading:
        return self._searcher if query.phrases or query.names else self._reader

    def _note_gone(self) -> None:
        self._gone = max(self._gone, self._disk.gone)

    # -- the end -------------------------------------------------------------------------------------------

    def close(self) -> Deferred[None]:
        """Write what is left, note that this is a clean end, and close the file; given up after some seconds."""
        ending: Deferred[None] = Deferred()
        if self._ended:
            ending.callback(None)
            return ending
        self._ending = ending
        if self._retry is not None:
            self._retry.cancel()
        self._housekeeping.stop()
        self._limit = self._clock.callLater(_END, self._give_up, ending)
        if self._handed is None:
            self._end(ending)
        return ending

    def _end(self, ending: Deferred[None]) -> None:
        self._ended = True
        open_files = 3

        def closed(_result: object) -> None:
            nonlocal open_files
            open_files -= 1
            if not open_files and self._limit is not None:
                self._limit.cancel()
                self._limit = None
                ending.callback(None)

        def written(result: object) -> None:
            if isinstance(result, Exception):
                note(self.log, "what was said last could not be written", result)
            closed(result)

        self._reader.close(closed)
        self._searcher.close(closed)
        writer = self._workers.writer
        writer.do(partial(self._finish, self._turn, self._marks, self.last, self._gone), written)
        writer.stop()

    def _finish(self, events: list[KeptEvent], marks: list[tuple[str, str, int]], last: int, gone: int) -> None:
        """Do what `close` promises, on the writer's thread."""
        disk = self._disk
        try:
            if events or marks:
                disk.commit(events, marks, last, gone)
            until = self._measure() + _TIDY
            with suppress(sqlite3.Error):
                while self._measure() < until and disk.file():
                    pass
            disk.end(last)
            disk.checkpoint("truncate")
        finally:
            disk.close()
            self._folder.leave()

    def _give_up(self, ending: Deferred[None]) -> None:
        self._limit = None
        self._ended = True
        self.log.warn("the journal's disk does not answer: what was said last may not be saved")
        ending.callback(None)


def _nobody(sentence: str) -> None:
    """Tell nobody."""
