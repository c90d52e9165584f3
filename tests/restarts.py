"""A server whose journal is a real one, in a folder, and which may be stopped and started again.

Its threads are none: each job is done when it is given, and its answer comes in the reactor's next turn.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

from lanchat import keeping
from lanchat.core.limits import Limits
from lanchat.keeping import ExportOptions
from lanchat.stores.sqlite import SqliteJournal
from tests.network import EASY, Network, Reactor

RUNNING: list[Kept] = []
"""The servers that were not stopped yet: each holds files open."""


class Prompt:
    """A worker that is done at once."""

    def __init__(self, reactor: Reactor) -> None:
        self._reactor = reactor

    def do(self, job: Callable[[], Any], then: Callable[[Any], object]) -> None:
        try:
            answer = job()
        except Exception as error:
            answer = error
        self._reactor.callFromThread(then, answer)

    def wait(self, job: Callable[[], Any]) -> Any:
        return job()

    def attend(self) -> None:
        """There is nothing that was not told yet."""

    def stop(self) -> None:
        """There is nothing to stop."""


class Prompts:
    """The three of a journal."""

    def __init__(self, reactor: Reactor) -> None:
        self.writer = self.reader = self.searcher = Prompt(reactor)


class Kept(Network):
    """A server on a folder, as `service.py` puts it together."""

    def __init__(self, folder: Path, limits: Limits = EASY, *, reactor: Reactor | None = None) -> None:
        self.folder = folder
        reactor = reactor or Reactor()
        journal = SqliteJournal(folder, reactor, Prompts(reactor), now=reactor.seconds, sync="normal")
        super().__init__(limits, journal=journal, reactor=reactor)
        self.hub.restore(journal.open())
        self.hub.accounts.store, self.hub.server_bans.store = journal.people.accounts, journal.people.bans
        self.hub.audit.store = journal.people.audit
        RUNNING.append(self)

    def passes(self, seconds: float) -> None:
        """Let time pass little by little, as what is done in steps needs it."""
        for _ in range(int(seconds * 20)):
            self.reactor.wait(0.05)

    def stops(self) -> None:
        """Stop as a server does that is told to."""
        assert isinstance(self.journal, SqliteJournal)
        RUNNING.remove(self)
        self.hub.shut()
        for connection in list(self.factory.connections):
            connection.end("The server stops now. Goodbye.")
        self.reactor.wait(3)
        ended: list[None] = []
        self.journal.close().addCallback(ended.append)
        self.reactor.wait(1)
        assert ended == [None]

    def starts_again(self) -> Kept:
        """Give a server that goes on where this one has stopped."""
        self.stops()
        return Kept(self.folder, self.hub.limits, reactor=self.reactor)

    def exported(self, form: str = "text") -> str:
        """Give what ``lanchat export`` writes."""
        options = ExportOptions()
        options.parseOptions(["--data", str(self.folder), "--format", form])
        out, err = BytesIO(), StringIO()
        assert keeping.run(options, out, err, self.reactor.seconds()) == 0, err.getvalue()
        return out.getvalue().decode()

    def traces(self, word: str) -> dict[str, int]:
        """Say how often a word stands in each file of the folder that has it."""
        found = {
            path.name: path.read_bytes().count(word.encode()) for path in self.folder.rglob("*") if path.is_file()
        }
        return {name: count for name, count in found.items() if count}
