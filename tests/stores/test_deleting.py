"""What was deleted is nowhere: not in the journal's files either, byte by byte, whenever it was and whatever fails."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lanchat.core.errors import Refused
from lanchat.core.events import AnyEvent, Deleted
from lanchat.core.journal import Found
from lanchat.stores import purging
from lanchat.stores.checking import check
from lanchat.stores.filing import Filing
from lanchat.stores.folder import JOURNAL
from lanchat.stores.journal import MemoryJournal
from lanchat.stores.purging import Purging, Stage
from lanchat.stores.turns import Turn, encode_turn
from tests.stores.hands import Chat, Disks, Hand, Hands

WORD = b"zebrafish"
TEXT = "look, a zebrafish swims"


def traces(folder: Path, word: bytes = WORD) -> dict[str, int]:
    """Say how often a word stands in each file of a journal that has it."""
    found = {path.name: path.read_bytes().count(word) for path in folder.iterdir()}
    return {name: count for name, count in found.items() if count}


def sound(folder: Path) -> bool:
    return check(folder / JOURNAL).problems == []


def flood(chat: Chat) -> None:
    """Let so much be said that tables grow and shrink."""
    for number in range(30):
        chat.turn(*[f"lorem ipsum {number} word{each} dolor sit amet" for each in range(80)])


@pytest.fixture(params=["waiting", "handed", "turn", "turns", "filed", "half", "flood", "private", "merged"])
def said(request: pytest.FixtureRequest, disks: Disks) -> tuple[Chat, AnyEvent]:
    """A message, at each place where a message may be."""
    chat = disks.open()
    if request.param in ("flood", "merged"):
        flood(chat)
    chat.turn("before")
    if request.param == "half":
        chat.file()
    event = chat.confide(TEXT) if request.param == "private" else chat.say(TEXT)
    match request.param:
        case "handed":
            chat.commit()
        case "turn" | "private":
            chat.turn()
        case "turns":
            chat.turn("after")
            chat.turn("and after")
        case "half":
            chat.turn(*["after"] * 150)
            chat.clock.advance(0.25)
            chat.hands.writer.work()
            assert len(chat.rows("select * from turn")) == 1
            assert chat.rows(f"select * from event where id = {event.id}")
        case "filed" | "flood":
            chat.turn("after")
            chat.file()
        case "merged":
            chat.file()
            chat.turn(*[f"zebrafinch{number} zebra" for number in range(500)])
            chat.file()
            chat.rows("insert into word (word) values ('optimize')")
    return chat, event


def test_no_trace_is_left(said: tuple[Chat, AnyEvent], disks: Disks) -> None:
    """Of the text and of its words in the index, when that is said, and after the end; and the journal is sound."""
    chat, event = said
    answers = chat.delete(event)
    chat.wait(5)
    assert answers == [None]
    assert traces(disks.folder) == {}
    assert chat.find("#lobby", "@alice@bob", phrases=("zebrafish",)) == []
    assert chat.rows("select * from removal") == []
    chat.close()
    assert traces(disks.folder) == {}
    assert sound(disks.folder)
    again = disks.open()
    assert again.find("#lobby", "@alice@bob", phrases=("zebrafish",)) == []
    assert not [event for room in disks.kept.rooms for event in room.spoken if "zebrafish" in event.text]


def test_what_waits_is_deleted_before_it_is_written(disks: Disks) -> None:
    """It never comes to the disk at all."""
    chat = disks.open()
    answers = chat.delete(chat.say(TEXT))
    chat.commit()
    chat.hands.settle()
    assert traces(disks.folder) == {}
    chat.wait(1)
    assert answers == [None]


@pytest.mark.parametrize("filed", [False, True])
@pytest.mark.parametrize("jobs", range(12))
def test_a_crash_between_two_steps_brings_nothing_back(disks: Disks, jobs: int, filed: bool) -> None:
    """Whatever was done until then: once it is committed that it was deleted, it is nowhere after the next start."""
    chat = disks.open()
    flood(chat)
    if filed:
        chat.file()
    event = chat.say(TEXT)
    chat.turn("after")
    if filed:
        chat.file()
    chat.delete(event)
    done = chat.commit()
    writer = chat.hands.writer
    while not done:
        writer.work()
        writer.attend()
    for _ in range(jobs):
        chat.clock.advance(0)
        if writer.jobs:
            writer.work()
            writer.attend()
    chat.crash()
    chat = disks.open()
    assert traces(disks.folder) == {}
    assert chat.find(phrases=("zebrafish",)) == []
    chat.close()
    assert sound(disks.folder)


def test_what_was_filed_as_deleted_is_gone_after_a_crash(disks: Disks) -> None:
    """Even if nobody came to delete it: that it was to be stands in the journal from then on."""
    chat = disks.open()
    event = chat.say(TEXT)
    chat.turn("after")
    chat.submit(Deleted(time=chat.stamp(), nick="bob", room="#lobby", of=event.id))
    chat.turn()
    chat.file()
    assert chat.rows("select number, place from removal") == [(event.id, "")]
    chat.crash()
    chat = disks.open()
    assert traces(disks.folder) == {}
    assert chat.rows("select * from removal") == []


def test_a_page_that_was_begun_before_does_not_bring_it_back(disks: Disks) -> None:
    """Who looks already is shown what is left, and as much of it as they wanted."""
    chat = disks.open()
    chat.turn("one", "two")
    (number,) = chat.turn(TEXT)
    reader = chat.hands.reader
    reader.held = True
    answers = chat.ask(newest=True, most=2)
    chat.hands.settle()
    assert len(reader.answers) == 1  # it was read, and nobody has it yet
    event = chat.said[number - 1]
    deleted = chat.delete(event)
    reader.held = False
    chat.hands.settle()
    (found,) = answers
    assert isinstance(found, Found)
    assert [getattr(each, "text", "") for each in found.events] == ["one", "two"]
    chat.wait(2)
    assert deleted == [None]
    assert chat.journal._hidden == []  # type: ignore[attr-defined]


def test_a_search_in_memory_that_was_begun_before_does_not_bring_it_back() -> None:
    """It looks again."""
    worker = Hand()
    journal = MemoryJournal(searcher=worker)
    chat = Chat(journal, Disks(Path()).clock, Hands())
    event, other = chat.say(TEXT), chat.say("a zebrafish, too")
    answers = chat.ask(phrases=("zebrafish",))
    more = chat.ask(phrases=("zebrafish",))
    worker.work()
    assert chat.delete(event) == [None]
    worker.attend()
    assert answers == []
    worker.settle()
    assert more == answers
    (found,) = answers
    assert isinstance(found, Found)
    assert list(found.events) == [other]
    assert journal._hidden == []


def test_while_history_has_stopped(disks: Disks) -> None:
    """It is said that it takes longer; nobody is shown it meanwhile, and nothing of it is written later."""
    chat = disks.open()
    (number,) = chat.turn("an old zebrafish")
    writer = chat.hands.writer
    handed = chat.say(TEXT)
    chat.commit()
    writer.fault = sqlite3.OperationalError("database or disk is full")
    first = chat.delete(handed)
    chat.hands.settle()
    assert chat.told
    second = chat.delete(chat.said[number - 1])
    third = chat.delete(chat.say("another zebrafish"))
    chat.wait(3)
    refused = [answer.code for answers in (first, second, third) for answer in answers if isinstance(answer, Refused)]
    assert refused == ["not-deleted-yet"] * 3
    assert chat.find(phrases=("zebrafish",)) == []
    writer.fault = None
    chat.wait(120)
    assert len(chat.told) == 2
    assert traces(disks.folder) == {}
    assert [len(answers) for answers in (first, second, third)] == [1, 1, 1]


def test_who_reads_the_file_from_outside_is_waited_for(disks: Disks) -> None:
    """The log cannot be cut off while somebody reads from it; that is tried again."""
    chat = disks.open()
    (number,) = chat.turn(TEXT)
    with closing(sqlite3.connect(disks.folder / JOURNAL, isolation_level=None)) as outside:
        outside.execute("begin")
        outside.execute("select * from turn").fetchall()
        answers = chat.delete(chat.said[number - 1])
        chat.wait(3)
        assert answers == []
        assert chat.find() == [2]
        outside.execute("rollback")
    chat.wait(1)
    assert answers == [None]
    assert traces(disks.folder) == {}


def test_who_reads_at_the_start_is_waited_for(disks: Disks) -> None:
    """The server starts all the same."""
    chat = disks.open()
    event = chat.say(TEXT)
    chat.turn()
    chat.submit(Deleted(time=chat.stamp(), nick="bob", room="#lobby", of=event.id))
    chat.turn()
    chat.crash()
    with closing(sqlite3.connect(disks.folder / JOURNAL, isolation_level=None)) as outside:
        outside.execute("begin")
        outside.execute("select * from turn").fetchall()
        chat = disks.open()
        assert chat.find() == [2]
        assert traces(disks.folder)
        outside.execute("rollback")
    chat.wait(1)
    assert traces(disks.folder) == {}


def test_more_that_is_deleted_meanwhile(disks: Disks) -> None:
    """All of it is gone before it is said of any that came in the middle."""
    chat = disks.open()
    flood(chat)
    numbers = chat.turn(*[f"{TEXT} {number}" for number in range(5)])
    chat.file()
    answers = []
    for number in numbers:
        answers.append(chat.delete(chat.said[number - 1]))
        chat.hands.writer.settle()
        chat.clock.advance(0)
    assert not any(answers)
    chat.wait(3)
    assert answers == [[None]] * 5
    assert traces(disks.folder) == {}


def test_who_goes_on_deleting_is_slowed_down(disks: Disks) -> None:
    """Each time a good part of the file is written anew: a few times at once, then for all that came meanwhile."""
    chat = disks.open()
    numbers = chat.turn(*[f"{TEXT} {number}" for number in range(13)])
    chat.file()
    for number in numbers[:10]:
        answers = chat.delete(chat.said[number - 1])
        chat.wait(0.1)
        assert answers == [None]
    late = [chat.delete(chat.said[number - 1]) for number in numbers[10:]]
    chat.wait(3)
    assert late == [[], [], []]
    found = chat.rows("select count(*) from removal")
    chat.wait(3)
    assert (found, late) == ([(0,)], [[None]] * 3)
    assert traces(disks.folder) == {}


def test_the_end_while_more_than_that_waits(disks: Disks) -> None:
    """It goes all the same."""
    chat = disks.open()
    numbers = chat.turn(*[f"{TEXT} {number}" for number in range(12)])
    for number in numbers:
        chat.delete(chat.said[number - 1])
        chat.wait(0.1)
    chat.close()
    assert traces(disks.folder) == {}


def test_what_is_deleted_while_the_last_step_is_done(disks: Disks) -> None:
    """It has steps of its own."""
    chat = disks.open()
    first, second = chat.turn(TEXT, f"{TEXT} again")
    writer = chat.hands.writer
    answers = chat.delete(chat.said[first - 1])
    chat.turn()
    while chat.rows("select * from removal") or not writer.jobs:
        chat.hands.settle()
        due = min(call.getTime() for call in chat.clock.getDelayedCalls())
        chat.clock.advance(due - chat.clock.seconds())
        writer.work()
        if chat.rows("select * from removal"):
            writer.attend()
            chat.hands.settle()
        else:
            break
    assert answers == []
    later = chat.delete(chat.said[second - 1])
    writer.attend()
    assert (answers, later) == ([None], [])
    chat.wait(2)
    assert later == [None]
    assert traces(disks.folder) == {}


@pytest.mark.parametrize("steps", range(0, 10, 3))
def test_the_end_while_it_is_deleted(disks: Disks, steps: int) -> None:
    """It is done before the journal ends."""
    chat = disks.open()
    flood(chat)
    (number,) = chat.turn(TEXT)
    chat.file()
    answers = chat.delete(chat.said[number - 1])
    more = chat.delete(chat.say(TEXT))
    for _ in range(steps):
        chat.hands.writer.settle()
        chat.clock.advance(0)
    chat.close()
    assert [answer.code for answer in answers + more if answer] == ["not-deleted-yet"] * 2
    assert traces(disks.folder) == {}
    assert sound(disks.folder)
    assert [answer.code for answer in chat.delete(chat.said[0]) if answer] == ["no-history"]


def test_the_end_while_nothing_can_be_written(disks: Disks) -> None:
    """Nobody is told twice, and what was to go is gone after the next start."""
    chat = disks.open()
    (number,) = chat.turn(TEXT)
    chat.hands.writer.fault = sqlite3.OperationalError("disk I/O error")
    chat.hands.writer.held = True
    answers = chat.delete(chat.said[number - 1])
    chat.hands.settle()
    chat.hands.writer.held = False
    chat.hands.writer.fault = None
    chat.close()
    assert len(answers) == 1
    assert disks.open().find(phrases=("zebrafish",)) == []
    assert traces(disks.folder) == {}


def test_what_an_account_was_told_leaves_no_trace(disks: Disks) -> None:
    """Filed or not, the name of the place included; a new owner of the name finds nothing."""
    chat = disks.open()
    for _ in range(250):
        chat.confide(TEXT)
    chat.delete(chat.said[-1])
    chat.turn("public")
    chat.file()
    chat.confide(TEXT, nick="carol")
    chat.turn()
    for _ in range(3):
        chat.confide(TEXT)
    chat.turn()
    chat.confide(TEXT)
    answers = chat.forget("@alice@bob", "@alice@carol")
    assert chat.find("@alice@bob", "@alice@carol") == []
    chat.wait(5)
    assert answers == [None]
    assert traces(disks.folder) == {}
    assert chat.find() != []
    chat.close()
    assert traces(disks.folder, b"@alice@bob") == {}
    assert sound(disks.folder)
    disks.open()
    assert list(disks.kept.places) == []


def test_a_turn_that_cannot_be_read_stays(disks: Disks) -> None:
    """`lanchat verify` names it."""
    chat = disks.open()
    numbers = chat.turn("one", TEXT)
    chat.rows(f"update turn set content = x'7b' where last = {numbers[-1]}")
    answers = chat.delete(chat.said[-1])
    chat.wait(5)
    assert answers == [None]
    assert not sound(disks.folder)


def test_an_event_that_cannot_be_read_goes(disks: Disks) -> None:
    """Its words lead nowhere."""
    chat = disks.open()
    (number,) = chat.turn(TEXT)
    chat.file()
    chat.rows(f"update event set content = '{{' where id = {number}")
    answers = chat.delete(chat.said[number - 1])
    chat.wait(5)
    assert answers == [None]
    assert chat.rows(f"select * from event where id = {number}") == []


def test_many_waiting_turns_are_filed_first(disks: Disks, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that what is left of them is little, and put down anew in one step."""
    monkeypatch.setattr(purging, "_WAITING", 1)
    chat = disks.open()
    flood(chat)
    (number,) = chat.turn(TEXT)
    answers = chat.delete(chat.said[number - 1])
    chat.wait(0)
    chat.wait(0)
    assert answers == [None]
    assert chat.rows("select * from turn") == []
    assert traces(disks.folder) == {}


def test_free_pages_of_an_older_file_are_written_over_once(disks: Disks) -> None:
    """What had been dropped before lanchat wrote zeros over it."""
    chat = disks.open()
    flood(chat)
    execute = chat.disk.connection.execute
    execute("pragma secure_delete = off")
    execute("create table old (text)")
    execute("insert into old values (?)", (TEXT * 5_000,))
    execute("drop table old")
    execute("update meta set wiped = 0")
    chat.crash()
    assert traces(disks.folder)
    chat = disks.open()
    assert chat.rows("select wiped from meta") == [(1,)]
    chat.close()
    assert traces(disks.folder) == {}
    assert sound(disks.folder)


def test_an_error_in_a_step_begins_it_again(disks: Disks) -> None:
    """The steps of a purge are all done again."""
    chat = disks.open()
    (number,) = chat.turn(TEXT)
    purge = Purging(chat.disk, Filing(chat.disk))
    purge.add([purging.Gone(number)])
    broken: Iterator[Stage] = (sqlite3.connect(":memory:").execute("nonsense") for _ in "x")  # type: ignore[misc]
    purge._steps = broken
    with pytest.raises(sqlite3.OperationalError):
        purge.step()
    while purge.step() is not Stage.DONE:
        pass
    assert traces(disks.folder) == {}
    assert encode_turn(Turn([])) in [content for _, content in chat.rows("select * from turn")]


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    actions=st.lists(
        st.tuples(st.sampled_from(["say", "delete", "turn", "file", "wait", "crash", "close"]), st.integers(0, 60)),
        max_size=30,
    )
)
def test_whatever_happens_nothing_is_left_of_what_was_deleted(
    actions: list[tuple[str, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Each message has a word of its own, which is there as long as the message is."""
    disks = Disks(tmp_path_factory.mktemp("lives") / "data")
    chat = disks.open()
    there: dict[str, AnyEvent] = {}
    gone: list[str] = []
    for action, count in actions:
        match action:
            case "say":
                for _ in range(count * 3):
                    word = f"q{len(there) + len(gone):06d}q"
                    there[word] = chat.say(f"{word} and more, lorem ipsum dolor sit amet " * (1 + count % 3))
            case "delete":
                for word in list(there)[count::13]:
                    chat.delete(there.pop(word))
                    gone.append(word)
            case "turn":
                chat.turn()
            case "file":
                chat.turn()
                chat.file()
            case "wait":
                chat.turn()
                chat.wait(count / 20)
            case "crash" | "close":
                chat.turn()
                chat.crash() if action == "crash" else chat.close()
                chat = disks.open()
    chat.turn()
    chat.wait(10)
    stored = b"".join(path.read_bytes() for path in disks.folder.iterdir())
    assert [word for word in gone if word.encode() in stored] == []
    assert [word for word in there if word.encode() not in stored] == []
    chat.close()
    assert sound(disks.folder)
