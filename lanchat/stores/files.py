"""Files on disk: what was uploaded, in a folder for each; whole or not there at all.

A file is ``ID/content`` with ``ID/about.json`` beside it.  While it is coming in, and while it is being dropped, its
folder is called ``ID.part``: both appear and go with one rename, so a server that is killed leaves no half file, and
what it left is removed when the next one begins.  The disk is touched on the worker's thread alone.
"""

from __future__ import annotations

import secrets
import shutil
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO, NamedTuple

import msgspec

from lanchat.core.errors import Refused
from lanchat.core.files import File, file_name
from lanchat.core.limits import Limits
from lanchat.core.sizes import shown
from lanchat.core.times import Stamper
from lanchat.stores.faults import JournalError, cause
from lanchat.stores.incoming import ABOUT, CONTENT, PART, Incoming, sync
from lanchat.stores.workers import Worker

AT_ONCE = 64
"""Uploads that are under way at once."""
AT_ONCE_EACH = 4
"""Uploads of one account, or from one address, that are under way at once."""
MOST = 20_000
"""Files in all: each has its place in memory."""
MOST_EACH = 1_000
"""Files of one account, or of one address."""
_SPARE = 200_000_000
"""Bytes that are left free on the disk; on a small disk, a twentieth of it."""


class Space(NamedTuple):
    """How much fits on a disk, and how much more does."""

    total: int
    free: int


class FileStore:
    """The files in one folder.  ``now`` gives seconds since the epoch; ``space`` looks how full the disk is."""

    off = ""

    def __init__(
        self,
        directory: Path,
        worker: Worker,
        limits: Limits,
        now: Callable[[], float],
        space: Callable[[Path], Space] | None = None,
    ) -> None:
        self._directory = directory
        self._worker = worker
        self._limits = limits
        self._now = now
        self._look = space or _space
        self._stamper = Stamper()
        self._files: dict[str, File] = {}
        self._bytes: Counter[str] = Counter()
        self._counts: Counter[str] = Counter()
        """What there is of each account or address, in bytes and files."""
        self._coming: set[Incoming] = set()
        self._space = Space(0, 0)

    def open(self) -> None:
        """Find what is there, and remove what was left half; only before the reactor runs.  Raises JournalError."""
        try:
            self._worker.wait(self._read)
        except OSError as error:
            raise JournalError(
                f"{cause(error)}: {self._directory}. See to it that files can be kept there."
            ) from error

    def find(self, key: str) -> File | None:
        """Give what is known of a file that is there."""
        file = self._files.get(key)
        return file if file is not None and not self._is_over(file) else None

    def listed(self) -> Iterable[File]:
        """Give all that are there, the oldest first."""
        return [file for file in self._files.values() if not self._is_over(file)]

    def read(self, file: File) -> BinaryIO:
        """Open a file.  Raises OSError."""
        return (self._directory / file.id / CONTENT).open("rb", buffering=0)

    def remove(self, key: str) -> None:
        """Drop a file that is there; who is reading it reads on."""
        self._count(self._files.pop(key), -1)
        self._worker.do(lambda: self._drop(key), self._take_space)

    def prune(self) -> None:
        """Drop what is older than it may be, and see how full the disk is."""
        for file in [file for file in self._files.values() if self._is_over(file)]:
            self.remove(file.id)
        self._worker.do(lambda: self._look(self._directory), self._take_space)

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
    ) -> Incoming:
        """Begin an upload of so many bytes; None where nobody knows how many.

        Raises Refused ``too-large``, ``too-many-files``, ``too-many-uploads``, ``disk-full``.
        """
        now = self._now()
        keep = self._limits.upload_keep
        file = File(
            id=secrets.token_urlsafe(16),
            name=file_name(name),
            size=0,
            kind="",
            time=self._stamper.stamp(now),
            until=self._stamper.stamp(now + keep) if keep else "",
            nick=nick,
            address=address,
            room=room,
            to=to,
            account=account,
        )
        if len(self._coming) >= AT_ONCE or self._under_way()[file.owner] >= AT_ONCE_EACH:
            raise Refused("too-many-uploads", "Too many files are on their way already. Try again when one is there.")
        if self._counts[file.owner] >= MOST_EACH or len(self._files) >= MOST:
            raise Refused("too-many-files", "There are too many files already. /unshare those that nobody needs.")
        coming = Incoming(self, self._worker, self._directory, file)
        self.check(coming, size or 0)
        coming.reserved = size or 0
        self._coming.add(coming)
        return coming

    def check(self, coming: Incoming, size: int) -> None:
        """See whether an upload may be so many bytes.  Raises Refused ``too-large`` or ``disk-full``."""
        limits, name, owner = self._limits, coming.file.name, coming.file.owner
        if limits.upload and size > limits.upload:
            raise Refused("too-large", f"{name} is too large: a file has at most {shown(limits.upload)} here.")
        others = [other for other in self._coming if other is not coming]
        kept = self._bytes[owner] + sum(other.reserved for other in others if other.file.owner == owner)
        if limits.upload_member and kept + size > limits.upload_member:
            most = shown(limits.upload_member)
            raise Refused("too-large", f"Your files have at most {most} together. /unshare those that nobody needs.")
        total = self._bytes.total() + sum(other.reserved for other in others)
        if limits.upload_total and total + size > limits.upload_total:
            raise Refused("disk-full", "There is no more space for files. /unshare those that nobody needs.")
        unwritten = sum(other.reserved - other.written for other in others)
        if self._space.free - unwritten - (size - coming.written) < min(_SPARE, self._space.total // 20):
            raise Refused("disk-full", "The disk of the server is full. Whoever runs it has to make space.")

    def ended(self, coming: Incoming, file: File | None) -> None:
        """Take in how an upload ended: with a file that is there, or without."""
        self._coming.discard(coming)
        if file is not None:
            self._files[file.id] = file
            self._count(file, 1)
        self._worker.do(lambda: self._look(self._directory), self._take_space)

    def close(self) -> None:
        """End: what is on its way is cut off."""
        for coming in list(self._coming):
            coming.cancel()
        self._worker.stop()

    def _is_over(self, file: File) -> bool:
        return bool(file.until) and file.until <= self._stamper.stamp(self._now())

    def _count(self, file: File, sign: int) -> None:
        owner = file.owner
        for counter, by in ((self._bytes, file.size), (self._counts, 1)):
            counter[owner] += sign * by
            if not counter[owner]:
                del counter[owner]

    def _under_way(self) -> Counter[str]:
        return Counter(coming.file.owner for coming in self._coming)

    def _take_space(self, answer: Space | Exception) -> None:
        if not isinstance(answer, Exception):  # else the next one tells
            self._space = answer

    # -- on the worker's thread ----------------------------------------------------------------------------------

    def _read(self) -> None:
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        found: list[File] = []
        for path in self._directory.iterdir():
            if path.name.endswith(PART):
                shutil.rmtree(path)
                continue
            try:
                found.append(msgspec.json.decode((path / ABOUT).read_bytes(), type=File))
            except (OSError, msgspec.DecodeError):
                continue  # it is none of ours, so it is nobody's to drop
        for file in sorted(found, key=lambda file: file.time):
            self._files[file.id] = file
            self._count(file, 1)
        self._space = self._look(self._directory)

    def _drop(self, key: str) -> Space:
        gone = self._directory / f"{key}{PART}"
        (self._directory / key).rename(gone)
        sync(self._directory)
        shutil.rmtree(gone)
        return self._look(self._directory)


def _space(directory: Path) -> Space:
    usage = shutil.disk_usage(directory)
    return Space(usage.total, usage.free)
