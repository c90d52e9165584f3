"""What is done with the file of a journal from outside, while its server runs or not: reading it out, and copying it.

Nothing here writes to that file, takes the server's lock, or keeps it from going on.  What a disk or a file has
against it is told as JournalError: one line that says what to do.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from lanchat.core.events import Words, is_place, where
from lanchat.core.journal import Query
from lanchat.stores.faults import JournalError, cause, code
from lanchat.stores.finding import find, reading, unfiled
from lanchat.stores.journal import KeptEvent
from lanchat.stores.upgrades import scripts, version_of

_PAGE = 1_000
"""Events that are read at once: who reads slowly must not keep the server from emptying its log."""
_PATIENCE = 5.0
"""Seconds for which somebody else may have locked the file."""


def opened(path: Path) -> sqlite3.Connection:
    """Open the file of a journal to read it.  Raises JournalError."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise JournalError(f"There is no journal at {path}. Name the folder of a server: --data DIR.") from None
    except OSError as error:
        raise JournalError(f"{path}: {cause(error)}. Run this as whoever runs the server.") from error
    if path.is_dir():
        raise JournalError(f"{path} is a folder. Name a file, or --data and the folder of a server.")
    if not os.access(path, os.R_OK):
        raise JournalError(f"{path} may not be read. Run this as whoever runs the server.")
    try:
        connection, version = _connected(path)
    except sqlite3.Error as error:
        if code(error) in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
            what = "is no journal of lanchat, or its beginning is damaged"
            raise JournalError(f"{path} {what}. Name another file, or bring a backup back.") from error
        cure = "Try again." if code(error) == sqlite3.SQLITE_BUSY else "Run this as whoever runs the server."
        raise JournalError(f"{path}: {cause(error)}. {cure}") from error
    known = len(scripts())
    if version == known:
        return connection
    connection.close()
    if not version:
        raise JournalError(f"{path} is not a journal of lanchat. Name another file.")
    if version > known:
        raise JournalError(f"{path} is from a newer lanchat ({version}; this one knows {known}). Use that one.")
    raise JournalError(f"{path} is from an older lanchat. Start the server with this one: that brings it up to date.")


def _connected(path: Path) -> tuple[sqlite3.Connection, int]:
    """Connect, and give the version.  Raises sqlite3.Error."""
    try:
        return _tried(path, "mode=ro")
    except sqlite3.OperationalError as error:
        log = path.with_name(f"{path.name}-wal")
        if code(error) not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY) or log.exists():
            raise
    # Beside a file that nobody uses SQLite makes its log, which it cannot where we may only read.
    return _tried(path, "mode=ro&immutable=1")


def _tried(path: Path, how: str) -> tuple[sqlite3.Connection, int]:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{how}", uri=True, isolation_level=None, timeout=_PATIENCE
    )
    try:
        version = version_of(connection)
        connection.execute("select count(*) from sqlite_master").fetchone()  # what the version does not read
    except BaseException:
        connection.close()
        raise
    return connection, version


# -- reading it out ------------------------------------------------------------------------------------------


def rooms(connection: sqlite3.Connection) -> dict[str, str]:
    """Give the rooms that have a past, as they are shown, by their folded names; not where people talk in private."""
    with reading(connection) as execute:
        named = {where(event): getattr(event, "room", "") for event in unfiled(execute)}
        named |= dict(execute("select folded, name from room").fetchall())
    return {folded: name for folded, name in named.items() if not is_place(folded)}


def exported(connection: sqlite3.Connection, wanted: frozenset[str], earliest: str = "") -> Iterator[KeptEvent]:
    """Go through all that is kept of these (folded) rooms since a moment, the oldest first, until now."""
    ((until,),) = connection.execute(
        "select max(coalesce(max(id), 0), (select coalesce(max(last), 0) from turn)) from event"
    )
    after, more = 0, True
    while more:
        query = Query(rooms=wanted, after=after, until=until, most=_PAGE, earliest=earliest)
        events, more = find(connection, query)
        for event in events:
            assert isinstance(event, KeptEvent)
            yield event
            after = event.id


# -- copying it ----------------------------------------------------------------------------------------------


def back_up(path: Path, copy: Path) -> int:
    """Copy a journal as it is at one moment; the copy is there as a whole or not at all.

    Gives how many messages it has.  It is another journal from then on (`Journal.identity`): should a server begin
    again with it, its numbers stand for other events than those that came after the copy.
    """
    if os.path.lexists(copy):
        raise JournalError(f"{copy} is there already. Name another file: nothing is written over.")
    part = copy.with_name(f"{copy.name}.part")
    with closing(opened(path)) as connection:
        try:
            os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            raise JournalError(f"{part} is there, of a backup that was broken off or goes on. Remove it.") from None
        except OSError as error:
            raise JournalError(f"{part}: {cause(error)}. Name a file in a folder that can be written.") from error
        try:
            with closing(sqlite3.connect(part, isolation_level=None)) as other:
                copied(connection, other)
                messages = _sealed(path, other)
            part.rename(copy)
        except (sqlite3.Error, OSError) as error:
            raise JournalError(f"{copy} was not made: {cause(error)}. See to that, and try again.") from error
        finally:
            part.unlink(missing_ok=True)
    return messages


def copied(connection: sqlite3.Connection, other: sqlite3.Connection) -> None:
    """Copy everything, of one moment; the server goes on meanwhile.  Raises sqlite3.Error."""
    with reading(connection):
        # A snapshot: otherwise the copying begins anew with each change.
        connection.execute("select count(*) from meta").fetchone()
        connection.backup(other, pages=_PAGE, progress=lambda *_: None)  # in between Ctrl-C is heard
    other.execute("pragma journal_mode = delete")  # one file is all of it


def _sealed(path: Path, other: sqlite3.Connection) -> int:
    """Look whether a copy is sound, make it a journal of its own, and count its messages."""
    problems = [problem for (problem,) in other.execute("pragma quick_check(1)")]
    if problems != ["ok"]:
        raise JournalError(f"{path} is damaged, so no backup was made. lanchat verify says more.")
    other.execute("update meta set identity = lower(hex(randomblob(8)))")
    ((filed,),) = other.execute("select count(*) from event where spoken = 1")
    return int(filed) + sum(isinstance(event, Words) for event in unfiled(other.execute))
