"""Several devices of one account are one member: whatever one of them does is right on all the others."""

from __future__ import annotations

import pytest

from lanchat.core.devices import dislodge
from lanchat.core.names import skeleton
from tests.fakes import Chat, Talker
from tests.logins import account, logins


@pytest.fixture
def chat() -> Chat:
    chat = Chat()
    chat.hub.logins = logins(chat.hub, plain=True)
    return chat


def device(chat: Chat, name: str = "alice", door: str = "test") -> Talker:
    """Let one more device of an account come in, and forget what it heard on the way."""
    talker = Talker(chat, name, door)
    talker.logs_in()
    talker.enters()
    talker.hears()
    return talker


def hear(*talkers: Talker) -> None:
    """Let people forget what they heard so far."""
    for talker in talkers:
        talker.hears()


# -- who a nick belongs to ----------------------------------------------------------------------------------


def test_a_guest_whose_nick_is_somebodys_by_now_gets_another(chat: Chat) -> None:
    """Whoever is called so is renamed, goes on, and is told why; all others hear of it."""
    alice, bob = chat.talkers("alice", "bob")
    account(chat.hub, "alice")
    dislodge(chat.hub, alice.member)
    assert alice.hears() == [
        "-- You are alice2 now",
        "-- alice is somebody's now, or looks like it. You are alice2 now; if it is yours, type /login.",
    ]
    assert bob.hears() == ["-- alice is now alice2"]
    bob.says("/msg alice2 hi")
    assert alice.hears() == ["(private) <bob> hi"]


def test_whoever_proves_an_account_is_never_one_with_a_guest_of_that_name(chat: Chat) -> None:
    """A guest who was called so before the account was made is not it, and hears nothing that is for it."""
    guest, near, bob = chat.talkers("alice", "bob2", "bob")
    account(chat.hub, "alice")
    owner = Talker(chat, "alice")
    owner.logs_in()
    owner.enters()
    assert "-- You are alice, in #lobby with alice2, bob2, bob." in owner.hears()
    assert guest.member is not owner.member
    assert guest.member.nick == "alice2"
    assert near.member.nick == "bob2"
    hear(guest, near, bob)
    bob.says("/msg alice psst")
    assert guest.hears() == []


def test_whoever_looks_like_an_account_that_comes_in_gets_another_nick(chat: Chat) -> None:
    """The people who are here never look alike, whoever was first."""
    (near,) = chat.talkers("a1ice")
    account(chat.hub, "alice")
    device(chat)
    assert near.member.nick == "a1ice2"
    assert near.hears()[0] == "-- You are a1ice2 now"
    near.says("/quit")
    assert set(chat.hub.people._skeletons) == {skeleton("alice")}


def test_a_guest_who_logs_in_moves_others_out_of_the_way(chat: Chat) -> None:
    """Being here under the name of an account without having proved it is no reason to be one with it."""
    bob, alice = chat.talkers("bob", "alice")
    account(chat.hub, "alice")
    bob.logs_in("alice")
    assert bob.member.nick == "alice"
    assert alice.member.nick == "alice2"
    assert bob.member is not alice.member


def test_there_is_always_a_free_nick(chat: Chat) -> None:
    """However many names like theirs are taken, whoever has to take another finds one."""
    people = chat.hub.people
    chat.talkers("al", "a_2", "a_3")
    for number in range(2, 1000):
        people.members[f"al{number}"] = people.members["al"]
    assert people.another("al") == f"a_{len(people.members)}"
    people.members[f"a_{len(people.members) + 1}"] = people.members["al"]
    assert people.another("al") == f"a_{len(people.members) + 1}"
