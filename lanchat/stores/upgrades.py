"""Upgrades: numbered scripts (``schema/NNNN.sql``) that bring a journal's file to the version of this lanchat.

The version stands in the file itself (``PRAGMA user_version``).  Before a file with a past is changed it is copied to
``journal.sqlite3.before-N``, where N is the new version.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from importlib.resources import files
from pathlib import Path

from lanchat.stores.faults import JournalError


def scripts() -> list[str]:
    """Give the scripts of this lanchat, in their order: the first makes version 1."""
    found = files("lanchat.stores").joinpath("schema").iterdir()
    return [script.read_text("utf-8") for script in sorted(found, key=lambda script: script.name)]


def version_of(connection: sqlite3.Connection) -> int:
    """Give the version of a file; 0 when there is nothing in it yet.  Raises sqlite3.DatabaseError."""
    return int(connection.execute("pragma user_version").fetchone()[0])


def upgrade(connection: sqlite3.Connection, path: Path, steps: Sequence[str]) -> None:
    """Bring a file to the newest version; each script is done as a whole or not at all.

    Raises JournalError when the file is from a newer lanchat, or is not a journal; and sqlite3.Error.
    """
    version = version_of(connection)
    if version > len(steps):
        raise JournalError(
            f"from a newer lanchat (version {version} of the file; this one knows {len(steps)}): {path}. "
            "Use that one, or name another folder."
        )
    if version == len(steps):
        return
    if version:
        back_up(connection, path.with_name(f"{path.name}.before-{len(steps)}"))
    elif connection.execute("select count(*) from sqlite_master").fetchone()[0]:
        raise JournalError(f"not a journal of lanchat: {path}. Move it away, or name another folder.")
    for number, script in enumerate(steps[version:], version + 1):
        try:
            connection.executescript(f"begin exclusive; {script}\n; pragma user_version = {number}; commit;")
        except BaseException:
            connection.rollback()
            raise


def back_up(connection: sqlite3.Connection, copy: Path) -> None:
    """Copy a file that may be in use; the copy is there as a whole or not at all.  Raises sqlite3.Error or OSError."""
    part = copy.with_name(f"{copy.name}.part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with closing(sqlite3.connect(part)) as other:
        connection.backup(other)
    part.replace(copy)
