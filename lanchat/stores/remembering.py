"""What a journal on disk remembers of the time before: its rooms as they were, and the newest marks.

What is filed stands in the rooms' rows (`rooms.RoomRow`); what waits to be happens to them here, as filing would have
it, so they come back the same whenever a server ended.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

import msgspec

from lanchat.core.events import Spoken, is_place, where
from lanchat.core.journal import Kept, KeptRoom, Mark
from lanchat.stores.finding import Execute, readable, reading
from lanchat.stores.journal import KeptEvent
from lanchat.stores.kept_modes import modes_of
from lanchat.stores.people_rows import remembered
from lanchat.stores.rooms import COLUMNS, RoomRow, row_of
from lanchat.stores.turns import decode_turn

ROOMS = 1_000
"""Rooms that come back with what was said there last."""

_decode_spoken: Callable[[bytes | str], Spoken] = msgspec.json.Decoder(Spoken).decode


class _Room(NamedTuple):
    """A room on its way back, and what was said there last."""

    row: RoomRow
    spoken: deque[Spoken]

    def back(self, backlog: int) -> KeptRoom:
        row = self.row
        modes = modes_of(row.folded, row.modes) if row.modes else None
        spoken = [*self.spoken] if backlog else []
        return KeptRoom(row.name, row.topic, spoken, row.topic_by, row.topic_time, row.created, modes)


def kept(connection: sqlite3.Connection, *, backlog: int, marks: int) -> Kept:
    """Give the rooms that have a topic, modes or a past, those used last first, and the newest marks, oldest first.

    At most `ROOMS` rooms, with the newest ``backlog`` of what was said in each; at most ``marks`` marks.
    """
    with reading(connection) as execute:
        newest = execute("select client, ref, id from mark order by id desc limit ?", (marks,)).fetchall()
        waiting = deque([(Mark(client, ref), number) for client, ref, number in reversed(newest)], maxlen=marks)
        rows = execute(
            f"select {COLUMNS} from room where topic != '' or modes != '' or used > 0 "  # noqa: S608 - constants alone
            "order by used desc, number limit ?",
            (ROOMS,),
        )
        rooms = {row.folded: _restored(execute, backlog, row) for row in [RoomRow(*row) for row in rows.fetchall()]}
        places = {place for (place,) in execute("select folded from room where folded >= '@' and folded < 'A'")}
        (filed,) = execute("select filed from meta").fetchone()
        for turn in readable(decode_turn, execute("select content from turn where last > ? order by last", (filed,))):
            waiting.extend([(Mark(client, ref), number) for client, ref, number in turn.marks if number > filed])
            for event in turn.events:
                if event.id > filed and is_place(where(event)):
                    places.add(where(event))
                elif event.id > filed:
                    _happen(execute, rooms, event, backlog)
        people = remembered(execute)
    alive = [room for room in rooms.values() if room.row.remarkable or room.spoken]
    alive.sort(key=lambda room: room.row.used, reverse=True)
    back = [room.back(backlog) for room in alive[:ROOMS]]
    return Kept(back, [*waiting], sorted(places), people.accounts, people.bans, people.audit)


def _restored(execute: Execute, backlog: int, row: RoomRow) -> _Room:
    """Give a room as it was when its last event was filed; at least one of what was said, to know whether any was."""
    most = max(backlog, 1)
    newest = execute(
        "select content from event where room = ? and spoken = 1 order by id desc limit ?", (row.number, most)
    )
    spoken: deque[Spoken] = deque(maxlen=most)
    spoken.extendleft(readable(_decode_spoken, newest))
    return _Room(row, spoken)


def _happen(execute: Execute, rooms: dict[str, _Room], event: KeptEvent, backlog: int) -> None:
    """Let an event that is not filed yet happen to its room."""
    folded = where(event)
    if folded not in rooms:
        rooms[folded] = _restored(execute, backlog, row_of(execute, folded, event))
    rooms[folded].row.happen(event)
    if isinstance(event, Spoken):
        rooms[folded].spoken.append(event)
