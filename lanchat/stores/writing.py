"""The way to the disk: what a turn brought is handed over to the writer's thread, one commit after the other.

When it cannot be written (a full disk, a locked file) the chat goes on: everybody is told, what waits stays in memory,
and it is tried again until it works.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger

from lanchat.stores.disk import Disk
from lanchat.stores.faults import note, resumed, stopped
from lanchat.stores.filing import MARKS
from lanchat.stores.housekeeping import Housekeeping
from lanchat.stores.journal import Gone, KeptEvent, MemoryJournal
from lanchat.stores.turns import Mark
from lanchat.stores.workers import Worker

PENDING = 100_000
"""Events that wait in memory while nothing can be written; the oldest go for more."""
_RETRY = 30.0
"""Seconds, the longest pause between two attempts to write."""

Then = Callable[[], None]


class _Handed(NamedTuple):
    """What was handed over to be written, and who waits for it."""

    events: list[KeptEvent]
    marks: list[Mark]
    last: int
    thens: list[Then]


class Writing:
    """Has the turns of a journal written; ``troubled`` is told a sentence when history stops, and when it goes on."""

    log = Logger()

    def __init__(
        self,
        journal: MemoryJournal,
        clock: IReactorTime,
        writer: Worker,
        disk: Disk,
        housekeeping: Housekeeping,
        troubled: Callable[[str], object],
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._writer = writer
        self._disk = disk
        self._housekeeping = housekeeping
        self._troubled = troubled
        self.trouble = ""
        """What everybody was told, while history has stopped."""
        self.gone = disk.gone
        """The number up to which events may be gone."""
        self.turn: list[KeptEvent] = []
        """What was submitted and is not handed over."""
        self.marks: list[Mark] = []
        self._thens: list[Then] = []
        """Who waits for that."""
        self._handed: _Handed | None = None
        self._forgotten: list[Gone] = []
        """What must not come back from there, should it not be written."""
        self._committed = disk.last
        self._reserved = disk.reserved
        self._dropped = 0
        self._retry: IDelayedCall | None = None
        self._pause = 0.0
        self._later: list[tuple[int, Then]] = []
        """Who waits for the commit of the event with this number."""
        self._ending: Then | None = None

    def commit(self, then: Then) -> None:
        """Have everything submitted so far written, then call ``then``; at once while history has stopped."""
        if self.trouble:
            self._bound()
            then()
        else:
            self._thens.append(then)
            if self._handed is None:
                self._hand_over()

    def reach(self, number: int, then: Then) -> None:
        """Call ``then`` when the event with this number is on the disk; at once while history has stopped."""
        if self.trouble or number <= self._committed:
            then()
        else:
            self._later.append((number, then))
            if self._handed is None:
                self._hand_over()

    def waiting(self) -> list[KeptEvent]:
        """Give what is not on the disk yet."""
        return (self._handed.events if self._handed is not None else []) + self.turn

    def forget(self, gone: Gone) -> None:
        """Let what is gone not be written any more."""
        self.turn[:] = [event for event in self.turn if not gone.takes(event)]
        if self._handed is not None:
            self._forgotten.append(gone)

    def end(self, then: Then) -> None:
        """Try nothing again, and call ``then`` when nothing is under way."""
        self._ending = then
        if self._retry is not None:
            self._retry.cancel()
        if self._handed is None:
            then()

    def _hand_over(self) -> None:
        """Hand over what is there; where nothing of it has to be written, it is committed."""
        last = self._journal.last
        if not (self.turn or self.marks or self.trouble) and last <= self._reserved:
            thens, self._thens = self._thens, []
            self._settle(last, thens)
            return
        turn = self._handed = _Handed(self.turn, self.marks, last, self._thens)
        self.turn, self.marks, self._thens = [], [], []
        self._housekeeping.commits += 1
        work = partial(self._disk.commit, turn.events, turn.marks, turn.last, self.gone)
        self._writer.do(work, partial(self._written, turn))

    def _written(self, turn: _Handed, result: int | Exception) -> None:
        """Go on: the writer has done what it could."""
        self._handed = None
        if isinstance(result, Exception):
            self._failed(turn, result)
            thens, self._thens = turn.thens + self._thens, []
            self._forgotten.clear()
            self._settle(self._committed, thens)
        else:
            self._forgotten.clear()
            self._reserved = result
            if turn.events or turn.marks:
                self._housekeeping.committed()
            left = bool(self.trouble)  # who said it while history had stopped does not wait for a commit
            self._pause = 0.0
            if self.trouble:
                self._recovered()
            self._settle(turn.last, turn.thens)
            if self._handed is None and (left or self._thens):
                self._hand_over()
        if self._ending is not None and self._handed is None:
            self._ending()

    def _settle(self, committed: int, thens: list[Then]) -> None:
        """Let everybody go on who waited for a commit."""
        self._committed = max(committed, self._committed)
        for then in thens:
            then()
        later, self._later = self._later, []
        for number, then in later:
            self.reach(number, then)

    # -- trouble -------------------------------------------------------------------------------------------

    def _failed(self, turn: _Handed, error: Exception) -> None:
        """Keep what could not be written, tell everybody, and try again later."""
        self.turn[:0] = [event for event in turn.events if not any(gone.takes(event) for gone in self._forgotten)]
        self.marks[:0] = turn.marks
        self._bound()
        sentence = stopped(error)
        if sentence != self.trouble:
            note(self.log, sentence, error)
        told, self.trouble = self.trouble, sentence
        if self._ending is None:
            self._pause = min(max(1.0, self._pause * 2), _RETRY)
            self._retry = self._clock.callLater(self._pause, self._try_again)
        if not told:
            self._troubled(sentence)

    def _try_again(self) -> None:
        self._retry = None
        self._hand_over()

    def _bound(self) -> None:
        """Keep what waits within bounds: the oldest is lost, and who asks for it will hear that."""
        surplus = len(self.turn) - PENDING
        if surplus > 0:
            self.gone = max(self.gone, self.turn[surplus - 1].id)
            self._dropped += surplus
            del self.turn[:surplus]
        del self.marks[:-MARKS]

    def _recovered(self) -> None:
        dropped, self._dropped, self.trouble = self._dropped, 0, ""
        sentence = resumed(dropped)
        self.log.info("{sentence}", sentence=sentence)
        self._troubled(sentence)
