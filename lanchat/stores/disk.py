"""The writer's side of a journal's file: how it is opened, how turns are put down.  It knows no threads and no clock.

A turn is put down as a row (or a few, when it is big), which is all that a commit costs; `filing.py` moves what it
has to where it is found.  What is committed is what was filed, and what the turns have that came after it.
"""

from __future__ import annotations

import os
import sqlite3
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from lanchat.stores.faults import damaged
from lanchat.stores.journal import KeptEvent
from lanchat.stores.turns import Mark, rows
from lanchat.stores.upgrades import upgrade

AHEAD = 100_000
"""Numbers that are reserved at a time."""
PAGE = 16_384
"""Bytes of a page of the file: a turn fills more of the usual smaller ones, and each costs as much again."""
_PATIENCE = 2_000
"""Milliseconds for which another program may have locked the file."""
_WAL = 4_096
"""Pages (64 MiB) of the log at which a commit itself has to empty it; long before that others do."""
SPARE = 8 * 1024 * 1024
"""Bytes that the log has from the beginning: to write over them takes two thirds of the time that growing takes."""


class Disk:
    """The file, open for writing, used on one thread.  What raises sqlite3.Error has changed nothing.

    Raises JournalError when the file is none of ours (`upgrades.upgrade`).
    """

    def __init__(self, path: Path, sync: str, scripts: Sequence[str]) -> None:
        self._path = path
        self._sync = sync
        self._wal = path.with_name(f"{path.name}-wal")
        self._shm = path.with_name(f"{path.name}-shm")
        self._doubtful = False
        self.connection = connection = self._connect()
        try:
            connection.execute(f"pragma page_size = {PAGE}")  # of a new file; another one keeps its own
            upgrade(connection, path, scripts)
            self._set_up(connection)
            connection.execute("pragma synchronous = full")  # a power cut must not give numbers out again
            with self.transaction():
                meta: tuple[str, bytes, int, int] = connection.execute(
                    "select identity, secret, reserved, gone from meta"
                ).fetchall()[0]
                self.identity, self.secret, self.last, self.gone = meta
                """``last`` is the newest number that may have been given out."""
                self._reserve(self.last)
            connection.execute(f"pragma synchronous = {sync}")
            self.grow_log()
        except BaseException:
            connection.close()
            raise

    def _connect(self) -> sqlite3.Connection:
        name = f"{self._path.as_uri()}?mode=rw"  # a file that is gone is not made anew
        return sqlite3.connect(name, uri=True, timeout=_PATIENCE / 1000, isolation_level=None)

    def _set_up(self, connection: sqlite3.Connection) -> None:
        connection.execute("pragma journal_mode = wal")
        connection.execute(f"pragma synchronous = {self._sync}")
        connection.execute("pragma secure_delete = on")  # nothing of what is deleted is left in the file
        connection.execute(f"pragma wal_autocheckpoint = {_WAL}")
        connection.execute(f"pragma journal_size_limit = {SPARE}")
        connection.execute("pragma cache_size = -8000")

    def _look_again(self) -> None:
        """Read the file anew: what was found damaged is still in the connection's memory."""
        connection = self._connect()
        try:
            self._set_up(connection)
            connection.execute("select last from turn limit 1").fetchall()
        except BaseException:
            connection.close()
            raise
        self.connection.close()
        self.connection = connection
        self._doubtful = False

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Let all of what is done meanwhile be done, or nothing."""
        connection = self.connection
        connection.execute("begin immediate")
        try:
            yield
            connection.execute("commit")
        except BaseException:
            with suppress(sqlite3.Error):  # a full disk has ended it already
                connection.execute("rollback")
            raise

    @contextmanager
    def unhurried(self) -> Iterator[None]:
        """A transaction for which the disk is not waited for: lost in a power cut, it is done again.

        The next commit makes it lasting, because SQLite's log is one file and is written in order.
        """
        self.connection.execute("pragma synchronous = normal")
        try:
            with self.transaction():
                yield
        finally:
            self.connection.execute(f"pragma synchronous = {self._sync}")

    def _reserve(self, last: int) -> None:
        self.connection.execute("update meta set reserved = ?", (last + AHEAD,))
        self.reserved = last + AHEAD

    # -- committing ----------------------------------------------------------------------------------------

    def commit(self, events: list[KeptEvent], marks: list[Mark], last: int, gone: int = 0) -> int:
        """Put a turn down; numbers up to ``last`` are given out, events up to ``gone`` may be lost.

        Gives the number up to which numbers are reserved now: so far nobody needs to commit those of nothing.
        """
        if self._doubtful:
            self._look_again()
        try:
            return self._commit(rows(events, marks, last) if events or marks else [], last, gone)
        except sqlite3.Error as error:
            self._doubtful = damaged(error)
            raise

    def _commit(self, turn: list[tuple[int, bytes]], last: int, gone: int) -> int:
        insert = "insert into turn (last, content) values (?, ?)"
        if len(turn) == 1 and last + AHEAD // 2 <= self.reserved and gone <= self.gone:
            self.connection.execute(insert, turn[0])
            return self.reserved
        before = self.reserved
        try:
            with self.transaction():
                self.connection.executemany(insert, turn)
                if last + AHEAD // 2 > self.reserved:
                    self._reserve(last)
                if gone > self.gone:
                    self.connection.execute("update meta set gone = ?", (gone,))
        except BaseException:
            self.reserved = before
            raise
        self.gone = max(gone, self.gone)
        return self.reserved

    # -- the log -------------------------------------------------------------------------------------------

    def log_size(self) -> int:
        """Give the bytes that are in use of SQLite's log (mxFrame in https://sqlite.org/walformat.html, 2.1)."""
        try:
            with self._shm.open("rb") as index:
                (frames,) = struct.unpack_from("=I", index.read(20), 16)
        except (OSError, struct.error):
            return 0
        return int(frames) * (PAGE + 24)

    def grow_log(self) -> None:
        """Make the log as long as it may become; SQLite takes no notice of what is behind its last frame.

        A disk without room for it is slower.
        """
        with suppress(OSError), self._wal.open("ab") as log:
            log.write(bytes(max(0, SPARE - log.tell())))
            log.flush()
            os.fsync(log.fileno())

    def checkpoint(self, mode: str) -> bool:
        """Let the log begin anew (``restart``), or be empty (``truncate``), unless somebody is reading from it.

        Says whether nobody was.
        """
        self.connection.execute("pragma busy_timeout = 0")
        try:
            ((busy, _, _),) = self.connection.execute(f"pragma wal_checkpoint({mode})").fetchall()
            return not busy
        finally:
            self.connection.execute(f"pragma busy_timeout = {_PATIENCE}")

    def close(self) -> None:
        """Use the file no more."""
        self.connection.close()

    def end(self, last: int) -> None:
        """Note that no number after ``last`` was given out: this is a clean end."""
        self.connection.execute("update meta set reserved = ?", (last,))
        self.reserved = last
