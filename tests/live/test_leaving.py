"""How connections end: by FIN, by half a close, by TLS's goodbye or without, by a reset."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import time

import pytest

from tests.live.conftest import Dials
from tests.live.servers import Server
from tests.live.talk import Wire


def port_of(wire: Wire) -> int:
    """The port at this end, by which the log names a connection."""
    port: int = wire.socket.getsockname()[1]
    return port


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "TLS"])
def test_who_stops_sending_is_answered_and_let_go_at_once(server: Server, dials: Dials, tls: bool) -> None:
    """A FIN after two lines: both are taken, the answers come, and nothing is waited for."""
    bob = dials(server.address).joins("bob")
    ann = dials(server.address, tls=tls)
    port = port_of(ann)
    ann.says("ann", "hello and goodbye")
    begin = time.monotonic()
    socket.socket.shutdown(ann.socket, socket.SHUT_WR)  # of TCP alone: TLS has no word for it
    assert "-- You are ann, in #lobby with bob." in ann.rest()
    bob.hears("<ann> hello and goodbye\n")
    bob.hears("-- ann left\n")
    server.logs(rf":{port} \(ann\) disconnected\n")
    assert time.monotonic() - begin < 2


def test_tls_that_says_goodbye_first_loses_nothing(server: Server, dials: Dials) -> None:
    """A close_notify right behind two lines: both are taken."""
    bob = dials(server.address).joins("bob")
    ann = dials(server.address, tls=True)
    port = port_of(ann)
    ann.says("ann")
    ann.sends(b"the last line has no end")
    assert isinstance(ann.socket, ssl.SSLSocket)
    ann.socket.setblocking(False)
    with contextlib.suppress(ssl.SSLError):
        ann.socket.unwrap()
    bob.hears("<ann> the last line has no end\n")
    bob.hears("-- ann left\n")
    server.logs(rf":{port} \(ann\) disconnected\n")


def test_tls_without_a_goodbye_is_gone_at_once(server: Server, dials: Dials) -> None:
    """Many clients just hang up where TLS wants a close_notify: their place is free at once."""
    ann = dials(server.address, tls=True)
    ann.joins("ann")
    port = port_of(ann)
    ann.says("exit")
    ann.hears("-- Bye.\n")
    ann.rest()
    begin = time.monotonic()
    ann.close()
    server.logs(rf":{port} \(ann\) disconnected\n")
    assert time.monotonic() - begin < 1


@pytest.mark.parametrize("tls", [False, True], ids=["plain", "TLS"])
def test_a_reset_is_a_lost_connection(server: Server, dials: Dials, tls: bool) -> None:
    """A connection that is reset leaves the chat, and the others and the log are told so."""
    bob = dials(server.address).joins("bob")
    ann = dials(server.address, tls=tls)
    ann.joins("ann")
    port = port_of(ann)
    ann.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    ann.close()
    bob.hears("-- ann left (connection lost)\n")
    server.logs(rf":{port} \(ann\) disconnected: connection lost\n")
