"""The files of the page, from memory: found by their names alone, so no path leads anywhere else.

Read once.  Each is there compressed too, and with a validator, so that a browser that has it asks and gets no body.
Our own scripts and styles are given without comments and indentation: those are for whoever reads them here.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Iterator
from http import HTTPStatus
from importlib.resources import files
from importlib.resources.abc import Traversable

from lanchat.doors.web.exchange import Exchange, Resource
from lanchat.doors.web.headers import tokens

_KINDS = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "webmanifest": "application/manifest+json",
    "svg": "image/svg+xml",
    "txt": "text/plain; charset=utf-8",
    "png": "image/png",
    "ico": "image/x-icon",
    "woff2": "font/woff2",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "wav": "audio/wav",
}
"""Media types, by the ending of the name; of others there are none among the files."""
_GAIN = 0.9
"""A file is compressed if no more than this is left of it."""


_ASIDE = re.compile(r"^(?:\s+|/\*(?:(?!\*/).)*\*/[ \t]*$|//[^\n]*$)+", re.MULTILINE | re.DOTALL)
"""At the beginning of a line: a comment that fills it, or indentation; and empty lines."""

_BEHIND = re.compile(r"(?<=[;{},]) // [^\n\"'`]*$", re.MULTILINE)
"""A comment behind code."""
_PLAIN = re.compile(r"^[^\"'`/\n]+$", re.MULTILINE)
"""A line of a script in which no string, no template and no regular expression begins or ends."""
_BLANKS = re.compile(r" ?([=<>!&|?:,;{}()*]+) ?")
"""A sign that needs no blanks around it; plus and minus do, where one follows the other."""
_BREAKS = re.compile(r"(?<=[;,{(\[])\n")
"""The end of a line that does not end a statement, or behind what ends one."""
_SPACES = re.compile(r"\s*;?\s*(})\s*|\s*([{;,])\s*|(?<=:)\s+")
"""In a style: what parts nothing."""


class StaticFile(Resource):
    """A file that does not change while the server runs."""

    def __init__(self, name: str, content: bytes) -> None:
        self._kind = _KINDS[name.rpartition(".")[2]]
        self._content = content
        self._tag = hashlib.sha256(content).hexdigest()[:24]
        smaller = gzip.compress(content, mtime=0)
        self._compressed = smaller if len(smaller) < len(content) * _GAIN else b""

    def render(self, exchange: Exchange) -> None:
        """Give it, or say that it is the one that the browser has."""
        body, tag = self._content, f'"{self._tag}"'
        fields = {"Cache_Control": "no-cache", "Vary": "Accept-Encoding"}
        if self._compressed and takes_gzip(exchange.field("accept-encoding")):
            body, tag = self._compressed, f'"{self._tag}-gzip"'
            fields["Content_Encoding"] = "gzip"
        fields["ETag"] = tag
        if tokens([exchange.field("if-none-match")]) & {tag, f"w/{tag}", "*"}:
            exchange.begin(HTTPStatus.NOT_MODIFIED, **fields)
            exchange.finish()
        else:
            exchange.answer(HTTPStatus.OK, self._kind, body, **fields)


def takes_gzip(accepted: str) -> bool:
    """Say whether a browser takes what is compressed (RFC 9110, section 12.5.3)."""
    for choice in tokens([accepted]):
        coding, _, weight = choice.partition(";")
        if coding.strip() in ("gzip", "*"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def page_files(folder: Traversable | None = None) -> dict[bytes, Resource]:
    """Give the files of the page by their paths: ``/`` is index.html, and ``/join`` is join.html."""
    found: dict[bytes, Resource] = {}
    for name, content in _read(folder or files("lanchat.doors.web") / "page"):
        path = {"index.html": ""}.get(name, name.removesuffix(".html"))
        found[f"/{path}".encode()] = StaticFile(name, lean(name, content))
    return found


def lean(name: str, content: bytes) -> bytes:
    """Leave out of a file what no browser needs.

    It goes by lines, and so takes the spaces before a line of a template literal too: no text of ours has any there,
    and none of it is a line without a tag or a quotation mark.
    What others have written is given as it is, with its licence.
    """
    if name.startswith("vendor/") or not name.endswith((".js", ".css")):
        return content
    text = _ASIDE.sub("", content.decode())
    if name.endswith(".js"):
        bare = _PLAIN.sub(lambda line: _BLANKS.sub(r"\1", line[0]), _BEHIND.sub("", text))
        return _BREAKS.sub("", bare).encode()
    return _SPACES.sub(lambda found: found[1] or found[2] or "", text).encode()


def _read(folder: Traversable, before: str = "") -> Iterator[tuple[str, bytes]]:
    """Go through the files of a folder and those below it, with their names."""
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _read(entry, f"{before}{entry.name}/")
        elif entry.name.rpartition(".")[2] in _KINDS:
            yield before + entry.name, entry.read_bytes()
