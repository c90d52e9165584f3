"""What admins do to others, on the hub alone."""

from __future__ import annotations

import pytest

from lanchat.core.admins import HOST, Admins, kill
from lanchat.core.devices import identify
from lanchat.core.errors import Refused
from lanchat.core.proving import is_private
from tests.fakes import Chat, Talker
from tests.governed import Governed
from tests.logins import account


@pytest.mark.parametrize(
    ("door", "address", "private"),
    [
        ("text", "192.168.7.2", False),
        ("irc+tls", "192.168.7.2", True),
        ("text", "127.0.0.1", True),
        ("text", "::1", True),
        ("irc", "", True),
    ],
)
def test_who_can_read_a_connection(door: str, address: str, private: bool) -> None:
    """Nobody inside TLS, and nobody on the way from this machine to itself."""
    alice = Talker(Chat(), "alice", door)
    alice.session.address = address
    assert is_private(alice.session) is private


def test_every_connection_of_a_member_is_ended() -> None:
    """Somebody with two is gone with both, and the others hear it once."""
    chat = Chat()
    alice, bob, second = chat.talkers("alice", "bob", "second")
    chat.hub.leave(second.session)
    second.session.member = bob.member
    second.session.view = chat.hub.lobby
    second.session.present = True
    bob.member.sessions[second.session] = None
    chat.hub.lobby.admit(second.session)
    alice.hears()
    alice.member.admin = True
    kill(chat.hub, alice.session, bob.member, "")
    assert alice.hears() == ["-- bob left (killed by alice)"]
    assert bob.hears()[-1] == second.hears()[-1] == "-- You were killed by alice"
    assert (bob.outlet.finished, second.outlet.finished) == (1, 1)


def test_who_has_left_cannot_be_killed() -> None:
    """Nor whoever has their nick now, in their place."""
    chat = Chat()
    alice, bob = chat.talkers("alice", "bob")
    alice.member.admin = True
    gone = bob.member
    bob.says("/quit")
    chat.talkers("bob")
    with pytest.raises(Refused, match="bob has left"):
        kill(chat.hub, alice.session, gone, "")


def test_right_passwords_are_no_tries() -> None:
    """Nor do people at the server's own machine use up each other's."""
    chat = Chat()
    chat.hub.admins = Admins(lambda name, password, then: then(password == f"the password of {name}"))
    people = chat.talkers(*[f"person_{letter}" for letter in "abcdefg"])
    for person in people:
        person.session.address = "127.0.0.1"
        person.says("/oper root the password of root")
        assert "-- You are an admin of this server now: /help lists what is yours." in person.hears()
        person.says(f"/oper {person.nick} wrong")
        assert person.hears() == ["-- There is no such name, or another password."]


def test_who_logs_in_to_an_admins_account_is_an_admin() -> None:
    """At once, and as the others see them; who became one by a password stays one."""
    governed = Governed()
    member, admin = governed["member"], governed["admin"]
    for person, is_admins in ((member, True), (admin, False)):
        person.session.account = account(governed.hub, f"{person.nick}_known", admin=is_admins)
        identify(governed.hub, person.session)
        assert person.member.admin
        assert person.asks("/rehash") == ""
        governed.hub.admins.appoint(governed.hub, person.session)  # once is enough
        assert person.hears_of("moved") == []
    assert member.member.host == HOST


def test_nobody_else_is() -> None:
    """It is said how one becomes one."""
    governed = Governed()
    governed["founder"].says("/rehash")
    (refusal,) = governed["founder"].hears_of("refused")
    assert "/login NICK PASSWORD" in refusal["text"]
    assert "/oper NAME PASSWORD" in refusal["text"]
