"""What somebody is told who has come in."""

from __future__ import annotations

from tests.fakes import Chat, Talker
from tests.governed import Person
from tests.logins import account


def test_who_comes_in_while_history_has_stopped_is_told_so() -> None:
    chat = Chat()
    chat.hub.trouble = "History is not kept just now."
    alice = Talker(chat, "alice")
    alice.enters()
    assert alice.hears()[0] == "-- History is not kept just now."


def test_a_token_is_told_to_a_client_that_wants_one_once() -> None:
    """And whose account it is to every client."""
    chat = Chat()
    owner = account(chat.hub, "alice")
    tokens = []
    for wants in (True, False):
        alice = Person(chat, "alice", "192.168.7.2")
        alice.session.account, alice.session.wants_token = owner, wants
        alice.enters()
        (told,) = alice.hears_of("loggedin")
        assert told["account"] == "alice"
        tokens.append(told.get("token", ""))
    assert chat.hub.accounts.of_token(tokens[0]) is not None
    assert tokens[1] == ""
