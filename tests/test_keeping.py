"""What the commands for what is kept say: export, backup, verify."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
from twisted.python import usage

from lanchat import keeping
from lanchat.core.events import Acted, AnyEvent, Changed, Deleted, Joined, Kicked, Said, Shared, Told, Topic
from lanchat.core.modes import Change, Mode
from lanchat.core.times import local_clock, local_day
from lanchat.keeping import BackupOptions, ExportOptions, VerifyOptions, run
from lanchat.options import data_home
from lanchat.stores.disk import Disk
from lanchat.stores.filing import Filing
from lanchat.stores.journal import KeptEvent
from lanchat.stores.upgrades import scripts

NOW = 1_795_300_000.0  # 2026-11-21, in the evening
EARLY, LATE = "2026-11-01T12:00:00.000Z", "2026-11-21T12:00:00.000Z"
HAPPENED: list[KeptEvent] = [
    Joined(id=1, time=EARLY, room="#dev", nick="bob"),
    Said(id=2, time=EARLY, room="#dev", nick="bob", text="hi\nall"),
    Acted(id=3, time=LATE, room="#dev", nick="bob", text="waves"),
    Topic(id=4, time=LATE, room="#Café", nick="bob", text="x"),
]
FROM_IRC: list[KeptEvent] = [
    Said(id=5, time=LATE, room="#dev", nick="bot", text="built\nin 7 s", notice=True, tags={"draft/reply": "3"}),
    Kicked(id=6, time=LATE, room="#dev", nick="bob", who="bot"),
    Shared(
        id=7, time=LATE, room="#dev", nick="bob", file="x1", name="a.txt", size=5, kind="text/plain", url="/files/x1/a"
    ),
    Changed(id=8, time=LATE, room="#dev", nick="bob", changes=[Change(Mode.BAN, value="bot!*@*")]),
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Give the folder of a server in which something was said."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "journal.sqlite3").touch(0o600)
    with closing(Disk(folder / "journal.sqlite3", "full", scripts())) as disk:
        disk.commit(HAPPENED, [], 4)
    return folder


def tells(options: Any, *arguments: str) -> tuple[int, str, str]:
    """Type a command; gives the exit status, and what it says on either way out."""
    options.parseOptions(arguments)
    out, err = BytesIO(), StringIO()
    status = run(options, out, err, NOW)
    return status, out.getvalue().decode(), err.getvalue()


def at(stamp: str) -> str:
    return f"{local_day(stamp)} {local_clock(stamp)}"


def test_export_is_a_line_for_each_line_that_was_said(data: Path) -> None:
    """With when and where in front; who came and went is left out."""
    assert tells(ExportOptions(), "--data", str(data)) == (
        0,
        f"{at(EARLY)} #dev <bob> hi\n"
        f"{at(EARLY)} #dev <bob> all\n"
        f"{at(LATE)} #dev * bob waves\n"
        f"{at(LATE)} #Café -- bob set the topic of #Café: x\n",
        "",
    )


def test_export_of_what_irc_knows_besides(data: Path) -> None:
    """A notice looks as it does there; what was changed, and what programs add to a text, is for programs."""
    with closing(Disk(data / "journal.sqlite3", "full", scripts())) as disk:
        disk.commit(FROM_IRC, [], 8)
        secret = disk.secret
    _, out, _ = tells(ExportOptions(), "--data", str(data), "--room", "dev")
    assert out.splitlines()[-3:] == [
        f"{at(LATE)} #dev -bot- built",
        f"{at(LATE)} #dev -bot- in 7 s",
        f"{at(LATE)} #dev <bob> sent a.txt (5 bytes): /files/x1/a",
    ]
    _, out, _ = tells(ExportOptions(), "--data", str(data), "--format", "json")
    assert [msgspec.json.decode(line, type=AnyEvent) for line in out.splitlines()] == HAPPENED + FROM_IRC
    assert secret.hex() not in out


def test_export_of_a_room(data: Path) -> None:
    """However it is written, also without the #."""
    for room in ("#dev", "DEV"):
        assert tells(ExportOptions(), "--data", str(data), "--room", room)[1].count("\n") == 3


def test_export_since(data: Path) -> None:
    """Since a day, or the last of them."""
    for since in ("2026-11-10", "7d"):
        assert tells(ExportOptions(), "--data", str(data), "--since", since)[1].count("\n") == 2
    status, _, err = tells(ExportOptions(), "--data", str(data), "--since", "soon")
    assert (status, err) == (1, "lanchat: --since soon: give 7d, 15:04, 2026-11-01 or 2026-11-01T15:04.\n")


def test_export_for_programs(data: Path) -> None:
    """Every event, as JSON clients were told it."""
    _, out, _ = tells(ExportOptions(), "--data", str(data), "--format", "json", "--since", "2026-11-10")
    assert out == (
        f'{{"event":"acted","id":3,"time":"{LATE}","room":"#dev","nick":"bob","text":"waves"}}\n'
        f'{{"event":"topic","id":4,"time":"{LATE}","room":"#Café","nick":"bob","text":"x"}}\n'
    )
    with pytest.raises(usage.UsageError, match="--format xml: say text or json"):
        tells(ExportOptions(), "--data", str(data), "--format", "xml")


def test_export_names_the_rooms_there_are(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To who names another."""
    told = tells(ExportOptions(), "--data", str(data), "--room", "#nosuch")
    assert told == (1, "", "lanchat: --room #nosuch: nothing is kept of it. There are #Café, #dev.\n")
    monkeypatch.setattr(keeping, "_NAMED", 1)
    assert "There are #Café and 1 more.\n" in tells(ExportOptions(), "--data", str(data), "--room", "#nosuch")[2]
    (tmp_path / "journal.sqlite3").touch()
    Disk(tmp_path / "journal.sqlite3", "full", scripts()).close()
    assert "Nothing was said yet.\n" in tells(ExportOptions(), "--data", str(tmp_path), "--room", "#dev")[2]


def test_a_reader_that_has_enough_is_no_fault(data: Path) -> None:
    """``lanchat export | head`` says nothing of a broken pipe."""
    options = ExportOptions()
    options.parseOptions(["--data", str(data)])
    read, write = os.pipe()
    os.close(read)
    err = StringIO()
    with os.fdopen(write, "wb") as out:
        assert run(options, out, err, NOW) == 1
    assert err.getvalue() == ""


def test_where_nothing_can_be_written_that_is_told(data: Path) -> None:
    """A full disk behind standard output."""
    options = ExportOptions()
    options.parseOptions(["--data", str(data)])
    err = StringIO()
    with Path("/dev/full").open("wb") as out:
        assert run(options, out, err, NOW) == 1
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
    assert err.getvalue().startswith("lanchat: No space left on device. See to that")


def test_what_sqlite_says_is_told(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is damaged somewhere in the middle."""

    def damaged(*_: object) -> None:
        error = sqlite3.DatabaseError("malformed")
        error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise error

    monkeypatch.setattr(keeping, "exported", damaged)
    status, _, err = tells(ExportOptions(), "--data", str(data))
    assert status == 1
    assert "its file is damaged" in err
    assert "lanchat verify" in err


def test_ctrl_c_ends_quietly(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the status that shells give it."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(keeping, "exported", interrupted)
    assert tells(ExportOptions(), "--data", str(data)) == (130, "", "")


def test_backup_says_what_it_has(data: Path, tmp_path: Path) -> None:
    """And wants to know where."""
    copy = tmp_path / "copy"
    assert tells(BackupOptions(), "--data", str(data), str(copy)) == (0, f"{copy} has 2 messages.\n", "")
    assert tells(BackupOptions(), "--data", str(data), str(copy))[0] == 1
    with pytest.raises(usage.UsageError, match="Name the file of the backup"):
        tells(BackupOptions(), "--data", str(data))


def test_verify_says_what_it_looked_at(data: Path) -> None:
    """In the folder of a server, or in a file."""
    file = data / "journal.sqlite3"
    told = (
        0,
        f"{file}: {file.stat().st_size:,} bytes\n"
        "2 messages and 2 other events in 2 rooms, 4 of them not filed yet\n"
        "0 messages in the index of words, 0 marks\n"
        "0 accounts, 0 server bans, 0 lines of the audit log\n"
        "fine\n",
        "",
    )
    assert tells(VerifyOptions(), "--data", str(data)) == told
    assert tells(VerifyOptions(), str(file)) == told


def test_verify_names_each_problem(data: Path) -> None:
    """A line each, and what can be done."""
    with closing(sqlite3.connect(data / "journal.sqlite3")) as connection, connection:
        connection.execute("update turn set content = x'00'")
    status, out, err = tells(VerifyOptions(), "--data", str(data))
    assert (status, err) == (1, "")
    assert out.endswith("\nturns: 4 cannot be read\nNot fine: bring a backup back, or go on without what is lost.\n")


def test_the_folder_is_the_servers_unless_told() -> None:
    """The same as the server takes."""
    assert ExportOptions().journal == data_home() / "journal.sqlite3"


def test_options_may_stand_behind_the_file(tmp_path: Path) -> None:
    """As people type them."""
    options = BackupOptions()
    options.parseOptions(["copy", "--data", str(tmp_path)])
    assert (str(options.file), options["data"]) == ("copy", str(tmp_path))
    with pytest.raises(usage.UsageError):
        BackupOptions().parseOptions(["copy", "another"])


@pytest.mark.parametrize("filed", [False, True])
def test_private_words_are_left_out_of_an_export(data: Path, filed: bool) -> None:
    """They are the two people's own; their places are no rooms, and are fine."""
    told = Told(id=9, time=LATE, nick="bob", to="alice", text="psst", kept=True)
    deleted = Deleted(id=10, time=LATE, nick="bob", to="alice", of=8)
    with closing(Disk(data / "journal.sqlite3", "full", scripts())) as disk:
        disk.commit([told, deleted, Deleted(id=11, time=LATE, nick="bob", room="#dev", of=7)], [], 11)
        if filed:
            Filing(disk).file()
    for arguments in ([], ["--format", "json"]):
        status, said, _ = tells(ExportOptions(), "--data", str(data), *arguments)
        assert status == 0
        assert "psst" not in said
        assert "alice" not in said
    status, _, complaint = tells(ExportOptions(), "--data", str(data), "--room", "@alice@bob")
    assert (status, "#dev" in complaint, "alice@bob." in complaint) == (1, True, False)
    status, said, _ = tells(VerifyOptions(), "--data", str(data))
    assert (status, "in 2 rooms and 1 private conversation, " in said) == (0, True)
    assert "private is left out" in ExportOptions().getUsage().replace("\n", " ")
