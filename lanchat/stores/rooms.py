"""A room as a journal knows it: its row, and what events make of it, when they are filed or while they wait to be."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import astuple, dataclass

from lanchat.core.events import Acted, Changed, Deleted, Joined, Kicked, Parted, Said, Shared, Told, Topic
from lanchat.stores.journal import KeptEvent
from lanchat.stores.kept_modes import changed

COLUMNS = "folded, name, topic, topic_by, topic_time, created, modes, used, number"
"""Of the table ``room``, in the order of the fields of `RoomRow`."""


@dataclass(slots=True)
class RoomRow:
    """A row of the table ``room``."""

    folded: str
    name: str
    topic: str = ""
    topic_by: str = ""
    topic_time: str = ""
    created: str = ""
    modes: str = ""
    used: int = 0
    number: int = 0
    """0: it is not in the table yet."""

    @property
    def remarkable(self) -> bool:
        """Whether it has what has to come back, though nothing that was said in it be left."""
        return bool(self.topic or self.modes)

    def happen(self, event: KeptEvent) -> None:
        """Let an event happen to the room."""
        self.name = getattr(event, "room", "")  # nothing for what is private
        match event:
            case Said() | Acted() | Shared():
                self.used = event.id
            case Topic():
                self.topic, self.topic_by, self.topic_time = event.text, event.nick, event.time
            case Changed():
                self.modes = changed(self.folded, self.modes, event)
            case Joined() | Parted() | Kicked() | Deleted() | Told():
                pass


def row_of(execute: Callable[..., sqlite3.Cursor], folded: str, event: KeptEvent) -> RoomRow:
    """Give the row of the room in which an event happens; where it is the first one there, a new row."""
    row = execute(f"select {COLUMNS} from room where folded = ?", (folded,)).fetchone()  # noqa: S608 - constants alone
    return RoomRow(*row) if row else RoomRow(folded, getattr(event, "room", ""), created=event.time)


def put_row(execute: Callable[..., sqlite3.Cursor], row: RoomRow) -> int:
    """Write a row, and give its number."""
    ((number,),) = execute(
        "insert into room (folded, name, topic, topic_by, topic_time, created, modes, used) "
        "values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (folded) do update set name = excluded.name, "
        "topic = excluded.topic, topic_by = excluded.topic_by, topic_time = excluded.topic_time, "
        "modes = excluded.modes, used = excluded.used returning number",
        astuple(row)[:-1],
    ).fetchall()
    return int(number)
