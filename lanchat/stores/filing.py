"""Filing: committed events move to the tables in which they are found; the oldest are dropped.

Both is done a little at a time, on the writer's thread, because a commit waits until a step is done.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from contextlib import suppress
from operator import attrgetter

import msgspec

from lanchat.core.events import Deleted, Words, where
from lanchat.core.names import fold
from lanchat.core.words import words_of
from lanchat.stores.disk import Disk
from lanchat.stores.finding import decode_event, place
from lanchat.stores.journal import KeptEvent
from lanchat.stores.rooms import RoomRow, put_row, row_of
from lanchat.stores.turns import Mark, Turn, decode_turn

MARKS = 20_000
"""Marks that stay."""
STEP = 100
"""Events that are filed, or dropped, in a step: some 3 ms."""
SIZE = 16_384
"""Bytes of what is filed, or dropped, in a step, unless one event alone is bigger."""

_encode = msgspec.json.Encoder().encode


class Filing:
    """Files the turns of a file, and drops what is old.  What raises sqlite3.Error has changed nothing."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        execute = disk.connection.execute
        self._filed: int = execute("select filed from meta").fetchone()[0]
        self.count: int = execute("select count(*) from event").fetchone()[0]
        """Events that are filed."""
        self._marks: int = execute("select count(*) from mark").fetchone()[0]
        self._unreadable = 0
        self._open_turn: tuple[int, Turn | None] = (0, None)

    def file(self) -> bool:
        """File the oldest events that wait for it, a few of them.  Says whether any are left."""
        events: list[KeptEvent] = []
        marks: list[Mark] = []
        done: list[tuple[int]] = []
        upto = size = 0
        more = False
        waiting = self._disk.connection.execute(
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

    def reread(self) -> None:
        """Take no notice any more of what was read of a turn: it is not what it was."""
        self._open_turn = (0, None)

    def _file(self, events: list[KeptEvent], marks: list[Mark], done: list[tuple[int]], upto: int) -> None:
        execute, executemany = self._disk.connection.execute, self._disk.connection.executemany
        surplus = max(0, self._marks + len(marks) - MARKS)
        with self._disk.unhurried():
            numbers = self._rooms(events)
            executemany(
                "insert into event (id, room, spoken, nick, content) values (?, ?, ?, ?, ?)",
                [
                    (
                        event.id,
                        numbers[where(event)],
                        isinstance(event, Words),
                        fold(event.nick),
                        _encode(event).decode(),
                    )
                    for event in events
                ],
            )
            executemany(
                "insert into word (rowid, words, room) values (?, ?, ?)",
                [indexed(event, numbers[where(event)]) for event in events if isinstance(event, Words)],
            )
            # Whoever took it away may not have come to do that, as after a power cut.
            left = [(event.of,) for event in events if isinstance(event, Deleted)]
            executemany("insert or ignore into removal (number) select id from event where id = ?", left)
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
        execute = self._disk.connection.execute
        rows: dict[str, RoomRow] = {}
        for event in events:
            folded = where(event)
            if folded not in rows:
                rows[folded] = row_of(execute, folded, event)
            rows[folded].happen(event)
        return {folded: put_row(execute, row) for folded, row in rows.items()}

    # -- dropping what is old ------------------------------------------------------------------------------

    def prune(self, earliest: str, most: int) -> bool:
        """Drop the oldest events that are filed, a few of them; says whether there are more to drop.

        Those from before the moment ``earliest``, and those that are more than ``most``; nothing and 0 are no limit.
        """
        oldest = self._disk.connection.execute("select id, room, content from event order by id limit ?", (STEP,))
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
        execute, executemany = self._disk.connection.execute, self._disk.connection.executemany
        words = []
        for _, room, content in rows:
            with suppress(msgspec.MsgspecError):  # its words stay in the index, and lead nowhere
                event = decode_event(content)
                if isinstance(event, Words):
                    words.append(indexed(event, room))
        with self._disk.unhurried():
            # An index without a content of its own has to be told what it once was told.
            executemany("insert into word (word, rowid, words, room) values ('delete', ?, ?, ?)", words)
            execute("delete from event where id <= ?", (last,))
            executemany(
                "delete from room where number = ? and topic = '' and modes = '' "
                "and not exists (select 1 from event where room = room.number)",
                [(room,) for room in {room for _, room, _ in rows}],
            )
            execute("update meta set gone = max(gone, ?)", (last,))
        self.count -= len(rows)
        self._disk.gone = max(self._disk.gone, last)


def indexed(event: Words, room: int) -> tuple[int, str, str]:
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
