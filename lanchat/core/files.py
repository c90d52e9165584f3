"""Files as the core knows them: what is said of one, who may take it back, and the seam behind which they are kept.

It reads no file: a store (lanchat/stores/files.py) has them, and a door takes and gives them over HTTP.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import BinaryIO, Protocol
from urllib.parse import quote

import msgspec

from lanchat.core.clean import clean
from lanchat.core.errors import Refused
from lanchat.core.limits import network_of
from lanchat.core.names import fold

NAME = 200
"""Bytes of a file's name, in UTF-8."""
_LINK = 120
"""Characters of a name in a link: it has to fit a line of IRC in one piece."""
HEAD = 512
"""Bytes at the beginning of a file by which its kind is found."""
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"})
"""The kinds that a browser may show: pictures in which nothing can be run."""
UNKNOWN = "application/octet-stream"
TEXT = "text/plain; charset=utf-8"
OFF = "This server keeps no files: whoever runs it has to start it with a folder for them (--data DIR)."


class File(msgspec.Struct, frozen=True, kw_only=True):
    """One file that was uploaded."""

    id: str
    """Nobody can guess it: who knows it may have the file."""
    name: str
    size: int
    kind: str
    """Its media type, as its first bytes have it."""
    time: str
    until: str
    """When it is dropped; empty: never."""
    nick: str = ""
    """Who sent it; empty for somebody who was not in the chat."""
    address: str = ""
    """From where it came."""
    room: str = ""
    """The room that it was sent to."""
    to: str = ""
    """Whom alone it was sent to."""
    account: str = ""
    """The account of who sent it; empty for a guest."""

    @property
    def owner(self) -> str:
        """What it is counted under: the account, wherever that was, or else the address."""
        return f"account {fold(self.account)}" if self.account else owner_of(self.address)

    def is_of(self, nick: str, address: str, account: str = "", since: str = "") -> bool:
        """Say whether somebody sent it: a nick proves nothing, so the address has to be the same too.

        What an account sent is the account's (that was made ``since`` then: another one may have the name by now).
        """
        if self.account:
            return fold(account) == fold(self.account) and since <= self.time
        return owner_of(address) == owner_of(self.address) and (not self.nick or fold(nick) == fold(self.nick))


def owner_of(address: str) -> str:
    """Give what files of an address are counted under: IPv6 hosts have a /64 each."""
    return network_of(address) or address


class Coming(Protocol):
    """A file that is being uploaded: `write` what comes, then `finish`, or `cancel`."""

    file: File
    """What is known of it so far."""
    wake: Callable[[], object]
    """Called when more may come after `full`."""
    failed: Callable[[Refused], object]
    """Called, at most once, with why it cannot go on."""

    @property
    def full(self) -> bool:
        """Whether nothing more should come until ``wake``."""
        ...

    def write(self, data: bytes, /) -> None:
        """Take more bytes.  Raises Refused where they are too many: then it is cancelled."""
        ...

    def finish(self, then: Callable[[File | Refused], object], /) -> None:
        """Let the file be there, and call ``then`` with it, or with why it is not."""
        ...

    def cancel(self) -> None:
        """Let it not have been.  Harmless when repeated; one that is to be finished is not cancelled any more."""
        ...


class Files(Protocol):
    """Where files are kept."""

    @property
    def off(self) -> str:
        """Why nothing can be uploaded, in a sentence; empty when it can."""
        ...

    def find(self, key: str, /) -> File | None:
        """Give what is known of a file that is there."""
        ...

    def listed(self) -> Iterable[File]:
        """Give all that are there, the oldest first."""
        ...

    def remove(self, key: str, /) -> None:
        """Drop a file that is there."""
        ...

    def read(self, file: File, /) -> BinaryIO:
        """Open a file.  Raises OSError."""
        ...

    def begin(
        self,
        name: str,
        size: int | None,
        *,
        nick: str = "",
        address: str = "",
        room: str = "",
        to: str = "",
        account: str = "",
    ) -> Coming:
        """Begin an upload of so many bytes; None where nobody knows how many.

        Raises Refused ``no-files``, ``too-large``, ``too-many-files``, ``too-many-uploads`` or ``disk-full``.
        """
        ...


class NoFiles:
    """Keeps none."""

    off = OFF

    def find(self, key: str) -> File | None:
        """Find nothing."""
        del key
        return None

    def listed(self) -> Iterable[File]:
        """List nothing."""
        return ()

    def remove(self, key: str) -> None:
        """Have nothing to drop."""

    def read(self, file: File) -> BinaryIO:
        """Have nothing to read."""
        raise FileNotFoundError(file.name)

    def begin(
        self,
        name: str,
        size: int | None,
        *,
        nick: str = "",
        address: str = "",
        room: str = "",
        to: str = "",
        account: str = "",
    ) -> Coming:
        """Refuse."""
        del name, size, nick, address, room, to, account
        raise Refused("no-files", OFF)


def path_of(key: str, name: str) -> str:
    """Give where a file is found on this server: ``files/ID/plan.pdf``.

    The name stands there for people, and for what they save: one that would make a long link is left out but for its
    ending.
    """
    quoted = quote(name, safe="")
    if len(quoted) > _LINK:
        _, dot, ending = quoted.rpartition(".")
        quoted = f"file{dot}{ending}" if dot and len(ending) < _LINK // 2 else "file"
    return f"files/{key}/{quoted}"


def file_name(written: str) -> str:
    """Make a name that can be shown of one that somebody gave: no path, nothing that steers a terminal."""
    name = clean(written).replace("\\", "/").rpartition("/")[2]
    name = "".join([each for each in name if each.isprintable()]).strip(" .") or "file"
    if len(name.encode()) <= NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending.encode()) > 20:
        stem, dot, ending = name, "", ""
    most = NAME - len((dot + ending).encode())
    return stem.encode()[:most].decode(errors="ignore") + dot + ending


def kind_of(head: bytes) -> str:
    """Give the media type of a file by its first bytes (`HEAD`): the safe pictures, text, or unknown.

    What a browser could run (HTML, SVG) is text here, so it is never served as what it claims to be.
    """
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:12] in (b"ftypavif", b"ftypavis"):
        return "image/avif"
    return TEXT if _is_text(head) else UNKNOWN


_STARTS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)


def _is_text(head: bytes) -> bool:
    try:
        text = head.decode()
    except UnicodeDecodeError as error:
        if error.reason != "unexpected end of data":
            return False
        text = head[: error.start].decode()  # a character was cut in two
    return bool(text) and all(each.isprintable() or each in "\t\n\r\f" for each in text)
