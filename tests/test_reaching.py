"""A folder is looked after through the server that has it, or by opening it."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.task import Clock

from lanchat import reaching
from lanchat.control import LONGEST_PATH
from lanchat.passwords import PasswordHash
from lanchat.reaching import UnreachableError, ask
from lanchat.requests import Answer, Request, ShownAccount
from lanchat.stores.disk import Disk
from lanchat.stores.folder import Folder
from lanchat.stores.sqlite import SqliteJournal
from lanchat.stores.upgrades import scripts
from tests.logins import CHEAP
from tests.stores.hands import Chat, Hands

WRITTEN = str(PasswordHash.of("battery staple", CHEAP))


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a server that has run; by a short name, for a socket's path has a bound."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Path, "absolute", lambda path: path)
    folder = Path("data")
    folder.mkdir()
    (folder / "journal.sqlite3").touch(0o600)
    with closing(Disk(Path.cwd() / folder / "journal.sqlite3", "full", scripts())):
        pass
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    return folder


class Server:
    """Who has the folder, and answers at its socket."""

    def __init__(self, folder: Path, *answers: bytes) -> None:
        self.folder = Folder(folder)
        self.heard: list[bytes] = []
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(str(folder / "control"))
        self.socket.listen()
        self._answers = answers
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        for answer in self._answers:
            with suppress(OSError):
                line, _ = self.socket.accept()
                with line:
                    self.heard.append(line.recv(4096))
                    for piece in (answer[:7], answer[7:]):
                        line.sendall(piece)

    def end(self) -> None:
        self._thread.join(5)
        self.socket.close()
        self.folder.leave()


@pytest.fixture
def servers(data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Start who has the folder."""
    monkeypatch.setattr(Path, "absolute", lambda path: path)
    started: list[Server] = []

    def start(*answers: bytes) -> Server:
        started.append(Server(data, *answers))
        return started[-1]

    yield start
    for server in started:
        server.end()


def fails(directory: Path, request: Request) -> str:
    with pytest.raises(UnreachableError) as error:
        ask(directory, request)
    return str(error.value)


# -- a folder that nobody has --------------------------------------------------------------------------------


def test_what_is_done_is_there_the_next_time(data: Path) -> None:
    """And nobody has the folder after it."""
    for _ in range(2):
        Folder(data.absolute()).leave()
        ask(data, Request("new", "alice", WRITTEN))
    (alice,) = ask(data, Request("list")).accounts
    assert (alice.name, alice.admin, alice.here) == ("alice", False, False)
    assert ask(data, Request("add", "alice")) == Answer("alice is an admin of the server now.")
    assert [account.admin for account in ask(data, Request("list")).accounts] == [True]
    assert ask(data, Request("delete", "alice")) == Answer("alice has no account any more.")
    assert ask(data, Request("list")).accounts == []


def test_what_an_account_was_told_goes_with_it(data: Path) -> None:
    """That takes several steps, and pauses between them."""
    for name in ("alice", "bob"):
        ask(data, Request("new", name, WRITTEN))
    clock, hands = Clock(), Hands()
    chat = Chat(SqliteJournal(data, clock, hands, now=clock.seconds), clock, hands)
    chat.journal.open()  # type: ignore[attr-defined]
    chat.confide("look, a zebrafish")
    chat.turn()
    chat.close()
    assert b"zebrafish" in (data / "journal.sqlite3").read_bytes()
    assert ask(data, Request("delete", "alice")) == Answer("alice has no account any more.")
    assert b"zebrafish" not in (data / "journal.sqlite3").read_bytes()


def test_rooms_are_looked_after_too(data: Path) -> None:
    """What an account had in a room is taken from it by events that are kept."""
    ask(data, Request("new", "alice", WRITTEN))
    with closing(Disk((data / "journal.sqlite3").absolute(), "full", scripts())) as disk:
        modes = (
            '{"flags":["members-only"],"lists":{"ban":[["bob!*@*","alice","T1"]]},'
            '"ranks":{"founder":[["alice","","T1"]]}}'
        )
        disk.connection.execute("insert into room (folded, name, modes) values ('#dev', '#dev', ?)", (modes,))
    assert [(ban.mask, ban.room) for ban in ask(data, Request("bans")).bans] == [("bob!*@*", "#dev")]
    assert ask(data, Request("unban", "bob!*@*", room="#dev")).code == ""
    assert ask(data, Request("bans")).bans == []
    assert ask(data, Request("delete", "alice")).code == ""
    clock, hands = Clock(), Hands()
    journal = SqliteJournal(data, clock, hands, now=clock.seconds)
    kept = journal.open()
    assert [room.modes for room in kept.rooms] == []
    assert [line.act for line in kept.audit] == ["admin new", "no ban", "no founder", "admin delete"]
    journal.close()
    hands.settle()


def test_where_there_is_no_journal(tmp_path: Path) -> None:
    """No folder is made."""
    for folder in (tmp_path / "none", tmp_path):
        assert fails(folder, Request("list")) == (
            f"There is no journal in {folder}. Name the folder of a server that keeps one: --data DIR"
        )
    assert not list(tmp_path.iterdir())
    (tmp_path / "file").touch()
    assert fails(tmp_path / "file", Request("list")).startswith("There is no journal in ")
    why = fails(Path("x" * 300), Request("list"))
    assert why.endswith(": File name too long. Run this as whoever runs the server.")


def test_a_journal_that_cannot_be_opened(data: Path) -> None:
    """It is said as the server says it."""
    (data / "journal.sqlite3").write_bytes(os.urandom(32_768))
    assert fails(data, Request("list")).startswith("damaged: ")


def test_a_disk_that_does_not_answer(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not waited for for ever."""
    monkeypatch.setattr(reaching, "PATIENCE", 0.05)
    monkeypatch.setattr(reaching, "perform", lambda *_: None)
    assert fails(data, Request("list")) == (
        "The disk does not answer: nobody knows whether that was saved. Try again."
    )


# -- a server that runs --------------------------------------------------------------------------------------


def test_the_server_that_has_the_folder_is_asked(data: Path, servers: Any) -> None:
    """And answers in pieces."""
    server = servers(b'{"accounts":[{"name":"alice","created":"T1"}]}\n')
    assert ask(data, Request("list")) == Answer(accounts=[ShownAccount("alice", "T1")])
    assert server.heard == [b'{"act":"list"}\n']


@pytest.mark.parametrize("answer", [b"", b"{", b"[]\n", b"\n"])
def test_a_server_that_does_not_answer_rightly(data: Path, servers: Any, answer: bytes) -> None:
    """It ends, or speaks otherwise."""
    servers(answer)
    assert fails(data, Request("list")) == (
        f"A server has {data}, but does not answer (it has ended, or is of another version). "
        "Try again, or stop it first."
    )


def test_a_server_that_answers_without_end(data: Path, servers: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not all of it is read."""
    monkeypatch.setattr(reaching, "_LONGEST", 5)
    servers(b'{"text":"' + b"x" * 100_000)
    assert "but does not answer" in fails(data, Request("list"))


def test_a_server_that_takes_its_time(data: Path, servers: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not waited for for ever."""
    monkeypatch.setattr(reaching, "PATIENCE", 0.05)
    servers()
    assert fails(data, Request("list")) == f"The server in {data} has not answered within 0.05 seconds."


def test_a_socket_of_somebody_else(data: Path, servers: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root could open it here, so the system's answer is made up."""

    class Denied(socket.socket):
        def connect(self, address: Any) -> None:
            raise PermissionError

    servers()
    monkeypatch.setattr(socket, "socket", Denied)
    assert fails(data, Request("list")) == "data/control is somebody else's. Run this as whoever runs the server."


def test_a_server_between_its_folder_and_its_socket(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is waited for a little: it comes up, or leaves the folder."""
    folder = Folder(data.absolute())
    naps: list[float] = []

    def sleep(seconds: float) -> None:
        naps.append(seconds)
        if len(naps) == 3:
            folder.leave()

    monkeypatch.setattr(reaching.time, "sleep", sleep)
    monkeypatch.setattr(Path, "absolute", lambda path: path if "control" in path.name else Path.cwd() / path)
    monkeypatch.setattr(reaching, "check_length", lambda path: None)
    monkeypatch.setattr(reaching, "ask_server", lambda directory, request: None)
    assert ask(data, Request("list")) == Answer()
    assert len(naps) == 3


def test_a_server_that_never_comes_up(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks is told what to do."""
    monkeypatch.setattr(Path, "absolute", lambda path: path)
    monkeypatch.setattr(reaching, "_BETWEEN", 0)
    folder = Folder(data)
    assert fails(data, Request("list")) == (f"A server has {data}, but does not answer. Try again, or stop it first.")
    folder.leave()


def test_a_path_that_no_socket_can_have(tmp_path: Path) -> None:
    """A server that runs there cannot be reached."""
    data = tmp_path / ("x" * LONGEST_PATH)
    folder = Folder(data)
    assert "is too long for a socket" in fails(data, Request("list"))
    assert fails(data, Request("list")).endswith("a shorter path; or stop the server, and try again.")
    folder.leave()
