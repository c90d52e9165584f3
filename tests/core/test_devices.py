"""Several devices of one account are one member: whatever one of them does is right on all the others."""

from __future__ import annotations

import pytest

from lanchat.core.devices import dislodge, expel
from lanchat.core.errors import Refused
from lanchat.core.modes import Mode
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


# -- coming in ----------------------------------------------------------------------------------------------


def test_one_more_device_is_shown_where_the_others_are(chat: Chat) -> None:
    """It is in their rooms, hears what was said there last, and nobody else notices."""
    account(chat.hub, "alice")
    first = device(chat)
    first.says("/join #dev")
    first.says("hi")
    (bob,) = chat.talkers("bob")
    second = Talker(chat, "alice")
    second.logs_in()
    second.enters()
    heard = second.hears()
    assert heard[:2] == ["-- You are logged in as alice.", "-- You are in #dev too."]
    assert heard[-1] == "-- You are alice, in #lobby with bob."
    assert any(line.endswith("<alice> hi") for line in heard)
    assert bob.hears() == []
    assert second.member is first.member
    assert list(first.member.sessions) == [first.session, second.session]


def test_a_guest_who_logs_in_while_the_account_is_here_is_one_more_device(chat: Chat) -> None:
    """Whoever the guest was leaves; the rooms of the account are shown, and what was watched is watched still."""
    account(chat.hub, "alice")
    first = device(chat)
    first.says("/join #lan")
    guest, bob = chat.talkers("guest", "bob")
    guest.says("/join #dev")
    bob.says("/join #dev")
    chat.hub.watching.add(guest.session, "carol")
    hear(first, guest, bob)
    guest.logs_in("alice")
    assert guest.hears() == [
        "-- You left #dev",
        "-- You are logged in as alice.",
        "-- You are in #lan too.",
        "-- You are alice, in #lobby with bob.",
    ]
    assert bob.hears() == ["-- guest left #dev (is alice now)", "-- guest left (is alice now)"]
    assert first.hears() == ["-- guest left (is alice now)"]
    assert guest.member is first.member
    chat.talkers("carol")
    assert "-- carol is here now" in guest.hears()
    guest.logs_in("alice")
    assert guest.hears() == ["-- You are logged in as alice already. /logout ends that."]


def test_a_guest_becomes_an_account_that_is_not_here(chat: Chat) -> None:
    """The nick is the account's from then on, and so is the rank that it has in a room where the guest was."""
    account(chat.hub, "alice")
    owner = device(chat)
    owner.says("/join #dev")
    guest, bob = chat.talkers("guest", "bob", room="#dev")
    owner.says("/quit")
    hear(guest, bob)
    guest.logs_in("alice")
    assert bob.hears() == ["-- guest is now alice", "-- alice is a founder of #dev"]
    assert guest.hears() == [
        "-- You are alice now",
        "-- You are logged in as alice.",
        "-- alice is a founder of #dev",
    ]


def test_there_is_an_end_to_the_devices_of_an_account(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    """One too many is refused, whether it comes in or is here as a guest, who stays one."""
    monkeypatch.setattr("lanchat.core.devices.MOST", 2)
    account(chat.hub, "alice")
    device(chat)
    device(chat)
    third = Talker(chat, "alice")
    third.logs_in()
    with pytest.raises(Refused, match="alice is here with 2 clients already"):
        third.enters()
    (guest,) = chat.talkers("guest")
    guest.logs_in("alice")
    assert guest.hears()[0].startswith("-- alice is here with 2 clients already.")
    assert guest.session.account is None
    assert guest.member.nick == "guest"


def test_a_device_that_needs_a_room_brings_its_member_to_the_lobby(chat: Chat) -> None:
    """A client that shows all rooms may be in none; who looks at one room has to be in one, with all devices."""
    account(chat.hub, "alice")
    everything = device(chat)
    everything.session.one_view = False
    everything.says("/part")
    assert everything.hears() == ["-- You left #lobby"]
    assert not everything.member.rooms
    (bob,) = chat.talkers("bob")
    device(chat)
    assert bob.hears() == ["-- alice joined #lobby"]
    assert everything.hears() == ["-- You are in #lobby too."]


# -- rooms --------------------------------------------------------------------------------------------------


def test_a_room_that_one_device_enters_is_entered_by_all(chat: Chat) -> None:
    """The others hear of it in one line, go on looking at what they look at, and hear the room."""
    account(chat.hub, "alice")
    first, second = device(chat), device(chat)
    (bob,) = chat.talkers("bob", room="#dev")
    hear(first, second)
    first.says("/join #dev")
    assert first.hears() == ["-- You are alice, in #dev with bob."]
    assert second.hears() == ["-- You are in #dev too."]
    bob.says("hi")
    assert first.hears() == ["<bob> hi"]
    assert second.hears() == ["#dev <bob> hi"]
    second.says("/part #dev bye")
    assert first.hears() == ["-- You left #dev", "-- You are alice, in #lobby with bob."]
    assert second.hears() == ["-- You left #dev", "-- You are alice, in #lobby with bob."]
    assert bob.hears() == ["-- alice joined #dev", "-- alice left #dev (bye)"]


def test_who_loses_the_last_room_is_shown_the_lobby_once_on_each_device(chat: Chat) -> None:
    """The member comes into the lobby once, and each device is told so once."""
    account(chat.hub, "alice")
    first, second, everything = device(chat), device(chat), device(chat)
    everything.session.one_view = False
    for each in (first, second):
        each.says("/join #dev")
    first.says("/part #lobby")
    hear(first, second, everything)
    everything.says("/part #dev")
    assert first.hears() == ["-- You left #dev", "-- You are alice, in #lobby, alone for now."]
    assert second.hears() == ["-- You left #dev", "-- You are alice, in #lobby, alone for now."]
    assert everything.hears() == ["-- You left #dev", "-- You are in #lobby too."]
    everything.says("/part #lobby")
    assert everything.hears() == ["-- #lobby is where everybody is. /quit leaves the chat."]


def test_who_is_removed_is_removed_with_all_devices(chat: Chat) -> None:
    """Each device hears it once, and looks at another room only if it looked at that one."""
    account(chat.hub, "alice")
    (bob,) = chat.talkers("bob", room="#dev")
    first, second = device(chat), device(chat)
    first.says("/join #dev")
    hear(first, second, bob)
    bob.says("/kick alice enough")
    assert first.hears() == ["-- bob removed alice from #dev (enough)", "-- You are alice, in #lobby with bob."]
    assert second.hears() == ["-- bob removed alice from #dev (enough)"]
    bob.says("hi")
    assert first.hears() == second.hears() == []


def test_what_one_device_says_all_show(chat: Chat) -> None:
    """In a room as what anybody says; topics, invitations and names too."""
    account(chat.hub, "alice")
    first, second = device(chat), device(chat)
    (bob,) = chat.talkers("bob")
    first.says("/join #dev")
    hear(first, second)
    first.says("hi")
    first.says("/topic work")
    first.says("/invite bob")
    first.says("/nick Alice")
    assert first.hears() == [
        "-- alice set the topic of #dev: work",
        "-- bob is invited to #dev",
        "-- You are Alice now",
    ]
    assert second.hears() == [
        "#dev <alice> hi",
        "-- alice set the topic of #dev: work",
        "-- bob is invited to #dev",
        "-- alice is now Alice",
    ]
    assert [each.name for each in chat.hub.accounts.all()] == ["Alice"]
    first.says("/nick bob3")
    assert first.hears() == ["-- You are logged in as Alice, and are called so. /logout ends that."]
    bob.says("/join #lan")
    hear(bob)
    bob.says("/msg alice psst")
    assert first.hears() == second.hears() == ["(private) <bob> psst"]


def test_where_nobody_shares_a_room_the_other_devices_hear_of_it_all_the_same(chat: Chat) -> None:
    """Who is in no room is one person, too."""
    account(chat.hub, "alice")
    first, second = device(chat), device(chat)
    first.session.one_view = second.session.one_view = False
    first.says("/part")
    hear(first, second)
    first.says("/nick ALICE")
    assert first.hears() == ["-- You are ALICE now"]
    assert second.hears() == ["-- alice is now ALICE"]


def test_words_for_the_ops_are_shown_on_all_devices_of_who_said_them(chat: Chat) -> None:
    """Whether or not they are one of those who hear them."""
    account(chat.hub, "alice")
    (bob,) = chat.talkers("bob", room="#dev")
    first, second = device(chat), device(chat)
    first.says("/join #dev")
    hear(first, second)
    chat.hub.confide(first.session, chat.hub.rooms["#dev"], Mode.OP, "help")
    assert second.hears() == ["#dev (ops) <alice> help"]
    assert bob.hears()[-1] == "#dev (ops) <alice> help"
    assert first.hears() == []


# -- presence -----------------------------------------------------------------------------------------------


def test_somebody_is_away_when_all_their_devices_are(chat: Chat) -> None:
    """One who is away at one client is here; the last one that goes makes them away, any that is back brings them."""
    account(chat.hub, "alice")
    first, second = device(chat), device(chat)
    (bob,) = chat.talkers("bob")
    hear(first, second)
    first.says("/away lunch")
    assert first.hears() == ["-- You are away here: lunch. The others see you by another client of yours."]
    assert bob.hears() == []
    second.says("/back")
    assert second.hears() == ["-- You are not away. /away TEXT says that you are."]
    first.says("/back")
    assert first.hears() == ["-- You are back"]
    first.says("/away lunch")
    second.says("/away tea")
    assert bob.hears() == ["-- alice is away: tea"]
    first.says("/back")
    assert bob.hears() == ["-- alice is back"]
    assert second.session.away == "tea"


def test_a_device_that_leaves_may_leave_the_others_away(chat: Chat) -> None:
    """They are away, as the one that is left says; and one that comes brings them back."""
    account(chat.hub, "alice")
    first, second = device(chat), device(chat)
    (bob,) = chat.talkers("bob")
    first.says("/away lunch")
    second.says("/quit")
    assert bob.hears() == ["-- alice is away: lunch"]
    third = Talker(chat, "alice")
    third.logs_in()
    third.enters()
    assert third.hears()[-1] == "-- You are back"
    assert bob.hears() == ["-- alice is back"]
    first.says("/quit")
    assert bob.hears() == []
    third.says("/quit bye")
    assert bob.hears() == ["-- alice left (bye)"]


def test_a_guest_who_was_away_is_here_once_they_are_an_account_that_is(chat: Chat) -> None:
    """Logging in is something that only who is there can do."""
    account(chat.hub, "alice")
    device(chat)
    (guest,) = chat.talkers("guest")
    guest.says("/away lunch")
    guest.logs_in("alice")
    assert guest.session.away == ""
    assert guest.member.away == ""


# -- the end ------------------------------------------------------------------------------------------------


def test_all_devices_go_at_once(chat: Chat) -> None:
    """Each is told why, the others hear one line, and nothing reaches any of them afterwards."""
    account(chat.hub, "alice")
    first, second = device(chat), device(chat)
    (bob,) = chat.talkers("bob")
    first.says("/away lunch")
    chat.hub.watching.add(second.session, "carol")
    hear(first, second)
    expel(chat.hub, first.member.sessions, "killed", "You were killed")
    assert first.hears() == second.hears() == ["-- You were killed"]
    assert bob.hears() == ["-- alice left (killed)"]
    chat.talkers("carol")
    bob.says("hi")
    assert first.hears() == second.hears() == []
    assert first.outlet.finished == second.outlet.finished == 1
    assert not first.session.audiences
    assert not second.session.audiences


def test_a_device_that_logs_out_hears_nothing_any_more(chat: Chat) -> None:
    """The others go on."""
    account(chat.hub, "alice")
    first, second = device(chat), device(chat)
    (bob,) = chat.talkers("bob")
    hear(first, second)
    first.says("/logout")
    assert first.hears() == ["-- You are logged out."]
    bob.says("hi")
    bob.says("/msg alice psst")
    assert first.hears() == []
    assert second.hears() == ["<bob> hi", "(private) <bob> psst"]


def test_who_ignores_an_account_ignores_all_its_devices(chat: Chat) -> None:
    """And it is so after a restart of theirs, too."""
    account(chat.hub, "alice")
    account(chat.hub, "bob")
    first, second, bob = device(chat), device(chat), device(chat, "bob")
    bob.says("/ignore alice")
    hear(bob)
    for each in (first, second):
        each.says("hi")
        each.says("/msg bob psst")
    assert bob.hears() == []
    bob.says("/quit")
    bob = device(chat, "bob")
    first.says("hi")
    assert bob.hears() == []
