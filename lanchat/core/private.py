"""What two accounts tell each other is kept: where, and what of it waits for somebody who was not here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING
from weakref import WeakSet

from lanchat.core.accounts import Account
from lanchat.core.errors import Refused
from lanchat.core.events import AnyEvent, Told, where
from lanchat.core.journal import Found, Query
from lanchat.core.members import Member
from lanchat.core.names import fold
from lanchat.core.replies import Notice, Waiting
from lanchat.core.session import Session

if TYPE_CHECKING:
    from lanchat.core.hub import Hub

MOST = 500
"""Messages that may wait for somebody who is not here."""
EACH = 100
"""Those of one other: nobody is to take the place of all who have something to say."""
SHOWN = 200
"""Messages that are shown to who comes back: /missed has the others."""
CHARACTERS = 1 << 17
"""Characters of these, but for a single long text."""


class Private:
    """Which accounts have talked to each other: by folded nick, the places (`events.place_of`) of what they said."""

    def __init__(self) -> None:
        self._places: dict[str, dict[str, None]] = {}
        self._waiting: dict[str, Counter[str]] = {}
        """How many messages wait for somebody from whom, by folded nicks, of those since this server began."""
        self._tellers: dict[str, WeakSet[Member]] = {}
        """Who has been told that somebody, by folded nick, gets later what they are told."""
        self._showing: set[Account] = set()

    def note(self, place: str) -> None:
        """Know of a place."""
        for nick in place.split("@")[1:]:
            self._places.setdefault(nick, {})[place] = None

    def restore(self, places: Iterable[str]) -> None:
        """Know the places of the time before."""
        for place in places:
            self.note(place)

    def check_waiting(self, account: Account, teller: Member) -> None:
        """See whether one more message may wait for an account.  Raises Refused ``too-many-waiting``."""
        waiting = self._waiting.get(fold(account.name), Counter())
        if waiting[fold(teller.nick)] >= EACH:
            text = f"{EACH} messages of yours wait for {account.name} already. Try again when they have been here."
            raise Refused("too-many-waiting", text)
        if waiting.total() >= MOST:
            raise Refused("too-many-waiting", f"{MOST} messages wait for {account.name} already. Try again later.")

    def wait(self, nick: str, teller: Member) -> bool:
        """Count a message that waits for somebody; say whether its teller does not know yet that it does."""
        self._waiting.setdefault(fold(nick), Counter())[fold(teller.nick)] += 1
        told = self._tellers.setdefault(fold(nick), WeakSet())
        new = teller not in told
        told.add(teller)
        return new

    def forget(self, nick: str) -> list[str]:
        """Know nothing any more of what an account was told; gives the places."""
        self._waiting.pop(fold(nick), None)
        self._tellers.pop(fold(nick), None)
        places = list(self._places.pop(fold(nick), ()))
        for place in places:
            for other in place.split("@")[1:]:
                if other in self._places:
                    self._places[other].pop(place, None)
        return places

    def came(self, account: Account) -> None:
        """Note that somebody is here: nothing waits any more."""
        self._waiting.pop(fold(account.name), None)
        self._tellers.pop(fold(account.name), None)

    def show(self, account: Account, *, shown: bool) -> None:
        """Note that what waited for an account is looked for, and that it has been ``shown``."""
        (self._showing.discard if shown else self._showing.add)(account)

    def is_showing(self, account: Account) -> bool:
        """Say whether an account has still to be shown what waited for it: who leaves now has not heard it."""
        return account in self._showing

    def of(self, session: Session) -> frozenset[str]:
        """Give the places that somebody may look at: those of their own account."""
        account = session.member.account
        return frozenset(self._places.get(fold(account.name), ())) if account is not None else frozenset()


def show_waiting(hub: Hub, session: Session) -> None:
    """Show somebody who has come in what they were told in private while they were not here.

    It may come a little later, and is theirs then, at whatever client they are: what they are told meanwhile is not
    among it.
    """
    member, places = session.member, hub.private.of(session)
    account = member.account
    if account is None or not places or account.heard >= hub.journal.last:
        return
    query = Query(
        rooms=places,
        after=account.heard,
        until=hub.journal.last,
        most=SHOWN,
        newest=True,
        to=fold(account.name),
        without=frozenset(member.ignores),
    )

    def then(found: Found | Refused) -> None:
        here = next((each for each in (session, *member.sessions) if each.present), None)
        hub.private.show(account, shown=True)
        if here is None:
            return
        if isinstance(found, Refused):
            here.answer(Notice(text=f"What you were told while you were not here: {found.text} /missed tries again."))
        elif told := _fitting(found.events):
            more = found.more or len(told) < len(found.events)
            here.answer(Waiting(events=told, more="/missed" if more else ""))

    hub.private.show(account, shown=False)
    hub.journal.find(query, then)


def _fitting(events: Sequence[AnyEvent]) -> list[Told]:
    """Give the newest of them that are no more than a client takes at once."""
    fitting: list[Told] = []
    size = 0
    for event in reversed([event for event in events if isinstance(event, Told)]):
        size += len(event.text)
        if fitting and size > CHARACTERS:
            break
        fitting.append(event)
    return fitting[::-1]


def keep(hub: Hub, event: Told) -> None:
    """Note where something is kept that was told in private."""
    if event.kept:
        hub.private.note(where(event))


def heard_until(member: Member, last: int) -> int:
    """Give the event up to which somebody has heard everything when they leave: who is behind has not heard all."""
    return max([last if each.behind is None else each.behind for each in member.sessions])
