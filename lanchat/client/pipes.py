"""Standard input and output when they are files or pipes: read and written on threads of their own.

An epoll reactor refuses regular files, and setting a terminal or a pipe to non-blocking would change it for
every program that shares it.  A thread may wait on anything.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from queue import SimpleQueue

Call = Callable[..., object]
"""Runs a function with its arguments on the reactor's thread (``reactor.callFromThread``)."""

_CHUNK = 65_536
FULL = 1 << 20
"""Bytes that may wait to be written before nothing more should come."""


class Source:
    """Reads a file descriptor, one chunk for each `ask`: ``got`` is called with it, and with b"" at its end."""

    def __init__(self, descriptor: int, call: Call, got: Callable[[bytes], object]) -> None:
        self._descriptor = descriptor
        self._call = call
        self._got = got
        self._asked = threading.Semaphore(0)
        self._thread: threading.Thread | None = None

    def ask(self) -> None:
        """Want one more chunk."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, daemon=True, name="stdin")
            self._thread.start()
        self._asked.release()

    def _run(self) -> None:
        data = b"-"
        while data:
            self._asked.acquire()
            try:
                data = os.read(self._descriptor, _CHUNK)
            except OSError:
                data = b""  # closed, or a terminal that is gone
            self._call(self._got, data)


class Sink:
    """Writes a file descriptor.  ``room`` is called when there is room again, ``broken`` when nobody reads."""

    def __init__(
        self, descriptor: int, call: Call, room: Callable[[], object], broken: Callable[[OSError], object]
    ) -> None:
        self.waiting = 0
        """Bytes that are not written yet."""
        self._descriptor = descriptor
        self._call = call
        self._room = room
        self._broken = broken
        self._failed = False
        self._queue: SimpleQueue[bytes | None] = SimpleQueue()
        self._done: Callable[[], object] | None = None
        self._thread = threading.Thread(target=self._run, daemon=True, name="stdout")
        self._thread.start()

    @property
    def full(self) -> bool:
        """Whether so much is waiting that nothing more should come."""
        return self.waiting > FULL

    def write(self, data: bytes) -> None:
        """Write as soon as it can be taken; nothing any more when it is broken."""
        if data and not self._failed:
            self.waiting += len(data)
            self._queue.put(data)

    def finish(self, done: Callable[[], object]) -> None:
        """Call ``done`` as soon as everything is written, or cannot be."""
        self._done = done
        self._queue.put(None)

    def _run(self) -> None:
        while (data := self._queue.get()) is not None:
            try:
                rest = data
                while rest:
                    rest = rest[os.write(self._descriptor, rest) :]
            except OSError as error:
                self._call(self._fail, error)
                while self._queue.get() is not None:
                    pass
                break
            self._call(self._written, len(data))
        if self._done is not None:
            self._call(self._done)

    def _written(self, size: int) -> None:
        was_full = self.full
        self.waiting -= size
        if was_full and not self.full:
            self._room()

    def _fail(self, error: OSError) -> None:
        self._failed = True
        self.waiting = 0
        self._broken(error)
