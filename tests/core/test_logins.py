"""People get an account, come in under it, and give it another password."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lanchat.core.accounts import Account
from lanchat.core.errors import Refused
from lanchat.core.logins import Logins
from lanchat.core.masks import ACCOUNT
from lanchat.core.modes import Listed
from lanchat.core.opaque import opaque
from lanchat.core.proving import Certificate, Credentials, Password, TokenOf, own_account
from tests.fakes import Chat, Talker
from tests.logins import account, logins

HORSE = "correct horse"
FULL = Refused("not-saved", "The disk is full. Try again later.")


@pytest.fixture
def chat() -> Chat:
    chat = Chat()
    chat.hub.logins = logins(chat.hub, plain=True)
    return chat


class Slow:
    """Hashes, or does not, when the test says so."""

    def __init__(self, chat: Chat, **options: bool) -> None:
        self.chat = chat
        self.asked: list[tuple[str, Callable[[str | Refused], None]]] = []
        chat.hub.logins = Logins(
            chat.hub.accounts,
            lambda shown, then: then(shown.name if isinstance(shown, Password) else "alice"),
            lambda password, then: self.asked.append((password, then)),
            plain=True,
            **options,
        )

    def hashes(self, written: str | Refused = "$hash$") -> None:
        self.asked.pop(0)[1](written)
        self.chat.turn()


def logs_in(talker: Talker, shown: Credentials) -> list[str]:
    """Log somebody in, and give what they are refused."""
    told: list[Refused | None] = []
    hub = talker.chat.hub
    hub.logins.login(hub, talker.session, shown, told.append)
    talker.chat.turn()
    return [refused.code for refused in told if refused is not None]


# -- an account --------------------------------------------------------------------------------------------


def test_a_nick_becomes_somebodys(chat: Chat) -> None:
    """They are told, are logged in, and nobody else has it any more."""
    log: list[str] = []
    chat.hub.logins.noted = log.append
    (alice,) = chat.talkers("alice")
    alice.says(f"/register {HORSE}")
    assert alice.hears() == ["-- You are logged in as alice."]
    assert log == ["alice is registered"]
    assert HORSE not in repr(chat.hub.accounts.find("alice"))
    alice.says("/quit")
    again = Talker(chat, "Alice")
    with pytest.raises(Refused, match=r"Alice is registered\. If that is you: /login alice PASSWORD\."):
        again.enters()
    assert logs_in(again, Password("ALICE", HORSE)) == []
    again.enters()
    assert again.member.nick == "alice"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("/register short", "-- A password has at least 8 characters. Take a longer one."),
        ("/register", "-- Type it like this: /register correct horse battery (/register PASSWORD)"),
    ],
)
def test_what_is_no_password_is_told(chat: Chat, typed: str, told: str) -> None:
    (alice,) = chat.talkers("alice")
    alice.says(typed)
    assert alice.hears() == [told]
    assert chat.hub.accounts.find("alice") is None


def test_who_is_logged_in_has_an_account(chat: Chat) -> None:
    (alice,) = chat.talkers("alice")
    alice.says(f"/register {HORSE}")
    alice.says(f"/register {HORSE}")
    alice.says(f"/login bob {HORSE}")
    assert alice.hears()[1:] == [
        "-- You are logged in as alice already. /passwd changes the password.",
        "-- You are logged in as alice already. /logout ends that.",
    ]


@pytest.mark.parametrize("options", [{"open_": False}, {"guests": False, "open_": False}])
def test_accounts_may_be_made_by_the_admin_alone(chat: Chat, options: dict[str, bool]) -> None:
    (alice,) = chat.talkers("alice")
    chat.hub.logins = logins(chat.hub, plain=True, **options)
    alice.says(f"/register {HORSE}")
    assert alice.hears() == ["-- Accounts are made by who runs this server. Ask them for one."]


def test_no_password_is_taken_where_others_can_read_it(chat: Chat) -> None:
    chat.hub.logins = logins(chat.hub)
    (alice,) = chat.talkers("alice")
    for line in (f"/register {HORSE}", f"/login alice {HORSE}"):
        alice.says(line)
        assert alice.hears() == ["-- Others could read the password on this connection. Use TLS."]


def test_one_address_makes_ten_accounts_an_hour(chat: Chat) -> None:
    """Else somebody could take every name there is."""
    for letter in "abcdefghijk":
        (one,) = chat.talkers(f"{letter}{letter}{letter}")
        one.says(f"/register {HORSE}")
        told = one.hears()
    assert told == ["-- At most 10 accounts an hour are made from one address. Wait."]
    assert len(chat.hub.accounts) == 10


def test_an_account_that_cannot_be_kept_is_none(chat: Chat) -> None:
    """Who asked is told why, and is a guest as before."""
    chat.hub.accounts.store.put = lambda account, then: then(FULL)  # type: ignore[method-assign]
    (alice,) = chat.talkers("alice")
    alice.says(f"/register {HORSE}")
    assert alice.hears() == [f"-- {FULL.text}"]
    assert alice.member.account is None


def test_while_a_password_is_hashed_things_may_happen(chat: Chat) -> None:
    """Somebody goes, is called otherwise, or another one was faster; and hashing may fail."""
    slow = Slow(chat)
    gone, renamed, slower, failed = chat.talkers("gone", "renamed", "slower", "failed")
    for each in (gone, renamed, slower, failed):
        each.says(f"/register {HORSE}")
    gone.says("/quit")
    gone.session.closing = True
    chat.hub.rename(renamed.session, "other")
    account(chat.hub, "slower")
    chat.turn()
    for each in (gone, renamed, slower, failed):
        each.hears()
    for _ in range(3):
        slow.hashes()
    slow.hashes(Refused("no-login", "Nobody can log in just now."))
    assert gone.hears() == []
    assert renamed.hears() == ["-- You are other by now. Type /register again if that is fine."]
    assert slower.hears() == ["-- slower is registered already, or looks like one that is."]
    assert failed.hears() == ["-- Nobody can log in just now."]
    assert [each.name for each in chat.hub.accounts.all()] == ["slower"]
    assert not chat.hub.logins._asked


def test_who_goes_while_their_account_is_kept_has_one(chat: Chat) -> None:
    """They asked for it, and know the password."""
    kept: list[Callable[[Refused | None], object]] = []
    chat.hub.accounts.store.put = lambda account, then: kept.append(then)  # type: ignore[method-assign]
    (alice,) = chat.talkers("alice")
    alice.says(f"/register {HORSE}")
    alice.says("/quit")
    alice.session.closing = True
    kept[0](None)
    assert chat.hub.accounts.find("alice") is not None
    assert not chat.hub.logins._asked


def test_too_many_at_once_come_again(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lanchat.core.proving.MOST_ASKED", 0)
    (alice,) = chat.talkers("alice")
    alice.says(f"/register {HORSE}")
    assert alice.hears() == ["-- Too many people log in just now. Try again in a minute."]


# -- the first admin ---------------------------------------------------------------------------------------


def registered(chat: Chat, nick: str, address: str) -> Account:
    talker = Talker(chat, nick)
    talker.session.address = address
    talker.enters()
    talker.says(f"/register {HORSE}")
    talker.hears()
    found = chat.hub.accounts.find(nick)
    assert found is not None
    return found


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", ""])
def test_the_first_one_from_this_machine_is_the_admin(chat: Chat, address: str) -> None:
    """The log says so; the next one is not, nor is anybody from elsewhere."""
    log: list[str] = []
    chat.hub.logins.noted = log.append
    assert chat.hub.logins.lacks_admin
    assert [registered(chat, nick, where).admin for nick, where in [("eve", "192.168.7.2"), ("ann", address)]] == [
        False,
        True,
    ]
    assert not chat.hub.logins.lacks_admin
    assert not registered(chat, "joe", address).admin
    assert log == ["eve is registered", "ann is registered, and the first admin", "joe is registered"]


def test_where_admins_are_named_nobody_becomes_one_so(chat: Chat) -> None:
    """A file of admins says who is."""
    chat.hub.logins = logins(chat.hub, founds=False)
    assert not chat.hub.logins.lacks_admin
    assert not registered(chat, "ann", "127.0.0.1").admin


def test_two_at_once_are_not_both_the_first(chat: Chat) -> None:
    slow = Slow(chat)
    people = [Talker(chat, nick) for nick in ("ann", "bob")]
    for each in people:
        each.session.address = "127.0.0.1"
        each.enters()
        each.says(f"/register {HORSE}")
    slow.hashes()
    slow.hashes()
    assert [each.admin for each in chat.hub.accounts.all()] == [True, False]
    assert [each.member.admin for each in people] == [True, False]


# -- coming in ---------------------------------------------------------------------------------------------


def test_a_guest_who_logs_in_is_called_so(chat: Chat) -> None:
    account(chat.hub, "alice")
    guest, bob = chat.talkers("guest", "bob")
    guest.says(f"/login alice {HORSE}")
    assert guest.hears() == ["-- You are alice now", "-- You are logged in as alice."]
    assert bob.hears()[0] == "-- guest is now alice"


def test_a_wrong_password_says_nothing_of_the_name(chat: Chat) -> None:
    account(chat.hub, "alice")
    (guest,) = chat.talkers("guest")
    for name in ("alice", "zoe"):
        guest.says(f"/login {name} wrong horse")
        assert guest.hears() == ["-- There is no such name, or another password."]


def test_who_is_banned_does_not_come_in_by_logging_in_later(chat: Chat) -> None:
    """A ban of an account holds for a guest who turns out to be it."""
    account(chat.hub, "alice")
    chat.hub.server_bans.add(Listed(f"{ACCOUNT}alice", "root", chat.hub.stamp()))
    (guest,) = chat.talkers("guest")
    assert logs_in(guest, Password("alice", HORSE)) == ["banned"]
    assert guest.session.account is None


def test_a_token_brings_somebody_back(chat: Chat) -> None:
    """Until they log out; with it they need no password."""
    account(chat.hub, "alice")
    first = Talker(chat, "")
    first.session.wants_token = True
    assert logs_in(first, Password("alice", HORSE)) == []
    first.enters()
    found = chat.hub.accounts.find("alice")
    assert found is not None
    assert list(found.tokens) == [first.session.token]
    token, key = chat.hub.accounts.new_token(found, chat.hub.stamp(), "json")
    second = Talker(chat, "")
    second.session.wants_token = True
    assert logs_in(second, TokenOf(token)) == []
    assert second.session.token == key
    second.enters()
    assert len(found.tokens) == 2
    second.says("/logout")
    assert logs_in(Talker(chat, ""), TokenOf(token)) == ["bad-token"]
    assert list(found.tokens) == [first.session.token]


def test_logging_out_everywhere_ends_all_devices(chat: Chat) -> None:
    found = account(chat.hub, "alice")
    devices = [Talker(chat, "") for _ in range(2)]
    for each in devices:
        each.session.wants_token = True
        logs_in(each, Password("alice", HORSE))
        each.enters()
        each.hears()
    devices[0].says("/logout some")
    assert devices[0].hears() == ["-- Type it like this: /logout, or /logout all"]
    devices[0].says("/logout all")
    assert [each.hears()[-1] for each in devices] == ["-- You are logged out."] * 2
    assert (found.tokens, [each.outlet.finished for each in devices]) == ({}, [1, 1])


def test_who_is_no_account_does_not_log_out(chat: Chat) -> None:
    (guest,) = chat.talkers("guest")
    guest.says("/logout")
    assert guest.hears() == ["-- You are not logged in. /login NICK PASSWORD does that."]


def test_a_certificate_brings_somebody_in(chat: Chat) -> None:
    """Where a name is given, it has to be that one's."""
    found = account(chat.hub, "alice")
    found.certificates = ["aa"]
    chat.hub.accounts.save(found)
    assert logs_in(Talker(chat, ""), Certificate("aa", "bob")) == ["bad-certificate"]
    assert logs_in(Talker(chat, ""), Certificate("bb")) == ["bad-certificate"]
    talker = Talker(chat, "")
    assert logs_in(talker, Certificate("aa", "Alice")) == []
    assert talker.session.account is found


# -- a private server --------------------------------------------------------------------------------------


def private(chat: Chat, *, plain: bool = True) -> None:
    chat.hub.logins = logins(
        chat.hub, plain=plain, welcomes=lambda given: given == "open sesame \N{LATIN SMALL LETTER U WITH DIAERESIS}"
    )


def test_a_private_server_wants_its_password_first(chat: Chat) -> None:
    private(chat)
    alice = Talker(chat, "alice")
    with pytest.raises(Refused, match=r"This server is private\. Give its password first: /password PASSWORD"):
        alice.enters()
    with pytest.raises(Refused, match=r"That is not the password of this server\. Ask who runs it\."):
        chat.hub.logins.admit(chat.hub, alice.session, "open barley")
    for _ in range(2):
        chat.hub.logins.admit(chat.hub, alice.session, "open sesame u\N{COMBINING DIAERESIS}")
    alice.enters()
    assert alice.member.nick == "alice"


def test_who_has_an_account_needs_no_other_password(chat: Chat) -> None:
    private(chat)
    account(chat.hub, "alice")
    alice = Talker(chat, "")
    assert logs_in(alice, Password("alice", HORSE)) == []
    alice.enters()


def test_the_password_of_the_server_is_guessed_as_seldom(chat: Chat) -> None:
    """And nobody gives it where others can read it; the log has who does not know it, and not what they tried."""
    private(chat)
    log: list[str] = []
    chat.hub.logins.noted = log.append
    alice = Talker(chat, "alice")
    for _ in range(5):
        with pytest.raises(Refused, match="not the password"):
            chat.hub.logins.admit(chat.hub, alice.session, "open barley")
    with pytest.raises(Refused, match=r"Too many passwords were tried\. Wait 60 seconds, and"):
        chat.hub.logins.admit(chat.hub, alice.session, "open sesame")
    assert set(log) == {"192.168.7.2 (test) does not know the server's password"}
    private(chat, plain=False)
    with pytest.raises(Refused, match="Use TLS"):
        chat.hub.logins.admit(chat.hub, alice.session, "open sesame")
    alice.session.address = ""
    for _ in range(9):
        with pytest.raises(Refused, match="not the password"):
            chat.hub.logins.admit(chat.hub, alice.session, "open barley")


def test_a_server_without_one_asks_for_none(chat: Chat) -> None:
    chat.hub.logins.admit(chat.hub, Talker(chat, "alice").session, "whatever")


def test_guests_may_be_left_out(chat: Chat) -> None:
    chat.hub.logins = logins(chat.hub, plain=True, guests=False)
    account(chat.hub, "alice")
    alice = Talker(chat, "guest")
    with pytest.raises(Refused, match=r"Only who has an account may come in here: /login NICK PASSWORD"):
        alice.enters()
    logs_in(alice, Password("alice", HORSE))
    alice.enters()
    assert alice.member.nick == "alice"


# -- another password --------------------------------------------------------------------------------------


def two_devices(chat: Chat) -> tuple[Talker, Talker]:
    account(chat.hub, "alice")
    found = Talker(chat, ""), Talker(chat, "")
    for each in found:
        each.session.wants_token = True
        logs_in(each, Password("alice", HORSE))
        each.enters()
        each.hears()
    return found


def test_another_password_ends_the_other_devices(chat: Chat) -> None:
    """Whoever had got hold of one is out; the old password is good for nothing."""
    here, there = two_devices(chat)
    here.says(f'/passwd "{HORSE}" battery staple')
    assert here.hears() == ["-- Your password is changed."]
    assert there.hears() == ["-- The password was changed. Log in again."]
    assert there.outlet.finished == 1
    found = chat.hub.accounts.find("alice")
    assert found is not None
    assert list(found.tokens) == [here.session.token]
    assert logs_in(Talker(chat, ""), Password("alice", HORSE)) == ["bad-password"]
    assert logs_in(Talker(chat, ""), Password("alice", "battery staple")) == []


def test_an_old_password_of_one_word_needs_no_quotes(chat: Chat) -> None:
    account(chat.hub, "bob", "horseradish")
    bob = Talker(chat, "")
    logs_in(bob, Password("bob", "horseradish"))
    bob.enters()
    bob.says("/passwd horseradish battery staple")
    assert bob.hears()[-1] == "-- Your password is changed."


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("/passwd wrong battery staple", "-- There is no such name, or another password."),
        ("/passwd wrong short", "-- A password has at least 8 characters. Take a longer one."),
    ],
)
def test_what_does_not_change_it(chat: Chat, typed: str, told: str) -> None:
    here, there = two_devices(chat)
    here.says(typed)
    assert (here.hears(), there.hears()) == ([told], [])


def test_a_guest_has_none_to_change(chat: Chat) -> None:
    (guest,) = chat.talkers("guest")
    guest.says("/passwd one twotwotwo")
    assert guest.hears() == ["-- You are not logged in. /login NICK PASSWORD does that."]


def test_who_asks_for_more_than_a_guest_has_is_told_so(chat: Chat) -> None:
    """By whichever door they ask."""
    (guest,) = chat.talkers("guest")
    told: list[Refused | None] = []
    chat.hub.logins.change_password(chat.hub, guest.session, HORSE, "battery staple", told.append)
    assert [refused.code for refused in told if refused] == ["no-account"]
    with pytest.raises(Refused, match="You are not logged in"):
        chat.hub.logins.logout(chat.hub, guest.session)
    with pytest.raises(Refused, match="You are not logged in"):
        own_account(guest.session)


def test_a_password_that_is_kept_elsewhere_is_changed_there(chat: Chat) -> None:
    here, _ = two_devices(chat)
    here.member.account.password = ""
    here.says("/passwd one twotwotwo")
    assert here.hears() == [
        "-- Your password is not kept on this server. Change it where you got it, or ask who runs the server."
    ]


def test_a_change_that_cannot_be_kept_is_none(chat: Chat) -> None:
    """The old password stays, and so do the other devices."""
    here, there = two_devices(chat)
    chat.hub.accounts.store.put = lambda account, then: then(FULL)  # type: ignore[method-assign]
    here.says(f'/passwd "{HORSE}" battery staple')
    told = "-- The new password could not be saved, so the old one stays. Try again later."
    assert (here.hears(), there.hears()) == ([told], [])
    assert len(here.member.account.tokens) == 2
    assert all(key in chat.hub.accounts._tokens for key in here.member.account.tokens)
    assert logs_in(Talker(chat, ""), Password("alice", HORSE)) == []


@pytest.mark.parametrize("how", ["/passwd", "/logout all", "/logout"])
def test_who_has_proved_an_account_and_waits_outside_has_to_do_it_again(chat: Chat, how: str) -> None:
    """Nobody keeps a password that was stolen good by logging in with it and coming in later."""
    here, _ = two_devices(chat)
    gone, outside = Talker(chat, ""), Talker(chat, "thief")
    for each in (gone, outside):
        logs_in(each, Password("alice", HORSE))
        gone.session.closing = True
    assert len(chat.hub.logins._coming) == 1
    here.says(f'/passwd "{HORSE}" battery staple' if how == "/passwd" else how)
    outside.enters()
    assert outside.member.nick == ("alice" if how == "/logout" else "thief")


def test_who_changes_the_password_and_is_gone_has_thrown_the_others_out(chat: Chat) -> None:
    """Even if the connection breaks while it is hashed."""
    here, there = two_devices(chat)
    kept: list[Callable[[str | Refused], None]] = []
    chat.hub.logins._hash = lambda password, then: kept.append(then)
    here.says(f'/passwd "{HORSE}" battery staple')
    here.says("/quit")
    here.session.closing = True
    assert there.session.present
    kept[0]("$new$")
    assert not there.session.present


def test_certificates_that_go_on_are_named(chat: Chat) -> None:
    here, _ = two_devices(chat)
    here.session.certificate = "ab" * 32
    here.says("/cert add")
    here.hears()
    here.says(f'/passwd "{HORSE}" battery staple')
    assert here.hears() == ["-- Your password is changed. Client certificates log you in as before: /cert lists them."]


@pytest.mark.parametrize("goes", [True, False])
def test_while_the_new_one_is_hashed_things_may_happen(chat: Chat, goes: bool) -> None:
    """Who goes has changed it all the same; where it cannot be hashed it stays."""
    slow = Slow(chat)
    account(chat.hub, "alice")
    alice = Talker(chat, "")
    logs_in(alice, Password("alice", HORSE))
    alice.enters()
    alice.hears()
    alice.says("/passwd old battery staple")
    if goes:
        alice.says("/quit")
        alice.session.closing = True
        alice.hears()
    assert slow.asked[0][0] == opaque("battery staple")
    slow.hashes("$new$" if goes else Refused("no-login", "Nobody can log in just now."))
    assert alice.hears() == ([] if goes else ["-- Nobody can log in just now."])
    found = chat.hub.accounts.find("alice")
    assert found is not None
    assert (found.password == "$new$") is goes
    assert not chat.hub.logins._asked


def test_changing_a_password_may_have_to_wait_too(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    here, _ = two_devices(chat)
    monkeypatch.setattr("lanchat.core.proving.MOST_ASKED", 1)
    here.says(f'/passwd "{HORSE}" battery staple')
    assert here.hears() == ["-- Too many people log in just now. Try again in a minute."]
