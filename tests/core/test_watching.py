"""Who watches for somebody hears when they come and go, without sharing a room with them."""

from __future__ import annotations

import pytest

from lanchat.core.errors import Refused
from lanchat.core.watching import MOST
from tests.fakes import Chat, Talker


@pytest.fixture
def chat() -> Chat:
    return Chat()


@pytest.fixture
def alice(chat: Chat) -> Talker:
    """Somebody who hears of nobody but by watching."""
    (alice,) = chat.talkers("alice", room="#far")
    alice.says("/part #lobby")
    alice.hears()
    return alice


def test_who_comes_and_goes_is_told(chat: Chat, alice: Talker) -> None:
    """In the form in which the nick is shown, and at the end under the last one."""
    chat.hub.watching.add(alice.session, "BOB")
    (bob,) = chat.talkers("Bob")
    assert alice.hears() == ["-- Bob is here now"]
    bob.says("/quit")
    assert alice.hears() == ["-- Bob is not here any more"]
    assert chat.hub.watching.of(alice.session) == ["BOB"]


def test_another_name_is_coming_and_going(chat: Chat, alice: Talker) -> None:
    """Both nicks are watched for themselves; another case is no other nick."""
    (bob,) = chat.talkers("bob")
    chat.hub.watching.add(alice.session, "bob")
    chat.hub.watching.add(alice.session, "rob")
    bob.says("/nick BOB")
    assert alice.hears() == []
    bob.says("/nick rob")
    assert alice.hears() == ["-- BOB is not here any more", "-- rob is here now"]


def test_watching_ends(chat: Chat, alice: Talker) -> None:
    """Who does not watch any more hears nothing, and what nobody watches is forgotten."""
    watching = chat.hub.watching
    (bob,) = chat.talkers("bob")
    for nick in ("bob", "Bob", "carol", "dave"):
        watching.add(alice.session, nick)
    watching.add(bob.session, "carol")
    watching.remove(alice.session, "CAROL")
    watching.remove(alice.session, "nobody")
    assert watching.of(alice.session) == ["bob", "dave"]
    watching.clear(alice.session)
    bob.says("/nick rob")
    assert alice.hears() == []
    assert set(watching._watchers) == {"carol"}
    assert watching._watched == {bob.session: {"carol": "carol"}}


def test_a_session_that_ends_is_forgotten(chat: Chat, alice: Talker) -> None:
    """Nothing is kept for who has left."""
    chat.hub.watching.add(alice.session, "bob")
    alice.says("/quit")
    assert not chat.hub.watching._watched
    assert not chat.hub.watching._watchers


def test_watching_has_bounds(chat: Chat, alice: Talker) -> None:
    """So many nicks and no more, and only what can be a nick."""
    for number in range(MOST):
        chat.hub.watching.add(alice.session, f"n{number}")
    chat.hub.watching.add(alice.session, "N0")
    with pytest.raises(Refused, match="You watch 100 people already"):
        chat.hub.watching.add(alice.session, "one")
    with pytest.raises(Refused, match="at most 32 characters"):
        chat.hub.watching.add(alice.session, "x" * 33)
