"""A disk that cannot be written stops history, and not the chat."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from twisted.logger import Logger, formatEvent

from lanchat.core.errors import Refused
from lanchat.stores import sqlite, writing
from lanchat.stores.disk import PAGE
from lanchat.stores.faults import JournalError, cause, note
from tests.stores.hands import Chat, Disks

GOES_ON = "History goes on. Nothing that was said meanwhile is lost."


def stopped(chat: Chat, why: str) -> bool:
    return chat.told == [chat.journal.trouble] and chat.told[0].startswith(f"History has stopped: {why}. ")  # type: ignore[attr-defined]


def spoken(chat: Chat, text: str) -> bool:
    """Say something; whether everybody hears it."""
    chat.say(text)
    done = chat.commit()
    chat.hands.settle()
    return done == [True]


def recovers(chat: Chat) -> bool:
    """Wait until it is tried again; whether everything was written, and everybody told."""
    chat.wait(31)
    return (
        chat.told[1:] == [GOES_ON]
        and not chat.journal.trouble
        and chat.find(most=99) == [*range(1, chat.journal.last + 1)]
    )  # type: ignore[attr-defined]


def breaks(chat: Chat) -> None:
    """Let everything that the writer does fail from now on."""
    chat.hands.writer.fault = OSError(5, "Input/output error")


def mends(chat: Chat) -> None:
    chat.hands.writer.fault = None


def overwrite(chat: Chat, page: bytes) -> None:
    """Damage the table of turns."""
    chat.disk.checkpoint("truncate")
    (root,) = chat.rows("select rootpage from sqlite_master where name = 'turn'")[0]
    with (chat.journal._folder.journal).open("r+b") as file:  # type: ignore[attr-defined]
        file.seek((root - 1) * PAGE)
        file.write(page)


def ends(chat: Chat) -> bool:
    """Close the journal; whether that came to an end."""
    ended: list[None] = []
    chat.journal.close().addCallback(ended.append)  # type: ignore[attr-defined]
    chat.hands.settle()
    return ended == [None]


def test_a_full_disk(disks: Disks) -> None:
    """Everybody is told once; what is said meanwhile is heard and found, and written when there is room."""
    chat = disks.open()
    chat.turn("before")
    execute = chat.disk.connection.execute
    execute(f"pragma max_page_count = {execute('pragma page_count').fetchone()[0]}")
    assert spoken(chat, "x" * 50_000)
    assert stopped(chat, "the disk is full")
    for number in range(20):
        assert spoken(chat, f"meanwhile {number}")
    assert chat.find(most=99) == [*range(1, 23)]
    assert chat.find(most=2, newest=True) == [21, 22]
    assert chat.find(most=2) == [1, 2]
    assert chat.find(phrases=("meanwhile 7",)) == [10]
    execute("pragma max_page_count = 1000000")
    assert recovers(chat)


def test_a_file_that_may_only_be_read(disks: Disks) -> None:
    """As when the disk is mounted anew after an error."""
    chat = disks.open()
    chat.disk.connection.execute("pragma query_only = 1")
    assert spoken(chat, "x")
    assert stopped(chat, "its file may only be read")
    chat.disk.connection.execute("pragma query_only = 0")
    assert recovers(chat)


def test_a_big_turn_that_cannot_be_written(disks: Disks) -> None:
    """Nothing of it is, until all of it is."""
    chat = disks.open()
    execute = chat.disk.connection.execute
    execute(f"pragma max_page_count = {execute('pragma page_count').fetchone()[0] + 5}")
    for _ in range(250):
        chat.say("x" * 4_000)
    assert spoken(chat, "x")
    assert stopped(chat, "the disk is full")
    assert not chat.rows("select * from turn")
    execute("pragma max_page_count = 1000000")
    chat.wait(10)
    assert chat.find(most=999) == [*range(1, 252)]


def test_a_file_that_somebody_has_locked(disks: Disks) -> None:
    """It is waited for, but not for ever."""
    chat = disks.open()
    chat.disk.connection.execute("pragma busy_timeout = 1")
    with closing(sqlite3.connect(disks.folder / "journal.sqlite3", isolation_level=None)) as other:
        other.execute("begin immediate")
        assert spoken(chat, "x")
        assert stopped(chat, "another program has locked its file")
    assert recovers(chat)


def test_a_disk_with_errors(disks: Disks) -> None:
    """Whatever SQLite calls them."""
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
    chat = disks.open()
    chat.hands.writer.fault = error
    assert spoken(chat, "x")
    assert stopped(chat, "the disk gives errors")
    mends(chat)
    assert recovers(chat)


def test_a_damaged_file(disks: Disks) -> None:
    """The chat goes on, and says what it is."""
    chat = disks.open()
    chat.turn("before")
    overwrite(chat, os.urandom(PAGE))
    chat.crash()
    with pytest.raises(JournalError, match=r"^damaged: .*\. Look at it with lanchat verify; move it away"):
        disks.open()


def test_a_file_that_is_damaged_meanwhile(disks: Disks) -> None:
    """The same, in the middle of the chat; who looks back is refused."""
    chat = disks.open()
    chat.turn("before")
    chat.disk.checkpoint("truncate")
    path = disks.folder / "journal.sqlite3"
    content = path.read_bytes()
    overwrite(chat, b"\xff" * PAGE)
    chat.disk.connection.execute("pragma shrink_memory")
    assert spoken(chat, "x")
    assert stopped(chat, "its file is damaged")
    answers = chat.ask()
    chat.hands.settle()
    assert isinstance(answers[0], Refused)
    assert answers[0].code == "no-history"
    chat.wait(2)
    assert stopped(chat, "its file is damaged")
    path.write_bytes(content)
    assert recovers(chat)


def test_it_is_tried_again_at_growing_intervals(disks: Disks) -> None:
    """And what is found wrong then is the sentence for who comes in."""
    chat = disks.open()
    chat.hands.writer.fault = error = sqlite3.OperationalError("full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    assert spoken(chat, "x")
    tries = []
    for _ in range(100):
        retry = chat.journal._writing._retry  # type: ignore[attr-defined]
        if (due := round(retry.getTime() - chat.clock.seconds())) not in tries:
            tries.append(due)
        chat.wait(due)
    assert tries == [1, 2, 4, 8, 16, 30]
    error.sqlite_errorcode = sqlite3.SQLITE_READONLY
    chat.wait(30)
    assert len(chat.told) == 1
    assert "may only be read" in chat.journal.trouble  # type: ignore[attr-defined]
    mends(chat)
    assert recovers(chat)


def test_what_is_said_while_it_is_tried_again(disks: Disks) -> None:
    """Does not wait for the attempt, is found, and is written at once when it worked."""
    chat = disks.open()
    breaks(chat)
    assert spoken(chat, "one")
    assert stopped(chat, "Input/output error")
    mends(chat)
    chat.hands.writer.held = True
    chat.clock.advance(1)
    chat.say("two")
    assert chat.commit() == [True]
    assert chat.find() == [1, 2]
    chat.hands.writer.held = False
    chat.hands.settle()
    assert len(chat.rows("select * from turn")) == 2
    assert recovers(chat)


def test_what_waits_is_bounded(disks: Disks, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest is lost; it is counted, and nobody is told that there was nothing."""
    monkeypatch.setattr(writing, "PENDING", 3)
    chat = disks.open()
    breaks(chat)
    for text in "abcde":
        assert spoken(chat, text)
    assert chat.find() == [3, 4, 5]
    assert chat.journal.gone == 2
    mends(chat)
    chat.wait(2)
    assert chat.told[1:] == ["History goes on, but the first 2 messages of the time without it are lost."]
    chat.crash()
    chat = disks.open()
    assert chat.journal.gone == 2
    assert chat.find() == [3, 4, 5]


def test_the_end_while_history_has_stopped(disks: Disks) -> None:
    """It is tried once more; a failure does not keep the server from ending."""
    chat = disks.open()
    breaks(chat)
    assert spoken(chat, "x")
    mends(chat)
    assert ends(chat)
    chat = disks.open()
    breaks(chat)
    assert spoken(chat, "y")
    assert ends(chat)
    chat.disk.close()
    chat.journal._folder.leave()  # type: ignore[attr-defined]
    assert disks.open().find() == [1]


def test_the_end_while_a_commit_fails(disks: Disks) -> None:
    """What it could not write is tried once more too."""
    chat = disks.open()
    breaks(chat)
    chat.say("x")
    done = chat.commit()
    ended: list[None] = []
    chat.journal.close().addCallback(ended.append)  # type: ignore[attr-defined]
    chat.hands.writer.work()
    mends(chat)
    chat.hands.settle()
    assert done == [True]
    assert ended == [None]
    assert disks.open().find() == [1]


def test_causes_in_words() -> None:
    """Also those that nobody thought of."""
    assert cause(OSError(28, "No space left on device")) == "No space left on device"
    assert cause(OSError("odd")) == "odd"
    assert cause(RuntimeError("odd")) == "something is wrong with it (odd)"


# -- starting ----------------------------------------------------------------------------------------------------


def test_two_servers_in_one_folder(disks: Disks) -> None:
    """The second one does not start; when the first is gone it may."""
    chat = disks.open()
    with pytest.raises(JournalError, match=r"^in use by another lanchat: "):
        disks.open()
    chat.crash()
    disks.open()


def test_a_folder_that_cannot_be_made(disks: Disks, tmp_path: Path) -> None:
    """Because there is a file."""
    disks.folder.write_text("")
    with pytest.raises(JournalError, match=r"^this is a file: .* Name a folder."):
        disks.open()
    disks.folder = disks.folder / "below"
    with pytest.raises(JournalError, match=r"^Not a directory: .*\. Name a folder that can be written."):
        disks.open()


def test_a_file_that_cannot_be_made(disks: Disks) -> None:
    """Because something else has its name."""
    (disks.folder / "journal.sqlite3").mkdir(parents=True)
    with pytest.raises(JournalError, match=r"Is a directory"):
        disks.open()


def test_a_file_that_cannot_be_touched(disks: Disks, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is named, and left as it is."""
    opened = os.open

    def refuse(path: Path, flags: int, mode: int = 0o777) -> int:
        if path.name == "journal.sqlite3":
            raise PermissionError(13, "Permission denied")
        return opened(path, flags, mode)

    monkeypatch.setattr("lanchat.stores.folder.os.open", refuse)
    with pytest.raises(JournalError, match=r"^Permission denied: .* See to it that it can be written"):
        disks.open()


def test_a_mistake_of_ours_is_no_fault_of_the_file(disks: Disks, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is shown as what it is; the folder is free again."""
    with monkeypatch.context() as patched:
        patched.setattr(sqlite, "kept", lambda connection, **_: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            disks.open()
    disks.open()


def test_a_file_that_is_something_else(disks: Disks) -> None:
    """It is no database, or that of another program: it is left as it is."""
    disks.folder.mkdir()
    path = disks.folder / "journal.sqlite3"
    path.write_text("something else, and quite a lot of it" * 100)
    with pytest.raises(JournalError, match=r"^damaged: "):
        disks.open()
    path.unlink()
    with closing(sqlite3.connect(path)) as other:
        other.execute("create table cake (name)")
    with pytest.raises(JournalError, match=r"^not a journal of lanchat: .*\. Move it away"):
        disks.open()


def test_a_turn_that_cannot_be_read(disks: Disks) -> None:
    """Is stepped over when the others are filed."""
    chat = disks.open()
    chat.turn("one")
    chat.turn("two")
    chat.turn("three")
    chat.disk.connection.execute("update turn set content = x'78' where last = 2")
    chat.wait(10)
    assert chat.rows("select last from turn") == [(2,)]
    assert chat.find() == [1, 3]


def test_a_mistake_of_ours_is_logged_with_its_traceback() -> None:
    """What a disk does is a line; what the code does has to be found."""
    log = Logger(observer=(events := list[Any]()).append)
    note(log, "it went wrong", OSError(28, "No space left on device"))
    note(log, "it went wrong", RuntimeError("x"))
    assert [formatEvent(event) for event in events] == [
        "it went wrong ([Errno 28] No space left on device)",
        "it went wrong",
    ]
    assert ["log_failure" in event for event in events] == [False, True]
