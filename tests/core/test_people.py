"""Who is here, under which name, and who ignores whom."""

from __future__ import annotations

import difflib
import gc

import pytest

from lanchat.core import people as module
from lanchat.core.accounts import Account, Accounts
from lanchat.core.errors import Refused
from lanchat.core.limits import Limits
from lanchat.core.members import Member
from lanchat.core.people import Former, People
from tests.fakes import Chat


@pytest.fixture
def people() -> People:
    return People(Limits())


def member(people: People, nick: str) -> Member:
    found = Member(people.free_nick(nick), "")
    people.add(found)
    return found


def test_people_are_found_by_any_form_of_their_nick(people: People) -> None:
    """Case makes no difference, and the nearest name is named."""
    alice = member(people, "Alice")
    assert people.find("aLICE") is alice
    with pytest.raises(Refused, match="Did you mean Alice"):
        people.find("alise")
    with pytest.raises(Refused, match="/names lists who is"):
        people.find("zoe")


def test_looking_for_a_near_nick_is_bounded(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """Comparing long nicks takes long, so few of them are compared: one KICK asks for twenty nicks."""
    compared = 0

    class Counting(difflib.SequenceMatcher[str]):
        def ratio(self) -> float:
            nonlocal compared
            compared += 1
            return super().ratio()

    monkeypatch.setattr(difflib, "SequenceMatcher", Counting)
    for number in range(200):
        member(people, f"{number:08b}".translate({48: "a", 49: "b"}) * 4)
    with pytest.raises(Refused, match="There is no"):
        people.find("ba" * 15 + "aa")
    assert compared <= 12
    with pytest.raises(Refused, match="/names lists who is"):
        people.find("ba" * 200)
    assert compared <= 12


def test_taken_nicks_come_with_a_free_one(people: People) -> None:
    """Whoever cannot have a name is offered one that can be had."""
    for nick in ("alice", "alice2", "zoe"):
        member(people, nick)
    with pytest.raises(Refused, match="for example ALICE3"):
        people.free_nick("ALICE")
    with pytest.raises(Refused, match="a1ice looks like alice"):
        people.free_nick("a1ice")


def test_offered_nick_is_short_enough() -> None:
    """The offer keeps to the limit, or has none; when a thousand are taken it still offers something."""
    people = People(Limits(nick=5))
    member(people, "alice")
    with pytest.raises(Refused, match="for example alic2"):
        people.free_nick("alice")
    people = People(Limits(nick=0))
    member(people, "alice")
    with pytest.raises(Refused, match="for example alice2"):
        people.free_nick("alice")
    people = People(Limits(nick=1))
    member(people, "a")
    with pytest.raises(Refused, match="for example "):
        people.free_nick("a")


def test_offer_when_a_thousand_are_taken(people: People) -> None:
    """Somebody finds a name even then."""
    member(people, "bob")
    people._skeletons.update(dict.fromkeys(_skeletons("bob"), people.members["bob"]))
    with pytest.raises(Refused, match="for example b_1"):
        people.free_nick("bob")


def _skeletons(nick: str) -> list[str]:
    from lanchat.core.names import skeleton

    return [skeleton(f"{nick}{number}") for number in range(1_000)]


def test_renamed_member_is_found_by_the_new_name_only(people: People) -> None:
    """The old name is free again, and nobody is in the way of their own."""
    alice = member(people, "alice")
    assert people.free_nick("ALICE", alice) == "ALICE"
    people.rename(alice, "carol", "")
    assert people.find("carol") is alice
    assert people.free_nick("alice") == "alice"


def test_ignoring_follows_a_rename_and_ends_with_the_ignorer(people: People) -> None:
    """A new name is no escape, and nothing is kept for who has left."""
    alice, bob = member(people, "alice"), member(people, "bob")
    people.ignore(alice, bob.nick)
    people.rename(bob, "rob", "")
    assert alice.ignores == {"rob": "rob"}
    assert people.ignorers == {"rob": {alice}}
    people.remove(alice, 1, "")
    assert people.ignorers == {}


def test_nobody_ignores_a_whole_town(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has a bound, also with those whom an account ignores: they go before those of the guest who logs in."""
    monkeypatch.setattr(module, "IGNORED", 2)
    alice = member(people, "alice")
    for nick in ("bob", "carol", "BOB"):
        people.ignore(alice, nick)
    with pytest.raises(Refused) as refused:
        people.ignore(alice, "dave")
    assert refused.value.code == "too-many-ignored"
    people.ignore_all(alice, ["erin"])
    assert list(alice.ignores) == ["carol", "erin"]
    assert people.ignorers.keys() == {"carol", "erin"}


def test_an_account_does_not_take_on_the_looks_of_another_one() -> None:
    """Its name may be shown in other letters, unless it looks like somebody else's then: ``ALICE`` and ``allce``."""
    accounts = Accounts()
    people = People(Limits(), accounts)
    for name in ("alice", "allce"):
        accounts.add(Account(name=name, created=""), lambda refused: None)
    alice = Member("alice", "")
    alice.account = accounts.find("alice")
    assert people.free_nick("Alice", alice) == "Alice"
    with pytest.raises(Refused, match="ALICE looks like allce, who is registered"):
        people.free_nick("ALICE", alice)


def test_two_ignorers(people: People) -> None:
    """One who hears again does not make another one hear."""
    alice, bob, carol = (member(people, nick) for nick in ("alice", "bob", "carol"))
    people.ignore(alice, carol.nick)
    people.ignore(bob, carol.nick)
    people.unignore(alice, "CAROL")
    assert people.ignorers == {"carol": {bob}}
    with pytest.raises(Refused, match="You do not ignore carol"):
        people.unignore(alice, "carol")


def test_who_has_left_is_forgotten() -> None:
    """Nobody is kept in memory because they once wrote to somebody who stays."""
    gc.collect()
    before = [found for found in gc.get_objects() if isinstance(found, Member)]  # of other tests
    chat = Chat()
    alice, bob = chat.talkers("alice", "bob")
    alice.says("/away lunch")
    for number in range(20):
        (carol,) = chat.talkers(f"carol_{'x' * number}")
        (dave,) = chat.talkers(f"dave_{'x' * number}")
        carol.says("/msg alice hi")
        dave.says(f"/msg {carol.nick} hi")
        carol.says("/quit")
        dave.says("/quit")
    del carol, dave
    gc.collect()
    members = [found for found in gc.get_objects() if isinstance(found, Member)]
    members = [member for member in members if not any(member is each for each in before)]
    kept = [member for member in members if chat.hub.lobby not in member.rooms and "_" in member.nick]
    assert len(kept) <= 1  # whom /reply answers
    assert bob.member in chat.hub.lobby.members


def test_it_is_known_when_the_last_left(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of so many, those who left longest ago are forgotten; who comes back has it."""
    monkeypatch.setattr("lanchat.core.people._LEFT", 2)
    for number, nick in enumerate(("alice", "bob", "alice", "carol"), 1):
        people.remove(member(people, nick), number, "")
    assert people.left == {"alice": 3, "carol": 4}
    assert member(people, "ALICE").missed_from == 3
    assert member(people, "bob").missed_from is None
    assert people.left == {"carol": 4}


def test_several_of_one_nick_are_known(people: People) -> None:
    """Who had a nick is known, the latest first, as far as it is not too many."""
    for number in range(1, 8):
        people.remove(member(people, "alice"), number, str(number))
    assert [former.time for former in people.formerly("ALICE")] == ["7", "6", "5", "4", "3"]
    assert not any(former.earlier for former in people.former["alice"].earlier)
    assert people.formerly("bob") == []


def test_the_most_who_were_here_at_once_are_counted(people: People) -> None:
    """Who leaves takes nothing away from it, and who comes then adds nothing."""
    alice = member(people, "alice")
    member(people, "bob")
    people.remove(alice, 1, "one")
    member(people, "carol")
    assert (len(people.members), people.most) == (2, 2)


def test_who_had_a_nick_last_is_known(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who left or took another nick is remembered with the mask; of so many, those who did it longest ago are not."""
    monkeypatch.setattr("lanchat.core.people._LEFT", 2)
    alice = Member("Alice", "", "text", "1.lan", "Alice A.")
    people.add(alice)
    assert people.mask("Alice") == "Alice!text@1.lan"
    people.rename(alice, "Al", "noon")
    assert people.former == {"alice": Former("Alice", "text", "1.lan", "Alice A.", "noon")}
    assert people.mask("Alice") == "Alice!text@1.lan"
    assert people.mask("Al") == "Al!text@1.lan"
    people.remove(alice, 1, "one")
    people.remove(member(people, "bob"), 2, "two")
    assert list(people.former) == ["al", "bob"]
    assert people.mask("alice") == "alice!alice@gone.lan"
    people.remove(member(people, "AL"), 3, "three")
    assert [each.nick for each in people.former.values()] == ["bob", "AL"]
