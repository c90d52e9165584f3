"""The folder of a journal: made for its owner alone, and used by one server at a time."""

from __future__ import annotations

import os
from pathlib import Path

from lanchat.stores.faults import JournalError, cause

JOURNAL = "journal.sqlite3"
"""The file in the folder."""


class InUseError(JournalError):
    """Another process has the folder."""


class Folder:
    """A folder that is ours from now on, until it is left.  Raises JournalError when it cannot be had."""

    def __init__(self, directory: Path) -> None:
        self.journal = directory / JOURNAL
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = os.open(directory / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except FileExistsError:
            raise JournalError(f"this is a file: {directory}. Name a folder.") from None
        except OSError as error:
            raise JournalError(f"{cause(error)}: {directory}. Name a folder that can be written.") from error
        try:
            _take(self._lock)
            # SQLite gives its other files the permissions of this one.
            os.close(os.open(self.journal, os.O_RDONLY | os.O_CREAT, 0o600))
        except BlockingIOError:
            self.leave()
            raise InUseError(f"in use by another lanchat: {directory}. Stop that, or name another folder.") from None
        except OSError as error:
            self.leave()
            raise JournalError(f"{cause(error)}: {self.journal}. See to it that it can be written.") from error

    def leave(self) -> None:
        """Let somebody else use it."""
        os.close(self._lock)


def _take(file: int) -> None:
    if os.name == "posix":  # elsewhere nothing keeps two servers apart but SQLite's own locks
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
