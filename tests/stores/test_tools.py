"""The file of a journal is read out, copied and checked from outside, while a server writes to it or not."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from lanchat.core.events import Joined, Said, Topic
from lanchat.stores import tools
from lanchat.stores.checking import check
from lanchat.stores.disk import PAGE, Disk
from lanchat.stores.faults import JournalError
from lanchat.stores.filing import Filing
from lanchat.stores.journal import KeptEvent
from lanchat.stores.tools import back_up, exported, opened, rooms
from lanchat.stores.upgrades import scripts

HAPPENED: list[KeptEvent] = [
    Joined(id=1, time="2026-11-01T00:00:00.000Z", room="#dev", nick="bob"),
    Said(id=2, time="2026-11-01T00:00:01.000Z", room="#dev", nick="bob", text="hi"),
    Topic(id=4, time="2026-11-02T00:00:00.000Z", room="#Lobby", nick="al", text="welcome"),
    Said(id=5, time="2026-11-03T00:00:00.000Z", room="#Lobby", nick="al", text="hello"),
    Said(id=6, time="2026-11-04T00:00:00.000Z", room="#new", nick="al", text="new here"),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.sqlite3"


@pytest.fixture
def disk(path: Path) -> Iterator[Disk]:
    """Give a journal in use: three events are filed, two wait in a turn of their own each."""
    path.touch(0o600)
    with closing(Disk(path, "full", scripts())) as disk:
        disk.commit(HAPPENED[:3], [("c", "1", 2)], 4)
        filing = Filing(disk)
        while filing.file():
            pass
        disk.commit(HAPPENED[3:4], [], 5)
        disk.commit(HAPPENED[4:], [], 6)
        yield disk


def numbers(path: Path, *wanted: str, earliest: str = "") -> list[int]:
    with closing(opened(path)) as connection:
        return [event.id for event in exported(connection, frozenset(wanted), earliest)]


def contents(folder: Path) -> dict[str, bytes]:
    """Give what a journal is: the file and its log."""
    return {each.name: each.read_bytes() for each in folder.glob("journal.sqlite3*") if not each.name.endswith("shm")}


# -- opening ---------------------------------------------------------------------------------------------------


def test_a_journal_in_use_is_left_alone(disk: Disk, path: Path, tmp_path: Path) -> None:
    """Not a byte of it changes, and the server goes on writing while somebody reads."""
    before = contents(tmp_path)
    with closing(opened(path)) as connection:
        events = exported(connection, frozenset(["#dev", "#lobby", "#new"]))
        assert next(events).id == 1
        assert contents(tmp_path) == before
        disk.commit([Said(id=7, time="", room="#dev", nick="bob", text="later")], [], 7)
        disk.checkpoint("truncate")
        assert [event.id for event in events] == [2, 4, 5, 6]
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            connection.execute("update meta set filed = 0")


@pytest.mark.parametrize("mode", [0o700, 0o500])
def test_a_journal_at_rest_is_read(disk: Disk, path: Path, tmp_path: Path, mode: int) -> None:
    """Also in a folder in which nothing can be made."""
    disk.close()
    tmp_path.chmod(mode)
    try:
        assert numbers(path, "#dev") == [1, 2]
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.parametrize(
    ("code", "told"),
    [(sqlite3.SQLITE_CANTOPEN, "cannot be opened"), (sqlite3.SQLITE_READONLY_DIRECTORY, "may only be read")],
)
def test_what_may_only_be_read_is_opened_as_it_is(
    path: Path, code: int, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite cannot make its log there, and need not: nobody is writing.  With a log it must not be passed over."""
    tried: list[str] = []

    def refused(path: Path, how: str) -> tuple[sqlite3.Connection, int]:
        tried.append(how)
        error = sqlite3.OperationalError("unable to open database file")
        error.sqlite_errorcode = code
        raise error

    monkeypatch.setattr(tools, "_tried", refused)
    path.touch()
    for log in (False, True):
        if log:
            path.with_name("journal.sqlite3-wal").touch()
        with pytest.raises(JournalError, match=rf"{told}. Run this as whoever runs the server"):
            opened(path)
    assert tried == ["mode=ro", "mode=ro&immutable=1", "mode=ro"]


def test_what_is_no_journal_is_told(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line says what is wrong, and what to do."""
    with pytest.raises(JournalError, match=r"There is no journal at .* --data DIR"):
        opened(path)
    with pytest.raises(JournalError, match="is a folder"):
        opened(tmp_path)
    with pytest.raises(JournalError, match=r"File name too long. Run this as"):
        opened(tmp_path / ("x" * 999))
    path.write_bytes(b"no database at all" * 99)
    with pytest.raises(JournalError, match=r"is no journal of lanchat, or its beginning is damaged. Name another"):
        opened(path)
    with monkeypatch.context() as patch:
        patch.setattr(os, "access", lambda *_: False)
        with pytest.raises(JournalError, match=r"may not be read. Run this as whoever runs the server"):
            opened(path)


@pytest.mark.parametrize(("version", "told"), [(0, "not a journal"), (99, "newer lanchat"), (1, "older lanchat")])
def test_versions_are_told_apart(path: Path, version: int, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files of other programs and of other versions are not read."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"pragma user_version = {version}")
    monkeypatch.setattr(tools, "scripts", lambda: ["", ""])
    with pytest.raises(JournalError, match=told):
        opened(path)


def test_a_locked_file_is_told(path: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else may have it for themselves."""
    monkeypatch.setattr(tools, "_PATIENCE", 0.0)
    disk.connection.execute("pragma journal_mode = delete")
    disk.connection.execute("begin exclusive")
    with pytest.raises(JournalError, match=r"locked its file. Try again"):
        opened(path)


# -- reading it out --------------------------------------------------------------------------------------------


def test_everything_is_read_out(disk: Disk, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest first, filed or not, page by page."""
    for page in (1_000, 2, 1):
        monkeypatch.setattr(tools, "_PAGE", page)
        assert numbers(path, "#dev", "#lobby", "#new") == [1, 2, 4, 5, 6]
        assert numbers(path, "#lobby") == [4, 5]
        assert numbers(path, "#dev", "#lobby", "#new", earliest="2026-11-02T00:00:00.000Z") == [4, 5, 6]
        assert numbers(path) == []


def test_rooms_are_known_as_soon_as_something_was_said(disk: Disk, path: Path) -> None:
    """Those that are filed, and those that are not."""
    with closing(opened(path)) as connection:
        assert rooms(connection) == {"#dev": "#dev", "#lobby": "#Lobby", "#new": "#new"}


# -- copying it ------------------------------------------------------------------------------------------------


def test_a_copy_has_everything(disk: Disk, path: Path, tmp_path: Path) -> None:
    """It is one file, for its owner alone, and a journal of its own: numbers go on differently in it."""
    copy = tmp_path / "copies" / "monday"
    copy.parent.mkdir()
    assert back_up(path, copy) == 3
    assert [each.name for each in copy.parent.iterdir()] == ["monday"]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert numbers(copy, "#dev", "#lobby", "#new") == [1, 2, 4, 5, 6]
    assert check(copy).problems == []
    with closing(Disk(copy, "full", scripts())) as again:
        assert again.identity != disk.identity


def test_nothing_is_written_over(disk: Disk, path: Path, tmp_path: Path) -> None:
    """Neither a file, nor one that is being made; nor is anything made where nothing can be."""
    copy = tmp_path / "copy"
    copy.write_text("mine")
    with pytest.raises(JournalError, match=r"there already. Name another file"):
        back_up(path, copy)
    assert copy.read_text() == "mine"
    (tmp_path / "other.part").write_text("")
    with pytest.raises(JournalError, match="Remove it"):
        back_up(path, tmp_path / "other")
    with pytest.raises(JournalError, match=r"No such file or directory. Name a file in a folder"):
        back_up(path, tmp_path / "nowhere" / "copy")


def test_a_copy_is_there_as_a_whole_or_not_at_all(
    disk: Disk, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What breaks off leaves nothing behind."""

    def full(*_: object) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    monkeypatch.setattr(tools, "copied", full)
    with pytest.raises(JournalError, match=r"was not made: the disk is full. See to that"):
        back_up(path, tmp_path / "copy")
    assert not list(tmp_path.glob("copy*"))


def test_what_is_damaged_is_not_copied(disk: Disk, path: Path, tmp_path: Path) -> None:
    """A backup that does not help is none."""
    disk.connection.execute("create table spare (word text) ")
    disk.connection.execute("create index by_word on spare (word)")
    disk.connection.execute("insert into spare values ('x')")
    (page,) = disk.connection.execute("select rootpage from sqlite_master where name = 'by_word'").fetchone()
    damage(disk, path, page)
    with pytest.raises(JournalError, match="is damaged, so no backup was made"):
        back_up(path, tmp_path / "copy")
    assert not list(tmp_path.glob("copy*"))
    assert any("by_word" in problem for problem in check(path).problems)


def damage(disk: Disk, path: Path, page: int) -> None:
    """Empty a page of the file: it says that it has nothing in it."""
    disk.checkpoint("truncate")
    disk.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * PAGE + 3)
        file.write(b"\0\0")


# -- checking it -----------------------------------------------------------------------------------------------


def test_a_sound_journal_is_fine(disk: Disk, path: Path, tmp_path: Path) -> None:
    """In use or not; what was counted is said."""
    before = contents(tmp_path)
    counts, problems = check(path)
    assert problems == []
    del counts["bytes"]
    none = dict.fromkeys(("private", "accounts", "bans", "audit"), 0)
    assert counts == {"rooms": 3, "messages": 3, "others": 2, "indexed": 1, "waiting": 2, "marks": 1} | none
    assert contents(tmp_path) == before
    disk.end(6)
    disk.close()
    assert check(path).problems == []


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("update event set content = '{' where id = 2", "events: 2 cannot be read"),
        ("update event set content = cast(x'ff' as text) where id = 2", "events: 2 cannot be read"),
        ("update event set nick = 'al' where id = 2", "events: 2 is not filed as what it is"),
        ("update event set spoken = 0 where id = 2", "events: 2 is not filed as what it is"),
        ("update event set room = 99 where id = 2", "events: 2 is not filed as what it is"),
        ("update room set folded = '#x' where folded = '#dev'", "rooms: #dev is filed as #x"),
        ("update room set modes = '{' where folded = '#dev'", "rooms: the modes of #dev cannot be read"),
        (
            "update room set modes = cast(x'ff' as text) where folded = '#dev'",
            "rooms: the modes of #dev cannot be read",
        ),
        ("update room set folded = '@al@bob' where folded = '#dev'", "rooms: @al@bob is no room"),
        ("delete from word_docsize", "words: 1 messages are not in the index, searching does not find them"),
        ("update word_data set block = zeroblob(9) where id > 10", "words: "),
        ("drop table mark", "marks: no such table: mark"),
        ("update turn set content = x'00' where last = 5", "turns: 5 cannot be read"),
        ("update turn set last = 3 where last = 5", "turns: event 5 of turn 3 comes after 4"),
        ("delete from meta", "numbers: there are 0 rows of them instead of one"),
        ("update meta set reserved = 4", "numbers: event 6 is there, but only 4 were given out"),
        ("update mark set id = 200000", "marks: 1 are of events that are not there yet"),
    ],
)
def test_what_does_not_fit_together_is_named(disk: Disk, path: Path, statement: str, problem: str) -> None:
    """Each problem is a line."""
    disk.connection.execute("pragma ignore_check_constraints = on")
    disk.connection.execute(statement)
    assert any(each.startswith(problem) for each in check(path).problems), check(path).problems


def test_no_place_for_the_copy_is_told(disk: Disk, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And where another could be named."""

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("full")

    monkeypatch.setattr("lanchat.stores.checking.copied", full)
    with pytest.raises(JournalError, match="TMPDIR=DIR lanchat verify"):
        check(path)
