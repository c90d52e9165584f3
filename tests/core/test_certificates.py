"""Certificates log people in without a password."""

from __future__ import annotations

import pytest

from lanchat.core.certificates import MOST
from tests.fakes import Chat, Talker
from tests.logins import account, logins

AA, AB, BB = "aa" * 32, "aaaaaaab" * 8, "bb" * 32


@pytest.fixture
def chat() -> Chat:
    chat = Chat()
    chat.hub.logins = logins(chat.hub, plain=True)
    return chat


def logged_in(chat: Chat, name: str = "alice", certificate: str = AA) -> Talker:
    account(chat.hub, name)
    talker = Talker(chat, name)
    talker.session.certificate = certificate
    talker.logs_in()
    talker.enters()
    talker.hears()
    return talker


def test_the_certificate_of_a_connection_becomes_ones_own(chat: Chat) -> None:
    """It is listed, proves the account from then on, and can be taken back; the log has both."""
    log: list[str] = []
    chat.hub.logins.noted = log.append
    alice = logged_in(chat)
    log.clear()
    for line in ("/cert", "/cert add", "/cert"):
        alice.says(line)
    assert alice.hears() == [
        "-- No certificate logs you in. /cert add takes that of this connection.",
        f"-- This certificate logs you in from now on: {AA}",
        f"-- {AA}",
    ]
    assert chat.hub.accounts.of_certificate(AA) is alice.member.account
    alice.says("/cert remove AA:AA:AA:AA")
    assert alice.hears() == [f"-- This certificate does not log you in any more: {AA}"]
    assert chat.hub.accounts.of_certificate(AA) is None
    assert log == [f"alice has another certificate: {AA}", f"alice has a certificate less: {AA}"]


@pytest.mark.parametrize("line", ["/cert", "/cert add", f"/cert remove {AA}"])
def test_guests_have_none(chat: Chat, line: str) -> None:
    (guest,) = chat.talkers("guest")
    guest.session.certificate = AA
    guest.says(line)
    assert guest.hears() == ["-- You are not logged in. /login NICK PASSWORD does that."]


def test_a_connection_without_one_adds_none(chat: Chat) -> None:
    alice = logged_in(chat, certificate="")
    alice.says("/cert add")
    assert alice.hears() == ["-- This connection has none. Connect with TLS and a client certificate first."]


def test_a_certificate_is_one_accounts(chat: Chat) -> None:
    """Else nobody could say who comes with it."""
    alice, bob = logged_in(chat), logged_in(chat, "bob")
    alice.says("/cert add")
    alice.says("/cert add")
    bob.says("/cert add")
    assert alice.hears()[-1] == "-- That certificate is yours already."
    assert bob.hears()[-1] == "-- That certificate is another account's. Make a new one."


def test_ten_are_enough(chat: Chat) -> None:
    alice = logged_in(chat)
    for number in range(MOST + 1):
        alice.session.certificate = f"{number:064x}"
        alice.says("/cert add")
    assert alice.hears()[-1] == "-- You have 10 certificates. /cert remove FINGERPRINT makes room."


@pytest.mark.parametrize("named", ["aaaaaa", "aaaaaaa", "bbbbbbbb", "aaaa"])
def test_what_is_removed_has_to_be_one(chat: Chat, named: str) -> None:
    """A few digits could be any; none of them goes by mistake."""
    alice = logged_in(chat)
    for certificate in (AA, AB):
        alice.session.certificate = certificate
        alice.says("/cert add")
    alice.hears()
    alice.says(f"/cert remove {named}")
    assert alice.hears() == ["-- No certificate of yours begins so (8 digits at least). /cert lists."]


@pytest.mark.parametrize("line", ["/cert remove", "/cert add aa", "/cert show"])
def test_what_is_typed_wrong_is_told(chat: Chat, line: str) -> None:
    alice = logged_in(chat)
    alice.says(line)
    assert alice.hears() == ["-- Type it like this: /cert, /cert add, or /cert remove FINGERPRINT"]
