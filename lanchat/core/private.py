"""What two accounts tell each other is kept: where, and what of it waits for somebody who was not here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from lanchat.core.accounts import Account
from lanchat.core.errors import Refused
from lanchat.core.events import Told, where
from lanchat.core.journal import Found, Query
from lanchat.core.names import fold
from lanchat.core.replies import Waiting
from lanchat.core.session import Session

if TYPE_CHECKING:
    from lanchat.core.hub import Hub

MOST = 500
"""Messages that may wait for somebody who is not here."""
_SHOWN = 200
"""Messages that are shown to who comes back: /missed has the others."""


class Private:
    """Which accounts have talked to each other: by folded nick, the places (`events.place_of`) of what they said."""

    def __init__(self) -> None:
        self._places: dict[str, dict[str, None]] = {}
        self._waiting: Counter[str] = Counter()
        """How many messages wait for somebody, by folded nick, of those since this server began."""

    def note(self, place: str) -> None:
        """Know of a place."""
        for nick in place.split("@")[1:]:
            self._places.setdefault(nick, {})[place] = None

    def restore(self, places: Iterable[str]) -> None:
        """Know the places of the time before."""
        for place in places:
            self.note(place)

    def check_waiting(self, account: Account) -> None:
        """See whether one more message may wait for an account.  Raises Refused ``too-many-waiting``."""
        if self._waiting[fold(account.name)] >= MOST:
            raise Refused("too-many-waiting", f"{MOST} messages wait for {account.name} already. Try again later.")

    def wait(self, nick: str) -> None:
        """Count a message that waits for somebody."""
        self._waiting[fold(nick)] += 1

    def forget(self, nick: str) -> list[str]:
        """Know nothing any more of what an account was told; gives the places."""
        places = list(self._places.pop(fold(nick), ()))
        for place in places:
            for other in place.split("@")[1:]:
                if other in self._places:
                    self._places[other].pop(place, None)
        return places

    def came(self, account: Account) -> None:
        """Note that somebody is shown what waits for them."""
        self._waiting.pop(fold(account.name), None)

    def of(self, session: Session) -> frozenset[str]:
        """Give the places that somebody may look at: those of their own account."""
        account = session.member.account
        return frozenset(self._places.get(fold(account.name), ())) if account is not None else frozenset()


def show_waiting(hub: Hub, session: Session) -> None:
    """Show somebody who has come in what they were told in private while they were not here."""
    account = session.member.account
    if account is not None:
        hub.private.came(account)
    places = hub.private.of(session)
    if account is None or not places or account.heard >= hub.journal.last:
        return
    nick = fold(account.name)
    query = Query(rooms=places, after=account.heard, until=hub.journal.last, most=_SHOWN, newest=True, to=nick)

    def then(found: Found | Refused) -> None:
        if session.present and isinstance(found, Found):
            ignored = session.member.ignores
            told = [event for event in found.events if isinstance(event, Told) and fold(event.nick) not in ignored]
            if told:
                session.answer(Waiting(events=told))

    hub.journal.find(query, then)


def keep(hub: Hub, event: Told) -> None:
    """Note where something is kept that was told in private."""
    if event.kept:
        hub.private.note(where(event))
