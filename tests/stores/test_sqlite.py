"""The journal on disk: what is committed stays, whatever happens, and no number is given out twice."""

from __future__ import annotations

import pytest

from lanchat.core.errors import Refused
from lanchat.core.journal import Mark
from lanchat.core.modes import Change, Mode, Modes
from lanchat.stores import sqlite
from lanchat.stores.disk import AHEAD
from lanchat.stores.filing import MARKS
from lanchat.stores.turns import MOST
from tests.stores.hands import Disks, in_memory

# -- committing ------------------------------------------------------------------------------------------------


def test_nothing_is_said_before_it_is_written(disks: Disks) -> None:
    """Output commit: who waits is called when the transaction is done, and not before."""
    chat = disks.open()
    chat.say("hi")
    done = chat.commit()
    assert not done
    assert not chat.rows("select * from turn")
    chat.hands.writer.work()
    assert len(chat.rows("select * from turn")) == 1
    assert not done
    chat.hands.writer.answer()
    assert done == [True]


def test_a_turn_is_one_row(disks: Disks) -> None:
    """However much was said in it, as long as it can be filed in a step."""
    chat = disks.open()
    chat.turn("a", "b", "c")
    assert chat.rows("select last from turn") == [(3,)]


def test_a_big_turn_is_several_rows(disks: Disks) -> None:
    """In one transaction: it is there as a whole or not at all; each mark is beside its event."""
    chat = disks.open()
    for number in range(MOST * 2 + 1):
        chat.say("x", mark=Mark("c", str(number)))
    chat.tell(mark=Mark("c", "told"))
    chat.commit()
    chat.hands.settle()
    assert chat.rows("select last, json_array_length(content, '$.events') from turn") == [
        (MOST, MOST),
        (MOST * 2, MOST),
        (MOST * 2 + 2, 1),
    ]
    marks = "from turn where last ="
    assert chat.rows(f"select json_extract(content, '$.marks[0]') {marks} {MOST}") == [('["c","0",1]',)]
    assert chat.rows(f"select json_array_length(content, '$.marks') {marks} {MOST * 2 + 2}") == [(2,)]


def test_long_texts_make_smaller_rows(disks: Disks) -> None:
    """Whoever looks for something in it reads a row as a whole."""
    chat = disks.open()
    numbers = chat.turn(*["x" * 4_096] * 100)
    assert [last for (last,) in chat.rows("select last from turn order by last")] == [50, 100]
    assert chat.find(most=200) == numbers
    chat.file()
    assert chat.find(most=200) == numbers


def test_what_is_said_meanwhile_waits_for_the_next_commit(disks: Disks) -> None:
    """And that is handed over when the first has ended."""
    chat = disks.open()
    chat.say("one")
    first = chat.commit()
    chat.say("two")
    second = chat.commit()
    chat.hands.writer.work()
    chat.hands.writer.answer()
    assert (first, second) == ([True], [])
    chat.hands.settle()
    assert second == [True]


def test_a_commit_without_events_waits_for_the_one_before(disks: Disks) -> None:
    """The order is kept."""
    chat = disks.open()
    chat.say("one")
    first = chat.commit()
    second = chat.commit()
    chat.hands.writer.work()
    assert (first, second) == ([], [])
    chat.hands.writer.answer()
    assert (first, second) == ([True], [True])


def test_private_words_are_not_written(disks: Disks) -> None:
    """Only that their numbers are given out, and what their sender called them."""
    chat = disks.open()
    chat.tell("secret")
    assert chat.commit() == [True]
    assert not chat.rows("select * from turn")
    chat.tell("secret", mark=Mark("client", "7"))
    chat.commit()
    chat.hands.settle()
    ((content,),) = chat.rows("select content from turn")
    assert content == b'{"events":[],"marks":[["client","7",2]]}'
    chat.file()
    assert chat.rows("select id, client, ref from mark") == [(2, "client", "7")]


# -- numbers -----------------------------------------------------------------------------------------------------


def test_numbers_go_on_after_a_clean_end(disks: Disks) -> None:
    """Without a gap; what was not filed yet is filed at the end."""
    chat = disks.open()
    chat.turn("one", "two")
    identity = chat.journal.identity
    chat.close()
    chat = disks.open()
    assert chat.journal.identity == identity
    assert chat.journal.last == chat.journal.forgotten() == 2
    assert not chat.rows("select * from turn")
    assert chat.turn("three") == [3]
    assert chat.find() == [1, 2, 3]


def test_a_crash_keeps_what_was_committed(disks: Disks) -> None:
    """And nothing else; no number is given out again, also not those of what nobody wrote."""
    chat = disks.open()
    chat.turn("one")
    chat.tell("two")
    assert chat.commit() == [True]
    chat.say("three, not committed")
    chat.crash()
    chat = disks.open()
    assert chat.journal.last == AHEAD
    assert chat.turn("next") == [AHEAD + 1]
    assert chat.find() == [1, AHEAD + 1]


def test_numbers_are_reserved_ahead(disks: Disks) -> None:
    """Before those of the last time are used up; also when nothing but private words is said."""
    chat = disks.open()
    chat.journal.last = AHEAD // 2
    chat.turn("half")
    reserved = AHEAD // 2 + 1 + AHEAD
    assert chat.rows("select reserved from meta") == [(reserved,)]
    chat.journal.last = reserved
    chat.tell()
    done = chat.commit()
    assert not done
    chat.hands.settle()
    assert done == [True]
    chat.crash()
    assert disks.open().journal.last == reserved + 1 + AHEAD


def test_what_was_comes_back(disks: Disks) -> None:
    """Rooms with their topics and modes, what was said there last, marks: filed or not."""
    for filed in (False, True):
        chat = disks.open()
        chat.say("old", room=f"#{filed}", mark=Mark("client", str(filed)))
        chat.topic("a topic", room=f"#{filed}")
        chat.change(Change(Mode.INVITE_ONLY), room=f"#{filed}")
        chat.commit()
        chat.hands.settle()
        if filed:
            chat.file()
        chat.crash()
    disks.open()
    assert [(room.name, room.topic, [said.text for said in room.spoken]) for room in disks.kept.rooms] == [
        ("#True", "a topic", ["old"]),
        ("#False", "a topic", ["old"]),
    ]
    assert [room.modes and room.modes.flags - Modes().flags for room in disks.kept.rooms] == [{Mode.INVITE_ONLY}] * 2
    assert [mark.ref for mark, _ in disks.kept.marks] == ["False", "True"]


def test_the_key_of_addresses_stays(disks: Disks) -> None:
    """As long as the journal does; every journal has another."""
    chat = disks.open()
    secret = chat.journal.secret
    assert len(secret) == 16
    for end in (chat.close, chat.crash):
        end()
        chat = disks.open()
        assert chat.journal.secret == secret
    assert in_memory().journal.secret not in (secret, in_memory().journal.secret)


# -- reading -----------------------------------------------------------------------------------------------------


def test_a_read_waits_for_the_commit_under_way(disks: Disks) -> None:
    """So that what was said before is found."""
    chat = disks.open()
    chat.say("one")
    chat.commit()
    answers = chat.ask()
    assert not chat.hands.reader.jobs
    chat.hands.settle()
    assert [event.id for event in answers[0].events] == [1]  # type: ignore[union-attr]


def test_a_read_of_what_is_older_does_not_wait(disks: Disks) -> None:
    """It has nothing to wait for."""
    chat = disks.open()
    chat.turn("one")
    chat.say("two")
    chat.commit()
    chat.ask(until=1)
    assert len(chat.hands.reader.jobs) == 1


def test_a_read_after_a_commit_that_did_not_have_it_all(disks: Disks) -> None:
    """Waits for the next one, which it asks for."""
    chat = disks.open()
    chat.say("one")
    chat.commit()
    chat.say("two")
    answers = chat.ask()
    chat.hands.writer.work()
    chat.hands.writer.answer()
    assert not chat.hands.reader.jobs
    chat.hands.settle()
    assert [event.id for event in answers[0].events] == [1, 2]  # type: ignore[union-attr]


def test_searches_do_not_hold_up_pages(disks: Disks) -> None:
    """Each has its own worker."""
    chat = disks.open()
    chat.turn("one")
    chat.ask(phrases=("one",))
    chat.ask(names="zoe")
    chat.ask()
    assert (len(chat.hands.searcher.jobs), len(chat.hands.reader.jobs)) == (2, 1)


def test_too_many_reads_are_refused(disks: Disks, monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits is bounded."""
    monkeypatch.setattr(sqlite, "READS", 2)
    chat = disks.open()
    answers = [chat.ask() for _ in range(3)]
    assert isinstance(answers[2][0], Refused)
    assert answers[2][0].code == "busy"
    chat.hands.settle()
    assert chat.find() == []


def test_a_long_search_is_broken_off(disks: Disks) -> None:
    """Its answer says what to do."""
    seconds = 0.0

    def measure() -> float:
        nonlocal seconds
        seconds += 4.0
        return seconds

    chat = disks.open(measure=measure)
    chat.turn("one")
    answers = chat.ask(phrases=("one",))
    chat.hands.searcher.settle()
    assert isinstance(answers[0], Refused)
    assert answers[0].code == "too-slow"


# -- the end -----------------------------------------------------------------------------------------------------


def test_closing_writes_what_is_left(disks: Disks) -> None:
    """Also what nobody has asked to commit, and what waits for a commit under way."""
    chat = disks.open()
    chat.say("one")
    chat.commit()
    chat.say("two")
    done = chat.commit()
    chat.close()
    assert done == [True]
    assert chat.commit() == [True], "nobody waits for ever"
    chat.journal.close()  # type: ignore[attr-defined]
    assert [worker.stopped for worker in vars(chat.hands).values()] == [True] * 3
    chat = disks.open()
    assert chat.find() == [1, 2]
    assert not (disks.folder / "journal.sqlite3-wal").stat().st_size or chat.journal.last == 2


def test_who_looks_back_at_the_end_is_answered(disks: Disks) -> None:
    """Who waited for a commit, and who comes later."""
    chat = disks.open()
    chat.say("one")
    chat.commit()
    chat.say("two")
    waiting = chat.ask()
    chat.close()
    assert len(waiting) == 1
    late = chat.ask()
    assert late[0].code == "no-history"  # type: ignore[union-attr]


def test_closing_does_not_hang(disks: Disks) -> None:
    """A disk that does not answer is waited for only so long."""
    chat = disks.open()
    chat.say("one")
    chat.commit()
    ended: list[None] = []
    chat.journal.close().addCallback(ended.append)  # type: ignore[attr-defined]
    assert not ended
    chat.clock.advance(5)
    assert ended == [None]
    chat.hands.settle()
    assert chat.commit() == [True]


def test_marks_are_bounded(disks: Disks) -> None:
    """The newest stay."""
    chat = disks.open()
    for number in range(MARKS + 5):
        chat.tell(mark=Mark("c", str(number)))
    chat.commit()
    chat.hands.settle()
    chat.file()
    assert chat.rows("select count(*), min(ref + 0) from mark") == [(MARKS, 5)]
    chat.crash()
    disks.open()
    assert len(disks.kept.marks) == MARKS
