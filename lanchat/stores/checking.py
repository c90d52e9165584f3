"""Checking a journal: whether SQLite finds its file sound, and whether what stands in it fits together.

All of it is done on a copy, because the index of words cannot be checked without being written to.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import msgspec

from lanchat.core.events import Words, is_place, where
from lanchat.core.names import fold
from lanchat.stores.faults import JournalError, cause
from lanchat.stores.finding import decode_event
from lanchat.stores.kept_modes import decode_modes
from lanchat.stores.people_rows import check as _people
from lanchat.stores.tools import copied, opened
from lanchat.stores.turns import decode_turn


class Report(NamedTuple):
    """What was found: how much of everything, and each problem in a line."""

    counts: dict[str, int]
    problems: list[str]


def check(path: Path) -> Report:
    """Check the journal in a file, whether it is in use or not.  Raises JournalError when it cannot be read at all."""
    with (
        TemporaryDirectory(prefix="lanchat-") as folder,
        closing(opened(path)) as connection,
        closing(sqlite3.connect(Path(folder) / "copy", isolation_level=None)) as copy,
    ):
        try:
            copied(connection, copy)
        except sqlite3.Error as error:
            raise JournalError(
                f"{path} cannot be copied to {folder}, to check it there: {cause(error)}. "
                "Where space is short, name another folder: TMPDIR=DIR lanchat verify"
            ) from error
        return _checked(copy)


def _checked(copy: sqlite3.Connection) -> Report:
    copy.text_factory = bytes  # text that is damaged is for the checks to find
    counts: dict[str, int] = {}
    problems: list[str] = []
    checks: list[Callable[[sqlite3.Connection, dict[str, int]], Iterator[str]]] = [
        _file,
        _rooms,
        _events,
        _words,
        _turns,
        _marks,
        _people,
    ]
    for each in checks:
        try:
            problems.extend(each(copy, counts))
        except sqlite3.DatabaseError as error:
            problems.append(f"{each.__name__[1:]}: {error}")
    return Report(counts, problems)


def _file(copy: sqlite3.Connection, counts: dict[str, int]) -> Iterator[str]:
    ((pages,), (size,)) = copy.execute("pragma page_count").fetchone(), copy.execute("pragma page_size").fetchone()
    counts["bytes"] = pages * size
    for (found,) in copy.execute("pragma integrity_check"):
        problems = _text(found).replace("*** in database main ***", "").split("\n")
        yield from (f"file: {problem}" for problem in problems if problem not in ("ok", ""))


def _rooms(copy: sqlite3.Connection, counts: dict[str, int]) -> Iterator[str]:
    counts["rooms"] = counts["private"] = 0
    for folded, name, modes in copy.execute("select folded, name, modes from room"):
        if is_place(_text(folded)):
            counts["private"] += 1
            if name or modes:
                yield f"rooms: {_text(folded)} is no room"
            continue
        counts["rooms"] += 1
        if fold(_text(name)) != _text(folded):
            yield f"rooms: {_text(name)} is filed as {_text(folded)}"
        try:
            decode_modes(modes.decode())
        except (msgspec.MsgspecError, UnicodeDecodeError):
            yield f"rooms: the modes of {_text(name)} cannot be read"


def _events(copy: sqlite3.Connection, counts: dict[str, int]) -> Iterator[str]:
    counts["messages"] = counts["others"] = 0
    rows = copy.execute(
        "select id, spoken, nick, content, folded from event left join room on number = room order by id"
    )
    for number, spoken, nick, content, room in rows:
        counts["messages" if spoken else "others"] += 1
        try:
            event = decode_event(content)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            yield f"events: {number} cannot be read"
            continue
        filed = (event.id, fold(event.nick), where(event), isinstance(event, Words))
        if filed != (number, _text(nick), _text(room), spoken):
            yield f"events: {number} is not filed as what it is"


def _words(copy: sqlite3.Connection, counts: dict[str, int]) -> Iterator[str]:
    query = "select count(*) from event where spoken = 1 and id not in (select id from word_docsize)"
    ((missing,),) = copy.execute(query)
    if missing:
        yield f"words: {missing:,} messages are not in the index, searching does not find them"
    ((counts["indexed"],),) = copy.execute("select count(*) from word_docsize")
    copy.execute("insert into word (word) values ('integrity-check')")


def _turns(copy: sqlite3.Connection, counts: dict[str, int]) -> Iterator[str]:
    """Numbers rise strictly from what was filed to what waits, and none is left that would be given out again."""
    counts["waiting"] = 0
    upto = next(iter(copy.execute("select filed from meta").fetchall()), (0,))[0]
    ((newest,),) = copy.execute("select coalesce(max(id), 0) from event")
    filed = {_text(folded) for (folded,) in copy.execute("select folded from room")}
    places: set[str] = set()
    for last, content in copy.execute("select last, content from turn order by last"):
        try:
            turn = decode_turn(content)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            yield f"turns: {last} cannot be read"
            continue
        waiting = [event for event in turn.events if event.id > upto]
        counts["waiting"] += len(waiting)
        for event in waiting:
            places.add(where(event))
            counts["messages" if isinstance(event, Words) else "others"] += 1
            if not newest < event.id <= last:
                yield f"turns: event {event.id} of turn {last} comes after {newest}"
            newest = max(newest, event.id)
    for new in places - filed:
        counts["private" if is_place(new) else "rooms"] += 1
    given = copy.execute("select reserved from meta").fetchall()
    if len(given) != 1:
        yield f"numbers: there are {len(given)} rows of them instead of one"
    elif newest > given[0][0]:
        yield f"numbers: event {newest} is there, but only {given[0][0]} were given out"


def _marks(copy: sqlite3.Connection, counts: dict[str, int]) -> Iterator[str]:
    ((counts["marks"],),) = copy.execute("select count(*) from mark")
    ((early,),) = copy.execute("select count(*) from mark where id > (select reserved from meta)")
    if early:
        yield f"marks: {early:,} are of events that are not there yet"


def _text(stored: bytes | None) -> str:
    return (stored or b"").decode(errors="replace")
