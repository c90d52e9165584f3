"""Accounts as the link sees them: how it gets in, what it remembers, and one's own other devices."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lanchat.client.endings import CannotConnect, SecretWanted
from lanchat.client.front import State
from lanchat.client.known_logins import KnownLogins
from lanchat.client.proof import Proof, Secret
from tests.client.peers import LIMITS, NOON, Joined, Peer

TOKEN = "t-" + "x" * 30
REGISTERED = "ann is registered. If that is you: /login ann PASSWORD. If not, type another name."


@pytest.fixture
def logins(tmp_path: Path) -> KnownLogins:
    return KnownLogins(tmp_path / "logins")


class Somebody:
    """Ann, at a server that can be told from others."""

    def __init__(self, logins: KnownLogins, **options: Any) -> None:
        self.logins = logins
        spare = options.pop("spare", None)
        self.joined = Joined(proof=Proof(logins, lambda: "s", spare), **options)
        self.front = self.joined.front

    def connects(self) -> Peer:
        if not self.joined.entered and not self.joined.network.attempts:
            self.joined.starts()
        while not self.joined.network.attempts:
            self.joined.clock.advance(0.25)
        return self.joined.network.accepts()

    def hello(self, peer: Peer) -> dict[str, Any]:
        """Give what the last hello had besides."""
        (op,) = peer.reads()
        assert op["op"] == "hello"
        return {name: op[name] for name in ("password", "token", "server_password") if name in op}

    def logs_in(self) -> Peer:
        peer = self.connects()
        logged_in(peer)
        peer.welcomes("ann")
        peer.reads()
        return peer


def refuses(peer: Peer, code: str, text: str = "No.") -> None:
    peer.sends("refused", ref="hello", code=code, text=text)


def logged_in(peer: Peer, token: str = TOKEN, **fields: Any) -> None:
    peer.sends("loggedin", **{"ref": "hello", "account": "ann", "token": token, **fields})


# -- coming in -------------------------------------------------------------------------------------------------


def test_a_registered_nick_wants_its_password(logins: KnownLogins) -> None:
    ann = Somebody(logins)
    refuses(ann.connects(), "nick-registered", REGISTERED)
    (ended,) = ann.joined.ended
    assert isinstance(ended, SecretWanted)
    assert (ended.secret, ended.said) == (Secret.PASSWORD, "ann is registered.")
    assert str(ended) == (
        "ann is registered. On a pipe, put the password into the environment variable LANCHAT_PASSWORD."
    )


def test_a_private_server_wants_its_own(logins: KnownLogins) -> None:
    ann = Somebody(logins)
    refuses(ann.connects(), "no-password", "This server is private. Give its password first: /password PASSWORD")
    (ended,) = ann.joined.ended
    assert isinstance(ended, SecretWanted)
    assert (ended.secret, ended.said) == (Secret.SERVER_PASSWORD, "This server is private.")
    assert "LANCHAT_SERVER_PASSWORD" in str(ended)


def test_what_is_at_hand_is_tried_before_anybody_is_asked(logins: KnownLogins) -> None:
    ann = Somebody(logins, spare={Secret.PASSWORD: "wrong"})
    peer = ann.connects()
    assert ann.hello(peer) == {}
    refuses(peer, "nick-registered", REGISTERED)
    assert ann.hello(peer) == {"password": "wrong"}
    refuses(peer, "bad-password", "There is no such name, or another password.")
    (ended,) = ann.joined.ended
    assert isinstance(ended, SecretWanted)
    assert ended.said == "There is no such name, or another password."


def test_what_is_at_hand_is_not_sent_where_others_can_read_it(logins: KnownLogins) -> None:
    ann = Somebody(logins, spare={Secret.PASSWORD: "pw"}, private=False)
    peer = ann.connects()
    peer.reads()
    refuses(peer, "nick-registered", REGISTERED)
    assert peer.reads() == []
    assert isinstance(ann.joined.ended[0], SecretWanted)


def test_where_no_password_is_taken_it_says_what_to_do(logins: KnownLogins) -> None:
    ann = Somebody(logins)
    refuses(ann.connects(), "not-secure", "Others could read the password on this connection. Use TLS.")
    assert isinstance(ann.joined.ended[0], CannotConnect)
    assert "--tls" in str(ann.joined.ended[0])


def test_a_login_may_take_its_time_when_everybody_logs_in(logins: KnownLogins) -> None:
    ann = Somebody(logins, spare={Secret.PASSWORD: "pw"})
    peer = ann.connects()
    refuses(peer, "nick-registered", REGISTERED)
    ann.joined.clock.advance(120)
    logged_in(peer)
    peer.welcomes("ann")
    assert ann.joined.entered == [None]


def test_a_token_brings_us_back_and_is_shown_to_nobody(logins: KnownLogins) -> None:
    ann = Somebody(logins)
    peer = ann.logs_in()
    assert logins.find("s", "ann") == TOKEN
    assert not any(TOKEN.encode() in line for line in ann.front.lines)
    assert json.loads(ann.front.lines[0]) == {"event": "loggedin", "ref": "hello", "account": "ann"}
    assert ("LoggedIn", True) in ann.front.shown
    ann.front.shown.clear()
    peer.drops()
    again = ann.connects()
    assert ann.hello(again) == {"token": TOKEN}
    logged_in(again, token="")
    again.welcomes("ann")
    assert ("LoggedIn", True) not in ann.front.shown
    assert ann.hello(Somebody(logins).connects()) == {"token": TOKEN}


def test_a_bad_token_is_forgotten_and_the_password_asked_for(logins: KnownLogins) -> None:
    logins.remember("s", "ann", TOKEN)
    ann = Somebody(logins)
    peer = ann.connects()
    assert ann.hello(peer) == {"token": TOKEN}
    refuses(peer, "bad-token")
    assert ann.hello(peer) == {}
    assert logins.find("s", "ann") == ""
    refuses(peer, "nick-registered", REGISTERED)
    assert isinstance(ann.joined.ended[0], SecretWanted)
    assert ann.front.shown == []


def test_a_server_that_is_busy_with_logins_is_no_reason_for_another_name(logins: KnownLogins) -> None:
    logins.remember("s", "ann", TOKEN)
    ann = Somebody(logins)
    refuses(ann.connects(), "busy", "Too many people log in just now. Try again in a minute.")
    assert isinstance(ann.joined.ended[0], CannotConnect)
    assert logins.find("s", "ann") == TOKEN


# -- coming back -----------------------------------------------------------------------------------------------


def locked(ann: Somebody) -> None:
    """Somebody else changed the password: the line ends, and the token is good for nothing."""
    peer = ann.logs_in()
    ann.joined.types("before")
    peer.sends("closed", text="The password was changed. Log in again.")
    peer.drops()
    again = ann.connects()
    again.reads()
    refuses(again, "bad-token")
    again.reads()
    refuses(again, "nick-registered", REGISTERED)
    ann.joined.clock.advance(0)
    again.drops()


def test_who_is_logged_out_elsewhere_is_asked_and_does_not_try_for_ever(logins: KnownLogins) -> None:
    ann = Somebody(logins)
    locked(ann)
    assert ann.front.wanted == [(Secret.PASSWORD, "ann is registered.")]
    assert ann.joined.link.state is State.LOCKED
    ann.joined.clock.advance(600)
    assert ann.joined.network.attempts == []
    assert ann.joined.ended == []
    ann.joined.link.prove(Secret.PASSWORD, "new")
    peer = ann.connects()
    assert ann.hello(peer) == {"password": "new"}
    logged_in(peer, TOKEN + "2")
    peer.welcomes("ann")
    assert ann.joined.link.state is State.UP
    assert logins.find("s", "ann") == TOKEN + "2"
    ann.joined.link.prove(Secret.PASSWORD, "late")
    assert ann.joined.link.state is State.UP


def test_another_name_may_be_taken_instead(logins: KnownLogins) -> None:
    ann = Somebody(logins)
    locked(ann)
    assert ann.joined.link.wanted_nick == "ann"
    ann.joined.link.prove(Secret.PASSWORD, "", "zoe")
    (op,) = ann.connects().reads()
    assert (op["nick"], "password" in op) == ("zoe", False)


def test_where_nobody_can_be_asked_it_is_over(logins: KnownLogins) -> None:
    ann = Somebody(logins)
    ann.front.answers = False
    locked(ann)
    assert isinstance(ann.joined.ended[0], SecretWanted)


def test_one_can_leave_while_a_password_is_wanted(logins: KnownLogins) -> None:
    ann = Somebody(logins)
    locked(ann)
    ann.joined.link.leave()
    assert ann.joined.ended == [None]


def test_who_is_banned_does_not_try_for_ever(logins: KnownLogins) -> None:
    ann = Somebody(logins)
    ann.logs_in().drops()
    refuses(ann.connects(), "banned", "You are banned from here.")
    assert str(ann.joined.ended[0]) == "You are banned from here."


# -- logging in and out in the chat -------------------------------------------------------------------------------


def test_logging_out_forgets_the_token_and_ends(logins: KnownLogins) -> None:
    ann = Somebody(logins)
    peer = ann.logs_in()
    ann.joined.types("/logout")
    peer.sends("closed", ref="1", text="You are logged out.")
    peer.drops()
    assert ann.joined.ended == [None]
    assert logins.find("s", "ann") == ""
    ann.joined.clock.advance(600)
    assert ann.joined.network.attempts == []


def test_a_login_is_answered_though_the_answer_has_no_reference(logins: KnownLogins) -> None:
    ann = Somebody(logins)
    peer = ann.connects()
    peer.welcomes("ann")
    ann.joined.types("/register correct horse")
    assert len(ann.joined.link.outbox) == 1
    logged_in(peer, ref="")
    assert len(ann.joined.link.outbox) == 0
    assert logins.find("s", "ann") == TOKEN


def test_a_password_is_not_sent_twice(logins: KnownLogins) -> None:
    ann = Somebody(logins)
    peer = ann.connects()
    peer.welcomes("ann")
    ann.joined.types("/login alice correct horse")
    peer.drops()
    again = ann.connects()
    again.reads()
    again.welcomes("ann")
    assert again.reads() == []
    assert "May not have arrived: /login alice " in ann.front.notes


def test_a_guest_who_logs_in_is_called_so_from_then_on(logins: KnownLogins) -> None:
    ann = Somebody(logins)
    peer = ann.connects()
    peer.welcomes("ann")
    peer.happens("renamed", nick="ann", new="alice")
    assert ann.front.shown[-1] == ("Renamed", True)
    peer.drops()
    assert ann.connects().reads()[0]["nick"] == "alice"


def test_a_guest_whose_account_is_here_already_becomes_one_with_it(logins: KnownLogins) -> None:
    ann = Somebody(logins)
    peer = ann.connects()
    peer.welcomes("ann", "#mine")
    peer.reads()
    ann.joined.types("/login alice correct horse")
    peer.reads()
    logged_in(peer, account="alice", ref="")
    peer.sends("welcome", server="s", version="1", nick="alice", people=1, limits=LIMITS)
    peer.sends("entered", room="#dev", nick="alice", nicks=["alice"], people=1, aside=True)
    peer.sends("entered", room="#lobby", nick="alice", nicks=["alice"], people=1)
    talk = ann.joined.conversation
    assert (talk.nick, list(talk.rooms), talk.view) == ("alice", ["#dev", "#lobby"], "#lobby")
    assert not any("Connected again" in note for note in ann.front.notes)
    peer.drops()
    (op,) = ann.connects().reads()
    assert (op["nick"], op["rooms"], op["token"]) == ("alice", ["#dev"], TOKEN)


# -- one's own other devices ---------------------------------------------------------------------------------------


def test_what_was_said_on_another_device_is_shown(logins: KnownLogins) -> None:
    ann = Somebody(logins)
    peer = ann.logs_in()
    ann.front.shown.clear()
    peer.happens("said", room="#lobby", nick="ann", text="from my phone")
    peer.happens("told", nick="ann", to="bob", text="psst")
    peer.happens("away", nick="ann", text="lunch")
    assert ann.front.shown == [("Said", False), ("Told", False), ("Away", True)]
    assert "bob" in ann.joined.conversation.private
    assert ann.joined.conversation.away == "lunch"


def test_a_room_that_another_device_went_to_is_had_and_not_looked_at(logins: KnownLogins) -> None:
    ann = Somebody(logins)
    peer = ann.logs_in()
    ann.front.shown.clear()
    peer.happens("joined", room="#dev", nick="ann")
    peer.sends("entered", room="#dev", nick="ann", nicks=["ann", "bob"], people=2, aside=True)
    talk = ann.joined.conversation
    assert (talk.view, list(talk.rooms)) == ("#lobby", ["#lobby", "#dev"])
    assert ann.front.shown == [("Entered", False)]


@pytest.mark.parametrize("how", ["parted", "kicked"])
def test_a_room_that_another_device_left_is_left(logins: KnownLogins, how: str) -> None:
    ann = Somebody(logins)
    peer = ann.logs_in()
    peer.enters("#dev", "ann")
    ann.joined.types("/join #dev")
    peer.enters("#dev", "ann", ref="1")
    assert ann.joined.conversation.view == "#dev"
    ann.front.shown.clear()
    peer.happens(how, room="#dev", **({"nick": "ann"} if how == "parted" else {"nick": "bob", "who": "ann"}))
    peer.sends("entered", room="#lobby", nick="ann", nicks=["ann"], people=1)
    talk = ann.joined.conversation
    assert (talk.view, list(talk.rooms)) == ("#lobby", ["#lobby"])
    assert ann.front.shown == [(how.capitalize(), how == "parted"), ("Entered", False)]


def test_what_waited_tells_who_wrote(logins: KnownLogins) -> None:
    ann = Somebody(logins)
    peer = ann.logs_in()
    told = {"event": "told", "id": 3, "time": NOON, "nick": "bob", "to": "ann", "text": "call me"}
    peer.sends("waiting", events=[told])
    assert ann.front.shown[-1] == ("Waiting", False)
    assert ann.joined.conversation.is_known("bob")


# -- what we may do ------------------------------------------------------------------------------------------------


def test_it_asks_what_we_may_do_whenever_that_may_have_changed(logins: KnownLogins) -> None:
    ann = Somebody(logins, helped=True)
    peer = ann.connects()
    logged_in(peer)
    peer.welcomes("ann")
    peer.reads()
    ann.joined.clock.advance(1)
    assert peer.reads() == [{"op": "help", "ref": "help"}]
    commands = [{"name": name, "usage": "", "help": "", "example": ""} for name in ("help", "say")]
    ann.front.shown.clear()
    peer.sends("help", ref="help", commands=commands)
    assert ann.joined.conversation.commands == {"help", "say"}
    assert ann.front.shown == []
    peer.sends("help", ref="7", commands=commands[:1])
    assert ann.joined.conversation.commands == {"help", "say"}
    for value, asked in (("bob", 0), ("ann", 1)):
        change = {"mode": "op", "on": True, "value": value}
        peer.happens("changed", room="#lobby", nick="eve", changes=[change])
        ann.joined.clock.advance(1)
        assert len(peer.reads()) == asked
    peer.happens("changed", room="#lobby", nick="", changes=[{"mode": "op", "on": True, "value": "ann"}])
    peer.drops()
    ann.joined.clock.advance(0.6)


# -- what was taken away -------------------------------------------------------------------------------------------


def test_what_was_said_and_taken_away_is_not_said_again(logins: KnownLogins) -> None:
    joined = Joined()
    peer = joined.comes_in()
    joined.types("sorry")
    peer.reads()
    peer.happens("said", room="#lobby", nick="ann", text="sorry")
    assert len(joined.link.outbox) == 1
    peer.happens("deleted", nick="bob", room="#lobby", of=3)
    assert len(joined.link.outbox) == 1
    peer.sends("deleted", id=9, time=NOON, nick="bob", room="#lobby", of=2)
    assert len(joined.link.outbox) == 0
    assert joined.front.shown[-1] == ("Deleted", False)


def test_a_room_that_is_not_looked_at_is_left_too(logins: KnownLogins) -> None:
    ann = Somebody(logins)
    peer = ann.logs_in()
    peer.sends("entered", room="#dev", nick="ann", nicks=["ann"], people=1, aside=True)
    peer.happens("parted", room="#dev", nick="ann")
    assert ann.joined.conversation.view == "#lobby"
    assert [room.name for room in ann.joined.conversation.others()] == []
