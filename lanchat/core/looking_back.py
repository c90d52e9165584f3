"""Looking back: what the hub answers to those who ask for what was said before.

Whatever is asked for is a `Query` to the journal, which may take its time: nothing more is heard from the session
until it is answered, so that answers come in the order of the questions.  Pages go by the numbers of the events, the
newest page first, and end at what was the newest event when the question was asked.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence

from lanchat.core.errors import Refused
from lanchat.core.events import AnyEvent, Words, place_of
from lanchat.core.hub import Hub
from lanchat.core.journal import Found, Query
from lanchat.core.names import fold
from lanchat.core.replies import History, Refusal
from lanchat.core.room import Room
from lanchat.core.searching import Search, event_number
from lanchat.core.session import Session
from lanchat.core.times import lasting, moment

LINES = 20
"""Events of one page, if nobody says how many."""
MOST = 200
"""Events of one page at most."""
MISSED = 100
"""Events of one page of what was missed."""
_CHARACTERS = 1 << 17
"""Characters of one page at most, but for a single long text."""


def ask(
    hub: Hub, session: Session, ref: str, query: Query, answer: Callable[[Found], History | Refused | None]
) -> None:
    """Tell a session what is found, in the words of ``answer``, or why nothing is; None: that comes later.

    ``ref`` is the reference of the command that is answered: by then the session has none any more.
    """
    session.hold()

    def then(found: Found | Refused) -> None:
        try:
            if session.present:
                reply = found if isinstance(found, Refused) else answer(found)
                if isinstance(reply, Refused):
                    session.answer(Refusal(ref=ref, code=reply.code, text=reply.text))
                elif reply is not None:
                    session.answer(reply)
        finally:
            session.release()

    hub.journal.find(query, then)


def history(hub: Hub, session: Session, room: Room, count: str, before: str, after: str) -> None:
    """Show what was said in a room: the newest of it, or the oldest after an event.

    ``count`` is how many lines, or since when; ``before`` and ``after`` are numbers of events; each may be empty.
    Raises Refused ``bad-arguments``.
    """
    page = _Page(session, session.ref, "history", f"/history {room.name} ", room=room.name)
    _turn(hub, session, fold(room.name), page, count, before, after)


def private(hub: Hub, session: Session, nick: str, count: str, before: str, after: str) -> None:
    """Show what somebody and one other told each other, as far as it is kept: as `history` does for a room.

    Raises Refused as `conversation` does, or ``bad-arguments``.
    """
    place, name = conversation(hub, session, nick)
    page = _Page(session, session.ref, "history", f"/history {name} ", nick=name)
    _turn(hub, session, place, page, count, before, after)


def conversation(hub: Hub, session: Session, nick: str) -> tuple[str, str]:
    """Give the place (`events.place_of`) of what somebody and one other told each other, and what the other is called.

    Raises Refused ``no-such-nick``, or ``no-account`` for a guest: nothing is kept of what guests are told.
    """
    own, other = session.member.account, hub.accounts.find(nick)
    if own is not None:
        place = place_of(own.name, nick)
        if other is not None or place in hub.private.of(session):
            return place, other.name if other is not None else nick
    if other is None:
        raise Refused(
            "no-such-nick",
            f"{nick} is no time, and nobody with an account. "
            "Type how many lines, or since when: 50, 30m, 15:04 or 2026-11-20.",
        )
    raise Refused("no-account", f"What you and {other.name} tell each other is kept if you log in. /help login")


def _turn(hub: Hub, session: Session, place: str, page: _Page, count: str, before: str, after: str) -> None:
    """Turn to a page of what was said in one place.  Raises Refused ``bad-arguments``."""
    most, earliest = LINES, ""
    count = count or str(LINES)
    if (number := event_number(count)) is None:
        try:
            earliest = moment(count, hub.now())
        except ValueError:
            raise Refused(
                "bad-arguments",
                f"{count} is no time. Type how many lines, or since when: 50, 30m, 15:04 or 2026-11-20.",
            ) from None
        count, most = lasting(count, earliest), MOST
    elif 1 <= number <= MOST:
        most = number
    else:
        raise Refused("bad-arguments", f"At most {MOST} lines can be shown at once, and at least one: /history {MOST}")
    query = Query(
        rooms=frozenset((place,)),
        after=min(_numbered(after, '{"op":"history","after":"1043"}'), hub.journal.last) if after else 0,
        until=_until(hub, before, "/history #dev 20 1043"),
        most=most,
        newest=not after,
        spoken=True,
        earliest=earliest,
    )
    page.older += f"{count} "
    ask(hub, session, session.ref, query, page.onward if after else page.of)


def mentions(hub: Hub, session: Session, before: str) -> None:
    """Show where others named somebody.  Raises Refused ``bad-arguments``."""
    query = Query(
        rooms=_rooms(hub, session),
        until=_until(hub, before, "/mentions 1043"),
        most=LINES,
        newest=True,
        names=session.member.nick,
    )
    page = _Page(session, session.ref, "mentions", "/mentions ")
    ask(hub, session, session.ref, query, page.of)


def missed(hub: Hub, session: Session, before: str) -> None:
    """Show what others said before somebody came in, or came back.  Raises Refused ``bad-arguments``."""
    member = session.member
    until = _until(hub, before, "/missed 1043")
    if not member.away:
        until = min(until, member.missed_until)
    ref = session.ref
    if member.missed_from is not None:
        _show_missed(hub, session, ref, member.missed_from, until)
        return

    def seen(found: Found) -> Refused | None:
        """Go on from the last that is known of them, from before they came in."""
        if not found.events:
            return Refused("nothing-missed", "I do not know when you were here last. /history shows what was said.")
        member.missed_from = found.events[0].id
        _show_missed(hub, session, ref, member.missed_from, until)
        return None

    query = Query(
        rooms=_rooms(hub, session),
        until=member.missed_until - 1,
        most=1,
        newest=True,
        nick=fold(member.nick),
    )
    ask(hub, session, ref, query, seen)


def search(hub: Hub, session: Session, typed: str) -> None:
    """Find what was said.  Raises Refused ``bad-arguments``, ``no-such-room`` or ``not-there``."""
    sought = Search(typed, hub.now())
    last = hub.journal.last
    query = Query(
        rooms=frozenset(fold(hub.room_of(session, name).name) for name in sought.rooms) or _rooms(hub, session),
        after=min(sought.after, last),
        until=last if sought.before is None else min(sought.before - 1, last),
        most=LINES,
        newest=True,
        spoken=True,
        nick=sought.nick,
        phrases=sought.phrases,
        earliest=sought.earliest,
        latest=sought.latest,
    )
    page = _Page(session, session.ref, "search", f"/search {sought.older}")
    ask(hub, session, session.ref, query, page.of)


class _Page:
    """What one session is shown of what was found: not the words of those whom it ignores.

    ``older`` and the number of an event type the line that asks for what was said before that event.
    """

    def __init__(
        self,
        session: Session,
        ref: str,
        what: str,
        older: str,
        *,
        room: str = "",
        nick: str = "",
        without: Container[str] = (),
    ) -> None:
        self._ref = ref
        self._ignores = session.member.ignores
        self._what = what
        self.older = older
        self._room = room
        self._nick = nick
        self._without = without

    def of(self, found: Found) -> History:
        """Give the page: the newest of what was found."""
        events = _fitting(found.events[::-1])[::-1]
        before = events[0].id if found.more or len(events) < len(found.events) else 0
        return History(
            ref=self._ref,
            what=self._what,
            room=self._room,
            nick=self._nick,
            events=self._shown(events),
            more=f"{self.older}{before}" if before else "",
            before=before,
        )

    def onward(self, found: Found) -> History:
        """Give the page: the oldest of what was found; the next one is newer."""
        events = _fitting(found.events)
        return History(
            ref=self._ref,
            what=self._what,
            room=self._room,
            nick=self._nick,
            events=self._shown(events),
            after=events[-1].id if found.more or len(events) < len(found.events) else 0,
        )

    def _shown(self, events: Sequence[AnyEvent]) -> list[Words]:
        return [event for event in events if isinstance(event, Words) and self._shows(event)]

    def _shows(self, event: Words) -> bool:
        nick = fold(event.nick)
        return nick not in self._ignores and nick not in self._without


def _show_missed(hub: Hub, session: Session, ref: str, since: int, until: int) -> None:
    page = _Page(session, ref, "missed", "/missed ", without=(fold(session.member.nick),))
    query = Query(rooms=_rooms(hub, session), after=since, until=until, most=MISSED, newest=True, spoken=True)
    ask(hub, session, ref, query, page.of)


def _fitting(events: Sequence[AnyEvent]) -> Sequence[AnyEvent]:
    """Leave out the last of them, as far as they are more than one page."""
    size = 0
    for count, event in enumerate(events):
        size += len(event.text) if isinstance(event, Words) else 0
        if count and size > _CHARACTERS:
            return events[:count]
    return events


def _until(hub: Hub, before: str, example: str) -> int:
    """Give the number of the newest event that is wanted."""
    if not before:
        return hub.journal.last
    return min(_numbered(before, example) - 1, hub.journal.last)


def _numbered(typed: str, example: str) -> int:
    number = event_number(typed)
    if number is None:
        raise Refused("bad-arguments", f"{typed} is not the number of an event. Type it like this: {example}")
    return number


def _rooms(hub: Hub, session: Session) -> frozenset[str]:
    """Give all that somebody may look back in: their rooms, and what is kept of what they were told in private."""
    return hub.private.of(session) | {fold(room.name) for room in session.member.rooms}
