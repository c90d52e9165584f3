"""MONITOR (ircv3.net/specs/extensions/monitor): being told when somebody comes and goes."""

from __future__ import annotations

import pytest

from lanchat.core.watching import MOST
from tests.doors.irc.clients import Irc, host_of
from tests.network import Network
from tests.talkers import TextTalker


def test_monitor_is_announced(network: Network) -> None:
    """ircv3.net, monitor: the MONITOR token says how many may be watched."""
    assert any(" MONITOR=100 " in line for line in Irc(network, "alice").greeted)


def test_who_is_watched_is_heard_coming_and_going(network: Network) -> None:
    """ircv3.net, monitor: 731 and 730 at once, and whenever it changes, by whatever door somebody comes."""
    alice = Irc(network, "alice")
    assert alice.asks("MONITOR + alice,Bob") == [
        f":room-1.lan 730 alice :alice!{host_of(network, 'alice')}",
        ":room-1.lan 731 alice :Bob",
    ]
    alice.says("PART #lobby")
    alice.hears()
    bob = TextTalker(network, "bob")
    bob.enters()
    assert alice.hears() == [f":room-1.lan 730 alice :bob!{host_of(network, 'bob')}"]
    bob.says("/nick BOB")
    assert alice.hears() == []
    bob.says("/nick robert")
    assert alice.hears() == [":room-1.lan 731 alice :BOB"]
    bob.says("/nick bob")
    assert alice.hears() == [f":room-1.lan 730 alice :bob!{host_of(network, 'bob')}"]
    bob.says("/quit")
    assert alice.hears() == [":room-1.lan 731 alice :bob"]


def test_who_is_watched_no_more_is_not_heard(network: Network) -> None:
    """ircv3.net, monitor: ``-`` and ``C`` are answered by nothing."""
    alice = Irc(network, "alice")
    alice.says("MONITOR + bob,carol,dave", "PART #lobby")
    assert alice.asks("MONITOR - BOB,zoe") == []
    assert alice.asks("monitor l") == [
        ":room-1.lan 732 alice :carol,dave",
        ":room-1.lan 733 alice :End of MONITOR list",
    ]
    assert alice.asks("MONITOR C") == []
    assert alice.asks("MONITOR L") == [":room-1.lan 733 alice :End of MONITOR list"]
    for nick in ("bob", "carol"):
        Irc(network, nick)
    assert alice.hears() == []


def test_the_state_of_all_can_be_asked_for(network: Network) -> None:
    """ircv3.net, monitor: ``S`` tells who is here and who is not."""
    alice, _ = Irc(network, "alice"), Irc(network, "bob")
    assert alice.asks("MONITOR S") == []
    alice.says("MONITOR + zoe,bob,yan")
    assert alice.asks("MONITOR S") == [
        f":room-1.lan 730 alice :bob!{host_of(network, 'bob')}",
        ":room-1.lan 731 alice :zoe,yan",
    ]


def test_the_list_has_an_end(network: Network) -> None:
    """ircv3.net, monitor: 734 names those who are not watched; the others are."""
    alice = Irc(network, "alice")
    names = [f"p{'x' * (number % 10)}{'y' * (number // 10)}" for number in range(MOST - 1)]
    for start in range(0, len(names), 20):
        alice.says(f"MONITOR + {','.join(names[start : start + 20])}")
    assert alice.asks("MONITOR + zoe,yan,zoe,xu") == [
        ":room-1.lan 731 alice :zoe",
        ":room-1.lan 734 alice 100 yan,xu :You watch 100 people already. Stop watching one of them first.",
    ]
    listed = alice.asks("MONITOR L")
    assert ",".join([line.split(":")[-1] for line in listed[:-1]]).split(",") == [*names, "zoe"]
    assert len(listed) == 4


def test_what_is_no_nick_is_not_here(network: Network) -> None:
    """ircv3.net, monitor: a mask is nobody's nick, so nobody of that name comes."""
    alice = Irc(network, "alice")
    assert alice.asks("MONITOR + *!u@h,,:b x") == [":room-1.lan 731 alice :*!u@h,b"]
    assert alice.asks("MONITOR L") == [":room-1.lan 733 alice :End of MONITOR list"]
    Irc(network, "bob")
    assert ":room-1.lan 730" not in "".join(alice.hears())


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("MONITOR", "461 alice MONITOR :Not enough parameters"),
        ("MONITOR +", "461 alice MONITOR :Not enough parameters"),
        ("MONITOR -", "461 alice MONITOR :Not enough parameters"),
        ("MONITOR ! bob", "400 alice MONITOR ! :Say MONITOR + or - and nicks, or MONITOR C, L or S"),
    ],
)
def test_what_monitor_is_to_do_has_to_be_said(network: Network, command: str, answer: str) -> None:
    """modern.ircdocs.horse: ERR_NEEDMOREPARAMS, and ERR_UNKNOWNERROR for what there is no numeric for."""
    assert Irc(network, "alice").asks(command) == [f":room-1.lan {answer}"]


def test_who_has_left_watches_nobody(network: Network) -> None:
    """What a session watched goes with it."""
    alice = Irc(network, "alice")
    (door,) = network.factory.doors
    alice.says("MONITOR + bob")
    assert network.hub.watching.of(door.session) == ["bob"]
    alice.says("QUIT")
    assert network.hub.watching.of(door.session) == []
