"""A journal whose threads are moved by hand: a test may stop between a job and its answer, and let jobs fail."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from twisted.internet.task import Clock

from lanchat.core.errors import Refused
from lanchat.core.events import Acted, AnyEvent, Changed, Deleted, Joined, Kicked, Parted, Said, Told, Topic
from lanchat.core.journal import Found, Journal, Kept, Mark, Query
from lanchat.core.modes import Change
from lanchat.core.names import fold
from lanchat.core.times import Stamper
from lanchat.stores.journal import MemoryJournal
from lanchat.stores.sqlite import SqliteJournal

BEGAN = 1_795_294_800.0
"""When a test's clock begins: some day in November 2026."""


class Hand:
    """A worker: `work` does the next job, `answer` tells what came of it."""

    def __init__(self) -> None:
        self.jobs: deque[tuple[Callable[[], Any], Callable[[Any], object]]] = deque()
        self.answers: deque[Callable[[], object]] = deque()
        self.fault: Exception | None = None
        self.held = False
        """Whether its answers wait for `answer`."""
        self.stopped = False

    def do(self, job: Callable[[], Any], then: Callable[[Any], object]) -> None:
        assert not self.stopped
        self.jobs.append((job, then))

    def wait(self, job: Callable[[], Any]) -> Any:
        return job()

    def attend(self) -> None:
        while self.answers and not self.held:
            self.answer()

    def stop(self) -> None:
        self.stopped = True

    def work(self) -> None:
        job, then = self.jobs.popleft()
        try:
            if self.fault is not None:
                raise self.fault
            answer = job()
        except Exception as error:
            answer = error
        self.answers.append(lambda: then(answer))

    def answer(self) -> None:
        self.answers.popleft()()

    def settle(self) -> bool:
        """Do everything there is to do; says whether there was anything."""
        busy = False
        while self.jobs or (self.answers and not self.held):
            busy = True
            if self.jobs:
                self.work()
            while self.answers and not self.held:
                self.answer()
        return busy


class Hands:
    """The three workers of a journal."""

    def __init__(self) -> None:
        self.writer = Hand()
        self.reader = Hand()
        self.searcher = Hand()

    def settle(self) -> None:
        while any([self.writer.settle(), self.reader.settle(), self.searcher.settle()]):
            pass


class Chat:
    """Talks into a journal, and looks things up in it."""

    def __init__(self, journal: Journal, clock: Clock, hands: Hands) -> None:
        self.journal = journal
        self.clock = clock
        self.hands = hands
        self.said: list[AnyEvent] = []
        """Everything that happened, in the order in which it happened."""
        self.told: list[str] = []
        """What everybody was told of the journal's trouble."""
        self._stamper = Stamper()

    @property
    def disk(self) -> Any:
        return self.journal._disk  # type: ignore[attr-defined]

    def stamp(self) -> str:
        return self._stamper.stamp(self.clock.seconds())

    def submit(self, event: AnyEvent, mark: Mark | None = None) -> AnyEvent:
        self.journal.submit(event, self.said.append, mark)
        return event

    def say(self, text: str = "hi", room: str = "#lobby", nick: str = "bob", mark: Mark | None = None) -> AnyEvent:
        return self.submit(Said(time=self.stamp(), room=room, nick=nick, text=text), mark)

    def act(self, text: str, room: str = "#lobby", nick: str = "bob") -> AnyEvent:
        return self.submit(Acted(time=self.stamp(), room=room, nick=nick, text=text))

    def join(self, room: str = "#lobby", nick: str = "bob") -> AnyEvent:
        return self.submit(Joined(time=self.stamp(), room=room, nick=nick))

    def part(self, room: str = "#lobby", nick: str = "bob") -> AnyEvent:
        return self.submit(Parted(time=self.stamp(), room=room, nick=nick, reason="bye"))

    def topic(self, text: str, room: str = "#lobby", nick: str = "bob") -> AnyEvent:
        return self.submit(Topic(time=self.stamp(), room=room, nick=nick, text=text))

    def kick(self, who: str, room: str = "#lobby", nick: str = "bob", reason: str = "") -> AnyEvent:
        return self.submit(Kicked(time=self.stamp(), room=room, nick=nick, who=who, reason=reason))

    def change(self, *changes: Change, room: str = "#lobby", nick: str = "bob") -> AnyEvent:
        return self.submit(Changed(time=self.stamp(), room=room, nick=nick, changes=[*changes]))

    def notice(self, text: str, tags: dict[str, str] | None, room: str = "#lobby", nick: str = "bob") -> AnyEvent:
        return self.submit(Said(time=self.stamp(), room=room, nick=nick, text=text, notice=True, tags=tags))

    def tell(self, text: str = "psst", mark: Mark | None = None) -> AnyEvent:
        return self.submit(Told(time=self.stamp(), nick="bob", to="alice", text=text), mark)

    def confide(self, text: str = "psst", nick: str = "bob", to: str = "alice", mark: Mark | None = None) -> AnyEvent:
        """Let an account tell another something."""
        return self.submit(Told(time=self.stamp(), nick=nick, to=to, text=text, kept=True), mark)

    def delete(self, event: AnyEvent, nick: str = "bob") -> list[Refused | None]:
        """Take an event away; the list has the answer in it when it is nowhere any more."""
        answers: list[Refused | None] = []
        room, to = getattr(event, "room", ""), getattr(event, "to", "")
        deleted = Deleted(time=self.stamp(), nick=event.nick if to else nick, room=room, to=to, of=event.id)
        self.submit(deleted)
        self.journal.delete(deleted, answers.append)
        return answers

    def forget(self, *places: str) -> list[Refused | None]:
        """Forget what was said in private in these places."""
        answers: list[Refused | None] = []
        self.journal.forget_private(places, answers.append)
        return answers

    def commit(self) -> list[bool]:
        """Ask for a commit; the list has something in it when it is done."""
        done: list[bool] = []
        self.journal.commit(lambda: done.append(True))
        return done

    def turn(self, *texts: str, room: str = "#lobby", nick: str = "bob") -> list[int]:
        """Let a turn pass in which this is said; it is committed, and not filed yet."""
        numbers = [self.say(text, room, nick).id for text in texts]
        done = self.commit()
        self.hands.settle()
        assert done == [True]
        return numbers

    def ask(self, *rooms: str, until: int | None = None, most: int = 10, **wanted: Any) -> list[Found | Refused]:
        """Ask; the list has the answer in it when it is there."""
        answers: list[Found | Refused] = []
        where = frozenset(fold(room) for room in rooms or ("#lobby",))
        upto = self.journal.last if until is None else until
        self.journal.find(Query(rooms=where, until=upto, most=most, **wanted), answers.append)
        return answers

    def find(self, *rooms: str, until: int | None = None, most: int = 10, **wanted: Any) -> list[int]:
        """Find events, and give their numbers."""
        return [event.id for event in self.found(*rooms, until=until, most=most, **wanted).events]

    def found(self, *rooms: str, until: int | None = None, most: int = 10, **wanted: Any) -> Found:
        answers = self.ask(*rooms, until=until, most=most, **wanted)
        self.hands.settle()
        (answer,) = answers
        assert isinstance(answer, Found)
        return answer

    def wait(self, seconds: float) -> None:
        """Let time pass, and let everybody do what there is to do."""
        self.hands.settle()
        end = self.clock.seconds() + seconds
        while True:
            due = [call.getTime() for call in self.clock.getDelayedCalls() if call.getTime() <= end]
            if not due:
                break
            self.clock.advance(max(0.0, min(due) - self.clock.seconds()))
            self.hands.settle()
        self.clock.advance(end - self.clock.seconds())

    def file(self) -> None:
        """Let everything be filed."""
        self.wait(10)
        assert not self.rows("select * from turn")

    def rows(self, statement: str) -> list[Any]:
        found: list[Any] = self.disk.connection.execute(statement).fetchall()
        return found

    def close(self) -> None:
        """End cleanly."""
        assert isinstance(self.journal, SqliteJournal)
        ended: list[None] = []
        self.journal.close().addCallback(ended.append)
        self.hands.settle()
        assert ended == [None]
        assert not self.clock.getDelayedCalls()

    def crash(self) -> None:
        """End as a process ends that is killed: nothing more is written, and nobody is told."""
        assert isinstance(self.journal, SqliteJournal)
        self.disk.close()
        self.journal._folder.leave()
        for reading in (self.journal._reader, self.journal._searcher):
            reading._forget()
        for call in [*self.clock.getDelayedCalls()]:
            call.cancel()


class Disks:
    """Opens journals in one folder, one life after the other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = Clock()
        self.clock.advance(BEGAN)
        self.kept = Kept()
        self.chats: list[Chat] = []

    def open(self, steps: Sequence[str] | None = None, **settings: Any) -> Chat:
        hands = Hands()
        journal = SqliteJournal(
            self.folder,
            self.clock,
            hands,
            now=self.clock.seconds,
            measure=settings.pop("measure", self.clock.seconds),
            steps=steps,
            **settings,
        )
        chat = Chat(journal, self.clock, hands)
        journal.troubled = chat.told.append
        self.kept = journal.open()
        self.chats.append(chat)
        return chat


def in_memory() -> Chat:
    """A chat whose journal is in memory."""
    clock = Clock()
    clock.advance(BEGAN)
    return Chat(MemoryJournal(), clock, Hands())
