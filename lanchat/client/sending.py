"""Sending a file: the server is asked where it goes, then it is put there over a connection of its own.

That connection is made as the first one was, so the same server is believed by the same key.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

from twisted.internet.interfaces import IPullProducer, IStreamClientEndpoint
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.python.failure import Failure
from zope.interface import implementer

from lanchat.client.endings import Ending
from lanchat.client.heard import Heard
from lanchat.client.outbox import Asked
from lanchat.core.clean import clean
from lanchat.core.errors import Refused
from lanchat.core.replies import Upload
from lanchat.core.sizes import shown

_STEP = 65_536
_LONGEST = 65_536
"""Bytes of an answer that are read."""


def file_to_send(typed: str, view: str, is_person: Callable[[str], bool]) -> tuple[dict[str, str], Path] | None:
    """Read ``/send [#room|NICK] PATH``: what the server is asked, and the file; nothing where a line is anything else.

    What is left out is the room in view.  ``/send`` without a path is the server's to answer: it says how to send
    from a shell.  Raises Refused where there is no such file.
    """
    name, _, rest = typed.partition(" ")
    rest = rest.strip()
    if name.lower() not in ("/send", "/upload") or not rest:
        return None
    room = view
    if rest.startswith("#") and not _is_file(rest):
        room, _, rest = rest.partition(" ")
        if not rest:
            return None
    if _is_file(rest):
        return {"op": "send", "room": room}, _path(rest)
    nick, _, rest_of_it = rest.partition(" ")
    if is_person(nick):
        if not rest_of_it:
            return None
        if _is_file(rest_of_it):
            return {"op": "send", "nick": nick}, _path(rest_of_it)
        rest = rest_of_it
    raise Refused("no-such-file", f"There is no file {clean(rest)} on this machine. Type /send PATH.")


class Sending:
    """The file that is on its way; one at a time.

    ``note`` tells the person something, ``changed`` says that `state` is another.
    """

    def __init__(
        self,
        endpoint: IStreamClientEndpoint,
        diagnose: Callable[[BaseException], Ending],
        note: Callable[[str], object],
        changed: Callable[[], object],
    ) -> None:
        self._endpoint = endpoint
        self._diagnose = diagnose
        self._note = note
        self._changed = changed
        self._path: Path | None = None
        self._put: _Put | None = None
        self._state = ""

    @property
    def state(self) -> str:
        """What is on its way, and how far: ``plan.pdf 42 %``; empty when nothing is."""
        return self._state

    def ask(self, op: dict[str, str], path: Path, typed: str) -> Asked:
        """Give the command that asks where a file goes.  Raises Refused while another one is on its way."""
        if self._path is not None:
            raise Refused("busy", f"{clean(self._path.name)} is on its way. Ctrl-C stops it.")
        self._path = path
        return Asked(op, typed, self._answered)

    def give_up(self) -> None:
        """Forget a file that the server was not asked for."""
        self._path = None

    def cancel(self) -> bool:
        """Stop sending; False when nothing was on its way."""
        if self._put is None:
            return False
        self._put.stop()
        self._end(f"{self._name} was not sent: you stopped it.")
        return True

    @property
    def _name(self) -> str:
        return clean(self._path.name) if self._path is not None else ""

    def _answered(self, heard: Heard) -> bool:
        """Begin, if the server says where; says whether a person need not see the answer."""
        if not isinstance(heard, Upload):
            self._path = None
            return False
        assert self._path is not None
        try:
            content = self._path.open("rb")
            size = self._path.stat().st_size
        except OSError as error:
            self._end(f"{self._name} cannot be read ({error.strerror}).")
            return True
        if heard.most and size > heard.most:
            content.close()
            self._end(f"{self._name} is too large: a file has at most {shown(heard.most)} here.")
            return True
        put = self._put = _Put(heard.path + quote(self._path.name, safe=""), content, size, self._moved, self._over)
        self._moved(0, size)
        self._endpoint.connect(_Once(put)).addErrback(lambda why: put.fail(why))
        return True

    def _moved(self, done: int, size: int) -> None:
        state = f"{self._name} {done * 100 // size if size else 100} %"
        if state != self._state:
            self._state = state
            self._changed()

    def _over(self, status: int, text: str, why: Failure | None) -> None:
        if status == 201:
            self._end("")  # those whom it is for hear of it, and so do we
        elif status:
            self._end(f"{self._name} was not sent: {clean(text) or status}")
        else:
            because = self._diagnose(why.value) if why is not None and why.value is not None else "the line dropped"
            self._end(f"{self._name} was not sent: {because}")

    def _end(self, text: str) -> None:
        self._path, self._put, self._state = None, None, ""
        if text:
            self._note(text)
        self._changed()


@implementer(IPullProducer)
class _Put(Protocol):
    """One upload over HTTP: waits until it may go on, sends the file as fast as it is taken, hears the answer."""

    transport: Any  # TCP, TLS or a Unix socket: Twisted's types end here

    def __init__(
        self,
        path: str,
        content: BinaryIO,
        size: int,
        moved: Callable[[int, int], object],
        over: Callable[[int, str, Failure | None], object],
    ) -> None:
        self._target = path
        self._content = content
        self._size = size
        self._moved = moved
        self._over: Callable[[int, str, Failure | None], object] | None = over
        self._done = 0
        self._answer = b""
        self._sending = False

    def connectionMade(self) -> None:
        """Ask whether it may come, if that was not stopped meanwhile."""
        if self._over is None:
            self.transport.abortConnection()
            return
        head = (
            f"PUT {self._target} HTTP/1.1\r\nHost: lanchat\r\nContent-Length: {self._size}\r\n"
            "Expect: 100-continue\r\nConnection: close\r\n\r\n"
        )
        self.transport.write(head.encode())

    def dataReceived(self, data: bytes) -> None:
        """Go on when the server says so; anything else is its answer."""
        self._answer = (self._answer + data)[:_LONGEST]
        if self._answer.startswith(b"HTTP/1.1 100 ") and b"\r\n\r\n" in self._answer:
            self._answer = self._answer.partition(b"\r\n\r\n")[2]
            self._sending = True
            self.transport.registerProducer(self, False)
        head, end, body = self._answer.partition(b"\r\n\r\n")
        if end and len(body) >= _length(head):
            self._finish(int(head.split(b" ")[1]), body.decode("utf-8", "replace").strip(), None)

    def resumeProducing(self) -> None:
        """Send the next piece."""
        piece = self._content.read(min(_STEP, self._size - self._done))
        self._done += len(piece)
        self._moved(self._done, self._size)
        if piece:
            self.transport.write(piece)
        elif self._done < self._size:
            self.transport.abortConnection()  # it has become shorter: what was promised will not come
        if self._done == self._size or not piece:
            self._rest()

    def stopProducing(self) -> None:
        """Hear that nothing is taken any more."""
        self._sending = False

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Hear that there will be no answer."""
        del reason
        self._finish(0, "", None)

    def fail(self, why: Failure) -> None:
        """Hear that there is no connection."""
        self._finish(0, "", why)

    def stop(self) -> None:
        """End it in the middle."""
        self._over = None
        self._finish(0, "", None)

    def _rest(self) -> None:
        if self._sending:
            self._sending = False
            self.transport.unregisterProducer()

    def _finish(self, status: int, text: str, why: Failure | None) -> None:
        over, self._over = self._over, None
        self._content.close()
        if self.transport is not None:
            self._rest()
            self.transport.abortConnection()
        if over is not None:
            over(status, text, why)


class _Once(Factory):
    """Builds the one protocol that there is."""

    noisy = False

    def __init__(self, put: _Put) -> None:
        self._put = put

    def buildProtocol(self, addr: object) -> _Put:
        del addr
        return self._put


def _length(head: bytes) -> int:
    """Give how long an answer is; 0 where it does not say."""
    for line in head.lower().split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name == b"content-length" and value.strip().isdigit():
            return int(value)
    return 0


def _path(written: str) -> Path:
    """Give a path as people type it, or drop it into a terminal: with ~, or in quotes."""
    for quotes in "'\"":
        if len(written) > 1 and written[0] == written[-1] == quotes:
            written = written[1:-1]
    return Path(written).expanduser()


def _is_file(written: str) -> bool:
    with suppress(OSError, ValueError, RuntimeError):  # too long, with a NUL, of somebody who has no home
        return _path(written).is_file()
    return False
