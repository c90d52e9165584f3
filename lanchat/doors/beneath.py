"""What a connection stands on, beneath all that wraps it: the TCP socket, and who is at its other end."""

from __future__ import annotations

import socket
from typing import Any

from twisted.protocols.haproxy._wrapper import HAProxyProtocolWrapper
from twisted.protocols.policies import ProtocolWrapper

from lanchat.core.limits import network_of
from lanchat.doors.straight import StraightTransport

UNKNOWN = "0.0.0.0"  # noqa: S104 - nothing is bound to it
"""The address of those of whom a proxy does not say where they are; they count as one."""
_TCP_OPTIONS = (("TCP_NODELAY", 1), ("TCP_KEEPIDLE", 120), ("TCP_KEEPINTVL", 20), ("TCP_KEEPCNT", 3))
_KERNEL_BUFFER = 262_144
"""Bytes that the kernel may hold each way; left alone it would go up to 4 MiB out and 6 MiB in."""


def address_of(transport: Any) -> str:
    """Give the peer's address without its port; empty for one that has none."""
    found: str = getattr(transport.getPeer(), "host", "").removeprefix("::ffff:")  # IPv4 on a v6 port
    return UNKNOWN if _is_proxied(transport) and not network_of(found) else found


def _is_proxied(transport: Any) -> bool:
    """Say whether a proxy tells who the peer is: what it calls this machine, or leaves out, is not from here."""
    while isinstance(transport, ProtocolWrapper | StraightTransport):
        if isinstance(transport, HAProxyProtocolWrapper):
            return True
        transport = transport.beneath if isinstance(transport, StraightTransport) else transport.transport
    return False


def tune(transport: Any) -> None:
    """Set a TCP connection up: no waiting for more to send, dead peers found, the kernel's buffer bounded."""
    while not isinstance(handle := transport.getHandle(), socket.socket):
        transport = transport.transport  # TLS: what it stands on
    if handle.family not in (socket.AF_INET, socket.AF_INET6):
        return
    handle.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _KERNEL_BUFFER)
    handle.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _KERNEL_BUFFER)
    handle.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in _TCP_OPTIONS:
        if hasattr(socket, option):
            handle.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)
