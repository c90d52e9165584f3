"""Bans from the whole server: whom its admins keep out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from lanchat.core.errors import Refused
from lanchat.core.masks import Matcher, matcher
from lanchat.core.modes import Listed, holds, why
from lanchat.core.names import fold

MOST = 1_000
"""Bans of one server."""


class Store(Protocol):
    """Where they are kept."""

    def put(self, ban: Listed, /) -> None:
        """Keep a ban, instead of another one of the same mask."""
        ...

    def drop(self, mask: str, /) -> None:
        """Keep a ban no more."""
        ...


class NoStore:
    """Keeps nothing."""

    def put(self, ban: Listed) -> None:
        """Do nothing."""

    def drop(self, mask: str) -> None:
        """Do nothing."""


class ServerBans:
    """Whom the server's admins keep out, by folded mask (`masks`).

    ``now`` gives this moment, as events carry a time: what has had its time keeps nobody out any more.
    """

    def __init__(self, now: Callable[[], str] = str) -> None:
        self.store: Store = NoStore()
        self._now = now
        self._listed: dict[str, Listed] = {}
        self._matchers: dict[str, Matcher] = {}
        """By folded mask, as far as they were needed: whoever comes in is held against all of them."""

    def restore(self, bans: Iterable[Listed]) -> None:
        """Know the bans of the time before."""
        self._listed.update((fold(ban.mask), ban) for ban in bans)

    def listed(self) -> Sequence[Listed]:
        """Give those that hold, the oldest first."""
        now = self._now()
        return [ban for ban in self._listed.values() if holds(ban, now)]

    def sweep(self) -> None:
        """Forget those that have had their time."""
        now = self._now()
        for ban in [ban for ban in self._listed.values() if not holds(ban, now)]:
            self.remove(ban.mask)

    def add(self, ban: Listed) -> None:
        """Let a ban hold.  Raises Refused ``list-full``."""
        if len(self._listed) >= MOST and fold(ban.mask) not in self._listed:
            self.sweep()
            if len(self._listed) >= MOST:
                raise Refused("list-full", f"{MOST:,} are banned already. /serverunban lets somebody in again.")
        self._listed[fold(ban.mask)] = ban
        self.store.put(ban)

    def remove(self, mask: str) -> Listed:
        """Lift a ban.  Raises Refused ``not-listed``."""
        ban = self._listed.pop(fold(mask), None)
        if ban is None:
            raise Refused("not-listed", f"{mask} is not banned. /serverbans shows who is.")
        self._matchers.pop(fold(mask), None)
        self.store.drop(ban.mask)
        return ban

    def fitting(self, traits: Iterable[str]) -> Listed | None:
        """Give a ban that fits somebody (`Member.traits`)."""
        folded = [fold(trait) for trait in traits]
        now = self._now()
        for key, ban in self._listed.items():
            fits = self._matchers.get(key)
            if fits is None:
                fits = self._matchers[key] = matcher(ban.mask)
            if any(map(fits, folded)) and holds(ban, now):
                return ban
        return None

    def check(self, traits: Iterable[str]) -> None:
        """See whether somebody may come in.  Raises Refused ``banned``."""
        if self._listed and (ban := self.fitting(traits)) is not None:
            raise Refused("banned", f"You are banned from this server{why(ban)}. Ask who runs it.")
