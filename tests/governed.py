"""A room with one of each kind: who founds it, is an op, has voice, is muted, is banned, and so on."""

from __future__ import annotations

from typing import Any

import msgspec

from lanchat.core.commands import run
from lanchat.core.errors import Refused
from lanchat.core.events import AnyEvent, Words
from lanchat.core.modes import GOVERNING, Mode
from lanchat.core.replies import AnyReply, Refusal
from lanchat.core.session import Session
from lanchat.core.verbs import TABLE
from tests.fakes import Chat, Outlet
from tests.logins import account

ACCOUNTS = ("founder", "account")
"""Who of them is logged in."""
INSIDE = ("founder", "op", "voiced", "member", "account", "muted", "target", "admin")
GUARDED = ("founder", "op", "admin", "target")
"""Who is to stay, with what they said."""
KINDS = ("outsider", "member", "account", "voiced", "op", "founder", "admin", "muted", "banned")
"""Those whose rights differ; ``target`` is somebody else in the room."""


class Wire:
    """Everything as JSON, so that a test sees what goes out, field by field."""

    named = None

    def __init__(self) -> None:
        self.in_view = self.aside = self

    def encode(self, heard: AnyEvent | AnyReply) -> bytes:
        return msgspec.json.encode(heard) + b"\n"

    def own(self, event: AnyEvent, ref: str) -> bytes:
        del ref
        return self.encode(event)

    def mirror(self, event: AnyEvent) -> bytes:
        return self.encode(event)


class Person:
    """One person with one session, from an address of their own."""

    def __init__(self, chat: Chat, nick: str, address: str) -> None:
        self.chat = chat
        self.nick = nick
        self.address = address
        self.connects()

    def connects(self) -> None:
        """Have a connection that nothing was said on yet."""
        self.outlet = Outlet()
        self.session = Session(self.chat.hub.pulse, self.outlet, Wire(), "test", self.address)

    @property
    def member(self) -> Any:
        return self.session.member

    def enters(self, nick: str = "") -> None:
        """Come in."""
        self.chat.hub.enter(self.session, nick or self.nick)
        self.chat.turn()

    def says(self, line: str) -> None:
        """Say a line or a command, and end the turn."""
        try:
            if line.startswith("/"):
                run(self.chat.hub, self.session, *TABLE.parse(line))
            else:
                self.chat.hub.say(self.session, self.session.view, line)
        except Refused as refused:
            self.session.tell(Refusal(code=refused.code, text=refused.text))
        self.chat.turn()

    def hears(self) -> list[dict[str, Any]]:
        """Give what came since the last time."""
        self.chat.turn()
        heard = b"".join(self.outlet.sends)
        self.outlet.sends.clear()
        return [msgspec.json.decode(line) for line in heard.splitlines()]

    def asks(self, line: str) -> str:
        """Say a line, and give the code of what is refused, or nothing."""
        self.hears()
        self.says(line)
        return "".join([each["code"] for each in self.hears() if each["event"] == "refused"])

    def hears_of(self, kind: str) -> list[dict[str, Any]]:
        """Give the events of one kind that came since the last time."""
        return [each for each in self.hears() if each["event"] == kind]


class Governed:
    """``#dev``, with its topic locked, and everybody who is in it or not."""

    def __init__(self, **options: Any) -> None:
        self.chat = Chat(**options)
        self.hub = self.chat.hub
        self.people: dict[str, Person] = {}
        for nick in (*INSIDE, "outsider", "banned"):
            person = self.comes(nick)
            if nick != "outsider":
                person.says("/join #dev")
        self.room = self.hub.rooms["#dev"]
        self["admin"].member.admin = True
        self.hub.people.mark(self["admin"].member)
        for line in ("/op op", "/voice voiced", "/mute @muted noise", "/ban @banned adverts", "/lock topic"):
            assert self["founder"].asks(line) == "", line
        self["target"].says("what target said")
        for person in self.people.values():
            person.hears()

    def __getitem__(self, nick: str) -> Person:
        return self.people[nick]

    def comes(self, nick: str, address: str = "") -> Person:
        """Let somebody come in."""
        person = self.people[nick] = Person(self.chat, nick, address or f"192.168.7.{len(self.people) + 10}")
        if nick in ACCOUNTS:
            person.session.account = account(self.hub, nick)
        person.enters()
        return person

    def state(self) -> dict[str, Any]:
        """Give all that only those may change who have the rank for it."""
        modes, hub = self.room.modes, self.hub
        return {
            "modes": (frozenset(modes.flags), modes.key, modes.limit, modes.slow, self.room.topic),
            "lists": {mode: tuple(listed.values()) for mode, listed in modes.lists.items()},
            "kept": {rank: tuple(ranked.values()) for rank, ranked in modes.ranks.items()},
            "govern": {rank: {member.nick for member in self.room.ranked[rank]} for rank in GOVERNING},
            "voiced": {member.nick for member in self.room.ranked[Mode.VOICE]},
            "here": {nick for nick in GUARDED if self[nick].member in self.room.members},
            "connected": {nick for nick in GUARDED if self[nick].session.present},
            "admins": {member.nick for member in hub.people.members.values() if member.admin},
            "server": tuple(hub.server_bans.listed()),
            "said": {each.id for each in hub.journal.kept if isinstance(each, Words) and each.nick in GUARDED},
        }
