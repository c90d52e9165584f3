"""Events as IRC.  Sessions with the same capabilities share one object, and so the bytes of each event."""

from __future__ import annotations

from lanchat.core import wording
from lanchat.core.events import (
    Acted,
    Alerted,
    Announced,
    AnyEvent,
    Away,
    Back,
    Changed,
    Confided,
    Deleted,
    Described,
    Event,
    Handed,
    Identified,
    Invited,
    Joined,
    Kicked,
    Moved,
    Parted,
    Quit,
    Renamed,
    Said,
    Shared,
    Signalled,
    Tagged,
    Told,
    Topic,
)
from lanchat.core.hub import Hub
from lanchat.core.names import fold
from lanchat.core.replies import AnyReply
from lanchat.doors.irc.letters import STATUS, mode_lines
from lanchat.doors.irc.message import LINE, escape, joined_tags, server_name, to_wire, written
from lanchat.doors.irc.splitting import spoken

_PREFIX = {rank.value: prefix for prefix, rank in STATUS.items()}

_WORDLESS = "connection closed"
"""Why somebody is gone who said nothing (modern.ircdocs.horse, "QUIT message")."""
_REMEMBERED = 1_000
"""Of how many long messages it is known in how many lines they went out."""
ANNOUNCED = "To everybody: "
"""What stands before a text that is for everybody to see."""
_TAGGED = (Said, Acted, Told, Confided, Tagged, Signalled)
"""What may carry the tags of clients."""


class IrcDialect:
    """Events as lines, as clients with certain capabilities (`HEARD`) want them."""

    named = 0  # who is in a room is asked of the room

    def __init__(self, hub: Hub, capabilities: frozenset[str]) -> None:
        self.in_view = self.aside = self
        self._hub = hub
        self._has = capabilities
        self._time = "server-time" in capabilities
        self._tags = "message-tags" in capabilities
        self._parts: dict[int, int] = {}
        """In how many lines a message went out, where it was more than one: by its number."""
        self._event: AnyEvent | AnyReply | None = None
        self._encoded = b""

    def encode(self, heard: AnyEvent | AnyReply) -> bytes:
        """Give the lines for an event; nothing for a reply, which is for one session alone (`Voice`)."""
        if heard is not self._event:
            self._event = heard
            self._encoded = self.lines(heard, self._account(heard), now=True) if isinstance(heard, Event) else b""
        return self._encoded

    def _account(self, event: AnyEvent) -> str:
        """Give the tag that names the account of whose doing it is; of what was said before nobody knows it."""
        if "account-tag" not in self._has:
            return ""
        member = self._hub.people.members.get(fold(event.nick))
        return f"account={escape(member.account.name)}" if member is not None and member.account is not None else ""

    def own(self, event: AnyEvent, ref: str) -> bytes:
        """Give nothing: what somebody hears of their own doing is `Voice`'s."""
        del event, ref
        return b""

    def mirror(self, event: AnyEvent) -> bytes:
        """Give the lines: their source is whoever hears them."""
        return self.encode(event)

    def lines(self, event: AnyEvent, tags: str = "", *, now: bool = False) -> bytes:
        """Give the lines for an event, with ``tags`` (as on the wire, without ``@``) besides its own.

        It happens ``now``, or else was kept: then nobody knows whose account a nick was.
        """
        source = self._hub.people.mask(event.nick) if event.nick else server_name(self._hub.name)
        match event:
            case Said():
                return self._spoken(event, _command(event), source, event.room, tags)
            case Acted():
                return self._spoken(event, "PRIVMSG", source, event.room, tags, acted=True)
            case Shared():
                return self._spoken(event, "PRIVMSG", source, event.room, tags)
            case Handed():
                return self._spoken(event, "PRIVMSG", source, event.to, tags)
            case Told():
                return self._spoken(event, _command(event), source, event.to, tags, acted=event.acted)
            case Confided():
                ranked = _PREFIX[event.to] + event.room
                return self._spoken(event, _command(event), source, ranked, tags, acted=event.acted)
            case Signalled():
                return self._signalled(event, source, tags)
            case Tagged():
                return self._line(event, tags, source, "TAGMSG", _target(event)) if self._tags else b""
            case Joined():
                return self._joined(event, source, tags, now=now)
            case Parted():
                return self._line(event, tags, source, "PART", event.room, *([event.reason] if event.reason else []))
            case Kicked():
                return self._line(event, tags, source, "KICK", event.room, event.who, event.reason or event.nick)
            case Topic():
                return self._text(event, tags, f":{source} TOPIC {event.room} :", event.text)
            case Changed():
                return self._changed(event, source, tags)
            case Quit():
                return self._text(event, tags, f":{source} QUIT :", event.reason or _WORDLESS)
            case Renamed():
                return self._line(event, tags, source, "NICK", event.new)
            case Away():
                return self._text(event, tags, f":{source} AWAY :", event.text) if "away-notify" in self._has else b""
            case Back():
                return self._line(event, tags, source, "AWAY") if "away-notify" in self._has else b""
            case Described():
                return self._text(event, tags, f":{source} SETNAME :", event.text) if "setname" in self._has else b""
            case Moved():
                if "chghost" not in self._has:
                    return b""
                return self._line(event, tags, source, "CHGHOST", event.user, event.host)
            case Alerted():
                return self._spoken(event, "WALLOPS", source, "", tags)
            case Announced():
                return self.announced(event, "$*", tags)
            case Deleted():
                return self._deleted(event, source, tags)
            case Identified():
                return self._line(event, tags, source, "ACCOUNT", event.nick) if "account-notify" in self._has else b""
            case Invited():
                return self._line(event, tags, source, "INVITE", event.to, event.room)

    def announced(self, event: Announced, to: str, tags: str = "") -> bytes:
        """Give the lines for what is told everybody, for one who is called ``to``."""
        return self._spoken(event, "NOTICE", self._hub.people.mask(event.nick), to, tags)

    def _deleted(self, event: Deleted, source: str, tags: str) -> bytes:
        """Take a message off the screen, all the lines of it; or where that cannot be, say that it is taken away."""
        where = event.room or event.to
        if "draft/message-redaction" not in self._has:
            return self._text(event, tags, f":{server_name(self._hub.name)} NOTICE {where} :", wording.lines(event))
        more = [event.reason] if event.reason else []
        parts = [f".{number}" for number in range(2, self._parts.get(event.of, 1) + 1)]
        return b"".join(
            [
                to_wire(
                    written("REDACT", where, f"{event.of}{part}", *more, source=source),
                    self._before(event, tags, part),
                )
                for part in ("", *parts)
            ]
        )

    def _joined(self, event: Joined, source: str, tags: str, *, now: bool) -> bytes:
        member = self._hub.people.members.get(fold(event.nick))
        if "extended-join" in self._has:
            name = member.name if member is not None else ""
            account = member.account.name if now and member is not None and member.account is not None else "*"
            joined = self._text(event, tags, f":{source} JOIN {event.room} {account} :", name or event.nick)
        else:
            joined = self._line(event, tags, source, "JOIN", event.room)
        if member is not None and member.away and "away-notify" in self._has:
            joined += to_wire(written("AWAY", member.away, source=source), self._before(event, tags, ".away"))
        return joined

    def _signalled(self, event: Signalled, source: str, tags: str) -> bytes:
        """Write a CTCP, which is one line in any case."""
        head = f":{source} {_command(event)} {_target(event)} :\x01"
        text = event.text.encode()[: LINE - len(head.encode()) - 1].decode(errors="ignore")
        return f"{self._before(event, tags)}{head}{text}\x01\r\n".encode()

    def _changed(self, event: Changed, source: str, tags: str) -> bytes:
        """Write a MODE, in several lines where it has to be."""
        head = f":{source} MODE {event.room} "
        return b"".join(
            [
                to_wire(head + line, self._before(event, tags, f".{number}" if number > 1 else ""))
                for number, line in enumerate(mode_lines(event.changes, LINE - len(head.encode())), 1)
            ]
        )

    def _spoken(
        self,
        event: Said | Acted | Shared | Told | Handed | Confided | Alerted | Announced,
        command: str,
        source: str,
        target: str,
        tags: str,
        *,
        acted: bool = False,
    ) -> bytes:
        """Write a text, in several lines where it has to be; each has a msgid of its own."""
        head = f":{source} {command} {target} :" if target else f":{source} {command} :"
        end = ""
        if acted:
            head, end = f"{head}\x01ACTION ", "\x01"
        elif isinstance(event, Announced) or (isinstance(event, Said) and event.announcement):
            head = f"{head}{ANNOUNCED}"
        line = f"{head}{event.text}{end}".encode()
        if len(line) <= LINE and b"\n" not in line:
            return b"%b%b\r\n" % (self._before(event, tags).encode(), line)
        parts = spoken(event.text, LINE - len(head.encode()) - len(end))
        self._note_parts(event.id, len(parts))
        return b"".join(
            [
                f"{self._before(event, tags, f'.{number}' if number > 1 else '')}{head}{part}{end}\r\n".encode()
                for number, part in enumerate(parts, 1)
            ]
        )

    def _note_parts(self, number: int, count: int) -> None:
        """Remember in how many lines a message went out: each of them has to be taken back when it is."""
        self._parts.pop(number, None)
        self._parts[number] = count
        if len(self._parts) > _REMEMBERED:
            del self._parts[next(iter(self._parts))]

    def _line(self, event: AnyEvent, tags: str, source: str, command: str, *params: str) -> bytes:
        return to_wire(written(command, *params, source=source), self._before(event, tags))

    def _text(self, event: AnyEvent, tags: str, head: str, text: str) -> bytes:
        return to_wire(head + text, self._before(event, tags))

    def _before(self, event: AnyEvent, tags: str, part: str = "") -> str:
        """Give the tags that stand before a line of an event; ``part`` tells its lines apart."""
        if not (self._time or self._tags or tags):
            return ""
        found = f"{tags};" if tags else ""
        if self._time:
            found += f"time={event.time};"
        if self._tags:
            found += f"msgid={event.id}{part};"
            known = self._hub.people.known(event.nick)
            if known is not None and known.bot:
                found += "bot;"
            if isinstance(event, _TAGGED) and event.tags:
                found += joined_tags({f"+{key}": value for key, value in event.tags.items()}) + ";"
        return f"@{found[:-1]} "


def _command(event: Said | Told | Confided | Signalled) -> str:
    return "NOTICE" if event.notice or (isinstance(event, Said) and event.announcement) else "PRIVMSG"


def _target(event: Tagged | Signalled) -> str:
    return f"{_PREFIX[event.to]}{event.room}" if event.room and event.to else event.room or event.to
