"""The JSON door: what programs meet that people do not."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.core.errors import Refused
from lanchat.core.events import AnyEvent, Said
from lanchat.core.limits import Limits
from lanchat.core.verbs import TABLE
from lanchat.doors.lines import COMMANDS, JSON, example, refusal
from tests.network import Network
from tests.talkers import TextTalker

TIME = "2026-11-21T21:04:05.123Z"


class Program:
    """A program that speaks JSON."""

    def __init__(self, network: Network, nick: str = "", **hello: Any) -> None:
        self.wire = network.connect()
        if nick:
            self.asks(op="hello", nick=nick, **hello)
            self.gets()

    def asks(self, **fields: Any) -> None:
        self.sends(json.dumps(fields).encode())

    def sends(self, line: bytes) -> None:
        self.wire.sends(line + b"\n")

    def gets(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.wire.receives().splitlines()]


@pytest.fixture
def network() -> Network:
    return Network()


def test_hello_is_answered_with_everything_a_client_needs(network: Network) -> None:
    """The welcome has the server, the nick, and the limits; then come the own joining and the room."""
    network.hub.motd = "welcome"
    program = Program(network)
    program.asks(op="hello", nick="alice", ref="1")
    welcome, joined, entered = program.gets()
    assert welcome == {
        "event": "welcome",
        "ref": "1",
        "server": "room-1",
        "version": "1.0",
        "nick": "alice",
        "people": 1,
        "journal": network.journal.identity,
        "motd": "welcome",
        "limits": {"message": 4096, "nick": 32, "room": 64, "topic": 390, "rooms": 50},
    }
    assert joined | {"time": ""} == {
        "event": "joined",
        "id": 1,
        "time": "",
        "room": "#lobby",
        "nick": "alice",
        "ref": "1",
    }
    assert entered == {
        "event": "entered",
        "ref": "1",
        "room": "#lobby",
        "nick": "alice",
        "people": 1,
        "nicks": ["alice"],
    }


def test_hello_may_name_rooms(network: Network) -> None:
    """A client comes back into all of its rooms at once; one that cannot be had is refused and passed over."""
    program = Program(network)
    program.asks(op="hello", nick="alice", rooms=["#dev", "#lobby", "bad", "#x"])
    events = program.gets()
    assert [event["room"] for event in events if event["event"] == "entered"] == ["#lobby", "#dev", "#x"]
    assert [event["code"] for event in events if event["event"] == "refused"] == ["bad-room"]


def test_hello_cannot_ask_for_endless_rooms() -> None:
    """No more rooms are looked at than one may be in."""
    network = Network(Limits(rooms=3, rate=0, per_address=0))
    program = Program(network)
    program.asks(op="hello", nick="alice", rooms=[f"#{number}" for number in range(1_000)])
    assert len(program.gets()) < 12


def test_second_hello_is_refused(network: Network) -> None:
    """Who is in already is told how to take another name."""
    program = Program(network, "alice")
    program.asks(op="hello", nick="bob")
    (answer,) = program.gets()
    assert answer["code"] == "already-in"


def test_speaker_gets_the_event_as_acknowledgement(network: Network) -> None:
    """The own event comes with the command's reference, everybody else's without."""
    alice, bob = Program(network, "alice"), Program(network, "bob")
    alice.gets()
    alice.asks(op="say", text="hi", ref='7"\n')
    (mine,) = alice.gets()
    (heard,) = bob.gets()
    assert mine == {**heard, "ref": '7"\n'}
    assert heard["event"] == "said"
    assert heard["text"] == "hi"
    alice.asks(op="say", text="no reference")
    assert alice.gets() == bob.gets()


def test_private_words_and_their_acknowledgement(network: Network) -> None:
    """A private line comes to both, and names both."""
    alice, bob = Program(network, "alice"), Program(network, "bob")
    alice.gets()
    alice.asks(op="msg", nick="BOB", text="psst", ref="8")
    (mine,) = alice.gets()
    (heard,) = bob.gets()
    assert mine == {**heard, "ref": "8"}
    assert (heard["event"], heard["nick"], heard["to"], heard["text"]) == ("told", "alice", "bob", "psst")


@pytest.mark.parametrize(
    ("line", "code", "text"),
    [
        (b"hello", "bad-json", "That is no JSON object."),
        (b"{", "bad-json", "That is no JSON object."),
        (b"[" * 5_000, "bad-arguments", ""),
        (b'{"op":"say","text":' + b"[" * 5_000 + b"]" * 5_000 + b"}", "bad-arguments", ""),
        (b'{"op":"x","y":' + b"[" * 5_000 + b"]" * 5_000 + b"}", "", ""),
        (b"[]", "bad-arguments", "Expected `object`, got `array`."),
        (b"7", "bad-arguments", ""),
        (b"{}", "bad-arguments", ""),
        (b'{"op":5}', "bad-arguments", ""),
        (b'{"op":"say"}', "bad-arguments", 'Send it like this: {"op":"say","room":"#dev"'),
        (b'{"op":"say","text":5}', "bad-arguments", "Expected `str`, got `int`"),
        (b'{"op":"say","text":""}', "no-text", ""),
        (b'{"op":"say","text":"\\u001b[31m"}', "no-text", ""),
        (b'{"op":"msg","nick":"","text":"x"}', "no-such-nick", ""),
        (b'{"op":"msg","nick":"bob","text":""}', "", ""),
        (b'{"op":"nick","nick":""}', "bad-nick", ""),
        (b'{"op":"join","room":""}', "bad-room", ""),
        (b'{"op":"ignore","nick":""}', "", ""),
        (b'{"op":"hello"}', "bad-arguments", '{"op":"hello","nick":"alice"}'),
        (b'{"op":"hello","nick":"x","rooms":"#a"}', "bad-arguments", ""),
        (b'{"op":"tell","nick":"a","text":"x"}', "no-such-command", "There is no command tell. Did you mean msg?"),
        (b'{"op":"mgs"}', "no-such-command", "Did you mean /msg?"),
        (b'{"op":"say","text":"\\ud800"}', "bad-json", ""),
    ],
)
def test_what_makes_no_sense_is_refused(network: Network, line: bytes, code: str, text: str) -> None:
    """Whatever a program sends, it is told what is wrong and how it is right, and it stays."""
    program = Program(network, "alice")
    program.sends(line)
    (answer,) = program.gets()
    if code:
        assert (answer["event"], answer["code"]) == ("refused", code)
        assert text in answer["text"]
    program.asks(op="ping", ref="still here")
    assert program.gets() == [{"event": "pong", "ref": "still here"}]


def test_refusal_has_the_reference(network: Network) -> None:
    """A program with several commands under way knows which one failed, even when it was no command."""
    program = Program(network, "alice")
    program.asks(op="msg", nick="zoe", text="hi", ref="7")
    program.asks(op="say", ref="8")
    program.asks(op="nosuch", ref="9")
    program.asks(op="nick", nick="alice", ref="10")
    assert [answer["ref"] for answer in program.gets()] == ["7", "8", "9", "10"]


def test_commands_before_hello_are_refused(network: Network) -> None:
    """Nobody without a name can do anything, and empty lines and pongs do nothing."""
    program = Program(network)
    program.sends(b'{"op":"pong"}\n\n{"op":"say","text":"hi"}')
    (answer,) = program.gets()
    assert answer["code"] == "no-nick"


def test_unknown_fields_are_passed_over(network: Network) -> None:
    """A newer client may say more than this server knows."""
    program = Program(network, "alice", colour="red")
    program.asks(op="ping", ref="1", urgent=True)
    assert program.gets() == [{"event": "pong", "ref": "1"}]


def test_texts_may_have_several_lines_where_people_talk(network: Network) -> None:
    """A message keeps its lines, a topic becomes one."""
    alice = Program(network, "alice")
    alice.asks(op="say", text="a\r\nb\n\tc")
    alice.asks(op="topic", text="a\nb")
    assert [event["text"] for event in alice.gets()] == ["a\nb\n    c", "a b"]


def test_clients_learn_of_their_rooms_after_being_behind() -> None:
    """Who joined and left while a client did not read is no message, so it is shown its rooms again."""
    network = Network(Limits(rate=0, per_address=0, sendq=10_000))
    alice, bob = Program(network, "alice"), TextTalker(network, "bob")
    bob.enters()
    alice.wire.stalls()
    for number in range(300):
        bob.says(f"{number}{'.' * 100}")
    bob.says("/quit")
    alice.wire.reads()
    last = alice.gets()[-1]
    assert (last["event"], last["nicks"]) == ("entered", ["alice"])


def test_examples_of_the_table_are_json() -> None:
    """Every command's example is an object that its own type takes."""
    for command in TABLE.commands:
        found = msgspec.convert(example(command.name), COMMANDS[command.name])
        assert found.__struct_config__.tag == command.name
    with pytest.raises(Refused):
        example("nosuch")


def test_dialect_remembers_one_event() -> None:
    """A broadcast encodes once; every room is heard in the same dialect."""
    event = Said(id=1, time=TIME, room="#lobby", nick="bob", text="hi")
    first = JSON.encode(event)
    assert JSON.encode(event) is first
    assert JSON.aside is JSON
    assert JSON.named is None


def test_refusal_is_a_closed_event() -> None:
    """A program that is not served gets the event that ends every connection."""
    assert json.loads(refusal("No.")) == {"event": "closed", "text": "No."}


@given(st.text(), st.text(), st.text())
def test_acknowledgements_are_json_whatever_they_hold(text: str, nick: str, ref: str) -> None:
    """An event with a reference is the event, and the reference, byte for byte."""
    event = Said(id=1, time=TIME, room="#lobby", nick=nick, text=text)
    assert msgspec.json.decode(JSON.encode(event), type=AnyEvent) == event
    own = json.loads(JSON.own(event, ref))
    assert own == {**json.loads(JSON.encode(event)), **({"ref": ref} if ref else {})}
    assert b"\n" not in JSON.own(event, ref)[:-1]


def test_a_room_does_not_learn_whose_address_is_banned(network: Network) -> None:
    """Live and with what was missed; those in charge find it in the list."""
    op, member = Program(network, "op", rooms=["#dev"]), Program(network, "member", rooms=["#dev"])
    op.gets()
    op.asks(op="ban", whom="192.168.7.77", reason="adverts")
    shown = [{"mode": "ban", "value": "address:*", "reason": "adverts"}]
    (changed,) = member.gets()
    assert changed["changes"] == op.gets()[0]["changes"] == shown
    op.asks(op="bans")
    assert "address:192.168.7.77/32 is banned" in op.gets()[0]["text"]
    late = Program(network)
    late.asks(op="hello", nick="late", rooms=["#dev"], since=0)
    (changed,) = [each for each in late.gets() if each["event"] == "changed"]
    assert changed["changes"] == shown
    op.asks(op="lock", room="#dev", what="topic")
    assert op.gets()[-1]["changes"] == [{"mode": "topic-locked"}]
