"""What was typed before, for the arrow keys: in a file that only its user can read, without passwords."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from prompt_toolkit.history import FileHistory, History, InMemoryHistory

from lanchat.client.hiding import is_secret
from lanchat.client.places import private_file

KEPT = 1000
"""Lines that are kept from one time to the next."""


class ShortHistory(InMemoryHistory):
    """Lines until the end of the program; those that may hold a password are not remembered."""

    def append_string(self, string: str) -> None:
        """Remember a line."""
        if not is_secret(string):
            super().append_string(string)


class PrivateHistory(FileHistory):
    """A file of lines; those that may hold a password are not even remembered."""

    def append_string(self, string: str) -> None:
        """Remember a line."""
        if not is_secret(string):
            super().append_string(string)

    def store_string(self, string: str) -> None:
        """Write a line; where that cannot be done, it is remembered until the end only."""
        with suppress(OSError):
            super().store_string(string)


def open_history(path: Path) -> History:
    """Open the history; one that cannot be kept is a history all the same."""
    try:
        private_file(path)
        history = PrivateHistory(str(path))
        lines = list(history.load_history_strings())  # the newest first
        if len(lines) > 2 * KEPT:
            path.write_text("")
            for line in reversed(lines[:KEPT]):
                history.store_string(line)
    except OSError:
        return ShortHistory()
    return history
