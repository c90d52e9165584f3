"""The journal as the core knows it: where events get their order, their number and their place."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from typing import NamedTuple, Protocol

import msgspec

from lanchat.core.accounts import Account
from lanchat.core.errors import Refused
from lanchat.core.events import AnyEvent, Deleted, Spoken, Told, Words, where
from lanchat.core.modes import Listed, Modes
from lanchat.core.names import fold, named_in
from lanchat.core.replies import AuditLine
from lanchat.core.words import found_in, words_of


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for among the kept events of some rooms: at most ``most`` of them, with ``after < id <= until``.

    Rooms are those of `events.where`: folded names, and places of what was told in private.  Nicks are folded.
     Moments are stamps, as events carry them; an empty one is no bound.
    """

    rooms: frozenset[str]
    after: int = 0
    until: int
    most: int
    newest: bool = False
    """Whether the newest of them are wanted, not the oldest."""
    spoken: bool = False
    """Whether only what was said or done is wanted, not who came and went."""
    nick: str = ""
    """Whose doing it was."""
    to: str = ""
    """Whom it was told in private."""
    without: frozenset[str] = frozenset()
    """Whose doing it was not."""
    phrases: tuple[str, ...] = ()
    """What the text has, all of it (see `words`)."""
    names: str = ""
    """Whom the text names, somebody else's: a nick, as it is shown."""
    earliest: str = ""
    latest: str = ""
    """The first moment that is too late."""

    def admits(self, event: AnyEvent) -> bool:
        """Say whether an event is one of those that are looked for."""
        if not self.after < event.id <= self.until:
            return False
        if where(event) not in self.rooms or (self.nick and fold(event.nick) != self.nick):
            return False
        if self.to and not (isinstance(event, Told) and fold(event.to) == self.to):
            return False
        if self.without and fold(event.nick) in self.without:
            return False
        if event.time < self.earliest or (self.latest and event.time >= self.latest):
            return False
        if not (self.spoken or self.phrases or self.names):
            return True
        if not isinstance(event, Words):
            return False
        if self.names and fold(event.nick) == fold(self.names):
            return False
        wanted = self.phrases
        if named := words_of(self.names):  # so that an index of words leads to whoever is named
            wanted = (*wanted, " ".join(named))
        if wanted and not found_in(event.text, wanted):
            return False
        return not self.names or bool(named_in(self.names, event.text))


class Found(NamedTuple):
    """What was found: events in the order of their numbers, and whether there are more than were wanted."""

    events: Sequence[AnyEvent]
    more: bool


class Mark(NamedTuple):
    """What a client called one of its messages, by which it can be known again: its name, and its reference."""

    client: str
    ref: str


class KeptRoom(NamedTuple):
    """A room as it was: its name and topic, and the newest that was said there, the oldest first.

    Who had a rank there is not known any more: ranks are people's, and everybody has left.
    """

    name: str
    topic: str
    spoken: Sequence[Spoken]
    topic_by: str = ""
    """By whom the topic is, and since when; empty where that is not known any more, as for the next."""
    topic_time: str = ""
    created: str = ""
    """When the first event was that is known of the room."""
    modes: Modes | None = None
    """Nothing: those of a new room."""


class Kept(NamedTuple):
    """What a journal remembers of the time before: the rooms, those used last first, the newest marks, and people."""

    rooms: Sequence[KeptRoom] = ()
    marks: Sequence[tuple[Mark, int]] = ()
    places: Sequence[str] = ()
    """Where is kept what was told in private (`events.place_of`)."""
    accounts: Sequence[Account] = ()
    bans: Sequence[Listed] = ()
    """From the whole server."""
    audit: Sequence[AuditLine] = ()
    """The newest, the oldest of them first."""


class Journal(Protocol):
    """The seam behind which the stores stand (lanchat/stores)."""

    identity: str
    """Which journal it is: numbers mean something only within one."""
    secret: bytes
    """The key by which addresses are hidden (`masks.cloak`), known to nobody else.

    It stays as long as the journal, or the masks of bans would fit nobody after a restart.  A journal that is opened
    has it from then on, as it has its identity.
    """
    last: int
    """The number of the newest event; 0 when there is none."""

    @property
    def gone(self) -> int:
        """The number up to which events may be gone for good; 0 when nothing was dropped yet."""
        ...

    def submit(self, event: AnyEvent, happen: Callable[[AnyEvent], None], mark: Mark | None, /) -> None:
        """Give the event its number and let it happen; the mark is kept with it."""
        ...

    def commit(self, then: Callable[[], None], /) -> None:
        """Put everything submitted so far in its place, then call ``then``: at once or later, but never before."""
        ...

    def attend(self) -> None:
        """Call what a commit that has ended meanwhile is to be followed by, now and not at the end of the turn."""
        ...

    def since(self, after: int, until: int, rooms: Container[str], most: int, /) -> Sequence[AnyEvent]:
        """Give at most ``most`` kept events of these (folded) rooms, the oldest first, with ``after < id <= until``.

        It looks in memory: ``after`` may not be less than `forgotten`.
        """
        ...

    def forgotten(self) -> int:
        """Give the number up to which events may be gone from memory; `find` knows those after ``gone``."""
        ...

    def delete(self, event: Deleted, then: Callable[[Refused | None], None], /) -> None:
        """Let what the event ``event.of`` said be nowhere any more, then call ``then``, or say why it is there still.

        Nobody finds it from now on; ``then`` is called when there is no trace of it in any place, which takes some
        seconds where much was said.  The event itself is submitted as any other is.
        """
        ...

    def forget_private(self, places: Iterable[str], then: Callable[[Refused | None], None], /) -> None:
        """Let everything that was told until now in these places be nowhere any more, and call ``then``, as above."""
        ...

    def find(self, query: Query, then: Callable[[Found | Refused], None], /) -> None:
        """Look for events, and call ``then`` with what was found, or why nothing was: at once or later.

        Everything is found that was submitted before.
        """
        ...
