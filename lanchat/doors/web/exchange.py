"""One request and its answer.

What is asked for is found as soon as the head is there, before anything of a body is read: a resource says whether it
takes one, and where it goes.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from twisted.logger import Logger
from twisted.python.failure import Failure
from twisted.web.http import Request, datetimeToString

from lanchat.doors.web.headers import guarding, is_host
from lanchat.doors.web.problem import Problem

if TYPE_CHECKING:
    from lanchat.doors.web.door import WebDoor
    from lanchat.doors.web.files import Upload

_LOGGED = 120
"""Letters of a path that are logged."""
_READING = (b"GET", b"HEAD")


class Sink(Protocol):
    """Where a body goes, piece by piece."""

    def write(self, data: bytes, /) -> None:
        """Take a piece.  May raise Problem: the answer, and the end of the connection."""
        ...

    def lost(self) -> None:
        """Hear that the rest will not come, in place of the resource's `render`."""
        ...


class Resource:
    """Something that can be asked for.  One object answers everybody."""

    methods: tuple[bytes, ...] = (b"GET", b"HEAD")

    def takes(self, exchange: Exchange, length: int | None) -> Sink | None:
        """Say where the body goes, of so many bytes (None: that is not known); None: no body is taken.

        It is asked before the body comes, and may raise Problem.
        """
        del exchange, length
        return None

    def render(self, exchange: Exchange) -> None:
        """Answer, now or later.  May raise Problem as long as nothing is written."""
        raise NotImplementedError


class Exchange(Request):
    """One request, and the way in which it is answered."""

    log = Logger()
    channel: WebDoor
    resource: Resource
    sink: Sink | None = None
    upload: Upload | None = None
    """The file that its body is."""
    where = ""
    """Whom the browser asked: ``name:port``; empty where it did not say."""
    problem: Problem | None = None
    """Why this is not answered as it was asked."""
    _whole = False
    _pieces: list[bytes]
    """What has come of the body and was not passed on."""

    # -- for resources -----------------------------------------------------------------------------------------

    def field(self, name: str) -> str:
        """Give a field of the head, its last line; empty if there is none."""
        return (self.all_of(name) or [""])[-1]

    def all_of(self, name: str) -> list[str]:
        """Give every line of a field of the head: it has bytes, and they need not be UTF-8 (RFC 9110, section 5.5)."""
        return [line.decode("latin-1") for line in self.requestHeaders.getRawHeaders(name.encode(), [])]

    def begin(self, status: HTTPStatus, **fields: str) -> None:
        """Set up the head of the answer: ``begin(HTTPStatus.OK, Content_Type="text/plain")``."""
        self.setResponseCode(status.value, status.phrase.encode())
        for name, value in fields.items():
            self.setHeader(name.replace("_", "-"), value)

    def answer(self, status: HTTPStatus, kind: str, body: bytes, **fields: str) -> None:
        """Give the whole answer; ``kind`` is its media type."""
        self.begin(status, **{"Content_Type": kind, "Content_Length": str(len(body)), **fields})
        self.write(body)
        self.finish()

    # -- the request -------------------------------------------------------------------------------------------

    def headed(self, asked: list[bytes], length: int | None) -> None:
        """Find out, of the head, what is asked for.  Raises Problem."""
        self.method, self.uri, self.clientproto = asked
        self._pieces = []
        self.setHeader("Date", datetimeToString(self.channel.front.factory.clock.seconds()))
        target = self.uri
        hosts = self.all_of("host")
        if not target.startswith(b"/") and b"://" in target:  # absolute: it says the host itself (RFC 9112, 3.2.2)
            try:
                split = urlsplit(target)
            except ValueError:  # half an IPv6 address
                raise Problem(HTTPStatus.BAD_REQUEST, "That is no address. Ask for a path: GET /") from None
            target, hosts = split.path or b"/", [split.netloc.decode("latin-1")]
        self.path = target.partition(b"?")[0]
        if len(hosts) > 1 or (not hosts and self.clientproto == b"HTTP/1.1") or not all(map(is_host, hosts)):
            raise Problem(HTTPStatus.BAD_REQUEST, "A request names the host that it asks, once: Host: name:port")
        self.where = hosts[0] if hosts else ""
        for name, value in guarding(self.where):
            self.setHeader(name, value)
        self.resource = self.channel.find(self.path)
        methods = self.resource.methods
        if self.method not in methods:
            allow = b", ".join(methods).decode()
            raise Problem(HTTPStatus.METHOD_NOT_ALLOWED, f"What can be asked for here: {allow}.", Allow=allow)
        self.sink = self.resource.takes(self, length)
        if length != 0 and self.sink is None:
            raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Nothing can be sent to this address.")

    def handleContentChunk(self, data: bytes) -> None:
        """Take a piece of the body."""
        self._pieces.append(data)

    def flush(self) -> int:
        """Pass on what has come of the body, at once, and say in how many pieces: they may be a byte each."""
        pieces, self._pieces = self._pieces, []
        if not pieces or self._disconnected:  # it was refused, with more of it at hand
            return 0
        assert self.sink is not None
        data = b"".join(pieces)
        self.channel.received += len(data)
        try:
            self.sink.write(data)
        except Problem as problem:
            self.channel.refuse(problem)
        return len(pieces)

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:
        """Answer: everything has come."""
        del command, path, version
        self.flush()
        if self._disconnected:  # it was refused
            return
        self.channel.answering()
        self._whole = True
        try:
            if self.problem is not None:
                raise self.problem
            self.resource.render(self)
        except Problem as problem:
            self._say(problem)
        except Exception:
            self.log.failure("A request for {path} failed", path=self.logged_path)
            if self.startedWriting:
                self.channel.front.pipe.abort()  # half an answer must not look like a whole one
            else:
                self._say(Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "An error in the server: please try again."))

    def finish(self) -> None:
        """End the answer, if somebody still waits for it, and note it; the forty parts of a page are not worth it."""
        if not self._disconnected:
            if self.code >= HTTPStatus.BAD_REQUEST or self.method not in _READING:
                self.note(self.code)
            super().finish()

    def note(self, status: int) -> None:
        """Log a request; what stands behind a question mark may be nobody's business."""
        self.log.info(
            "{address} {method} {path}: {status}",
            address=self.channel.front.address or "a local socket",
            method=_printable(self.method),
            path=self.logged_path,
            status=status,
        )

    @property
    def logged_path(self) -> str:
        """The path as the log has it: what stands in a folder may be the name or the key of somebody's file."""
        path = self.path or self.uri
        folder = path[: path.find(b"/", 1) + 1]
        return f"{_printable(folder)}…" if folder else _printable(path)

    def connectionLost(self, reason: Failure) -> None:
        """Let go: nobody waits for an answer any more."""
        if self.sink is not None and not self._whole:
            self.sink.lost()
        super().connectionLost(reason)

    def _say(self, problem: Problem) -> None:
        self.answer(problem.status, problem.kind, problem.page, Cache_Control="no-store", **problem.fields)


def _printable(words: bytes) -> str:
    """Give what a client said as a log can have it."""
    text = words.decode("latin-1").encode("unicode_escape").decode()
    return text if len(text) <= _LOGGED else f"{text[:_LOGGED]}…"
