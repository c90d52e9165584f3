"""Deleting: has what was taken away purged from the file (`purging.py`), and says when it is nowhere any more.

A step and a pause of the same length, so a commit waits for one step at most, and half the time is the commits'.

To purge a file of 100,000 messages writes some 25 MB, for one of them as for a hundred.  So whoever goes on deleting
is slowed down: the first ten times it is done at once, and then every five seconds for all that has come meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger

from lanchat.core.errors import Refused
from lanchat.core.limits import Bucket
from lanchat.stores.faults import note
from lanchat.stores.journal import Gone
from lanchat.stores.purging import Purging, Stage
from lanchat.stores.reading import Reading
from lanchat.stores.workers import Worker

Answer = Callable[[Refused | None], None]

_READERS = 0.25
"""Seconds until it is seen whether somebody still reads from SQLite's log."""
_BURST = 10
"""How often it is begun without a rest."""
_RATE = 0.2
"""How often a second it goes on to be begun."""
_RETRY = 30.0
"""Seconds, the longest pause after an error."""
_LATER = Refused(
    "not-deleted-yet",
    "Nobody is shown that any more, but the server's disk cannot be written just now. It is tried again until it can.",
)
_ENDED = Refused("not-deleted-yet", "The server stops now: what is left of it goes when it starts again.")


class _Asked(NamedTuple):
    gone: Gone
    then: Answer


class Deleting:
    """Has everything purged that it is told of, one after the other; ``done`` is called when nothing is left."""

    log = Logger()

    def __init__(
        self,
        clock: IReactorTime,
        writer: Worker,
        reader: Reading,
        purging: Purging,
        *,
        measure: Callable[[], float],
        done: Callable[[], None],
    ) -> None:
        self._clock = clock
        self._writer = writer
        self._reader = reader
        self._purging = purging
        self._measure = measure
        self._done = done
        self._asked: list[_Asked] = []
        """What the writer's thread does not know of yet."""
        self._noted: list[_Asked] = []
        """What it has noted."""
        self._busy = self._ended = False
        self._begun = False
        """Whether it was begun, and is not over."""
        self._resting = False
        self._beginnings = Bucket(_RATE, _BURST, clock.seconds())
        self._pause = 0.0
        self._next: IDelayedCall | None = None

    @property
    def pending(self) -> bool:
        """Whether something is under way."""
        return bool(self._asked or self._noted or self._busy)

    def delete(self, gone: Gone, then: Answer) -> None:
        """Have something purged, then call ``then``; with a reason if that cannot be done soon."""
        self._asked.append(_Asked(gone, then))
        if not self._resting:
            self._go()

    def go_on(self) -> None:
        """Go on with what was begun before the server started, and waits for those who read."""
        self._go()

    def stop(self) -> list[Gone]:
        """Ask for no more steps, and give what the writer's thread does not know of yet.

        What is left is done when the journal ends, or is opened again.
        """
        self._ended = True
        if self._next is not None:
            self._next.cancel()
            self._next = None
        asked, noted, self._asked, self._noted = self._asked, self._noted, [], []
        for each in noted + asked:
            each.then(_ENDED)
        return [each.gone for each in asked]

    def _go(self) -> None:
        """Ask for the next step now, unless one is under way."""
        if self._busy or self._ended:
            return
        if self._next is not None:
            self._next.cancel()
            self._next = None
        if not self._begun:
            self._begun = True
            if rest := self._beginnings.take(self._clock.seconds()):
                self._resting = True
                self._next = self._clock.callLater(rest, self._timely)
                return
        self._busy = True
        asked, self._asked = self._asked, []

        def work() -> tuple[Stage, float]:
            began = self._measure()
            self._purging.add([each.gone for each in asked])
            return self._purging.step(), self._measure() - began

        def worked(result: tuple[Stage, float] | Exception) -> None:
            self._busy = False
            if self._ended:
                for each in asked:
                    each.then(_ENDED)
                return
            if isinstance(result, Exception):
                self._failed(asked, result)
                return
            self._pause = 0.0
            stage, seconds = result
            self._noted += asked
            if stage is Stage.DONE:
                self._finish()
            elif stage is Stage.LOG:
                self._reader.checkpoint(lambda _result: self._later(0.0))
            else:
                self._later(_READERS if stage is Stage.READERS else seconds)

        self._writer.do(work, worked)

    def _later(self, seconds: float) -> None:
        if self._asked:
            self._go()
        elif self._next is None and not self._busy and not self._ended:
            self._next = self._clock.callLater(seconds, self._timely)

    def _timely(self) -> None:
        self._next = None
        self._resting = False
        self._go()

    def _finish(self) -> None:
        noted, self._noted = self._noted, []
        self._begun = False
        if self._asked:
            self._go()
        else:
            self._done()
        for each in noted:
            each.then(None)

    def _failed(self, asked: list[_Asked], error: Exception) -> None:
        """Try again later, and say so, once."""
        if not self._pause:
            note(self.log, "what was deleted is in the journal's file still; it is tried again", error)
        told = self._noted + asked
        self._noted = [each._replace(then=_nobody) for each in self._noted]
        self._asked[:0] = [each._replace(then=_nobody) for each in asked]
        self._pause = min(max(1.0, self._pause * 2), _RETRY)
        self._next = self._clock.callLater(self._pause, self._timely)
        for each in told:
            each.then(_LATER)


def _nobody(_refused: Refused | None) -> None:
    """Tell nobody: they know it already."""
