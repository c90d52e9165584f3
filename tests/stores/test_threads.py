"""The journal on threads of its own, with files on a real disk."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from twisted.internet.task import Clock

from lanchat.core.events import Said
from lanchat.core.journal import Query
from lanchat.stores.sqlite import SqliteJournal
from lanchat.stores.workers import ThreadWorkers


def test_a_journal_lives_on_its_threads(tmp_path: Path) -> None:
    """Each connection stays on one thread; when it is closed, it is whole."""
    live(tmp_path, "full", 0)
    live(tmp_path, "normal", 3)


def live(folder: Path, sync: str, before: int) -> None:
    """Let three things be said and be looked for."""
    here: SimpleQueue[Callable[[], object]] = SimpleQueue()

    def until(done: list[Any]) -> Any:
        while not done:
            here.get(timeout=10)()
        return done[0]

    clock = Clock()
    journal = SqliteJournal(folder, clock, ThreadWorkers(here.put), sync=sync, now=time.time)
    journal.open()
    assert journal.last == before
    for text in ("one", "two", "one"):
        journal.submit(Said(time="", room="#a", nick="bob", text=text), lambda event: None)
    committed: list[bool] = []
    journal.commit(lambda: committed.append(True))
    until(committed)
    clock.advance(1)
    for phrases, count in (((), 3), (("one",), 2)):
        query = Query(rooms=frozenset({"#a"}), after=before, until=journal.last, most=9, phrases=phrases)
        answers: list[Any] = []
        journal.find(query, answers.append)
        assert len(until(answers).events) == count
    ended: list[None] = []
    journal.close().addCallback(ended.append)
    until(ended)
    assert not (folder / "journal.sqlite3-wal").exists()
