"""Who hears an event, and how often."""

from __future__ import annotations

import pytest

from tests.fakes import Chat


@pytest.fixture
def chat() -> Chat:
    return Chat()


def test_neighbours_hear_of_somebody_once(chat: Chat) -> None:
    """Who shares two rooms with somebody is told once that they have another nick."""
    alice, bob = chat.talkers("alice", "bob", room="#dev")
    alice.says("/nick alicia")
    assert bob.hears() == ["-- alice is now alicia"]


def test_who_is_ignored_is_not_heard_in_a_room(chat: Chat) -> None:
    """What they say is kept from those who ignore them; what becomes of them is not."""
    alice, bob, carol = chat.talkers("alice", "bob", "carol")
    bob.says("/ignore alice")
    bob.hears()
    alice.says("hello")
    alice.says("/nick alicia")
    assert bob.hears() == ["-- alice is now alicia"]
    assert carol.hears() == ["<alice> hello", "-- alice is now alicia"]


def test_admins_alone_hear_an_alert(chat: Chat) -> None:
    """Whose alert it is hears it once, too."""
    alice, bob, carol = chat.talkers("alice", "bob", "carol")
    alice.member.admin = bob.member.admin = True
    alice.says("/wallops the server restarts at nine")
    assert [bob.hears(), carol.hears()] == [["-- alice to the admins: the server restarts at nine"], []]
    assert alice.hears() == ["-- alice to the admins: the server restarts at nine"]


def test_people_may_turn_to_themselves(chat: Chat) -> None:
    """Who writes to their own nick hears it."""
    (alice,) = chat.talkers("alice")
    alice.says("/msg alice remember the milk")
    assert any("remember the milk" in line for line in alice.hears())
