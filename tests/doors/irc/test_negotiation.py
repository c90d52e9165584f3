"""CAP (ircv3.net/specs/extensions/capability-negotiation), and what it tells of TLS (…/sts)."""

from __future__ import annotations

import pytest

from lanchat.core.limits import Limits
from lanchat.doors.irc.capabilities import HEARD, OFFERED
from tests.doors.irc.clients import Irc
from tests.doors.irc.newcomers import Newcomer, numerics
from tests.network import Line, Network, SecureLine

SECRET = {"sasl": "sasl=PLAIN,EXTERNAL", "draft/account-registration": "draft/account-registration"}
"""What is offered only where nobody can read along, and how with values."""
ALL = " ".join(sorted(OFFERED.keys() - SECRET.keys()))
SECURE = " ".join(sorted(OFFERED))
VALUED = " ".join(SECRET.get(name, name) for name in sorted(OFFERED))


@pytest.mark.parametrize("line", ["CAP LS", "CAP LS 302", "CAP LS 999", "cap ls 301", "CAP LS what", "CAP LS ²"])
def test_what_is_offered_is_listed(network: Network, line: str) -> None:
    """ircv3.net, capability-negotiation, "The CAP LS subcommand": in one line, whatever the version."""
    assert Newcomer(network).asks(line) == [f":room-1.lan CAP * LS :{ALL}"]


def test_the_nick_stands_in_it_after_registration(network: Network) -> None:
    """ircv3.net, capability-negotiation: CAP is accepted at any time, and does not interrupt anything then."""
    alice = Irc(network, "alice")
    assert alice.asks("CAP LS", "CAP REQ batch", "CAP END", "PING 7") == [
        f":room-1.lan CAP alice LS :{ALL}",
        ":room-1.lan CAP alice ACK :batch",
        ":room-1.lan PONG room-1.lan 7",
    ]


def test_what_was_asked_for_is_listed(network: Network) -> None:
    """ircv3.net, capability-negotiation, "The CAP LIST subcommand": an empty list has a parameter too."""
    newcomer = Newcomer(network)
    assert newcomer.asks("CAP LIST", "CAP REQ :setname batch", "CAP LIST") == [
        ":room-1.lan CAP * LIST :",
        ":room-1.lan CAP * ACK :setname batch",
        ":room-1.lan CAP * LIST :batch setname",
    ]


def test_all_or_nothing(network: Network) -> None:
    """ircv3.net, capability-negotiation, "The CAP NAK subcommand": one that is not known, and none is switched."""
    newcomer = Newcomer(network)
    assert newcomer.asks("CAP REQ :batch nonsense setname", "CAP REQ :batch Setname", "CAP LIST") == [
        ":room-1.lan CAP * NAK :batch nonsense setname",
        ":room-1.lan CAP * NAK :batch Setname",
        ":room-1.lan CAP * LIST :",
    ]


def test_switched_off(network: Network) -> None:
    """ircv3.net, capability-negotiation, "The CAP REQ subcommand": with a dash, and harmless where it is off."""
    newcomer = Newcomer(network)
    newcomer.asks("CAP REQ :batch setname")
    assert newcomer.asks("CAP REQ :-batch -chghost", "CAP LIST", "CAP REQ -nonsense") == [
        ":room-1.lan CAP * ACK :-batch -chghost",
        ":room-1.lan CAP * LIST :setname",
        ":room-1.lan CAP * NAK :-nonsense",
    ]


def test_what_is_named_twice(network: Network) -> None:
    """ircv3.net, capability-negotiation: from left to right; what is on already is switched on again."""
    newcomer = Newcomer(network)
    assert newcomer.asks("CAP REQ :batch batch  batch ", "CAP REQ :-batch batch", "CAP REQ :setname -setname") == [
        ":room-1.lan CAP * ACK :batch batch batch",
        ":room-1.lan CAP * ACK :-batch batch",
        ":room-1.lan CAP * ACK :setname -setname",
    ]
    assert newcomer.asks("CAP LIST") == [":room-1.lan CAP * LIST :batch"]


@pytest.mark.parametrize(
    ("line", "answer"), [("CAP REQ", ""), ("CAP REQ :", ""), ("CAP REQ batch setname", "batch setname")]
)
def test_requests_in_the_ways_that_clients_write_them(network: Network, line: str, answer: str) -> None:
    """ircv3.net, capability-negotiation: nothing, or a list without its colon."""
    assert Newcomer(network).asks(line) == [f":room-1.lan CAP * ACK :{answer}"]


def test_an_answer_that_is_longer_than_the_question(network: Network) -> None:
    """ircv3.net, capability-negotiation, "The CAP ACK subcommand": several lines, none longer than 510 bytes."""
    newcomer = Newcomer(network)
    many = " ".join(["batch"] * 83)
    first, second = newcomer.asks(f"CAP REQ :{many}")
    head = ":room-1.lan CAP * ACK :"
    assert f"{first.removeprefix(head)} {second.removeprefix(head)}" == many


@pytest.mark.parametrize(
    ("line", "shown"),
    [("CAP FOO", "FOO"), ("CAP ACK :batch", "ACK"), ("CAP ::x", "X"), ("CAP :", "*"), ("CAP CLEAR", "CLEAR")],
)
def test_other_subcommands(network: Network, line: str, shown: str) -> None:
    """ircv3.net, capability-negotiation, ERR_INVALIDCAPCMD."""
    assert Newcomer(network).asks(line) == [
        f":room-1.lan 410 * {shown} :Invalid CAP command: LS, LIST, REQ and END are known"
    ]


def test_cap_notify_comes_with_302(network: Network) -> None:
    """ircv3.net, capability-negotiation, "cap-notify": unasked, and it cannot be switched off again."""
    newcomer = Newcomer(network)
    newcomer.asks("CAP LS 302")
    assert newcomer.asks("CAP LS", "CAP LIST", "CAP REQ cap-notify", "CAP REQ :setname -cap-notify", "CAP LIST") == [
        f":room-1.lan CAP * LS :{ALL}",
        ":room-1.lan CAP * LIST :cap-notify",
        ":room-1.lan CAP * ACK :cap-notify",
        ":room-1.lan CAP * NAK :setname -cap-notify",
        ":room-1.lan CAP * LIST :cap-notify",
    ]


def test_cap_notify_can_be_asked_for_without_302(network: Network) -> None:
    """ircv3.net, capability-negotiation, "cap-notify": and be switched off by the same client."""
    newcomer = Newcomer(network)
    newcomer.asks("CAP LS 301")
    assert newcomer.asks("CAP REQ cap-notify", "CAP REQ -cap-notify", "CAP LIST") == [
        ":room-1.lan CAP * ACK :cap-notify",
        ":room-1.lan CAP * ACK :-cap-notify",
        ":room-1.lan CAP * LIST :",
    ]


def test_long_lists_take_several_lines() -> None:
    """ircv3.net, capability-negotiation, "Multiline replies": all but the last marked; one line for older clients."""
    network = Network(Limits(rate=0, nick=0), tls=False)
    network.factory.sts_port = 6697
    newer, older = Newcomer(network), Newcomer(network)
    newer.says(f"NICK {'n' * 330}", "USER n 0 * :N")
    older.says(f"NICK {'o' * 330}", "USER o 0 * :O")
    first, second = newer.asks("CAP LS 302")
    head = f":room-1.lan CAP {'n' * 330} LS"
    assert first.startswith(f"{head} * :account-notify ")
    assert second.startswith(f"{head} :")
    assert f"{first.removeprefix(f'{head} * :')} {second.removeprefix(f'{head} :')}" == f"{ALL} sts=port=6697"
    (only,) = older.asks("CAP LS")
    assert only.startswith(f":room-1.lan CAP {'o' * 330} LS :account-notify ")
    for client, marks in ((newer, [True, False]), (older, [False])):
        names = ALL.split(" ")
        client.says(f"CAP REQ :{' '.join(names[:9])}", f"CAP REQ :{' '.join(names[9:])}")
        assert [" LIST * :" in line for line in client.asks("CAP LIST")] == marks


def test_capabilities_after_registration_change_what_is_heard(network: Network) -> None:
    """ircv3.net, capability-negotiation: from the ACK on, in the rooms where the client is already."""
    alice, bob = Irc(network, "alice"), Irc(network, "bob")
    alice.asks("CAP REQ away-notify")
    bob.says("AWAY :lunch", "AWAY")
    assert numerics(alice.hears()) == ["AWAY", "AWAY"]
    alice.asks("CAP REQ -away-notify")
    bob.says("AWAY :lunch")
    assert alice.hears() == []
    assert OFFERED.keys() >= HEARD


# -- sts ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "told", "without"),
    [(Line, f"{ALL} sts=port=6697", ALL), (SecureLine, f"{VALUED} sts=duration=2592000", SECURE)],
    ids=["plain", "tls"],
)
def test_where_tls_is_and_for_how_long(network: Network, line: type[Line], told: str, without: str) -> None:
    """ircv3.net, sts: the port on a plain connection, the duration inside TLS; only for who knows values."""
    network.factory.sts_port, network.factory.sts_seconds = 6697, 2_592_000
    newcomer = Newcomer(network, line=line)
    assert newcomer.asks("CAP LS 302", "CAP LS", "CAP LIST") == [
        f":room-1.lan CAP * LS :{told}",
        f":room-1.lan CAP * LS :{without}",
        ":room-1.lan CAP * LIST :cap-notify",
    ]


def test_what_was_told_before_is_taken_back(network: Network) -> None:
    """ircv3.net, sts, "The duration key": 0 ends it for clients that come back with TLS; the others hear nothing."""
    assert Newcomer(network, line=SecureLine).asks("CAP LS 302") == [f":room-1.lan CAP * LS :{VALUED} sts=duration=0"]
    assert Newcomer(network).asks("CAP LS 302") == [f":room-1.lan CAP * LS :{ALL}"]


def test_sts_cannot_be_asked_for(network: Network) -> None:
    """ircv3.net, sts: CAP REQ is answered with NAK."""
    network.factory.sts_port, network.factory.sts_seconds = 6697, 2_592_000
    assert Newcomer(network).asks("CAP LS 302", "CAP REQ sts")[1] == ":room-1.lan CAP * NAK :sts"
