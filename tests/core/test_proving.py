"""Proving an account: a few wrong tries a minute, and nobody is refused for what others do."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lanchat.core import proving
from lanchat.core.accounts import Account
from lanchat.core.errors import Refused
from lanchat.core.proving import WRONG, Certificate, Credentials, Password, Proving, TokenOf, is_private
from tests.fakes import Chat, Talker

DAY = 86_400.0


class Desk:
    """Checks what it is shown when the test says so."""

    def __init__(self, chat: Chat, *, plain: bool = True) -> None:
        self.chat = chat
        self.asked: list[tuple[Credentials, Callable[[str | Refused], None]]] = []
        self.proving = Proving(chat.hub.accounts, lambda shown, then: self.asked.append((shown, then)), plain=plain)
        self.log: list[str] = []
        self.proving.noted = self.log.append

    def answers(self, proved: str | Refused = WRONG) -> None:
        """Answer the oldest question."""
        self.asked.pop(0)[1](proved)


class Person:
    """Somebody who tries to prove something."""

    def __init__(self, desk: Desk, address: str = "192.168.7.2") -> None:
        self.desk = desk
        self.session = Talker(desk.chat, "").session
        self.session.address = address
        self.session.hold, self.session.release = self._hold, self._release
        self.holds = 0
        self.told: list[str] = []

    def _hold(self) -> None:
        self.holds += 1

    def _release(self) -> None:
        self.holds -= 1

    def shows(self, credentials: Credentials) -> Person:
        self.desk.proving.prove(self.desk.chat.hub, self.session, credentials, self._told)
        return self

    def tries(self, name: str = "alice", password: str = "wrong horse") -> Person:
        return self.shows(Password(name, password))

    def _told(self, found: Account | Refused) -> None:
        self.told.append(found.code if isinstance(found, Refused) else found.name)


@pytest.fixture
def chat() -> Chat:
    chat = Chat()
    for name in ("alice", "bob"):
        chat.hub.accounts.add(Account(name=name, created=""), lambda refused: None)
    return chat


@pytest.fixture
def desk(chat: Chat) -> Desk:
    return Desk(chat)


# -- who is heard ------------------------------------------------------------------------------------------


def test_who_proves_an_account_is_told_whose_it_is(desk: Desk) -> None:
    """Until then nothing more is heard from the session; the log has who and how, and no password."""
    alice = Person(desk).tries(password="correct horse")
    assert (alice.holds, alice.told) == (1, [])
    desk.answers("alice")
    assert (alice.holds, alice.told) == (0, ["alice"])
    assert desk.log == ["192.168.7.2 (test) is logged in as alice"]
    assert not desk.proving._asked


@pytest.mark.parametrize(
    ("shown", "code"),
    [
        (Password("alice", "x"), "bad-password"),
        (TokenOf("x"), "bad-token"),
        (Certificate("aa"), "bad-certificate"),
    ],
)
def test_each_kind_is_refused_in_its_own_words(desk: Desk, shown: Credentials, code: str) -> None:
    mallory = Person(desk).shows(shown)
    desk.answers()
    assert mallory.told == [code]
    assert desk.log == [f"192.168.7.2 (test) is refused: {code}"]


@pytest.mark.parametrize(
    ("shown", "code"),
    [
        (Password("", "correct horse"), "bad-password"),
        (Password("alice", ""), "bad-password"),
        (Password("a" * 257, "correct horse"), "bad-password"),
        (Password("ali\x00ce", "correct horse"), "bad-password"),
        (Password("alice", "correct\x00horse"), "bad-password"),
        (Password("alice", "\ud800"), "bad-password"),
        (Password("alice", "x" * 1_025), "bad-password"),
        (TokenOf("x" * 257), "bad-token"),
        (TokenOf("\ud800"), "bad-token"),
        (Certificate(""), "bad-certificate"),
        (Certificate("aa", "a" * 257), "bad-certificate"),
    ],
)
def test_what_nobody_has_is_not_even_checked(desk: Desk, shown: Credentials, code: str) -> None:
    """Whoever checks it should not have to wonder at it."""
    mallory = Person(desk).shows(shown)
    assert (mallory.told, mallory.holds, desk.asked) == ([code], 0, [])


def test_a_password_is_checked_in_one_form(desk: Desk) -> None:
    """Whatever machine it was typed on."""
    Person(desk).tries(password="Zu\N{COMBINING DIAERESIS}rich")
    assert desk.asked[0][0] == Password("alice", "Z\N{LATIN SMALL LETTER U WITH DIAERESIS}rich")


def test_without_accounts_nobody_proves_any(chat: Chat) -> None:
    desk = Desk(chat)
    desk.proving = Proving(chat.hub.accounts, None, plain=True)
    assert Person(desk).tries().told == ["no-accounts"]
    assert not desk.proving.there


@pytest.mark.parametrize(
    ("address", "door", "private"),
    [
        ("192.168.7.2", "text", False),
        ("192.168.7.2", "text+tls", True),
        ("127.0.0.1", "text", True),
        ("::1", "json", True),
        ("::ffff:127.0.0.1", "json", True),
        ("", "irc", True),
        ("0.0.0.0", "irc", False),
        ("fe80::1%eth0", "irc", False),
    ],
)
def test_nothing_is_proved_where_others_can_read(chat: Chat, address: str, door: str, private: bool) -> None:
    """Over TLS, or from this machine, nobody can."""
    person = Person(Desk(chat, plain=False), address)
    person.session.door = door
    person.tries()
    assert is_private(person.session) is private
    assert person.told == ([] if private else ["not-secure"])


def test_an_account_that_was_removed_meanwhile_is_nobodys(desk: Desk) -> None:
    alice = Person(desk).tries()
    desk.answers("zoe")
    assert alice.told == ["bad-password"]


# -- how often ---------------------------------------------------------------------------------------------


def test_the_sixth_wrong_one_of_an_address_has_to_wait(desk: Desk) -> None:
    """Whoever's password it is; right ones do not count."""
    for number in range(5):
        Person(desk).tries("alice")
        desk.answers("alice")
        Person(desk).tries(f"name{number}")
        desk.answers()
    refused = Person(desk).tries("bob")
    assert refused.told == ["too-many-tries"]
    elsewhere = Person(desk, "192.168.7.3").tries("bob")
    desk.answers("bob")
    assert elsewhere.told == ["bob"]
    desk.chat.seconds += 60.0
    assert Person(desk).tries("bob").told == []


def test_an_attacker_with_many_connections_has_five_tries_a_minute_at_an_account(desk: Desk) -> None:
    """From however many addresses, and all at once."""
    crowd = [Person(desk, f"10.0.{number // 8}.{number % 8}").tries() for number in range(64)]
    checked = 0
    while desk.asked:
        checked += 1
        desk.answers()
    assert checked == 5
    assert sorted(told for person in crowd for told in person.told) == ["bad-password"] * 5 + ["too-many-tries"] * 59
    assert all(person.holds == 0 for person in crowd)
    bob = Person(desk, "10.0.0.1").tries("bob")
    desk.answers("bob")
    assert bob.told == ["bob"]


def test_nobody_keeps_somebody_out_who_was_there_before(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries at an account are counted apart for each address from which it was proved, of which so many are known."""
    monkeypatch.setattr(proving, "_KNOWN", 2)

    def logs_in(address: str) -> list[str]:
        found = Person(desk, address).tries("Alice")
        if desk.asked:
            desk.answers("alice")
        return found.told

    for address in ("192.168.7.2", "::1", "192.168.7.2", "192.168.7.3"):
        assert logs_in(address) == ["alice"]
    for _ in range(6):
        Person(desk, "10.0.0.1").tries()
    while desk.asked:
        desk.answers()
    assert logs_in("192.168.7.2") == logs_in("192.168.7.3") == ["alice"]
    assert logs_in("::1") == logs_in("10.0.0.2") == ["too-many-tries"]
    for _ in range(5):
        Person(desk).tries()
        desk.answers()
    assert logs_in("192.168.7.2") == ["too-many-tries"]


def test_a_class_that_logs_in_at_once_from_one_address_is_let_in(desk: Desk) -> None:
    """Those who come while five are checked wait for them, and are not refused for what they might have been."""
    crowd = [Person(desk).tries("alice" if number % 2 else "bob") for number in range(40)]
    assert len(desk.asked) == 5
    while desk.asked:
        desk.answers("alice")
    assert [person.told for person in crowd] == [["alice"]] * 40
    assert not desk.proving._waiting


def test_from_this_machine_only_the_account_counts(desk: Desk) -> None:
    """A bouncer or a proxy there speaks for many."""
    for number in range(8):
        Person(desk, "127.0.0.1").tries(f"name{number}")
        desk.answers()
    for _ in range(5):
        Person(desk, "127.0.0.1").tries("alice")
        desk.answers()
    assert Person(desk, "127.0.0.1").tries("alice").told == ["too-many-tries"]


def test_tokens_are_tried_as_seldom_and_keep_nobody_from_the_password(desk: Desk) -> None:
    """A client comes with the token that it has, again and again, while its person looks for the password."""
    for _ in range(5):
        Person(desk).shows(TokenOf("gone"))
        desk.answers()
    assert Person(desk).shows(TokenOf("gone")).told == ["too-many-tries"]
    alice = Person(desk).tries()
    desk.answers("alice")
    assert alice.told == ["alice"]


def test_certificates_are_not_counted(desk: Desk) -> None:
    """Nobody guesses one, and a client shows it unasked."""
    for _ in range(9):
        person = Person(desk).shows(Certificate("aa"))
        desk.answers()
        assert person.told == ["bad-certificate"]


# -- how many ----------------------------------------------------------------------------------------------


def test_too_many_at_once_are_told_to_come_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else who comes last would wait for minutes; nothing is held for them."""
    monkeypatch.setattr(proving, "MOST_ASKED", 3)
    crowd = [Person(desk, f"10.0.0.{number}").tries(f"name{number}") for number in range(5)]
    assert [person.told for person in crowd] == [[], [], [], ["busy"], ["busy"]]
    assert [person.holds for person in crowd] == [1, 1, 1, 0, 0]
    desk.answers()
    again = Person(desk, "10.0.0.9").tries()
    assert again.holds == 1


def test_one_address_takes_no_more_than_its_share(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else whoever has an account could keep all others from logging in."""
    monkeypatch.setattr(proving, "_MOST_EACH", 2)
    assert [Person(desk).tries().told for _ in range(3)] == [[], [], ["busy"]]
    assert Person(desk, "10.0.0.1").tries("bob").told == []


def test_who_goes_while_a_password_is_checked_leaves_nothing(desk: Desk) -> None:
    """Nobody is told, nothing is counted as under way, and who waited goes on."""
    crowd = [Person(desk).tries() for _ in range(8)]
    for person in crowd[:7]:
        person.session.closing = True
    while desk.asked:
        desk.answers("alice")
    assert [person.told for person in crowd] == [[]] * 7 + [["alice"]]
    assert [person.holds for person in crowd] == [0] * 8
    assert not desk.proving._asked
    assert not desk.proving._under_way
    assert not desk.proving._waiting


def test_who_has_gone_is_not_checked(desk: Desk) -> None:
    """A crowd that drops while it waits costs no work."""
    crowd = [Person(desk).tries() for _ in range(30)]
    for person in crowd:
        person.session.closing = True
    for _ in range(5):
        desk.answers("alice")
    assert desk.asked == []
    assert len(desk.log) == 5


# -- tokens ------------------------------------------------------------------------------------------------


def test_a_token_that_was_not_used_for_a_quarter_is_good_for_nothing(chat: Chat, desk: Desk) -> None:
    """So are the other old ones of that account: they are forgotten."""
    alice = chat.hub.accounts.find("alice")
    assert alice is not None
    old, _ = chat.hub.accounts.new_token(alice, chat.hub.stamp_at(chat.seconds - 91 * DAY), "json")
    new, key = chat.hub.accounts.new_token(alice, chat.hub.stamp_at(chat.seconds - 89 * DAY), "json")
    Person(desk).shows(TokenOf(new))
    assert list(alice.tokens) == [key]
    assert chat.hub.accounts.of_token(old) is None


def test_the_day_on_which_a_token_is_used_is_noted_once(chat: Chat, desk: Desk) -> None:
    """Whoever comes back every minute writes nothing."""
    alice = chat.hub.accounts.find("alice")
    assert alice is not None
    token, key = chat.hub.accounts.new_token(alice, chat.hub.stamp(), "json")
    saved: list[str] = []
    store = chat.hub.accounts.store
    store.put = lambda account, then: saved.append(account.tokens[key].used)  # type: ignore[method-assign]
    for _ in range(49):
        chat.seconds += 3_600.0
        Person(desk).shows(TokenOf(token))
    assert [alice.tokens[key].used] == saved


def test_what_cannot_be_checked_is_said_as_it_is(chat: Chat) -> None:
    """And counts as a try: nobody knows whether it was right."""
    desk = Desk(chat)
    alice = Person(desk).tries()
    desk.answers(Refused("no-login", "Nobody can log in just now."))
    assert alice.told == ["no-login"]
    assert alice.holds == 0
