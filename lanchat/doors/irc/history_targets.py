"""CHATHISTORY TARGETS: in which rooms, and with whom, anything was said between two moments.

What counts is when it was last.  Of rooms that is known; of what two accounts told each other the journal is asked:
for the newest message of all of them, then for that of all the others, and so on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lanchat.core.errors import Refused
from lanchat.core.events import where
from lanchat.core.journal import Found, Query
from lanchat.core.names import fold
from lanchat.doors.irc.message import to_wire, written
from lanchat.doors.irc.pages import in_batch
from lanchat.doors.irc.standard_replies import Failed, fail

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor

MOST = 200
"""People with whom one has talked that are looked at, those of last time first."""


class Targets:
    """What one client asked for, until it is answered: at most ``most`` of what was said between two moments."""

    def __init__(self, irc: IrcDoor, first: str, second: str, most: int) -> None:
        self._irc = irc
        self._backwards = second < first
        self._low, self._high = sorted((first, second))
        self._most = most
        self._last = irc.hub.journal.last
        last = [(room.recent[-1].time, room.name) for room in irc.session.member.rooms if room.recent]
        self._found = [each for each in last if self._low < each[0] < self._high]
        self._places = set(irc.hub.private.of(irc.session))
        self._looked = 0

    def find(self) -> None:
        """Look for them, and answer; until then nothing more is heard from the client."""
        self._irc.session.hold()
        self._go_on()

    def _go_on(self) -> None:
        """Look for the newest message among those whom nothing was found of yet."""
        irc = self._irc
        if not irc.session.present:
            irc.session.release()
            return
        if not self._places or self._looked == MOST:
            self._end(self._lines())
            return
        self._looked += 1
        query = Query(
            rooms=frozenset(self._places),
            until=self._last,
            most=1,
            newest=True,
            spoken=True,
            earliest=self._low,
            without=frozenset(irc.session.member.ignores),
        )
        irc.hub.journal.find(query, self._then)

    def _then(self, result: Found | Refused) -> None:
        irc = self._irc
        if isinstance(result, Refused):
            self._end(fail(irc, "CHATHISTORY", Failed("MESSAGE_ERROR", "TARGETS", text=result.text)))
            return
        for event in result.events:
            place = where(event)
            self._places.discard(place)
            if self._low < event.time < self._high:
                self._found.append((event.time, self._other(place)))
        if not result.events:
            self._places.clear()
        irc.factory.clock.callLater(0, self._go_on)

    def _other(self, place: str) -> str:
        """Give with whom somebody talks at a place; with themselves, perhaps."""
        _, *both = place.split("@")
        own = fold(self._irc.name)
        other = next((each for each in both if each != own), own)
        account = self._irc.hub.accounts.find(other)
        return account.name if account is not None else other

    def _lines(self) -> bytes:
        found = sorted(self._found)
        chosen = found[-self._most :] if self._backwards else found[: self._most]

        def write(tags: str) -> list[bytes]:
            source = self._irc.server
            lines = [written("CHATHISTORY", "TARGETS", target, time, source=source) for time, target in chosen]
            return [to_wire(line, f"@{tags} " if tags else "") for line in lines]

        return in_batch(self._irc, ("draft/chathistory-targets",), write)

    def _end(self, told: bytes) -> None:
        """Answer, if there is anybody still."""
        session = self._irc.session
        try:
            if session.present:
                self._irc.put(told)
        finally:
            session.release()
