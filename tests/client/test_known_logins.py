from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from lanchat.client import known_logins
from lanchat.client.known_logins import KnownLogins

KEY = "SHA256:" + "a/b+" * 10 + "abc"
TOKEN = "t-" + "x" * 30


@pytest.fixture
def logins(tmp_path: Path) -> KnownLogins:
    return KnownLogins(tmp_path / "lanchat" / "logins")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_token_is_kept_for_its_user_alone(logins: KnownLogins) -> None:
    assert logins.find(KEY, "alice") == logins.last(KEY) == ""
    logins.remember(KEY, "Alice", TOKEN)
    assert mode(logins.path) == 0o600
    assert mode(logins.path.parent) == 0o700
    assert logins.find(KEY, "alice") == TOKEN
    logins.remember(KEY, "Alice", TOKEN + "2")
    assert (logins.find(KEY, "ALICE"), logins.last(KEY)) == (TOKEN + "2", "Alice")
    assert mode(logins.path) == 0o600
    assert [each.name for each in logins.path.parent.iterdir()] == ["logins"]


def test_it_is_for_one_server_and_one_account(logins: KnownLogins) -> None:
    logins.remember(KEY, "alice", TOKEN)
    logins.remember(KEY, "bob", TOKEN + "b")
    logins.remember("unix:/a b/chat.sock", "alice", TOKEN + "u")
    assert logins.find("SHA256:another", "alice") == ""
    assert logins.find("unix:/a b/chat.sock", "alice") == TOKEN + "u"
    assert logins.last(KEY) == "bob"
    assert logins.forget(KEY, "Bob")
    assert not logins.forget(KEY, "bob")
    assert logins.last(KEY) == "alice"
    assert logins.forget(KEY)
    assert logins.find("unix:/a b/chat.sock", "alice") == TOKEN + "u"


def test_others_cannot_read_it_any_more_once_it_was_read(logins: KnownLogins) -> None:
    logins.remember(KEY, "alice", TOKEN)
    logins.path.chmod(0o644)
    assert logins.find(KEY, "alice") == TOKEN
    assert mode(logins.path) == 0o600


def test_what_others_could_write_is_not_believed(logins: KnownLogins) -> None:
    logins.remember(KEY, "alice", TOKEN)
    logins.path.chmod(0o622)
    assert logins.find(KEY, "alice") == ""
    logins.remember(KEY, "bob", TOKEN)
    assert mode(logins.path) == 0o600
    assert logins.find(KEY, "alice") == ""


def test_nothing_is_read_through_a_link_or_of_what_is_no_file(logins: KnownLogins, tmp_path: Path) -> None:
    logins.path.parent.mkdir()
    (tmp_path / "elsewhere").write_text(f"{KEY} alice {TOKEN}\n")
    logins.path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic"):
        logins.find(KEY, "alice")
    logins.path.unlink()
    os.mkfifo(logins.path, 0o600)
    assert logins.find(KEY, "alice") == ""


@pytest.mark.parametrize(
    "garbage",
    [b"\xff\x00\xfe" * 99, b"a b\n", b"a b c d\n", b"k alice \x1b[31m\n", b"%ZZ %FF short\n", b"x" * 1_000_000],
)
def test_what_is_no_entry_is_passed_over(logins: KnownLogins, garbage: bytes) -> None:
    logins.remember(KEY, "alice", TOKEN)
    logins.path.write_bytes(logins.path.read_bytes() + garbage)
    assert logins.find(KEY, "alice") == TOKEN
    assert logins.find("a", "b") == ""


@pytest.mark.parametrize(
    ("account", "token"), [("alice", "two words of it"), ("alice", "a\nb" * 9), ("alice", "x" * 300), ("", TOKEN)]
)
def test_what_a_server_makes_up_is_not_kept(logins: KnownLogins, account: str, token: str) -> None:
    logins.remember(KEY, account, token)
    assert not logins.path.exists()


def test_an_account_of_a_hostile_name_is_one_entry(logins: KnownLogins) -> None:
    logins.remember(KEY, f"x\n{KEY} alice {TOKEN}", TOKEN)
    assert logins.find(KEY, "alice") == ""
    assert len(logins.path.read_text().splitlines()) == 1


def test_the_oldest_are_dropped(logins: KnownLogins, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_logins, "KEPT", 2)
    for nick in ("ann", "bob", "carol"):
        logins.remember(KEY, nick, TOKEN)
    assert [bool(logins.find(KEY, nick)) for nick in ("ann", "bob", "carol")] == [False, True, True]
