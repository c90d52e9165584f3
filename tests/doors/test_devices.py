"""Several devices of one account, whichever doors they came through, are one member."""

from __future__ import annotations

import pytest

from tests.irc_talker import IrcTalker, SecureIrcTalker
from tests.logins import account, logins
from tests.network import Network
from tests.talkers import JsonTalker, SecureJsonTalker, SecureTextTalker, Talker, TextTalker
from tests.web_talker import SecureWebTalker, WebTalker

Doors = tuple[type[Talker], type[Talker], type[Talker]]
"""Those of two devices of one account, and of somebody else."""


class Together:
    """Two devices of alice, and bob."""

    def __init__(self, doors: Doors) -> None:
        self.network = Network()
        self.hub = self.network.hub
        self.hub.logins = logins(self.hub, plain=True)
        for name in ("alice", "bob"):
            account(self.hub, name)
        self.doors = doors
        self.first, self.second, self.bob = self.comes(0), self.comes(1), self.comes(2)
        self.forget()

    def comes(self, which: int) -> Talker:
        """Let a device log in."""
        talker = self.doors[which](self.network, "bob" if which == 2 else "alice")
        talker.logs_in()
        return talker

    @property
    def devices(self) -> tuple[Talker, Talker]:
        return self.first, self.second

    def forget(self) -> None:
        for each in (self.first, self.second, self.bob):
            each.hears()


@pytest.fixture(
    params=[
        (TextTalker, TextTalker, JsonTalker),
        (TextTalker, JsonTalker, IrcTalker),
        (SecureJsonTalker, WebTalker, TextTalker),
        (IrcTalker, TextTalker, SecureWebTalker),
        (IrcTalker, SecureIrcTalker, SecureTextTalker),
        (SecureWebTalker, IrcTalker, IrcTalker),
    ],
    ids=lambda doors: "-".join(each.door for each in doors),
)
def chat(request: pytest.FixtureRequest) -> Together:
    return Together(request.param)


def spoken(talker: Talker) -> list[str]:
    """Give what somebody hears of what people say."""
    return [line for line in talker.hears() if not line.startswith("-- ")]


def test_they_are_one(chat: Together) -> None:
    """There is one member, who is in the rooms once."""
    assert list(chat.hub.people.members) == ["alice", "bob"]
    assert len(chat.hub.people.members["alice"].sessions) == 2
    assert len(chat.hub.lobby.members) == 2


def test_what_one_says_the_other_shows(chat: Together) -> None:
    """Each line once on each, and never on the one where it was typed."""
    chat.first.says("hi")
    chat.bob.says("hello")
    chat.second.says("/me waves")
    assert chat.first.hears() == ["<bob> hello", "* alice waves"]
    assert chat.second.hears() == ["<alice> hi", "<bob> hello"]
    assert chat.bob.hears() == ["<alice> hi", "* alice waves"]


def test_private_words_are_on_both(chat: Together) -> None:
    """The other device shows to whom they went; the answer comes to both."""
    chat.first.says("/msg bob psst")
    assert chat.first.hears() == []
    assert chat.second.hears() == ["(private to bob) <alice> psst"]
    assert chat.bob.hears() == ["(private) <alice> psst"]
    chat.bob.says("/msg alice yes")
    assert chat.first.hears() == chat.second.hears() == ["(private) <bob> yes"]


def test_a_room_is_entered_and_left_by_both(chat: Together) -> None:
    """What is said there reaches both as long as one has not left it; the others hear of one who comes and goes."""
    chat.bob.says("/join #dev")
    chat.forget()
    chat.first.says("/join #dev")
    chat.bob.says("hi")
    for each in chat.devices:
        assert [line.removeprefix("#dev ") for line in spoken(each)] == ["<bob> hi"]
    chat.second.says("/part #dev")
    chat.bob.says("anybody?")
    assert spoken(chat.first) == spoken(chat.second) == []
    assert chat.bob.hears() == ["-- alice joined #dev", "-- alice left #dev"]


def test_who_is_removed_is_removed_on_both(chat: Together) -> None:
    """Each device hears it, and no more from that room."""
    chat.bob.says("/join #dev")
    chat.first.says("/join #dev")
    chat.forget()
    chat.bob.says("/kick alice enough")
    for each in chat.devices:
        assert each.hears().count("-- bob removed alice from #dev (enough)") == 1
    chat.bob.says("hi")
    assert spoken(chat.first) == spoken(chat.second) == []


def test_away_is_who_is_away_at_both(chat: Together) -> None:
    """The first that goes is told something; the others hear of the last, and of the first that is back."""
    chat.first.says("/away lunch")
    assert chat.first.hears()[0].startswith("-- You are away")
    assert chat.bob.hears() == []
    chat.second.says("/away lunch")
    assert chat.bob.hears() == ["-- alice is away: lunch"]
    chat.first.says("/back")
    assert "-- You are back" in chat.first.hears()
    assert chat.bob.hears() == ["-- alice is back"]
    chat.second.says("/back")
    assert chat.second.hears()[-1] == "-- You are back"
    assert chat.bob.hears() == []


def test_the_last_that_leaves_is_the_end(chat: Together) -> None:
    """Nobody hears of the first that does."""
    chat.first.says("/quit")
    assert chat.bob.hears() == []
    chat.bob.says("hi")
    assert spoken(chat.second) == ["<bob> hi"]
    chat.second.says("/quit bye")
    assert chat.bob.hears() == ["-- alice left (bye)"]


def test_what_is_said_to_who_is_not_here_waits(chat: Together) -> None:
    """It is shown on the first device that comes, once."""
    chat.first.says("/quit")
    chat.second.says("/quit")
    chat.bob.hears()
    chat.bob.says("/msg alice call me")
    chat.bob.says("/msg alice please")
    (told,) = chat.bob.hears()
    assert told.startswith("-- alice is ")
    heard = "\n".join(chat.comes(0).hears())
    assert heard.index("<bob> call me") < heard.index("<bob> please")
    assert heard.count("<bob> call me") == 1
    assert "<bob> call me" not in "\n".join(chat.comes(1).hears())


def test_logging_out_everywhere_ends_both(chat: Together) -> None:
    """And nothing reaches either of them afterwards."""
    chat.first.says("/logout all")
    for each in chat.devices:
        each.hears()
        assert each.wire.ended
    assert chat.bob.hears() == ["-- alice left (logged out)"]
    chat.bob.says("/msg alice psst")
    assert spoken(chat.first) == spoken(chat.second) == []
