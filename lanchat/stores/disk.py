"""The writer's side of a journal's file: all the statements that change it.  It knows no threads and no clock.

A turn is put down as a row (or a few, when it is big), which is all that a commit costs.  `Disk.file` moves events to
the tables in which they are found, `Disk.prune` drops the oldest: both do a little at a time, because a commit
waits until they are done.  What is committed is what was filed, and what the turns have that came after it.
"""

from __future__ import annotations

import os
import sqlite3
import struct
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

import msgspec

from lanchat.core.events import Acted, Said, Topic
from lanchat.core.names import fold
from lanchat.core.words import words_of
from lanchat.stores.faults import damaged
from lanchat.stores.finding import Turn, decode_event, decode_turn, place
from lanchat.stores.journal import KeptEvent
from lanchat.stores.turns import Mark, rows
from lanchat.stores.upgrades import upgrade

AHEAD = 100_000
"""Numbers that are reserved at a time."""
MARKS = 20_000
"""Marks that stay."""
STEP = 100
"""Events that are filed, or dropped, in a step: some 3 ms."""
SIZE = 16_384
"""Bytes of what is filed, or dropped, in a step, unless one event alone is bigger."""
PAGE = 16_384
"""Bytes of a page of the file: a turn fills more of the usual smaller ones, and each costs as much again."""
_PATIENCE = 2_000
"""Milliseconds for which another program may have locked the file."""
_WAL = 4_096
"""Pages (64 MiB) of the log at which a commit itself has to empty it; long before that others do."""
SPARE = 8 * 1024 * 1024
"""Bytes that the log has from the beginning: to write over them takes two thirds of the time that growing takes."""

_encode = msgspec.json.Encoder().encode


class Filed(NamedTuple):
    """A room as a step of filing leaves it."""

    name: str
    topic: str | None
    used: int


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
            with self._transaction():
                meta: tuple[str, int, int, int] = connection.execute(
                    "select identity, reserved, gone, filed from meta"
                ).fetchall()[0]
                self.identity, self.last, self.gone, self._filed = meta
                """``last`` is the newest number that may have been given out."""
                self._reserve(self.last)
            connection.execute(f"pragma synchronous = {sync}")
            with suppress(OSError):  # a disk without room for it is slower
                self._grow_log()
            self.count: int = connection.execute("select count(*) from event").fetchone()[0]
            """Events that are filed."""
            self._marks: int = connection.execute("select count(*) from mark").fetchone()[0]
        except BaseException:
            connection.close()
            raise
        self._unreadable = 0
        self._open_turn: tuple[int, Turn | None] = (0, None)

    def _connect(self) -> sqlite3.Connection:
        name = f"{self._path.as_uri()}?mode=rw"  # a file that is gone is not made anew
        return sqlite3.connect(name, uri=True, timeout=_PATIENCE / 1000, isolation_level=None)

    def _set_up(self, connection: sqlite3.Connection) -> None:
        connection.execute("pragma journal_mode = wal")
        connection.execute(f"pragma synchronous = {self._sync}")
        connection.execute("pragma secure_delete = fast")  # zeroing what is freed would be written too
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
    def _transaction(self) -> Iterator[None]:
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
    def _unhurried(self) -> Iterator[None]:
        """A transaction for which the disk is not waited for: lost in a power cut, it is done again.

        The next commit makes it lasting, because SQLite's log is one file and is written in order.
        """
        self.connection.execute("pragma synchronous = normal")
        try:
            with self._transaction():
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
            with self._transaction():
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

    # -- filing --------------------------------------------------------------------------------------------

    def file(self) -> bool:
        """File the oldest events that wait for it, a few of them.  Says whether any are left."""
        events: list[KeptEvent] = []
        marks: list[Mark] = []
        done: list[tuple[int]] = []
        upto = size = 0
        more = False
        waiting = self.connection.execute(
            "select last, content from turn where last > ? order by last", (max(self._unreadable, self._filed),)
        )
        for last, content in waiting:
            if events and (len(events) >= STEP or size >= SIZE):
                more = True
                break
            try:
                turn = self._read_turn(last, content)
            except msgspec.MsgspecError:
                if upto:
                    more = True
                    break
                self._unreadable = last  # it stays where it is: `lanchat verify` names it
                continue
            each = len(content) // (len(turn.events) or 1) or 1
            rest = turn.events[bisect_right(turn.events, self._filed, key=attrgetter("id")) :]
            room = max(min(STEP - len(events), (SIZE - size) // each), 0 if events else 1)
            events += rest[:room]
            size += each * min(len(rest), room)
            if len(rest) > room:
                more = True
                upto = max(upto, events[-1].id)
            else:
                upto = last
                done.append((last,))
            marks += [mark for mark in turn.marks if self._filed < mark[2] <= upto]
            if more:
                break
        waiting.close()
        if upto:
            self._file(events, marks, done, upto)
        return more

    def _read_turn(self, last: int, content: bytes) -> Turn:
        """Read a turn; one that takes several steps is read once."""
        number, turn = self._open_turn
        if turn is None or number != last:
            turn = decode_turn(content)
            self._open_turn = last, turn
        return turn

    def _file(self, events: list[KeptEvent], marks: list[Mark], done: list[tuple[int]], upto: int) -> None:
        execute, executemany = self.connection.execute, self.connection.executemany
        surplus = max(0, self._marks + len(marks) - MARKS)
        with self._unhurried():
            numbers = self._rooms(events)
            executemany(
                "insert into event (id, room, spoken, nick, content) values (?, ?, ?, ?, ?)",
                [
                    (
                        event.id,
                        numbers[fold(event.room)],
                        isinstance(event, Said | Acted),
                        fold(event.nick),
                        _encode(event).decode(),
                    )
                    for event in events
                ],
            )
            executemany(
                "insert into word (rowid, words, room) values (?, ?, ?)",
                [_words(event, numbers[fold(event.room)]) for event in events if isinstance(event, Said | Acted)],
            )
            if marks:
                executemany("insert into mark (client, ref, id) values (?, ?, ?)", marks)
            if surplus:
                execute("delete from mark where id in (select id from mark order by id limit ?)", (surplus,))
            executemany("delete from turn where last = ?", done)
            execute("update meta set filed = max(filed, ?)", (upto,))
        self._filed = upto
        self.count += len(events)
        self._marks += len(marks) - surplus

    def _rooms(self, events: list[KeptEvent]) -> dict[str, int]:
        """Bring the rooms up to date, and give their numbers."""
        rooms: dict[str, Filed] = {}
        for event in events:
            folded = fold(event.room)
            before = rooms.get(folded, Filed("", None, 0))
            rooms[folded] = Filed(
                event.room,
                event.text if isinstance(event, Topic) else before.topic,
                event.id if isinstance(event, Said | Acted) else before.used,
            )
        numbers = {}
        for folded, room in rooms.items():
            (numbers[folded],) = self.connection.execute(
                "insert into room (folded, name, topic, used) values (?1, ?2, coalesce(?3, ''), ?4) "
                "on conflict (folded) do update set "
                "name = ?2, topic = coalesce(?3, topic), used = max(used, ?4) returning number",
                (folded, *room),
            ).fetchall()[0]
        return numbers

    # -- dropping what is old ------------------------------------------------------------------------------

    def prune(self, earliest: str, most: int) -> bool:
        """Drop the oldest events that are filed, a few of them; says whether there are more to drop.

        Those from before the moment ``earliest``, and those that are more than ``most``; nothing and 0 are no limit.
        """
        oldest = self.connection.execute("select id, room, content from event order by id limit ?", (STEP,))
        surplus = self.count - most if most else 0
        dropped: list[tuple[int, int, str]] = []
        size = 0
        for number, room, content in oldest:
            size += len(content)
            if (dropped and size > SIZE) or not (len(dropped) < surplus or _moment(content) < earliest):
                break
            dropped.append((number, room, content))
        oldest.close()
        if dropped:
            self._drop(dropped)
        return bool(dropped)

    def _drop(self, rows: list[tuple[int, int, str]]) -> None:
        last = rows[-1][0]
        execute, executemany = self.connection.execute, self.connection.executemany
        words = []
        for _, room, content in rows:
            with suppress(msgspec.MsgspecError):  # its words stay in the index, and lead nowhere
                event = decode_event(content)
                if isinstance(event, Said | Acted):
                    words.append(_words(event, room))
        with self._unhurried():
            # An index without a content of its own has to be told what it once was told.
            executemany("insert into word (word, rowid, words, room) values ('delete', ?, ?, ?)", words)
            execute("delete from event where id <= ?", (last,))
            executemany(
                "delete from room where number = ? and topic = '' "
                "and not exists (select 1 from event where room = room.number)",
                [(room,) for room in {room for _, room, _ in rows}],
            )
            execute("update meta set gone = max(gone, ?)", (last,))
        self.count -= len(rows)
        self.gone = max(self.gone, last)

    # -- the log -------------------------------------------------------------------------------------------

    def log_size(self) -> int:
        """Give the bytes that are in use of SQLite's log (mxFrame in https://sqlite.org/walformat.html, 2.1)."""
        try:
            with self._shm.open("rb") as index:
                (frames,) = struct.unpack_from("=I", index.read(20), 16)
        except (OSError, struct.error):
            return 0
        return int(frames) * (PAGE + 24)

    def _grow_log(self) -> None:
        """Make the log as long as it may become; SQLite takes no notice of what is behind its last frame."""
        with self._wal.open("ab") as log:
            log.write(bytes(max(0, SPARE - log.tell())))
            log.flush()
            os.fsync(log.fileno())

    def checkpoint(self, mode: str) -> None:
        """Let the log begin anew (``restart``), or be empty (``truncate``), unless somebody is reading from it."""
        self.connection.execute("pragma busy_timeout = 0")
        try:
            self.connection.execute(f"pragma wal_checkpoint({mode})").fetchall()
        finally:
            self.connection.execute(f"pragma busy_timeout = {_PATIENCE}")

    def close(self) -> None:
        """Use the file no more."""
        self.connection.close()

    def end(self, last: int) -> None:
        """Note that no number after ``last`` was given out: this is a clean end."""
        self.connection.execute("update meta set reserved = ?", (last,))
        self.reserved = last


def _words(event: Said | Acted, room: int) -> tuple[int, str, str]:
    """Give what stands in the index of words: the same when it goes as when it came."""
    return event.id, " ".join(words_of(event.text)), place(room, fold(event.nick))


class _Stamped(msgspec.Struct):
    time: str


_decode_stamp: Callable[[str], _Stamped] = msgspec.json.Decoder(_Stamped).decode


def _moment(content: str) -> str:
    """Give when an event was; nothing, which is before everything, when it cannot be read."""
    try:
        return _decode_stamp(content).time
    except msgspec.MsgspecError:
        return ""
