"""Sending a file from the terminal client: what is typed, what goes over the line, what the person is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.error import ConnectionLost
from twisted.internet.error import TimeoutError as TimedOut
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure

from lanchat.client.endings import diagnose
from lanchat.client.sending import Sending, file_to_send
from lanchat.core.errors import Refused
from lanchat.core.replies import Notice, Upload
from tests.client.peers import NOON, Network
from tests.client.test_terminal import Play, Sitting, play

__all__ = ["play"]

OFFER = Upload(to="#dev", url="http://room-1:5555/files/t/", path="/files/t/", most=1000, until=NOON)
HEAD = (
    "PUT /files/t/plan%20b.pdf HTTP/1.1\r\nHost: lanchat\r\nContent-Length: {}\r\n"
    "Expect: 100-continue\r\nConnection: close\r\n\r\n"
)
GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"


class Wire(StringTransport):
    """The server's end of an upload."""

    aborted = False

    def abortConnection(self) -> None:
        self.aborted = True


class Sender:
    """Somebody who sends files."""

    def __init__(self, directory: Path) -> None:
        self.file = directory / "plan b.pdf"
        self.file.write_bytes(b"hello")
        self.network = Network()
        self.told: list[str] = []
        self.states: list[str] = []
        self.sending = Sending(
            self.network,
            lambda why: diagnose(why, "room-1:5555"),
            self.told.append,
            lambda: self.states.append(self.sending.state),
        )

    def asks(self, heard: Any = OFFER) -> bool:
        """Ask where the file goes, and hear the answer."""
        asked = self.sending.ask({"op": "send"}, self.file, "/send plan b.pdf")
        assert asked.then is not None
        return asked.then(heard)

    def connects(self) -> tuple[Any, Wire]:
        factory, _ = self.network.attempts.pop(0)
        protocol, wire = factory.buildProtocol(None), Wire()
        protocol.makeConnection(wire)
        return protocol, wire


@pytest.fixture
def sender(tmp_path: Path) -> Iterator[Sender]:
    """Somebody with a file."""
    sender = Sender(tmp_path)
    yield sender
    sender.sending.cancel()  # it leaves no file open


def test_what_is_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The room in view, another one, or a person; a path as it is, with ~, or in quotes."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("a b.txt", "#c", "bob"):
        Path(name).write_text("x")

    def read(line: str) -> Any:
        return file_to_send(line, "#view", lambda nick: nick in ("bob", "ann"))

    to_view = {"op": "send", "room": "#view"}
    assert read("/send a b.txt") == (to_view, Path("a b.txt"))
    assert read("/SEND  'a b.txt' ") == (to_view, Path("a b.txt"))
    assert read("/upload ~/a b.txt") == (to_view, tmp_path / "a b.txt")
    assert read('/send #dev "a b.txt"') == ({"op": "send", "room": "#dev"}, Path("a b.txt"))
    assert read("/send ann a b.txt") == ({"op": "send", "nick": "ann"}, Path("a b.txt"))
    assert read("/send #c") == (to_view, Path("#c"))
    assert read("/send bob") == (to_view, Path("bob"))
    for line in ("/send", "/send #dev", "/send ann", "hi", "/me sends", "/sending a"):
        assert read(line) is None
    for line in ("/send nowhere.txt", "/send ann nowhere.txt", "/send #dev nowhere.txt"):
        with pytest.raises(Refused, match=r"There is no file nowhere\.txt on this machine\. Type /send PATH\."):
            read(line)
    for odd in ("a\0b", "x" * 5000, "~nobody-here/x", "."):
        with pytest.raises(Refused, match="There is no file"):
            read(f"/send {odd}")


def test_a_file_goes_when_the_server_says_so(sender: Sender) -> None:
    """Its head first; its bytes when they are wanted; that it is there is heard in the room."""
    assert sender.asks()
    put, wire = sender.connects()
    assert wire.value().decode() == HEAD.format(5)
    wire.clear()
    put.dataReceived(GO_ON[:10])
    assert wire.value() == b""
    put.dataReceived(GO_ON[10:])
    wire.producer.resumeProducing()
    assert wire.value() == b"hello"
    assert wire.producer is None
    assert sender.sending.state == "plan b.pdf 100 %"
    put.dataReceived(b"HTTP/1.1 201 Created\r\nserver: x\r\ncontent-length: 3\r\n\r\nli")
    assert sender.sending.state
    put.dataReceived(b"nk")
    assert sender.sending.state == ""
    assert sender.states == ["plan b.pdf 0 %", "plan b.pdf 100 %", ""]
    assert wire.aborted
    assert not sender.told
    put.connectionLost(Failure(ConnectionLost()))
    assert not sender.told


def test_a_large_file_goes_in_pieces(sender: Sender) -> None:
    """Each when the one before is taken, and how far it is can be seen."""
    sender.file.write_bytes(bytes(200_000))
    sender.asks(Upload(to="#dev", url="u", path="/files/t/", most=0, until=NOON))
    put, wire = sender.connects()
    put.dataReceived(GO_ON)
    wire.clear()
    while wire.producer is not None:
        wire.producer.resumeProducing()
    assert len(wire.value()) == 200_000
    assert sender.states == [
        "plan b.pdf 0 %",
        "plan b.pdf 32 %",
        "plan b.pdf 65 %",
        "plan b.pdf 98 %",
        "plan b.pdf 100 %",
    ]


def test_an_empty_file_goes_too(sender: Sender) -> None:
    """There is nothing to send but its name."""
    sender.file.write_bytes(b"")
    sender.asks()
    put, wire = sender.connects()
    wire.clear()
    put.dataReceived(GO_ON)
    wire.producer.resumeProducing()
    assert (wire.value(), wire.producer, sender.sending.state) == (b"", None, "plan b.pdf 100 %")


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b"HTTP/1.1 413 X\r\nContent-Length: 10\r\n\r\nToo large.", "plan b.pdf was not sent: Too large."),
        (b"HTTP/1.1 503 X\r\nServer: x\r\n\r\n", "plan b.pdf was not sent: 503"),
        (GO_ON + b"HTTP/1.1 507 X\r\nContent-Length: 5\r\n\r\nFull.", "plan b.pdf was not sent: Full."),
    ],
)
def test_a_refusal_is_told(sender: Sender, answer: bytes, told: str) -> None:
    """In the server's words, and nothing more is sent."""
    sender.asks()
    put, wire = sender.connects()
    put.dataReceived(answer)
    assert sender.told == [told]
    assert wire.aborted
    assert wire.producer is None
    assert sender.asks()  # the next one


def test_a_line_that_drops_is_told(sender: Sender) -> None:
    """Before it is there, and in the middle."""
    sender.asks()
    sender.network.refuses(TimedOut())
    assert sender.told.pop().startswith("plan b.pdf was not sent: ")
    sender.asks()
    put, wire = sender.connects()
    put.dataReceived(GO_ON)
    wire.producer.stopProducing()
    put.connectionLost(Failure(ConnectionLost()))
    assert sender.told == ["plan b.pdf was not sent: the line dropped"]


def test_sending_can_be_stopped(sender: Sender) -> None:
    """On the way, and before there is a connection; then nothing is left to stop."""
    assert not sender.sending.cancel()
    sender.asks()
    _, wire = sender.connects()
    assert sender.sending.cancel()
    assert wire.aborted
    sender.asks()
    assert sender.sending.cancel()
    _, wire = sender.connects()
    assert wire.aborted
    assert wire.value() == b""
    assert sender.told == ["plan b.pdf was not sent: you stopped it."] * 2
    assert not sender.sending.cancel()


def test_one_file_at_a_time(sender: Sender) -> None:
    """The next one waits for its turn at the keyboard."""
    sender.asks()
    with pytest.raises(Refused, match=r"plan b\.pdf is on its way\. Ctrl-C stops it\."):
        sender.asks()


def test_what_the_server_refuses_is_shown(sender: Sender) -> None:
    """As any answer is; what was given up as well lets the next one go."""
    assert not sender.asks(Notice(text="no"))
    sender.sending.ask({"op": "send"}, sender.file, "")
    sender.sending.give_up()
    assert sender.asks()


def test_what_cannot_go_is_told_at_once(sender: Sender) -> None:
    """A file that is too large, or has gone meanwhile."""
    sender.file.write_bytes(bytes(1001))
    assert sender.asks()
    sender.file.unlink()
    assert sender.asks()
    assert sender.told == [
        "plan b.pdf is too large: a file has at most 1.0 kB here.",
        "plan b.pdf cannot be read (No such file or directory).",
    ]
    assert not sender.network.attempts


def test_a_file_that_became_shorter_is_not_sent(sender: Sender) -> None:
    """Less than was promised must not look like all of it."""
    sender.asks()
    put, wire = sender.connects()
    put.dataReceived(GO_ON)
    sender.file.write_bytes(b"")
    wire.producer.resumeProducing()
    assert wire.aborted
    assert wire.producer is None


def test_a_person_sends_a_file(play: Play, tmp_path: Path) -> None:
    """The path is typed; how far it is stands below; Ctrl-C stops it."""
    (tmp_path / "cat.png").write_bytes(b"x" * 10)

    async def scenario(ann: Sitting) -> None:
        peer = await ann.comes_in()
        ann.types(f"/send {tmp_path}/cat.png\r")
        asked = await ann.asked(peer)
        assert (asked["op"], asked["room"]) == ("send", "#lobby")
        peer.sends("upload", ref=asked["ref"], to="#lobby", url="u", path="/files/t/", most=0, until=NOON)
        await ann.until(lambda: ann.terminal.sending.state == "cat.png 0 %")
        ann.types("\x03")
        await ann.sees("cat.png was not sent: you stopped it.")
        ann.types("/send nowhere\r")
        await ann.sees("There is no file nowhere on this machine. Type /send PATH.")

    play(scenario)


def test_too_many_lines_wait_already(play: Play, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then a file waits as little as a line does."""
    (tmp_path / "cat.png").write_bytes(b"x" * 10)

    async def scenario(ann: Sitting) -> None:
        await ann.comes_in()
        monkeypatch.setattr(ann.terminal.link, "send", lambda asked: False)
        for _ in range(2):
            ann.types(f"/send {tmp_path}/cat.png\r")
            await ann.sees("Not sent, 0 lines are waiting already")

    play(scenario)
