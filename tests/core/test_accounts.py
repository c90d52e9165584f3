"""Accounts are found by all that proves them, and kept when they change."""

from __future__ import annotations

import pytest

from lanchat.core import accounts as module
from lanchat.core.accounts import TOKENS, Account, Accounts, Then, key_of
from lanchat.core.errors import Refused

FULL = Refused("not-saved", "The disk is full. Try again later.")


class Store:
    """Keeps names, or refuses to."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.refused: Refused | None = None

    def put(self, account: Account, then: Then) -> None:
        self.done.append(f"put {account.name}")
        then(self.refused)

    def drop(self, account: Account, then: Then) -> None:
        self.done.append(f"drop {account.name}")
        then(self.refused)


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def accounts(store: Store) -> Accounts:
    found = Accounts()
    found.store = store
    return found


def made(accounts: Accounts, name: str, **fields: object) -> Account:
    account = Account(name=name, created="2026-11-21T12:00:00.000Z", **fields)  # type: ignore[arg-type]
    accounts.add(account, lambda refused: None)
    return account


def test_a_name_is_found_in_any_letters_and_by_its_looks(accounts: Accounts) -> None:
    alice = made(accounts, "Alice")
    assert accounts.find("aLICE") is alice
    assert accounts.alike("A1ice") is alice
    assert accounts.find("bob") is accounts.alike("bob") is None
    assert len(accounts) == 1


def test_all_are_listed_by_name(accounts: Accounts) -> None:
    for name in ("carol", "Bob", "alice"):
        made(accounts, name)
    assert [account.name for account in accounts.all()] == ["alice", "Bob", "carol"]


@pytest.mark.parametrize("name", ["Alice", "A1ice"])
def test_no_two_have_one_name(accounts: Accounts, name: str) -> None:
    """Nor names that look alike."""
    made(accounts, "Alice")
    with pytest.raises(Refused, match=f"{name} is registered already, or looks like one that is."):
        made(accounts, name)


def test_there_is_an_end_to_them(accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 1)
    made(accounts, "alice")
    with pytest.raises(Refused, match=r"This server has 1 accounts already\. Ask its admin\."):
        made(accounts, "bob")


def test_one_that_cannot_be_kept_was_never_there(accounts: Accounts, store: Store) -> None:
    """Who was told so may try again."""
    store.refused = FULL
    told: list[Refused | None] = []
    accounts.add(Account(name="alice", created=""), told.append)
    assert told == [FULL]
    assert accounts.find("alice") is None


def test_what_is_saved_is_found_by_what_it_has_now(accounts: Accounts, store: Store) -> None:
    """A certificate that was taken away proves nothing any more; a name in other letters is the same name."""
    alice = made(accounts, "alice", certificates=["aa", "bb"])
    alice.certificates = ["bb", "cc"]
    alice.name = "ALICE"
    accounts.save(alice)
    assert [accounts.of_certificate(each) for each in ("aa", "bb", "cc")] == [None, alice, alice]
    accounts.remove(alice, lambda refused: None)
    assert accounts.alike("alice") is accounts.alike("ALICE") is None
    assert store.done == ["put alice", "put ALICE", "drop ALICE"]


def test_one_that_was_removed_is_not_kept_again(accounts: Accounts, store: Store) -> None:
    """Somebody may be changing it just then; whoever waits for that is told."""
    alice = made(accounts, "alice")
    accounts.remove(alice, lambda refused: None)
    told: list[Refused | None] = []
    accounts.save(alice, told.append)
    assert [refused.code for refused in told if refused] == ["no-account"]
    assert store.done == ["put alice", "drop alice"]


def test_those_of_before_are_known_again(accounts: Accounts, store: Store) -> None:
    alice = Account(name="alice", created="", certificates=["aa"])
    accounts.restore([alice])
    assert accounts.find("alice") is accounts.of_certificate("aa") is alice
    assert store.done == []


def test_a_token_is_known_and_its_key_is_all_that_is_kept(accounts: Accounts) -> None:
    """Nobody makes the token of what stands on the disk."""
    alice = made(accounts, "alice")
    token, key = accounts.new_token(alice, "2026-11-21T12:00:00.000Z", "json")
    assert accounts.of_token(token) == (alice, key)
    assert key == key_of(token)
    assert token not in repr(alice)
    assert accounts.of_token("another") is None
    accounts.revoke(alice, [key])
    assert accounts.of_token(token) is None


def test_the_token_that_was_not_used_for_longest_goes_first(accounts: Accounts) -> None:
    alice = made(accounts, "alice")
    tokens = [accounts.new_token(alice, f"2026-11-{day:02}T12:00:00.000Z", "")[0] for day in range(1, TOKENS + 2)]
    assert len(alice.tokens) == TOKENS
    assert accounts.of_token(tokens[0]) is None
    assert all(accounts.of_token(token) for token in tokens[1:])
