"""A file is brought to the version of this lanchat, and was copied before."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from lanchat.stores.faults import JournalError
from lanchat.stores.upgrades import scripts
from tests.stores.hands import Disks

NEXT = "alter table room add column colour text not null default 'red'"


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_new_file_is_for_its_owner_alone(disks: Disks) -> None:
    """The folder too, when it is made for it."""
    chat = disks.open()
    chat.turn("x")
    assert mode(disks.folder) == 0o700
    assert {path.name: mode(path) for path in disks.folder.iterdir()} == {
        "journal.sqlite3": 0o600,
        "journal.sqlite3-wal": 0o600,
        "journal.sqlite3-shm": 0o600,
        "lock": 0o600,
    }


def test_a_folder_that_is_there_stays_as_it_is(disks: Disks) -> None:
    """It is somebody else's decision who may look into it."""
    disks.folder.mkdir(mode=0o755)
    disks.open()
    assert mode(disks.folder) == 0o755


def test_an_older_file_is_copied_and_brought_up_to_date(disks: Disks) -> None:
    """The copy is as it was, for its owner alone."""
    chat = disks.open()
    chat.turn("x")
    chat.crash()
    chat = disks.open([*scripts(), NEXT])
    assert chat.rows("pragma user_version") == [(len(scripts()) + 1,)]
    assert chat.find() == [1]
    chat.file()
    assert chat.rows("select colour from room") == [("red",)]
    copy = disks.folder / f"journal.sqlite3.before-{len(scripts()) + 1}"
    assert mode(copy) == 0o600
    with closing(sqlite3.connect(copy)) as before:
        assert before.execute("pragma user_version").fetchone() == (len(scripts()),)
        assert before.execute("select count(*) from turn").fetchone() == (1,)
    assert not list(disks.folder.glob("*.part"))


def test_a_file_from_before_rooms_had_modes(disks: Disks) -> None:
    """Who gave a topic and when a room began is found in what was filed; the key is made, and stays."""
    disks.folder.mkdir()
    events = [
        b'{"event":"joined","id":1,"time":"T1","room":"#dev","nick":"al"}',
        b'{"event":"topic","id":2,"time":"T2","room":"#dev","nick":"al","text":"old"}',
        b'{"event":"topic","id":3,"time":"T3","room":"#dev","nick":"bob","text":"build"}',
        b'{"event":"said","id":4,"time":"T4","room":"#dev","nick":"al","text":"{\\"event\\":\\"topic\\"}"}',
        b'{"event":"topic","id":5,"time":"T5","room":"#gone","nick":"al","text":"x"}',
        b'{"event":"topic","id":6,"time":"T6","room":"#gone","nick":"al","text":""}',
        b'{"event":"topic","id":7,',
    ]
    waiting = b'{"events":[{"event":"said","id":8,"time":"T8","room":"#dev","nick":"al","text":"hi"}],"marks":[]}'
    with closing(sqlite3.connect(disks.folder / "journal.sqlite3")) as old, old:
        old.executescript(scripts()[0])
        old.execute("pragma user_version = 1")
        rooms = [("#dev", "#Dev", "build", 4), ("#gone", "#gone", "", 0), ("#lost", "#lost", "pruned", 0)]
        old.executemany("insert into room (folded, name, topic, used) values (?, ?, ?, ?)", rooms)
        rooms_of = [1, 1, 1, 1, 2, 2, 1]
        for number, (room, content) in enumerate(zip(rooms_of, events, strict=True), 1):
            values = (number, room, int(b'"said"' in content), "al", content.decode())
            old.execute("insert into event values (?, ?, ?, ?, ?)", values)
        old.execute("insert into turn values (8, ?)", (waiting,))
        old.execute("update meta set filed = 7, reserved = 8")
    secrets = set()
    for _ in range(2):
        chat = disks.open()
        dev, lost = disks.kept.rooms
        assert (dev.topic, dev.topic_by, dev.topic_time, dev.created, dev.modes) == ("build", "bob", "T3", "T1", None)
        assert (lost.topic, lost.topic_by, lost.topic_time, lost.created) == ("pruned", "", "", "")
        assert [said.id for said in dev.spoken] == [4, 8]
        assert chat.rows("select folded, created from room") == [("#dev", "T1"), ("#gone", "T5"), ("#lost", "")]
        secrets.add(chat.journal.secret)
        chat.close()
    (secret,) = secrets
    assert len(secret) == 16
    assert (disks.folder / f"journal.sqlite3.before-{len(scripts())}").exists()


def test_a_script_that_fails_changes_nothing(disks: Disks) -> None:
    """The file is as it was, and opens with the old version."""
    disks.open().crash()
    with pytest.raises(JournalError, match="no_such_table"):
        disks.open([*scripts(), f"{NEXT}; drop table no_such_table;"])
    chat = disks.open()
    assert chat.turn("x")
    chat.file()
    assert "colour" not in [name for _, name, *_ in chat.rows("pragma table_info(room)")]


def test_a_newer_file_is_left_alone(disks: Disks) -> None:
    """Who can read it is the newer lanchat."""
    disks.open([*scripts(), NEXT]).crash()
    newer = rf"from a newer lanchat \(version {len(scripts()) + 1} .*Use that one, or name another folder"
    with pytest.raises(JournalError, match=newer):
        disks.open()
    disks.open([*scripts(), NEXT])


def test_no_copy_is_made_where_nothing_changes(disks: Disks) -> None:
    """Neither of a new file nor of one that is up to date."""
    disks.open().crash()
    disks.open()
    assert not list(disks.folder.glob("*before*"))
