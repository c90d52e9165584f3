"""Who speaks what this server does not speak is told how to join instead."""

from __future__ import annotations

import struct

from tests.network import Network


def test_ssh_client_gets_a_disconnect_in_ssh() -> None:
    """An SSH client shows its user the reason of a disconnect message, if its packet is well formed."""
    client = Network().connect()
    client.sends(b"SSH-2.0-OpenSSH_9.2\r\n")
    version, _, packet = client.receives().partition(b"\r\n")
    assert version == b"SSH-2.0-lanchat"
    length, padding, message, reason, size = struct.unpack(">IBBII", packet[:14])
    assert len(packet) == 4 + length
    assert len(packet) % 8 == 0
    assert padding >= 4
    assert (message, reason) == (1, 7)
    text = packet[14 : 14 + size].decode()
    assert text == "This server does not speak SSH yet. Join with nc, telnet or: lanchat join"
    assert len(packet) == 14 + size + 4 + padding
    assert client.ended
