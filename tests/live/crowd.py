"""Many people at once, on sockets that never block."""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Sequence

import pytest

from tests.live.talk import PATIENCE


class Crowd:
    """Connections to one address, all of which are read as long as any is waited for."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._address = address
        self._selector = selectors.DefaultSelector()
        self.sockets: list[socket.socket] = []
        self.read: list[bytearray] = []
        """What each has read since it was last forgotten."""
        self.ended: set[int] = set()

    def __enter__(self) -> Crowd:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def connect(self, count: int) -> None:
        """Open connections."""
        for _ in range(count):
            one = socket.create_connection(self._address, PATIENCE)
            one.setblocking(False)
            self._selector.register(one, selectors.EVENT_READ, len(self.sockets))
            self.sockets.append(one)
            self.read.append(bytearray())

    def join(self, nicks: Sequence[str]) -> None:
        """Connect, and be in the lobby, everybody."""
        first = len(self.sockets)
        self.connect(len(nicks))
        for number, nick in enumerate(nicks, first):
            self.say(number, nick)
        for number, nick in enumerate(nicks, first):
            self.hear(number, f"-- You are {nick}, in #lobby")

    def say(self, who: int, line: str) -> None:
        self.sockets[who].send(f"{line}\n".encode())

    def hear(self, who: int, expected: str, within: float = PATIENCE) -> None:
        """Let everybody read until one has heard something."""
        deadline = time.monotonic() + within
        while expected.encode() not in self.read[who]:
            self._read_on(deadline, f"{who} has heard {expected!r}, but {bytes(self.read[who][-500:])!r}")

    def hear_all(self, expected: str, but: int = -1, within: float = PATIENCE) -> None:
        """Let everybody read until all have heard something; what they heard is forgotten then."""
        for who in range(len(self.sockets)):
            if who != but:
                self.hear(who, expected, within)
        self.forget()

    def forget(self) -> None:
        """Forget what was read so far."""
        for heard in self.read:
            heard.clear()

    def rest(self, within: float = PATIENCE) -> None:
        """Let everybody read until all connections have ended."""
        deadline = time.monotonic() + within
        while len(self.ended) < len(self.sockets):
            self._read_on(deadline, "all have ended")

    def close(self) -> None:
        for one in self.sockets:
            one.close()
        self.sockets.clear()
        self._selector.close()

    def _read_on(self, deadline: float, what: str) -> None:
        ready = self._selector.select(max(deadline - time.monotonic(), 0))
        if not ready and time.monotonic() >= deadline:
            pytest.fail(f"not in time: {what}")
        for key, _ in ready:
            try:
                data = key.fileobj.recv(262_144)  # type: ignore[union-attr]
            except BlockingIOError:
                continue
            except ConnectionResetError:
                data = b""
            if data:
                self.read[key.data] += data
            else:
                self.ended.add(key.data)
                self._selector.unregister(key.fileobj)
