"""The ``lanchat`` command says what it can do, and hands on to whoever does it."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from lanchat import __version__, cli, service
from twisted import logger


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    """--version says which lanchat this is."""
    with pytest.raises(SystemExit) as ended:
        cli.main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"lanchat {__version__}\n"


@pytest.mark.parametrize("arguments", [[], ["nosuch"], ["certs", "--nosuch"]])
def test_what_cannot_be_read_is_told_in_one_line(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """No command, an unknown one or an unknown option: one line on stderr, exit status 2."""
    assert cli.main(arguments) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("lanchat: ")
    assert told.err.count("\n") == 1


def test_arguments_are_the_process_own(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Called without arguments it takes those that were typed."""
    monkeypatch.setattr(sys, "argv", ["lanchat"])
    assert cli.main() == 2
    names = "serve, join, forget, certs, admin-hash, admin, export, backup or verify"
    assert f"Name a command: {names}." in capsys.readouterr().err


COMMANDS = ("serve", "join", "forget", "certs", "admin-hash", "admin", "export", "backup", "verify")


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every command explains itself."""
    with pytest.raises(SystemExit) as ended:
        cli.main([command, "--help"] if command else ["--help"])
    assert ended.value.code in (0, None)
    told = capsys.readouterr().out
    assert "Usage: " in told
    if not command:
        assert all(name in told for name in COMMANDS)


def test_certs_makes_certificates(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    """``lanchat certs`` writes its files where one stands."""
    monkeypatch.chdir(tmp_path)
    assert cli.main(["certs", "--name", "room-1.local"]) == 0
    assert (tmp_path / "certs" / "server.pem").exists()
    assert "SHA256:" in capsys.readouterr().out


@pytest.mark.parametrize(("command", "function"), [(["join", "room-1"], "run"), (["forget", "room-1"], "forget")])
def test_client_commands_hand_on(command: list[str], function: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the client gives is the exit status."""
    main = ModuleType("lanchat.client.main")
    setattr(main, function, lambda options: 7)
    monkeypatch.setitem(sys.modules, "lanchat.client.main", main)
    assert cli.main(command) == 7


@pytest.mark.parametrize("command", [["export"], ["backup", "copy"], ["verify"]])
def test_what_is_kept_is_nobodys_before_a_server_ran(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The commands for it say so in one line, with the cure."""
    assert cli.main([command[0], "--data", str(tmp_path), *command[1:]]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == (
        f"lanchat: There is no journal at {tmp_path}/journal.sqlite3. Name the folder of a server: --data DIR.\n"
    )


def test_serve_runs_until_it_is_told_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    """``lanchat serve`` starts the same service as twistd, and stops it when the reactor does."""
    from twisted.internet import reactor

    did: list[str] = []

    class Served:
        def __init__(self, options: Any) -> None:
            did.append(options.ports[0].written)

        def startService(self) -> None:
            did.append("started")

        def stopService(self) -> None:
            did.append("stopped")

    triggers: list[Any] = []
    monkeypatch.setattr(service, "makeService", Served)
    monkeypatch.setattr(logger.globalLogBeginner, "beginLoggingTo", lambda observers, **_: did.append("log"))
    monkeypatch.setattr(reactor, "addSystemEventTrigger", lambda *what: triggers.append(what))
    monkeypatch.setattr(reactor, "run", lambda: [trigger[-1]() for trigger in triggers])
    assert cli.main(["serve", "--port", "tcp:0"]) == 0
    assert did == ["log", "tcp:0", "started", "stopped"]
    assert triggers[0][:2] == ("before", "shutdown")


def test_line_for_an_admin_is_made(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """``lanchat admin-hash`` takes the password from a pipe."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("correct horse\n"))
    assert cli.main(["admin-hash", "root"]) == 0
    assert capsys.readouterr().out.startswith("root $scrypt$")
