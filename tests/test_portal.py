"""Logging in by twisted.cred: whoever is asked, what a wrong try learns is nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from twisted.cred.checkers import FilePasswordDB, InMemoryUsernamePasswordDatabaseDontUse
from twisted.cred.credentials import IUsernamePassword
from twisted.cred.error import UnauthorizedLogin
from twisted.internet.defer import Deferred
from twisted.logger import LogEvent, formatEvent

from lanchat.core.errors import Refused
from lanchat.core.hub import Hub
from lanchat.core.proving import Certificate, Credentials, Password, TokenOf
from lanchat.passwords import PasswordHash, Passwords
from lanchat.portal import AccountChecker, IAccountName, OutsideChecker, Realm, check_by, hash_by, portal_of
from tests.fakes import Chat
from tests.logins import CHEAP, account, at_once

HORSE = "correct horse"


class Server:
    """The portal of a hub; ``others`` are asked besides ours, or instead."""

    def __init__(self, *others: Any, ours: bool = True, cost: int = CHEAP, run: Any = at_once) -> None:
        self.hub: Hub = Chat().hub
        self.passwords = Passwords([run])
        mine = [AccountChecker(self.hub.accounts, self.passwords, cost)] if ours else []
        realm = Realm(self.hub.accounts, self.hub.limits.nick, self.hub.stamp)
        outside = [OutsideChecker(each, run) for each in others]
        self.check = check_by(portal_of(realm, self.hub.accounts, [*mine, *outside]))

    def proves(self, shown: Credentials) -> str:
        """Give whose account it is, or the code of what is refused."""
        told: list[str | Refused] = []
        self.check(shown, told.append)
        (found,) = told
        return f"({found.code})" if isinstance(found, Refused) else found


def memory(**users: bytes) -> Any:
    return InMemoryUsernamePasswordDatabaseDontUse(**users)


# -- our own -----------------------------------------------------------------------------------------------


def test_a_password_proves_the_account_of_its_name() -> None:
    server = Server()
    account(server.hub, "Alice", HORSE)
    assert server.proves(Password("aLICE", HORSE)) == "Alice"
    for name, password in (("alice", "wrong"), ("zoe", HORSE), ("alice", ""), ("\u0131", "\U0001f40e")):
        assert server.proves(Password(name, password)) == "(bad-password)"


def test_tokens_and_certificates_prove_it_too() -> None:
    """Whoever is asked for passwords."""
    server = Server(memory(bob=b"secret"), ours=False)
    alice = account(server.hub, "alice", HORSE)
    token, _ = server.hub.accounts.new_token(alice, server.hub.stamp(), "json")
    alice.certificates = ["aa"]
    server.hub.accounts.save(alice)
    assert [server.proves(shown) for shown in (TokenOf(token), Certificate("aa"), Certificate("aa", "ALICE"))] == [
        "alice"
    ] * 3
    wrong = TokenOf("x"), Certificate("bb"), Certificate("aa", "bob"), Password("alice", HORSE)
    assert [server.proves(shown) for shown in wrong] == ["(bad-password)"] * 4


@pytest.mark.parametrize(
    ("name", "others"),
    [
        ("alice", ()),  # there is one, with another password
        ("zoe", ()),  # there is none
        ("bob", ()),  # there is one that has no password here
        ("old", ()),  # there is one whose password was written down when that cost less
        ("carol", (memory(carol=b"secret"),)),  # only another checker knows the name
        ("zoe", (memory(carol=b"secret"),)),
    ],
)
def test_a_wrong_password_is_the_same_work_whosever_it_is(
    name: str, others: tuple[Any, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """So how long it takes tells nothing of the name: as many rounds over as many bytes."""
    server = Server(*others, cost=4)
    work: list[int] = []
    for known, written in (("alice", PasswordHash.of(HORSE, 4)), ("bob", ""), ("old", PasswordHash.of(HORSE, 2))):
        account(server.hub, known).password = str(written)
    derive = PasswordHash.derive

    def derived(self: PasswordHash, password: str) -> bytes:
        work.append(self.cost)
        return derive(self, password)

    monkeypatch.setattr(PasswordHash, "derive", derived)
    assert server.proves(Password(name, "wrong horse")) == "(bad-password)"
    full = PasswordHash.nobody(4).cost
    assert abs(sum(work) - full) <= full / 4  # one of five parallel rounds is the least that can be added
    assert len(work) == (2 if name == "old" else 1)


def test_a_right_password_is_no_more_work_than_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server(memory(alice=b"secret"))
    account(server.hub, "alice", HORSE)
    monkeypatch.setattr(PasswordHash, "go_on", lambda *_: pytest.fail("nobody is misled by that"))
    assert server.proves(Password("alice", HORSE)) == "alice"


def test_one_at_a_cost_that_has_fallen_is_checked_as_it_is() -> None:
    server = Server(cost=1)
    alice = account(server.hub, "alice")
    alice.password = before = str(PasswordHash.of(HORSE, 3))
    assert server.proves(Password("alice", "wrong horse")) == "(bad-password)"
    assert server.proves(Password("alice", HORSE)) == "alice"
    assert alice.password == before


@pytest.mark.parametrize("how", ["removed", "replaced", "changed"])
def test_a_password_that_was_changed_while_it_was_checked_proves_nothing(how: str) -> None:
    """Whoever changed it, or took the account away, did so to keep somebody out."""
    hand = Hand()
    server = Server(run=hand.do)
    alice = account(server.hub, "alice", HORSE)
    told: list[Any] = []
    server.check(Password("alice", HORSE), told.append)
    if how == "changed":
        alice.password = str(PasswordHash.of("battery staple", CHEAP))
        server.hub.accounts.save(alice)
    else:
        server.hub.accounts.remove(alice, lambda refused: None)
    if how == "replaced":
        account(server.hub, "alice", HORSE)
    hand.work()
    assert [found.code for found in told] == ["bad-password"]


# -- a cost that has risen ---------------------------------------------------------------------------------


class Hand:
    """A thread that is moved by hand."""

    def __init__(self) -> None:
        self.jobs: list[tuple[Any, Any]] = []

    def do(self, job: Any, then: Any) -> None:
        self.jobs.append((job, then))

    def work(self) -> None:
        job, then = self.jobs.pop(0)
        at_once(job, then)


def test_a_password_is_written_anew_when_the_cost_has_risen() -> None:
    """When it is given, for only then it is known; nobody has to wait for that, and it is still good."""
    hand = Hand()
    server = Server(cost=3, run=hand.do)
    alice = account(server.hub, "alice")
    alice.password = str(PasswordHash.of(HORSE, 2))
    told: list[str | Refused] = []
    server.check(Password("alice", HORSE), told.append)
    hand.work()
    assert (told, len(hand.jobs)) == (["alice"], 1)
    hand.work()
    assert alice.password.startswith("$scrypt$ln=3,")
    server.check(Password("alice", HORSE), told.append)
    hand.work()
    assert (told, hand.jobs) == (["alice", "alice"], [])


@pytest.mark.parametrize("why", ["changed", "failed"])
def test_one_that_was_changed_meanwhile_stays(why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old one must not come back; nor is it lost when there is no memory to hash it."""
    hand = Hand()
    server = Server(cost=3, run=hand.do)
    alice = account(server.hub, "alice")
    alice.password = before = str(PasswordHash.of(HORSE, 2))
    server.check(Password("alice", HORSE), lambda found: None)
    hand.work()
    if why == "changed":
        alice.password = before = str(PasswordHash.of("battery staple", 3))
    else:
        hand.jobs[0][1](MemoryError())
        hand.jobs.clear()
    while hand.jobs:
        hand.work()
    assert alice.password == before


# -- others ------------------------------------------------------------------------------------------------


def test_whom_another_one_knows_has_an_account_from_the_first_login_on() -> None:
    """It has no password here; the same name in other letters is the same one."""
    server = Server(memory(bob=b"secret"))
    assert server.proves(Password("bob", "wrong")) == "(bad-password)"
    assert len(server.hub.accounts) == 0
    for _ in range(2):
        assert server.proves(Password("bob", "secret")) == "bob"
    (bob,) = server.hub.accounts.all()
    assert (bob.name, bob.password, bob.admin) == ("bob", "", False)
    assert bob.created == server.hub.stamp()


def test_nobody_gets_an_account_that_is_somebody_elses_by_having_the_name_elsewhere() -> None:
    """Nor the other way round: who was here first keeps it, and the other one is told so."""
    server = Server(memory(alice=b"secret"))
    account(server.hub, "alice", HORSE)
    assert server.proves(Password("alice", "secret")) == "(nick-registered)"
    assert server.proves(Password("alice", HORSE)) == "alice"


def test_names_that_are_the_same_here_only_are_told_apart() -> None:
    """Another one may know letters of full width as another name."""
    wide = "\uff42\uff4f\uff42"

    class Wide:
        credentialInterfaces = (IUsernamePassword,)

        def requestAvatarId(self, credentials: Any) -> bytes:
            return bytes(credentials.username)

    server = Server(Wide())
    assert server.proves(Password("bob", "x")) == "bob"
    assert server.proves(Password("BOB", "x")) == "bob"
    assert server.proves(Password(wide, "x")) == "(nick-registered)"


@pytest.mark.parametrize(
    ("name", "code"), [("two words", "(bad-nick)"), ("server", "(bad-nick)"), ("a1ice", "(nick-registered)")]
)
def test_a_name_that_cannot_be_a_nick_is_told_so(name: str, code: str) -> None:
    """Its owner did give the right password."""
    checker = memory()
    checker.addUser(name.encode(), b"secret")
    server = Server(checker)
    account(server.hub, "alice")
    assert server.proves(Password(name, "secret")) == code


def test_files_are_read_where_nobody_waits_for_it(tmp_path: Path) -> None:
    """Twisted reads the whole file each time."""
    users = tmp_path / "users"
    users.write_text("bob:secret\n")
    hand = Hand()
    server = Server(FilePasswordDB(str(users)), ours=False, run=hand.do)
    told: list[Any] = []
    for password in ("secret", "wrong"):
        server.check(Password("bob", password), told.append)
        assert len(hand.jobs) == 1
        hand.work()
    assert told[0] == "bob"
    assert told[1].code == "bad-password"


def test_a_checker_may_take_its_time() -> None:
    """A directory somewhere on the network."""

    class Patient:
        credentialInterfaces = (IUsernamePassword,)
        answer: Deferred[bytes]

        def requestAvatarId(self, credentials: Any) -> Deferred[bytes]:
            self.answer = Deferred()
            return self.answer

    checker = Patient()
    server = Server(checker, ours=False)
    told: list[Any] = []
    server.check(Password("bob", "secret"), told.append)
    assert told == []
    checker.answer.callback(b"bob")
    assert told == ["bob"]


def test_what_goes_wrong_lets_nobody_in(logged: list[LogEvent]) -> None:
    """It is told as such, and logged, without the password."""

    class Broken:
        credentialInterfaces = (IUsernamePassword,)

        def requestAvatarId(self, credentials: Any) -> Any:
            raise OSError("no such directory")

    assert Server(Broken()).proves(Password("alice", "secret words")) == "(no-login)"
    (event,) = [event for event in logged if "log_failure" in event]
    assert formatEvent(event) == "A login failed"
    assert "secret words" not in event["log_failure"].getTraceback()


def test_what_goes_wrong_afterwards_is_logged(logged: list[LogEvent]) -> None:
    """The next login is not held up by that."""
    server = Server()
    account(server.hub, "alice", HORSE)

    def fail(found: object) -> None:
        raise ZeroDivisionError

    server.check(Password("alice", HORSE), fail)
    assert [formatEvent(event) for event in logged] == ["What came after a login failed"]
    assert server.proves(Password("alice", HORSE)) == "alice"


def test_a_realm_gives_nothing_but_names() -> None:
    realm = Realm(Chat().hub.accounts, 32, str)
    with pytest.raises(NotImplementedError):
        realm.requestAvatar(b"alice", None, IUsernamePassword)
    with pytest.raises(UnauthorizedLogin):
        realm.requestAvatar(b"alice", None, IAccountName)


# -- new ones ----------------------------------------------------------------------------------------------


def test_a_password_is_hashed_for_the_core() -> None:
    """Or it is told that it cannot be just now."""
    told: list[Any] = []
    hash_by(Passwords([at_once]), CHEAP)(HORSE, told.append)
    assert PasswordHash.read(told[0]).matches(HORSE)
    hash_by(Passwords([lambda job, then: then(MemoryError())]), CHEAP)(HORSE, told.append)
    assert told[1].code == "no-login"
