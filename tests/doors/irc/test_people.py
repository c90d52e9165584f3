"""AWAY, SETNAME, USERHOST, ISON."""

from __future__ import annotations

from lanchat.core.limits import Limits
from tests.doors.irc.clients import Irc, host_of
from tests.network import Network
from tests.talkers import TextTalker

AWAY = ":room-1.lan 306 {} :You have been marked as being away"
BACK = ":room-1.lan 305 {} :You are no longer marked as being away"


def test_away_is_acknowledged(network: Network) -> None:
    """RFC 2812, 4.1: 306, and 305 for no text or an empty one, whether or not one was away."""
    alice, bob = Irc(network, "alice"), TextTalker(network, "bob")
    bob.enters()
    bob.hears()
    assert alice.asks("AWAY :lunch") == [AWAY.format("alice")]
    assert bob.hears() == ["-- alice is away: lunch"]
    assert alice.asks("AWAY :tea") == [AWAY.format("alice")]
    assert alice.asks("AWAY") == [BACK.format("alice")]
    assert bob.hears() == ["-- alice is away: tea", "-- alice is back"]
    assert alice.asks("AWAY :", "AWAY") == [BACK.format("alice")] * 2
    assert bob.hears() == []
    assert alice.asks("AFK lunch", "BACK") == [AWAY.format("alice"), BACK.format("alice")]


def test_an_away_text_has_an_end() -> None:
    """modern.ircdocs.horse, "AWAYLEN": a longer text is cut: a client that sends it by itself has to be away, too."""
    alice = Irc(Network(Limits(rate=0, topic=10)), "alice")
    assert alice.asks("AWAY :gone fishing") == [AWAY.format("alice")]
    assert ":room-1.lan 301 alice alice :gone fishi" in alice.asks("WHOIS alice")


def test_who_writes_to_somebody_away_is_told(network: Network) -> None:
    """RFC 2812, 4.1: RPL_AWAY, once until they have been back; a NOTICE is never answered (3.3.2)."""
    alice, bob = Irc(network, "alice"), Irc(network, "bob")
    bob.says("AWAY :lunch")
    assert alice.asks("NOTICE bob :hi") == []
    assert alice.asks("PRIVMSG bob :hi", "PRIVMSG bob :hi?") == [":room-1.lan 301 alice bob :lunch"]
    bob.says("AWAY", "AWAY :tea")
    assert alice.asks("PRIVMSG bob :hi") == [":room-1.lan 301 alice bob :tea"]


def test_people_at_other_doors_are_away_alike(network: Network) -> None:
    """What /away says at a terminal is RPL_AWAY here, and AWAY here is told at a terminal."""
    alice, bob = Irc(network, "alice"), TextTalker(network, "bob")
    bob.enters()
    bob.says("/away lunch")
    assert alice.asks("PRIVMSG bob :hi") == [":room-1.lan 301 alice bob :lunch"]
    alice.says("AWAY :tea")
    bob.hears()
    bob.says("/msg alice hi")
    assert bob.hears() == ["-- alice is away: tea"]


def test_a_real_name_may_be_changed(network: Network) -> None:
    """ircv3.net, setname: the change comes back to who has the capability; others see it when they ask."""
    alice, bob = Irc(network, "alice", "setname"), Irc(network, "bob")
    mask = f"alice!{host_of(network, 'alice')}"
    assert alice.asks("SETNAME :Alice Liddell") == [f":{mask} SETNAME :Alice Liddell"]
    assert bob.asks("SETNAME Robert") == []
    assert alice.hears() == [f":bob!{host_of(network, 'bob')} SETNAME :Robert"]
    assert bob.asks("WHOIS alice")[0].endswith(" * :Alice Liddell")
    assert any(" NAMELEN=390 " in line for line in bob.greeted)


def test_a_real_name_may_be_refused() -> None:
    """ircv3.net, setname: FAIL SETNAME INVALID_REALNAME, to whoever asks."""
    alice = Irc(Network(Limits(rate=0, topic=10)), "alice")
    assert alice.asks("SETNAME :Alice Pleasance", "SETNAME :  ", "SETNAME") == [
        ":room-1.lan FAIL SETNAME INVALID_REALNAME :A name has at most 10 characters. Make it shorter.",
        ":room-1.lan FAIL SETNAME INVALID_REALNAME :Say which name: SETNAME :Alice Liddell",
        ":room-1.lan 461 alice SETNAME :Not enough parameters",
    ]


def test_who_is_muted_keeps_their_real_name(network: Network) -> None:
    """ircv3.net, setname: FAIL SETNAME CANNOT_CHANGE_REALNAME: everybody around would read it."""
    alice, bob = Irc(network, "alice"), Irc(network, "bob")
    alice.says("JOIN #dev")
    bob.says("JOIN #dev")
    alice.says("MODE #dev +b m:bob")
    (refused,) = bob.asks("SETNAME :Bobby")[-1:]
    assert refused.startswith(":room-1.lan FAIL SETNAME CANNOT_CHANGE_REALNAME :")


def test_userhost_tells_who_and_whether_they_are_here(network: Network) -> None:
    """RFC 2812, 4.8: a ``*`` for admins, ``-`` for who is away, and five of them at most."""
    alice, bob = Irc(network, "alice"), Irc(network, "bob")
    bob.says("AWAY :lunch")
    network.hub.people.find("alice").admin = True
    expected = f"alice*=+{host_of(network, 'alice')} bob=-{host_of(network, 'bob')}"
    assert alice.asks("USERHOST Alice zoe BOB") == [f":room-1.lan 302 alice :{expected}"]
    assert alice.asks("USERHOST v w x y z alice") == [":room-1.lan 302 alice :"]


def test_ison_tells_who_of_these_is_here(network: Network) -> None:
    """RFC 2812, 4.9: in one list or in several, and an empty answer for nobody."""
    alice, _ = Irc(network, "alice"), Irc(network, "Bob")
    assert alice.asks("ISON zoe bob ALICE") == [":room-1.lan 303 alice :Bob alice"]
    assert alice.asks("ISON bob :zoe alice") == [":room-1.lan 303 alice :Bob alice"]
    assert alice.asks("ISON zoe") == [":room-1.lan 303 alice :"]
    assert alice.asks(f"ISON {'alice ' * 80}")[0].startswith(":room-1.lan 303 alice :alice alice")
