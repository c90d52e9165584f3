"""The capabilities that tell more of people, for those who asked for them alone."""

from __future__ import annotations

from lanchat.doors.irc.door import IrcDoor
from tests.doors.irc.clients import Irc, host_of
from tests.network import Network
from tests.talkers import TextTalker


def door_of(network: Network, nick: str) -> IrcDoor:
    """Give the server's end of somebody's connection."""
    return next(door for door in network.factory.doors if isinstance(door, IrcDoor) and door.who == nick)


def test_away_notify(network: Network) -> None:
    """ircv3.net, away-notify: those who share a room hear of it once, and who has not asked for it does not."""
    alice, bob, carol = Irc(network, "alice", "away-notify"), Irc(network, "bob"), TextTalker(network, "carol")
    carol.enters()
    for one in (alice, bob):
        one.says("JOIN #dev")
    alice.hears(), bob.hears()
    carol.says("/away lunch")
    carol.says("/back")
    mask = f"carol!{host_of(network, 'carol')}"
    assert alice.hears() == [f":{mask} AWAY :lunch", f":{mask} AWAY"]
    bob.says("AWAY :tea")
    assert alice.hears() == [f":bob!{host_of(network, 'bob')} AWAY :tea"]
    assert bob.hears() == [":room-1.lan 306 bob :You have been marked as being away"]
    assert alice.asks("AWAY :out") == [":room-1.lan 306 alice :You have been marked as being away"]


def test_away_notify_of_who_comes_in(network: Network) -> None:
    """ircv3.net, away-notify: who comes into a room and is away is said to be."""
    alice, bob = Irc(network, "alice", "away-notify message-tags"), TextTalker(network, "bob")
    bob.enters()
    bob.says("/away a long lunch")
    alice.says("JOIN #dev")
    alice.hears()
    bob.says("/join #dev")
    mask = f"bob!{host_of(network, 'bob')}"
    joined, away = alice.reads()
    assert (joined.command, joined.params, joined.source) == ("JOIN", ["#dev"], mask)
    assert (away.command, away.params, away.source) == ("AWAY", ["a long lunch"], mask)
    assert away.tags["msgid"] != joined.tags["msgid"]


def test_extended_join(network: Network) -> None:
    """ircv3.net, extended-join: the account, ``*`` for none, and the real name, or the nick of who gave none."""
    alice, bob = Irc(network, "alice", "extended-join"), Irc(network, "bob")
    alice.says("JOIN #dev")
    alice.hears()
    bob.says("JOIN #dev")
    carol = TextTalker(network, "carol")
    carol.enters()
    carol.says("/join #dev")
    assert [line for line in alice.hears() if "#dev" in line] == [
        f":bob!{host_of(network, 'bob')} JOIN #dev * :Bob",
        f":carol!{host_of(network, 'carol')} JOIN #dev * :carol",
    ]
    assert alice.asks("JOIN #ops")[0] == f":alice!{host_of(network, 'alice')} JOIN #ops * :Alice"
    assert f":carol!{host_of(network, 'carol')} JOIN #dev" in bob.hears()


def test_chghost(network: Network) -> None:
    """ircv3.net, chghost: who is shown with another host is heard to be, as who they were; others see it later."""
    alice, bob, carol = Irc(network, "alice", "chghost"), Irc(network, "bob", "chghost"), Irc(network, "carol")
    text = TextTalker(network, "dave")
    text.enters()
    before = host_of(network, "bob")
    for one in (alice, bob, carol, text):
        one.hears()
    network.hub.move(door_of(network, "bob").session, "bob", "admin.room-1.lan")
    network.reactor.settle()
    for one in (alice, bob):
        assert one.hears() == [f":bob!{before} CHGHOST bob admin.room-1.lan"]
    assert carol.hears() == []
    assert text.hears() == []
    bob.says("PRIVMSG #lobby :hi")
    assert carol.hears() == [":bob!bob@admin.room-1.lan PRIVMSG #lobby :hi"]


def test_own_move_is_not_heard_without_chghost(network: Network) -> None:
    """ircv3.net, chghost: a client that knows nothing of it is told nothing."""
    alice = Irc(network, "alice")
    alice.hears()
    network.hub.move(door_of(network, "alice").session, "alice", "admin.room-1.lan")
    assert alice.hears() == []


def test_setname(network: Network) -> None:
    """ircv3.net, setname: those who share a room and asked for it hear of another real name."""
    alice, bob, carol = Irc(network, "alice", "setname"), Irc(network, "bob"), TextTalker(network, "carol")
    carol.enters()
    alice.hears(), bob.hears(), carol.hears()
    bob.says("SETNAME :Bob Alderman")
    assert alice.hears() == [f":bob!{host_of(network, 'bob')} SETNAME :Bob Alderman"]
    assert bob.hears() == []
    assert carol.hears() == []


def test_account_capabilities_are_accepted(network: Network) -> None:
    """ircv3.net, account-notify and account-tag: there are no accounts, so there is nothing to say of them."""
    alice = Irc(network, "alice", "account-notify account-tag message-tags")
    bob = Irc(network, "bob")
    assert any("ACK :account-notify account-tag message-tags" in line for line in alice.greeted)
    alice.hears()
    bob.says("PRIVMSG #lobby :hi")
    (said,) = alice.reads()
    assert said.params == ["#lobby", "hi"]
    assert said.tags.keys() == {"msgid"}


def test_bots_are_marked(network: Network) -> None:
    """ircv3.net, bot-mode: BOT says by which letter, and what a bot does has a tag for who takes tags."""
    alice, bob, carol = Irc(network, "alice", "message-tags"), Irc(network, "bob"), Irc(network, "carol")
    assert any(" BOT=B " in line for line in alice.greeted)
    network.hub.people.find("bob").bot = True
    alice.says("JOIN #dev")
    alice.hears(), carol.hears()
    bob.says("PRIVMSG #lobby :hi", "JOIN #dev")
    said, joined = alice.reads()
    assert (said.tags["bot"], joined.tags["bot"]) == ("", "")
    assert carol.hears() == [f":bob!{host_of(network, 'bob')} PRIVMSG #lobby :hi"]
    carol.says("PRIVMSG #lobby :hi")
    (said,) = alice.reads()
    assert "bot" not in said.tags
    bob.says("NICK robert", "QUIT")
    assert ["bot" in message.tags for message in alice.reads()] == [True, True]
