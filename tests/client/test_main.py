"""What happens before a reactor runs; the rest is in tests/live/test_client.py."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from lanchat.cli import main as lanchat
from lanchat.client import main
from lanchat.client.endings import CannotConnect
from lanchat.client.known_logins import KnownLogins
from lanchat.client.proof import Secret
from lanchat.client.reach import Reach


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of the test's own, no terminal, and Twisted's log left alone."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr(main, "_log_bugs_only", lambda: None)
    return tmp_path / "lanchat"


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        (["join"], 2, "Name the server: lanchat join HOST[:PORT]"),
        (["join", "nosuch:a:b:c"], 2, "is no port"),
        (["join", "tcp:a:b:c:d"], 2, "Write it as in"),
        (["join", "room-1", "--ca", "/nowhere"], 1, "--ca /nowhere: No such file"),
        (["forget"], 2, "Name one server"),
        (["forget", "room-1"], 1, "There is no key of room-1:5555"),
    ],
)
def test_what_cannot_be_is_one_line(
    typed: list[str], status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert lanchat(typed) == status
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("lanchat: ")
    assert said in err
    assert err.count("\n") == 1


def test_a_key_is_forgotten(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home.mkdir()
    (home / "known_servers").write_text("room-1:5555 SHA256:x\n")
    assert lanchat(["forget", "Room-1"]) == 0
    assert "The key of room-1:5555 is forgotten" in capsys.readouterr().out
    assert (home / "known_servers").read_text() == ""


def test_keys_that_cannot_be_read_are_said(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "known_servers").mkdir(parents=True)
    assert lanchat(["forget", "room-1"]) == 1
    assert "Is a directory" in capsys.readouterr().err


def test_closed_standard_files_are_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    class Closed:
        """An os module of a process whose standard input is closed."""

        devnull, O_RDWR = os.devnull, os.O_RDWR

        @staticmethod
        def fstat(descriptor: int) -> None:
            if descriptor == 0:
                raise OSError(9, "Bad file descriptor")

        @staticmethod
        def open(path: str, flags: int) -> None:
            opened.append(path)

    monkeypatch.setattr(main, "os", Closed)
    main._open_what_is_closed()
    assert opened == [os.devnull]


def test_without_stderr_nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    assert main._complain("x", 2) == 2


def test_with_the_key_its_logins_are_forgotten(home: Path) -> None:
    home.mkdir()
    (home / "known_servers").write_text("room-1:5555 SHA256:x\n")
    logins = KnownLogins(home / "logins")
    for key in ("SHA256:x", "SHA256:y"):
        logins.remember(key, "ann", "t" * 20)
    assert lanchat(["forget", "room-1"]) == 0
    assert (logins.find("SHA256:x", "ann"), logins.find("SHA256:y", "ann")) == ("", "t" * 20)


def test_logins_of_a_server_without_a_key_are_forgotten(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """That is one without TLS, on this machine."""
    home.mkdir()
    logins = KnownLogins(home / "logins")
    logins.remember("plain:localhost:5555", "ann", "t" * 20)
    assert lanchat(["forget", "localhost"]) == 0
    assert (
        capsys.readouterr().out == "The logins of localhost:5555 are forgotten: you are asked for a password again.\n"
    )
    assert logins.find("plain:localhost:5555", "ann") == ""
    assert lanchat(["forget", "localhost"]) == 1


def test_programs_put_passwords_into_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANCHAT_PASSWORD", "correct horse")
    proof = main._proof(Reach("s", None, CannotConnect))
    assert proof.has_spare(Secret.PASSWORD)
    assert not proof.has_spare(Secret.SERVER_PASSWORD)
    assert proof.hello("ann") == {"password": "correct horse"}
