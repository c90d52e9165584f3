"""The control socket: who may ask, what is answered, and whose socket it is."""

from __future__ import annotations

import os
import socket
import struct
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.error import CannotListenError
from twisted.internet.task import Clock
from twisted.internet.testing import MemoryReactorClock, StringTransport
from twisted.logger import LogEvent

from lanchat import control
from lanchat.control import LONGEST_PATH, PATIENCE, Control, ControlError, ControlFactory, ControlLine, clear
from tests.fakes import Chat
from tests.logins import account

ME = 1000


class Peer:
    """The socket of a connection, that knows who is at the other end."""

    def __init__(self, user: int) -> None:
        self.user = user

    def getsockopt(self, level: int, option: int, size: int) -> bytes:
        assert (level, option, size) == (socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
        return struct.pack("3i", 4711, self.user, 4711)


class Transport(StringTransport):
    """A connection through a Unix socket."""

    def __init__(self, user: int) -> None:
        super().__init__()
        self.socket = Peer(user)


class Asked:
    """A control socket's factory, and those who connect."""

    def __init__(self, chat: Chat) -> None:
        self.clock = Clock()
        self.factory = ControlFactory(chat.hub, self.clock, ME)

    def connect(self, user: int = ME) -> ControlLine:
        line = self.factory.buildProtocol(None)
        line.makeConnection(Transport(user))
        return line

    def asks(self, *pieces: bytes, user: int = ME) -> bytes:
        """Connect and send this; gives what is answered."""
        line = self.connect(user)
        for piece in pieces:
            line.dataReceived(piece)
        return said(line)


def said(line: ControlLine) -> bytes:
    """Give what a client was answered; after an answer the connection ends."""
    answer: bytes = line.transport.value()
    assert bool(answer) is line.transport.disconnecting
    return answer


@pytest.fixture
def chat() -> Chat:
    return Chat()


@pytest.fixture
def asked(chat: Chat) -> Asked:
    return Asked(chat)


@pytest.fixture
def short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a path that a socket can have, however long the path of the test's own is."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Path, "absolute", lambda path: path)
    return Path()


# -- asking --------------------------------------------------------------------------------------------------


def test_a_line_is_asked_and_a_line_is_answered(chat: Chat, asked: Asked) -> None:
    """However it is cut into pieces."""
    account(chat.hub, "alice", admin=True)
    created = chat.hub.accounts.find("alice").created  # type: ignore[union-attr]
    expected = f'{{"accounts":[{{"name":"alice","created":"{created}","admin":true}}]}}\n'.encode()
    assert asked.asks(b'{"act":"list"}\n') == expected
    assert asked.asks(b'{"act":', b'"list"', b"}\n") == expected
    assert asked.asks(b'{"act":"list"}') == b""


def test_only_one_thing_is_asked(chat: Chat, asked: Asked) -> None:
    """What comes after it is not read, whether the first was answered or is under way."""
    account(chat.hub, "alice")
    waiting: list[Any] = []
    assert asked.asks(b'{"act":"list"}\n{"act":"delete","whom":"alice"}\n').count(b"\n") == 1
    assert chat.hub.accounts.find("alice")
    chat.hub.accounts.save = lambda account, then: waiting.append(then)  # type: ignore[method-assign, misc]
    line = asked.connect()
    line.dataReceived(b'{"act":"add","whom":"alice"}\n{"act":"delete","whom":"alice"}\n')
    assert said(line) == b""
    waiting[0](None)
    assert said(line) == b'{"text":"alice is an admin of the server now."}\n'
    assert chat.hub.accounts.find("alice")


def test_what_is_refused_says_why(asked: Asked) -> None:
    """With a code for the command, and a sentence for a person."""
    assert asked.asks(b'{"act":"remove","whom":"alice"}\n') == (
        b'{"text":"There is no account alice. `lanchat admin list` shows all.","code":"no-such-account"}\n'
    )


@pytest.mark.parametrize(
    "line", [b"", b"{", b"[]", b'{"act":"drop"}', b'{"act":"list","more":1}', b'{"act":"list","whom":"\xff"}', b"\xff"]
)
def test_what_is_no_request(asked: Asked, line: bytes) -> None:
    """Nothing is done, and that is said."""
    assert b'"code":"bad"' in asked.asks(line + b"\n")


def test_a_request_has_a_bound(asked: Asked) -> None:
    """With an end, or without one."""
    for long in (b"x" * 5_000 + b"\n", b"x" * 5_000):
        assert asked.asks(long) == b'{"text":"A request has at most 4,096 bytes.","code":"too-long"}\n'


@pytest.mark.parametrize(("user", "ours"), [(ME, True), (0, True), (ME + 1, False), (65534, False)])
def test_only_who_runs_the_server_may_ask(chat: Chat, asked: Asked, user: int, ours: bool) -> None:
    """And root; anybody else is told, and not heard."""
    account(chat.hub, "alice")
    answer = asked.asks(b'{"act":"delete","whom":"alice"}\n', user=user)
    assert (b'"code":"not-yours"' in answer) is not ours
    assert (chat.hub.accounts.find("alice") is None) is ours


def test_where_nobody_knows_who_asks_the_mode_decides(
    chat: Chat, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not every system tells."""
    monkeypatch.delattr(socket, "SO_PEERCRED")
    account(chat.hub, "alice")
    assert b"alice" in asked.asks(b'{"act":"list"}\n', user=ME + 1)


def test_too_many_at_once(asked: Asked) -> None:
    """They are asked to come again; when somebody has gone there is room.  Those who are many more hear nothing."""
    lines = [asked.connect() for _ in range(16)]
    assert b'"code":"busy"' in asked.asks(b'{"act":"list"}\n')
    lines += [asked.connect() for _ in range(47)]
    assert not any(line.transport.disconnecting for line in lines)
    assert asked.connect().transport.disconnected
    for line in (*lines[:1], *asked.factory.lines - set(lines[:16])):
        line.connectionLost()
    assert asked.asks(b'{"act":"list"}\n') == b"{}\n"


def test_nobody_is_waited_for_for_ever(asked: Asked) -> None:
    """Who asks nothing is gone after a while; who has gone in time leaves nothing behind."""
    line = asked.connect()
    gone = asked.connect()
    gone.connectionLost()
    assert len(asked.clock.getDelayedCalls()) == 1
    asked.clock.advance(PATIENCE)
    assert line.transport.disconnected
    line.connectionLost()
    assert not asked.factory.lines


def test_who_has_gone_is_answered_nothing(chat: Chat, asked: Asked) -> None:
    """What they asked for is done all the same."""
    account(chat.hub, "alice")
    waiting: list[Any] = []
    chat.hub.accounts.save = lambda account, then: waiting.append(then)  # type: ignore[method-assign, misc]
    line = asked.connect()
    line.dataReceived(b'{"act":"add","whom":"alice"}\n')
    line.connectionLost()
    waiting[0](None)
    assert line.transport.value() == b""
    assert chat.hub.accounts.find("alice").admin  # type: ignore[union-attr]


def test_what_goes_wrong_is_logged_and_told(
    chat: Chat, asked: Asked, logged: list[LogEvent], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server goes on."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(control, "perform", broken)
    assert b'"code":"internal"' in asked.asks(b'{"act":"list"}\n')
    assert [event["log_failure"].type for event in logged if "log_failure" in event] == [ZeroDivisionError]


# -- the socket ----------------------------------------------------------------------------------------------


def test_a_socket_is_for_its_owner_alone(chat: Chat, short: Path) -> None:
    """It is asked for with that mode; at the end those who wait are let go."""
    reactor = MemoryReactorClock()
    opened = Control(short, chat.hub, reactor)
    opened.open()
    ((address, factory, _, mode, _),) = reactor.unixServers
    assert (address, mode) == ("control", 0o600)
    line = factory.buildProtocol(None)
    line.makeConnection(Transport(os.geteuid()))
    opened.close()
    assert line.transport.disconnected
    opened.close()


def test_a_socket_that_was_never_opened_is_closed_easily(chat: Chat, short: Path) -> None:
    """As when a port could not be had."""
    Control(short, chat.hub, MemoryReactorClock()).close()


def left_behind(path: Path) -> None:
    """Leave a socket where nobody listens any more."""
    with socket.socket(socket.AF_UNIX) as crashed:
        crashed.bind(str(path))


def test_what_a_crashed_server_left_is_replaced(short: Path) -> None:
    """Nobody listens there any more; nothing there is fine as well."""
    path = short / "control"
    clear(path)
    left_behind(path)
    clear(path)
    assert not path.exists()


def test_a_socket_where_somebody_listens_is_theirs(chat: Chat, short: Path) -> None:
    """It is not taken away."""
    path = short / "control"
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(path))
        other.listen()
        with pytest.raises(ControlError, match=r"control is another server's\. Stop that, or name another folder"):
            Control(short, chat.hub, MemoryReactorClock()).open()
    assert path.exists()


def test_what_is_no_socket_stays(chat: Chat, short: Path) -> None:
    """It is somebody's file, or a link to who knows where."""
    path = short / "control"
    path.symlink_to("elsewhere")
    with pytest.raises(ControlError, match=r"control is in the way: it is no socket\. Move it away"):
        Control(short, chat.hub, MemoryReactorClock()).open()
    assert path.is_symlink()


def test_a_path_that_no_socket_can_have(chat: Chat, tmp_path: Path) -> None:
    """It is said by how much it is too long."""
    folder = tmp_path / ("x" * (LONGEST_PATH - len(str(tmp_path)) - len("//control") + 2))
    with pytest.raises(
        ControlError, match=r"/control is too long for a socket, by 2 bytes\. Name a folder with a sho"
    ):
        Control(folder, chat.hub, MemoryReactorClock()).open()


def test_a_socket_that_cannot_be_made(chat: Chat, short: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's own words say why, whoever brings them."""
    reactor = MemoryReactorClock()
    denied = OSError(13, "Permission denied")
    for error in (denied, CannotListenError(None, b"control", denied)):
        monkeypatch.setattr(reactor, "listenUNIX", raising(error))
        with pytest.raises(ControlError, match="control cannot be made: Permission denied"):
            Control(short, chat.hub, reactor).open()


def test_a_system_without_such_sockets(chat: Chat, short: Path) -> None:
    """The server runs without."""
    with pytest.raises(ControlError, match="there are no Unix sockets here"):
        Control(short, chat.hub, Clock()).open()


def raising(error: Exception) -> Any:
    def listen(*_: object, **__: object) -> None:
        raise error

    return listen
