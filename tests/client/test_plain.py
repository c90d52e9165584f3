from __future__ import annotations

import errno
import json
import time
from collections.abc import Iterator

import pytest
from twisted.internet.task import Clock

from lanchat.client.plain import STUCK, WINDOW, Plain
from lanchat.client.resume import MISSING
from lanchat.core import times
from tests.client.peers import NOON, Joined, Peer


class Pipes:
    """Both ends of a pipe: what was asked for, what was written, what was said on stderr."""

    def __init__(self) -> None:
        self.asked = 0
        self.data = b""
        self.full = False
        self.said: list[str] = []

    def ask(self) -> None:
        self.asked += 1

    def write(self, data: bytes) -> None:
        self.data += data

    @property
    def lines(self) -> list[str]:
        return self.data.decode().splitlines()


class Piped:
    """A client on a pipe that is in the chat."""

    def __init__(self, *, as_json: bool = False) -> None:
        self.pipes = Pipes()
        self.clock = Clock()
        self.plain = Plain(self.pipes, self.pipes, self.pipes.said.append, self.clock, as_json=as_json)
        self.joined = Joined(front=self.plain)
        self.joined.link.ended.addCallback(lambda _: self.plain.over(self.joined.ended[0]))
        self.peer: Peer = self.joined.comes_in()
        self.plain.begin()
        self.pipes.data = b""

    def acknowledges(self) -> list[str]:
        """Let the server acknowledge what it was asked; gives the texts."""
        texts = []
        for op in self.peer.reads():
            texts.append(op.get("text", op["op"]))
            self.peer.happens("said", room=op.get("room", "#lobby"), nick="ann", text="x", ref=op["ref"])
        return texts


@pytest.fixture(autouse=True)
def utc() -> Iterator[None]:
    """The time of day is Greenwich's."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "UTC")
        time.tzset()
        times._local_minute.cache_clear()
        yield
    time.tzset()
    times._local_minute.cache_clear()


@pytest.fixture
def piped() -> Piped:
    return Piped()


def test_lines_go_in_and_come_out(piped: Piped) -> None:
    assert piped.pipes.asked == 1
    piped.plain.got("hé\r\n日".encode())
    assert piped.acknowledges() == ["hé"]
    piped.peer.happens("said", room="#lobby", nick="bob", text="hi")
    piped.peer.happens("said", room="#other", nick="bob", text="hi")
    piped.peer.happens("joined", room="#lobby", nick="zoe")
    assert piped.pipes.lines == ["[12:00] <bob> hi", "[12:00] #other <bob> hi", "-- zoe joined #lobby"]
    assert piped.pipes.asked == 2


def test_the_last_line_needs_no_end_and_all_are_acknowledged_before_it_leaves(piped: Piped) -> None:
    piped.plain.got(b"one\ntwo")
    piped.plain.got(b"")
    assert piped.acknowledges() == ["one", "two"]
    assert piped.acknowledges() == ["quit"]
    piped.peer.drops()
    assert piped.joined.ended == [None]
    assert (piped.plain.status, piped.pipes.said) == (0, [])


def test_a_thousand_lines_are_sent_as_fast_as_they_are_acknowledged(piped: Piped) -> None:
    piped.plain.got(b"".join(b"%d\n" % number for number in range(1000)))
    piped.plain.got(b"")
    seen: list[str] = []
    while texts := piped.acknowledges():
        assert len(texts) <= WINDOW
        seen += texts
    assert seen == [*map(str, range(1000)), "quit"]


def test_what_follows_a_join_is_said_in_that_room(piped: Piped) -> None:
    piped.plain.got(b"/join #dev\nhello\n")
    assert [op["op"] for op in piped.peer.reads()] == ["join"]
    piped.peer.enters("#dev", "ann", ref="1")
    assert piped.peer.reads() == [{"op": "say", "room": "#dev", "text": "hello", "ref": "2"}]
    assert piped.pipes.lines == ["-- You are ann, in #dev, alone for now."]


def test_a_refusal_is_one_line_on_stderr_and_status_one(piped: Piped) -> None:
    piped.plain.got(b"/msg zoe hi\n/joni\n")
    piped.peer.sends("refused", ref="1", code="no-such-nick", text="There is no zoe here.")
    assert piped.pipes.said[0].startswith("There is no command /joni.")
    assert piped.pipes.said[1] == "There is no zoe here."
    assert piped.pipes.data == b""
    assert piped.plain.status == 1


def test_json_is_written_as_it_came() -> None:
    piped = Piped(as_json=True)
    piped.peer.line(b'{"event":"from-later"}')
    piped.peer.happens("said", room="#lobby", nick="ann", text="x", ref="1")
    piped.peer.sends("refused", code="no", text="No.")
    events = [json.loads(line)["event"] for line in piped.pipes.lines]
    assert events == ["from-later", "said", "refused"]
    assert piped.pipes.said == ["No."]


@pytest.mark.parametrize("line", [b"quit\nnever\n", b"/quit bye\nnever\n"])
def test_a_line_can_leave(piped: Piped, line: bytes) -> None:
    piped.plain.got(b"one\n" + line)
    assert piped.acknowledges() == ["one"]
    (quits,) = piped.peer.reads()
    assert (quits["op"], quits["reason"]) == ("quit", "bye" if b"bye" in line else "")


def test_nothing_more_is_read_while_nobody_takes_what_comes(piped: Piped) -> None:
    piped.pipes.full = True
    piped.peer.sends("notice", text="x")
    assert piped.peer.transport.producerState == "paused"
    piped.pipes.full = False
    piped.plain.room()
    assert piped.peer.transport.producerState == "producing"


def test_when_nobody_reads_it_sends_what_it_has_and_leaves(piped: Piped) -> None:
    piped.plain.got(b"one\n")
    piped.plain.broken(BrokenPipeError(errno.EPIPE, "Broken pipe"))
    assert piped.acknowledges() == ["one"]
    assert piped.acknowledges() == ["quit"]
    assert (piped.plain.status, piped.pipes.said) == (0, [])


def test_a_full_disk_is_said(piped: Piped) -> None:
    piped.plain.broken(OSError(errno.ENOSPC, "No space left on device"))
    assert (piped.plain.status, piped.pipes.said) == (1, ["Cannot write: No space left on device."])


def test_a_drop_is_said_and_what_may_be_lost_makes_status_one(piped: Piped) -> None:
    piped.plain.got(b"one\n")
    piped.peer.drops()
    piped.plain.got(b"two\n")
    piped.plain.got(b"")
    piped.joined.clock.advance(1)
    peer = piped.peer = piped.joined.network.accepts()
    peer.reads()
    peer.welcomes("ann")
    assert piped.pipes.said[1:] == ["Connected again after 1 second.", "May not have arrived: one"]
    assert piped.pipes.lines == [f"-- {MISSING}"]
    assert piped.acknowledges() == ["two"]
    peer.drops()
    assert piped.joined.ended == [None]
    assert piped.plain.status == 1


def test_what_was_never_sent_is_counted(piped: Piped) -> None:
    piped.peer.drops()
    piped.plain.got(b"one\n" * (WINDOW + 5))
    piped.joined.link.abort()
    assert piped.pipes.said[-1] == f"{WINDOW + 5} lines were not sent."


def test_a_server_that_never_acknowledges_is_left(piped: Piped) -> None:
    piped.plain.got(b"one\ntwo\n")
    piped.plain.got(b"")
    piped.clock.advance(STUCK - 1)
    (first, _) = piped.peer.reads()
    piped.peer.happens("said", room="#lobby", nick="ann", text="one", ref=first["ref"])
    piped.clock.advance(STUCK - 1)
    assert piped.joined.ended == []
    piped.clock.advance(1)
    assert piped.joined.ended == [None]
    assert piped.pipes.said == ["The server has not acknowledged 1 of the lines."]
    assert piped.plain.status == 1


def test_where_the_line_was_down_is_no_json() -> None:
    piped = Piped(as_json=True)
    piped.peer.drops()
    piped.joined.clock.advance(1)
    piped.joined.network.accepts().welcomes("ann")
    assert piped.pipes.said[1:] == ["Connected again after 1 second.", MISSING]
    assert all(line.startswith("{") for line in piped.pipes.lines)


def test_while_the_line_is_down_the_link_says_when_that_is_long_enough(piped: Piped) -> None:
    piped.plain.got(b"one")
    piped.plain.got(b"")
    piped.peer.drops()
    piped.clock.advance(2 * STUCK)
    assert piped.joined.ended == []
    piped.joined.link.leave()
    assert piped.pipes.said[1:] == ["May not have arrived: one"]
    assert piped.plain.status == 1


def test_what_was_said_before_one_came_is_marked_as_old(piped: Piped) -> None:
    said = {"event": "said", "id": 1, "time": NOON, "room": "#lobby", "nick": "bob", "text": "hi ann"}
    piped.peer.sends("backlog", room="#lobby", events=[said])
    assert piped.pipes.lines == ["-- On 2026-11-21 in #lobby:", "-- [12:00] <bob> hi ann"]


def test_a_line_without_end_is_not_kept(piped: Piped) -> None:
    piped.plain.got(b"x" * ((1 << 20) + 1))
    assert piped.pipes.said == ["A line is too long: nothing was sent. Send it in parts."]


def test_why_nobody_was_let_in_is_one_line() -> None:
    pipes = Pipes()
    plain = Plain(pipes, pipes, pipes.said.append, Clock(), as_json=False)
    joined = Joined(front=plain).starts()
    joined.link.ended.addCallback(lambda _: plain.over(joined.ended[0]))
    joined.network.accepts().sends("refused", ref="hello", code="nick-taken", text="ann is here already.")
    assert (pipes.said, plain.status) == (["ann is here already."], 1)


def test_what_another_device_said_is_written() -> None:
    ann = Piped()
    ann.peer.happens("said", room="#lobby", nick="ann", text="from my phone")
    ann.peer.happens("told", nick="ann", to="bob", text="psst")
    ann.peer.happens("parted", room="#dev", nick="ann")
    assert ann.pipes.lines == [
        "[12:00] <ann> from my phone",
        "[12:00] (private to bob) <ann> psst",
        "-- You left #dev",
    ]


def test_nobody_on_a_pipe_can_be_asked_for_a_password() -> None:
    ann = Piped()
    ann.peer.drops()
    ann.joined.clock.advance(1)
    peer = ann.joined.network.accepts()
    peer.sends("refused", ref="hello", code="nick-registered", text="ann is registered. Log in.")
    assert ann.pipes.said[-1].endswith("into the environment variable LANCHAT_PASSWORD.")
    assert ann.plain.status == 1
