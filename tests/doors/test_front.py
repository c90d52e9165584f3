"""The front door: the first bytes decide, however they are cut, and nobody is left without an answer."""

from __future__ import annotations

import contextlib

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from OpenSSL import SSL
from twisted.internet.protocol import Protocol
from twisted.logger import LogEvent, formatEvent
from twisted.protocols.haproxy._wrapper import HAProxyWrappingFactory

from lanchat.core.limits import Limits
from lanchat.doors.straight import TlsFactory
from tests.network import Line, Network, SecureLine, server_context
from tests.tls_talk import OTHER, digest, issued

GREETING = b"-- lanchat on room-1: nobody is here yet. Type your name to join, /help for help.\r\n"
HELLO = b'{"op":"hello","nick":"alice"}\n'
PAGE = b"GET / HTTP/1.1\r\nHost: room-1:5555\r\n\r\n"

# What a client says first, and how the answer begins.
ENTRANCES = {
    "text": (b"alice\r\n", b"-- You are alice, in #lobby, alone for now.\r\n"),
    "telnet": (b"\xff\xfd\x03\xff\xfb\x18alice\r\n", b"-- You are alice, in #lobby"),
    "json": (HELLO, b'{"event":"welcome"'),
    "get": (PAGE, b"HTTP/1.1 200 OK\r\n"),
    "head": (b"HEAD / HTTP/1.0\r\n\r\n", b"HTTP/1.0 200 OK\r\n"),
    "post": (b"POST / HTTP/1.0\r\n\r\n", b"HTTP/1.0 405 Method Not Allowed\r\n"),
    "put": (b"PUT /x HTTP/1.0\r\n\r\n", b"HTTP/1.0 404 Not Found\r\n"),
    "options": (b"OPTIONS / HTTP/1.0\r\n\r\n", b"HTTP/1.0 405 Method Not Allowed\r\n"),
    "irc cap": (b"CAP LS 302\r\n", b":room-1.lan CAP * LS :"),
    "irc nick": (b"NICK alice\r\nUSER a 0 * :a\r\n", b":room-1.lan 001 alice :"),
    "irc user": (b"USER a 0 * :a\r\nNICK alice\r\n", b":room-1.lan 001 alice :"),
    "irc pass": (b"PASS x\r\nNICK alice\r\nUSER a 0 * :a\r\n", b":room-1.lan 001 alice :"),
    "ssh": (b"SSH-2.0-OpenSSH_9.2\r\n", b"SSH-2.0-"),
    "almost http": (b"GETTY\r\n", b"-- You are GETTY, in #lobby"),
    "almost irc": (b"NICKY\r\n", b"-- You are NICKY, in #lobby"),
}
entrances = pytest.mark.parametrize(("first", "answer"), ENTRANCES.values(), ids=ENTRANCES)
ways = pytest.mark.parametrize("line", [Line, SecureLine])


@pytest.fixture
def network() -> Network:
    return Network()


def logs(events: list[LogEvent]) -> list[str]:
    return [str(formatEvent(event)) for event in events if event["log_namespace"].startswith("lanchat")]


# -- who is who ----------------------------------------------------------------------------------------------


@ways
@entrances
def test_first_bytes_decide(network: Network, line: type[Line], first: bytes, answer: bytes) -> None:
    """Everybody is answered in their own protocol, with TLS and without."""
    client = network.connect(line=line)
    client.sends(first)
    assert client.receives().startswith(answer)


@entrances
def test_first_bytes_may_be_cut_anywhere(network: Network, first: bytes, answer: bytes) -> None:
    """Wherever the network cuts what a client says first, it is served the same."""
    for cut in range(1, len(first)):
        client = network.connect()
        client.sends(first[:cut])
        client.sends(first[cut:])
        assert client.receives().startswith(answer)
        client.drops()


@entrances
def test_first_bytes_may_come_one_by_one(network: Network, first: bytes, answer: bytes) -> None:
    """A client is recognised by its bytes, one at a time and quickly."""
    client = network.connect()
    for byte in first:
        client.sends(bytes([byte]))
        network.reactor.wait(0.01)
    assert client.receives().startswith(answer)


@entrances
def test_clients_are_recognised_after_the_greeting(network: Network, first: bytes, answer: bytes) -> None:
    """The greeting decides nothing: a program on a slow network is served like any other."""
    client = network.connect()
    network.reactor.wait(0.25)
    assert client.receives() == GREETING
    client.sends(first)
    assert client.receives().startswith(answer)


# -- a silence -----------------------------------------------------------------------------------------------


@ways
def test_silence_is_a_person(network: Network, line: type[Line]) -> None:
    """Who says nothing for 250 ms is greeted, and not a moment earlier."""
    client = network.connect(line=line)
    network.reactor.wait(0.24)
    assert client.receives() == b""
    network.reactor.wait(0.01)
    assert client.receives() == GREETING
    network.reactor.wait(5)
    assert client.receives() == b""


@pytest.mark.parametrize(("people", "said"), [(1, b"1 person is here"), (2, b"2 people are here")])
def test_greeting_says_how_many_are_here(network: Network, people: int, said: bytes) -> None:
    """A person learns whether it is worth staying."""
    for number in range(people):
        network.connect().sends(b"guest_%d\n" % number)
    client = network.connect()
    network.reactor.wait(0.25)
    assert said in client.receives()


def test_silence_after_half_a_word(network: Network) -> None:
    """Bytes that could become a protocol are a person's after a silence."""
    client = network.connect()
    client.sends(b"GE")
    network.reactor.wait(0.25)
    client.sends(b"orge\n")
    assert client.receives().startswith(b"-- You are GEorge, in #lobby")


def test_half_a_word_after_the_greeting_waits_as_long(network: Network) -> None:
    """After the greeting, too, the beginning of a protocol is waited for, and no longer than a silence."""
    client = network.connect()
    network.reactor.wait(1)
    client.sends(b"PAS")
    network.reactor.wait(0.25)
    client.sends(b"cal\n")
    assert client.receives().endswith(b"-- You are PAScal, in #lobby, alone for now.\r\n")


def test_person_behind_tls_is_greeted_after_the_handshake(network: Network) -> None:
    """Nobody can say anything before the handshake is over, so the silence begins there."""
    client = network.connect()
    client.sends(b"\x16\x03\x01")
    network.reactor.wait(2)
    assert client.receives() == b""


# -- TLS -----------------------------------------------------------------------------------------------------


def test_tls_without_a_certificate_gets_an_alert() -> None:
    """Who asks for TLS where there is none gets TLS's own word for it, and the end."""
    client = Network(tls=False).connect()
    client.sends(b"\x16\x03\x01\x02\x00\x01")
    assert client.receives() == b"\x15\x03\x01\x00\x02\x02\x28"
    assert client.ended


def test_tls_inside_tls_is_nothing_special(network: Network) -> None:
    """One layer is enough: a second handshake is read as a name, and refused."""
    client = network.connect(line=SecureLine)
    client.sends(b"\x16\x03\x01\n")
    assert client.receives().startswith(b"-- ")


def test_broken_tls_ends(network: Network) -> None:
    """Garbage that begins like TLS is ended by TLS."""
    client = network.connect()
    client.sends(b"\x16\x03\x01\x00\x05garbage that is no handshake" * 10)
    network.reactor.wait(4)
    assert client.gone
    assert not network.factory.connections
    assert network.factory.admission.live == 0


# -- refusals ------------------------------------------------------------------------------------------------

FULL = b"This server is full (1 connection). Try again later."


@pytest.mark.parametrize(
    ("first", "answer"),
    [
        (b"alice\n", b"-- %b\r\n" % FULL),
        (HELLO, b'{"event":"closed","text":"%b"}\n' % FULL),
        (b"NICK alice\r\n", b"ERROR :%b\r\n" % FULL),
        (PAGE, b"HTTP/1.1 503 Service Unavailable\r\n"),
        (b"\x16\x03\x01", b"\x15\x03\x01\x00\x02\x02\x28"),
        (b"", b"-- %b\r\n" % FULL),
    ],
    ids=["text", "json", "irc", "http", "tls", "silence"],
)
def test_full_server_says_so(first: bytes, answer: bytes) -> None:
    """One connection too many is refused in its own protocol; when one goes, the next is served."""
    network = Network(Limits(clients=1, per_address=0))
    one, two = network.connect(), network.connect()
    one.sends(b"alice\n")
    two.sends(first)
    network.reactor.wait(0.3)
    assert two.receives().startswith(answer)
    assert two.ended
    two.hangs_up()
    one.drops()
    three = network.connect()
    three.sends(b"carol\n")
    assert three.receives().startswith(b"-- You are carol")
    assert network.factory.admission.live == 1


def test_far_too_many_connections_are_closed_at_once() -> None:
    """Even saying no has a limit."""
    network = Network(Limits(clients=1, per_address=0))
    lines = [network.connect() for _ in range(66)]
    assert [line.refused for line in lines] == [False] * 65 + [True]


@ways
def test_too_many_connections_from_one_address(line: type[Line]) -> None:
    """An address has so many connections, whether inside TLS or not; another one is not in its way."""
    network = Network(Limits(per_address=1, rate=0))
    one = network.connect("192.168.7.2", line=line)
    one.sends(b"alice\n")
    two = network.connect("192.168.7.2")
    two.sends(b"bob\n")
    assert two.receives() == b"-- This server has 1 connection from 192.168.7.2 already. Close one of them first.\r\n"
    two.hangs_up()
    assert two.gone
    other = network.connect("192.168.7.3", line=line)
    other.sends(b"carol\n")
    assert other.receives().startswith(b"-- You are carol")
    one.drops()
    again = network.connect("192.168.7.2")
    again.sends(b"bob\n")
    assert again.receives().startswith(b"-- You are bob")


@pytest.mark.parametrize(
    ("first", "second", "refused"),
    [
        ("127.0.0.1", "127.0.0.1", False),
        ("::1", "::1", False),
        ("fd00:1:2:3::1", "fd00:1:2:3::2", True),
        ("fd00:1:2:3::1", "fd00:1:2:4::1", False),
        ("::ffff:192.168.7.2", "192.168.7.2", True),
        ("::ffff:192.168.7.2", "::ffff:192.168.7.3", False),
        ("::ffff:127.0.0.1", "::ffff:127.0.0.1", False),
    ],
)
def test_what_counts_as_one_address(first: str, second: str, refused: bool) -> None:
    """Loopback is exempt, an IPv6 network counts as one address, and IPv4 is the same inside IPv6."""
    network = Network(Limits(per_address=1))
    network.connect(first).sends(b"alice\n")
    client = network.connect(second)
    client.sends(b"bob\n")
    assert client.receives().startswith(b"-- This server has 1 connection") is refused


def test_refused_client_has_time_to_read(network: Network) -> None:
    """What a refused client goes on sending is passed over, and after two seconds the connection is cut."""
    client = network.connect()
    client.sends(b"SSH-2.0-OpenSSH_9.2\r\n")
    client.sends(b"and more\r\n")
    assert client.ended
    assert not client.gone
    network.reactor.wait(2)
    assert client.gone
    assert client.socket.aborted


def test_refused_client_that_ends_is_gone_at_once(network: Network) -> None:
    """Who has read the refusal and hangs up is not waited for."""
    client = network.connect()
    client.sends(b"SSH-2.0-OpenSSH_9.2\r\n")
    client.hangs_up()
    assert client.gone
    assert not network.reactor.getDelayedCalls()


@ways
def test_refused_client_that_does_not_read_is_cut_off(network: Network, line: type[Line]) -> None:
    """A refusal that nobody reads is not waited for longer than three seconds."""
    client = network.connect(line=line)
    client.stalls()
    client.sends(b"SSH-2.0-OpenSSH_9.2\r\n")
    assert not client.gone
    network.reactor.wait(3)
    assert client.gone


# -- time ----------------------------------------------------------------------------------------------------


@ways
@pytest.mark.parametrize("first", [b"", b"\xe9" * 10, b"/help\n", b"{", b"help\n"])
def test_handshake_has_a_limit(network: Network, line: type[Line], first: bytes) -> None:
    """Who has given no name within 30 seconds is told so, and the connection ends."""
    client = network.connect(line=line)
    client.sends(first)
    network.reactor.wait(29)
    assert not client.ended
    client.receives()
    network.reactor.wait(2)
    assert b"No name within 30 seconds. Connect again when you are ready." in client.receives()
    assert client.ended


def test_unfinished_requests_are_cut_off(network: Network) -> None:
    """An HTTP request that never ends, and a TLS handshake that never does, end with the handshake's time."""
    http, tls = network.connect(), network.connect()
    http.sends(b"GET / HTTP/1.1\r\n")
    tls.sends(b"\x16\x03\x01")
    network.reactor.wait(30)
    network.reactor.wait(3)
    assert http.gone
    assert tls.gone


def test_handshake_limit_ends_with_the_name(network: Network) -> None:
    """Who has a name stays."""
    plain, tls = network.connect(), network.connect(line=SecureLine)
    plain.sends(b"alice\n")
    tls.sends(b'{"op":"hello","nick":"bob"}\n')
    network.reactor.wait(60)
    assert not plain.ended
    assert not tls.ended


def test_limits_can_be_switched_off() -> None:
    """Without limits, nothing is counted and nothing expires."""
    network = Network(Limits(clients=0, per_address=0, handshake=0, rate=0, silence=0))
    clients = [network.connect() for _ in range(100)]
    network.look_after(600, 100)
    assert not any(client.ended for client in clients)


# -- ends ----------------------------------------------------------------------------------------------------


@ways
@pytest.mark.parametrize("first", [b"", b"G", b"GET / HT", b"{", b"alice", b"alice\n", HELLO, b"\xff", b"/help\n"])
@pytest.mark.parametrize("greeted", [False, True])
def test_ending_is_honoured_at_every_stage(network: Network, line: type[Line], first: bytes, greeted: bool) -> None:
    """Whenever a client says that it will send no more, it is answered as far as it goes, and all is over."""
    client = network.connect(line=line)
    if greeted:
        network.reactor.wait(0.3)
    client.sends(first)
    client.hangs_up()
    network.reactor.wait(6)
    assert client.ended
    assert client.gone
    assert not network.factory.connections
    assert not network.factory.doors
    assert not network.hub.people.members
    assert network.factory.admission.live == 0
    assert not network.reactor.getDelayedCalls()


@ways
@pytest.mark.parametrize("first", [b"", b"G", b"GET / HT", b"{", b"alice", b"alice\n", HELLO, b"NICK a\r\n"])
def test_losing_the_connection_leaves_nothing_behind(network: Network, line: type[Line], first: bytes) -> None:
    """A client may vanish at any moment."""
    client = network.connect(line=line)
    client.sends(first)
    client.drops()
    network.reactor.wait(6)
    assert not network.factory.connections
    assert not network.factory.doors
    assert not network.hub.people.members
    assert network.factory.admission.live == 0
    assert not network.reactor.getDelayedCalls()


def test_name_without_a_newline_is_answered_before_the_end(network: Network) -> None:
    """``printf alice | nc -N`` sees what there is to see."""
    client = network.connect()
    client.types(b"alice")
    client.hangs_up()
    assert client.receives() == b"-- You are alice, in #lobby, alone for now.\r\n"
    assert client.ended


def test_server_can_end_a_connection_that_has_no_door(network: Network) -> None:
    """Who has not said anything yet can be sent away as well."""
    client = network.connect()
    (front,) = network.factory.connections
    front.end("The server stops now.")
    assert client.ended


@ways
def test_server_can_end_a_session(network: Network, line: type[Line]) -> None:
    """Who is in is told why it ends."""
    client = network.connect(line=line)
    client.sends(b"alice\n")
    client.receives()
    (front,) = network.factory.connections
    front.end("The server stops now.")
    assert client.receives() == b"-- The server stops now.\r\n"
    assert client.ended


# -- the connection ------------------------------------------------------------------------------------------


@ways
def test_peer_behind_a_proxy_is_the_one_that_counts(line: type[Line], logged: list[LogEvent]) -> None:
    """Behind a proxy the peer is known with the first bytes only, and it is the peer that is counted."""
    network = Network(Limits(per_address=1))
    for number, nick in enumerate([b"alice", b"bob"]):
        client = Proxied(network, 2 + number)
        client.sends(nick + b"\n")
        assert client.receives().startswith(b"-- You are " + nick)
    third = Proxied(network, 2)
    third.sends(b"carol\n")
    assert third.receives().startswith(b"-- This server has 1 connection from 10.0.0.2 already.")
    assert "10.0.0.2:777 connected by text" in logs(logged)


class Proxied(Line):
    """A line through a proxy that tells whose it is."""

    def __init__(self, network: Network, host: int) -> None:
        factory = HAProxyWrappingFactory(network.factory)
        super().__init__(network.reactor, factory, ("192.168.7.1", 1234), host)
        self.sends(b"PROXY TCP4 10.0.0.%d 10.0.0.1 777 5555\r\n" % host)


# -- client certificates -------------------------------------------------------------------------------------


class Certified(SecureLine):
    """A client with a certificate of its own."""

    def context(self) -> SSL.Context:
        context = super().context()
        context.use_certificate(issued(OTHER))
        context.use_privatekey(load_pem_private_key(OTHER.private_key_pem.bytes(), password=None))
        return context


@pytest.mark.parametrize("inside", [True, False])
@pytest.mark.parametrize("first", [b"alice\n", HELLO, b"NICK alice\r\nUSER a 0 * :a\r\n"])
def test_a_session_knows_the_certificate_of_its_client(network: Network, inside: bool, first: bytes) -> None:
    """On a plain port on which TLS was begun, and on one of TLS alone."""
    outer = None if inside else TlsFactory(server_context(), network.factory, network.reactor)
    for line, certificate in ((Certified, digest(OTHER)), (SecureLine, "")):
        client = network.connect(line=line, through=outer)
        client.sends(first)
        (door,) = network.factory.doors
        assert (door.session.door.endswith("+tls"), door.session.certificate) == (True, certificate)
        client.drops()


# -- the log -------------------------------------------------------------------------------------------------


def test_connections_are_logged_with_their_end(network: Network, logged: list[LogEvent]) -> None:
    """One line when a connection finds its door, and one when it ends, with why; never what was said."""
    one, two, three = network.connect(), network.connect(), network.connect(line=SecureLine)
    one.sends(b"alice\nhello secret\n/quit\n")
    two.sends(b"SSH-2.0-OpenSSH_9.2\r\n")
    two.hangs_up()
    three.sends(HELLO.replace(b"alice", b"carol"))
    three.drops()
    assert logs(logged) == [
        "192.168.7.2:40001 connected by text",
        "192.168.7.2:40001 (alice) disconnected",
        "192.168.7.2:40002 connected by ssh",
        "192.168.7.2:40002 refused: SSH, which this server does not speak yet",
        "192.168.7.2:40002 disconnected",
        "192.168.7.2:40003 connected by json+tls",
        "192.168.7.2:40003 (carol) disconnected: connection lost",
    ]


def test_connection_that_said_nothing_is_logged_with_its_address(network: Network, logged: list[LogEvent]) -> None:
    """A port scan can be found in the log."""
    network.connect().hangs_up()
    assert logs(logged) == ["192.168.7.2:40001 disconnected"]


def test_door_without_a_half_close_just_ends(network: Network) -> None:
    """A door that knows nothing of half-closed connections is not asked about them."""
    client = network.connect()
    client.sends(b"GET / HTTP/1.1\r\n")
    client.hangs_up()
    assert client.receives() == b""
    assert client.ended


def test_connection_lost_before_the_door_inside_tls_is_there(network: Network) -> None:
    """Whoever builds TLS may fail: the front door outside still knows that nobody is inside."""

    class Broken(Protocol):
        pass

    client = network.connect(line=SecureLine)
    (front,) = list(network.factory.connections)
    outer = client.server
    assert outer._line_door() is None
    outer._door.wrappedProtocol = Broken()
    assert outer._line_door() is None
    outer._door.wrappedProtocol = front
    client.drops()
    assert client.gone


def test_tls_that_is_ready_too_late_is_not_greeted() -> None:
    """Who needs longer for TLS than the handshake may take is refused, and not greeted after that."""
    network = Network(Limits(handshake=1, rate=0, per_address=0))
    client = network.connect()
    tls = SSL.Connection(SSL.Context(SSL.TLS_CLIENT_METHOD), None)
    tls.set_connect_state()
    for wait in (1.5, 0.5, 0):
        with contextlib.suppress(SSL.WantReadError):
            tls.do_handshake()
        with contextlib.suppress(SSL.WantReadError):
            client.sends(tls.bio_read(65_536))
        network.reactor.wait(wait)
        if data := client.receives():
            tls.bio_write(data)
    assert tls.recv(1_000) == b"-- No name within 1 seconds. Connect again when you are ready.\r\n"
    network.reactor.wait(4)
    assert client.gone
