"""Finding events in a journal on disk: what was filed, and the turns that wait to be (schema/0001.sql).

Plain functions on a connection; they write nothing and know no threads.  An index only leads to where events may
stand: `Query.admits` has the last word, so this journal and the one in memory find the same.
"""

# ruff: noqa: S608 - the statements are put together of constants alone, every value is bound

from __future__ import annotations

import heapq
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

import msgspec

from lanchat.core.journal import Found, Query
from lanchat.core.times import Stamper
from lanchat.core.words import words_of
from lanchat.stores.journal import Gone, KeptEvent, TooSlow, checked, chosen
from lanchat.stores.turns import decode_turn

_SLACK = 60.0
"""Seconds by which a clock may have been set back while events were numbered."""
_PHRASES = 16
"""Phrases that the index is asked for; `Query.admits` asks for all."""
_WALK = 1_000
"""Events that are looked at for the beginning of a word before the index is asked for it: some 10 ms."""
_ORDER = ("asc", "desc")
_STEPS = 1_000
"""Steps of SQLite's machine between two looks at the clock: some 50 microseconds."""


_Decoded = TypeVar("_Decoded")
Execute = Callable[..., sqlite3.Cursor]


decode_event: Callable[[bytes | str], KeptEvent] = msgspec.json.Decoder(KeptEvent).decode


def never() -> None:
    """Look at no clock."""


def place(room: int, nick: str) -> str:
    """Give what stands in the column ``room`` of the index ``word``: the room's number and the folded nick, as words.

    So the index itself can tell what somebody said in a room, however much was said there and by them.
    """
    return f"r{room} n{nick.encode().hex()}"


@contextmanager
def limited(
    connection: sqlite3.Connection, seconds: float, now: Callable[[], float] = time.monotonic
) -> Iterator[Callable[[], None]]:
    """Give what is done inside so many seconds; raises TooSlow.  Gives a function that looks at the clock."""
    end = now() + seconds

    def check() -> None:
        if now() > end:
            raise TooSlow

    connection.set_progress_handler(lambda: now() > end, _STEPS)
    try:
        yield check
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            raise TooSlow from None
        raise
    finally:
        connection.set_progress_handler(None, 0)


@contextmanager
def reading(connection: sqlite3.Connection) -> Iterator[Execute]:
    """See one state of the journal, whatever is written meanwhile.  Gives a function that executes a statement.

    What is not read to its end is broken off: a statement that somebody still has (a traceback does) would go on
    showing that state to all who come after, and keep the log from being emptied.
    """
    cursors: list[sqlite3.Cursor] = []

    def execute(statement: str, values: Iterable[object] = ()) -> sqlite3.Cursor:
        cursors.append(connection.cursor())
        return cursors[-1].execute(statement, tuple(values))

    ours = not connection.in_transaction
    if ours:
        connection.execute("begin")
    try:
        yield execute
    finally:
        for cursor in cursors:
            cursor.close()
        if ours:
            connection.rollback()


def find(
    connection: sqlite3.Connection, query: Query, check: Callable[[], None] = never, hidden: Sequence[Gone] = ()
) -> Found:
    """Find what is looked for and not ``hidden``; ``check`` is called again and again, and may raise."""
    with reading(connection) as execute:
        filed = _filed(execute, query)
        tail = unfiled(execute, query.after, query.until, query.newest)
        events = chain(tail, filed) if query.newest else chain(filed, tail)
        return chosen(checked(events, check), query, hidden)


def readable(decode: Callable[[bytes | str], _Decoded], rows: Iterable[tuple[Any, ...]]) -> Iterator[_Decoded]:
    """Decode what stands last in each row.  What cannot be read is left out: ``lanchat verify`` names it."""
    for row in rows:
        try:
            decoded = decode(row[-1])
        except msgspec.MsgspecError:
            continue
        yield decoded


def unfiled(execute: Execute, after: int = 0, until: int | None = None, newest: bool = False) -> Iterator[KeptEvent]:
    """Go through the turns that are not filed yet: at least all events of them with ``after < id <= until``."""
    (filed,) = execute("select filed from meta").fetchone()
    turns = f"select content from turn where last > ? order by last {_ORDER[newest]}"
    for turn in readable(decode_turn, execute(turns, (max(after, filed),))):
        if until is not None and not newest and turn.events and turn.events[0].id > until:
            return
        for event in reversed(turn.events) if newest else turn.events:
            if event.id > filed:
                yield event


class _Rooms(NamedTuple):
    """The numbers of the rooms that are looked through, and whether there are no others."""

    numbers: list[int]
    every: bool


def _filed(execute: Execute, query: Query) -> Iterator[KeptEvent]:
    """Go through the rows that a query may admit, in its order."""
    wanted = msgspec.json.encode([*query.rooms]).decode()
    there = execute("select number from room where folded in (select value from json_each(?))", (wanted,))
    numbers = [number for (number,) in there]
    if not numbers:
        return
    ((count,),) = execute("select count(*) from room")
    rooms = _Rooms(numbers, len(numbers) == count)
    after, until = _bounds(execute, query)
    whole = [phrase for phrase in query.phrases if not phrase.endswith("*")]
    if named := words_of(query.names):
        whole.append(" ".join(named))
    begun = [phrase for phrase in query.phrases if phrase.endswith("*")]
    rows = _rows(execute, query, rooms, whole, after, until)
    for walked, event in enumerate(readable(decode_event, rows), 1):
        yield event
        if begun and walked == _WALK:
            # What many words begin with costs the index most, but then it is found by walking.
            after, until = (after, event.id - 1) if query.newest else (event.id, until)
            yield from readable(decode_event, _rows(execute, query, rooms, whole + begun, after, until))
            return


def _rows(
    execute: Execute, query: Query, rooms: _Rooms, phrases: list[str], after: int, until: int
) -> Iterator[tuple[int, str]]:
    """Go through number and content of the events with these phrases, or of all in these rooms."""
    between = (after, until)
    order = _ORDER[query.newest]
    if phrases:
        # CROSS JOIN: the index of words leads; without it SQLite walks all events for each word.
        found = (
            "select event.id, content from word cross join event on event.id = word.rowid "
            f"where word match ? and word.rowid > ? and word.rowid <= ? order by word.rowid {order}"
        )
        return execute(found, (_match(phrases, rooms, query.nick), *between))
    kinds = (1,) if query.spoken or query.phrases or query.names else (0, 1)
    if rooms.every and not query.nick:
        found = f"select id, content from event where spoken >= ? and id > ? and id <= ? order by id {order}"
        return execute(found, (kinds[0], *between))
    who, nick = ("nick = ? and", (query.nick,)) if query.nick else ("", ())
    found = (
        f"select id, content from event where {who} room = ? and spoken = ? and id > ? and id <= ? order by id {order}"
    )
    # In a map, because `merge` ends what is left of an iterator with a `close`, perhaps on another thread than ours.
    cursors = [map(tuple, execute(found, (*nick, room, kind, *between))) for room in rooms.numbers for kind in kinds]
    return heapq.merge(*cursors, key=itemgetter(0), reverse=query.newest)


def _match(phrases: list[str], rooms: _Rooms, nick: str) -> str:
    """Say in the language of FTS5 what is looked for.  Phrases have letters and digits and nothing that it knows."""
    wanted = sorted(set(phrases), key=len)[-_PHRASES:]
    words = " AND ".join([f'"{phrase[:-1]}" *' if phrase.endswith("*") else f'"{phrase}"' for phrase in wanted])
    match = f"words : ({words})"
    if not rooms.every:
        match += f" AND room : ({' OR '.join([f'r{number}' for number in rooms.numbers])})"
    if nick:
        match += f" AND room : {place(0, nick).split()[1]}"
    return match


def _bounds(execute: Execute, query: Query) -> tuple[int, int]:
    """Give numbers between which the filed events of the wanted time stand, and perhaps some more."""
    after, until = query.after, query.until
    if query.earliest:
        after = max(after, _number_at(execute, _moved(query.earliest, -_SLACK)) - 1)
    if query.latest:
        until = min(until, _number_at(execute, _moved(query.latest, _SLACK), late=True))
    return after, until


def _moved(stamp: str, seconds: float) -> str:
    """Give the stamp of so many seconds later; nothing where there is no such moment."""
    try:
        return Stamper().stamp(datetime.fromisoformat(stamp).timestamp() + seconds)
    except (ValueError, OverflowError, OSError):
        return ""


def _number_at(execute: Execute, stamp: str, *, late: bool = False) -> int:
    """Give the number of the first filed event that is not before a moment; where there is none, the first (last).

    Halves again and again: it reads some twenty events.
    """
    # Two questions: both in one would look at every event.
    low, high = execute(
        "select coalesce((select min(id) from event), 1), coalesce((select max(id) from event), 0) + 1"
    ).fetchone()
    if not stamp:
        return int(high if late else low)
    while low < high:
        middle = (low + high) // 2
        rows = execute("select content from event where id <= ? order by id desc", (middle,))
        event = next(readable(decode_event, rows), None)
        if event is None or event.time < stamp:
            low = middle + 1
        else:
            high = event.id
    return int(low)
