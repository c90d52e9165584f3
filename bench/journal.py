"""What a journal of a million messages costs: its size, how long it takes to open, to page and to search.

    .venv/bin/python bench/journal.py [--messages 1000000] [--rounds 200] [--keep DIR]

Nine of ten messages are in one room, the words are drawn by Zipf's law from 50,000.  The journal is made in a
temporary folder, or in DIR, where it stays and is taken again.  Prints a table in markdown, times in milliseconds:
until the answer is back on the thread that asked.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from functools import partial
from itertools import accumulate
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory

from twisted.internet.task import Clock

from lanchat.core.errors import Refused
from lanchat.core.events import Said
from lanchat.core.journal import Found, Query
from lanchat.core.times import Stamper
from lanchat.core.words import phrases
from lanchat.stores.disk import Disk
from lanchat.stores.filing import Filing
from lanchat.stores.folder import JOURNAL
from lanchat.stores.journal import KeptEvent
from lanchat.stores.sqlite import SqliteJournal
from lanchat.stores.upgrades import scripts
from lanchat.stores.workers import ThreadWorkers

BUSY, QUIET = "#lobby", "#quiet"
ROOMS = {BUSY: 0.9, "#dev": 0.05, "#help": 0.03, "#music": 0.019, QUIET: 0.001}
NICKS = [f"nick{number}" for number in range(200)]
VOCABULARY = 50_000
START = 1_760_000_000.0
SECONDS = 2.5
"""Between two messages: a million are a month."""


def word(rank: int) -> str:
    """Give the word of that rank: pronounceable, and as short as it is common."""
    syllables = [first + second for first in "bdfgklmnprstvz" for second in "aeiou"]
    spelled = syllables[rank % 70]
    while rank := rank // 70:
        spelled = syllables[rank % 70] + spelled
    return spelled


WORDS = [word(rank) for rank in range(VOCABULARY)]
assert len(set(WORDS)) == VOCABULARY, "no word twice"


def messages(count: int) -> Iterator[Said]:
    """Make up what was said, the same each time."""
    chance = random.Random(1)
    stamp = Stamper().stamp
    weights = list(accumulate(1 / rank for rank in range(1, VOCABULARY + 1)))
    speakers = list(accumulate(1 / rank for rank in range(1, len(NICKS) + 1)))
    rooms = list(ROOMS)
    often = list(accumulate(ROOMS.values()))
    for number in range(1, count + 1):
        words = chance.choices(WORDS, cum_weights=weights, k=chance.randint(5, 20))
        if not number % 50:
            words.append(chance.choice(NICKS))
        (room,), (nick,) = chance.choices(rooms, cum_weights=often), chance.choices(NICKS, cum_weights=speakers)
        yield Said(id=number, time=stamp(START + number * SECONDS), room=room, nick=nick, text=" ".join(words))


def make(path: Path, count: int) -> None:
    """Write the journal as the server does, in turns that are filed later, but without waiting for the disk."""
    path.touch(0o600)
    with closing(Disk(path, "off", scripts())) as disk:
        filing = Filing(disk)
        chance = random.Random(3)
        turn: list[KeptEvent] = []
        size = 1
        for event in messages(count):
            turn.append(event)
            if len(turn) == size or event.id == count:
                marks = [("bench", str(said.id), said.id) for said in turn if not said.id % 10]
                disk.commit(turn, marks, event.id)
                turn, size = [], chance.randint(1, 40)
            if not event.id % 500:
                while filing.file():
                    pass
            if not event.id % 50_000:
                print(f"{event.id:,} messages", file=sys.stderr)
        while filing.file():
            pass
        disk.end(count)


def kinds(chance: random.Random, last: int) -> dict[str, Callable[[], Query]]:
    """Give what is asked, each time with other words."""

    def common() -> str:
        return WORDS[chance.randrange(20)]

    def rare() -> str:
        return WORDS[chance.randrange(VOCABULARY // 2, VOCABULARY)]

    def middling() -> str:
        return WORDS[chance.randrange(200, 2_000)]

    def search(text: str, *rooms: str, nick: str = "", names: str = "", latest: str = "") -> Query:
        return Query(
            rooms=frozenset(rooms),
            until=last,
            most=20,
            newest=True,
            spoken=True,
            phrases=phrases(text),
            nick=nick,
            names=names,
            latest=latest,
        )

    def page(*rooms: str) -> Query:
        until = chance.randrange(last // 50, last)
        return Query(rooms=frozenset(rooms), until=until, most=20, newest=True, spoken=True)

    def resume() -> Query:
        return Query(rooms=frozenset(ROOMS), after=chance.randrange(last), until=last, most=250)

    def moment() -> str:
        return Stamper().stamp(START + chance.random() * last * SECONDS)

    return {
        "a rare word, busy room": lambda: search(rare(), BUSY),
        "a rare word, quiet room": lambda: search(rare(), QUIET),
        "a common word, busy room": lambda: search(common(), BUSY),
        "a common word, quiet room": lambda: search(common(), QUIET),
        "a common word, all rooms": lambda: search(common(), *ROOMS),
        "a word nobody said": lambda: search(common() + "xyz", *ROOMS),
        "a phrase of two common words, busy room": lambda: search(f'"{common()} {common()}"', BUSY),
        "a phrase of two common words, quiet room": lambda: search(f'"{common()} {common()}"', QUIET),
        "a phrase of three common words": lambda: search(f'"{common()} {common()} {common()}"', BUSY),
        "a phrase of four common words": lambda: search(f'"{common()} {common()} {common()} {common()}"', BUSY),
        "a phrase of a common and a rare word": lambda: search(f'"{common()} {rare()}"', BUSY),
        "two words of the middle": lambda: search(f"{middling()} {middling()}", BUSY),
        "three words of the middle": lambda: search(f"{middling()} {middling()} {middling()}", BUSY),
        "a beginning of one letter": lambda: search(common()[:1] + "*", BUSY),
        "a beginning of two letters": lambda: search(common() + "*", BUSY),
        "a beginning of four letters": lambda: search(middling() + "*", BUSY),
        "a beginning of four letters, quiet room": lambda: search(middling() + "*", QUIET),
        "a beginning of two letters, quiet room": lambda: search(common() + "*", QUIET),
        "a rare word and a beginning": lambda: search(f"{rare()} {common()}*", BUSY),
        "a common word, from one who says much": lambda: search(common(), BUSY, nick=NICKS[0]),
        "a common word, from one who says little": lambda: search(common(), BUSY, nick=NICKS[-1]),
        "a common word, from one, quiet room": lambda: search(common(), QUIET, nick=NICKS[-1]),
        "a rare word, from one who says much": lambda: search(rare(), BUSY, nick=NICKS[0]),
        "from one, all rooms": lambda: search("", *ROOMS, nick=chance.choice(NICKS)),
        "from one, quiet room": lambda: search("", QUIET, nick=NICKS[-1]),
        "who named me": lambda: search("", *ROOMS, names=chance.choice(NICKS)),
        "a common word, before a day": lambda: search(common(), BUSY, latest=moment()),
        "a rare word, before a day": lambda: search(rare(), BUSY, latest=moment()),
        "a page, busy room": lambda: page(BUSY),
        "a page, quiet room": lambda: page(QUIET),
        "a page, all rooms": lambda: page(*ROOMS),
        "250 events to resume": resume,
    }


class Opened:
    """A journal as the server has it, with its threads; who asks waits for the answer."""

    def __init__(self, folder: Path) -> None:
        self._calls: SimpleQueue[Callable[[], object]] = SimpleQueue()
        self._journal = SqliteJournal(folder, Clock(), ThreadWorkers(self._calls.put), now=time.time)
        self.kept = self._journal.open()
        self.last = self._journal.last

    def find(self, query: Query) -> Found:
        answers: list[Found | Refused] = []
        self._journal.find(query, answers.append)
        while not answers:
            self._calls.get()()
        found = answers[0]
        assert not isinstance(found, Refused), found.text
        return found

    def close(self) -> None:
        closing = self._journal.close()
        while not closing.called:
            self._calls.get()()


def milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def measure(folder: Path, rounds: int) -> dict[str, list[float]]:
    """Open the journal and ask it, and give the times of each thing, sorted."""
    opening: list[float] = []
    opened: list[Opened] = []
    asked: list[float] = []
    for _ in range(5):
        opening.append(milliseconds(lambda: opened.append(Opened(folder))))
        opened.pop().close()
    times = {"opening: rooms, backlog, marks": sorted(opening)}
    with closing(Opened(folder)) as journal:
        for kind, ask in kinds(random.Random(2), journal.last).items():
            queries = [ask() for _ in range(rounds)]
            times[kind] = sorted([milliseconds(partial(journal.find, query)) for query in queries])
            asked += times[kind]
    times["all questions together"] = sorted(asked)
    return times


def report(times: dict[str, list[float]]) -> Iterator[str]:
    yield "| | p50 | p99 | most |\n|---|---|---|---|\n"
    for kind, taken in times.items():
        p50, p99 = (taken[min(int(len(taken) * part), len(taken) - 1)] for part in (0.5, 0.99))
        yield f"| {kind} | {p50:.2f} | {p99:.2f} | {taken[-1]:.2f} |\n"


def main() -> None:
    parser = argparse.ArgumentParser(description="What a big journal costs.")
    parser.add_argument("--messages", type=int, default=1_000_000, metavar="N")
    parser.add_argument("--rounds", type=int, default=200, metavar="N", help="questions of each kind")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="make it there, or take the one that is there")
    arguments = parser.parse_args()
    with ExitStack() as stack:
        folder = arguments.keep or Path(stack.enter_context(TemporaryDirectory(prefix="lanchat-")))
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / JOURNAL
        if not path.exists():
            part = path.with_name("part")
            seconds = milliseconds(partial(make, part, arguments.messages)) / 1000
            part.rename(path)
            print(f"Made and filed {arguments.messages:,} messages in {seconds:.0f} s, the disk not waited for.\n")
        print(f"{path.stat().st_size / 1e6:,.0f} MB on disk; times in milliseconds.\n")
        sys.stdout.writelines(report(measure(folder, arguments.rounds)))


if __name__ == "__main__":
    main()
