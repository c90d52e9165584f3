"""What accounts tell each other reaches all their devices; who is not here gets it when they come."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lanchat.core import caretaking, private
from lanchat.core.errors import Refused
from lanchat.core.journal import Found, Kept, Query
from lanchat.core.private import Private
from lanchat.stores.journal import MemoryJournal
from tests.fakes import Chat, Talker
from tests.logins import account, logins


class SlowJournal(MemoryJournal):
    """One that answers when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Callable[[], None]] = []

    def find(self, query: Query, then: Callable[[Found | Refused], None]) -> None:
        self.asked.append(lambda: super(SlowJournal, self).find(query, then))

    def answers(self) -> None:
        asked, self.asked = self.asked, []
        for answer in asked:
            answer()


class BrokenJournal(MemoryJournal):
    """One that cannot be read."""

    def find(self, query: Query, then: Callable[[Found | Refused], None]) -> None:
        then(Refused("no-history", "The disk is broken."))


def server(journal: Any = None) -> Chat:
    chat = Chat(journal=journal)
    chat.hub.logins = logins(chat.hub, plain=True)
    for name in ("alice", "bob", "carol"):
        account(chat.hub, name)
    return chat


@pytest.fixture
def chat() -> Chat:
    return server()


def comes(chat: Chat, name: str) -> Talker:
    """Let somebody come in with one more device."""
    talker = Talker(chat, name)
    talker.logs_in()
    talker.enters()
    return talker


def device(chat: Chat, name: str) -> Talker:
    """The same, and forget what it heard on the way."""
    talker = comes(chat, name)
    talker.hears()
    return talker


def waiting(talker: Talker) -> list[str]:
    """Give what somebody is shown of what waited."""
    return [line for line in talker.hears() if "(private" in line or "/missed" in line]


def test_private_words_are_on_all_devices_of_both(chat: Chat) -> None:
    """Who said it sees on the other devices to whom."""
    one, two, bob = device(chat, "alice"), device(chat, "alice"), device(chat, "bob")
    one.hears()
    two.hears()
    one.says("/msg bob psst")
    assert one.hears() == []
    assert two.hears() == ["(private to bob) <alice> psst"]
    assert bob.hears() == ["(private) <alice> psst"]
    bob.says("/reply yes")
    assert one.hears() == two.hears() == ["(private) <bob> yes"]
    one.says("/msg alice note to myself")
    assert one.hears() == two.hears() == ["(private) <alice> note to myself"]


def test_what_is_told_an_absent_account_waits(chat: Chat) -> None:
    """That is said once; it comes with the first device, the oldest first, and not again with the next."""
    alice = device(chat, "alice")
    alice.says("/msg bob one")
    alice.says("/msg bob two")
    assert alice.hears() == ["-- bob is not here; they get it when they come back."]
    bob = comes(chat, "bob")
    assert waiting(bob) == ["-- (private to bob) <alice> one", "-- (private to bob) <alice> two"]
    assert waiting(comes(chat, "bob")) == []
    bob.says("/missed")
    assert waiting(bob) == ["-- (private to bob) <alice> one", "-- (private to bob) <alice> two"]


def test_that_it_waits_is_said_once_for_each_absence(chat: Chat) -> None:
    """Who left again is not here again; and everybody is told for themselves."""
    alice, carol = device(chat, "alice"), device(chat, "carol")
    alice.says("/msg bob one")
    carol.says("/msg bob one")
    assert alice.hears()[-1] == carol.hears()[-1] == "-- bob is not here; they get it when they come back."
    device(chat, "bob").says("/quit")
    alice.hears()
    alice.says("/msg bob two")
    assert alice.hears() == ["-- bob is not here; they get it when they come back."]


def test_what_was_heard_does_not_come_again(chat: Chat) -> None:
    """What somebody was told while they were here is theirs already."""
    alice, bob = device(chat, "alice"), device(chat, "bob")
    alice.says("/msg bob one")
    bob.says("/quit")
    alice.says("/msg bob two")
    assert waiting(comes(chat, "bob")) == ["-- (private to bob) <alice> two"]


def test_a_guest_is_told_what_to_do(chat: Chat) -> None:
    """Nobody knows who a guest is, so nothing of theirs waits."""
    (guest,) = chat.talkers("guest")
    guest.says("/msg bob psst")
    assert guest.hears() == ["-- bob is not here. /register lets you leave a message."]
    guest.says("/invite bob")
    assert guest.hears() == ["-- bob is not here now. /msg bob TEXT is kept for them."]


def test_who_logs_in_in_the_chat_is_shown_what_waited(chat: Chat) -> None:
    """It is theirs, however they came in; what a guest missed under another nick is not."""
    alice = device(chat, "alice")
    device(chat, "bob").says("/quit")
    alice.says("/msg bob one")
    (guest,) = chat.talkers("guest")
    guest.logs_in("bob")
    assert waiting(guest) == ["-- (private to bob) <alice> one"]
    alice.says("/msg bob two")
    guest.hears()
    guest.says("/missed")
    assert waiting(guest) == ["-- (private to bob) <alice> one"]


def test_what_waits_has_a_bound(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who fills somebody's box is told so, and it is empty again once they came."""
    monkeypatch.setattr(private, "MOST", 2)
    alice = device(chat, "alice")
    for _ in range(3):
        alice.says("/msg bob psst")
    assert alice.hears()[-1] == "-- 2 messages wait for bob already. Try again later."
    device(chat, "bob").says("/quit")
    alice.hears()
    alice.says("/msg bob psst")
    assert alice.hears() == ["-- bob is not here; they get it when they come back."]


@pytest.mark.parametrize(("removed", "again"), [(False, False), (True, False), (True, True)])
def test_an_answer_is_for_who_has_written(chat: Chat, removed: bool, again: bool) -> None:
    """And not for whoever has made an account of the name since, which was removed."""
    alice, bob = device(chat, "alice"), device(chat, "bob")
    bob.says("/msg alice psst")
    bob.says("/quit")
    if removed:
        caretaking.delete(chat.hub, "bob", lambda refused: None)
        chat.seconds += 1
    if again:
        account(chat.hub, "bob")
    alice.hears()
    alice.says("/reply yes")
    assert ("-- bob has left." in alice.hears()) is removed


def test_nobody_takes_the_place_of_what_others_have_to_say(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what waits for somebody so much may be of one other; it begins anew when they have been here."""
    monkeypatch.setattr(private, "EACH", 1)
    alice, carol = device(chat, "alice"), device(chat, "carol")
    for _ in range(2):
        alice.says("/msg bob psst")
        carol.says("/msg bob psst")
    full = "-- 1 messages of yours wait for bob already. Try again when they have been here."
    assert (alice.hears()[-1], carol.hears()[-1]) == (full, full)
    comes(chat, "bob").says("/quit")
    alice.hears()
    alice.says("/msg bob psst")
    assert full not in alice.hears()


def test_the_newest_are_shown_and_how_to_see_the_others(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than a client takes at once are named, not shown."""
    monkeypatch.setattr(private, "SHOWN", 2)
    alice = device(chat, "alice")
    for number in range(3):
        alice.says(f"/msg bob {number}")
    bob = comes(chat, "bob")
    assert waiting(bob) == ["-- (private to bob) <alice> 1", "-- (private to bob) <alice> 2", "-- Older: /missed"]
    bob.says("/quit")
    monkeypatch.setattr(private, "CHARACTERS", 5)
    for text in ("long " * 20, "abc", "de"):
        alice.says(f"/msg bob {text}")
    assert waiting(comes(chat, "bob")) == [
        "-- (private to bob) <alice> abc",
        "-- (private to bob) <alice> de",
        "-- Older: /missed",
    ]


def test_words_of_those_who_are_ignored_do_not_wait(chat: Chat) -> None:
    """Who is ignored is not heard later either."""
    alice, bob, carol = (device(chat, name) for name in ("alice", "bob", "carol"))
    bob.says("/ignore alice")
    bob.says("/quit")
    alice.says("/msg bob one")
    carol.says("/msg bob two")
    assert waiting(comes(chat, "bob")) == ["-- (private to bob) <carol> two"]


def test_what_waits_is_there_after_a_restart() -> None:
    """Where it is kept and what was heard are known again."""
    journal = MemoryJournal()
    before = server(journal)
    alice = device(before, "alice")
    device(before, "bob").says("/quit")
    alice.says("/msg bob one")
    before.hub.shut()
    assert not alice.session.present
    after = Chat(journal=journal)
    after.hub.logins = logins(after.hub, plain=True)
    after.hub.restore(Kept(places=["@alice@bob"], accounts=list(before.hub.accounts.all())))
    assert waiting(comes(after, "alice")) == []
    assert waiting(comes(after, "bob")) == ["-- (private to bob) <alice> one"]


def test_who_comes_back_where_they_were_catches_up_instead(chat: Chat) -> None:
    """A client that says what it has heard last finds what waited among what it missed."""
    alice = device(chat, "alice")
    device(chat, "bob").says("/quit")
    since = chat.hub.journal.last
    alice.says("/msg bob one")
    bob = Talker(chat, "bob")
    bob.logs_in()
    chat.hub.enter(bob.session, "", since)
    assert waiting(bob) == []
    assert "@alice@bob" in chat.hub.private.of(bob.session)
    assert chat.hub.private.wait("bob", alice.member)


def test_what_was_not_shown_yet_is_not_heard() -> None:
    """Whoever leaves before the disk has answered is shown it next time; who comes meanwhile is shown it then."""
    journal = SlowJournal()
    chat = server(journal)
    alice = device(chat, "alice")
    alice.says("/msg bob one")
    bob = comes(chat, "bob")
    bob.says("/quit")
    journal.answers()
    assert waiting(bob) == []
    bob, other = comes(chat, "bob"), comes(chat, "bob")
    bob.says("/quit")
    journal.answers()
    assert waiting(other) == ["-- (private to bob) <alice> one"]
    assert waiting(bob) == []
    other.says("/quit")
    bob = comes(chat, "bob")
    journal.answers()
    assert waiting(bob) == []


def test_who_cannot_be_shown_what_waited_is_told_so() -> None:
    """And how to try again."""
    chat = server(BrokenJournal())
    device(chat, "alice").says("/msg bob one")
    heard = comes(chat, "bob").hears()
    assert heard[-1] == "-- What you were told while you were not here: The disk is broken. /missed tries again."


def test_who_is_behind_has_not_heard_the_last(chat: Chat) -> None:
    """What a client did not read before its connection ended waits; what another device has heard does not."""
    alice, bob, other = device(chat, "alice"), device(chat, "bob"), device(chat, "bob")
    bob.session.behind = chat.hub.journal.last
    alice.says("/msg bob one")
    other.says("/quit")
    alice.says("/msg bob two")
    bob.says("/quit")
    assert waiting(comes(chat, "bob")) == ["-- (private to bob) <alice> one", "-- (private to bob) <alice> two"]


def test_who_is_behind_finds_later_what_was_done_with_another_device(chat: Chat) -> None:
    """What is kept is among what was missed; what is not kept is told when that is over."""
    one, two = device(chat, "alice"), device(chat, "alice")
    bob = device(chat, "bob")
    (guest,) = chat.talkers("guest")
    two.hears()
    two.session.behind = chat.hub.journal.last
    one.says("/msg guest psst")
    assert [line[8:] for line in two.session.owed] == [b"(private to guest) <alice> psst\n"]
    one.says("/msg bob psst")
    assert len(two.session.owed) == 1
    assert guest.hears() == ["(private) <alice> psst"]
    assert bob.hears()[-1] == "(private) <alice> psst"


def test_an_account_that_is_gone_is_forgotten() -> None:
    """Neither its words nor what waited for it is found under its name again."""
    found = Private()
    found.restore(["@alice@bob", "@bob@carol"])
    assert found.forget("Bob") == ["@alice@bob", "@bob@carol"]
    assert found.forget("bob") == []
    assert found._places == {"alice": {}, "carol": {}}
