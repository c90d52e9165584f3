"""A file that is coming in: written on the worker's thread, with a bound to what waits for the disk."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from lanchat.core.errors import Refused
from lanchat.core.files import HEAD, File, kind_of
from lanchat.stores.faults import cause
from lanchat.stores.workers import Worker

if TYPE_CHECKING:
    from lanchat.stores.files import FileStore

CONTENT, ABOUT = "content", "about.json"
PART = ".part"
_AHEAD = 8 << 20
"""Bytes that are written at once when the system is asked to put them on the disk."""
_FULL = 1 << 19
"""Bytes that may wait for the disk before whoever sends them has to stop for a while."""


class Incoming:
    """One upload: `write` what comes, then `finish`, or `cancel`.

    ``wake`` is called when more may be written after `full`; ``failed``, once, with why it cannot go on.
    """

    def __init__(self, store: FileStore, worker: Worker, directory: Path, file: File) -> None:
        self.file = file
        self.written = 0
        """Bytes that came so far."""
        self.reserved = 0
        """Bytes that it will have, as far as that is known."""
        self.wake: Callable[[], object] = _nobody
        self.failed: Callable[[Refused], object] = _nobody
        self._store = store
        self._worker = worker
        self._path = directory / f"{file.id}{PART}"
        self._final = directory / file.id
        self._head = b""
        self._waiting: list[bytes] = []
        self._size = 0
        """Bytes that wait."""
        self._busy = False
        self._was_full = False
        self._over = False
        self._then: Callable[[File | Refused], object] | None = None
        self._descriptor = -1
        self._unsynced = 0
        """Bytes that were written since the system was asked to begin; as the descriptor, the thread's alone."""

    @property
    def full(self) -> bool:
        """Whether nothing more should come until ``wake``."""
        self._was_full = self._was_full or self._size >= _FULL
        return self._was_full

    def write(self, data: bytes) -> None:
        """Take more bytes.  Raises Refused where they are too many: then it is cancelled."""
        if self._over:
            return
        size = self.written + len(data)
        try:
            if size > self.reserved:
                self._store.check(self, size)
                self.reserved = size
        except Refused:
            self.cancel()
            raise
        self.written = size
        if len(self._head) < HEAD:
            self._head += data[: HEAD - len(self._head)]
        self._waiting.append(data)
        self._size += len(data)
        self._go_on()

    def finish(self, then: Callable[[File | Refused], object]) -> None:
        """Let the file be there, and call ``then`` with it, or with why it is not."""
        if not self._over:
            self._then = then
            self._go_on()

    def cancel(self) -> None:
        """Let it not have been.  Harmless when repeated; one that is to be finished is not cancelled any more."""
        if not self._over and self._then is None:
            self._end(None)
            self._worker.do(self._discard, _nobody)

    # -- on the reactor's thread ---------------------------------------------------------------------------------

    def _go_on(self) -> None:
        if self._busy:
            return
        if self._waiting:
            chunks, self._waiting, self._size = self._waiting, [], 0
            self._busy = True
            self._worker.do(lambda: self._put(chunks), self._done)
        elif self._then is not None:
            file = replace(self.file, size=self.written, kind=kind_of(self._head))
            self._busy = True
            self._worker.do(lambda: self._publish(file), self._there)

    def _done(self, answer: Exception | None) -> None:
        self._busy = False
        if self._over:
            return
        if answer is not None:
            self._fail(answer)
            return
        self._go_on()
        if self._was_full and self._size < _FULL:
            self._was_full = False
            self.wake()

    def _there(self, answer: File | Exception) -> None:
        if isinstance(answer, Exception):
            self._fail(answer)
            return
        self._end(answer)
        assert self._then is not None
        self._then(answer)

    def _fail(self, error: Exception) -> None:
        self._end(None)
        self._worker.do(self._discard, _nobody)
        why = cause(error) if isinstance(error, OSError) else str(error)
        refused = Refused("disk-full", f"The file cannot be kept ({why}). Whoever runs the server has to see to that.")
        (self._then or self.failed)(refused)

    def _end(self, file: File | None) -> None:
        self._over = True
        self._waiting.clear()
        self._store.ended(self, file)

    # -- on the worker's thread ----------------------------------------------------------------------------------

    def _open(self) -> None:
        if self._descriptor < 0:
            self._path.mkdir(mode=0o700)
            self._descriptor = os.open(self._path / CONTENT, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)

    def _put(self, chunks: list[bytes]) -> None:
        self._open()
        rest = memoryview(b"".join(chunks))
        while rest:
            count = os.write(self._descriptor, rest)
            self._unsynced += count
            rest = rest[count:]
        if self._unsynced >= _AHEAD:
            self._push()

    def _push(self) -> None:
        """Let the system begin to write, without waiting for it: else all of it would wait for the end.

        Linux begins to write what is dirty when it is told that nobody needs it (``man 2 posix_fadvise``).
        """
        self._unsynced = 0
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(self._descriptor, 0, 0, os.POSIX_FADV_DONTNEED)

    def _publish(self, file: File) -> File:
        self._open()
        os.fsync(self._descriptor)
        self._close()
        with (self._path / ABOUT).open("xb") as about:
            about.write(msgspec.json.encode(file))
            about.flush()
            os.fsync(about.fileno())
        sync(self._path)
        self._path.rename(self._final)
        sync(self._final.parent)
        return file

    def _discard(self) -> None:
        self._close()
        shutil.rmtree(self._path, ignore_errors=True)  # what is left is removed at the next start

    def _close(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def sync(directory: Path) -> None:
    """Let a folder's own entries be on the disk."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _nobody(*_: object) -> None:
    """Do nothing."""
