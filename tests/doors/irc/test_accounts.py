"""REGISTER and VERIFY (ircv3.net/specs/extensions/account-registration), and what others see of accounts."""

from __future__ import annotations

import pytest

from lanchat.core.errors import Refused
from tests.doors.irc.clients import Irc, host_of
from tests.doors.irc.newcomers import numerics
from tests.doors.irc.people import PASSWORD, Device, plain, secure
from tests.logins import account, logins
from tests.network import Network, SecureLine


@pytest.fixture
def alice(network: Network) -> Irc:
    """Give a guest with TLS."""
    alice = Irc(network, "alice", "draft/account-registration account-notify", line=SecureLine)
    alice.hears()
    return alice


@pytest.mark.parametrize(
    "line", ["REGISTER * * :new password", "REGISTER alice * :new password", "REGISTER ALICE a@b.example new password"]
)
def test_a_nick_becomes_an_account(network: Network, alice: Irc, line: str) -> None:
    """account-registration: by * or the nick; whoever registers is logged in, and others hear of it."""
    bob = Irc(network, "bob", "account-notify")
    bob.hears()
    mask = f"alice!{host_of(network, 'alice')}"
    assert alice.asks(line) == [
        f":{mask} ACCOUNT alice",
        f":room-1.lan 900 alice {mask} alice :You are now logged in as alice",
        ":room-1.lan REGISTER SUCCESS alice :alice is yours now, and you are logged in",
    ]
    assert bob.hears() == [f":{mask} ACCOUNT alice"]
    again = secure(network)
    again.asks("CAP REQ sasl", "AUTHENTICATE PLAIN")
    assert numerics(again.asks(f"AUTHENTICATE {plain('alice', 'new password')}")) == ["900", "903"]


def test_a_password_alone(alice: Irc) -> None:
    """As on the other doors: REGISTER and one word."""
    assert alice.asks("REGISTER longenough")[-1].startswith(":room-1.lan REGISTER SUCCESS alice :")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("REGISTER * * short", "FAIL REGISTER WEAK_PASSWORD alice :A password has at least 8 characters."),
        ("REGISTER * * :password ", "FAIL REGISTER UNACCEPTABLE_PASSWORD alice :A password has letters,"),
        ("REGISTER bob * :new password", "FAIL REGISTER ACCOUNT_NAME_MUST_BE_NICK bob :Only your own nick"),
        ("REGISTER new password", "461 alice REGISTER :Not enough parameters: say REGISTER * * :PASSWORD"),
        ("REGISTER", "461 alice REGISTER :Not enough parameters"),
        ("VERIFY alice 123", "FAIL VERIFY INVALID_CODE alice :Nothing has to be verified here"),
        ("VERIFY alice", "461 alice VERIFY :Not enough parameters"),
    ],
)
def test_what_is_refused(alice: Irc, line: str, told: str) -> None:
    """account-registration, "Responses": by standard replies."""
    (refused,) = alice.asks(line)
    assert refused.startswith(f":room-1.lan {told}")


def test_refused_before_coming_in(network: Network) -> None:
    """account-registration, COMPLETE_CONNECTION_REQUIRED: the nick has to be one's own first."""
    assert secure(network).asks("REGISTER * * :new password", "VERIFY alice 1") == [
        ":room-1.lan FAIL REGISTER COMPLETE_CONNECTION_REQUIRED :Come in first: send NICK and USER.",
        ":room-1.lan FAIL VERIFY COMPLETE_CONNECTION_REQUIRED :Come in first: send NICK and USER.",
    ]


def test_once_is_enough(network: Network) -> None:
    """account-registration, ALREADY_AUTHENTICATED."""
    account(network.hub, "alice")
    alice = Device(network, "alice")
    first, second = alice.asks("REGISTER * * :new password", "VERIFY alice 1")
    assert first.startswith(":room-1.lan FAIL REGISTER ALREADY_AUTHENTICATED alice :You are logged in as alice")
    assert second.startswith(":room-1.lan FAIL VERIFY ALREADY_AUTHENTICATED alice :You are logged in as alice")


def test_what_only_looks_like_an_account_cannot_be_one(network: Network, alice: Irc) -> None:
    """account-registration, ACCOUNT_EXISTS: a nick that looks like an account that was made meanwhile."""
    account(network.hub, "a1ice")
    (refused,) = alice.asks("REGISTER * * :new password")
    assert refused.startswith(":room-1.lan FAIL REGISTER ACCOUNT_EXISTS alice :alice is registered already")


def test_a_server_whose_accounts_its_admin_makes(network: Network, alice: Irc) -> None:
    """account-registration, TEMPORARILY_UNAVAILABLE, with what to do."""
    network.hub.logins = logins(network.hub, open_=False)
    assert alice.asks("REGISTER * * :new password") == [
        ":room-1.lan FAIL REGISTER TEMPORARILY_UNAVAILABLE alice "
        ":Accounts are made by who runs this server. Ask them for one."
    ]


def test_the_answer_has_the_label(network: Network) -> None:
    """ircv3.net, labeled-response: all of it, that one is logged in too."""
    alice = Irc(network, "alice", "labeled-response batch", line=SecureLine)
    opened, *inside, _ = alice.asks("@label=1 REGISTER * * :new password")
    assert opened == "@label=1 :room-1.lan BATCH +1 labeled-response"
    assert numerics([line.partition(" ")[2] for line in inside]) == ["900", "REGISTER"]


def test_who_has_an_account_is_shown(network: Network) -> None:
    """ircv3.net, extended-join, account-tag, whox: everybody may see who is logged in, and as whom."""
    account(network.hub, "alice")
    bob = Irc(network, "bob", "extended-join account-tag message-tags")
    alice = Device(network, "alice")
    user, host = host_of(network, "alice").split("@")
    mask = f"alice!{user}@{host}"
    (joined,) = bob.hears()[-1:]
    assert joined.endswith(f" :{mask} JOIN #lobby alice :Alice")
    alice.says("PRIVMSG #lobby :hi", "PRIVMSG bob :psst", "NOTICE #lobby :note")
    assert [message.tags["account"] for message in bob.reads()] == ["alice", "alice", "alice"]
    assert ":room-1.lan 330 bob alice alice :is logged in as" in bob.asks("WHOIS alice")
    assert bob.asks("WHO alice")[0] == f":room-1.lan 352 bob #lobby {user} {host} room-1.lan alice Hr :0 Alice"
    assert bob.asks("WHO #lobby %na") == [
        ":room-1.lan 354 bob bob 0",
        ":room-1.lan 354 bob alice alice",
        ":room-1.lan 315 bob #lobby :End of /WHO list",
    ]
    bob.says("PRIVMSG #lobby :me too")
    assert "account=" not in " ".join(alice.hears())


def test_what_was_said_before_has_no_account(network: Network) -> None:
    """ircv3.net, account-tag: whose a nick was then nobody knows now."""
    account(network.hub, "alice")
    Device(network, "alice").says("PRIVMSG #lobby :hi")
    bob = Irc(network, "bob", "account-tag message-tags batch draft/chathistory")
    (_, said, _) = bob.asks("CHATHISTORY LATEST #lobby * 1")
    assert "account=" not in said
    assert said.endswith("PRIVMSG #lobby :hi")


def test_who_came_in_before_has_no_account(network: Network) -> None:
    """ircv3.net, extended-join: what is kept of JOIN has no account, for the same reason."""
    account(network.hub, "alice")
    Device(network, "alice").says("JOIN #dev")
    bob = Irc(network, "bob", "extended-join batch draft/chathistory draft/event-playback")
    bob.says("JOIN #dev")
    assert [line.partition(" JOIN ")[2] for line in bob.asks("CHATHISTORY LATEST #dev * 9") if "alice!" in line][
        :1
    ] == ["#dev * :Alice"]


def test_the_account_of_an_admin(network: Network) -> None:
    """RFC 2812, 3.1.4: the client is told that it may use what opers may, as it comes in and when it logs in later."""
    account(network.hub, "alice", admin=True)
    guest = Irc(network, "guest", "sasl", line=SecureLine)
    for greeted in (
        guest.asks("AUTHENTICATE PLAIN", f"AUTHENTICATE {plain('alice')}"),
        Device(network, "alice").greeted,
    ):
        assert [line for line in greeted if line.endswith(" MODE alice +o")]
    assert "313" in numerics(guest.asks("WHOIS alice"))


def test_an_account_that_cannot_be_kept(network: Network, alice: Irc, monkeypatch: pytest.MonkeyPatch) -> None:
    """account-registration, TEMPORARILY_UNAVAILABLE: it says so, and nobody is logged in."""

    class Full:
        def put(self, account: object, then: object) -> None:
            then(Refused("not-saved", "The disk is full. Try again later."))  # type: ignore[operator]

        drop = put

    monkeypatch.setattr(network.hub.accounts, "store", Full())
    (refused,) = alice.asks(f"REGISTER * * :{PASSWORD}")
    assert refused.startswith(":room-1.lan FAIL REGISTER TEMPORARILY_UNAVAILABLE alice :The disk is full.")
    assert network.hub.people.find("alice").account is None
