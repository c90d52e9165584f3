"""PASS, and whose nick is whose (RFC 2812, 3.1.1; modern.ircdocs.horse, "PASS message")."""

from __future__ import annotations

import itertools

import pytest

from lanchat.core.modes import Listed
from lanchat.core.tries import MOST
from tests.doors.irc.clients import Irc
from tests.doors.irc.newcomers import Newcomer, numerics
from tests.doors.irc.people import PASSWORD, Device, secure
from tests.logins import account, logins
from tests.network import Network, SecureLine

ORDERS = list(itertools.permutations([f"PASS :alice:{PASSWORD}", "NICK alice", "USER al 0 * :Alice"]))
WRONG = ":room-1.lan 464 * :There is no such name, or another password."


@pytest.mark.parametrize("lines", ORDERS[:3] + ORDERS[4:5], ids=" / ".join)
def test_pass_with_the_name_of_an_account(network: Network, lines: list[str]) -> None:
    """A client that knows nothing but a server password logs in with it: the nick is the account's, in any order."""
    account(network.hub, "alice")
    newcomer = secure(network)
    answers = newcomer.asks("CAP LS 302", *lines, "CAP END")[1:]
    assert numerics(answers)[:2] == ["900", "001"]
    assert answers[1] == ":room-1.lan 001 alice :Welcome to room-1, alice"


def test_pass_before_anything_else(network: Network) -> None:
    """Without CAP it has to come before NICK: then it is said at once whose that is."""
    account(network.hub, "alice")
    first, second = secure(network), secure(network)
    assert numerics(first.asks(f"PASS :alice:{PASSWORD}", "NICK x", "USER al 0 * :A"))[:2] == ["900", "001"]
    (refused,) = second.asks("NICK Alice")
    how = "If that is you, set up SASL in your client, or the password alice:PASSWORD. If not, type another name."
    assert refused == f":room-1.lan 433 * Alice :Alice is registered. {how}"
    assert numerics(second.asks("NICK alice_", "USER al 0 * :A"))[0] == "001"


def test_a_wrong_password_ends_it(network: Network) -> None:
    """modern.ircdocs.horse, ERR_PASSWDMISMATCH: 464, and ERROR; nobody comes in as somebody else unasked."""
    account(network.hub, "alice")
    newcomer = secure(network)
    assert newcomer.asks("PASS alice:wrong", "NICK alice", "USER al 0 * :A") == [
        WRONG,
        "ERROR :Closing link: (192.168.7.2) [There is no such name, or another password.]",
    ]
    assert newcomer.wire.ended
    assert network.hub.people.members == {}


def test_a_password_that_others_could_read_is_refused(network: Network) -> None:
    """Over a plain connection from another machine; from this machine it is taken."""
    account(network.hub, "alice")
    refused, _ = Newcomer(network).asks(f"PASS alice:{PASSWORD}")
    assert refused == ":room-1.lan 464 * :Others could read the password on this connection. Use TLS."
    here = Newcomer(network, host="127.0.0.1")
    assert numerics(here.asks(f"PASS :alice:{PASSWORD}", "NICK alice", "USER al 0 * :A"))[:2] == ["900", "001"]


def test_any_password_will_do_where_there_is_none(network: Network) -> None:
    """Clients have old settings: without a colon it is the server's password, and this server has none."""
    newcomer = Newcomer(network)
    assert numerics(newcomer.asks("PASS secret", "NICK alice", "USER al 0 * :A"))[0] == "001"


def test_once_is_enough(network: Network) -> None:
    """A second PASS of somebody who is logged in changes nothing."""
    account(network.hub, "alice")
    newcomer = secure(network)
    assert newcomer.asks(f"PASS :alice:{PASSWORD}", "PASS :bob:secret") == []


# -- private servers --------------------------------------------------------------------------------------------


@pytest.fixture
def private(network: Network) -> Network:
    """Give a server with a password that has a colon, and an account."""
    account(network.hub, "alice")
    network.hub.logins = logins(network.hub, welcomes=lambda given: given == "open:sesame")
    return network


def test_the_password_of_the_server(private: Network) -> None:
    """RFC 2812, 3.1.1: it lets in; a wrong one ends the connection, and so does none."""
    guest = secure(private)
    assert numerics(guest.asks("PASS open:sesame", "NICK bob", "USER bob 0 * :Bob"))[0] == "001"
    for wrong in ("PASS sesame", "PASS open:up"):
        refused, closed = secure(private).asks(wrong, "NICK carol")
        assert refused == ":room-1.lan 464 * :That is not the password of this server. Ask who runs it."
        assert closed.startswith("ERROR :")
    refused, closed = secure(private).asks("NICK carol", "USER carol 0 * :Carol")
    text = "This server is private. Set its password in your client, which says PASS then."
    assert refused == f":room-1.lan 464 * :{text}"
    assert closed == f"ERROR :Closing link: (192.168.7.2) [{text}]"


def test_an_account_is_as_good(private: Network) -> None:
    """Who has an account needs no other password."""
    assert numerics(secure(private).asks(f"PASS :alice:{PASSWORD}", "NICK alice", "USER al 0 * :A"))[0] == "900"
    assert numerics(Device(private, "alice").greeted)[-1] == "366"


def test_guessing_the_password_of_the_server_is_slow(private: Network) -> None:
    """Each wrong one counts, whatever it looked like."""
    for _ in range(MOST):
        secure(private).asks("PASS open-up")
    (refused, _) = secure(private).asks("PASS open:sesame")
    assert "Too many passwords were tried." in refused


def test_accounts_only(network: Network) -> None:
    """Guests are told what to set up, and the connection ends."""
    account(network.hub, "alice")
    network.hub.logins = logins(network.hub, guests=False)
    guest = Newcomer(network)
    refused, closed = guest.asks("NICK bob", "USER bob 0 * :Bob")
    text = "Only accounts may come in here. Set up SASL in your client, or the password alice:PASSWORD."
    assert refused == f":room-1.lan 464 * :{text}"
    assert closed.endswith(f"[{text}]")
    assert guest.wire.ended
    assert numerics(Device(network, "alice").greeted)[-1] == "366"


def test_who_is_banned_from_the_server(network: Network) -> None:
    """modern.ircdocs.horse, ERR_YOUREBANNEDCREEP (465): with why, and the connection ends."""
    network.hub.server_bans.add(Listed("mallory!*@*", "alice", network.hub.stamp(), "", "adverts"))
    mallory = Newcomer(network)
    refused, closed = mallory.comes_in("mallory")
    assert refused.startswith(":room-1.lan 465 * :You are banned from this server")
    assert "adverts" in refused
    assert closed.startswith("ERROR :Closing link: (192.168.7.2) [You are banned from this server")
    assert mallory.wire.ended


def test_whoever_is_logged_in_is_called_so(network: Network) -> None:
    """ERR_NONICKCHANGE (447): the nick is the account's; its case may change."""
    account(network.hub, "alice")
    alice = Device(network, "alice")
    assert alice.asks("NICK bob") == [
        ":room-1.lan 447 alice bob :You are logged in as alice, and are called so. /quote LOGOUT ends that."
    ]
    assert alice.asks("NICK Alice")[0].endswith(" NICK Alice")


def test_a_guest_cannot_take_a_registered_nick(network: Network) -> None:
    """RFC 2812, 3.1.2: nor what looks like one; it is said what to do."""
    account(network.hub, "alice")
    bob = Irc(network, "bob", line=SecureLine)
    assert bob.asks("NICK alice")[0].startswith(":room-1.lan 433 bob alice :alice is registered. If that is you: ")
    assert bob.asks("NICK a1ice")[0].startswith(":room-1.lan 433 bob a1ice :a1ice looks like alice, who is registered")


def test_login_by_the_word_of_the_other_doors(network: Network) -> None:
    """LOGIN logs in, is refused in IRC's words, and says the password to nobody."""
    account(network.hub, "alice")
    bob = Irc(network, "bob", "echo-message", line=SecureLine)
    assert bob.asks("LOGIN alice wrong horse") == [":room-1.lan 464 bob :There is no such name, or another password."]
    answers = bob.asks(f"LOGIN alice {PASSWORD}")
    assert numerics(answers) == ["NICK", "900"]
    assert PASSWORD not in " ".join(answers)
    assert numerics(bob.asks("LOGOUT")) == [":Closing"]
    assert bob.wire.ended
