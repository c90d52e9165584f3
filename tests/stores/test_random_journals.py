"""Whatever is said, filed, closed and killed: memory and disk find the same."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lanchat.core.events import Words
from lanchat.core.journal import Query
from lanchat.core.modes import Change, Mode
from lanchat.stores.journal import Gone, chosen, is_kept
from tests.stores.hands import Chat, Disks

ROOMS = st.sampled_from(["#lobby", "#Dev", "#dev", "#ß"])
NICKS = st.sampled_from(["bob", "Bob", "zoë"])
TEXTS = st.lists(
    st.sampled_from(["green", "Grün", "build", "bob", "zoë:", "a-b", "你好", "\N{WAVING HAND SIGN}", '"', "*"]),
    min_size=1,
    max_size=4,
).map(" ".join)
ACTIONS = st.one_of(
    st.tuples(st.just("say"), TEXTS, ROOMS, NICKS),
    st.tuples(st.just("act"), TEXTS, ROOMS, NICKS),
    st.tuples(st.just("topic"), TEXTS, ROOMS, NICKS),
    st.tuples(st.just("join"), ROOMS, NICKS),
    st.tuples(st.just("kick"), NICKS, ROOMS, NICKS, TEXTS),
    st.tuples(st.just("change"), st.builds(Change, st.sampled_from(Mode), st.booleans(), st.sampled_from(["5", "a"]))),
    st.tuples(st.just("notice"), TEXTS, st.none() | st.dictionaries(st.just("draft/reply"), TEXTS), ROOMS, NICKS),
    st.tuples(st.just("tell"), TEXTS),
    st.tuples(st.just("confide"), TEXTS, NICKS, NICKS),
    st.tuples(st.just("confide"), TEXTS, NICKS, NICKS),
    st.tuples(st.just("delete"), st.floats(0, 1)),
    st.tuples(st.just("forget"), st.sampled_from(["@bob", "@bob@zoë", "@zoë"])),
    st.tuples(st.just("wait"), st.sampled_from([0.1, 0.3, 90.0])),
    st.tuples(st.sampled_from(["commit", "work", "fail", "mend", "close", "crash"])),
)
PLACES = st.sampled_from(["#lobby", "#dev", "#ss", "#none", "@bob", "@bob@zoë"])
QUERIES = st.fixed_dictionaries(
    {
        "rooms": st.sets(st.sampled_from(["#lobby", "#dev", "#ss", "#none", "@bob", "@bob@zoë"]), min_size=1).map(
            frozenset
        ),
        "most": st.integers(1, 12),
        "newest": st.booleans(),
        "spoken": st.booleans(),
        "nick": st.sampled_from(["", "", "bob", "zoë"]),
        "to": st.sampled_from(["", "", "", "bob"]),
        "phrases": st.sampled_from([(), (), ("green",), ("gr*",), ("bob", "build"), ("green build",), ("你 好",)]),
        "names": st.sampled_from(["", "", "Bob", "zoë"]),
        "first": st.floats(0, 1),
        "last": st.floats(0, 1),
        "earliest": st.floats(0, 1) | st.none(),
        "latest": st.floats(0, 1) | st.none(),
    }
)


class Lives:
    """A journal that is killed and opened again; it remembers what it has to find."""

    def __init__(self, disks: Disks) -> None:
        self.disks = disks
        self.chat = disks.open(memory=5)
        self.events: list[Any] = []
        """What was seen by anybody, of all lives."""
        self.gone: list[Gone] = []
        """What was taken away."""

    def do(self, action: str, *values: Any) -> None:
        match action:
            case "work":
                if self.chat.hands.writer.jobs:
                    self.chat.hands.writer.work()
            case "fail" | "mend":
                self.chat.hands.writer.fault = OSError(5, "Input/output error") if action == "fail" else None
            case "close" | "crash":
                self.end(action)
            case "delete":
                self.delete(*values)
            case "forget":
                self.chat.forget(*values)
                gone = Gone(self.chat.journal.last, frozenset(values))
                self.gone.append(gone)
            case _:
                getattr(self.chat, action)(*values)

    def delete(self, which: float) -> None:
        """Take something away that was said in any of the lives, unless it is away."""
        said = [event for event in self.everything() if isinstance(event, Words)]
        if said:
            event = said[int(which * (len(said) - 1))]
            self.chat.delete(event)
            self.gone.append(Gone(event.id))

    def end(self, how: str) -> None:
        chat = self.chat
        chat.hands.writer.fault = None
        chat.wait(0)
        if how == "close" or chat.journal.trouble:  # type: ignore[attr-defined]
            chat.close()
        else:
            chat.commit()
            chat.hands.settle()
            chat.say("nobody sees that")
            lost = chat.said.pop()
            chat.crash()
            assert lost not in self.events
        self.events += chat.said
        self.chat = self.disks.open(memory=5)

    def everything(self) -> list[Any]:
        return [
            event
            for event in self.events + self.chat.said
            if is_kept(event) and not any(gone.takes(event) for gone in self.gone)
        ]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions=st.lists(ACTIONS, max_size=25), queries=st.lists(QUERIES, min_size=1, max_size=6))
def test_memory_and_disk_find_the_same(
    actions: list[tuple[Any, ...]], queries: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Numbers rise strictly over all lives, and nothing that anybody saw is missing."""
    lives = Lives(Disks(tmp_path_factory.mktemp("lives")))
    for action, *values in actions:
        lives.do(action, *values)
    events = lives.everything()
    numbers = [event.id for event in lives.events + lives.chat.said]
    assert numbers == sorted(set(numbers))
    for asked in queries:
        query = concrete(asked, lives.chat, events)
        found = lives.chat.hands, []
        lives.chat.journal.find(query, found[1].append)
        lives.chat.hands.settle()
        assert found[1] == [chosen(reversed(events) if query.newest else events, query)]
    lives.chat.hands.writer.fault = None
    lives.chat.close()


def concrete(asked: dict[str, Any], chat: Chat, events: list[Any]) -> Query:
    """Make a query of fractions: of the numbers, and of the moments."""
    wanted = dict(asked)
    bounds = {}
    for name in ("earliest", "latest"):
        where = wanted.pop(name)
        bounds[name] = events[int(where * (len(events) - 1))].time if events and where is not None else ""
    numbers = [0, *(event.id for event in events), chat.journal.last]
    after, until = (numbers[int(wanted.pop(name) * (len(numbers) - 1))] for name in ("first", "last"))
    return Query(**wanted, **bounds, after=after, until=until)
