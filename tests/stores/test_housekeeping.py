"""What is done to the file beside the commits: a little at a time, and never in their way."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lanchat.core.modes import Change, Mode
from lanchat.core.words import words_of
from lanchat.stores import housekeeping
from lanchat.stores.disk import SPARE
from lanchat.stores.filing import STEP
from tests.stores.hands import Chat, Disks

DAY = 86_400.0


def filed(chat: Chat) -> int:
    (count,) = chat.rows("select count(*) from event")[0]
    return int(count)


def test_a_turn_is_filed_a_little_later(disks: Disks) -> None:
    """A quarter of a second after its commit, and then nothing is left to do."""
    chat = disks.open()
    chat.wait(1)
    chat.turn("one")
    chat.wait(0.2)
    assert filed(chat) == 0
    chat.wait(0.1)
    assert filed(chat) == 1
    assert not chat.clock.getDelayedCalls()


def test_what_is_filed_stands_in_its_places(disks: Disks) -> None:
    """The room as it is shown last, with its topic; the words of what was said, and of nothing else."""
    chat = disks.open()
    chat.say("Hello World", room="#Dev")
    chat.topic("first", room="#dev")
    chat.topic("second", room="#dev")
    chat.join(room="#dev", nick="Zoë")
    chat.commit()
    chat.file()
    assert chat.rows("select folded, name, topic, used from room") == [("#dev", "#dev", "second", 1)]
    chat.topic("", room="#DEV")
    chat.commit()
    chat.file()
    assert chat.rows("select folded, name, topic, used from room") == [("#dev", "#DEV", "", 1)]
    assert chat.rows("select id, spoken, nick from event order by id") == [
        (1, 1, "bob"),
        (2, 0, "bob"),
        (3, 0, "bob"),
        (4, 0, "zoë"),
        (5, 0, "bob"),
    ]
    assert chat.rows("select rowid from word where word match 'words : hello'") == [(1,)]
    assert chat.rows("select filed from meta") == [(5,)]


def test_many_turns_are_filed_in_steps(disks: Disks) -> None:
    """One after the other as long as nobody speaks; a commit waits for one step at most."""
    chat = disks.open()
    for _ in range(4):
        chat.turn(*["x"] * (STEP // 2))
    chat.clock.advance(1)
    chat.hands.writer.work()
    assert filed(chat) == STEP
    chat.hands.writer.answer()
    chat.say("now")
    chat.commit()
    chat.clock.advance(0)
    assert len(chat.hands.writer.jobs) == 2
    chat.hands.writer.work()
    assert len(chat.rows("select * from turn where last > 200")) == 1
    chat.file()
    assert filed(chat) == 201


def test_filing_yields_to_those_who_speak(disks: Disks) -> None:
    """While commits come, a step is followed by a pause of fifty times its length."""
    seconds = 0.0

    def measure() -> float:
        nonlocal seconds
        seconds += 0.001
        return seconds

    chat = disks.open(measure=measure)
    for _ in range(4):
        chat.turn(*["x"] * STEP)
    chat.clock.advance(0.25)
    chat.say("meanwhile")
    chat.commit()
    chat.hands.settle()
    (call,) = chat.clock.getDelayedCalls()
    assert call.getTime() - chat.clock.seconds() == pytest.approx(0.05)
    chat.file()


def test_filing_in_the_middle_of_a_big_turn(disks: Disks) -> None:
    """All of it is found, however much of it is filed."""
    chat = disks.open()
    numbers = chat.turn(*["x"] * (STEP * 3))
    chat.clock.advance(1)
    chat.hands.writer.work()
    assert filed(chat) == STEP
    assert chat.find(most=999) == numbers
    assert chat.find(most=999, phrases=("x",)) == numbers
    chat.crash()
    assert disks.open().find(most=999) == numbers


def test_filing_is_tried_again(disks: Disks) -> None:
    """A failure is no trouble: what is committed is found all the same."""
    chat = disks.open()
    chat.turn("one")
    chat.hands.writer.fault = sqlite3.OperationalError("odd")
    chat.wait(10)
    assert chat.find() == [1]
    chat.hands.writer.fault = None
    chat.wait(60)
    assert filed(chat) == 1
    assert not chat.told


def test_old_events_go(disks: Disks) -> None:
    """And nothing of them is left in any index; it is said up to which number something is gone."""
    chat = disks.open(keep_seconds=30 * DAY)
    chat.turn("old words", room="#old")
    chat.join(room="#lobby")
    chat.turn("old too")
    chat.wait(15 * DAY)
    chat.turn("young words")
    chat.wait(14 * DAY)
    assert chat.find("#lobby", "#old") == [1, 2, 3, 4]
    assert chat.journal.gone == 0
    chat.wait(2 * DAY)
    assert chat.find("#lobby", "#old") == [4]
    assert chat.journal.gone == 3
    assert chat.rows("select id from event") == [(4,)]
    assert chat.rows("select folded from room") == [("#lobby",)]
    assert chat.rows("select rowid from word where word match 'old'") == []
    assert chat.rows("select rowid from word where word match 'words'") == [(4,)]
    chat.crash()
    assert disks.open().journal.gone == 3


def test_events_that_are_too_many_go(disks: Disks) -> None:
    """The oldest first, in small steps; counted also after the next start."""
    chat = disks.open()
    chat.turn(*["x"] * (STEP * 3))
    chat.close()
    chat = disks.open(keep_events=10)
    chat.clock.advance(1)
    chat.hands.writer.settle()
    chat.clock.advance(0)
    chat.hands.writer.settle()
    assert chat.journal.gone == STEP
    chat.wait(60)
    assert chat.find(most=999) == [*range(STEP * 3 - 9, STEP * 3 + 1)]
    chat.turn("y")
    chat.wait(70)
    assert chat.find(most=999)[0] == STEP * 3 - 8


def test_long_texts_go_in_smaller_steps(disks: Disks) -> None:
    """As they came."""
    chat = disks.open(keep_events=1)
    chat.turn(*["x" * 4_096] * 10)
    chat.clock.advance(1)
    while filed(chat) != 10:
        chat.hands.writer.settle()
        chat.clock.advance(0)
    chat.hands.writer.work()
    assert filed(chat) == 7
    chat.wait(10)
    assert chat.find() == [10]


def test_a_room_with_a_topic_stays(disks: Disks) -> None:
    """Though nothing that was said in it is left."""
    chat = disks.open(keep_seconds=DAY)
    chat.topic("stay", room="#kept")
    chat.commit()
    chat.wait(2 * DAY)
    assert filed(chat) == 0
    assert chat.rows("select folded, topic from room") == [("#kept", "stay")]


def test_a_room_with_modes_stays(disks: Disks) -> None:
    """As long as they are not those of a new room: who comes first after a restart must not find it open."""
    chat = disks.open(keep_seconds=DAY)
    chat.say("secret plan", room="#locked")
    chat.change(Change(Mode.INVITE_ONLY), room="#locked")
    chat.change(Change(Mode.HIDDEN), room="#unlocked")
    chat.change(Change(Mode.HIDDEN, on=False), room="#unlocked")
    chat.commit()
    chat.wait(2 * DAY)
    assert filed(chat) == 0
    assert chat.rows("select folded, modes from room") == [("#locked", '{"flags":["invite-only","members-only"]}')]
    chat.crash()
    disks.open()
    ((name, *_, modes),) = disks.kept.rooms
    assert (name, modes and modes.flags) == ("#locked", {Mode.MEMBERS_ONLY, Mode.INVITE_ONLY})


def test_events_that_cannot_be_read_go_too(disks: Disks) -> None:
    """When they are the oldest."""
    chat = disks.open(keep_seconds=DAY)
    chat.turn("x")
    chat.wait(1)
    chat.disk.connection.execute("update event set content = 'x'")
    chat.wait(61)
    assert filed(chat) == 0


def test_the_log_is_emptied(disks: Disks, monkeypatch: pytest.MonkeyPatch) -> None:
    """When it has become long; mostly on the reader's thread, so that no commit waits for it."""
    monkeypatch.setattr(housekeeping, "_LOG", 10_000)
    chat = disks.open()
    for number in range(100):
        chat.turn(str(number))
    long = chat.disk.log_size()
    chat.wait(1)
    chat.turn("more")
    assert 0 < chat.disk.log_size() < long / 10
    chat.file()


def test_the_log_has_its_length_from_the_beginning(disks: Disks) -> None:
    """To write over it is quicker than to make it longer; what it has of a crash stays."""
    chat = disks.open()
    log = disks.folder / "journal.sqlite3-wal"
    assert log.stat().st_size == SPARE
    chat.turn("one")
    chat.crash()
    chat = disks.open()
    assert chat.find() == [1]
    assert log.stat().st_size == SPARE


def test_the_log_may_be_in_the_middle_of_it_at_the_end(disks: Disks, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who closes the file empties it anyway."""
    monkeypatch.setattr(housekeeping, "_LOG", 10_000)
    chat = disks.open()
    chat.turn("one")
    chat.clock.advance(1)
    chat.hands.writer.settle()
    assert len(chat.hands.reader.jobs) == 1
    chat.close()
    assert chat.disk.log_size() == 0


def test_a_log_that_is_not_there_is_empty(disks: Disks) -> None:
    """SQLite takes it away when nobody needs it."""
    chat = disks.open()
    chat.disk.connection.execute("pragma journal_mode = delete")
    assert chat.disk.log_size() == 0


def test_steps_that_end_late_change_nothing(disks: Disks) -> None:
    """The journal was closed meanwhile."""
    chat = disks.open()
    chat.turn("x")
    chat.clock.advance(1)
    ended: list[None] = []
    chat.journal.close().addCallback(ended.append)  # type: ignore[attr-defined]
    chat.hands.settle()
    assert ended == [None]


TEXTS = st.lists(st.text(st.sampled_from("aä ß你好😀-x"), min_size=1, max_size=12), min_size=1, max_size=8)


@given(texts=TEXTS)
def test_no_word_stays_of_what_is_gone(texts: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever the script: an index without content forgets only what it is told exactly."""
    disks = Disks(tmp_path_factory.mktemp("data"))
    chat: Any = disks.open(keep_events=1)
    chat.turn(*texts, "last")
    chat.wait(200)
    for word in {word for text in texts for word in words_of(text)}:
        assert chat.rows(f"select rowid from word where word match '\"{word}\"'") == []
    chat.crash()
