"""What sessions look at, and what they are shown of it."""

from __future__ import annotations

import pytest

from lanchat.core.modes import Change, Mode
from tests.core.test_hub import second_session
from tests.fakes import Chat


@pytest.fixture
def chat() -> Chat:
    return Chat()


def test_parting_moves_every_view(chat: Chat) -> None:
    """A session that looks at a room which another session of the person leaves looks at another room."""
    (alice,) = chat.talkers("alice")
    other = second_session(alice)
    alice.says("/join #dev")
    alice.says("/join #lobby")
    chat.hub.look(other, chat.hub.rooms["#dev"])
    alice.says("/part #dev")
    assert other.view is chat.hub.lobby


def test_a_client_that_shows_all_rooms_may_be_in_none(chat: Chat) -> None:
    """Whoever looks at no room is put into none."""
    alice, bob = chat.talkers("alice", "bob")
    alice.session.one_view = False
    alice.says("/part #lobby")
    assert bob.hears() == ["-- alice left #lobby"]
    assert alice.hears() == ["-- You left #lobby"]
    assert not alice.member.rooms


def test_how_a_room_is_set_is_shown_with_it(chat: Chat) -> None:
    """And who is in it, as many as the client names."""
    alice, _ = chat.talkers("alice", "bob", room="#dev")
    alice.says("/lock talk")
    entered = chat.hub.entered(alice.session, alice.session.view, aside=True)
    assert (entered.room, entered.people, entered.nicks, entered.aside) == ("#dev", 2, ["alice", "bob"], True)
    assert entered.modes == [Change(Mode.MODERATED)]


def test_what_was_said_last_is_shown_but_to_who_is_behind_or_ignores_it(chat: Chat) -> None:
    """Who is behind is shown it among what was missed."""
    alice, bob = chat.talkers("alice", "bob")
    bob.says("hi")
    alice.hears()
    chat.hub.show_backlog(alice.session, chat.hub.lobby)
    assert len(alice.hears()) == 2
    alice.session.behind = 0
    chat.hub.show_backlog(alice.session, chat.hub.lobby)
    alice.session.behind = None
    chat.hub.people.ignore(alice.member, "bob")
    chat.hub.show_backlog(alice.session, chat.hub.lobby)
    assert alice.hears() == []
