"""What 005 says (modern.ircdocs.horse, "RPL_ISUPPORT Parameters")."""

from __future__ import annotations

import re

import pytest

from lanchat.core.hub import Hub
from lanchat.core.limits import Limits
from lanchat.core.names import check_nick, check_room
from lanchat.doors.irc import greeting
from lanchat.doors.irc.isupport import HOST, tokens
from lanchat.doors.irc.letters import LETTERS, takes_value
from tests.doors.irc.clients import Irc, host_of
from tests.network import Network


def told(limits: Limits | None = None, name: str = "room-1") -> dict[str, str]:
    """Give the tokens and their values."""
    hub = Hub(limits or Limits(), Network().journal, now=lambda: 0.0, later=lambda *_: None, name=name)
    return dict(token.partition("=")[::2] for token in tokens(hub))


def test_each_token_is_told_once(network: Network) -> None:
    """modern.ircdocs.horse, "Feature Advertisement": capitals and digits, and no value has a space."""
    found = tokens(network.hub)
    names = [token.partition("=")[0] for token in found]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[A-Z0-9]{1,20}(=[^\s]*)?", token) for token in found)


def test_a_line_has_thirteen_of_them_at_most(network: Network) -> None:
    """RFC 2812, 2.3: a message has fifteen parameters; the last is the text."""
    lines = [line for line in Irc(network, "alice").greeted if line.split(" ")[1] == "005"]
    shown = []
    for line in lines:
        words, _, text = line.removeprefix(":").partition(" :")
        assert text == "are supported by this server"
        shown += words.split(" ")[3:]
        assert len(words.split(" ")) <= 3 + 13
    assert shown == tokens(network.hub)


def test_the_limits_are_the_servers(network: Network) -> None:
    """modern.ircdocs.horse, "RPL_ISUPPORT Parameters": the numbers are those of the options."""
    found = told(Limits(nick=20, room=30, topic=100, rooms=7))
    names = ["NICKLEN", "CHANNELLEN", "TOPICLEN", "KICKLEN", "AWAYLEN", "NAMELEN", "CHANLIMIT"]
    assert [found[name] for name in names] == ["20", "30", "100", "100", "100", "100", "#:7"]
    assert check_nick("n" * 20, 20)
    assert check_room("#" + "r" * 29, 30)


def test_what_has_no_limit() -> None:
    """modern.ircdocs.horse, CHANLIMIT: no number; the lengths are what a line can hold."""
    found = told(Limits(nick=0, room=0, topic=0, rooms=0))
    assert [found[name] for name in ("CHANLIMIT", "NICKLEN", "CHANNELLEN", "TOPICLEN")] == ["#:", "510", "510", "510"]
    assert told(Limits(topic=100_000))["TOPICLEN"] == "510"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("room-1", "room-1"),
        ("My LAN", r"My\x20LAN"),
        (r"a\b=c", r"a\x5Cb\x3Dc"),
        ("Café", "Café"),
        ("x" * 100, "x" * 63),
    ],
)
def test_the_name_of_the_network(name: str, shown: str) -> None:
    r"""modern.ircdocs.horse, NETWORK: what a token cannot hold is written as ``\x20``."""
    assert told(name=name)["NETWORK"] == shown


def test_modes_are_those_that_there_are() -> None:
    """modern.ircdocs.horse, CHANMODES, PREFIX and RPL_MYINFO: the same letters as MODE takes."""
    found = told()
    lists, keys, limits, flags = found["CHANMODES"].split(",")
    ranks = found["PREFIX"].partition(")")[0].removeprefix("(")
    assert sorted(lists + keys + limits + flags + ranks) == sorted(LETTERS) == sorted(greeting.ROOMS)
    with_value = [letter for letter, mode in LETTERS.items() if takes_value(mode, on=True)]
    assert sorted(lists + keys + limits + ranks) == sorted(with_value) == sorted(greeting.VALUES)
    assert found["MAXLIST"] == f"{lists}:100"
    assert (found["EXCEPTS"], found["INVEX"], found["STATUSMSG"]) == ("e", "I", "@+")


def test_hosts_are_no_longer_than_told(network: Network) -> None:
    """modern.ircdocs.horse, HOSTLEN, USERLEN: what stands in masks."""
    Irc(network, "alice")
    user, host = host_of(network, "alice").split("@")
    assert len(user) <= int(told()["USERLEN"])
    assert len(host) <= HOST == int(told()["HOSTLEN"])


def test_targets() -> None:
    """modern.ircdocs.horse, TARGMAX: a number for each command, or none where a line is the limit."""
    found = dict(pair.split(":") for pair in told()["TARGMAX"].split(","))
    assert (found["PRIVMSG"], found["NOTICE"], found["TAGMSG"]) == ("4", "4", "4")
    assert (found["WHOIS"], found["MONITOR"]) == ("10", "")


def test_what_ircv3_adds() -> None:
    """ircv3.net, utf8-only, bot-mode, monitor, whox, chathistory: their tokens."""
    found = told()
    assert found["UTF8ONLY"] == found["WHOX"] == found["SAFELIST"] == ""
    assert (found["BOT"], found["MONITOR"], found["CASEMAPPING"]) == ("B", "100", "ascii")
    assert (found["CHATHISTORY"], found["MSGREFTYPES"]) == ("200", "msgid,timestamp")
