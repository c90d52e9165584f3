"""Faults: what is wrong with a journal's file or disk, in words for a person."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import msgspec
from twisted.logger import Logger
from twisted.python.failure import Failure

_CAUSES = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "its file may only be read",
    sqlite3.SQLITE_BUSY: "another program has locked its file",
    sqlite3.SQLITE_LOCKED: "another program has locked its file",
    sqlite3.SQLITE_CORRUPT: "its file is damaged",
    sqlite3.SQLITE_NOTADB: "its file is damaged",
    sqlite3.SQLITE_IOERR: "the disk gives errors",
    sqlite3.SQLITE_CANTOPEN: "its file cannot be opened",
    sqlite3.SQLITE_PERM: "its file may not be opened",
}
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


class JournalError(Exception):
    """A journal cannot be opened: one line that says why, and what to do."""


def damaged(error: Exception) -> bool:
    """Say whether the file has something in it that cannot be."""
    return code(error) in _DAMAGED or isinstance(error, msgspec.MsgspecError)


def code(error: BaseException) -> int:
    """Give SQLite's primary result code (https://sqlite.org/rescode.html); 0 when it is something else."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def cause(error: BaseException) -> str:
    """Say what is wrong: ``the disk is full``."""
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return _CAUSES.get(code(error), f"something is wrong with it ({error})")


def unopened(path: Path, error: Exception) -> JournalError:
    """Say why a journal cannot be opened, and what to do."""
    if isinstance(error, JournalError):
        return error
    if damaged(error):
        return JournalError(f"damaged: {path}. Look at it with lanchat verify; move it away to begin a new one.")
    return JournalError(f"{cause(error)}: {path}. See to that, or name another folder.")


def note(log: Logger, what: str, error: Exception) -> None:
    """Log what went wrong: in a line where it is the disk, with a traceback where it is the code."""
    if isinstance(error, sqlite3.Error | OSError):
        log.error("{what} ({error})", what=what, error=error)
    else:
        log.failure("{what}", Failure(error), what=what)


def stopped(error: BaseException) -> str:
    """Say to everybody that history has stopped."""
    return (
        f"History has stopped: {cause(error)}. The chat goes on, but what is said now is lost if the server ends. "
        "It is tried again and again."
    )


def resumed(dropped: int) -> str:
    """Say to everybody that history goes on, and how many events of the time between are lost."""
    if not dropped:
        return "History goes on. Nothing that was said meanwhile is lost."
    return f"History goes on, but the first {dropped:,} messages of the time without it are lost."
