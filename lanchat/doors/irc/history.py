"""CHATHISTORY: what was said before, as the client asks for it (ircv3.net/specs/extensions/chathistory).

Rooms have a history, and so has what two accounts told each other; what a guest is told in private is never kept.
Of a room it is what was said and done there, and with event-playback who came and went and what changed; QUIT and NICK
are no events of a room and not kept.  The answer comes when the journal has it, the oldest first, and nothing more is
heard from the client until then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from lanchat.core.clean import clean
from lanchat.core.errors import Refused
from lanchat.core.events import AnyEvent, place_of
from lanchat.core.journal import Found, Query
from lanchat.core.names import fold
from lanchat.doors.irc.history_targets import Targets
from lanchat.doors.irc.message import Message
from lanchat.doors.irc.pages import page
from lanchat.doors.irc.refusals import word
from lanchat.doors.irc.selectors import (
    EXAMPLE,
    NO_MOMENT,
    START,
    Place,
    Span,
    after,
    before,
    beginning,
    between,
    moment,
    numbered,
)
from lanchat.doors.irc.standard_replies import Failed, fail
from lanchat.doors.irc.verbs import verb

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor

MOST = 200
"""Messages of one answer at most (ISUPPORT CHATHISTORY)."""
_EXAMPLES = {
    "BEFORE": "#room msgid=1043 50",
    "AFTER": "#room msgid=1043 50",
    "LATEST": "#room * 50",
    "AROUND": "#room msgid=1043 50",
    "BETWEEN": "#room msgid=1043 msgid=1099 50",
    "TARGETS": "timestamp=2026-11-21T00:00:00.000Z timestamp=2026-11-22T00:00:00.000Z 50",
}
"""The subcommands, and what their parameters are like: the target, from where or between what, and how many."""
_SELECTORS = f"msgid=1043 or {EXAMPLE}"
_DIGITS = 4
"""Digits of a limit that are read: more are too many in any case."""


@verb("CHATHISTORY")
def chathistory(irc: IrcDoor, message: Message) -> None:
    """Ask for what was said before: LATEST, BEFORE, AFTER, AROUND, BETWEEN; or where anything was said: TARGETS."""
    params = list(map(clean, message.params))
    command = params[0].upper() if params else "*"
    if not params:
        raise Failed("NEED_MORE_PARAMS", command, text=_missing("LATEST"))
    if command not in _EXAMPLES:
        raise Failed("UNKNOWN_COMMAND", command, text=f"That is no CHATHISTORY command: {', '.join(_EXAMPLES)} are")
    count = len(_EXAMPLES[command].split()) + 1
    if len(params) < count:
        raise Failed("NEED_MORE_PARAMS", command, text=_missing(command))
    most = _limit(command, params[count - 1])
    if command == "TARGETS":
        first, second = [_moment(given, "TARGETS").stamp for given in params[1:3]]
        Targets(irc, first, second, most).find()
        return
    places = [_place(irc, command, params[1], given) for given in params[2 : count - 1]]
    request = _Request(irc, command, params[1], most)
    match command:
        case "BEFORE":
            request.older(before(places[0]))
        case "AFTER":
            request.newer(after(places[0]))
        case "AROUND":
            request.around(places[0])
        case "BETWEEN":
            request.between(*places)
        case _:
            request.older(after(places[0]))


class _Request:
    """What one client asked for, until it is answered.

    Raises Failed for a room that the client is not in.
    """

    def __init__(self, irc: IrcDoor, command: str, target: str, most: int) -> None:
        self._irc = irc
        self._command = command
        self._most = most
        self._target = word(target)
        self._place = ""
        """Where it is looked for (`events.where`); empty: there is nothing to be found."""
        if target.startswith("#"):
            try:
                self._target = irc.hub.room_of(irc.session, target).name
            except Refused as refused:
                raise Failed("INVALID_TARGET", command, target, text=refused.text) from None
            self._place = fold(self._target)
        else:
            place = place_of(irc.name, target)
            self._place = place if place in irc.hub.private.of(irc.session) else ""

    def show(self, older: Sequence[AnyEvent] = (), newer: Sequence[AnyEvent] = ()) -> None:
        """Answer with these events."""
        irc = self._irc
        irc.put(page(irc, self._target, older, newer))

    def older(self, span: Span) -> None:
        """Answer with the newest of a span."""
        self._find(span, self._most, self.show, newest=True)

    def newer(self, span: Span) -> None:
        """Answer with the oldest of a span."""
        self._find(span, self._most, lambda events: self.show((), events))

    def around(self, place: Place) -> None:
        """Answer with as much before a place as from it on."""

        def then(older: Sequence[AnyEvent]) -> None:
            rest = self._most - len(older)
            self._find(beginning(place), rest, lambda newer: self.show(older, newer))

        if self._most == 1:
            self.newer(beginning(place))
        else:
            self._find(before(place), self._most // 2, then, newest=True)

    def between(self, first: Place, second: Place) -> None:
        """Answer with what is between two places, from the first on.

        Which of a message and a moment is earlier is seen by what is found.
        """

        def then(events: Sequence[AnyEvent]) -> None:
            if events:
                self.show((), events)
            else:
                self.older(between(second, first))

        alike = bool(first.number) is bool(second.number)
        if alike and second < first:
            self.older(between(second, first))
        elif alike:
            self.newer(between(first, second))
        else:
            self._find(between(first, second), self._most, then)

    def _find(
        self, span: Span, most: int, then: Callable[[Sequence[AnyEvent]], None], *, newest: bool = False
    ) -> None:
        """Look for so many events at most of what the client heard, and call ``then`` if it is still there."""
        irc = self._irc
        if not self._place:
            then(())
            return
        session, last = irc.session, irc.hub.journal.last
        session.hold()

        def found(result: Found | Refused) -> None:
            try:
                if not session.present:
                    return
                if isinstance(result, Refused):
                    failed = Failed("MESSAGE_ERROR", self._command, self._target, text=result.text)
                    irc.put(fail(irc, "CHATHISTORY", failed))
                else:
                    then(result.events)
            finally:
                session.release()

        query = Query(
            rooms=frozenset((self._place,)),
            after=span.after,
            until=last if span.until is None else span.until,
            most=most,
            newest=newest,
            spoken="draft/event-playback" not in irc.has,
            earliest=span.earliest,
            latest=span.latest,
            without=frozenset(session.member.ignores),
        )
        irc.hub.journal.find(query, found)


def _missing(command: str) -> str:
    return f"Missing parameters: say for example CHATHISTORY {command} {_EXAMPLES[command]}"


def _limit(command: str, wanted: str) -> int:
    """Read how many messages are wanted; more than an answer has are as many as it has."""
    digits = wanted.lstrip("0")
    if not (wanted.isascii() and digits.isdecimal()):
        text = f"Say how many messages: a number from 1 to {MOST}"
        raise Failed("INVALID_PARAMS", command, wanted, text=text)
    return MOST if len(digits) > _DIGITS else min(int(digits), MOST)


def _place(irc: IrcDoor, command: str, target: str, given: str) -> Place:
    """Read from where, or until where, something is wanted."""
    if given == "*" and command == "LATEST":
        return START
    kind, equals, value = given.partition("=")
    if kind == "msgid" and equals:
        place = numbered(value)
        if place is None or place.number > irc.hub.journal.last:
            raise Failed("MESSAGE_ERROR", command, target, given, text="There is no such message: name a timestamp")
        return place
    if not equals:
        raise Failed("INVALID_PARAMS", command, given, text=f"Say from where: {_SELECTORS}")
    return _moment(given, command, target)


def _moment(given: str, *asked: str) -> Place:
    """Read a moment, for what was asked of it: the subcommand, and the target if it has one."""
    kind, _, value = given.partition("=")
    if kind != "timestamp":
        raise Failed("INVALID_MSGREFTYPE", *asked, given, text=f"Say from where: {_SELECTORS}")
    try:
        return moment(value)
    except ValueError:
        raise Failed("INVALID_PARAMS", asked[0], given, text=NO_MOMENT) from None
