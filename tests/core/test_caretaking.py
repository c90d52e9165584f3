"""What `lanchat admin` does holds at once for those who are here, and nothing of an account outlives it."""

from __future__ import annotations

import pytest

from lanchat.core import caretaking
from lanchat.core.accounts import Then
from lanchat.core.errors import Refused
from lanchat.core.events import Told
from lanchat.core.modes import Change, Listed, Mode
from lanchat.core.names import fold
from lanchat.passwords import PasswordHash
from tests.fakes import Chat, Talker
from tests.logins import CHEAP, account, logins

WRITTEN = str(PasswordHash.of("battery staple", CHEAP))
FULL = Refused("not-saved", "The disk is full.")


@pytest.fixture
def chat() -> Chat:
    chat = Chat()
    chat.hub.logins = logins(chat.hub, plain=True)
    return chat


class Asker:
    """Whoever waits until it is done."""

    def __init__(self) -> None:
        self.answers: list[str] = []

    def __call__(self, refused: Refused | None) -> None:
        self.answers.append("" if refused is None else refused.code)


class Shelf:
    """A store that answers when it is told to."""

    def __init__(self) -> None:
        self.refused: Refused | None = None
        self.held: list[Then] | None = None

    def put(self, account: object, then: Then) -> None:
        del account
        if self.held is not None:
            self.held.append(then)
        else:
            then(self.refused)

    drop = put


def device(chat: Chat, name: str, password: str = "correct horse") -> Talker:
    """Let somebody log in and come in, and forget what they heard on the way."""
    talker = Talker(chat, name)
    talker.logs_in(password=password)
    talker.enters()
    talker.hears()
    return talker


def acts(chat: Chat) -> list[tuple[str, str, str]]:
    """What the audit log says that was done from outside, to whom."""
    return [(line.nick, line.act, line.whom) for line in chat.hub.audit.of("", 99) if line.act.startswith("admin")]


def refusal(call: object, *arguments: object) -> str:
    with pytest.raises(Refused) as refused:
        call(*arguments)  # type: ignore[operator]
    return f"{refused.value.code}: {refused.value.text}"


# -- admins --------------------------------------------------------------------------------------------------


def test_somebody_who_is_here_is_an_admin_at_once(chat: Chat) -> None:
    """And is told so; after `remove` they are none, at once too."""
    account(chat.hub, "alice")
    alice, told = device(chat, "alice"), Asker()
    caretaking.add(chat.hub, "ALICE", "", told)
    assert alice.member.admin
    assert "-- You are an admin of this server now." in alice.hears()
    assert refusal(caretaking.add, chat.hub, "alice", "", told) == "is-admin: alice is an admin of the server already."
    caretaking.remove(chat.hub, "alice", told)
    assert not alice.member.admin
    assert "-- You are no admin of this server any more." in alice.hears()
    assert refusal(caretaking.remove, chat.hub, "alice", told) == "not-admin: alice is no admin of the server."
    assert told.answers == ["", ""]
    assert acts(chat) == [("", "admin add", "alice"), ("", "admin remove", "alice")]


def test_somebody_who_is_not_here_is_one_when_they_come(chat: Chat) -> None:
    """Or is none any more."""
    one = account(chat.hub, "alice")
    told = Asker()
    caretaking.add(chat.hub, "alice", "", told)
    assert device(chat, "alice").member.admin
    one.admin = True
    chat.hub.people.members["alice"].admin = False  # who has resigned
    caretaking.remove(chat.hub, "alice", told)
    account(chat.hub, "bob", admin=True)
    caretaking.remove(chat.hub, "bob", told)
    assert not device(chat, "bob").member.admin


def test_who_has_no_account_gets_one(chat: Chat) -> None:
    """With the password whose hash it is; without one that is asked for first."""
    told = Asker()
    assert refusal(caretaking.add, chat.hub, "root", "", told) == "needs-password: root needs a password."
    caretaking.add(chat.hub, "root", WRITTEN, told)
    caretaking.create(chat.hub, "carol", WRITTEN, told)
    assert told.answers == ["", ""]
    assert device(chat, "root", "battery staple").member.admin
    assert not device(chat, "carol", "battery staple").member.admin
    assert acts(chat) == [("", "admin add", "root"), ("", "admin new", "carol")]


# -- new accounts --------------------------------------------------------------------------------------------


def test_a_guest_never_keeps_the_name_of_an_account(chat: Chat) -> None:
    """Nor one that looks like it; they are told why, and go on."""
    guest, near, bob = chat.talkers("alice", "caro1", "bob")
    caretaking.create(chat.hub, "alice", WRITTEN, Asker())
    caretaking.add(chat.hub, "carol", WRITTEN, Asker())
    assert (guest.member.nick, near.member.nick) == ("alice2", "caro12")
    assert any("alice is somebody's now" in line for line in guest.hears())
    assert not guest.member.admin
    bob.says("/msg alice2 hi")
    assert guest.hears()[-1] == "(private) <bob> hi"


def test_names_that_cannot_be(chat: Chat) -> None:
    """What is no nick, what is taken, and what looks like that."""
    account(chat.hub, "alice")
    told = Asker()
    create = caretaking.create
    assert refusal(create, chat.hub, "a b", WRITTEN, told).startswith("bad-nick: A name has no spaces.")
    assert refusal(create, chat.hub, "Alice", WRITTEN, told) == (
        "nick-registered: Alice has an account already. `lanchat admin reset Alice` helps it."
    )
    assert refusal(create, chat.hub, "a1ice", WRITTEN, told) == (
        "nick-registered: a1ice looks like alice, who has an account. Take another name."
    )
    assert told.answers == []


def test_an_account_that_cannot_be_saved_is_none(chat: Chat) -> None:
    """And nothing is written into the audit log."""
    chat.hub.accounts.store = shelf = Shelf()
    shelf.refused = FULL
    told = Asker()
    caretaking.create(chat.hub, "alice", WRITTEN, told)
    assert told.answers == ["not-saved"]
    assert chat.hub.accounts.find("alice") is None
    assert acts(chat) == []


# -- passwords -----------------------------------------------------------------------------------------------


def test_after_a_reset_only_the_new_password_leads_in(chat: Chat) -> None:
    """All devices are logged out, tokens and certificates are good for nothing; everything else stays."""
    one = account(chat.hub, "alice", admin=True)
    one.certificates = ["ab" * 32]
    one.ignores = {"bob": "bob"}
    token, _ = chat.hub.accounts.new_token(one, chat.hub.stamp(), "json")
    first, second, told = device(chat, "alice"), device(chat, "alice"), Asker()
    assert refusal(caretaking.reset, chat.hub, "alice", "", told) == "needs-password: alice needs a password."
    caretaking.reset(chat.hub, "alice", WRITTEN, told)
    for each in (first, second):
        assert each.hears()[-1] == (
            "-- Whoever runs this server has reset your password. Ask them for it, and log in again."
        )
        assert each.session.closing
    assert chat.hub.people.members == {}
    accounts = chat.hub.accounts
    assert (accounts.of_token(token), accounts.of_certificate("ab" * 32)) == (None, None)
    late = Talker(chat, "alice")
    late.logs_in()
    assert late.session.account is None
    again = device(chat, "alice", "battery staple")
    assert again.member.admin
    assert again.member.ignores == {"bob": "bob"}
    assert acts(chat) == [("", "admin reset", "alice")]


@pytest.mark.parametrize("how", ["reset", "delete"])
def test_who_was_on_the_way_in_is_not_in(chat: Chat, how: str) -> None:
    """They have proved what is not so any more."""
    account(chat.hub, "alice")
    slow = Talker(chat, "alice")
    slow.logs_in()
    if how == "reset":
        caretaking.reset(chat.hub, "alice", WRITTEN, Asker())
        assert refusal(slow.enters).startswith("nick-registered: ")
    else:
        caretaking.delete(chat.hub, "alice", Asker())
        slow.enters()
        assert slow.member.account is None


# -- the end of an account -----------------------------------------------------------------------------------


def test_nothing_is_left_for_who_takes_the_name_next(chat: Chat) -> None:
    """No rank, no exemption, no private word, and no way back into a locked room; what others have stays."""
    account(chat.hub, "alice")
    account(chat.hub, "bob")
    alice, bob = device(chat, "alice"), device(chat, "bob")
    alice.says("/join #dev")
    alice.says("/lock")
    alice.says("/op bob")
    room = chat.hub.rooms["#dev"]
    for mode, mask in ((Mode.EXEMPT, "account:alice"), (Mode.ALLOWED, "Alice!*@*"), (Mode.BAN, "account:alice")):
        room.modes.take(Change(mode, True, mask), "bob", chat.hub.stamp())
    bob.says("/msg alice the key is under the mat")
    told = Asker()
    caretaking.delete(chat.hub, "alice", told)
    assert told.answers == [""]
    assert alice.hears()[-1] == "-- Whoever runs this server has removed your account."
    assert alice.session.closing
    assert room.modes.kept_rank("alice") is None
    assert {mode: [*masks] for mode, masks in room.modes.lists.items() if masks} == {Mode.BAN: ["account:alice"]}
    assert not room.returning
    assert not [event for event in chat.hub.journal.kept if isinstance(event, Told)]  # type: ignore[attr-defined]
    new = Talker(chat, "alice")
    new.enters()
    new.says("/register another horse")
    new.hears()
    assert new.member.account is not None
    assert not new.member.admin
    new.says("/missed")
    assert "under the mat" not in "\n".join(new.hears())
    new.says("/join #dev")
    assert new.hears()[-1] == "-- You are banned from #dev. Only its ops can lift that."
    assert acts(chat) == [("", "admin delete", "alice")]


def test_a_room_that_was_an_accounts_alone_is_gone_with_it(chat: Chat) -> None:
    """Nothing was said there, and it is nobody's."""
    account(chat.hub, "alice")
    alice = device(chat, "alice")
    alice.says("/join #dev")
    alice.says("/part #dev")
    assert "#dev" in chat.hub.rooms
    caretaking.delete(chat.hub, "alice", Asker())
    assert "#dev" not in chat.hub.rooms


def test_an_account_that_cannot_be_dropped_is_there_still(chat: Chat) -> None:
    """With its password; who asked is told."""
    one = account(chat.hub, "alice")
    chat.hub.accounts.store = shelf = Shelf()
    shelf.refused = FULL
    told = Asker()
    caretaking.delete(chat.hub, "alice", told)
    assert told.answers == ["not-saved"]
    assert chat.hub.accounts.find("alice") is one
    assert acts(chat) == []


def test_a_name_that_is_somebody_elses_by_then_stays_theirs(chat: Chat) -> None:
    """Though the one before could not be dropped."""
    account(chat.hub, "alice")
    chat.hub.accounts.store = shelf = Shelf()
    shelf.held = held = []
    told = Asker()
    caretaking.delete(chat.hub, "alice", told)
    anew = account(chat.hub, "Alice")
    held[0](FULL)
    assert told.answers == ["not-saved"]
    assert chat.hub.accounts.find("alice") is anew


def test_private_words_that_cannot_be_forgotten_keep_the_account(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or whoever has the name next could read them."""
    one = account(chat.hub, "alice")
    chat.hub.private.note("@alice@bob")
    monkeypatch.setattr(chat.hub.journal, "forget_private", lambda places, then: then(FULL))
    told = Asker()
    caretaking.delete(chat.hub, "alice", told)
    assert told.answers == ["not-saved"]
    assert chat.hub.accounts.find("alice") is one
    assert chat.hub.private.forget("alice") == ["@alice@bob"]


def test_two_who_remove_the_same_account(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of them does, the other is told that it is gone; what is said meanwhile is forgotten too."""
    account(chat.hub, "alice")
    chat.hub.private.note("@alice@bob")
    waiting = []
    monkeypatch.setattr(chat.hub.journal, "forget_private", lambda places, then: waiting.append((places, then)))
    first, second = Asker(), Asker()
    caretaking.delete(chat.hub, "alice", first)
    chat.hub.private.note("@alice@cy")
    waiting.pop()[1](None)
    ((places, then),) = waiting
    assert (places, first.answers) == (["@alice@cy"], [])
    caretaking.delete(chat.hub, "alice", second)
    then(None)
    assert (first.answers, second.answers) == (["no-such-account"], [""])


@pytest.mark.parametrize("act", [caretaking.remove, caretaking.delete])
def test_an_account_that_there_is_not(chat: Chat, act: object) -> None:
    """The nearest name is told."""
    account(chat.hub, "alice")
    account(chat.hub, "bob")
    hint = "Did you mean alice?"
    assert refusal(act, chat.hub, "alcie", Asker()) == f"no-such-account: There is no account alcie. {hint}"
    assert refusal(act, chat.hub, "a1ice", Asker()) == f"no-such-account: There is no account a1ice. {hint}"
    assert refusal(act, chat.hub, "zoe", Asker()) == (
        "no-such-account: There is no account zoe. `lanchat admin list` shows all."
    )


# -- bans ----------------------------------------------------------------------------------------------------


def test_a_server_ban_is_lifted(chat: Chat) -> None:
    """By its mask, however it is written."""
    bans = chat.hub.server_bans
    for mask in ("Bob!*@*", "address:192.168.7.0/24", "account:cy"):
        bans.add(Listed(mask, "al", chat.hub.stamp()))
    assert caretaking.unban(chat.hub, "bob!*@*") == ["Bob!*@*"]
    assert caretaking.unban(chat.hub, "192.168.7.0/24") == ["address:192.168.7.0/24"]
    assert caretaking.unban(chat.hub, "cy") == ["account:cy"]
    assert not bans.listed()
    assert refusal(caretaking.unban, chat.hub, "bob!*@*") == (
        "not-listed: bob!*@* is not banned from the server. `lanchat admin bans` shows who is."
    )
    assert acts(chat)[0] == ("", "admin unban", "Bob!*@*")


def test_a_ban_and_a_mute_in_a_room_are_lifted(chat: Chat) -> None:
    """Those who are there hear it, and it is in the audit log as what the server did."""
    (al,) = chat.talkers("al", room="#dev")
    modes = chat.hub.rooms[fold("#dev")].modes
    for mode in (Mode.BAN, Mode.MUTE):
        modes.take(Change(mode, True, "bob!*@*"), "al", chat.hub.stamp())
    assert caretaking.unban(chat.hub, "bob!*@*", "dev") == ["bob!*@*", "bob!*@*"]
    assert modes.plain
    assert al.hears()
    done = chat.hub.audit.of("#dev", 2)
    assert [(line.nick, line.act, line.whom) for line in done] == [
        ("", "no ban", "bob!*@*"),
        ("", "no mute", "bob!*@*"),
    ]
    assert refusal(caretaking.unban, chat.hub, "bob!*@*", "#dev").startswith("not-listed: bob!*@* is neither banned")
    assert refusal(caretaking.unban, chat.hub, "bob!*@*", "#nowhere").startswith("no-such-room: There is no room #no")
