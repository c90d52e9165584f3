"""What a connection stands on is found beneath TLS and proxies."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from twisted.protocols.haproxy._wrapper import HAProxyWrappingFactory

from lanchat.doors.beneath import UNKNOWN
from tests.network import Line, Network, SecureLine

ways = pytest.mark.parametrize("line", [Line, SecureLine])


@pytest.fixture
def network() -> Network:
    return Network()


@ways
def test_tcp_is_set_up_for_chatting(network: Network, line: type[Line]) -> None:
    """Small lines go out at once, dead peers are found, and the kernel's buffer is bounded."""
    options = network.connect(line=line).socket.options
    assert options[socket.IPPROTO_TCP, socket.TCP_NODELAY] == 1
    assert options[socket.SOL_SOCKET, socket.SO_KEEPALIVE] == 1
    assert options[socket.SOL_SOCKET, socket.SO_SNDBUF] == 262_144


def test_systems_without_an_option_do_without(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not every system knows TCP_KEEPIDLE."""
    monkeypatch.delattr(socket, "TCP_KEEPIDLE")
    assert network.connect().socket.options[socket.SOL_SOCKET, socket.SO_KEEPALIVE] == 1


def test_unix_sockets_need_no_set_up(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is no TCP has none of its options, and no address to count."""
    monkeypatch.setattr("tests.network.Socket.family", socket.AF_UNIX)
    monkeypatch.setattr("tests.network.Server.getPeer", lambda self: object())
    client = network.connect()
    client.sends(b"alice\n")
    assert client.socket.options == {}
    assert client.receives().startswith(b"-- You are alice")


@pytest.mark.parametrize("said", ["127.0.0.1", "::ffff:127.0.0.1", "UNKNOWN"])
@ways
def test_nobody_behind_a_proxy_is_from_this_machine(network: Network, said: str, line: type[Line]) -> None:
    """Whoever may speak to the proxy's port could say so; and a proxy need not say whom it brings."""

    class Brought(HAProxyWrappingFactory):
        def buildProtocol(self, addr: object) -> Any:
            protocol: Any = super().buildProtocol(addr)  # type: ignore[arg-type]
            make = protocol.makeConnection

            def connected(transport: object) -> None:
                make(transport)
                whom = f"TCP4 {said} 10.0.0.1 777 5555" if said != "UNKNOWN" else "UNKNOWN 10.0.0.9 10.0.0.1 777 5555"
                protocol.dataReceived(f"PROXY {whom}\r\n".encode())

            protocol.makeConnection = connected
            return protocol

    alice = network.connect("127.0.0.1", line=line, through=Brought(network.factory))
    alice.sends(b"alice\n")
    assert alice.receives().startswith(b"-- You are alice")
    (door,) = network.factory.doors
    assert door.session.address == UNKNOWN
