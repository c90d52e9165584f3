"""Uploads and downloads.

``PUT /files/NAME`` keeps a file and answers with its link; ``PUT /files/TOKEN/NAME`` does it as somebody who is in the
chat and has asked for that address (`/send`), and tells those whom it is for.  The body goes to the disk as it comes,
held up where the disk is slower; a connection that ends leaves nothing.  ``GET /files/ID/NAME`` gives a file, or the
part that is asked for: whoever knows the id may have it.  What was uploaded is never run here: its kind is that of its
content, pictures in which nothing can be run are shown, and all else is for saving.
"""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import quote, unquote_to_bytes

from lanchat.core.clean import decode
from lanchat.core.errors import Refused
from lanchat.core.files import PICTURES, Coming, File, path_of
from lanchat.core.hub import Hub
from lanchat.core.sharing import Permit
from lanchat.doors.web.exchange import Exchange, Resource
from lanchat.doors.web.headers import is_same_origin, tokens
from lanchat.doors.web.problem import Problem
from lanchat.doors.web.ranges import part
from lanchat.doors.web.reading import Reading

_STATUS = {
    "too-large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "disk-full": HTTPStatus.INSUFFICIENT_STORAGE,
    "too-many-files": HTTPStatus.INSUFFICIENT_STORAGE,
    "too-many-uploads": HTTPStatus.SERVICE_UNAVAILABLE,
}
"""How codes of refusals are said in HTTP; any other is 403."""
_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"
"""For what others have uploaded: it runs nothing, loads nothing, and belongs to no site."""


class _Plain(Problem):
    """One sentence for programs: it is shown in a shell, or by the page."""

    kind = "text/plain; charset=utf-8"

    @property
    def page(self) -> bytes:
        return f"{self.sentence}\n".encode()


class Upload:
    """One body on its way to the disk: the sink of its exchange."""

    def __init__(self, exchange: Exchange, coming: Coming, permit: Permit | None) -> None:
        self.permit = permit
        self.coming = coming
        self._exchange = exchange
        self._hub = _hub_of(exchange)
        self._over = False
        coming.wake = self._wake
        coming.failed = self._failed

    def write(self, data: bytes) -> None:
        """Take a piece.  Raises Problem where that is too much."""
        try:
            self.coming.write(data)
        except Refused as refused:
            raise problem(refused) from None
        if self.coming.full:
            self._exchange.channel.pauseProducing()

    def lost(self) -> None:
        """Leave nothing of it: the rest will not come."""
        self._over = True
        self.coming.cancel()
        self._give_back()

    def finish(self) -> None:
        """Answer when the file is there."""
        self._exchange.notifyFinish().addErrback(self._gone)
        self.coming.finish(self._there)

    def _there(self, answer: File | Refused) -> None:
        try:
            if isinstance(answer, Refused):
                self._give_back()
                raise answer
            if self.permit is not None:
                self._tell(self.permit, answer)
        except Refused as refused:
            if not self._over:
                refusal = problem(refused)
                self._exchange.answer(refusal.status, refusal.kind, refusal.page)
            return
        if not self._over:
            secure = "s" if self._exchange.channel.front.secure else ""
            host = self._exchange.where
            url = f"http{secure}://{host}/{path_of(answer.id, answer.name)}" if host else self._hub.sharing.url(answer)
            self._exchange.answer(
                HTTPStatus.CREATED, _Plain.kind, f"{url}\n".encode(), Location=url, Cache_Control="no-store"
            )

    def _give_back(self) -> None:
        """Let it be tried again."""
        if self.permit is not None:
            self._hub.sharing.give_back(self.permit)

    def _tell(self, permit: Permit, file: File) -> None:
        """Tell those whom it is for, or let it not have been.  Raises Refused."""
        try:
            self._hub.sharing.tell(permit, file)
        except Refused:
            self._hub.files.remove(file.id)
            raise

    def _wake(self) -> None:
        if not self._over:
            self._exchange.channel.resumeProducing()

    def _failed(self, refused: Refused) -> None:
        self._exchange.channel.refuse(problem(refused))

    def _gone(self, why: object) -> None:
        del why
        self._over = True


class UploadedFiles(Resource):
    """Everything below /files/."""

    methods = (b"GET", b"HEAD", b"PUT")

    def takes(self, exchange: Exchange, length: int | None) -> Upload | None:
        """Let a file come in.  Raises Problem."""
        if exchange.method != b"PUT":
            return None
        origin = exchange.field("origin")
        if origin and not is_same_origin(origin, exchange.where, _hub_of(exchange).name):
            raise _Plain(HTTPStatus.FORBIDDEN, "Pages of other servers may send nothing to this one.")
        if exchange.field("content-range"):
            raise _Plain(HTTPStatus.BAD_REQUEST, "A file is sent as a whole. Leave Content-Range out.")
        if length == 0 and not exchange.field("content-length"):
            raise _Plain(
                HTTPStatus.LENGTH_REQUIRED, "Say how long the file is (Content-Length), or send it in chunks."
            )
        token, name = _words(exchange)
        hub, front = _hub_of(exchange), exchange.channel.front
        try:
            permit = hub.sharing.take(token) if token is not None else None
            try:
                coming = hub.files.begin(
                    name,
                    length,
                    nick=permit.session.nick if permit else "",
                    address=permit.session.address if permit else front.address,
                    room=permit.room if permit else "",
                    to=permit.nick if permit else "",
                    account=permit.account if permit else "",
                )
            except Refused:
                if permit is not None:
                    hub.sharing.give_back(permit)
                raise
        except Refused as refused:
            raise problem(refused) from None
        exchange.upload = Upload(exchange, coming, permit)
        return exchange.upload

    def render(self, exchange: Exchange) -> None:
        """Finish an upload, or give a file.  Raises Problem."""
        if exchange.upload is not None:
            exchange.upload.finish()
            return
        files = _hub_of(exchange).files
        key = exchange.path.split(b"/")[2].decode("ascii", "replace")
        file = files.find(key)
        if file is None:
            raise Problem(HTTPStatus.NOT_FOUND, "There is no such file (any more).")
        tag = f'"{file.id}"'
        fields = _described(file, tag)
        if tokens([exchange.field("if-none-match")]) & {tag.lower(), f"w/{tag}".lower(), "*"}:
            exchange.begin(HTTPStatus.NOT_MODIFIED, **fields)
            exchange.finish()
            return
        asked = exchange.field("range") if exchange.field("if-range") in ("", tag) else ""
        wanted = part(asked, file.size)
        start, end = wanted or (0, file.size)
        if wanted is not None:
            fields["Content_Range"] = f"bytes {start}-{end - 1}/{file.size}"
        status = HTTPStatus.OK if wanted is None else HTTPStatus.PARTIAL_CONTENT
        fields["Content_Length"] = str(end - start)
        if exchange.method == b"HEAD" or start == end:
            exchange.begin(status, **fields)
            exchange.finish()
            return
        try:
            content = files.read(file)
        except OSError:
            raise Problem(HTTPStatus.NOT_FOUND, "There is no such file (any more).") from None
        content.seek(start)
        exchange.begin(status, **fields)
        Reading(exchange, content, end - start, exchange.channel.front.factory.clock).start()


def problem(refused: Refused) -> Problem:
    """Say a refusal in HTTP."""
    status = _STATUS.get(refused.code, HTTPStatus.FORBIDDEN)
    fields = {"Retry_After": "30"} if status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    return _Plain(status, refused.text, **fields)


def _hub_of(exchange: Exchange) -> Hub:
    hub: Hub = exchange.channel.front.factory.hub
    return hub


def _words(exchange: Exchange) -> tuple[str | None, str]:
    """Give the token and the name of what is uploaded; without a token it is nobody's doing.  Raises Problem."""
    words = exchange.path.split(b"/")[2:]
    if len(words) > 2 or not words[-1]:
        raise _Plain(HTTPStatus.BAD_REQUEST, "Name the file in the address: curl -T plan.pdf http://HOST:5555/files/")
    token = words[0].decode("ascii", "replace") if len(words) == 2 else None
    return token, decode(unquote_to_bytes(words[-1]))


def _described(file: File, tag: str) -> dict[str, str]:
    """Give the head of an answer with a file."""
    shown = "inline" if file.kind in PICTURES else "attachment"
    ascii_name = "".join([each if each.isascii() and each not in '"\\%' else "_" for each in file.name])
    disposition = f"{shown}; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(file.name, safe='')}"
    return {
        "Content_Type": file.kind,
        "Content_Disposition": disposition,
        "Content_Security_Policy": _POLICY,
        "ETag": tag,
        "Accept_Ranges": "bytes",
        "Cache_Control": "private, no-cache",
    }
