"""How a client comes in (modern.ircdocs.horse, "Connection Registration"; RFC 2812, 3.1)."""

from __future__ import annotations

import itertools

import pytest

from lanchat.core.limits import Limits
from tests.doors.irc.clients import Irc, host_of
from tests.doors.irc.newcomers import Newcomer, numerics
from tests.network import Network, SecureLine
from tests.talkers import TextTalker

ORDERS = list(itertools.permutations(["PASS secret", "NICK alice", "USER alice 0 * :Alice"]))
AROUND = [
    ["CAP LS 302", "NICK alice", "USER alice 0 * :A", "CAP END"],
    ["NICK alice", "CAP LS", "USER alice 0 * :A", "CAP END"],
    ["NICK alice", "CAP REQ :batch", "CAP LIST", "CAP END", "USER alice 0 * :A"],
    ["CAP LIST", "USER alice 0 * :A", "NICK alice"],
    ["CAP END", "USER alice 0 * :A", "NICK alice"],
    ["USER alice 0 * :A", "CAP LS 302", "CAP REQ batch", "NICK alice", "CAP END"],
]


@pytest.mark.parametrize("lines", ORDERS, ids=" ".join)
def test_the_order_does_not_matter(network: Network, lines: list[str]) -> None:
    """modern.ircdocs.horse, "Connection Registration": PASS, NICK and USER in any order; the last of them lets in."""
    newcomer = Newcomer(network)
    newcomer.says(*lines)
    assert numerics(newcomer.hears())[0] == "001"


@pytest.mark.parametrize("lines", AROUND, ids=" / ".join)
def test_capabilities_are_negotiated_around_it(network: Network, lines: list[str]) -> None:
    """ircv3.net, capability-negotiation: who has begun CAP comes in with CAP END, and not before."""
    newcomer = Newcomer(network)
    answers = newcomer.asks(*lines[:-1])
    assert "001" not in numerics(answers)
    assert "001" in numerics(newcomer.asks(lines[-1]))


def test_user_and_real_name_are_shown(network: Network) -> None:
    """RFC 2812, 3.1.3: the user name stands in the mask, the real name with the person."""
    Newcomer(network).asks("NICK alice", "USER al!ic@e 0 * :Alice Liddell")
    member = network.hub.people.find("alice")
    assert (member.user, member.name) == ("alice", "Alice Liddell")
    assert member.mask == f"alice!{host_of(network, 'alice')}"


def test_empty_names_are_no_obstacle(network: Network) -> None:
    """RFC 2812, 3.1.3: a client whose settings are empty comes in all the same."""
    Newcomer(network).asks("NICK alice", "USER @ 0 * :")
    member = network.hub.people.find("alice")
    assert (member.user, member.name) == ("user", "")


def test_long_names_are_cut(network: Network) -> None:
    """modern.ircdocs.horse, USERLEN, NAMELEN: what is too long for a user name or a real name is left out."""
    Newcomer(network).asks("NICK alice", f"USER {'u' * 40} 0 * :{'n' * 400}")
    member = network.hub.people.find("alice")
    assert (len(member.user), len(member.name)) == (16, 390)


def test_a_nick_that_is_taken_is_said_at_once(network: Network) -> None:
    """RFC 2812, 3.1.2, ERR_NICKNAMEINUSE: at NICK already, with ``*`` and the nick; the client tries another then."""
    TextTalker(network, "bob").enters()
    newcomer = Newcomer(network)
    assert newcomer.asks("CAP LS 302", "NICK Bob", "USER bob 0 * :Bob")[1:] == [
        ":room-1.lan 433 * Bob :bob is here already. Type another name, for example Bob2"
    ]
    assert "001" in numerics(newcomer.asks("NICK Bob_", "CAP END"))


def test_a_nick_may_be_taken_in_the_meantime(network: Network) -> None:
    """RFC 2812, 3.1.2: two want one nick; who comes in later is told then, and needs nothing but another nick."""
    first, second = Newcomer(network), Newcomer(network)
    assert first.asks("NICK bob") == second.asks("NICK bob") == []
    assert "001" in numerics(first.asks("USER one 0 * :One"))
    (refused,) = second.asks("USER two 0 * :Two")
    assert refused.startswith(":room-1.lan 433 * bob :bob is here already.")
    assert numerics(second.asks("NICK bob_"))[0] == "001"


def test_a_nick_that_looks_like_another_is_taken(network: Network) -> None:
    """RFC 2812, 3.1.2, ERR_NICKNAMEINUSE: a Cyrillic letter makes no other person of it."""
    TextTalker(network, "alice").enters()
    assert Newcomer(network).asks("NICK аlice") == [
        ":room-1.lan 433 * аlice :аlice looks like alice, who is here. Type another name."
    ]


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("NICK 1st", "1st"),
        ("NICK :two words", "two"),
        ("NICK #room", "#room"),
        ("NICK ::x", "x"),
        ("NICK \x02", "*"),
        ("NICK server", "server"),
        (f"NICK {'n' * 200}", "n" * 100),
    ],
)
def test_what_is_no_nick_is_refused(network: Network, line: str, shown: str) -> None:
    """RFC 2812, 3.1.2, ERR_ERRONEUSNICKNAME: with the nick as one word, whatever was sent."""
    (refused,) = Newcomer(network).asks(line)
    assert refused.startswith(f":room-1.lan 432 * {shown} :")


@pytest.mark.parametrize("line", ["NICK", "NICK :"])
def test_no_nick_is_given(network: Network, line: str) -> None:
    """RFC 2812, 3.1.2, ERR_NONICKNAMEGIVEN."""
    assert Newcomer(network).asks(line) == [":room-1.lan 431 * :No nickname given: NICK alice"]


@pytest.mark.parametrize(
    "line", ["NICK :alice", "nick alice", " NICK  alice", ":alice!a@h NICK alice", "NICK alice 1"]
)
def test_nick_in_the_ways_that_clients_write_it(network: Network, line: str) -> None:
    """RFC 2812, 2.3: a colon, small letters, a source, the hop count of old clients."""
    newcomer = Newcomer(network)
    newcomer.asks(line, "USER alice 0 * :Alice")
    assert "alice" in network.hub.people.members


def test_another_nick_before_it_counts(network: Network) -> None:
    """RFC 2812, 3.1.2: who changes their mind before USER comes in under the last one."""
    Newcomer(network).asks("NICK alice", "NICK alicia", "USER alice 0 * :Alice")
    assert list(network.hub.people.members) == ["alicia"]


def test_a_nick_is_changed(network: Network) -> None:
    """RFC 2812, 3.1.2: all who share a room hear it once; its case may change alone, and the same again is nothing."""
    alice, bob = Irc(network, "alice"), Irc(network, "bob")
    host = host_of(network, "alice")
    assert alice.asks("NICK Alice", "NICK Alice", "NICK alicia") == [
        f":alice!{host} NICK Alice",
        f":Alice!{host} NICK alicia",
    ]
    assert bob.hears()[-2:] == [f":alice!{host} NICK Alice", f":Alice!{host} NICK alicia"]


def test_a_nick_that_cannot_be_had_leaves_the_old_one(network: Network) -> None:
    """RFC 2812, 3.1.2: 433 and 432 name the old nick first."""
    alice, _ = Irc(network, "alice"), Irc(network, "bob")
    taken, bad = alice.asks("NICK bob", "NICK 1")
    assert taken.startswith(":room-1.lan 433 alice bob :")
    assert bad.startswith(":room-1.lan 432 alice 1 :")


@pytest.mark.parametrize("line", ["JOIN #dev", "PRIVMSG bob :hi", "SEARCH exam", "FOO", "OPER a b"])
def test_nothing_else_before_it(network: Network, line: str) -> None:
    """RFC 2812, 5.2, ERR_NOTREGISTERED: for commands that exist and for others."""
    assert Newcomer(network).asks("NICK alice", line) == [
        ":room-1.lan 451 * :You have not registered: send NICK and USER"
    ]


@pytest.mark.parametrize("line", ["USER a 0 *", "USER", "PASS", "CAP"])
def test_too_few_parameters(network: Network, line: str) -> None:
    """RFC 2812, 5.2, ERR_NEEDMOREPARAMS."""
    assert Newcomer(network).asks(line) == [f":room-1.lan 461 * {line.split()[0]} :Not enough parameters"]


def test_it_is_done_once(network: Network) -> None:
    """RFC 2812, 3.1, ERR_ALREADYREGISTERED: no USER nor PASS after it, and one USER before it."""
    assert Newcomer(network).asks("USER a 0 * :A", "USER b 0 * :B") == [
        ":room-1.lan 462 * :You may not register again: that is done once."
    ]
    alice = Irc(network, "alice")
    again = ":room-1.lan 462 alice :You may not register again: that is done once."
    assert alice.asks("USER a 0 * :A", "PASS x", "CAP END") == [again, again]


def test_ping_and_pong_at_any_time(network: Network) -> None:
    """RFC 2812, 3.7.2: the token comes back, before registration too; some clients wait for that."""
    newcomer = Newcomer(network)
    pings = ["PING 7", "PING :two words", "PING a b", "PONG x", "PONG"]
    answers = [
        ":room-1.lan PONG room-1.lan 7",
        ":room-1.lan PONG room-1.lan :two words",
        ":room-1.lan PONG room-1.lan a",
    ]
    assert newcomer.asks(*pings) == answers
    newcomer.comes_in("alice")
    assert newcomer.asks(*pings) == answers


@pytest.mark.parametrize("line", ["PING", "PING :"])
def test_ping_without_a_token(network: Network, line: str) -> None:
    """RFC 2812, 3.7.2, ERR_NOORIGIN."""
    assert Irc(network, "alice").asks(line) == [":room-1.lan 409 alice :No origin specified: PING anything"]


def test_who_quits_is_told_with_error(network: Network) -> None:
    """RFC 2812, 3.1.7: ERROR, and the connection ends; the others hear the reason, which is the client's own words."""
    alice, bob = Irc(network, "alice"), Irc(network, "bob")
    mask = f"alice!{host_of(network, 'alice')}"
    host = mask.partition("@")[2]
    bob.hears()
    assert alice.asks("QUIT :gone fishing", "PING 7") == [f"ERROR :Closing link: ({host}) [Bye.]"]
    assert alice.wire.ended
    assert bob.hears() == [f":{mask} QUIT :gone fishing"]


def test_who_quits_early_is_told_with_error(network: Network) -> None:
    """RFC 2812, 3.1.7: a client that has not come in may leave too."""
    newcomer = Newcomer(network)
    assert newcomer.asks("NICK alice", "QUIT") == ["ERROR :Closing link: (192.168.7.2) [Bye.]"]
    assert newcomer.wire.ended
    assert network.hub.people.members == {}


def test_who_never_ends_it_is_gone_with_error() -> None:
    """RFC 2812, 3.7.4: CAP without its END does not keep a connection for ever."""
    network = Network(Limits(rate=0, handshake=30))
    newcomer = Newcomer(network)
    newcomer.says("CAP LS 302", "NICK alice", "USER alice 0 * :Alice")
    newcomer.hears()
    network.reactor.wait(31)
    assert newcomer.hears() == [
        "ERROR :Closing link: (192.168.7.2) [No name within 30 seconds. Connect again when you are ready.]"
    ]
    assert newcomer.wire.ended
    assert network.hub.people.members == {}


def test_who_is_one_too_many_is_told_with_error() -> None:
    """RFC 2812, 3.7.4: before anything else is said."""
    network = Network(Limits(rate=0, per_address=1))
    Irc(network, "alice")
    newcomer = Newcomer(network)
    assert newcomer.asks("NICK bob") == [
        "ERROR :This server has 1 connection from 192.168.7.2 already. Close one of them first."
    ]
    assert newcomer.wire.ended


def test_it_works_over_tls(network: Network) -> None:
    """modern.ircdocs.horse, "Connection Setup": the same inside TLS."""
    alice = Irc(network, "alice", line=SecureLine)
    assert numerics(alice.greeted)[:5] == ["001", "002", "003", "004", "005"]
    (member,) = network.hub.people.members.values()
    assert [session.door for session in member.sessions] == ["irc+tls"]
