"""`lanchat admin`, as it is typed, beside `lanchat serve`, and after it has ended."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.live.conftest import Dials, Starts
from tests.live.servers import LANCHAT, LOOPBACK, Server
from tests.live.talk import PATIENCE, until


@pytest.fixture
def data() -> Iterator[Path]:
    """The folder of a server, with a path that is short enough for its socket."""
    with TemporaryDirectory(prefix="lanchat-") as folder:
        yield Path(folder) / "data"


def admin(data: Path, *words: str, password: str = "", status: int = 0) -> str:
    """Type it, with a password on a pipe; gives what is said."""
    done = subprocess.run(
        [str(LANCHAT), "admin", "--data", str(data), *words],
        input=f"{password}\n",
        capture_output=True,
        timeout=PATIENCE * 2,
        text=True,
        check=False,
    )
    assert done.returncode == status, (done.stdout, done.stderr)
    assert done.stderr == "" if not status else done.stderr.count("\n") == 1
    return done.stdout if not status else done.stderr


def serves(starts: Starts, data: Path) -> Server:
    return starts("--data", str(data), "--port", LOOPBACK, way="lanchat serve")


def test_a_server_is_looked_after_while_it_runs_and_after_that(data: Path, starts: Starts, dials: Dials) -> None:
    """Who is there notices at once; all of it is there again after a restart, also what was done in between."""
    server = serves(starts, data)
    mode = (data / "control").stat().st_mode
    assert (stat.S_ISSOCK(mode), mode & 0o777) == (True, 0o600)
    alice = dials(server.address).joins("alice")
    bob = dials(server.address).joins("bob")
    assert admin(data, "add", "alice", password="correct horse") == "alice is an admin of the server now.\n"
    alice.hears("-- You are alice2 now")
    bob.hears("-- alice is now alice2")
    alice.says("/login alice correct horse")
    alice.hears("-- You are alice now")
    assert "alice  admin    made " in admin(data, "list")
    assert "here now" in admin(data, "list")
    alice.says("/serverban cy!*@* spam")
    alice.hears("may not come in any more")
    assert admin(data, "bans").startswith("cy!*@* is banned from the server, by alice ")
    assert admin(data, "unban", "cy!*@*") == "Not kept out from the server any more: cy!*@*\n"
    admin(data, "remove", "alice")
    alice.hears("-- You are no admin of this server any more.")
    admin(data, "reset", "alice", password="battery staple")
    assert "has reset your password" in alice.rest()
    server.signal(signal.SIGTERM)
    assert server.ends() == 0
    assert not (data / "control").exists()
    assert admin(data, "new", "carol", password="carol's own") == "carol has an account now.\n"
    admin(data, "add", "carol")
    server = serves(starts, data)
    carol = dials(server.address).joins("dora")
    carol.says("/login carol carol's own")
    carol.hears("-- You are carol now")
    carol.says("/audit")
    heard = carol.hears("admin add")
    assert "correct horse" not in heard
    alice = dials(server.address)
    alice.says("zoe", "/login alice correct horse")
    alice.hears("another password")
    alice.says("/login alice battery staple")
    alice.hears("-- You are alice now")
    admin(data, "delete", "alice")
    assert "has removed your account" in alice.rest()
    assert "alice" not in admin(data, "list")


def test_a_server_that_was_killed_leaves_its_socket_and_the_next_replaces_it(data: Path, starts: Starts) -> None:
    """Until then the folder is opened."""
    server = serves(starts, data)
    admin(data, "new", "alice", password="correct horse")
    server.kill()
    assert (data / "control").exists()
    assert admin(data, "list").startswith("alice  account  ")
    server = serves(starts, data)
    assert admin(data, "list").startswith("alice  account  ")
    until(lambda: "lanchat admin: list" in server.log, "the server was asked")


def test_who_asks_nothing_keeps_nobody_from_asking(data: Path, starts: Starts) -> None:
    """Nor does who asks for what there is not."""
    serves(starts, data)
    with socket.socket(socket.AF_UNIX) as idle, socket.socket(socket.AF_UNIX) as other:
        idle.connect(str(data / "control"))
        other.connect(str(data / "control"))
        other.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert b'"code":"bad"' in other.recv(4096)
        assert "no accounts yet" in admin(data, "list")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can ask as somebody else")
def test_somebody_else_may_not_ask(data: Path, starts: Starts) -> None:
    """Even where the folder and the socket were opened to all by mistake."""
    serves(starts, data)
    data.parent.chmod(0o755)
    data.chmod(0o755)
    (data / "control").chmod(0o666)
    asks = (
        "import os, socket, sys; os.setuid(65534); s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]);"
        's.sendall(b\'{"act":"list"}\\n\'); print(s.recv(4096).decode())'
    )
    done = subprocess.run(
        ["python3", "-c", asks, str(data / "control")], capture_output=True, timeout=PATIENCE, text=True, check=True
    )
    assert '"code":"not-yours"' in done.stdout


def test_a_path_that_is_too_long(data: Path, starts: Starts) -> None:
    """The server runs, and says what does not work; so does the command."""
    long = data / ("x" * 100)
    server = serves(starts, long)
    server.logs("lanchat admin cannot reach this server while it runs: .* is too long for a socket, by ")
    assert "is too long for a socket" in admin(long, "list", status=1)
    server.signal(signal.SIGTERM)
    server.ends()
    assert "no accounts yet" in admin(long, "list")


def test_what_is_typed_wrong(data: Path) -> None:
    """Status 2; what does not work has the status 1."""
    assert "Type it like this: lanchat admin add NICK" in admin(data, "add", status=2)
    assert "There is no journal in" in admin(data, "list", status=1)
    assert not data.exists()
