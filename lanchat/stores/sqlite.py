"""The journal on disk: SQLite, one file, nothing said before it is saved.

It is the journal in memory, which numbers the events and has the newest, and beside it the file has them all.  What a
turn brought goes to the writer's thread as it is (`writing.py`); nothing here touches the file.

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

import msgspec
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger

from lanchat.core.errors import Refused
from lanchat.core.events import AnyEvent, Said
from lanchat.core.journal import Found, Kept, Mark, Query
from lanchat.stores.deleting import Answer, Deleting
from lanchat.stores.disk import Disk
from lanchat.stores.faults import JournalError, note, unopened
from lanchat.stores.filing import MARKS, Filing
from lanchat.stores.folder import JOURNAL, Folder
from lanchat.stores.housekeeping import Housekeeping
from lanchat.stores.journal import KEEP, Gone, KeptEvent, MemoryJournal, is_kept
from lanchat.stores.people import People
from lanchat.stores.people_rows import write
from lanchat.stores.purging import Purging, Stage
from lanchat.stores.reading import Reading
from lanchat.stores.remembering import kept
from lanchat.stores.turns import Mark as TurnMark
from lanchat.stores.upgrades import scripts
from lanchat.stores.workers import Workers
from lanchat.stores.writing import Then, Writing

READS = 1_000
"""Reads that may wait."""
_TIDY = 1.0
"""Seconds for which turns are filed at the end."""
_END = 4.0
"""Seconds after which the end is not waited for any more."""


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
        self._directory = directory.absolute()
        self._clock = clock
        self._workers = workers
        self._sync = sync
        self._keep = (keep_seconds, keep_events)
        self._now = now
        self._backlog = backlog
        self._measure = measure
        self._steps = steps
        self._limit: IDelayedCall | None = None
        self._ended = self._unpurged = False
        path = self._directory / JOURNAL
        self._reader = Reading(workers.reader, path, measure)
        self._searcher = Reading(workers.searcher, path, measure)
        self.people: People
        """Where accounts, server bans and the audit log are kept, once it is open."""
        self._folder: Folder
        self._disk: Disk
        self._filing: Filing
        self._writing: Writing
        self._purging: Purging
        self._housekeeping: Housekeeping
        self._deleting: Deleting

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
        self.secret = disk.secret
        self.last = self._forgotten = disk.last
        self._housekeeping = Housekeeping(
            self._clock,
            self._workers.writer,
            self._reader,
            disk,
            self._filing,
            keep=self._keep,
            now=self._now,
            measure=self._measure,
        )
        self._writing = Writing(
            self, self._clock, self._workers.writer, disk, self._housekeeping, lambda sentence: self.troubled(sentence)
        )
        self.people = People(self._clock, self._workers.writer, partial(write, disk, self._filing), remembered)
        self._deleting = Deleting(
            self._clock,
            self._workers.writer,
            self._reader,
            self._purging,
            measure=self._measure,
            done=self._let_show,
        )
        if self._unpurged:
            self._deleting.go_on()
        self._housekeeping.dropped = self._note_gone
        self._housekeeping.start()
        return remembered

    def _open(self) -> Kept:
        """Do what `open` promises, on the writer's thread."""
        self._folder = Folder(self._directory)
        try:
            disk = Disk(self._folder.journal, self._sync, scripts() if self._steps is None else self._steps)
            try:
                filing = Filing(disk)
                purging = Purging(disk, filing)
                self._unpurged = purging.recover()
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
        self._filing = filing
        self._purging = purging
        return remembered

    # -- writing -------------------------------------------------------------------------------------------

    @property
    def gone(self) -> int:
        """The number up to which events may be gone: they were too old, or could not be written."""
        return self._writing.gone

    @property
    def trouble(self) -> str:
        """What everybody was told, while history has stopped; empty while it goes on."""
        return self._writing.trouble

    def submit(self, event: AnyEvent, happen: Callable[[AnyEvent], None], mark: Mark | None = None) -> None:
        """Number the event and let it happen."""
        if isinstance(event, Said) or is_kept(event):
            self._writing.turn.append(event)
        if mark is not None:
            self._writing.marks.append((mark.client, mark.ref, self.last + 1))
        super().submit(event, happen)

    def commit(self, then: Then) -> None:
        """Have everything submitted so far written, then call ``then``; at once while history has stopped."""
        if self._ended:
            then()
        else:
            self._writing.commit(then)

    def attend(self) -> None:
        """Hear of a commit that has ended."""
        self._workers.writer.attend()

    # -- reading -------------------------------------------------------------------------------------------

    def find(self, query: Query, then: Callable[[Found | Refused], None]) -> None:
        """Look for events on the disk, when everything that was submitted until now is there."""
        if self._ended:
            then(Refused("no-history", "The server stops now."))
            return
        if self._reads >= READS:
            then(Refused("busy", "Too many people look back just now. Try again in a minute."))
            return

        def answer(result: Found | Refused) -> None:
            if isinstance(result, Found) and self._has_hidden(result):
                look()
                return
            self._reads -= 1
            self._let_show()
            then(result)

        def look() -> None:
            reading = self._searcher if query.phrases or query.names else self._reader
            reading.find(query, self._writing.waiting() if self.trouble else (), [*self._hidden], answer)

        self._reads += 1
        self._writing.reach(min(query.until, self.last), look)

    # -- deleting ------------------------------------------------------------------------------------------

    def _remove(self, gone: Gone, then: Answer) -> None:
        """Let nobody find what is gone from now on, and call ``then`` when the file has nothing of it any more."""
        if self._ended:
            then(Refused("no-history", "The server stops now."))
            return
        self._forget(gone)
        self._hidden.append(gone)
        self._writing.forget(gone)
        self._deleting.delete(gone, then)

    def _let_show(self) -> None:
        """Let everything be found that is there, if nothing of what is gone is, and nobody looks who has seen it."""
        if self._hidden and not (self._reads or self._deleting.pending):
            self._hidden.clear()

    def _note_gone(self) -> None:
        self._writing.gone = max(self._writing.gone, self._disk.gone)

    # -- the end -------------------------------------------------------------------------------------------

    def close(self) -> Deferred[None]:
        """Write what is left, note that this is a clean end, and close the file; given up after some seconds."""
        ending: Deferred[None] = Deferred()
        if self._ended:
            ending.callback(None)
            return ending
        self._housekeeping.stop()
        left = self._deleting.stop()
        self._limit = self._clock.callLater(_END, self._give_up, ending)
        self._writing.end(lambda: self.people.end(lambda: self._end(ending, left)))
        return ending

    def _end(self, ending: Deferred[None], left: list[Gone]) -> None:
        if self._ended:  # it was given up already
            return
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
        writing = self._writing
        writer.do(partial(self._finish, writing.turn, writing.marks, self.last, writing.gone, left), written)
        writer.stop()

    def _finish(self, events: list[KeptEvent], marks: list[TurnMark], last: int, gone: int, left: list[Gone]) -> None:
        """Do what `close` promises, on the writer's thread."""
        disk = self._disk
        try:
            if events or marks:
                disk.commit(events, marks, last, gone)
            until = self._measure() + _TIDY
            with suppress(sqlite3.Error):
                while self._measure() < until and self._filing.file():
                    pass
                self._purging.add(left)
                while self._measure() < until and self._purging.step() in (Stage.MORE, Stage.LOG):
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
