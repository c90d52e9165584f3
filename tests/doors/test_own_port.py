"""A port of its own for one kind of client: nothing is recognised there, and everything else is as elsewhere."""

from __future__ import annotations

import pytest
from twisted.logger import LogEvent, formatEvent
from twisted.protocols.haproxy._wrapper import HAProxyWrappingFactory

from lanchat.core.limits import Limits
from lanchat.doors.factory import OwnPort
from tests.network import Line, Network, SecureLine

HELLO = b'{"op":"hello","nick":"alice"}\n'
WELCOME = b'{"event":"welcome"'

ways = pytest.mark.parametrize("line", [Line, SecureLine])


@pytest.fixture
def network() -> Network:
    return Network()


@pytest.fixture
def port(network: Network) -> OwnPort:
    """A port for programs that speak JSON: the door that needs no other program in a test."""
    return network.factory.only("json")


def logs(events: list[LogEvent]) -> list[str]:
    return [str(formatEvent(event)) for event in events if event["log_namespace"].startswith("lanchat")]


@ways
def test_its_clients_meet_those_of_all_other_ports(network: Network, port: OwnPort, line: type[Line]) -> None:
    """It leads into the same chat, with TLS and without."""
    alice, bob = network.connect(through=port, line=line), network.connect()
    alice.sends(HELLO)
    assert alice.receives().startswith(WELCOME)
    bob.sends(b"bob\n")
    assert b"with alice" in bob.receives()


@ways
@pytest.mark.parametrize("first", [b"alice\r\n", b"GET / HTTP/1.1\r\n\r\n", b"SSH-2.0-OpenSSH_9.2\r\n"])
def test_its_door_serves_whoever_comes(network: Network, port: OwnPort, line: type[Line], first: bytes) -> None:
    """Whatever somebody says first, they are answered in the protocol of the port: the first byte is enough."""
    client = network.connect(through=port, line=line)
    client.sends(first)
    assert client.receives().startswith(b'{"event":"refused"')
    assert next(iter(network.factory.doors)).session.door.startswith("json")


@ways
def test_nobody_is_greeted(network: Network, port: OwnPort, line: type[Line]) -> None:
    """A client that waits for the server sees nothing that it does not know."""
    client = network.connect(through=port, line=line)
    network.reactor.wait(5)
    assert client.receives() == b""
    client.sends(HELLO)
    assert client.receives().startswith(WELCOME)


def test_silence_ends_as_on_every_port(network: Network, port: OwnPort) -> None:
    """Who never says anything is told so in the protocol of the port."""
    client = network.connect(through=port)
    network.reactor.wait(30)
    assert b'{"event":"closed","text":"No name within 30 seconds.' in client.receives()
    assert client.ended


def test_limits_are_counted_over_all_ports() -> None:
    """Connections to a port of its own are connections like all others."""
    network = Network(Limits(rate=0, clients=1))
    network.connect().sends(b"alice\n")
    client = network.connect(through=network.factory.only("json"))
    network.reactor.wait(0.25)
    assert client.receives().startswith(b'{"event":"closed","text":"This server is full (1 connection).')
    assert client.ended
    many = [network.connect(through=network.factory.only("json")) for _ in range(70)]
    assert many[-1].refused


def test_addresses_are_counted_over_all_ports() -> None:
    """One address has as many connections as elsewhere."""
    network = Network(Limits(rate=0, per_address=1))
    network.connect().sends(b"alice\n")
    client = network.connect(through=network.factory.only("json"))
    client.sends(HELLO)
    assert b"This server has 1 connection from 192.168.7.2 already." in client.receives()


def test_tls_needs_a_certificate() -> None:
    """Without one, whoever begins with TLS gets an alert, as elsewhere."""
    network = Network(tls=False)
    client = network.connect(through=network.factory.only("json"))
    client.sends(b"\x16\x03\x01")
    assert client.receives().startswith(b"\x15\x03\x01")


def test_behind_a_proxy(network: Network, port: OwnPort, logged: list[LogEvent]) -> None:
    """The PROXY header says who it is."""
    client = network.connect("127.0.0.1", through=HAProxyWrappingFactory(port))
    client.sends(b"PROXY TCP4 192.0.2.7 192.0.2.1 40007 5555\r\n" + HELLO)
    assert client.receives().startswith(WELCOME)
    assert "192.0.2.7:40007 connected by json" in logs(logged)


def test_half_closed_input_is_answered(network: Network, port: OwnPort) -> None:
    """Who sends everything at once and closes their half still reads the answer."""
    client = network.connect(through=port)
    client.types(HELLO.rstrip(b"\n"))
    client.hangs_up()
    assert client.receives().startswith(WELCOME)
    assert client.ended
