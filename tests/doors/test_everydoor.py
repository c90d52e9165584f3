"""The conversations of tests/everydoor.py, through each door and through several at once."""

from __future__ import annotations

import pytest

from tests.everydoor import EveryDoor
from tests.irc_talker import IrcTalker, SecureIrcTalker
from tests.talkers import JsonTalker, SecureJsonTalker, SecureTextTalker, TextTalker
from tests.web_talker import SecureWebTalker, WebTalker


class TestText(EveryDoor):
    ways = (TextTalker,)


class TestTextInsideTls(EveryDoor):
    ways = (SecureTextTalker,)


class TestJson(EveryDoor):
    ways = (JsonTalker,)


class TestJsonInsideTls(EveryDoor):
    ways = (SecureJsonTalker,)


class WithWeb(EveryDoor):
    """Conversations of pages."""

    def test_bytes_that_are_no_utf8_are_read_as_windows_1252(self) -> None:
        """No page says such bytes: a text that is no UTF-8 ends the connection (RFC 6455, section 8.1)."""
        alice, bob = self.talkers("alice", "bob")
        alice.says(b"caf\xe9 \x80 5".decode("utf-8", "surrogateescape"))
        assert alice.hears() == ["-- sent a text that is no UTF-8"]
        self.network.reactor.wait(3)
        assert alice.wire.ended
        assert alice.wire.closed.code == 1007
        assert bob.hears() == ["-- alice left (sent a text that is no UTF-8)"]


class TestWeb(WithWeb):
    ways = (WebTalker,)


class TestWebInsideTls(WithWeb):
    ways = (SecureWebTalker,)


class TestMixed(EveryDoor):
    ways = (TextTalker, JsonTalker, WebTalker, SecureTextTalker, SecureJsonTalker)


class TestMixedTheOtherWayRound(EveryDoor):
    ways = (SecureJsonTalker, SecureTextTalker, SecureWebTalker, JsonTalker, TextTalker)


class WithIrc(EveryDoor):
    """Conversations with IRC clients among those who talk; where IRC has a way of its own, it is shown."""

    def test_lobby_is_left_only_for_another_room(self) -> None:
        """IRC clients may be in no room at all; this one goes back to the lobby then, by itself."""
        self.ways = (IrcTalker,)  # type: ignore[misc]
        alice, bob = self.talkers("alice", "bob")
        alice.wire.sends(b"PART #lobby\r\n")
        assert alice.hears() == ["-- You left #lobby"]
        assert bob.hears() == ["-- alice left #lobby"]
        bob.says("/msg alice are you still there?")
        assert alice.hears() == ["(private) <bob> are you still there?"]
        alice.says("/join #dev")
        alice.says("/part")
        assert alice.hears() == [
            "-- You are alice, in #dev, alone for now.",
            "-- You left #dev",
            "-- You are alice, in #lobby with bob.",
        ]

    def test_kick_out_of_the_last_room(self) -> None:
        """An IRC client that is kicked out of its last room is in none."""
        self.ways = (IrcTalker,)  # type: ignore[misc]
        alice, bob = self.talkers("alice", "bob", room="#dev")
        bob.says("/part #lobby")
        bob.hears()
        alice.says("/kick #dev bob")
        assert bob.hears() == ["-- alice removed bob from #dev"]
        assert not bob.session.member.rooms

    @pytest.mark.parametrize(
        ("typed", "answer"),
        [
            ("/join dev", ["-- A room's name begins with #. Try #dev"]),
            ("/join #", ["-- A room has a name behind the #, for example: #dev"]),
            ("/join #a,b", ["-- You are alice, in #a, alone for now.", "-- A room's name begins with #. Try #b"]),
            ("/names #nowhere", ["-- There is no room #nowhere. /rooms lists them, /join makes one."]),
        ],
    )
    def test_refused_rooms(self, typed: str, answer: list[str]) -> None:  # type: ignore[override]
        """A comma stands between two rooms; what cannot be one is refused with what to do."""
        self.ways = (IrcTalker,)  # type: ignore[misc]
        (alice,) = self.talkers("alice")
        alice.says(typed)
        assert alice.hears() == answer

    def test_what_is_so_already_is_said(self) -> None:
        """MODE changes what is not so yet, and nothing is said of the rest."""
        self.ways = (IrcTalker,)  # type: ignore[misc]
        alice, bob = self.talkers("alice", "bob", room="#dev")
        alice.says("/lock topic")
        bob.hears()
        alice.hears()
        alice.says("/lock topic")
        alice.says("/unlock key")
        assert alice.hears() == bob.hears() == []

    def test_help(self) -> None:
        """HELP lists IRC's commands, and the words of the other doors."""
        self.ways = (IrcTalker,)  # type: ignore[misc]
        (alice,) = self.talkers("alice")
        alice.wire.sends(b"HELP\r\n")
        listed = alice.wire.receives().decode()
        assert " 704 alice " in listed
        assert " 706 alice " in listed
        assert "PRIVMSG" in listed
        assert "SEARCH" in listed

    def test_too_long_message(self) -> None:
        """What is too long for a line is refused; a long text of another door comes in several."""
        self.ways = (IrcTalker, TextTalker)  # type: ignore[misc]
        alice, bob = self.talkers("alice", "bob")
        alice.says("x" * 600)
        alice.says("fine")
        assert bob.hears() == ["<alice> fine"]
        (refusal,) = alice.hears()
        assert refusal.startswith("-- Input line was too long")
        bob.says("word " * 800 + "end")
        heard = alice.hears()
        assert len(heard) > 8
        assert {line[:6] for line in heard} == {"<bob> "}
        assert " ".join([line.removeprefix("<bob> ") for line in heard]) == "word " * 800 + "end"

    @pytest.mark.parametrize("typed", ["/topic ", "/part #dev "])
    def test_too_long_words_beside_messages(self, typed: str) -> None:
        """Topics and reasons that are too long are cut, as IRC clients expect."""
        self.ways = (IrcTalker, TextTalker)  # type: ignore[misc]
        alice, bob = self.talkers("alice", "bob", room="#dev")
        alice.says(typed + "x" * 391)
        (heard,) = bob.hears()
        assert "x" * 390 in heard
        assert "x" * 391 not in heard


class TestIrc(WithIrc):
    ways = (IrcTalker,)


class TestIrcInsideTls(WithIrc):
    ways = (SecureIrcTalker,)


class TestIrcMixed(WithIrc):
    ways = (IrcTalker, TextTalker, WebTalker, SecureIrcTalker)


class TestIrcMixedTheOtherWayRound(WithIrc):
    ways = (TextTalker, IrcTalker, SecureJsonTalker, IrcTalker)
