"""Whatever people say, join, drop and stall: who resumes hears every message of their rooms once and is heard once."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from lanchat.core.events import Said
from lanchat.core.limits import Limits
from tests.doors.test_resume import Client
from tests.journals import LongJournal
from tests.network import Line, Network, SecureLine

WHO = st.integers(0, 2)
ROOMS = st.sampled_from(["#dev", "#lan"])


class Resumer(Client):
    """A client that remembers what it has heard, and sends once more what was not acknowledged."""

    def __init__(self, network: Network, nick: str, line: type[Line]) -> None:
        super().__init__(network, nick, line)
        self.up = self.welcome = False
        self.rooms: dict[str, int] = {}
        """The rooms that it is in, as far as it knows, and the event with which it first came in."""
        self.heard: list[tuple[str, int, str]] = []
        self.unacknowledged: dict[str, dict[str, Any]] = {}
        self.refs = map(str, itertools.count(1))

    def returns(self) -> None:
        """Come in, or come back."""
        rooms = [room for room in self.rooms if room != "#lobby"]
        self.comes(rooms=rooms, client=f"client of {self.nick}", **({"since": self.seen} if self.rooms else {}))
        self.up = True

    def says(self, room: str, text: str) -> None:
        op = {"op": "say", "ref": next(self.refs), "room": room, "text": text}
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
    """Three people on lines that drop."""

    @initialize(secure=st.booleans())
    def all_come(self, secure: bool) -> None:
        self.journal = LongJournal(memory=4)
        self.network = Network(Limits(rate=0, per_address=0, sendq=2_000, backlog=3), journal=self.journal)
        lines = {"ann": Line, "bob": SecureLine if secure else Line, "cy": Line}
        self.people = [Resumer(self.network, nick, line) for nick, line in lines.items()]
        self.number = 0
        for one in self.people:
            one.returns()

    @rule(who=WHO, room=st.sampled_from(["#lobby", "#dev", "#lan"]), size=st.integers(0, 1_500))
    def say(self, who: int, room: str, size: int) -> None:
        one = self.people[who]
        if room in one.rooms:
            self.number += 1
            one.says(room, f"{self.number} {'x' * size}")

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
            assert one.heard == [(e.room, e.id, e.text) for e in said if e.room in first and e.id > first[e.room]]


TestRandomResume = Resuming.TestCase
TestRandomResume.settings = settings(max_examples=settings.default.max_examples, stateful_step_count=30)
