"""Purging: what was taken away is nowhere any more, not in a page that is free, nor in SQLite's log.

It is done a little at a time, on the writer's thread.  What is to go stands in the table ``removal`` from before the
first step until after the last, so whatever breaks it off, it is begun again.  The steps:

1. the rows go, and what of it waits to be filed; nobody finds it from then on;
2. the index of words only noted that a message went, and has its words still: it is merged into one piece, which
   leaves them out.  300,000 messages take some 30 steps of 10 ms;
3. rows that moved from page to page while a table grew may have left a copy of themselves behind, so what is left of
   the index and of the waiting turns is put down anew: 50 ms for the index of 300,000 messages, in one step;
4. the log is moved into the file, cut off, and grown again.

SQLite writes zeros over what is deleted (``secure_delete``), so after that nothing is left of it.
"""

# ruff: noqa: S608 - the statements are put together of constants alone, every value is bound

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import suppress
from enum import Enum, auto

import msgspec

from lanchat.core.events import Deleted, Words
from lanchat.stores.disk import Disk
from lanchat.stores.filing import STEP, Filing, indexed
from lanchat.stores.finding import decode_event, reading, unfiled
from lanchat.stores.journal import Gone
from lanchat.stores.turns import Turn, decode_turn, encode_turn

_MERGE = 64
"""Pages of the index that are merged in a step."""
_WAITING = 1 << 20
"""Bytes of waiting turns that are put down anew in a step; more of them are filed first."""
_CHUNK = 1 << 26
"""Bytes of free pages that are written over at a time."""


class Stage(Enum):
    """What comes after a step."""

    MORE = auto()
    LOG = auto()
    """The next step has less to do if the log was moved into the file by somebody else before it."""
    READERS = auto()
    """Somebody reads from the log, and nothing can be done until they have finished."""
    DONE = auto()


class Purging:
    """Purges the file of a journal.  What raises sqlite3.Error is begun again by the next step."""

    def __init__(self, disk: Disk, filing: Filing) -> None:
        self._disk = disk
        self._filing = filing
        self._steps: Iterator[Stage] | None = None
        self._indexed = True
        """Whether the index may have words of what is gone."""

    def add(self, removals: Iterable[Gone]) -> None:
        """Note what is to be gone, for as long as it takes.  Raises sqlite3.Error."""
        rows = [(gone.number, place) for gone in removals for place in gone.places or ("",)]
        if rows:
            with self._disk.transaction():
                self._note(rows)
            self._steps = None  # what is merged already may have the new ones

    def step(self) -> Stage:
        """Do the next step.  Raises sqlite3.Error."""
        if self._steps is None:
            self._steps = self._all()
        try:
            stage = next(self._steps, Stage.DONE)
        except BaseException:
            self._steps = None
            raise
        if stage is Stage.DONE:
            self._steps = None
        return stage

    def recover(self) -> bool:
        """Do what the time before has not come to, before anybody reads.  Raises sqlite3.Error.

        Says whether something is left, because another program reads just now; nobody finds it all the same.
        What somebody has just taken away may be there still, though that they did is committed.
        """
        with reading(self._disk.connection) as execute:
            waiting = list(unfiled(execute))
            there = {event.id for event in waiting}
            taken = [event.of for event in waiting if isinstance(event, Deleted)]
            left = [of for of in taken if of in there or execute("select 1 from event where id = ?", (of,)).fetchone()]
            ((wiped,),) = execute("select wiped from meta")
        with self._disk.transaction():
            self._note([(of, "") for of in left])
        if not wiped:
            self._wipe()
        while (stage := self.step()) in (Stage.MORE, Stage.LOG):
            pass
        return stage is not Stage.DONE

    def _note(self, rows: list[tuple[int, str]]) -> None:
        self._disk.connection.executemany("insert or ignore into removal (number, place) values (?, ?)", rows)

    def _execute(self, statement: str, values: Iterable[object] = ()) -> sqlite3.Cursor:
        return self._disk.connection.execute(statement, tuple(values))

    # -- the steps -------------------------------------------------------------------------------------------

    def _all(self) -> Iterator[Stage]:
        removals = self._execute("select number, place from removal").fetchall()
        if not removals:
            return
        for number, place in removals:
            for _ in self._empty(number, place) if place else self._take(number):
                yield Stage.MORE
        if self._indexed:
            for _ in self._merge():
                yield Stage.MORE
            for table in ("word_data", "word_idx"):
                self._put_anew(table)
                yield Stage.MORE
            self._indexed = False
        while self._waiting() > _WAITING and self._filing.file():
            yield Stage.MORE
        self._put_anew("turn")
        yield Stage.LOG
        while not self._disk.checkpoint("truncate"):
            yield Stage.READERS
        yield Stage.MORE
        self._disk.grow_log()
        yield Stage.MORE
        with self._disk.transaction():
            self._disk.connection.executemany("delete from removal where number = ? and place = ?", removals)

    def _take(self, number: int) -> Iterator[None]:
        """Take one event away."""
        gone = Gone(number)
        rows = self._execute("select id, room, content from event where id = ?", (number,)).fetchall()
        turns = self._execute("select last, content from turn where last >= ? order by last limit 1", (number,))
        waiting = turns.fetchall()
        self._drop(rows)
        for last, content in waiting:
            self._strike(last, content, gone)
        yield

    def _empty(self, number: int, place: str) -> Iterator[None]:
        """Take away what was said in a place up to a number."""
        gone = Gone(number, frozenset((place,)))
        # The turns first: what is filed meanwhile is found after that.
        for (last,) in self._execute("select last from turn order by last").fetchall():
            for (content,) in self._execute("select content from turn where last = ?", (last,)).fetchall():
                if self._strike(last, content, gone):
                    yield
        there = "select event.id, room, content from event join room on number = room where folded = ?"
        while rows := self._execute(f"{there} and event.id <= ? limit ?", (place, number, STEP)).fetchall():
            self._drop(rows)
            yield
        with self._disk.unhurried():
            left = "not exists (select 1 from event where room = room.number)"
            self._execute(f"delete from room where folded = ? and {left}", (place,))
        yield

    def _drop(self, rows: list[tuple[int, int, str]]) -> None:
        """Let filed events go, and their words."""
        if not rows:
            return
        words = []
        for _, room, content in rows:
            with suppress(msgspec.MsgspecError):
                event = decode_event(content)
                if isinstance(event, Words):
                    words.append(indexed(event, room))
        executemany = self._disk.connection.executemany
        with self._disk.unhurried():
            # An index without a content of its own has to be told what it once was told.
            executemany("insert into word (word, rowid, words, room) values ('delete', ?, ?, ?)", words)
            executemany("delete from event where id = ?", [(number,) for number, _, _ in rows])
        self._indexed = True
        self._filing.count -= len(rows)

    def _strike(self, last: int, content: bytes, gone: Gone) -> bool:
        """Let an event go of a turn that is not filed yet, or not in whole; says whether it was there."""
        try:
            turn = decode_turn(content)
        except msgspec.MsgspecError:  # `lanchat verify` names it
            return False
        events = [event for event in turn.events if not gone.takes(event)]
        if len(events) == len(turn.events):
            return False
        with self._disk.unhurried():
            self._execute("update turn set content = ? where last = ?", (encode_turn(Turn(events, turn.marks)), last))
        self._filing.reread()
        return True

    def _merge(self) -> Iterator[None]:
        """Merge the index of words into one piece: the first step says that all is to be, the others go on with it.

        https://sqlite.org/fts5.html, 6.8: the "merge" command.
        """
        pages, merged = -_MERGE, 2
        while merged >= 2:  # less than that is changed when nothing is left to merge
            before = self._disk.connection.total_changes
            with self._disk.unhurried():
                self._execute("insert into word (word, rank) values ('merge', ?)", (pages,))
            merged = self._disk.connection.total_changes - before
            pages = _MERGE
            yield

    def _put_anew(self, table: str) -> None:
        """Put the rows of a table down anew: SQLite empties it as a whole, and writes zeros over all of its pages."""
        cursor = self._execute(f"select * from {table} order by 1, 2")
        places = ", ".join("?" * len(cursor.description))
        rows = cursor.fetchall()
        with self._disk.unhurried():
            self._execute(f"delete from {table}")
            self._disk.connection.executemany(f"insert into {table} values ({places})", rows)

    def _waiting(self) -> int:
        ((size,),) = self._execute("select coalesce(sum(length(content)), 0) from turn")
        return int(size)

    def _wipe(self) -> None:
        """Write zeros over the pages that are free: an older lanchat did not."""
        ((pages,),) = self._execute("pragma freelist_count")
        ((size,),) = self._execute("pragma page_size")
        with self._disk.unhurried():
            if pages:
                self._execute("create table waste (bytes blob)")
                for start in range(0, pages * size, _CHUNK):
                    self._execute("insert into waste values (zeroblob(?))", (min(_CHUNK, pages * size - start),))
                self._execute("drop table waste")
            self._execute("update meta set wiped = 1")
