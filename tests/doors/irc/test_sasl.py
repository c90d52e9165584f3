"""AUTHENTICATE (ircv3.net/specs/extensions/sasl-3.1, sasl-3.2)."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from OpenSSL import SSL

from lanchat.core.errors import Refused
from lanchat.core.logins import Logins
from lanchat.core.tries import MOST
from lanchat.doors.irc.sasl import LARGEST, PIECE
from tests.doors.irc.clients import Irc, host_of
from tests.doors.irc.newcomers import Newcomer, numerics
from tests.doors.irc.people import PASSWORD, Device, doors, plain, secure
from tests.logins import account, logins
from tests.network import CA, Network, SecureLine

FAILED = ":room-1.lan 904 * :SASL authentication failed: "


@pytest.fixture
def alice(network: Network) -> Newcomer:
    """Give somebody with an account who has asked for sasl."""
    account(network.hub, "alice")
    newcomer = secure(network)
    newcomer.asks("CAP LS 302", "CAP REQ sasl")
    return newcomer


def test_plain(network: Network, alice: Newcomer) -> None:
    """RFC 4616; sasl-3.1: 900 with the mask and the account, 903, and the nick is the account's from 001 on."""
    assert alice.asks("AUTHENTICATE PLAIN") == ["AUTHENTICATE +"]
    assert alice.asks(f"AUTHENTICATE {plain('ALICE')}") == [
        ":room-1.lan 900 * *!*@192.168.7.2 alice :You are now logged in as alice",
        ":room-1.lan 903 * :SASL authentication successful",
    ]
    greeted = alice.asks("NICK somebody", "USER al 0 * :Alice", "CAP END")
    assert greeted[0] == ":room-1.lan 001 alice :Welcome to room-1, alice"
    assert "900" not in numerics(greeted)
    assert network.hub.people.find("alice").account is not None


def test_the_mask_as_far_as_it_is_known(alice: Newcomer) -> None:
    """sasl-3.1, RPL_LOGGEDIN: what NICK and USER have said by then."""
    alice.asks("NICK alice", "USER al 0 * :Alice", "AUTHENTICATE PLAIN")
    assert alice.asks(f"AUTHENTICATE {plain('alice')}")[0].startswith(":room-1.lan 900 * alice!al@192.168.7.2 alice :")


@pytest.mark.parametrize("mechanism", ["plain", "PLAIN", "Plain"])
@pytest.mark.parametrize("authorized", ["", "alice", "Alice"])
def test_mechanisms_in_any_case_and_who_is_meant(alice: Newcomer, mechanism: str, authorized: str) -> None:
    """RFC 4616, 2: an authorization identity may be named, if it is the same."""
    answers = alice.asks(f"AUTHENTICATE {mechanism}", f"AUTHENTICATE {plain('alice', authorized=authorized)}")
    assert numerics(answers[1:]) == ["900", "903"]


def test_an_answer_in_pieces(network: Network) -> None:
    """sasl-3.1, "The AUTHENTICATE Command": pieces of 400 bytes; the last is shorter, or ``+``."""
    password = "p" * 300
    account(network.hub, "bob", password)
    whole = plain("bob", password, "bob" * 0)
    assert len(whole) > PIECE
    newcomer = secure(network)
    newcomer.asks("CAP REQ sasl", "AUTHENTICATE PLAIN")
    assert newcomer.asks(f"AUTHENTICATE {whole[:PIECE]}") == []
    assert numerics(newcomer.asks(f"AUTHENTICATE {whole[PIECE:]}")) == ["900", "903"]
    exact = base64.b64encode(b"\0bob\0" + b"p" * (300 - 5)).decode()
    assert len(exact) == PIECE
    account(network.hub, "carol", "p" * 293)
    exact = base64.b64encode(b"\0carol\0" + b"p" * 293).decode()
    assert len(exact) == PIECE
    carol = secure(network)
    carol.asks("CAP REQ sasl", "AUTHENTICATE PLAIN")
    assert carol.asks(f"AUTHENTICATE {exact}") == []
    assert numerics(carol.asks("AUTHENTICATE +")) == ["900", "903"]


@pytest.mark.parametrize(
    "sent",
    ["!!!!", "é", "AA=A", plain("alice")[:-2], "+", base64.b64encode(b"\xff\0a\0b").decode()]
    + [base64.b64encode(each).decode() for each in (b"alice", b"\0alice", b"\0a\0b\0c", b"bob\0alice\0correct horse")],
)
def test_what_is_no_name_and_password(alice: Newcomer, sent: str) -> None:
    """sasl-3.1, ERR_SASLFAIL: no base64, no UTF-8, parts that are missing or too many, another identity."""
    alice.asks("AUTHENTICATE PLAIN")
    assert alice.asks(f"AUTHENTICATE {sent}") == [f"{FAILED}that is no name and password"]
    assert alice.asks("AUTHENTICATE PLAIN") == ["AUTHENTICATE +"]


def test_a_wrong_password_and_a_wrong_name(alice: Newcomer) -> None:
    """sasl-3.1, ERR_SASLFAIL: which of them it is nobody learns; the client may try again."""
    wrong = f"{FAILED}There is no such name, or another password."
    alice.asks("AUTHENTICATE PLAIN")
    assert alice.asks(f"AUTHENTICATE {plain('alice', 'wrong horse')}") == [wrong]
    alice.asks("AUTHENTICATE PLAIN")
    assert alice.asks(f"AUTHENTICATE {plain('nobody')}") == [wrong]
    alice.asks("AUTHENTICATE PLAIN")
    assert numerics(alice.asks(f"AUTHENTICATE {plain('alice')}")) == ["900", "903"]


def test_too_many_tries(network: Network, alice: Newcomer) -> None:
    """Guessing is slow, over all connections of an address."""
    for _ in range(MOST):
        alice.asks("AUTHENTICATE PLAIN", f"AUTHENTICATE {plain('alice', 'wrong horse')}")
    other = secure(network)
    other.asks("CAP REQ sasl", "AUTHENTICATE PLAIN")
    (told,) = other.asks(f"AUTHENTICATE {plain('alice')}")
    assert told.startswith(f"{FAILED}Too many passwords were tried.")


def test_what_is_too_long(alice: Newcomer) -> None:
    """sasl-3.1, ERR_SASLTOOLONG: a piece, or all of them together."""
    alice.asks("AUTHENTICATE PLAIN")
    too_long = f":room-1.lan 905 * :SASL message too long: {PIECE} bytes at once, {LARGEST} in all"
    assert alice.asks(f"AUTHENTICATE {'A' * (PIECE + 4)}") == [too_long]
    alice.asks("AUTHENTICATE PLAIN")
    assert alice.asks(*[f"AUTHENTICATE {'A' * PIECE}"] * (LARGEST // PIECE)) == []
    assert alice.asks("AUTHENTICATE AAAA") == [too_long]
    assert numerics(alice.asks("AUTHENTICATE AAAA"))[0] == "908"


def test_giving_up(alice: Newcomer) -> None:
    """sasl-3.1, ERR_SASLABORTED: by a star, at any time before it is done."""
    aborted = ":room-1.lan 906 * :SASL authentication aborted"
    assert alice.asks("AUTHENTICATE *") == [aborted]
    alice.asks("AUTHENTICATE PLAIN")
    assert alice.asks("AUTHENTICATE *") == [aborted]
    assert alice.asks("AUTHENTICATE PLAIN") == ["AUTHENTICATE +"]


def test_who_ends_it_in_the_middle_comes_in_without(alice: Newcomer) -> None:
    """sasl-3.1: CAP END gives up what is under way; the nick is its owner's, so another one is needed."""
    answers = alice.asks("NICK alice", "USER al 0 * :Alice", "AUTHENTICATE PLAIN", "CAP END")
    assert numerics(answers[1:]) == ["906", "433"]
    assert answers[-1].startswith(":room-1.lan 433 * alice :alice is registered.")
    assert numerics(alice.asks("NICK alice_"))[0] == "001"


def test_mechanisms_that_there_are_not(alice: Newcomer) -> None:
    """sasl-3.1, RPL_SASLMECHS: those that there are, and that it failed."""
    assert alice.asks("AUTHENTICATE SCRAM-SHA-256") == [
        ":room-1.lan 908 * PLAIN,EXTERNAL :are available SASL mechanisms",
        f"{FAILED}there are PLAIN and EXTERNAL",
    ]


def test_it_is_done_once(network: Network, alice: Newcomer) -> None:
    """sasl-3.1, ERR_SASLALREADY: before and after coming in."""
    already = "You have already authenticated using SASL"
    alice.asks("AUTHENTICATE PLAIN", f"AUTHENTICATE {plain('alice')}")
    assert alice.asks("AUTHENTICATE PLAIN") == [f":room-1.lan 907 * :{already}"]
    alice.asks("NICK alice", "USER al 0 * :Alice", "CAP END")
    assert alice.asks("AUTHENTICATE PLAIN") == [f":room-1.lan 907 alice :{already}"]


def test_it_has_to_be_asked_for(network: Network) -> None:
    """sasl-3.1: clients ask for the capability first; AUTHENTICATE alone has no parameters at all."""
    newcomer = secure(network)
    assert newcomer.asks("AUTHENTICATE PLAIN", "AUTHENTICATE") == [
        f"{FAILED}ask for the capability sasl first",
        ":room-1.lan 461 * AUTHENTICATE :Not enough parameters",
    ]


def test_not_where_others_read_along(network: Network) -> None:
    """Nobody is asked for a password on a connection that others can read, but from this machine or with --plain."""
    plainly = Newcomer(network)
    assert plainly.asks("CAP REQ sasl", "AUTHENTICATE PLAIN") == [
        ":room-1.lan CAP * NAK :sasl",
        f"{FAILED}it is not to be had on this connection",
    ]
    here = Newcomer(network, host="127.0.0.1")
    (offered,) = here.asks("CAP LS 302")
    assert " sasl=PLAIN " in offered
    assert " draft/account-registration " in offered
    assert here.asks("CAP REQ sasl", "AUTHENTICATE EXTERNAL")[1:] == [
        ":room-1.lan 908 * PLAIN :are available SASL mechanisms",
        f"{FAILED}there are PLAIN",
    ]
    network.hub.logins = logins(network.hub, plain=True, open_=False)
    (offered,) = Newcomer(network).asks("CAP LS 302")
    assert " sasl=PLAIN " in offered
    assert "draft/account-registration" not in offered
    network.hub.logins = Logins(network.hub.accounts)
    (offered,) = secure(network).asks("CAP LS 302")
    assert " sasl" not in offered


def test_external(network: Network, alice: Newcomer) -> None:
    """RFC 4422, appendix A: the certificate that the client came with, and perhaps who that should be."""
    found = network.hub.accounts.find("alice")
    assert found is not None
    found.certificates.append("ab" * 32)
    network.hub.accounts.save(found)
    alice.asks("AUTHENTICATE EXTERNAL")
    (told,) = alice.asks("AUTHENTICATE +")
    assert told.startswith(f"{FAILED}Nobody has this certificate.")
    (door,) = doors(network)
    door.session.certificate = "ab" * 32
    alice.asks("AUTHENTICATE EXTERNAL")
    assert alice.asks(f"AUTHENTICATE {base64.b64encode(b'bob').decode()}")[0].startswith(FAILED)
    alice.asks("AUTHENTICATE EXTERNAL")
    assert alice.asks("AUTHENTICATE !") == [f"{FAILED}that is no certificate"]
    alice.asks("AUTHENTICATE EXTERNAL")
    assert numerics(alice.asks("AUTHENTICATE +")) == ["900", "903"]


class Certified(SecureLine):
    """A client's end of one connection inside TLS, with a certificate of its own."""

    issued = CA.issue_cert("alice")

    def context(self) -> SSL.Context:
        context = super().context()
        self.issued.configure_cert(context)
        return context


def test_external_with_a_real_certificate(network: Network) -> None:
    """RFC 4422, appendix A: whoever has logged in with a password and the certificate needs only that next time."""
    account(network.hub, "alice")
    alice = Newcomer(network, line=Certified)
    alice.asks("CAP REQ sasl", "NICK alice", "USER al 0 * :Alice", "AUTHENTICATE EXTERNAL")
    assert alice.asks("AUTHENTICATE +")[0].startswith(f"{FAILED}Nobody has this certificate.")
    answers = alice.asks("AUTHENTICATE PLAIN", f"AUTHENTICATE {plain('alice')}", "CAP END")
    assert numerics(answers[1:])[:3] == ["900", "903", "001"]
    alice.says("CERT ADD", "QUIT")
    again = Newcomer(network, line=Certified)
    again.asks("CAP REQ sasl", "NICK alice", "USER al 0 * :Alice", "AUTHENTICATE EXTERNAL")
    assert numerics(again.asks("AUTHENTICATE +", "CAP END"))[:3] == ["900", "903", "001"]
    assert network.hub.people.find("alice").account is not None


def test_a_login_that_is_never_finished(network: Network) -> None:
    """A guest who begins to log in has as long for it as for coming in; then it is given up (906), and may begin."""
    network.hub.limits = replace(network.hub.limits, handshake=30, silence=0)
    guest = Irc(network, "guest", "sasl", line=SecureLine)
    assert guest.asks("AUTHENTICATE PLAIN") == ["AUTHENTICATE +"]
    network.look_after(25)
    assert guest.hears() == []
    network.look_after(10)
    assert guest.hears() == [":room-1.lan 906 guest :SASL authentication aborted"]
    account(network.hub, "alice")
    assert numerics(guest.asks("AUTHENTICATE PLAIN", f"AUTHENTICATE {plain('alice')}"))[-1] == "903"
    network.hub.limits = replace(network.hub.limits, handshake=0)
    other = Irc(network, "other", "sasl", line=SecureLine)
    other.asks("AUTHENTICATE PLAIN")
    network.look_after(60)
    assert other.hears() == []


def test_a_guest_logs_in_later(network: Network) -> None:
    """sasl-3.2: whoever is in may log in too: a new nick for all, ACCOUNT for who asked for that, then 900 and 903."""
    account(network.hub, "alice")
    guest = Irc(network, "guest", "sasl account-notify", line=SecureLine)
    bob, carol = Irc(network, "bob", "account-notify"), Irc(network, "carol")
    mask = host_of(network, "guest")
    for one in (guest, bob, carol):
        one.hears()
    assert guest.asks("AUTHENTICATE PLAIN", f"AUTHENTICATE {plain('alice')}") == [
        "AUTHENTICATE +",
        f":guest!{mask} NICK alice",
        f":alice!{mask} ACCOUNT alice",
        f":room-1.lan 900 alice alice!{mask} alice :You are now logged in as alice",
        ":room-1.lan 903 alice :SASL authentication successful",
    ]
    assert bob.hears() == [f":guest!{mask} NICK alice", f":alice!{mask} ACCOUNT alice"]
    assert carol.hears() == [f":guest!{mask} NICK alice"]


def test_the_answer_has_the_label(network: Network) -> None:
    """ircv3.net, labeled-response: whenever it comes."""
    account(network.hub, "alice")
    newcomer = secure(network)
    newcomer.asks("CAP REQ :sasl batch labeled-response")
    assert newcomer.asks("@label=1 AUTHENTICATE PLAIN") == ["@label=1 AUTHENTICATE +"]
    opened, *inside, _ = newcomer.asks(f"@label=2 AUTHENTICATE {plain('alice')}")
    assert opened == "@label=2 :room-1.lan BATCH +1 labeled-response"
    assert numerics([line.partition(" ")[2] for line in inside]) == ["900", "903"]


class Slow:
    """A check that takes as long as the test likes."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[str | Refused], None]] = []

    def __call__(self, credentials: Any, then: Callable[[str | Refused], None]) -> None:
        self.waiting.append(then)


def test_nothing_is_heard_until_it_is_checked(network: Network) -> None:
    """CAP END, and whatever a client sends behind its password, waits for the answer."""
    account(network.hub, "alice")
    slow = Slow()
    network.hub.logins = Logins(network.hub.accounts, slow)
    newcomer = secure(network)
    newcomer.asks("CAP LS 302", "CAP REQ sasl", "NICK alice", "USER al 0 * :Alice")
    assert newcomer.asks("AUTHENTICATE PLAIN", f"AUTHENTICATE {plain('alice')}", "CAP END") == ["AUTHENTICATE +"]
    slow.waiting.pop()("alice")
    answers = numerics(newcomer.hears())
    assert answers[:3] == ["900", "903", "001"]


def test_whoever_hangs_up_meanwhile_is_told_nothing(network: Network) -> None:
    """The answer comes to a connection that has ended."""
    account(network.hub, "alice")
    slow = Slow()
    network.hub.logins = Logins(network.hub.accounts, slow)
    newcomer = secure(network)
    newcomer.says("CAP REQ sasl", "AUTHENTICATE PLAIN", f"AUTHENTICATE {plain('alice')}")
    newcomer.wire.drops()
    slow.waiting.pop()("alice")
    assert network.hub.people.members == {}


def test_a_password_is_never_said_again(network: Network, alice: Newcomer) -> None:
    """Whatever goes wrong with it."""
    answers = alice.asks("AUTHENTICATE PLAIN", f"AUTHENTICATE {plain('alice', PASSWORD + '!')}")
    answers += Device(network, "alice").greeted
    assert PASSWORD not in " ".join(answers)
