"""One IRC client: lines and their limits, what is no command of IRC, and how a connection ends."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.logger import LogEvent

from lanchat.core.limits import Limits
from lanchat.doors.irc.message import server_name
from tests.doors.irc.clients import Irc, host_of
from tests.network import Line, Network, SecureLine

TALK = b"\r\n".join(
    [
        b"CAP LS 302",
        b"CAP REQ :message-tags batch labeled-response echo-message",
        b"NICK alice",
        b"USER a 0 * :Al",
        b"CAP END",
        b"@label=1;+x=\\:\\s PRIVMSG #lobby :h\xc3\xa9\n",
        b"   ",
        b"@a",
        b"PRIVMSG alice :\xe9\xff\nPING :" + b"x" * 600,
        b"@" + b"y" * 5000 + b" PING 1",
        b"FROB",
        b"NOTICE alice :\x01PING 1\x01",
        b"PING last\r\n",
    ]
)


@pytest.fixture(scope="module")
def whole() -> list[bytes]:
    """Give what a conversation is answered that comes in one piece."""
    return conversation([TALK])


def conversation(chunks: list[bytes]) -> list[bytes]:
    """Say something in these pieces, and give the answers."""
    network = Network(tls=False)
    network.journal.secret = b"known"
    wire = network.connect()
    for chunk in chunks:
        wire.sends(chunk)
    return wire.receives().split(b"\r\n")


def cut(places: list[int]) -> Iterator[bytes]:
    """Cut the conversation at these places."""
    starts = [0, *sorted(places)]
    for start, end in zip(starts, [*starts[1:], len(TALK)], strict=True):
        if start < end:
            yield TALK[start:end]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(4, len(TALK) - 1), max_size=60))
def test_where_the_stream_is_cut_makes_no_difference(whole: list[bytes], places: list[int]) -> None:
    """Bytes come as the network likes, and are answered the same."""
    assert conversation(list(cut(places))) == whole


def test_the_conversation_is_answered(whole: list[bytes]) -> None:
    """Every kind of line in it has its answer."""
    assert sum(b" 417 alice :" in line for line in whole) == 2
    assert any(b"@label=1;" in line and line.endswith("PRIVMSG #lobby :hé".encode()) for line in whole)
    assert any(line.endswith("PRIVMSG alice :éÿ".encode()) for line in whole)
    assert whole[-2:] == [b":room-1.lan PONG room-1.lan last", b""]


@pytest.mark.parametrize(
    ("line", "taken"),
    [
        (f"PING {'x' * 505}", True),
        (f"PING {'x' * 506}", False),
        (f"@a={'x' * 4092} PING y", True),
        (f"@a={'x' * 4093} PING y", False),
        (f"@a={'x' * 4092} PING {'y' * 505}", True),
        (f"@a={'x' * 4092} PING {'y' * 506}", False),
        ("x" * 100_000, False),
        ("@" + "x" * 100_000, False),
    ],
)
def test_how_long_a_line_may_be(network: Network, line: str, taken: bool) -> None:
    """modern.ircdocs.horse, ERR_INPUTTOOLONG (417): 512 bytes and 4,096 of tags; the next line is heard again."""
    alice = Irc(network, "alice")
    answer, after = alice.asks(line, "PING after")
    assert answer.startswith(":room-1.lan PONG " if taken else ":room-1.lan 417 alice :")
    assert after == ":room-1.lan PONG room-1.lan after"


def test_bytes_that_are_no_text(network: Network) -> None:
    """What is no UTF-8 is read as Windows-1252, NUL and other controls are left out; what goes out is UTF-8."""
    alice, bob = Irc(network, "alice"), Irc(network, "bob")
    bob.hears()
    alice.hears()
    alice.wire.sends(b"PRIVMSG bob :caf\xe9 \x80\x00\x07!\r\nPRIVMSG\x00 bob :x\r\n\x00\r\n\x01\x02 \x03\r\n")
    assert bob.hears() == [f":alice!{host_of(network, 'alice')} PRIVMSG bob :café €!"]
    assert [line.split(" ")[1] for line in alice.hears()] == ["421", "421", "421"]


def test_sources_of_clients_mean_nothing(network: Network) -> None:
    """RFC 2812, 2.3: nobody speaks as somebody else."""
    alice, bob = Irc(network, "alice"), Irc(network, "bob")
    bob.hears()
    alice.says(":carol!c@c PRIVMSG bob hi")
    assert bob.hears() == [f":alice!{host_of(network, 'alice')} PRIVMSG bob :hi"]


def test_commands_of_all_doors(network: Network) -> None:
    """What is no command of IRC is one that every door has, or is unknown (421)."""
    alice, bob = Irc(network, "alice"), Irc(network, "bob")
    bob.hears()
    alice.says("ME waves")
    assert bob.hears() == [f":alice!{host_of(network, 'alice')} PRIVMSG #lobby :\x01ACTION waves\x01"]
    (unknown,) = alice.asks("FROB x y")
    assert unknown.startswith(":room-1.lan 421 alice FROB :There is no command /frob. ")
    (usage,) = alice.asks("SEARCH")
    assert usage.startswith(":room-1.lan NOTICE alice :-- Type it like this: /quote SEARCH ")


def test_what_has_no_numeric(network: Network) -> None:
    """ircv3.net, standard-replies: FAIL names the command and a code, for who asked for it."""
    alice = Irc(network, "alice", "standard-replies")
    (failed,) = alice.asks("SEARCH")
    assert failed.startswith(":room-1.lan FAIL SEARCH BAD_ARGUMENTS :Type it like this: /quote SEARCH ")


@pytest.mark.parametrize("line", ["POST / HTTP/1.1", "get / http/1.0", "OPTIONS * RTSP/1.0"])
def test_other_protocols_are_given_up_at_once(line: str) -> None:
    """What a browser is made to send here is not heard: no command may stand in its body."""
    network = Network()
    wire = network.connect(through=network.factory.only("irc"))
    wire.sends(f"{line}\r\nNICK evil\r\nUSER e 0 * :e\r\n".encode())
    assert wire.receives() == b"ERROR :Closing link: (192.168.7.2) [This is IRC: begin with NICK and USER]\r\n"
    assert wire.ended
    assert network.hub.people.members == {}


def test_who_never_speaks_irc_is_given_up(network: Network) -> None:
    """After ten lines that are no commands a newcomer is told what this is; a known one may mistype all day."""
    wire = network.connect()
    wire.sends(b"CAP LS\r\n" + b"XYZZY\r\n" * 10)
    assert wire.receives().count(b" 451 ") == 10
    wire.sends(b"XYZZY\r\n")
    assert wire.receives().startswith(b"ERROR :Closing link: ")
    assert wire.ended
    alice = Irc(network, "alice")
    assert len(alice.asks(*["XYZZY"] * 20, "POST x")) == 21
    assert not alice.wire.ended


def test_who_reads_too_slowly_is_gone() -> None:
    """What was missed cannot be caught up with in IRC, so the connection ends, and the others hear why."""
    network = Network(Limits(rate=0, per_address=0, sendq=10_000))
    alice, bob, carol = (Irc(network, nick) for nick in ("alice", "bob", "carol"))
    carol.hears()
    host = host_of(network, "bob")
    bob.wire.stalls()
    for _ in range(50):
        alice.says(f"PRIVMSG #lobby :{'x' * 400}")
    assert bob.wire.gone
    assert f":bob!{host} QUIT :SendQ exceeded" in carol.hears()


def test_who_is_silent_is_pinged_and_gone(network: Network) -> None:
    """RFC 2812, 3.7.2: a silent client is pinged; who does not answer is gone, and is told why with ERROR (3.7.4)."""
    alice, bob = Irc(network, "alice"), Irc(network, "bob")
    bob.hears()
    for _ in range(19):
        network.look_after(10)
        bob.says("PONG x")
    heard = alice.hears()
    assert "PING room-1.lan" in heard
    assert heard[-1].startswith("ERROR :Closing link: (")
    assert "[silent for 18" in heard[-1]
    assert " QUIT :silent for 18" in bob.hears()[-1]


def test_who_gives_no_name_in_time_is_told(network: Network) -> None:
    """RFC 2812, 3.7.4: a connection that never registers ends with ERROR."""
    wire = network.connect()
    wire.sends(b"CAP LS\r\n")
    wire.receives()
    network.reactor.wait(31)
    assert wire.receives().startswith(b"ERROR :Closing link: (192.168.7.2) [No name within 30 seconds.")
    assert wire.ended


def test_floods_are_read_slowly() -> None:
    """RFC 2813, 5.8: who sends too fast is heard later, and nothing of it is lost."""
    network = Network(Limits(rate=2, burst=10, per_address=0))
    alice = Irc(network, "alice")
    alice.says(*[f"PING {number}" for number in range(30)])
    assert 0 < len(alice.hears()) < 15
    for _ in range(12):
        network.reactor.wait(1)
    assert alice.hears()[-1].endswith(" 29")


def test_a_fault_ends_one_connection(
    network: Network, monkeypatch: pytest.MonkeyPatch, tracebacks: list[LogEvent]
) -> None:
    """An error of ours ends the connection of who met it, and nobody else's."""
    alice, bob = Irc(network, "alice"), Irc(network, "bob")

    def fail(*arguments: object, **besides: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(network.hub, "say", fail)
    assert alice.asks("PRIVMSG #lobby x")[-1].endswith("[An error in the server: please join again.]")
    assert alice.wire.ended
    assert not bob.wire.ended
    assert [event["log_failure"].type for event in tracebacks] == [ZeroDivisionError]
    tracebacks.clear()


@pytest.mark.parametrize(
    ("name", "shown"),
    [("room-1", "room-1.lan"), ("chat.example", "chat.example"), ("", "lanchat.lan"), ("Büro 7.", "B-ro-7.lan")],
)
def test_the_server_has_a_name_that_is_no_mask(name: str, shown: str) -> None:
    """RFC 2812, 2.3.1: a server's name is a host name; clients tell it from a nick by its dot."""
    assert server_name(name) == shown


def test_refusals_are_noted_by_their_code(network: Network, logged: list[LogEvent]) -> None:
    """The log never has what people said."""
    alice = Irc(network, "alice")
    alice.says("PRIVMSG secret :secret", "PRIVMSG", "SEARCH")
    noted = [event for event in logged if "code" in event]
    assert [(note["who"], note["code"]) for note in noted] == [
        ("alice", "no-such-nick"),
        ("alice", "ERR_NORECIPIENT"),
        ("alice", "bad-arguments"),
    ]
    assert "secret" not in str(noted)


@pytest.mark.parametrize("line", [Line, SecureLine])
def test_who_asks_for_much_at_once_gets_all_of_it(network: Network, line: type[Line]) -> None:
    """More is heard from a client when it has read what was answered, so nothing piles up, and nobody is cut off."""
    alice = Irc(network, "alice", line=line)
    network.hub.motd = "x" * 100_000
    (door,) = network.factory.doors
    if line is Line:
        alice.wire.socket.space = 200_000
    alice.says("MOTD\r\n" * 40 + "PING end")
    if line is Line:
        assert door.pipe.size < 400_000
        for _ in range(100):
            assert not alice.wire.gone
            alice.wire.reads(100_000)
            assert door.pipe.size < 400_000
        alice.wire.reads()
    answered = alice.hears()
    assert sum(" 376 " in answer for answer in answered) == 40
    assert answered[-1].endswith("PONG room-1.lan :end") or answered[-1].endswith("PONG room-1.lan end")
    assert alice.asks("PING again")


def test_who_asks_for_much_and_vanishes_is_gone(network: Network) -> None:
    """Nothing is left of a client that was waited for; one that takes nothing any more is not waited for."""
    alice, bob, carol = (Irc(network, nick) for nick in ("alice", "bob", "carol"))
    network.hub.motd = "x" * 100_000
    for one in (alice, bob):
        one.wire.stalls()
        one.says("MOTD\r\n" * 3)
    alice.wire.socket.space = 1
    alice.wire.drops()
    assert alice.wire.gone
    for _ in range(4):
        network.look_after(45)
        assert not bob.wire.gone
        carol.says("PING 1")
    network.look_after(15)
    assert bob.wire.gone
    assert [line.split(" QUIT ")[1] for line in carol.hears() if "QUIT" in line] == [
        ":connection lost",
        ":read nothing for 185 seconds",
    ]
    assert list(network.hub.people.members) == ["carol"]


def test_a_slow_reader_that_is_waited_for_is_not_silent(network: Network) -> None:
    """What it says is not read meanwhile, its answers to pings neither."""
    alice = Irc(network, "alice")
    network.hub.motd = "x" * 100_000
    alice.wire.stalls()
    alice.says("MOTD\r\n" * 3)
    for _ in range(11):
        network.look_after(50)
        alice.wire.reads(30_000)
    alice.wire.reads()
    assert not alice.wire.gone
    assert sum(" 376 " in line for line in alice.hears()) == 3
