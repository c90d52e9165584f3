"""The pulse: the flush, once per reactor turn.  Nothing is written before the journal has committed it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from lanchat.core.journal import Journal

if TYPE_CHECKING:
    from lanchat.core.room import Audience
    from lanchat.core.session import Session


class Pulse:
    """Beats once at the end of a reactor turn in which something was said, and writes all of it.

    ``soon`` calls a function when the turn is over (``reactor.callLater(0, …)``).
    """

    def __init__(self, soon: Callable[[Callable[[], None]], object], journal: Journal) -> None:
        self._soon = soon
        self._journal = journal
        self._dirty: list[Audience] = []
        self._apart: list[Session] = []
        self._beating = False
        self.flushed = 0
        """The newest event that has been written to everybody."""

    def disturb(self, audience: Audience) -> None:
        """Note that an audience has something to say."""
        self._dirty.append(audience)
        self._beat()

    def collect(self, session: Session) -> None:
        """Note that a session collects for itself in this turn."""
        self._apart.append(session)
        self._beat()

    def _beat(self) -> None:
        if not self._beating:
            self._beating = True
            self._soon(self._commit)

    def _commit(self) -> None:
        self._journal.commit(self.flush)

    def flush(self) -> None:
        """Write everything that was collected: one write for each session."""
        self._beating = False
        self.flushed = self._journal.last
        dirty, self._dirty = self._dirty, []
        for session in _heard_twice(dirty):
            session.step_apart()
        for audience in dirty:
            audience.flush()
        apart, self._apart = self._apart, []
        for session in apart:
            session.rejoin()


def _heard_twice(dirty: list[Audience]) -> set[Session]:
    """Find the sessions that would get two writes: they hear two of the rooms that were spoken in."""
    twice: set[Session] = set()
    if len({audience.room for audience in dirty}) > 1:  # the audiences of one room share no session
        seen: set[Session] = set()
        for audience in dirty:
            twice.update(seen.intersection(audience.sends))
            seen.update(audience.sends)
    return twice
