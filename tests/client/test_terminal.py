"""The terminal client with keys from a pipe and a screen in memory."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output.vt100 import Vt100_Output
from twisted.internet import error

from lanchat.client import terminal
from lanchat.client.endings import CannotConnect, KeyRefused, UnknownKey
from lanchat.client.known_logins import KnownLogins
from lanchat.client.known_servers import KnownServers
from lanchat.client.link import Link
from lanchat.client.options import Address
from lanchat.client.proof import Proof
from lanchat.client.reach import Reach
from lanchat.client.terminal import Target, Terminal
from lanchat.client.tls import Trust
from tests.client.peers import LIMITS, NOON, Joined, Network, Peer

ROOM_1 = Address("room-1", 5555)
CONTROL = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[()=>].?|\r")


class Sitting:
    """One person at a terminal."""

    def __init__(self, keys: PipeInput, directory: Path, *, target: Target | None, nick: str) -> None:
        self.keys = keys
        self.file = io.StringIO()
        self.output = Vt100_Output(self.file, lambda: Size(24, 80), term="xterm-256color", enable_cpr=False)
        self.joins: list[Joined] = []
        self.targets: list[Target] = []
        self.trust: Trust | None = None
        self.known = KnownServers(directory / "known_servers")
        self.logins = KnownLogins(directory / "logins")
        self.private = True
        self._wanted = (target, nick)
        self._history = directory / "history"
        self._seen = 0

    def sits_down(self) -> None:
        """Start the program; only inside the session of this keyboard and screen."""
        target, nick = self._wanted
        environ = {"TERM": "xterm-256color"}
        self.terminal = Terminal(target, nick, "login", self._find, self._prove, self._make, self._history, environ)
        self.running = asyncio.ensure_future(self.terminal.run())

    def _find(self, target: Target) -> Reach:
        self.targets.append(target)
        return Reach(str(target), Network(), lambda why: CannotConnect(str(why)), self.trust, str, self.private)

    def _prove(self, way: Reach) -> Proof:
        return Proof(self.logins, way.identity)

    def _make(self, way: Reach, nick: str, front: Terminal, proof: Proof) -> Link:
        joined = Joined(nick, front=front, proof=proof, private=way.private)
        self.joins.append(joined)
        return joined.link

    # -- what a test does ------------------------------------------------------------------------------------

    async def until(self, holds: Callable[[], object]) -> None:
        for _ in range(5000):
            if holds():
                return
            await asyncio.sleep(0.001)
        raise AssertionError(self.screen)

    @property
    def screen(self) -> str:
        return CONTROL.sub("", self.file.getvalue())

    async def sees(self, text: str) -> None:
        """Wait until something is written, after what was seen last."""
        await self.until(lambda: text in self.screen[self._seen :])
        self._seen = self.screen.index(text, self._seen) + len(text)

    async def attempts(self, count: int = 1) -> Joined:
        """Wait for the client to connect."""
        await self.until(lambda: len(self.joins) >= count and self.joins[-1].network.attempts)
        return self.joins[-1]

    async def comes_in(self, *rooms: str, **welcome: Any) -> Peer:
        joined = await self.attempts()
        peer = joined.network.accepts()
        peer.welcomes(joined.conversation.nick, *rooms, **welcome)
        peer.reads()
        await self.sees("#lobby>" if not rooms else f"{rooms[-1]}>")
        return peer

    def types(self, keys: str) -> None:
        self.keys.send_text(keys)

    async def asked(self, peer: Peer) -> dict[str, Any]:
        """Give the next thing that the server was asked."""
        found: list[dict[str, Any]] = []
        await self.until(lambda: found.extend(peer.reads()) or found)
        return found[0]

    async def ends(self) -> int:
        return await asyncio.wait_for(self.running, 10)


Scenario = Callable[[Sitting], Coroutine[Any, Any, None]]


@pytest.fixture
def play(tmp_path: Path) -> Callable[..., None]:
    """Run a scenario at a terminal of its own."""

    def run(scenario: Scenario, *, target: Target | None = ROOM_1, nick: str = "ann", private: bool = True) -> None:
        async def session() -> None:
            with create_pipe_input() as keys:
                sitting = Sitting(keys, tmp_path, target=target, nick=nick)
                sitting.private = private
                with create_app_session(input=keys, output=sitting.output):
                    sitting.trust = Trust(sitting.known, "room-1:5555")
                    sitting.sits_down()
                    try:
                        await scenario(sitting)
                    finally:
                        sitting.running.cancel()
                        await asyncio.gather(sitting.running, return_exceptions=True)

        asyncio.run(session())

    return run


Play = Callable[..., None]


def test_one_talks_and_hears(play: Play) -> None:
    async def scenario(ann: Sitting) -> None:
        peer = await ann.comes_in()
        ann.types("hé 日本\r")
        assert await ann.asked(peer) == {"op": "say", "room": "#lobby", "text": "hé 日本", "ref": "1"}
        peer.happens("said", room="#lobby", nick="ann", text="hé 日本", ref="1")
        await ann.sees("<ann> hé 日本")
        peer.happens("said", room="#lobby", nick="bob", text="hi ann")
        await ann.until(lambda: "\a" in ann.file.getvalue())
        await ann.sees("<bob> hi ann")
        ann.types("/joni\r")
        await ann.sees("-- There is no command /joni. Did you mean /join?")

    play(scenario)


def test_a_half_typed_line_stays_while_others_talk(play: Play) -> None:
    async def scenario(ann: Sitting) -> None:
        peer = await ann.comes_in()
        ann.types("half a li")
        await ann.sees("half a li")
        for number in range(20):
            peer.happens("said", room="#lobby", nick="bob", text=f"message {number}")
        await ann.sees("message 19")
        await ann.sees("#lobby> half a li")
        ann.types("ne\r")
        assert (await ann.asked(peer))["text"] == "half a line"

    play(scenario)


@pytest.mark.parametrize("keys", ["\x04", "quit\r", "/quit\r", "\x03\x03", "draft\x03\x03"])
def test_there_are_many_ways_to_leave(play: Play, keys: str) -> None:
    async def scenario(ann: Sitting) -> None:
        peer = await ann.comes_in()
        ann.types(keys)
        assert (await ann.asked(peer))["op"] == "quit"
        peer.sends("closed", ref="quit", text="Bye.")
        peer.drops()
        assert await ann.ends() == 0
        assert "-- Bye." in ann.screen

    play(scenario)


def test_one_ctrl_c_clears_the_line_only(play: Play) -> None:
    async def scenario(ann: Sitting) -> None:
        peer = await ann.comes_in()
        ann.types("draft\x03")
        await ann.sees("Ctrl-C once more leaves.")
        ann.types("x\x03")
        await ann.sees("Ctrl-C once more leaves.")
        ann.types("hi\r")
        assert (await ann.asked(peer))["text"] == "hi"

    play(scenario)


def test_what_is_missing_is_asked_for(play: Play) -> None:
    async def scenario(ann: Sitting) -> None:
        await ann.sees("Server [localhost]:")
        ann.types("no such/thing\r")
        await ann.sees("is no address")
        ann.types("\r")
        await ann.sees("Your name [login]:")
        ann.types("7up\r")
        await ann.sees("begins with a letter")
        ann.types("\r")
        joined = await ann.attempts()
        assert (ann.targets, joined.conversation.nick) == ([Address("localhost", 5555)], "login")

    play(scenario, target=None, nick="")


def test_a_refused_nick_is_asked_for_again_with_the_reason(play: Play) -> None:
    async def scenario(ann: Sitting) -> None:
        joined = await ann.attempts()
        joined.network.accepts().sends("refused", ref="hello", code="nick-taken", text="ann is here already.")
        await ann.sees("-- ann is here already.")
        ann.types("anna\r")
        joined = await ann.attempts(2)
        assert joined.conversation.nick == "anna"

    play(scenario)


@pytest.mark.parametrize("key", ["\x03", "\x04"])
def test_one_can_leave_at_a_question(play: Play, key: str) -> None:
    async def scenario(ann: Sitting) -> None:
        await ann.sees("Server [localhost]:")
        ann.types(key)
        assert await ann.ends() == 0

    play(scenario, target=None)


def test_an_unknown_key_is_shown_and_trusted_by_hand(play: Play) -> None:
    async def scenario(ann: Sitting) -> None:
        joined = await ann.attempts()
        joined.network.accepts().drops(UnknownKey("room-1:5555", "SHA256:abc"))
        await ann.sees("Its key is SHA256:abc")
        ann.types("perhaps\r")
        await ann.sees("Type yes or no.")
        ann.types("yes\r")
        await ann.attempts(2)
        assert ann.known.find("room-1:5555") == "SHA256:abc"

    play(scenario)


def test_a_key_that_is_not_trusted_ends_it(play: Play) -> None:
    async def scenario(ann: Sitting) -> None:
        joined = await ann.attempts()
        joined.network.accepts().drops(UnknownKey("room-1:5555", "SHA256:abc"))
        await ann.sees("Its key is SHA256:abc")
        ann.types("no\r")
        with pytest.raises(KeyRefused, match="nothing was sent"):
            await ann.ends()

    play(scenario)


def test_a_key_that_cannot_be_kept_is_said(play: Play) -> None:
    async def scenario(ann: Sitting) -> None:
        assert ann.trust is not None
        ann.trust.trouble = "The key cannot be kept."
        await ann.comes_in()
        assert "The key cannot be kept." in ann.screen

    play(scenario)


def test_one_is_told_what_is_being_waited_for(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "SLOW", 0.0)

    async def scenario(ann: Sitting) -> None:
        await ann.sees("Connecting to room-1:5555 …")

    play(scenario)


def test_a_program_that_is_told_to_end_gives_the_terminal_back(play: Play) -> None:
    async def scenario(ann: Sitting) -> None:
        await ann.comes_in()
        ann.running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await ann.ends()
        assert not ann.terminal._session.app.is_running

    play(scenario)


def test_a_server_that_is_not_there_ends_it(play: Play) -> None:
    async def scenario(ann: Sitting) -> None:
        joined = await ann.attempts()
        joined.network.refuses(error.ConnectionRefusedError())
        with pytest.raises(CannotConnect, match="nothing answers there"):
            await ann.ends()

    play(scenario)


def test_a_dropped_line_is_said_and_what_is_typed_waits(play: Play) -> None:
    async def scenario(ann: Sitting) -> None:
        peer = await ann.comes_in()
        peer.drops()
        await ann.sees("The line dropped.")
        ann.types("later\r")
        await ann.until(lambda: ann.joins[0].link.outbox.waiting == 1)
        ann.types("half")
        ann.joins[0].clock.advance(1)
        peer = ann.joins[0].network.accepts()
        peer.reads()
        peer.welcomes()
        assert (await ann.asked(peer))["text"] == "later"
        await ann.sees("-- Connected again after 1 second.")
        await ann.sees("-- The line was down; what was said meanwhile is missing here.")
        peer.drops(KeyRefused("THE KEY HAS CHANGED"))
        with pytest.raises(KeyRefused, match="HAS CHANGED"):
            await ann.ends()

    play(scenario)


def test_what_was_said_while_the_line_was_down_stands_between_two_lines(play: Play) -> None:
    async def scenario(ann: Sitting) -> None:
        peer = await ann.comes_in("#dev", journal="j")
        peer.drops()
        await ann.sees("The line dropped.")
        ann.joins[0].clock.advance(1)
        peer = ann.joins[0].network.accepts()
        hello = {"server": "room-1", "version": "1", "nick": "ann", "people": 1, "limits": LIMITS, "journal": "j"}
        peer.sends("welcome", ref="hello", **hello)
        for missed in (False, True):
            if missed:
                said = {"id": 9, "time": NOON, "room": "#lobby", "nick": "bob"}
                peer.sends("said", **said, text="ann, are you there?")
            for room in ("#lobby", "#dev"):
                peer.sends("entered", ref="" if missed else "hello", room=room, nick="ann", nicks=["ann"], people=1)
        await ann.sees("-- Connected again after 1 second.")
        await ann.sees("-- The line was down; this was said meanwhile:")
        await ann.sees("#lobby <bob> ann, are you there?")
        await ann.sees("-- That was all; from here on it is live.")
        assert "\a" in ann.file.getvalue()

    play(scenario)


def test_leaving_without_a_line_says_what_is_lost(play: Play) -> None:
    async def scenario(ann: Sitting) -> None:
        peer = await ann.comes_in()
        peer.drops()
        for _ in range(500):
            ann.joins[0].types("x")
        ann.types("one more\r")
        await ann.sees("Not sent, 500 lines are waiting already: one more")
        ann.types("/quit\r")
        assert await ann.ends() == 0
        assert "500 lines were not sent." in ann.screen

    play(scenario)


def test_tab_completes_a_nick(play: Play) -> None:
    async def scenario(ann: Sitting) -> None:
        peer = await ann.comes_in()
        peer.happens("joined", room="#lobby", nick="boris")
        ann.types("bo\t")
        await ann.sees("boris:")
        ann.types("hi\r")
        assert (await ann.asked(peer))["text"] == "boris: hi"

    play(scenario)


# -- passwords -------------------------------------------------------------------------------------------------


REGISTERED = {"ref": "hello", "code": "nick-registered", "text": "ann is registered. If that is you: /login ann X"}


def test_the_password_of_a_registered_nick_is_asked_for_and_not_shown(play: Play) -> None:
    async def scenario(ann: Sitting) -> None:
        (await ann.attempts()).network.accepts().sends("refused", **REGISTERED)
        await ann.sees("-- ann is registered.")
        await ann.sees("Password of ann (or Enter, for another name):")
        ann.types("wrong horse\r")
        peer = (await ann.attempts(2)).network.accepts()
        assert (await ann.asked(peer))["password"] == "wrong horse"
        peer.sends("refused", ref="hello", code="bad-password", text="There is no such name, or another password.")
        await ann.sees("-- There is no such name, or another password.")
        await ann.sees("Password of ann")
        ann.types("right horse\r")
        peer = (await ann.attempts(3)).network.accepts()
        assert (await ann.asked(peer))["password"] == "right horse"
        peer.sends("loggedin", ref="hello", account="ann", token="t" * 20)
        peer.welcomes("ann")
        await ann.sees("-- You are logged in as ann.")
        assert "horse" not in ann.screen

    play(scenario)


def test_another_name_may_be_typed_instead_of_a_password(play: Play) -> None:
    async def scenario(ann: Sitting) -> None:
        (await ann.attempts()).network.accepts().sends("refused", **REGISTERED)
        await ann.sees("Password of ann")
        ann.types("\r")
        await ann.sees("Your name [login]:")
        ann.types("anna\r")
        assert (await ann.attempts(2)).conversation.nick == "anna"

    play(scenario)


def test_one_is_told_that_others_could_read_it(play: Play) -> None:
    async def scenario(ann: Sitting) -> None:
        (await ann.attempts()).network.accepts().sends("refused", **REGISTERED)
        await ann.sees("Others on the network can read what you send here.")
        await ann.sees("Password of ann")
        ann.types("\x04")
        assert await ann.ends() == 0

    play(scenario, private=False)


def test_a_private_server_asks_for_its_own_password(play: Play) -> None:
    async def scenario(ann: Sitting) -> None:
        peer = (await ann.attempts()).network.accepts()
        peer.sends("refused", ref="hello", code="no-password", text="This server is private. Give its password.")
        await ann.sees("Password of the server")
        ann.types("sesame\r")
        peer = (await ann.attempts(2)).network.accepts()
        assert (await ann.asked(peer))["server_password"] == "sesame"

    play(scenario)


def test_a_command_without_its_password_asks_for_it(play: Play) -> None:
    async def scenario(ann: Sitting) -> None:
        peer = await ann.comes_in()
        ann.types("/register\r")
        await ann.sees("The password:")
        ann.types("correct horse\r")
        await ann.sees("Once more:")
        ann.types("correct hose\r")
        await ann.sees("They are not the same: nothing was sent.")
        ann.types("/register\r")
        await ann.sees("The password:")
        ann.types("correct horse\r")
        await ann.sees("Once more:")
        ann.types("correct horse\r")
        assert await ann.asked(peer) == {"op": "register", "password": "correct horse", "ref": "1"}
        for leave in ("\r", "\x04"):
            ann.types("/login\r")
            await ann.sees("The password:")
            ann.types(leave)
            await ann.sees("Nothing was sent.")
        assert "horse" not in ann.screen

    play(scenario)


def test_a_password_that_is_asked_for_may_have_blanks(play: Play) -> None:
    async def scenario(ann: Sitting) -> None:
        peer = await ann.comes_in()
        ann.types("/passwd\r")
        for question, answer in (("now:", "old horse"), ("new password:", "new horse"), ("Once more:", "new horse")):
            await ann.sees(question)
            ann.types(f"{answer}\r")
        op = await ann.asked(peer)
        assert (op["op"], op["old"], op["new"]) == ("passwd", "old horse", "new horse")

    play(scenario)


def test_a_password_in_a_line_is_neither_shown_nor_remembered_nor_kept_for_later(play: Play, tmp_path: Path) -> None:
    async def scenario(ann: Sitting) -> None:
        peer = await ann.comes_in()
        ann.types("/login alice correct horse")
        await ann.sees("/login alice *************")
        ann.types("\r")
        assert (await ann.asked(peer))["password"] == "correct horse"
        peer.drops()
        await ann.sees("The line dropped.")
        ann.types("/passwd old horse\r")
        await ann.sees("a password is not kept until there is")
        ann.types("hello\r")
        await ann.until(lambda: ann.joins[0].link.outbox.waiting == 1)
        assert "horse" not in ann.screen
        assert "horse" not in (tmp_path / "history").read_text()
        assert "hello" in (tmp_path / "history").read_text()

    play(scenario)


async def locked(ann: Sitting) -> Peer:
    """Be refused when the line is back, while something is being typed."""
    peer = await ann.comes_in()
    ann.types("half a li")
    await ann.sees("half a li")
    peer.drops()
    await ann.sees("The line dropped.")
    ann.joins[0].clock.advance(1)
    peer = ann.joins[0].network.accepts()
    peer.sends("refused", **REGISTERED)
    ann.joins[0].clock.advance(0)
    peer.drops()
    await ann.sees("-- ann is registered.")
    await ann.sees("Password of ann")
    return peer


def returns(ann: Sitting) -> Peer:
    while not ann.joins[0].network.attempts:
        ann.joins[0].clock.advance(0.25)
    return ann.joins[0].network.accepts()


def test_a_password_is_asked_for_when_the_line_is_back_and_what_was_typed_stays(play: Play) -> None:
    async def scenario(ann: Sitting) -> None:
        await locked(ann)
        ann.types("correct horse\r")
        await ann.sees("#lobby> half a li")
        peer = returns(ann)
        assert (await ann.asked(peer))["password"] == "correct horse"
        peer.welcomes("ann")
        ann.types("ne\r")
        assert (await ann.asked(peer))["text"] == "half a line"
        assert "horse" not in ann.screen

    play(scenario)


def test_another_name_may_be_taken_when_the_line_is_back(play: Play) -> None:
    async def scenario(ann: Sitting) -> None:
        await locked(ann)
        ann.types("\r")
        await ann.sees("Your name [login]:")
        ann.types("anna\r")
        await ann.sees("#lobby> half a li")
        assert (await ann.asked(returns(ann)))["nick"] == "anna"

    play(scenario)


def test_one_can_leave_when_a_password_is_asked_for(play: Play) -> None:
    async def scenario(ann: Sitting) -> None:
        await locked(ann)
        ann.types("\x04")
        assert await ann.ends() == 0

    play(scenario)


def test_it_may_be_over_while_something_is_asked(play: Play) -> None:
    async def scenario(ann: Sitting) -> None:
        peer = await ann.comes_in()
        ann.types("/login\r")
        await ann.sees("The password:")
        peer.drops(KeyRefused("THE KEY HAS CHANGED"))
        with pytest.raises(KeyRefused, match="HAS CHANGED"):
            await ann.ends()

    play(scenario)


def test_what_was_taken_away_before_it_was_shown_is_not_shown(play: Play) -> None:
    async def scenario(ann: Sitting) -> None:
        peer = await ann.comes_in()
        said = {"time": NOON, "room": "#lobby", "nick": "bob"}
        peer.sends("said", id=8, **said, text="rude")
        peer.sends("deleted", id=9, of=8, **said)
        await ann.sees("-- bob took a message away in #lobby")
        assert "rude" not in ann.screen

    play(scenario)
