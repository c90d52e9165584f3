"""How one IRC session is answered: numerics carry its nick, and its own doings are echoed as it asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lanchat.core import wording
from lanchat.core.events import (
    Acted,
    Announced,
    AnyEvent,
    Away,
    Back,
    Confided,
    Deleted,
    Event,
    Handed,
    Invited,
    Said,
    Shared,
    Signalled,
    Tagged,
    Told,
)
from lanchat.core.replies import (
    Absent,
    Acknowledged,
    AnyReply,
    AwayHere,
    Backlog,
    Closed,
    Entered,
    Inviting,
    LoggedIn,
    Marked,
    Notice,
    Ping,
    Pong,
    Refusal,
    Waiting,
    Watched,
    Welcome,
)
from lanchat.doors.irc import accounts, backlog, greeting, people, read_marker, redaction, rooms
from lanchat.doors.irc.capabilities import HEARD
from lanchat.doors.irc.dialect import IrcDialect
from lanchat.doors.irc.labels import Unasked
from lanchat.doors.irc.message import to_wire, written
from lanchat.doors.irc.numerics import Numeric
from lanchat.doors.irc.refusals import for_clients
from lanchat.doors.irc.shown import switch

if TYPE_CHECKING:
    from lanchat.doors.irc.door import IrcDoor


_UNASKED = (Closed, Inviting, Marked, Ping, Watched)
"""What a session hears that waits for an answer, and is no part of that."""


class Voice:
    """The dialect of one session.  Its rooms are heard in one that it shares (`in_view`)."""

    named = 0

    def __init__(self, irc: IrcDoor) -> None:
        self._irc = irc
        self.shared = self._dialect()

    @property
    def in_view(self) -> IrcDialect:
        """How every room is heard: there is no view in IRC."""
        return self.shared

    aside = in_view

    def retune(self) -> None:
        """Speak as the capabilities ask for that the client has now."""
        self.shared = self._dialect()

    def encode(self, heard: AnyEvent | AnyReply) -> bytes:
        """Give the lines for an event or reply."""
        if isinstance(heard, Event):
            encoded = self._event(heard)
            return Unasked(encoded) if self._irc.label else encoded
        encoded = self._answer(heard)
        self._irc.answered += len(encoded)
        return encoded if isinstance(heard, _UNASKED) else self._irc.collected(encoded)

    def _event(self, event: AnyEvent) -> bytes:
        """Give the lines for an event that this session hears alone, or that is for itself."""
        self._irc.shown.note(event)
        match event:
            case Announced():
                return self.shared.announced(event, self._irc.name)
            case Deleted(room="") if "draft/message-redaction" not in self._irc.has:
                return self._irc.notice(wording.lines(event))
            case _:
                return self.shared.encode(event)

    def _answer(self, heard: AnyReply) -> bytes:
        irc = self._irc
        match heard:
            case Welcome():
                if irc.shown.nick:
                    return switch(irc)
                irc.shown.nick = heard.nick
                return greeting.lines(irc, heard) + accounts.rank(irc)
            case LoggedIn():
                return switch(irc) + accounts.told(irc) + (accounts.rank(irc) if irc.shown.nick else b"")
            case Entered():
                return rooms.shown(irc, heard)
            case Backlog():
                return backlog.lines(irc, heard)
            case Waiting():
                return backlog.private(irc, heard)
            case Marked():
                return read_marker.heard(irc, heard)
            case Ping():
                return to_wire(written("PING", irc.server))
            case Pong():
                return irc.line("PONG", irc.server, irc.server)
            case Closed():
                return irc.complete() + to_wire(f"ERROR :Closing link: ({irc.host}) [{heard.text}]")
            case Absent():
                return irc.numeric(Numeric.RPL_AWAY, heard.nick, heard.text)
            case AwayHere():
                return people.gone(irc) if heard.text else people.back(irc)
            case Watched():
                numeric = Numeric.RPL_MONONLINE if heard.present else Numeric.RPL_MONOFFLINE
                shown = irc.hub.people.mask(heard.nick) if heard.present else heard.nick
                return irc.numeric(numeric, shown)
            case Inviting():
                if "invite-notify" not in irc.has:
                    return b""
                return irc.line("INVITE", heard.to, heard.room, source=irc.hub.people.mask(heard.nick))
            case Refusal() if irc.command == "REDACT":
                return redaction.failed(irc, heard)
            case Refusal():
                return irc.refused(heard.code, heard.text)
            case Acknowledged():
                return b""
            case Notice():
                return irc.notice(for_clients(wording.lines(heard)))
            case _:
                return irc.notice(wording.lines(heard))

    def mirror(self, event: AnyEvent) -> bytes:
        """Give what the person said in private in another session, as echoes are."""
        return self.shared.encode(event)

    def own(self, event: AnyEvent, ref: str) -> bytes:
        """Give what the session hears of its own doing: with echo-message, of its words too."""
        del ref
        return self._irc.collected(self._own(event))

    def _own(self, event: AnyEvent) -> bytes:
        match event:
            case Said() | Acted() | Told() | Confided() | Tagged() | Signalled() if (
                "echo-message" not in self._irc.has
            ):
                return b""
            case Shared() | Handed() if "echo-message" not in self._irc.has:
                return self._irc.notice(wording.own(event))  # it was sent by another way, so it is news
            case Away():
                return people.gone(self._irc)
            case Back():
                return people.back(self._irc)
            case Invited():
                return self._irc.numeric(Numeric.RPL_INVITING, event.to, event.room)
            case _:
                return self._event(event)

    def _dialect(self) -> IrcDialect:
        hub, wanted = self._irc.hub, HEARD & self._irc.has
        found = hub.dialects.get(("irc", wanted))
        if not isinstance(found, IrcDialect):
            found = hub.dialects["irc", wanted] = IrcDialect(hub, wanted)
        return found
