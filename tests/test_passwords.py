"""Passwords are written down so that nobody can read them, and checked where nobody has to wait."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.logger import LogEvent

from lanchat.passwords import PasswordHash, Passwords

# RFC 7914, section 12: scrypt("pleaseletmein", "SodiumChloride", N=16384, r=8, p=1), its first 32 bytes.
RFC = "$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofI"


def test_it_is_scrypt() -> None:
    """The RFC's own example is recognised."""
    assert PasswordHash.read(RFC).matches("pleaseletmein")


@pytest.mark.parametrize("password", ["pleaseletmein", "p\N{LATIN SMALL LETTER A WITH DIAERESIS}sswort"])
def test_what_is_hashed_matches_itself_alone(password: str) -> None:
    """The right password, and no other, also after it was written down and read again."""
    known = PasswordHash.of(password, ln=4)
    again = PasswordHash.read(str(known))
    assert again == known
    assert again.matches(password)
    assert not again.matches(password + " ")


def test_the_same_password_is_never_written_the_same() -> None:
    """Each has a salt of its own, and new ones cost what they should."""
    one, other = PasswordHash.of("secret words", ln=4), PasswordHash.of("secret words", ln=4)
    assert one != other
    assert str(PasswordHash.of("secret words")).startswith("$scrypt$ln=14,r=8,p=5$")


@pytest.mark.parametrize(
    "written",
    [
        "",
        "secret",
        RFC[:-30],
        RFC + "=",
        RFC.replace("scrypt", "bcrypt"),
        RFC.replace("ln=14", "ln=0"),
        RFC.replace("r=8", "r=0"),
        RFC.replace("p=1", "p=0"),
        RFC.replace("ln=14", "ln=20"),
        RFC.replace("ln=14", "ln=99"),
    ],
)
def test_what_is_no_hash_is_refused(written: str) -> None:
    """So is one that takes more memory than a server gives to a password."""
    with pytest.raises(ValueError):
        PasswordHash.read(written)


@given(st.text(max_size=120))
def test_whatever_is_read_is_a_hash_or_an_error(text: str) -> None:
    """Nothing in a file is a traceback."""
    with pytest.raises(ValueError):
        PasswordHash.read(text)


class Hand:
    """A thread that is moved by hand."""

    def __init__(self) -> None:
        self.jobs: list[tuple[Callable[[], bool], Callable[[bool | Exception], object]]] = []

    def do(self, job: Callable[[], bool], then: Callable[[bool | Exception], object]) -> None:
        self.jobs.append((job, then))

    def work(self) -> None:
        job, then = self.jobs.pop(0)
        then(job())


def test_as_many_are_checked_at_a_time_as_there_are_threads() -> None:
    """They take turns, and everybody gets the answer to their own question."""
    hands = [Hand(), Hand()]
    checks = Passwords([hand.do for hand in hands])
    known = PasswordHash.of("right words", ln=4)
    told: list[tuple[int, bool]] = []
    for number, password in enumerate(["right words", "wrong words", "right words"]):
        checks.check(known, password, lambda right, number=number: told.append((number, right)))
    assert [len(hand.jobs) for hand in hands] == [2, 1]
    assert told == []
    hands[1].work()
    hands[0].work()
    hands[0].work()
    assert told == [(1, False), (0, True), (2, True)]


def test_a_check_that_fails_lets_nobody_in(logged: list[LogEvent]) -> None:
    """Somebody is told no, and the log has why."""
    told: list[bool] = []
    checks = Passwords([lambda job, then: then(MemoryError("no more"))])
    checks.check(PasswordHash.of("right words", ln=4), "right words", told.append)
    assert told == [False]
    assert [str(event["log_failure"].value) for event in logged if "log_failure" in event] == ["no more"]


@pytest.mark.parametrize(("ln", "added"), [(4, 0), (3, 2), (1, 4), (6, 0)])
def test_a_wrong_one_is_as_much_work_as_another(ln: int, added: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many of its parallel rounds are added as come near it; a right one is told at once."""
    checks = Passwords([lambda job, then: then(job())])
    known, like = PasswordHash.of("right words", ln), PasswordHash.nobody(4)
    work: list[int] = []
    derive = PasswordHash.derive
    monkeypatch.setattr(
        PasswordHash, "derive", lambda self, password: (work.append(self.p), derive(self, password))[1]
    )
    told: list[bool] = []
    checks.check(known, "wrong words", told.append, like=like)
    assert (told, work) == ([False], [5, added] if added else [5])
    checks.check(known, "right words", told.append, like=like)
    assert (told, work[-1]) == ([False, True], 5)
