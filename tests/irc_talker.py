"""A person with an IRC client: what is typed becomes IRC, what comes back reads as on every other door.

The client knows no more than IRC tells it: its rooms and who is in them from JOIN and NAMES, what happened from the
lines of the others, what was refused from the texts of numerics.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, ClassVar

from lanchat.core import wording
from lanchat.core.events import (
    Acted,
    Announced,
    AnyEvent,
    Away,
    Back,
    Changed,
    Confided,
    Deleted,
    Invited,
    Joined,
    Kicked,
    Parted,
    Quit,
    Renamed,
    Said,
    Told,
    Topic,
)
from lanchat.core.modes import Change, Mode
from lanchat.core.names import fold
from lanchat.core.replies import (
    AnyReply,
    Backlog,
    Closed,
    Entered,
    LoggedIn,
    Names,
    Notice,
    Person,
    RoomLine,
    Rooms,
    Waiting,
    Whois,
)
from lanchat.doors.irc import extbans
from lanchat.doors.irc.dialect import ANNOUNCED
from lanchat.doors.irc.letters import LETTERS, takes_value
from lanchat.doors.irc.message import Message, parse
from tests.network import Network, SecureLine
from tests.talkers import Talker

_CAPS = "server-time message-tags batch away-notify multi-prefix extended-join draft/message-redaction"
_RANKS = {"~": Mode.FOUNDER, "@": Mode.OP, "+": Mode.VOICE}
_MODES = {
    "OP": "+o",
    "DEOP": "-o",
    "VOICE": "+v",
    "DEVOICE": "-v",
    "FOUNDER": "+q",
    "UNFOUNDER": "-q",
    "SLOW": "+W",
    "LOCK invite": "+i",
    "LOCK key": "+k",
    "LOCK limit": "+l",
    "LOCK talk": "+m",
    "LOCK read-only": "+A",
    "LOCK topic": "+t",
    "LOCK hidden": "+s",
    "LOCK outside": "+n",
}
"""What IRC has a letter for; to unlock is the same with a minus."""
Answer = Callable[["IrcTalker", Message], "str | AnyEvent | AnyReply | None"]


class IrcTalker(Talker):
    """One person with an IRC client that shows one room at a time."""

    door = "irc"

    def __init__(self, network: Network, nick: str, host: str = "192.168.7.2") -> None:
        super().__init__(network, nick, host)
        self.view = ""
        self.rooms: dict[str, list[str]] = {}
        """Who is in each room, by its name, in the order of coming."""
        self.topics: dict[str, str] = {}
        self._introduced = False
        self._batches: dict[str, Any] = {}
        self._listed: list[Any] = []
        self._whois: dict[str, Any] = {}
        self._naming: list[str] = []
        self._away_text = ""
        self._wanted = ""
        """The room that was asked for last, as long as nothing was answered."""
        self._unread: list[str] = []

    def says(self, text: str) -> None:
        self._unread += super().hears()  # a client knows where it is before its person types
        super().says(text)

    def hears(self) -> list[str]:
        unread, self._unread = self._unread, []
        return unread + super().hears()

    # -- what is typed -------------------------------------------------------------------------------------

    def name(self, nick: str) -> bytes:
        if self._introduced:
            return _bytes(f"NICK :{nick}")
        self._introduced = True
        return _bytes("CAP LS 302", f"CAP REQ :{_CAPS}", f"NICK :{nick}", f"USER {nick[:9]} 0 * :{nick}", "CAP END")

    def login(self, nick: str, password: str) -> bytes:
        return _bytes(f"PASS :{nick}:{password}") + self.name(nick)

    def knocked(self, nick: str, password: str) -> bytes:
        return _bytes(f"PASS :{password}") + self.name(nick)

    def typed(self, text: str) -> bytes:
        if text in ("exit", "quit"):
            text = f"/{text}"
        if text.startswith("//") or not text.startswith("/"):
            return _bytes(f"PRIVMSG {self._view()} :{text.removeprefix('/')}")
        command, _, rest = text[1:].partition(" ")
        command = command.upper()
        room, said = self._room_and_rest(rest)
        match command:
            case "ME" if rest:
                return _bytes(f"PRIVMSG {room} :\x01ACTION {said}\x01")
            case "SAY":
                return _bytes(f"PRIVMSG {room} :{said.lstrip(' ')}")
            case "MSG" | "TELL" | "W" | "QUERY" | "PM":
                nick, _, said = rest.partition(" ")
                return _bytes(f"PRIVMSG {nick} :{said}")
            case "JOIN" | "J":
                return self._join(rest)
            case "PART" | "LEAVE":
                return self._part(room, said)
            case "TOPIC":
                return _bytes(f"TOPIC {room}" if not said else f"TOPIC {room} :{'' if said == '-' else said}")
            case "ROOMS" | "LIST":
                return _bytes("LIST")
            case "NAMES" | "WHO" | "USERS":
                return _bytes(f"MODE {room}", f"WHO {room}")
            case "INVITE":
                nick, _, where = rest.partition(" ")
                return _bytes(f"INVITE {nick} {where or self._view()}")
            case "KICK":
                nick, _, reason = said.partition(" ")
                return _bytes(f"KICK {room} {nick} :{reason}")
            case "AWAY" | "AFK":
                self._away_text = rest or "away"
                return _bytes(f"AWAY :{self._away_text}")
            case "QUIT" | "EXIT" | "BYE":
                return _bytes(f"QUIT :{rest}")
            case "NICK":
                return _bytes(f"NICK :{rest}")
            case "REGISTER":
                return _bytes(f"REGISTER * * :{rest}")
            case "PING":
                return _bytes("PING here")
            case "DELETE" if said[:1].isdigit():
                number, _, reason = said.partition(" ")
                return _bytes(f"REDACT {room} {number} :{reason}")
            case _ if mode := self._mode_of(command, said):
                return _bytes(f"MODE {room} {mode}")
            case _:
                return _bytes(f"{command} {rest}".rstrip(" "))

    def _mode_of(self, command: str, said: str) -> str:
        """Give the parameters of a MODE for what is typed, if there are such; a mistake is left to the server."""
        what, _, value = said.partition(" ")
        if command in ("LOCK", "UNLOCK"):
            letters = _MODES.get(f"LOCK {what or 'invite'}", "")
            if not letters or (command == "LOCK" and bool(value) != (what in ("key", "limit"))):
                return ""
            if command == "UNLOCK":
                return f"-{letters[1]}{' *' if what == 'key' else ''}"
            return f"{letters} {value}".rstrip(" ")
        if command == "SLOW" and what == "off":
            return "-W"
        return f"{_MODES[command]} {said}" if command in _MODES and said else ""

    def _join(self, rest: str) -> bytes:
        name = rest.partition(" ")[0]
        known = next((room for room in self.rooms if fold(room) == fold(name)), None)
        if known is None:
            self._wanted = name
            return _bytes(f"JOIN {rest}")
        self.view = known
        return _bytes(f"NAMES {known}")

    def _part(self, room: str, reason: str) -> bytes:
        last = set(map(fold, self.rooms)) == {fold(room)}
        return _bytes(f"PART {room} :{reason}", *(["JOIN #lobby"] if last else []))

    def _view(self) -> str:
        """Give the room in view; a client that has only just sent its name will be in the lobby."""
        return self._wanted or self.view or "#lobby"

    def _room_and_rest(self, rest: str) -> tuple[str, str]:
        if rest.startswith("#"):
            room, _, rest = rest.partition(" ")
            return room, rest.lstrip(" ")
        return self._view(), rest

    # -- what comes ------------------------------------------------------------------------------------------

    def heard(self, data: bytes) -> list[str]:
        assert data == b"" or data.endswith(b"\r\n")
        said: list[str] = []
        for line in data.decode().split("\r\n")[:-1]:
            message = parse(line)
            assert message is not None, line
            shown = self._shown(message)
            if shown:
                said += shown.split("\n")
        return said

    def _shown(self, message: Message) -> str:
        if message.command == "JOIN" or message.command[0] == "4":
            self._wanted = ""
        found = self._read(message)
        if found is None or isinstance(found, str):
            return found or ""
        batch = message.tags.get("batch")
        if batch in self._batches and isinstance(found, Said | Acted | Told):
            self._batches[batch].events.append(found)
            return ""
        if isinstance(found, Told) and self._is_me(found.nick) and not self._is_me(found.to):
            return wording.mirrored(found)  # the client asked for no echoes: it was said elsewhere
        if isinstance(found, AnyEvent) and self._is_me(found.nick) and not isinstance(found, Said | Acted):
            own = wording.own(found)
            return "\n".join(filter(None, [own, self._after_own(found)]))
        if isinstance(found, AnyEvent | AnyReply):
            return wording.lines(found, aside=getattr(found, "room", self.view) != self.view)
        raise AssertionError(found)

    def _is_me(self, nick: str) -> bool:
        return fold(nick) == fold(self.nick)

    def _after_own(self, event: AnyEvent) -> str:
        """Say what the client shows besides: another window, when one is closed."""
        if not isinstance(event, Parted) or not self.rooms:
            return ""
        return wording.lines(self._entered())

    def _entered(self) -> Entered:
        nicks = self.rooms[self.view]
        return Entered(
            room=self.view, nick=self.nick, topic=self.topics.get(self.view, ""), people=len(nicks), nicks=nicks
        )

    def _read(self, message: Message) -> str | AnyEvent | AnyReply | None:
        answer = self._ANSWERS.get(message.command)
        if answer is not None:
            return answer(self, message)
        if message.command in _SILENT:
            return None
        if message.command.isdigit() and message.command >= "400":
            return Notice(text=_as_typed_elsewhere(message.params[-1]))
        raise AssertionError(f"the client does not know {message}")

    def _time(self, message: Message) -> str:
        return message.tags.get("time", "2026-11-21T21:00:00.000Z")

    def _spoken(self, message: Message) -> AnyEvent | AnyReply | str:
        nick, time = message.source.partition("!")[0], self._time(message)
        target, text = message.params
        notice = message.command == "NOTICE"
        if "!" not in message.source:
            text = _as_typed_elsewhere(text)
            return text if text.startswith("-- ") else Notice(text=text)
        acted = text.startswith("\x01ACTION ")
        if acted:
            text = text[8:].removesuffix("\x01")
        if target[0] in _RANKS:
            rank = _RANKS[target[0]].value
            return Confided(time=time, nick=nick, room=target[1:], to=rank, text=text, acted=acted, notice=notice)
        if notice and text.startswith(ANNOUNCED):
            text = text.removeprefix(ANNOUNCED)
            if not target.startswith("#"):
                return Announced(time=time, nick=nick, text=text)
            return Said(time=time, nick=nick, room=target, text=text, announcement=True)
        if not target.startswith("#"):
            return Told(time=time, nick=nick, to=target, text=text, acted=acted, notice=notice)
        if acted:
            return Acted(time=time, nick=nick, room=target, text=text)
        return Said(time=time, nick=nick, room=target, text=text, notice=notice)

    def _joined(self, message: Message) -> AnyEvent:
        nick, room = message.source.partition("!")[0], message.params[0]
        if self._is_me(nick):
            self.rooms[room], self.view = [], room
            self.topics.pop(room, None)
        else:
            self.rooms[room].append(nick)
        return Joined(time=self._time(message), nick=nick, room=room)

    def _parted(self, message: Message) -> AnyEvent:
        nick, room = message.source.partition("!")[0], message.params[0]
        reason = message.params[1] if len(message.params) > 1 else ""
        self._gone(nick, room)
        return Parted(time=self._time(message), nick=nick, room=room, reason=reason)

    def _kicked(self, message: Message) -> str:
        nick = message.source.partition("!")[0]
        room, who, reason = message.params
        self._gone(who, room)
        reason = "" if reason == nick else reason
        event = Kicked(time=self._time(message), nick=nick, room=room, who=who, reason=reason)
        shown = wording.own(event) if self._is_me(nick) else wording.lines(event)
        if self._is_me(who) and self.rooms:
            shown += f"\n{wording.lines(self._entered())}"
        return shown

    def _gone(self, nick: str, room: str) -> None:
        if self._is_me(nick):
            del self.rooms[room]
            if fold(room) == fold(self.view):
                self.view = next(reversed(self.rooms), "")
        else:
            self.rooms[room].remove(nick)

    def _quit(self, message: Message) -> AnyEvent:
        nick = message.source.partition("!")[0]
        for nicks in self.rooms.values():
            if nick in nicks:
                nicks.remove(nick)
        (reason,) = message.params
        return Quit(time=self._time(message), nick=nick, reason="" if reason == "connection closed" else reason)

    def _renamed(self, message: Message) -> str:
        nick, new = message.source.partition("!")[0], message.params[0]
        event = Renamed(time=self._time(message), nick=nick, new=new)
        for nicks in self.rooms.values():
            nicks[:] = [new if each == nick else each for each in nicks]
        if self._is_me(nick):
            self.nick = new
            return wording.own(event)
        return wording.lines(event)

    def _topic(self, message: Message) -> AnyEvent:
        room, text = message.params
        self.topics[room] = text
        return Topic(time=self._time(message), nick=message.source.partition("!")[0], room=room, text=text)

    def _topic_is(self, message: Message) -> AnyReply | None:
        _, room, text = message.params
        asked = room in self.topics or self.rooms.get(room)
        self.topics[room] = text
        return Notice(text=f"Topic of {room}: {text}") if asked else None

    def _no_topic(self, message: Message) -> AnyReply:
        return Notice(text=f"{message.params[1]} has no topic.")

    def _mode(self, message: Message) -> AnyEvent | None:
        target, letters, *values = message.params
        if not target.startswith("#"):
            return None
        changes, on = [], True
        for letter in letters:
            if letter in "+-":
                on = letter == "+"
                continue
            mode = LETTERS[letter]
            mode, value = extbans.read(mode, values.pop(0) if takes_value(mode, on=on) else "")
            changes.append(Change(mode, on, value))
        nick = message.source.partition("!")[0] if "!" in message.source else ""  # the server did it
        return Changed(time=self._time(message), nick=nick, room=target, changes=changes)

    def _redacted(self, message: Message) -> AnyEvent:
        target, msgid, *reason = message.params
        nick, room = message.source.partition("!")[0], target if target.startswith("#") else ""
        of, to = int(msgid.partition(".")[0]), "" if room else target
        return Deleted(time=self._time(message), nick=nick, room=room, to=to, of=of, reason="".join(reason))

    def _away(self, message: Message) -> AnyEvent:
        nick, time = message.source.partition("!")[0], self._time(message)
        return Away(time=time, nick=nick, text=message.params[0]) if message.params else Back(time=time, nick=nick)

    def _invited(self, message: Message) -> AnyEvent:
        to, room = message.params
        return Invited(time=self._time(message), nick=message.source.partition("!")[0], to=to, room=room)

    def _names(self, message: Message) -> None:
        self._naming += [nick.lstrip("~@+") for nick in message.params[3].split()]

    def _named(self, message: Message) -> AnyReply | None:
        room, (nicks, self._naming) = message.params[1], (self._naming, [])
        if room not in self.rooms:
            return None
        self.rooms[room] = nicks
        return self._entered() if room == self.view else None

    def _who(self, message: Message) -> None:
        flags, nick = message.params[6], message.params[5]
        rank = next((_RANKS[flag].value for flag in flags if flag in _RANKS), "")
        self._listed.append(Person(nick, away=flags.startswith("G"), rank=rank))

    def _who_ends(self, message: Message) -> AnyReply | None:
        people, self._listed = sorted(self._listed, key=lambda person: person.nick.lower()), []
        return Names(room=message.params[1], people=people) if people else None

    def _room(self, message: Message) -> None:
        self._listed.append(RoomLine(message.params[1], int(message.params[2]), message.params[3]))

    def _rooms(self, message: Message) -> AnyReply:
        del message
        rooms, self._listed = self._listed, []
        return Rooms(rooms=rooms)

    def _whois_field(self, message: Message) -> None:
        found, last = self._whois, message.params[-1]
        match message.command:
            case "311":
                found.update(nick=message.params[1], name="" if last == message.params[1] else last)
            case "317":
                seconds = int(message.params[3])
                found["since"] = datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
            case "319":
                found["rooms"] = sorted(found.get("rooms", []) + [room.lstrip("~@+") for room in last.split()])
            case "330":
                found["account"] = message.params[2]
            case "320":
                found["doors"] = last.removeprefix("is connected by ").split(", ")
            case "313":
                found["admin"] = True
            case "335":
                found["bot"] = True

    def _whois_ends(self, message: Message) -> AnyReply | None:
        del message
        found, self._whois = self._whois, {}
        return Whois(**{"rooms": [], "doors": [], **found}) if found else None

    def _is_away(self, message: Message) -> AnyReply | None:
        if self._whois:
            self._whois["away"] = message.params[-1]
            return None
        return Notice(text=f"{message.params[1]} is away: {message.params[-1]}")

    def _batch(self, message: Message) -> AnyReply | None:
        sign, name = message.params[0][0], message.params[0][1:]
        if sign == "+":
            target = message.params[2]
            self._batches[name] = Backlog(room=target, events=[]) if target[0] == "#" else Waiting(events=[])
            return None
        return self._batches.pop(name)

    def _error(self, message: Message) -> AnyReply:
        return Closed(text=message.params[0].partition(" [")[2].removesuffix("]"))

    def _said_back(self, message: Message) -> AnyReply:
        return Notice(text=f"{message.params[1]} is invited to {message.params[2]}")

    _ANSWERS: ClassVar[dict[str, Answer]] = {
        "PRIVMSG": _spoken,
        "NOTICE": _spoken,
        "JOIN": _joined,
        "PART": _parted,
        "KICK": _kicked,
        "QUIT": _quit,
        "NICK": _renamed,
        "TOPIC": _topic,
        "MODE": _mode,
        "REDACT": _redacted,
        "AWAY": _away,
        "INVITE": _invited,
        "BATCH": _batch,
        "ERROR": _error,
        "301": _is_away,
        "306": lambda self, message: Notice(text=f"You are away: {self._away_text}"),
        "305": lambda self, message: Notice(text="You are back"),
        "331": _no_topic,
        "332": _topic_is,
        "341": _said_back,
        "322": _room,
        "323": _rooms,
        "352": _who,
        "315": _who_ends,
        "353": _names,
        "366": _named,
        "372": lambda self, message: Notice(text=message.params[-1].removeprefix("- ")),
        "391": lambda self, message: Notice(text=f"It is {message.params[-1]}."),
        "351": lambda self, message: Notice(text=message.params[1].replace("-", " ", 1)),
        "900": lambda self, message: LoggedIn(account=message.params[2]),
        "FAIL": lambda self, message: Notice(text=_as_typed_elsewhere(message.params[-1])),
        "904": lambda self, message: Notice(text=message.params[-1].removeprefix("SASL authentication failed: ")),
        "PONG": lambda self, message: "-- pong",
        "318": _whois_ends,
        **dict.fromkeys(["311", "312", "313", "317", "319", "320", "330", "335", "671", "378"], _whois_field),
    }


_SILENT = frozenset(
    [
        *["001", "002", "003", "004", "005", "CAP", "PING"],
        *["251", "252", "253", "254", "255", "265", "266", "422", "375", "376"],
        *["324", "329", "333", "704", "705", "706", "REGISTER", "AUTHENTICATE", "903"],
    ]
)
"""What such a client shows nobody."""


class SecureIrcTalker(IrcTalker):
    """A person whose IRC client speaks TLS."""

    door = "irc+tls"
    line = SecureLine

    def login(self, nick: str, password: str) -> bytes:
        """Log in by SASL: the first that is said, and CAP END waits for the answer."""
        first, introduction = self.name(nick).split(b"\r\n", 1)
        proof = base64.b64encode(f"\0{nick}\0{password}".encode()).decode()
        asked = _bytes("CAP REQ sasl", "AUTHENTICATE PLAIN", f"AUTHENTICATE {proof}")
        return first + b"\r\n" + asked + introduction


def _bytes(*lines: str) -> bytes:
    return "".join([f"{line}\r\n" for line in lines]).encode("utf-8", "surrogateescape")


def _as_typed_elsewhere(sentence: str) -> str:
    """Give what the server says to an IRC client with the commands in it as they are typed on the other doors."""
    return re.sub(r"/quote ([A-Z]+)", lambda found: f"/{found[1].lower()}", sentence).replace("/list ", "/rooms ")
