"""The pulse: the flush, once per reactor turn.  Nothing is written before the journal has committed it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from lanchat.core.journal import Journal

if TYPE_CHECKING:
    from lanchat.core.room import Audience
    from lanchat.core.session import Session


PATIENCE = 0.05
"""Seconds for which a crowd may wait to hear who comes and goes."""


LONG = 200
"""Events after which a turn may be closed before it is over."""


class Pulse:
    """Beats once at the end of a reactor turn in which something was said, and writes all of it.

    What the turn brought is *sealed*, the journal commits it, and then it is written.  What is said while a
    commit is under way collects behind it, and is sealed when that has ended: there is one commit at a time.

    A crowd is not written to for every single newcomer: as long as nothing else happens anywhere, it hears of
    them a little later, together, and before anything that is said.  Else a thousand who come at once
    would cost a million writes.

    ``later`` calls a function after so many seconds: after 0, when the turn is over (``reactor.callLater``).
    """

    def __init__(self, later: Callable[[float, Callable[[], None]], object], journal: Journal) -> None:
        self._later = later
        self._journal = journal
        self._dirty: list[Audience] = []
        self._apart: dict[Session, None] = {}
        """Who stands apart, each once: what is sealed twice in a turn would be lost."""
        self._beating = False
        self._committing = False
        self._takes_time = False
        """Whether the journal takes time to commit."""
        self._sealed = 0
        """The newest event of what was sealed last."""
        self._urgent = False
        self._due = False
        self._after: list[Callable[[], None]] = []
        self._merging: list[tuple[Audience, int]] = []
        """What was merged last: audiences, and how much of each."""
        self._merged = b""
        self.flushed = 0
        """The newest event that has been written to all who stand apart, and to all others but a crowd that waits."""

    def disturb(self, audience: Audience) -> None:
        """Note that an audience has something to say."""
        self._dirty.append(audience)

    def hurry(self) -> None:
        """Write everything at the end of this turn."""
        self._urgent = True
        self.beat()

    def wait(self) -> None:
        """Write everything soon: nobody needs it at once."""
        if not self._due:
            self._due = True
            self._later(PATIENCE, self._hurry_up)
        self.beat()

    def _hurry_up(self) -> None:
        self._due = False
        if self._dirty:
            self.hurry()

    def collect(self, session: Session) -> None:
        """Note that a session collects for itself in this turn."""
        self._apart[session] = None
        self.beat()

    def merged(self, audiences: list[Audience]) -> bytes:
        """Give what several audiences have collected, in the order in which it happened.

        One event has one place, so the chunks of several rooms fall into their order.  One slot is enough: where
        everybody hears the same two rooms, everybody asks for the same in a row.
        """
        merging = [(audience, len(audience.pending)) for audience in audiences]
        if merging != self._merging:
            placed = [pair for each in audiences for pair in zip(each.places, each.pending, strict=True)]
            placed.sort()
            self._merging, self._merged = merging, b"".join([chunk for _, chunk in placed])
        return self._merged

    def after(self, call: Callable[[], None]) -> None:
        """Call when everything that was submitted until now is committed, and written."""
        self._after.append(call)
        self.beat()

    def beat(self) -> None:
        """Beat at the end of this turn."""
        if not self._beating:
            self._beating = True
            if not self._committing:
                self._later(0, self._turn_over)

    def go_on(self) -> None:
        """Write what has been committed meanwhile, and close a long turn before it is over.

        The doors call this between two reads, so that the disk works while more is read.
        """
        if self._committing:
            self._journal.attend()
        if self._takes_time and self._beating and not self._committing and self._long():
            self._seal()

    def _long(self) -> bool:
        """Say whether a turn has so much that writing it by itself is worth it: one write for each listener."""
        events = self._journal.last - self._sealed
        return events >= LONG and events >= 2 * sum([len(audience.sends) for audience in self._dirty])

    def _turn_over(self) -> None:
        if self._beating and not self._committing:
            self._seal()

    def _seal(self) -> None:
        """Close what is collected until now, and have it committed."""
        self._beating, self._committing = False, True
        dirty: list[Audience] = []
        if self._urgent:
            for session in _heard_twice(self._dirty):
                session.step_apart()
            dirty, self._dirty = self._dirty, dirty
            self._urgent = False
        apart, self._apart = list(self._apart), {}
        after, self._after = self._after, []
        self._merging = []
        for audience in dirty:
            audience.seal()
        for session in apart:
            session.seal()
        upto = self._sealed = self._journal.last
        self._journal.commit(lambda: self._flush(dirty, apart, after, upto))
        self._takes_time = self._committing

    def _flush(self, dirty: list[Audience], apart: list[Session], after: list[Callable[[], None]], upto: int) -> None:
        """Write what was sealed: one write for each session."""
        self.flushed = upto
        for audience in dirty:
            audience.flush()
        self._beating = self._committing = False
        if self._urgent or self._apart or self._after:
            self.beat()
        for session in apart:
            if session.flush():
                self._apart[session] = None
                if session.outbox:
                    self.beat()
        for call in after:
            call()


def _heard_twice(dirty: list[Audience]) -> set[Session]:
    """Find the sessions that would get two writes: they hear two of the rooms that were spoken in."""
    twice: set[Session] = set()
    if len({audience.room for audience in dirty}) > 1:  # the audiences of one room share no session
        seen: set[Session] = set()
        for audience in dirty:
            twice.update(seen.intersection(audience.sends))
            seen.update(audience.sends)
    return twice
