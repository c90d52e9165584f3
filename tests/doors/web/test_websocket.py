"""The WebSocket: the JSON protocol in frames, and everything that every door guards against."""

from __future__ import annotations

import json
from typing import Any

import pytest
from twisted.internet.error import ConnectionDone
from twisted.logger import LogEvent, formatEvent
from twisted.python.failure import Failure

from lanchat.core.limits import Limits
from lanchat.core.replies import Ping, Pong
from lanchat.doors.web.websocket import FRAMES
from tests.network import Line, Network, SecureLine
from tests.talkers import TextTalker
from tests.web_talker import SecureWebLine, SecureWebTalker, WebLine, WebTalker, frame, request

ways = pytest.mark.parametrize("line", [WebLine, SecureWebLine])
HELLO = b'{"op":"hello","nick":"alice"}'


@pytest.fixture
def network() -> Network:
    return Network()


def logs(events: list[LogEvent]) -> list[str]:
    return [str(formatEvent(event)) for event in events if event["log_namespace"].startswith("lanchat")]


def objects(line: Any) -> list[dict[str, Any]]:
    return [json.loads(each) for each in line.receives().splitlines()]


def alice(network: Network, line: type[WebLine] = WebLine) -> Any:
    """Somebody who is in, and has read everything."""
    found: Any = network.connect(line=line)
    found.sends(HELLO)
    found.receives()
    return found


# -- talking -------------------------------------------------------------------------------------------------


def test_doors_are_named(network: Network) -> None:
    """/whois and the log say that somebody came with a page, and whether it is encrypted."""
    for kind, nick in ((WebTalker, "a"), (SecureWebTalker, "b")):
        person = kind(network, nick)
        person.enters()
        assert person.session.door == person.door
        assert person.session.address == "192.168.7.2"


def test_a_newline_ends_nothing(network: Network) -> None:
    """A message is one object, however it is written."""
    client = alice(network)
    client.sends_raw(frame(b'{\n"op":"say",\n"ref":"1",\r\n"text":"hi"}\n'))
    assert [each["text"] for each in objects(client)] == ["hi"]


@ways
def test_a_message_may_come_in_parts(network: Network, line: type[WebLine]) -> None:
    """And a ping between them is answered at once."""
    client = alice(network, line)
    client.sends_raw(frame(b'{"op":"say","ref":"1",', final=False) + frame(b"?", 9) + frame(b'"text":"hi"}', 0))
    assert [each["text"] for each in objects(client)] == ["hi"]
    assert client.pongs == [b"?"]


def test_all_hear_the_same_bytes(network: Network) -> None:
    """One frame is made for all listeners, and one for who said it."""
    one, two = alice(network), network.connect(line=WebLine)
    two.sends(b'{"op":"hello","nick":"bob"}')
    TextTalker(network, "carol").enters()
    one.receives(), two.receives()
    three = network.connect()
    three.sends(b"dora\nhi\n")
    assert one.socket.sends[-1] == two.socket.sends[-1]
    one.receives(), two.receives()
    one.sends(b'{"op":"say","ref":"7","text":"hello"}')
    assert objects(one)[0]["ref"] == "7"
    one.sends(b'{"op":"say","text":"hello"}')
    assert "ref" not in objects(one)[0]


def test_a_ping_is_a_frame() -> None:
    """The server's ping is the protocol's own: browsers answer it without the page."""
    assert FRAMES.encode(Ping()) == b"\x89\x00"


@ways
def test_nothing_stands_behind_a_goodbye(network: Network, line: type[WebLine]) -> None:
    """An answer that comes too late, from the disk for example, is nobody's."""
    client = network.connect(line=SecureLine if line is SecureWebLine else Line)
    client.sends(request() + frame(HELLO))
    (door,) = network.factory.doors
    client.sends(frame(b'{"op":"quit"}'))
    assert client.receives().endswith(b"\x88\x02\x03\xe8")
    door.session.tell(Pong())
    door.route(door.session.pipe.send)
    door.session.tell(Pong())
    assert client.receives() == b""


def test_who_comes_back_hears_what_was_missed(network: Network) -> None:
    """`since` works as through the JSON door."""
    client = alice(network)
    client.sends(b'{"op":"say","ref":"1","text":"one"}')
    (said,) = objects(client)
    client.drops()
    bob = TextTalker(network, "bob")
    bob.enters()
    for number in range(600):
        bob.says(f"line {number}")
    back = network.connect(line=WebLine)
    back.sends(json.dumps({"op": "hello", "nick": "alice", "since": said["id"]}).encode())
    assert [each["text"] for each in objects(back) if each["event"] == "said"] == [f"line {n}" for n in range(600)]


# -- floods, and slow readers --------------------------------------------------------------------------------


@ways
def test_who_is_too_fast_is_read_more_slowly(line: type[WebLine]) -> None:
    """The burst is free, then frames of all kinds are heard at the rate; nothing is lost."""
    network = Network(Limits(per_address=0))
    client = alice(network, line)
    client.sends_raw(b"".join([frame(b'{"op":"say","ref":"%d","text":"x"}' % number) for number in range(20)]))
    assert len(objects(client)) == 10
    network.reactor.wait(2)
    assert len(objects(client)) == 4
    network.reactor.wait(60)
    assert len(objects(client)) == 6


@pytest.mark.parametrize("flood", [frame(b"x", 9), frame(b"x", 10), frame(b"", 0, final=False)])
def test_frames_that_say_nothing_count_too(flood: bytes) -> None:
    """Pings, pongs and empty parts: a million of them are not heard in one go."""
    network = Network(Limits(per_address=0))
    client: Any = network.connect(line=WebLine)
    client.sends_raw(frame(b'{"op":', final=False) + flood * 1000)
    door = next(iter(network.factory.doors))
    assert door.paused
    assert len(b"".join(client.socket.sends)) < 500


@ways
def test_who_does_not_read_falls_behind_and_catches_up(line: type[WebLine]) -> None:
    """As through every door; the close frame comes behind all of it."""
    network = Network(Limits(rate=0, per_address=0, sendq=20_000))
    client = alice(network, line)
    client.stalls()
    bob = TextTalker(network, "bob")
    bob.enters()
    for number in range(500):
        bob.says(f"{number} " + "x" * 500)
    client.reads()
    network.reactor.wait(1)
    found = [each for each in objects(client) if each["event"] == "said"]
    assert [each["text"].split()[0] for each in found] == [str(number) for number in range(500)]
    client.sends(b'{"op":"quit"}')
    assert objects(client)[-1]["event"] == "closed"
    assert client.ended


def test_pings_whose_answers_are_not_read_are_bounded() -> None:
    """Who asks and never reads is ended, or falls behind."""
    network = Network(Limits(rate=0, per_address=0, sendq=10_000))
    client: Any = network.connect(line=WebLine)
    client.stalls()
    client.types(b"")
    Line.types(client, frame(b"x" * 125, 9) * 2000)
    network.reactor.settle()
    assert client.gone


# -- silence -------------------------------------------------------------------------------------------------


def test_a_silent_page_is_pinged_and_stays(network: Network) -> None:
    """Browsers answer by themselves."""
    client = alice(network)
    for _ in range(20):
        network.look_after(50)
        before = client.pings
        client.receives()
        if client.pings > before:
            client.sends_raw(frame(b"", 10))
    assert client.pings >= 4
    assert not client.ended


def test_a_page_that_is_gone_is_found_out(network: Network) -> None:
    """Half as long after the ping, with the code for it."""
    client = alice(network)
    network.look_after(170)
    network.look_after(20)
    assert objects(client)[-1] == {"event": "closed", "text": "silent for 185 seconds"}
    assert client.closed.code == 1001
    assert client.closed.reason == "silent for 185 seconds"
    assert client.ended


def test_a_page_that_never_says_hello_is_ended(network: Network) -> None:
    """It has the time for the handshake, from the moment that there is a WebSocket."""
    client: Any = network.connect(line=WebLine)
    network.reactor.wait(29)
    assert not client.ended
    network.reactor.wait(1)
    assert "No name within 30 seconds." in objects(client)[0]["text"]
    assert client.closed.code == 1001
    assert client.ended


# -- the end -------------------------------------------------------------------------------------------------


@ways
def test_quit_is_answered_and_closed(network: Network, line: type[WebLine]) -> None:
    """`closed`, then a close frame; when the page has agreed, the connection ends."""
    client = alice(network, line)
    client.sends(b'{"op":"quit"}')
    assert objects(client) == [{"event": "closed", "text": "Bye."}]
    assert client.closed.code == 1000
    assert client.ended
    assert not network.factory.users


@ways
def test_who_does_not_agree_to_the_end_is_not_waited_for(network: Network, line: type[WebLine]) -> None:
    """Three seconds are enough to say goodbye."""
    plain = network.connect(line=SecureLine if line is SecureWebLine else Line)
    plain.sends(request() + frame(HELLO) + frame(b'{"op":"quit"}'))
    assert plain.receives().endswith(b"\x88\x02\x03\xe8")
    assert not plain.ended
    plain.sends(frame(b'{"op":"say","text":"?"}') + frame(b"?", 9))
    assert plain.receives() == b""
    network.reactor.wait(3)
    assert plain.ended


@pytest.mark.parametrize("end", [b"\x03\xe8", b"\x0f\xa0later", b""])
def test_a_goodbye_of_the_page_is_answered(network: Network, end: bytes) -> None:
    """What it said before is done and answered; the others hear that it left."""
    bob = TextTalker(network, "bob")
    bob.enters()
    client = network.connect()
    client.sends(request() + frame(HELLO))
    client.receives()
    bob.hears()
    client.sends(frame(b'{"op":"say","ref":"1","text":"bye"}') + frame(end, 8) + frame(b'{"op":"say","text":"?"}'))
    received = client.receives()
    assert b'"ref":"1"' in received
    assert received.endswith(b"\x88\x02" + (end[:2] or b"\x03\xe8"))
    assert client.ended
    assert bob.hears() == ["<alice> bye", "-- alice left"]


def test_a_page_that_breaks_off_has_said_what_came_whole(network: Network) -> None:
    """Half a message says nothing; a flood is heard to its end."""
    network = Network(Limits(per_address=0))
    bob = TextTalker(network, "bob")
    bob.enters()
    client = alice(network)
    bob.hears()
    said = [frame(b'{"op":"say","text":"%d"}' % number) for number in range(14)]
    client.sends_raw(b"".join(said) + frame(b"", 10) + frame(b'{"op":"say"')[:-2])
    client.socket.peer_ended = True
    network.reactor.wait(60)
    assert bob.hears() == [*[f"<alice> {number}" for number in range(14)], "-- alice left"]
    assert client.ended


def test_what_breaks_the_protocol_behind_the_last_words_says_nothing() -> None:
    """What was said before it counts."""
    network = Network(Limits(per_address=0))
    bob = TextTalker(network, "bob")
    bob.enters()
    client = alice(network)
    bob.hears()
    client.sends_raw(frame(b'{"op":"say","text":"x"}') * 14 + frame(b"", 10) + b"\x81\x05")
    client.transport.connectionLost(Failure(ConnectionDone()))
    network.reactor.wait(60)
    assert bob.hears() == ["<alice> x"] * 14 + ["-- alice left"]


@pytest.mark.parametrize(
    ("sent", "code", "why"),
    [
        (b"\x81\x02hi", 1002, "sent a frame without a mask, or with an extension that was not offered"),
        (b"\x81\xff" + (100_000_000).to_bytes(8), 1009, "sent a message of more than 25,600 bytes"),
        (frame(b"x", 2), 1003, "sent a message that is no text"),
        (frame(b"\xff"), 1007, "sent a text that is no UTF-8"),
        (frame(b"x", 0), 1002, "sent the frames of two messages mixed"),
        (frame(b"x" * 126, 9), 1002, "sent a control frame of more than 125 bytes, or in parts"),
    ],
)
@ways
def test_what_breaks_the_protocol_ends_the_connection(
    network: Network, line: type[WebLine], sent: bytes, code: int, why: str
) -> None:
    """With its code, and a sentence; whatever comes behind it is passed over."""
    bob = TextTalker(network, "bob")
    bob.enters()
    client = alice(network, line)
    bob.hears()
    client.sends_raw(sent + b"x" * 100_000)
    assert objects(client) == [{"event": "closed", "text": why}]
    assert (client.closed.code, client.closed.reason) == (code, why)
    network.reactor.wait(3)
    assert client.ended
    assert bob.hears() == [f"-- alice left ({why})"]


def test_endless_fragments_are_bounded(network: Network) -> None:
    """A message may have as many bytes as a line, in however many frames."""
    client = alice(network)
    client.sends_raw(frame(b'{"op":"say","text":"', final=False))
    sent = 0
    while client.closed is None:
        client.sends_raw(frame(b"x" * 1000, 0, final=False))
        sent += 1000
    assert sent < 27_000
    assert client.closed.code == 1009


def test_a_text_that_is_too_long_is_refused_and_the_page_stays(network: Network) -> None:
    """As far as it fits a frame."""
    client = alice(network)
    client.sends(b'{"op":"say","ref":"1","text":"%s"}' % (b"x" * 5000))
    assert objects(client)[0]["code"] == "too-long"
    client.sends(b"no json")
    assert objects(client)[0]["code"] == "bad-json"


def test_what_breaks_the_protocol_after_the_end_changes_nothing(network: Network) -> None:
    """Everything has been said."""
    plain = network.connect()
    plain.sends(request() + frame(HELLO) + frame(b'{"op":"quit"}'))
    plain.receives()
    plain.sends(b"\x81\x02hi")
    assert plain.receives() == b""
    plain.hangs_up()
    assert plain.gone
    assert not network.reactor.getDelayedCalls()


def test_the_server_stops(network: Network, logged: list[LogEvent]) -> None:
    """Everybody is told, with the code for it."""
    client = alice(network)
    network.hub.shut()
    for connection in list(network.factory.connections):
        connection.end("The server stops now. Goodbye.")
    network.reactor.settle()
    assert objects(client) == [{"event": "closed", "text": "The server stops now. Goodbye."}]
    assert client.closed.code == 1001
    assert client.ended
    assert "192.168.7.2 GET /ws: 101" in logs(logged)


def test_a_connection_that_is_lost_leaves_nothing_behind(network: Network) -> None:
    """No timer, no door."""
    client = alice(network)
    plain = network.connect()
    plain.sends(request() + frame(b'{"op":"hello","nick":"bob"}') + frame(b'{"op":"quit"}'))
    plain.drops()
    client.drops()
    assert client.gone
    assert not network.factory.doors
    assert not network.factory.users
    assert not network.reactor.getDelayedCalls()
