"""Journals in memory, as the writer would have written them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

import msgspec

from lanchat.core.events import Said, Spoken
from lanchat.core.names import fold
from lanchat.core.words import words_of
from lanchat.stores.finding import place
from lanchat.stores.journal import KeptEvent
from lanchat.stores.rooms import put_row, row_of
from lanchat.stores.turns import Turn
from lanchat.stores.upgrades import scripts


def journal(filed: Iterable[KeptEvent] = (), *turns: Turn) -> sqlite3.Connection:
    """Give a journal in which this is filed, and these turns wait."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.executescript("".join(scripts()))
    for event in filed:
        file(connection, event)
    for turn in turns:
        connection.execute("insert into turn values (?, ?)", (turn.events[-1].id, msgspec.json.encode(turn)))
    return connection


def file(connection: sqlite3.Connection, event: KeptEvent) -> None:
    """File an event."""
    room = row_of(connection.execute, fold(event.room), event)
    room.happen(event)
    number = put_row(connection.execute, room)
    spoken = isinstance(event, Spoken)
    row = (event.id, number, spoken, fold(event.nick), msgspec.json.encode(event).decode())
    connection.execute("insert into event values (?, ?, ?, ?, ?)", row)
    if isinstance(event, Spoken):
        words = (event.id, " ".join(words_of(event.text)), place(number, fold(event.nick)))
        connection.execute("insert into word (rowid, words, room) values (?, ?, ?)", words)


def stamp(second: int) -> str:
    """Give the stamp of so many seconds after nine in the evening."""
    return f"2026-11-21T{21 + second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}.000Z"


def said(number: int, text: str, room: str = "#dev", nick: str = "bob") -> Said:
    """Give what was said in that second."""
    return Said(id=number, time=stamp(number), room=room, nick=nick, text=text)
