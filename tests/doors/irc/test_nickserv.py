"""NickServ: what clients say to it by themselves, and what people are used to."""

from __future__ import annotations

import pytest

from tests.doors.irc.clients import Irc
from tests.doors.irc.newcomers import Newcomer, numerics
from tests.doors.irc.people import PASSWORD, secure
from tests.logins import account
from tests.network import Network, SecureLine

SERVICE = ":NickServ!NickServ@room-1.lan NOTICE"


@pytest.fixture
def guest(network: Network) -> Newcomer:
    """Give somebody who wanted to be alice, and is alice_ for now."""
    account(network.hub, "alice")
    guest = secure(network)
    guest.asks("CAP REQ echo-message", "NICK alice", "USER al 0 * :A", "CAP END", "NICK alice_")
    return guest


@pytest.mark.parametrize(
    "line",
    [
        f"PRIVMSG NickServ :IDENTIFY alice {PASSWORD}",
        f"PRIVMSG nickserv :identify alice {PASSWORD}",
        f"PRIVMSG NickServ@services.example :LOGIN ALICE {PASSWORD}",
        f"NICKSERV IDENTIFY alice {PASSWORD}",
        f"NS ID alice {PASSWORD}",
        f"NS :id  alice  {PASSWORD}",
    ],
)
def test_identify(guest: Newcomer, line: str) -> None:
    """In the ways in which clients say it; the password is said to nobody again."""
    answers = guest.asks(line)
    assert numerics(answers) == ["NICK", "900", "NOTICE"]
    assert answers[-1] == f"{SERVICE} alice :You are logged in as alice."
    assert PASSWORD not in " ".join(answers)


def test_a_password_alone_is_for_the_nick_that_was_wanted(network: Network) -> None:
    """Clients send no name: it is the one that they could not have."""
    account(network.hub, "alice", "sesame-open")
    for wanted in ("alice", "carol"):
        client = secure(network)
        client.asks("CAP LS 302", f"NICK {wanted}", "USER al 0 * :A", "CAP END", f"NICK {wanted}_")
        answers = client.asks("PRIVMSG NickServ :IDENTIFY sesame-open")
        if wanted == "alice":
            assert numerics(answers) == ["NICK", "900", "NOTICE"]
        else:
            assert answers == [f"{SERVICE} carol_ :There is no such name, or another password."]
    dave = Irc(network, "dave", line=SecureLine)
    dave.says("NICK alice", "PRIVMSG NickServ :IDENTIFY sesame-open")
    assert dave.hears()[-1].startswith(":NickServ!NickServ@room-1.lan NOTICE alice :You are logged in as alice.")
    bob = Irc(network, "bob", line=SecureLine)
    bob.says("REGISTER sesame-open")
    bob.says("NICKSERV IDENTIFY sesame-open")
    assert bob.hears()[-1].startswith(f"{SERVICE} bob :You are logged in as bob already.")


def test_register(network: Network) -> None:
    """A password of any number of words; a mail address behind one, as elsewhere, is not needed."""
    alice, bob, carol = [Irc(network, nick, line=SecureLine) for nick in ("alice", "bob", "carol")]
    assert alice.asks("PRIVMSG NickServ :REGISTER correct horse")[-1] == (
        f"{SERVICE} alice :alice is yours now, and you are logged in."
    )
    bob.asks("PRIVMSG NickServ :REGISTER sesame-open bob@room-1.example")
    assert numerics(secure(network).asks("PASS bob:sesame-open", "NICK bob", "USER b 0 * :B"))[0] == "900"
    assert carol.asks("PRIVMSG NickServ :REGISTER short")[-1].startswith(f"{SERVICE} carol :A password has at least")


@pytest.mark.parametrize("line", ["PRIVMSG NickServ :HELP", "PRIVMSG NickServ :IDENTIFY", "NICKSERV", "NS GHOST bob"])
def test_anything_else(network: Network, line: str) -> None:
    """One line says what to type."""
    assert Irc(network, "alice").asks(line) == [
        f"{SERVICE} alice :Type /msg NickServ IDENTIFY NICK PASSWORD to log in, "
        "or /msg NickServ REGISTER PASSWORD to make your nick yours."
    ]


def test_it_answers_what_is_said_to_it_alone(network: Network) -> None:
    """RFC 2812, 3.3.2: no notice is answered; nor is it told that somebody types."""
    alice = Irc(network, "alice", "message-tags")
    assert alice.asks("NOTICE NickServ :IDENTIFY secret", "@+typing=active TAGMSG NickServ") == []


def test_nobody_is_called_so(network: Network) -> None:
    """Or people would tell them their passwords."""
    assert numerics(Irc(network, "alice").asks("NICK NickServ")) == ["432"]


def test_the_answer_has_the_label(network: Network) -> None:
    """ircv3.net, labeled-response."""
    account(network.hub, "bob")
    alice = Irc(network, "alice", "labeled-response batch", line=SecureLine)
    assert alice.asks("@label=1 PRIVMSG NickServ :IDENTIFY bob wrong")[0].startswith(f"@label=1 {SERVICE} alice :")
    assert alice.asks("@label=2 PRIVMSG NickServ :HELP")[0].startswith(f"@label=2 {SERVICE} alice :")
