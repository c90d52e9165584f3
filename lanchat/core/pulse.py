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

    What the turn brought is *sealed*, the journal commits it, and then it is written.  What is said while a
    commit is under way collects behind it, and is sealed when that has ended.
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
            self._soon(self._seal)

    def _seal(self) -> None:
        """Close what is collected until now, and have it committed."""
        for session in _heard_twice(self._dirty):
            session.step_apart()
        dirty, self._dirty = self._dirty, []
        apart, self._apart = self._apart, []
        for audience in dirty:
            audience.seal()
        for session in apart:
            session.seal()
        upto = self._journal.last
        self._journal.commit(lambda: self._flush(dirty, apart, upto))

    def _flush(self, dirty: list[Audience], apart: list[Session], upto: int) -> None:
        """Write what was sealed: one write for each session."""
        self.flushed = upto
        for audience in dirty:
            audience.flush()
        for session in apart:
            if session.flush():
                self._apart.append(session)
        self._beating = False
        if self._dirty or self._apart:
            self._beat()


def _heard_twice(dirty: list[Audience]) -> set[Session]:
    """Find the sessions that would get two writes: they hear two of the rooms that were spoken in."""
    twice: set[Session] = set()
    if len({audience.room for audience in dirty}) > 1:  # the audiences of one room share no session
        seen: set[Session] = set()
        for audience in dirty:
            twice.update(seen.intersection(audience.sends))
            seen.update(audience.sends)
    return twice
