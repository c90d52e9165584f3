"""Who comes back after a drop hears everything that was said meanwhile, each once, and then goes live."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lanchat.core.errors import Refused
from lanchat.core.limits import Limits
from tests.journals import LongJournal
from tests.network import EASY, Line, Network, SecureLine
from tests.talkers import TextTalker


class Client:
    """A program that drops and comes back."""

    def __init__(self, network: Network, nick: str = "alice", line: type[Line] = Line) -> None:
        self.network = network
        self.nick = nick
        self.line = line
        self.seen = 0
        """The newest event that it has heard of."""
        self.got: list[dict[str, Any]] = []

    def comes(self, **hello: Any) -> None:
        """Come in, or come back."""
        self.wire = self.network.connect(line=self.line)
        self.asks(op="hello", nick=self.nick, **hello)

    def drops(self) -> None:
        self.hears()
        self.wire.drops()
        self.network.reactor.settle()

    def asks(self, **fields: Any) -> None:
        self.wire.sends(json.dumps(fields).encode() + b"\n")

    def takes(self) -> list[dict[str, Any]]:
        """Give everything that has come since the last time."""
        found = [json.loads(line) for line in self.wire.receives().splitlines()]
        self.seen = max([self.seen, *(each.get("id", 0) for each in found)])
        self.got += found
        return found

    def hears(self) -> list[str]:
        """Give what was said, and the names of everything else."""
        return [
            f"{each['nick']}: {each['text']}" if each["event"] == "said" else each["event"] for each in self.takes()
        ]


@pytest.fixture(params=[Line, SecureLine], ids=["tcp", "tls"])
def line(request: pytest.FixtureRequest) -> Any:
    return request.param


def bob_in(network: Network) -> TextTalker:
    bob = TextTalker(network, "bob")
    bob.enters()
    bob.says("/join #dev")
    return bob


def test_what_was_said_meanwhile_comes_before_what_is_said_now(line: type[Line]) -> None:
    """Welcome, the rooms, what was missed in its order, the rooms as they are, and on it goes."""
    network = Network()
    bob, alice = bob_in(network), Client(network, line=line)
    alice.comes(rooms=["#dev"])
    bob.says("one")
    alice.drops()
    bob.says("two")
    bob.says("/say #lobby three")
    bob.says("/topic four")
    alice.comes(rooms=["#dev"], since=alice.seen, journal=network.journal.identity)
    bob.says("five")
    heard = alice.hears()
    missed = ["bob: two", "bob: three", "topic", "joined", "joined"]
    assert heard == ["welcome", *["entered"] * 2, *missed, *["entered"] * 2, "bob: five"]
    assert alice.got[-2]["topic"] == "four"
    ids = [each["id"] for each in alice.got if each["event"] == "said"]
    assert ids == sorted(set(ids))


def test_who_comes_back_is_heard_after_catching_up(line: type[Line]) -> None:
    """What is sent behind the hello waits: its acknowledgement comes behind what was missed."""
    network = Network(journal=(journal := LongJournal()))
    bob, alice = bob_in(network), Client(network, line=line)
    for number in range(5):
        bob.says(f"/say #lobby {number}")
    alice.comes(since=0)
    alice.asks(op="say", ref="1", text="back")
    assert alice.hears() == ["welcome", "entered"]
    journal.reads()
    bob_said = [f"bob: {number}" for number in range(5)]
    assert alice.hears() == ["joined", *bob_said, "joined", "entered", "alice: back"]
    assert bob.hears()[-1] == "#lobby <alice> back"


def test_a_long_absence_is_read_in_pages_while_the_others_talk(line: type[Line]) -> None:
    """Each message once and in order, though the disk takes its time and more is said during it."""
    network = Network(journal=(journal := LongJournal(10)))
    bob, alice = bob_in(network), Client(network, line=line)
    for number in range(600):
        bob.says(f"/say #lobby {number}")
    alice.comes(since=0)
    said = 600
    for _ in range(20):
        for _ in range(7):
            bob.says(f"/say #lobby {said}")
            said += 1
        if journal.asked:
            journal.reads()
        network.reactor.settle()
    assert not journal.asked
    bob.says("/say #lobby live")
    heard = [each for each in alice.hears() if each.startswith("bob: ")]
    assert heard == [*(f"bob: {number}" for number in range(said)), "bob: live"]


def test_nothing_of_it_is_sent_before_it_is_committed() -> None:
    """The own coming in is an event like any other."""
    network = Network(journal=(journal := LongJournal()))
    held: list[Any] = []
    journal.commit = held.append  # type: ignore[method-assign]
    alice = Client(network)
    alice.comes(since=0)
    assert alice.wire.receives() == b""
    held.pop()()
    assert alice.hears()[:2] == ["welcome", "entered"]


def test_a_number_of_another_journal_says_nothing() -> None:
    """Who comes to a server with another journal is shown the backlog, as anybody is."""
    network = Network()
    bob, alice = bob_in(network), Client(network)
    bob.says("/say #lobby one")
    for hello in ({"since": 1, "journal": "another"}, {"since": 99}):
        alice.comes(**hello)
        assert alice.hears() == ["welcome", "joined", "entered", "backlog"]
        assert [event["text"] for event in alice.got[-1]["events"]] == ["one"]
        alice.drops()


def test_what_is_not_kept_any_more_is_named(line: type[Line]) -> None:
    """The gap has its place in the order."""
    network = Network(journal=(journal := LongJournal()))
    bob, alice = bob_in(network), Client(network, line=line)
    for number in range(8):
        bob.says(f"/say #lobby {number}")
    journal.pruned = journal.disk[4].id
    alice.comes(since=1)
    journal.reads()
    heard = alice.takes()[2:]
    assert heard[0] == {"event": "missed", "since": 1, "until": journal.pruned}
    assert [each["text"] for each in heard if each["event"] == "said"] == [str(n) for n in range(3, 8)]


def test_a_disk_that_is_too_busy_to_ask_leaves_a_gap_and_nothing_else() -> None:
    """The same where the refusal comes at once."""
    network = Network(journal=(journal := LongJournal()))
    journal.find = lambda query, then: then(Refused("busy", "x"))  # type: ignore[method-assign]
    bob, alice = bob_in(network), Client(network)
    for number in range(8):
        bob.says(f"/say #lobby {number}")
    alice.comes(since=1)
    assert alice.hears() == ["welcome", "entered", "missed", "bob: 6", "bob: 7", "joined", "entered"]


def test_a_disk_that_cannot_be_read_leaves_a_gap_and_nothing_else() -> None:
    """What is in memory still comes."""
    network = Network(journal=(journal := LongJournal()))
    bob, alice = bob_in(network), Client(network)
    for number in range(8):
        bob.says(f"/say #lobby {number}")
    alice.comes(since=1)
    alice.hears()
    journal.reads(Refused("no-history", "x"))
    assert alice.hears() == ["missed", "bob: 6", "bob: 7", "joined", "entered"]


@pytest.mark.parametrize("since", [-1, "one", 1.5])
def test_since_is_a_number(since: Any) -> None:
    network = Network()
    alice = Client(network)
    alice.comes(since=since)
    (refused,) = alice.takes()
    assert refused["code"] == "bad-arguments"


def test_who_drops_while_catching_up_leaves_nothing_behind(line: type[Line]) -> None:
    network = Network(journal=(journal := LongJournal()))
    bob, alice = bob_in(network), Client(network, line=line)
    for number in range(8):
        bob.says(f"/say #lobby {number}")
    alice.comes(since=0)
    alice.drops()
    journal.reads()
    network.reactor.settle()
    assert list(network.factory.users) == ["bob"]
    assert len(network.factory.doors) == 1


def test_who_is_closed_while_catching_up_is_closed(line: type[Line]) -> None:
    """A server that stops waits for no disk."""
    network = Network(journal=LongJournal())
    bob, alice = bob_in(network), Client(network, line=line)
    for number in range(8):
        bob.says(f"/say #lobby {number}")
    alice.comes(since=0)
    for connection in list(network.factory.connections):
        connection.end("The server stops now.")
    alice.hears()
    assert alice.wire.gone


def test_resuming_takes_no_more_memory_than_reading(line: type[Line]) -> None:
    """A slow reader who was away for long is given a page when there is room for it."""
    network = Network(Limits(rate=0, per_address=0, sendq=20_000), journal=(journal := LongJournal(10)))
    bob, alice = bob_in(network), Client(network, line=line)
    for number in range(1_000):
        bob.says(f"/say #lobby {number} {'x' * 200}")
    alice.comes(since=0)
    alice.wire.stalls()
    largest = 0
    (door,) = [door for door in network.factory.doors if door.who == "alice"]
    while journal.asked or alice.wire.socket.space is not None:
        while journal.asked:
            journal.reads()
            network.reactor.settle()
        largest = max(largest, door.pipe.size)
        alice.wire.reads(30_000)
        if door.session.behind is None:
            alice.wire.reads()
    assert largest < 250 * 400
    heard = [each for each in alice.hears() if each.startswith("bob: ")]
    assert [int(each.split(" ")[1]) for each in heard] == list(range(1_000))


def test_a_message_that_is_sent_once_more_is_acknowledged_and_not_said_twice() -> None:
    """Over a reconnect too; what is no message is done again."""
    network = Network(EASY)
    bob, alice = bob_in(network), Client(network)
    alice.comes(client="c1")
    alice.asks(op="say", ref="1", text="one")
    alice.asks(op="msg", ref="2", nick="bob", text="psst")
    bob.hears()
    alice.drops()
    alice.comes(client="c1", since=alice.seen)
    alice.asks(op="say", ref="1", text="one")
    alice.asks(op="msg", ref="2", nick="bob", text="psst")
    alice.asks(op="say", ref="3", text="three")
    assert [line for line in bob.hears() if "alice>" in line] == ["#lobby <alice> three"]
    said = [each for each in alice.got if each.get("ref") == "1" and each["event"] == "said"]
    answers = [each for each in alice.takes() if each["event"] == "acknowledged"]
    assert answers[0] == {"event": "acknowledged", "ref": "1", "id": said[0]["id"]}
    assert answers[1]["ref"] == "2"


def test_references_of_others_and_of_nobody_are_new() -> None:
    network = Network()
    bob = bob_in(network)
    for client in ("c1", "c2", ""):
        alice = Client(network)
        alice.comes(client=client)
        for _ in range(2):
            alice.asks(op="say", ref="1", text=client or "nobody")
        alice.drops()
    said = [line for line in bob.hears() if "alice>" in line]
    assert said == [f"#lobby <alice> {each}" for each in ("c1", "c2", "nobody", "nobody")]


def test_who_stops_sending_gets_all_answers_in_order() -> None:
    """A script on a pipe: the connection ends behind the last answer, not before."""
    network = Network(journal=(journal := LongJournal()))
    alice = TextTalker(network, "alice")
    alice.enters()
    alice.says("one")
    alice.hears()
    alice.wire.sends(b"/search one\r\n/ping\r\n/history\r\n/ping")
    alice.wire.hangs_up()
    assert alice.hears() == []
    journal.reads()
    network.reactor.settle()
    assert alice.hears() == ["-- On 2026-11-21:", "-- #lobby <alice> one", "-- pong"]
    journal.reads()
    network.reactor.settle()
    assert alice.hears() == ["-- On 2026-11-21 in #lobby:", "-- <alice> one", "-- pong"]
    assert alice.wire.gone
