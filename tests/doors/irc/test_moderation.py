"""What those in charge do, as IRC clients are told of it: founders, slow and read-only rooms, announcements, bans."""

from __future__ import annotations

import pytest

from lanchat.core.modes import Listed
from tests.doors.irc.clients import Irc, host_of
from tests.doors.irc.newcomers import numerics
from tests.doors.irc.people import Device
from tests.logins import account
from tests.network import Network


@pytest.fixture
def alice(network: Network) -> Device:
    """Give the founder of #dev."""
    account(network.hub, "alice")
    alice = Device(network, "alice")
    alice.says("JOIN #dev")
    alice.hears()
    return alice


@pytest.fixture
def bob(network: Network, alice: Device) -> Irc:
    """Give an op of #dev who is a guest."""
    bob = Irc(network, "bob", "multi-prefix")
    bob.says("JOIN #dev")
    alice.says("MODE #dev +o bob")
    bob.hears(), alice.hears()
    return bob


def test_who_makes_a_room_with_an_account_founds_it(network: Network) -> None:
    """ISUPPORT PREFIX: ``~`` before the founder, and the server said so."""
    account(network.hub, "alice")
    alice, host = Device(network, "alice"), host_of(network, "alice")
    assert alice.asks("JOIN #dev")[:3] == [
        f":alice!{host} JOIN #dev",
        ":room-1.lan MODE #dev +q alice",
        ":room-1.lan 353 alice = #dev :~alice",
    ]
    bob = Irc(network, "bob")
    assert bob.asks("JOIN #dev")[1] == ":room-1.lan 353 bob = #dev :~alice bob"
    assert ":room-1.lan 319 bob alice :#lobby ~#dev" in bob.asks("WHOIS alice")


def test_founders_make_founders(network: Network, alice: Device, bob: Irc) -> None:
    """ERR_CHANOPRIVSNEEDED (482): no op does, nor anything against them; a founder may."""
    assert bob.asks("MODE #dev +q bob")[0].startswith(":room-1.lan 482 bob #dev :Only a founder of #dev may do that.")
    assert bob.asks("KICK #dev alice")[0].startswith(":room-1.lan 482 bob #dev :alice is a founder of #dev")
    assert bob.asks("MODE #dev -q alice")[0].startswith(":room-1.lan 482 bob #dev :")
    mask = f"alice!{host_of(network, 'alice')}"
    assert alice.asks("MODE #dev +q bob") == [f":{mask} MODE #dev +q bob"]
    assert "~@bob" in " ".join(bob.asks("NAMES #dev"))
    assert alice.asks("MODE #dev -q bob") == [f":{mask} MODE #dev -q bob"]


def test_what_is_said_to_ops_reaches_founders(network: Network, alice: Device, bob: Irc) -> None:
    """ISUPPORT STATUSMSG=@+: there is no ~ for founders alone."""
    carol = Irc(network, "carol")
    carol.says("JOIN #dev", "PRIVMSG @#dev :help", "PRIVMSG ~#dev :only you")
    assert alice.hears()[-1].endswith(" PRIVMSG @#dev :help")
    assert bob.hears()[-1].endswith(" PRIVMSG @#dev :help")
    assert carol.hears()[-1].startswith(":room-1.lan 401 carol ~#dev :")


def test_slow_rooms(network: Network, alice: Device) -> None:
    """+W: seconds, or a time; whoever has no rank waits that long (404 says for how long)."""
    carol = Irc(network, "carol")
    carol.says("JOIN #dev")
    mask = f"alice!{host_of(network, 'alice')}"
    alice.hears()
    assert alice.asks("MODE #dev +W 2m") == [f":{mask} MODE #dev +W 120"]
    assert alice.asks("MODE #dev")[0] == ":room-1.lan 324 alice #dev +nW 120"
    carol.hears()
    carol.says("PRIVMSG #dev :one", "PRIVMSG #dev :two")
    (refused,) = carol.hears()
    assert refused.startswith(":room-1.lan 404 carol #dev :#dev is slow: you may speak there again in ")
    assert alice.asks("MODE #dev +W never")[-1].startswith(":room-1.lan 696 alice #dev W never :Type seconds")
    assert alice.asks("MODE #dev -W") == [f":{mask} MODE #dev -W"]


def test_read_only_rooms(network: Network, alice: Device) -> None:
    """+A: only ops speak."""
    carol = Irc(network, "carol")
    carol.says("JOIN #dev")
    alice.hears()
    assert alice.asks("MODE #dev +A") == [f":alice!{host_of(network, 'alice')} MODE #dev +A"]
    assert alice.asks("MODE #dev")[0] == ":room-1.lan 324 alice #dev +An"
    assert carol.asks("PRIVMSG #dev :hi")[-1].startswith(":room-1.lan 404 carol #dev :Only ops may speak in #dev")
    assert alice.asks("PRIVMSG #dev :listen") == []


def test_only_those_who_may_ban_see_addresses(network: Network, alice: Device) -> None:
    """To all others it is some address: hosts tell nobody where somebody is."""
    carol = Irc(network, "carol")
    carol.says("JOIN #dev")
    carol.hears(), alice.hears()
    mask = f"alice!{host_of(network, 'alice')}"
    assert alice.asks("MODE #dev +b m:address:10.1.2.3") == [f":{mask} MODE #dev +b m:address:*"]
    assert carol.hears() == [f":{mask} MODE #dev +b m:address:*"]
    assert carol.asks("MODE #dev b")[0].startswith(":room-1.lan 367 carol #dev m:address:* alice ")
    assert alice.asks("MODE #dev b")[0].startswith(":room-1.lan 367 alice #dev m:address:10.1.2.3/32 alice ")


def test_what_has_had_its_time_is_not_listed(network: Network, alice: Device) -> None:
    """A ban that is over holds no more."""
    alice.says("BAN #dev 10m mallory!*@* adverts")
    (listed, _) = alice.asks("MODE #dev b")
    assert listed.endswith(" (adverts)")
    network.reactor.wait(601)
    assert numerics(alice.asks("MODE #dev b")) == ["368"]


def test_announcements(network: Network, alice: Device, bob: Irc) -> None:
    """As notices, which no program answers, and with what they are before them; admins speak to everybody."""
    carol = Irc(network, "carol")
    carol.hears(), bob.hears()
    mask = f"alice!{host_of(network, 'alice')}"
    alice.says("ANNOUNCE #dev exam at nine")
    assert bob.hears() == [f":{mask} NOTICE #dev :To everybody: exam at nine"]
    assert carol.hears() == []
    network.hub.people.find("alice").admin = True
    assert alice.asks("ANNOUNCE the server goes down at ten")[-1] == (
        f":{mask} NOTICE alice :To everybody: the server goes down at ten"
    )
    assert bob.hears() == [f":{mask} NOTICE bob :To everybody: the server goes down at ten"]
    assert carol.hears() == [f":{mask} NOTICE carol :To everybody: the server goes down at ten"]


def test_kline_is_serverban(network: Network, alice: Device, bob: Irc) -> None:
    """As opers know it: KLINE with minutes or without, UNKLINE; only for admins."""
    assert bob.asks("KLINE 60 mallory!*@* :adverts")[0].startswith(":room-1.lan 481 bob :")
    network.hub.people.find("alice").admin = True
    assert "may not come in any more" in alice.asks("KLINE 60 mallory!*@* :adverts")[-1]
    assert "may not come in any more" in alice.asks("KLINE eve!*@*")[-1]
    first, second = network.hub.server_bans.listed()
    assert (first.mask, first.reason, bool(first.until)) == ("mallory!*@*", "adverts", True)
    assert second == Listed("eve!*@*", "alice", network.hub.stamp(), "", "")
    assert alice.asks("UNKLINE eve!*@*")[-1].endswith("eve!*@* may come in again.")


def test_whoever_has_too_many_clients_is_told(
    network: Network, alice: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One person has so many; one more is kept out, with why."""
    monkeypatch.setattr("lanchat.core.devices.MOST", 1)
    refused, closed = Device(network, "alice").greeted[-2:]
    assert refused.startswith(":room-1.lan 400 * USER :alice is here with 1 clients already.")
    assert closed.startswith("ERROR :Closing link: ")
