"""Real processes and real sockets, each of which ends with the test that began it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from lanchat.certs import make
from tests.live.servers import LOOPBACK, Server, preloaded
from tests.live.talk import Tool, Wire, until

Starts = Callable[..., Server]
Dials = Callable[..., Wire]
Runs = Callable[..., Tool]


def _no_traceback(server: Server) -> None:
    """Whatever a test did, the log has no traceback."""
    assert "Traceback" not in server.log, server.log
    assert "Unhandled" not in server.log, server.log


@pytest.fixture
def starts(tmp_path: Path) -> Iterator[Starts]:
    """Start servers of this test's own: ``starts(*options, way=…)``."""
    servers: list[Server] = []

    def start(*options: str, **how: Any) -> Server:
        server = Server(tmp_path / f"server{len(servers)}", *options, **how)
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.kill()
    for server in servers:
        if not server.in_trouble:
            _no_traceback(server)


@pytest.fixture(scope="module")
def shared_options(certificates: Path) -> list[str]:
    """What the server is told that the tests of a file share: one plain port that speaks TLS too."""
    return ["--port", LOOPBACK, "--certificate", str(certificates / "server.pem")]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, shared_options: list[str]) -> Iterator[tuple[Server, int]]:
    """A server for all the tests of a file, and how many sockets it has open when nobody is there."""
    server = Server(tmp_path_factory.mktemp("server"), *shared_options)
    yield server, server.sockets
    server.kill()
    _no_traceback(server)


@pytest.fixture
def server(shared: tuple[Server, int]) -> Server:
    """A server that nobody is connected to: whoever was is gone."""
    server, sockets = shared
    until(lambda: server.sockets <= sockets, "all the connections of the last test are closed")
    return server


@pytest.fixture
def dials() -> Iterator[Dials]:
    """Connect: ``dials(address, tls=…)``."""
    wires: list[Wire] = []

    def dial(address: Any, **how: Any) -> Wire:
        wire = Wire(address, **how)
        wires.append(wire)
        return wire

    yield dial
    for wire in wires:
        wire.close()


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Runs]:
    """Run a program: ``runs("nc", "127.0.0.1", "5555")``."""
    tools: list[Tool] = []

    def run(*command: str, **how: Any) -> Tool:
        tool = Tool(*command, **how)
        tools.append(tool)
        return tool

    yield run
    for tool in tools:
        tool.close()


@pytest.fixture(scope="session")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library that makes disks slow or full (disk.c)."""
    return preloaded(Path(__file__).with_name("disk.c"), tmp_path_factory.mktemp("disk"))


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the ca.pem and server.pem of `lanchat certs`."""
    directory = tmp_path_factory.mktemp("certs")
    make(directory, ["127.0.0.1", "::1", "localhost"], datetime.now(UTC))
    return directory
