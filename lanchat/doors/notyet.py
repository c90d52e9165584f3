"""What clients are told in their own protocol when this server does not speak it: SSH gets one clear line."""

from __future__ import annotations

import struct
from collections.abc import Callable

from twisted.internet.protocol import Protocol

from lanchat.doors.front import FrontDoor

_SSH_MSG_DISCONNECT, _SSH_SERVICE_NOT_AVAILABLE = 1, 7


def ssh_refusal(text: str) -> bytes:
    """Say in SSH why nobody is served: our version, and a disconnect message (RFC 4253, sections 4.2, 6 and 11.1)."""
    said = text.encode()
    payload = struct.pack(f">BII{len(said)}sI", _SSH_MSG_DISCONNECT, _SSH_SERVICE_NOT_AVAILABLE, len(said), said, 0)
    padding = 4 + -(5 + len(payload) + 4) % 8
    return b"SSH-2.0-lanchat\r\n" + struct.pack(">IB", 1 + len(payload) + padding, padding) + payload + bytes(padding)


class Unspoken(Protocol):
    """Answers the first word of a protocol that is not spoken with one line, and ends."""

    def __init__(self, front: FrontDoor, name: str, refusal: Callable[[str], bytes]) -> None:
        self._front = front
        self._name = name
        self._refusal = refusal

    def dataReceived(self, data: bytes) -> None:
        """Refuse."""
        del data
        text = f"This server does not speak {self._name} yet. Join with nc, telnet or: lanchat join"
        self._front.refuse(self._refusal(text), f"{self._name}, which this server does not speak yet")
