"""The control socket: how `lanchat admin` reaches a server that runs.

It is the Unix socket ``control`` in the server's folder.  A client sends one line with a `Request` in JSON, is sent
one line with an `Answer`, and the connection ends.  Only the user who runs the server may connect, and root: the
socket has the mode 0600 before anybody can, and where the kernel tells who has, that is checked too.
"""

from __future__ import annotations

import errno
import os
import socket
import stat
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
from twisted.internet.error import CannotListenError
from twisted.internet.interfaces import IDelayedCall, IListeningPort, IReactorUNIX
from twisted.internet.protocol import Factory
from twisted.logger import Logger
from twisted.protocols.basic import LineOnlyReceiver

from lanchat.core.hub import Hub
from lanchat.requests import Answer, Request, perform

SOCKET = "control"
"""The name of the socket in the folder."""
LONGEST_PATH = 107 if sys.platform == "linux" else 103
"""Bytes of the path of a Unix socket (``sun_path`` has one more, for the end)."""
PATIENCE = 30.0
"""Seconds for which a client is waited for, and may wait."""
_TOGETHER = 16
"""Connections at a time; four times as many are told that this is too many."""
_LONGEST = 4_096
"""Bytes of a request."""

_decode: Callable[[bytes], Request] = msgspec.json.Decoder(Request).decode
_encode = msgspec.json.Encoder().encode


class ControlError(Exception):
    """The socket cannot be opened: a sentence that says why, and what to do."""


class ControlLine(LineOnlyReceiver):
    """One client: a request, an answer, the end."""

    delimiter = b"\n"
    MAX_LENGTH = _LONGEST
    log = Logger()
    transport: Any

    def __init__(self, control: ControlFactory) -> None:
        self._control = control
        self._limit: IDelayedCall | None = None
        self._asked = self._over = False
        self._refusal: Answer | None = None
        """What whoever may not ask is answered: not before they have asked, or they would not hear it."""

    def connectionMade(self) -> None:
        """Let in whoever may, and not too many."""
        control = self._control
        control.lines.add(self)
        self._limit = control.reactor.callLater(PATIENCE, self.transport.abortConnection)
        if len(control.lines) > 4 * _TOGETHER:
            self.transport.abortConnection()
        elif not control.is_ours(self.transport):
            self._refusal = Answer("Only the user who runs the server may do that.", "not-yours")
        elif len(control.lines) > _TOGETHER:
            self._refusal = Answer("Too many ask at once. Try again.", "busy")

    def lineReceived(self, line: bytes) -> None:
        """Do what is asked; whatever comes after that is not read."""
        if self._asked or self._over:
            return
        self._asked = True
        if self._refusal is not None:
            self._answer(self._refusal)
            return
        try:
            request = _decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            self._answer(Answer("The server does not know that request. Use `lanchat admin` of its version.", "bad"))
            return
        self.log.info("lanchat admin: {what}", what=f"{request.act} {request.whom}".rstrip())
        try:
            perform(self._control.hub, request, self._answer)
        except Exception:
            self.log.failure("a request of lanchat admin failed: {act}", act=request.act)
            self._answer(Answer("Something went wrong in the server: its log says more.", "internal"))

    def lineLengthExceeded(self, line: bytes) -> None:
        """Answer that, and end."""
        del line
        self._answer(Answer(f"A request has at most {_LONGEST:,} bytes.", "too-long"))

    def connectionLost(self, reason: object = None) -> None:
        """Be done, whatever is still under way."""
        del reason
        self._over = True
        self._control.lines.discard(self)
        if self._limit is not None and self._limit.active():
            self._limit.cancel()

    def _answer(self, answer: Answer) -> None:
        if not self._over:
            self._over = True
            self.transport.write(_encode(answer) + b"\n")
            self.transport.loseConnection()


class ControlFactory(Factory):
    """Answers for a hub; ``user`` is who may ask."""

    noisy = False

    def __init__(self, hub: Hub, reactor: Any, user: int) -> None:
        self.hub = hub
        self.reactor = reactor
        self.lines: set[ControlLine] = set()
        self._user = user

    def buildProtocol(self, addr: object) -> ControlLine:
        """Serve one more."""
        del addr
        return ControlLine(self)

    def is_ours(self, transport: Any) -> bool:
        """Say whether a connection is of who may ask; the mode of the socket is all there is where nobody knows."""
        option = getattr(socket, "SO_PEERCRED", None)
        if option is None:
            return True
        _, user, _ = struct.unpack("3i", transport.socket.getsockopt(socket.SOL_SOCKET, option, struct.calcsize("3i")))
        return user in (self._user, 0)


class Control:
    """The control socket of a server, in the folder that is its own (`folder.Folder`)."""

    def __init__(self, directory: Path, hub: Hub, reactor: Any) -> None:
        self.path = directory.absolute() / SOCKET
        self._reactor = reactor
        self._hub = hub
        self._factory: ControlFactory | None = None
        self._listening: IListeningPort | None = None

    def open(self) -> None:
        """Listen; what a server has left here that crashed is replaced.  Raises ControlError."""
        if not IReactorUNIX.providedBy(self._reactor):
            raise ControlError("there are no Unix sockets here: stop it for that")
        check_length(self.path)
        try:
            clear(self.path)
            # Twisted gives it its mode between bind and listen: before that nobody can connect.
            self._factory = ControlFactory(self._hub, self._reactor, os.geteuid())
            self._listening = self._reactor.listenUNIX(str(self.path), self._factory, mode=0o600)
        except (OSError, CannotListenError) as error:
            found = getattr(error, "socketError", error)
            cause = getattr(found, "strerror", None) or str(found)
            raise ControlError(
                f"{self.path} cannot be made: {cause}. See to that, and start the server again"
            ) from error

    def close(self) -> None:
        """Listen no more, and take the socket away; who waits for an answer waits in vain."""
        if self._listening is not None and self._factory is not None:
            self._listening.stopListening()
            self._listening = None
            for line in list(self._factory.lines):
                line.transport.abortConnection()


def check_length(path: Path) -> None:
    """See whether a socket can have this path.  Raises ControlError."""
    length = len(os.fsencode(path))
    if length > LONGEST_PATH:
        raise ControlError(
            f"{path} is too long for a socket, by {length - LONGEST_PATH} bytes. Name a folder with a shorter path"
        )


def clear(path: Path) -> None:
    """Take a socket away that nobody listens at.  Raises ControlError where somebody does, or it is no socket."""
    with suppress(FileNotFoundError):
        if not stat.S_ISSOCK(path.lstat().st_mode):
            raise ControlError(f"{path} is in the way: it is no socket. Move it away")
        with socket.socket(socket.AF_UNIX) as probe:
            probe.setblocking(False)
            if probe.connect_ex(str(path)) != errno.ECONNREFUSED:
                raise ControlError(f"{path} is another server's. Stop that, or name another folder")
        path.unlink()
