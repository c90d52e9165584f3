"""Watching: who wants to know when somebody of a nick comes and goes, whether or not they share a room."""

from __future__ import annotations

from lanchat.core.errors import Refused
from lanchat.core.names import check_nick, fold
from lanchat.core.replies import Watched
from lanchat.core.session import Session

MOST = 100
"""Nicks that one session may watch."""


class Watching:
    """Which session watches which nicks.  ``longest`` is how many characters a nick may have."""

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._watchers: dict[str, dict[Session, None]] = {}
        """By folded nick."""
        self._watched: dict[Session, dict[str, str]] = {}
        """Folded nick to the nick as it was given."""

    def add(self, session: Session, nick: str) -> None:
        """Let a session hear of a nick from now on.  Raises Refused ``bad-nick`` or ``too-many-watched``."""
        nick = check_nick(nick, self._longest)
        watched = self._watched.setdefault(session, {})
        if fold(nick) not in watched and len(watched) >= MOST:
            raise Refused("too-many-watched", f"You watch {MOST} people already. Stop watching one of them first.")
        watched.setdefault(fold(nick), nick)
        self._watchers.setdefault(fold(nick), {})[session] = None

    def remove(self, session: Session, nick: str) -> None:
        """Let a session hear of a nick no more.  Harmless for one that it does not watch."""
        watched = self._watched.get(session, {})
        if watched.pop(fold(nick), None) is None:
            return
        if not watched:
            del self._watched[session]
        watchers = self._watchers[fold(nick)]
        del watchers[session]
        if not watchers:
            del self._watchers[fold(nick)]

    def clear(self, session: Session) -> None:
        """Let a session watch nobody any more."""
        for nick in self.of(session):
            self.remove(session, nick)

    def of(self, session: Session) -> list[str]:
        """Give the nicks that a session watches, as it named them."""
        return list(self._watched.get(session, {}).values())

    def notice(self, nick: str, *, present: bool) -> None:
        """Tell those who watch a nick that somebody of that name is here now, or is not any more."""
        if watchers := self._watchers.get(fold(nick)):
            told = Watched(nick=nick, present=present)
            for session in watchers:
                session.tell(told)
