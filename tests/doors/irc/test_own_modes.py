"""MODE of oneself."""

from __future__ import annotations

from tests.doors.irc.clients import Irc, host_of
from tests.network import Network


def test_one_may_ask_how_one_is_set(network: Network) -> None:
    """RFC 2812, 3.1.5: 221 with the letters of what is so."""
    alice = Irc(network, "alice")
    assert alice.asks("MODE ALICE") == [":room-1.lan 221 alice +"]
    alice.says("MODE alice +iB")
    network.hub.people.find("alice").admin = True
    assert alice.asks("MODE alice") == [":room-1.lan 221 alice +Bio"]


def test_what_has_changed_is_told(network: Network) -> None:
    """RFC 2812, 3.1.5: MODE with what really changed; nothing where it was so before."""
    alice = Irc(network, "alice")
    source = f":alice!{host_of(network, 'alice')}"
    assert alice.asks("MODE alice +i") == [f"{source} MODE alice +i"]
    assert alice.asks("MODE alice +i-B") == []
    assert alice.asks("MODE alice +B-i") == [f"{source} MODE alice +B-i"]
    member = network.hub.people.find("alice")
    assert (member.bot, member.invisible) == (True, False)


def test_bots_say_that_they_are(network: Network) -> None:
    """ircv3.net, bot-mode: the letter of ISUPPORT BOT; others are told with a tag."""
    robot, alice = Irc(network, "robot"), Irc(network, "alice", "message-tags")
    alice.hears()
    robot.says("MODE robot +B", "PRIVMSG #lobby :beep")
    (heard,) = alice.reads()
    assert "bot" in heard.tags


def test_nobody_becomes_an_admin_by_asking(network: Network) -> None:
    """RFC 2812, 3.1.5: +o is passed over; -o gives it up, and then it is gone."""
    alice = Irc(network, "alice")
    noted: list[str] = []
    network.hub.admins.noted = noted.append
    assert alice.asks("MODE alice +o") == []
    member = network.hub.people.find("alice")
    assert not member.admin
    member.admin = True
    assert alice.asks("MODE alice +o") == []
    assert alice.asks("MODE alice -o") == [f":alice!{host_of(network, 'alice')} MODE alice -o"]
    assert not member.admin
    assert noted == ["alice is no admin any more"]


def test_what_is_no_mode(network: Network) -> None:
    """RFC 2812, 3.1.5: 501, once, and the others are changed."""
    alice = Irc(network, "alice")
    assert alice.asks("MODE alice +xiyz") == [
        f":alice!{host_of(network, 'alice')} MODE alice +i",
        ":room-1.lan 501 alice :Unknown MODE flag: there are B, i and o",
    ]


def test_others_have_their_own_modes(network: Network) -> None:
    """RFC 2812, 3.1.5: 502 for somebody else, seen or changed; 401 for nobody."""
    alice, _bob = Irc(network, "alice"), Irc(network, "bob")
    assert [line.split(" :")[0] for line in alice.asks("MODE bob", "MODE bob +i", "MODE zoe", "MODE :")] == [
        ":room-1.lan 502 alice",
        ":room-1.lan 502 alice",
        ":room-1.lan 401 alice zoe",
        ":room-1.lan 401 alice *",
    ]
    assert alice.asks("MODE") == [":room-1.lan 461 alice MODE :Not enough parameters"]
