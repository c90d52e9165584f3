"""What a server reads again while it runs."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from twisted.logger import LogEvent, formatEvent

from lanchat.options import Options
from lanchat.reloading import Reloading
from lanchat.tls import ReloadableContext
from tests.fakes import Chat
from tests.network import CA


@pytest.fixture
def pem(tmp_path: Path) -> Path:
    path = tmp_path / "server.pem"
    CA.issue_cert("room-1.local").private_key_and_cert_chain_pem.write_to_path(path)
    return path


@pytest.fixture
def motd(tmp_path: Path) -> Path:
    path = tmp_path / "motd"
    path.write_text("old")
    return path


class Server:
    """A server that has read its files once."""

    def __init__(self, *arguments: str) -> None:
        options = Options()
        options.parseOptions(["--port", "tcp:0", "--data", "none", *arguments])
        self.hub = Chat().hub
        self.hub.motd = "old"
        self.files = Reloading(options, self.hub)

    @property
    def context(self) -> ReloadableContext:
        ((option, context),) = self.files.contexts()
        assert option == "--certificate"
        return context


def lines(logged: list[LogEvent]) -> list[str]:
    return [str(formatEvent(event)) for event in logged]


def test_new_files_are_taken(motd: Path, pem: Path, logged: list[LogEvent]) -> None:
    """The message of the day and the certificate are read again, and new people meet the new ones."""
    server = Server("--motd", str(motd), "--certificate", str(pem))
    before = server.context.certificate
    motd.write_text("new")
    CA.issue_cert("room-1.local").private_key_and_cert_chain_pem.write_to_path(pem)
    assert server.files.reload() == []
    assert server.hub.motd == "new"
    assert server.context.certificate != before
    assert lines(logged) == [f"--motd {motd} reloaded", "--certificate: certificate reloaded"]


def test_bad_files_leave_the_old_in_force(motd: Path, pem: Path, logged: list[LogEvent]) -> None:
    """Who asked for it is told why, and the log says so."""
    server = Server("--motd", str(motd), "--certificate", str(pem))
    before = server.context.getContext()
    motd.unlink()
    shutil.copy(__file__, pem)
    problems = server.files.reload()
    assert server.hub.motd == "old"
    assert server.context.getContext() is before
    assert problems[0] == f"--motd {motd} not reloaded, the old one stays: No such file or directory"
    assert problems[1].startswith("--certificate: certificate not reloaded, the old one stays: ")
    assert lines(logged) == problems


def test_nothing_to_read() -> None:
    """A server without files has nothing to reload."""
    assert Server().files.reload() == []


@pytest.mark.parametrize(("left", "told"), [(timedelta(days=13), True), (timedelta(days=15), False)])
def test_certificate_that_ends_soon_is_complained_about(
    pem: Path, logged: list[LogEvent], left: timedelta, told: bool
) -> None:
    """Whoever runs the server is told two weeks before."""
    server = Server("--certificate", str(pem))
    ends = server.context.certificate.not_valid_after_utc
    server.hub.now = (ends - left).timestamp
    server.files.warn()
    assert lines(logged) == ([f"--certificate: the certificate ends on {ends:%Y-%m-%d}; renew it"] if told else [])


def test_the_password_of_the_server_is_read_again(tmp_path: Path, logged: list[LogEvent]) -> None:
    """It counts from then on for who comes in; a file that everybody can read is complained about."""
    path = tmp_path / "password"
    path.write_text("old words")
    path.chmod(0o600)
    server = Server("--password-file", str(path))
    path.write_text("new words")
    path.chmod(0o644)
    assert server.files.reload() == []
    path.write_text("")
    (problem,) = server.files.reload()
    assert problem.startswith(f"--password-file {path} not reloaded, the old one stays: its first line is no password")
    complaint = f"--password-file {path}: everybody on this machine can read it; chmod 600 {path}"
    assert lines(logged) == [f"--password-file {path} reloaded", complaint, problem, complaint]
