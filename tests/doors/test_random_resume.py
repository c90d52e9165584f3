"""Whatever people say, join, drop and stall: who resumes hears every message of their rooms once and is heard once."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from lanchat.core.events import Said, Told
from lanchat.core.limits import Limits
from tests.doors.test_resume import Client
from tests.journals import LongJournal
from tests.logins import account, logins
from tests.network import Line, Network, SecureLine

WHO = st.integers(0, 3)
ROOMS = st.sampled_from(["#dev", "#lan"])


class Resumer(Client):
    """A client that remembers what it has heard, and sends once more what was not acknowledged."""

    def __init__(self, network: Network, nick: str, line: type[Line], number: int) -> None:
        super().__init__(network, nick, line)
        self.number = number
        self.base = 0
        """The event after which it hears everything that concerns it."""
        self.told: list[int] = []
        """What it heard in private."""
        self.up = self.welcome = False
        self.rooms: dict[str, int] = {}
        """The rooms that it is in, as far as it knows, and the event with which it first came in."""
        self.heard: list[tuple[str, int, str]] = []
        self.unacknowledged: dict[str, dict[str, Any]] = {}
        self.refs = map(str, itertools.count(1))

    def returns(self) -> None:
        """Come in, or come back."""
        rooms = [room for room in self.rooms if room != "#lobby"]
        known = {"password": "correct horse"} if self.network.hub.accounts.find(self.nick) else {}
        since = {"since": self.seen} if self.rooms else {}
        self.comes(rooms=rooms, client=f"client {self.number}", **known, **since)
        self.fresh = not self.rooms
        if self.fresh:
            self.base = self.network.journal.last
        self.up = True

    def says(self, room: str, text: str) -> None:
        self.sends(op="say", room=room, text=text)

    def sends(self, **op: Any) -> None:
        op["ref"] = next(self.refs)
        self.unacknowledged[op["ref"]] = op
        if self.welcome:
            self.asks(**op)

    def reads(self) -> None:
        """Take in what has come; what came in part only is not heard."""
        for each in self.takes():
            if each["event"] == "refused" and not self.welcome:  # the old connection is not gone yet
                self.drops()
                return
            if each["event"] == "welcome":
                self.welcome = True
                for op in list(self.unacknowledged.values()):
                    self.asks(**op)
            self.unacknowledged.pop(each.get("ref", ""), None)
            if each["event"] == "joined" and each["nick"] == self.nick:
                self.rooms.setdefault(each["room"], each["id"])
            elif each["event"] == "entered" and self.fresh:
                self.rooms.setdefault(each["room"], self.base)
            elif each["event"] == "told":
                self.told.append(each["id"])
            elif each["event"] == "said" and each["room"] in self.rooms:
                self.heard.append((each["room"], each["id"], each["text"]))

    def takes(self) -> list[dict[str, Any]]:
        whole, end, self.partial = (self.partial + self.wire.receives()).rpartition(b"\n")
        found = [json.loads(line) for line in (whole + end).splitlines()]
        self.seen = max([self.seen, *(each.get("id", 0) for each in found)])
        return found

    def comes(self, **hello: Any) -> None:
        self.partial = b""
        super().comes(**hello)

    def drops(self) -> None:
        self.up = self.welcome = False
        self.wire.socket.space = None  # a kernel tells of a reset, whatever waits
        self.wire.drops()
        self.network.reactor.settle()


class Resuming(RuleBasedStateMachine):
    """Three people on lines that drop; with accounts, one of them has two devices."""

    @initialize(secure=st.booleans(), accounts=st.booleans())
    def all_come(self, secure: bool, accounts: bool) -> None:
        self.journal = LongJournal(memory=4)
        self.network = Network(Limits(rate=0, per_address=0, sendq=2_000, backlog=3), journal=self.journal)
        self.network.hub.logins = logins(self.network.hub, plain=True)
        nicks = ["ann", "bob", "cy", "ann"] if accounts else ["ann", "bob", "cy", "dee"]
        for nick in dict.fromkeys(nicks if accounts else ()):
            account(self.network.hub, nick)
        lines = [Line, SecureLine if secure else Line, Line, Line]
        self.people = [
            Resumer(self.network, *who, number) for number, who in enumerate(zip(nicks, lines, strict=True))
        ]
        self.number = 0
        for one in self.people:
            one.returns()

    @rule(who=WHO, room=st.sampled_from(["#lobby", "#dev", "#lan"]), size=st.integers(0, 1_500))
    def say(self, who: int, room: str, size: int) -> None:
        one = self.people[who]
        if room in one.rooms:
            self.number += 1
            one.says(room, f"{self.number} {'x' * size}")

    @rule(who=WHO, whom=WHO, size=st.integers(0, 1_500))
    def tell(self, who: int, whom: int, size: int) -> None:
        """Between accounts alone: nobody keeps what a guest says in private."""
        one, nick = self.people[who], self.people[whom].nick
        if one.rooms and nick != one.nick and self.network.hub.accounts.find(nick):
            self.number += 1
            one.sends(op="msg", nick=nick, text=f"{self.number} {'x' * size}")

    @rule(who=WHO, count=st.integers(1, 60))
    def say_much(self, who: int, count: int) -> None:
        for _ in range(count):
            self.say(who, "#lobby", 700)

    @rule(who=WHO, room=ROOMS)
    def join(self, who: int, room: str) -> None:
        if self.people[who].welcome:
            self.people[who].asks(op="join", room=room)

    @rule(who=WHO)
    def drop(self, who: int) -> None:
        if self.people[who].up:
            self.people[who].reads()
            self.people[who].drops()

    @rule(who=WHO)
    def come_back(self, who: int) -> None:
        if not self.people[who].up:
            self.people[who].returns()

    @rule(who=WHO)
    def stall(self, who: int) -> None:
        if self.people[who].up:
            self.people[who].wire.stalls()

    @rule(who=WHO, size=st.none() | st.integers(1, 3_000))
    def read(self, who: int, size: int | None) -> None:
        one = self.people[who]
        if one.up and (size is None or one.wire.socket.space is not None):
            one.wire.reads(*(() if size is None else (size,)))
        if one.up:
            one.reads()

    @rule()
    def disk_answers(self) -> None:
        if self.journal.asked:
            self.journal.reads()
            self.network.reactor.settle()

    def teardown(self) -> None:
        """When all are back and have read everything, each has exactly what the journal has."""
        if not hasattr(self, "people"):
            return
        for _ in range(200):
            for one in self.people:
                if not one.up:
                    one.returns()
                one.wire.reads()
                one.reads()  # may find that it has to come once more
            while self.journal.asked:
                self.disk_answers()
        said = [event for event in self.journal.disk if isinstance(event, Said)]
        assert max(Counter(event.text for event in said).values(), default=1) == 1
        for one in self.people:
            assert not one.unacknowledged
            first = one.rooms
            assert one.told == [
                e.id
                for e in self.journal.disk
                if isinstance(e, Told) and one.nick in (e.nick, e.to) and e.id > one.base
            ]
            assert one.heard == [(e.room, e.id, e.text) for e in said if e.room in first and e.id > first[e.room]]


TestRandomResume = Resuming.TestCase
TestRandomResume.settings = settings(max_examples=settings.default.max_examples, stateful_step_count=30)
