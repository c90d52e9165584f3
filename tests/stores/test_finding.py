"""What is looked for on disk is found as it is in memory, filed or not."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from itertools import count
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lanchat.core.events import Acted, Changed, Joined, Kicked, Parted, Said, Shared, Topic
from lanchat.core.journal import Query
from lanchat.core.modes import Change, Mode
from lanchat.core.names import fold
from lanchat.core.words import phrases
from lanchat.stores import finding
from lanchat.stores.finding import find, limited
from lanchat.stores.journal import KeptEvent, TooSlow, chosen
from lanchat.stores.remembering import kept
from lanchat.stores.turns import Turn
from tests.stores.rows import file, journal, said, stamp


def wanted(**fields: object) -> Query:
    return msgspec.convert({"rooms": ["#dev"], "until": 9_999, "most": 99} | fields, Query)


def numbers(connection: sqlite3.Connection, query: Query) -> list[int]:
    return [event.id for event in find(connection, query).events]


NICKS = ("bob", "Bob", "bo", "_", "al-ice", "ЖeНя", "Ünal", "ß", "bob\u0301")
WORDS = (
    "build",
    "is",
    "green",
    "Builder",
    "bob",
    "bob-",
    "bob\u0301s",
    "al-ice",
    "ice",
    "женя",
    "ünal",
    "💥",
    "漢字",
    "_",
    "ss",
)
ROOMS = ("#dev", "#Dev", "#lobby", "#quiet")
texts = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join) | st.text(max_size=8)
tags = st.none() | st.dictionaries(st.sampled_from(["draft/reply", "typing"]), texts)
changes = st.builds(Change, mode=st.sampled_from(Mode), on=st.booleans(), value=st.sampled_from(["", "5", *NICKS]))
common = {"room": st.sampled_from(ROOMS), "nick": st.sampled_from(NICKS)}
uploaded = {"file": st.just("x1"), "size": st.just(5), "kind": st.just("image/png")}
events = st.one_of(
    st.builds(Said, time=st.just(""), text=texts, notice=st.booleans(), tags=tags, **common),
    st.builds(Acted, time=st.just(""), text=texts, tags=tags, **common),
    st.builds(Shared, time=st.just(""), name=texts, url=st.just("http://h/"), **uploaded, **common),
    st.builds(Joined, time=st.just(""), **common),
    st.builds(Parted, time=st.just(""), **common),
    st.builds(Topic, time=st.just(""), text=texts, **common),
    st.builds(Kicked, time=st.just(""), who=st.sampled_from(NICKS), reason=texts, **common),
    st.builds(Changed, time=st.just(""), changes=st.lists(changes, max_size=3), **common),
)
ids = st.integers(0, 40)
moments = st.just("") | st.integers(0, 8_000).map(stamp)
queries = st.builds(
    Query,
    rooms=st.sets(st.sampled_from(["#dev", "#lobby", "#quiet", "#gone"])).map(frozenset),
    after=st.just(0) | ids,
    until=st.just(99) | ids,
    most=st.integers(0, 9) | st.just(99),
    newest=st.booleans(),
    spoken=st.booleans(),
    nick=st.just("") | st.sampled_from(NICKS).map(fold),
    phrases=st.just(()) | texts.map(phrases) | st.sampled_from(WORDS).map(lambda word: phrases(word[:3] + "*")),
    names=st.just("") | st.sampled_from(NICKS),
    earliest=moments,
    latest=moments,
)


@settings(max_examples=300, deadline=None)
@given(
    happened=st.lists(st.tuples(events, st.integers(1, 3), st.integers(-20, 400)), max_size=30),
    filed=st.integers(0, 30),
    turns=st.integers(1, 9),
    asked=st.lists(queries, min_size=1, max_size=8),
)
def test_it_finds_what_memory_finds(
    happened: list[tuple[KeptEvent, int, int]], filed: int, turns: int, asked: list[Query]
) -> None:
    """Whatever happened and whatever is asked; filed, unfiled, some of each; where a clock goes back a little too."""
    all_of_it: list[KeptEvent] = []
    number, second = 0, 30
    for event, ahead, later in happened:
        number += ahead
        second += later
        all_of_it.append(msgspec.structs.replace(event, id=number, time=stamp(max(second, 0))))
    tail = all_of_it[filed:]
    connection = journal(
        all_of_it[:filed], *(Turn(tail[start : start + turns], []) for start in range(0, len(tail), turns))
    )
    with closing(connection), pytest.MonkeyPatch.context() as patch:
        patch.setattr(finding, "_WALK", 3)
        for query in asked:
            assert find(connection, query) == chosen(all_of_it[::-1] if query.newest else all_of_it, query)


def test_words_lead_to_whoever_is_named() -> None:
    """A nick is one of the words; what only begins like one is another word."""
    talk = [said(1, "bob: hi"), said(2, "bob\u0301s"), said(3, "ask BOB", nick="al"), said(4, "bobby", nick="al")]
    connection = journal(talk)
    query = wanted(names="bob")
    assert numbers(connection, query) == [3]
    assert numbers(connection, wanted(names="bob", nick="al")) == [3]
    assert find(connection, query) == chosen(talk, query)


@pytest.mark.parametrize("newest", [False, True])
def test_beginnings_are_walked_for_first(newest: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as that is not far; then the index is asked for what is left."""
    monkeypatch.setattr(finding, "_WALK", 3)
    asked: list[str] = []
    match = finding._match
    monkeypatch.setattr(finding, "_match", lambda phrases, *rest: asked.append(phrases[-1]) or match(phrases, *rest))
    talk = [said(number, "builders" if number in (1, 5, 9) else "hi") for number in range(1, 10)]
    query = wanted(phrases=["bui*"], newest=newest, most=1)
    assert find(journal(talk), query) == chosen(talk[::-1] if newest else talk, query)
    assert asked == ["bui*"]
    assert numbers(journal(talk), wanted(phrases=["bui*"], newest=newest)) == [1, 5, 9]
    assert numbers(journal(talk), wanted(phrases=["hi", "h*"], newest=newest)) == [2, 3, 4, 6, 7, 8]


def test_many_phrases_are_found() -> None:
    """The index is asked for some of them, the events for all."""
    words = [f"word{number}" for number in range(3_000)]
    connection = journal([said(1, " ".join(words)), said(2, " ".join(words[1:]))])
    assert numbers(connection, wanted(phrases=words)) == [1]


def test_the_newest_or_the_oldest_and_whether_there_are_more() -> None:
    """They come in the order of their numbers, and no more of them than are wanted."""
    talk = [said(number, "hi") for number in range(1, 10)]
    for connection in (journal(talk), journal((), Turn(talk)), journal(talk[:5], Turn(talk[5:7]), Turn(talk[7:]))):
        assert find(connection, wanted(most=3, newest=True)) == (talk[-3:], True)
        assert find(connection, wanted(most=3, until=6, phrases=["hi"])) == (talk[:3], True)
        assert find(connection, wanted(most=3, after=6)) == (talk[6:], False)


def test_days_bound_what_is_looked_at() -> None:
    """Of a long time only what was said in the wanted part of it is read."""
    connection = journal([said(number * 10, "hi") for number in range(1, 500)])
    seen: list[int] = []

    def watch(content: str) -> KeptEvent:
        event = decode(content)
        seen.append(event.id)
        return event

    decode = finding.decode_event
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(finding, "decode_event", watch)
        assert numbers(connection, wanted(earliest=stamp(2_000), latest=stamp(2_021))) == [2000, 2010, 2020]
    assert len(seen) < 60
    assert numbers(connection, wanted(earliest="nonsense")) == []
    assert len(numbers(connection, wanted(latest="nonsense", most=999))) == 499


def test_what_cannot_be_read_hides_nothing_else() -> None:
    """A row or a turn that is damaged is left out."""
    connection = journal([said(number, "hi") for number in range(1, 4)], Turn([said(4, "hi")]), Turn([said(5, "hi")]))
    connection.execute("update event set content = '{' where id = 2")
    connection.execute("update turn set content = x'00' where last = 4")
    assert numbers(connection, wanted()) == [1, 3, 5]
    assert numbers(connection, wanted(phrases=["hi"], newest=True, earliest=stamp(0))) == [1, 3, 5]
    assert [event.id for event in kept(connection, backlog=9, marks=9).rooms[0].spoken] == [1, 3, 5]


def test_a_transaction_that_is_under_way_is_used() -> None:
    """Who asks several things may see one state of the journal in all of them."""
    connection = journal([said(1, "hi")])
    connection.execute("begin")
    assert numbers(connection, wanted()) == [1]
    assert connection.in_transaction


def test_a_search_ends_in_time() -> None:
    """Between two events, and inside of SQLite."""
    talk = [said(number, "hi " * 50) for number in range(1, 2_000)]
    clock = count()
    for connection in (journal(talk), journal((), Turn(talk))):
        with pytest.raises(TooSlow), limited(connection, 5, lambda: next(clock)) as check:
            find(connection, wanted(phrases=["hi"], most=9_999), check)
        assert not connection.in_transaction
        assert len(numbers(connection, wanted(most=9_999))) == 1_999
    connection = journal(talk)
    with pytest.raises(TooSlow), limited(connection, 0, lambda: next(clock)):
        connection.execute("select count(*) from event, event").fetchone()


@pytest.mark.parametrize("fields", [{}, {"rooms": ["#dev"]}, {"phrases": ["hi"]}, {"nick": "bob"}])
def test_what_was_broken_off_holds_nothing_back(tmp_path: Path, fields: dict[str, object]) -> None:
    """The next search sees what came since, even while somebody still looks at why the last one ended."""
    path = tmp_path / "journal"
    talk = [said(number, "hi", "#dev" if number % 2 else "#lobby") for number in range(1, 200)]
    with closing(journal(talk)) as made, closing(sqlite3.connect(path)) as copy:
        made.backup(copy)
        copy.execute("pragma journal_mode = wal")
    with closing(sqlite3.connect(path)) as writer, closing(sqlite3.connect(path, isolation_level=None)) as connection:
        clock = count()
        query = wanted(**({"rooms": ["#dev", "#lobby"], "most": 999, "until": 999} | fields))
        with pytest.raises(TooSlow) as _ended, limited(connection, 1.5, lambda: next(clock)) as check:
            find(connection, query, check)
        file(writer, said(201, "hi"))
        writer.commit()
        assert find(connection, query).events[-1].id == 201


def test_a_limit_hides_no_other_fault() -> None:
    """What is wrong otherwise is told as it is."""
    connection = journal()
    with pytest.raises(sqlite3.OperationalError, match="no such table"), limited(connection, 1):
        connection.execute("select * from nosuch")
