"""What was said last in a room is shown to who comes in, as their client can take it."""

from __future__ import annotations

import pytest

from lanchat.core.limits import Limits
from lanchat.core.times import local_clock, local_day
from tests.doors.irc.clients import Irc, host_of
from tests.network import Network

SERVER = ":room-1.lan"
DAY = 86_400.0
END = f"{SERVER} 366 alice #dev :End of /NAMES list"


@pytest.fixture
def bob(network: Network) -> Irc:
    """Give somebody who said something in #dev, did something, and noted something."""
    bob = Irc(network, "bob")
    bob.says("JOIN #dev", "PRIVMSG #dev hi", "PRIVMSG #dev :\x01ACTION waves\x01", "NOTICE #dev psst")
    return bob


def _comes_in(network: Network, caps: str = "") -> list[str]:
    """Let alice come into #dev, and give what follows the names."""
    heard = Irc(network, "alice", caps).asks("JOIN #dev")
    return heard[heard.index(END) + 1 :]


def test_who_can_fetch_it_is_shown_nothing(network: Network, bob: Irc) -> None:
    """ircv3.net, chathistory: the capability lets the server know that the client asks by itself."""
    assert _comes_in(network, "draft/chathistory batch server-time") == []


def test_batches_with_times(network: Network, bob: Irc) -> None:
    """ircv3.net, chathistory batch type: lines with their time, known as old by the batch they stand in."""
    mask, now = f"bob!{host_of(network, 'bob')}", network.hub.stamp()
    assert _comes_in(network, "batch server-time") == [
        f"{SERVER} BATCH +1 chathistory #dev",
        f"@batch=1;time={now} :{mask} PRIVMSG #dev :hi",
        f"@batch=1;time={now} :{mask} PRIVMSG #dev :\x01ACTION waves\x01",
        f"@batch=1;time={now} :{mask} NOTICE #dev :psst",
        f"{SERVER} BATCH -1",
    ]


def test_times_without_batches(network: Network, bob: Irc) -> None:
    """ircv3.net, server-time: the time says that a line is old."""
    mask, now = f"bob!{host_of(network, 'bob')}", network.hub.stamp()
    network.reactor.wait(60)
    assert _comes_in(network, "server-time") == [
        f"@time={now} :{mask} PRIVMSG #dev :hi",
        f"@time={now} :{mask} PRIVMSG #dev :\x01ACTION waves\x01",
        f"@time={now} :{mask} NOTICE #dev :psst",
    ]


@pytest.mark.parametrize("caps", ["", "batch", "message-tags"])
def test_notices_say_what_is_old(network: Network, bob: Irc, caps: str) -> None:
    """RFC 2812, section 3.3.2: no program answers a notice; the server's say who said what, and when."""
    clock = local_clock(network.hub.stamp())
    assert _comes_in(network, caps) == [
        f"{SERVER} NOTICE #dev :[{clock}] <bob> hi",
        f"{SERVER} NOTICE #dev :[{clock}] * bob waves",
        f"{SERVER} NOTICE #dev :[{clock}] -bob- psst",
    ]


def test_days_are_named(network: Network, bob: Irc) -> None:
    """Before what was not said today the day is named, and today where it begins."""
    clock, day = local_clock(network.hub.stamp()), local_day(network.hub.stamp())
    network.reactor.wait(DAY)
    bob.says("PRIVMSG #dev there?")
    assert _comes_in(network) == [
        f"{SERVER} NOTICE #dev :-- On {day}:",
        f"{SERVER} NOTICE #dev :[{clock}] <bob> hi",
        f"{SERVER} NOTICE #dev :[{clock}] * bob waves",
        f"{SERVER} NOTICE #dev :[{clock}] -bob- psst",
        f"{SERVER} NOTICE #dev :-- On {local_day(network.hub.stamp())}:",
        f"{SERVER} NOTICE #dev :[{clock}] <bob> there?",
    ]


@pytest.mark.parametrize("caps", ["", "server-time batch"])
def test_long_texts_are_whole(network: Network, bob: Irc, caps: str) -> None:
    """Nothing of a long text is missing, and each of its lines says who said it."""
    text = " ".join(["wörd"] * 300)
    network.hub.say(next(iter(network.hub.people.find("bob").sessions)), network.hub.rooms["#dev"], f"{text}\nand on")
    heard = [line.partition(" #dev :")[2] for line in _comes_in(network, caps)]
    if not caps:
        head = f"[{local_clock(network.hub.stamp())}] <bob> "
        assert all(line.startswith(head) for line in heard[3:])
        heard = [line.removeprefix(head) for line in heard]
    assert " ".join(filter(None, heard)).endswith(f"{text} and on")


def test_no_more_than_the_server_shows() -> None:
    """The newest are shown, as many as the server is told to; those whom one ignores are left out."""
    network = Network(Limits(rate=0, per_address=0, backlog=2))
    bob, carol = Irc(network, "bob"), Irc(network, "carol")
    bob.says("JOIN #dev", "PRIVMSG #dev 1", "PRIVMSG #dev 2")
    carol.says("JOIN #dev", "PRIVMSG #dev 3")
    alice = Irc(network, "alice")
    clock = local_clock(network.hub.stamp())
    old = [f"{SERVER} NOTICE #dev :[{clock}] <bob> 2", f"{SERVER} NOTICE #dev :[{clock}] <carol> 3"]
    assert alice.asks("JOIN #dev")[-2:] == old
    alice.says("PART #dev", "IGNORE carol")
    assert alice.asks("JOIN #dev")[-2:] == [END, old[0]]


@pytest.mark.parametrize("caps", ["", "server-time", "server-time batch"])
def test_who_comes_into_many_rooms_is_not_drowned(network: Network, caps: str) -> None:
    """What was said last is left out where it is too much; the newest is told, whole."""
    rooms = [f"#{number}" for number in range(50)]
    mallory, web = Irc(network, "mallory"), network.connect()
    mallory.says("PART #lobby", f"JOIN {','.join(rooms)}")
    web.sends(b'{"op":"hello","nick":"eve"}\n')
    web.sends(b"".join(b'{"op":"join","room":"%b"}\n' % room.encode() for room in rooms[:49]))
    for number in range(20):
        text = b"x" * 4_000 + b"%d" % number
        web.sends(b"".join(b'{"op":"say","room":"%b","text":"%b"}\n' % (room.encode(), text) for room in rooms[:49]))
        mallory.hears()
    alice = Irc(network, "alice", caps)
    alice.wire.socket.space = 262_144
    alice.says("PART #lobby", f"JOIN {','.join(rooms)}")
    alice.wire.reads()
    assert not alice.wire.ended
    heard = alice.hears()
    assert sum("xx19" in line for line in heard) == 49
    assert sum(line.endswith("18") and "xx" in line for line in heard) == 49
    assert not any(line.endswith("x1") for line in heard)
