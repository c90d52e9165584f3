"""How a connection becomes a WebSocket, and who may have one."""

from __future__ import annotations

import pytest

from lanchat.core.limits import Limits
from lanchat.doors.web.handshake import accepted
from tests.doors.web.browsing import answers, asked, get
from tests.network import Line, Network, SecureLine
from tests.web_talker import ACCEPT, HOST, KEY, WebLine, frame, request

ways = pytest.mark.parametrize("line", [Line, SecureLine])
HELLO = frame(b'{"op":"hello","nick":"alice"}')


@ways
def test_a_websocket_is_opened(line: type[Line]) -> None:
    """With the proof that the key was read, and without anything that was not asked for."""
    client = Network().connect(line=line)
    client.sends(request(Sec_WebSocket_Extensions="permessage-deflate", Sec_WebSocket_Protocol="chat"))
    (answer,) = answers(client.receives())
    assert answer.status == 101
    assert answer.fields == {"upgrade": "websocket", "connection": "Upgrade", "sec-websocket-accept": ACCEPT.decode()}


@ways
def test_what_comes_with_the_request_is_heard(line: type[Line]) -> None:
    """A client need not wait for the answer; and however the bytes are cut, they are heard."""
    data = asked("/health") + request() + HELLO
    for cut in (1, len(data) - len(HELLO), len(data) - 3, len(data)):
        network = Network()
        client = network.connect(line=line)
        client.sends(data[:cut])
        if data[cut:]:
            client.sends(data[cut:])
        received = client.receives()
        assert received.count(b"HTTP/1.1 200 OK") == 1
        assert b"\r\n\r\n\x81~" in received
        assert b'"nick":"alice"' in received
        assert [person.nick for person in network.factory.users.values()] == ["alice"]


def test_answers_before_it_are_not_overtaken() -> None:
    """Who does not read what was answered before hears it first."""
    network = Network()
    client = network.connect()
    client.stalls()
    client.sends(asked("/health") * 300 + request() + HELLO)
    client.reads()
    received = client.receives()
    assert received.count(b"200 OK") == 300
    assert received.index(b"101 Switching") > received.rindex(b"200 OK")
    client.sends(frame(b'{"op":"ping"}'))
    assert b'{"event":"pong"}' in client.receives()


@pytest.mark.parametrize(
    "origin", [f"http://{HOST}", f"https://{HOST}", f"http://{HOST.upper()}".replace("HTTP", "http"), ""]
)
def test_pages_of_ours_and_programs_may(origin: str) -> None:
    """A program has no origin; a proxy may speak TLS for us."""
    assert get(Network(), request(Origin=origin)).status == 101


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", f"http://{HOST}.evil.example", "http://room-1.local", "file://"]
)
def test_pages_of_others_may_not(origin: str) -> None:
    """Or any page that somebody looks at could chat under their name."""
    answer = get(Network(), request(Origin=origin))
    assert answer.status == 403
    assert b"A page of another server may not chat here." in answer.body


def test_one_of_two_origins_is_enough_to_be_refused() -> None:
    """Nothing is hidden behind a second line."""
    asking = request().replace(b"\r\n\r\n", b"\r\nOrigin: http://evil.example\r\n\r\n")
    assert get(Network(), asking).status == 403


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"Sec_WebSocket_Version": "8"}, 426),
        ({"Sec_WebSocket_Version": ""}, 426),
        ({"Upgrade": ""}, 426),
        ({"Upgrade": "h2c"}, 426),
        ({"Connection": "keep-alive"}, 426),
        ({"Sec_WebSocket_Key": ""}, 400),
        ({"Sec_WebSocket_Key": "short"}, 400),
        ({"Sec_WebSocket_Key": "!" * 24}, 400),
        ({"Content_Length": "5"}, 413),
    ],
)
def test_bad_handshakes(fields: dict[str, str], status: int) -> None:
    """Each is answered in HTTP; a wrong version with the right one."""
    answer = get(Network(), request(**fields))
    assert answer.status == status
    if status == 426:
        assert answer.fields["upgrade"] == "websocket"
        assert answer.fields["sec-websocket-version"] == "13"


def test_old_http_has_no_websockets() -> None:
    """HTTP/1.0 cannot become anything else."""
    assert get(Network(), request().replace(b"HTTP/1.1", b"HTTP/1.0")).status == 426


def test_two_keys_are_none() -> None:
    """What is meant cannot be known."""
    assert accepted([KEY]) == ACCEPT
    assert accepted([KEY, KEY]) == b""
    assert accepted(["é" * 24]) == b""


def test_a_full_server_says_so_before() -> None:
    """In HTTP, so that a page can tell it from a server that is gone."""
    network = Network(Limits(clients=1, per_address=0, rate=0))
    network.connect(line=WebLine)
    answer = get(network, request())
    assert answer.status == 503
    assert b"This server is full (1 connection). Try again later." in answer.body
    assert answer.fields["retry-after"] == "30"


def test_addresses_are_counted_as_everywhere() -> None:
    """A page counts as one of an address's connections."""
    network = Network(Limits(per_address=1, rate=0))
    network.connect(line=WebLine)
    assert get(network, request()).status == 503
