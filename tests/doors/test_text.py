"""The text door: what people with nc and telnet meet that programs do not."""

from __future__ import annotations

import pytest

from lanchat.core.events import Renamed, Said
from lanchat.core.limits import Limits
from lanchat.doors.text import TEXT, refusal
from tests.network import Network
from tests.talkers import JsonTalker, TextTalker


@pytest.fixture
def network() -> Network:
    return Network()


def talkers(network: Network, *nicks: str) -> list[TextTalker]:
    people = [TextTalker(network, nick) for nick in nicks]
    for person in people:
        person.enters()
    for person in people:
        person.hears()
    return people


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_lines_end_in_either_way(network: Network, end: bytes) -> None:
    """LF and CRLF both end a line; ours end in CRLF."""
    alice, bob = talkers(network, "alice", "bob")
    alice.wire.sends(b"hello" + end + b"again" + end)
    assert bob.wire.receives().count(b"\r\n") == 2


@pytest.mark.parametrize(
    ("typed", "answers"),
    [
        (b"\n", ["-- Type your name to join."]),
        (b"  \r\n", ["-- Type your name to join."]),
        (b"/msg bob hi\n", ["-- Type your name first, then commands."]),
        (b"/nick\n", ["-- Type a name, for example: alice"]),
        (b"/nick alice\n", ["-- You are alice, in #lobby, alone for now."]),
        (b" alice \n", ["-- You are alice, in #lobby, alone for now."]),
        (b"\x1b[Aalice\n", ["-- You are alice, in #lobby, alone for now."]),
    ],
)
def test_before_there_is_a_name(network: Network, typed: bytes, answers: list[str]) -> None:
    """Somebody without a name is told what to type, and /nick gives one, too."""
    person = TextTalker(network, "alice")
    person.wire.sends(typed)
    assert person.hears() == answers


@pytest.mark.parametrize("word", [b"/help\n", b"/?\n"])
def test_help_before_there_is_a_name(network: Network, word: bytes) -> None:
    """The greeting promises help, and help says how to go on."""
    person = TextTalker(network, "alice")
    person.wire.sends(word)
    *listed, last = person.hears()
    assert listed
    assert last == "-- Type your name to join."


@pytest.mark.parametrize("word", [b"exit\n", b"QUIT\n", b"/quit\n", b"/exit\n", b"/bye now\n", b"\x04", b"\xff\xf4"])
def test_leaving_before_there_is_a_name(network: Network, word: bytes) -> None:
    """Whoever came by mistake gets out by any usual way."""
    person = TextTalker(network, "alice")
    person.wire.sends(word)
    assert person.hears()[-1] == "-- Bye."
    assert person.wire.ended


@pytest.mark.parametrize("keys", [b"\x04", b"\xff\xf4", b"\xff\xec", b"  EXIT \n", b"Quit\r\n"])
def test_keys_that_leave(network: Network, keys: bytes) -> None:
    """Ctrl-D, telnet's interrupt, and a bare exit or quit leave."""
    alice, bob = talkers(network, "alice", "bob")
    alice.wire.sends(keys)
    assert alice.hears() == ["-- Bye."]
    assert bob.hears() == ["-- alice left"]


def test_ctrl_d_behind_text_ends_the_line(network: Network) -> None:
    """As on a terminal, Ctrl-D after text sends it, and only alone it leaves."""
    alice, bob = talkers(network, "alice", "bob")
    alice.wire.sends(b"hello\x04")
    assert bob.hears() == ["<alice> hello"]
    assert not alice.wire.ended


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (b"hellp\x08o\n", "hello"),
        (b"hellp\x7fo\n", "hello"),
        (b"\x08\x08hi\n", "hi"),
        ("caf\u00e9\x08e\n".encode(), "cafe"),
    ],
)
def test_backspace(network: Network, typed: bytes, said: str) -> None:
    """Terminals that send each key as it is typed send the corrections, too."""
    alice, bob = talkers(network, "alice", "bob")
    alice.wire.sends(typed)
    assert bob.hears() == [f"<alice> {said}"]


def test_telnet_may_negotiate_at_any_time(network: Network) -> None:
    """Telnet's commands are taken out wherever they stand, and never answered."""
    alice, bob = talkers(network, "alice", "bob")
    alice.wire.sends(b"hel\xff\xfb")
    alice.wire.sends(b"\x1flo\xff\xfa\x1f\x00\x50\x00\x18\xff\xf0\r\nplain\r\n")
    assert bob.hears() == ["<alice> hello", "<alice> plain"]
    assert alice.wire.receives() == b""


def test_empty_lines_say_nothing(network: Network) -> None:
    """Whoever leans on Enter bothers nobody."""
    alice, bob = talkers(network, "alice", "bob")
    alice.wire.sends(b"\n\r\n   \n\x1b[A\n")
    assert alice.hears() == bob.hears() == []


def test_text_of_several_lines_cannot_pass_for_the_server(network: Network) -> None:
    """Each line of a text that came by JSON shows who said it."""
    (bob,) = talkers(network, "bob")
    alice = JsonTalker(network, "alice")
    alice.enters()
    bob.hears()
    alice.wire.sends(b'{"op":"say","text":"one\\n-- The server stops.\\r\\n[21:04] <bob> three"}\n')
    alice.wire.sends(b'{"op":"msg","nick":"bob","text":"one\\n-- two"}\n')
    alice.wire.sends(b'{"op":"me","text":"waves\\nand waves"}\n')
    alice.wire.sends(b'{"op":"topic","text":"one\\n-- two"}\n')
    alice.wire.sends(b'{"op":"away","text":"one\\u2028-- two"}\n')
    assert bob.hears() == [
        "<alice> one",
        "<alice> -- The server stops.",
        "<alice> <bob> three",
        "(private) <alice> one",
        "(private) <alice> -- two",
        "* alice waves",
        "* alice and waves",
        "-- alice set the topic of #lobby: one -- two",
        "-- alice is away: one-- two",
    ]


def test_newcomer_to_a_full_room_is_told_some_names(network: Network) -> None:
    """The first dozen are named, the others are counted."""
    for number in range(15):
        TextTalker(network, f"p{number}".replace("1", "x").replace("0", "o")).enters()
    person = TextTalker(network, "zoe")
    person.enters()
    (line,) = person.hears()
    assert line.count(",") == 1 + 11
    assert line.endswith(" and 3 others (/names).")


def test_dialect_remembers_one_event() -> None:
    """A broadcast encodes once: the same event gives the very same bytes."""
    event = Said(id=1, time="2026-11-21T21:04:05.123Z", room="#lobby", nick="bob", text="hi")
    first = TEXT.encode(event)
    assert TEXT.encode(event) is first
    assert TEXT.encode(Renamed(time="", nick="a", new="b")) == b"-- a is now b\r\n"
    assert b"] #lobby <bob> hi\r\n" in TEXT.aside.encode(event)
    assert TEXT.own(event, "7") == b""


def test_refusal_is_a_line_of_the_server() -> None:
    """Whoever is not served is told so in a line that looks like all others of the server."""
    assert refusal("No.") == b"-- No.\r\n"


def test_long_commands_fit_where_messages_do() -> None:
    """A name that is longer than allowed is refused as a name."""
    network = Network(Limits(nick=4, rate=0, per_address=0))
    person = TextTalker(network, "alice")
    person.enters()
    assert person.hears() == ["-- A name has at most 4 characters. Type a shorter one."]
