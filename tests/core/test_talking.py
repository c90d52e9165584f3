"""What is said reaches those for whom it is, and is refused where it may not be said."""

from __future__ import annotations

import pytest

from lanchat.core.errors import Refused
from lanchat.core.events import AnyEvent, Signalled, Tagged
from lanchat.core.modes import Change, Mode
from tests.fakes import PLAIN, Chat, Talker


@pytest.fixture
def chat() -> Chat:
    return Chat()


def heard(kind: type[AnyEvent]) -> int:
    """How often a broadcast or a session had an event of this kind encoded."""
    count = sum(isinstance(each, kind) for each in PLAIN.encoded)
    PLAIN.encoded.clear()
    return count


def people(chat: Chat) -> list[Talker]:
    """An op, somebody with voice, and somebody without."""
    alice, bob, carol = chat.talkers("alice", "bob", "carol", room="#dev")
    alice.says("/voice bob")
    for each in (alice, bob, carol):
        each.hears()
    PLAIN.encoded.clear()
    return [alice, bob, carol]


def test_words_for_those_who_have_a_rank(chat: Chat) -> None:
    """The ops alone hear what is for ops; who ignores the speaker hears nothing of it."""
    alice, bob, carol = people(chat)
    room = chat.hub.rooms["#dev"]
    chat.hub.confide(carol.session, room, Mode.OP, "psst")
    chat.hub.confide(carol.session, room, Mode.VOICE, "waves", acted=True)
    assert alice.hears() == ["#dev (ops) <carol> psst", "#dev (voiced) * carol waves"]
    assert bob.hears() == ["#dev (voiced) * carol waves"]
    assert carol.hears() == []
    alice.says("/ignore carol")
    alice.hears()
    chat.hub.confide(carol.session, room, Mode.OP, "psst")
    assert alice.hears() == []


def test_who_may_not_speak_says_nothing_in_any_way(chat: Chat) -> None:
    """Neither aloud nor to the ops nor between programs, nor by a topic, nor as they leave."""
    alice, bob, carol = people(chat)
    room, hub, session = chat.hub.rooms["#dev"], chat.hub, carol.session
    room.modes.take(Change(Mode.MODERATED), "alice", "")
    for say in (
        lambda: hub.say(session, room, "x"),
        lambda: hub.act(session, room, "x"),
        lambda: hub.confide(session, room, Mode.OP, "x"),
        lambda: hub.tag(session, room, {"typing": "active"}),
        lambda: hub.signal(session, room, "VERSION"),
        lambda: hub.set_topic(session, room, "x"),
    ):
        with pytest.raises(Refused, match="Only ops and who has voice may speak"):
            say()
    carol.says("/part #dev you are all fools")
    assert alice.hears() == ["-- carol left #dev"]
    bob.says("/part #dev good night")
    assert alice.hears() == ["-- bob left #dev (good night)"]


def test_who_is_ignored_is_not_answered(chat: Chat) -> None:
    """Words that somebody does not hear change nothing about whom /reply is for."""
    alice, bob, carol = people(chat)
    alice.says("/ignore carol")
    bob.says("/msg alice what is the key?")
    carol.says("/msg alice psst")
    alice.says("/reply sesame")
    assert bob.hears() == ["(private) <alice> sesame"]
    assert carol.hears() == []


def test_programs_tell_each_other_things(chat: Chat) -> None:
    """In a room or to one other; no person is shown it."""
    alice, bob, carol = people(chat)
    room, hub = chat.hub.rooms["#dev"], chat.hub
    tags = {"typing": "active"}
    hub.tag(carol.session, room, tags)
    hub.tag(carol.session, bob.member, tags)
    assert heard(Tagged) == 2
    hub.signal(carol.session, room, "VERSION")
    hub.signal(carol.session, bob.member, "VERSION")
    hub.signal(carol.session, room, "VERSION", rank=Mode.VOICE)
    assert heard(Signalled) == 4
    assert alice.hears() == bob.hears() == []
    bob.session.behind = 0
    with pytest.raises(Refused, match="stuck"):
        hub.tag(carol.session, bob.member, tags)
    with pytest.raises(Refused, match="stuck"):
        hub.signal(carol.session, bob.member, "VERSION")


def test_admins_are_told_by_admins(chat: Chat) -> None:
    """And nobody else is."""
    alice, bob, carol = people(chat)
    alice.member.admin = bob.member.admin = True
    chat.hub.alert(alice.session, "soon")
    assert bob.hears() == alice.hears() == ["-- alice to the admins: soon"]
    assert carol.hears() == []


@pytest.mark.parametrize("text", ["", " ", "\n\t "])
def test_nothing_is_nothing_to_say(chat: Chat, text: str) -> None:
    alice, _, _ = people(chat)
    for say in (chat.hub.say, chat.hub.act):
        with pytest.raises(Refused, match="nothing to send"):
            say(alice.session, alice.session.view, text)
