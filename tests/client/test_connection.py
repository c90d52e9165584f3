from __future__ import annotations

from typing import Any

import pytest
from twisted.internet.error import ConnectionDone
from twisted.internet.task import Clock
from twisted.python.failure import Failure

from lanchat.client import connection as module
from lanchat.client.connection import ANSWER, QUIET, Connection
from tests.client.peers import Peer


class Owner:
    def __init__(self) -> None:
        self.lines: list[tuple[bytes, Any, str]] = []
        self.ends: list[Any] = []
        self.connections: list[Connection] = []

    def connected(self, connection: Connection) -> None:
        self.connections.append(connection)

    def heard(self, line: bytes, heard: Any, ref: str) -> None:
        self.lines.append((line, heard, ref))

    def lost(self, connection: Connection, why: Failure) -> None:
        self.ends.append(why.value)


class Dialled:
    def __init__(self) -> None:
        self.clock, self.owner = Clock(), Owner()
        self.peer = Peer(Connection(self.owner, self.clock))

    @property
    def connection(self) -> Connection:
        return self.owner.connections[0]


@pytest.fixture
def dialled() -> Dialled:
    return Dialled()


def test_a_greeting_for_people_is_passed_over(dialled: Dialled) -> None:
    dialled.peer.line(b"-- lanchat on room-1: Type your name to join\r")
    dialled.peer.line(b'{"event":"pong","ref":"3"}')
    dialled.peer.line(b'{"event":"from-later"}')
    assert [(type(heard).__name__, ref) for _, heard, ref in dialled.owner.lines] == [("Pong", "3"), ("NoneType", "")]


def test_bytes_may_be_cut_anywhere(dialled: Dialled) -> None:
    for byte in b'{"event":"pong","ref":"3"}\n{"event":"pong","ref":"4"}\n':
        dialled.peer.protocol.dataReceived(bytes([byte]))
    assert [ref for _, _, ref in dialled.owner.lines] == ["3", "4"]


def test_the_servers_question_is_answered_at_once(dialled: Dialled) -> None:
    dialled.peer.sends("ping")
    assert dialled.peer.reads() == [{"op": "pong"}]
    assert dialled.owner.lines == []


def test_a_silent_server_is_asked_and_then_dropped(dialled: Dialled) -> None:
    dialled.clock.advance(QUIET)
    assert dialled.peer.reads() == [{"op": "ping", "ref": "keepalive"}]
    dialled.clock.advance(ANSWER)
    assert dialled.peer.aborted
    assert str(dialled.owner.ends[0]) == "The server has been silent for 180 seconds."
    assert dialled.clock.getDelayedCalls() == []


def test_a_server_that_answers_stays(dialled: Dialled) -> None:
    dialled.clock.advance(QUIET - 1)
    dialled.peer.sends("notice", text="x")
    dialled.clock.advance(1)
    assert dialled.peer.reads() == []
    dialled.clock.advance(QUIET - 1)
    assert len(dialled.peer.reads()) == 1
    dialled.peer.sends("pong", ref="keepalive")
    dialled.clock.advance(ANSWER)
    assert not dialled.peer.aborted
    assert len(dialled.owner.lines) == 1


def test_while_we_do_not_read_nobody_is_dropped(dialled: Dialled) -> None:
    dialled.connection.pause()
    assert dialled.peer.transport.producerState == "paused"
    for _ in range(5):
        dialled.clock.advance(QUIET)
    assert dialled.peer.reads() == [{"op": "pong"}] * 5
    dialled.connection.resume()
    assert dialled.peer.transport.producerState == "producing"
    dialled.clock.advance(QUIET / 2)
    assert dialled.peer.reads() == []


def test_a_line_without_end_is_not_kept(dialled: Dialled, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.Connection, "MAX_LENGTH", 100)
    dialled.peer.protocol.dataReceived(b"{" * 101)
    assert dialled.peer.aborted
    assert "without end" in str(dialled.owner.ends[0])


def test_the_end_is_passed_on(dialled: Dialled) -> None:
    dialled.peer.drops(ConnectionDone())
    assert isinstance(dialled.owner.ends[0], ConnectionDone)
    assert dialled.clock.getDelayedCalls() == []
